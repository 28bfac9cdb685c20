"""Virtual environments of their own, for what must not meet our packages in one process.

In: the requirements that an environment shall hold. Out: the path of its interpreter. An
environment is made once, below `.venv/` of the repository, and found again by a digest of its
requirements and of what runs it.
"""

import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent

UPSTREAM = ("h11==0.16.0",)
"""The release of h11 that ours is compared with."""


def interpreter_with(
    *requirements: str, options: Sequence[str] = (), command: Sequence[str] = (sys.executable,)
) -> Path:
    """Return an interpreter whose environment holds `requirements` and nothing else of ours.

    Args:
        requirements: What pip is asked to install, in pip's own syntax.
        options: Further arguments of `pip install`.
        command: How the interpreter is run that the environment is made of; all but the last of it
            is needed to run the one that is returned, too.

    Returns:
        The path of the interpreter.

    Raises:
        subprocess.CalledProcessError: If pip cannot install them.
    """
    (REPOSITORY / ".venv").mkdir(exist_ok=True)
    parts = [sys.version, *command, *requirements, *options]
    key = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    home = REPOSITORY / ".venv" / key[:16]
    python = home / "bin" / "python"
    complete = home / "complete"
    # Tests that run at the same time need the same environments.
    with home.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not complete.exists():
            make = [*command, "-m", "venv", "--clear", str(home)]
            install = [*command[:-1], str(python), "-m", "pip", "install", "--quiet"]
            for step in (make, [*install, *options, *requirements]):
                subprocess.run(step, check=True, env=clean_environment())
            complete.touch()
    return python


def clean_environment() -> dict[str, str]:
    """Return the process environment less what would lead another interpreter back to ours."""
    ours = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "COVERAGE_PROCESS_START")
    return {name: value for name, value in os.environ.items() if name not in ours}
