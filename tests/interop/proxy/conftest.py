"""What the tests of the proxy share: servers, proxies in front of them, and files to send."""

import contextlib
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.integration.sockets import Address
from tests.interop.clients.bodies import SIZES, octets
from tests.interop.clients.servers import Served, serving
from tests.interop.programs import Running, temporary_folder
from tests.interop.proxy.proxies import proxy_running, through
from tests.interop.servers.world import World


@pytest.fixture(scope="session")
def stack() -> Iterator[contextlib.ExitStack]:
    """What ends all programs of the run."""
    with contextlib.ExitStack() as programs:
        yield programs


@pytest.fixture(scope="session")
def recorder(stack: contextlib.ExitStack) -> Served:
    """A server of the world that records what arrives."""
    return stack.enter_context(serving("uvicorn"))


@pytest.fixture(scope="session")
def reverse(stack: contextlib.ExitStack, recorder: Served) -> Served:
    """The server that records, as it is seen through a proxy in front of it."""
    return through(stack.enter_context(proxy_running(recorder.running.address)), recorder)


@pytest.fixture(scope="session")
def forward(stack: contextlib.ExitStack) -> Running:
    """A proxy that goes where a client wants."""
    return stack.enter_context(proxy_running(None))


@pytest.fixture(scope="session")
def world(stack: contextlib.ExitStack) -> World:
    """The servers that have files and answers of all kinds."""
    return World(stack)


@pytest.fixture(scope="session")
def proxy_of(stack: contextlib.ExitStack, world: World) -> Callable[[str], Address]:
    """A function that gives the address of a proxy in front of a server of the world."""
    running: dict[str, Address] = {}

    def proxy(name: str) -> Address:
        """Return the proxy that all tests share."""
        if name not in running:
            address = world.server(name).address
            running[name] = stack.enter_context(proxy_running(address)).address
        return running[name]

    return proxy


@pytest.fixture(scope="session")
def files() -> Iterator[dict[int, Path]]:
    """A file of each size."""
    with temporary_folder() as folder:
        paths = {size: folder / str(size) for size in SIZES}
        for size, path in paths.items():
            path.write_bytes(octets(size))
        yield paths


@pytest.fixture
def run() -> str:
    """A name that the ids of one test begin with."""
    return uuid.uuid4().hex
