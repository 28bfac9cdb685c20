"""Servers that run, each in front of those that it needs.

In: which server is wanted. Out: its address; what is shared is started when it is first wanted.
"""

import contextlib
import re
import socket
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.integration.sockets import LOOPBACK, free_port
from tests.interop.programs import Running, running, temporary_folder
from tests.interop.servers import site
from tests.interop.servers.servers import SERVERS

CONFIGURATIONS = Path(__file__).parent / "configurations"

PLACEHOLDER = re.compile(r"@([a-z_]+)@")

UPLOADS = ("uploads", "small-uploads")


def fill_in(template: str, values: Mapping[str, object]) -> str:
    """Return a text with a value in place of each `@name@`."""
    return PLACEHOLDER.sub(lambda found: str(values[found[1]]), template)


class World:
    """The servers of one run of the tests.

    Args:
        stack: What ends them.
    """

    def __init__(self, stack: contextlib.ExitStack) -> None:
        """Write the files that all of them offer."""
        self._stack = stack
        self._site = stack.enter_context(temporary_folder()) / "site"
        self._shared: dict[str, Running] = {}
        site.build(self._site)
        # Bound, so that nobody else can listen there, and nobody does.
        self._dead = stack.enter_context(socket.socket())
        self._dead.bind((LOOPBACK, 0))

    def server(self, name: str) -> Running:
        """Return the server of that name which all tests share."""
        if name not in self._shared:
            self._shared[name] = self._stack.enter_context(self.another(name))
        return self._shared[name]

    @contextlib.contextmanager
    def another(self, name: str) -> Iterator[Running]:
        """Run a server of a test's own, in front of those that all tests share.

        Yields:
            What is known of it.
        """
        server = SERVERS[name]
        program = server.program.path()
        backends = {f"{other}_port": self.server(other).address[1] for other in server.behind}
        with temporary_folder() as folder:
            for upload in UPLOADS:
                # Also for a server that gives up the rights of root.
                (folder / upload).mkdir()
                (folder / upload).chmod(0o777)
            port = free_port()
            values = {
                **backends,
                "port": port,
                "dead_port": self._dead.getsockname()[1],
                "folder": folder,
                "site": self._site,
                "configuration": folder / server.configuration,
            }
            template = (CONFIGURATIONS / server.configuration).read_text(encoding="utf-8")
            (folder / server.configuration).write_text(fill_in(template, values), encoding="utf-8")
            arguments = [fill_in(argument, values) for argument in server.arguments]
            with running([program, *arguments], port, folder) as started:
                yield started
