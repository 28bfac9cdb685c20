"""A process that times the implementation that it is started for, told what over standard input.

In: the name of a module beside this one; then JSON lines `{"line": name, "first": index, "count":
calls}`. Out: JSON lines, at first which implementation it is, then for each order the seconds that
the calls took, or the bytes. It ends where its input ends. Runs under every interpreter that has
that implementation.
"""

import faulthandler
import gc
import json
import platform
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from tests.benchmarks.gauges import gauges_of
from tests.benchmarks.implementation import Implementation, Work
from tests.benchmarks.lines import LINES, Line

CHECKED = 16
"""Of how many calls at the end of a sample the results are compared with what is right."""

SECONDS_TO_GIVE_UP = 60
"""After how long a sample is taken for one that hangs."""


class WrongResultError(Exception):
    """The work that was timed was not done right, so that its time means nothing."""


def sample(line: Line[Any], work: Work[Any], first: int, count: int) -> float:
    """Time `count` calls, the first of them with the input of index `first`.

    The clock is that of the processor time of this process: the work neither waits nor sleeps, and
    what else the machine has to do would show in the time of day alone.

    Returns:
        The seconds that all of them took together.

    Raises:
        WrongResultError: If one of the last results is not what it must be.
    """
    cases = [line.make(index) for index in range(first, first + count)]
    perform = work.begin()
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
        told, right = work.told(result), line.expect(index)
        if told != right:
            message = f"call {index}: {told!r:.500} is not {right!r:.500}"
            raise WrongResultError(message)
    return elapsed


def identity(implementation: Implementation, lines: list[str]) -> dict[str, str | list[str]]:
    """Return which implementation this is, what runs it, and what it can do."""
    return {
        "name": implementation.name,
        "version": implementation.version,
        "path": implementation.path,
        "interpreter": f"{platform.python_implementation()} {platform.python_version()}",
        "lines": lines,
    }


def amount(
    implementation: Implementation,
    gauges: Mapping[str, Callable[[], float]],
    order: Mapping[str, Any],
) -> float:
    """Return what an order asks for: the seconds or bytes of that many calls of a line."""
    if gauge := gauges.get(order["line"]):
        return sum(gauge() for _ in range(order["count"]))
    line, work = LINES[order["line"]], implementation.works[order["line"]]
    return sample(line, work, order["first"], order["count"])


def main(module: str) -> None:
    """Say who it is, then take samples until the input ends."""
    implementation: Implementation = import_module(f"tests.benchmarks.{module}").IMPLEMENTATION
    gauges = gauges_of(implementation)
    say(identity(implementation, [*implementation.works, *gauges]))
    for line in sys.stdin:
        faulthandler.dump_traceback_later(SECONDS_TO_GIVE_UP, exit=True)
        answer = amount(implementation, gauges, json.loads(line))
        faulthandler.cancel_dump_traceback_later()
        say({"amount": answer})


def say(answer: Mapping[str, object]) -> None:
    """Write a line of output."""
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
