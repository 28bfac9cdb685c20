"""A parser pauses where the stream may go on in another protocol (RFC 9110 sections 7.8, 9.3.6)."""

import pytest

from h11_events import (
    ConnectionClosed,
    Data,
    EndOfMessage,
    InformationalResponse,
    Request,
    Response,
)
from h11_parser import NEED_DATA, PAUSED, RequestParser, ResponseParser
from tests.parser.reading import drain, events_of
from tests.parser.streams import END, GET, GET_EVENT, OK

UPGRADE = b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nContent-Length: 2\r\n\r\nhi"
CONNECT = b"CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n"


@pytest.mark.parametrize(
    ("proposal", "kinds"),
    [
        pytest.param(UPGRADE, [Request, Data, EndOfMessage], id="Upgrade"),
        pytest.param(CONNECT, [Request, EndOfMessage], id="CONNECT"),
    ],
)
def test_pause_after_a_proposal(proposal: bytes, kinds: list[type]) -> None:
    """After a request that proposes another protocol, what follows is left alone until told."""
    parser = RequestParser()
    parser.receive_data(proposal + GET)
    events, marker = drain(parser)
    assert [type(event) for event in events] == kinds
    assert marker is PAUSED
    assert parser.next_event() is PAUSED
    assert parser.trailing_data == (GET, False)
    parser.receive_data(b"\x00more")
    parser.receive_data(b"")
    assert parser.next_event() is PAUSED
    assert parser.trailing_data == (GET + b"\x00more", True)


@pytest.mark.parametrize("proposal", [UPGRADE, CONNECT], ids=["Upgrade", "CONNECT"])
def test_resume_after_a_refusal(proposal: bytes) -> None:
    """Once the server has refused, what follows is HTTP again, up to the next proposal."""
    parser = RequestParser()
    parser.receive_data(proposal + GET + proposal + GET)
    assert drain(parser)[1] is PAUSED
    parser.resume()
    events, marker = drain(parser)
    assert events[:2] == [GET_EVENT, END]
    assert marker is PAUSED
    parser.resume()
    assert drain(parser) == ([GET_EVENT, END], NEED_DATA)
    parser.resume()
    assert parser.next_event() is NEED_DATA
    parser.receive_data(b"")
    assert parser.next_event() == ConnectionClosed()


def test_pause_after_a_switch() -> None:
    """After 101 the stream is in another protocol, and stays there."""
    parser = ResponseParser()
    switched = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"
    parser.receive_data(b"HTTP/1.1 100 \r\n\r\n" + switched + b"\x81\x00")
    events, marker = drain(parser)
    assert [type(event) for event in events] == [InformationalResponse] * 2
    assert marker is PAUSED
    parser.receive_data(OK)
    parser.receive_data(b"")
    assert parser.next_event() is PAUSED
    assert parser.trailing_data == (b"\x81\x00" + OK, True)


@pytest.mark.parametrize("code", [b"200", b"204", b"299"])
def test_pause_after_a_tunnel_was_granted(code: bytes) -> None:
    """After a 2xx to CONNECT comes the tunnel, without any end of a message before."""
    parser = ResponseParser()
    parser.expect(b"CONNECT")
    parser.receive_data(b"HTTP/1.1 " + code + b" \r\nContent-Length: 2\r\n\r\nhi")
    events, marker = drain(parser)
    assert events == [Response(status_code=int(code), headers=[("Content-Length", "2")])]
    assert marker is PAUSED
    assert parser.trailing_data == (b"hi", False)


def test_no_pause_after_a_tunnel_was_refused() -> None:
    """Any other answer to CONNECT has a body, and the next response follows."""
    parser = ResponseParser()
    parser.expect(b"CONNECT")
    refusal = OK.replace(b"200", b"407")
    events = events_of(parser, refusal + OK)
    assert [type(event) for event in events] == [Response, Data, EndOfMessage] * 2
