"""Heads and trailer sections: bytes in, events and headers out (RFC 9112 sections 2 to 5).

Nearly all heads have one usual form, which is judged and split in a handful of calls. A head in any
other form, legal or not, goes line by line, which also finds out what exactly is wrong with it.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from h11_events import (
    FieldLine,
    Headers,
    InformationalResponse,
    LocalProtocolError,
    Request,
    Response,
    excerpt,
)
from h11_parser._buffer import ReceiveBuffer
from h11_parser._grammar import (
    FIELD_NAME,
    FIELD_VALUE,
    REQUEST_LINE,
    REQUEST_LINE_CRLF,
    STATUS_LINE,
    STATUS_LINE_CRLF,
    USUAL_FIELD_LINE,
    USUAL_OCTETS,
)

if TYPE_CHECKING:
    import re

_BLANKS = b" \t"


def read_request_head(buffer: ReceiveBuffer) -> Request | None:
    """Read the head of a request (RFC 9112 section 3).

    Args:
        buffer: What was received.

    Returns:
        The request; None if its head is not complete yet.

    Raises:
        LocalProtocolError: If the head is malformed, or longer than the buffer's limit.
    """
    head = buffer.take_head()
    if head:
        start_line = REQUEST_LINE_CRLF.match(head)
        if start_line is not None:
            headers = _parse_usual_fields(head, start_line.end())
            if headers is not None:
                method, target, version = start_line.groups()
                return Request.from_parts(method, target, headers, version)
        buffer.put_back(head)
    elif head is not None or not buffer:
        return None
    _check_first_octet(buffer, "illegal request line")
    lines = buffer.maybe_extract_lines()
    if lines is None:
        return None
    match = REQUEST_LINE.fullmatch(lines[0])
    if match is None:
        raise LocalProtocolError(f"illegal request line: {excerpt(lines[0])}")
    method, target, version = match.groups()
    return Request.from_parts(method, target, read_field_lines(lines[1:]), version)


def read_response_head(buffer: ReceiveBuffer) -> InformationalResponse | Response | None:
    """Read the head of a response (RFC 9112 section 4).

    Args:
        buffer: What was received.

    Returns:
        The response; None if its head is not complete yet.

    Raises:
        LocalProtocolError: If the head is malformed, or longer than the buffer's limit.
    """
    head = buffer.take_head()
    if head:
        start_line = STATUS_LINE_CRLF.match(head)
        if start_line is not None:
            headers = _parse_usual_fields(head, start_line.end())
            if headers is not None:
                return _make_response(start_line, headers)
        buffer.put_back(head)
    elif head is not None or not buffer:
        return None
    _check_first_octet(buffer, "illegal status line")
    lines = buffer.maybe_extract_lines()
    if lines is None:
        return None
    match = STATUS_LINE.fullmatch(lines[0])
    if match is None:
        raise LocalProtocolError(f"illegal status line: {excerpt(lines[0])}")
    return _make_response(match, read_field_lines(lines[1:]))


def read_field_lines(lines: list[bytes]) -> Headers:
    """Read the lines of a header or trailer section (RFC 9112 section 5).

    Args:
        lines: The lines without their ends, and without the empty one after them.

    Returns:
        The headers; a value that was folded over several lines has one space for each fold (RFC
        9112 section 5.2).

    Raises:
        LocalProtocolError: If a line is malformed.
    """
    return Headers.from_field_lines([_parse_field_line(line) for line in _unfold(lines)])


def _parse_usual_fields(head: bytes, start: int) -> Headers | None:
    """Return the fields of a head from `start` on, if all its lines are in the usual form."""
    lines: list[FieldLine] = USUAL_FIELD_LINE.findall(head, start, len(head) - 2)
    # As many unusual octets as there are in the ends of so many lines: there are no others.
    if len(head.translate(None, USUAL_OCTETS)) != 2 * len(lines) + 4:
        return None
    try:
        return Headers.from_field_lines(lines)
    except LocalProtocolError:
        return None


def _make_response(
    status_line: "re.Match[bytes]", headers: Headers
) -> InformationalResponse | Response:
    """Return a response of the class that its status code asks for (RFC 9110 section 15)."""
    version, digits, reason = status_line.groups(b"")
    status_code = int(digits)
    cls = InformationalResponse if status_code < 200 else Response
    return cls.from_parts(status_code, headers, version, reason)


def _check_first_octet(buffer: ReceiveBuffer, complaint: str) -> None:
    """Refuse at once what cannot become a start line, such as TLS on a port without it."""
    if buffer.peek(1) < b"\x21":
        raise LocalProtocolError(f"{complaint}: {excerpt(bytes(buffer))}")


def _unfold(lines: list[bytes]) -> Iterator[bytes]:
    """Yield each field line with the lines that continue it (obs-fold, RFC 9112 section 5.2)."""
    pieces: list[bytes] = []
    for line in lines:
        if not line.startswith((b" ", b"\t")):
            if pieces:
                yield b" ".join(pieces)
            pieces = [line]
        elif pieces:
            pieces[-1] = pieces[-1].rstrip(_BLANKS)
            pieces.append(line.lstrip(_BLANKS))
        else:
            raise LocalProtocolError(f"continuation line at start of headers: {excerpt(line)}")
    if pieces:
        yield b" ".join(pieces)


def _parse_field_line(line: bytes) -> FieldLine:
    """Return the name and the value of one line (RFC 9112 section 5.1)."""
    name, colon, value = line.partition(b":")
    if not colon or not FIELD_NAME.fullmatch(name) or not FIELD_VALUE.fullmatch(value):
        raise LocalProtocolError(f"illegal header line: {excerpt(line)}")
    return name, value.strip(_BLANKS)
