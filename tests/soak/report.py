"""What the soak test says at its end.

In: what was counted. Out: lines of text, whether the bounds hold, and a page of Markdown.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.soak.memory import growth
from tests.soak.tally import Tally

MOST_GROWTH = 0.01
"""The part by which memory may grow."""

SHOWN = 20
"""So many errors are printed."""


@dataclass(frozen=True)
class Report:
    """What was counted.

    Attributes:
        seconds: For how long, beside the warming up.
        clients: How many slow clients there were at once.
        turns: How many times it was under load, of which the memory of the last counts.
        by_wrk: How many requests of wrk were answered.
        tally: What the slow clients have counted.
        resident: The memory of the server under load, sampled twice a second, once it was warm.
        blocks: How many blocks its objects had before and after that, when all clients had gone.
        log: What the server has logged.
    """

    seconds: int
    clients: int
    turns: int
    by_wrk: int
    tally: Tally
    resident: Sequence[int]
    blocks: tuple[int, int]
    log: Sequence[str]

    def errors(self) -> list[str]:
        """Return all that went wrong."""
        lost = [f"{self.tally.lost} requests were not answered"] if self.tally.lost else []
        idle = [] if self.tally.answered and self.by_wrk else ["somebody was not served at all"]
        return [*self.tally.errors, *self.log, *lost, *idle]

    def growths(self) -> tuple[float, float]:
        """Return by which part resident memory has grown, and what objects have of it."""
        before, after = self.blocks
        return growth(self.resident), (after - before) / before

    def is_good(self) -> bool:
        """Return whether the bounds hold."""
        return not self.errors() and max(self.growths()) < MOST_GROWTH

    def rows(self) -> list[tuple[str, str]]:
        """Return what was counted, with what each count means."""
        tally = self.tally
        of_resident, of_blocks = self.growths()
        return [
            ("requests of wrk answered", f"{self.by_wrk:,}"),
            ("requests of slow clients, each with its right answer", f"{tally.answered:,}"),
            ("connections of slow clients", f"{tally.connections:,}"),
            ("malformed requests refused as they deserve", f"{tally.refused:,}"),
            ("clients that left in the middle", f"{tally.left:,}"),
            ("requests lost", f"{tally.lost:,}"),
            ("errors", f"{len(self.errors()):,}"),
            ("times under load, until memory did not grow any more", f"{self.turns}"),
            ("resident memory of the server, at most", f"{max(self.resident) / 2**20:.1f} MiB"),
            ("its growth over the last half, under load", f"{of_resident:z.2%}"),
            ("growth of what objects have when all clients have gone", f"{of_blocks:z.2%}"),
        ]

    def lines(self) -> list[str]:
        """Return it as lines of text."""
        errors = self.errors()
        more = [f"!!! and {len(errors) - SHOWN} more"] if len(errors) > SHOWN else []
        verdict = "all bounds hold" if self.is_good() else "!!! A BOUND DOES NOT HOLD"
        counts = [f"{value:>12}  {name}" for name, value in self.rows()]
        return [*(f"!!! {error}" for error in errors[:SHOWN]), *more, *counts, verdict]

    def page(self, facts: str) -> str:
        """Return it as a page.

        Args:
            facts: What it was counted on.
        """
        rows = "\n".join(f"| {name} | {value} |" for name, value in self.rows())
        return f"""\
# The example server under load

Written by `hatch run soak --write docs/soak-table.md`; to change it, run that again.

`docs/examples/asyncio_server.py` for {self.seconds} seconds under wrk and, at the same time, under
{self.clients} clients that are slow: they upload, pipeline, wait for 100, leave in the middle, or
send what is malformed; before that it is warmed up by twice as many, who are counted, too.
{facts}

| what | count |
|---|---:|
{rows}

No request may be lost, no error may happen, and memory may grow by less than {MOST_GROWTH:.0%}.
"""
