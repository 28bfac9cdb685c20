"""Clients that write single octets as they please ask our server role."""

import hashlib
import json
import socket
from collections.abc import Callable

import pytest

import h11
from tests.integration.h11_server import Server
from tests.integration.sockets import (
    Address,
    connect,
    has_delivered,
    read_to_end,
    read_until,
    reset,
)

HELLO = b"GET /hello HTTP/1.1\r\nHost: a.test\r\n\r\n"
HELLO_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"


def digest_answer(body: bytes, framing: str, trailers: list[list[str]]) -> bytes:
    """Return the octets of the answer to an upload of `body` to /digest."""
    content = json.dumps(
        {
            "framing": framing,
            "trailers": trailers,
            "length": len(body),
            "sha256": hashlib.sha256(body).hexdigest(),
        }
    ).encode()
    return b"HTTP/1.1 200 \r\nContent-Length: %d\r\n\r\n%b" % (len(content), content)


def test_pipelined_requests_are_answered_in_order(address: Address) -> None:
    """Four requests in one packet, with bodies among them, get their answers one after another."""
    with connect(address) as client:
        client.sendall(
            HELLO
            + b"POST /digest HTTP/1.1\r\nHost: a.test\r\nContent-Length: 4\r\n\r\ndata"
            + b"POST /digest HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n"
            + b"5;ext=1\r\nhello\r\n0\r\nX-Last: yes\r\n\r\n"
            + HELLO.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
        )
        assert read_to_end(client) == (
            HELLO_ANSWER
            + digest_answer(b"data", "4", [])
            + digest_answer(b"hello", "chunked", [["x-last", "yes"]])
            + HELLO_ANSWER.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
        )


def test_many_pipelined_requests_are_all_answered(address: Address) -> None:
    """A thousand requests, written before the first answer is read, get a thousand answers."""
    with connect(address) as client:
        client.sendall(HELLO * 1000)
        client.shutdown(socket.SHUT_WR)
        assert read_to_end(client) == HELLO_ANSWER * 1000


def test_request_may_come_octet_by_octet(address: Address, server: Server) -> None:
    """A head and a chunk in packets of one octet are read as if they came in one piece."""
    with connect(address) as client:
        request = (
            b"POST /digest HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n"
            b"5\r\nhello\r\n0\r\nX-Last: yes\r\n\r\n"
        )
        for octet in request:
            client.sendall(bytes([octet]))
        expected = digest_answer(b"hello", "chunked", [["x-last", "yes"]])
        assert read_until(client, b"}") == expected
    pieces = [event for event in server.next_report().events if isinstance(event, h11.Data)]
    assert b"".join(piece.data for piece in pieces) == b"hello"
    assert [piece for piece in pieces if piece.chunk_start] == pieces[:1]
    assert [piece for piece in pieces if piece.chunk_end] == pieces[-1:]


def test_client_that_closes_its_side_after_the_request_is_answered(
    address: Address, server: Server
) -> None:
    """A half-closed connection still carries the response, and then it ends."""
    with connect(address) as client:
        client.sendall(HELLO)
        client.shutdown(socket.SHUT_WR)
        assert read_to_end(client) == HELLO_ANSWER
    report = server.next_report()
    assert report.error is None
    assert (report.client_state, report.server_state) == (h11.CLOSED, h11.MUST_CLOSE)


def test_client_that_closes_its_side_before_the_answer_is_begun_is_answered(
    address: Address, server: Server
) -> None:
    """A server that has seen the client close can still send the whole response."""
    with connect(address) as client:
        client.sendall(b"GET /after-close HTTP/1.1\r\nHost: a.test\r\n\r\n")
        client.shutdown(socket.SHUT_WR)
        assert read_to_end(client).endswith(b"\r\n\r\nat last")
    report = server.next_report()
    assert (report.client_state, report.server_state) == (h11.CLOSED, h11.MUST_CLOSE)


