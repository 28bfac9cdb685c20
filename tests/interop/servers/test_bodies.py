"""Heads, and bodies in every framing: a length, chunks, none, and the connection's end."""

import hashlib
import zlib

import h11
from tests.integration.h11_client import Client
from tests.integration.payload import DIGEST
from tests.interop.servers.conversations import send_as
from tests.interop.servers.features import Feature
from tests.interop.servers.servers import each_server
from tests.interop.servers.site import HELLO, NUMBERS

PLAIN_GZIP = 16 + zlib.MAX_WBITS


@each_server(Feature.FILES)
def test_a_file_arrives_under_its_length(client: Client) -> None:
    """Status, length and content are those of the file, and the cycle is complete."""
    answer = client.ask("GET", "/hello.txt")
    assert (answer.status, answer.response.http_version) == (200, b"1.1")
    assert answer.field(b"content-length") == b"5"
    assert answer.body == HELLO
    assert client.connection.states == {h11.CLIENT: h11.DONE, h11.SERVER: h11.DONE}


@each_server(Feature.FIELDS)
def test_fields_arrive_one_by_one_with_all_of_their_octets(client: Client) -> None:
    """Cookies are not joined, and a value in Latin-1 is left as it is."""
    answer = client.ask("GET", "/node/fields")
    fields = list(answer.response.headers)
    assert [value for name, value in fields if name == b"set-cookie"] == [b"first=1", b"second=2"]
    assert answer.field(b"x-name") == b"Gr\xfc\xdfe"
    assert answer.body == HELLO


@each_server(Feature.LARGE)
def test_a_large_file_arrives_whole(client: Client) -> None:
    """10 MB under their length are the same that the server has read from its disk."""
    answer = client.ask("GET", "/large.bin")
    assert answer.field(b"content-length") == b"10485760"
    assert hashlib.sha256(answer.body).hexdigest() == DIGEST


@each_server(Feature.HEAD)
def test_the_answer_to_head_has_the_fields_of_the_file_only(client: Client) -> None:
    """A length without a body leaves the connection in step."""
    answer = client.ask("HEAD", "/large.bin")
    assert (answer.status, answer.field(b"content-length")) == (200, b"10485760")
    assert answer.pieces == []
    assert client.ask("GET", "/hello.txt").body == HELLO


@each_server(Feature.CHUNKS)
def test_chunks_of_a_backend_arrive_whole(client: Client) -> None:
    """10 MB in chunks are those that were sent, with the last chunk told apart from an end."""
    answer = client.ask("GET", "/node/chunked")
    assert answer.field(b"transfer-encoding") == b"chunked"
    assert hashlib.sha256(answer.body).hexdigest() == DIGEST
    starts = sum(piece.chunk_start for piece in answer.pieces)
    assert starts == sum(piece.chunk_end for piece in answer.pieces) > 1
    assert client.ask("GET", "/hello.txt").body == HELLO


@each_server(Feature.GZIP)
def test_what_is_compressed_on_the_way_comes_in_chunks(client: Client) -> None:
    """A length that nobody knows beforehand, and a content that unpacks to the file."""
    answer = client.ask("GET", "/numbers.txt", [("Accept-Encoding", "gzip")])
    assert answer.field(b"content-encoding") == b"gzip"
    assert answer.field(b"transfer-encoding") == b"chunked"
    assert answer.field(b"content-length") is None
    assert zlib.decompress(answer.body, PLAIN_GZIP) == NUMBERS
    assert client.ask("GET", "/hello.txt").body == HELLO


@each_server(Feature.TO_THE_END)
def test_a_body_may_end_with_the_connection(client: Client) -> None:
    """To a request of HTTP/1.0, what has no length is sent until there is no more."""
    send_as(client, b"HTTP/1.0", "/node/chunked")
    answer = client.read_answer()
    assert answer.field(b"content-length") is answer.field(b"transfer-encoding") is None
    assert hashlib.sha256(answer.body).hexdigest() == DIGEST
    assert client.next_event() == h11.ConnectionClosed()


@each_server(Feature.OLD)
def test_a_response_of_http_1_0_is_the_last_of_its_connection(client: Client) -> None:
    """The version that the server claims is known, and the next request needs a new connection."""
    send_as(client, b"HTTP/1.0", "/old/hello.txt")
    answer = client.read_answer()
    assert (answer.status, answer.response.http_version) == (200, b"1.0")
    assert client.connection.their_http_version == b"1.0"
    assert answer.body == HELLO
    assert client.connection.our_state is h11.MUST_CLOSE


@each_server(Feature.NO_CONTENT)
def test_no_content_is_no_body(client: Client) -> None:
    """A 204 ends with its head, and the connection carries the next request."""
    answer = client.ask("GET", "/node/nothing")
    assert (answer.status, answer.pieces) == (204, [])
    assert client.ask("GET", "/hello.txt").body == HELLO


@each_server(Feature.TRAILERS)
def test_trailers_come_with_the_end(client: Client) -> None:
    """The trailer section that follows the last chunk comes with the end of the message."""
    answer = client.ask("GET", "/node/trailers", [("TE", "trailers"), ("Connection", "TE")])
    assert answer.body == HELLO
    assert list(answer.end.headers) == [(b"x-checked", b"yes")]
    assert client.ask("GET", "/hello.txt").body == HELLO
