"""The targets on the whole corpus, without a fuzzer; and each promise broken, to see it noticed.

What is broken is a subject whose reader does one thing wrong. The corpus is what the seeds say.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ClassVar

import pytest

from h11_events import (
    ConnectionClosed,
    Data,
    EndOfMessage,
    ErrorCode,
    Event,
    LocalProtocolError,
    ProtocolError,
    RemoteProtocolError,
    Request,
)
from h11_parser import NEED_DATA, PAUSED
from tests.fuzz.promises import BrokenPromiseError
from tests.fuzz.reading import Marker, Subject
from tests.fuzz.seeds import SEEDS, file_of, write
from tests.fuzz.session import CORPUS
from tests.fuzz.settings import Settings, preamble
from tests.fuzz.subjects import ChunkedSubject, server
from tests.fuzz.targets import SUBJECTS, TARGETS, check, grown

INPUTS = [
    pytest.param(target, octets, id=f"{target}/{name}")
    for target, seeds in SEEDS.items()
    for name, octets in seeds.items()
]


@pytest.mark.parametrize(("target", "octets"), INPUTS)
def test_corpus_breaks_no_promise(target: str, octets: bytes) -> None:
    """What the fuzzers begin with is read as promised."""
    TARGETS[target](octets)


def test_corpus_is_what_the_seeds_say(tmp_path: Path) -> None:
    """The files of the corpus are those that `python -m tests.fuzz.seeds` writes."""
    stray = tmp_path / "requests" / "stray"
    stray.parent.mkdir()
    stray.touch()
    write(tmp_path)
    written = {file.relative_to(tmp_path): file.read_bytes() for file in files_below(tmp_path)}
    assert written == {file.relative_to(CORPUS): file.read_bytes() for file in files_below(CORPUS)}
    assert len(written) == sum(map(len, SEEDS.values()))
    assert file_of("growth", "empty folds").is_file()


def files_below(folder: Path) -> Iterator[Path]:
    """Yield the inputs in the folders of the targets."""
    return (file for target in TARGETS for file in (folder / target).iterdir())


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("octets", [b"", b"@", b"\xff" * 40], ids=["empty", "one", "all bits"])
def test_any_octets_are_an_input(target: str, octets: bytes) -> None:
    """An input may be as short as it likes, and of any octets."""
    TARGETS[target](octets)


class Broken(Subject):
    """A reader that returns one piece of data for each octet, unless a subclass does otherwise."""

    def __init__(self, settings: Settings) -> None:
        """Begin with nothing."""
        self.most_held = 4
        self.settings = settings
        self.octets = b""

    def receive(self, piece: bytes) -> None:
        """Keep the octets."""
        self.octets += piece

    def next_event(self) -> Event | Marker:
        """Return the next octet."""
        if not self.octets:
            return NEED_DATA
        octet, self.octets = self.octets[:1], self.octets[1:]
        return Data(octet)

    def waiting(self) -> bytes:
        """Return what was not read."""
        return self.octets

    def hear(self, _event: Event) -> list[object]:
        """Say nothing."""
        return []


class Hoarding(Broken):
    """Waits for an octet that does not come."""

    def next_event(self) -> Event | Marker:
        """Never return any."""
        return NEED_DATA


class Overfull(Broken):
    """Takes five octets at once, though it may hold no more than four."""

    def next_event(self) -> Event | Marker:
        """Return five octets."""
        if len(self.octets) < 5:
            return NEED_DATA
        octets, self.octets = self.octets[:5], self.octets[5:]
        return Data(octets, True, True)


class Endless(Broken):
    """Returns the end again and again."""

    count = 0

    def next_event(self) -> Event | Marker:
        """Return the end a thousand times."""
        self.count += 1
        return NEED_DATA if self.count > 1000 else EndOfMessage()


class Stuttering(Broken):
    """Returns each octet twice."""

    def next_event(self) -> Event | Marker:
        """Return the next octet doubled."""
        event = super().next_event()
        return Data(event.data * 2) if isinstance(event, Data) else event


class Inventive(Broken):
    """Makes up a head."""

    def next_event(self) -> Event | Marker:
        """Return a request that was never received."""
        event = super().next_event()
        return event if event is NEED_DATA else Request(method="M", target="/", headers=[HOST])


class Cutting(Broken):
    """Takes one piece for the end of a chunk."""

    def next_event(self) -> Event | Marker:
        """Return all that is there as a chunk."""
        octets, self.octets = self.octets, b""
        return Data(octets, True, True) if octets else NEED_DATA


class Odd(Broken):
    """Returns what is no event."""

    def next_event(self) -> Event | Marker:
        """Return a class that is no marker."""
        return Odd if self.octets else PAUSED  # type: ignore[return-value]  # that is the fault


class Failing(Broken):
    """Fails at once, and from then on as well, unless a subclass does otherwise."""

    first: ClassVar[ProtocolError] = RemoteProtocolError("a", code=ErrorCode.BAD_CHUNK)
    failed = False

    def next_event(self) -> Event | Marker:
        """Raise the first error, then another one."""
        if self.failed:
            return self.fail_again()
        self.failed = True
        raise self.first

    def fail_again(self) -> Event | Marker:
        """Raise what is to be raised after an error."""
        raise RemoteProtocolError("b", code=ErrorCode.AFTER_ERROR)


class Recovering(Failing):
    """Goes on after an error."""

    def fail_again(self) -> Event | Marker:
        """Return an event."""
        return EndOfMessage()


class Repeating(Failing):
    """Says the same error again."""

    def fail_again(self) -> Event | Marker:
        """Raise the first error."""
        raise self.first


class BlamingUs(Failing):
    """Takes the peer's fault for ours."""

    first = LocalProtocolError("a", code=ErrorCode.BAD_CHUNK)


