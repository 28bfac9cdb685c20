"""An HTTP/1.1 server on blocking sockets and h11, with a thread for each connection.

In: connections. Out: each request handed to the handler of its path, and the handler's response.
Run it with `python docs/examples/threaded_server.py --port 8000`; it prints where it listens.

Read it from top to bottom: one connection and what a handler can ask of it; request after request,
and what becomes of errors; the handlers. Nothing is read before a handler asks for it, and a write
waits for the client, because blocking sockets wait: there is nothing to be done for back-pressure.
"""

from __future__ import annotations

import argparse
import hashlib
import logging
import socket
import socketserver
import struct
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from email.utils import formatdate
from http import HTTPStatus

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


class Session:
    """One connection: what the client asks for, and what it is answered."""

    request: h11.Request

    def __init__(self, client: socket.socket) -> None:
        """Serve the client at the other end of a socket."""
        self.connection = h11.Connection(h11.SERVER)
        self._socket = client
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def next_request(self) -> bool:
        """Wait for the next request; False if none will come."""
        try:
            event = self._next_event(HEAD_SECONDS)
        except TimeoutError:
            if self.connection.is_mid_exchange:
                raise RefusedError(408) from None
            return False  # To a client that has asked for nothing, nothing is said.
        if not isinstance(event, h11.Request):
            return False
        self.request = event
        return True

    def body(self) -> Iterator[bytes]:
        """Give the body of the request, piece by piece, each when it is asked for."""
        size = 0
        while self.connection.their_state is h11.SEND_BODY:
            try:
                event = self._next_event(BODY_SECONDS)
            except TimeoutError:
                raise RefusedError(408) from None
            if isinstance(event, h11.Data):
                size += len(event.data)
                if size > MAX_BODY:
                    raise RefusedError(413)
                yield bytes(event.data)

    def answer(self, status: int, body: bytes = b"", fields: Fields = ()) -> None:
        """Send a whole response."""
        self.start(status, [("Content-Length", str(len(body))), *fields])
        self.write(body)

    def start(self, status: int, fields: Fields = (), *, last: bool = False) -> None:
        """Send the head of a response, the last one if so wished; its body follows in pieces."""
        headers = [("Date", formatdate(usegmt=True)), *fields]
        # A client that still waits for 100 may send its body after this, or leave it: nobody could
        # tell where its next request begins.
        if last or self.connection.they_are_waiting_for_100_continue:
            headers.append(("Connection", "close"))
        reason = HTTPStatus(status).phrase
        self._send(h11.Response(status_code=status, headers=headers, reason=reason))

    def write(self, data: bytes) -> None:
        """Send a piece of the body, which a response to HEAD does not have."""
        if data and self.request.method != b"HEAD":
            self._send(h11.Data(data=data))

    def finish(self) -> None:
        """End the response, and read what the handler has left of the request."""
        if self.connection.our_state is h11.SEND_RESPONSE:
            raise RuntimeError("the handler has not answered")
        if self.connection.our_state is h11.SEND_BODY:
            self._send(h11.EndOfMessage())
        if self.connection.our_state is h11.DONE:
            for _ in self.body():
                continue

    def refuse(self, status: int) -> None:
        """Answer with an error if it is not too late for one, otherwise break off."""
        if self.connection.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
            self.start(status, [("Content-Length", "0")], last=True)
        elif self.connection.our_state not in {h11.DONE, h11.MUST_CLOSE}:
            self.break_off()

    def close(self) -> None:
        """Close in stages, so that the last response is not lost (RFC 9112 section 9.6)."""
        deadline = time.monotonic() + CLOSE_SECONDS
        with suppress(OSError):  # The TimeoutError at the deadline is one of them.
            self._socket.shutdown(socket.SHUT_WR)
            while self._receive(deadline):
                continue
        self._socket.close()

    def break_off(self) -> None:
        """Reset: by an orderly end half a response could look like a whole one to HTTP/1.0."""
        at_once = struct.pack("ii", 1, 0)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
        self._socket.close()

    def _next_event(self, seconds: float) -> h11.Event | type[h11.PAUSED]:
        deadline = time.monotonic() + seconds
        while (event := self.connection.next_event()) is h11.NEED_DATA:
            if self.connection.they_are_waiting_for_100_continue:
                self._send(h11.InformationalResponse(status_code=100, headers=[]))
            self.connection.receive_data(self._receive(deadline))
        return event

    def _receive(self, deadline: float) -> bytes:
        # Not so many seconds for each octet, but for all that is waited for. A client that never
        # stops sending lets no recv() wait: the clock has to be looked at beside it.
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the time is over")
        self._socket.settimeout(left)
        return self._socket.recv(65536)

    def _send(self, event: h11.Event) -> None:
        self._socket.settimeout(BODY_SECONDS)
        self._socket.sendall(self.connection.send(event) or b"")


def converse(session: Session) -> None:
    """Answer one request after the other, until one side wants to end the connection."""
    try:
        while session.next_request():
            path = session.request.target.partition(b"?")[0]
            ROUTES.get(path, not_found)(session)
            session.finish()
            if not session.connection.is_reusable:
                return
            session.connection.start_next_cycle()
    except RefusedError as error:
        session.refuse(error.status)
    except h11.RemoteProtocolError as error:
        session.refuse(error.error_status_hint)
    except OSError:
        session.break_off()  # The client is gone, or does not read.
    except Exception:
        logging.exception("a handler has failed")
        session.refuse(500)


# The handlers: replace them by your own.


def hello(session: Session) -> None:
    """Greet."""
    session.answer(200, b"Hello\n", [("Content-Type", "text/plain")])


def sha256(session: Session) -> None:
    """Read the body, and answer its SHA-256 digest."""
    digest = hashlib.sha256()
    for piece in session.body():
        digest.update(piece)
    session.answer(200, digest.hexdigest().encode(), [("Content-Type", "text/plain")])


def count(session: Session) -> None:
    """Stream a body of unknown length."""
    session.start(200, [("Content-Type", "text/plain")])
    for number in range(1000):
        session.write(b"%d\n" % number)


def not_found(session: Session) -> None:
    """Answer for every path that has no handler."""
    session.answer(404, b"Not found\n", [("Content-Type", "text/plain")])


ROUTES: dict[bytes, Callable[[Session], None]] = {
    b"/": hello,
    b"/hash": sha256,
    b"/count": count,
}


class Server(socketserver.ThreadingTCPServer):
    """Listens, and gives each connection a thread."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, host: str, port: int) -> None:
        """Listen on an address."""
        super().__init__((host, port), OnConnection)


class OnConnection(socketserver.BaseRequestHandler):
    """Serves one client."""

    def handle(self) -> None:
        """Converse, and close."""
        session = Session(self.request)
        with suppress(OSError):
            converse(session)
            session.close()


def main() -> None:
    """Run the program."""
    parser = argparse.ArgumentParser(description="Serve HTTP/1.1 with threads and h11.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    arguments = parser.parse_args()
    with Server(arguments.host, arguments.port) as server, suppress(KeyboardInterrupt):
        print("Listening on http://{}:{}".format(*server.socket.getsockname()), flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
