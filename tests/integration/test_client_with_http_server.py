"""Our client role asks servers that are made of the standard library's `http.server`."""

import json
from pathlib import Path
from typing import cast

import pytest

import h11
from tests.integration.h11_client import Client
from tests.integration.payload import BODY, DIGEST, body_in_pieces
from tests.integration.sockets import Address


def test_get_reads_a_body_framed_by_its_length(http_server: Address) -> None:
    """Status line, fields and body of a plain response arrive, and the cycle is complete."""
    with Client(http_server) as client:
        answer = client.ask("GET", "/hello")
        assert (answer.status, answer.response.reason) == (200, b"OK")
        assert answer.response.http_version == b"1.1"
        assert answer.field(b"content-length") == b"5"
        assert answer.body == b"hello"
        assert client.connection.states == {h11.CLIENT: h11.DONE, h11.SERVER: h11.DONE}


@pytest.mark.parametrize("target", ["/hello", "/chunks"])
def test_head_expects_no_body_whatever_the_fields_say(http_server: Address, target: str) -> None:
    """The response to HEAD ends with its head, and the connection carries the next request."""
    with Client(http_server) as client:
        answer = client.ask("HEAD", target)
        assert answer.field(b"content-length") or answer.field(b"transfer-encoding")
        assert answer.pieces == []
        assert client.ask("GET", "/hello").body == b"hello"


@pytest.mark.parametrize(("target", "status"), [("/unchanged", 304), ("/nothing", 204)])
def test_a_status_without_body_expects_none(http_server: Address, target: str, status: int) -> None:
    """A 304 with a Content-Length and a 204 without one end with their heads."""
    with Client(http_server) as client:
        answer = client.ask("GET", target)
        assert (answer.status, answer.body) == (status, b"")
        assert client.ask("GET", "/hello").body == b"hello"


def test_chunked_response_arrives_with_its_chunks_and_trailers(http_server: Address) -> None:
    """Chunks are delimited, an extension is passed over, and trailers come with the end."""
    with Client(http_server) as client:
        answer = client.ask("GET", "/chunks")
        assert answer.body == b"hello, world"
        assert sum(piece.chunk_start for piece in answer.pieces) == 2
        assert sum(piece.chunk_end for piece in answer.pieces) == 2
        assert answer.pieces[0].chunk_start
        assert answer.pieces[-1].chunk_end
        assert list(answer.end.headers) == [(b"digest", b"12")]
        assert client.ask("GET", "/hello").body == b"hello"


def test_interim_response_comes_before_the_final_one(http_server: Address) -> None:
    """A 103 is told apart from the response that follows it."""
    with Client(http_server) as client:
        answer = client.ask("GET", "/early-hints")
        assert [interim.status_code for interim in answer.interim] == [103]
        assert list(answer.interim[0].headers) == [(b"link", b"</style.css>; rel=preload")]
        assert answer.body == b"hinted"


def test_upload_by_length_arrives_whole(http_server: Address) -> None:
    """The server reads exactly the large body that was announced."""
    with Client(http_server) as client:
        headers = [("Content-Length", str(len(BODY)))]
        answer = client.ask("POST", "/", headers, body_in_pieces())
    assert json.loads(answer.body) == {
        "framing": str(len(BODY)),
        "trailers": [],
        "length": len(BODY),
        "sha256": DIGEST,
    }


def test_chunked_upload_arrives_whole_and_with_its_trailers(http_server: Address) -> None:
    """The server decodes the large body and the trailer section with the casing that was given."""
    with Client(http_server) as client:
        headers = [("Transfer-Encoding", "chunked"), ("Trailer", "X-Digest")]
        answer = client.ask("POST", "/", headers, body_in_pieces(), [("X-Digest", DIGEST)])
    assert json.loads(answer.body) == {
        "framing": "chunked",
        "trailers": [f"X-Digest: {DIGEST}"],
        "length": len(BODY),
        "sha256": DIGEST,
    }


def test_large_download_by_length_arrives_whole(http_server: Address) -> None:
    """The large body is the same after it was read in whatever pieces the socket gave."""
    with Client(http_server) as client:
        assert client.ask("GET", "/large").body == BODY


def test_one_connection_carries_a_hundred_requests(http_server: Address) -> None:
    """The server sees one client port in a hundred cycles of GET, HEAD and two kinds of POST."""
    by_length = [("Content-Length", "4")]
    in_chunks = [("Transfer-Encoding", "chunked")]
    with Client(http_server) as client:
        port = str(client.socket.getsockname()[1]).encode()
        for _ in range(25):
            assert client.ask("GET", "/port").body == port
            assert client.ask("HEAD", "/hello").body == b""
            first = client.ask("POST", "/", by_length, [b"data"])
            second = client.ask("POST", "/", in_chunks, [b"da", b"ta"])
            assert json.loads(first.body)["sha256"] == json.loads(second.body)["sha256"]


