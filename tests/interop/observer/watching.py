"""A server of the world, and tcpdump, which captures what passes between it and its clients.

In: a port, and what is to happen on it. Out: what the observer has found in the capture.
"""

import contextlib
import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from docs.examples.captures import Connection
from docs.examples.exchanges import Observer
from docs.examples.observer import observe
from tests.environments import clean_environment
from tests.integration.sockets import Address, connect, free_port, read_to_end
from tests.interop.clients.programs import NGINX
from tests.interop.clients.servers import Served
from tests.interop.programs import Program, Running, running, stop, temporary_folder
from tests.interop.servers import site
from tests.interop.servers.world import fill_in

TCPDUMP = Program("tcpdump", "tcpdump", "tcpdump")

SECONDS = 20.0
SECONDS_BETWEEN_TRIALS = 0.05

BUFFER = "65536"
"""KiB that the kernel keeps until tcpdump has written them."""

LAST = b"GET /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
"""What comes last in a capture: when its answer is in the file, so is all that was before it."""

Observed = list[tuple[Connection, Observer]]


@dataclass(frozen=True)
class Capture:
    """A capture that is under way.

    Attributes:
        file: What tcpdump writes to.
        process: tcpdump.
        log: What it says of itself.
    """

    file: Path
    process: subprocess.Popen[bytes]
    log: Path

    def finish(self, server: Address) -> None:
        """Let it go on until all that has passed is in the file, and end it.

        Raises:
            AssertionError: If something was not captured.
        """
        with connect(server) as client:
            client.sendall(LAST)
            answer = read_to_end(client)
        assert answer
        wait_for(lambda: answer in self._end(), self)
        self.process.send_signal(signal.SIGINT)
        self.process.wait(SECONDS)
        said = self.log.read_text(encoding="utf-8")
        assert re.search(r"^0 packets dropped by kernel$", said, re.MULTILINE), said

    def _end(self) -> bytes:
        """Return the end of the file."""
        with self.file.open("rb") as file:
            file.seek(max(0, self.file.stat().st_size - 100_000))
            return file.read()


def wait_for(what: Callable[[], bool], capture: Capture) -> None:
    """Return as soon as something is so."""
    deadline = time.monotonic() + SECONDS
    while not what():
        assert time.monotonic() < deadline, capture.log.read_text(encoding="utf-8")
        assert capture.process.poll() is None, capture.log.read_text(encoding="utf-8")
        time.sleep(SECONDS_BETWEEN_TRIALS)


@contextlib.contextmanager
def capturing(port: int, folder: Path, *link: str) -> Iterator[Capture]:
    """Run tcpdump for the TCP connections of a port, from when it listens to the end of the block.

    Args:
        port: The port.
        folder: Where to keep the capture.
        link: Options that say on what to capture.

    Yields:
        The capture.
    """
    file, log = folder / "capture.pcap", folder / "tcpdump.log"
    command = [
        *(TCPDUMP.path(), *(link or ("-i", "lo")), "-U", "-B", BUFFER, "-Z", "root"),
        *("-w", str(file), "tcp", "port", str(port)),
    ]
    with log.open("wb") as said:
        process = subprocess.Popen(
            command,
            env=clean_environment(),
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
    capture = Capture(file, process, log)
    try:
        try:
            wait_for(lambda: "listening on" in log.read_text(encoding="utf-8"), capture)
        except AssertionError as error:
            # Where a change is judged, nothing goes untested in silence.
            if "permi" in str(error) and not os.environ.get("CI"):
                pytest.skip("tcpdump may not capture here: it has to be root")
            raise
        yield capture
    finally:
        stop(process)


@dataclass(frozen=True)
class Watched:
    """nginx, and what is captured of its connections.

    Attributes:
        nginx: The server.
        capture: What tcpdump writes.
    """

    nginx: Running
    capture: Capture

    @property
    def base(self) -> str:
        """The address, as a client takes it."""
        return "http://{}:{}".format(*self.nginx.address)

    def observed(self) -> Observed:
        """Return what the observer has found; to be called once all clients are done."""
        self.capture.finish(self.nginx.address)
        return observe(self.capture.file)

    def log(self) -> list[str]:
        """Return the lines that nginx has logged, one for each request."""
        return (self.nginx.folder / "requests").read_text(encoding="utf-8").splitlines()


def has_ipv6() -> bool:
    """Return whether there is a loopback address of IPv6."""
    with contextlib.suppress(OSError), socket.create_server(("::1", 0), family=socket.AF_INET6):
        return True
    return False


@contextlib.contextmanager
def watching(application: Served, *link: str) -> Iterator[Watched]:
    """Run nginx in front of a server, and watch what it says to clients.

    Yields:
        Both.
    """
    program = NGINX.path()
    port = free_port()
    with temporary_folder() as folder:
        site.build(folder / "site")
        values = {
            "port": port,
            "also": f"listen [::1]:{port};" if has_ipv6() else "",
            "application_port": application.running.address[1],
            "folder": folder,
            "site": folder / "site",
        }
        template = Path(__file__).with_name("nginx.conf").read_text(encoding="utf-8")
        configuration = folder / "nginx.conf"
        configuration.write_text(fill_in(template, values), encoding="utf-8")
        with (
            running([program, "-e", "stderr", "-c", configuration], port, folder) as nginx,
            capturing(port, folder, *link) as capture,
        ):
            yield Watched(nginx, capture)
