"""The example server in a process of its own.

In: which core it has. Out: its address, and its memory; at its end, what it has logged.
"""

import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.environments import REPOSITORY
from tests.soak.exchange import Address

EXAMPLE = REPOSITORY / "docs" / "examples" / "asyncio_server.py"

SECONDS_TO_END = 20
"""For the server to end by itself once it is interrupted."""


class ServerError(Exception):
    """The server did not start, does not answer, or did not end by itself."""


class Server:
    """A server that is running.

    Attributes:
        address: Where it listens.
        log: What it has logged, once it has ended: nothing, if all went well.
    """

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        """Wait until the server says where it listens."""
        self._process = process
        self.address = self._address()
        self.log: list[str] = []

    def resident(self) -> int:
        """Return the octets of memory that are resident."""
        statistics = Path(f"/proc/{self._process.pid}/statm").read_text(encoding="ascii")
        return int(statistics.split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def blocks(self) -> int:
        """Return how many blocks of memory its objects have."""
        self._process.send_signal(signal.SIGUSR1)
        return int(self._said(r"blocks (\d+)")[1])

    def end(self) -> int:
        """Interrupt the server, and return its exit code.

        Raises:
            ServerError: If it does not end.
        """
        self._process.send_signal(signal.SIGINT)
        try:
            return self._process.wait(SECONDS_TO_END)
        except subprocess.TimeoutExpired as error:
            message = f"the server had not ended {SECONDS_TO_END} s after it was interrupted"
            raise ServerError(message) from error

    def _address(self) -> Address:
        found = self._said(r"http://(127\.0\.0\.1):(\d+)")
        return found[1], int(found[2])

    def _said(self, pattern: str) -> "re.Match[str]":
        line = self._process.stdout.readline() if self._process.stdout else ""
        found = re.search(pattern, line)
        if found is None:
            message = f"the server says {line!r}"
            raise ServerError(message)
        return found


def command(core: int, program: Path) -> list[str]:
    """Return what runs a server on a core."""
    return [
        *("taskset", "-c", str(core), sys.executable, "-m", "tests.soak.serving"),
        *(str(program), "--port", "0"),
    ]


@contextmanager
def running(core: int, program: Path = EXAMPLE) -> Iterator[Server]:
    """Run a server on a free port.

    Args:
        core: Which core it has.
        program: What it is.

    Yields:
        The server, which listens.

    Raises:
        ServerError: If it does not start, or does not end.
    """
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8") as log,
        subprocess.Popen(
            command(core, program), cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=log, text=True
        ) as process,
    ):
        try:
            server = Server(process)
            yield server
            code = server.end()
        finally:
            process.kill()
        log.seek(0)
        server.log += log.read().splitlines()
        if code != 0:
            server.log.append(f"the server ended with code {code}")
