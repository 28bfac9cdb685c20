"""What slow clients do on a connection, from its beginning to its end.

In: a visitor. Out: nothing, if all went well; what went wrong is raised.
"""

from collections.abc import Awaitable, Callable

import h11
from tests.soak.exchange import Pace
from tests.soak.questions import any_question, digest, echo
from tests.soak.visitor import Visitor, WrongAnswerError

DRIP = Pace(octets=40, taken=200, pause=0.1)
PIECES = Pace(octets=2000, taken=2000, pause=0.1)
FLOOD = Pace(octets=64 * 1024, taken=16 * 1024, pause=0.1)

MUCH = 512 * 1024
"""More octets than the buffers between the server and a slow client hold."""

POST = b"POST /hash HTTP/1.1\r\nHost: a\r\n"

MALFORMED = [
    (b"GET / HTTP/1.1\r\n\r\n", 400),
    (b"GET / HTTP/1.1\r\nHost: a\r\nno field line\r\n\r\n", 400),
    (b"GET / HTTP/1.1\r\nHost: a\r\nA: \x00\r\n\r\n", 400),
    (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
    (POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    (POST + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nxyz\r\n", 400),
    (POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501),
    (b"GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505),
    (b"GET / HTTP/1.1\r\nHost: a\r\nA: " + b"a" * 20_000, 431),
]
"""What is refused, and with which status."""

HALVES = [
    b"GET /stream?n=10 HT",
    POST + b"Content-Length: 100\r\n\r\nhalf of a body",
    POST + b"Transfer-Encoding: chunked\r\n\r\n40\r\nhalf of a chunk",
    POST + b"Content-Length: 100\r\nExpect: 100-continue\r\n\r\n",
    b"GET /stream?n=100000 HTTP/1.1\r\nHost: a\r\n\r\n",
]
"""After what a client leaves: in a head, in a body, and while the server waits or answers."""


async def keeps_alive(visitor: Visitor) -> None:
    """Ask a few octets at a time, one question after the other's answer."""
    async with visitor.connection(DRIP) as connection:
        for _ in range(4):
            await visitor.ask(connection, any_question(visitor.identity(), visitor.chance))


async def pipelines(visitor: Visitor) -> None:
    """Ask some questions at once, and read the answers a few octets at a time."""
    async with visitor.connection(DRIP) as connection:
        questions = [any_question(visitor.identity(), visitor.chance) for _ in range(4)]
        await visitor.ask(connection, *questions)


async def uploads(visitor: Visitor) -> None:
    """Send bodies slowly, and read one of them back at the same time."""
    async with visitor.connection(DRIP) as connection:
        await visitor.ask(connection, echo(visitor.identity(), visitor.chance))
        await visitor.ask(connection, digest(visitor.identity(), visitor.chance))


async def expects(visitor: Visitor) -> None:
    """Send a body only when the server says so, twice."""
    async with visitor.connection(PIECES) as connection:
        for _ in range(2):
            question = digest(visitor.identity(), visitor.chance, expect=True)
            await visitor.ask(connection, question)


async def floods(visitor: Visitor) -> None:
    """Send much at once and read it back slowly, so that the server has to stop reading."""
    async with visitor.room, visitor.connection(FLOOD) as connection:
        await visitor.ask(connection, echo(visitor.identity(), visitor.chance, size=MUCH))


async def leaves(visitor: Visitor) -> None:
    """Leave in the middle, with or without an end."""
    async with visitor.connection(DRIP) as connection:
        await connection.send(visitor.chance.choice(HALVES))
        visitor.tally.left += 1
        if visitor.chance.random() < 0.5:
            connection.leave()


async def is_malformed(visitor: Visitor) -> None:
    """Say what is no HTTP, and see it refused, and the connection closed."""
    octets, status = visitor.chance.choice(MALFORMED)
    async with visitor.connection(PIECES) as connection:
        await connection.send(octets)
        protocol = h11.Connection(h11.CLIENT)
        protocol.send(h11.Request(method="GET", target="/", headers=[("Host", "a")]))
        protocol.send(h11.EndOfMessage())
        answer = await connection.answer(protocol)
        if answer.status != status:
            message = f"{answer.status} to {octets[:100]!r}, which deserves {status}"
            raise WrongAnswerError(message)
        await connection.wait_for_end()
        visitor.tally.refused += 1


BEHAVIOURS: list[Callable[[Visitor], Awaitable[None]]] = [
    keeps_alive,
    pipelines,
    uploads,
    expects,
    floods,
    leaves,
    is_malformed,
]
"""What visitors do, in turn."""
