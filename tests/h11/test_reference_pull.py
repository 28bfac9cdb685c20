"""The sketch for a "pull" strategy in the section "Flow control", run over a network of memory.

The function `get_next_event` is that of the reference, made into a class for the sake of types.
"""

import pytest

import h11
from h11 import (
    CLIENT,
    SERVER,
    Connection,
    Data,
    EndOfMessage,
    Event,
    InformationalResponse,
    Request,
    Response,
)
from h11_statemachine import Role
from tests.h11.conversations import (
    CHUNKED,
    END,
    EXPECTING,
    GET_HEAD,
    data_of,
    length,
    request,
    response,
)
from tests.h11.memory import DeadlockError, MemorySocket, socket_pair

in_pieces = pytest.mark.parametrize("piece", [1, 7, 65536])


class Puller:
    """One side of a conversation that asks for events when it is ready for them."""

    def __init__(self, role: Role, socket: MemorySocket) -> None:
        """Begin a connection over a socket."""
        self.conn = Connection(our_role=role)
        self.socket = socket

    def do_sendall(self, event: Event) -> None:
        """Send an event over the socket."""
        data = self.conn.send(event)
        if data is None:
            self.socket.shutdown()
        else:
            self.socket.sendall(data)

    def get_next_event(self) -> Event | type[h11.PAUSED]:
        """Return the next event, reading as much as it takes."""
        while True:
            event = self.conn.next_event()
            if event is h11.NEED_DATA:
                if self.conn.they_are_waiting_for_100_continue:
                    self.do_sendall(InformationalResponse(status_code=100, headers=[]))
                self.conn.receive_data(self.socket.recv())
                continue
            return event

    def get_message(self) -> list[Event]:
        """Return the events up to the end of a message, and not further."""
        events: list[Event] = []
        while not events or type(events[-1]) is not EndOfMessage:
            event = self.get_next_event()
            assert event is not h11.PAUSED
            events.append(event)
        return events


class EchoServer(Puller):
    """A server that answers every request with its body."""

    def serve(self) -> None:
        """Answer one request, and begin the next cycle, or close."""
        body = data_of(self.get_message())
        self.do_sendall(response(length(len(body))))
        self.do_sendall(Data(data=body))
        self.do_sendall(END)
        if self.conn.our_state is h11.MUST_CLOSE:
            self.do_sendall(h11.ConnectionClosed())
        else:
            self.conn.start_next_cycle()


def conversation(piece: int) -> tuple[Puller, EchoServer]:
    """Return a client and a server that works whenever the client waits for it."""
    near, far = socket_pair(piece)
    answering = EchoServer(SERVER, far)
    near.run_peer = answering.serve
    return Puller(CLIENT, near), answering


@in_pieces
def test_pulling_several_cycles(piece: int) -> None:
    """Client and server hold a conversation, one cycle after the other."""
    asking, _ = conversation(piece)
    for number in range(3):
        body = b"%d" % number * 100
        for event in (request(CHUNKED, method="PUT"), Data(data=body), END):
            asking.do_sendall(event)
        events = asking.get_message()
        assert isinstance(events[0], Response)
        assert data_of(events) == body
        asking.conn.start_next_cycle()


@in_pieces
def test_pulling_from_a_client_that_waits_for_100_continue(piece: int) -> None:
    """The check before the read prevents that both sides wait for each other."""
    near, far = socket_pair(piece)
    asking, answering = Puller(CLIENT, near), EchoServer(SERVER, far)
    asking.do_sendall(request(EXPECTING, length(5), method="PUT"))

    def send_body_after_100_continue() -> None:
        """Do what a client does that waits: send the body once it was told to."""
        assert asking.conn.client_is_waiting_for_100_continue
        event = asking.get_next_event()
        assert isinstance(event, InformationalResponse)
        assert event.status_code == 100
        asking.do_sendall(Data(data=b"hello"))
        asking.do_sendall(END)

    far.run_peer = send_body_after_100_continue
    answering.serve()
    assert data_of(asking.get_message()) == b"hello"


def test_without_the_check_both_would_wait_for_ever() -> None:
    """A server that reads the body without the check never gets any."""
    near, far = socket_pair(65536)
    asking = Puller(CLIENT, near)
    asking.do_sendall(request(EXPECTING, length(5), method="PUT"))
    connection = Connection(our_role=SERVER)
    connection.receive_data(far.recv())
    assert isinstance(connection.next_event(), Request)
    assert connection.next_event() is h11.NEED_DATA
    with pytest.raises(DeadlockError):
        far.recv()


@in_pieces
def test_pulling_from_a_pipelining_client(piece: int) -> None:
    """Requests that came together are answered one by one, and then the end is read."""
    near, far = socket_pair(piece)
    answering = EchoServer(SERVER, far)
    near.sendall(GET_HEAD * 2)
    near.shutdown()
    answering.serve()
    answering.serve()
    assert far.sent == b"HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n" * 2
    assert answering.get_next_event() == h11.ConnectionClosed()


def test_pulling_at_an_inappropriate_time_gives_paused() -> None:
    """When a second request has come already, there is no event before the first is answered."""
    near, far = socket_pair(65536)
    answering = Puller(SERVER, far)
    near.sendall(GET_HEAD * 2)
    answering.get_message()
    assert answering.get_next_event() is h11.PAUSED


@in_pieces
def test_pulling_until_the_connection_is_closed(piece: int) -> None:
    """A server that must close does so, and the client sees it."""
    asking, answering = conversation(piece)
    asking.do_sendall(request(("Connection", "close")))
    asking.do_sendall(END)
    asking.get_message()
    assert asking.conn.our_state is h11.MUST_CLOSE
    assert asking.get_next_event() == h11.ConnectionClosed()
    assert answering.conn.our_state is h11.CLOSED
