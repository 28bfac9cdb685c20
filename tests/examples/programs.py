"""The example programs, run as a reader runs them.

In: the name of a program in `docs/examples/`, and its arguments. Out: the process and, of a server,
the address that it prints.
"""

import contextlib
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from urllib.parse import urlsplit

from tests.environments import REPOSITORY
from tests.integration.sockets import TIMEOUT, Address


def command(program: str, *arguments: str) -> list[str]:
    """Return the command that runs an example, to which warnings are errors."""
    path = REPOSITORY / "docs" / "examples" / program
    return [sys.executable, "-W", "error", str(path), *arguments]


@contextlib.contextmanager
def running_program(program: str, *arguments: str) -> Iterator[Address]:
    """Run a server on a free port, and interrupt it at the end, which it has to take quietly.

    Args:
        program: The file name of the example.
        arguments: Its arguments without the port.

    Yields:
        The address that it has printed.
    """
    with subprocess.Popen(
        command(program, *arguments, "--port", "0"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout is not None
        assert server.stderr is not None
        try:
            line = server.stdout.readline()
            found = re.fullmatch(r"Listening on (http://\S+)\n", line)
            assert found is not None, line + server.stderr.read()
            url = urlsplit(found[1])
            yield str(url.hostname), int(url.port or 0)
            server.send_signal(signal.SIGINT)
            assert server.wait(TIMEOUT) == 0
            assert server.stderr.read() == ""
        finally:
            server.kill()


def run_program(program: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Return what an example gives that ends by itself."""
    return subprocess.run(
        command(program, *arguments), capture_output=True, timeout=TIMEOUT, check=False
    )
