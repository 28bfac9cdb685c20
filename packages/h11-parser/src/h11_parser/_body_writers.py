"""Bodies going out: `Data` and `EndOfMessage` in, bytes out; one writer for each kind of framing.

In: an event. Out: a list of pieces to be sent in their order, of which the data of a `Data` is
one, the very object that it was made with; nothing is asked of it but its length (RFC 9112
sections 6 and 7.1).
"""

from collections.abc import Callable

from h11_events import Data, EndOfMessage, ErrorCode, LocalProtocolError
from h11_parser._framing import BodyLength, Unbounded
from h11_parser._head_writer import write_field_lines

BodyWriter = Callable[[Data | EndOfMessage], list[bytes]]
"""What writes the body of one message: takes a piece of it or its end, and returns what to send, in
this order; raises `LocalProtocolError` if the framing cannot express it."""


def body_writer(length: BodyLength) -> BodyWriter:
    """Return the writer for a body.

    Args:
        length: How long the body is.
    """
    if isinstance(length, int):
        return ContentLengthWriter(length).write if length else _NO_BODY.write
    return write_chunked if length is Unbounded.CHUNKED else write_until_close


class ContentLengthWriter:
    """Writes a body whose length was announced (RFC 9112 section 6.2).

    Args:
        length: The length in bytes.
    """

    __slots__ = ("_length", "_remaining")

    def __init__(self, length: int) -> None:
        self._length = length
        self._remaining = length

    def write(self, event: Data | EndOfMessage) -> list[bytes]:
        """Write a piece as it is; refuse what is more or less than was announced.

        Args:
            event: A piece of the body, or its end.

        Returns:
            What to send.

        Raises:
            LocalProtocolError: If the body becomes too long, ends too early, or has trailers, for
                which there is no place.
        """
        if type(event) is Data:
            remaining = self._remaining - len(event.data)
            if remaining < 0:
                raise LocalProtocolError(
                    "Too much data for declared Content-Length"
                    f" ({self._length - remaining} bytes, declared {self._length})",
                    code=ErrorCode.BODY_TOO_LONG,
                    expected=self._length,
                    received=self._length - remaining,
                )
            self._remaining = remaining
            return [event.data]
        if self._remaining:
            raise LocalProtocolError(
                "Too little data for declared Content-Length"
                f" ({self._length - self._remaining} bytes, declared {self._length})",
                code=ErrorCode.BODY_TOO_SHORT,
                expected=self._length,
                received=self._length - self._remaining,
            )
        if event.headers:
            raise LocalProtocolError(
                "Content-Length and trailers don't mix", code=ErrorCode.BAD_TRAILER
            )
        return []


_NO_BODY = ContentLengthWriter(0)


def write_chunked(event: Data | EndOfMessage) -> list[bytes]:
    """Write a piece as a chunk, the end as the last chunk and the trailers (RFC 9112 section 7.1).

    Args:
        event: A piece of the body, or its end. What it was read as the beginning or end of does not
            matter: who wants other chunks makes other pieces. An extension is written with it.

    Returns:
        What to send; nothing for an empty piece, because an empty chunk would be the last.
    """
    if type(event) is Data:
        data = event.data
        size = len(data)
        if event.chunk_extension and size:
            return [b"%x%b\r\n" % (size, event.chunk_extension), data, b"\r\n"]
        return [b"%x\r\n" % size, data, b"\r\n"] if size else []
    return [b"0%b\r\n" % event.chunk_extension, write_field_lines(event.headers)]


def write_until_close(event: Data | EndOfMessage) -> list[bytes]:
    """Write a piece as it is; the end of the connection ends the body (RFC 9112 section 6.3).

    Args:
        event: A piece of the body, or its end.

    Returns:
        What to send.

    Raises:
        LocalProtocolError: If the end has trailers, for which there is no place.
    """
    if type(event) is Data:
        return [event.data]
    if event.headers:
        raise LocalProtocolError(
            "can't send trailers to HTTP/1.0 client", code=ErrorCode.BAD_TRAILER
        )
    return []
