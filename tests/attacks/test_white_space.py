"""White space where the grammar has none, or other white space than it has.

Attack: a blank before a colon, a tab in a request line or a no-break space makes one reader see
another name, another target or another number of words than the next one. Answer: one SP between
the parts of a start line, SP and HTAB around a value, and nothing else anywhere (RFC 9112 sections
3, 4 and 5.1); a blank before a colon can be tolerated from servers, and then the name is the name.
"""

import pytest

from h11_events import Data, EndOfMessage, ErrorCode
from h11_parser import Tolerance
from tests.attacks.harness import (
    ALL_FOR_REQUESTS,
    ALL_FOR_RESPONSES,
    client_side,
    ok,
    ok_event,
    post,
    post_event,
    refused,
    server_side,
    taken,
    verdict,
)

REQUEST_LINES = {
    "space before": b" GET / HTTP/1.1",
    "tab before": b"\tGET / HTTP/1.1",
    "two spaces before the target": b"GET  / HTTP/1.1",
    "two spaces before the version": b"GET /  HTTP/1.1",
    "space behind": b"GET / HTTP/1.1 ",
    "tab behind": b"GET / HTTP/1.1\t",
    "tab before the target": b"GET\t/ HTTP/1.1",
    "tab before the version": b"GET /\tHTTP/1.1",
    "VT before the target": b"GET\x0b/ HTTP/1.1",
    "FF before the version": b"GET /\x0cHTTP/1.1",
    "no-break space before the target": b"GET\xa0/ HTTP/1.1",
    "no-break space before the version": b"GET /\xa0HTTP/1.1",
    "space in the method": b"G ET / HTTP/1.1",
    "space in the target": b"GET /a b HTTP/1.1",
    "tab in the target": b"GET /a\tb HTTP/1.1",
    "space in the version": b"GET / HTTP/ 1.1",
    "space before the slash of the version": b"GET / HTTP /1.1",
    "space before the dot of the version": b"GET / HTTP/1 .1",
    "a word behind": b"GET / HTTP/1.1 HTTP/1.1",
    "two request lines": b"GET / HTTP/1.1 GET / HTTP/1.1",
    "NUL for a space": b"GET\x00/ HTTP/1.1",
    "no target": b"GET HTTP/1.1",
    "no method": b"/ HTTP/1.1",
    "nothing but spaces": b"   ",
}


@pytest.mark.parametrize("line", REQUEST_LINES.values(), ids=REQUEST_LINES)
def test_request_line(line: bytes) -> None:
    """A request line is three words with one SP between them, whatever is tolerated."""
    stream = line + b"\r\nHost: a\r\n\r\n"
    bad = refused(ErrorCode.BAD_REQUEST_LINE)
    assert verdict(server_side(), stream) == bad
    assert verdict(server_side(ALL_FOR_REQUESTS), stream) == bad


STATUS_LINES = {
    "space before": b" HTTP/1.1 200 OK",
    "two spaces before the code": b"HTTP/1.1  200 OK",
    "tab before the code": b"HTTP/1.1\t200 OK",
    "tab before the reason": b"HTTP/1.1 200\tOK",
    "VT before the reason": b"HTTP/1.1 200\x0bOK",
    "no space before the reason": b"HTTP/1.1 200OK",
    "two digits": b"HTTP/1.1 20 OK",
    "four digits": b"HTTP/1.1 2000 OK",
    "space in the code": b"HTTP/1.1 2 0 OK",
    "sign": b"HTTP/1.1 +20 OK",
    "superscript two": b"HTTP/1.1 \xb2\xb2\xb2 OK",
    "below 100": b"HTTP/1.1 099 OK",
    "no code": b"HTTP/1.1 OK",
    "no version": b"200 OK",
    "NUL in the reason": b"HTTP/1.1 200 O\x00K",
    "CR in the reason": b"HTTP/1.1 200 O\rK",
}


@pytest.mark.parametrize("line", STATUS_LINES.values(), ids=STATUS_LINES)
def test_status_line(line: bytes) -> None:
    """A status line is as strict, whatever is tolerated."""
    readers = client_side(tolerate=ALL_FOR_RESPONSES)
    assert verdict(readers, line + b"\r\n\r\n") == refused(ErrorCode.BAD_STATUS_LINE)


REASONS = {
    "no space": (b"", b""),
    "empty": (b" ", b""),
    "tab": (b" \tO\tK", b"\tO\tK"),
    "blanks": (b"  OK ", b" OK "),
    "obs-text": (b" \xe9\xff", b"\xe9\xff"),
}


