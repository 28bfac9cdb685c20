"""The tests, run by one interpreter.

In: an interpreter, the wheels of the packages, and which tests. Out: how many passed, were skipped
and failed. They run from this repository, in an environment that has what the environment `pythons`
of `hatch.toml` lists, and the packages as whoever installs them gets them.
"""

import subprocess
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.environments import REPOSITORY, clean_environment, interpreter_with
from tests.isolated import PARTS
from tests.pythons.interpreters import Interpreter, settings

SECONDS_TO_RUN = 3600

LEFT_OUT = ("tests/benchmarks", "tests/interop", "tests/typing")
"""Tests that measure on one Python, need other programs, which the roots do not have, or run a type
checker, which says the same on each Python."""

SELECTIONS = {
    "all": ("tests", *(f"--ignore={folder}" for folder in LEFT_OUT)),
    "parts": tuple(folder for folders in PARTS.values() for folder in folders),
}
"""Which tests: all but those, or the tests of each package."""


class SuiteError(Exception):
    """The tests did not run to their end; the message says why."""


@dataclass(frozen=True)
class Outcome:
    """What became of the tests.

    Attributes:
        passed: How many passed.
        skipped: How many this interpreter cannot run.
        failed: How many failed.
        seconds: How long they took.
    """

    passed: int
    skipped: int
    failed: int
    seconds: float


def run(interpreter: Interpreter, wheels: Path, tests: Sequence[str]) -> tuple[Outcome, str]:
    """Run the tests.

    Args:
        interpreter: What runs them.
        wheels: Where the wheels of the packages are.
        tests: Which tests, as pytest is told.

    Returns:
        What became of them, and what pytest printed.

    Raises:
        SuiteError: If the environment cannot be made, or pytest ends early.
    """
    try:
        python = environment(interpreter, wheels)
    except subprocess.CalledProcessError as error:
        message = f"its environment could not be made: {error}"
        raise SuiteError(message) from error
    with tempfile.TemporaryDirectory(prefix="pythons-") as folder:
        report = Path(folder) / "report.xml"
        options = ("-q", "-p", "no:cacheprovider", f"--junit-xml={report}")
        try:
            finished = subprocess.run(
                [*python, "-m", "pytest", *options, *tests],
                check=False,
                cwd=REPOSITORY,
                env=clean_environment(),
                stderr=subprocess.STDOUT,
                stdout=subprocess.PIPE,
                text=True,
                timeout=SECONDS_TO_RUN,
            )
        except subprocess.TimeoutExpired as error:
            message = f"the tests had not ended after {SECONDS_TO_RUN} s"
            raise SuiteError(message) from error
        if not report.exists():
            raise SuiteError(finished.stdout)
        outcome = outcome_in(report.read_text(encoding="utf-8"))
    if (finished.returncode == 0) is not (outcome.failed == 0):
        raise SuiteError(finished.stdout)
    return outcome, finished.stdout


def environment(interpreter: Interpreter, wheels: Path) -> tuple[str, ...]:
    """Return how the interpreter is run in its environment, with the packages just built in it.

    Raises:
        subprocess.CalledProcessError: If pip cannot install something.
    """
    command = interpreter.place.command
    # An older wheel is better than a newer source that only a compiler on this machine can install.
    options = ("--only-binary=:all:",)
    python = interpreter_with(*settings()["dependencies"], options=options, command=command)
    inside = (*command[:-1], str(python))
    subprocess.run(
        [
            *(*inside, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps"),
            *("--force-reinstall", *map(str, sorted(wheels.glob("*.whl")))),
        ],
        check=True,
        env=clean_environment(),
    )
    return inside


def outcome_in(report: str) -> Outcome:
    """Return what became of the tests, from a report of pytest in the format of JUnit."""
    suites = list(ET.fromstring(report).iter("testsuite"))
    tests, skipped, failures, errors = (
        sum(int(suite.attrib[name]) for suite in suites)
        for name in ("tests", "skipped", "failures", "errors")
    )
    failed = failures + errors
    seconds = sum(float(suite.attrib["time"]) for suite in suites)
    return Outcome(tests - skipped - failed, skipped, failed, seconds)
