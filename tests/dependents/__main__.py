"""The command `python -m tests.dependents`: whether what passes with h11 0.16.0 passes with ours.

In: which suites to run. Out: a table on standard output with the tests that count against ours,
the page asked for, and the exit code, which is 1 if there is such a test.
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.dependents.running import Result, SuiteBrokenError, run_suite
from tests.dependents.sides import WrongIdentityError
from tests.dependents.suites import MistakenSuiteError, Suite, choose, read
from tests.dependents.table import HEADING, as_page, remarks, row
from tests.wheels import build

CANNOT_RUN = (SuiteBrokenError, WrongIdentityError, subprocess.SubprocessError)
"""What keeps a suite from giving a result."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the suites asked for, and return the exit code."""
    chosen, page = parse_options(arguments)
    with tempfile.TemporaryDirectory(prefix="dependents-") as folder:
        wheels = Path(folder)
        build(wheels)
        show(HEADING)
        results = [result for suite in chosen if (result := attempt(suite, wheels)) is not None]
    complete = len(results) == len(chosen)
    if page and complete:
        page.write_text(as_page(results), encoding="utf-8")
    return 0 if complete and all(it.comparison.holds for it in results) else 1


def attempt(suite: Suite, wheels: Path) -> Result | None:
    """Run a suite and show what came of it; return None if it could not be run."""
    try:
        result = run_suite(suite, wheels)
    except CANNOT_RUN as error:
        show(f"{suite.name:<22}{suite.version:>9}  COULD NOT BE RUN\n  {error}")
        return None
    show(row(result))
    for remark in remarks(result):
        show(remark)
    return result


def show(line: str) -> None:
    """Write a line at once, since the next may take a minute."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def parse_options(arguments: Sequence[str] | None) -> tuple[list[Suite], Path | None]:
    """Return the suites to run, and the page to write."""
    parser = argparse.ArgumentParser(
        prog="dependents",
        description="Run the tests of programs and libraries on h11 with upstream and with ours.",
    )
    parser.add_argument("--suite", action="append", default=[], help="a suite to run (repeatable)")
    parser.add_argument("--part", choices=["ci"], help="only what decides about a change")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the table as Markdown")
    options = parser.parse_args(arguments)
    if options.write and (options.suite or options.part):
        parser.error("--write is for a table of all suites")
    try:
        return choose(read(), options.suite, options.part), options.write
    except MistakenSuiteError as error:
        parser.error(str(error))


if __name__ == "__main__":
    sys.exit(main())
