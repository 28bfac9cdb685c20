"""Bare CR and bare LF, wherever they might pass for a line end.

Attack: one reader takes CR or LF alone for the end of a line, another for an octet of a name or a
value; a field that the first one sees is invisible to the second. Answer: a server refuses both,
everywhere (RFC 9112 section 2.2 lets it); LF alone can be tolerated at the end of a line of a head
or trailer section, as clients do, but never where chunks are delimited, and CR alone never.
"""

from collections.abc import Iterator

import pytest

from h11_events import EndOfMessage, ErrorCode, Request
from h11_parser import NEED_DATA, Tolerance
from tests.attacks.harness import (
    ALL_FOR_REQUESTS,
    ALL_FOR_RESPONSES,
    GET,
    GET_EVENTS,
    NewReader,
    Refusal,
    client_side,
    octet_by_octet,
    ok,
    ok_event,
    post,
    post_event,
    read,
    refused,
    server_side,
    taken,
    verdict,
    whole,
)

CHUNKED = b"Transfer-Encoding: chunked"
HEAD = post(b"A: b", b"C:", CHUNKED)
TRAILERS = b"D: e\r\n\r\n"
BODY = b"5;a=b\r\nhello\r\n0\r\n" + TRAILERS
REQUEST = HEAD + BODY
RESPONSE = b"HTTP/1.1 200 OK\r\nA: b\r\nC:\r\nTransfer-Encoding: chunked\r\n\r\n" + BODY
CODES = {
    ErrorCode.BAD_REQUEST_LINE,
    ErrorCode.BAD_STATUS_LINE,
    ErrorCode.BAD_FIELD_LINE,
    ErrorCode.BAD_CHUNK,
}


def assert_bad_line(readers: dict[str, NewReader], stream: bytes) -> None:
    """Assert that all readers refuse a stream for the form of one of its lines."""
    for reader in readers.values():
        found = whole(reader, stream)
        assert isinstance(found.end, Refusal), stream
        assert found.end.code in CODES, stream
        assert read(reader(), octet_by_octet(stream)) == found


def with_octet(stream: bytes, octet: bytes) -> Iterator[bytes]:
    """Yield the stream with one octet more, for each place where that can be."""
    for place in range(len(stream)):
        yield stream[:place] + octet + stream[place:]


@pytest.mark.parametrize("tolerate", [None, ALL_FOR_REQUESTS], ids=["strict", "tolerant"])
def test_bare_cr_anywhere_in_a_request(tolerate: Tolerance | None) -> None:
    """One CR too many is refused at every place of a head, a chunk and a trailer section."""
    for stream in with_octet(REQUEST, b"\r"):
        assert_bad_line(server_side(tolerate), stream)


def test_bare_cr_anywhere_in_a_response() -> None:
    """So it is in a response, though clients tolerate much."""
    for stream in with_octet(RESPONSE, b"\r"):
        assert_bad_line(client_side(tolerate=ALL_FOR_RESPONSES), stream)


def test_bare_lf_anywhere_in_a_request() -> None:
    """One LF too many is refused, too, at every place."""
    for stream in with_octet(REQUEST, b"\n"):
        assert_bad_line(server_side(), stream)


@pytest.mark.parametrize("octet", [b"\r", b"\n"], ids=["CR", "LF"])
def test_line_end_anywhere_in_a_chunk(octet: bytes) -> None:
    """No tolerance is about chunks: from the first size to the last line end there is only CRLF."""
    chunks = BODY[: -len(TRAILERS) - 1]
    for stream in with_octet(chunks, octet):
        body = stream + BODY[len(chunks) :]
        assert_bad_line(server_side(ALL_FOR_REQUESTS), HEAD + body)
        assert_bad_line(client_side(tolerate=ALL_FOR_RESPONSES), ok(CHUNKED, body=body))


@pytest.mark.parametrize("octet", [b"\r", b"\n"], ids=["CR", "LF"])
def test_half_a_line_end(octet: bytes) -> None:
    """CR or LF twice, or alone, ends no line for a server."""
    for place in range(len(REQUEST)):
        if REQUEST.startswith(b"\r\n", place):
            before, behind = REQUEST[:place], REQUEST[place + 2 :]
            assert_bad_line(server_side(), before + octet * 2 + behind)
            assert_bad_line(server_side(), before + octet + behind + GET)


LF_HEAD = HEAD.replace(b"\r\n", b"\n")
LF_TRAILERS = BODY.replace(TRAILERS, b"D: e\n\n")


