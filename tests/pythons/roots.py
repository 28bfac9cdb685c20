"""Interpreters that this machine does not have, in roots of newer releases of Debian.

In: a version. Out: where its interpreter is, in a folder below the cache of the user that holds the
packages of one release of Debian which the interpreter needs, unpacked and nothing more. It is run
with that folder's `usr` in the place of the machine's, in a mount namespace of its own, so that it
finds its own libraries; everything else, the repository above all, is where it always is.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.pythons.interpreters import Place

SECONDS_TO_MAKE = 600

BESIDES = ("coreutils", "dash", "libc-bin", "util-linux")
"""What programs expect on any machine, and what has the locale C.UTF-8."""

PROGRAMS = ("mmdebstrap", "bwrap")


class RootError(Exception):
    """A root could not be made; the message says why, in one line."""


@dataclass(frozen=True)
class Root:
    """What a root is made of.

    Attributes:
        suite: The release of Debian.
        package: The package that brings the interpreter, and `venv`.
        name: The interpreter in `/usr/bin`.
    """

    suite: str
    package: str
    name: str


ROOTS = {
    "3.11": Root("bookworm", "python3.11-venv", "python3.11"),
    "3.13": Root("trixie", "python3.13-venv", "python3.13"),
    "3.14": Root("forky", "python3.14-venv", "python3.14"),
    "pypy3.11": Root("forky", "pypy3-venv", "pypy3"),
}
"""The versions that Debian has. 3.12 was in none of its releases."""


def cache() -> Path:
    """Return the folder that has the roots."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "h11-pythons"


def folder_of(root: Root) -> Path:
    """Return where a root is, once it is made."""
    return cache() / f"{root.suite}-{root.name}"


def places_in_roots(version: str) -> Iterator[Place]:
    """Yield where a version is, if it has a root that was made."""
    root = ROOTS.get(version)
    if root and folder_of(root).exists():
        usr = str(folder_of(root) / "usr")
        enter = ("bwrap", "--dev-bind", "/", "/", "--ro-bind", usr, "/usr", "--die-with-parent")
        yield Place(f"Debian {root.suite}", (*enter, f"/usr/bin/{root.name}"))


def make(version: str) -> None:
    """Make the root of a version, unless it is there.

    Raises:
        RootError: If Debian does not have that version, or the packages cannot be had.
    """
    root = ROOTS.get(version)
    if root is None:
        raise RootError(f"no release of Debian has {version}")
    missing = [name for name in PROGRAMS if shutil.which(name) is None]
    if missing:
        message = f"{' and '.join(missing)} missing; on Debian: apt-get install"
        raise RootError(f"{message} mmdebstrap bubblewrap")
    folder = folder_of(root)
    if folder.exists():
        return
    unfinished = folder.with_name(f"{folder.name}.{os.getpid()}")
    unfinished.parent.mkdir(parents=True, exist_ok=True)
    try:
        _unpack(root, unfinished)
        unfinished.rename(folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def command(root: Root, folder: Path) -> list[str]:
    """Return what makes a root in a folder."""
    return [
        *("mmdebstrap", "--quiet", "--variant=extract", "--format=directory"),
        # An archive is not less trustworthy for a clock that differs; its signature is checked.
        '--aptopt=Acquire::Check-Valid-Until "false"',
        f"--include={','.join([root.package, *BESIDES])}",
        *(root.suite, str(folder)),
    ]


def _unpack(root: Root, folder: Path) -> None:
    """Unpack the packages of a root.

    Raises:
        RootError: If that does not go well.
    """
    try:
        subprocess.run(
            command(root, folder),
            capture_output=True,
            check=True,
            text=True,
            timeout=SECONDS_TO_MAKE,
        )
    except subprocess.CalledProcessError as error:
        lines = error.stderr.strip().splitlines() or [str(error)]
        raise RootError(f"Debian {root.suite}: {lines[0]}") from error
    except subprocess.TimeoutExpired as error:
        raise RootError(f"Debian {root.suite}: no answer for {SECONDS_TO_MAKE} s") from error
