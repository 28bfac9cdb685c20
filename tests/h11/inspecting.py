"""What the tests of `python -m h11` have in common: the command, run in this process or another.

In: the bytes of one direction, or of both, and options. Out: what the command printed, and its exit
code.
"""

import contextlib
import io
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from h11.__main__ import main


class Report(NamedTuple):
    """What the command left behind."""

    code: int
    """Its exit code."""

    output: str
    """What it printed."""

    complaint: str
    """What it printed as an error."""

    @property
    def objects(self) -> list[dict[str, Any]]:
        """The objects that it printed with `--json`."""
        return [json.loads(line) for line in self.output.splitlines()]


def inspect(*directions: bytes, options: tuple[str, ...] = ()) -> Report:
    """Run the command in this process, on a file for each direction."""
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for number, octets in enumerate(directions):
            path = Path(folder) / str(number)
            path.write_bytes(octets)
            files.append(str(path))
        return command(*options, *files)


def objects_of(*directions: bytes, options: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """Return the objects that the command prints of some bytes."""
    return inspect(*directions, options=("--json", *options)).objects


def command(*arguments: str) -> Report:
    """Run the command in this process."""
    output, complaint = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(complaint):
        try:
            code = main(arguments)
        except SystemExit as ending:
            code = int(str(ending.code))
    return Report(code, output.getvalue(), complaint.getvalue())


def process(*arguments: str, octets: bytes = b"", **environment: str) -> Report:
    """Run the command as its users do, with bytes at its standard input."""
    completed = subprocess.run(
        [sys.executable, "-m", "h11", *arguments],
        capture_output=True,
        check=False,
        env=os.environ | environment,
        input=octets,
        timeout=60,
    )
    return Report(completed.returncode, completed.stdout.decode(), completed.stderr.decode())
