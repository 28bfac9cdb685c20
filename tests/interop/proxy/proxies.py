"""The example proxy as a program, and what it stands in front of.

In: an address, or none. Out: the proxy, running; in front of a server that records, something that
looks like that server but is reached through the proxy.
"""

import contextlib
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from tests.environments import REPOSITORY
from tests.integration.sockets import Address, free_port
from tests.interop.clients.programs import NGINX
from tests.interop.clients.servers import SERVERS, Served
from tests.interop.programs import Program, Running, running, temporary_folder

NODE = Program("Node.js http", "node", "nodejs")

TestFunction = Callable[..., None]


@contextlib.contextmanager
def proxy_running(upstream: Address | None) -> Iterator[Running]:
    """Run the proxy, which has to end without a complaint in its log.

    Args:
        upstream: Where it sends all requests; None to let each say it.

    Yields:
        The proxy.
    """
    port = free_port()
    command = [sys.executable, "-W", "error::ResourceWarning", "-m", "docs.examples.proxy"]
    command += ["--port", str(port)]
    if upstream is not None:
        command += ["--upstream", "{}:{}".format(*upstream)]
    with temporary_folder() as folder:
        environment = {"PYTHONPATH": str(REPOSITORY), "PYTHONUNBUFFERED": "1"}
        with running(command, port, folder, environment) as process:
            yield process
        assert "Traceback" not in process.log(), process.log()
        assert "rror" not in process.log(), process.log()


def through(proxy: Running, served: Served) -> Served:
    """Return a server as a client of the proxy sees it."""
    return replace(served, running=replace(served.running, address=proxy.address))


def each_upstream(*names: str) -> Callable[[TestFunction], TestFunction]:
    """Return what gives a test the argument `upstream`, by the names of servers.

    Args:
        names: Of nginx, node and uvicorn.
    """
    programs = {"nginx": NGINX, "node": NODE, "uvicorn": SERVERS["uvicorn"].program}
    return pytest.mark.parametrize(
        "upstream",
        [
            pytest.param(name, id=name, marks=pytest.mark.program(programs[name], "both"))
            for name in names
        ],
    )
