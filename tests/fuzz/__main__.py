"""The command `python -m tests.fuzz`: how long to fuzz what in, and what was found out.

In: seconds, targets, how many processes at a time. Out: a line for each target on standard output,
for each finding the input and where it is written, and the exit code: 0 without a finding, 1 with
one, 2 if atheris is not there.
"""

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from math import ceil
from pathlib import Path

from tests.fuzz.session import Session, fuzz
from tests.fuzz.targets import TARGETS


def main(arguments: Sequence[str] | None = None) -> int:
    """Fuzz the targets asked for, and return the exit code."""
    options = parse_options(arguments)
    if find_spec("atheris") is None:
        show(f"NOT FUZZED: atheris is not installed for {sys.executable} ({sys.version})")
        return 2
    folder = options.folder or Path(tempfile.mkdtemp(prefix="fuzz-"))
    seconds = ceil(options.seconds / ceil(len(options.targets) / options.jobs))
    show(f"{seconds} s for each target, {options.jobs} at a time, in {folder}")
    with ThreadPoolExecutor(options.jobs) as pool:
        sessions = list(pool.map(lambda name: report(fuzz(name, seconds, folder)), options.targets))
    failed = not all(session.passed for session in sessions)
    if not failed and options.folder is None:
        shutil.rmtree(folder)
    return 1 if failed else 0


def parse_options(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(
        prog="fuzz", description="Look for octets with which a promise of ours is broken."
    )
    parser.add_argument(
        "--seconds", type=positive, default=120, help="how long all of it takes (default: 120)"
    )
    parser.add_argument(
        "--targets",
        type=lambda text: text.split(","),
        default=list(TARGETS),
        help=f"some of {','.join(TARGETS)} (default: all)",
    )
    cores = os.cpu_count() or 1
    parser.add_argument(
        "--jobs", type=positive, default=cores, help="processes at a time (default: the cores)"
    )
    parser.add_argument(
        "--folder",
        type=Path,
        help="where new inputs, findings and logs go, and inputs found earlier are"
        " (default: a temporary folder, which stays if there is a finding)",
    )
    options = parser.parse_args(arguments)
    unknown = [name for name in options.targets if name not in TARGETS]
    if unknown:
        parser.error(f"no such target: {', '.join(unknown)}")
    return options


def positive(text: str) -> int:
    """Return a number of at least one.

    Raises:
        ValueError: If it is none.
    """
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def report(session: Session) -> Session:
    """Show how a session went, as soon as it has ended, and return it."""
    result = "no finding" if session.passed else "FINDING"
    show(f"{session.target}: {session.executions} executions, {result}")
    if not session.passed:
        show(session.complaint)
        for finding in session.findings:
            show(f"{session.target}: see python -m tests.fuzz.replay {session.target} {finding}")
    return session


def show(text: str) -> None:
    """Write a line of the report at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