@pytest.mark.parametrize("http_1_0_field", [b"", b"Connection: keep-alive\r\n"])
def test_http_1_0_client_gets_a_body_that_ends_with_the_connection(
    address: Address, http_1_0_field: bytes
) -> None:
    """To HTTP/1.0 there are no chunks, and the connection ends whatever the client asks."""
    with connect(address) as client:
        client.sendall(b"GET /parts HTTP/1.0\r\n" + http_1_0_field + b"\r\n")
        assert read_to_end(client) == (b"HTTP/1.1 200 \r\nConnection: close\r\n\r\none, two, three")


def test_http_1_1_client_gets_chunks_and_trailers(address: Address) -> None:
    """To HTTP/1.1 the same body goes out in chunks, octet for octet as written here."""
    with connect(address) as client:
        client.sendall(b"GET /parts HTTP/1.1\r\nHost: a.test\r\n\r\n")
        assert read_until(client, b"Parts: 3\r\n\r\n") == (
            b"HTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\n\r\n"
            b"5\r\none, \r\n5\r\ntwo, \r\n5\r\nthree\r\n0\r\nParts: 3\r\n\r\n"
        )


def test_expectation_is_answered_before_the_body_is_read(address: Address) -> None:
    """100 comes when the server wants the body, and once only."""
    with connect(address) as client:
        client.sendall(
            b"POST /digest HTTP/1.1\r\nHost: a.test\r\n"
            b"Content-Length: 4\r\nExpect: 100-continue\r\n\r\n"
        )
        assert read_until(client, b"\r\n\r\n") == b"HTTP/1.1 100 \r\n\r\n"
        client.sendall(b"data")
        assert read_until(client, b"}") == digest_answer(b"data", "4", [])


