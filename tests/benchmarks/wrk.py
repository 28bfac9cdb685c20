"""The load: `wrk`, from Debian's package of that name, on a core of its own.

In: an address, and what to send. Out: how many requests were answered, and how many a second.
"""

import re
import subprocess
from dataclasses import dataclass

from tests.benchmarks import traffic

CONNECTIONS = 16


class LoadError(Exception):
    """Not every request was answered with success."""


@dataclass(frozen=True)
class Load:
    """What `wrk` does.

    Attributes:
        seconds: For how long.
        core: Where.
        bare: Whether it sends only what it must, Host, and not what a browser does.
        patience: After how many seconds it takes a response for lost.
    """

    seconds: int
    core: int
    bare: bool = False
    patience: int = 2

    def command(self, address: str) -> list[str]:
        """Return the command that puts an address under this load."""
        fields = [] if self.bare else traffic.browser_fields(0)
        target = "/" if self.bare else traffic.browser_target(0).decode()
        return [
            *("taskset", "-c", str(self.core), "wrk", "--threads", "1"),
            *("--connections", str(CONNECTIONS), "--duration", f"{self.seconds}s"),
            f"--timeout={self.patience}s",
            *(f"--header={b': '.join(field).decode()}" for field in fields),
            f"http://{address}{target}",
        ]


def put_under_load(address: str, load: Load) -> tuple[int, float]:
    """Return how many requests `wrk` gets answered, and how many a second.

    Raises:
        LoadError: If an answer was no success, or a connection broke.
    """
    finished = subprocess.run(load.command(address), stdout=subprocess.PIPE, check=True, text=True)
    return answered_in(finished.stdout)


def answered_in(report: str) -> tuple[int, float]:
    """Return the requests, and the requests a second, that a report of `wrk` tells.

    Raises:
        LoadError: If it tells of an error, or of no requests.
    """
    requests = re.search(r"^ +([1-9][0-9]*) requests in ", report, re.MULTILINE)
    rate = re.search(r"^Requests/sec: +([0-9.]+)$", report, re.MULTILINE)
    if requests is None or rate is None or "Non-2xx" in report or "Socket errors" in report:
        raise LoadError(report)
    return int(requests[1]), float(rate[1])
