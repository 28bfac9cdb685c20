"""Tests of the proxy in front of nginx, Node and uvicorn: what these servers do in their own ways.

In: requests of our client role to the proxy. Out: the answers of the server behind it.
"""

import hashlib
import json
import random
import socket
import time
from collections.abc import Callable, Iterator

import pytest
from wsproto.events import BytesMessage, CloseConnection, Ping, Pong, TextMessage

from tests.integration.h11_client import Client
from tests.integration.payload import BODY, DIGEST, body_in_pieces
from tests.integration.sockets import Address, connect, read_to_end
from tests.integration.websocket_client import WebSocket
from tests.interop.clients.bodies import Digest, digest
from tests.interop.clients.servers import Served
from tests.interop.programs import Running
from tests.interop.proxy.proxies import each_upstream, proxy_running
from tests.interop.servers.site import BROKEN_PIECE, HELLO
from tests.interop.servers.world import World

LENGTH = ("Content-Length", str(len(BODY)))
CHUNKED = ("Transfer-Encoding", "chunked")

each_framing = pytest.mark.parametrize(
    "framing", [pytest.param(LENGTH, id="length"), pytest.param(CHUNKED, id="chunks")]
)


@pytest.fixture
def address(upstream: str, proxy_of: Callable[[str], Address], reverse: Served) -> Address:
    """The address of the proxy in front of the server that the test is about."""
    return reverse.running.address if upstream == "uvicorn" else proxy_of(upstream)


@pytest.fixture
def client(address: Address) -> Iterator[Client]:
    """A connection of ours to the proxy."""
    with Client(address) as connected:
        yield connected


def upload_target(upstream: str, run: str) -> str:
    """Return where a server takes 10 MB."""
    targets = {"nginx": f"/uploads/{run}", "node": "/node/digest"}
    return targets.get(upstream, f"/upload?id={run}")


def changing_speeds(octets: bytes) -> Iterator[bytes]:
    """Yield pieces at once for a while, then with pauses, then drop by drop, and again."""
    dice = random.Random(9112)
    at = 0
    while at < len(octets):
        pause = dice.choice([0.0, 0.0, 0.01, 0.05, 0.2])
        size = dice.choice([1, 1000, 65_536] if pause else [300_000, 700_000])
        for _ in range(dice.randint(1, 4)):
            if piece := octets[at : at + size]:
                yield piece
            at += size
            time.sleep(pause)


@pytest.mark.feature("10 MB up at changing speeds")
@each_upstream("nginx", "node", "uvicorn")
@each_framing
def test_upload_at_changing_speeds(
    client: Client, upstream: str, run: str, framing: tuple[str, str], reverse: Served
) -> None:
    """10 MB arrive whole, and the connection serves on."""
    method = "PUT" if upstream == "nginx" else "POST"
    target = upload_target(upstream, run)
    answer = client.ask(method, target, [framing], changing_speeds(BODY))
    if upstream == "nginx":
        assert answer.status == 201
        assert client.ask("GET", target).body == BODY
    elif upstream == "node":
        told = json.loads(answer.body)
        assert (told["length"], told["sha256"]) == (len(BODY), DIGEST)
    else:
        assert Digest(*json.loads(answer.body)) == digest(BODY)
        assert [request.digest for request in reverse.received(run)] == [digest(BODY)]


