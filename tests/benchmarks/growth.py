"""The command `python -m tests.benchmarks.growth`: how the cost of ours grows with the input.

In: what to let grow. Out: a table of processor times for five sizes, each twice the one before, and
the exponent that they grow with; the exit code is 1 if one is greater than allowed.
"""

import argparse
import gc
import math
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import h11
from tests.benchmarks.growing import GROWING, Growing
from tests.benchmarks.machine import page
from tests.benchmarks.reporting import positive, show
from tests.benchmarks.targets import GREATEST_EXPONENT

DOUBLINGS = 4
"""How often a size is doubled."""

COMMAND = "hatch run bench-growth --write docs/performance-growth.md"

HEADING = f"{'what grows':<36}{'from':>9}{'to':>9}{'ms':>9}{'ms':>9}{'exponent':>10}"

NOTE = f"""\
Each size is twice the one before, {DOUBLINGS} times; the time is that of the processor, the best of
several runs, garbage collection apart. The exponent is the slope of a line fitted by least squares
to the logarithms: 1 is linear, 2 is quadratic. None may be greater than {GREATEST_EXPONENT}."""


@dataclass(frozen=True)
class Growth:
    """How the cost of something grew.

    Attributes:
        title: What grew.
        sizes: Its sizes.
        seconds: The least processor time for each size.
    """

    title: str
    sizes: Sequence[int]
    seconds: Sequence[float]

    @property
    def exponent(self) -> float:
        """The slope of the line that fits the logarithms best."""
        return exponent(self.sizes, self.seconds)


def exponent(sizes: Sequence[float], seconds: Sequence[float]) -> float:
    """Return the power of the size that the time grows with, fitted by least squares."""
    slope, _ = statistics.linear_regression([*map(math.log, sizes)], [*map(math.log, seconds)])
    return slope


def grow(growing: Growing, rounds: int, smallest: int | None = None) -> Growth:
    """Measure at all sizes, round by round, and keep the least time of each.

    What disturbs only adds time, so that more rounds make the times truer: where they seem to grow
    too fast, as many rounds as twice again are made before that is believed.

    Args:
        growing: What grows.
        rounds: How often it is measured at each size.
        smallest: The first size, if it is not the usual one.
    """
    first = smallest or growing.smallest
    sizes = [first << doubling for doubling in range(DOUBLINGS + 1)]
    works = [growing.work_of(size) for size in sizes]
    least = [math.inf] * len(sizes)
    for turn in range(3 * rounds):
        if turn >= rounds and exponent(sizes, least) <= GREATEST_EXPONENT:
            break
        for place, work in enumerate(works):
            least[place] = min(least[place], seconds_of(work))
    return Growth(growing.title, sizes, least)


def seconds_of(work: Callable[[], None], clock: Callable[[], float] = time.process_time) -> float:
    """Return how long some work takes, without what the garbage collector would add at random."""
    gc.collect()
    gc.disable()
    try:
        begun = clock()
        work()
        return clock() - begun
    finally:
        gc.enable()


def row(growth: Growth) -> str:
    """Return a line of the report, marked where the cost grows too fast."""
    mark = "  too fast" if growth.exponent > GREATEST_EXPONENT else ""
    return (
        f"{growth.title:<36}{growth.sizes[0]:>9}{growth.sizes[-1]:>9}"
        f"{growth.seconds[0] * 1e3:>9.2f}{growth.seconds[-1] * 1e3:>9.2f}"
        f"{growth.exponent:>10.3f}{mark}"
    )


def as_page(growths: Sequence[Growth]) -> str:
    """Return the growths as a page of Markdown."""
    factors = " | ".join(f"x{2**doubling}" for doubling in range(DOUBLINGS + 1))
    lines = [
        f"| what grows | sizes | {factors} | exponent |",
        f"|---|---|{'--:|' * (DOUBLINGS + 2)}",
    ]
    for growth in growths:
        times = " | ".join(f"{seconds * 1e3:.2f} ms" for seconds in growth.seconds)
        sizes = f"{growth.sizes[0]:,} to {growth.sizes[-1]:,}"
        lines.append(f"| {growth.title} | {sizes} | {times} | **{growth.exponent:.2f}** |")
    measured = f"Measured: h11 {h11.__version__}"
    return page("How the cost grows", COMMAND, [measured], "\n".join(lines), NOTE)


def main(arguments: Sequence[str] | None = None) -> int:
    """Let everything grow that is asked for, and return the exit code."""
    parser = argparse.ArgumentParser(
        prog="bench-growth", description="Tell how the cost of our packages grows with the input."
    )
    parser.add_argument(
        "names", nargs="*", metavar="name", help=f"of {', '.join(GROWING)} (default: all)"
    )
    parser.add_argument(
        "--rounds", type=positive, default=5, help="runs at each size, at least (default: 5)"
    )
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the table as Markdown")
    options = parser.parse_args(arguments)
    unknown = [name for name in options.names if name not in GROWING]
    if unknown:
        parser.error(f"no such name: {', '.join(unknown)}")
    show(HEADING)
    growths = []
    for name in options.names or GROWING:
        growth = grow(GROWING[name], options.rounds)
        show(row(growth))
        growths.append(growth)
    if options.write:
        options.write.write_text(as_page(growths), encoding="utf-8")
    return 1 if any(growth.exponent > GREATEST_EXPONENT for growth in growths) else 0


if __name__ == "__main__":
    sys.exit(main())
