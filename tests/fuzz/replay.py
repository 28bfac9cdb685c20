"""One input again, without a fuzzer: a target and files in, what they mean and what is wrong out.

In: `python -m tests.fuzz.replay TARGET FILE ...`. Out: the settings and the stream of each file,
and the traceback of the first finding, with the exit code 1.
"""

import argparse
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

from tests.fuzz.settings import Settings
from tests.fuzz.targets import TARGETS


def main(arguments: Sequence[str] | None = None) -> int:
    """Check the files, and return the exit code."""
    parser = argparse.ArgumentParser(prog="replay", description="Check inputs without a fuzzer.")
    parser.add_argument("target", choices=TARGETS, help="the target that they are for")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="an input")
    options = parser.parse_args(arguments)
    for file in options.files:
        octets = file.read_bytes()
        sys.stdout.write(f"{file}\n")
        for name, value in Settings.of(octets)._asdict().items():
            sys.stdout.write(f"  {name}: {value!r}\n")
        try:
            TARGETS[options.target](octets)
        except Exception:  # noqa: BLE001 - whatever comes out is the finding
            traceback.print_exc(file=sys.stdout)
            return 1
    sys.stdout.write("no finding\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
