"""Three servers on our server role: how each is started, and which modules of it use h11.

In: a name. Out: the server, running, with the record of what it receives.
"""

import contextlib
import importlib.metadata
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.environments import REPOSITORY
from tests.integration.identity import identity
from tests.integration.sockets import free_port
from tests.interop.clients import recording
from tests.interop.clients.bodies import Digest
from tests.interop.clients.recording import Received
from tests.interop.programs import Program, Running, running, temporary_folder

TestFunction = Callable[..., None]

APPLICATION = "tests.interop.clients.application:application"

KEPT = "75"
"""Seconds for which a connection waits for another request: longer than proxies keep one, or both
could end it and use it at the same time."""


class Distribution(Program):
    """A program of this very environment, which is a module that Python runs."""

    def path(self) -> str:
        """Return the interpreter."""
        return sys.executable

    def version(self) -> str:
        """Return the version that is installed."""
        return importlib.metadata.version(self.executable)


@dataclass(frozen=True)
class Server:
    """A server on our server role.

    Attributes:
        arguments: What Python is started with, before the port.
        importers: The modules of it that have to hold our h11.
        program: What the table says of it; the example is no program of the world.
        cannot: The features that it does not have, each with the reason.
    """

    arguments: tuple[str, ...]
    importers: frozenset[str]
    program: Program | None
    cannot: Mapping[str, str] = field(default_factory=dict)


_CLOSES_WITH_THE_ANSWER = "closes with its answer, which the reset of unread octets may overtake"

SERVERS = {
    "example": Server(
        ("-m", "tests.interop.clients.on_example", "@port@"),
        frozenset({"docs.examples.asyncio_server"}),
        None,
    ),
    "uvicorn": Server(
        (
            *(
                "-m",
                "uvicorn",
                APPLICATION,
                "--http",
                "h11",
                "--ws",
                "wsproto",
                "--loop",
                "asyncio",
            ),
            *("--no-access-log", "--no-use-colors", "--timeout-graceful-shutdown", "1"),
            *("--timeout-keep-alive", KEPT),
            *("--host", "127.0.0.1", "--port", "@port@"),
        ),
        frozenset({"uvicorn.protocols.http.h11_impl", "wsproto.handshake"}),
        Distribution("uvicorn", "uvicorn", "uvicorn"),
    ),
    "hypercorn": Server(
        (
            *("-m", "hypercorn", APPLICATION, "--graceful-timeout", "1", "--keep-alive", KEPT),
            *("--error-logfile", "-", "--bind", "127.0.0.1:@port@"),
        ),
        frozenset({"hypercorn.protocol.h11", "wsproto.handshake"}),
        Distribution("hypercorn", "hypercorn", "hypercorn"),
        {
            "100-continue refused": "answers 100 whether or not the application wants the body",
            "refusal of a whole upload": _CLOSES_WITH_THE_ANSWER,
            "refusal of an upload under way": _CLOSES_WITH_THE_ANSWER,
            "offer of HTTP/2 not taken up": "takes it up",
        },
    ),
}


@dataclass(frozen=True)
class Served:
    """A server that is running.

    Attributes:
        name: Its name in `SERVERS`.
        running: Its process.
    """

    name: str
    running: Running

    @property
    def base(self) -> str:
        """The address, as a client takes it."""
        return "http://{}:{}".format(*self.running.address)

    def url(self, path: str, run: str, **arguments: object) -> str:
        """Return where to find a path, with an id that belongs to a run."""
        query = "&".join(f"{name}={value}" for name, value in arguments.items())
        return f"{self.base}{path}?id={run}&{query}"

    def received(self, run: str) -> list[Received]:
        """Return the requests of a run in the order of their arrival."""
        _, requests = recording.read(self.running.folder / "record")
        return [request for request in requests if request.id.split(".")[0] == run]

    def kept(self, run: str) -> bytes | None:
        """Return the verdict of a run, if it is there."""
        path = self.running.folder / run
        return path.read_bytes() if path.exists() else None


@contextlib.contextmanager
def serving(name: str, *options: str) -> Iterator[Served]:
    """Run a server, which has to be on our packages, and to end without a complaint in its log.

    Args:
        name: Its name in `SERVERS`.
        options: What it is started with beside what it always has.

    Yields:
        The server.
    """
    server = SERVERS[name]
    port = free_port()
    arguments = [argument.replace("@port@", str(port)) for argument in server.arguments]
    arguments += options
    with temporary_folder() as folder:
        environment = {
            recording.VARIABLE: str(folder / "record"),
            "PYTHONPATH": str(REPOSITORY),
            "PYTHONUNBUFFERED": "1",
        }
        command = [sys.executable, "-W", "error::ResourceWarning", *arguments]
        with running(command, port, folder, environment) as process:
            found, _ = recording.read(folder / "record")
            assert Path(found["file"]).is_relative_to(REPOSITORY / "packages")
            assert {key: found[key] for key in identity()} == identity()
            assert server.importers <= set(found["importers"])
            yield Served(name, process)
        assert "Traceback" not in process.log(), process.log()


def each_server(*features: str) -> Callable[[TestFunction], TestFunction]:
    """Return what makes of a test one for every server that has all of some features.

    Args:
        features: What the test is about.

    Returns:
        A decorator for a test with the argument `served`.
    """
    able = [
        pytest.param(
            name,
            id=name,
            marks=[pytest.mark.program(server.program, "server")] if server.program else [],
        )
        for name, server in SERVERS.items()
        if server.cannot.keys().isdisjoint(features)
    ]

    marks = [
        pytest.mark.parametrize("served", able, indirect=True),
        *(pytest.mark.feature(feature) for feature in features),
        *(
            pytest.mark.left_out(server.program, server.cannot[feature])
            for server in SERVERS.values()
            for feature in features
            if feature in server.cannot
        ),
    ]

    def decorate(test: TestFunction) -> TestFunction:
        """Mark the test, and give it the servers."""
        for mark in marks:
            test = mark(test)
        return test

    return decorate


def digests(answers: str) -> list[Digest]:
    """Return what the server has told, an answer a line."""
    return [Digest(*json.loads(line)) for line in answers.splitlines()]
