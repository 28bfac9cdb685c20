"""The servers of a run, the one that a test is about, and a client of ours that asks it."""

import contextlib
from collections.abc import Iterator

import pytest

from tests.integration.h11_client import Client
from tests.interop.programs import Running
from tests.interop.servers.world import World


@pytest.fixture(scope="session")
def world() -> Iterator[World]:
    """All servers, each running from when it is first wanted."""
    with contextlib.ExitStack() as stack:
        yield World(stack)


@pytest.fixture
def server(name: str, world: World) -> Running:
    """The server that the test is about."""
    return world.server(name)


@pytest.fixture
def client(server: Running) -> Iterator[Client]:
    """A connection of ours to that server."""
    with Client(server.address) as connected:
        yield connected
