"""What a reader holds stays within its limits, however long its stream is.

A stream that could go on for ever comes in small pieces, and nobody keeps the events. The memory is
that of the whole process, so that what is used up but not given back counts, too.
"""

from typing import Final

import pytest

from h11_events import Event
from h11_parser import Limits
from tests.fuzz.reading import Subject
from tests.fuzz.seeds import SEEDS
from tests.fuzz.settings import Settings, pieces
from tests.fuzz.subjects import most_held
from tests.fuzz.targets import SUBJECTS, grown

tracemalloc = pytest.importorskip("tracemalloc", reason="PyPy has no tracemalloc")

LENGTH: Final = 256 * 1024
"""How long the streams are."""

PIECE: Final = 1000
"""How much comes at once."""

MOST: Final = 3 * most_held(Limits()) + 4 * PIECE
"""What may be held: what waits, a copy of it while it is read, and room to grow."""

ENDLESS: Final = (
    "content",
    "chunks",
    "chunks of a request",
    "requests",
    "responses",
    "informational",
    "empty lines first",
    "data after the last message",
)
"""What may be repeated for ever without an error."""


def endless(name: str) -> tuple[Subject, list[bytes]]:
    """Return a reader and the pieces of a stream for it."""
    settings = Settings.of(SEEDS["growth"][name].replace(b"65536", b"9" * 9))
    stream = grown(settings.stream, LENGTH)
    return list(SUBJECTS.values())[settings.plan[0]](settings), [*pieces(stream, (PIECE,))]


@pytest.mark.parametrize("name", ENDLESS)
def test_memory_that_is_held(name: str) -> None:
    """No more memory is taken than for what may wait, once the tables are there that all share."""
    subject, stream = endless(name)
    warm, _ = endless(name)
    for piece in stream:
        hear(warm, piece)
    tracemalloc.start()
    try:
        for piece in stream:
            hear(subject, piece)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most <= MOST


def hear(subject: Subject, piece: bytes) -> None:
    """Receive a piece, and let the events go that come of it."""
    subject.receive(piece)
    while isinstance(event := subject.next_event(), Event):
        subject.hear(event)


def test_memory_that_is_held_is_noticed() -> None:
    """A reader that keeps what it reads is over the limit at once."""
    tracemalloc.start()
    kept = [*pieces(bytes(LENGTH), (PIECE,))]
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept
    assert most > MOST
