"""The example proxy in a thread of this process, and an upstream that does what a test says.

In: nothing. Out: the address of a proxy, and the connections that it makes to its upstream, as
blocking sockets.
"""

import asyncio
import contextlib
import re
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from docs.examples.forwarding import NAME
from docs.examples.forwarding import Address as AnyAddress
from docs.examples.proxy import Proxy
from tests.examples.serving import Serving, running
from tests.integration.sockets import TIMEOUT, Address, connect, read_to_end, read_until

VIA = f"Via: 1.1 {NAME}\r\n".encode()

HEAD_END = b"\r\n\r\n"

GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n"
CHUNKED = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
OK = b"HTTP/1.1 200 \r\nDate: a\r\nContent-Length: 2\r\n\r\nhi"

_KERNEL_BUFFERS = [Path("/proc/sys/net/ipv4/tcp_rmem"), Path("/proc/sys/net/ipv4/tcp_wmem")]

MOST_IN_BUFFERS = 1_000_000 + sum(
    2 * int(path.read_text(encoding="ascii").split()[-1]) if path.exists() else 8_000_000
    for path in _KERNEL_BUFFERS
)
"""More than the kernel may hold of what goes through a proxy, and the proxy besides."""

PATIENCE = 0.3
"""Seconds after which nothing is taken for nothing."""


class Upstream:
    """What the proxy talks to: a listening socket whose connections the test answers itself."""

    def __init__(self, listening: socket.socket) -> None:
        """Listen already."""
        self.listening = listening
        self.listening.settimeout(TIMEOUT)
        self.address: Address = listening.getsockname()[:2]
        self.authority = "{}:{}".format(*self.address).encode()

    def accept(self) -> socket.socket:
        """Return the next connection of the proxy."""
        accepted, _ = self.listening.accept()
        accepted.settimeout(TIMEOUT)
        accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return accepted

    def is_left_alone(self) -> bool:
        """Return whether nobody connects for a while."""
        self.listening.settimeout(PATIENCE)
        try:
            self.listening.accept()[0].close()
        except TimeoutError:
            return True
        finally:
            self.listening.settimeout(TIMEOUT)
        return False


@contextlib.contextmanager
def upstream_listening() -> Iterator[Upstream]:
    """Listen on a free port.

    Yields:
        The upstream.
    """
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield Upstream(listening)


@contextlib.contextmanager
def proxy_running(upstream: AnyAddress | None) -> Iterator[Serving]:
    """Run the proxy.

    Args:
        upstream: Where it sends all requests; None to let each say it.

    Yields:
        The proxy, which listens already.
    """

    @contextlib.asynccontextmanager
    async def listen() -> AsyncIterator[asyncio.Server]:
        """Listen with the proxy."""
        proxy = Proxy(upstream)
        yield await proxy.listen("127.0.0.1", 0)
        proxy.pool.close()
        await asyncio.sleep(0)  # So that sockets are closed.

    with running(listen) as serving:
        yield serving


def read_head(connected: socket.socket) -> bytes:
    """Return what comes next up to the end of a head, which must be the last of it."""
    return read_until(connected, HEAD_END)


def fields_of(head: bytes) -> dict[bytes, bytes]:
    """Return the fields of a head, of which none may be there twice, by names in lower case."""
    lines = [line.split(b": ", 1) for line in head.split(b"\r\n")[1:] if line]
    fields = {name.lower(): value for name, value in lines}
    assert len(fields) == len(lines), head
    return fields


def without(octets: bytes, *names: bytes) -> bytes:
    """Return heads without the lines of some fields, such as those that differ every time."""
    wanted = b"|".join(re.escape(name) for name in names)
    return re.sub(rb"(?mi)^(?:%b): .*\r\n" % wanted, b"", octets)


def send_until_blocked(connected: socket.socket) -> int:
    """Return how much a peer takes before it takes no more for a while, which it must not do."""
    connected.settimeout(2 * PATIENCE)
    sent = 0
    with contextlib.suppress(TimeoutError):
        while sent < MOST_IN_BUFFERS:
            sent += connected.send(bytes(65536))
    connected.settimeout(TIMEOUT)
    assert sent < MOST_IN_BUFFERS
    return sent


def read_exactly(connected: socket.socket, size: int) -> bytes:
    """Return so many octets."""
    received = bytearray()
    while len(received) < size:
        piece = connected.recv(min(size - len(received), 1 << 20))
        assert piece, f"closed after {len(received)} of {size}"
        received += piece
    return bytes(received)


def exhausted(connected: socket.socket) -> bool:
    """Return whether nothing comes for a while, though the connection is open."""
    connected.settimeout(PATIENCE)
    try:
        return connected.recv(1) == b"never"
    except TimeoutError:
        return True
    finally:
        connected.settimeout(TIMEOUT)


def assert_refused(client: socket.socket, status: int, reason: bytes = b"") -> None:
    """Assert that the client gets an error with a reason, and the end of the connection."""
    received = read_to_end(client)
    assert received.startswith(b"HTTP/1.1 %d " % status), received
    head, _, body = received.partition(b"\r\n\r\n")
    assert b"\r\nConnection: close" in head
    assert body.endswith(b"\n")
    assert reason in body


def assert_serves_on(proxy: Address, upstream: Upstream) -> None:
    """Assert that the next client is served."""
    with connect(proxy) as client:
        client.sendall(GET)
        with upstream.accept() as server:
            read_head(server)
            server.sendall(OK)
            read_until(client, b"hi")


def read_until_broken_off(client: socket.socket) -> bytes:
    """Return what comes before a reset, which there has to be."""
    received = b""
    try:
        while piece := client.recv(65536):
            received += piece
    except ConnectionResetError:
        return received
    pytest.fail(f"an orderly end after {received!r}")
