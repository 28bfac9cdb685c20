"""What holds for all four packages: their files, their metadata, and who imports whom."""

import ast
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.environments import REPOSITORY
from tests.wheels import PACKAGES

VERSION = "0.17.0"

ARROWS: dict[str, set[str]] = {
    "h11_events": set(),
    "h11_parser": {"h11_events"},
    "h11_statemachine": {"h11_events"},
    "h11": {"h11_events", "h11_parser", "h11_statemachine"},
}
"""What each package may import besides the standard library."""

MOST_LINES = 450

MODULES = sorted(REPOSITORY.glob("packages/*/src/*/**/*.py"))


def metadata(name: str) -> dict[str, Any]:
    """Return the `project` table of a package."""
    path = REPOSITORY / "packages" / name / "pyproject.toml"
    project: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))["project"]
    return project


def imported_roots(module: Path) -> set[str]:
    """Return the top-level names that a module imports, less those of the standard library."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} has a relative import"
            names.add(node.module or "")
    return {name.split(".")[0] for name in names} - set(sys.stdlib_module_names)


@pytest.mark.parametrize("name", PACKAGES)
def test_every_package_has_its_own_papers(name: str) -> None:
    """A README, a licence and the mark of a typed package are in each package."""
    folder = REPOSITORY / "packages" / name
    assert (folder / "README.md").read_text(encoding="utf-8").startswith(f"# {name}\n")
    assert (folder / "LICENSE").read_bytes() == (REPOSITORY / "LICENSE").read_bytes()
    assert (folder / "src" / PACKAGES[name] / "py.typed").exists()


@pytest.mark.parametrize("name", PACKAGES)
def test_every_package_carries_the_one_version(name: str) -> None:
    """All four have the same version, and pin each other to it."""
    project = metadata(name)
    assert project["version"] == VERSION
    declared = {
        f"{other}=={VERSION}" for other in PACKAGES if PACKAGES[other] in ARROWS[PACKAGES[name]]
    }
    assert set(project["dependencies"]) == declared
    assert project["requires-python"] == ">=3.11"


@pytest.mark.parametrize("module", MODULES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_arrows_point_down(module: Path) -> None:
    """No module imports what its package does not stand on, nor anything from outside the four."""
    package = module.relative_to(REPOSITORY / "packages").parts[2]
    assert imported_roots(module) - {package} <= ARROWS[package]


@pytest.mark.parametrize("module", MODULES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_module_is_one_idea(module: Path) -> None:
    """Every module opens by saying what it is for, and is short enough to be read at once."""
    source = module.read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(source))
    assert source.count("\n") <= MOST_LINES


def test_the_changelog_is_about_the_present_version() -> None:
    """Its newest entry is the present version's, or notes wait to become that entry."""
    changelog = (REPOSITORY / "CHANGELOG.md").read_text(encoding="utf-8")
    headings = [line for line in changelog.splitlines() if line.startswith("## ")]
    waiting = list(REPOSITORY.glob("changelog.d/*/*.md"))
    assert waiting or VERSION in headings[0]
