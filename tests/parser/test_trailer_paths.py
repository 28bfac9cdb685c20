"""The quick way to read a trailer section gives what the slow way gives, for any section at all.

A section in the usual form is split in a handful of calls, any other is scanned and read line by
line. Here every section goes both ways: once as it is, once with the quick way closed.
"""

from itertools import product
from typing import Final, NamedTuple
from unittest.mock import patch

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from h11_events import EndOfMessage, FieldLine, LocalProtocolError
from h11_parser import (
    ChunkedReader,
    Dialect,
    Limits,
    ReceiveBuffer,
    _body_readers,
    request_dialect,
    response_dialect,
    write_field_lines,
)
from tests.parser.readers import buffer_of
from tests.parser.reading import Fault, fault_of
from tests.parser.strategies import FIELD_LINES, OCTETS
from tests.parser.strictness import FOR_REQUESTS, FOR_RESPONSES, REQUEST_SETS, RESPONSE_SETS
from tests.strategies import trailers

DIALECTS: Final = [
    *(request_dialect(None, tolerate, None) for tolerate in REQUEST_SETS.values()),
    *(response_dialect(None, tolerate, None) for tolerate in RESPONSE_SETS.values()),
]
ANY_SIZE: Final = request_dialect(4, None, None)
USUAL: Final = [request_dialect(), response_dialect()]


class Reading(NamedTuple):
    """What came of a trailer section."""

    end: EndOfMessage | None
    raw_items: list[FieldLine]
    fault: Fault | None
    rest: bytes


def reading(section: bytes, dialect: Dialect) -> Reading:
    """Return what comes of octets after the last chunk."""
    buffer = buffer_of(b"0\r\n" + section)
    try:
        end = ChunkedReader(dialect).read(buffer)
    except LocalProtocolError as error:
        return Reading(None, [], fault_of(error), b"")
    assert end is None or isinstance(end, EndOfMessage)
    return Reading(end, end.headers.raw_items() if end else [], None, bytes(buffer))


def line_by_line(section: bytes, dialect: Dialect) -> Reading:
    """Return what comes of them if no section counts as being in the usual form."""
    with patch.object(_body_readers, "read_usual_trailer_section", lambda _octets, _dialect: None):
        return reading(section, dialect)


def assert_both_ways_agree(section: bytes, dialects: list[Dialect] = DIALECTS) -> None:
    """Assert that both ways lead to the same, however tolerant."""
    for dialect in dialects:
        assert reading(section, dialect) == line_by_line(section, dialect), section


@settings(max_examples=200)
@given(
    fragments=st.lists(st.sampled_from([*OCTETS, b": ", b"a: b\r\n", b"\r\n "]), max_size=12),
    rest=st.sampled_from([b"", b"rest", b"GET / HTTP/1.1\r\n\r\n"]),
)
@example(fragments=[b"A:", b"\r\na: b"], rest=b"")
@example(fragments=[b"A: a\n\n", b"GET /x HTTP/1.1"], rest=b"")
@example(fragments=[b"A: a\r\n", b"no colon"], rest=b"")
@example(fragments=[b"a\r\nA: b"], rest=b"")
@example(fragments=[b"a: b\rc: d\n"], rest=b"rest")
def test_any_fragments(fragments: list[bytes], rest: bytes) -> None:
    """Fragments put together without any sense are read alike, or refused alike."""
    assert_both_ways_agree(b"".join(fragments) + b"\r\n\r\n" + rest)


def test_every_short_section() -> None:
    """Every section of up to five of the octets that matter is read alike, or refused alike."""
    for length in range(6):
        for section in map(bytes, product(b"a: \t\r\n", repeat=length)):
            assert_both_ways_agree(section + b"\r\n\r\n", USUAL)


def test_every_octet_everywhere() -> None:
    """Any octet, in place of any one of a section or put between, is read or refused alike."""
    section = b"A: b\r\nC:d"
    for place in range(len(section)):
        for after in (place, place + 1):
            for octet in range(256):
                octets = section[:place] + bytes([octet]) + section[after:] + b"\r\n\r\n"
                assert_both_ways_agree(octets, USUAL)


@pytest.mark.parametrize("line", [*FIELD_LINES, b"Host: a", b"content-length: 5"], ids=repr)
def test_every_pair_of_lines(line: bytes) -> None:
    """A good or bad line, or one that comes too late, spoils or saves no line beside it."""
    for other in (b"A: b", b"A:b", b"A:", b"A:  b ", b" A", b"A"):
        for lines in ([line, other], [other, line], [other, line, other]):
            assert_both_ways_agree(b"\r\n".join([*lines, b"", b""]))


@pytest.mark.parametrize("count", range(5))
def test_fields_are_counted_on_either_way(count: int) -> None:
    """A section with one field more than allowed is refused alike; one with as many is read."""
    limits = Limits(field_count=2)
    section = b"".join(b"A%d: b\r\n" % number for number in range(count)) + b"\r\n"
    for dialect in (
        request_dialect(None, FOR_REQUESTS, limits),
        response_dialect(None, FOR_RESPONSES, limits),
    ):
        assert_both_ways_agree(section, [dialect])
        assert (reading(section, dialect).end is not None) is (count <= 2)


@pytest.mark.parametrize("size", range(8, 14))
def test_octets_are_counted_on_either_way(size: int) -> None:
    """A section of more bytes than allowed is refused alike; one of as many is read."""
    section = b"A: bcde\r\n\r\n"
    dialect = request_dialect(None, None, Limits(trailer_size=size))
    assert_both_ways_agree(section, [dialect, ANY_SIZE])
    assert (reading(section, dialect).end is not None) is (size >= len(section))
    assert reading(section, ANY_SIZE).end is not None


@given(fields=trailers().filter(bool))
def test_usual_sections_go_the_quick_way(fields: list[FieldLine]) -> None:
    """What we write, save tabs, is read without looking at single lines."""
    fields = [(name, value.replace(b"\t", b"-")) for name, value in fields]
    section = write_field_lines(EndOfMessage(headers=fields).headers)
    with patch.object(ReceiveBuffer, "_scan", side_effect=AssertionError):
        quick = reading(section, USUAL[0])
    assert quick == line_by_line(section, USUAL[0])
    assert quick.raw_items == fields


def test_no_trailers_are_read_at_once() -> None:
    """Where the empty line comes first, no octet after it is looked at (RFC 9112 section 7.1.2)."""
    with patch.object(ReceiveBuffer, "_scan", side_effect=AssertionError):
        assert reading(b"\r\nA: b\r\n\r\n", USUAL[0]) == Reading(
            EndOfMessage(), [], None, b"A: b\r\n\r\n"
        )
