"""httpx, unmodified, on httpcore and our client role."""

import asyncio
import hashlib
from collections.abc import Iterator

import httpx
import pytest

from tests.integration.identity import importers
from tests.integration.payload import BODY, DIGEST, body_in_pieces
from tests.integration.sockets import TIMEOUT
from tests.interop.programs import Running
from tests.interop.servers import servers
from tests.interop.servers.features import Feature
from tests.interop.servers.site import BROKEN_PIECE, HELLO, NUMBERS


def each_server(feature: Feature) -> servers.Decorator:
    """Return what makes of a test with httpx one for every server that has a feature."""
    return servers.each_server(feature, "client, below httpx")


def url_of(server: Running) -> str:
    """Return where a server is found."""
    return "http://{}:{}".format(*server.address)


@pytest.fixture
def http(server: Running) -> Iterator[httpx.Client]:
    """Httpx for the server that the test is about, seen to run on ours when it has been used."""
    with httpx.Client(base_url=url_of(server), timeout=TIMEOUT, trust_env=False) as client:
        yield client
    assert "httpcore._sync.http11" in importers()


def port_used(http: httpx.Client, method: str, target: str, wish: str = "keep-alive") -> int:
    """Return the port of ours that a good answer has come to."""
    with http.stream(method, target, headers={"Connection": wish}) as response:
        address = response.extensions["network_stream"].get_extra_info("client_addr")
        response.read()
    assert response.is_success
    return int(address[1])


def read_until_error(response: httpx.Response) -> tuple[bytes, httpx.RemoteProtocolError | None]:
    """Return what is delivered of a body, and the error that comes in place of its end."""
    body = bytearray()
    try:
        for piece in response.iter_raw():
            body += piece
    except httpx.RemoteProtocolError as error:
        return bytes(body), error
    return bytes(body), None


@each_server(Feature.FILES)
def test_a_file_arrives(http: httpx.Client) -> None:
    """Status, version and content are those of the file."""
    response = http.get("/hello.txt")
    assert (response.status_code, response.http_version) == (200, "HTTP/1.1")
    assert response.content == HELLO


@each_server(Feature.HEAD)
def test_the_answer_to_head_has_no_body(http: httpx.Client) -> None:
    """A length without a body leaves the connection in step."""
    response = http.head("/large.bin")
    assert (response.headers["content-length"], response.content) == ("10485760", b"")
    assert port_used(http, "HEAD", "/large.bin") == port_used(http, "GET", "/hello.txt")


@each_server(Feature.LARGE)
def test_a_large_file_arrives_whole(http: httpx.Client) -> None:
    """10 MB, read piece by piece, are the same that the server has read from its disk."""
    hashed = hashlib.sha256()
    with http.stream("GET", "/large.bin") as response:
        for piece in response.iter_raw():
            hashed.update(piece)
    assert hashed.hexdigest() == DIGEST


@each_server(Feature.CHUNKS)
def test_chunks_of_a_backend_arrive_whole(http: httpx.Client) -> None:
    """10 MB in chunks are those that were sent."""
    response = http.get("/node/chunked")
    assert response.headers["transfer-encoding"] == "chunked"
    assert hashlib.sha256(response.content).hexdigest() == DIGEST


@each_server(Feature.GZIP)
def test_what_is_compressed_on_the_way_is_unpacked(http: httpx.Client) -> None:
    """Httpx asks for gzip by itself, and gives the file."""
    response = http.get("/numbers.txt")
    assert response.headers["content-encoding"] == "gzip"
    assert response.content == NUMBERS


@each_server(Feature.RANGE)
def test_a_range_is_a_part_of_the_file(http: httpx.Client) -> None:
    """206 has the octets that were asked for."""
    fields = {"Range": "bytes=100000-100099", "Accept-Encoding": "identity"}
    response = http.get("/numbers.txt", headers=fields)
    assert (response.status_code, response.content) == (206, NUMBERS[100_000:100_100])


@each_server(Feature.UNCHANGED)
def test_what_is_unchanged_has_no_body(http: httpx.Client) -> None:
    """304 ends with its head."""
    known = http.get("/numbers.txt", headers={"Accept-Encoding": "identity"}).headers["etag"]
    fields = {"If-None-Match": known, "Accept-Encoding": "identity"}
    response = http.get("/numbers.txt", headers=fields)
    assert (response.status_code, response.content) == (304, b"")


@each_server(Feature.UPLOAD)
def test_large_uploads_reach_a_program(http: httpx.Client) -> None:
    """10 MB by their length and in chunks are hashed by Node to what they are here."""
    for content in (BODY, body_in_pieces()):
        seen = http.post("/node/digest", content=content).json()
        assert (seen["length"], seen["sha256"]) == (len(BODY), DIGEST)


@each_server(Feature.KEEP_ALIVE)
def test_one_connection_carries_a_hundred_requests(http: httpx.Client) -> None:
    """The pool finds the connection fit for use after each answer."""
    targets = ["/hello.txt", "/node/nothing", "/node/few-chunks", "/hello.txt"]
    ports = {port_used(http, "GET", target) for target in 25 * targets}
    assert len(ports) == 1


@each_server(Feature.CLOSE)
def test_a_wish_to_close_is_fulfilled(http: httpx.Client) -> None:
    """The pool takes another connection for the next request."""
    ports = {port_used(http, "GET", "/hello.txt", "close") for _ in range(3)}
    assert len(ports) == 3


@each_server(Feature.HINTS)
def test_hints_are_passed_over(http: httpx.Client) -> None:
    """102 and 103 are not mistaken for the answer."""
    response = http.get("/node/hinted")
    assert (response.status_code, response.content) == (200, HELLO)


@each_server(Feature.REDIRECT)
def test_a_redirect_is_followed(http: httpx.Client) -> None:
    """Whatever it has for a body, the file is what follows."""
    response = http.get("/moved", follow_redirects=True)
    assert [redirect.status_code // 100 for redirect in response.history] == [3]
    assert response.content == HELLO


@each_server(Feature.DEAD)
def test_a_server_without_its_backend_answers_itself(http: httpx.Client) -> None:
    """502, 503 or 504 is an answer, and no error of the protocol."""
    assert http.get("/dead").status_code in {502, 503, 504}


@each_server(Feature.BROKEN)
def test_a_body_that_breaks_off_is_an_error(http: httpx.Client) -> None:
    """What has come is delivered, the error follows, and the pool goes on."""
    with http.stream("GET", "/node/broken-chunks") as response:
        body, error = read_until_error(response)
    assert body == BROKEN_PIECE
    assert "incomplete chunked read" in str(error)
    assert http.get("/hello.txt").content == HELLO


@each_server(Feature.UPLOAD)
def test_many_connections_at_once_do_not_mix(server: Running) -> None:
    """Eight uploads at the same time, with the asynchronous client, keep their hashes."""
    bodies = [bytes([number]) * 300_000 for number in range(8)]

    async def upload_all() -> list[str]:
        """Return what Node found for each."""
        async with httpx.AsyncClient(
            base_url=url_of(server), timeout=TIMEOUT, trust_env=False
        ) as client:
            posts = [client.post("/node/digest", content=body) for body in bodies]
            return [response.json()["sha256"] for response in await asyncio.gather(*posts)]

    hashes = asyncio.run(upload_all())
    assert "httpcore._async.http11" in importers()
    assert hashes == [hashlib.sha256(body).hexdigest() for body in bodies]
