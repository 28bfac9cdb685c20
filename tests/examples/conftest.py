"""What the tests of the example server and of the example proxy share."""

import asyncio
import socket
from collections.abc import Iterator

import pytest

from docs.examples import asyncio_peer, asyncio_server
from docs.examples import proxy as proxy_module
from tests.examples.proxying import Upstream, proxy_running, upstream_listening
from tests.examples.serving import Flood, Gate, Serving, running
from tests.integration.sockets import TIMEOUT, Address

SMALL = 4096
"""Octets that a kernel takes."""


@pytest.fixture
def serving() -> Iterator[Serving]:
    """The example server on asyncio, out of whose tasks nothing may escape."""
    with running() as server:
        yield server


@pytest.fixture
def address(serving: Serving) -> Address:
    """The address of the example server."""
    return serving.address.result()


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    """A gate that stands at its own path."""
    handler = Gate()
    monkeypatch.setitem(asyncio_server.ROUTES, "/gate", handler)
    yield handler
    handler.opened.set()


@pytest.fixture
def flood(monkeypatch: pytest.MonkeyPatch) -> Flood:
    """A flood at its own path."""
    handler = Flood()
    monkeypatch.setitem(asyncio_server.ROUTES, "/flood", handler)
    return handler


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    """What the proxy talks to, as the test wants it."""
    with upstream_listening() as listening:
        yield listening


@pytest.fixture
def reverse(upstream: Upstream, monkeypatch: pytest.MonkeyPatch) -> Iterator[Serving]:
    """A proxy in front of the upstream, which keeps connections for longer than any test waits."""
    monkeypatch.setattr(proxy_module, "IDLE_SECONDS", 2 * TIMEOUT)
    with proxy_running(upstream.address) as server:
        yield server


@pytest.fixture
def proxy(reverse: Serving) -> Address:
    """The address of the proxy in front of the upstream."""
    return reverse.address.result()


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch) -> proxy_module.Pool:
    """The unused connections of the proxy, to be asked for before it."""
    kept = proxy_module.Pool()
    monkeypatch.setattr(proxy_module, "Pool", lambda: kept)
    return kept


@pytest.fixture
def small_buffers(upstream: Upstream, monkeypatch: pytest.MonkeyPatch) -> None:
    """Kernels that take less at once than on loopback, as if there were a network between."""
    upstream.listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL)
    make = asyncio_peer.Peer.connection_made

    def made(self: asyncio_peer.Peer, transport: asyncio.BaseTransport) -> None:
        """Begin, with little room for what goes out."""
        connected = transport.get_extra_info("socket")
        connected.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SMALL)
        make(self, transport)

    monkeypatch.setattr(asyncio_peer.Peer, "connection_made", made)


@pytest.fixture
def forward(monkeypatch: pytest.MonkeyPatch) -> Iterator[Serving]:
    """A proxy that goes where a request says, and keeps connections as long."""
    monkeypatch.setattr(proxy_module, "IDLE_SECONDS", 2 * TIMEOUT)
    with proxy_running(None) as server:
        yield server


@pytest.fixture
def forward_proxy(forward: Serving) -> Address:
    """The address of the proxy that goes where a request says."""
    return forward.address.result()
