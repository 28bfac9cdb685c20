"""A process that times the `h11` that it imports, told over its standard input what to time.

In: JSON lines `{"line": name, "first": index, "count": calls}`. Out: JSON lines, at first which
`h11` it is, then for each order the seconds that the calls took. It ends where its input ends.
Runs under every interpreter that has an `h11`.
"""

import faulthandler
import gc
import json
import platform
import sys
import time
from collections import deque
from typing import Any

import h11
from tests.benchmarks.workloads import WORKLOADS, Workload

CHECKED = 16
"""Of how many calls at the end of a sample the results are compared with what is right."""

SECONDS_TO_GIVE_UP = 60
"""After how long a sample is taken for one that hangs."""


class WrongResultError(Exception):
    """The work that was timed was not done right, so that its time means nothing."""


def sample(workload: Workload[Any], first: int, count: int) -> float:
    """Time `count` calls, the first of them with the input of index `first`.

    The clock is that of the processor time of this process: the work neither waits nor sleeps, and
    what else the machine has to do would show in the time of day alone.

    Returns:
        The seconds that all of them took together.

    Raises:
        WrongResultError: If one of the last results is not what it must be.
    """
    cases = [workload.make(index) for index in range(first, first + count)]
    perform = workload.begin()
    gc.collect()
    gc.disable()
    try:
        started = time.process_time()
        results = deque(map(perform, cases), maxlen=CHECKED)
        elapsed = time.process_time() - started
    finally:
        gc.enable()
    for index, result in zip(
        reversed(range(first, first + count)), reversed(results), strict=False
    ):
        right = workload.expect(index)
        if result != right:
            message = f"call {index}: {result!r:.500} is not {right!r:.500}"
            raise WrongResultError(message)
    return elapsed


def identity() -> dict[str, str]:
    """Return which `h11` this is, and what runs it."""
    interpreter = f"{platform.python_implementation()} {platform.python_version()}"
    return {"version": h11.__version__, "path": h11.__file__, "interpreter": interpreter}


def main() -> None:
    """Say who it is, then take samples until the input ends."""
    say(identity())
    for line in sys.stdin:
        order = json.loads(line)
        faulthandler.dump_traceback_later(SECONDS_TO_GIVE_UP, exit=True)
        seconds = sample(WORKLOADS[order["line"]], order["first"], order["count"])
        faulthandler.cancel_dump_traceback_later()
        say({"seconds": seconds})


def say(answer: dict[str, str] | dict[str, float]) -> None:
    """Write a line of output."""
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
