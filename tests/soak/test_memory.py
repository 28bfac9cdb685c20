"""What leaks is told from what only moves."""

import asyncio
import itertools
from random import Random

import pytest

from tests.soak import memory
from tests.soak.memory import TooFewSamplesError, growth, sampled

MIB = 2**20


@pytest.mark.parametrize(
    ("samples", "expected"),
    [
        pytest.param([30 * MIB] * 60, 0.0, id="flat"),
        pytest.param([*range(50), *range(100, 150)], 0.5, id="rising"),
        pytest.param([*range(50), *range(200, 150, -1)], -50 / 176, id="falling"),
        pytest.param([*range(50), *([50] * 50)], 0.0, id="rising in the first half alone"),
        pytest.param([100] * 75 + [101] * 25, 0.02, id="a step"),
    ],
)
def test_growth_is_that_of_the_last_half(samples: list[float], expected: float) -> None:
    """From the middle to the end, as a part of what there was."""
    assert growth(samples) == pytest.approx(expected, rel=0.03)


def test_peaks_do_not_matter() -> None:
    """What comes and goes is no growth, early or late, for a moment or for longer."""
    for begin in (35, 45, 52):
        samples = [1000.0] * 60
        samples[begin : begin + 8] = [1500.0] * 8
        assert growth(samples) == 0


def test_a_leak_shows_below_peaks() -> None:
    """Samples that go up and down still tell a leak from none."""
    chance = Random(1)
    flat = [1000 + chance.choice([0, 0, 50, 100]) for _ in range(60)]
    leaking = [sample + 100 * number / 59 for number, sample in enumerate(flat)]
    assert growth(flat) == 0
    assert growth(leaking) == pytest.approx(0.05, abs=0.015)


def test_too_few_samples_say_nothing() -> None:
    """A time that was too short is not taken for flat memory."""
    with pytest.raises(TooFewSamplesError):
        growth([1] * 7)


def test_memory_is_sampled_as_long_as_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """One sample for each interval."""
    monkeypatch.setattr(memory, "INTERVAL", 0.01)
    assert asyncio.run(sampled(itertools.count(5).__next__, 0.04)) == [5, 6, 7, 8]
