"""What a client sends first that speaks HTTP/2 without asking (RFC 9113 section 3.4).

A server that speaks it, too, knows the client by this request, and takes over what follows.
"""

from typing import Final

import pytest

from h11_events import EndOfMessage, ErrorCode, LocalProtocolError, RemoteProtocolError, Request
from h11_parser import NEED_DATA, PAUSED, RequestParser, read_request_head
from tests.parser.readers import buffer_of

HEAD: Final = b"PRI * HTTP/2.0\r\n\r\n"
REQUEST: Final = Request(method="PRI", target="*", headers=[], http_version="2.0")


@pytest.mark.parametrize("before", [b"", b"\r\n"], ids=["alone", "after-an-empty-line"])
def test_it_is_a_request_however_it_is_cut(before: bytes) -> None:
    """The rest of the preface, and the frames behind it, are left to whoever speaks HTTP/2."""
    octets = before + HEAD + b"SM\r\n\r\n\0"
    for place in range(len(octets)):
        parser = RequestParser()
        events: list[object] = []
        for piece in (octets[:place], octets[place:]):
            if piece:
                parser.receive_data(piece)
            while (event := parser.next_event()) not in (NEED_DATA, PAUSED):
                events.append(event)
        assert events == [REQUEST, EndOfMessage()]
        assert event is PAUSED
        assert parser.trailing_data == (b"SM\r\n\r\n\0", False)


def test_each_octet_of_it_is_waited_for() -> None:
    """It is not known before its end."""
    for place in range(len(HEAD)):
        assert read_request_head(buffer_of(HEAD[:place])) is None


@pytest.mark.parametrize(
    ("octets", "code"),
    [
        (b"PRI * HTTP/1", ErrorCode.BAD_REQUEST_LINE),
        (b"PRI * HTTP/2.1", ErrorCode.BAD_REQUEST_LINE),
        (b"PRI * HTTP/2.0\n", ErrorCode.BAD_REQUEST_LINE),
        (b"PRI * HTTP/2.0\r\nH", ErrorCode.BAD_REQUEST_LINE),
        (b"PRI **", ErrorCode.BAD_REQUEST_LINE),
        (b"PRI / HTTP/2", ErrorCode.UNSUPPORTED_VERSION),
        (b"PRI  ", ErrorCode.BAD_REQUEST_LINE),
        (b"pri * HTTP/2", ErrorCode.UNSUPPORTED_VERSION),
        (b"GET * HTTP/2", ErrorCode.UNSUPPORTED_VERSION),
        (b"PRIX * HTTP/2", ErrorCode.UNSUPPORTED_VERSION),
    ],
    ids=repr,
)
def test_whatever_is_like_it_is_refused_at_the_first_other_octet(
    octets: bytes, code: ErrorCode
) -> None:
    """No other request of another version passes with it."""
    assert read_request_head(buffer_of(octets[:-1])) is None
    with pytest.raises(LocalProtocolError) as caught:
        read_request_head(buffer_of(octets))
    assert caught.value.code is code


@pytest.mark.parametrize("method", ["P", "PR", "PRI", "PRIX", "PUT", "PRO", "PRIPRI"])
def test_its_method_is_one_like_any_other_elsewhere(method: str) -> None:
    """With another target it is a request of HTTP/1.1."""
    for field in (b"Host: a", b"Host:\ta"):
        parser = RequestParser()
        parser.receive_data(method.encode() + b" /a HTTP/1.1\r\n" + field + b"\r\n\r\n")
        expected = Request(method=method, target="/a", headers=[("Host", "a")])
        assert parser.next_event() == expected


def test_a_server_that_stays_with_http_1_may_go_on() -> None:
    """What follows is no request, though, and refused as such."""
    parser = RequestParser()
    parser.receive_data(HEAD + b"SM\r\n\r\n")
    assert [parser.next_event() for _ in range(3)] == [REQUEST, EndOfMessage(), PAUSED]
    parser.resume()
    with pytest.raises(RemoteProtocolError):
        parser.next_event()
