"""What the tests of RFC 9110 share beside `tests.rfc.wire` and `tests.h11.conversations`.

In: octets, or the headers of an event. Out: the head that octets begin with, what a proxy would
forward, and sets of tolerances (RFC 9110 sections 5 and 7.6).
"""

from typing import Final

from h11 import Request, Response, Tolerance
from h11_events import FieldLine, Headers, without_hop_by_hop
from h11_parser import RequestParser, ResponseParser
from tests.rfc import wire

FOR_REQUESTS: Final = {
    "none": Tolerance.NONE,
    "default": Tolerance.REQUESTS,
    "all": wire.MOST_FOR_REQUESTS,
}
"""How tolerant a server can be: not at all, as it starts, as much as possible."""

FOR_RESPONSES: Final = {
    "none": Tolerance.NONE,
    "default": Tolerance.RESPONSES,
    "all": wire.MOST_FOR_RESPONSES,
}
"""The same for a client."""


def read_request(octets: bytes, tolerate: Tolerance | None = None) -> Request:
    """Return the request that octets begin with."""
    return wire.heard_request(RequestParser(tolerate=tolerate), octets)


def read_response(octets: bytes, tolerate: Tolerance | None = None) -> Response:
    """Return the response that octets begin with."""
    return wire.heard_response(ResponseParser(tolerate=tolerate), octets)


def field_lines(sent: bytes) -> list[bytes]:
    """Return the field lines of a head that was sent, without the start line."""
    return sent.partition(b"\r\n\r\n")[0].split(b"\r\n")[1:]


def names_sent(sent: bytes) -> list[bytes]:
    """Return the field names of a head that was sent, in lower case."""
    return [line.partition(b":")[0].lower() for line in field_lines(sent)]


def forwarded(headers: Headers) -> list[FieldLine]:
    """Return the field lines that a proxy forwards (RFC 9110 section 7.6.1)."""
    return without_hop_by_hop(headers).raw_items()
