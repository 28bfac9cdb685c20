"""Requests and responses on a connection that is slow on purpose.

In: what is asked, and how slowly octets go out and come in. Out: what is answered, whole. Each
request has an `h11.Connection` of its own, so that any number of them can be on their way at once.
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import h11

Address = tuple[str, int]

SECONDS_TO_ANSWER = 60.0
"""A response that has not come after so long is lost."""

SMALL_BUFFER = 16 * 1024
"""For a client that does not let the server get far ahead of it."""


class LostError(Exception):
    """A response did not come, or not the whole of it."""


@dataclass(frozen=True)
class Pace:
    """How slow a client is.

    Attributes:
        octets: How many it sends at once.
        taken: How many it reads at once.
        pause: The seconds after each of both.
    """

    octets: int
    taken: int
    pause: float


@dataclass(frozen=True)
class Question:
    """What is asked, and what is to be answered.

    Attributes:
        target: The request target.
        expected: The body of the response.
        body: The pieces of the body, for POST; GET without any.
        chunked: Whether each piece is a chunk.
        expect: Whether the client waits for 100 before it sends the body.
    """

    target: str
    expected: bytes
    body: Sequence[bytes] = ()
    chunked: bool = False
    expect: bool = False

    def head(self) -> h11.Request:
        """Return the head of the request."""
        headers = [("Host", "soak.example")]
        if self.chunked:
            headers.append(("Transfer-Encoding", "chunked"))
        elif self.body:
            headers.append(("Content-Length", str(sum(map(len, self.body)))))
        if self.expect:
            headers.append(("Expect", "100-continue"))
        method = "POST" if self.body else "GET"
        return h11.Request(method=method, target=self.target, headers=headers)


@dataclass(frozen=True)
class Answer:
    """What is answered.

    Attributes:
        status: The status code.
        body: The body.
    """

    status: int
    body: bytes


class SlowConnection:
    """One connection, and what came on it that no response has used yet."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, pace: Pace
    ) -> None:
        """Talk by way of `reader` and `writer`, at a certain pace."""
        self._reader = reader
        self._writer = writer
        self._pace = pace
        self._rest = b""

    async def send(self, octets: bytes) -> None:
        """Send some octets, a few at a time."""
        for start in range(0, len(octets), self._pace.octets):
            self._writer.write(octets[start : start + self._pace.octets])
            await self._writer.drain()
            await asyncio.sleep(self._pace.pause)

    async def answer(self, connection: h11.Connection) -> Answer:
        """Read a final response, slowly.

        Args:
            connection: What has sent the request.

        Raises:
            LostError: If it does not come.
        """
        status, body = 0, []
        try:
            async with asyncio.timeout(SECONDS_TO_ANSWER):
                while not isinstance(event := await self._next_event(connection), h11.EndOfMessage):
                    if isinstance(event, h11.Response):
                        status = event.status_code
                    elif isinstance(event, h11.Data):
                        body.append(bytes(event.data))
                    elif not isinstance(event, h11.InformationalResponse):
                        message = f"{event!r} in the place of a response"
                        raise LostError(message)
        except (OSError, h11.RemoteProtocolError) as error:
            raise LostError(repr(error)) from error
        self._rest = connection.trailing_data[0]
        return Answer(status, b"".join(body))

    async def wait_for_continue(self, connection: h11.Connection) -> None:
        """Wait until the server wants the body.

        Raises:
            LostError: If it says anything else.
        """
        async with asyncio.timeout(SECONDS_TO_ANSWER):
            event = await self._next_event(connection)
        if not isinstance(event, h11.InformationalResponse) or event.status_code != 100:
            message = f"{event!r} in the place of 100"
            raise LostError(message)

    async def wait_for_end(self) -> None:
        """Wait until the server has closed the connection.

        Raises:
            LostError: If it says anything more.
        """
        async with asyncio.timeout(SECONDS_TO_ANSWER):
            more = self._rest or await self._reader.read(100)
        if more:
            message = f"{more!r} after the last response"
            raise LostError(message)

    def leave(self) -> None:
        """End the connection at once, without an orderly end."""
        self._writer.transport.abort()

    async def _next_event(self, connection: h11.Connection) -> h11.Event | type[h11.PAUSED]:
        if self._rest:
            connection.receive_data(self._rest)
            self._rest = b""
        while (event := connection.next_event()) is h11.NEED_DATA:
            connection.receive_data(await self._reader.read(self._pace.taken))
            await asyncio.sleep(self._pace.pause)
        return event


@asynccontextmanager
async def connected(address: Address, pace: Pace) -> AsyncIterator[SlowConnection]:
    """Connect to a server; close the connection afterwards.

    Args:
        address: Where it listens.
        pace: How slow the client is.
    """
    client = socket.socket()
    client.setblocking(False)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_BUFFER)
    try:
        await asyncio.get_running_loop().sock_connect(client, address)
        reader, writer = await asyncio.open_connection(sock=client, limit=SMALL_BUFFER)
    except BaseException:
        client.close()
        raise
    try:
        yield SlowConnection(reader, writer, pace)
    finally:
        writer.close()


def body_of(connection: h11.Connection, question: Question) -> Iterator[bytes]:
    """Yield the octets of the body of a request, piece by piece, and what ends it."""
    for piece in question.body:
        yield connection.send(h11.Data(data=piece)) or b""
    yield connection.send(h11.EndOfMessage()) or b""