class Crashing(Broken):
    """Has a mistake in it."""

    def next_event(self) -> Event | Marker:
        """Raise what is no error of the protocol."""
        raise IndexError


class MovedByCuts(Broken):
    """Fails with an excerpt of all that has arrived."""

    failed = False

    def next_event(self) -> Event | Marker:
        """Raise."""
        code = ErrorCode.AFTER_ERROR if self.failed else ErrorCode.BAD_CHUNK
        self.failed = True
        raise RemoteProtocolError("a", code=code, excerpt=self.octets)


HOST = ("Host", "a")

BROKEN: dict[str, tuple[Callable[[Settings], Subject], str]] = {
    "holds too much": (Hoarding, "octets are held"),
    "takes too much": (Overfull, "5 octets are held"),
    "never stops": (Endless, "more than can be"),
    "delivers twice": (Stuttering, "was not received"),
    "makes up": (Inventive, "never received"),
    "depends on cuts": (Cutting, "led to"),
    "depends on cuts in an error": (MovedByCuts, "led to"),
    "no event": (Odd, "neither an event nor a marker"),
    "recovers": (Recovering, "after an error came EndOfMessage"),
    "does not say that it failed": (Repeating, "after an error came ErrorCode.BAD_CHUNK"),
}
"""Subjects that break a promise, and what is said about it."""


@pytest.mark.parametrize(("broken", "complaint"), BROKEN.values(), ids=BROKEN)
def test_broken_promise_is_noticed(broken: Callable[[Settings], Subject], complaint: str) -> None:
    """Each of them is found in an input of a few octets."""
    with pytest.raises(BrokenPromiseError, match=complaint):
        check(broken, preamble(closed=False) + b"abcdef")


@pytest.mark.parametrize("broken", [Broken, Failing])
def test_what_keeps_the_promises_is_let_alone(broken: Callable[[Settings], Subject]) -> None:
    """A reader that does nothing wrong passes, and so does one that fails as it should."""
    check(broken, preamble(closed=False) + b"abcdef")


@pytest.mark.parametrize(
    ("broken", "error"), [(BlamingUs, LocalProtocolError), (Crashing, IndexError)]
)
def test_other_exception_goes_through(
    broken: Callable[[Settings], Subject], error: type[Exception]
) -> None:
    """An exception that may not leave a reader reaches the fuzzer as it is."""
    with pytest.raises(error):
        check(broken, preamble() + b"a")


def test_server_that_cannot_answer_an_error_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever came, a server that has not begun to answer can say 400."""
    monkeypatch.setattr("tests.fuzz.subjects.END", ConnectionClosed())
    with pytest.raises(BrokenPromiseError, match="could not be answered"):
        check(server, preamble() + b"\x00")


def test_slow_reader_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where each reading takes too long, three are enough to say so."""
    clock = iter(range(0, 10**6, 10))
    monkeypatch.setattr("tests.fuzz.reading.process_time", lambda: float(next(clock)))
    with pytest.raises(BrokenPromiseError, match=r"\[10\.0, 10\.0, 10\.0\] s"):
        TARGETS["requests"](preamble() + b"GET")


class Quadratic(Broken):
    """Goes through all that it has again and again, the more of it there is."""

    work: ClassVar[float] = 0
    """How much was done so far by all of them: what stands for the time that it takes."""

    def next_event(self) -> Event | Marker:
        """Do the work, and want more."""
        Quadratic.work += len(self.octets) ** 2
        self.octets = b""
        return NEED_DATA


def test_quadratic_reader_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four times the length must not take sixteen times as long."""
    monkeypatch.setitem(SUBJECTS, "requests", Quadratic)
    monkeypatch.setattr("tests.fuzz.reading.process_time", lambda: Quadratic.work)
    with pytest.raises(BrokenPromiseError, match="four times the length"):
        TARGETS["growth"](preamble() + b"a")


def test_grown_streams() -> None:
    """The part between two breaks is repeated, or all of it without two; nothing is cut off."""
    assert grown(b"a\x1ebc\x1ed", 7) == b"abcbcd"
    assert grown(b"a\x1eb", 9) == b"a\x1eba\x1eba\x1eb"
    assert grown(b"a\x1e\x1eb", 9) == b"ab"
    assert grown(b"abc", 2) == b"abc"


def test_chunked_reader_is_of_requests_or_of_responses() -> None:
    """The plan says which: a blank after a size is tolerated in responses only."""
    for plan, refused in [((0, 0, 0, 0), True), ((1, 0, 0, 0), False)]:
        subject = ChunkedSubject(Settings.of(preamble(plan=plan)))
        subject.receive(b"0 \r\n\r\n")
        if refused:
            with pytest.raises(LocalProtocolError):
                subject.next_event()
        else:
            assert subject.next_event() == EndOfMessage()
            assert subject.next_event() is NEED_DATA
