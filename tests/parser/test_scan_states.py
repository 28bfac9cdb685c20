"""Scanning along states: each octet is judged as it comes, once, and the first wrong one is known.

The grammars here are small ones of their own; those of HTTP are tested in `test_sections`.
"""

from collections.abc import Iterator
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from h11_events import ErrorCode, LocalProtocolError
from h11_parser import ReceiveBuffer
from h11_parser._scan_states import (
    Mark,
    Place,
    Section,
    State,
    line_end,
    literally,
    octets_to,
    run_of,
)
from tests.parser.readers import buffer_of
from tests.parser.reading import byte_by_byte, in_two

PLACE: Final = Place("list of digits", ErrorCode.BAD_CHUNK)
OTHER: Final = Place("end of a list", ErrorCode.BAD_FRAMING)


def list_of_digits(*, size: int = 100, field_count: int = 100, bare_lf: bool = False) -> Section:
    """Return lines of `=` and digits, up to an empty one; `X` is refused where `=` may stand."""
    digits = State(PLACE, "a digit", run=b"0123456789")
    begun = State(PLACE, "a digit", run=b"0123456789", mark=Mark.FIELD)
    refused = State(OTHER, "no X", mark=Mark.REFUSED)
    end = State(OTHER, "nothing", mark=Mark.END)
    start = State(PLACE, "= or an empty line")
    start.exits = {
        ord("="): begun,
        ord("X"): refused,
        **line_end(end, OTHER, bare_lf=bare_lf),
    }
    begun.exits = digits.exits = line_end(start, PLACE, bare_lf=bare_lf)
    return Section(
        start,
        "list",
        size,
        "Limits.of_lists",
        ErrorCode.HEAD_TOO_LARGE,
        field_count,
        ErrorCode.REQUEST_LINE_TOO_LONG,
    )


def scans(octets: bytes, section: Section) -> Iterator[tuple[bytes, int | LocalProtocolError]]:
    """Yield what a scan ends with, and after how many octets, for each way to cut the octets."""
    for pieces in ([octets], byte_by_byte(octets), *in_two(octets)):
        buffer = ReceiveBuffer()
        for piece in pieces:
            buffer += piece
            try:
                count = buffer._scan(section)
            except LocalProtocolError as error:
                yield bytes(buffer), error
                break
            if count is not None:
                yield bytes(buffer), count
                break
        else:
            assert buffer.is_scanning


def outcome(octets: bytes, section: Section) -> int | tuple[ErrorCode, str, bytes] | None:
    """Return the size of the lines, or the error, which has to be the same however it is cut."""
    outcomes: set[int | tuple[ErrorCode, str, bytes]] = set()
    for _, end in scans(octets, section):
        outcomes.add(end if isinstance(end, int) else (end.code, str(end), end.excerpt))
    assert len(outcomes) <= 1
    return outcomes.pop() if outcomes else None


@pytest.mark.parametrize(
    ("octets", "size"),
    [
        (b"\r\n", 2),
        (b"\r\nrest", 2),
        (b"=\r\n\r\n", 5),
        (b"=1\r\n=23\r\n\r\n\r\n", 11),
        (b"=0123456789\r\n\r\n=1\r\n", 15),
    ],
    ids=repr,
)
def test_lines_end_where_they_end(octets: bytes, size: int) -> None:
    """A scan tells how many octets the lines have; what follows does not matter."""
    assert outcome(octets, list_of_digits()) == size


@pytest.mark.parametrize("octets", [b"=", b"=1\r", b"=1\r\n", b"=1\r\n=", b"\r"], ids=repr)
def test_lines_that_have_not_ended(octets: bytes) -> None:
    """As long as their end has not come, a scan waits, and knows that it does."""
    assert outcome(octets, list_of_digits()) is None
    buffer = buffer_of(octets)
    assert not buffer.is_scanning
    for _ in range(2):
        assert buffer._scan(list_of_digits()) is None
        assert buffer.is_scanning
        assert bytes(buffer) == octets


