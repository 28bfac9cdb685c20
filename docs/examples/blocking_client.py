"""An HTTP/1.1 client on a blocking socket and h11, to be run, read and copied.

In: requests, and their bodies in pieces. Out: responses, and their bodies in pieces as they arrive.
Run it with `python docs/examples/blocking_client.py http://127.0.0.1:8000/`, and with `--upload
FILE` to post a file; the head of the response goes to standard error, its body to standard output.

`Client` is one server, and a connection to it for as long as that can be used again. It stops an
upload that the server refuses. It does not read a response while it sends a request: a server that
answers at length before it has read the request needs a client that does both at once.
"""

from __future__ import annotations

import argparse
import socket
import ssl
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import h11

CONTINUE_SECONDS = 1.0
"""For a server to answer `Expect: 100-continue`; many never do (RFC 9110 section 10.1.1)."""

Fields = Sequence[tuple[str, str]]


class Client:
    """One server, for one request after the other."""

    connection: h11.Connection

    def __init__(
        self, host: str, port: int, *, tls: ssl.SSLContext | None = None, timeout: float = 30.0
    ) -> None:
        """Connect, with TLS if there is a context for it; wait for no more than `timeout`."""
        self._address = host, port
        self._tls = tls
        self._timeout = timeout
        host = f"[{host}]" if ":" in host else host
        self._host_field = host if port == (443 if tls else 80) else f"{host}:{port}"
        self._connect()

    def request(
        self,
        method: str,
        target: str,
        fields: Fields = (),
        body: bytes | Iterable[bytes] = b"",
        *,
        ask_first: bool = False,
    ) -> h11.Response:
        """Send a request, and return the head of its response; `body()` gives the rest.

        A body in pieces is sent in chunks, piece by piece. With `ask_first` the server is asked
        whether it wants a body at all.
        """
        if self.is_reusable():
            self.connection.start_next_cycle()
        elif not self.connection.is_idle:
            self.close()
            self._connect()
        headers = [("Host", self._host_field), *fields]
        pieces: Iterable[bytes]
        if isinstance(body, bytes):
            pieces = (body[start : start + 65536] for start in range(0, len(body), 65536))
            if body or method in {"POST", "PUT", "PATCH"}:
                headers.append(("Content-Length", str(len(body))))
        else:
            pieces = body
            headers.append(("Transfer-Encoding", "chunked"))
        if ask_first:
            headers.append(("Expect", "100-continue"))
        self._response: h11.Response | None = None
        try:
            self._send(h11.Request(method=method, target=target, headers=headers))
            self._send_body(pieces)
        except ConnectionError:
            # Before it broke off, the server may have said why: that can still be read.
            self.connection.send_failed()
        while self._response is None:
            self._take(self._next_event())
        return self._response

    def body(self) -> Iterator[bytes]:
        """Give the body of the response, each piece when it has arrived."""
        while self.connection.their_state is h11.SEND_BODY:
            event = self._next_event()
            if isinstance(event, h11.Data):
                yield bytes(event.data)

    def is_reusable(self) -> bool:
        """Say whether another request may be sent on this connection (RFC 9112 section 9.3)."""
        try:
            # Nothing is due. What comes now is a close, or a response that nobody has asked for.
            return self.connection.is_reusable and not self._receive(within=0)
        except ConnectionError:
            return False

    def close(self) -> None:
        """Close the connection."""
        self._socket.close()

    def _connect(self) -> None:
        self._socket = socket.create_connection(self._address, self._timeout)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._tls:
            self._socket = self._tls.wrap_socket(self._socket, server_hostname=self._address[0])
        self.connection = h11.Connection(h11.CLIENT)

    def _send(self, event: h11.Request | h11.Data | h11.EndOfMessage) -> None:
        self._socket.sendall(self.connection.send(event))

    def _send_body(self, pieces: Iterable[bytes]) -> None:
        deadline = time.monotonic() + CONTINUE_SECONDS
        while self.connection.client_is_waiting_for_100_continue and time.monotonic() < deadline:
            self._look(within=deadline - time.monotonic())
            if self._response is not None:
                # An answer in place of 100, even a good one, was given without the body. Without
                # its EndOfMessage, the request is the last one on this connection.
                return
        for piece in pieces:
            self._look(within=0)
            if self._response is not None and self._response.status_code >= 300:
                return  # The server does not want it. The connection cannot be used again.
            self._send(h11.Data(data=piece))
        self._send(h11.EndOfMessage())

    def _look(self, within: float) -> None:
        """Look whether the server says anything yet, if only for so many seconds."""
        if self._response is None:
            event = self.connection.next_event()
            if event is not h11.NEED_DATA or self._receive(max(within, 0)):
                self._take(event)

    def _take(self, event: h11.Event | type[h11.NEED_DATA | h11.PAUSED]) -> None:
        if isinstance(event, h11.Response):
            self._response = event
        elif event is h11.PAUSED:
            raise OSError("the server speaks another protocol now, which is not for this program")

    def _next_event(self) -> h11.Event | type[h11.PAUSED]:
        while (event := self.connection.next_event()) is h11.NEED_DATA:
            if not self._receive(self._timeout):
                raise TimeoutError("the server says nothing")
        return event

    def _receive(self, within: float) -> bool:
        """Take what arrives within so many seconds, if anything does."""
        self._socket.settimeout(within)
        try:
            self.connection.receive_data(self._socket.recv(65536))
        except (BlockingIOError, ssl.SSLWantReadError, TimeoutError):
            return False
        finally:
            self._socket.settimeout(self._timeout)
        return True


def pieces_of(path: Path) -> Iterator[bytes]:
    """Give a file in pieces."""
    with path.open("rb") as file:
        while piece := file.read(65536):
            yield piece


def main() -> int:
    """Ask for one URL, and return 0 if the answer is no error."""
    parser = argparse.ArgumentParser(description="Get a URL, or post a file to it.")
    parser.add_argument("url")
    parser.add_argument("--upload", type=Path, metavar="FILE")
    arguments = parser.parse_args()
    url = urlsplit(arguments.url)
    tls = ssl.create_default_context() if url.scheme == "https" else None
    target = (url.path or "/") + (f"?{url.query}" if url.query else "")
    with closing(Client(url.hostname or "", url.port or (443 if tls else 80), tls=tls)) as client:
        if arguments.upload:
            pieces = pieces_of(arguments.upload)
            response = client.request("POST", target, body=pieces, ask_first=True)
        else:
            response = client.request("GET", target)
        print(response.status_code, file=sys.stderr)
        for name, value in response.headers.raw_items():
            print(f"{name.decode()}: {value.decode('latin-1')}", file=sys.stderr)
        for piece in client.body():
            sys.stdout.buffer.write(piece)
    return 0 if response.status_code < 400 else 1


if __name__ == "__main__":
    sys.exit(main())
