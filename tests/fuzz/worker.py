"""A process that fuzzes one target: its name and libFuzzer's options in, statistics and finds out.

In: `python -m tests.fuzz.worker TARGET [OPTION ...] [FOLDER ...]`. Out: libFuzzer's own words on
standard error, new inputs in the first folder, and an exit code other than zero for a finding.

Everything about atheris is here. It has no types, and is imported by name, so that nothing else has
to know whether it is there.
"""

import importlib
import sys
from collections.abc import Callable, Sequence
from typing import Any, Final
from zlib import crc32

INSTRUMENTED: Final = ("h11", "h11_events", "h11_parser", "h11_statemachine")
"""The packages whose branches and comparisons guide the fuzzer."""

TREES: Final = 64
LEAVES: Final = 32
"""So many landmarks can be told apart. One large tree would take atheris minutes."""

CANNOT_RUN: Final = 2
"""The exit code without atheris, or without a target."""


def main(arguments: Sequence[str]) -> int:
    """Fuzz; with atheris and a target, libFuzzer ends the process by itself."""
    try:
        atheris = importlib.import_module("atheris")
    except ImportError as error:
        sys.stderr.write(f"{error}: the fuzzers need atheris, which this Python has not\n")
        return CANNOT_RUN
    with atheris.instrument_imports(include=INSTRUMENTED):
        targets = importlib.import_module("tests.fuzz.targets").TARGETS
    if not arguments or arguments[0] not in targets:
        sys.stderr.write(f"which target? There are {', '.join(targets)}\n")
        return CANNOT_RUN
    name, *options = arguments
    trees = [atheris.instrument_func(tree()) for _ in range(TREES)]
    target = targets[name]

    def check(octets: bytes) -> None:
        for mark in target(octets):
            number = crc32(mark.encode())
            trees[number % TREES](number // TREES % LEAVES)

    atheris.Setup([f"fuzz-{name}", *options], check)
    atheris.Fuzz()
    return 0


def tree() -> Callable[[int], None]:
    """Return a function that takes another branch for each number.

    It shows to a fuzzer what is no branch in our packages, because tables decide it.
    """

    def branches(first: int, count: int, indent: str) -> list[str]:
        if count == 1:
            return [f"{indent}return"]
        middle = first + count // 2
        lower = branches(first, count // 2, indent + " ")
        return [f"{indent}if number < {middle}:", *lower, *branches(middle, count // 2, indent)]

    source = "\n".join(["def visit(number):", *branches(0, LEAVES, " ")])
    names: dict[str, Any] = {}
    exec(source, names)
    visit: Callable[[int], None] = names["visit"]
    return visit


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
