"""What the package exports: a sorted list of documented names, all there, none forgotten."""

import ast
import importlib.metadata
import inspect
import pkgutil
from importlib import import_module, resources
from itertools import pairwise
from types import ModuleType

import pytest

import h11_events

MODULES = [
    import_module(f"h11_events.{module.name}")
    for module in pkgutil.iter_modules(h11_events.__path__)
]


def documented_constants(module: ModuleType) -> set[str]:
    """Return the names that a module assigns with a docstring on the next line."""
    body = ast.parse(inspect.getsource(module)).body
    found = set()
    for statement, following in pairwise(body):
        match statement, following:
            case (
                ast.AnnAssign(target=ast.Name(id=name)) | ast.Assign(targets=[ast.Name(id=name)]),
                ast.Expr(value=ast.Constant(value=str())),
            ):
                found.add(name)
    return found


def order(name: str) -> tuple[int, str]:
    """Return the place of a name: constants first, then classes, then functions."""
    return (0 if name.isupper() else 2 if name.islower() else 1, name)


def test_names_are_sorted() -> None:
    """Constants come first, then classes, then functions, each in alphabetical order."""
    assert h11_events.__all__ == sorted(set(h11_events.__all__), key=order)


def test_list_is_complete() -> None:
    """Every public name that is no module of its own is in the list, and no other."""
    public = {
        name
        for name, value in vars(h11_events).items()
        if not name.startswith("_") and not isinstance(value, ModuleType)
    }

    assert public == set(h11_events.__all__)


def test_what_the_package_is_for_is_there() -> None:
    """The events, their base, headers and errors can be imported from the package itself."""
    assert {
        "ConnectionClosed",
        "Data",
        "EndOfMessage",
        "Event",
        "Headers",
        "InformationalResponse",
        "LocalProtocolError",
        "ProtocolError",
        "RemoteProtocolError",
        "Request",
        "Response",
    } <= set(h11_events.__all__)


@pytest.mark.parametrize("name", h11_events.__all__)
def test_every_name_can_be_imported_and_is_documented(name: str) -> None:
    """A class or a function has a docstring, a constant has one in the source."""
    value = getattr(h11_events, name)

    if inspect.isclass(value) or inspect.isfunction(value):
        assert value.__module__.startswith("h11_events.")
        assert inspect.cleandoc(value.__doc__ or "")
    else:
        assert name in set().union(*map(documented_constants, MODULES))


def test_star_import_gives_the_list() -> None:
    """`from h11_events import *` gives the names of the list."""
    namespace: dict[str, object] = {}
    exec("from h11_events import *", namespace)

    assert set(namespace) - {"__builtins__"} == set(h11_events.__all__)


@pytest.mark.parametrize("module", [h11_events, *MODULES], ids=lambda module: module.__name__)
def test_every_module_is_documented(module: ModuleType) -> None:
    """Every module says what it is for."""
    assert module.__doc__


def test_package_is_typed() -> None:
    """Type checkers find the marker that says so."""
    assert resources.files("h11_events").joinpath("py.typed").is_file()


def test_package_needs_nothing_else() -> None:
    """The installed distribution declares no dependency."""
    assert not importlib.metadata.requires("h11-events")
