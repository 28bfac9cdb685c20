"""`ReceiveBuffer` gives back what was put in: slices and lines (RFC 9112 section 2.2)."""

import re

import pytest

from h11_parser import ReceiveBuffer
from tests.parser.readers import buffer_of


def test_is_empty_at_first() -> None:
    """A new buffer has no length and no octets, and is false."""
    buffer = ReceiveBuffer()
    assert len(buffer) == 0
    assert not buffer
    assert bytes(buffer) == b""
    assert buffer.maybe_extract_at_most(1) is None
    assert buffer.maybe_extract_lines() is None
    assert buffer.take_head(100) is None
    assert not buffer.is_scanning
    buffer.clear()
    assert not buffer


def test_shows_what_waits() -> None:
    """Length, truth value and `bytes` tell what was added and not taken; adding nothing is fine."""
    buffer = buffer_of(b"he", b"", b"llo")
    assert len(buffer) == 5
    assert buffer
    assert bytes(buffer) == b"hello"
    assert buffer.maybe_extract_at_most(2) == b"he"
    assert len(buffer) == 3
    assert bytes(buffer) == b"llo"
    buffer += b" you"
    assert bytes(buffer) == b"llo you"
    buffer.advance(7)
    assert not buffer


def test_adding_keeps_the_same_buffer() -> None:
    """`+=` changes the buffer itself, which others may hold as well, as `append` does."""
    buffer = ReceiveBuffer()
    same = buffer
    buffer += b"a"
    buffer += b"b"
    assert buffer is same
    buffer.append(b"c")
    assert bytes(same) == b"abc"


def test_gives_at_most_as_much_as_asked_for() -> None:
    """As many octets are taken as there are, up to the number; None once there are none."""
    buffer = buffer_of(b"hello")
    assert buffer.maybe_extract_at_most(2) == b"he"
    assert buffer.maybe_extract_at_most(10) == b"llo"
    assert buffer.maybe_extract_at_most(10) is None
    buffer += b"!"
    assert buffer.maybe_extract_at_most(1) == b"!"


def test_gives_what_can_be_stripped() -> None:
    """A proxy takes all there is and strips empty lines off it."""
    buffer = buffer_of(b"\r\n", b"\r\nGET")
    taken = buffer.maybe_extract_at_most(len(buffer))
    assert taken is not None
    assert taken.lstrip(b"\r\n") == b"GET"


@pytest.mark.parametrize("pieces", [[b"hello"], [b"he", b"llo"]], ids=["in-one", "in-two"])
@pytest.mark.parametrize("count", [2, 5], ids=["part", "all"])
def test_gives_bytes(pieces: list[bytes], count: int) -> None:
    """What is taken is `bytes` however it came, so that nobody can change it."""
    assert type(buffer_of(*pieces).maybe_extract_at_most(count)) is bytes
    assert type(bytes(buffer_of(*pieces))) is bytes
    assert type(buffer_of(*pieces).peek(count)) is bytes


def test_hands_on_the_object_that_came_in() -> None:
    """`bytes` that find the buffer empty and are taken whole are the very same object."""
    piece = bytes(range(256)) * 256
    buffer = ReceiveBuffer()
    buffer += piece
    assert buffer.maybe_extract_at_most(len(piece)) is piece
    buffer += piece
    assert buffer.maybe_extract_at_most(len(piece) + 1) is piece
    buffer += b"line\r\n\r\n"
    buffer.maybe_extract_lines()
    buffer += piece
    assert buffer.maybe_extract_at_most(len(piece)) is piece


def test_hands_on_the_object_that_follows_a_match() -> None:
    """A buffer that a match has emptied takes the next piece as it is."""
    piece = b"hello" * 1000
    buffer = buffer_of(b"5\r\n")
    assert buffer.take_match(re.compile(rb"5\r\n"))
    assert not buffer
    buffer += piece
    assert buffer.maybe_extract_at_most(len(piece)) is piece


def test_changes_by_the_caller_do_not_show() -> None:
    """What the caller may change later is copied, whether or not the buffer was empty."""
    for first in (b"", b"go "):
        memory = bytearray(b"hello")
        for piece in (memory, memoryview(memory)):
            buffer = buffer_of(first)
            buffer += piece
            memory[:] = b"jello"
            assert bytes(buffer) == first + b"hello"
            assert buffer.maybe_extract_at_most(100) == first + b"hello"
            memory[:] = b"hello"


def test_does_not_hold_on_to_the_memory_of_the_caller() -> None:
    """A caller may resize its memory at once, which an export of it would forbid."""
    memory = bytearray(b"hello")
    buffer = ReceiveBuffer()
    buffer += memory
    buffer += memory
    memory.clear()
    assert bytes(buffer) == b"hellohello"


def test_pieces_taken_stay_as_they_are() -> None:
    """What was taken from a buffer does not change when more arrives."""
    buffer = buffer_of(b"he", b"llo")
    taken, seen = buffer.maybe_extract_at_most(3), bytes(buffer)
    buffer += b" you"
    assert taken == b"hel"
    assert seen == b"lo"


