"""The command `python -m tests.benchmarks.server`: requests a second of uvicorn on each parser.

In: how long and how often to measure. Out: a table of uvicorn on ours, on h11 0.16.0, on httptools
and on zttp, all of one release, under `wrk` on another core; the exit code.
"""

import argparse
import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from tests.benchmarks.application import EXPECTED
from tests.benchmarks.reporting import positive, show
from tests.benchmarks.server_table import HEADING, Turn, Turns, as_page, missed, row
from tests.benchmarks.uvicorn_process import Server, running
from tests.benchmarks.wrk import Load, put_under_load
from tests.environments import UPSTREAM, interpreter_with

UVICORN = "uvicorn==0.54.0"

MISSING = """\
!!! {} is missing, so that there is nothing to put the servers under load with.
!!! On Debian: apt-get install wrk util-linux"""


@dataclass(frozen=True)
class Cores:
    """Which core has what."""

    server: int
    load: int


def servers() -> dict[str, Server]:
    """Return the servers: ours in this environment, the others in one of their own."""
    others = interpreter_with(UVICORN, *UPSTREAM, "httptools==0.9.0", "zttp==0.0.35")
    return {
        "ours": Server("this h11", Path(sys.executable), "h11"),
        "h11": Server("h11 0.16.0", others, "h11"),
        "httptools": Server("httptools 0.9.0", others, "httptools"),
        "zttp": Server("zttp 0.0.35", others, "zttp"),
    }


def cores() -> Cores:
    """Return a core for the servers and one for the load; the same, where there is only one."""
    available = sorted(os.sched_getaffinity(0))
    return Cores(available[0], available[-1])


def measure(
    chosen: Mapping[str, Server], application: str, rounds: int, load: Load
) -> dict[str, list[Turn]]:
    """Run all servers, and put them under load in turn, round by round, after a second for each."""
    turns: dict[str, list[Turn]] = {name: [] for name in chosen}
    with ExitStack() as stack:
        started = {
            name: stack.enter_context(running(server, application, cores().server))
            for name, server in chosen.items()
        }
        for it in started.values():
            put_under_load(it.address, replace(load, seconds=1))
        for _ in range(rounds):
            for name, it in started.items():
                before = it.processor_seconds()
                requests, rate = put_under_load(it.address, load)
                used = it.processor_seconds() - before
                turns[name].append(Turn(rate, used / requests))
    return turns


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure the applications asked for, and return the exit code."""
    options = parse_options(arguments)
    for program in ("wrk", "taskset"):
        if shutil.which(program) is None:
            show(MISSING.format(program))
            return 2
    chosen = servers()
    load = Load(options.seconds, cores().load, options.bare)
    show(HEADING)
    measured: dict[str, Turns] = {}
    for application in options.applications or EXPECTED:
        measured[application] = measure(chosen, application, options.rounds, load)
        for name, server in chosen.items():
            show(row(application, server.title, measured[application], name))
    if options.write:
        titles = {name: server.title for name, server in chosen.items()}
        options.write.write_text(as_page(measured, titles, UVICORN, options.bare), encoding="utf-8")
    return 1 if options.targets and any(map(missed, measured.values())) else 0


def parse_options(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(
        prog="bench-server", description="Tell how many requests a second uvicorn serves."
    )
    parser.add_argument(
        "applications",
        nargs="*",
        metavar="application",
        help=f"of {', '.join(EXPECTED)} (default: all)",
    )
    parser.add_argument(
        "--rounds", type=positive, default=5, help="turns of each server (default: 5)"
    )
    parser.add_argument(
        "--seconds", type=positive, default=3, help="how long a turn takes (default: 3)"
    )
    parser.add_argument(
        "--bare", action="store_true", help="send no fields but Host, not those of a browser"
    )
    parser.add_argument(
        "--targets", action="store_true", help="exit with 1 if this h11 is below a target"
    )
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the table as Markdown")
    options = parser.parse_args(arguments)
    unknown = [name for name in options.applications if name not in EXPECTED]
    if unknown:
        parser.error(f"no such application: {', '.join(unknown)}")
    return options


if __name__ == "__main__":
    sys.exit(main())
