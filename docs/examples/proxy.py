"""A reverse and forward proxy on asyncio and h11, to be run, read and copied.

In: connections of clients. Out: each request sent on, and its response sent back, in pieces. From
the root of the repository, in front of a server, or for clients that ask for it:

    python -m docs.examples.proxy --port 8080 --upstream 127.0.0.1:8000
    python -m docs.examples.proxy --port 8080

The latter connects anybody who reaches it with anything that it reaches; it listens on loopback.

Its shape, from top to bottom:

- The limits: how much, and for how long, either side may ask.
- `Pool`: upstream connections that can be used again, because both their machines say so.
- `Exchange`: one request and its response; either may end before the other one has.
- `Proxy`: a client's requests one after the other, and what it is told when something fails.

Octets that were received are not sent on as they came: they become events, which only exist if they
have one meaning, and events are written anew. What is changed in them is in `forwarding.py`,
connections and tunnels in `asyncio_peer.py`.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
from contextlib import suppress
from email.utils import formatdate
from http import HTTPStatus

import h11
from docs.examples.asyncio_peer import Peer, PeerError, Tunnel, abort
from docs.examples.forwarding import (
    Address,
    FailedError,
    forwarded_end,
    forwarded_interim,
    forwarded_request,
    forwarded_response,
    has_body,
    parse_authority,
    route,
    wants_trailers,
)
from h11_events import closes_connection, expects_100_continue

SLOTS = asyncio.Semaphore(1000)
"""As many clients at once."""
MAX_IDLE = 100
"""As many unused connections, to all upstreams together."""
IDLE_SECONDS = 4.0
"""For those: less than servers keep them open, which are often 5."""
CONNECT_SECONDS = 10.0
HEAD_SECONDS = 30.0
"""For a request to come, and to be there with its whole head."""
BODY_SECONDS = 30.0
"""For each next piece of a body."""
RESPONSE_SECONDS = 60.0
"""For each part of a response, once the request has been sent."""

REPEATABLE = frozenset({b"GET", b"HEAD", b"OPTIONS", b"TRACE", b"PUT", b"DELETE"})
"""The methods that do no harm if they come twice (RFC 9110 section 9.2.2)."""


class Pool:
    """Upstream connections on which nothing is under way."""

    def __init__(self) -> None:
        """Begin without any."""
        self._idle: dict[Address, dict[Peer, asyncio.TimerHandle]] = {}

    def take(self, address: Address) -> Peer | None:
        """Return the connection that was used last, and on which nothing has happened since."""
        while idle := self._idle.get(address):
            peer = next(reversed(idle))
            self._remove(address, peer)
            # What comes before a request is no response to it (RFC 9112 section 9.2).
            if peer.connection.is_idle and peer.failure is None:
                peer.has_spoken = False
                return peer
            abort(peer.transport)
        return None

    def put(self, address: Address, peer: Peer) -> None:
        """Keep a connection for a while if it can be used again; close it otherwise."""
        if peer.connection.is_reusable and sum(map(len, self._idle.values())) < MAX_IDLE:
            peer.connection.start_next_cycle()
            peer.read_on()
            loop = asyncio.get_running_loop()
            expiry = loop.call_later(IDLE_SECONDS, self._expire, address, peer)
            self._idle.setdefault(address, {})[peer] = expiry
        else:
            abort(peer.transport)

    def close(self) -> None:
        """Close all connections."""
        for address, idle in list(self._idle.items()):
            for peer in list(idle):
                self._expire(address, peer)

    def _expire(self, address: Address, peer: Peer) -> None:
        self._remove(address, peer)
        abort(peer.transport)

    def _remove(self, address: Address, peer: Peer) -> None:
        idle = self._idle[address]
        idle.pop(peer).cancel()
        if not idle:
            # Clients of a forward proxy can name any number of addresses.
            del self._idle[address]


async def connect(address: Address) -> Peer:
    """Return a new connection to an upstream."""
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            _, peer = await loop.create_connection(lambda: Peer(h11.CLIENT), *address)
    except TimeoutError:
        raise FailedError(504, "The upstream does not accept a connection in time") from None
    except (OSError, UnicodeError) as error:  # The latter for a name that can be none.
        number = getattr(error, "errno", None) or 0
        reason = os.strerror(number) if number > 0 else "Unknown host"
        raise FailedError(502, f"The upstream cannot be reached: {reason}") from None
    return peer


class Exchange:
    """One request and its response."""

    def __init__(self, client: Peer, request: h11.Request, upstream: Address | None) -> None:
        """Take a request of a client, which goes to `upstream`, if there is but one."""
        self.client = client
        self.request = request
        self.address, target, host = route(request, upstream)
        self.forwarded = forwarded_request(request, target, host)
        # Asked here, not of h11: to a client that waits for 100, other interim responses give no
        # leave.
        self.client_waits_for_leave = (
            request.http_version >= b"1.1"
            and has_body(request)
            and expects_100_continue(request.headers)
        )

    async def carry_out(self, pool: Pool) -> None:
        """Send the request on, and the response back; after a switch, until the tunnel ends."""
        if self.request.method == b"CONNECT":
            await self.open_tunnel()
            return
        if peer := pool.take(self.address):
            try:
                await self.attempt(peer, pool)
            except PeerError as error:
                if error.peer is not peer or not self.can_be_repeated(error):
                    raise
            else:
                return
        await self.attempt(await connect(self.address), pool)

    def can_be_repeated(self, error: PeerError) -> bool:
        """Return whether a failure may only say that the connection was no longer used.

        Its server may close it at any time, also when a request is on its way (RFC 9112 section
        9.3.1).
        """
        was_closed = not error.peer.has_spoken and not isinstance(error.cause, TimeoutError)
        return was_closed and self.request.method in REPEATABLE and not has_body(self.request)

    async def attempt(self, peer: Peer, pool: Pool) -> None:
        """Send request and response over a connection, which is kept if it can be used again."""
        peer.say(self.forwarded)
        peer.is_being_told()
        self.client.waiting = peer
        upload = asyncio.create_task(self.send_request(peer)) if has_body(self.request) else None
        try:
            if upload is None:
                await self.send_request(peer)
            await self.send_response(peer, upload)
        finally:
            self.client.waiting = None
            self.client.said_all()
            if upload is not None:
                upload.cancel()
                await asyncio.wait([upload])
            pool.put(self.address, peer)

    async def send_request(self, peer: Peer) -> None:
        """Send on what follows the head of the request, while it comes."""
        try:
            if self.client_waits_for_leave:
                self.client.is_being_told()
                peer.said_all()
            while self.client.connection.their_state is h11.SEND_BODY:
                event = await self.client.next_event(BODY_SECONDS, peer)
                self.expect_body(peer)
                if isinstance(event, h11.EndOfMessage):
                    event = forwarded_end(event, self.request)
                if isinstance(event, h11.Event):
                    peer.say(event)
            await peer.flush()
        except PeerError as error:
            peer.fail(error)  # It may have answered before; if not, this is what went wrong.
        peer.said_all()

    def expect_body(self, peer: Peer) -> None:
        """Wait for the client: it has leave to send its body now, or does without.

        Before, it was for the upstream to say something (RFC 9110 section 10.1.1).
        """
        if self.client_waits_for_leave:
            self.client_waits_for_leave = False
            peer.is_being_told()
            self.client.said_all()

    async def send_response(self, peer: Peer, upload: asyncio.Task[None] | None) -> None:
        """Send back the response while it comes, and what comes before it."""
        client, response = self.client, None
        while client.connection.our_state in {h11.SEND_RESPONSE, h11.SEND_BODY}:
            event = await peer.next_event(RESPONSE_SECONDS, client)
            if isinstance(event, h11.Data):
                client.say(event)
            elif isinstance(event, h11.Response):
                response = event
                client.say(forwarded_response(event, last=self.is_last(event)))
            elif isinstance(event, h11.EndOfMessage) and response is not None:
                if not wants_trailers(self.request):
                    event = h11.EndOfMessage()
                client.say(forwarded_end(event, response))
            elif isinstance(event, h11.InformationalResponse):
                forwarded = forwarded_interim(event)
                if event.status_code == 101:
                    await self.switch(peer, forwarded, upload)
                    return
                client.say(forwarded)
                if event.status_code == 100:
                    self.expect_body(peer)
        await client.flush()
        # Who has answered early may still read the rest, and both be ready for the next request.
        if upload and client.connection.our_state is peer.connection.their_state is h11.DONE:
            await upload

    def is_last(self, response: h11.Response) -> bool:
        """Return whether the connection of the client has to end with this response."""
        return self.client.connection.their_state is h11.SEND_BODY and (
            # It may send its body now, or not: nobody could tell where its next request begins.
            self.client_waits_for_leave
            # What is left of its body will be sent on to nobody.
            or closes_connection(response.headers)
            or response.http_version < b"1.1"
        )

    async def switch(
        self, peer: Peer, response: h11.InformationalResponse, upload: asyncio.Task[None] | None
    ) -> None:
        """Let both sides speak another protocol, once they have nothing left to say in this one."""
        if upload is not None:
            await upload
            if peer.failure is not None:
                raise peer.failure
        self.client.say(response)
        await self.client.flush()
        await Tunnel.join(self.client, peer)

    async def open_tunnel(self) -> None:
        """Connect the client with whom it wants to talk to (RFC 9110 section 9.3.6)."""
        peer = await connect(self.address)
        try:
            await self.client.next_event(HEAD_SECONDS)  # The end of the request.
            self.client.say(h11.Response(status_code=200, headers=[], reason="OK"))
            await self.client.flush()
            await Tunnel.join(self.client, peer)
        finally:
            abort(peer.transport)


class Proxy:
    """What serves all clients."""

    def __init__(self, upstream: Address | None) -> None:
        """Send all requests to `upstream`, or each to where it says."""
        self.upstream = upstream
        self.pool = Pool()

    async def serve(self, client: Peer) -> None:
        """Serve one client, unless there are too many of them already."""
        try:
            if SLOTS.locked():
                await self.refuse(client, b"", FailedError(503, "There are too many clients"))
            else:
                async with SLOTS:
                    await self.converse(client)
        finally:
            abort(client.transport)

    async def converse(self, client: Peer) -> None:
        """Carry out one request after the other, until one side wants to end the connection."""
        connection, method = client.connection, b""
        try:
            while isinstance(event := await client.next_event(HEAD_SECONDS), h11.Request):
                method = event.method
                await Exchange(client, event, self.upstream).carry_out(self.pool)
                if connection.our_state is h11.SWITCHED_PROTOCOL:
                    return
                if not connection.is_reusable:
                    break
                connection.start_next_cycle()
                method = b""
            await client.close()
        except FailedError as error:
            await self.refuse(client, method, error)
        except PeerError as error:
            if method or connection.trailing_data[0] or connection.their_state is h11.ERROR:
                await self.refuse(client, method, failed_by(error))
            else:  # To a client that has asked for nothing, nothing is said.
                await client.close()
        except Exception:
            logging.exception("the proxy has failed")
            await self.refuse(client, method, FailedError(500, "The proxy has failed"))

    async def refuse(self, client: Peer, method: bytes, error: FailedError) -> None:
        """Answer with an error, if it is not too late for an answer, and end the connection."""
        if client.connection.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
            reason, body = HTTPStatus(error.status).phrase, f"{error}\n".encode()
            fields = [
                ("Date", formatdate(usegmt=True)),
                ("Content-Type", "text/plain; charset=utf-8"),
                ("Content-Length", str(len(body))),
                ("Connection", "close"),
            ]
            client.say(h11.Response(status_code=error.status, headers=fields, reason=reason))
            if method != b"HEAD":
                client.say(h11.Data(data=body))
            client.say(h11.EndOfMessage())
        elif client.connection.our_state not in {h11.DONE, h11.MUST_CLOSE}:
            client.break_off()
        await client.close()

    async def listen(self, host: str, port: int) -> asyncio.Server:
        """Begin to serve clients."""

        def accept() -> Peer:
            """Return what asyncio gives a new connection to."""
            return Peer(h11.SERVER, self.serve)

        return await asyncio.get_running_loop().create_server(accept, host, port)

    async def run(self, host: str, port: int) -> None:
        """Serve clients until cancelled."""
        server = await self.listen(host, port)
        address, bound = server.sockets[0].getsockname()[:2]
        shown = f"[{address}]" if ":" in address else address
        print(f"Listening on http://{shown}:{bound}", flush=True)
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            server.close()
            self.pool.close()


def failed_by(error: PeerError) -> FailedError:
    """Return what the client is told if a peer has failed."""
    late = isinstance(error.cause, TimeoutError)
    if error.peer.connection.our_role is h11.CLIENT:
        return FailedError(504 if late else 502, f"The upstream has failed: {error}")
    if isinstance(error.cause, h11.RemoteProtocolError):
        return FailedError(error.cause.error_status_hint, str(error))
    return FailedError(408 if late else 400, str(error))


def main() -> None:
    """Run the program."""
    parser = argparse.ArgumentParser(description="Pass HTTP/1.1 on, with asyncio and h11.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument(
        "--upstream",
        metavar="HOST:PORT",
        help="where all requests go (default: where each of them says)",
    )
    arguments = parser.parse_args()
    upstream = None
    if arguments.upstream:
        try:
            upstream = parse_authority(arguments.upstream.encode(), 80)
        except FailedError as error:
            parser.error(str(error))
    with suppress(KeyboardInterrupt):
        asyncio.run(Proxy(upstream).run(arguments.host, arguments.port))


if __name__ == "__main__":
    main()
