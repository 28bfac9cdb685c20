"""A server and a client hold a conversation over loopback sockets, and say what they see.

In: nothing. Out: every event, with the states of both sides after it, act by act, on standard
output; exit code 0 if the conversation went as it should, otherwise 1 and what was expected.

Run it with `hatch run demo`, or with `python docs/examples/conversation.py` where h11 is installed.
Read it from top to bottom: one end of a connection, the server, the client, the printing.
"""

from __future__ import annotations

import hashlib
import os
import socket
import sys
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from itertools import count
from typing import Generic, NamedTuple, TypeVar

import h11

TIMEOUT = 10.0
"""Seconds after which a side that waits for the other gives up."""

Head = TypeVar("Head", h11.Request, h11.Response)
Pairs = Iterable[tuple[bytes, bytes]]


class ConversationError(Exception):
    """The conversation did not go as it should."""


class Message(NamedTuple, Generic[Head]):
    """A whole message: its head, its body, its trailer section."""

    head: Head
    body: bytes
    trailers: list[tuple[bytes, bytes]]


# One end of a connection, whichever role it plays.


class Peer:
    """A socket, and an h11.Connection that understands what it carries."""

    def __init__(self, role: type[h11.CLIENT | h11.SERVER], sock: socket.socket, log: Log) -> None:
        """Play `role` on a connected socket, and write down in `log` what happens."""
        self.connection = h11.Connection(our_role=role)
        self.log = log
        self._outward, self._inward = ("->", "<-") if role is h11.CLIENT else ("<-", "->")
        self._socket = sock
        self._unsent = bytearray()

    def send(self, event: h11.Event) -> None:
        """Send an event; its bytes leave together with others when this end turns to listening."""
        self._unsent += self.connection.send(event) or b""
        self.log.line(self.connection, describe(event), self._outward)
        if isinstance(event, h11.ConnectionClosed):
            self._flush()
            self._socket.shutdown(socket.SHUT_WR)

    def send_octets(self, octets: bytes) -> None:
        """Send bytes that no h11.Connection would write."""
        self._unsent += octets
        self.log.line(self.connection, f"octets {octets!r}", self._outward)

    def next_event(self) -> h11.Event:
        """Return the peer's next event, after as many reads from the socket as it takes."""
        while True:
            event = self.connection.next_event()
            if event is h11.NEED_DATA:
                if self.connection.they_are_waiting_for_100_continue:
                    self.send(h11.InformationalResponse(status_code=100, headers=[]))
                self._flush()
                self.connection.receive_data(self._socket.recv(65536))
            elif event is h11.PAUSED:
                # The next request is here already, and belongs to a cycle that has not begun.
                self.start_next_cycle()
            else:
                self.log.line(self.connection, describe(event), self._inward)
                return event

    def send_message(self, head: Head, *pieces: bytes, trailers: Pairs = ()) -> None:
        """Send a whole message, each of `pieces` as one Data event."""
        self.send(head)
        for piece in pieces:
            self.send(h11.Data(data=piece))
        self.send(h11.EndOfMessage(headers=list(trailers)))

    def read_message(self, kind: type[Head]) -> Message[Head] | None:
        """Read a whole message whose head is a `kind`; None if the peer closed instead."""
        head = self.next_event()
        if isinstance(head, h11.ConnectionClosed):
            return None
        if not isinstance(head, kind):
            raise ConversationError(f"head: expected {kind.__name__}, found {describe(head)}")
        body = bytearray()
        while isinstance(event := self.next_event(), h11.Data):
            body += event.data
        assert isinstance(event, h11.EndOfMessage)
        return Message(head, bytes(body), list(event.headers))

    def start_next_cycle(self) -> None:
        """Make the connection ready for another request."""
        self.connection.start_next_cycle()
        self.log.line(self.connection, "start_next_cycle()")

    def close(self) -> None:
        """Close in stages, so that no byte under way is lost (RFC 9112 section 9.6)."""
        self.send(h11.ConnectionClosed())
        if self.connection.their_state not in {h11.CLOSED, h11.ERROR}:
            self.next_event()
        while self._socket.recv(65536):
            continue

    def _flush(self) -> None:
        if self._unsent:
            self._socket.sendall(self._unsent)
            self._unsent.clear()


# The server.