@pytest.mark.parametrize("head", [LF_HEAD, HEAD[:-2] + b"\n"], ids=["everywhere", "at the end"])
def test_tolerated_bare_lf(head: bytes) -> None:
    """Where LF alone is tolerated, it ends lines of heads and trailer sections, and no other."""
    event = post_event(("A", "b"), ("C", ""), ("Transfer-Encoding", "chunked"))
    readers = server_side(Tolerance.REQUESTS | Tolerance.BARE_LF)
    found = verdict(readers, head + LF_TRAILERS)
    assert found.events[0] == event
    assert found.events[2:] == [EndOfMessage(headers=[("D", "e")])]
    assert found.end is NEED_DATA
    assert_bad_line(readers, head + BODY.replace(b"hello\r\n", b"hello\n"))
    assert_bad_line(readers, head + BODY.replace(b"b\r\n", b"b\n"))


def test_bare_lf_of_a_server() -> None:
    """A client takes LF alone by default, because scripts write it, unless it is told not to."""
    stream = b"HTTP/1.1 200 OK\nContent-Length: 0\n\n"
    expected = taken(ok_event(("Content-Length", "0")), EndOfMessage())
    assert verdict(client_side(), stream) == expected
    bad = refused(ErrorCode.BAD_STATUS_LINE)
    assert verdict(client_side(tolerate=Tolerance.NONE), stream) == bad


def test_head_with_lf_before_one_with_crlf() -> None:
    """A head ends at the first empty line, though one with CRLF may come sooner to be found."""
    stream = b"GET / HTTP/1.1\nHost: a\n\n" + GET + b"GET / HTTP/1.1\r\nHost: a\r\n\n" + GET
    readers = server_side(Tolerance.REQUESTS | Tolerance.BARE_LF)
    assert verdict(readers, stream) == taken(*GET_EVENTS * 4)


@pytest.mark.parametrize("count", [1, 2, 10])
def test_empty_lines_before_a_request(count: int) -> None:
    """Empty lines before a request line are skipped, as some clients send them after a body."""
    stream = b"\r\n" * count + GET + b"\r\n" * count + GET
    assert verdict(server_side(Tolerance.NONE), stream) == taken(*GET_EVENTS, *GET_EVENTS)


@pytest.mark.parametrize("start", [b"\r", b"\n", b"\n\r", b"\r\r\n", b" \r\n", b"\r\n\n", b"\x00"])
def test_no_empty_line_before_a_request(start: bytes) -> None:
    """What is not quite an empty line is refused."""
    assert verdict(server_side(), start + GET) == refused(ErrorCode.BAD_REQUEST_LINE)


def test_empty_lines_before_a_response() -> None:
    """Before a status line there is nothing."""
    bad = refused(ErrorCode.BAD_STATUS_LINE)
    stream = b"\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
    assert verdict(client_side(), stream) == bad


CONTROLS = {"VT": b"\x0b", "FF": b"\x0c", "FS": b"\x1c", "RS": b"\x1e"}


@pytest.mark.parametrize("end", CONTROLS.values(), ids=CONTROLS)
def test_control_octet_that_ends_lines_elsewhere(end: bytes) -> None:
    """What `str.splitlines` splits at is refused, or, where it is tolerated, splits nothing."""
    stream = post(b"A: b" + end + b"Content-Length: 5")
    assert verdict(server_side(), stream) == refused(ErrorCode.BAD_FIELD_LINE)
    for reader in server_side(ALL_FOR_REQUESTS).values():
        request, *rest = whole(reader, stream).events
        assert isinstance(request, Request)
        assert len(request.headers) == 2
        assert rest == [EndOfMessage()]


OBS_TEXT = {
    "next line in Latin-1": b"\x85",
    "next line in UTF-8": b"\xc2\x85",
    "line separator in UTF-8": b"\xe2\x80\xa8",
    "CR and LF of another alphabet": "\u560d\u560a".encode(),
}


@pytest.mark.parametrize("end", OBS_TEXT.values(), ids=OBS_TEXT)
def test_line_end_of_unicode(end: bytes) -> None:
    """What ends a line in Unicode is text in a value, and the value goes on behind it."""
    value = b"b" + end + b"Content-Length: 5"
    expected = taken(post_event(("A", value)), EndOfMessage())
    assert verdict(server_side(), post(b"A: " + value)) == expected
