"""The sketch for a "push" strategy in the section "Flow control", run on a transport of memory.

The class `HTTPProtocol` is that of the reference, with types.
"""

import asyncio
from typing import Any

import pytest

import h11
from h11 import SERVER, Connection, Data, EndOfMessage, Event, InformationalResponse, Request
from tests.h11.conversations import CLOSED_EVENT, END, GET_HEAD, length, request, response


class MemoryTransport(asyncio.Transport):
    """A transport that keeps what is written, and delivers what was given to it unless paused."""

    def __init__(self, piece: int) -> None:
        """Make a transport.

        Args:
            piece: The most bytes that it delivers at once.
        """
        super().__init__()
        self.written = b""
        self.calls: list[str] = []
        self._piece = piece
        self._reading = True
        self._undelivered = b""

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        """Connect a protocol."""
        assert isinstance(protocol, asyncio.Protocol)
        self._protocol = protocol
        protocol.connection_made(self)

    def write(self, data: Any) -> None:
        """Take bytes from the protocol."""
        self.written += data

    def pause_reading(self) -> None:
        """Deliver nothing until further notice."""
        self.calls.append("pause")
        self._reading = False

    def resume_reading(self) -> None:
        """Deliver again."""
        self.calls.append("resume")
        self._reading = True
        self.deliver()

    def deliver(self, data: bytes = b"") -> None:
        """Deliver bytes that have come from the network, as long as reading is not paused."""
        self._undelivered += data
        while self._reading and self._undelivered:
            piece, self._undelivered = (
                self._undelivered[: self._piece],
                self._undelivered[self._piece :],
            )
            self._protocol.data_received(piece)

    @property
    def undelivered(self) -> int:
        """Return how many bytes are held back."""
        return len(self._undelivered)


class HTTPProtocol(asyncio.Protocol):
    """A server's side of a connection, driven by the network."""

    def __init__(self) -> None:
        """Begin the connection."""
        self.conn = Connection(our_role=SERVER)
        self.events: list[Event] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Save the transport for later: it is needed for back-pressure."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def _deliver_events(self) -> None:
        """Deliver all pending events."""
        while True:
            event = self.conn.next_event()
            if event is h11.NEED_DATA:
                break
            if event is h11.PAUSED:
                self._transport.pause_reading()
                break
            self.event_received(event)
            if type(event) is h11.ConnectionClosed:
                break

    def data_received(self, data: bytes) -> None:
        """Take new data from the network."""
        self.conn.receive_data(data)
        self._deliver_events()

    def eof_received(self) -> bool:
        """Take note that the peer has closed; True keeps our half open."""
        self.conn.receive_data(b"")
        self._deliver_events()
        return True

    def start_next_cycle(self) -> None:
        """Begin a new cycle; events may have been waiting for it."""
        self.conn.start_next_cycle()
        self._deliver_events()
        self._transport.resume_reading()

    def event_received(self, event: Event) -> None:
        """Take note of an event."""
        self.events.append(event)

    def send(self, *events: Event) -> None:
        """Send events."""
        for event in events:
            self._transport.write(self.conn.send(event) or b"")


class EagerServer(HTTPProtocol):
    """A server that answers as soon as it has got a request."""

    def event_received(self, event: Event) -> None:
        """Take note of an event; when a message is complete, answer it and begin the next cycle."""
        super().event_received(event)
        if isinstance(event, Request) and self.conn.they_are_waiting_for_100_continue:
            self.send(InformationalResponse(status_code=100, headers=[]))
        if isinstance(event, EndOfMessage):
            self.send(response(length(2)), Data(data=b"ok"), END)
            asyncio.get_running_loop().call_soon(self.start_next_cycle)


def connected(protocol: HTTPProtocol, piece: int) -> MemoryTransport:
    """Return a transport with the protocol connected to it."""
    transport = MemoryTransport(piece)
    transport.set_protocol(protocol)
    return transport


in_pieces = pytest.mark.parametrize("piece", [1, 10, 65536])


@in_pieces
def test_events_are_delivered_as_they_arrive(piece: int) -> None:
    """Whatever the network gives becomes events at once."""
    protocol = HTTPProtocol()
    transport = connected(protocol, piece)
    transport.deliver(GET_HEAD)
    assert protocol.events == [request(), END]
    assert transport.calls == []


@pytest.mark.parametrize(("piece", "read_ahead"), [(1, 1), (10, 3)])
def test_back_pressure_while_paused(piece: int, read_ahead: int) -> None:
    """Reading stops as soon as a second request begins to arrive, until the next cycle begins."""
    protocol = HTTPProtocol()
    transport = connected(protocol, piece)
    transport.deliver(GET_HEAD * 2)
    assert transport.calls == ["pause"]
    transport.deliver(GET_HEAD)
    assert protocol.events == [request(), END]
    assert protocol.conn.trailing_data == (GET_HEAD[:read_ahead], False)
    assert transport.undelivered == len(GET_HEAD) * 2 - read_ahead

    protocol.send(response(length(0)), END)
    protocol.start_next_cycle()
    assert transport.calls == ["pause", "resume", "pause"]
    assert protocol.events == [request(), END] * 2

    protocol.send(response(length(0)), END)
    protocol.start_next_cycle()
    assert transport.calls == ["pause", "resume", "pause", "resume"]
    assert protocol.events == [request(), END] * 3
    assert transport.undelivered == 0


def test_events_that_were_buffered_are_delivered_with_the_next_cycle() -> None:
    """A whole request that came ahead of its turn needs no further read."""
    protocol = HTTPProtocol()
    transport = connected(protocol, 65536)
    transport.deliver(GET_HEAD * 2)
    assert protocol.events == [request(), END]
    protocol.send(response(length(0)), END)
    protocol.start_next_cycle()
    assert protocol.events == [request(), END] * 2


@in_pieces
def test_a_peer_that_closes_is_noticed(piece: int) -> None:
    """The end of the stream becomes an event, and our half of the connection stays open."""
    protocol = HTTPProtocol()
    transport = connected(protocol, piece)
    transport.deliver(GET_HEAD)
    assert protocol.eof_received() is True
    assert protocol.events == [request(), END, CLOSED_EVENT]
    protocol.send(response(length(0)), END)
    assert transport.written == b"HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n"


@in_pieces
def test_a_server_in_an_event_loop(piece: int) -> None:
    """In a loop that runs, pipelined requests are answered in order, 100 Continue included."""
    asked = b"PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\nabc"

    async def serve() -> tuple[EagerServer, MemoryTransport]:
        """Deliver three requests at once, and let the loop run until all is quiet."""
        protocol = EagerServer()
        transport = connected(protocol, piece)
        transport.deliver(asked * 3)
        for _ in range(10):
            await asyncio.sleep(0)
        return protocol, transport

    protocol, transport = asyncio.run(serve())
    assert [type(event) for event in protocol.events if type(event) is not Data] == [
        *(Request, EndOfMessage) * 3
    ]
    assert transport.undelivered == 0
    final = b"HTTP/1.1 200 \r\nContent-Length: 2\r\n\r\nok"
    assert transport.written.count(b"HTTP/1.1 100 \r\n\r\n") == 3
    assert transport.written.replace(b"HTTP/1.1 100 \r\n\r\n", b"") == final * 3
