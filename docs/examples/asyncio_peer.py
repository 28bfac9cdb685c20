"""One connection on asyncio, whichever side of it is ours: events come out, and events go in.

In: a role, and what the transport receives. Out: `Peer`, for everybody who has more than one
connection to look after, such as a proxy; and `Tunnel`, for when HTTP is over.

No more is read than is asked for, and writing waits for a peer that reads slowly: nobody fills the
memory. What was received before a connection broke can still be read.
"""

from __future__ import annotations

import asyncio
import math
import socket
import struct
from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast

import h11

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

MAX_HEAD = 16 * 1024
MAX_UNREAD = 64 * 1024
"""So much is read ahead, and a single read on top."""
WRITE_SECONDS = 30.0
"""For a peer to take most of what was sent."""
CLOSE_SECONDS = 10.0
"""For a client that has taken the last response to close after us."""
TUNNEL_SECONDS = 600.0
"""For the next octet in a tunnel, of whichever end."""
EVENTS_AT_ONCE = 100
"""So many events of one connection, and then others want to be served, too."""

# Control octets in a response would be let through to us, but not to whoever gets them from us.
TOLERATE = {h11.SERVER: None, h11.CLIENT: h11.Tolerance.RESPONSES & ~h11.Tolerance.CONTROL_OCTETS}


class PeerError(Exception):
    """A peer breaks the protocol, takes too long, or is gone."""

    def __init__(self, peer: Peer, cause: Exception) -> None:
        """Tell who it is, and what is wrong."""
        super().__init__(str(cause) or type(cause).__name__)
        self.peer = peer
        self.cause = cause


class Peer(asyncio.Protocol):
    """One connection: what the peer says, and what it is told."""

    transport: asyncio.Transport

    def __init__(
        self,
        role: type[h11.CLIENT | h11.SERVER],
        serve: Callable[[Peer], Coroutine[Any, Any, None]] | None = None,
    ) -> None:
        """Take a role; with `serve`, a task of its own begins with the connection."""
        limits = h11.Limits(head_size=MAX_HEAD)
        self.connection = h11.Connection(role, limits=limits, tolerate=TOLERATE[role])
        self.failure: PeerError | None = None
        self.busy_until = 0.0
        """No answer is due before; infinite as long as the peer is still being told something."""
        self.has_spoken = False
        """Whether anything has come since somebody has set this back."""
        self.waiting: Peer | None = None
        """On whom this peer waits: not any more if it is gone."""
        self._serve = serve
        self._unread = 0  # Octets that came since h11 has last asked for more.
        self._events = 0
        self._discards = False
        self._is_full = False
        self._more: asyncio.Future[None] | None = None
        self._room: asyncio.Future[None] | None = None
        self._lost = asyncio.Event()
        self._out: list[bytes] = []

    # What asyncio calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self.transport = cast("asyncio.Transport", transport)
        if self._serve is not None:
            self._task = asyncio.get_running_loop().create_task(self._serve(self))

    def data_received(self, data: bytes) -> None:
        """Hand octets to h11, and stop reading when there are more than anybody asks for."""
        self.has_spoken = True
        if self._discards:
            return
        self.connection.receive_data(data)
        self._unread += len(data)
        if self._unread > MAX_UNREAD:
            self.transport.pause_reading()
        wake(self._more)

    def eof_received(self) -> bool:
        """Hand the end to h11; the other direction stays open."""
        self.connection.receive_data(b"")
        self._unread += 1
        wake(self._more)
        return True

    def connection_lost(self, error: Exception | None) -> None:
        """Tell whoever waits, after what was received before."""
        self.fail(PeerError(self, error or ConnectionAbortedError("the connection is closed")))
        self._lost.set()

    def pause_writing(self) -> None:
        """Let whoever writes wait."""
        self._is_full = True

    def resume_writing(self) -> None:
        """Let whoever writes go on."""
        self._is_full = False
        wake(self._room)

    # What the rest of the program calls.

    def fail(self, failure: PeerError) -> None:
        """End all waiting for this peer, for a reason of which the first counts."""
        self.failure = self.failure or failure
        wake(self._more)
        wake(self._room)
        if self.waiting is not None:
            self.waiting.fail(failure)

    def is_being_told(self) -> None:
        """Wait for no answer until all is said."""
        self.busy_until = math.inf
        wake(self._more)

    def said_all(self) -> None:
        """Wait for an answer from now on, and only so long."""
        self.busy_until = asyncio.get_running_loop().time()
        wake(self._more)

    async def next_event(
        self, seconds: float, other: Peer | None = None
    ) -> h11.Event | type[h11.PAUSED]:
        """Return what the peer says next, for which it has some seconds.

        Before anything is waited for, what `other` has been told goes out.
        """
        started = -math.inf
        while True:
            try:
                event = self.connection.next_event()
            except h11.RemoteProtocolError as error:
                raise PeerError(self, error) from error
            if event is not h11.NEED_DATA:
                self._events += 1
                if self._events % EVENTS_AT_ONCE == 0:
                    await asyncio.sleep(0)
                return event
            self._unread = 0
            if other is not None:
                await other.flush()
            if self._unread:
                continue
            if self.failure is not None:
                raise self.failure
            self.transport.resume_reading()
            loop = asyncio.get_running_loop()
            started = loop.time() if started < 0 else started
            self._more = loop.create_future()
            await self._wait(self._more, max(started, self.busy_until) + seconds)

    def read_on(self) -> None:
        """Read though nobody asks for it, so that an end, or octets out of turn, are noticed."""
        self._unread = 0
        self.transport.resume_reading()

    def say(self, event: h11.Event) -> None:
        """Put an event among what goes out with the next `flush()`."""
        self._out += self.connection.send_with_data_passthrough(event) or ()

    async def flush(self) -> None:
        """Send what was said, and wait until the peer has taken most of it."""
        if self.failure is not None:
            raise self.failure
        if self._out:
            # Not writelines(), which never pauses in some releases of Python (CVE-2024-12254).
            self.transport.write(b"".join(self._out))
            self._out = []
        while self._is_full:
            loop = asyncio.get_running_loop()
            self._room = loop.create_future()
            await self._wait(self._room, loop.time() + WRITE_SECONDS)
            if self.failure is not None:
                raise self.failure

    async def _wait(self, future: asyncio.Future[None], deadline: float) -> None:
        try:
            async with asyncio.timeout_at(deadline):
                await future
        except TimeoutError:
            if future.cancelled():  # Else it has come, though late.
                raise PeerError(self, TimeoutError("nothing has come in time")) from None

    async def close(self) -> None:
        """Close in stages, so that the last response is not lost (RFC 9112 section 9.6)."""
        self._discards = True
        # Behind nothing: an end that asyncio passes on later fails where nobody can catch it.
        self.transport.set_write_buffer_limits(0)
        with suppress(PeerError, OSError):
            await self.flush()
            if self.transport.can_write_eof():  # Not in TLS.
                self.transport.write_eof()
            self.transport.resume_reading()
            loop = asyncio.get_running_loop()
            deadline = loop.time() + CLOSE_SECONDS
            while self.failure is None and not self.connection.trailing_data[1]:
                self._more = loop.create_future()
                await self._wait(self._more, deadline)
        self.transport.close()
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_SECONDS):
                await self._lost.wait()
        abort(self.transport)

    def break_off(self) -> None:
        """Reset: by an orderly end half a message could look like a whole one to HTTP/1.0."""
        self.transport.write(b"".join(self._out))
        self._out = []
        reset(self.transport)


