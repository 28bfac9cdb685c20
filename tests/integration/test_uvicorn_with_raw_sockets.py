"""Clients that write single octets as they please ask uvicorn on our package."""

import socket

import pytest

from tests.integration.payload import BODY
from tests.integration.sockets import (
    Address,
    connect,
    has_delivered,
    read_to_end,
    read_until,
    reset,
)

HELLO = b"GET /hello HTTP/1.1\r\nHost: a.test\r\n\r\n"
HELLO_ANSWER = b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello"


def ask(address: Address, target: bytes, ending: bytes) -> bytes:
    """Return the answer to a GET on a connection of its own, which ends with `ending`."""
    with connect(address) as client:
        client.sendall(b"GET %b HTTP/1.1\r\nHost: a.test\r\n\r\n" % target)
        return read_until(client, ending)


def test_pipelined_requests_are_answered_in_order(uvicorn_address: Address) -> None:
    """Three requests in one packet, the second with a body, get their answers one after another."""
    with connect(uvicorn_address) as client:
        client.sendall(
            HELLO
            + b"POST /digest HTTP/1.1\r\nHost: a.test\r\nContent-Length: 4\r\n\r\ndata"
            + HELLO.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
        )
        received = read_to_end(client)
    assert received.startswith(HELLO_ANSWER + b"HTTP/1.1 200 OK\r\n")
    assert b'{"framing": "4", "length": 4, ' in received
    assert received.endswith(
        b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\nConnection: close\r\n\r\nhello"
    )


def test_many_pipelined_requests_are_all_answered(uvicorn_address: Address) -> None:
    """Two hundred requests in one packet get two hundred answers."""
    with connect(uvicorn_address) as client:
        client.sendall(HELLO * 200)
        received = b""
        while len(received) < len(HELLO_ANSWER) * 200:
            received += read_until(client, b"hello")
    assert received == HELLO_ANSWER * 200


def test_continue_comes_only_when_the_application_reads(uvicorn_address: Address) -> None:
    """There is no 100 while the application has the request and has not asked for its body."""
    with connect(uvicorn_address) as client:
        client.sendall(
            b"POST /gated?continue HTTP/1.1\r\nHost: a.test\r\n"
            b"Content-Length: 4\r\nExpect: 100-continue\r\n\r\n"
        )
        ask(uvicorn_address, b"/gated/entered?continue", b"entered")
        assert not has_delivered(client)
        ask(uvicorn_address, b"/gated/opened?continue", b"opened")
        assert read_until(client, b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.sendall(b"data")
        assert read_until(client, b"\r\n\r\n4").startswith(b"HTTP/1.1 200 OK\r\n")


def test_continue_never_comes_when_the_application_answers_without_the_body(
    uvicorn_address: Address,
) -> None:
    """A final response instead of 100 ends the exchange."""
    with connect(uvicorn_address) as client:
        client.sendall(
            b"POST /refused HTTP/1.1\r\nHost: a.test\r\n"
            b"Content-Length: 4\r\nExpect: 100-continue\r\n\r\n"
        )
        assert read_until(client, b"no").startswith(b"HTTP/1.1 403 Forbidden\r\n")


@pytest.mark.parametrize("end", ["closed", "reset"])
@pytest.mark.parametrize("framing", ["length", "chunks"])
def test_client_that_closes_half_way_of_an_upload_leaves_the_server_unharmed(
    uvicorn_address: Address, end: str, framing: str
) -> None:
    """The application learns that the client is gone, and the next client is served."""
    gate = f"{end}-{framing}".encode()
    field, size_line = {
        "length": (b"Content-Length: %d" % len(BODY), b""),
        "chunks": (b"Transfer-Encoding: chunked", b"%x\r\n" % len(BODY)),
    }[framing]
    client = connect(uvicorn_address)
    client.sendall(b"POST /gated?%b HTTP/1.1\r\nHost: a.test\r\n%b\r\n\r\n" % (gate, field))
    client.sendall(size_line + BODY[:5000])
    ask(uvicorn_address, b"/gated/entered?" + gate, b"entered")
    ask(uvicorn_address, b"/gated/opened?" + gate, b"opened")
    if end == "closed":
        client.close()
    else:
        reset(client)
    ask(uvicorn_address, b"/gated/left?" + gate, b"\r\n\r\n5000")
    assert ask(uvicorn_address, b"/hello", b"hello") == HELLO_ANSWER


@pytest.mark.parametrize(
    "request_head",
    [
        b"nonsense\r\n\r\n",
        b"GET /hello HTTP/1.1\r\n\r\n",
        b"GET /hello HTTP/1.1\r\nHost: a.test\r\nX: " + b"x" * 20_000,
        HELLO[:-2] + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        HELLO.replace(b"\r\n", b"\n"),
        HELLO[:-2] + b"X : y\r\n\r\n",
    ],
    ids=["no head", "no host", "too large", "framed twice", "bare line feeds", "blank in a name"],
)
def test_malformed_request_is_answered_with_400(
    uvicorn_address: Address, request_head: bytes
) -> None:
    """What the library refuses, uvicorn answers with 400, and then it closes."""
    with connect(uvicorn_address) as client:
        client.sendall(request_head)
        received = read_to_end(client)
    assert received.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert received.endswith(b"\r\n\r\nInvalid HTTP request received.")


def test_http_1_0_client_gets_no_chunks(uvicorn_address: Address) -> None:
    """To HTTP/1.0 a body without a length ends with the connection."""
    with connect(uvicorn_address) as client:
        client.sendall(b"GET /streamed HTTP/1.0\r\n\r\n")
        head, _, body = read_to_end(client).partition(b"\r\n\r\n")
    assert head == b"HTTP/1.1 200 OK\r\nConnection: close"
    assert body == BODY


def test_upgrade_that_the_server_does_not_know_is_passed_over(uvicorn_address: Address) -> None:
    """A request that offers another protocol is answered as if it did not, and can be followed."""
    with connect(uvicorn_address) as client:
        client.sendall(
            HELLO.replace(b"\r\n\r\n", b"\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n")
        )
        assert read_until(client, b"hello") == HELLO_ANSWER
        client.sendall(HELLO)
        assert read_until(client, b"hello") == HELLO_ANSWER


def test_client_that_closes_its_side_without_a_request_is_let_go(
    uvicorn_address: Address,
) -> None:
    """A connection without a request ends without an answer."""
    with connect(uvicorn_address) as client:
        client.shutdown(socket.SHUT_WR)
        assert read_to_end(client) == b""
