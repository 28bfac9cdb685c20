"""Heads are read as the events they are, or refused (RFC 9112 sections 2 to 5)."""

import pytest

from h11_events import (
    InformationalResponse,
    LocalProtocolError,
    Request,
    Response,
)
from h11_parser import ReceiveBuffer, read_request_head
from tests.parser.readers import ends_for, request_of, response_of
from tests.parser.reading import every_cutting


def test_request_head() -> None:
    """A request line and a header section make a request, and no octet behind them is used."""
    buffer = ReceiveBuffer()
    buffer += b"GET /where?q=now HTTP/1.1\r\nHost: example.com\r\nX-Id:  7 \r\n\r\nrest\r\n\r\n"
    request = read_request_head(buffer)
    assert request == Request(
        method=b"GET",
        target=b"/where?q=now",
        headers=[(b"Host", b"example.com"), (b"X-Id", b"7")],
    )
    assert request is not None
    assert request.headers.raw_items() == [(b"Host", b"example.com"), (b"X-Id", b"7")]
    assert bytes(buffer) == b"rest\r\n\r\n"


def test_request_without_fields() -> None:
    """Before HTTP/1.1 a request needs no Host (RFC 9112 section 3.2)."""
    expected = Request(method=b"GET", target=b"/", headers=[], http_version=b"1.0")
    assert request_of(b"GET / HTTP/1.0\r\n\r\n") == expected
    assert request_of(b"GET / HTTP/1.0\n\n") == expected


@pytest.mark.parametrize(
    ("octets", "expected"),
    [
        pytest.param(
            b"HTTP/1.1 200 OK\r\nA: b\r\n\r\n",
            Response(status_code=200, headers=[(b"a", b"b")], reason=b"OK"),
            id="final",
        ),
        pytest.param(
            b"HTTP/1.1 100 Continue\r\n\r\n",
            InformationalResponse(status_code=100, headers=[], reason=b"Continue"),
            id="informational",
        ),
        pytest.param(
            b"HTTP/1.0 404 Not Found\r\n\r\n",
            Response(status_code=404, headers=[], http_version=b"1.0", reason=b"Not Found"),
            id="old-version",
        ),
        pytest.param(
            b"HTTP/1.1 200 \r\n\r\n", Response(status_code=200, headers=[]), id="empty-reason"
        ),
        pytest.param(
            b"HTTP/1.1 200\r\n\r\n", Response(status_code=200, headers=[]), id="no-reason"
        ),
        pytest.param(
            b"HTTP/1.1 199 \r\n\r\n",
            InformationalResponse(status_code=199, headers=[]),
            id="last-informational",
        ),
        pytest.param(b"HTTP/1.1 999 \r\n\r\n", Response(status_code=999, headers=[]), id="last"),
        pytest.param(
            b"HTTP/1.1 200 d\xe9j\xe0\tvu \r\n\r\n",
            Response(status_code=200, headers=[], reason=b"d\xe9j\xe0\tvu "),
            id="any-text-as-reason",
        ),
    ],
)
def test_response_head(octets: bytes, expected: InformationalResponse | Response) -> None:
    """A status line and a header section make a response of the class that the code asks for."""
    for ends in (octets, octets.replace(b"\r\n", b"\n")):
        assert response_of(ends) == expected


