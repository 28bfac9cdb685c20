"""The errors of the protocol, and whose fault each is.

In: a message for a person, and what a program wants to know: which rule was broken, by which
octets, and by how much. Out: exceptions that say who broke the rules: we (`LocalProtocolError`) or
the peer (`RemoteProtocolError`).
"""

from enum import Enum
from typing import Final

EXCERPT_LENGTH: Final = 100
"""How many octets of somebody else's input an error shows at most."""

_ELLIPSIS: Final = b"..."


class ErrorCode(Enum):
    """What kind of violation an error is about: a closed set."""

    BAD_REQUEST_LINE = "bad request line"
    """A request line, or a part of one, that the grammar does not have (RFC 9112 section 3)."""

    BAD_STATUS_LINE = "bad status line"
    """A status line, or a part of one, that the grammar does not have (RFC 9112 section 4)."""

    BAD_FIELD_LINE = "bad field line"
    """A field name, a field value or a line that the grammar does not have (RFC 9112 section 5)."""

    BAD_HOST = "bad Host"
    """Host is missing, there twice, or names no host (RFC 9112 section 3.2)."""

    BAD_FRAMING = "bad framing"
    """Fields that do not tell for certain where the body ends (RFC 9112 section 6.3)."""

    BAD_CHUNK = "bad chunk"
    """A malformed chunk size, chunk extension, or end of a chunk (RFC 9112 section 7.1)."""

    BAD_TRAILER = "bad trailer"
    """A field that comes too late in a trailer section (RFC 9110 section 6.5.1)."""

    UNSUPPORTED_VERSION = "unsupported version"
    """A major version other than 1 (RFC 9110 section 15.6.6)."""

    UNSUPPORTED_CODING = "unsupported coding"
    """A transfer coding that is not understood (RFC 9112 section 6.1)."""

    HEAD_TOO_LARGE = "head too large"
    """A head over its limit (RFC 6585 section 5)."""

    REQUEST_LINE_TOO_LONG = "request line too long"
    """A request line that alone is over the limit of a head (RFC 9110 section 15.5.15)."""

    TOO_MANY_FIELDS = "too many fields"
    """More fields in a section than the limit (RFC 6585 section 5)."""

    TRAILERS_TOO_LARGE = "trailers too large"
    """A trailer section over its limit (RFC 6585 section 5)."""

    CHUNK_EXTENSIONS_TOO_LARGE = "chunk extensions too large"
    """More octets of chunk extensions in a message than the limit (RFC 9112 section 7.1.1)."""

    BODY_TOO_SHORT = "body too short"
    """A body that ended before its framing says so (RFC 9112 section 8)."""

    BODY_TOO_LONG = "body too long"
    """More data than the Content-Length that was announced (RFC 9110 section 8.6)."""

    CLOSED_EARLY = "closed early"
    """The connection ended before a message that was owed, or within its head."""

    OUT_OF_TURN = "out of turn"
    """Something that cannot be said in the present states (RFC 9110 section 3.4)."""

    AFTER_ERROR = "after an error"
    """Something was asked of a side that is in the state ERROR."""

    OTHER = "other"
    """Raised without a code, by a program that raises these errors itself."""

    @property
    def status_hint(self) -> int:
        """The status code that suits an answer to it."""
        return _STATUS_HINTS.get(self, 400)


_STATUS_HINTS: Final = {
    ErrorCode.REQUEST_LINE_TOO_LONG: 414,
    ErrorCode.HEAD_TOO_LARGE: 431,
    ErrorCode.TOO_MANY_FIELDS: 431,
    ErrorCode.TRAILERS_TOO_LARGE: 431,
    ErrorCode.CHUNK_EXTENSIONS_TOO_LARGE: 431,
    ErrorCode.UNSUPPORTED_CODING: 501,
    ErrorCode.UNSUPPORTED_VERSION: 505,
}
"""What is better answered with another status code than 400 (RFC 9110 section 15, RFC 6585)."""


class ProtocolError(Exception):
    """A violation of HTTP/1.1; always one of its two subclasses, which say whose.

    Args:
        msg: What went wrong, for a person.
        error_status_hint: The status code that suits an answer to it; None for that of the code.
        code: What kind of violation it is.
        excerpt: The offending octets; shortened here.
        expected: How many bytes or fields there should have been, at most or exactly.
        received: How many there were, as far as is known.

    Raises:
        TypeError: If it is instantiated itself.

    Attributes:
        error_status_hint: The status code that suits an answer; 400 if the request was simply
            wrong (RFC 9110 section 15.5).
        code: What kind of violation it is, for a program to tell them apart.
        excerpt: The offending octets, at most 100; an ellipsis is where some were left out. Empty
            where no octets are to blame.
        expected: How many bytes or fields there should have been; None where nothing was counted.
        received: How many there were; None where that is not known.
    """

    error_status_hint: int
    code: ErrorCode
    excerpt: bytes
    expected: int | None
    received: int | None

    def __init__(
        self,
        msg: str,
        error_status_hint: int | None = None,
        *,
        code: ErrorCode = ErrorCode.OTHER,
        excerpt: bytes | bytearray = b"",
        expected: int | None = None,
        received: int | None = None,
    ) -> None:
        if type(self) is ProtocolError:
            raise TypeError("ProtocolError says not whose fault it is: raise one of its subclasses")
        super().__init__(msg)
        self.error_status_hint = (
            code.status_hint if error_status_hint is None else error_status_hint
        )
        self.code = code
        self.excerpt = first_octets(excerpt)
        self.expected = expected
        self.received = received


class LocalProtocolError(ProtocolError):
    """We tried to do what the protocol does not allow."""


class RemoteProtocolError(ProtocolError):
    """The peer did what the protocol does not allow, and cannot be understood any further."""

    @classmethod
    def from_local(cls, error: LocalProtocolError) -> "RemoteProtocolError":
        """Return the same complaint with the blame on the peer.

        What judges a message cannot know who wrote it, and blames the local side; whoever reads
        from a peer turns the complaint round.

        Args:
            error: What was raised while the peer's octets were judged.

        Returns:
            A new error with the same message and attributes.
        """
        return cls(
            str(error),
            error.error_status_hint,
            code=error.code,
            excerpt=error.excerpt,
            expected=error.expected,
            received=error.received,
        )


def first_octets(octets: bytes | bytearray) -> bytes:
    """Return the beginning of offending octets, of which an error may show all that is returned.

    Args:
        octets: What a message complains about.

    Returns:
        The octets, or as many as fit into 100 with an ellipsis at the end. Their `repr` is safe in
        a log line.
    """
    if len(octets) <= EXCERPT_LENGTH:
        return bytes(octets)
    return bytes(octets[: EXCERPT_LENGTH - len(_ELLIPSIS)]) + _ELLIPSIS


def last_octets(octets: bytes | bytearray) -> bytes:
    """Return the end of offending octets, where the last of them is the wrong one.

    Args:
        octets: What came, up to the wrong octet.

    Returns:
        The octets, or as many as fit into 100 with an ellipsis at the beginning.
    """
    if len(octets) <= EXCERPT_LENGTH:
        return bytes(octets)
    return _ELLIPSIS + bytes(octets[len(_ELLIPSIS) - EXCERPT_LENGTH :])
