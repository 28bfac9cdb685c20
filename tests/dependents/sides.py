"""The two environments of a suite, which differ in h11 alone.

In: a suite, and the wheels of our packages. Out: an interpreter with h11 0.16.0 and one with ours.
What the suite needs besides is installed once, with pip, by what it requires; then h11 is taken out
of there, and each of the two has its own, on top of the rest. So both sides share all other
versions, and no requirement of a dependent's can keep either h11 out.
"""

import subprocess
import venv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.dependents.suites import Suite
from tests.environments import REPOSITORY, UPSTREAM, clean_environment, interpreter_with
from tests.wheels import PACKAGES

HOME = REPOSITORY / ".venv" / "dependents"

HARNESS = ("pytest-reportlog==1.0.0", "pytest-timeout==2.4.0")
"""What the tests are run with, besides pytest in the version that a suite asks for."""

IDENTITY = """
import importlib.metadata, pathlib, h11
print(h11.__version__, importlib.metadata.version("h11"), pathlib.Path(h11.__file__).parent)
"""


class WrongIdentityError(Exception):
    """An environment has another h11 than the one that is to be tested."""


@dataclass(frozen=True, slots=True)
class Side:
    """An environment of a suite.

    Attributes:
        python: Its interpreter.
        version: The version of h11 that programs find there.
        complaints: What `pip check` says about that version.
    """

    python: Path
    version: str
    complaints: Sequence[str]


def run(python: Path, *arguments: str, check: bool = True) -> str:
    """Run an interpreter, and return what it printed."""
    result = subprocess.run(
        [str(python), *arguments],
        check=check,
        cwd=HOME,
        env=clean_environment(),
        stdout=subprocess.PIPE,
        text=True,
    )
    return result.stdout.strip()


def both_sides(suite: Suite, wheels: Path) -> tuple[Side, Side]:
    """Return the environments of a suite with upstream and with ours.

    Args:
        suite: The suite.
        wheels: Where the wheels of our four packages are.
    """
    HOME.mkdir(parents=True, exist_ok=True)
    shared = interpreter_with(suite.requirement, *suite.requires, *HARNESS)
    if any(packages_of(shared).glob("h11-*.dist-info")):
        run(shared, "-m", "pip", "uninstall", "--quiet", "--yes", "h11")
    ours = [str(wheel) for name in PACKAGES.values() for wheel in wheels.glob(f"{name}-*.whl")]
    return (
        side(shared, HOME / suite.name / "upstream", UPSTREAM),
        side(shared, HOME / suite.name / "ours", ours),
    )


def side(shared: Path, home: Path, h11: Sequence[str]) -> Side:
    """Make an environment with an h11 of its own on top of what is shared.

    Args:
        shared: The interpreter of the environment that has the rest.
        home: Where to make it, anew.
        h11: What pip is asked to install.

    Raises:
        WrongIdentityError: If programs find another h11 there.
    """
    venv.create(home, clear=True)
    python = home / "bin" / "python"
    (packages_of(python) / "shared.pth").write_text(f"{packages_of(shared)}\n", encoding="utf-8")
    # pip itself is among what is shared; it installs into the environment that runs it.
    run(python, "-m", "pip", "install", "--quiet", "--no-deps", *h11)
    version, installed, origin = run(python, "-c", IDENTITY).split(maxsplit=2)
    if version != installed or not Path(origin).is_relative_to(home):
        raise WrongIdentityError(f"h11 {version} (as {installed}) from {origin}, not from {home}")
    said = run(python, "-m", "pip", "check", check=False).splitlines()
    return Side(python, version, [line for line in said if "h11" in line])


def packages_of(python: Path) -> Path:
    """Return the folder of installed packages of an environment."""
    return next(python.parent.parent.glob("lib/python*/site-packages"))
