"""The tests that a source distribution carries.

In: a requirement such as `httpcore==1.0.9`, and names to write anew. Out: a folder with the tests
and the settings of pytest, without the package itself, so that the installed one is tested.
"""

import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from tests.environments import REPOSITORY, clean_environment

SOURCES = REPOSITORY / ".venv" / "sdists"

TAKEN = frozenset({"tests", "pyproject.toml"})
"""What is taken out of a source distribution, of what lies at its top."""


def fetch(requirement: str) -> Path:
    """Return the source distribution of a requirement, from the package index if it is not here.

    Raises:
        subprocess.CalledProcessError: If pip does not find it.
    """
    name, version = requirement.split("==")
    folder = SOURCES / f"{name}-{version}"
    if not any(folder.glob("*.tar.gz")):
        options = ["--quiet", "--no-deps", "--no-binary", name, "--dest", str(folder)]
        command = [sys.executable, "-m", "pip", "download", *options, requirement]
        subprocess.run(command, check=True, env=clean_environment())
    return next(folder.glob("*.tar.gz"))


def unpack(archive: Path, home: Path, renamed: Mapping[str, str]) -> None:
    """Lay out the tests of a source distribution in a folder, made anew.

    Args:
        archive: The source distribution.
        home: Where the tests shall be.
        renamed: Names of packages in the tests, and those that are written for them.
    """
    shutil.rmtree(home, ignore_errors=True)
    with tarfile.open(archive) as file:
        for member in file:
            _, *rest = PurePosixPath(member.name).parts
            if rest and rest[0] in TAKEN:
                member.name = "/".join(rest)
                file.extract(member, home, filter="data")
    if renamed:
        for module in home.rglob("*.py"):
            text = module.read_text(encoding="utf-8")
            module.write_text(with_names(text, renamed), encoding="utf-8")


def with_names(text: str, renamed: Mapping[str, str]) -> str:
    """Return a text in which whole words are replaced by those that stand for them."""
    words = re.compile(rf"\b({'|'.join(map(re.escape, renamed))})\b")
    return words.sub(lambda found: renamed[found[0]], text)
