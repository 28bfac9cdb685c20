"""An HTTP/1.1 client on asyncio and h11, to be run, read and copied.

In: requests, and their bodies in pieces. Out: responses, and their bodies in pieces as they arrive,
also while the request is still being sent. Run it with
`python docs/examples/asyncio_client.py http://127.0.0.1:8000/`, and with `--upload FILE` to post a
file; the head of the response goes to standard error, its body to standard output.

Its shape, from top to bottom:

- `Stream`: one connection, for either role. It waits for events, and for room to write.
- `Client`: one request after the other on such a connection, for as long as that can be used again.
- The program.
"""

from __future__ import annotations

import argparse
import asyncio
import ssl
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

import h11

CONNECT_SECONDS = 10.0
CONTINUE_SECONDS = 1.0
"""For a server to answer `Expect: 100-continue`; many never do (RFC 9110 section 10.1.1)."""
SECONDS = 30.0
"""For the server to take a piece of a body, and to say something once it has the whole request."""

Fields = Sequence[tuple[str, str]]


class Stream(asyncio.Protocol):
    """One connection: takes one read at a time, and gives events to whoever waits for them."""

    transport: asyncio.Transport

    def __init__(self, connection: h11.Connection) -> None:
        """Put a connection on the wire."""
        self.connection = connection
        self._arrived = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()
        self._lost: Exception | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Take one read, and no other before somebody asks for it."""
        self.transport.pause_reading()
        self.connection.receive_data(data)
        self._arrived.set()

    def eof_received(self) -> bool:
        """Take the end of their half; ours stays open if there may be an answer to send."""
        self.connection.receive_data(b"")
        self._arrived.set()
        return self.connection.our_role is h11.SERVER

    def connection_lost(self, error: Exception | None) -> None:
        """Wake whoever waits, since nothing will come any more."""
        self._lost = error or ConnectionResetError("the connection is closed")
        self._arrived.set()
        self._room.set()

    def pause_writing(self) -> None:
        """Let whoever sends wait."""
        self._room.clear()

    def resume_writing(self) -> None:
        """Let whoever sends go on."""
        self._room.set()

    async def next_event(self) -> h11.Event | type[h11.PAUSED]:
        """Return what the peer says next; a lost connection is an `OSError`."""
        while (event := self.connection.next_event()) is h11.NEED_DATA:
            if self._lost is not None:
                raise self._lost
            self._arrived.clear()
            self.transport.resume_reading()
            await self._arrived.wait()
        return event

    async def send(self, event: h11.Event) -> None:
        """Send an event, and come back when there is room for another one."""
        self.transport.write(self.connection.send(event) or b"")
        await asyncio.sleep(0)  # As long as the socket takes it all, nothing else would be done.
        await self._room.wait()
        if self._lost is not None:
            raise self._lost


class Client(Stream):
    """A server, for one request after the other.

    Before a request ask `is_usable`: if it is false, connect anew.
    """

    def __init__(self, host: str) -> None:
        """Send this Host, which has the port if that is not the usual one."""
        super().__init__(h11.Connection(h11.CLIENT))
        self._host = host
        self._response: h11.Response | None = None
        self._answered = asyncio.Event()

    @classmethod
    async def connect(cls, host: str, port: int, *, tls: ssl.SSLContext | None = None) -> Client:
        """Return a client that is connected, with TLS if there is a context for it."""
        shown = f"[{host}]" if ":" in host else host
        shown = shown if port == (443 if tls else 80) else f"{shown}:{port}"
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(CONNECT_SECONDS):
            _, client = await loop.create_connection(lambda: cls(shown), host, port, ssl=tls)
        return client

    @property
    def is_usable(self) -> bool:
        """Whether a request may be sent on this connection."""
        return self._lost is None and self.connection.is_idle

    def close(self) -> None:
        """Close the connection."""
        self.transport.abort()

    @asynccontextmanager
    async def request(
        self,
        method: str,
        target: str,
        fields: Fields = (),
        body: bytes | AsyncIterator[bytes] = b"",
        *,
        ask_first: bool = False,
    ) -> AsyncIterator[h11.Response]:
        """Send a request, and give the head of its response; `body()` gives the rest meanwhile.

        A body in pieces is sent in chunks, piece by piece. With `ask_first` the server is asked
        whether it wants a body at all. Whoever leaves before the end of `body()` gives the
        connection up.
        """
        headers = [("Host", self._host), *fields]
        if not isinstance(body, bytes):
            headers.append(("Transfer-Encoding", "chunked"))
        elif body or method in {"POST", "PUT", "PATCH"}:
            headers.append(("Content-Length", str(len(body))))
        if ask_first:
            headers.append(("Expect", "100-continue"))
        self._response = None
        self._answered.clear()
        head = h11.Request(method=method, target=target, headers=headers)
        self._upload = asyncio.create_task(self._send_request(head, body))
        try:
            yield await self._head()
            if self.connection.their_state is h11.DONE:
                await asyncio.wait([self._upload])  # It has answered early, and still reads.
                self._raise_for_upload()
        finally:
            self._upload.cancel()
            await asyncio.wait([self._upload])
            if self.connection.is_reusable:
                self.connection.start_next_cycle()
                self.transport.resume_reading()  # Nothing is due, but a close has to be seen.
            else:
                self.close()

    async def body(self) -> AsyncIterator[bytes]:
        """Give the body of the response, each piece when it has arrived."""
        while self.connection.their_state is h11.SEND_BODY:
            event = await self._next_event()
            if isinstance(event, h11.Data):
                yield bytes(event.data)

    async def _head(self) -> h11.Response:
        while self._response is None:
            event = await self._next_event()
            if isinstance(event, h11.Response):
                self._response = event
                if event.status_code >= 300:
                    self._upload.cancel()  # The server does not want the rest.
            self._answered.set()
        return self._response

    async def _next_event(self) -> h11.Event | type[h11.PAUSED]:
        reading = asyncio.create_task(self.next_event())
        try:
            # As long as the server is still being told something, it need not say anything.
            await asyncio.wait([reading, self._upload], return_when=asyncio.FIRST_COMPLETED)
            self._raise_for_upload()
            async with asyncio.timeout(SECONDS):
                return await reading
        finally:
            reading.cancel()

    async def _send_request(self, head: h11.Request, body: bytes | AsyncIterator[bytes]) -> None:
        if not await self._say(head):
            return
        if self.connection.client_is_waiting_for_100_continue:
            with suppress(TimeoutError):
                async with asyncio.timeout(CONTINUE_SECONDS):
                    await self._answered.wait()
            if self._response is not None:
                # An answer in place of 100, even a good one, was given without the body. Without
                # its EndOfMessage, the request is the last one on this connection.
                return
        if isinstance(body, bytes):
            if not await self._say(h11.Data(data=body)):
                return
        else:
            async for piece in body:
                if not await self._say(h11.Data(data=piece)):
                    return
        await self._say(h11.EndOfMessage())

    async def _say(self, event: h11.Event) -> bool:
        """Send an event, and return whether the server still listens."""
        try:
            async with asyncio.timeout(SECONDS):
                await self.send(event)
        except OSError:  # A TimeoutError is one of them.
            # Before it broke off, the server may have said why: that can still be read.
            self.connection.send_failed()
            return False
        return True

    def _raise_for_upload(self) -> None:
        """Raise what the body of the request has raised, if anything."""
        if self._upload.done() and not self._upload.cancelled():
            self._upload.result()


async def pieces_of(path: Path) -> AsyncIterator[bytes]:
    """Give a file in pieces; disks are taken to be fast enough for nobody to wait."""
    with path.open("rb") as file:
        while piece := file.read(65536):
            yield piece


async def fetch(url: str, upload: Path | None) -> int:
    """Ask for one URL, print the answer, and return its status."""
    parts = urlsplit(url)
    tls = ssl.create_default_context() if parts.scheme == "https" else None
    client = await Client.connect(parts.hostname or "", parts.port or (443 if tls else 80), tls=tls)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if upload is None:
        request = client.request("GET", target)
    else:
        request = client.request("POST", target, body=pieces_of(upload), ask_first=True)
    async with request as response:
        print(response.status_code, file=sys.stderr)
        for name, value in response.headers.raw_items():
            print(f"{name.decode()}: {value.decode('latin-1')}", file=sys.stderr)
        async for piece in client.body():
            sys.stdout.buffer.write(piece)
    client.close()
    return response.status_code


def main() -> int:
    """Ask for one URL, and return 0 if the answer is no error."""
    parser = argparse.ArgumentParser(description="Get a URL, or post a file to it.")
    parser.add_argument("url")
    parser.add_argument("--upload", type=Path, metavar="FILE")
    arguments = parser.parse_args()
    return 0 if asyncio.run(fetch(arguments.url, arguments.upload)) < 400 else 1


if __name__ == "__main__":
    sys.exit(main())
