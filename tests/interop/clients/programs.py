"""The clients and proxies of the world, and how to run a client that ends by itself.

In: what the client is to do. Out: what it prints.
"""

import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.environments import clean_environment
from tests.interop.programs import Program

CURL = Program("curl", "curl", "curl")
WGET = Program("wget", "wget", "wget")
AB = Program("ApacheBench", "ab", "apache2-utils", "-V")
WRK = Program("wrk", "wrk", "wrk", "-v")
FETCH = Program("Node.js fetch", "node", "nodejs")
AGENT = Program("Node.js http", "node", "nodejs")
CHROMIUM = Program("Chromium", "chromium", "chromium")
NGINX = Program("nginx", "nginx", "nginx-light", "-v")
HAPROXY = Program("HAProxy", "haproxy", "haproxy", "-v")

SECONDS = 90


def client(program: Program) -> pytest.MarkDecorator:
    """Return the mark of tests that let a program talk to our server role."""
    return pytest.mark.program(program, "server")


def load(connections: int, seconds: int) -> list[str]:
    """Return the options that let wrk ask on some connections for some seconds.

    A late answer is none that failed, so it has more patience than the two seconds of its own.
    """
    sizes = ("--threads", "1", "--connections", str(connections))
    return [*sizes, "--duration", f"{seconds}s", "--timeout", "30s"]


def output_of(
    program: Program, arguments: Sequence[str | Path], cwd: Path | None = None, *, status: int = 0
) -> str:
    """Return what a program prints, which has to end with a status.

    Raises:
        AssertionError: If it does not; with all that it had to say.
    """
    finished = subprocess.run(
        [program.path(), *arguments],
        cwd=cwd,
        env=clean_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert finished.returncode == status, (finished.args, finished.stdout, finished.stderr)
    return finished.stdout
