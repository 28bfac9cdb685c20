"""Bodies coming in: bytes in, `Data` and `EndOfMessage` out; one reader for each kind of framing.

In: the receive buffer, again and again. Out: the next event, or None as long as the buffer has not
enough for one (RFC 9112 sections 6 and 7.1).
"""

from typing import Protocol

from h11_events import Data, EndOfMessage, ErrorCode, LocalProtocolError
from h11_parser._buffer import ReceiveBuffer, lines_of
from h11_parser._dialect import REQUESTS, Dialect
from h11_parser._field_reader import read_trailer_section, read_usual_trailer_section
from h11_parser._framing import BodyLength, Unbounded
from h11_parser._grammar import (
    BLANKS,
    CHUNK_SIZE,
    MOST_SIZE_DIGITS,
    NEXT_PLAIN_CHUNK_HEADER,
    PLAIN_CHUNK_HEADER,
)

_END_OF_MESSAGE = EndOfMessage()

_make_data = Data.from_parts


class BodyReader(Protocol):
    """What reads the body of one message."""

    def read(self, buffer: ReceiveBuffer, /) -> Data | EndOfMessage | None:
        """Read the next piece.

        Args:
            buffer: What was received.

        Returns:
            The next event; None if more bytes are needed for it.

        Raises:
            LocalProtocolError: If the body is malformed.
        """

    def read_eof(self) -> EndOfMessage:
        """Read the end of the connection, when nothing is left in the buffer.

        Returns:
            The end of the message, where the end of the connection marks it.

        Raises:
            LocalProtocolError: If the body is not complete.
        """


def body_reader(
    length: BodyLength, dialect: Dialect = REQUESTS, *, keep_chunk_extensions: bool = False
) -> BodyReader:
    """Return the reader for a body.

    Args:
        length: How long the body is.
        dialect: What to take.
        keep_chunk_extensions: Whether to tell the extensions of chunks, if there are chunks.
    """
    if isinstance(length, int):
        return ContentLengthReader(length) if length else _NO_BODY
    if length is Unbounded.UNTIL_CLOSE:
        return UntilCloseReader()
    return ChunkExtensionReader(dialect) if keep_chunk_extensions else ChunkedReader(dialect)


class ContentLengthReader:
    """Reads a body whose length is known (RFC 9112 section 6.2).

    Args:
        length: The length in bytes.
    """

    __slots__ = ("_length", "_remaining")

    def __init__(self, length: int) -> None:
        self._length = length
        self._remaining = length

    def read(self, buffer: ReceiveBuffer) -> Data | EndOfMessage | None:
        """Read as much as there is."""
        remaining = self._remaining
        if not remaining:
            return _END_OF_MESSAGE
        data = buffer.maybe_extract_at_most(remaining)
        if data is None:
            return None
        self._remaining = remaining - len(data)
        return _make_data(data, False, False)

    __call__ = read

    def read_eof(self) -> EndOfMessage:
        """Refuse: bytes are missing (RFC 9112 section 8)."""
        raise LocalProtocolError(
            "peer closed connection without sending complete message body"
            f" (received {self._length - self._remaining} bytes, expected {self._length})",
            code=ErrorCode.BODY_TOO_SHORT,
            expected=self._length,
            received=self._length - self._remaining,
        )


_NO_BODY = ContentLengthReader(0)


