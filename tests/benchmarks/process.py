"""A worker in a process of its own, asked over pipes.

In: the interpreter and the implementation, then what to measure. Out: which implementation it is,
and seconds or bytes.
"""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from tests.environments import REPOSITORY, clean_environment

SECONDS_TO_END = 10


class WorkerEndedError(Exception):
    """A worker ended before it had answered; why is on standard error."""


@dataclass(frozen=True)
class Identity:
    """What a worker says of itself.

    Attributes:
        name: What its implementation is imported by.
        version: The version of that.
        path: Where it was imported from.
        interpreter: What runs it.
        lines: The lines that it can do.
    """

    name: str
    version: str
    path: str
    interpreter: str
    lines: list[str]

    def __str__(self) -> str:
        """Return it in a line."""
        return f"{self.name} {self.version}, {self.interpreter}, {self.path}"


class Worker:
    """What a running worker is asked through.

    Attributes:
        identity: Who it is.
    """

    def __init__(self, orders: IO[str], answers: IO[str]) -> None:
        """Wait until the worker at the other end of the pipes has said who it is."""
        self._orders = orders
        self._answers = answers
        self._next_index: dict[str, int] = {}
        self.identity = Identity(**self._answer())

    def sample(self, line: str, count: int) -> float:
        """Return the seconds or bytes that `count` calls of a line take, on inputs not used so far.

        Raises:
            WorkerEndedError: If the work failed, was not done right, or hangs.
        """
        first = self._next_index.get(line, 0)
        self._next_index[line] = first + count
        order = {"line": line, "first": first, "count": count}
        self._orders.write(json.dumps(order) + "\n")
        self._orders.flush()
        return float(self._answer()["amount"])

    def _answer(self) -> dict[str, Any]:
        line = self._answers.readline()
        if not line:
            message = "no answer: the worker has ended"
            raise WorkerEndedError(message)
        answer: dict[str, Any] = json.loads(line)
        return answer


@contextmanager
def running(interpreter: Path, module: str = "on_h11") -> Iterator[Worker]:
    """Run a worker in the environment of `interpreter`, and end it afterwards.

    Args:
        interpreter: What runs it.
        module: The module beside this one that has the implementation.
    """
    process = subprocess.Popen(
        [interpreter, "-m", "tests.benchmarks.worker", module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=REPOSITORY,
        env=clean_environment(),
    )
    try:
        if process.stdin is None or process.stdout is None:
            raise BrokenPipeError
        yield Worker(process.stdin, process.stdout)
    finally:
        try:
            process.communicate(timeout=SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
