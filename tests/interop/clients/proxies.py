"""Reverse proxies of the world in front of a server of ours.

In: the name of a way to it. Out: a proxy that runs, and the path under which it goes that way.
"""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.integration.sockets import free_port
from tests.interop.clients.programs import HAPROXY, NGINX
from tests.interop.clients.servers import Served
from tests.interop.programs import Program, Running, running, temporary_folder

TestFunction = Callable[..., None]


@dataclass(frozen=True)
class Way:
    """A way in which a proxy speaks to a server of ours.

    Attributes:
        proxy: The program.
        configuration: Its file beside this one.
        arguments: What it is started with, before that file.
        prefix: The path that leads this way.
        version: The version of HTTP that it speaks to the server.
        streams: Whether it passes on a body before it has all of it.
    """

    proxy: Program
    configuration: str
    arguments: tuple[str, ...]
    prefix: str = ""
    version: str = "1.1"
    streams: bool = True


_NGINX = ("-e", "stderr", "-c")

WAYS = {
    "nginx": Way(NGINX, "nginx.conf", _NGINX),
    "nginx with buffers": Way(NGINX, "nginx.conf", _NGINX, "/buffered", streams=False),
    "nginx in HTTP/1.0": Way(NGINX, "nginx.conf", _NGINX, "/old", "1.0", streams=False),
    "haproxy": Way(HAPROXY, "haproxy.cfg", ("-db", "-f")),
}


def each_way(
    wanted: Callable[[Way], bool] = lambda _: True,
) -> Callable[[TestFunction], TestFunction]:
    """Return what gives a test with the argument `way` every way that is wanted."""
    return pytest.mark.parametrize(
        "way",
        [
            pytest.param(way, id=name, marks=pytest.mark.program(way.proxy, "server"))
            for name, way in WAYS.items()
            if wanted(way)
        ],
    )


@contextlib.contextmanager
def in_front_of(served: Served, way: Way) -> Iterator[Running]:
    """Run the proxy of a way.

    Yields:
        The proxy.
    """
    program = way.proxy.path()
    port = free_port()
    with temporary_folder() as folder:
        values = {"port": port, "upstream": served.running.address[1], "folder": folder}
        text = (Path(__file__).parent / way.configuration).read_text(encoding="utf-8")
        for name, value in values.items():
            text = text.replace(f"@{name}@", str(value))
        configuration = folder / way.configuration
        configuration.write_text(text, encoding="utf-8")
        with running([program, *way.arguments, configuration], port, folder) as proxy:
            yield proxy
