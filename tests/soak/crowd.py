"""Hundreds of slow clients at once.

In: a server, how many, and for how long. Out: what they have counted.
"""

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable, Sequence
from random import Random

import h11
from tests.soak.behaviours import BEHAVIOURS
from tests.soak.exchange import Address, LostError
from tests.soak.tally import Tally
from tests.soak.visitor import Visitor, WrongAnswerError

ROOM = 20
"""So many want much memory at once, so that there is a most of it, which comes soon."""

MOST_ERRORS = 100
"""After so many, nobody needs to see more of them."""


async def crowd(
    address: Address,
    count: int,
    seconds: float,
    tally: Tally,
    behaviours: Sequence[Callable[[Visitor], Awaitable[None]]] = BEHAVIOURS,
) -> None:
    """Let visitors come, and come again, until the time is over and the last has gone.

    Args:
        address: Where the server listens.
        count: How many there are at once.
        seconds: For how long they come again.
        tally: Where they count.
        behaviours: What they do, in turn.
    """
    until = time.monotonic() + seconds
    room = asyncio.Semaphore(ROOM)

    async def visit_again_and_again(number: int) -> None:
        visitor = Visitor(address, f"visitor {number}", Random(number), tally, room)
        # They do not come all at once, and each begins with something else.
        await asyncio.sleep(visitor.chance.random())
        for turn in itertools.count(number):
            if time.monotonic() >= until or len(tally.errors) >= MOST_ERRORS:
                return
            await visit(visitor, behaviours[turn % len(behaviours)])

    async with asyncio.TaskGroup() as group:
        for number in range(count):
            group.create_task(visit_again_and_again(number))


async def visit(visitor: Visitor, behaviour: Callable[[Visitor], Awaitable[None]]) -> None:
    """Let a visitor do something, and note what goes wrong."""
    try:
        await behaviour(visitor)
    except* (LostError, WrongAnswerError, OSError, h11.ProtocolError) as group:
        name = getattr(behaviour, "__name__", behaviour)
        visitor.tally.errors += [f"{visitor.name} {name}: {error!r}" for error in group.exceptions]
