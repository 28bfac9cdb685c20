"""Bounded blocking sockets on loopback, for both ends of a conversation.

In: addresses and servers of the standard library's `socketserver`. Out: connected sockets that
never block for longer than `TIMEOUT`, and what is read from them.
"""

import contextlib
import select
import socket
import socketserver
import struct
import threading
from collections.abc import Iterator

TIMEOUT = 60.0
"""Seconds after which a blocking operation of these tests fails: long, as a machine may be busy."""

READ_SIZE = 65536

Address = tuple[str, int]


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
