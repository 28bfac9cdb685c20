"""A blocking HTTP/1.1 server over `h11.Connection`, with a thread for each connection.

In: connections of clients that others wrote. Out: answers by request target, and for each
connection a `Report` of what the server saw. It closes in stages, as RFC 9112 section 9.6 asks.
"""

import contextlib
import hashlib
import json
import queue
import socket
import socketserver
import sys
from collections.abc import Callable
from dataclasses import dataclass

import h11
from tests.integration.payload import BODY, body_in_pieces
from tests.integration.sockets import READ_SIZE, TIMEOUT


@dataclass(frozen=True)
class Report:
    """How one connection went, from the server's side."""

    events: list[h11.Event]
    error: h11.RemoteProtocolError | None
    client_state: object
    server_state: object


class Session(socketserver.BaseRequestHandler):
    """One connection with a client, from its first request to its last."""

    request: socket.socket
    server: "Server"

    def setup(self) -> None:
        """Begin in the state before the first request."""
        self.request.settimeout(TIMEOUT)
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.connection = h11.Connection(h11.SERVER)
        self.events: list[h11.Event] = []
        self.error: h11.RemoteProtocolError | None = None

    def handle(self) -> None:
        """Answer requests for as long as the connection can carry another one."""
        try:
            while isinstance(request := self.next_event(), h11.Request):
                ANSWERS.get(request.target.partition(b"?")[0], answer_unknown)(self, request)
                if self.connection.our_state is h11.SWITCHED_PROTOCOL:
                    self.enter_tunnel()
                elif self.connection.our_state is h11.DONE:
                    self.connection.start_next_cycle()
                else:
                    break
        except h11.RemoteProtocolError as error:
            self.error = error
            self.answer_error(error)

    def finish(self) -> None:
        """Report, tell the client that no more will come, and wait until it has closed, too."""
        states = self.connection.states
        self.server.reports.put(
            Report(self.events, self.error, states[h11.CLIENT], states[h11.SERVER])
        )
        with contextlib.suppress(OSError):
            self.request.shutdown(socket.SHUT_WR)
            while self.request.recv(READ_SIZE):
                pass

    def next_event(self) -> h11.Event | type[h11.PAUSED]:
        """Return what comes next from the client, having waited for it where necessary."""
        while True:
            event = self.connection.next_event()
            if isinstance(event, h11.Event):
                self.events.append(event)
            if event is not h11.NEED_DATA:
                return event
            if self.connection.they_are_waiting_for_100_continue:
                self.send(h11.InformationalResponse(status_code=100, headers=[]))
            self.connection.receive_data(self.receive())

    def receive(self) -> bytes:
        """Return what has arrived, and nothing once the client is gone."""
        try:
            return self.request.recv(READ_SIZE)
        except ConnectionResetError:
            return b""

    def read_body(self) -> tuple[bytes, h11.EndOfMessage]:
        """Return the content of the present request and the end of its message."""
        body = bytearray()
        while isinstance(event := self.next_event(), h11.Data):
            body += event.data
        assert isinstance(event, h11.EndOfMessage), event
        return bytes(body), event

    def send(self, event: h11.Event) -> None:
        """Send the bytes of `event`."""
        data = self.connection.send(event)
        if data:
            self.request.sendall(data)

    def respond(
        self, status: int, body: bytes = b"", *, close: bool = False, framed: bool = True
    ) -> None:
        """Send a whole response to the present request.

        Args:
            status: The status code.
            body: The content.
            close: Whether the response announces that it is the last one.
            framed: Whether the response tells the length of its body.
        """
        headers = [("Content-Length", str(len(body)))] if framed else []
        if close:
            headers.append(("Connection", "close"))
        self.send(h11.Response(status_code=status, headers=headers))
        if body:
            self.send(h11.Data(data=body))
        self.send(h11.EndOfMessage())

    def answer_error(self, error: h11.RemoteProtocolError) -> None:
        """Tell the client what was wrong, if that can still be said and somebody is there."""
        if self.connection.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
            with contextlib.suppress(ConnectionError):
                self.respond(error.error_status_hint, close=True)

    def enter_tunnel(self) -> None:
        """Speak HTTP anew inside a tunnel, beginning with what has arrived already."""
        data, closed = self.connection.trailing_data
        self.connection = h11.Connection(h11.SERVER)
        if data:
            self.connection.receive_data(data)
        if closed:
            self.connection.receive_data(b"")


