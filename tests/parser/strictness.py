"""Reading a stream under chosen tolerances and limits, in all cuttings at once.

In: the octets of a stream, and what makes a parser for it. Out: its events, and the error that
ended them as a program sees it; a stream whose outcome depends on how it was cut fails the test at
once (RFC 9112 sections 2 to 7).
"""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Final, NamedTuple

from h11_events import (
    Data,
    EndOfMessage,
    ErrorCode,
    Event,
    FieldLine,
    RemoteProtocolError,
    Request,
    Response,
)
from h11_parser import Limits, RequestParser, ResponseParser, Tolerance
from tests.parser.reading import Parser, byte_by_byte, drain_into, in_two, joined

NewParser = Callable[[], Parser]
"""What makes a parser that has read nothing yet."""

FOR_REQUESTS: Final = (
    Tolerance.BARE_LF
    | Tolerance.OBS_FOLD
    | Tolerance.CONTROL_OCTETS
    | Tolerance.BLANK_AFTER_CHUNK_SIZE
    | Tolerance.NON_ASCII_TARGET
    | Tolerance.UNENCODED_TARGET
)
"""All that a server can be told to tolerate."""

FOR_RESPONSES: Final = (
    Tolerance.BARE_LF
    | Tolerance.OBS_FOLD
    | Tolerance.CONTROL_OCTETS
    | Tolerance.BLANK_BEFORE_COLON
    | Tolerance.INVALID_FIELD_LINES
    | Tolerance.TRANSFER_ENCODING_WITH_CONTENT_LENGTH
    | Tolerance.TRANSFER_ENCODING_IN_HTTP_1_0
    | Tolerance.REPEATED_CHUNKED
    | Tolerance.BLANK_AFTER_CHUNK_SIZE
    | Tolerance.FORBIDDEN_TRAILERS
)
"""All that a client can be told to tolerate."""

REQUEST_SETS: Final = {
    "none": Tolerance.NONE,
    "default": Tolerance.REQUESTS,
    "all": FOR_REQUESTS,
}
"""How tolerant a server can be: not at all, as it starts, as much as possible."""

RESPONSE_SETS: Final = {
    "none": Tolerance.NONE,
    "default": Tolerance.RESPONSES,
    "all": FOR_RESPONSES,
}
"""The same for a client."""

GET: Final = b"GET / HTTP/1.1\r\nHost: a\r\n"
"""The head of a request, up to where further field lines may stand."""

OK: Final = b"HTTP/1.1 200 OK\r\n"
"""The head of a response, up to where further field lines may stand."""

NO_CONTENT: Final = b"HTTP/1.1 204 No Content\r\n"
"""The head of a response without a body, up to where further field lines may stand."""

CHUNKED_POST: Final = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
"""The whole head of a request with a chunked body."""

CHUNKED_OK: Final = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
"""The whole head of a response with a chunked body."""


def padded(start: bytes, end: bytes, size: int) -> bytes:
    """Return start and end with so many octets between them that there are `size` in all."""
    assert size >= len(start) + len(end)
    return start + b"x" * (size - len(start) - len(end)) + end


class Refusal(NamedTuple):
    """An error of the peer, as a program sees it."""

    code: ErrorCode
    hint: int
    excerpt: bytes
    expected: int | None
    received: int | None
    text: str


class Outcome(NamedTuple):
    """What came of a stream."""

    events: list[Event]
    """The events, with the pieces of a body joined that nothing separates."""

    refusal: Refusal | None
    """The error that came after them; None if there was none."""


def requests(tolerate: Tolerance | None = None, limits: Limits | None = None) -> NewParser:
    """Return what makes parsers of requests with these tolerances and limits."""
    return partial(RequestParser, tolerate=tolerate, limits=limits)


def responses(tolerate: Tolerance | None = None, limits: Limits | None = None) -> NewParser:
    """Return what makes parsers of responses with these tolerances and limits."""
    return partial(ResponseParser, tolerate=tolerate, limits=limits)


def read(parser: Parser, pieces: list[bytes]) -> Outcome:
    """Return what a parser makes of pieces that come one after the other; empty ends the stream."""
    events: list[Event] = []
    try:
        for piece in pieces:
            parser.receive_data(piece)
            drain_into(events, parser)
    except RemoteProtocolError as error:
        return Outcome(joined(events), refusal_of(error))
    return Outcome(joined(events), None)


def refusal_of(error: RemoteProtocolError) -> Refusal:
    """Return an error with all its attributes, in a form that compares by value."""
    return Refusal(
        error.code,
        error.error_status_hint,
        error.excerpt,
        error.expected,
        error.received,
        str(error),
    )


def cuttings(octets: bytes) -> Iterator[list[bytes]]:
    """Yield the octets whole, byte by byte, and in two pieces with the cut at every place."""
    yield [octets]
    yield byte_by_byte(octets)
    yield from in_two(octets)


def outcome(new_parser: NewParser, octets: bytes, *, closed: bool = False) -> Outcome:
    """Assert that a stream has one outcome, however it is cut, and return that.

    Args:
        new_parser: What makes a parser.
        octets: The stream, not empty.
        closed: Whether the stream ends.
    """
    end = [b""] if closed else []
    expected = read(new_parser(), [octets, *end])
    for pieces in cuttings(octets):
        assert read(new_parser(), pieces + end) == expected, pieces
    return expected


def events_of(new_parser: NewParser, octets: bytes, *, closed: bool = False) -> list[Event]:
    """Assert that a stream is not refused, however it is cut, and return its events."""
    events, refusal = outcome(new_parser, octets, closed=closed)
    assert refusal is None, refusal
    return events


def refusal_in(new_parser: NewParser, octets: bytes, *, closed: bool = False) -> Refusal:
    """Assert that a stream is refused in the same way, however it is cut, and return how."""
    refusal = outcome(new_parser, octets, closed=closed).refusal
    assert refusal is not None, octets
    return refusal


def fields_in(new_parser: NewParser, octets: bytes) -> list[FieldLine]:
    """Return the fields of the first head of a stream that is not refused, but for its Host."""
    head = events_of(new_parser, octets)[0]
    assert isinstance(head, Request | Response)
    return [line for line in head.headers if line[0] != b"host"]


def body_in(new_parser: NewParser, octets: bytes) -> bytes:
    """Return the body of the first message of a stream that is not refused, and is complete."""
    events = events_of(new_parser, octets)
    end = next(place for place, event in enumerate(events) if isinstance(event, EndOfMessage))
    return b"".join(event.data for event in events[:end] if isinstance(event, Data))


def trailers_in(new_parser: NewParser, octets: bytes) -> list[FieldLine]:
    """Return the trailers of the first message of a stream that is not refused."""
    events = events_of(new_parser, octets)
    end = next(event for event in events if isinstance(event, EndOfMessage))
    return list(end.headers)


def feed(parser: Parser, pieces: Iterable[bytes]) -> None:
    """Give a parser pieces one after the other, and take all that it makes of them."""
    for piece in pieces:
        parser.receive_data(piece)
        drain_into([], parser)
