"""Heads, trailer sections and chunk headers as grammars: what a scan takes, and no octet more.

Beside each section stands the pattern of the same lines, written down from RFC 9112 anew. A scan
agrees with it if whatever matches is scanned to its end, and whatever a scan still waits for can be
completed to a match.
"""

import re
from bisect import bisect_left
from collections.abc import Callable
from functools import cache
from typing import Final, NamedTuple

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from h11_events import ErrorCode, LocalProtocolError
from h11_parser import Limits, Tolerance
from h11_parser._scan_states import Section
from h11_parser._sections import chunk_header, request_head, response_head, trailer_section
from tests.parser.readers import buffer_of
from tests.parser.strategies import (
    FIELD_LINES,
    OCTETS,
    mutations,
    near_miss_chunks,
    near_miss_heads,
)

TOKEN: Final = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
TEXT: Final = rb"\t\x20-\x7e\x80-\xff"
CONTROLS: Final = rb"\x01-\x08\x0b\x0c\x0e-\x1f\x7f"
LENGTHS: Final = rb"[ \t,]*(?:[0-9]{1,20}(?![0-9])[ \t,]*)*"


def line_end(tolerate: Tolerance) -> bytes:
    """Return the pattern of a line end (RFC 9112 section 2.2)."""
    return rb"\r?\n" if Tolerance.BARE_LF in tolerate else rb"\r\n"


def fields(tolerate: Tolerance, *, lengths: bool) -> bytes:
    """Return the pattern of field lines and the empty line after them (RFC 9112 section 5)."""
    end = line_end(tolerate)
    value = rb"[%b%b]*" % (TEXT, CONTROLS if Tolerance.CONTROL_OCTETS in tolerate else b"")
    name = TOKEN + (rb"[ \t]*" if Tolerance.BLANK_BEFORE_COLON in tolerate else b"") + b":"
    field = name + value
    if lengths:
        length = rb"(?i:content-length):"
        field = rb"(?:%b%b|(?!%b)%b)" % (length, LENGTHS, length, field)
    if Tolerance.OBS_FOLD in tolerate:
        field += rb"(?:%b[ \t]%b)*" % (end, value)
    field += end
    if Tolerance.INVALID_FIELD_LINES not in tolerate:
        return rb"(?:%b)*%b" % (field, end)
    invalid = rb"(?!%b)[%b%b]+%b" % (name, TEXT, CONTROLS, end)
    # Behind a field, a line that begins with a blank is no line of its own.
    after_field = rb"(?:(?![ \t])%b(?:%b)*)?" % (invalid, invalid)
    return rb"(?:%b)*(?:%b%b)*%b" % (invalid, field, after_field, end)


def pattern_of_request_head(tolerate: Tolerance) -> bytes:
    """Return the pattern of a request head, after any empty lines (RFC 9112 sections 2.2, 3)."""
    first = rb"[/*\[a-zA-Z0-9\-._~%!$&'()+,;=]"
    octets = rb"/*\[\]a-zA-Z0-9\-._~%!$&'()+,;=:@?"
    if Tolerance.UNENCODED_TARGET in tolerate:
        octets += rb"\"<>\\^`{|}"
    if Tolerance.NON_ASCII_TARGET in tolerate:
        octets += rb"\x80-\xff"
    preface = rb"PRI \* HTTP/2\.0\r\n\r\n"
    line = rb"(?!PRI \*)%b %b[%b]* HTTP/1\.[0-9]" % (TOKEN, first, octets)
    head = line + line_end(tolerate) + fields(tolerate, lengths=True)
    return rb"(?:\r\n)*(?:%b|%b)" % (preface, head)


def pattern_of_response_head(tolerate: Tolerance) -> bytes:
    """Return the pattern of a response head, where a space may be absent (RFC 9112 section 4)."""
    line = rb"HTTP/1\.[0-9] [1-9][0-9][0-9](?: [%b]*)?" % TEXT
    return line + line_end(tolerate) + fields(tolerate, lengths=True)


def pattern_of_trailer_section(tolerate: Tolerance) -> bytes:
    """Return the pattern of a trailer section (RFC 9112 section 7.1.2)."""
    return fields(tolerate, lengths=False)