def test_close_is_heard_after_a_last_request(http_server: Address) -> None:
    """After `Connection: close` both sides must close, and the server does."""
    with Client(http_server) as client:
        client.ask("GET", "/hello", [("Connection", "close")])
        assert client.connection.our_state is h11.MUST_CLOSE
        assert isinstance(client.next_event(), h11.ConnectionClosed)
        client.send(h11.ConnectionClosed())
        assert client.connection.states == {h11.CLIENT: h11.CLOSED, h11.SERVER: h11.CLOSED}


def test_http_1_0_body_ends_with_the_connection(old_http_server: Address) -> None:
    """A large body without a length is whole when the server closes, and nothing can follow it."""
    with Client(old_http_server) as client:
        answer = client.ask("GET", "/")
        assert client.connection.their_http_version == b"1.0"
        assert answer.body == BODY
        assert client.connection.our_state is h11.MUST_CLOSE
        with pytest.raises(h11.LocalProtocolError):
            client.connection.start_next_cycle()


def test_expected_continue_comes_before_the_body_is_sent(http_server: Address) -> None:
    """The client waits for 100, sends the body then, and goes on to a next request."""
    with Client(http_server) as client:
        client.send_head("POST", "/", [("Content-Length", "4"), ("Expect", "100-continue")])
        assert client.connection.client_is_waiting_for_100_continue
        interim = client.next_event()
        assert isinstance(interim, h11.InformationalResponse)
        assert interim.status_code == 100
        assert not client.connection.client_is_waiting_for_100_continue
        client.send(h11.Data(data=b"data"))
        client.send(h11.EndOfMessage())
        assert json.loads(client.read_answer().body)["length"] == 4
        assert client.ask("GET", "/hello").body == b"hello"


def test_refused_expectation_leaves_the_body_unsent(http_server: Address) -> None:
    """A 417 instead of 100 ends the wait, and without its body the connection cannot go on."""
    with Client(http_server) as client:
        headers = [("Content-Length", "4"), ("Expect", "100-continue")]
        client.send_head("POST", "/refused", headers)
        answer = client.read_answer()
        assert answer.status == 417
        assert not client.connection.client_is_waiting_for_100_continue
        assert client.connection.our_state is h11.SEND_BODY
        with pytest.raises(h11.LocalProtocolError):
            client.connection.start_next_cycle()


@pytest.mark.parametrize(
    ("target", "text"),
    [
        ("/short-body", r"peer closed connection.*received 5 bytes, expected 100"),
        ("/short-chunk", r"peer closed connection.*incomplete chunked read"),
    ],
)
def test_server_that_closes_in_mid_body_is_at_fault(
    http_server: Address, target: str, text: str
) -> None:
    """A body that is cut off by the end of the connection is an error, not a shorter body."""
    with Client(http_server) as client:
        with pytest.raises(h11.RemoteProtocolError, match=text):
            client.ask("GET", target)
        assert client.connection.their_state is h11.ERROR


def test_response_head_over_the_limit_is_refused(http_server: Address) -> None:
    """A head of 20 kB is over the default limit, in however many pieces it came."""
    with Client(http_server) as client:
        with pytest.raises(h11.RemoteProtocolError):
            client.ask("GET", "/long-head")
        assert client.connection.their_state is h11.ERROR


class FilePart:
    """A part of a file, of which the library must ask nothing but its length."""

    def __init__(self, count: int) -> None:
        """Stand for `count` bytes."""
        self.count = count

    def __len__(self) -> int:
        """The number of bytes that will go over the wire."""
        return self.count


@pytest.mark.parametrize(
    "field", [("Content-Length", str(len(BODY))), ("Transfer-Encoding", "chunked")]
)
def test_file_is_sent_by_the_operating_system(
    http_server: Address, tmp_path: Path, field: tuple[str, str]
) -> None:
    """Placeholders come back in their places among the bytes, for `socket.sendfile` to fill in."""
    path = tmp_path / "body"
    path.write_bytes(BODY)
    third = len(BODY) // 3
    with Client(http_server) as client, path.open("rb") as file:
        client.send_head("POST", "/", [field])
        for offset, count in ((0, third), (third, len(BODY) - third)):
            part = cast("bytes", FilePart(count))
            for piece in client.connection.send_with_data_passthrough(h11.Data(data=part)) or []:
                if piece is part:
                    client.socket.sendfile(file, offset, count)
                else:
                    client.socket.sendall(piece)
        client.send(h11.EndOfMessage())
        answer = json.loads(client.read_answer().body)
    assert (answer["framing"], answer["sha256"]) == (field[1], DIGEST)
