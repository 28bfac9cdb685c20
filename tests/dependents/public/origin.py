"""A server at the other end that says what it is told to, octet for octet.

In: for each connection, the answers to the requests on it, in pieces. Out: its address, and the
requests as they came. It reads and writes without h11, so that both ends do not share a mistake.
"""

import contextlib
import re
import socket
import socketserver
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from tests.integration.sockets import TIMEOUT, Address, running

Conversation = Callable[[socket.socket], None]
"""What is said on one connection; it is closed afterwards."""

LENGTH = re.compile(rb"(?im)^content-length: *(\d+)\r?$")
CHUNKED = re.compile(rb"(?im)^transfer-encoding: *chunked\r?$")


@dataclass
class Origin:
    """A running server.

    Attributes:
        address: Where it listens.
        requests: The requests that it has read, whole.
        connections: How many connections were made to it.
        failures: What went wrong in it.
    """

    address: Address = ("", 0)
    requests: list[bytes] = field(default_factory=list)
    connections: int = 0
    failures: list[BaseException] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Its root."""
        return "http://{}:{}/".format(*self.address)


def read_message(connected: socket.socket) -> bytes:
    """Return a message as it came: its head, and the body that this announces.

    It reads octet by octet, so that nothing of what follows is taken.

    Raises:
        EOFError: If the peer closed before the end, after nothing or in the middle.
    """
    message = take_through(connected, b"\r\n\r\n")
    if announced := LENGTH.search(message):
        wanted = int(announced[1])
        body = bytearray()
        while len(body) < wanted:
            body += take(connected, min(65536, wanted - len(body)))
        return message + bytes(body)
    if CHUNKED.search(message):
        while (line := take_through(connected, b"\r\n")) != b"0\r\n":
            message += line + take_exactly(connected, int(line.split(b";")[0], 16) + 2)
        message += line + take_through(connected, b"\r\n")
    return message


def take(connected: socket.socket, most: int) -> bytes:
    """Return up to that many octets, at least one."""
    piece = connected.recv(most)
    if not piece:
        raise EOFError("closed by the peer")
    return piece


def take_exactly(connected: socket.socket, count: int) -> bytes:
    """Return that many octets."""
    taken = b""
    while len(taken) < count:
        taken += take(connected, count - len(taken))
    return taken


def take_through(connected: socket.socket, ending: bytes) -> bytes:
    """Return all up to and with `ending`."""
    taken = b""
    while not taken.endswith(ending):
        taken += take(connected, 1)
    return taken


def send_pieces(connected: socket.socket, pieces: Sequence[bytes]) -> None:
    """Send pieces so that none waits for another."""
    connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for piece in pieces:
        connected.sendall(piece)


@contextlib.contextmanager
def serving(*conversations: Sequence[Sequence[bytes]] | Conversation) -> Iterator[Origin]:
    """Serve one connection after the other.

    Args:
        conversations: For each connection the answers, in pieces, each sent when a request has come
            whole; or a function that talks. The last is for all connections after it, too.

    Yields:
        The server.

    Raises:
        AssertionError: If something went wrong in the server.
    """
    origin = Origin()
    lock = threading.Lock()

    class Handler(socketserver.BaseRequestHandler):
        """Talks on one connection."""

        def handle(self) -> None:
            """Say what is to be said on this connection."""
            self.request.settimeout(TIMEOUT)
            with lock:
                said = conversations[min(origin.connections, len(conversations) - 1)]
                origin.connections += 1
            try:
                if callable(said):
                    said(self.request)
                else:
                    self.answer(said)
            # A client that gives up is what some tests are about.
            except (EOFError, ConnectionError):
                pass
            except BaseException as error:  # noqa: BLE001  (it is told to the test)
                origin.failures.append(error)

        def answer(self, answers: Sequence[Sequence[bytes]]) -> None:
            """Answer each request, then close."""
            for pieces in answers:
                request = read_message(self.request)
                with lock:
                    origin.requests.append(request)
                send_pieces(self.request, pieces)

    class Server(socketserver.ThreadingTCPServer):
        """A server that does not wait for its connections."""

        daemon_threads = True
        allow_reuse_address = True

    with running(Server(("127.0.0.1", 0), Handler)) as origin.address:
        yield origin
    assert not origin.failures, origin.failures


def whole(message: bytes) -> list[bytes]:
    """Return a message in one piece."""
    return [message]


def octets(message: bytes) -> list[bytes]:
    """Return a message in pieces of one octet."""
    return [message[index : index + 1] for index in range(len(message))]


Cut = Callable[[bytes], list[bytes]]

CUTS: dict[str, Cut] = {"whole": whole, "octets": octets}
"""The ways to cut a message."""
