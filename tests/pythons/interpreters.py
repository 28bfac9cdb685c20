"""Which interpreters are wanted, and where they are.

In: the matrix of the environment `pythons` in `hatch.toml`. Out: an interpreter for each version in
it, seen to be what it is said to be, or nothing.
"""

import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.environments import REPOSITORY, clean_environment

SECONDS_TO_START = 60

_PROBE = """
import json, platform, sys
name = sys.implementation.name
version = "%d.%d" % sys.version_info[:2]
own = ".".join(map(str, sys.pypy_version_info[:3])) if name == "pypy" else ""
print(json.dumps([name, version, platform.python_version(), own]))
"""


@dataclass(frozen=True)
class Place:
    """Where an interpreter may be.

    Attributes:
        name: What the reports call the place.
        command: How the interpreter is run there: its path, behind what enters its root.
    """

    name: str
    command: tuple[str, ...]


@dataclass(frozen=True)
class Interpreter:
    """An interpreter that runs.

    Attributes:
        version: The version as the matrix names it.
        release: Its implementation and release.
        place: Where it is.
    """

    version: str
    release: str
    place: Place


def settings() -> dict[str, Any]:
    """Return the environment `pythons` of `hatch.toml`."""
    with (REPOSITORY / "hatch.toml").open("rb") as file:
        found: dict[str, Any] = tomllib.load(file)["envs"]["pythons"]
    return found


def wanted() -> list[str]:
    """Return the versions that the packages are meant for, as the matrix names them."""
    return [version for axis in settings()["matrix"] for version in axis["python"]]


def places_on_this_machine(version: str) -> Iterator[Place]:
    """Yield where a version may be: what runs this, then what is on the path, then pyenv's."""
    yield Place("this environment", (sys.executable,))
    name = version if version.startswith("pypy") else f"python{version}"
    if path := shutil.which(name):
        yield Place("the path", (path,))
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    releases = pyenv.glob(f"versions/{version}*/bin/python")
    for release in sorted(releases, key=_numbers_of_release, reverse=True):
        yield Place("pyenv", (str(release),))


def _numbers_of_release(python: Path) -> list[int]:
    """Return the numbers in the name of one of pyenv's releases, to sort them by."""
    name = python.parent.parent.name
    return [int(part) for part in name.replace("-", ".").split(".") if part.isdigit()]


def identify(command: Sequence[str]) -> tuple[str, str] | None:
    """Ask an interpreter what it is.

    Args:
        command: How it is run.

    Returns:
        Its version, as the matrix would name it, and its release; None if it does not run.
    """
    try:
        finished = subprocess.run(
            [*command, "-c", _PROBE],
            capture_output=True,
            check=True,
            env=clean_environment(),
            text=True,
            timeout=SECONDS_TO_START,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    name, version, release, own = json.loads(finished.stdout)
    if name == "pypy":
        return f"pypy{version}", f"PyPy {own} (Python {release})"
    return version, f"{'CPython' if name == 'cpython' else name} {release}"


def find(
    version: str,
    places: Callable[[str], Iterator[Place]] = places_on_this_machine,
) -> Interpreter | None:
    """Return the first interpreter among some places that is of a version; None without one.

    Args:
        version: The version, as the matrix names it.
        places: What tells where to look.
    """
    for place in places(version):
        found = identify(place.command)
        if found and found[0] == version:
            return Interpreter(version, found[1], place)
    return None
