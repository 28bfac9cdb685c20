"""An HTTP/1.1 server on trio and h11, to be run, read and copied.

In: connections. Out: each request handed to the handler of its path, and the handler's response.
Run it with `python docs/examples/trio_server.py --port 8000`; it prints where it listens.

Each connection is a task, and trio's cancel scopes are its deadlines. A handler pulls the body of
the request with `read()`, and pushes the body of its response with `write()`, which comes back when
the stream has taken it: so neither side can fill the memory of the other.
"""

from __future__ import annotations

import argparse
import hashlib
import logging
import struct
from collections.abc import Awaitable, Callable, Sequence
from email.utils import formatdate
from functools import partial
from http import HTTPStatus

import trio

import h11

MAX_BODY = 64 * 1024 * 1024
HEAD_SECONDS = 30.0
"""For a request to come, and to be there with its whole head."""
BODY_SECONDS = 30.0
"""For each next piece of a body, and for the client to take a piece of ours."""
CLOSE_SECONDS = 5.0
"""For the client to close after us."""

Fields = Sequence[tuple[str, str]]


class RefusedError(Exception):
    """The client does not get what it asked for, but an error status."""

    def __init__(self, status: int) -> None:
        """Refuse with `status`."""
        super().__init__(status)
        self.status = status


class Client:
    """One connection: what the client asks for, and what it is answered."""

    request: h11.Request

    def __init__(self, stream: trio.SocketStream) -> None:
        """Serve the client at the other end of `stream`."""
        self.connection = h11.Connection(h11.SERVER)
        self.stream = stream
        self._body_size = 0

    async def next_request(self) -> bool:
        """Wait for the next request; False if none will come."""
        with trio.move_on_after(HEAD_SECONDS) as scope:
            event = await self._next_event()
        if scope.cancelled_caught:
            if self.connection.is_mid_exchange:
                raise RefusedError(408)
            return False  # To a client that has asked for nothing, nothing is said.
        if not isinstance(event, h11.Request):
            return False
        self.request = event
        self._body_size = 0
        return True

    async def read(self) -> bytes:
        """Return the next piece of the request's body; nothing at its end."""
        if self.connection.their_state is not h11.SEND_BODY:
            return b""
        with trio.move_on_after(BODY_SECONDS) as scope:
            event = await self._next_event()
        if scope.cancelled_caught:
            raise RefusedError(408)
        if not isinstance(event, h11.Data):
            return b""
        self._body_size += len(event.data)
        if self._body_size > MAX_BODY:
            raise RefusedError(413)
        return event.data

    async def answer(self, status: int, body: bytes = b"", fields: Fields = ()) -> None:
        """Send a whole response."""
        await self.start(status, [("Content-Length", str(len(body))), *fields])
        await self.write(body)

    async def start(self, status: int, fields: Fields = (), *, last: bool = False) -> None:
        """Send the head of a response, the last one if so wished; its body follows in pieces."""
        headers = [("Date", formatdate(usegmt=True)), *fields]
        # A client that still waits for 100 may send its body after this, or leave it: nobody could
        # tell where its next request begins.
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
            while await self.read():
                continue

    async def refuse(self, status: int) -> None:
        """Answer with an error if it is not too late for one; half a response is broken off."""
        if self.connection.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
            await self.start(status, [("Content-Length", "0")], last=True)
        elif self.connection.our_state not in {h11.DONE, h11.MUST_CLOSE}:
            raise trio.BrokenResourceError

    async def close(self) -> None:
        """Close in stages, so that the last response is not lost (RFC 9112 section 9.6)."""
        with trio.move_on_after(CLOSE_SECONDS):
            await self.stream.send_eof()
            while await self.stream.receive_some():
                continue

    def break_off(self) -> None:
        """Reset: by an orderly end half a response could look like a whole one to HTTP/1.0."""
        at_once = struct.pack("ii", 1, 0)
        self.stream.setsockopt(trio.socket.SOL_SOCKET, trio.socket.SO_LINGER, at_once)

    async def _next_event(self) -> h11.Event | type[h11.PAUSED]:
        while (event := self.connection.next_event()) is h11.NEED_DATA:
            if self.connection.they_are_waiting_for_100_continue:
                await self._send(h11.InformationalResponse(status_code=100, headers=[]))
            self.connection.receive_data(await self.stream.receive_some())
        return event

    async def _send(self, event: h11.Event) -> None:
        with trio.move_on_after(BODY_SECONDS) as scope:
            await self.stream.send_all(self.connection.send(event) or b"")
        if scope.cancelled_caught:
            raise trio.BrokenResourceError("the client does not read")


async def converse(client: Client) -> None:
    """Answer one request after the other, until one side wants to end the connection."""
    try:
        while await client.next_request():
            path = client.request.target.partition(b"?")[0]
            await ROUTES.get(path, not_found)(client)
            await client.finish()
            if not client.connection.is_reusable:
                return
            client.connection.start_next_cycle()
    except trio.BrokenResourceError:
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


async def sha256(client: Client) -> None:
    """Read the body, and answer its SHA-256 digest."""
    digest = hashlib.sha256()
    while piece := await client.read():
        digest.update(piece)
    await client.answer(200, digest.hexdigest().encode(), [("Content-Type", "text/plain")])


async def echo(client: Client) -> None:
    """Send the body back while it arrives, for clients that read while they send."""
    piece = await client.read()  # Asked for before the answer begins: it may be held back.
    await client.start(200, [("Content-Type", "application/octet-stream")])
    while piece:
        await client.write(piece)
        piece = await client.read()


async def not_found(client: Client) -> None:
    """Answer for every path that has no handler."""
    await client.answer(404, b"Not found\n", [("Content-Type", "text/plain")])


ROUTES: dict[bytes, Callable[[Client], Awaitable[None]]] = {
    b"/": hello,
    b"/hash": sha256,
    b"/echo": echo,
}


async def on_connection(stream: trio.SocketStream) -> None:
    """Serve one client."""
    client = Client(stream)
    try:
        await converse(client)
        await client.close()
    except trio.BrokenResourceError:
        client.break_off()
    except trio.Cancelled:  # The program ends.
        client.break_off()
        raise


async def serve(host: str, port: int) -> None:
    """Listen until cancelled."""
    async with trio.open_nursery() as nursery:
        listen = partial(trio.serve_tcp, on_connection, port, host=host)
        listeners: list[trio.SocketListener] = await nursery.start(listen)
        print("Listening on http://{}:{}".format(*listeners[0].socket.getsockname()), flush=True)


def main() -> None:
    """Run the program."""
    parser = argparse.ArgumentParser(description="Serve HTTP/1.1 with trio and h11.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    arguments = parser.parse_args()
    try:
        trio.run(serve, arguments.host, arguments.port)
    except* KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
