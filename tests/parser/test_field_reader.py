"""Scanned lines become headers: what is tolerated is made into what is legal (RFC 9112 section 5).

The lines here are those that a scan lets through; whole heads are read in `test_field_lines`.
"""

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from h11_events import FORBIDDEN_IN_TRAILERS, ErrorCode, FieldLine, LocalProtocolError
from h11_parser import Dialect, Tolerance
from h11_parser._buffer import lines_of
from h11_parser._field_reader import read_header_section, read_trailer_section
from tests.parser.readers import for_requests, for_responses
from tests.strategies import casings, field_names, field_values, header_lists

NONE: Final = for_responses(Tolerance.NONE)
FOLDS: Final = for_requests(Tolerance.OBS_FOLD)
BLANKS: Final = for_responses(Tolerance.BLANK_BEFORE_COLON)
INVALID: Final = for_responses(Tolerance.INVALID_FIELD_LINES)
REPEATED: Final = for_responses(Tolerance.REPEATED_CHUNKED)
LATE: Final = for_responses(Tolerance.FORBIDDEN_TRAILERS)


@pytest.mark.parametrize(
    ("section", "lines"),
    [
        (b"\r\n", []),
        (b"\n", []),
        (b"A: b\r\n\r\n", [b"A: b"]),
        (b"A: b\n\n", [b"A: b"]),
        (b"A: b\r\nC:\n d\r\n\n", [b"A: b", b"C:", b" d"]),
        (b"GET / HTTP/1.1\nHost: a\r\n\r\n", [b"GET / HTTP/1.1", b"Host: a"]),
    ],
    ids=repr,
)
def test_lines_of_a_section(section: bytes, lines: list[bytes]) -> None:
    """The lines come without their ends of either kind, and without the empty one."""
    assert lines_of(section) == lines


@given(
    lines=st.lists(st.binary(min_size=1).map(lambda line: line.translate(None, b"\r\n") + b"x")),
    ends=st.lists(st.sampled_from([b"\r\n", b"\n"]), min_size=30, max_size=30),
)
def test_lines_come_back(lines: list[bytes], ends: list[bytes]) -> None:
    """Whatever ends they were joined with, the lines are those that were joined."""
    section = b"".join(line + end for line, end in zip([*lines[:20], b""], ends, strict=False))
    assert lines_of(section) == lines[:20]


@pytest.mark.parametrize(
    ("line", "value"),
    [
        (b"A:b", b"b"),
        (b"A: b", b"b"),
        (b"A:\t b \t", b"b"),
        (b"A:", b""),
        (b"A: \t", b""),
        (b"A: b\tc: d", b"b\tc: d"),
        (b"A: \xa0b\x85", b"\xa0b\x85"),
        (b"A: \x1cb\x0b", b"\x1cb\x0b"),
    ],
    ids=repr,
)
def test_values(line: bytes, value: bytes) -> None:
    """A value is what is behind the colon, without SP and HTAB around it, and no other octet."""
    for dialect in (NONE, FOLDS, BLANKS, INVALID, REPEATED):
        assert read_header_section([line], dialect).raw_items() == [(b"A", value)]
        assert read_trailer_section([line], dialect).raw_items() == [(b"A", value)]


@given(lines=header_lists(), blank=st.sampled_from([b"", b" ", b"\t", b" \t "]))
def test_field_lines_come_back(lines: list[FieldLine], blank: bytes) -> None:
    """Whatever the fields are, and whatever blanks are around their values."""
    written = [name + b":" + blank + value + blank for name, value in lines]
    for dialect in (NONE, FOLDS, BLANKS, INVALID, REPEATED):
        assert read_header_section(written, dialect).raw_items() == lines


def test_no_lines_are_no_fields() -> None:
    """A section may be empty."""
    assert read_header_section([], NONE) == []
    assert read_trailer_section([], NONE) == []