def pattern_of_chunk_header(tolerate: Tolerance) -> bytes:
    """Return the pattern of the line before a chunk's data (RFC 9112 section 7.1)."""
    quoted = rb'"(?:[\t !\x23-\x5b\x5d-\x7e\x80-\xff]|\\[%b])*"' % TEXT
    value = rb"[ \t]*=[ \t]*(?:%b|%b)" % (TOKEN, quoted)
    extensions = rb"(?:[ \t]*;[ \t]*%b(?:%b)?)*" % (TOKEN, value)
    if Tolerance.BLANK_AFTER_CHUNK_SIZE in tolerate:
        extensions = rb"(?:%b|[ \t]*)" % extensions
    return rb"[0-9A-Fa-f]{1,20}%b\r\n" % extensions


def endings(octets: bytes) -> list[bytes]:
    """Return all ends of some octets, the longest first."""
    return [octets[start:] for start in range(len(octets))]


class Grammar(NamedTuple):
    """A section, and the pattern beside it."""

    build: Callable[[Tolerance, Limits], Section]
    pattern: Callable[[Tolerance], bytes]
    tolerances: tuple[Tolerance, ...]
    """What makes a difference to it."""

    completions: list[bytes]
    """What may follow in some place; in each place one of them may."""


OF_FIELDS: Final = (Tolerance.BARE_LF, Tolerance.OBS_FOLD, Tolerance.CONTROL_OCTETS)
OF_RESPONSES: Final = (*OF_FIELDS, Tolerance.BLANK_BEFORE_COLON, Tolerance.INVALID_FIELD_LINES)
AFTER_CR: Final = [b"\n\r\n", b"\n"]

GRAMMARS: Final = {
    "request head": Grammar(
        request_head,
        pattern_of_request_head,
        (*OF_FIELDS, Tolerance.UNENCODED_TARGET, Tolerance.NON_ASCII_TARGET),
        endings(b"\nx / HTTP/1.1\r\nA:\r\n\r\n") + endings(b"I * HTTP/2.0\r\n\r\n") + AFTER_CR,
    ),
    "response head": Grammar(
        response_head,
        pattern_of_response_head,
        OF_RESPONSES,
        endings(b"HTTP/1.1 200 OK\r\nA:\r\n\r\n") + AFTER_CR,
    ),
    "trailer section": Grammar(
        trailer_section,
        pattern_of_trailer_section,
        OF_RESPONSES,
        endings(b"A:\r\n\r\n") + AFTER_CR,
    ),
    "chunk header": Grammar(
        chunk_header,
        pattern_of_chunk_header,
        (Tolerance.BLANK_AFTER_CHUNK_SIZE,),
        endings(b'5;a="b\\c"\r\n'),
    ),
}


@cache
def section_of(name: str, tolerate: Tolerance) -> Section:
    """Return a section, with more room than anything here needs."""
    sizes = ("head_size", "field_count", "trailer_size", "chunk_extension_size")
    return GRAMMARS[name].build(tolerate, Limits(**dict.fromkeys(sizes, 10_000)))


@cache
def pattern_for(name: str, tolerate: Tolerance) -> re.Pattern[bytes]:
    """Return the pattern beside it."""
    return re.compile(GRAMMARS[name].pattern(tolerate))


def scan(section: Section, octets: bytes) -> int | LocalProtocolError | None:
    """Return what comes of some octets."""
    try:
        return buffer_of(octets)._scan(section)
    except LocalProtocolError as error:
        return error


def octets_to_refuse(section: Section, octets: bytes) -> int:
    """Return how many of some octets have to be there for the error."""
    places = range(len(octets))
    return bisect_left(places, True, key=lambda end: scan(section, octets[:end]) is not None)


def assert_agree(name: str, tolerate: Tolerance, octets: bytes) -> None:
    """Assert that a scan takes, waits for, and refuses what the pattern says."""
    pattern, section = pattern_for(name, tolerate), section_of(name, tolerate)
    result = scan(section, octets)
    match = pattern.match(octets)
    if isinstance(result, int):
        assert match is not None
        assert match.end() == result
        return
    assert match is None
    live, completions = octets, GRAMMARS[name].completions
    if result is not None:
        seen = octets_to_refuse(section, octets)
        assert not any(pattern.fullmatch(octets[:seen] + rest) for rest in completions)
        live = octets[: seen - 1]
    assert not live or any(pattern.fullmatch(live + rest) for rest in completions)


def tolerances(name: str) -> st.SearchStrategy[Tolerance]:
    """Return a strategy of the tolerances that make a difference to a section."""
    members = st.sets(st.sampled_from(GRAMMARS[name].tolerances))

    def together(drawn: set[Tolerance]) -> Tolerance:
        """Return a set of members as one flag."""
        result = Tolerance.NONE
        for member in drawn:
            result |= member
        return result

    return members.map(together)


