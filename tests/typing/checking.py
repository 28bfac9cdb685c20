"""What mypy says in strict mode, as values that can be compared.

In: modules or a program, and the interpreter of the environment in which they are checked. Out: the
complaints.
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
    """Where it is: a path below the folder of the modules, or `<string>`."""

    line: int
    code: str
    message: str


def complaints(
    *targets: str, python: Path = Path(sys.executable), folder: Path = REPOSITORY
) -> list[Complaint]:
    """Check modules or a program in strict mode, whatever the settings of the repository are.

    Args:
        targets: What to check, as arguments of mypy: `-m` and a module, or `-c` and a program.
        python: The interpreter of the environment that imports are looked up in.
        folder: What the modules are below; errors elsewhere are a failure.

    Returns:
        The errors in the order in which mypy reports them.

    Raises:
        AssertionError: If mypy could not do its work.
    """
    options = ["--config-file=", "--strict", "--output=json", f"--python-executable={python}"]
    cache = REPOSITORY / ".mypy_cache" / python.parent.parent.name
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
