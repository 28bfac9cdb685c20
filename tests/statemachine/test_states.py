"""The roles and states are markers: constants that print as their name and are their own type."""

from types import new_class
from typing import get_args

import pytest

from h11_statemachine import (
    CLIENT,
    CLOSED,
    DONE,
    ERROR,
    IDLE,
    MIGHT_SWITCH_PROTOCOL,
    MUST_CLOSE,
    SEND_BODY,
    SEND_RESPONSE,
    SERVER,
    SWITCHED_PROTOCOL,
    Role,
    State,
)

ROLES = {"CLIENT": CLIENT, "SERVER": SERVER}
STATES = {
    "IDLE": IDLE,
    "SEND_RESPONSE": SEND_RESPONSE,
    "SEND_BODY": SEND_BODY,
    "DONE": DONE,
    "MUST_CLOSE": MUST_CLOSE,
    "CLOSED": CLOSED,
    "MIGHT_SWITCH_PROTOCOL": MIGHT_SWITCH_PROTOCOL,
    "SWITCHED_PROTOCOL": SWITCHED_PROTOCOL,
    "ERROR": ERROR,
}
MARKERS = ROLES | STATES

every_marker = pytest.mark.parametrize(("name", "marker"), MARKERS.items(), ids=MARKERS)


@every_marker
def test_marker_prints_as_its_name(name: str, marker: Role | State) -> None:
    """A marker is shown by its name, in messages and in the states of a machine."""
    assert repr(marker) == str(marker) == marker.__name__ == name


@every_marker
def test_marker_is_its_own_type(name: str, marker: Role | State) -> None:
    """What dispatches on the type of a value finds the marker itself."""
    assert type(marker) is marker, name
    assert isinstance(marker, marker), name


@every_marker
def test_marker_equals_only_itself(name: str, marker: Role | State) -> None:
    """Every two markers differ, so that they can be compared with `is` and be keys."""
    others = [other for other in MARKERS.values() if other is not marker]
    assert len(others) == len(MARKERS) - 1
    assert marker not in others
    assert {marker: name}[marker] == name


@every_marker
def test_marker_cannot_be_called(name: str, marker: type) -> None:
    """There is only the one marker; nothing can be made from it."""
    with pytest.raises(TypeError, match=name):
        marker()


@every_marker
def test_marker_cannot_be_extended(name: str, marker: type) -> None:
    """A marker is final: no other can pass for it."""
    with pytest.raises(TypeError, match=name):
        new_class("OTHER", (marker,))


def test_the_type_of_roles_names_both() -> None:
    """`Role` is what a type checker accepts as a role: the client or the server."""
    assert {role.__name__: role for role in _members(Role)} == ROLES


def test_the_type_of_states_names_all_nine() -> None:
    """`State` is what a type checker accepts as a state: each of the nine."""
    assert {state.__name__: state for state in _members(State)} == STATES


def _members(union: object) -> list[type]:
    """Return the markers whose types a union consists of."""
    return [get_args(member)[0] for member in get_args(union)]
