"""The receive buffer: bytes in, lines and slices out.

In: what a socket gave, in pieces of any size. Out: a head, a line, or a slice of a body, once it
is complete (RFC 9112 section 2.2). The cost is linear in the octets received: no octet is
searched twice for the same thing, and a piece that arrives while the buffer is empty is handed on
as it is.
"""

import re
import sys
from typing import Final, Self

from h11_events import LocalProtocolError

_BLANK_LINE = re.compile(rb"\n\r?\n")
"""The end of a section of lines, in either of the two line ends (RFC 9112 section 2.2)."""

_NO_LIMIT: Final = sys.maxsize // 2
"""More bytes than there can be; half of the largest index, so that sums stay in its range."""

_COMPACTION: Final = 4096
"""How many consumed bytes are tolerated at the front before the rest is moved there."""


class ReceiveBuffer:
    """Bytes that were received and not used yet.

    Args:
        limit: The most bytes that lines may have until they are complete: a head, a trailer section
            or a chunk header. None for no limit.
    """

    __slots__ = ("_data", "_limit", "_searched", "_start")

    def __init__(self, limit: int | None = None) -> None:
        self._data: bytes | bytearray = b""
        self._start = 0
        self._searched = 0
        self._limit = limit if limit is not None and limit < _NO_LIMIT else _NO_LIMIT

    def append(self, data: bytes | bytearray | memoryview) -> None:
        """Take more bytes; without a copy where they are `bytes` and the buffer is empty.

        Args:
            data: What was received.
        """
        if not self._data:
            self._data = data if type(data) is bytes else bytes(memoryview(data))
            return
        start, waiting = self._start, self._data
        if isinstance(waiting, bytes):
            self._data = waiting = bytearray(waiting[start:])
        elif start > _COMPACTION and start * 2 > len(waiting):
            del waiting[:start]
        else:
            start = 0
        self._start -= start
        self._searched = max(0, self._searched - start)
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
        if start == len(self._data):
            self._data = b""
            start = 0
        self._start = start
        self._searched = 0

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
            self._searched = 0
        else:
            piece = data[start : start + count]
            self.advance(len(piece))
        return piece if type(piece) is bytes else bytes(piece)

    def take_match(self, pattern: "re.Pattern[bytes]") -> "re.Match[bytes] | None":
        """Take what a pattern matches at the front, and within the limit.

        Args:
            pattern: What to match.

        Returns:
            The match, whose groups are to be read before the buffer is used again; None without
            one.
        """
        start = self._start
        match = pattern.match(self._data, start, start + self._limit)
        if match is not None:
            self.advance(match.end() - start)
        return match

    def take_head(self) -> bytes | None:
        """Take what is up to the first empty line between CRLFs.

        Returns:
            The head with that empty line; None if it is not there, or not within the limit. `b""`
            if not even a line has ended since `maybe_extract_lines` looked in vain.

        Raises:
            LocalProtocolError: If none has ended within the limit, with status hint 431.
        """
        data, start = self._data, self._start
        search_from = start
        if self._searched:
            if data.find(b"\n", self._searched) < 0:
                self._searched = len(data)
                self._check_limit()
                return b""
            search_from = max(start, self._searched - 3)
        end = data.find(b"\r\n\r\n", search_from, start + self._limit)
        if end < 0:
            return None
        end += 4
        head = data[start:end]
        self._searched = 0
        if end == len(data):
            self._data = b""
            self._start = 0
        else:
            self._start = end
        return head if type(head) is bytes else bytes(head)

    def put_back(self, head: bytes) -> None:
        """Undo the last `take_head`.

        Args:
            head: What it returned.
        """
        if self._data:
            self._start -= len(head)
        else:
            self._data = head

    def maybe_extract_lines(self) -> list[bytes] | None:
        """Take all lines up to the first empty one, and the empty one.

        Returns:
            The lines without their ends; an empty list if the empty line comes first. None if there
            is no empty line yet.

        Raises:
            LocalProtocolError: If there is none within the limit, with status hint 431.
        """
        data, start = self._data, self._start
        if data.startswith((b"\n", b"\r\n"), start):
            self.advance(1 if data.startswith(b"\n", start) else 2)
            return []
        match = _BLANK_LINE.search(data, max(start, self._searched - 2), start + self._limit)
        if match is None:
            self._check_limit()
            self._searched = len(data)
            return None
        section = bytes(data[start : match.end()])
        self.advance(len(section))
        return [line.removesuffix(b"\r") for line in section.split(b"\n")[:-2]]

    def maybe_extract_line(self) -> bytes | None:
        """Take one line that ends with CRLF.

        Where this or `maybe_extract_lines` has looked in vain, the other does not look again: stay
        with one of them until it succeeds.

        Returns:
            The line with its CRLF; None if it is not complete yet.

        Raises:
            LocalProtocolError: If it does not end within the limit, with status hint 431.
        """
        data, start = self._data, self._start
        end = data.find(b"\r\n", max(start, self._searched - 1), start + self._limit)
        if end < 0:
            self._check_limit()
            self._searched = len(data)
            return None
        line = bytes(data[start : end + 2])
        self.advance(len(line))
        return line

    def _check_limit(self) -> None:
        """Refuse what has had its chance to be complete."""
        if len(self._data) - self._start > self._limit:
            raise LocalProtocolError(
                f"Receive buffer too long: no end of line within the limit of {self._limit} bytes",
                431,
            )