def test_expectation_is_refused_without_a_continue(address: Address, server: Server) -> None:
    """A final response instead of 100 closes the connection, since the body was never sent."""
    with connect(address) as client:
        client.sendall(
            b"POST /refused HTTP/1.1\r\nHost: a.test\r\n"
            b"Content-Length: 4\r\nExpect: 100-continue\r\n\r\n"
        )
        assert read_to_end(client) == (
            b"HTTP/1.1 403 \r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        )
    assert server.next_report().client_state is h11.SEND_BODY


CHUNKED_POST = b"POST /digest HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n"

MALFORMED = {
    "no request line": (b"nonsense\r\n\r\n", 400),
    "no version": (b"GET /\r\nHost: a.test\r\n\r\n", 400),
    "no host": (b"GET / HTTP/1.1\r\n\r\n", 400),
    "two hosts": (b"GET / HTTP/1.1\r\nHost: a.test\r\nHost: b.test\r\n\r\n", 400),
    "space before the colon": (b"GET / HTTP/1.1\r\nHost : a.test\r\n\r\n", 400),
    "NUL in a field value": (b"GET / HTTP/1.1\r\nHost: a.test\r\nX: \x00\r\n\r\n", 400),
    "two lengths": (
        b"POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        400,
    ),
    "a length that is no number": (
        b"POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: many\r\n\r\n",
        400,
    ),
    "an unknown transfer coding": (
        b"POST / HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
        501,
    ),
    "a last transfer coding that is not chunked": (
        b"POST / HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: gzip\r\n\r\n",
        400,
    ),
    "a body that is framed twice": (
        CHUNKED_POST[:-2] + b"Content-Length: 5\r\n\r\n0\r\n\r\n",
        400,
    ),
    "chunks in HTTP/1.0": (
        CHUNKED_POST.replace(b"1.1", b"1.0") + b"0\r\n\r\n",
        400,
    ),
    "bare line feeds": (b"GET / HTTP/1.1\nHost: a.test\n\n", 400),
    "a folded field line": (b"GET / HTTP/1.1\r\nHost: a.test\r\nX: a\r\n b\r\n\r\n", 400),
    "a host that is none": (b"GET / HTTP/1.1\r\nHost: a.test/b\r\n\r\n", 400),
    "a target that is none": (b"GET a.test HTTP/1.1\r\nHost: a.test\r\n\r\n", 400),
    "another version": (b"GET / HTTP/2.0\r\nHost: a.test\r\n\r\n", 505),
    "a request line over the limit": (
        b"GET /" + b"x" * 20_000 + b" HTTP/1.1\r\nHost: a.test\r\n\r\n",
        414,
    ),
    "too many fields": (
        b"GET / HTTP/1.1\r\nHost: a.test\r\n" + b"X:\r\n" * 256 + b"\r\n",
        431,
    ),
    "a head over the limit": (
        b"GET / HTTP/1.1\r\nHost: a.test\r\nX: " + b"x" * 20_000 + b"\r\n\r\n",
        431,
    ),
    "a chunk size that is no number": (
        CHUNKED_POST + b"x\r\n",
        400,
    ),
    "a trailer that comes too late": (
        CHUNKED_POST + b"0\r\nHost: a.test\r\n\r\n",
        400,
    ),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_malformed_request_is_answered_with_its_status(
    address: Address, server: Server, name: str
) -> None:
    """What cannot be understood gets an answer that says so, and the connection ends."""
    request, status = MALFORMED[name]
    with connect(address) as client:
        client.sendall(request)
        assert read_to_end(client) == (
            b"HTTP/1.1 %d \r\nContent-Length: 0\r\nConnection: close\r\n\r\n" % status
        )
    report = server.next_report()
    assert report.error is not None
    assert report.error.error_status_hint == status
    assert report.client_state is h11.ERROR


def test_malformed_request_behind_a_good_one_leaves_the_good_one_answered(
    address: Address,
) -> None:
    """Of two pipelined requests the first gets its answer before the second gets a 400."""
    with connect(address) as client:
        client.sendall(HELLO + b"nonsense\r\n\r\n")
        assert read_to_end(client) == (
            HELLO_ANSWER + b"HTTP/1.1 400 \r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        )


DYING = {
    "in a body by length": (
        b"POST /digest HTTP/1.1\r\nHost: a.test\r\nContent-Length: 100\r\n\r\nhello",
        "received 5 bytes, expected 100",
    ),
    "in a chunk": (
        b"POST /digest HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n64\r\nhello",
        "incomplete chunked read",
    ),
    "in a head": (b"GET /hello HTTP/1.1\r\nHost: a.te", ""),
}


@pytest.mark.parametrize("name", DYING)
@pytest.mark.parametrize("end", [socket.socket.close, reset])
def test_client_that_dies_is_at_fault_and_the_server_goes_on(
    address: Address, server: Server, name: str, end: Callable[[socket.socket], None]
) -> None:
    """A message that is cut off is an error of the client, and the next client is served."""
    request, text = DYING[name]
    client = connect(address)
    client.sendall(request)
    end(client)
    report = server.next_report()
    assert text in str(report.error)
    assert report.client_state is h11.ERROR
    assert not any(isinstance(event, h11.EndOfMessage) for event in report.events)
    with connect(address) as other:
        other.sendall(HELLO)
        assert read_until(other, b"hello") == HELLO_ANSWER


def test_client_that_says_nothing_closes_cleanly(address: Address, server: Server) -> None:
    """A connection without a request ends without an error, and without an answer."""
    with connect(address) as client:
        client.shutdown(socket.SHUT_WR)
        assert read_to_end(client) == b""
    report = server.next_report()
    assert report.events == [h11.ConnectionClosed()]
    assert report.error is None


def test_client_that_waits_is_told_nothing_before_its_request_ends(address: Address) -> None:
    """An unfinished request gets no answer until its last octet has come."""
    with connect(address) as waiting, connect(address) as other:
        waiting.sendall(HELLO[:-1])
        other.sendall(HELLO)
        assert read_until(other, b"hello") == HELLO_ANSWER
        assert not has_delivered(waiting)
        waiting.sendall(HELLO[-1:])
        assert read_until(waiting, b"hello") == HELLO_ANSWER