def test_stays_right_when_much_was_used() -> None:
    """Room that used octets leave is given back, and the rest is still what it was."""
    octets = bytes(place % 251 for place in range(20_000))
    buffer = buffer_of(octets[:1], octets[1:10_000])
    taken = b""
    for count in (4000, 96, 1, 903, 4500):
        piece = buffer.maybe_extract_at_most(count)
        assert piece is not None
        taken += piece
        assert bytes(buffer) == octets[len(taken) : 10_000]
    buffer += octets[10_000:]
    assert len(buffer) == 20_000 - len(taken)
    assert bytes(buffer) == octets[len(taken) :]


def test_memory_does_not_grow_with_what_was_used() -> None:
    """A buffer that is never quite empty keeps what waits, not all that ever came."""
    tracemalloc = pytest.importorskip("tracemalloc", reason="PyPy has no tracemalloc")
    buffer = buffer_of(b"x" * 500, b"x" * 500)
    piece = b"x" * 1000
    tracemalloc.start()
    try:
        for _ in range(1000):
            buffer += piece
            buffer.advance(len(piece))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(buffer) == 1000
    assert peak < 100_000


def test_peek_uses_nothing_up() -> None:
    """Looking at the front leaves everything there."""
    buffer = buffer_of(b"hello")
    assert buffer.peek(1) == b"h"
    assert buffer.peek(10) == b"hello"
    buffer.advance(2)
    assert buffer.peek(2) == b"ll"
    assert bytes(buffer) == b"llo"


def test_lines_end_with_the_first_empty_one() -> None:
    """The lines come without their ends, and the empty line is used up with them."""
    buffer = buffer_of(b"one\r\ntwo\r\n\r\nthree\r\n\r\n")
    assert buffer.maybe_extract_lines() == [b"one", b"two"]
    assert bytes(buffer) == b"three\r\n\r\n"
    assert buffer.maybe_extract_lines() == [b"three"]
    assert buffer.maybe_extract_lines() is None


@pytest.mark.parametrize(
    ("octets", "lines"),
    [
        pytest.param(b"one\ntwo\n\n", [b"one", b"two"], id="bare-LF"),
        pytest.param(b"one\r\ntwo\n\r\n", [b"one", b"two"], id="LF-then-CRLF"),
        pytest.param(b"one\ntwo\r\n\n", [b"one", b"two"], id="CRLF-then-LF"),
        pytest.param(b"one\r\r\n\r\n", [b"one\r"], id="one-CR-belongs-to-the-end"),
        pytest.param(b"o\rne\r\n\r\n", [b"o\rne"], id="bare-CR-ends-no-line"),
        pytest.param(b"one\n\r\r\n\n", [b"one", b"\r"], id="CR-is-no-empty-line"),
        pytest.param(b" \n\t\r\n\r\n", [b" ", b"\t"], id="blanks-are-no-empty-line"),
    ],
)
def test_either_line_end_will_do(octets: bytes, lines: list[bytes]) -> None:
    """A line ends with LF or CRLF, and nothing else (RFC 9112 section 2.2)."""
    for place in range(len(octets)):
        buffer = buffer_of(octets[:place])
        assert buffer.maybe_extract_lines() is None
        buffer += octets[place:] + b"rest"
        assert buffer.maybe_extract_lines() == lines
        assert bytes(buffer) == b"rest"


@pytest.mark.parametrize("end", [b"\n", b"\r\n"], ids=["LF", "CRLF"])
def test_empty_line_alone_gives_an_empty_list(end: bytes) -> None:
    """A section without lines is not the same as a section that is not complete."""
    buffer = buffer_of(end + end + b"rest")
    assert buffer.maybe_extract_lines() == []
    assert buffer.maybe_extract_lines() == []
    assert bytes(buffer) == b"rest"
    assert buffer.maybe_extract_lines() is None
    assert bytes(buffer) == b"rest"


def test_empty_line_may_come_in_halves() -> None:
    """CR alone is no empty line yet."""
    buffer = buffer_of(b"\r")
    assert buffer.maybe_extract_lines() is None
    buffer += b"\n"
    assert buffer.maybe_extract_lines() == []
    assert not buffer


def test_match_is_taken_from_the_front() -> None:
    """What matches at the front is used up; a match further on is none."""
    buffer = buffer_of(b"5\r\nhello6\r\n")
    size = re.compile(rb"([0-9])\r\n")
    match = buffer.take_match(size)
    assert match is not None
    assert match[1] == b"5"
    assert buffer.take_match(size) is None
    assert bytes(buffer) == b"hello6\r\n"
    buffer.advance(5)
    assert buffer.take_match(size)
    assert len(buffer) == 0
    assert buffer.maybe_extract_at_most(1) is None


def test_lines_may_be_as_long_as_they_like() -> None:
    """A proxy that makes a buffer of its own sets its own limits."""
    line = b"x" * 1_000_000
    assert buffer_of(line, b"\r\n\r\n").maybe_extract_lines() == [line]


def test_taking_uses_up() -> None:
    """What is taken is there no more, and once all is cleared, nothing is."""
    for buffer in (buffer_of(b"hello"), buffer_of(b"he", b"llo")):
        assert buffer.take(2) == b"he"
        assert type(buffer.take(1)) is bytes
        assert bytes(buffer) == b"lo"
        buffer.clear()
        assert bytes(buffer) == b""
        buffer.append(b"!")
        assert buffer.take(1) == b"!"