class Server:
    """Listens on a free port of the loopback interface, and serves one connection at a time."""

    def __init__(self, log: Log) -> None:
        """Begin to listen."""
        self.log = log
        self.connections = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(TIMEOUT)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="server")

    @contextmanager
    def connect(self) -> Iterator[Peer]:
        """Give a client that is connected to this server; both ends are closed afterwards."""
        served = self._thread.submit(self._serve)
        try:
            with socket.create_connection(self._listener.getsockname(), timeout=TIMEOUT) as sock:
                yield Peer(h11.CLIENT, sock, self.log)
        finally:
            served.result()

    def close(self) -> None:
        """Stop listening, and wait for the thread."""
        self._thread.shutdown()
        self._listener.close()

    def _serve(self) -> None:
        sock, _ = self._listener.accept()
        self.connections += 1
        # A client that is gone needs no answer.
        with sock, suppress(ConnectionError):
            sock.settimeout(TIMEOUT)
            peer = Peer(h11.SERVER, sock, self.log)
            try:
                answer_all(peer, self.connections)
            except h11.RemoteProtocolError as error:
                refuse(peer, error)
            peer.close()


def answer_all(peer: Peer, connection: int) -> None:
    """Answer the requests on one connection until one side wants to close."""
    for number in count(1):
        request = peer.read_message(h11.Request)
        if request is None:
            return
        answer(peer, request, f"request {number} on connection {connection}".encode())
        if peer.connection.our_state is h11.MUST_CLOSE:
            return


def answer(peer: Peer, request: Message[h11.Request], text: bytes) -> None:
    """Answer a POST with the digest of its body and its own trailers, anything else with `text`."""
    if request.head.method == b"POST":
        # Without a field that says otherwise the body is chunked, and may have trailers after it.
        head = h11.Response(status_code=200, headers=[("Content-Type", "text/plain")])
        peer.send_message(head, digest(request.body), trailers=request.trailers)
    else:
        head = h11.Response(status_code=200, headers=[("Content-Length", str(len(text)))])
        peer.send_message(head, text)


def refuse(peer: Peer, error: h11.RemoteProtocolError) -> None:
    """Answer what could not be understood: after the error this side may still send."""
    peer.log.line(peer.connection, f"{type(error).__name__}: {error}", "->")
    headers = [("Content-Length", "3"), ("Connection", "close")]
    peer.send_message(h11.Response(status_code=error.error_status_hint, headers=headers), b"no\n")


def digest(body: bytes) -> bytes:
    """Return the SHA-256 digest of a body in hexadecimal digits."""
    return hashlib.sha256(body).hexdigest().encode()


# The client, in acts; each checks how it went.


def keep_alive(client: Peer) -> None:
    """Ask three times on one connection."""
    for number in (1, 2, 3):
        client.send_message(request("GET", f"/{number}"))
        expect_reply(client, 200, b"request %d on connection 1" % number)
        reuse(client)


def chunked_upload(client: Peer) -> None:
    """Send a body whose length is not known in advance, with a trailer section after it."""
    trailers = [(b"pieces", b"2")]
    head = request("POST", "/sum", ("Transfer-Encoding", "chunked"))
    client.send_message(head, b"a body ", b"in two chunks", trailers=trailers)
    expect_reply(client, 200, digest(b"a body in two chunks"), trailers)
    reuse(client)


def wait_for_100(client: Peer) -> None:
    """Send a body only after the server has asked for it (RFC 9110 section 10.1.1)."""
    client.send(request("POST", "/sum", ("Expect", "100-continue"), ("Content-Length", "7")))
    expect("waiting for 100", client.connection.client_is_waiting_for_100_continue, True)
    expect("event", describe(client.next_event()), "InformationalResponse 100")
    expect("waiting for 100", client.connection.client_is_waiting_for_100_continue, False)
    client.send(h11.Data(data=b"allowed"))
    client.send(h11.EndOfMessage())
    expect_reply(client, 200, digest(b"allowed"))
    reuse(client)


def refused_upgrade(client: Peer) -> None:
    """Propose another protocol to a server that stays with HTTP (RFC 9110 section 7.8)."""
    client.send_message(request("GET", "/chat", ("Connection", "upgrade"), ("Upgrade", "talk/1")))
    expect("client's state", client.connection.our_state, h11.MIGHT_SWITCH_PROTOCOL)
    expect_reply(client, 200, b"request 6 on connection 1")
    reuse(client)


def last_request(client: Peer) -> None:
    """Announce that this request is the last one, and close after the response."""
    client.send_message(request("GET", "/bye", ("Connection", "close")))
    expect_reply(client, 200, b"request 7 on connection 1")
    expect("event", describe(client.next_event()), "ConnectionClosed")
    client.close()


def malformed_request(client: Peer) -> None:
    """Send what is not HTTP, and be told so."""
    client.send_octets(b"GET / HTTP/1.1\r\nno colon\r\n\r\n")
    expect_reply(client, 400, b"no\n")
    expect("event", describe(client.next_event()), "ConnectionClosed")
    client.close()


def request(method: str, target: str, *fields: tuple[str, str]) -> h11.Request:
    """Return a request with the fields that every request of this client has, and `fields`."""
    always = [("Host", "localhost"), ("User-Agent", h11.PRODUCT_ID)]
    return h11.Request(method=method, target=target, headers=[*always, *fields])


