"""Heads are read as the events they are, or refused (RFC 9112 sections 2 to 5)."""

import pytest

from h11_events import (
    ErrorCode,
    InformationalResponse,
    LocalProtocolError,
    Request,
    Response,
)
from h11_parser import Limits, ReceiveBuffer, Tolerance, read_request_head, request_dialect
from tests.parser.readers import buffer_of, for_requests, request_of, response_of
from tests.parser.reading import every_cutting


def test_request_head() -> None:
    """A request line and a header section make a request, and no octet behind them is used."""
    octets = b"GET /where?q=now HTTP/1.1\r\nHost: example.com\r\nX-Id:  7 \r\n\r\n"
    buffer = buffer_of(octets + b"rest\r\n\r\n")
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
    assert request_of(b"GET / HTTP/1.0\n\n", Tolerance.BARE_LF) == expected


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
    assert response_of(octets) == response_of(octets, Tolerance.NONE) == expected
    assert response_of(octets.replace(b"\r\n", b"\n")) == expected
    with pytest.raises(LocalProtocolError):
        response_of(octets.replace(b"\r\n", b"\n"), Tolerance.NONE)


BARE_LF = Tolerance.BARE_LF


@pytest.mark.parametrize(
    ("octets", "tolerate"),
    [
        pytest.param(b"GET / HTTP/1.1\r\nHost: a\r\nA: b\r\n\r\n", Tolerance.NONE, id="CRLF"),
        pytest.param(b"GET / HTTP/1.1\nHost: a\nA: b\n\n", BARE_LF, id="LF"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: a\r\nA: b\n\n", BARE_LF, id="LF-at-the-end"),
        pytest.param(b"GET / HTTP/1.1\nHost: a\nA: b\r\n\r\n", BARE_LF, id="CRLF-at-the-end"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: a\r\nA: b\r\n\n", BARE_LF, id="LF-as-empty-line"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: a\nA: b\n\r\n", BARE_LF, id="mixed"),
        pytest.param(
            b"GET / HTTP/1.1\r\nHost:a\r\nA:\tb \t\r\n\r\n", Tolerance.NONE, id="other-blanks"
        ),
        pytest.param(
            b"GET / HTTP/1.1\r\nHost:\r\n a\r\nA: b\r\n\r\n", Tolerance.OBS_FOLD, id="folded"
        ),
        pytest.param(
            b"\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\nA: b\r\n\r\n", Tolerance.NONE, id="empty-lines"
        ),
        pytest.param(b"\n\r\nGET / HTTP/1.1\nHost: a\nA: b\n\n", BARE_LF, id="empty-lines-with-LF"),
    ],
)
def test_request_head_however_cut(octets: bytes, tolerate: Tolerance) -> None:
    """A head is None until its last octet is there, with either line end (RFC 9112 2.2)."""
    expected = Request(method=b"GET", target=b"/", headers=[(b"host", b"a"), (b"a", b"b")])
    for pieces in every_cutting(octets):
        buffer = ReceiveBuffer()
        for piece in pieces[:-1]:
            buffer += piece
            assert read_request_head(buffer, for_requests(tolerate)) is None
        buffer += pieces[-1] + b"\r\n\r\n"
        assert read_request_head(buffer, for_requests(tolerate)) == expected
        assert bytes(buffer) == b"\r\n\r\n"
    if tolerate:
        with pytest.raises(LocalProtocolError):
            request_of(octets)


def test_nothing_received_is_no_head() -> None:
    """As long as nothing was received, there is nothing to complain about."""
    assert request_of(b"") is None
    assert response_of(b"") is None


@pytest.mark.parametrize("lines", [b"", b"\r", b"\r\n", b"\r\n\r\n\r"], ids=repr)
def test_empty_lines_are_no_head(lines: bytes) -> None:
    """What a client sends too much before a request is used up (RFC 9112 section 2.2)."""
    for pieces in every_cutting(lines):
        buffer = buffer_of(*pieces)
        assert read_request_head(buffer) is None
        assert bytes(buffer) == (b"\r" if lines.endswith(b"\r") else b"")


def test_empty_lines_are_no_part_of_the_head() -> None:
    """They do not count for the limit of its size, however many they are."""
    head = b"GET / HTTP/1.0\r\n\r\n"
    dialect = request_dialect(None, None, Limits(head_size=len(head)))
    assert read_request_head(buffer_of(b"\r\n" * 1000 + head), dialect) == request_of(head)


LINES = [
    *(b"GET", b"GET /", b"GET / ", b"GET / HTTP", b"GET / HTTP/1", b"GET / HTTP/11", b"Host: a"),
    *(b"GET / HTTP/1.10", b"GET / HTTP/1,1", b"GET / HTTP/1.x", b"GET / http/1.1"),
    *(b"GET / HTTP/1.1 ", b"GET / HTTP/1.1\t", b"GET / HTTP/1.1\r", b"GET  / HTTP/1.1"),
    *(b"GET /  HTTP/1.1", b"GET\t/ HTTP/1.1", b"GET /\tHTTP/1.1", b"GET HTTP/1.1"),
    *(b"GET  HTTP/1.1", b"GET /a b HTTP/1.1", b"GET /\x00 HTTP/1.1", b"GET /\x1f HTTP/1.1"),
    *(b"GET /\x7f HTTP/1.1", b"GET /\xe9 HTTP/1.1", b"GET /#a HTTP/1.1", b"GET /\r HTTP/1.1"),
    *(b"GET\r / HTTP/1.1", b"G(T / HTTP/1.1", b"G:T / HTTP/1.1", b"G\x80T / HTTP/1.1"),
    *(b"GET / HTTP/1.1\x00", b"GET * HTTP/1.1", b"GET a HTTP/1.1", b"GET a:80 HTTP/1.1"),
    *(b"GET http:///a HTTP/1.1", b"GET http://u@a/ HTTP/1.1", b"CONNECT / HTTP/1.1"),
    *(b"CONNECT a HTTP/1.1", b"CONNECT http://a:80 HTTP/1.1", b"OPTIONS ** HTTP/1.1"),
]


@pytest.mark.parametrize("line", LINES, ids=repr)
def test_illegal_request_line(line: bytes) -> None:
    """What is no request line is refused, whatever follows it (RFC 9112 section 3)."""
    sections = [b"\r\nHost: a\r\n\r\n", b"\r\nHost:\ta\r\n\r\n"]
    if not line.endswith(b"\r"):
        sections.append(b"\nHost: a\n\n")
    for section in sections:
        with pytest.raises(LocalProtocolError, match="illegal request line") as raised:
            request_of(line + section, Tolerance.REQUESTS | BARE_LF)
        assert raised.value.code is ErrorCode.BAD_REQUEST_LINE
        assert raised.value.error_status_hint == 400


@pytest.mark.parametrize(
    "line",
    [
        *(b"HTTP/1.1", b"HTTP/1.1 ", b"HTTP/1.1 20 OK", b"HTTP/1.1 2000 OK", b"HTTP/1.1 2x0 OK"),
        *(b"HTTP/1.1 -20 OK", b"HTTP/1.1 +20 OK", b"HTTP/1.1 2_0 OK", b"HTTP/1.1 \xb2\xb2\xb2 OK"),
        *(b"HTTP/1.1 000 OK", b"HTTP/1.1 099 OK", b"HTTP/1.1  200 OK", b"HTTP/1.1\t200 OK"),
        *(b"HTTP/1.1 200\tOK", b"HTTP/1.1 200OK", b"HTTP/1 200 OK", b"HTTP/1.12 200 OK"),
        *(b"http/1.1 200 OK", b"HTTP 200 OK", b"ICY 200 OK", b"Server: a", b"\r", b" "),
        *(b"HTTP/1.1 200 O\x00K", b"HTTP/1.1 200 O\rK", b"HTTP/1.1 200 OK\r", b"HTTP/1.1 200\r"),
        *(b"HTTP/1.1 200 O\x0bK", b"HTTP/1.1 200 O\x0cK", b"HTTP/1.1 200 O\x1bK"),
    ],
    ids=repr,
)
def test_illegal_status_line(line: bytes) -> None:
    """What is no status line is refused, whatever follows it (RFC 9112 section 4)."""
    sections = [b"\r\nA: b\r\n\r\n", b"\r\nA:\tb\r\n\r\n"]
    if not line.endswith(b"\r"):
        sections.append(b"\nA: b\n\n")
    for section in sections:
        with pytest.raises(LocalProtocolError, match="illegal status line") as raised:
            response_of(line + section)
        assert raised.value.code is ErrorCode.BAD_STATUS_LINE
        assert raised.value.error_status_hint == 400


@pytest.mark.parametrize("version", [b"0.9", b"2.0", b"3", b"9.9", b"2"], ids=bytes.decode)
def test_other_major_versions(version: bytes) -> None:
    """A message of another major version is refused with 505, at the digit that says so."""
    for octets, read in (
        (b"GET / HTTP/%b\r\nHost: a\r\n\r\n" % version, request_of),
        (b"HTTP/%b 200 OK\r\n\r\n" % version, response_of),
    ):
        with pytest.raises(LocalProtocolError, match="illegal HTTP version") as raised:
            read(octets)
        assert raised.value.code is ErrorCode.UNSUPPORTED_VERSION
        assert raised.value.error_status_hint == 505
        assert raised.value.excerpt == octets[: octets.index(b"HTTP/") + 6]


@pytest.mark.parametrize("version", [b"1.2", b"1.9"], ids=bytes.decode)
def test_other_minor_versions(version: bytes) -> None:
    """A message of a higher minor version is read, and keeps it (RFC 9110 section 2.5)."""
    for section in (b"\r\nHost: a\r\n\r\n", b"\r\nHost:\ta\r\n\r\n"):
        request = request_of(b"GET / HTTP/" + version + section)
        response = response_of(b"HTTP/" + version + b" 200 OK" + section)
        assert request is not None
        assert response is not None
        assert request.http_version == response.http_version == version
    with pytest.raises(LocalProtocolError, match="Missing mandatory Host"):
        request_of(b"GET / HTTP/" + version + b"\r\n\r\n")


def test_head_that_cannot_begin_is_refused_at_once() -> None:
    """Nobody has to wait for a line end to see that this is not HTTP, but TLS or the like."""
    tokens = b"!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    for octet in range(0x100):
        one = bytes([octet])
        if octet in tokens + b"\r":
            assert request_of(one) is None
        else:
            for octets in (one, one + b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"):
                with pytest.raises(LocalProtocolError, match="illegal request line") as raised:
                    request_of(octets)
                assert raised.value.excerpt == one
        if one == b"H":
            assert response_of(one) is None
        else:
            for octets in (one, one + b"HTTP/1.1 200 OK\r\n\r\n"):
                with pytest.raises(LocalProtocolError, match="illegal status line") as raised:
                    response_of(octets)
                assert raised.value.excerpt == one


def test_refusal_shows_little_of_what_was_sent() -> None:
    """The text of an error stays short, however long the octets are."""
    for octets in (b"\x16" * 10_000, b"x" * 10_000 + b"\r\n\r\n", b"x" * 100_000):
        with pytest.raises(LocalProtocolError) as raised:
            request_of(octets)
        assert len(str(raised.value)) < 600
        assert len(raised.value.excerpt) <= 100


@pytest.mark.parametrize(
    ("section", "text"),
    [
        (b"A: b\r\n", "Missing mandatory Host"),
        (b"A:\tb\r\n", "Missing mandatory Host"),
        (b"Host: b\r\nhost: b\r\n", "multiple Host"),
        (b"Host: b\r\nA:\tb\r\nhost: b\r\n", "multiple Host"),
        (b"Host: a/b\r\n", "Host names no host"),
        (b"Host:\ta b\r\n", "Host names no host"),
    ],
    ids=["none", "none-unusual", "two", "two-unusual", "bad", "bad-unusual"],
)
def test_request_without_host(section: bytes, text: str) -> None:
    """A request needs a Host from HTTP/1.1 on, and never has two (RFC 9112 section 3.2)."""
    for octets in (section + b"\r\n", section.replace(b"\r\n", b"\n") + b"\n"):
        with pytest.raises(LocalProtocolError, match=text) as raised:
            request_of(b"GET / HTTP/1.1\r\n" + octets, BARE_LF)
        assert raised.value.code is ErrorCode.BAD_HOST
        assert raised.value.error_status_hint == 400
