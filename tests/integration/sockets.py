"""Bounded blocking sockets on loopback, for both ends of a conversation.

In: addresses and servers of the standard library's `socketserver`. Out: connected sockets that
never block for longer than `TIMEOUT`, and what is read from them.
"""

import contextlib
import random
import select
import socket
import socketserver
import struct
import threading
from collections.abc import Iterator

LOOPBACK = "127.0.0.1"

PORTS = range(20_000, 32_768)
"""Where programs listen: below the ports that Linux hands out, for a program takes a while to bind
what it is told, and somebody else's connection could have the port by then."""

TIMEOUT = 60.0
"""Seconds after which a blocking operation of these tests fails: long, as a machine may be busy."""

READ_SIZE = 65536

Address = tuple[str, int]


def free_port() -> int:
    """Return a port of `LOOPBACK` that nothing listens on.

    Raises:
        OSError: If there is none.
    """
    for port in random.sample(PORTS, len(PORTS)):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind((LOOPBACK, port))
            return port
    raise OSError(f"all ports from {PORTS.start} to {PORTS.stop - 1} are taken")


def connect(address: Address) -> socket.socket:
    """Return a socket connected to `address`, which sends small pieces at once."""
    connected = socket.create_connection(address, TIMEOUT)
    connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connected


def read_until(connected: socket.socket, ending: bytes) -> bytes:
    """Return what `connected` delivers up to and with `ending`, which must be the last of it."""
    received = b""
    while not received.endswith(ending):
        piece = connected.recv(READ_SIZE)
        if not piece:
            raise EOFError(f"closed before {ending!r}: {received!r}")
        received += piece
    return received


def read_to_end(connected: socket.socket) -> bytes:
    """Return all that `connected` delivers until the peer closes its side."""
    received = bytearray()
    while piece := connected.recv(READ_SIZE):
        received += piece
    return bytes(received)


def has_delivered(connected: socket.socket) -> bool:
    """Return whether `connected` can be read at this moment without waiting."""
    readable, _, _ = select.select([connected], [], [], 0)
    return bool(readable)


def reset(connected: socket.socket) -> None:
    """Close `connected` with a TCP reset instead of an orderly end."""
    connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connected.close()


@contextlib.contextmanager
def running(server: socketserver.TCPServer) -> Iterator[Address]:
    """Let `server` serve in a thread of its own, and stop it and its sessions at the end.

    Args:
        server: A server that is bound already, and not yet running.

    Yields:
        The address that it listens on.
    """
    with server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            host, port = server.socket.getsockname()
            yield host, port
        finally:
            server.shutdown()
            thread.join(TIMEOUT)
