"""Reading a stream to its end: pieces in, all that a parser made of them out.

Two outcomes are equal if a user of the parser could not tell them apart by anything but where the
pieces of a body began and ended, which means nothing (RFC 9112 section 7.1).
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from h11_events import ConnectionClosed, Data, ErrorCode, Event, ProtocolError
from h11_parser import NEED_DATA, PAUSED, Limits, RequestParser, ResponseParser, Tolerance

Parser = RequestParser | ResponseParser


class Fault(NamedTuple):
    """An error as a program and a person see it."""

    error: type[ProtocolError]
    code: ErrorCode
    hint: int
    excerpt: bytes
    expected: int | None
    received: int | None
    text: str


def fault_of(error: ProtocolError) -> Fault:
    """Return an error in a form that compares by value."""
    return Fault(
        type(error),
        error.code,
        error.error_status_hint,
        error.excerpt,
        error.expected,
        error.received,
        str(error),
    )


class Outcome(NamedTuple):
    """What a stream led to."""

    events: list[Event]
    """The events, of which those that are pieces of one chunk, or of one body, are joined."""

    end: object
    """The marker that came last, or the fault that ended it all; None after the end."""

    rest: bytes
    """What was not parsed; nothing after a fault, for then it says nothing."""


def limits_of(size: int | None) -> Limits | None:
    """Return one limit for heads and for trailer sections; None for the usual ones."""
    return None if size is None else Limits(head_size=size, trailer_size=size)


def request_parser(limit: int | None = None, tolerate: Tolerance | None = None) -> RequestParser:
    """Return a parser with a limit and tolerances, or with the usual ones."""
    return RequestParser(limits=limits_of(limit), tolerate=tolerate)


def response_parser(
    methods: Iterable[bytes] = (), limit: int | None = None, tolerate: Tolerance | None = None
) -> ResponseParser:
    """Return a parser that knows the methods which are answered."""
    parser = ResponseParser(limits=limits_of(limit), tolerate=tolerate)
    for method in methods:
        parser.expect(method)
    return parser


def drain(parser: Parser) -> tuple[list[Event], object]:
    """Return the events up to the next marker, and the marker; None in its place at the end."""
    events: list[Event] = []
    return events, drain_into(events, parser)


def drain_into(events: list[Event], parser: Parser) -> object:
    """Add the events up to the next marker, or up to a fault; return the marker."""
    while True:
        event = parser.next_event()
        if event is NEED_DATA or event is PAUSED:
            return event
        assert isinstance(event, Event)
        events.append(event)
        if isinstance(event, ConnectionClosed):
            return None


def read(parser: Parser, pieces: Iterable[bytes], *, resume: bool = False) -> Outcome:
    """Return what a parser makes of a stream whose pieces come one after the other.

    Args:
        parser: A new parser.
        pieces: The pieces; an empty one is the end of the stream.
        resume: Whether to go on with HTTP after each pause of a request parser.
    """
    events: list[Event] = []
    end: object = NEED_DATA
    try:
        for piece in pieces:
            parser.receive_data(piece)
            end = drain_into(events, parser)
            while resume and end is PAUSED and isinstance(parser, RequestParser):
                parser.resume()
                end = drain_into(events, parser)
    except ProtocolError as error:
        return Outcome(joined(events), fault_of(error), b"")
    return Outcome(joined(events), end, parser.trailing_data[0])


def joined(events: list[Event]) -> list[Event]:
    """Return the events with those pieces joined between which no chunk ends or begins."""
    result: list[Event] = []
    for event in events:
        last = result[-1] if result else None
        if (
            isinstance(event, Data)
            and isinstance(last, Data)
            and not (last.chunk_end or event.chunk_start)
        ):
            whole = last.data + event.data
            result[-1] = Data(whole, last.chunk_start, event.chunk_end, last.chunk_extension)
        else:
            result.append(event)
    return result


def events_of(parser: Parser, *pieces: bytes) -> list[Event]:
    """Return the events of a stream that has no fault, the pieces of a body as they came."""
    events: list[Event] = []
    for piece in pieces:
        parser.receive_data(piece)
        events += drain(parser)[0]
    return events


def byte_by_byte(octets: bytes) -> list[bytes]:
    """Return the octets as pieces of one."""
    return [octets[place : place + 1] for place in range(len(octets))]


def in_two(octets: bytes) -> Iterator[list[bytes]]:
    """Yield two pieces for each place where the octets can be cut."""
    for place in range(1, len(octets)):
        yield [octets[:place], octets[place:]]


def in_three(octets: bytes, size: int) -> Iterator[list[bytes]]:
    """Yield three pieces, of which the middle one has a certain size, for each place for it."""
    for place in range(1, len(octets) - size):
        edges = (0, place, place + size, len(octets))
        yield [octets[start:end] for start, end in pairwise(edges)]


def every_cutting(octets: bytes) -> Iterator[list[bytes]]:
    """Yield the octets whole, byte by byte, in two pieces, and with one or two apart."""
    yield [octets]
    yield byte_by_byte(octets)
    yield from in_two(octets)
    yield from in_three(octets, 1)
    yield from in_three(octets, 2)


def assert_same_however_cut(
    new_parser: Callable[[], Parser], octets: bytes, *, closed: bool = False, resume: bool = False
) -> Outcome:
    """Assert that a stream has one outcome, however it is cut, and return that.

    Args:
        new_parser: What makes a parser.
        octets: The stream.
        closed: Whether the stream ends.
        resume: As for `read`.
    """
    end = [b""] if closed else []
    expected = read(new_parser(), [octets, *end], resume=resume)
    for pieces in every_cutting(octets):
        assert read(new_parser(), pieces + end, resume=resume) == expected, pieces
    return expected
