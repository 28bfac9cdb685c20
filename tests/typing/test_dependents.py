"""Programs that use h11 are as well typed with our packages as they are with h11 0.16.0.

In: the modules of httpcore, hypercorn, uvicorn and wsproto that import h11, as they are installed.
Out: what mypy reports of them in strict mode, in two environments that differ in h11 alone. Ours
are there as wheels, which mypy reads because they say that they are typed.
"""

import re
import subprocess
from collections import Counter
from pathlib import Path
from typing import Final

import pytest

from tests.environments import UPSTREAM, clean_environment, interpreter_with
from tests.typing.checking import Complaint, complaints
from tests.wheels import build

DEPENDENTS: Final = {
    "httpcore": "httpcore==1.0.9",
    "hypercorn": "hypercorn==0.18.0",
    "uvicorn": "uvicorn==0.54.0",
    "wsproto": "wsproto==1.3.2",
}
"""Each package that uses h11, and its newest release for Python 3.11."""

NO_LONGER_SILENCED: Final = {
    Complaint(f"httpcore/{kind}/http11.py", 236, "unused-ignore", 'Unused "type: ignore" comment')
    for kind in ("_async", "_sync")
}
"""What strict mode reports with ours alone: `if event is h11.NEED_DATA` does not narrow with h11
0.16.0, which httpcore has to silence one line further down. With ours it does, so that there is
nothing to silence."""

_IMPORTS_H11 = re.compile(r"^\s*(?:import|from) h11\b", re.MULTILINE)


def site_packages(python: Path) -> Path:
    """Return where an environment has its packages."""
    (found,) = python.parent.parent.glob("lib/python*/site-packages")
    return found


def users_of_h11(python: Path, package: str) -> list[str]:
    """Return the names of a package's modules that import h11."""
    site = site_packages(python)
    return [
        ".".join(path.relative_to(site).with_suffix("").parts)
        for path in sorted((site / package).rglob("*.py"))
        if _IMPORTS_H11.search(path.read_text(encoding="utf-8"))
    ]


def report(python: Path) -> Counter[Complaint]:
    """Return what mypy says about all modules of the dependents that import h11."""
    modules = [name for package in DEPENDENTS for name in users_of_h11(python, package)]
    targets = [argument for name in modules for argument in ("-m", name)]
    return Counter(complaints(*targets, python=python, folder=site_packages(python)))


@pytest.fixture(scope="module")
def with_upstream() -> Path:
    """Return the interpreter of an environment with the dependents and h11 0.16.0."""
    return interpreter_with(*UPSTREAM, *DEPENDENTS.values())


@pytest.fixture(scope="module")
def with_ours(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the interpreter of an environment with the dependents and our wheels."""
    wheels = tmp_path_factory.mktemp("wheels")
    build(wheels)
    # Whatever h11 comes along is replaced by the present state of ours.
    python = interpreter_with("h11", *DEPENDENTS.values())
    install = [str(python), "-m", "pip", "install", "--quiet", "--no-index", "--no-deps"]
    subprocess.run(
        [*install, "--force-reinstall", *map(str, wheels.glob("*.whl"))],
        check=True,
        env=clean_environment(),
    )
    return python


@pytest.mark.parametrize("package", DEPENDENTS)
def test_dependents_still_import_h11(with_upstream: Path, with_ours: Path, package: str) -> None:
    """The same modules are there to be checked in both environments, at least one of each."""
    modules = users_of_h11(with_upstream, package)
    assert modules
    assert users_of_h11(with_ours, package) == modules


def test_dependents_get_no_more_complaints(with_upstream: Path, with_ours: Path) -> None:
    """Mypy reports nothing with ours that it does not report with h11 0.16.0, but what we list."""
    more = report(with_ours) - report(with_upstream)
    assert more == Counter(NO_LONGER_SILENCED)


def test_what_is_gone_would_be_noticed(with_ours: Path) -> None:
    """The check can fail: a name that ours do not have is a complaint about the line."""
    program = "import h11\n\nh11.Connection(h11.CLIENT).close()\n"
    assert complaints("-c", program, python=with_ours) == [
        Complaint("<string>", 3, "attr-defined", '"Connection" has no attribute "close"')
    ]