def answer_hello(session: Session, request: h11.Request) -> None:
    """Greet; to HEAD without a body."""
    session.read_body()
    session.send(h11.Response(status_code=200, headers=[("Content-Length", "5")], reason="OK"))
    if request.method != b"HEAD":
        session.send(h11.Data(data=b"hello"))
    session.send(h11.EndOfMessage())


def answer_digest(session: Session, request: h11.Request) -> None:
    """Tell how a body was framed, its trailers, its length and its hash."""
    body, end = session.read_body()
    fields = dict(request.headers)
    framing = fields.get(b"transfer-encoding") or fields.get(b"content-length", b"")
    report = {
        "framing": framing.decode(),
        "trailers": [[name.decode(), value.decode()] for name, value in end.headers],
        "length": len(body),
        "sha256": hashlib.sha256(body).hexdigest(),
    }
    session.respond(200, json.dumps(report).encode())


def answer_parts(session: Session, request: h11.Request) -> None:
    """Send parts of a body whose length is not told, and a trailer where there can be one."""
    session.read_body()
    session.send(h11.Response(status_code=200, headers=[]))
    trailers: list[tuple[str, str]] = []
    if request.method != b"HEAD":
        for part in (b"one, ", b"two, ", b"three"):
            session.send(h11.Data(data=part))
        if request.http_version == b"1.1":
            trailers.append(("Parts", "3"))
    session.send(h11.EndOfMessage(headers=trailers))


def answer_large(session: Session, _: h11.Request) -> None:
    """Send the large body in pieces, under its length."""
    session.read_body()
    headers = [("Content-Length", str(len(BODY)))]
    session.send(h11.Response(status_code=200, headers=headers))
    for piece in body_in_pieces():
        session.send(h11.Data(data=piece))
    session.send(h11.EndOfMessage())


def answer_port(session: Session, _: h11.Request) -> None:
    """Tell the client's port, which is the same for as long as the connection is."""
    session.read_body()
    session.respond(200, str(session.client_address[1]).encode())


def answer_nothing(session: Session, _: h11.Request) -> None:
    """Answer 204, which has no body."""
    session.read_body()
    session.respond(204, framed=False)


def answer_last(session: Session, _: h11.Request) -> None:
    """Answer, and announce that this was the last answer."""
    session.read_body()
    session.respond(200, b"goodbye", close=True)


def answer_after_close(session: Session, _: h11.Request) -> None:
    """Answer only when the client has closed its side."""
    session.read_body()
    assert isinstance(session.next_event(), h11.ConnectionClosed)
    session.respond(200, b"at last")


def answer_refused(session: Session, _: h11.Request) -> None:
    """Answer 403 without having read the body."""
    session.respond(403, close=True)


def answer_unknown(session: Session, request: h11.Request) -> None:
    """Open a tunnel to the one host that there is, and find nothing at every other target."""
    session.read_body()
    if request.method == b"CONNECT" and request.target == b"inside.test:80":
        session.send(h11.Response(status_code=200, headers=[]))
    else:
        session.respond(404)


ANSWERS: dict[bytes, Callable[[Session, h11.Request], None]] = {
    b"/hello": answer_hello,
    b"/digest": answer_digest,
    b"/parts": answer_parts,
    b"/large": answer_large,
    b"/port": answer_port,
    b"/nothing": answer_nothing,
    b"/last": answer_last,
    b"/after-close": answer_after_close,
    b"/refused": answer_refused,
}


class Server(socketserver.ThreadingTCPServer):
    """A server on a free port, which waits for its sessions when it is closed."""

    allow_reuse_address = True

    def __init__(self) -> None:
        """Listen, with nothing reported."""
        super().__init__(("127.0.0.1", 0), Session)
        self.reports: queue.SimpleQueue[Report] = queue.SimpleQueue()
        self.failures: list[BaseException] = []

    def handle_error(self, *_: object) -> None:
        """Keep what went wrong in a session, for the test to fail with."""
        failure = sys.exception()
        if failure is not None:
            self.failures.append(failure)

    def next_report(self) -> Report:
        """Return the report of the connection that ended next."""
        return self.reports.get(timeout=TIMEOUT)
