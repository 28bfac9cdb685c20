"""The table of the Pythons.

In: what became of the tests on each of them. Out: lines of text, and a page of Markdown.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from tests.pythons.interpreters import Interpreter
from tests.pythons.suite import Outcome

SELECTED = {
    "all": "All tests but those that compare speeds, check types or need other programs.",
    "parts": "The tests of each package: events, parser, state machine, h11.",
}
"""What is said about a selection of tests."""


@dataclass(frozen=True)
class Missing:
    """A version that could not be had.

    Attributes:
        reason: Why.
    """

    reason: str


@dataclass(frozen=True)
class Broken:
    """A version on which the tests did not come to their end.

    Attributes:
        interpreter: What ran them.
        reason: What was printed.
    """

    interpreter: Interpreter
    reason: str


@dataclass(frozen=True)
class Done:
    """A version on which the tests ran.

    Attributes:
        interpreter: What ran them.
        outcome: What became of them.
    """

    interpreter: Interpreter
    outcome: Outcome


Result = Missing | Broken | Done


def is_good(result: Result) -> bool:
    """Return whether a result is nothing to be ashamed of: tests that ran, of which none failed."""
    return isinstance(result, Done) and result.outcome.failed == 0 < result.outcome.passed


def line(version: str, result: Result) -> str:
    """Return a result in a line of text."""
    match result:
        case Missing(reason):
            return f"!!! {version}: COULD NOT BE HAD: {reason}"
        case Broken(interpreter):
            return f"!!! {version}: {interpreter.release} BROKE OFF"
        case Done(interpreter, outcome):
            place = f"{interpreter.release}, from {interpreter.place.name}"
            counts = f"{outcome.passed} passed, {outcome.skipped} skipped"
            failed = "" if is_good(result) else f", {outcome.failed} FAILED"
            return f"{version}: {place}: {counts}{failed}, in {outcome.seconds:.0f} s"


def row(version: str, result: Result) -> str:
    """Return a result as a row of the table."""
    match result:
        case Missing(reason):
            cells = [version, f"could not be had: {reason}", "", "", ""]
        case Broken(interpreter):
            cells = [version, f"{interpreter.release}: broke off", "", "", ""]
        case Done(interpreter, outcome):
            counts = [outcome.passed, outcome.skipped, outcome.failed]
            place = interpreter.place.name
            cells = [version, interpreter.release, place, *(f"{count:,}" for count in counts)]
            return f"| {' | '.join(cells)} |"
    return f"| {' | '.join(cells)} | |"


def page(results: Mapping[str, Result], selection: str) -> str:
    """Return the page.

    Args:
        results: What became of the tests, by version.
        selection: Which tests.
    """
    rows = "\n".join(row(version, result) for version, result in results.items())
    return f"""\
# The tests on each Python

Written by `hatch run pythons --write docs/pythons-table.md`; to change it, run that again.

{SELECTED[selection]} What is skipped needs what an interpreter
does not offer: PyPy does not trace memory.

| Python | release | from | passed | skipped | failed |
|---|---|---|---:|---:|---:|
{rows}
"""
