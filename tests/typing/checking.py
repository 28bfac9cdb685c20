"""What mypy says in strict mode, as values that can be compared.

In: files or modules, and the interpreter of the environment that they are to be checked in. Out:
the complaints.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from tests.environments import REPOSITORY, clean_environment


class Complaint(NamedTuple):
    """An error that mypy reports."""

    file: str
    """Where it is: a path below the folder that was asked about."""

    line: int
    code: str
    message: str


def complaints(folder: Path, *targets: str, python: Path = Path(sys.executable)) -> list[Complaint]:
    """Check some files or modules in strict mode, whatever the settings of the repository are.

    Args:
        folder: What the files are below; errors elsewhere are a failure.
        targets: What to check, as arguments of mypy.
        python: The interpreter of the environment that imports are looked up in.

    Returns:
        The errors in the order in which mypy reports them.

    Raises:
        AssertionError: If mypy could not do its work.
    """
    options = ["--config-file=", "--strict", "--output=json", f"--python-executable={python}"]
    cache = REPOSITORY / ".mypy_cache" / f"{python.parent.parent.name}"
    result = subprocess.run(
        [sys.executable, "-m", "mypy", *options, f"--cache-dir={cache}", *targets],
        cwd=REPOSITORY,
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode in (0, 1), result.stderr + result.stdout
    reports = map(json.loads, result.stdout.splitlines())
    return [
        Complaint(
            str((REPOSITORY / report["file"]).relative_to(folder)),
            report["line"],
            report["code"],
            report["message"],
        )
        for report in reports
        if report["severity"] == "error"
    ]
