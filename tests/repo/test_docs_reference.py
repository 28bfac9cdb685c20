"""Tests of the reference: each public name is in it once, with a docstring and a version.

In: the pages of `docs/reference/`, the list of versions beside them, the four packages. Out: no
name that one of them has and another has not.
"""

import ast
import importlib
import re
import subprocess
import tomllib
from itertools import pairwise
from typing import Final

import pytest

from h11_statemachine import CLIENT, TRANSITIONS, State
from tests.environments import REPOSITORY, UPSTREAM, clean_environment, interpreter_with

PACKAGES: Final = ("h11", "h11_events", "h11_parser", "h11_statemachine")
REFERENCE: Final = REPOSITORY / "docs" / "reference"

each_package = pytest.mark.parametrize("package", PACKAGES)


def public_names(package: str) -> list[str]:
    """Return the names that a package exports."""
    names: list[str] = importlib.import_module(package).__all__
    return sorted(names)


def versions(package: str) -> dict[str, list[str]]:
    """Return the names of a package by the version since which they are there."""
    text = (REFERENCE / "since.toml").read_text(encoding="utf-8")
    names: dict[str, list[str]] = tomllib.loads(text)[package]
    return names


def documented_constants() -> set[str]:
    """Return the names of all module constants that have a docstring below them."""
    names = set()
    for module in REPOSITORY.glob("packages/*/src/*/_*.py"):
        body = ast.parse(module.read_text(encoding="utf-8")).body
        for node, after in pairwise(body):
            if (
                isinstance(node, ast.Assign | ast.AnnAssign)
                and isinstance(after, ast.Expr)
                and isinstance(after.value, ast.Constant)
                and isinstance(after.value.value, str)
            ):
                target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]
                names.add(ast.unparse(target))
    return names


@each_package
def test_the_page_of_a_package_has_its_public_names_once(package: str) -> None:
    """Nothing is forgotten, there twice, or there although it is private."""
    page = (REFERENCE / f"{package}.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\.\. currentmodule:: (\w+)$", page, re.MULTILINE)) == {package}
    assert sorted(re.findall(r"^\.\. auto\w+:: (\w+)$", page, re.MULTILINE)) == public_names(
        package
    )


@each_package
def test_every_public_name_has_a_version(package: str) -> None:
    """Whoever adds a name says since when it is there."""
    by_version = versions(package)
    assert sorted(name for names in by_version.values() for name in names) == public_names(package)


def test_what_is_said_to_be_in_upstream_is_there() -> None:
    """Every name of version 0.16.0 is one of h11 0.16.0, and no other name is."""
    run = subprocess.run(
        [interpreter_with(*UPSTREAM), "-c", "import h11; print(*dir(h11))"],
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    upstream = set(run.stdout.split())
    by_version = versions("h11")
    assert set(by_version.pop("0.16.0")) <= upstream
    assert not {name for names in by_version.values() for name in names} & upstream


@each_package
def test_every_public_name_has_a_docstring(package: str) -> None:
    """Classes, markers and functions have their own, constants one below them."""
    constants = documented_constants()
    for name in public_names(package):
        member = getattr(importlib.import_module(package), name)
        if isinstance(member, type) or callable(member):
            assert name in constants or vars(member).get("__doc__") or member.__doc__, name
        else:
            assert name in constants, name


@pytest.mark.parametrize("state", TRANSITIONS[CLIENT], ids=str)
def test_a_state_in_a_diagram_leads_to_its_description(state: State) -> None:
    """The page with the diagrams has a target for each link in them, with a heading below."""
    page = (REPOSITORY / "docs" / "statemachine.md").read_text(encoding="utf-8")
    assert page.count(f'\n<a id="{state}"></a>\n\n### {state}\n') == 1


def test_the_page_of_the_machine_has_all_diagrams() -> None:
    """Each that `python -m h11_statemachine` draws is in the page."""
    page = (REPOSITORY / "docs" / "statemachine.md").read_text(encoding="utf-8")
    drawn = re.findall(r"^```\{machine-diagram\} (\w+)", page, re.MULTILINE)
    assert drawn == ["client", "server", "joint"]
