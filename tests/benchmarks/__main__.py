"""The command `python -m tests.benchmarks`: how fast ours is, against the upstream release.

In: which lines to measure, and how often. Out: a table on standard output, the files asked for, and
the exit code.
"""

import argparse
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from tests.benchmarks.contenders import AGAINST, CONTENDERS, NATIVE, OURS
from tests.benchmarks.measurement import Measurement, measure
from tests.benchmarks.process import Worker, running
from tests.benchmarks.reporting import positive, show
from tests.benchmarks.table import HEADING, as_json, as_page, row
from tests.benchmarks.targets import ROWS


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure the lines asked for, and return the exit code."""
    options = parse_options(arguments)
    with ExitStack() as stack:
        workers = {
            name: stack.enter_context(running(contender.interpreter(), contender.module))
            for name, contender in CONTENDERS.items()
            if not (options.no_native and name in NATIVE)
        }
        identities = {name: worker.identity for name, worker in workers.items()}
        for name, identity in identities.items():
            show(f"{name}: {identity}")
        if identities[OURS].version == identities[AGAINST].version:
            show("both are the same version, so that there is nothing to compare")
            return 2
        show(HEADING)
        measurements = []
        for line in options.lines or ROWS:
            measurement = measure(line, able(workers, line), options.rounds)
            show(row(measurement))
            measurements.append(measurement)
    if options.json:
        options.json.write_text(as_json(measurements, identities), encoding="utf-8")
    if options.write:
        options.write.write_text(as_page(measurements, identities), encoding="utf-8")
    return 1 if missed(measurements, options) else 0


def able(workers: dict[str, Worker], line: str) -> dict[str, Worker]:
    """Return those workers that can do a line."""
    return {name: worker for name, worker in workers.items() if line in worker.identity.lines}


def missed(measurements: Sequence[Measurement], options: argparse.Namespace) -> list[str]:
    """Return the lines that are below what the options want of them."""
    return [
        it.line
        for it in measurements
        if (options.check and not it.reaches(ROWS[it.line].promise))
        or (options.targets and not it.reaches(ROWS[it.line].target))
    ]


def parse_options(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(
        prog="bench",
        description="Time our packages against the upstream release of h11 and two native parsers.",
    )
    parser.add_argument(
        "lines",
        nargs="*",
        metavar="line",
        help=f"a line to measure, of {', '.join(ROWS)} (default: every line)",
    )
    parser.add_argument(
        "--rounds", type=positive, default=11, help="samples of each line (default: 11)"
    )
    parser.add_argument(
        "--no-native", action="store_true", help="leave out the parsers in native code"
    )
    parser.add_argument(
        "--check",
        action="store_true",
        help="exit with 1 if the median ratio of a line is below its promise",
    )
    parser.add_argument(
        "--targets",
        action="store_true",
        help="exit with 1 if the median ratio of a line is below its target",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all samples to a file")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the table as Markdown")
    options = parser.parse_args(arguments)
    unknown = [line for line in options.lines if line not in ROWS]
    if unknown:
        parser.error(f"no such line: {', '.join(unknown)}")
    return options


if __name__ == "__main__":
    sys.exit(main())
