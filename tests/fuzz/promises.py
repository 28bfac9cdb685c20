"""What must hold whatever a peer sends, one function for each promise.

In: what a reader did with a stream. Out: nothing, or `BrokenPromiseError`. Which exceptions may
leave a reader is not here: any other simply goes through to the fuzzer.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from h11_events import (
    Data,
    EndOfMessage,
    ErrorCode,
    Event,
    Headers,
    InformationalResponse,
    ProtocolError,
    Request,
    Response,
)

HINTS: Final = {
    ErrorCode.UNSUPPORTED_VERSION: 505,
    ErrorCode.UNSUPPORTED_CODING: 501,
    ErrorCode.HEAD_TOO_LARGE: 431,
    ErrorCode.REQUEST_LINE_TOO_LONG: 414,
    ErrorCode.TOO_MANY_FIELDS: 431,
    ErrorCode.TRAILERS_TOO_LARGE: 431,
    ErrorCode.CHUNK_EXTENSIONS_TOO_LARGE: 431,
}
"""The status code that suits each error; 400 for all others."""

LONGEST_EXCERPT: Final = 100
LONGEST_TEXT: Final = 1000

SECONDS: Final = 0.5
"""What any stream may take, however short: a busy machine is not a fault."""

OCTETS_PER_SECOND: Final = 64 * 1024
"""How fast a stream is read at least, many times slower than any is."""

MOMENT: Final = 0.03
"""Seconds that are too few to be compared."""

MOST_GROWTH: Final = 9
"""How many times as long four times the length may take: between four and sixteen."""


class BrokenPromiseError(AssertionError):
    """Something happened that must not, whatever was sent."""


def check_error(error: ProtocolError) -> None:
    """See that an error can be shown, logged, and used by a program."""
    text = str(error)
    if len(text) >= LONGEST_TEXT or not text.isascii() or not text.isprintable():
        raise BrokenPromiseError(f"no text for a log line: {text!r}")
    if type(error.excerpt) is not bytes or len(error.excerpt) > LONGEST_EXCERPT:
        raise BrokenPromiseError(f"the excerpt is no short octet string: {error.excerpt!r}")
    if error.error_status_hint != HINTS.get(error.code, 400):
        raise BrokenPromiseError(f"{error.code} has the hint {error.error_status_hint}")
    for count in (error.expected, error.received):
        if count is not None and count < 0:
            raise BrokenPromiseError(f"a count below zero: {count}")


def check_held(count: int, most: int | None) -> None:
    """See that what waits for more, or was taken together, is within the limits."""
    if most is not None and count > most:
        raise BrokenPromiseError(f"{count} octets are held, where {most} are the most")


def check_field_count(events: Iterable[Event], most: int) -> None:
    """See that no section has more fields than its limit."""
    for event in events:
        if isinstance(event, Request | Response | InformationalResponse | EndOfMessage):
            count = len(event.headers)
            if count > most:
                raise BrokenPromiseError(f"{count} fields in one section, where {most} may be")


def check_time(seconds: Iterable[float], length: int) -> None:
    """See that a stream took no more than linear time the once that it was disturbed least.

    Args:
        seconds: What it took, again and again; not asked further than needed.
        length: How many octets it has.
    """
    budget = SECONDS + length / OCTETS_PER_SECOND
    times = []
    for attempt in seconds:
        if attempt <= budget:
            return
        times.append(attempt)
    raise BrokenPromiseError(f"{length} octets took {times} s, where {budget:.1f} s are the most")


def check_growth(seconds: Iterable[tuple[float, float]]) -> None:
    """See that four times the length took about four times as long.

    Args:
        seconds: What the long stream and one of a quarter of its length took, again and again; not
            asked further than needed.
    """
    times = []
    for longer, shorter in seconds:
        if longer <= max(MOMENT, MOST_GROWTH * shorter):
            return
        times.append((longer, shorter))
    raise BrokenPromiseError(f"four times the length took more than that: {times}")


def check_origin(events: Iterable[Event], stream: bytes) -> None:
    """See that all octets of the events come from the stream, those of bodies in its order.

    Names and values may have been lowered or put together from several lines, and are therefore
    looked for word by word, in either case. No octet of the stream is delivered twice in a body.

    Args:
        events: What was read, with the pieces of a chunk joined.
        stream: All that was received.
    """
    lowered = stream.lower()
    place = 0
    for event in events:
        for word in _words(event):
            if word.lower() not in lowered:
                raise BrokenPromiseError(f"{word!r} of {event!r:.500} was never received")
        if isinstance(event, Data):
            found = stream.find(event.data, place) if event.data else -1
            if found < 0:
                raise BrokenPromiseError(f"{event!r:.500} was not received after octet {place}")
            place = found + len(event.data)


def _words(event: Event) -> Iterator[bytes]:
    """Yield the words of a head or of a trailer section."""
    if isinstance(event, Request):
        yield from (event.method, event.target, event.http_version)
        yield from _words_of_fields(event.headers)
    elif isinstance(event, Response | InformationalResponse):
        yield from (b"%03d" % event.status_code, event.http_version, *event.reason.split())
        yield from _words_of_fields(event.headers)
    elif isinstance(event, EndOfMessage):
        yield from _words_of_fields(event.headers)


def _words_of_fields(headers: Headers) -> Iterator[bytes]:
    """Yield the names, and the words of the values."""
    for name, value in headers.raw_items():
        yield name
        yield from value.replace(b",", b" ").split()
