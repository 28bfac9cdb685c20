"""Whatever is repeated, the work grows with the length of the stream and with nothing else.

The work is counted in lines of our packages that are executed, which is the same each time. What is
linear takes twice the lines for twice the length; what is quadratic, four times the lines. What a
pattern does within one line shows in the time only: the target `growth` measures that, and
`test_targets` runs it on its corpus.
"""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any, Final

import pytest

from tests.fuzz.reading import read
from tests.fuzz.seeds import SEEDS
from tests.fuzz.settings import Settings, pieces
from tests.fuzz.targets import NO_LIMITS, SUBJECTS, NewSubject, grown

LENGTH: Final = 1024
"""The length of the shortest stream whose lines are counted; there are two longer ones."""


def reading_of(new_subject: NewSubject, settings: Settings, length: int) -> Callable[[], object]:
    """Return the work of reading a stream that was grown to a length."""
    stream = grown(settings.stream, length)
    chosen = settings._replace(stream=stream, limits=NO_LIMITS)
    cutting = [*pieces(stream, (max(1, length // 2),)), *[b""] * settings.closed]
    return lambda: read(new_subject(chosen), cutting)


def lines_of(work: Callable[[], object]) -> int:
    """Return how many lines of our packages some work executes."""
    count = 0

    def in_function(_frame: FrameType, event: str, _: object) -> Any:
        nonlocal count
        count += event == "line"
        return in_function

    def at_call(frame: FrameType, _event: str, _: object) -> Any:
        ours = frame.f_globals.get("__name__", "").startswith("h11")
        return in_function if ours else None

    before = sys.gettrace()
    sys.settrace(at_call)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


def assert_linear(work_of_length: Callable[[int], Callable[[], object]]) -> None:
    """Assert that as much more work comes with each more of the length.

    Args:
        work_of_length: What makes the work that comes with a length.
    """
    works = [work_of_length(LENGTH * factor) for factor in (1, 2, 4)]
    works[-1]()  # What is remembered from one reading to the next is there from now on.
    one, two, four = map(lines_of, works)
    assert four - two <= 2.5 * max(0, two - one) + 100, (one, two, four)


REPEATED = [
    pytest.param(SUBJECTS[target], octets, id=f"{target}/{name}")
    for target in SUBJECTS
    for name, octets in SEEDS[target].items()
]
"""The corpus of the other targets, where whole streams are repeated."""

GROWING = [
    pytest.param(
        list(SUBJECTS.values())[Settings.of(octets).plan[0]],
        octets,
        id=f"growth/{name}",
    )
    for name, octets in SEEDS["growth"].items()
]
"""Streams of which a part is repeated."""


@pytest.mark.parametrize(("new_subject", "octets"), REPEATED + GROWING)
def test_lines_executed(new_subject: NewSubject, octets: bytes) -> None:
    """A longer stream costs what its octets cost, wherever it goes wrong."""
    settings = Settings.of(octets)
    assert_linear(lambda length: reading_of(new_subject, settings, length))


def test_quadratic_work_is_noticed() -> None:
    """Work that takes more lines for each octet, the more octets there are, is found."""
    code = compile(
        "for place in range(length):\n for _ in range(place):\n  pass", "<loops>", "exec"
    )

    def quadratic(length: int) -> Callable[[], object]:
        return lambda: exec(code, {"__name__": "h11_made_up", "length": length // 64})

    with pytest.raises(AssertionError):
        assert_linear(quadratic)
