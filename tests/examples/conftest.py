"""What the tests of the example server share."""

from collections.abc import Iterator

import pytest

from docs.examples import asyncio_server
from tests.examples.serving import Flood, Gate, running
from tests.integration.sockets import Address


@pytest.fixture
def address() -> Iterator[Address]:
    """The address of the example server on asyncio, out of whose tasks nothing may escape."""
    with running() as serving:
        yield serving.address.result()


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
