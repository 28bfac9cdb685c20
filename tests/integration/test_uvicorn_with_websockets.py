"""wsproto asks uvicorn for WebSockets: the handover from our package, on both sides."""

from collections.abc import Iterator

import pytest
import wsproto
from wsproto.events import (
    AcceptConnection,
    BytesMessage,
    CloseConnection,
    Ping,
    Pong,
    RejectConnection,
    TextMessage,
)

from tests.integration.payload import BODY
from tests.integration.sockets import Address, connect, read_until
from tests.integration.websocket_client import WebSocket


@pytest.fixture
def accepted(uvicorn_address: Address) -> Iterator[WebSocket]:
    """A WebSocket that is open and has delivered the server's welcome."""
    with WebSocket(uvicorn_address) as client:
        client.open("/echo", ["first.test", "second.test"])
        answer = client.next_event()
        assert isinstance(answer, AcceptConnection)
        assert answer.subprotocol == "first.test"
        assert client.next_message() == "welcome"
        yield client


def test_messages_are_echoed_both_ways(accepted: WebSocket) -> None:
    """After an accepted upgrade text and octets go there and back."""
    accepted.send(TextMessage(data="wörter"))
    assert accepted.next_message() == "wörter"
    accepted.send(BytesMessage(data=bytes(range(256))))
    assert accepted.next_message() == bytes(range(256))
    accepted.send(BytesMessage(data=BODY[:1_000_000]))
    assert accepted.next_message() == BODY[:1_000_000]


def test_websocket_is_closed_in_order(accepted: WebSocket) -> None:
    """A ping is answered, and so is the close."""
    accepted.send(Ping(payload=b"there?"))
    assert accepted.next_event() == Pong(payload=b"there?")
    accepted.send(CloseConnection(code=1000))
    answer = accepted.next_event()
    assert isinstance(answer, CloseConnection)
    assert answer.code == 1000


def test_frame_in_the_same_packet_as_the_switch_is_not_lost(uvicorn_address: Address) -> None:
    """What the server sends right behind its 101 reaches the WebSocket."""
    with WebSocket(uvicorn_address) as client:
        client.open("/echo")
        together = read_until(client.socket, b"welcome")
        assert together.startswith(b"HTTP/1.1 101 ")
        client.protocol.receive_data(together)
        assert isinstance(client.next_event(), AcceptConnection)
        assert client.next_message() == "welcome"


def test_refused_upgrade_is_an_ordinary_response(uvicorn_address: Address) -> None:
    """A WebSocket that the application closes before it was open is answered with 403."""
    with WebSocket(uvicorn_address) as client:
        client.open("/closed-door")
        answer = client.next_event()
        assert isinstance(answer, RejectConnection)
        assert answer.status_code == 403
        assert client.protocol.state is wsproto.connection.ConnectionState.CLOSED


def test_upgrade_of_an_unknown_version_is_answered_with_426(uvicorn_address: Address) -> None:
    """A handshake that wsproto refuses is answered with the version that it knows."""
    with connect(uvicorn_address) as client:
        client.sendall(
            b"GET /echo HTTP/1.1\r\nHost: a.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            b"Sec-WebSocket-Version: 12\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        )
        head = read_until(client, b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 426 ")
