"""A head that is read and written back is the same octets, or at least means the same.

The usual form has one space after each colon, none at the end of a line, and CRLF: a valid head in
that form comes back to the octet. From any other form that is valid or tolerated comes the usual
form of an equal event, and its own octets are there for the asking.
"""

import re
from itertools import product
from typing import Final

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from h11_events import FieldLine, InformationalResponse, ProtocolError, Request, Response
from h11_parser import (
    RequestParser,
    ResponseParser,
    Tolerance,
    write_request_head,
    write_response_head,
)
from tests.parser.reading import Parser
from tests.parser.strategies import FIELD_LINES, near_miss_heads
from tests.parser.strictness import FOR_REQUESTS, FOR_RESPONSES
from tests.strategies import (
    OBS_TEXT,
    VCHAR,
    casings,
    field_names,
    field_values,
    framings,
    methods,
    octets,
    reason_phrases,
    sections,
    targets,
)

Head = Request | InformationalResponse | Response

BLANKS: Final = [b"", b" ", b"\t", b"  ", b" \t "]

LONE_SPACE: Final = re.compile(rb"(?<![ \t]) (?![ \t])")
"""What a fold can stand for; all blanks beside it become one space (RFC 9112 section 5.2)."""


def parser_of(octets: bytes) -> Parser:
    """Return a parser for what octets begin like, which keeps heads and tolerates all it can."""
    if octets.startswith(b"HTTP/"):
        return ResponseParser(keep_heads=True, tolerate=FOR_RESPONSES)
    return RequestParser(keep_heads=True, tolerate=FOR_REQUESTS)


def strict_parser_of(octets: bytes) -> Parser:
    """Return a parser for what octets begin like, which tolerates targets of browsers alone."""
    if octets.startswith(b"HTTP/"):
        return ResponseParser(keep_heads=True, tolerate=Tolerance.NONE)
    return RequestParser(keep_heads=True, tolerate=Tolerance.UNENCODED_TARGET)


def read(parser: Parser, octets: bytes) -> Head:
    """Return the event that octets are, which are one head and nothing else."""
    parser.receive_data(octets)
    event = parser.next_event()
    assert isinstance(event, Head)
    assert parser.trailing_data == (b"", False)
    return event


def written(head: Head) -> bytes:
    """Return what the writers make of an event."""
    return write_request_head(head) if isinstance(head, Request) else write_response_head(head)


@st.composite
def start_lines(draw: st.DrawFn) -> bytes:
    """Draw a request line or a status line, of any version that there may be."""
    version = draw(st.sampled_from([b"HTTP/1.1", b"HTTP/1.1", b"HTTP/1.2", b"HTTP/1.9"]))
    if draw(st.booleans()):
        code = b"%d" % draw(st.integers(100, 999))
        return b" ".join([version, code, draw(reason_phrases())])
    method = draw(st.just(b"CONNECT") | methods())
    return b" ".join([method, draw(targets(method)), version])


@st.composite
def valid_heads(draw: st.DrawFn) -> tuple[bytes, list[FieldLine]]:
    """Draw a start line, and field lines with names and values in any casing, in any order."""
    line = draw(start_lines())
    host = st.tuples(casings(b"host"), st.sampled_from([b"", b"example.com", b"[::1]:8080"]))
    values = field_values() | octets(VCHAR + OBS_TEXT, min_size=1)
    others = st.lists(st.tuples(field_names(), values), max_size=3)
    return line, draw(sections(st.tuples(host).map(list), framings(), others))


def usual(line: bytes, fields: list[FieldLine]) -> bytes:
    """Return a head in the usual form."""
    return b"".join([line, b"\r\n", *(b"%b: %b\r\n" % field for field in fields), b"\r\n"])


@settings(max_examples=300)
@given(head=valid_heads())
@example((b"GET / HTTP/1.0", [(b"hOST", b"a")]))
@example((b"GET / HTTP/1.0", []))
@example((b"HTTP/1.0 200 OK", [(b"A", b"b"), (b"a", b"B"), (b"A", b"b")]))
@example((b"HTTP/1.1 200 ", [(b"TRANSFER-encoding", b"cHUNKED"), (b"A", b"b"), (b"A", b"")]))
@example((b"HTTP/1.1 200 OK", [(b"Content-Length", b"007")]))
def test_a_usual_head_comes_back_to_the_octet(head: tuple[bytes, list[FieldLine]]) -> None:
    """Order, casing, repeated names, values, version and reason phrase are those that came."""
    octets = usual(*head)
    for parser in (strict_parser_of(octets), parser_of(octets)):
        event = read(parser, octets)
        assert event.headers.raw_items() == head[1]
        assert written(event) == octets
        assert parser.last_head == octets