@pytest.mark.parametrize(
    "octets",
    [
        pytest.param(b"GET / HTTP/1.1\r\nHost: a\r\nA: b\r\n\r\n", id="CRLF"),
        pytest.param(b"GET / HTTP/1.1\nHost: a\nA: b\n\n", id="LF"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: a\r\nA: b\n\n", id="LF-at-the-end"),
        pytest.param(b"GET / HTTP/1.1\nHost: a\nA: b\r\n\r\n", id="CRLF-at-the-end"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: a\r\nA: b\r\n\n", id="LF-as-empty-line"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: a\nA: b\n\r\n", id="mixed"),
        pytest.param(b"GET / HTTP/1.1\r\nHost:a\r\nA:\tb \t\r\n\r\n", id="other-blanks"),
        pytest.param(b"GET / HTTP/1.1\r\nHost:\r\n a\r\nA: b\r\n\r\n", id="folded"),
    ],
)
def test_request_head_however_cut(octets: bytes) -> None:
    """A head is None until its last octet is there, with either line end (RFC 9112 2.2)."""
    expected = Request(method=b"GET", target=b"/", headers=[(b"host", b"a"), (b"a", b"b")])
    for pieces in every_cutting(octets):
        buffer = ReceiveBuffer(len(octets))
        for piece in pieces[:-1]:
            buffer += piece
            assert read_request_head(buffer) is None
        buffer += pieces[-1] + b"\r\n\r\n"
        assert read_request_head(buffer) == expected
        assert bytes(buffer) == b"\r\n\r\n"


def test_nothing_received_is_no_head() -> None:
    """As long as nothing was received, there is nothing to complain about."""
    assert request_of(b"") is None
    assert response_of(b"") is None


@pytest.mark.parametrize(
    "line",
    [
        b"GET",
        b"GET /",
        b"GET / ",
        b"GET / HTTP",
        b"GET / HTTP/1",
        b"GET / HTTP/11",
        b"GET / HTTP/1.10",
        b"GET / HTTP/1,1",
        b"GET / HTTP/1.x",
        b"GET / http/1.1",
        b"GET / HTTP/1.1 ",
        b"GET / HTTP/1.1\t",
        b"GET / HTTP/1.1\r",
        b"GET  / HTTP/1.1",
        b"GET /  HTTP/1.1",
        b"GET\t/ HTTP/1.1",
        b"GET /\tHTTP/1.1",
        b"GET HTTP/1.1",
        b"GET  HTTP/1.1",
        b"GET /a b HTTP/1.1",
        b"GET /\x00 HTTP/1.1",
        b"GET /\x1f HTTP/1.1",
        b"GET /\x7f HTTP/1.1",
        b"GET /\xe9 HTTP/1.1",
        b"GET /\r HTTP/1.1",
        b"GET\r / HTTP/1.1",
        b"G(T / HTTP/1.1",
        b"G:T / HTTP/1.1",
        b"G\x80T / HTTP/1.1",
        b"GET / HTTP/1.1\x00",
        b"Host: a",
    ],
)
def test_illegal_request_line(line: bytes) -> None:
    """What is no request line is refused, whatever follows it (RFC 9112 section 3)."""
    for end in ends_for(line):
        with pytest.raises(LocalProtocolError, match="illegal request line") as raised:
            request_of(line + end + b"Host: a" + end + end)
        assert raised.value.error_status_hint == 400


@pytest.mark.parametrize(
    "line",
    [
        b"HTTP/1.1",
        b"HTTP/1.1 ",
        b"HTTP/1.1 20 OK",
        b"HTTP/1.1 2000 OK",
        b"HTTP/1.1 2x0 OK",
        b"HTTP/1.1 -20 OK",
        b"HTTP/1.1 +20 OK",
        b"HTTP/1.1 2_0 OK",
        b"HTTP/1.1 \xb2\xb2\xb2 OK",
        b"HTTP/1.1  200 OK",
        b"HTTP/1.1\t200 OK",
        b"HTTP/1.1 200\tOK",
        b"HTTP/1.1 200OK",
        b"HTTP/1 200 OK",
        b"HTTP/1.12 200 OK",
        b"http/1.1 200 OK",
        b"HTTP 200 OK",
        b"ICY 200 OK",
        b"HTTP/1.1 200 O\x00K",
        b"HTTP/1.1 200 O\rK",
        b"HTTP/1.1 200 OK\r",
        b"HTTP/1.1 200\r",
        b"HTTP/1.1 200 O\x0bK",
        b"HTTP/1.1 200 O\x0cK",
        b"Server: a",
    ],
)
def test_illegal_status_line(line: bytes) -> None:
    """What is no status line is refused, whatever follows it (RFC 9112 section 4)."""
    for end in ends_for(line):
        with pytest.raises(LocalProtocolError, match="illegal status line") as raised:
            response_of(line + end + b"A: b" + end + end)
        assert raised.value.error_status_hint == 400


@pytest.mark.parametrize("code", [b"000", b"099"])
def test_status_code_out_of_range(code: bytes) -> None:
    """Three digits are not enough: the first status code is 100 (RFC 9110 section 15)."""
    for end in (b"\r\n", b"\n"):
        with pytest.raises(LocalProtocolError, match="status_code should be in range"):
            response_of(b"HTTP/1.1 " + code + b" OK" + end + end)


def test_head_that_cannot_begin_is_refused_at_once() -> None:
    """Nobody has to wait for a line end to see that this is not HTTP, but TLS, or an empty line."""
    for octet in map(bytes, zip(range(0x21), strict=True)):
        with pytest.raises(LocalProtocolError, match="illegal request line"):
            request_of(octet)
        with pytest.raises(LocalProtocolError, match="illegal status line"):
            response_of(octet)
        with pytest.raises(LocalProtocolError, match="illegal request line"):
            request_of(octet + b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        with pytest.raises(LocalProtocolError, match="illegal status line"):
            response_of(octet + b"HTTP/1.1 200 OK\r\n\r\n")
    for octet in map(bytes, zip(range(0x21, 0x100), strict=True)):
        assert request_of(octet) is None
        assert response_of(octet) is None


def test_refusal_shows_little_of_what_was_sent() -> None:
    """The text of an error stays short, however long the octets are."""
    with pytest.raises(LocalProtocolError) as raised:
        request_of(b"\x16" * 10_000)
    assert len(str(raised.value)) < 600
    with pytest.raises(LocalProtocolError) as raised:
        request_of(b"x" * 10_000 + b"\r\n\r\n")
    assert len(str(raised.value)) < 600


def test_request_without_host() -> None:
    """A request needs a Host from HTTP/1.1 on (RFC 9112 section 3.2)."""
    for end in (b"\r\n", b"\n"):
        with pytest.raises(LocalProtocolError, match="Missing mandatory Host"):
            request_of(b"GET / HTTP/1.1" + end + b"A: b" + end + end)
        with pytest.raises(LocalProtocolError, match="multiple Host"):
            request_of(b"GET / HTTP/1.1" + end + b"Host: b" + end + b"host: b" + end + end)