@pytest.mark.parametrize(
    ("lines", "value"),
    [
        ([b"A: b", b" c"], b"b c"),
        ([b"A: b \t", b"\t \tc \t"], b"b c"),
        ([b"A: b", b" c", b"\td"], b"b c d"),
        ([b"A:", b" b"], b"b"),
        ([b"A: b", b" "], b"b"),
        ([b"A: b", b" ", b"\t", b" c"], b"b   c"),
        ([b"A: ", b" ", b"\t"], b""),
        ([b"A: b", b" c: d"], b"b c: d"),
    ],
    ids=repr,
)
def test_folds(lines: list[bytes], value: bytes) -> None:
    """Each fold, with the blanks around it, is one space (RFC 9112 section 5.2)."""
    expected = [(b"A", value), (b"E", b"f")]
    assert read_header_section([*lines, b"E: f"], FOLDS).raw_items() == expected
    assert read_trailer_section([*lines, b"E: f"], FOLDS).raw_items() == expected


@given(
    name=field_names(),
    pieces=st.lists(field_values(), min_size=1, max_size=5),
    blanks=st.lists(st.sampled_from([b" ", b"\t", b"  \t"]), min_size=5, max_size=5),
)
def test_a_folded_value_is_its_pieces(
    name: bytes, pieces: list[bytes], blanks: list[bytes]
) -> None:
    """Pieces of a value that are folded anyhow are joined with one space each."""
    lines = [name + b":" + pieces[0]]
    lines += [blank + piece for blank, piece in zip(blanks, pieces[1:], strict=False)]
    value = b" ".join(pieces).strip(b" \t")
    assert read_header_section(lines, FOLDS).raw_items() == [(name, value)]


def test_blanks_before_a_colon_are_dropped() -> None:
    """They are no part of the name (RFC 9112 section 5.1)."""
    lines = [b"A : b", b"C\t \t:d", b"E:f"]
    expected = [(b"A", b"b"), (b"C", b"d"), (b"E", b"f")]
    assert read_header_section(lines, BLANKS).raw_items() == expected
    assert read_trailer_section(lines, BLANKS).raw_items() == expected


@pytest.mark.parametrize(
    "line",
    [
        b"no colon",
        b"name",
        b": b",
        b":",
        b"a b: c",
        b"a(: b",
        b"\xe9: b",
        b"a : b",
        b"\x01",
        b"a\t:",
    ],
    ids=repr,
)
def test_lines_that_are_no_field_lines_are_left_out(line: bytes) -> None:
    """What a scan lets through, and is no field line, is dropped; the others stay."""
    for lines in ([line], [line, line]):
        assert read_header_section(lines, INVALID) == []
        around = [b"A: b", *lines, b"C: d"]
        assert read_header_section(around, INVALID) == [(b"a", b"b"), (b"c", b"d")]
        assert read_trailer_section(around, INVALID) == [(b"a", b"b"), (b"c", b"d")]


def test_what_continues_a_line_that_is_left_out_goes_with_it() -> None:
    """No part of it is taken for a part of another field, or for one of its own."""
    for dialect in (INVALID, for_responses(Tolerance.INVALID_FIELD_LINES | Tolerance.OBS_FOLD)):
        for lines in ([b" a: b"], [b"no colon", b" a: b", b"\tc"], [b"\t", b" a: b"]):
            assert read_header_section([*lines, b"C: d"], dialect) == [(b"c", b"d")]
    folds = for_responses(Tolerance.INVALID_FIELD_LINES | Tolerance.OBS_FOLD)
    lines = [b"A: b", b" c", b"(: d", b" e", b"F: g", b" h"]
    assert read_header_section(lines, folds) == [(b"a", b"b c"), (b"f", b"g h")]


@pytest.mark.parametrize("value", [b"chunked", b"Chunked", b"CHUNKED"], ids=repr)
def test_chunked_that_is_there_once_stays_as_it_is(value: bytes) -> None:
    """Where nothing is repeated there is nothing to be made right."""
    line = b"Transfer-Encoding: " + value
    for dialect in (NONE, REPEATED):
        assert read_header_section([line], dialect).raw_items() == [(b"Transfer-Encoding", value)]


CHUNKED_TWICE: Final = [
    [b"Transfer-Encoding: chunked, chunked"],
    [b"Transfer-Encoding: chunked", b"transfer-encoding: CHUNKED"],
    [b"Transfer-Encoding: ,chunked,,Chunked", b"Transfer-Encoding:", b"Transfer-Encoding:chunked"],
]