def near_misses(name: str) -> st.SearchStrategy[bytes]:
    """Return a strategy of lines that nearly are what a section is, or are it."""
    lines = st.lists(st.sampled_from(FIELD_LINES), max_size=3)
    ends = st.sampled_from([b"\r\n"] * 6 + [b"\n", b"\r", b"\r\n "])
    section = st.builds(lambda drawn, end: end.join([*drawn, b"", b""]), lines, ends)
    match name:
        case "trailer section":
            return section | section.flatmap(mutations)
        case "chunk header":
            sizes = st.sampled_from([b"5", b"0aF", b"f" * 20, b"5 ", b"5\t;", b"5;a=b", b'5;a="b"'])
            rest = st.lists(st.sampled_from([*OCTETS, b'"', b"\\", b"=", b"ab"]), max_size=6)
            return near_miss_chunks() | st.builds(lambda a, b: a + b"".join(b), sizes, rest)
    return near_miss_heads() | near_miss_heads().flatmap(mutations)


each_grammar = pytest.mark.parametrize("name", GRAMMARS)


@each_grammar
@settings(max_examples=150)
@given(data=st.data())
def test_near_misses(name: str, data: st.DataObject) -> None:
    """Lines that may be wrong anywhere are taken, waited for or refused as the pattern says."""
    assert_agree(name, data.draw(tolerances(name)), data.draw(near_misses(name)))


@each_grammar
@settings(max_examples=60)
@given(data=st.data())
def test_whatever_matches(name: str, data: st.DataObject) -> None:
    """All that the pattern has is taken, and so is nearly all of it, or refused."""
    tolerate = data.draw(tolerances(name))
    octets = data.draw(st.from_regex(pattern_for(name, tolerate), fullmatch=True))
    assert scan(section_of(name, tolerate), octets) == len(octets)
    assert_agree(name, tolerate, data.draw(mutations(octets)))


PLACES: Final = {
    "request head": [
        *(b"", b"G", b"GET ", b"GET /", b"GET / HTTP/1", b"GET / HTTP/1.1", b"GET / HTTP/1.1\r"),
        *(b"GET / HTTP/1.1\r\n", b"GET / HTTP/1.1\r\nA", b"GET / HTTP/1.1\r\nA:"),
        *(
            b"GET / HTTP/1.1\r\nA: b\r",
            b"GET / HTTP/1.1\r\nA: b\r\n",
            b"GET / HTTP/1.1\r\nA:\r\n\r",
        ),
        *(b"GET / HTTP/1.1\r\nConten", b"GET / HTTP/1.1\r\nContent-Length: 1"),
    ],
    "response head": [
        *(b"", b"HTTP/", b"HTTP/1.", b"HTTP/1.1", b"HTTP/1.1 ", b"HTTP/1.1 2", b"HTTP/1.1 20"),
        *(b"HTTP/1.1 200", b"HTTP/1.1 200 ", b"HTTP/1.1 200 OK", b"HTTP/1.1 200\r"),
        *(
            b"HTTP/1.1 200\r\n",
            b"HTTP/1.1 200\r\n(",
            b"HTTP/1.1 200\r\n(\r\n",
            b"HTTP/1.1 200\r\na ",
        ),
    ],
    "trailer section": [
        *(b"", b"A", b"A ", b"A:", b"A: b", b"A: b\r", b"A: b\r\n", b"A: b\r\n ", b"\r", b"A: b\n"),
        *(b"Content-Length: 1", b"A(", b"A\r\n", b"(\r\n", b"A: b\r\n("),
    ],
    "chunk header": [
        *(b"", b"5", b"5 ", b"5\r", b"5;", b"5; ", b"5;a", b"5;a ", b"5;a=", b"5;a= ", b"5;a=b"),
        *(b'5;a="', b'5;a="\\', b'5;a="b"', b"5;a=b ", b'5;a="b" ', b"f" * 19, b"f" * 20),
    ],
}


@pytest.mark.parametrize(("name", "place"), [(n, p) for n in PLACES for p in PLACES[n]], ids=repr)
def test_every_octet_in_every_place(name: str, place: bytes) -> None:
    """Whichever octet comes next, with none of the tolerances or all."""
    members = GRAMMARS[name].tolerances
    everything = Tolerance.NONE
    for member in members:
        everything |= member
    for tolerate in (Tolerance.NONE, everything):
        for octet in range(256):
            assert_agree(name, tolerate, place + bytes([octet]))


