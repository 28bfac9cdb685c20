"""An HTTP/1.1 server that hands connections over to wsproto for WebSockets.

In: connections. Out: a page at `/`, and at `/echo` a WebSocket that sends back what it is told.
Run it with `python docs/examples/websocket_server.py --port 8000` and open the printed address in a
browser.

h11 reads the request that proposes the switch, and stops there: what comes after it is in
`trailing_data`, and nobody's yet. wsproto judges the proposal. If it is a good one, wsproto answers
it and gets the octets; if it is not, h11 answers, and the connection stays with HTTP (RFC 9110
section 7.8, RFC 6455 section 4.2). A client that is too slow is cut off; `threaded_server.py` tells
it so before. Who has cookies to protect has to look at Origin before accepting.
"""

from __future__ import annotations

import argparse
import socket
import socketserver
import time
from contextlib import suppress

import wsproto
from wsproto.events import (
    AcceptConnection,
    BytesMessage,
    CloseConnection,
    Ping,
    RejectConnection,
    TextMessage,
)

import h11

SECONDS = 60.0
"""For each event of the client, for a WebSocket to say anything, and to take what was said."""

CLOSE_SECONDS = 5.0
"""For the client to close after us."""

PAGE = b"""<!DOCTYPE html><meta charset="utf-8"><title>Echo</title>
<input id="text" placeholder="Say something"><ul id="list"></ul>
<script>
const socket = new WebSocket(`ws://${location.host}/echo`);
socket.onmessage = (message) => list.appendChild(document.createElement("li")).append(message.data);
text.onchange = () => { socket.send(text.value); text.value = ""; };
</script>
"""


class OnConnection(socketserver.BaseRequestHandler):
    """Serves one client: requests, until one of them leads to a WebSocket."""

    def handle(self) -> None:
        """Answer requests until one side closes or a WebSocket begins."""
        self.socket: socket.socket = self.request
        self.connection = h11.Connection(h11.SERVER)
        with suppress(OSError):  # A client that is gone, or says nothing for too long.
            try:
                while self.answer_one():
                    self.connection.start_next_cycle()
            except h11.RemoteProtocolError as error:
                if self.connection.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
                    self.respond(error.error_status_hint, fields=[(b"Connection", b"close")])

    def finish(self) -> None:
        """Close in stages, so that the last response is not lost (RFC 9112 section 9.6)."""
        deadline = time.monotonic() + CLOSE_SECONDS
        with suppress(OSError):  # The TimeoutError at the deadline is one of them.
            self.socket.shutdown(socket.SHUT_WR)
            while self.receive(deadline):
                continue

    def answer_one(self) -> bool:
        """Answer the next request, and say whether there may be another one."""
        request = self.next_event()
        if not isinstance(request, h11.Request):
            return False
        while not isinstance(self.next_event(), h11.EndOfMessage):
            continue  # No request here needs a body.
        if request.target == b"/":
            self.respond(200, PAGE, [(b"Content-Type", b"text/html; charset=utf-8")], request)
        elif request.target != b"/echo":
            self.respond(404, request=request)
        elif self.connection.their_state is not h11.MIGHT_SWITCH_PROTOCOL or (
            request.method != b"GET"
        ):
            fields = [(b"Upgrade", b"websocket"), (b"Connection", b"upgrade")]
            self.respond(426, fields=fields, request=request)
        else:
            return self.switch(request)
        return self.connection.is_reusable

    def switch(self, request: h11.Request) -> bool:
        """Hand over to wsproto; False unless the connection stays with HTTP, and can be used."""
        websocket = wsproto.WSConnection(wsproto.ConnectionType.SERVER)
        try:
            websocket.initiate_upgrade_connection(list(request.headers), request.target)
        except UnicodeDecodeError:
            self.respond(400)
            return self.connection.is_reusable
        except wsproto.utilities.RemoteProtocolError as error:
            # It was a proposal of something else, or of another version.
            hint = error.event_hint
            assert isinstance(hint, RejectConnection)
            self.respond(hint.status_code, fields=list(hint.headers))
            return self.connection.is_reusable
        self.socket.settimeout(SECONDS)
        self.socket.sendall(websocket.send(AcceptConnection()))
        self.talk(websocket, self.connection.trailing_data[0])
        return False

    def talk(self, websocket: wsproto.WSConnection, data: bytes) -> None:
        """Send back each message, beginning with what has arrived already."""
        if data:
            websocket.receive_data(data)
        while True:
            for event in websocket.events():
                match event:
                    case TextMessage() | BytesMessage():
                        self.socket.sendall(websocket.send(event))
                    case Ping():
                        self.socket.sendall(websocket.send(event.response()))
                    case CloseConnection():
                        self.socket.sendall(websocket.send(event.response()))
                        return
            data = self.socket.recv(65536)  # It may last as long as something comes.
            if not data:
                return
            websocket.receive_data(data)

    def next_event(self) -> h11.Event | type[h11.PAUSED]:
        """Return what the client says next, having waited for it where necessary."""
        deadline = time.monotonic() + SECONDS
        while (event := self.connection.next_event()) is h11.NEED_DATA:
            if self.connection.they_are_waiting_for_100_continue:
                self.send(h11.InformationalResponse(status_code=100, headers=[]))
            self.connection.receive_data(self.receive(deadline))
        return event

    def receive(self, deadline: float) -> bytes:
        """Return what arrives before the deadline, however many pieces have come before."""
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the time is over")
        self.socket.settimeout(left)
        return self.socket.recv(65536)

    def respond(
        self,
        status: int,
        body: bytes = b"",
        fields: list[tuple[bytes, bytes]] | None = None,
        request: h11.Request | None = None,
    ) -> None:
        """Send a whole response."""
        headers = [*(fields or []), (b"Content-Length", b"%d" % len(body))]
        self.send(h11.Response(status_code=status, headers=headers))
        if body and request is not None and request.method != b"HEAD":
            self.send(h11.Data(data=body))
        self.send(h11.EndOfMessage())

    def send(self, event: h11.Event) -> None:
        """Send an event."""
        self.socket.settimeout(SECONDS)
        self.socket.sendall(self.connection.send(event) or b"")


class Server(socketserver.ThreadingTCPServer):
    """Listens, and gives each connection a thread."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, host: str, port: int) -> None:
        """Listen on an address."""
        super().__init__((host, port), OnConnection)


def main() -> None:
    """Run the program."""
    parser = argparse.ArgumentParser(description="Echo over WebSockets, with h11 and wsproto.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    arguments = parser.parse_args()
    with Server(arguments.host, arguments.port) as server, suppress(KeyboardInterrupt):
        print("Listening on http://{}:{}".format(*server.socket.getsockname()), flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
