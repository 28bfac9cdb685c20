"""Tests of the example server that hands connections over to wsproto.

In: requests, and messages of a WebSocket client. Out: the answers of h11 where the connection stays
with HTTP, and those of wsproto where it does not.
"""

from collections.abc import Iterator

import pytest
from wsproto import ConnectionType
from wsproto.connection import Connection
from wsproto.events import (
    AcceptConnection,
    BytesMessage,
    CloseConnection,
    Ping,
    Pong,
    RejectConnection,
    TextMessage,
)

from docs.examples import websocket_server
from tests.examples.programs import running_program
from tests.examples.serving import exchange, sends_until_cut_off
from tests.integration.sockets import Address, connect, read_to_end, read_until, running
from tests.integration.websocket_client import WebSocket

LAST = b"GET /elsewhere HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"

PROPOSAL = (
    b"%b /echo HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: %b\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: %b\r\n\r\n"
)


@pytest.fixture
def server() -> Iterator[Address]:
    """The address of the example server."""
    with running(websocket_server.Server("127.0.0.1", 0)) as address:
        yield address


@pytest.fixture
def client(server: Address) -> Iterator[WebSocket]:
    """A WebSocket that is open."""
    with WebSocket(server) as client:
        client.open("/echo")
        assert isinstance(client.next_event(), AcceptConnection)
        yield client


@pytest.mark.parametrize(
    "message", ["wörter", bytes(range(256)), bytes(1_000_000)], ids=["text", "octets", "large"]
)
def test_messages_are_echoed(client: WebSocket, message: str | bytes) -> None:
    """Each comes back as it was said."""
    said = TextMessage(data=message) if isinstance(message, str) else BytesMessage(data=message)
    client.send(said)
    assert client.next_message() == message


def test_ping_and_close_are_answered(client: WebSocket) -> None:
    """With a pong, and with a close, after which the connection ends."""
    client.send(Ping(payload=b"there?"))
    assert client.next_event() == Pong(payload=b"there?")
    client.send(CloseConnection(code=1000))
    answer = client.next_event()
    assert isinstance(answer, CloseConnection)
    assert answer.code == 1000
    assert read_to_end(client.socket) == b""


def test_frame_that_breaks_the_rules_ends_it(client: WebSocket) -> None:
    """Wsproto tells the client that, and the server is still there for others."""
    client.socket.sendall(b"\xff\xff\xff\xff")
    answer = client.next_event()
    assert isinstance(answer, CloseConnection)
    assert answer.code == 1002


def test_message_in_the_same_segment_as_the_proposal_is_not_lost(server: Address) -> None:
    """What comes after the request belongs to the WebSocket, and to nobody else."""
    message = Connection(ConnectionType.CLIENT).send(TextMessage(data="early"))
    with connect(server) as client:
        client.sendall(PROPOSAL % (b"GET", b"websocket", b"13") + message)
        received = read_until(client, b"early")
    assert received.startswith(b"HTTP/1.1 101 Switching Protocols\r\n")
    assert b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n" in received
    assert received.endswith(b"\r\n\r\n\x81\x05early")


def test_websocket_follows_requests_on_the_same_connection(server: Address) -> None:
    """HTTP goes on until the switch."""
    with WebSocket(server) as client:
        client.socket.sendall(b"HEAD / HTTP/1.1\r\nHost: a\r\n\r\n")
        head = read_until(client.socket, b"\r\n\r\n")
        assert b"Content-Length: %d\r\n" % len(websocket_server.PAGE) in head
        client.open("/echo")
        assert isinstance(client.next_event(), AcceptConnection)


@pytest.mark.parametrize(
    ("proposal", "status", "field"),
    [
        pytest.param((b"GET", b"websocket", b"12"), b"426", b"Sec-WebSocket-Version: 13", id="old"),
        pytest.param((b"GET", b"smtp", b"13"), b"400", b"Content-Length: 0", id="other protocol"),
        pytest.param(
            (b"GET", b"websocket", b"13\r\nSec-WebSocket-Protocol: \xff"),
            b"400",
            b"Content-Length: 0",
            id="octets that are no text",
        ),
        pytest.param((b"POST", b"websocket", b"13"), b"426", b"Upgrade: websocket", id="POST"),
    ],
)
def test_proposal_that_is_refused_leaves_the_connection_to_http(
    server: Address, proposal: tuple[bytes, bytes, bytes], status: bytes, field: bytes
) -> None:
    """The next request is answered."""
    received = exchange(server, PROPOSAL % proposal, LAST)
    assert received.startswith(b"HTTP/1.1 " + status)
    assert field + b"\r\n" in received
    assert b"HTTP/1.1 404 \r\nContent-Length: 0\r\nConnection: close\r\n\r\n" in received


def test_plain_request_for_the_websocket_is_told_what_to_do(server: Address) -> None:
    """426 names the protocol (RFC 9110 section 15.5.22)."""
    received = exchange(server, b"GET /echo HTTP/1.1\r\nHost: a\r\n\r\n" + LAST)
    assert received.startswith(
        b"HTTP/1.1 426 \r\nUpgrade: websocket\r\nConnection: upgrade\r\nContent-Length: 0\r\n\r\n"
    )


def test_refused_websocket_is_rejected_for_the_client(server: Address) -> None:
    """A client on wsproto understands the refusal."""
    with WebSocket(server) as client:
        client.open("/elsewhere")
        answer = client.next_event()
        assert isinstance(answer, RejectConnection)
        assert answer.status_code == 404


def test_malformed_request_is_answered(server: Address) -> None:
    """With the status that fits, and the end of the connection."""
    assert exchange(server, b"GET /echo HTTP/1.1\r\n\r\n") == (
        b"HTTP/1.1 400 \r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
    )


def test_request_body_is_read_over(server: Address) -> None:
    """Also one for which the client waits."""
    waiting = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n"
    with connect(server) as client:
        client.sendall(waiting)
        assert read_until(client, b"\r\n\r\n") == b"HTTP/1.1 100 \r\n\r\n"
        client.sendall(b"abc" + LAST)
        received = read_to_end(client)
    assert received.count(b"HTTP/1.1 200") == received.count(b"HTTP/1.1 404") == 1


def test_client_that_goes_on_sending_is_not_listened_to_for_ever(
    server: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the last response its time runs out, although no read has to wait."""
    monkeypatch.setattr(websocket_server, "CLOSE_SECONDS", 0.2)
    with connect(server) as client:
        client.sendall(LAST)
        read_to_end(client)
        assert sends_until_cut_off(client)


def test_program_serves_where_it_says_and_ends_when_interrupted() -> None:
    """Ctrl-C ends it with an open WebSocket, quietly."""
    with running_program("websocket_server.py") as address, WebSocket(address) as client:
        client.open("/echo")
        assert isinstance(client.next_event(), AcceptConnection)
