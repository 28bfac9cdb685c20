"""A worker in a process of its own, asked over pipes.

In: the interpreter, then what to time. Out: which `h11` it has, and seconds.
"""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from tests.environments import REPOSITORY, clean_environment

SECONDS_TO_END = 10


class WorkerEndedError(Exception):
    """A worker ended before it had answered; why is on standard error."""


class Worker:
    """What a running worker is asked through.

    Attributes:
        identity: The `version` and `path` of its `h11`, and the `interpreter`.
    """

    def __init__(self, orders: IO[str], answers: IO[str]) -> None:
        """Wait until the worker at the other end of the pipes has said who it is."""
        self._orders = orders
        self._answers = answers
        self._next_index: dict[str, int] = {}
        self.identity: dict[str, str] = self._answer()

    def sample(self, line: str, count: int) -> float:
        """Return the seconds that `count` calls of a line take, on inputs not used so far.

        Raises:
            WorkerEndedError: If the work failed, was not done right, or hangs.
        """
        first = self._next_index.get(line, 0)
        self._next_index[line] = first + count
        order = {"line": line, "first": first, "count": count}
        self._orders.write(json.dumps(order) + "\n")
        self._orders.flush()
        return float(self._answer()["seconds"])

    def _answer(self) -> dict[str, Any]:
        line = self._answers.readline()
        if not line:
            message = "no answer: the worker has ended"
            raise WorkerEndedError(message)
        answer: dict[str, Any] = json.loads(line)
        return answer


@contextmanager
def running(interpreter: Path) -> Iterator[Worker]:
    """Run a worker in the environment of `interpreter`, and end it afterwards."""
    process = subprocess.Popen(
        [interpreter, "-m", "tests.benchmarks.worker"],
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
