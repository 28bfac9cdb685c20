"""The command `python -m tests.pythons`: the tests on each Python that can be had.

In: which versions and which tests. Out: what became of them, a line each; exit code 1 if a test
failed, 2 if none of the versions could be had. A version that could not be had is told loudly, and
is no failure: which ones a machine has is not for this repository to say.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from tests.pythons import roots
from tests.pythons.interpreters import find, identify, wanted
from tests.pythons.suite import SELECTIONS, SuiteError, run
from tests.pythons.table import SELECTED, Broken, Done, Missing, Result, is_good, line, page
from tests.wheels import build


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the tests on the versions asked for, and return the exit code."""
    options = parse_options(arguments)
    versions = options.versions or wanted()
    if options.others:
        own = identify([sys.executable])
        versions = [version for version in versions if own is None or version != own[0]]
    show(SELECTED[options.tests])
    with (
        tempfile.TemporaryDirectory(prefix="pythons-") as folder,
        ThreadPoolExecutor(os.cpu_count()) as pool,
    ):
        build(Path(folder))
        one = partial(result_of, wheels=Path(folder), options=options)
        results = dict(zip(versions, pool.map(one, versions), strict=True))
    show("", *(line(version, result) for version, result in results.items()))
    if options.write:
        options.write.write_text(page(results, options.tests), encoding="utf-8")
    had = [result for result in results.values() if not isinstance(result, Missing)]
    return 2 if not had else 0 if all(map(is_good, had)) else 1


def result_of(version: str, wheels: Path, options: argparse.Namespace) -> Result:
    """Find a version, make it if that is asked for, and run the tests; tell how that goes."""
    reason = "not on this machine"
    interpreter = find(version) or find(version, roots.places_in_roots)
    if interpreter is None and options.bootstrap:
        try:
            roots.make(version)
        except roots.RootError as error:
            reason = str(error)
        else:
            interpreter = find(version, roots.places_in_roots)
            reason = "its root does not run on this machine"
    result: Result
    if interpreter is None:
        result = Missing(reason)
    else:
        try:
            outcome, printed = run(interpreter, wheels, SELECTIONS[options.tests])
            result = Done(interpreter, outcome)
        except SuiteError as error:
            printed = str(error)
            result = Broken(interpreter, printed)
        if not is_good(result):
            show(printed)
    show(line(version, result))
    return result


def show(*lines: str) -> None:
    """Print some lines at once, for others print as well."""
    sys.stdout.write("".join(f"{text}\n" for text in lines))
    sys.stdout.flush()


def parse_options(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(
        prog="pythons", description="Run the tests on each Python that can be had."
    )
    parser.add_argument(
        "versions", nargs="*", metavar="version", help=f"of {', '.join(wanted())} (default: all)"
    )
    parser.add_argument(
        "--tests", choices=SELECTIONS, default="all", help="which tests (default: all)"
    )
    parser.add_argument(
        "--others", action="store_true", help="leave out the version that this command runs on"
    )
    parser.add_argument(
        "--bootstrap",
        action="store_true",
        help="unpack what is not on this machine from releases of Debian, below the user's cache",
    )
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the table as Markdown")
    options = parser.parse_args(arguments)
    unknown = [version for version in options.versions if version not in wanted()]
    if unknown:
        parser.error(f"no such version: {', '.join(unknown)}")
    return options


if __name__ == "__main__":
    sys.exit(main())
