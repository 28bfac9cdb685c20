"""Servers for a test or for all of them, each stopped at the end."""

from collections.abc import Callable, Iterator

import pytest

from tests.integration import h11_server, httpx_client, stdlib_server, uvicorn_process
from tests.integration.sockets import Address, running


@pytest.fixture
def http_server() -> Iterator[Address]:
    """The address of a server made of `http.server` that speaks HTTP/1.1."""
    with running(stdlib_server.Server(stdlib_server.Handler)) as address:
        yield address


@pytest.fixture
def old_http_server() -> Iterator[Address]:
    """The address of a server made of `http.server` that speaks HTTP/1.0."""
    with running(stdlib_server.Server(stdlib_server.OldHandler)) as address:
        yield address


@pytest.fixture
def server() -> Iterator[h11_server.Server]:
    """A running server over our server role, in which nothing may have failed at the end."""
    ours = h11_server.Server()
    with running(ours):
        yield ours
    assert ours.failures == []


@pytest.fixture
def address(server: h11_server.Server) -> Address:
    """The address of the server over our server role."""
    host, port = server.socket.getsockname()
    return host, port


@pytest.fixture(scope="session")
def uvicorn_address() -> Iterator[Address]:
    """The address of uvicorn on our package, in a process of its own, unharmed at the end."""
    with uvicorn_process.running() as address:
        yield address


@pytest.fixture(params=["this process", "a process of its own"])
def converse(
    request: pytest.FixtureRequest, uvicorn_address: Address
) -> Callable[[str], httpx_client.Outcome]:
    """A function that lets httpx hold the conversation of that name, here and elsewhere."""
    hold = {
        "this process": httpx_client.converse,
        "a process of its own": httpx_client.converse_apart,
    }[request.param]
    base_url = "http://{}:{}".format(*uvicorn_address)
    return lambda name: hold(name, base_url)
