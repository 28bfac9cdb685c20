"""The command `python -m tests.benchmarks.proxy`: requests a second through the example proxy.

In: how long and how often to measure. Out: a table of the same backend under `wrk`: directly,
through the proxy on ours, and through the proxy on h11 0.16.0; the exit code.
"""

import argparse
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from tests.benchmarks.application import EXPECTED
from tests.benchmarks.machine import page
from tests.benchmarks.reporting import positive, show
from tests.benchmarks.server import MISSING, cores
from tests.benchmarks.server_table import COLUMNS, Turn, Turns, cells
from tests.benchmarks.uvicorn_process import Running, check, listening
from tests.benchmarks.wrk import CONNECTIONS, Load, put_under_load
from tests.environments import UPSTREAM, interpreter_with

COMMAND = "hatch run bench-proxy --write docs/performance-proxy.md"

TITLES = {
    "direct": "the backend directly",
    "ours": "the proxy on this h11",
    "h11": "the proxy on h11 0.16.0",
}
"""What is put under load, by the names that the figures have."""

HEADING = (
    f"{'application':<13}{'':<25}{'requests/s':>11}{'processor µs':>14}"
    f"{'to h11':>8}{'min-max':>14}{'this h11 to it':>16}"
)

NOTE = f"""\
`wrk` keeps {CONNECTIONS} connections alive, and shares a core with a backend that answers without
reading; both proxies run all the time on the other core, and take turns with the backend under the
load. The ratios are medians over the rounds, each of two figures of the same round. The processor
time is that of a request in the process that `wrk` talks to. What h11 0.16.0 lacks for a proxy is
given to it by `tests/benchmarks/proxy_on_upstream.py`, and is part of its time."""


def command_of(name: str, backend: str) -> list[str]:
    """Return what starts a proxy in front of a backend."""
    arguments = ["--port", "0", "--upstream", backend]
    if name == "ours":
        return [sys.executable, "-m", "docs.examples.proxy", *arguments]
    upstream = str(interpreter_with(*UPSTREAM))
    return [upstream, "-m", "tests.benchmarks.proxy_on_upstream", *arguments]


@contextmanager
def all_running(application: str) -> Iterator[dict[str, Running]]:
    """Run the backend of an application, and both proxies in front of it.

    Yields:
        What is known of each.
    """
    with ExitStack() as stack:
        on_load, on_server = (
            ["taskset", "-c", str(core)] for core in (cores().load, cores().server)
        )
        backend = [sys.executable, "-m", "tests.benchmarks.proxy_backend", application]
        started = {"direct": stack.enter_context(listening([*on_load, *backend]))}
        for name in ("ours", "h11"):
            command = command_of(name, started["direct"].address)
            started[name] = stack.enter_context(listening([*on_server, *command]))
        for it in started.values():
            check(it.address, application)
        yield started


def measure(application: str, rounds: int, load: Load) -> Turns:
    """Put all under load in turn, round by round, after a second for each."""
    turns: dict[str, list[Turn]] = {name: [] for name in TITLES}
    with all_running(application) as started:
        for it in started.values():
            put_under_load(it.address, replace(load, seconds=1))
        for _ in range(rounds):
            for name, it in started.items():
                before = it.processor_seconds()
                requests, rate = put_under_load(it.address, load)
                turns[name].append(Turn(rate, (it.processor_seconds() - before) / requests))
    return turns


def row(application: str, turns: Turns, name: str) -> str:
    """Return the turns of one as a row under the heading."""
    rate, processor, to_h11, spread, ours = cells(turns, name)
    figures = f"{rate:>11}{processor:>14}{to_h11:>8}{spread:>14}{ours:>16}"
    return f"{application:<13}{TITLES[name]:<25}{figures}"


def as_page(measured: Mapping[str, Turns], *, bare: bool) -> str:
    """Return the measurements as a page of Markdown."""
    lines = [
        f"| {' | '.join([COLUMNS[0], 'under load', *COLUMNS[2:]])} |",
        "|---|---|--:|--:|--:|--:|--:|",
    ]
    for application, turns in measured.items():
        for name, title in TITLES.items():
            lines.append(f"| {' | '.join([f'`{application}`', title, *cells(turns, name)])} |")
    facts = [
        f"Requests: {'no field but Host' if bare else 'eight fields, as a browser sends them'}"
    ]
    return page("The example proxy under load", COMMAND, facts, "\n".join(lines), NOTE)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure both applications, and return the exit code."""
    options = parse_options(arguments)
    for program in ("wrk", "taskset"):
        if shutil.which(program) is None:
            show(MISSING.format(program))
            return 2
    load = Load(options.seconds, cores().load, options.bare)
    show(HEADING)
    measured: dict[str, Turns] = {}
    for application in EXPECTED:
        measured[application] = measure(application, options.rounds, load)
        for name in TITLES:
            show(row(application, measured[application], name))
    if options.write:
        options.write.write_text(as_page(measured, bare=options.bare), encoding="utf-8")
    return 0


def parse_options(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(
        prog="bench-proxy", description="Tell how many requests a second go through the proxy."
    )
    parser.add_argument("--rounds", type=positive, default=5, help="turns of each (default: 5)")
    parser.add_argument(
        "--seconds", type=positive, default=3, help="how long a turn takes (default: 3)"
    )
    parser.add_argument(
        "--bare", action="store_true", help="send no fields but Host, not those of a browser"
    )
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the table as Markdown")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
