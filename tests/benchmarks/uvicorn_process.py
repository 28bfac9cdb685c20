"""uvicorn in a process of its own, on a core of its own, and what it answers.

In: an interpreter that has it, the HTTP implementation, an application. Out: the address that it
listens on and its process, once its answer has been seen to be right.
"""

import contextlib
import http.client
import queue
import re
import subprocess
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.application import EXPECTED
from tests.environments import REPOSITORY, clean_environment

LISTENING = re.compile(r"(?:running|Listening) on http://(127\.0\.0\.1:\d+)\b")

SECONDS_TO_START = 30
SECONDS_TO_END = 10


class ServerError(Exception):
    """A server did not start, or does not answer as it shall."""


@dataclass(frozen=True)
class Server:
    """What is started.

    Attributes:
        title: What the tables call it.
        interpreter: An interpreter that has uvicorn.
        http: The HTTP implementation, as `--http` names it.
    """

    title: str
    interpreter: Path
    http: str


@dataclass(frozen=True)
class Running:
    """A server that is running.

    Attributes:
        address: Where it listens.
        process: The number of its process.
    """

    address: str
    process: int

    def processor_seconds(self) -> float:
        """Return the processor time that the server's only thread has used so far."""
        statistics = Path(f"/proc/{self.process}/schedstat").read_text(encoding="ascii")
        return int(statistics.split()[0]) / 1e9


def command(server: Server, application: str, core: int) -> list[str]:
    """Return what starts a server on a core."""
    name = f"tests.benchmarks.application:{application}"
    return [
        *("taskset", "-c", str(core)),
        *(str(server.interpreter), "-m", "uvicorn", name, "--http", server.http),
        *("--loop", "asyncio", "--ws", "none", "--lifespan", "off", "--no-access-log"),
        *("--no-use-colors", "--host", "127.0.0.1", "--port", "0"),
    ]


@contextlib.contextmanager
def running(server: Server, application: str, core: int) -> Iterator[Running]:
    """Run a server on a free port.

    Yields:
        What is known of it.

    Raises:
        ServerError: If it does not start, or answers something else.
    """
    with listening(command(server, application, core)) as started:
        check(started.address, application)
        yield started


@contextlib.contextmanager
def listening(command: Sequence[str]) -> Iterator[Running]:
    """Run a program that tells where it listens.

    Yields:
        What is known of it.

    Raises:
        ServerError: If it does not start.
    """
    with subprocess.Popen(
        command,
        cwd=REPOSITORY,
        env=clean_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        log: list[str] = []
        started: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        lines = process.stdout or ()
        reader = threading.Thread(target=follow, args=(lines, log, started))
        reader.start()
        try:
            address = started.get(timeout=SECONDS_TO_START)
            if address is None:
                raise ServerError("".join(log))
            yield Running(address, process.pid)
        finally:
            stop(process)
            reader.join(SECONDS_TO_END)


def follow(lines: Iterable[str], log: list[str], started: "queue.SimpleQueue[str | None]") -> None:
    """Keep what is logged, and pass on the address as soon as it is known; at the end, nothing."""
    for line in lines:
        log.append(line)
        if found := LISTENING.search(line):
            started.put(found[1])
    started.put(None)


def check(address: str, application: str) -> None:
    """See that the server answers what the application says.

    Raises:
        ServerError: If it does not.
    """
    connection = http.client.HTTPConnection(address, timeout=SECONDS_TO_END)
    try:
        connection.request("GET", "/")
        response = connection.getresponse()
        body = response.read()
    finally:
        connection.close()
    fields, expected = EXPECTED[application]
    sent = [(name.lower().encode(), value.encode()) for name, value in response.getheaders()]
    if response.status != 200 or body != expected or not set(fields) <= set(sent):
        raise ServerError(response.status, sent, body)


def stop(process: subprocess.Popen[str]) -> None:
    """End a process, by force when it does not end by itself."""
    process.terminate()
    try:
        process.wait(SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
