"""What an error is about: the section of the RFC, the octets to blame, and what to answer.

In: an error, and the octets in which it is. Out: what a person wants to know about it. What belongs
to which code is data.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from h11_events import FORBIDDEN_IN_TRAILERS, ErrorCode, ProtocolError
from h11_statemachine import CLIENT, Role

SECTIONS: Final[Mapping[ErrorCode, str]] = {
    ErrorCode.BAD_REQUEST_LINE: "RFC 9112 section 3",
    ErrorCode.BAD_STATUS_LINE: "RFC 9112 section 4",
    ErrorCode.BAD_FIELD_LINE: "RFC 9112 section 5",
    ErrorCode.BAD_HOST: "RFC 9112 section 3.2",
    ErrorCode.BAD_FRAMING: "RFC 9112 section 6.3",
    ErrorCode.BAD_CHUNK: "RFC 9112 section 7.1",
    ErrorCode.BAD_TRAILER: "RFC 9110 section 6.5.1",
    ErrorCode.UNSUPPORTED_VERSION: "RFC 9110 section 15.6.6",
    ErrorCode.UNSUPPORTED_CODING: "RFC 9112 section 6.1",
    ErrorCode.HEAD_TOO_LARGE: "RFC 6585 section 5",
    ErrorCode.REQUEST_LINE_TOO_LONG: "RFC 9110 section 15.5.15",
    ErrorCode.TOO_MANY_FIELDS: "RFC 6585 section 5",
    ErrorCode.TRAILERS_TOO_LARGE: "RFC 6585 section 5",
    ErrorCode.CHUNK_EXTENSIONS_TOO_LARGE: "RFC 9112 section 7.1.1",
    ErrorCode.BODY_TOO_SHORT: "RFC 9112 section 8",
    ErrorCode.BODY_TOO_LONG: "RFC 9110 section 8.6",
    ErrorCode.CLOSED_EARLY: "RFC 9112 section 8",
    ErrorCode.OUT_OF_TURN: "RFC 9110 section 3.4",
    # Both are about the use of the library; no peer can bring them about.
    ErrorCode.AFTER_ERROR: "no section of an RFC",
    ErrorCode.OTHER: "no section of an RFC",
}
"""Where the RFCs have the rule that each code is about."""

_BLAMED_FIELDS: Final[Mapping[ErrorCode, frozenset[bytes]]] = {
    ErrorCode.BAD_HOST: frozenset({b"host"}),
    ErrorCode.BAD_FRAMING: frozenset({b"content-length", b"transfer-encoding"}),
    ErrorCode.UNSUPPORTED_CODING: frozenset({b"transfer-encoding"}),
    ErrorCode.BAD_TRAILER: FORBIDDEN_IN_TRAILERS,
}
"""Which fields are to blame where the octets of a section are right, but not what they say."""


_REASON_PHRASES: Final[Mapping[int, str]] = {
    400: "Bad Request",
    414: "URI Too Long",
    431: "Request Header Fields Too Large",
    501: "Not Implemented",
    502: "Bad Gateway",
    505: "HTTP Version Not Supported",
}
"""The reason phrases of all answers (RFC 9110 section 15, RFC 6585)."""

_BAD_GATEWAY: Final = 502


class Mark(NamedTuple):
    """Offending octets, by their place in the stream."""

    start: int
    """The offset of the first."""

    end: int
    """The offset of the octet after the last."""


class Violation(NamedTuple):
    """A violation of the protocol, and the octets to show it with."""

    error: ProtocolError
    """What the library says about it."""

    marks: tuple[Mark, ...]
    """The offending octets; after the last octet where the end came too early."""

    context: bytes
    """The octets around them."""

    context_start: int
    """The offset of the first of those."""

    def octets(self, mark: Mark) -> bytes:
        """Return the octets that a mark is about.

        Args:
            mark: One of the marks.
        """
        start = self.context_start
        return self.context[mark.start - start : mark.end - start]


def field_lines(section: bytes, names: frozenset[bytes]) -> list[tuple[int, bytes]]:
    """Return the lines of some fields, each with its place in the section.

    Args:
        section: Lines with their ends.
        names: Field names in lower case.
    """
    found = []
    place = 0
    for line in section.split(b"\n"):
        if line.partition(b":")[0].strip().lower() in names:
            found.append((place, line.removesuffix(b"\r")))
        place += len(line) + 1
    return found


def blamed(error: ProtocolError, section: bytes, start: int) -> tuple[Mark, ...]:
    """Return what to mark in a section whose octets are right, but not what they say.

    Args:
        error: What is wrong with it.
        section: A head or a trailer section.
        start: Its offset.

    Returns:
        The fields to blame, or the start line; of their lines what the error shows, if it is there.
    """
    lines = field_lines(section, _BLAMED_FIELDS.get(error.code, frozenset()))
    separator = b":" if lines else b" "
    if not lines:
        # Empty lines may come before it (RFC 9112 section 2.2).
        first_line = section.lstrip(b"\r\n")
        lines = [(len(section) - len(first_line), first_line.partition(b"\r\n")[0])]
    marks = []
    for place, line in lines:
        shown = error.excerpt if error.excerpt in line else b""
        # Only of a field that comes too late the name is to blame.
        names_it = error.code is ErrorCode.BAD_TRAILER or not shown
        begin = start + place + line.find(shown, 0 if names_it else line.find(separator))
        marks.append(Mark(begin, begin + len(shown or line)))
    return tuple(marks)


def answer_to(role: Role, error: ProtocolError) -> tuple[int, str]:
    """Return the status code that suits an answer to a violation, and its usual reason phrase.

    Args:
        role: Who broke the protocol.
        error: The violation.

    Returns:
        What a server answers to the client; or what a gateway, whose server broke the protocol,
        answers to its own client (RFC 9112 section 6.3).
    """
    status_code = error.error_status_hint if role is CLIENT else _BAD_GATEWAY
    return status_code, _REASON_PHRASES[status_code]
