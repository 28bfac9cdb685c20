"""Two workers timed in alternation.

In: the workers, a line and a number of rounds. Out: the time of a call in each round for both, and
what is told from them.
"""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

SECONDS_A_SAMPLE = 0.075
"""How long a sample shall take: long against the resolution of the clock, short against drift."""

SECONDS_TO_JUDGE_BY = 0.01
"""From what length on a sample tells how many calls a longer one needs."""


class Sampler(Protocol):
    """What times a number of calls of a line."""

    def sample(self, line: str, count: int) -> float:
        """Return the seconds that `count` calls of a line take together."""


@dataclass(frozen=True)
class Measurement:
    """What the rounds of a line gave.

    Attributes:
        line: The name of the line.
        ours: The seconds of one call of ours, round by round.
        upstream: The seconds of one call of upstream, in the same rounds.
    """

    line: str
    ours: Sequence[float]
    upstream: Sequence[float]

    @property
    def ratios(self) -> list[float]:
        """How many times as fast as upstream ours was, round by round."""
        return [theirs / our for our, theirs in zip(self.ours, self.upstream, strict=True)]

    @property
    def ratio(self) -> float:
        """The median of the ratios."""
        return statistics.median(self.ratios)


def measure(line: str, ours: Sampler, upstream: Sampler, rounds: int) -> Measurement:
    """Time a line in as many rounds, each of a sample of ours and then one of upstream."""
    our_count = calls_a_sample(line, ours)
    their_count = calls_a_sample(line, upstream)
    our_times = []
    their_times = []
    for _ in range(rounds):
        our_times.append(ours.sample(line, our_count) / our_count)
        their_times.append(upstream.sample(line, their_count) / their_count)
    return Measurement(line, our_times, their_times)


def calls_a_sample(line: str, sampler: Sampler) -> int:
    """Return how many calls make a sample of the right length, found by ever longer samples.

    These samples also warm the process up.
    """
    count = 1
    while (seconds := sampler.sample(line, count)) < SECONDS_TO_JUDGE_BY:
        count *= 4
    return max(1, round(count * SECONDS_A_SAMPLE / seconds))
