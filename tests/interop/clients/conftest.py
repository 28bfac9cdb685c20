"""What the tests with clients share: the servers, files to upload, names for runs."""

import contextlib
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.interop.clients.bodies import SIZES, octets
from tests.interop.clients.servers import Served, serving
from tests.interop.programs import temporary_folder


@pytest.fixture(scope="session")
def serve() -> Iterator[Callable[[str], Served]]:
    """A function that gives a server by its name; it runs from when it is first wanted."""
    with contextlib.ExitStack() as stack:
        running: dict[str, Served] = {}

        def server(name: str) -> Served:
            """Return the server of that name which all tests share."""
            if name not in running:
                running[name] = stack.enter_context(serving(name))
            return running[name]

        yield server


@pytest.fixture
def served(request: pytest.FixtureRequest, serve: Callable[[str], Served]) -> Served:
    """The server that `each_server` asks for."""
    return serve(request.param)


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
