"""`ReceiveBuffer` does what a naive one would do that copies and searches everything each time."""

import re
from typing import Final

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from h11_events import ErrorCode, LocalProtocolError
from h11_parser import ReceiveBuffer
from h11_parser._scan_states import Mark, Place, Section, State, line_end, octets_to

PIECES = st.lists(
    st.sampled_from([b"\r", b"\n", b"\r\n", b"\r\n\r\n", b"\n\n", b"a", b"5", b"hello", b" "]),
    max_size=4,
).map(b"".join)
WRAPPERS = st.sampled_from([bytes, bytearray, memoryview])

LETTERS: Final = b"abcdefghijklmnopqrstuvwxyz"
LIMIT: Final = 12
END: Final = Place("end", ErrorCode.BAD_FRAMING)
WORDS: Final = Place("words", ErrorCode.BAD_CHUNK)


def words() -> Section:
    """Return a section of letters up to CRLF, with at most two spaces, each of them a field."""
    start = State(WORDS, "a letter", run=LETTERS)
    after_space = State(WORDS, "a letter", run=LETTERS, mark=Mark.FIELD)
    ends = line_end(State(END, "nothing", mark=Mark.END), END, bare_lf=False)
    start.exits = after_space.exits = ends | octets_to(after_space, b" ")
    return Section(start, "words", LIMIT, "limit", ErrorCode.HEAD_TOO_LARGE, 2)


SECTION: Final = words()


def scanned(octets: bytes) -> int | ErrorCode | None:
    """Return what a scan for words says: their size, the code of an error, or None for too few."""
    for place in range(min(len(octets), LIMIT)):
        seen = octets[: place + 1]
        if seen.endswith(b"\r\n"):
            return len(seen)
        if not re.fullmatch(rb"[a-z ]*\r?", seen):
            return ErrorCode.BAD_FRAMING if seen[-2:-1] == b"\r" else ErrorCode.BAD_CHUNK
        if seen.count(b" ") > 2:
            return ErrorCode.TOO_MANY_FIELDS
    return ErrorCode.HEAD_TOO_LARGE if len(octets) > LIMIT else None


class BufferModel(RuleBasedStateMachine):
    """A buffer beside the octets that it should hold.

    A search for lines and a scan are taken up where they ended, so until one of them has succeeded,
    or octets were taken, none for anything else begins.
    """

    def __init__(self) -> None:
        """Begin with nothing received."""
        super().__init__()
        self.octets = b""
        self.awaited = ""
        self.in_vain = 0
        self.buffer = ReceiveBuffer()

    @rule(piece=PIECES, wrap=WRAPPERS)
    def receive(self, piece: bytes, wrap: type[bytes] | type[bytearray] | type[memoryview]) -> None:
        """Receive octets of any type."""
        self.buffer += wrap(piece)
        self.octets += piece

    @rule(size=st.integers(1000, 9000))
    def receive_much(self, size: int) -> None:
        """Receive enough for the room of used octets to matter."""
        piece = bytes(place % 251 for place in range(size))
        self.buffer += piece
        self.octets += piece

    def took(self, count: int) -> None:
        """Note that octets were taken."""
        self.octets = self.octets[count:]
        self.awaited = ""
        self.in_vain = max(0, self.in_vain - count) if self.octets else 0

    @precondition(lambda self: self.awaited != "scan")
    @rule(count=st.integers(1, 6) | st.integers(1, 9000))
    def take_at_most(self, count: int) -> None:
        """Take octets from the front."""
        piece = self.buffer.maybe_extract_at_most(count)
        if self.octets:
            assert piece == self.octets[:count]
            self.took(count)
        else:
            assert piece is None

    @rule(part=st.floats(0, 1))
    def take(self, part: float) -> None:
        """Take some part of the octets."""
        count = int(len(self.octets) * part)
        assert self.buffer.take(count) == self.octets[:count]
        self.took(count)

    @rule(part=st.floats(0, 1))
    def advance(self, part: float) -> None:
        """Use up some part of the octets."""
        count = int(len(self.octets) * part)
        self.buffer.advance(count)
        self.took(count)

    @rule()
    def clear(self) -> None:
        """Use up all octets."""
        self.buffer.clear()
        self.took(len(self.octets))

    @rule(count=st.integers(0, 9000))
    def peek(self, count: int) -> None:
        """Look at the front."""
        assert self.buffer.peek(count) == self.octets[:count]

    @rule(pattern=st.sampled_from([rb"[0-9]\r\n", rb"\r\n", rb"a*", rb"(?s:.{0,3000})"]))
    def take_match(self, pattern: bytes) -> None:
        """Take what a pattern matches at the front."""
        match = self.buffer.take_match(re.compile(pattern))
        expected = re.match(pattern, self.octets)
        assert (match and match[0]) == (expected and expected[0])
        if expected:
            self.took(expected.end())

    @rule(bare_lf=st.booleans())
    def take_empty_lines(self, *, bare_lf: bool) -> None:
        """Use up empty lines at the front."""
        self.buffer.take_empty_lines(bare_lf=bare_lf)
        while self.octets.startswith((b"\r\n", b"\n") if bare_lf else b"\r\n"):
            self.took(1 if self.octets.startswith(b"\n") else 2)

    @precondition(lambda self: self.awaited == "")
    @rule(limit=st.integers(0, 12) | st.just(10**9), keep=st.booleans(), in_vain=st.booleans())
    def take_head(self, limit: int, *, keep: bool, in_vain: bool) -> None:
        """Take what is up to the first empty line, and maybe put it back."""
        head = self.buffer.take_head(limit)
        before, end, _ = self.octets[:limit].partition(b"\r\n\r\n")
        if self.in_vain or not end:
            assert head is None
            self.in_vain = self.in_vain or len(self.octets[:limit])
            return
        assert head == before + end
        if keep:
            self.buffer.put_back(head, in_vain=in_vain)
            self.in_vain = len(head) if in_vain else 0
        else:
            self.took(len(head))

    @precondition(lambda self: self.awaited != "scan")
    @rule()
    def extract_lines(self) -> None:
        """Take all lines up to the first empty one."""
        result = self.buffer.maybe_extract_lines()
        section = re.match(rb"\r?\n|(?s:.*?)\n\r?\n", self.octets)
        if section:
            lines = section[0].split(b"\n")[:-2]
            assert result == [line.removesuffix(b"\r") for line in lines]
            self.took(section.end())
        else:
            assert result is None
            self.awaited = "lines"

    @precondition(lambda self: self.awaited != "lines")
    @rule()
    def scan(self) -> None:
        """Look for the end of some words, without taking them."""
        result: int | ErrorCode | None
        try:
            result = self.buffer._scan(SECTION)
        except LocalProtocolError as error:
            result = error.code
        assert result == scanned(self.octets)
        self.awaited = "" if isinstance(result, int) else "scan"
        assert self.buffer.is_scanning is (result is None) or isinstance(result, ErrorCode)

    @invariant()
    def holds_the_octets(self) -> None:
        """Length, truth value and octets are those of the model."""
        assert len(self.buffer) == len(self.octets)
        assert bool(self.buffer) is bool(self.octets)
        assert bytes(self.buffer) == self.octets


BufferModel.TestCase.settings = settings(max_examples=100, stateful_step_count=40, deadline=None)
TestBufferModel = BufferModel.TestCase
