"""Runs a program, and tells how many objects it has whenever it is asked.

In: the program and its arguments; signals. Out: what the program prints; for each SIGUSR1, a line
with the number of blocks of memory that are in use by objects, once all garbage is collected.
"""

import gc
import runpy
import signal
import sys


def tell(*_: object) -> None:
    """Print how many blocks are in use."""
    gc.collect()
    sys.stdout.write(f"blocks {sys.getallocatedblocks()}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    signal.signal(signal.SIGUSR1, tell)
    # A shell that runs this in the background would have it ignored, and the program never end.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    del sys.argv[0]
    runpy.run_path(sys.argv[0], run_name="__main__")
