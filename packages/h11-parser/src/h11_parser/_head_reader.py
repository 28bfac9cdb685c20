"""Heads: bytes in, events out (RFC 9112 sections 2 to 5).

Nearly all heads have one usual form, which is judged and split in a handful of calls. A head that
is in any other form, or not complete yet, is scanned octet by octet, which lets through what is
legal or tolerated, and finds the first octet that is neither.
"""

from typing import TYPE_CHECKING

from h11_events import (
    Headers,
    InformationalResponse,
    LocalProtocolError,
    Request,
    Response,
)
from h11_parser._buffer import ReceiveBuffer, lines_of
from h11_parser._dialect import REQUESTS, RESPONSES, Dialect
from h11_parser._field_reader import read_header_section
from h11_parser._grammar import HTTP_2_PREFACE, STATUS_LINE, UNUSUAL_OCTETS
from h11_parser._tolerance import Tolerance

if TYPE_CHECKING:
    import re

# What is called for every head is looked up in its class once.
_headers_of = Headers.from_usual_lines
_make_request = Request.from_parts
_make_informational_response = InformationalResponse.from_parts
_make_final_response = Response.from_parts


def read_request_head(buffer: ReceiveBuffer, dialect: Dialect = REQUESTS) -> Request | None:
    """Read the head of a request, after any empty lines before it (RFC 9112 sections 2.2 and 3).

    Args:
        buffer: What was received.
        dialect: What to take.

    Returns:
        The request; None if its head is not complete yet. Whether its framing makes sense is judged
        by `judge_request_framing`. The preface of HTTP/2 is one, of version 2.0 (RFC 9113 section
        3.4).

    Raises:
        LocalProtocolError: If the head is malformed, or over a limit.
    """
    if not buffer.is_scanning:
        request = _read_usual_request(buffer, dialect)
        if request is not None:
            return request
        if not buffer or not _begins_request(buffer, dialect):
            return None
    size = buffer._scan(dialect._request_head)
    if size is None:
        return None
    head = buffer.take(size)
    return _usual_request(head, dialect) or _unusual_request(head, dialect)


def _read_usual_request(buffer: ReceiveBuffer, dialect: Dialect) -> Request | None:
    """Read a head that is complete and in the usual form; without it, nothing has changed."""
    limit = dialect.head_size
    whole = buffer.take_whole(limit)
    if whole is not None:
        request = _usual_request(whole, dialect)
        if request is not None:
            return request
        buffer.put_back(whole, in_vain=False)
    elif not buffer:
        return None
    head = buffer.take_head(limit)
    if head is not None:
        request = _usual_request(head, dialect) if head != whole else None
        if request is not None:
            return request
        buffer.put_back(head)
    return None


def _usual_request(head: bytes, dialect: Dialect) -> Request | None:
    """Return the request that octets are, if they are one head in the usual form."""
    lines = head.split(b"\r")
    count = len(lines)
    # There are as many unusual octets as in the ends of so many lines. Each line after the first
    # begins with an LF, which its reader sees to: then there are no others.
    if len(head) - len(head.translate(None, UNUSUAL_OCTETS)) != 2 * count - 2:
        return None
    match = dialect._match_usual_request_line(lines[0])
    if match is None or count > dialect.usual_lines:
        return None
    method, target, version = match.groups()
    del lines[0], lines[-2:]
    try:
        return _make_request(method, target, _headers_of(lines), version)
    except LocalProtocolError:
        return None


def _begins_request(buffer: ReceiveBuffer, dialect: Dialect) -> bool:
    """Use up empty lines before a request, and return whether anything else has come."""
    buffer.take_empty_lines(bare_lf=Tolerance.BARE_LF in dialect.tolerate)
    # CR alone may still become another empty line.
    return len(buffer) > 1 or buffer.peek(1) not in b"\r"


def _unusual_request(head: bytes, dialect: Dialect) -> Request:
    """Return the request that a scanned head is."""
    if head == HTTP_2_PREFACE:
        return _make_request(b"PRI", b"*", Headers(), b"2.0")
    request_line, *lines = lines_of(head)
    method, target, protocol = request_line.split(b" ")
    dialect._target.check(method, target)
    headers = read_header_section(lines, dialect)
    return _make_request(method, target, headers, protocol.removeprefix(b"HTTP/"))


def read_response_head(
    buffer: ReceiveBuffer, dialect: Dialect = RESPONSES
) -> InformationalResponse | Response | None:
    """Read the head of a response (RFC 9112 section 4).

    Args:
        buffer: What was received.
        dialect: What to take.

    Returns:
        The response; None if its head is not complete yet. Whether its framing makes sense is
        judged by `judge_response_framing`.

    Raises:
        LocalProtocolError: If the head is malformed, or over a limit.
    """
    if not buffer.is_scanning:
        head = buffer.take_head(dialect.head_size)
        if head is not None:
            response = _usual_response(head, dialect)
            if response is not None:
                return response
            buffer.put_back(head)
        elif not buffer:
            return None
    size = buffer._scan(dialect._response_head)
    if size is None:
        return None
    head = buffer.take(size)
    return _usual_response(head, dialect) or _unusual_response(head, dialect)


def _usual_response(head: bytes, dialect: Dialect) -> InformationalResponse | Response | None:
    """Return the response that a head is, if all of it is in the usual form."""
    lines = head.split(b"\r")
    count = len(lines)
    if len(head) - len(head.translate(None, UNUSUAL_OCTETS)) != 2 * count - 2:
        return None
    match = STATUS_LINE.fullmatch(lines[0])
    if match is None or count > dialect.usual_lines:
        return None
    del lines[0], lines[-2:]
    try:
        return _make_response(match, _headers_of(lines))
    except LocalProtocolError:
        return None


def _unusual_response(head: bytes, dialect: Dialect) -> InformationalResponse | Response:
    """Return the response that a scanned head is."""
    status_line, *lines = lines_of(head)
    match = STATUS_LINE.fullmatch(status_line)
    assert match is not None, "the scan lets nothing else through"
    return _make_response(match, read_header_section(lines, dialect))


def _make_response(
    status_line: "re.Match[bytes]", headers: Headers
) -> InformationalResponse | Response:
    """Return a response of the class that its status code asks for (RFC 9110 section 15)."""
    version, digits, reason = status_line.groups(b"")
    if digits < b"200":
        return _make_informational_response(int(digits), headers, version, reason)
    return _make_final_response(int(digits), headers, version, reason)