@pytest.mark.feature("10 MB down at changing speeds")
@each_upstream("nginx", "node")
def test_download_at_changing_speeds(address: Address) -> None:
    """A client that reads in fits and starts gets all of it."""
    with connect(address) as connected:
        connected.sendall(b"GET /large.bin HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        dice = random.Random(9110)
        received = bytearray()
        while piece := connected.recv(dice.choice([1, 1000, 65_536, 1_000_000])):
            received += piece
            if dice.random() < 0.05:
                time.sleep(0.02)
    _, _, body = bytes(received).partition(b"\r\n\r\n")
    assert hashlib.sha256(body).hexdigest() == DIGEST


@pytest.mark.feature("keep-alive")
@each_upstream("nginx", "node", "uvicorn")
def test_many_requests_on_one_connection(client: Client, upstream: str) -> None:
    """In turn, with answers of all kinds."""
    path = "/download?size=5" if upstream == "uvicorn" else "/hello.txt"
    for _ in range(30):
        assert client.ask("GET", path).status == 200
        head = client.ask("HEAD", path)
        assert (head.status, head.body) == (200, b"")
        assert client.ask("GET", "/not/here").status == 404


@pytest.mark.feature("chunks and trailers")
@each_upstream("node")
def test_chunks_and_trailers(client: Client) -> None:
    """Both ways; trailers of the response come to whoever wants them."""
    assert client.ask("GET", "/node/chunked").body == BODY
    wanting = [("TE", "trailers"), ("Connection", "TE")]
    answer = client.ask("GET", "/node/trailers", wanting)
    assert (answer.body, list(answer.end.headers)) == (HELLO, [(b"x-checked", b"yes")])
    answer = client.ask("GET", "/node/trailers")
    assert (answer.body, list(answer.end.headers)) == (HELLO, [])
    fields = [CHUNKED, ("Trailer", "X-Digest")]
    answer = client.ask("POST", "/node/digest", fields, body_in_pieces(), [("X-Digest", DIGEST)])
    assert json.loads(answer.body)["trailers"] == {"x-digest": DIGEST}


@pytest.mark.feature("trailers")
@each_upstream("nginx")
def test_trailers_of_nginx(client: Client) -> None:
    """They are its own."""
    wanting = [("TE", "trailers"), ("Connection", "TE")]
    answer = client.ask("GET", "/node/trailers", wanting)
    assert (answer.body, list(answer.end.headers)) == (HELLO, [(b"x-checked", b"yes")])


@pytest.mark.feature("bodies that end with the connection")
@each_upstream("nginx", "node")
def test_body_that_ends_with_the_connection(client: Client) -> None:
    """It comes in chunks, and the next request can follow."""
    answer = client.ask("GET", "/node/unframed")
    assert answer.body == BODY
    assert client.ask("GET", "/hello.txt").body == HELLO


@pytest.mark.feature("103")
@each_upstream("node")
def test_hints_come_first(client: Client) -> None:
    """102 and 103, as Node sends them."""
    answer = client.ask("GET", "/node/hinted")
    assert [interim.status_code for interim in answer.interim] == [102, 103]
    assert answer.interim[1].headers.get(b"link") == b"</style.css>; rel=preload"
    assert answer.body == HELLO


@pytest.mark.feature("100-continue")
@each_upstream("nginx", "node", "uvicorn")
@each_framing
def test_leave_to_go_on_comes_from_the_server(
    client: Client, upstream: str, run: str, framing: tuple[str, str]
) -> None:
    """100 comes before the body."""
    method = "PUT" if upstream == "nginx" else "POST"
    expecting = [framing, ("Expect", "100-continue")]
    answer = client.ask(method, upload_target(upstream, run), expecting, body_in_pieces())
    assert answer.status in {200, 201}
    # nginx gives no leave where the body is in chunks, of which it says so nowhere.
    if not (upstream == "nginx" and framing is CHUNKED):
        assert [interim.status_code for interim in answer.interim] == [100]


@pytest.mark.feature("an early response")
@each_upstream("nginx", "uvicorn")
@each_framing
def test_refusal_of_an_upload_that_is_under_way(
    address: Address, upstream: str, run: str, framing: tuple[str, str]
) -> None:
    """413 or 403 arrives whole at a client that sends all of it before it reads."""
    target = f"/refuse?id={run}" if upstream == "uvicorn" else f"/small-uploads/{run}"
    head = "PUT {} HTTP/1.1\r\nHost: a\r\n{}: {}\r\n\r\n".format(target, *framing).encode()
    with connect(address) as connected:
        connected.sendall(head)
        try:
            for piece in body_in_pieces():
                octets = b"%x\r\n%b\r\n" % (len(piece), piece) if framing is CHUNKED else piece
                connected.sendall(octets)
            if framing is CHUNKED:
                connected.sendall(b"0\r\n\r\n")
            connected.shutdown(socket.SHUT_WR)
        except ConnectionError:
            pytest.fail("the proxy does not wait until the client has read")
        assert read_to_end(connected).startswith((b"HTTP/1.1 413 ", b"HTTP/1.1 403 "))


@pytest.mark.feature("a server that breaks off")
@each_upstream("node")
@pytest.mark.parametrize("target", ["/node/broken-length", "/node/broken-chunks"])
def test_server_that_breaks_off_in_a_body(client: Client, address: Address, target: str) -> None:
    """Its part arrives or not, and never looks whole; the next client is served."""
    with connect(address) as connected:
        connected.sendall(f"GET {target} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
        received = b""
        try:
            while piece := connected.recv(65536):
                received += piece
        except ConnectionResetError:
            assert len(received) < len(BROKEN_PIECE) + 1000
        else:
            pytest.fail("an orderly end")
    assert client.ask("GET", "/hello.txt").body == HELLO


@pytest.mark.feature("101")
@each_upstream("uvicorn")
@pytest.mark.parametrize("kind", ["reverse", "tunnel"])
def test_web_socket_echoes(address: Address, forward: Running, recorder: Served, kind: str) -> None:
    """Messages of all sizes come back, in front of the server or through a tunnel to it."""
    with WebSocket(address if kind == "reverse" else forward.address) as client:
        if kind == "tunnel":
            authority = "{}:{}".format(*recorder.running.address).encode()
            client.socket.sendall(b"CONNECT %b HTTP/1.1\r\nHost: %b\r\n\r\n" % ((authority,) * 2))
            assert client.socket.recv(65536).startswith(b"HTTP/1.1 200 ")
        client.open("/talk")
        client.next_event()
        for size in (0, 1, 126, 65_536, 1_000_000):
            client.send(BytesMessage(data=BODY[:size]))
            assert client.next_message() == BODY[:size] or not size
            client.send(TextMessage(data="ü" * size))
            assert client.next_message() == "ü" * size or not size
        client.send(Ping(payload=b"there?"))
        assert client.next_event() == Pong(payload=b"there?")
        client.send(CloseConnection(code=1000))
        assert isinstance(client.next_event(), CloseConnection)


@pytest.mark.feature("killed in mid-body")
@each_upstream("node")
def test_server_is_killed_in_mid_body(world: World, upstream: str) -> None:
    """The response breaks off, and the next request is answered with 502."""
    with world.another(upstream) as server, proxy_running(server.address) as proxy:
        with connect(proxy.address) as connected:
            connected.sendall(b"GET /node/endless HTTP/1.1\r\nHost: a\r\n\r\n")
            connected.recv(1000)
            server.kill()
            with pytest.raises(ConnectionResetError):
                read_to_end(connected)
        with Client(proxy.address) as client:
            answer = client.ask("GET", "/hello.txt")
        assert (answer.status, answer.body[:12]) == (502, b"The upstream")
