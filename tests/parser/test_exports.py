"""The package offers what its `__all__` lists, and needs nothing but the events."""

import subprocess
import sys
from importlib.metadata import requires
from importlib.resources import files
from types import FunctionType

import h11_parser


def test_all_names_exist() -> None:
    """Each name of the list is there, once, and in the order of a sorted list."""
    names = h11_parser.__all__
    assert len(set(names)) == len(names)
    assert all(hasattr(h11_parser, name) for name in names)
    constants = [name for name in names if name.isupper()]
    classes = [name for name in names if name[0].isupper() and not name.isupper()]
    functions = [name for name in names if name.islower()]
    assert [*names] == sorted(constants) + sorted(classes) + sorted(functions)


def test_all_public_names_are_listed() -> None:
    """Whatever is public by its name is in the list."""
    public = {name for name in vars(h11_parser) if not name.startswith("_")}
    assert public == set(h11_parser.__all__)


def test_public_names_have_docstrings() -> None:
    """Each class and function says what it does."""
    for name in h11_parser.__all__:
        value = getattr(h11_parser, name)
        if isinstance(value, type | FunctionType):
            assert value.__doc__, name


def test_default_limit() -> None:
    """Servers import the default to pass it on."""
    assert h11_parser.DEFAULT_MAX_INCOMPLETE_EVENT_SIZE == 16_384


def test_is_typed() -> None:
    """Type checkers find the mark that tells them to read the package."""
    assert files("h11_parser").joinpath("py.typed").is_file()


def test_needs_only_the_events() -> None:
    """It declares that one package, and importing it imports none of the others."""
    declared = requires("h11-parser")
    assert declared is not None
    assert [requirement.split("=")[0].strip() for requirement in declared] == ["h11-events"]
    code = (
        "import sys, h11_parser;"
        "print(*sorted({name.split('.')[0] for name in sys.modules if name.startswith('h11')}))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, text=True, timeout=60
    )
    assert result.stdout.split() == ["h11_events", "h11_parser"]
