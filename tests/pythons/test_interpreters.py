"""An interpreter is taken for what it says it is, not for what it is called."""

import platform
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pythons import interpreters
from tests.pythons.interpreters import Place, find, identify, places_on_this_machine, wanted
from tests.pythons.scripts import script

OWN = "{}{}.{}".format("pypy" * (sys.implementation.name == "pypy"), *sys.version_info)


def saying(path: Path, *words: str) -> Path:
    """Write a program that says of itself what an interpreter would say."""
    quoted = ", ".join(f'"{word}"' for word in words)
    return script(path, f"echo '[{quoted}]'")


def test_the_versions_that_the_packages_name_are_wanted() -> None:
    """The matrix has at least what the classifiers of the packages say."""
    assert {"3.11", "3.12", "3.13", "3.14", "pypy3.11"} <= set(wanted())


def test_an_interpreter_tells_what_it_is() -> None:
    """The one that runs this test is known by its version and release."""
    identity = identify([sys.executable])
    assert identity is not None
    assert identity[0] == OWN
    assert platform.python_version() in identity[1]


@pytest.mark.parametrize(
    ("words", "identity"),
    [
        pytest.param(
            ("cpython", "3.14", "3.14.8", ""), ("3.14", "CPython 3.14.8"), id="that of most people"
        ),
        pytest.param(
            ("pypy", "3.11", "3.11.17", "8.0.1"),
            ("pypy3.11", "PyPy 8.0.1 (Python 3.11.17)"),
            id="PyPy",
        ),
        pytest.param(
            ("graalpy", "3.12", "3.12.8", ""), ("3.12", "graalpy 3.12.8"), id="another one"
        ),
    ],
)
def test_release_names_the_implementation(
    tmp_path: Path, words: tuple[str, ...], identity: tuple[str, str]
) -> None:
    """What it says of itself becomes the version of the matrix, and a release."""
    assert identify([str(saying(tmp_path / "python", *words))]) == identity


@pytest.mark.parametrize(
    "text", [pytest.param("exit 127", id="that fails"), pytest.param(None, id="that is not there")]
)
def test_a_program_has_no_identity(tmp_path: Path, text: str | None) -> None:
    """What does not run is no interpreter, which shims for a missing version are an example of."""
    if text:
        script(tmp_path / "python", text)
    assert identify([str(tmp_path / "python")]) is None


def test_an_interpreter_of_another_version_is_passed_over(tmp_path: Path) -> None:
    """The first place whose interpreter is of the version that is looked for has it."""
    broken = script(tmp_path / "broken", "exit 1")
    other = saying(tmp_path / "other", "cpython", "3.13", "3.13.0", "")
    right = saying(tmp_path / "right", "cpython", "3.14", "3.14.8", "")
    later = saying(tmp_path / "later", "cpython", "3.14", "3.14.9", "")

    def places(_version: str) -> Iterator[Place]:
        for path in (broken, other, right, later):
            yield Place(path.name, (str(path),))

    found = find("3.14", places)
    assert found is not None
    assert (found.version, found.release) == ("3.14", "CPython 3.14.8")
    assert found.place == Place("right", (str(right),))
    assert find("3.12", places) is None


def test_places_are_this_one_then_the_path_then_those_of_pyenv(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of several releases that pyenv has, the newest comes first."""
    on_the_path = script(tmp_path / "bin" / "python3.14", "exit")
    for release in ("3.14.9", "3.14.10", "3.13.1"):
        script(tmp_path / "versions" / release / "bin" / "python", "exit")
    monkeypatch.setenv("PATH", str(on_the_path.parent))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    newest, older = (
        tmp_path / "versions" / release / "bin" / "python" for release in ("3.14.10", "3.14.9")
    )
    assert list(places_on_this_machine("3.14")) == [
        Place("this environment", (sys.executable,)),
        Place("the path", (str(on_the_path),)),
        Place("pyenv", (str(newest),)),
        Place("pyenv", (str(older),)),
    ]
    assert interpreters.find("pypy9.9") is None
