"""An HTTP/1.1 server of files whose octets go from the file to the socket without passing through.

In: connections. Out: the files below a directory. Run it with
`python docs/examples/sendfile_server.py DIRECTORY --port 8000`; it prints where it listens.

h11 has to know how long each piece of a body is, but not what is in it. So `h11.Data` may hold any
object that has a length; `send_with_data_passthrough` gives that object back, between the octets
that belong around it, and the program sends it in its own way: here with `sendfile`. A client that
is too slow is cut off; `threaded_server.py` tells it so before.
"""

from __future__ import annotations

import argparse
import mimetypes
import os
import socket
import socketserver
import struct
import time
from contextlib import suppress
from email.utils import formatdate
from http import HTTPStatus
from pathlib import Path
from typing import BinaryIO, cast
from urllib.parse import unquote_to_bytes, urlsplit

import h11

SECONDS = 30.0
"""For the client to send the head of a request, or its end, or to take a part of what was sent."""
CLOSE_SECONDS = 5.0
"""For the client to close after us."""


class FilePart:
    """The next octets of a file."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        """Stand for so many octets."""
        self._file = file
        self._size = size

    def __len__(self) -> int:
        """Tell h11 how many octets this stands for."""
        return self._size

    def send(self, client: socket.socket) -> None:
        """Have the kernel send the octets, where it can."""
        if client.sendfile(self._file, count=self._size) != self._size:
            raise OSError("the file has become shorter than was announced")


class OnConnection(socketserver.BaseRequestHandler):
    """Serves one client."""

    server: Server

    def handle(self) -> None:
        """Answer one request after the other, until one side wants to close."""
        self.socket: socket.socket = self.request
        self.connection = h11.Connection(h11.SERVER)
        try:
            while isinstance(request := self.next_event(), h11.Request):
                self.answer(request)
                if not self.connection.is_reusable:
                    break
                self.connection.start_next_cycle()
        except h11.RemoteProtocolError as error:
            if self.connection.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
                self.respond(error.error_status_hint)
        except OSError:
            # The client is gone, or half a file was sent: reset, that it is not taken for a whole.
            at_once = struct.pack("ii", 1, 0)
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
            self.socket.close()

    def finish(self) -> None:
        """Close in stages, so that the last response is not lost (RFC 9112 section 9.6)."""
        deadline = time.monotonic() + CLOSE_SECONDS
        with suppress(OSError):  # The TimeoutError at the deadline is one of them.
            self.socket.shutdown(socket.SHUT_WR)
            while self.receive(deadline):
                continue

    def answer(self, request: h11.Request) -> None:
        """Answer a request with the file that it names."""
        if request.method not in {b"GET", b"HEAD"}:
            return self.respond(405, [("Allow", "GET, HEAD"), ("Connection", "close")])
        # Nobody here wants a body; a client that asks before it sends one is not kept waiting.
        asks_first = self.connection.they_are_waiting_for_100_continue
        if asks_first or not isinstance(self.next_event(), h11.EndOfMessage):
            return self.respond(413, [("Connection", "close")])
        try:
            path = self.server.path_of(request.target)
            file = path.open("rb")
        except (OSError, ValueError):
            return self.respond(404)
        with file:
            size = os.fstat(file.fileno()).st_size
            kind, coding = mimetypes.guess_type(path.name)
            fields = [("Content-Type", kind if kind and not coding else "application/octet-stream")]
            part = FilePart(file, 0 if request.method == b"HEAD" else size)
            self.respond(200, [("Content-Length", str(size)), *fields], part)
        return None

    def respond(
        self,
        status: int,
        fields: list[tuple[str, str]] | None = None,
        part: FilePart | None = None,
    ) -> None:
        """Send a response, with a part of a file or without a body."""
        headers = [("Date", formatdate(usegmt=True)), *(fields or [])]
        if part is None:
            headers.append(("Content-Length", "0"))
        reason = HTTPStatus(status).phrase
        self.send(h11.Response(status_code=status, headers=headers, reason=reason))
        if part:
            # Type checkers are told that it is bytes, and h11 asks no more than its length.
            self.send(h11.Data(data=cast("bytes", part)))
        self.send(h11.EndOfMessage())

    def next_event(self) -> h11.Event | type[h11.PAUSED]:
        """Return what the client says next, having waited for it where necessary."""
        deadline = time.monotonic() + SECONDS
        while (event := self.connection.next_event()) is h11.NEED_DATA:
            self.connection.receive_data(self.receive(deadline))
        return event

    def receive(self, deadline: float) -> bytes:
        """Return what arrives before the deadline, however many pieces have come before."""
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the time is over")
        self.socket.settimeout(left)
        return self.socket.recv(65536)

    def send(self, event: h11.Response | h11.Data | h11.EndOfMessage) -> None:
        """Send an event, a part of a file in its own way."""
        self.socket.settimeout(SECONDS)
        for piece in self.connection.send_with_data_passthrough(event):
            if isinstance(piece, FilePart):
                piece.send(self.socket)
            else:
                self.socket.sendall(piece)


class Server(socketserver.ThreadingTCPServer):
    """Listens, and gives each connection a thread."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, directory: Path, host: str, port: int) -> None:
        """Serve the files below `directory`."""
        self._directory = directory.resolve()
        super().__init__((host, port), OnConnection)

    def path_of(self, target: bytes) -> Path:
        """Return the file that a target names.

        Raises:
            ValueError: If it names none, or none below the directory.
        """
        # Proxies, and others, may send a whole URL (RFC 9112 section 3.2.2).
        path_and_query = target if target.startswith(b"/") else urlsplit(target).path
        name = os.fsdecode(unquote_to_bytes(path_and_query.partition(b"?")[0])).lstrip("/")
        path = (self._directory / name).resolve()
        if not path.is_relative_to(self._directory) or not path.is_file():
            raise ValueError("no such file")
        return path


def main() -> None:
    """Run the program."""
    parser = argparse.ArgumentParser(description="Serve the files below a directory.")
    parser.add_argument("directory", type=Path)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    arguments = parser.parse_args()
    server = Server(arguments.directory, arguments.host, arguments.port)
    with server, suppress(KeyboardInterrupt):
        print("Listening on http://{}:{}".format(*server.socket.getsockname()), flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
