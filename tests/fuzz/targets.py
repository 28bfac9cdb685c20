"""The fuzzers' targets: any octets in, and what is special about them out.

In: what libFuzzer makes up; see `tests.fuzz.settings` for what it means. Out: landmarks, by which a
fuzzer can tell that it got somewhere else; or `BrokenPromiseError`, or whatever exception came out
of a reader that may not. Each target reads the stream whole, in
pieces, and octet by octet (RFC 9112, all of it).
"""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from h11_parser import Limits
from tests.fuzz.promises import (
    BrokenPromiseError,
    check_field_count,
    check_growth,
    check_origin,
    check_time,
)
from tests.fuzz.reading import Subject, read
from tests.fuzz.settings import Settings, pieces
from tests.fuzz.subjects import (
    ChunkedSubject,
    client,
    request_parser,
    response_parser,
    server,
)

NewSubject = Callable[[Settings], Subject]
"""What makes a subject."""

Target = Callable[[bytes], set[str]]
"""What checks one input, and returns landmarks."""

BREAK: Final = b"\x1e"
"""What stands in the streams of `growth` before and after the part that is repeated."""

GROWN: Final = 32 * 1024
"""How long `growth` makes a stream."""

SEGMENT: Final = 4096
"""The size of the pieces of a grown stream."""

LONGEST_MARK: Final = 200
"""The longest landmark of a grown stream."""

ATTEMPTS: Final = 3
"""How many times a stream is read before it is taken to be slow."""

NO_LIMITS: Final = Limits(
    head_size=2 * GROWN,
    field_count=2 * GROWN,
    trailer_size=2 * GROWN,
    chunk_extension_size=2 * GROWN,
)
"""More than a grown stream can have."""

SUBJECTS: Final[dict[str, NewSubject]] = {
    "requests": request_parser,
    "responses": response_parser,
    "chunked": ChunkedSubject,
    "server": server,
    "client": client,
}
"""What reads a stream, by the name of the target."""


def check(new_subject: NewSubject, octets: bytes) -> set[str]:
    """Check all promises for one input.

    Args:
        new_subject: What makes the reader under test.
        octets: The input.

    Returns:
        The landmarks of its outcome.

    Raises:
        BrokenPromiseError: If one is broken.
    """
    settings = Settings.of(octets)
    outcomes = []
    for cutting in settings.cuttings():
        reading = read(new_subject(settings), cutting)
        check_time(_times(reading.seconds, new_subject, settings, cutting), len(settings.stream))
        outcomes.append(reading.outcome)
        if outcomes[0] != outcomes[-1]:
            raise BrokenPromiseError(
                f"cut into {cutting!r:.300}\nled to {outcomes[-1]!r}\nnot to {outcomes[0]!r}"
            )
    check_origin(outcomes[0].events, settings.stream)
    check_field_count(outcomes[0].events, (settings.limits or Limits()).field_count)
    return outcomes[0].landmarks()


def grow(octets: bytes) -> set[str]:
    """Check that a stream in which one part is repeated takes linear time.

    Args:
        octets: The input; the first number of its plan chooses the reader, the second whether the
            stream comes in one piece.

    Returns:
        The landmarks of the outcome, without those that have the whole stream in them.

    Raises:
        BrokenPromiseError: If the time is more than linear, or another promise is broken.
    """
    settings = Settings.of(octets)
    names = list(SUBJECTS)
    new_subject = SUBJECTS[names[settings.plan[0] % len(names)]]
    size = SEGMENT if settings.plan[1] else GROWN
    settings = settings._replace(limits=settings.limits or NO_LIMITS)
    end = [b""] * settings.closed

    marks: set[str] = set()

    def seconds(length: int) -> float:
        cutting = [*pieces(grown(settings.stream, length), (size,)), *end]
        outcome, taken = read(new_subject(settings), cutting)
        marks.update(mark for mark in outcome.landmarks() if len(mark) < LONGEST_MARK)
        return taken

    with without_collector():
        check_growth((seconds(GROWN), seconds(GROWN // 4)) for _ in range(ATTEMPTS))
    return marks


@contextmanager
def without_collector() -> Iterator[None]:
    """Keep the garbage collector away, whose turn would show in the time of whoever has it."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def grown(stream: bytes, length: int) -> bytes:
    """Return the stream with the part between two breaks repeated, or all of it without two.

    Args:
        stream: What to repeat a part of.
        length: How long the result may be; the stream alone may be longer.
    """
    parts = stream.split(BREAK, 2)
    before, part, after = parts if len(parts) == 3 else (b"", stream, b"")
    room = length - len(before) - len(after)
    return before + part * max(1, room // max(1, len(part))) + after


def _times(
    seconds: float, new_subject: NewSubject, settings: Settings, cutting: list[bytes]
) -> Iterator[float]:
    """Yield what a reading took, and what it takes again."""
    yield seconds
    for _ in range(ATTEMPTS - 1):
        yield read(new_subject(settings), cutting).seconds


def _target(new_subject: NewSubject) -> Target:
    """Return what checks one input with one kind of subject."""
    return lambda octets: check(new_subject, octets)


TARGETS: Final[dict[str, Target]] = {
    **{name: _target(new_subject) for name, new_subject in SUBJECTS.items()},
    "growth": grow,
}
"""What checks one input, by the name of the target."""
