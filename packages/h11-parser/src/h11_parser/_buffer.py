"""The receive buffer: bytes in, lines and slices out.

In: what a socket gave, in pieces of any size. Out: a head, a line, or a slice of a body, once it
is complete (RFC 9112 section 2.2). The cost is linear in the octets received: no octet is
searched twice for the same thing, and a piece that arrives while the buffer is empty is handed on
as it is.
"""

import re
from typing import Final, Self

from h11_parser._grammar import USUAL_END
from h11_parser._scan_states import Mark, Section, State

_BLANK_LINE = re.compile(rb"\n\r?\n")
"""The end of a section of lines, in either of the two line ends (RFC 9112 section 2.2)."""

_EMPTY_LINES = re.compile(rb"(?:\r\n)*+")
_EMPTY_LINES_OF_EITHER_END = re.compile(rb"(?:\r?\n)*+")

_COMPACTION: Final = 4096
"""How many consumed bytes are tolerated at the front before the rest is moved there."""


def lines_of(section: bytes) -> list[bytes]:
    """Return the lines of a section without their ends, and without the empty one after them."""
    return [line.removesuffix(b"\r") for line in section.split(b"\n")[:-2]]


def bytes_of(data: bytes | bytearray | memoryview) -> bytes:
    """Return octets as an object that nobody can change."""
    # PyPy would keep a bytearray from being resized for as long as the view lives.
    with memoryview(data) as view:
        return bytes(view)


