"""Heads and trailer sections: bytes in, events and headers out (RFC 9112 sections 2 to 5).

Nearly all heads have one usual form, which is judged and split in a handful of calls. A head in any
other form, legal or not, goes line by line, which also finds out what exactly is wrong with it.
"""

from collections.abc import Iterator

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

_BLANKS = b" \t"


def read_request_head(buffer: ReceiveBuffer) -> Request | None:
    """Read the head of a request (RFC 9112 section 3).

    Args:
        buffer: What was received; not empty.

    Returns:
        The request; None if its head is not complete yet.

    Raises:
        LocalProtocolError: If the head is malformed, or longer than the buffer's limit.
    """
    head = buffer.peek_head()
    if head is not None:
        request = _parse_usual_request(head)
        if request is not None:
            buffer.advance(len(head))
            return request
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
        buffer: What was received; not empty.

    Returns:
        The response; None if its head is not complete yet.

    Raises:
        LocalProtocolError: If the head is malformed, or longer than the buffer's limit.
    """
    head = buffer.peek_head()
    if head is not None:
        response = _parse_usual_response(head)
        if response is not None:
            buffer.advance(len(head))
            return response
    _check_first_octet(buffer, "illegal status line")
    lines = buffer.maybe_extract_lines()
    if lines is None:
        return None
    match = STATUS_LINE.fullmatch(lines[0])
    if match is None:
        raise LocalProtocolError(f"illegal status line: {excerpt(lines[0])}")
    version, status_code, reason = match.groups(b"")
    return _make_response(int(status_code), read_field_lines(lines[1:]), version, reason)


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


def _parse_usual_request(head: bytes) -> Request | None:
    """Return the request of a head in the usual form, None for any other."""
    match = REQUEST_LINE_CRLF.match(head)
    if match is None:
        return None
    lines = _usual_field_lines(head, match.end())
    if lines is None:
        return None
    method, target, version = match.groups()
    try:
        return Request.from_parts(method, target, Headers.from_field_lines(lines), version)
    except LocalProtocolError:
        return None


def _parse_usual_response(head: bytes) -> InformationalResponse | Response | None:
    """Return the response of a head in the usual form, None for any other."""
    match = STATUS_LINE_CRLF.match(head)
    if match is None:
        return None
    lines = _usual_field_lines(head, match.end())
    if lines is None:
        return None
    version, status_code, reason = match.groups(b"")
    try:
        headers = Headers.from_field_lines(lines)
        return _make_response(int(status_code), headers, version, reason)
    except LocalProtocolError:
        return None


def _make_response(
    status_code: int, headers: Headers, version: bytes, reason: bytes
) -> InformationalResponse | Response:
    """Return a response of the class that its status code asks for (RFC 9110 section 15)."""
    cls = InformationalResponse if status_code < 200 else Response
    return cls.from_parts(status_code, headers, version, reason)


def _usual_field_lines(head: bytes, start: int) -> list[FieldLine] | None:
    """Return the field lines of a head whose only octets outside USUAL_OCTETS are its line ends."""
    lines: list[FieldLine] = USUAL_FIELD_LINE.findall(head, start, len(head) - 2)
    if head.translate(None, USUAL_OCTETS) != b"\r\n" * (len(lines) + 2):
        return None
    return lines


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
