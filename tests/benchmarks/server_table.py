"""What uvicorn served, as a table for people and as a page of the documentation.

In: the turns of each server under load. Out: text, and whether the targets are reached.
"""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.benchmarks.contenders import OURS
from tests.benchmarks.machine import page
from tests.benchmarks.targets import SERVER_TARGETS
from tests.benchmarks.wrk import CONNECTIONS

COMMAND = "hatch run bench-server --write docs/performance-server.md"

HEADING = (
    f"{'application':<13}{'uvicorn on':<17}{'requests/s':>11}{'processor µs':>14}"
    f"{'to h11':>8}{'min-max':>12}{'this h11 to it':>16}"
)

COLUMNS = (
    *("application", "uvicorn on", "requests/s", "processor µs"),
    *("to h11 0.16.0", "min-max", "this h11 to it"),
)

NOTE = f"""\
All servers run all the time on one core, and take turns under the load of `wrk`, which has another
core and keeps {CONNECTIONS} connections alive. The ratios are medians over the rounds, each of two
figures of the same round. The processor time is that of a request, and varies less on a machine
that has other things to do."""


WHERE_TO_READ = """\
[Performance](performance.md#where-the-time-goes) tells why it is not reached where it is not."""


@dataclass(frozen=True)
class Turn:
    """What a server did in its turn.

    Attributes:
        rate: The requests a second.
        processor: The seconds of its processor that one of them took.
    """

    rate: float
    processor: float


Turns = Mapping[str, Sequence[Turn]]
"""The turns of each server by its name, round by round."""


def ratios(turns: Turns, one: str, other: str) -> list[float]:
    """Return how many times as many requests a second one serves as another, round by round."""
    return [mine.rate / its.rate for mine, its in zip(turns[one], turns[other], strict=True)]


def cells(turns: Turns, name: str) -> list[str]:
    """Return rate, processor time, ratio to h11 0.16.0, its spread, and the ratio of ours."""
    to_h11 = ratios(turns, name, "h11")
    return [
        f"{statistics.median(turn.rate for turn in turns[name]):,.0f}",
        f"{statistics.median(turn.processor for turn in turns[name]) * 1e6:.1f}",
        f"{statistics.median(to_h11):.2f}",
        f"{min(to_h11):.2f}-{max(to_h11):.2f}",
        f"{statistics.median(ratios(turns, OURS, name)):.2f}",
    ]


def row(application: str, title: str, turns: Turns, name: str) -> str:
    """Return a server's turns as a row under the heading."""
    rate, processor, to_h11, spread, ours = cells(turns, name)
    return f"{application:<13}{title:<17}{rate:>11}{processor:>14}{to_h11:>8}{spread:>12}{ours:>16}"


def missed(turns: Turns) -> list[str]:
    """Return those against which ours is slower than it shall be."""
    return [
        name
        for name, target in SERVER_TARGETS.items()
        if statistics.median(ratios(turns, OURS, name)) < target
    ]


def as_page(
    measured: Mapping[str, Turns], titles: Mapping[str, str], uvicorn: str, bare: bool
) -> str:
    """Return the measurements as a page of Markdown.

    Args:
        measured: The turns by application.
        titles: What the servers are called.
        uvicorn: Which release of uvicorn they are.
        bare: Whether the requests had no fields but Host.
    """
    lines = [
        f"| {' | '.join(COLUMNS)} |",
        "|---|---|--:|--:|--:|--:|--:|",
    ]
    for application, turns in measured.items():
        for name, title in titles.items():
            lines.append(f"| {' | '.join([f'`{application}`', title, *cells(turns, name)])} |")
    targets = " and ".join(
        f"{target:g} to {titles[name]}" for name, target in SERVER_TARGETS.items()
    )
    facts = [
        f"Server: {uvicorn.replace('==', ' ')}, on the event loop of asyncio",
        f"Requests: {'no field but Host' if bare else 'eight fields, as a browser sends them'}",
    ]
    aim = f"The target, which the project aims at, is a ratio of {targets}. {WHERE_TO_READ}"
    return page("uvicorn under load", COMMAND, facts, "\n".join(lines), NOTE, aim)
