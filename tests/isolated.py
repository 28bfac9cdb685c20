"""Each package alone: its wheel, what it declares, and its own part of the tests.

In: the names of packages, or none for all four. Out: the reports of their tests; exit code 1 if one
fails. Each wheel is installed into an empty environment from wheels alone, so that a dependency
which is not declared is missing there, and nothing is imported from the source tree.
"""

import os
import subprocess
import sys
import tempfile
import venv
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from tests.environments import REPOSITORY, clean_environment
from tests.wheels import PACKAGES, build

PARTS = {
    "h11-events": ("tests/events",),
    "h11-parser": ("tests/parser",),
    "h11-statemachine": ("tests/statemachine",),
    "h11": ("tests/h11",),
}
"""The part of the tests that each package passes alone."""

_DECLARED = {
    "h11-events": set(),
    "h11-parser": {"h11-events"},
    "h11-statemachine": {"h11-events"},
    "h11": {"h11-events", "h11-parser", "h11-statemachine"},
}

_INSTALLED = "import importlib.metadata as m; print(*(d.name for d in m.distributions()))"


def run(python: Path, *arguments: str) -> str:
    """Run an interpreter in the repository's root, and return what it printed."""
    result = subprocess.run(
        [str(python), *arguments],
        check=True,
        cwd=REPOSITORY,
        env=clean_environment(),
        stdout=subprocess.PIPE,
        text=True,
    )
    return result.stdout.strip()


def install_alone(name: str, wheels: Path, home: Path) -> Path:
    """Make an environment that holds one package and what it declares.

    Args:
        name: The distribution.
        wheels: Where the wheels of all four are.
        home: Where to make the environment.

    Returns:
        Its interpreter.

    Raises:
        AssertionError: If anything else got in, or the package does not come from there.
    """
    venv.create(home, with_pip=True)
    python = home / "bin" / "python"
    run(python, "-m", "pip", "install", "--quiet", "--no-index", "--find-links", str(wheels), name)
    ours = set(run(python, "-c", _INSTALLED).split()) - {"pip", "setuptools"}
    assert ours == {name, *_DECLARED[name]}, f"{name} came with {sorted(ours)}"
    origin = run(python, "-c", f"import {PACKAGES[name]} as package; print(package.__file__)")
    assert Path(origin).is_relative_to(home), f"{name} was imported from {origin}"
    return python


def check_alone(name: str, folder: Path) -> bool:
    """Return whether a package passes its part of the tests alone, and print what they say."""
    python = install_alone(name, folder / "wheels", folder / name)
    run(python, "-m", "pip", "install", "--quiet", "pytest>=9", "hypothesis>=6.150")
    finished = subprocess.run(
        [str(python), "-m", "pytest", "-q", "-p", "no:cacheprovider", *PARTS[name]],
        check=False,
        cwd=REPOSITORY,
        env=clean_environment(),
        stderr=subprocess.STDOUT,
        stdout=subprocess.PIPE,
        text=True,
    )
    # All at once, for another package's tests may run at the same time.
    sys.stdout.write(f"--- {name} alone: {', '.join(PARTS[name])}\n{finished.stdout}")
    sys.stdout.flush()
    return finished.returncode == 0


def main(names: Sequence[str]) -> int:
    """Check the packages with these names, or all; return the exit code."""
    names = names or tuple(PARTS)
    with (
        tempfile.TemporaryDirectory(prefix="isolated-") as folder,
        ThreadPoolExecutor(os.cpu_count()) as pool,
    ):
        build(Path(folder) / "wheels")
        results = list(pool.map(partial(check_alone, folder=Path(folder)), names))
    for name, passed in zip(names, results, strict=True):
        sys.stdout.write(f"{name} alone: {'passed' if passed else 'FAILED'}\n")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