@each_grammar
@example(octets=b"5\r\n")
@example(octets=b"HTTP/1.1 200\n\n")
@given(octets=st.binary(max_size=12))
def test_other_tolerances_make_no_difference(name: str, octets: bytes) -> None:
    """What has nothing to do with a section changes nothing in it."""
    others = ~Tolerance.NONE
    for member in GRAMMARS[name].tolerances:
        others &= ~member
    assert_agree(name, Tolerance.NONE, octets)
    plain, other = (scan(section_of(name, each), octets) for each in (Tolerance.NONE, others))
    assert str(plain) == str(other)


def test_what_a_section_is_bounded_by() -> None:
    """Each section has its limit, and says so in its errors."""
    limits = Limits(head_size=1, field_count=2, trailer_size=3, chunk_extension_size=4)
    sections = [grammar.build(Tolerance.NONE, limits) for grammar in GRAMMARS.values()]
    assert [section.size for section in sections] == [1, 1, 3, 4]
    assert [section.size_name for section in sections] == [
        "Limits.head_size",
        "Limits.head_size",
        "Limits.trailer_size",
        "Limits.chunk_extension_size",
    ]
    assert [section.code for section in sections] == [
        ErrorCode.HEAD_TOO_LARGE,
        ErrorCode.HEAD_TOO_LARGE,
        ErrorCode.TRAILERS_TOO_LARGE,
        ErrorCode.CHUNK_EXTENSIONS_TOO_LARGE,
    ]
    assert [section.field_count for section in sections] == [2, 2, 2, 0]
    assert [section.line_code for section in sections] == [
        ErrorCode.REQUEST_LINE_TOO_LONG,
        None,
        None,
        None,
    ]


@pytest.mark.parametrize(
    ("name", "octets", "code", "what"),
    [
        ("request head", b"GET / X", ErrorCode.BAD_REQUEST_LINE, "request line"),
        ("request head", b"GET / HTTP/2", ErrorCode.UNSUPPORTED_VERSION, "HTTP version"),
        ("request head", b"GET / HTTP/1.1\r\n(", ErrorCode.BAD_FIELD_LINE, "field line"),
        ("response head", b"HTTP/1.1 0", ErrorCode.BAD_STATUS_LINE, "status line"),
        ("response head", b"HTTP/0", ErrorCode.UNSUPPORTED_VERSION, "HTTP version"),
        ("response head", b"HTTP/1.1 200\r\nA ", ErrorCode.BAD_FIELD_LINE, "field line"),
        (
            "response head",
            b"HTTP/1.1 200\r\nCoNtEnT-lEnGtH: x",
            ErrorCode.BAD_FRAMING,
            "Content-Length",
        ),
        ("trailer section", b"A: b\r\n ", ErrorCode.BAD_FIELD_LINE, "field line"),
        ("chunk header", b"x", ErrorCode.BAD_CHUNK, "chunk header"),
        ("chunk header", b"5;a;\r", ErrorCode.BAD_CHUNK, "chunk header"),
    ],
)
def test_codes(name: str, octets: bytes, code: ErrorCode, what: str) -> None:
    """The error says what is malformed, not just what is read."""
    section = section_of(name, Tolerance.NONE)
    error = scan(section, octets)
    assert isinstance(error, LocalProtocolError)
    assert scan(section, octets[:-1]) is None
    assert error.code is code
    assert str(error).startswith(f"illegal {what}: ")


def test_content_length_is_a_field_like_any_other_in_a_trailer_section() -> None:
    """There it frames nothing, and is refused or left out for its name alone."""
    octets = b"Content-Length: +5\r\n\r\n"
    assert scan(section_of("trailer section", Tolerance.NONE), octets) == len(octets)


@pytest.mark.parametrize("tolerance", OF_RESPONSES, ids=lambda tolerance: tolerance.name)
@pytest.mark.parametrize("size", range(1, len("content-length") + 1))
@pytest.mark.parametrize(
    "rest", [b"x: \x0b", b"x: ", b"x y", b"x : y", b"/: z", b"x\x01"], ids=repr
)
def test_names_that_begin_like_content_length(size: int, rest: bytes, tolerance: Tolerance) -> None:
    """Where a name begins as that one does, the line is held to the same rules as any other."""
    line = b"HTTP/1.1 200\r\n" + b"content-length"[:size] + rest
    for octets in (line + b"\r\n\r\n", line + b"\r\n continued\r\n\r\n"):
        assert_agree("response head", tolerance, octets)
