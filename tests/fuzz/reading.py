"""Reading a stream to its end, under watch: pieces in, all that became of them out.

In: a subject, which is a reader with its surroundings, and pieces of a stream. Out: what a user of
it could tell, less where the pieces of a body began and ended, which means nothing (RFC 9112
section 7.1). What must hold at every moment is checked on the way; see `tests.fuzz.promises`.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from itertools import pairwise
from time import process_time
from typing import ClassVar, NamedTuple

from h11_events import ConnectionClosed, ErrorCode, Event, ProtocolError, RemoteProtocolError
from h11_parser import NEED_DATA, PAUSED
from tests.fuzz.promises import BrokenPromiseError, check_error, check_held
from tests.parser.reading import joined

Marker = type[NEED_DATA] | type[PAUSED]
"""What stands where there is no event."""


class Subject(ABC):
    """A reader, new or in the middle of its stream, and whatever is around it.

    Attributes:
        error: The one exception that may leave `next_event`.
        fails_for_good: Whether `next_event` raises for ever once it has raised.
        most_held: How many octets may wait in it for more; None where nothing bounds them.
    """

    error: ClassVar[type[ProtocolError]] = RemoteProtocolError
    fails_for_good: ClassVar[bool] = True
    most_held: int | None

    @abstractmethod
    def receive(self, piece: bytes) -> None:
        """Take a piece of the stream, or its end where it is empty."""

    @abstractmethod
    def next_event(self) -> Event | Marker:
        """Return the next event, or a marker."""

    @abstractmethod
    def waiting(self) -> bytes:
        """Return the octets that were received and not used."""

    @abstractmethod
    def hear(self, event: Event) -> list[object]:
        """Do what an event calls for, and return what was said."""

    def goes_on_after_pause(self) -> bool:
        """Do what ends a pause, if anything does, and return whether there is anything."""
        return False

    def fail(self) -> list[object]:
        """Do what an error calls for, and return what was said."""
        return []

    def facts(self) -> tuple[object, ...]:
        """Return what else can be told about the subject."""
        return ()


class Fault(NamedTuple):
    """An error as a program and a person see it."""

    text: str
    hint: int
    code: ErrorCode
    excerpt: bytes
    expected: int | None
    received: int | None


class Outcome(NamedTuple):
    """What a stream led to; two are equal if no user could tell them apart."""

    events: list[Event]
    """The events, of which those that are pieces of one chunk, or of one body, are joined."""

    end: Marker | Fault | None
    """The marker that came last, or the fault that ended it all; None after the end."""

    rest: bytes
    """What was not used; nothing after a fault, for then it says nothing."""

    said: list[object]
    """What was said in between."""

    facts: tuple[object, ...]
    """What the subject tells besides."""

    def landmarks(self) -> set[str]:
        """Return what is worth telling a fuzzer apart that sees branches, but no tables."""
        if isinstance(self.end, Fault):
            marks = {self.end.text.replace(repr(self.end.excerpt), "")}
        else:
            marks = {repr(self.end)}
        names = [type(event).__name__ for event in self.events]
        marks |= {"{} {}".format(*pair) for pair in pairwise(names)}
        return marks | set(map(repr, self.facts)) | {repr(it) for it in self.said if it}


class Reading(NamedTuple):
    """An outcome, and what it took."""

    outcome: Outcome
    seconds: float


def read(subject: Subject, stream: Iterable[bytes]) -> Reading:
    """Give a stream to a subject, piece by piece, and return what became of it.

    Args:
        subject: A new one.
        stream: The pieces; an empty one is the end of the stream.

    Raises:
        BrokenPromiseError: If anything happens on the way that must not.
    """
    events: list[Event] = []
    said: list[object] = []
    end: Marker | Fault | None = NEED_DATA
    held = 0
    most_events = 4
    begun = process_time()
    for piece in stream:
        most_events += 4 * len(piece)
        subject.receive(piece)
        try:
            end = _drain(subject, events, said)
        except subject.error as error:
            said += subject.fail()
            end = _fault(subject, error)
            break
        if len(events) > most_events:
            raise BrokenPromiseError(f"{len(events)} events, which is more than can be")
        if end is NEED_DATA and piece:
            # What one octet completes is no longer than what may wait for it.
            check_held(held + 1 if len(piece) == 1 else 0, subject.most_held)
            held = len(subject.waiting())
            check_held(held, subject.most_held)
    seconds = process_time() - begun
    rest = b"" if isinstance(end, Fault) else subject.waiting()
    return Reading(Outcome(joined(events), end, rest, said, subject.facts()), seconds)


def _drain(subject: Subject, events: list[Event], said: list[object]) -> Marker | None:
    """Add the events up to the next marker, and return the marker, or None after the end."""
    while True:
        event = subject.next_event()
        if event is PAUSED and subject.goes_on_after_pause():
            continue
        if event is NEED_DATA or event is PAUSED:
            return event
        if not isinstance(event, Event):
            raise BrokenPromiseError(f"{event!r} is neither an event nor a marker")
        events.append(event)
        said += subject.hear(event)
        if type(event) is ConnectionClosed:
            return None


def _fault(subject: Subject, error: ProtocolError) -> Fault:
    """Return what an error says, and see that the reader stays with it."""
    check_error(error)
    if subject.fails_for_good:
        _check_failed(subject)
    return Fault(
        str(error),
        error.error_status_hint,
        error.code,
        error.excerpt,
        error.expected,
        error.received,
    )


def _check_failed(subject: Subject) -> None:
    """See that a reader that has failed says so from then on."""
    try:
        event = subject.next_event()
    except subject.error as error:
        check_error(error)
        if error.code is not ErrorCode.AFTER_ERROR:
            raise BrokenPromiseError(f"after an error came {error.code}: {error}") from error
    else:
        raise BrokenPromiseError(f"after an error came {event!r}")
