"""What an implementation of HTTP/1.1 brings to the benchmark.

In: its module and its way to do each line. Out: one object that a worker times.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

Case = TypeVar("Case")


def unchanged(result: Any) -> object:
    """Return a result as it is."""
    return result


@dataclass(frozen=True)
class Work(Generic[Case]):
    """How an implementation does a line.

    Attributes:
        begin: Gives a function that does the work of one call, on a state of its own.
        told: Makes of its result, after the clock has stopped, what is compared with what is right.
    """

    begin: Callable[[], Callable[[Case], Any]]
    told: Callable[[Any], object] = unchanged


@dataclass(frozen=True)
class Implementation:
    """What does the lines of the table.

    Attributes:
        name: What it is imported by.
        version: Its version.
        path: The file that it was imported from.
        packages: The packages from outside the standard library that its import loads.
        works: How it does each line that is timed, as far as it can.
        idle: Makes a connection that has served a request, and waits for the next one.
        body: Begins to receive a body of that length, and gives what takes a read of it.
    """

    name: str
    version: str
    path: str
    packages: tuple[str, ...]
    works: Mapping[str, Work[Any]] = field(repr=False)
    idle: Callable[[], object] | None = None
    body: Callable[[int], Callable[[bytes], None]] | None = None


class UnexpectedEventError(Exception):
    """Another event came than the one that the bytes stand for."""
