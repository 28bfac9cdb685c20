"""The server of ours behind nginx, and nginx with what passes captured."""

from collections.abc import Iterator

import pytest

from tests.interop.clients.servers import Served, serving
from tests.interop.observer.watching import TCPDUMP, Watched, watching


@pytest.fixture(scope="session")
def application() -> Iterator[Served]:
    """A server that uploads go to, and chunks and WebSockets come from."""
    TCPDUMP.path()
    with serving("uvicorn") as served:
        yield served


@pytest.fixture
def watched(application: Served) -> Iterator[Watched]:
    """A nginx in front of that server, and a capture of what it says to clients."""
    with watching(application) as found:
        yield found