class ReceiveBuffer:
    """Bytes that were received and not used yet, and how far a scan of them has come.

    Attributes:
        is_scanning: Whether a scan has begun that has not found the end.
    """

    __slots__ = (
        "_data",
        "_fields",
        "_fields_before",
        "_in_vain",
        "_looked_at",
        "_start",
        "_state",
        "is_scanning",
    )

    _data: bytes | bytearray
    _start: int
    """Where the bytes begin that were not used yet."""

    _looked_at: int
    """How many of those a search or a scan has looked at."""

    _in_vain: int
    """How many of those are not worth another try of `take_head`."""

    _state: State
    """Where the scan is that has begun."""

    _fields: int
    """How many fields it has met."""

    _fields_before: int
    """How many of those it had met when it was last interrupted, to be taken up from there."""

    def __init__(self) -> None:
        self._data = b""
        self._start = 0
        self._looked_at = 0
        self._in_vain = 0
        self.is_scanning = False

    def append(self, data: bytes | bytearray | memoryview) -> None:
        """Take more bytes; without a copy where they are `bytes` and the buffer is empty.

        Args:
            data: What was received.
        """
        if type(data) is not bytes:
            data = bytes_of(data)
        waiting = self._data
        if not waiting:
            self._data = data
            return
        if type(waiting) is not bytearray:
            waiting = bytearray(waiting[self._start :])
            self._data = waiting
            self._start = 0
        elif self._start > _COMPACTION and self._start * 2 > len(waiting):
            del waiting[: self._start]
            self._start = 0
        waiting += data

    def __iadd__(self, data: bytes | bytearray | memoryview) -> Self:
        """Do as `append` does."""
        self.append(data)
        return self

    def __len__(self) -> int:
        """Return how many bytes wait."""
        return len(self._data) - self._start

    def __bool__(self) -> bool:
        """Return whether any bytes wait."""
        return len(self._data) > self._start

    def __bytes__(self) -> bytes:
        """Return the bytes that wait."""
        return bytes(self._data[self._start :])

    def peek(self, count: int) -> bytes:
        """Return the first bytes that wait, without using them up.

        Args:
            count: The most bytes to return.
        """
        return bytes(self._data[self._start : self._start + count])

    def advance(self, count: int) -> None:
        """Use up bytes.

        Args:
            count: How many bytes, at most as many as wait.
        """
        start = self._start + count
        self._in_vain = max(0, self._in_vain - count) if self._in_vain else 0
        if start == len(self._data):
            self._data = b""
            start = self._in_vain = 0
        self._start = start
        self._looked_at = 0
        self.is_scanning = False

    def clear(self) -> None:
        """Use up all bytes."""
        self.advance(len(self))

    def take(self, count: int) -> bytes:
        """Take bytes from the front.

        Args:
            count: How many bytes, at most as many as wait.
        """
        taken = self.peek(count)
        self.advance(count)
        return taken

    def maybe_extract_at_most(self, count: int) -> bytes | None:
        """Take bytes from the front.

        Args:
            count: The most bytes to take.

        Returns:
            As many as there are, up to `count`; None if there are none.
        """
        data, start = self._data, self._start
        if not data:
            return None
        if start == 0 and len(data) <= count:
            piece = data
            self._data = b""
            self._looked_at = self._in_vain = 0
            self.is_scanning = False
        else:
            piece = data[start : start + count]
            self.advance(len(piece))
        return piece if type(piece) is bytes else bytes(piece)

    def take_match(self, pattern: "re.Pattern[bytes]") -> "re.Match[bytes] | None":
        """Take what a pattern matches at the front.

        Args:
            pattern: What to match.

        Returns:
            The match, whose groups are to be read before the buffer is used again; None without
            one.
        """
        start = self._start
        match = pattern.match(self._data, start)
        if match is not None:
            self.advance(match.end() - start)
        return match

    def take_empty_lines(self, *, bare_lf: bool) -> None:
        """Use up the empty lines at the front.

        Args:
            bare_lf: Whether LF alone is a line end, too.
        """
        pattern = _EMPTY_LINES_OF_EITHER_END if bare_lf else _EMPTY_LINES
        match = pattern.match(self._data, self._start)
        if match is not None and match.end() > self._start:
            self.advance(match.end() - self._start)

    def take_whole(self, limit: int) -> bytes | None:
        """Take everything if it ends with an empty line between CRLFs: most often it is one head.

        To be tried before `take_head`, because it does not look for an empty line before that.

        Args:
            limit: The most bytes that a head may have.

        Returns:
            What was received; None if it ends otherwise, or if more has come than this.
        """
        data = self._data
        if self._start or self._in_vain or type(data) is not bytes or len(data) > limit:
            return None
        if not data.endswith(USUAL_END):
            return None
        self._data = b""
        return data

    def take_head(self, limit: int) -> bytes | None:
        """Take what is up to the first empty line between CRLFs; to be tried before a scan.

        Args:
            limit: The most bytes that a head may have.

        Returns:
            The head with that empty line; None if it is not there, or not within the limit, or if
            octets are left that were tried in vain: many heads in another form would have all of
            them looked at again and again.
        """
        if self._in_vain:
            return None
        data, start = self._data, self._start
        end = data.find(USUAL_END, start, start + limit)
        if end < 0:
            self._in_vain = min(len(data) - start, limit)
            return None
        end += len(USUAL_END)
        head = data[start:end]
        if end == len(data):
            self._data = b""
            self._start = 0
        else:
            self._start = end
        return head if type(head) is bytes else bytes(head)

    def put_back(self, head: bytes, *, in_vain: bool = True) -> None:
        """Undo the last `take_head` or `take_whole`.

        Args:
            head: What it returned.
            in_vain: Whether it is not worth another try, whatever its end is the end of.
        """
        if in_vain:
            self._in_vain = len(head)
        if self._data:
            self._start -= len(head)
        else:
            self._data = head

    def _scan(self, section: Section, most: int | None = None) -> int | None:
        """Look at the octets that were not looked at yet, up to the end of some lines.

        To be called again and again as octets arrive, until it has found the end.

        Args:
            section: What the lines are.
            most: The most bytes that they may have; None for the limit of the section.

        Returns:
            How many bytes the lines have; None if their end has not come yet.

        Raises:
            LocalProtocolError: If an octet may not stand where it is, or over a limit.
        """
        if self.is_scanning:
            state, self._fields = self._state, self._fields_before
        else:
            state, self._fields = section.start, 0
        limit = section.size if most is None else most
        data, start = self._data, self._start
        stop = len(data)
        if stop - start > limit and section.whole:
            stop = start + limit
        position = start + self._looked_at
        while position < stop:
            octet = data[position]
            position += 1
            if octet in state.stays:
                if position < stop:
                    position = state.run(data, position, stop).end()
                continue
            after = state.exits.get(octet)
            if after is None:
                raise state.refuse(self._line_up_to(position))
            state = after
            if state.mark is not None and self._is_end(state, section, position):
                return position - start
        if len(data) - start > limit:
            raise section.too_large(self.peek(limit))
        self.is_scanning = True
        self._state, self._fields_before = state, self._fields
        self._looked_at = position - start
        return None

    def _is_end(self, state: State, section: Section, position: int) -> bool:
        """Do as the mark of a state says that a scan has entered; return whether it is the end."""
        if state.mark is Mark.END:
            self.is_scanning = False
            self._looked_at = 0
            return True
        if state.mark is Mark.REFUSED:
            raise state.refuse(self._line_up_to(position))
        self._fields += 1
        if self._fields > section.field_count:
            raise section.too_many_fields(self._line_up_to(position))
        return False

    def _line_up_to(self, position: int) -> bytes:
        """Return the octets of a line up to a place, or as many as an error can show."""
        begin = self._data.rfind(b"\n", self._start, position - 1) + 1
        return bytes(self._data[max(begin, self._start) : position])

    def maybe_extract_lines(self) -> list[bytes] | None:
        """Take all lines up to the first empty one, and the empty one.

        Returns:
            The lines without their ends; an empty list if the empty line comes first. None if there
            is no empty line yet.
        """
        data, start = self._data, self._start
        if data.startswith((b"\n", b"\r\n"), start):
            self.advance(1 if data.startswith(b"\n", start) else 2)
            return []
        match = _BLANK_LINE.search(data, start + max(0, self._looked_at - 2))
        if match is None:
            self._looked_at = len(data) - start
            return None
        return lines_of(self.take(match.end() - start))