@pytest.mark.parametrize(("octets", "reason"), REASONS.values(), ids=REASONS)
def test_reason_phrase(octets: bytes, reason: bytes) -> None:
    """White space of a reason phrase is part of it, and its lack is no fault."""
    stream = b"HTTP/1.1 204" + octets + b"\r\n\r\n"
    for tolerate in (Tolerance.NONE, None):
        event, _ = verdict(client_side(tolerate=tolerate), stream).events
        assert getattr(event, "reason", None) == reason


FIELD_LINES = {
    "space before the colon": b"A : b",
    "tab before the colon": b"A\t: b",
    "space in the name": b"A A: b",
    "VT behind the name": b"A\x0b: b",
    "NUL behind the name": b"A\x00: b",
    "CR behind the name": b"A\r: b",
    "DEL behind the name": b"A\x7f: b",
    "no-break space behind the name": b"A\xa0: b",
    "no-break space before the name": b"\xa0A: b",
    "letter above ASCII": b"\xc4: b",
    "no name": b": b",
    "colon alone": b":",
    "no colon": b"A",
    "no colon, two words": b"A b",
    "quoted": b'"A": b',
    "in brackets": b"(A): b",
    "comma": b"A,B: b",
    "semicolon": b"A;B: b",
    "slash": b"A/B: b",
    "at": b"A@B: b",
    "NUL in the value": b"A: \x00",
    "CR in the value": b"A: b\rc",
    "CR before the value": b"A:\rb",
}


@pytest.mark.parametrize("line", FIELD_LINES.values(), ids=FIELD_LINES)
def test_field_line(line: bytes) -> None:
    """A field line is a token, a colon and a value; a server takes nothing else at all."""
    bad = refused(ErrorCode.BAD_FIELD_LINE)
    assert verdict(server_side(ALL_FOR_REQUESTS), post(line)) == bad
    assert verdict(server_side(ALL_FOR_REQUESTS), post(b"A: b", line, b"C: d")) == bad
    assert verdict(client_side(), ok(line)) == bad


@pytest.mark.parametrize("blank", [b" ", b"\t", b"  "], ids=["space", "tab", "two"])
def test_blank_before_the_first_field(blank: bytes) -> None:
    """There is nothing yet that such a line could go on from, though folds be tolerated."""
    bad = refused(ErrorCode.BAD_FIELD_LINE)
    stream = b"GET / HTTP/1.1\r\n" + blank + b"A: b\r\nHost: a\r\n\r\n"
    assert verdict(server_side(ALL_FOR_REQUESTS), stream) == bad
    stream = b"HTTP/1.1 204 OK\r\n" + blank + b"A: b\r\n\r\n"
    assert verdict(client_side(), stream) == bad


WHITE_SPACE_IN_PLACE = {
    "none": (b"A:b", b"b"),
    "spaces": (b"A:  b  ", b"b"),
    "tabs": (b"A:\tb\t", b"b"),
    "inside": (b"A: b \t c", b"b \t c"),
    "empty": (b"A:", b""),
    "nothing but blanks": (b"A: \t ", b""),
    "no-break space": (b"A: \xa0b\xa0", b"\xa0b\xa0"),
    "colons": (b"A: :b: c", b":b: c"),
}


@pytest.mark.parametrize(("line", "value"), WHITE_SPACE_IN_PLACE.values(), ids=WHITE_SPACE_IN_PLACE)
def test_white_space_around_a_value(line: bytes, value: bytes) -> None:
    """SP and HTAB around a value are taken off, and nothing else is."""
    expected = taken(post_event(("A", value)), EndOfMessage())
    assert verdict(server_side(Tolerance.NONE), post(line)) == expected


def test_tolerated_blank_before_a_colon() -> None:
    """The blank is dropped, not hidden: the field counts by its name, and is passed on clean."""
    stream = ok(b"Transfer-Encoding \t: chunked", body=b"5\r\nhello\r\n0\r\n\r\n")
    tolerate = Tolerance.RESPONSES | Tolerance.BLANK_BEFORE_COLON
    event = ok_event(("Transfer-Encoding", "chunked"))
    expected = taken(event, Data(b"hello"), EndOfMessage())
    assert verdict(client_side(tolerate=tolerate), stream) == expected


@pytest.mark.parametrize(
    "line",
    [b"Content Length: 1", b"no colon", b": 1", b"\xa0Content-Length: 1", b"Content-Length\x0b: 1"],
)
def test_tolerated_invalid_field_line(line: bytes) -> None:
    """A line that is no field is left out as a whole; nothing is made of a part of it."""
    stream = ok(line, b"Content-Length: 5", body=b"hello")
    tolerate = Tolerance.RESPONSES | Tolerance.INVALID_FIELD_LINES
    expected = taken(ok_event(("Content-Length", "5")), Data(b"hello"), EndOfMessage())
    assert verdict(client_side(tolerate=tolerate), stream) == expected
