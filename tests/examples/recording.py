"""A backend that records the octets that arrive, and answers each request that it understands.

In: connections. Out: the requests that are complete, as a slow reader of the bare grammar reads
them, and whether anything arrived that is no request at all.
"""

import contextlib
import socketserver
import threading
from collections.abc import Iterator

from h11_events import FORBIDDEN_IN_TRAILERS, EndOfMessage, RemoteProtocolError, Request
from h11_parser import NEED_DATA, RequestParser, Tolerance
from tests.attacks.reference import Message, read_requests
from tests.integration.sockets import TIMEOUT, Address, running

FORBIDDEN = frozenset(name.decode() for name in FORBIDDEN_IN_TRAILERS)


def requests_in(octets: bytes) -> tuple[list[Message], bool]:
    """Return the requests of a stream by the grammar, and whether there is nothing else in it.

    A proposal to switch protocols is taken for one that is refused, unless it is CONNECT.
    """
    reading = read_requests(octets, FORBIDDEN)
    messages, accepted = list(reading.messages), reading.accepted
    if reading.tunnel and messages[-1].start[0] != "CONNECT":
        more, accepted = requests_in(reading.tunnel.encode("latin-1"))
        messages += more
    return messages, accepted


class Recorder(socketserver.ThreadingTCPServer):
    """What listens, and knows what came over each connection."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self) -> None:
        """Listen on a free port."""
        super().__init__(("127.0.0.1", 0), Session)
        self.lock = threading.Lock()
        self.requests: list[Message] = []
        self.faults: list[bytes] = []

    def take(self) -> list[Message]:
        """Return the requests that have arrived since this was asked last."""
        with self.lock:
            taken, self.requests = self.requests, []
            assert self.faults == []
        return taken


class Session(socketserver.BaseRequestHandler):
    """One connection to the recorder."""

    server: Recorder

    def handle(self) -> None:
        """Record and answer requests until the connection ends, or carries something else."""
        self.request.settimeout(TIMEOUT)
        octets = b""
        parser = RequestParser(tolerate=Tolerance.NONE)
        with contextlib.suppress(OSError):
            while received := self.request.recv(65536):
                octets += received
                parser.receive_data(received)
                try:
                    ended = self.read(parser)
                except RemoteProtocolError:
                    self.server.faults.append(octets)
                    return
                if ended:
                    octets = self.record(octets)
                    parser = RequestParser(tolerate=Tolerance.NONE)

    def read(self, parser: RequestParser) -> bool:
        """Return whether the message in a parser is complete."""
        while (event := parser.next_event()) is not NEED_DATA:
            if isinstance(event, EndOfMessage):
                return True
            if isinstance(event, Request) and event.method == b"CONNECT":
                self.server.faults.append(b"CONNECT")
        return False

    def record(self, octets: bytes) -> bytes:
        """Record what has to be one request and nothing else, and answer it with what it was."""
        messages, accepted = requests_in(octets)
        if len(messages) != 1 or not accepted:
            self.server.faults.append(octets)
            return b""
        with self.server.lock:
            self.server.requests.append(messages[0])
        method, target, _ = messages[0].start
        body = b"" if method == "HEAD" else f"<{method} {target}>".encode("latin-1")
        self.request.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        return b""


@contextlib.contextmanager
def recording() -> Iterator[tuple[Recorder, Address]]:
    """Run a recorder.

    Yields:
        It, and where it listens.
    """
    recorder = Recorder()
    with running(recorder) as address:
        yield recorder, address
