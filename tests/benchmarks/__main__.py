"""The command `python -m tests.benchmarks`: how fast ours is, against the upstream release.

In: which lines to time, and how often. Out: a table on standard output, and the exit code.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.measurement import measure
from tests.benchmarks.process import running
from tests.benchmarks.table import HEADING, PROMISES, as_json, keeps_promise, row
from tests.environments import UPSTREAM, interpreter_with


def main(arguments: Sequence[str] | None = None) -> int:
    """Time the lines asked for, and return the exit code."""
    options = parse_options(arguments)
    with running(Path(sys.executable)) as ours, running(interpreter_with(*UPSTREAM)) as upstream:
        implementations = {"ours": ours.identity, "upstream": upstream.identity}
        for side, identity in implementations.items():
            show("{}: h11 {version}, {interpreter}, {path}".format(side, **identity))
        if ours.identity["version"] == upstream.identity["version"]:
            show("both are the same version, so that there is nothing to compare")
            return 2
        show(HEADING)
        measurements = []
        for line in options.lines or PROMISES:
            measurement = measure(line, ours, upstream, options.rounds)
            show(row(measurement))
            measurements.append(measurement)
    if options.json:
        options.json.write_text(as_json(measurements, implementations), encoding="utf-8")
    return 1 if options.check and not all(map(keeps_promise, measurements)) else 0


def parse_options(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(
        prog="bench", description="Time our packages against the upstream release of h11."
    )
    parser.add_argument(
        "lines",
        nargs="*",
        metavar="line",
        help=f"a line to time, of {', '.join(PROMISES)} (default: every line)",
    )
    parser.add_argument(
        "--rounds", type=positive, default=11, help="samples of each line (default: 11)"
    )
    parser.add_argument(
        "--check",
        action="store_true",
        help="exit with 1 if the median ratio of a line is below its promise",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all samples to a file")
    options = parser.parse_args(arguments)
    unknown = [line for line in options.lines if line not in PROMISES]
    if unknown:
        parser.error(f"no such line: {', '.join(unknown)}")
    return options


def positive(text: str) -> int:
    """Return a number of rounds.

    Raises:
        ValueError: If it is not a whole number of at least one.
    """
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def show(text: str) -> None:
    """Write a line of the report at once, so that it can be read while the next is timed."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
