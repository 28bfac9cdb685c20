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
    STATUS_LINE,
    UNUSUAL_OCTETS,
    USUAL_PROTOCOLS,
)

if TYPE_CHECKING:
    import re

_BLANKS = b" \t"

# What is called for every head is looked up in its class once.
_headers_of = Headers.from_usual_lines
_make_request = Request.from_parts
_make_informational_response = InformationalResponse.from_parts
_make_final_response = Response.from_parts


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
        lines = head.split(b"\r\n")
        parts = lines[0].split(b" ")
        headers = _parse_usual_fields(head, lines)
        if headers is not None and len(parts) == 3:
            method, target, protocol = parts
            # As all octets are usual ones, what is ASCII and has no space is visible.
            if method.isalpha() and target and target.isascii() and protocol in USUAL_PROTOCOLS:
                return _make_request(method, target, headers, USUAL_PROTOCOLS[protocol])
        buffer.put_back(head)
    elif head is not None or not buffer:
        return None
    _check_first_octet(buffer, "illegal request line")
    section = buffer.maybe_extract_lines()
    if section is None:
        return None
    match = REQUEST_LINE.fullmatch(section[0])
    if match is None:
        raise LocalProtocolError(f"illegal request line: {excerpt(section[0])}")
    method, target, version = match.groups()
    return _make_request(method, target, read_field_lines(section[1:]), version)


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
        lines = head.split(b"\r\n")
        match = STATUS_LINE.fullmatch(lines[0])
        if match is not None:
            headers = _parse_usual_fields(head, lines)
            if headers is not None:
                return _make_response(match, headers)
        buffer.put_back(head)
    elif head is not None or not buffer:
        return None
    _check_first_octet(buffer, "illegal status line")
    section = buffer.maybe_extract_lines()
    if section is None:
        return None
    match = STATUS_LINE.fullmatch(section[0])
    if match is None:
        raise LocalProtocolError(f"illegal status line: {excerpt(section[0])}")
    return _make_response(match, read_field_lines(section[1:]))


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


def _parse_usual_fields(head: bytes, lines: list[bytes]) -> Headers | None:
    """Return the fields of a head, if all of it is in the usual form.

    Args:
        head: The whole head.
        lines: What is between its CRLFs. The list is not to be used afterwards.
    """
    # As many unusual octets as there are in the ends of so many lines: there are no others.
    if len(head) - len(head.translate(None, UNUSUAL_OCTETS)) != 2 * len(lines) - 2:
        return None
    del lines[0], lines[-2:]
    try:
        return _headers_of(lines)
    except LocalProtocolError:
        return None


def _make_response(
    status_line: "re.Match[bytes]", headers: Headers
) -> InformationalResponse | Response:
    """Return a response of the class that its status code asks for (RFC 9110 section 15)."""
    version, digits, reason = status_line.groups(b"")
    if digits < b"200":
        return _make_informational_response(int(digits), headers, version, reason)
    return _make_final_response(int(digits), headers, version, reason)


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
