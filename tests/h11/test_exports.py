"""Tests of what the package `h11` offers at the top, with the section "API documentation"."""

import importlib.resources
from typing import Final

import pytest

import h11
import h11_events
import h11_parser
import h11_statemachine

REFERENCE_NAMES: Final = [
    *("CLIENT", "MUST_CLOSE"),
    *("CLOSED", "NEED_DATA"),
    *("Connection", "PAUSED"),
    *("ConnectionClosed", "PRODUCT_ID"),
    *("Data", "ProtocolError"),
    *("DONE", "RemoteProtocolError"),
    *("EndOfMessage", "Request"),
    *("ERROR", "Response"),
    *("IDLE", "SEND_BODY"),
    *("InformationalResponse", "SEND_RESPONSE"),
    *("LocalProtocolError", "SERVER"),
    *("MIGHT_SWITCH_PROTOCOL", "SWITCHED_PROTOCOL"),
]
"""What the reference shows for `h11.<TAB>`."""

OTHER_NAMES: Final = [
    *("AnyEvent", "ErrorCode", "Event", "Headers", "Limits", "Role", "State", "Tolerance"),
    "__version__",
]
"""What is exported beside that: the types that signatures have, what tunes a connection, the
version."""


@pytest.mark.parametrize("name", REFERENCE_NAMES + OTHER_NAMES)
def test_name_is_there(name: str) -> None:
    """Every public name is available directly at the top level, and listed as exported."""
    assert hasattr(h11, name)
    assert name in h11.__all__


def test_completion_shows_the_names_of_the_reference() -> None:
    """What completion of `h11.` offers is the reference's list, and what is exported beside it."""
    offered = {name for name in dir(h11) if not name.startswith("_")}
    assert offered == {*REFERENCE_NAMES, *OTHER_NAMES} - {"__version__"}


def test_nothing_else_is_exported() -> None:
    """The exported names are these, each once."""
    assert len(h11.__all__) == len(set(h11.__all__))
    assert set(h11.__all__) == {*REFERENCE_NAMES, *OTHER_NAMES}


def test_exported_names_are_sorted() -> None:
    """They stand in the order constants, classes, others; each group by the alphabet."""

    def place(name: str) -> tuple[int, str]:
        """Return what decides about the place of a name."""
        return (0 if name.isupper() else 1 if name[0].isupper() else 2, name)

    assert h11.__all__ == sorted(h11.__all__, key=place)


def test_star_import_gives_exactly_the_exported_names() -> None:
    """`from h11 import *` takes every exported name, and none but those."""
    namespace: dict[str, object] = {}
    exec("from h11 import *", namespace)
    del namespace["__builtins__"]
    assert set(namespace) == set(h11.__all__)


@pytest.mark.parametrize("package", [h11_events, h11_parser, h11_statemachine])
def test_names_are_those_of_the_parts(package: object) -> None:
    """What a part has under the same name is the very same object."""
    shared = [name for name in REFERENCE_NAMES + OTHER_NAMES if hasattr(package, name)]
    assert shared
    for name in shared:
        assert getattr(h11, name) is getattr(package, name)


def test_symbols_fall_into_three_categories() -> None:
    """Beside errors and product: event classes, special constants, and `Connection` itself."""
    named = {name: getattr(h11, name) for name in REFERENCE_NAMES}
    events = {
        name
        for name, value in named.items()
        if isinstance(value, type) and issubclass(value, h11.Event)
    }
    constants = {name for name, value in named.items() if type(value) is value}
    assert events == {
        *("Request", "InformationalResponse", "Response"),
        *("Data", "EndOfMessage", "ConnectionClosed"),
    }
    assert constants == {name for name in named if name.isupper()} - {"PRODUCT_ID"}
    assert set(named) - events - constants == {
        *("Connection", "PRODUCT_ID"),
        *("ProtocolError", "LocalProtocolError", "RemoteProtocolError"),
    }


@pytest.mark.parametrize("package", ["h11", "h11_events", "h11_parser", "h11_statemachine"])
def test_package_says_that_it_is_typed(package: str) -> None:
    """Type checkers look for `py.typed`, and find it in each package."""
    assert (importlib.resources.files(package) / "py.typed").is_file()