@settings(max_examples=300)
@given(head=valid_heads(), data=st.data())
def test_any_other_form_is_written_as_what_it_means(
    head: tuple[bytes, list[FieldLine]], data: st.DataObject
) -> None:
    """Blanks, folds, line ends and repeated lengths go; the octets themselves are kept."""
    line, fields = head
    blanks = st.sampled_from(BLANKS)
    ends = st.sampled_from([b"\r\n", b"\r\n", b"\n"])
    octets = line + data.draw(ends)
    for name, value in fields:
        folds = [b" ", b"\r\n ", b"\n\t "] if name.lower() != b"content-length" else [b" "]
        folded = LONE_SPACE.sub(data.draw(st.sampled_from(folds)), value)
        again = 1 + (name.lower() == b"content-length" and data.draw(st.integers(0, 2)))
        for _ in range(again):
            octets += b"%b:%b%b%b%b" % (
                name,
                *(data.draw(blanks), folded),
                *(data.draw(blanks), b""),
            )
            octets += data.draw(ends)
    octets += data.draw(ends)
    parser = parser_of(octets)
    event = read(parser, octets)
    assert parser.last_head == octets
    assert event == read(strict_parser_of(octets), usual(line, fields))
    assert written(event) == usual(line, event.headers.raw_items())
    assert read(strict_parser_of(octets), written(event)) == event


def is_taken_as_what_is_written(octets: bytes) -> bool:
    """Assert that a head is written as what it means, and return whether it was taken at all."""
    parser = parser_of(octets)
    parser.receive_data(octets)
    try:
        event = parser.next_event()
    except ProtocolError:
        return False
    if not isinstance(event, Head):
        return False
    assert read(parser_of(octets), written(event)) == event
    assert parser.last_head is not None
    assert octets.startswith(parser.last_head)
    assert read(parser_of(octets), parser.last_head) == event
    return True


@settings(max_examples=500)
@given(octets=near_miss_heads())
def test_whatever_is_read_is_written_as_what_it_means(octets: bytes) -> None:
    """However wrong a head may be, if it is taken, what is written is taken as the same."""
    is_taken_as_what_is_written(octets.lstrip(b"\r\n"))


@pytest.mark.parametrize("start_line", [b"GET /{} HTTP/1.0", b"HTTP/1.0 200", b"HTTP/1.9 100 a "])
def test_every_pair_of_lines(start_line: bytes) -> None:
    """Good or bad, tolerated or not, no line makes another one mean anything else."""
    pairs = product(FIELD_LINES, [b"Content-Length: 5", b"transfer-encoding: Chunked", b" A: b"])
    heads = [b"\n".join([start_line, *pair, b"", b""]) for pair in pairs]
    taken = list(map(is_taken_as_what_is_written, heads))
    assert taken.count(True) > 20
    assert taken.count(False) > 20


@pytest.mark.parametrize(
    ("octets", "kept"),
    [
        pytest.param(
            b"GET / HTTP/1.0\r\nContent-Length: 5\r\nA: b\r\ncontent-length: 5\r\n\r\n",
            b"GET / HTTP/1.0\r\nContent-Length: 5\r\nA: b\r\n\r\n",
            id="merged-lengths",
        ),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: , Chunked\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
            id="empty-elements",
        ),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\nContent-Length: 5\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n",
            id="one-framing",
        ),
        pytest.param(
            b"HTTP/1.1 200\r\nA:b\r\n", b"HTTP/1.1 200 \r\nA: b\r\n\r\n", id="spaces-added"
        ),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nA : b \r\nno colon\r\nB: c\r\n d\n\n",
            b"HTTP/1.1 200 OK\r\nA: b\r\nB: c d\r\n\r\n",
            id="what-is-tolerated",
        ),
    ],
)
def test_where_the_event_differs_from_the_wire(octets: bytes, kept: bytes) -> None:
    """The event has what the head means; the octets are there beside it."""
    octets += b"" if octets.endswith((b"\n\n", b"\r\n\r\n")) else b"\r\n"
    parser = parser_of(octets)
    assert written(read(parser, octets)) == kept
    assert parser.last_head == octets