@pytest.mark.parametrize(
    ("octets", "code", "line", "expected"),
    [
        (b"a", ErrorCode.BAD_CHUNK, b"a", "= or an empty line"),
        (b"\n", ErrorCode.BAD_CHUNK, b"\n", "= or an empty line"),
        (b"=a", ErrorCode.BAD_CHUNK, b"=a", "a digit"),
        (b"=12a", ErrorCode.BAD_CHUNK, b"=12a", "a digit"),
        (b"=1\n", ErrorCode.BAD_CHUNK, b"=1\n", "a digit"),
        (b"=1\ra", ErrorCode.BAD_CHUNK, b"=1\ra", "LF after CR"),
        (b"=1\r\r", ErrorCode.BAD_CHUNK, b"=1\r\r", "LF after CR"),
        (b"=1\r\n=2\r\n=3a", ErrorCode.BAD_CHUNK, b"=3a", "a digit"),
        (b"=1\r\na", ErrorCode.BAD_CHUNK, b"a", "= or an empty line"),
        (b"=1\r\n\ra", ErrorCode.BAD_FRAMING, b"\ra", "LF after CR"),
        (b"=1\r\nX", ErrorCode.BAD_FRAMING, b"X", "no X"),
    ],
    ids=repr,
)
def test_first_wrong_octet_is_refused(
    octets: bytes, code: ErrorCode, line: bytes, expected: str
) -> None:
    """The error has the code of the place, shows the line up to that octet, and what may stand."""
    found = outcome(octets + b"\r\n=1\r\n\r\n", list_of_digits())
    assert isinstance(found, tuple)
    assert found[0] is code
    assert found[2] == line
    assert f"illegal {PLACE.what if code is PLACE.code else OTHER.what}: {line!r} goes" in found[1]
    assert found[1].endswith(f"expected {expected}")
    assert outcome(octets[:-1] or b"=", list_of_digits()) is None


def test_refusal_comes_with_the_octet() -> None:
    """Not one octet more is needed, and what was taken before stays where it was."""
    for waiting, end in scans(b"=1\r\n=2a3\r\n", list_of_digits()):
        assert isinstance(end, LocalProtocolError)
        assert waiting.startswith(b"=1\r\n=2a")
    assert [waiting for waiting, _ in scans(b"=1\r\n=2a", list_of_digits())][1] == b"=1\r\n=2a"


@pytest.mark.parametrize(
    ("field_count", "wrong"),
    [
        pytest.param(100, b"=3a", id="octet"),
        pytest.param(3, b"=3a", id="octet of the last field that is allowed"),
        pytest.param(2, b"=3", id="field"),
        pytest.param(100, b"X", id="octet that is not for us"),
    ],
)
def test_refusal_stays(field_count: int, wrong: bytes) -> None:
    """Whoever asks again is told the same, whatever has come since."""
    section = list_of_digits(field_count=field_count)
    buffer = buffer_of(b"=1\r\n=2\r\n")
    assert buffer._scan(section) is None
    buffer += wrong
    texts = []
    for _ in range(3):
        with pytest.raises(LocalProtocolError) as raised:
            buffer._scan(section)
        texts.append(str(raised.value))
        buffer += b"\r\n"
    assert len(set(texts)) == 1


@pytest.mark.parametrize("digits", [90, 96, 97, 98, 99, 100, 101, 1000])
def test_long_lines_are_shown_at_their_end(digits: int) -> None:
    """Of a long line, its last octets are shown, for the last of them is the wrong one."""
    line = b"=" + b"1" * digits + b"a"
    error = State(PLACE, "a digit").refuse(line)
    shown = line if len(line) <= 100 else b"..." + line[-97:]
    assert error.excerpt == shown
    assert repr(shown) in str(error)
    found = outcome(b"=1\r\n" + line, list_of_digits(size=10_000))
    assert isinstance(found, tuple)
    assert found[2] == shown


def test_lines_may_end_with_a_bare_line_feed() -> None:
    """LF alone is a line end where it is wanted, beside CRLF."""
    tolerant = list_of_digits(bare_lf=True)
    for octets in (b"=1\n\n", b"=1\r\n\n", b"=1\n\r\n", b"\n", b"=1\n=2\r\n\n"):
        assert outcome(octets + b"\nrest", tolerant) == len(octets)
        refused = outcome(octets, list_of_digits())
        assert isinstance(refused, tuple)
    refused = outcome(b"=1\r=2\n\n", tolerant)
    assert isinstance(refused, tuple)


@pytest.mark.parametrize("behind", [b"", b"=", b"\r\n\r\n", b"a" * 200], ids=repr)
def test_size_is_limited(behind: bytes) -> None:
    """Lines of as many octets as the limit are taken; of one more, they are refused."""
    octets = b"=1\r\n=23\r\n\r\n"
    assert outcome(octets + behind, list_of_digits(size=len(octets))) == len(octets)
    found = outcome(octets + behind, list_of_digits(size=len(octets) - 1))
    assert found == (
        ErrorCode.HEAD_TOO_LARGE,
        "list too large: over the limit of 10 bytes (Limits.of_lists)",
        octets[:10],
    )


def test_size_may_be_given_in_place_of_that_of_the_section() -> None:
    """What counts for the limit may be known to the reader alone."""
    section = list_of_digits(size=5)
    assert buffer_of(b"=123\r\n\r\n")._scan(section, 8) == 8
    with pytest.raises(LocalProtocolError, match="over the limit of 5 bytes") as raised:
        buffer_of(b"=123\r\n\r\n")._scan(section, 7)
    assert raised.value.expected == 5


