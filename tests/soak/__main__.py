"""The command `python -m tests.soak`: the example server under wrk and hundreds of slow clients.

In: for how long, and how many clients. Out: the requests served, the errors, and the growth of the
server's memory; exit code 1 if a bound does not hold, 2 if there is no wrk.
"""

import argparse
import asyncio
import platform
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.reporting import positive, show
from tests.benchmarks.server import MISSING, cores
from tests.benchmarks.wrk import Load, LoadError, put_under_load
from tests.soak.crowd import crowd
from tests.soak.exchange import SECONDS_TO_ANSWER
from tests.soak.memory import growth, sampled
from tests.soak.report import MOST_GROWTH, Report
from tests.soak.server import Server, running
from tests.soak.tally import Tally

SECONDS_TO_REST = 1

MOST_TURNS = 3
"""So many times memory may grow, and then it leaks: what only has a new fragment grows once."""


@dataclass
class Counted:
    """What is counted while the server is warmed up, and afterwards.

    Attributes:
        by_wrk: How many requests of wrk were answered.
        tally: What the slow clients count.
    """

    by_wrk: int = 0
    tally: Tally = field(default_factory=Tally)


async def load(server: Server, seconds: int, clients: int, counted: Counted) -> list[int]:
    """Put a server under load until the time is over and all clients have gone.

    Args:
        server: The server.
        seconds: For how long.
        clients: How many slow clients come at once.
        counted: Where to count.

    Returns:
        The resident memory of the server under load.
    """
    host, port = server.address
    of_wrk = Load(seconds, cores().load, bare=True, patience=int(SECONDS_TO_ANSWER))
    sampling = asyncio.create_task(sampled(server.resident, seconds))
    visits = asyncio.create_task(crowd(server.address, clients, seconds, counted.tally))
    try:
        requests, _ = await asyncio.to_thread(put_under_load, f"{host}:{port}", of_wrk)
        counted.by_wrk += requests
    except LoadError as error:
        counted.tally.errors.append(f"wrk: {error}")
    await visits
    # The server learns only now of the last ones that have left.
    await asyncio.sleep(SECONDS_TO_REST)
    return await sampling


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the soak test, and return the exit code."""
    options = parse_options(arguments)
    for program in ("wrk", "taskset"):
        if shutil.which(program) is None:
            show(MISSING.format(program))
            return 2
    counted = Counted()
    warming = max(1, options.seconds // 2)
    with running(cores().server) as server:
        asyncio.run(load(server, warming, 2 * options.clients, counted))
        before = server.blocks()
        turns, grows = 0, True
        while grows and turns < MOST_TURNS:
            resident = asyncio.run(load(server, options.seconds, options.clients, counted))
            grows = growth(resident) >= MOST_GROWTH
            turns += 1
        blocks = (before, server.blocks())
    report = Report(
        options.seconds,
        options.clients,
        turns,
        counted.by_wrk,
        counted.tally,
        resident,
        blocks,
        server.log,
    )
    show("\n".join(report.lines()))
    if options.write:
        facts = f"Both on {platform.python_implementation()} {platform.python_version()}."
        options.write.write_text(report.page(facts), encoding="utf-8")
    return 0 if report.is_good() else 1


def parse_options(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(
        prog="soak", description="Put the example server under load, and see that nothing is lost."
    )
    parser.add_argument(
        "--seconds", type=positive, default=30, help="for how long, once it is warm (default: 30)"
    )
    parser.add_argument(
        "--clients", type=positive, default=300, help="slow clients at once (default: 300)"
    )
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the table as Markdown")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
