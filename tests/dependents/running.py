"""A suite run on both of its sides, and again where they differ.

In: a suite and its environments. Out: a `Result`. Tests whose outcome would count against ours, or
that fail with upstream for no known reason, are run up to twice more on both sides, alone; what
passes then has passed, and is told as wavering.
"""

import subprocess
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.dependents.outcomes import Comparison, Outcome, amended, healed, read_log
from tests.dependents.sides import HOME, Side, both_sides
from tests.dependents.sources import fetch, unpack
from tests.dependents.suites import Suite
from tests.environments import REPOSITORY, clean_environment

SECONDS_FOR_A_TEST = 60
SECONDS_FOR_A_SUITE = 600
RERUNS = 2

FINISHED = frozenset({0, 1})
"""The exit codes of pytest when it has run the tests, whatever became of them."""

NO_ADDOPTS = ("-o", "addopts=")
"""In place of the distribution's own, which name plugins and workers of its own workplace."""

OUR_TESTS_ALONE = ("--confcutdir", "tests/dependents/public")
"""The settings of our other tests need what is not installed there."""


class SuiteBrokenError(Exception):
    """The tests of a suite could not be run to their end."""


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a suite.

    Attributes:
        suite: The suite.
        comparison: How its tests ended, after the last rerun.
        versions: The versions of h11, upstream's and ours.
        pins: What pip says about the versions, if a requirement does not admit them.
        wavering: The tests of each side that passed only when they were run again.
        seconds: How long it took, installation included.
    """

    suite: Suite
    comparison: Comparison
    versions: tuple[str, str]
    pins: Sequence[str] = ()
    wavering: dict[str, list[str]] = field(default_factory=dict)
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Bench:
    """Where a suite is run: its tests, and one of its sides.

    Attributes:
        suite: The suite.
        folder: The working folder of pytest.
        side: The environment.
        name: What the side is called, in the names of files.
    """

    suite: Suite
    folder: Path
    side: Side
    name: str

    def run(self, tests: Sequence[str] = ()) -> dict[str, Outcome]:
        """Run some tests, or all, and return their outcomes.

        Raises:
            SuiteBrokenError: If pytest could not do its work.
        """
        log = HOME / self.suite.name / f"{self.name}{'-again' if tests else ''}.jsonl"
        log.unlink(missing_ok=True)
        output = log.with_suffix(".txt")
        with output.open("w", encoding="utf-8") as file:
            code = subprocess.run(
                [str(self.side.python), *self.arguments(tests), "--report-log", str(log)],
                cwd=self.folder,
                env=clean_environment(),
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                timeout=SECONDS_FOR_A_SUITE,
                check=False,
            ).returncode
        if code not in FINISHED:
            end = output.read_text(encoding="utf-8", errors="replace")[-2000:]
            raise SuiteBrokenError(f"{self.suite.name} with {self.name}: pytest {code}\n{end}")
        with log.open(encoding="utf-8") as file:
            return read_log(file)

    def arguments(self, tests: Sequence[str]) -> list[str]:
        """Return the arguments of the interpreter for some tests, or all."""
        ours = self.suite.source is None
        return [
            *("-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", "pyproject.toml"),
            *("--timeout", str(SECONDS_FOR_A_TEST), "--continue-on-collection-errors"),
            *(OUR_TESTS_ALONE if ours else NO_ADDOPTS),
            *self.suite.options,
            *(tests or self.suite.paths),
        ]


def run_suite(suite: Suite, wheels: Path) -> Result:
    """Run a suite with upstream and with ours.

    Args:
        suite: The suite.
        wheels: Where the wheels of our packages are.
    """
    started = time.monotonic()
    upstream, ours = both_sides(suite, wheels)
    folder = REPOSITORY
    if suite.source is not None:
        folder = HOME / suite.name / "source"
        unpack(fetch(suite.source), folder, suite.renamed)
    comparison, wavering = settle(
        Bench(suite, folder, upstream, "upstream"), Bench(suite, folder, ours, "ours")
    )
    return Result(
        suite,
        comparison,
        (upstream.version, ours.version),
        ours.complaints,
        wavering,
        time.monotonic() - started,
    )


def settle(upstream: Bench, ours: Bench) -> tuple[Comparison, dict[str, list[str]]]:
    """Run all tests on both sides, and those again whose outcome would count.

    Returns:
        The comparison at the end, and the tests of each side that passed only at a rerun.
    """
    first = last = Comparison(upstream.run(), ours.run(), upstream.suite.reason)
    for _ in range(RERUNS):
        suspects = last.suspects
        if not suspects:
            break
        last = replace(
            last,
            upstream=amended(last.upstream, again(upstream, suspects, last.upstream)),
            ours=amended(last.ours, again(ours, suspects, last.ours)),
        )
    return last, {
        upstream.name: healed(first.upstream, last.upstream),
        ours.name: healed(first.ours, last.ours),
    }


def again(bench: Bench, suspects: Sequence[str], before: Collection[str]) -> dict[str, Outcome]:
    """Run those tests again that a side has at all."""
    there = [test for test in suspects if test in before]
    return bench.run(there) if there else {}
