"""Who visits the server, again and again.

In: an address, chance, and where to count. Out: connections, and questions on them whose answers
are compared with what they have to be.
"""

import asyncio
import itertools
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from random import Random

import h11
from tests.soak.exchange import Address, Pace, Question, SlowConnection, body_of, connected
from tests.soak.tally import Tally


class WrongAnswerError(Exception):
    """An answer that is whole, and not the right one."""


@dataclass
class Visitor:
    """One that visits the server.

    Attributes:
        address: Where the server listens.
        name: What no other visitor is called.
        chance: What decides what is asked.
        tally: Where to count.
        room: What those share who want much of the server's memory.
    """

    address: Address
    name: str
    chance: Random
    tally: Tally
    room: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))

    def __post_init__(self) -> None:
        """Begin to number the requests."""
        self._numbers = itertools.count()

    def identity(self) -> str:
        """Return what no other request of any visitor is called."""
        return f"request {next(self._numbers)} of {self.name}\n"

    @asynccontextmanager
    async def connection(self, pace: Pace) -> AsyncIterator[SlowConnection]:
        """Connect, and count the connection."""
        self.tally.connections += 1
        async with connected(self.address, pace) as connection:
            yield connection

    async def ask(self, connection: SlowConnection, *questions: Question) -> None:
        """Ask some questions at once, one behind the other, and read the answers meanwhile.

        Raises:
            ExceptionGroup: If an answer does not come, or is not the right one.
        """
        protocols = [h11.Connection(h11.CLIENT) for _ in questions]
        self.tally.asked += len(questions)
        async with asyncio.TaskGroup() as group:
            group.create_task(_send_all(connection, protocols, questions))
            for protocol, question in zip(protocols, questions, strict=True):
                if question.expect:
                    await connection.wait_for_continue(protocol)
                    for octets in body_of(protocol, question):
                        await connection.send(octets)
                answer = await connection.answer(protocol)
                if (answer.status, answer.body) != (200, question.expected):
                    message = f"{answer.status} {answer.body[:100]!r} to {question.target}"
                    raise WrongAnswerError(message)
                self.tally.answered += 1


async def _send_all(
    connection: SlowConnection, protocols: Sequence[h11.Connection], questions: Sequence[Question]
) -> None:
    """Send the requests; of one that waits for 100, the head alone."""
    for protocol, question in zip(protocols, questions, strict=True):
        await connection.send(protocol.send(question.head()) or b"")
        if not question.expect:
            for octets in body_of(protocol, question):
                await connection.send(octets)
