"""An example on asyncio in a thread of this process, so that a test can change its limits.

In: what listens. Out: the address that it listens on. What its tasks let escape is kept; a
test may not leave any of it behind. Beside it, handlers of the server that take their time.
"""

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Future
from typing import Any

from docs.examples import asyncio_server
from docs.examples.asyncio_server import Client
from tests.integration.sockets import TIMEOUT, Address, connect, read_to_end

Listen = Callable[[], contextlib.AbstractAsyncContextManager[asyncio.Server]]
"""What listens on a free port, until all connections have ended."""


@contextlib.asynccontextmanager
async def example_server() -> AsyncIterator[asyncio.Server]:
    """Listen with the example server.

    Yields:
        What listens.
    """
    yield await asyncio.start_server(asyncio_server.on_connection, "127.0.0.1", 0)


class Loop(asyncio.SelectorEventLoop):
    """An event loop whose clock can be put forward, so that no limit has to be waited for.

    Attributes:
        ahead: How many seconds its clock is ahead.
    """

    ahead = 0.0

    def time(self) -> float:
        """Return the time by its clock, in seconds."""
        return super().time() + self.ahead


async def settle() -> None:
    """Let all happen that what was sent so far leads to."""
    for _ in range(50):
        await asyncio.sleep(0)


class Serving:
    """The server that is running, and what went wrong in it."""

    def __init__(self, listen: Listen) -> None:
        """Begin with nothing gone wrong."""
        self.address: Future[Address] = Future()
        self._listen = listen
        self.escaped: list[dict[str, Any]] = []
        self._loop = Loop()
        self._stopped: asyncio.Event

    async def serve(self) -> None:
        """Listen on a free port until told to stop, and wait for the connections that are left."""
        self._loop.set_exception_handler(lambda _, context: self.escaped.append(context))
        self._stopped = asyncio.Event()
        async with self._listen() as server:
            host, port = server.sockets[0].getsockname()
            self.address.set_result((host, port))
            await self._stopped.wait()
            server.close()
            connections = asyncio.all_tasks() - {asyncio.current_task()}
            async with asyncio.timeout(TIMEOUT):
                await asyncio.gather(*connections, return_exceptions=True)

    def run(self) -> None:
        """Serve, in the thread that calls this."""
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self.serve())

    def advance(self, seconds: float) -> None:
        """Let the clock of the server go on at once, after it has taken all that was sent to it."""

        async def jump() -> None:
            await settle()
            self._loop.ahead += seconds
            await settle()

        asyncio.run_coroutine_threadsafe(jump(), self._loop).result(TIMEOUT)

    def oversleep(self, seconds: float) -> None:
        """Let the clock go on while the server does nothing, as if it did not get the processor."""
        self._loop.ahead += seconds

    def stop(self) -> None:
        """Stop serving."""
        self._loop.call_soon_threadsafe(self._stopped.set)


class Gate:
    """A handler that reads its body only when it is told to."""

    def __init__(self) -> None:
        """Begin closed, with nothing read."""
        self.opened = threading.Event()
        self.entered = threading.Event()

    async def __call__(self, client: Client) -> None:
        """Wait until it is opened, then tell the digest of the body."""
        self.entered.set()
        while not self.opened.is_set():
            await asyncio.sleep(0.01)
        await asyncio_server.sha256(client)


class Flood:
    """A handler that writes more than the buffers between it and the client hold."""

    size = 1000 * 65536

    def __init__(self) -> None:
        """Begin with nothing written."""
        self.written = 0
        self.ended = threading.Event()

    async def __call__(self, client: Client) -> None:
        """Write, and count."""
        try:
            await client.start(200, [("Content-Length", str(self.size))])
            while self.written < self.size:
                await client.write(bytes(65536))
                self.written += 65536
        finally:
            self.ended.set()


@contextlib.contextmanager
def running(listen: Listen = example_server) -> Iterator[Serving]:
    """Run a server in a thread of its own.

    Args:
        listen: What listens; the example server, if nothing else is said.

    Yields:
        The server, which listens already.
    """
    serving = Serving(listen)
    thread = threading.Thread(target=serving.run)
    thread.start()
    try:
        serving.address.result(TIMEOUT)
        yield serving
    finally:
        serving.stop()
        thread.join(2 * TIMEOUT)
    assert not thread.is_alive()
    assert serving.escaped == [], serving.escaped


def exchange(address: Address, *pieces: bytes) -> bytes:
    """Return all that the server says to `pieces`, until it closes its side."""
    with connect(address) as client:
        for piece in pieces:
            client.sendall(piece)
        return read_to_end(client)


def sends_until_cut_off(
    client: socket.socket, piece: bytes = bytes(65536), pause: float = 0
) -> bool:
    """Return whether the server ends a connection on which the client never stops sending."""
    started = time.monotonic()
    while time.monotonic() < started + TIMEOUT / 2:
        try:
            client.sendall(piece)
        except ConnectionError:
            return True
        time.sleep(pause)
    return False


def without_date(octets: bytes) -> bytes:
    """Return responses without the field that differs from second to second."""
    lines = octets.split(b"\r\n")
    return b"\r\n".join(line for line in lines if not line.startswith(b"Date: "))
