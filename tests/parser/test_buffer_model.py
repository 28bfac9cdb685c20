"""`ReceiveBuffer` does what a naive one would do that copies and searches everything each time."""

import re

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from h11_events import LocalProtocolError
from h11_parser import ReceiveBuffer

PIECES = st.lists(
    st.sampled_from([b"\r", b"\n", b"\r\n", b"\r\n\r\n", b"\n\n", b"a", b"5", b"hello", b" "]),
    max_size=4,
).map(b"".join)
WRAPPERS = st.sampled_from([bytes, bytearray, memoryview])
TOO_LONG = "431"


class BufferModel(RuleBasedStateMachine):
    """A buffer beside the octets that it should hold.

    A search for lines is taken up where it ended, so until it has succeeded, or octets were taken,
    no search for anything else begins.
    """

    def __init__(self) -> None:
        """Begin with nothing received and no limit."""
        super().__init__()
        self.limit = 10**9
        self.octets = b""
        self.awaited = ""
        self.buffer = ReceiveBuffer()

    @initialize(limit=st.none() | st.integers(0, 20))
    def begin(self, limit: int | None) -> None:
        """Begin with some limit, or with none."""
        self.buffer = ReceiveBuffer(limit)
        self.limit = self.limit if limit is None else limit

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

    @rule(count=st.integers(1, 6) | st.integers(1, 9000))
    def take(self, count: int) -> None:
        """Take octets from the front."""
        piece = self.buffer.maybe_extract_at_most(count)
        if self.octets:
            assert piece == self.octets[:count]
            self.took(count)
        else:
            assert piece is None

    @rule(part=st.floats(0, 1))
    def advance(self, part: float) -> None:
        """Use up some part of the octets."""
        count = int(len(self.octets) * part)
        self.buffer.advance(count)
        self.took(count)

    @rule(count=st.integers(0, 9000))
    def peek(self, count: int) -> None:
        """Look at the front."""
        assert self.buffer.peek(count) == self.octets[:count]

    @rule(pattern=st.sampled_from([rb"[0-9]\r\n", rb"\r\n", rb"a*", rb"(?s:.{0,3000})"]))
    def take_match(self, pattern: bytes) -> None:
        """Take what a pattern matches at the front."""
        match = self.buffer.take_match(re.compile(pattern))
        expected = re.match(pattern, self.octets[: self.limit])
        assert (match and match[0]) == (expected and expected[0])
        if expected:
            self.octets = self.octets[expected.end() :]

    @precondition(lambda self: self.awaited != "line")
    @rule()
    def extract_lines(self) -> None:
        """Take all lines up to the first empty one."""
        result: object
        try:
            result = self.buffer.maybe_extract_lines()
        except LocalProtocolError as error:
            result = str(error.error_status_hint)
        section = re.match(rb"\r?\n|(?s:.*?)\n\r?\n", self.octets)
        if section and (section[0] in (b"\n", b"\r\n") or section.end() <= self.limit):
            lines = section[0].split(b"\n")[:-2]
            assert result == [line.removesuffix(b"\r") for line in lines]
            self.took(section.end())
        else:
            assert result == (TOO_LONG if len(self.octets) > self.limit else None)
            self.awaited = "lines"

    @precondition(lambda self: self.awaited != "lines")
    @rule()
    def extract_line(self) -> None:
        """Take one line that ends with CRLF."""
        result: object
        try:
            result = self.buffer.maybe_extract_line()
        except LocalProtocolError as error:
            result = str(error.error_status_hint)
        line, end, _ = self.octets[: self.limit].partition(b"\r\n")
        if end:
            assert result == line + end
            self.took(len(line) + 2)
        else:
            assert result == (TOO_LONG if len(self.octets) > self.limit else None)
            self.awaited = "line"

    @invariant()
    def holds_the_octets(self) -> None:
        """Length, truth value and octets are those of the model."""
        assert len(self.buffer) == len(self.octets)
        assert bool(self.buffer) is bool(self.octets)
        assert bytes(self.buffer) == self.octets


BufferModel.TestCase.settings = settings(max_examples=100, stateful_step_count=40, deadline=None)
TestBufferModel = BufferModel.TestCase