@pytest.mark.parametrize("lines", CHUNKED_TWICE, ids=["list", "lines", "both"])
def test_repeated_chunked_is_there_once(lines: list[bytes]) -> None:
    """All are one, in the place and the casing of the first; other fields stay where they are."""
    coding = (b"Transfer-Encoding", b"chunked")
    assert read_header_section(lines, REPEATED).raw_items() == [coding]
    around = [b"A: b", lines[0], b"C: d", *lines[1:], b"A: e"]
    expected = [(b"A", b"b"), coding, (b"C", b"d"), (b"A", b"e")]
    assert read_header_section(around, REPEATED).raw_items() == expected
    with pytest.raises(LocalProtocolError) as raised:
        read_header_section(around, NONE)
    assert raised.value.code is ErrorCode.BAD_FRAMING


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (b"", ErrorCode.BAD_FRAMING),
        (b",", ErrorCode.BAD_FRAMING),
        (b"gzip", ErrorCode.BAD_FRAMING),
        (b"chunked, gzip", ErrorCode.BAD_FRAMING),
        (b"chunked, gzip, chunked", ErrorCode.BAD_FRAMING),
        (b"gzip, chunked, chunked", ErrorCode.BAD_FRAMING),
        (b"gzip, chunked", ErrorCode.UNSUPPORTED_CODING),
    ],
    ids=repr,
)
def test_other_codings_are_refused_all_the_same(value: bytes, code: ErrorCode) -> None:
    """That `chunked` may be repeated makes no other coding understood."""
    for dialect in (NONE, REPEATED):
        with pytest.raises(LocalProtocolError) as raised:
            read_header_section([b"Transfer-Encoding: " + value], dialect)
        assert raised.value.code is code


@given(
    line=st.builds(
        lambda name, value: name + b": " + value,
        st.sampled_from(sorted(FORBIDDEN_IN_TRAILERS)).flatmap(casings),
        st.sampled_from([b"", b"1", b"chunked"]),
    )
)
def test_fields_that_come_too_late(line: bytes) -> None:
    """In a trailer section they are left out, or all of it is refused (RFC 9110 section 6.5.1)."""
    name = line.partition(b":")[0].lower()
    for lines, rest in (
        ([line], []),
        ([b"A: b", line, b"C: d"], [(b"A", b"b"), (b"C", b"d")]),
        ([line, b"A: b", line], [(b"A", b"b")]),
    ):
        assert read_trailer_section(lines, LATE).raw_items() == rest
        with pytest.raises(LocalProtocolError) as raised:
            read_trailer_section(lines, NONE)
        assert raised.value.code is ErrorCode.BAD_TRAILER
        assert raised.value.excerpt.lower() == name


def test_what_comes_too_late_may_be_nonsense() -> None:
    """A field that is left out does not matter; one that is refused is refused for its name."""
    for line in (b"Content-Length: x", b"Transfer-Encoding: gzip", b"Content-Length: 1, 2"):
        assert read_trailer_section([line], LATE) == []
        with pytest.raises(LocalProtocolError) as raised:
            read_trailer_section([line], NONE)
        assert raised.value.code is ErrorCode.BAD_TRAILER


def test_fields_come_too_late_in_trailer_sections_alone() -> None:
    """In a header section they are in time."""
    assert read_header_section([b"Host: a", b"Content-Length: 5, 5"], LATE) == [
        (b"host", b"a"),
        (b"content-length", b"5"),
    ]


@pytest.mark.parametrize(
    "dialect", [NONE, FOLDS, INVALID, REPEATED], ids=["none", "folds", "invalid", "repeated"]
)
@pytest.mark.parametrize("value", [b"x", b"", b"+5", b"1 0", b"5, 6", b"1" * 21], ids=repr)
def test_lengths_are_judged(dialect: Dialect, value: bytes) -> None:
    """What a scan has not looked into is judged here."""
    with pytest.raises(LocalProtocolError) as raised:
        read_header_section([b"Content-Length: " + value], dialect)
    assert raised.value.code is ErrorCode.BAD_FRAMING