class ChunkedReader:
    """Reads a chunked body and its trailer section (RFC 9112 section 7.1).

    Args:
        dialect: What to take; as in requests if nobody says otherwise, for that is the stricter.
    """

    __slots__ = (
        "_at_chunk_end",
        "_at_chunk_start",
        "_dialect",
        "_extension_size",
        "_in_trailers",
        "_remaining",
    )

    def __init__(self, dialect: Dialect = REQUESTS) -> None:
        self._dialect = dialect
        self._extension_size = 0
        self._remaining = 0
        self._at_chunk_start = False
        self._at_chunk_end = False
        self._in_trailers = False

    def read(self, buffer: ReceiveBuffer) -> Data | EndOfMessage | None:
        """Read what there is of the present chunk, or the trailer section."""
        if not self._remaining:
            if not self._in_trailers and not self._read_chunk_header(buffer):
                return None
            if self._in_trailers:
                return self._read_trailers(buffer)
        data = buffer.maybe_extract_at_most(self._remaining)
        if data is None:
            return None
        self._remaining = remaining = self._remaining - len(data)
        chunk_start, self._at_chunk_start = self._at_chunk_start, False
        self._at_chunk_end = chunk_end = not remaining
        return _make_data(data, chunk_start, chunk_end)

    __call__ = read

    def _read_chunk_header(self, buffer: ReceiveBuffer) -> bool:
        """Read the end of one chunk and the header of the next; return if they are complete."""
        if self._at_chunk_end:
            match = buffer.take_match(NEXT_PLAIN_CHUNK_HEADER)
            if match is None and not self._read_chunk_end(buffer):
                return False
            self._at_chunk_end = False
        else:
            match = buffer.take_match(PLAIN_CHUNK_HEADER)
        size = self._scan_chunk_header(buffer) if match is None else match[1]
        if size is None:
            return False
        self._remaining = int(size, 16)
        self._in_trailers = not self._remaining
        self._at_chunk_start = True
        return True

    def _scan_chunk_header(self, buffer: ReceiveBuffer) -> bytes | None:
        """Read a chunk header with extensions or blanks, or one that is not complete yet."""
        section = self._dialect._chunk_header
        digits = CHUNK_SIZE.match(buffer.peek(MOST_SIZE_DIGITS))
        # Neither the size itself nor the line end counts as extension.
        plain_size = (digits.end() if digits is not None else 0) + 2
        left = section.size - self._extension_size
        count = buffer._scan(section, plain_size + left)
        if count is None or digits is None:
            return None
        self._extension_size += count - plain_size
        self._take_extension(buffer.take(count)[digits.end() : -2])
        return digits[0]

    def _take_extension(self, extension: bytes) -> None:
        """Ignore what a chunk header has behind its size (RFC 9112 section 7.1.1)."""

    def _read_chunk_end(self, buffer: ReceiveBuffer) -> bool:
        """Read the CRLF after a chunk's data; return whether it is complete."""
        octets = buffer.peek(2)
        if not b"\r\n".startswith(octets):
            shown = octets[:1] if octets[:1] != b"\r" else octets
            raise LocalProtocolError(
                f"malformed chunk footer: {shown!r} (expected b'\\r\\n')",
                code=ErrorCode.BAD_CHUNK,
                excerpt=shown,
            )
        if len(octets) < 2:
            return False
        buffer.advance(2)
        return True

    def _read_trailers(self, buffer: ReceiveBuffer) -> EndOfMessage | None:
        """Read the trailer section (RFC 9112 section 7.1.2)."""
        limit = self._dialect.trailer_size
        if not buffer.is_scanning and limit >= 2:
            if buffer.peek(2) == b"\r\n":
                buffer.advance(2)
                return _END_OF_MESSAGE
            section = buffer.take_head(limit)
            if section is not None:
                headers = read_usual_trailer_section(section, self._dialect)
                if headers is not None:
                    return EndOfMessage(headers=headers)
                buffer.put_back(section)
        count = buffer._scan(self._dialect._trailer_section)
        if count is None:
            return None
        lines = lines_of(buffer.take(count))
        if not lines:
            return _END_OF_MESSAGE
        return EndOfMessage(headers=read_trailer_section(lines, self._dialect))

    def read_eof(self) -> EndOfMessage:
        """Refuse: the last chunk or the end of the trailers is missing (RFC 9112 section 8)."""
        raise LocalProtocolError(
            "peer closed connection without sending complete message body"
            " (incomplete chunked read)",
            code=ErrorCode.BODY_TOO_SHORT,
        )


class ChunkExtensionReader(ChunkedReader):
    """Reads a chunked body as `ChunkedReader` does, and tells its extensions.

    For whoever understands them, or forwards them (RFC 9112 section 7.1.1): each is the
    `chunk_extension` of the first piece of its chunk, or of the end of the message.

    Args:
        dialect: What to take.
    """

    __slots__ = ("_extension",)

    def __init__(self, dialect: Dialect = REQUESTS) -> None:
        super().__init__(dialect)
        self._extension = b""

    def _take_extension(self, extension: bytes) -> None:
        """Keep an extension for the next event; blanks alone are none, but only tolerated."""
        self._extension = extension if extension.strip(BLANKS) else b""

    def read(self, buffer: ReceiveBuffer) -> Data | EndOfMessage | None:
        """Read what there is of the present chunk, or the trailer section."""
        event = super().read(buffer)
        extension = self._extension
        if event is None or not extension:
            return event
        self._extension = b""
        if type(event) is Data:
            return Data(event.data, event.chunk_start, event.chunk_end, extension)
        return EndOfMessage(headers=event.headers, chunk_extension=extension)

    __call__ = read


class UntilCloseReader:
    """Reads a body that ends where the connection ends (RFC 9112 section 6.3, rule 8)."""

    __slots__ = ()

    def read(self, buffer: ReceiveBuffer) -> Data | None:
        """Read all that there is."""
        data = buffer.maybe_extract_at_most(len(buffer))
        return None if data is None else _make_data(data, False, False)

    __call__ = read

    def read_eof(self) -> EndOfMessage:
        """Return the end of the message."""
        return _END_OF_MESSAGE
