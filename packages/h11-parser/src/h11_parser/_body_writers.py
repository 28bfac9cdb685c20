"""Bodies going out: `Data` and `EndOfMessage` in, bytes out; one writer for each kind of framing.

In: an event. Out: a list of pieces to be sent in their order, of which the data of a `Data` is
one, the very object that it was made with; nothing is asked of it but its length (RFC 9112
sections 6 and 7.1).
"""

from typing import Protocol, assert_never

from h11_events import Data, EndOfMessage, LocalProtocolError
from h11_parser._framing import BodyLength, Unbounded
from h11_parser._head_writer import write_field_lines


class BodyWriter(Protocol):
    """What writes the body of one message."""

    def __call__(self, event: Data | EndOfMessage, /) -> list[bytes]:
        """Write the next piece.

        Args:
            event: A piece of the body, or its end.

        Returns:
            What to send, in this order.

        Raises:
            LocalProtocolError: If the framing cannot express it.
        """


def body_writer(length: BodyLength) -> BodyWriter:
    """Return the writer for a body.

    Args:
        length: How long the body is.
    """
    match length:
        case Unbounded.CHUNKED:
            return write_chunked
        case Unbounded.UNTIL_CLOSE:
            return write_until_close
        case 0:
            return _NO_BODY
        case int():
            return ContentLengthWriter(length)
    assert_never(length)


class ContentLengthWriter:
    """Writes a body whose length was announced (RFC 9112 section 6.2).

    Args:
        length: The length in bytes.
    """

    __slots__ = ("_length", "_remaining")

    def __init__(self, length: int) -> None:
        self._length = length
        self._remaining = length

    def __call__(self, event: Data | EndOfMessage) -> list[bytes]:
        """Write a piece as it is; refuse what is more or less than was announced."""
        if isinstance(event, Data):
            remaining = self._remaining - len(event.data)
            if remaining < 0:
                raise LocalProtocolError(
                    "Too much data for declared Content-Length"
                    f" ({self._length - remaining} bytes, declared {self._length})"
                )
            self._remaining = remaining
            return [event.data]
        if self._remaining:
            raise LocalProtocolError(
                "Too little data for declared Content-Length"
                f" ({self._length - self._remaining} bytes, declared {self._length})"
            )
        if event.headers:
            raise LocalProtocolError("Content-Length and trailers don't mix")
        return []


_NO_BODY = ContentLengthWriter(0)


def write_chunked(event: Data | EndOfMessage) -> list[bytes]:
    """Write a piece as a chunk, the end as the last chunk and the trailers (RFC 9112 section 7.1).

    Args:
        event: A piece of the body, or its end.

    Returns:
        What to send; nothing for an empty piece, because an empty chunk would be the last.
    """
    if isinstance(event, Data):
        size = len(event.data)
        return [b"%x\r\n" % size, event.data, b"\r\n"] if size else []
    return [b"0\r\n", write_field_lines(event.headers)]


def write_until_close(event: Data | EndOfMessage) -> list[bytes]:
    """Write a piece as it is; the end of the connection ends the body (RFC 9112 section 6.3).

    Args:
        event: A piece of the body, or its end.

    Returns:
        What to send.

    Raises:
        LocalProtocolError: If the end has trailers, for which there is no place.
    """
    if isinstance(event, Data):
        return [event.data]
    if event.headers:
        raise LocalProtocolError("can't send trailers to HTTP/1.0 client")
    return []
