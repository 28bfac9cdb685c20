"""An HTTP/1.1 server on asyncio and h11, to be run, read and copied.

In: connections. Out: each request handed to the handler of its path, and the handler's response.
Run it with `python docs/examples/asyncio_server.py --port 8000`; it prints where it listens.

Its shape, from top to bottom:

- The limits: how much, and for how long, a client may ask.
- `Client`: one connection. A handler reads `request` and `body()` from it, and says `answer()`, or
  `start()` and then `write()` as often as it likes. Nothing is read from the socket before a
  handler asks for it, and writing waits for a client that reads slowly: nobody fills the memory.
  100 Continue is sent when a handler asks for a body that the client holds back until then.
- `converse()`: request after request, and what is answered when something goes wrong.
- The handlers, `ROUTES`, and the program.

Framing, keep-alive, HTTP/1.0 and the order of things are h11's. TLS is asyncio's: `start_server`
takes `ssl=`. Another protocol, such as WebSocket, begins where a handler calls `switch()`.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import logging
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import suppress
from email.utils import formatdate
from http import HTTPStatus
from urllib.parse import SplitResult, parse_qs, urlsplit

import h11

SLOTS = asyncio.Semaphore(1000)
"""As many connections at once."""
MAX_HEAD = 16 * 1024
MAX_BODY = 64 * 1024 * 1024
HEAD_SECONDS = 30.0
"""For a request to come, and to be there with its whole head."""
BODY_SECONDS = 30.0
"""For each next piece of a body."""
WRITE_SECONDS = 30.0
"""For the client to take what was written."""
CLOSE_SECONDS = 10.0
"""For the client to take the rest of the last response, and to close after us."""

Fields = Sequence[tuple[str, str]]
Handler = Callable[["Client"], Awaitable[None]]


class RefusedError(Exception):
    """The client does not get what it asked for, but an error status."""

    def __init__(self, status: int) -> None:
        """Refuse with `status`."""
        super().__init__(f"{status} {HTTPStatus(status).phrase}")
        self.status = status


class BrokenError(Exception):
    """Nothing more can be said on this connection: the client is gone, or half a response sent."""


class Client:
    """One connection: what the client asks for, and what it is answered."""

    request: h11.Request
    http10_keep_alive = False
    """Whether clients of HTTP/1.0 may keep their connections; not in a proxy."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve the client at the other end of `reader` and `writer`."""
        self.connection = h11.Connection(
            h11.SERVER,
            limits=h11.Limits(head_size=MAX_HEAD),
            http10_keep_alive=self.http10_keep_alive,
        )
        self.reader = reader
        self.writer = writer
        self._body_size = 0

    @property
    def url(self) -> SplitResult:
        """The target of the request, taken apart.

        Raises:
            RefusedError: If what it names as a host is none.
        """
        target = self.request.target.decode("latin-1")
        try:
            return urlsplit(f"http://host{target}" if target.startswith("/") else target)
        except ValueError:
            raise RefusedError(400) from None

    async def next_request(self) -> bool:
        """Wait for the next request; False if none will come."""
        try:
            async with asyncio.timeout(HEAD_SECONDS):
                event = await self._next_event()
        except TimeoutError:
            if self.connection.is_mid_exchange:
                raise RefusedError(408) from None
            return False  # To a client that has asked for nothing, nothing is said.
        if not isinstance(event, h11.Request):
            return False
        self.request = event
        self._body_size = 0
        return True

    async def body(self) -> AsyncIterator[bytes]:
        """Give the body of the request, piece by piece, each when it is asked for."""
        while self.connection.their_state is h11.SEND_BODY:
            try:
                async with asyncio.timeout(BODY_SECONDS):
                    event = await self._next_event()
            except TimeoutError:
                raise RefusedError(408) from None
            if isinstance(event, h11.Data):
                self._body_size += len(event.data)
                if self._body_size > MAX_BODY:
                    raise RefusedError(413)
                yield bytes(event.data)

    async def answer(self, status: int, body: bytes = b"", fields: Fields = ()) -> None:
        """Send a whole response."""
        await self.start(status, [("Content-Length", str(len(body))), *fields])
        await self.write(body)

    async def start(self, status: int, fields: Fields = (), *, last: bool = False) -> None:
        """Send the head of a response, the last one if so wished; its body follows in pieces."""
        headers = [("Date", formatdate(usegmt=True)), *fields]
        # A client that waits for 100 may send its body after this, or leave it: nobody could tell
        # where its next request begins.
        if last or self.connection.they_are_waiting_for_100_continue:
            headers.append(("Connection", "close"))
        reason = HTTPStatus(status).phrase
        await self._send(h11.Response(status_code=status, headers=headers, reason=reason))

    async def write(self, data: bytes) -> None:
        """Send a piece of the body, which a response to HEAD does not have."""
        if data and self.request.method != b"HEAD":
            await self._send(h11.Data(data=data))

    async def finish(self) -> None:
        """End the response, and read what the handler has left of the request."""
        if self.connection.our_state is h11.SEND_RESPONSE:
            raise RuntimeError("the handler has not answered")
        if self.connection.our_state is h11.SEND_BODY:
            await self._send(h11.EndOfMessage())
        if self.connection.our_state is h11.DONE:
            async for _ in self.body():
                continue

    async def refuse(self, status: int) -> None:
        """Answer with an error, if it is not too late for an answer, before the connection ends."""
        if self.connection.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
            await self.start(status, [("Content-Length", "0")], last=True)
        elif self.connection.our_state not in {h11.DONE, h11.MUST_CLOSE}:
            raise BrokenError

    async def switch(self, protocol: str, fields: Fields = ()) -> bytes:
        """Agree to the protocol that the client has proposed in an Upgrade field.

        From now on `reader` and `writer` belong to the handler, until it returns.

        Returns:
            What the client has sent in the new protocol already.
        """
        async for _ in self.body():
            continue
        headers = [("Connection", "Upgrade"), ("Upgrade", protocol), *fields]
        await self._send(h11.InformationalResponse(status_code=101, headers=headers))
        return self.connection.trailing_data[0]

    async def close(self) -> None:
        """Close in stages, so that the last response is not lost (RFC 9112 section 9.6)."""
        is_closed = False
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                if self.writer.can_write_eof():
                    # Behind nothing: an end that asyncio passes on later fails out of reach.
                    self.writer.transport.set_write_buffer_limits(0)
                    await self.writer.drain()
                    self.writer.write_eof()
                    while await self.reader.read(65536):
                        continue
                self.writer.close()
                await self.writer.wait_closed()
                is_closed = True
        except OSError:
            pass  # A TimeoutError is one of them.
        finally:
            if not is_closed:
                self.writer.transport.abort()  # What is still under way now has had its time.

    async def _next_event(self) -> h11.Event | type[h11.PAUSED]:
        while (event := self.connection.next_event()) is h11.NEED_DATA:
            if self.connection.they_are_waiting_for_100_continue:
                await self._send(h11.InformationalResponse(status_code=100, headers=[]))
            try:
                self.connection.receive_data(await self.reader.read(65536))
            except OSError as error:
                raise BrokenError from error
        return event

    async def _send(self, event: h11.Event) -> None:
        self.writer.write(self.connection.send(event) or b"")
        try:
            async with asyncio.timeout(WRITE_SECONDS):
                await self.writer.drain()
                await asyncio.sleep(0)  # As long as the socket takes it all, drain() never yields.
        except OSError as error:
            raise BrokenError from error