def test_octets_over_the_limit_are_not_judged() -> None:
    """Which error it is does not depend on how much came: what is beyond the limit is not read."""
    for octets in (b"=1234a", b"=12345", b"=1234\r\n\r\n"):
        found = outcome(octets, list_of_digits(size=5))
        assert isinstance(found, tuple)
        assert found[0] is ErrorCode.REQUEST_LINE_TOO_LONG
    found = outcome(b"=123a", list_of_digits(size=5))
    assert isinstance(found, tuple)
    assert found[0] is ErrorCode.BAD_CHUNK


def test_first_line_over_the_limit_has_its_own_code() -> None:
    """If there is no line end within the limit, it is the first line that is too long."""
    section = list_of_digits(size=7)
    line = section.too_large(b"=123456")
    assert line.code is ErrorCode.REQUEST_LINE_TOO_LONG
    assert str(line).startswith("first line of a list too large")
    lines = section.too_large(b"=1\r\n=23")
    assert lines.code is ErrorCode.HEAD_TOO_LARGE
    assert str(lines).startswith("list too large")
    same = section._replace(line_code=None).too_large(b"=123456")
    assert same.code is ErrorCode.HEAD_TOO_LARGE
    for error in (line, lines, same):
        assert (error.expected, error.received) == (7, None)
        assert "7 bytes (Limits.of_lists)" in str(error)


def test_fields_are_counted() -> None:
    """As many fields as the limit are taken; the first octet of one more is refused."""
    assert outcome(b"=1\r\n=2\r\n\r\n", list_of_digits(field_count=2)) == 10
    assert outcome(b"\r\n", list_of_digits(field_count=0)) == 2
    for octets in (b"=1\r\n=2\r\n=", b"=1\r\n=2\r\n=3\r\n\r\n"):
        for _, error in scans(octets, list_of_digits(field_count=2)):
            assert isinstance(error, LocalProtocolError)
            assert error.code is ErrorCode.TOO_MANY_FIELDS
            assert (error.expected, error.received, error.excerpt) == (2, 3, b"=")
            assert str(error) == "list has more fields than the limit of 2 (Limits.field_count)"
    assert outcome(b"=1\r\n=2\r\n", list_of_digits(field_count=2)) is None


def test_fields_are_counted_anew_for_each_scan() -> None:
    """The fields of one list do not count for the next one."""
    section = list_of_digits(field_count=2)
    buffer = buffer_of(b"=1\r\n=2\r\n\r\n" * 3)
    for _ in range(3):
        assert buffer._scan(section) == 10
        buffer.advance(10)
    assert not buffer


@given(
    pieces=st.lists(st.sampled_from([b"=", b"1", b"\r\n", b"\r", b"\n", b"X", b"a"]), max_size=12),
    size=st.integers(0, 20),
    field_count=st.integers(0, 3),
)
def test_any_octets_have_one_outcome(pieces: list[bytes], size: int, field_count: int) -> None:
    """Whatever comes, however it is cut: the same size or the same error."""
    octets = b"".join(pieces)
    if octets:
        outcome(octets, list_of_digits(size=size, field_count=field_count))


@given(octets=st.binary(max_size=20), alphabet=st.binary(max_size=20))
def test_runs(octets: bytes, alphabet: bytes) -> None:
    """A run goes as far as there are octets of its kind, between two places, possibly nowhere."""
    run = run_of(alphabet)
    for start in range(len(octets) + 1):
        for end in range(start, len(octets) + 1):
            expected = start
            while expected < end and octets[expected] in alphabet:
                expected += 1
            assert run(octets, start, end).end() == expected
            assert run(bytearray(octets), start, end).end() == expected


def test_states_have_exits_of_their_own() -> None:
    """A state that was made without exits leads nowhere, and shares them with no other."""
    first, second = State(PLACE, "nothing"), State(PLACE, "nothing")
    first.exits[0] = second
    assert second.exits == {}
    assert first.mark is second.mark is None


def test_octets_that_lead_to_a_state() -> None:
    """Each of some octets leads to the one state."""
    then = State(PLACE, "nothing")
    assert octets_to(then, b"ab") == {ord("a"): then, ord("b"): then}
    assert octets_to(then, b"") == {}


def test_octets_in_a_row() -> None:
    """A literal is its octets, one after the other; of a wrong one it says what was expected."""
    end = State(PLACE, "nothing", mark=Mark.END)
    section = Section(literally(b"ab'", end, OTHER), "word", 9, "limit", ErrorCode.HEAD_TOO_LARGE)
    assert outcome(b"ab'rest", section) == 3
    for octets, expected in ((b"x", "b'a'"), (b"aa", "b'b'"), (b"ab\x00", 'b"\'"')):
        found = outcome(octets, section)
        assert isinstance(found, tuple)
        assert found[0] is ErrorCode.BAD_FRAMING
        assert found[1].endswith(f"expected {expected}")
