"""The lines of the table that are not timed in the worker: memory, copies, and the import.

In: an implementation. Out: bytes or seconds. Memory is counted by `tracemalloc`, which sees what
Python allocates: of native code it would show a part only, so these lines are for `h11` alone.
"""

import gc
import subprocess
import sys
import tempfile
import tracemalloc
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from tests.benchmarks.bodies import READ_SIZE
from tests.benchmarks.implementation import Implementation
from tests.environments import clean_environment

IDLE_CONNECTIONS = 200
READS = 64

IMPORT = """
import sys, time
sys.path.append({folder!r})
begun = time.process_time()
import {name}
print(time.process_time() - begun)
"""


def gauges_of(implementation: Implementation) -> dict[str, Callable[[], float]]:
    """Return what measures an implementation, by the names of the lines."""
    name, packages = implementation.name, implementation.packages
    gauges: dict[str, Callable[[], float]] = {"import_time": lambda: import_time(name, packages)}
    if idle := implementation.idle:
        gauges["idle_memory"] = lambda: bytes_held(idle)
    if body := implementation.body:
        gauges["body_copied"] = lambda: bytes_copied(body)
    return gauges


def bytes_held(make: Callable[[], object]) -> float:
    """Return how many bytes stay allocated for each object that `make` makes."""
    make()  # What is remembered for all of them is there from now on.
    kept: list[object] = [None] * IDLE_CONNECTIONS
    gc.collect()
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        for place in range(IDLE_CONNECTIONS):
            kept[place] = make()
        gc.collect()
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    return (after - before) / len(kept)


def bytes_copied(begin: Callable[[int], Callable[[bytes], None]]) -> float:
    """Return how many bytes are allocated at once, on average, while a read of a body is taken."""
    reads = [bytes([number]) * READ_SIZE for number in range(READS)]
    take = begin(READS * READ_SIZE)
    total = 0
    tracemalloc.start()
    try:
        for read in reads:
            tracemalloc.reset_peak()
            before, _ = tracemalloc.get_traced_memory()
            take(read)
            _, peak = tracemalloc.get_traced_memory()
            total += peak - before
    finally:
        tracemalloc.stop()
    return total / READS


def import_time(name: str, packages: tuple[str, ...]) -> float:
    """Return the processor time that a fresh interpreter needs to import something.

    The packages lie in one folder, as after an installation, and nothing else is loaded before:
    neither `site` nor what an environment loads at its start.

    Args:
        name: What is imported.
        packages: The packages that it is made of, as far as they are there.
    """
    with tempfile.TemporaryDirectory() as folder:
        for package in packages:
            spec = find_spec(package)
            if spec is not None and spec.origin is not None:
                origin = Path(spec.origin)
                source = origin.parent if origin.name == "__init__.py" else origin
                (Path(folder) / source.name).symlink_to(source)
        command = [sys.executable, "-I", "-S", "-c", IMPORT.format(folder=folder, name=name)]
        shown = subprocess.run(
            command, env=clean_environment(), stdout=subprocess.PIPE, check=True, text=True
        )
    return float(shown.stdout)