async def converse(client: Client) -> None:
    """Answer one request after the other, until one side wants to end the connection."""
    try:
        while await client.next_request():
            await ROUTES.get(client.url.path, not_found)(client)
            await client.finish()
            if not client.connection.is_reusable:
                return
            client.connection.start_next_cycle()
    except BrokenError:
        raise
    except RefusedError as error:
        await client.refuse(error.status)
    except h11.RemoteProtocolError as error:
        await client.refuse(error.error_status_hint)
    except Exception:
        logging.exception("a handler has failed")
        await client.refuse(500)


# The handlers: replace them by your own.


async def hello(client: Client) -> None:
    """Greet."""
    await client.answer(200, b"Hello\n", [("Content-Type", "text/plain")])


async def echo(client: Client) -> None:
    """Send the body back while it arrives, for clients that read while they send."""
    body = client.body()
    first = await anext(body, b"")  # Asked for before the answer begins: it may be held back.
    await client.start(200, [("Content-Type", "application/octet-stream")])
    await client.write(first)
    async for data in body:
        await client.write(data)


async def sha256(client: Client) -> None:
    """Read the body, and answer its SHA-256 digest."""
    digest = hashlib.sha256()
    async for data in client.body():
        digest.update(data)
    await client.answer(200, digest.hexdigest().encode(), [("Content-Type", "text/plain")])


async def stream(client: Client) -> None:
    """Send as many lines as `n` in the query says."""
    try:
        count = int(parse_qs(client.url.query).get("n", ["10"])[0])
    except ValueError:
        raise RefusedError(400) from None
    await client.start(200, [("Content-Type", "text/plain")])
    for number in range(count):
        await client.write(b"line %d\n" % number)


async def form(client: Client) -> None:
    """Show a form that uploads a file."""
    page = b"""<!DOCTYPE html><title>Upload</title>
<form action="/hash" method="post" enctype="multipart/form-data">
<input type="file" name="file"> <button>Tell its digest</button></form>
"""
    await client.answer(200, page, [("Content-Type", "text/html; charset=utf-8")])


async def not_found(client: Client) -> None:
    """Answer for every path that has no handler."""
    await client.answer(404, b"Not found\n", [("Content-Type", "text/plain")])


ROUTES: dict[str, Handler] = {
    "/": hello,
    "/echo": echo,
    "/hash": sha256,
    "/stream": stream,
    "/form": form,
}


async def on_connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Serve one client, unless there are too many of them already."""
    client = Client(reader, writer)
    try:
        if SLOTS.locked():
            await client.refuse(503)
        else:
            async with SLOTS:
                await converse(client)
        await client.close()
    except (BrokenError, asyncio.CancelledError):  # Cancelled when the program ends.
        # Reset: by an orderly end half a response could look like a whole one to HTTP/1.0.
        at_once = struct.pack("ii", 1, 0)
        with suppress(OSError):
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
        writer.transport.abort()


async def serve(host: str, port: int) -> None:
    """Listen until cancelled."""
    server = await asyncio.start_server(on_connection, host, port)
    address, bound = server.sockets[0].getsockname()[:2]
    print(
        f"Listening on http://{f'[{address}]' if ':' in address else address}:{bound}", flush=True
    )
    try:
        await asyncio.get_running_loop().create_future()
    finally:
        server.close()


def main() -> None:
    """Run the program."""
    parser = argparse.ArgumentParser(description="Serve HTTP/1.1 with asyncio and h11.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--http10-keep-alive", action="store_true")
    arguments = parser.parse_args()
    Client.http10_keep_alive = arguments.http10_keep_alive
    with suppress(KeyboardInterrupt):
        asyncio.run(serve(arguments.host, arguments.port))


if __name__ == "__main__":
    main()