def wake(future: asyncio.Future[None] | None) -> None:
    """Let whoever waits for a future go on, if anybody does."""
    if future is not None and not future.done():
        future.set_result(None)


def reset(transport: asyncio.Transport) -> None:
    """End a connection so that the peer knows that something is missing."""
    at_once = struct.pack("ii", 1, 0)
    with suppress(OSError):
        connected = transport.get_extra_info("socket")
        connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
    abort(transport)


def abort(transport: asyncio.Transport) -> None:
    """End a connection at once, if it has not ended yet."""
    # asyncio raises this if the last octets have gone out since close() was called.
    with suppress(AttributeError):
        transport.abort()


class Tunnel(asyncio.Protocol):
    """One end of a tunnel: what comes in here goes out at the other end, and so do ends."""

    other: Tunnel

    def __init__(self, peer: Peer) -> None:
        """Take over the connection of a peer, to which nothing is left to be said in HTTP."""
        self.transport = peer.transport
        self.lost = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._heard_at = self._loop.time()
        self._limit: asyncio.TimerHandle | None = None
        self._began_with = peer.connection.trailing_data
        self._has_ended = False

    @classmethod
    async def join(cls, one: Peer, other: Peer) -> None:
        """Connect two peers until both are gone; what they have sent already comes first."""
        ends = cls(one), cls(other)
        ends[0].other, ends[1].other = reversed(ends)
        for end, peer in zip(ends, (one, other), strict=True):
            end.transport.set_protocol(end)
            if peer.failure is not None:
                end.connection_lost(peer.failure)
            # Not later: what is passed on next may be so much that no more is to be read.
            end.transport.resume_reading()
        for end in ends:
            octets, closed = end._began_with
            end.data_received(octets)
            if closed:
                end.eof_received()
        for end in ends:
            await end._wait()

    async def _wait(self) -> None:
        """Wait until this end is gone, or nothing has come at either end for too long."""
        while not self.lost.is_set():
            silent_since = max(self._heard_at, self.other._heard_at)
            try:
                async with asyncio.timeout_at(silent_since + TUNNEL_SECONDS):
                    await self.lost.wait()
            except TimeoutError:
                if silent_since == max(self._heard_at, self.other._heard_at):
                    reset(self.transport)
                    reset(self.other.transport)
                    return

    def data_received(self, data: bytes) -> None:
        """Pass octets on."""
        self._heard_at = self._loop.time()
        self.other.transport.write(data)

    def eof_received(self) -> bool:
        """Pass the end of this direction on; the other one stays open until it ends as well."""
        self._has_ended = True
        self.other._write_end()
        if self.other._has_ended:
            self._close()
            self.other._close()
        return True

    def pause_writing(self) -> None:
        """Read no more from the other end than this one takes."""
        self.other.transport.pause_reading()

    def resume_writing(self) -> None:
        """Read on, or pass on that there is nothing more to be read."""
        if self.other._has_ended:
            # Not now: whoever calls this would do it again.
            self._loop.call_soon(self._write_end)
        else:
            self.other.transport.resume_reading()

    def _write_end(self) -> None:
        """Say at this end that the other one has ended, once all before it has gone out."""
        self.transport.set_write_buffer_limits(0)
        if self.transport.get_write_buffer_size():
            return
        try:
            self.transport.write_eof()
        except OSError:
            # This end is gone already, which asyncio will say later.
            reset(self.transport)
            reset(self.other.transport)

    def connection_lost(self, error: Exception | None) -> None:
        """End the other end alike: with what is still under way, or by a reset."""
        self.lost.set()
        if self._limit is not None:
            self._limit.cancel()
        if error is None:
            self.other._close()
        else:
            reset(self.other.transport)

    def _close(self) -> None:
        """Close once all has gone out, for which there is only so much time."""
        self.transport.close()
        if self._limit is None and not self.lost.is_set():
            self._limit = self._loop.call_later(WRITE_SECONDS, reset, self.transport)