def reuse(client: Peer) -> None:
    """Check that both sides know that both are done, and begin the next cycle."""
    expect("states", client.log.states, {"client": "DONE | DONE", "server": "DONE | DONE"})
    client.start_next_cycle()


def expect_reply(client: Peer, status: int, body: bytes, trailers: Pairs = ()) -> None:
    """Read the response, and check its status, its body and its trailer section."""
    reply = client.read_message(h11.Response)
    found = reply and (reply.head.status_code, reply.body, reply.trailers)
    expect("response", found, (status, body, list(trailers)))


def expect(what: str, found: object, wanted: object) -> None:
    """Raise ConversationError unless `found` is what was wanted."""
    if found != wanted:
        raise ConversationError(f"{what}: expected {wanted!r}, found {found!r}")


ACTS = {
    "Keep-alive: three requests on one connection": keep_alive,
    "A chunked upload with a trailer section": chunked_upload,
    "A client that waits for 100 Continue": wait_for_100,
    "An Upgrade that is refused": refused_upgrade,
    "The last request, and a clean close": last_request,
}
"""What happens on the first connection."""


def converse(log: Log) -> None:
    """Play all acts, on two connections."""
    with closing(Server(log)) as server:
        with server.connect() as client:
            for title, act in ACTS.items():
                log.write("heading", f"\n{title}")
                act(client)
        expect("states", log.states, {"client": "CLOSED | CLOSED", "server": "CLOSED | CLOSED"})
        with server.connect() as client:
            log.write("heading", "\nA malformed request, on a second connection")
            malformed_request(client)
        expect("states", log.states, {"client": "CLOSED | CLOSED", "server": "ERROR | CLOSED"})
        expect("connections", server.connections, 2)


# What is printed.

LEGEND = """\
Beside a name: what this side sends or receives; the arrow points the way the bytes go.
On the right: the client's state | the server's state, as this side knows them after the event."""

COLOURS = {"client": 36, "server": 33, "heading": 1, "success": 32, "failure": 31}

STEERING_FIELDS = (b"expect", b"upgrade", b"transfer-encoding", b"connection", b"content-length")
"""Of these, the first that a head has is shown: it tells how the conversation goes on."""


class Log:
    """Prints what happens on both sides, and keeps the last states that each side knew."""

    def __init__(self, *, colour: bool) -> None:
        """Begin, with or without colours."""
        self.states: dict[str, str] = {}
        self._colour = colour
        self._lock = threading.Lock()

    def write(self, style: str, text: str) -> None:
        """Print `text` in the colour of its style."""
        with self._lock:
            print(f"\x1b[{COLOURS[style]}m{text}\x1b[0m" if self._colour else text, flush=True)

    def line(self, connection: h11.Connection, text: str, arrow: str = "  ") -> None:
        """Print what happened on the side of `connection`, and the states after it."""
        side = "client" if connection.our_role is h11.CLIENT else "server"
        left, right = (side, "") if side == "client" else ("", side)
        client, server = (str(connection.states[role]) for role in (h11.CLIENT, h11.SERVER))
        text = text if len(text) <= 44 else f"{text[:41]}..."
        self.states[side] = f"{client} | {server}"
        self.write(side, f"{left:6} {arrow} {right:6} {text:44}  {client:>21} | {server}")


def describe(event: h11.Event) -> str:
    """Return an event in short form."""
    name = type(event).__name__
    match event:
        case h11.Request():
            return f"{name} {event.method.decode()} {event.target.decode()}{steering_field(event)}"
        case h11.Response() | h11.InformationalResponse():
            return f"{name} {event.status_code}{steering_field(event)}"
        case h11.Data():
            return f"{name} {bytes(event.data)!r}"
        case h11.EndOfMessage():
            return " ".join([name, *(show(field) for field in event.headers)])
        case _:
            return name


def steering_field(head: h11.Request | h11.Response | h11.InformationalResponse) -> str:
    """Return the field that tells most about how the conversation goes on, if there is one."""
    fields = dict(head.headers)
    shown = [show((name, fields[name])) for name in STEERING_FIELDS if name in fields]
    return f" {shown[0]}" if shown else ""


def show(field: tuple[bytes, bytes]) -> str:
    """Return a field as it stands in a head."""
    return b": ".join(field).decode("latin-1")


def main() -> int:
    """Hold the conversation, and return the exit code."""
    log = Log(colour=sys.stdout.isatty() and not os.environ.get("NO_COLOR"))
    log.write("heading", LEGEND)
    try:
        converse(log)
    except ConversationError as error:
        log.write("failure", f"\nFAILED {error}")
        return 1
    log.write("success", "\nThe conversation went as it should.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
