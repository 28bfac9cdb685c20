"""Workers measured in alternation.

In: the workers, a line and a number of rounds. Out: the time of a call, or the bytes, in each round
for all of them, and what is told from them.
"""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from tests.benchmarks.contenders import AGAINST, OURS
from tests.benchmarks.targets import ROWS

SECONDS_A_SAMPLE = 0.075
"""How long a sample shall take: long against the resolution of the clock, short against drift."""

SECONDS_TO_JUDGE_BY = 0.01
"""From what length on a sample tells how many calls a longer one needs."""


class Sampler(Protocol):
    """What measures a number of calls of a line."""

    def sample(self, line: str, count: int) -> float:
        """Return the seconds or bytes that `count` calls of a line take together."""


@dataclass(frozen=True)
class Measurement:
    """What the rounds of a line gave.

    Attributes:
        line: The name of the line.
        samples: The seconds or bytes of one call, round by round, of each contender by its name.
    """

    line: str
    samples: Mapping[str, Sequence[float]]

    def ratios(self, contender: str = OURS) -> list[float]:
        """Return how many times as good as upstream a contender was, round by round."""
        pairs = zip(self.samples[contender], self.samples[AGAINST], strict=True)
        return [theirs / own for own, theirs in pairs]

    def ratio(self, contender: str = OURS) -> float | None:
        """Return the median of the ratios, or None for who cannot do the line."""
        return statistics.median(self.ratios(contender)) if contender in self.samples else None

    def median(self, contender: str) -> float:
        """Return the median of the seconds or bytes."""
        return statistics.median(self.samples[contender])

    def reaches(self, bound: float) -> bool:
        """Tell whether ours was at least that many times as good as upstream."""
        return statistics.median(self.ratios()) >= bound


def measure(line: str, samplers: Mapping[str, Sampler], rounds: int) -> Measurement:
    """Measure a line in as many rounds, each of one sample of every contender that can do it."""
    counts = {name: calls_a_sample(line, sampler) for name, sampler in samplers.items()}
    samples: dict[str, list[float]] = {name: [] for name in samplers}
    for _ in range(rounds):
        for name, sampler in samplers.items():
            samples[name].append(sampler.sample(line, counts[name]) / counts[name])
    return Measurement(line, samples)


def calls_a_sample(line: str, sampler: Sampler) -> int:
    """Return how many calls make a sample of the right length, found by ever longer samples.

    These samples also warm the process up.
    """
    count = 1
    if not ROWS[line].unit.timed:
        return count
    while (seconds := sampler.sample(line, count)) < SECONDS_TO_JUDGE_BY:
        count *= 4
    return max(1, round(count * SECONDS_A_SAMPLE / seconds))
