"""The section "Special constants" of the reference, paragraph by paragraph."""

import copy
import functools
import pickle
from types import SimpleNamespace
from typing import Final

import pytest

import h11
from h11 import CLIENT, NEED_DATA, PAUSED, SERVER, Connection, Request
from tests.h11.conversations import END, GET_HEAD, request, server
from tests.h11.situations import STATES

ROLES: Final = (CLIENT, SERVER)
MARKERS: Final = (NEED_DATA, PAUSED)

of_every_constant = pytest.mark.parametrize(
    ("name", "constant"),
    [
        pytest.param(name, getattr(h11, name), id=name)
        for name in h11.__all__
        if name.isupper() and name != "PRODUCT_ID"
    ],
)


def test_complete_list() -> None:
    """There are nine states, two roles and two markers, all different, and no more."""
    constants = {getattr(h11, name) for name in h11.__all__ if name.isupper()} - {h11.PRODUCT_ID}
    assert constants == {*STATES, *ROLES, *MARKERS}
    assert len(constants) == 9 + 2 + 2


def test_both_start_in_idle() -> None:
    """The first example of the reference: on a new connection nothing was said yet."""
    connection = Connection(our_role=CLIENT)
    assert connection.states == {CLIENT: h11.IDLE, SERVER: h11.IDLE}
    assert repr(connection.states) == "{CLIENT: IDLE, SERVER: IDLE}"


def test_a_request_moves_both() -> None:
    """The second example: the client goes on to its body, the server owes a response."""
    connection = Connection(our_role=CLIENT)
    connection.send(request())
    assert connection.states == {CLIENT: h11.SEND_BODY, SERVER: h11.SEND_RESPONSE}
    assert repr(connection.states) == "{CLIENT: SEND_BODY, SERVER: SEND_RESPONSE}"


def test_states_are_compared_with_is() -> None:
    """The third example: a state is tested directly against a constant."""
    connection = Connection(our_role=CLIENT)
    connection.send(request())
    assert connection.states[CLIENT] is h11.SEND_BODY
    assert connection.states[CLIENT] is not h11.DONE


def test_roles_are_those_that_a_connection_can_play() -> None:
    """Each role is taken by a connection, and keys its states."""
    for role in ROLES:
        connection = Connection(our_role=role)
        assert connection.our_role is role
        assert set(connection.states) == set(ROLES)


def test_next_event_may_return_a_marker() -> None:
    """Where there is no event, `next_event` returns NEED_DATA or PAUSED."""
    connection = server()
    assert connection.next_event() is NEED_DATA
    connection = server(GET_HEAD)
    connection.receive_data(GET_HEAD)
    assert connection.next_event() is PAUSED


@of_every_constant
def test_repr_is_the_name(name: str, constant: object) -> None:
    """A constant prints as the name by which it is imported."""
    assert repr(constant) == str(constant) == name


@of_every_constant
def test_constants_are_singletons(name: str, constant: object) -> None:
    """A copy of a constant is the constant; it is equal to nothing but itself."""
    assert copy.deepcopy(constant) is constant
    assert pickle.loads(pickle.dumps(constant)) is constant
    assert [other for other in (*STATES, *ROLES, *MARKERS, name) if other == constant] == [constant]


@of_every_constant
def test_constants_are_opaque(name: str, constant: type) -> None:
    """Nothing can be made of a constant; it is true, as most objects are."""
    with pytest.raises(TypeError, match=name):
        constant()
    assert bool(constant)


@of_every_constant
def test_constants_are_instances_of_themselves(name: str, constant: type) -> None:
    """The type of a constant is the constant, and has its name."""
    assert type(constant) is constant
    assert isinstance(constant, constant)
    assert type(constant).__name__ == name


def test_dispatch_with_a_handler_table() -> None:
    """`type(event)` is a key for a table, whatever `next_event` returned."""
    handlers = {Request: "request", h11.EndOfMessage: "end", NEED_DATA: "need", PAUSED: "paused"}
    connection = server()
    handled = [handlers[type(connection.next_event())]]
    connection.receive_data(GET_HEAD * 2)
    handled += [handlers[type(connection.next_event())] for _ in range(3)]
    assert handled == ["need", "request", "end", "paused"]


def test_dispatch_with_singledispatch() -> None:
    """`functools.singledispatch` finds the function for whatever `next_event` returned."""

    @functools.singledispatch
    def handle(_event: object) -> str:
        """Return which function was found."""
        return "other"

    handle.register(NEED_DATA, lambda _event: "need")
    handle.register(PAUSED, lambda _event: "paused")
    handle.register(Request, lambda _event: "request")

    connection = server()
    handled = [handle(connection.next_event())]
    connection.receive_data(GET_HEAD * 2)
    handled += [handle(connection.next_event()) for _ in range(3)]
    assert handled == ["need", "request", "other", "paused"]


def test_dispatch_by_the_name_of_a_method() -> None:
    """`"handle_" + type(event).__name__` names a method for whatever `next_event` returned."""
    handler = SimpleNamespace(
        handle_NEED_DATA=lambda _event: "need",
        handle_PAUSED=lambda _event: "paused",
        handle_Request=lambda event: event.target,
        handle_EndOfMessage=lambda _event: "end",
    )

    def dispatch(event: object) -> object:
        """Return what the method says that is named after the event."""
        return getattr(handler, "handle_" + type(event).__name__)(event)

    connection = server()
    handled = [dispatch(connection.next_event())]
    connection.receive_data(GET_HEAD * 2)
    handled += [dispatch(connection.next_event()) for _ in range(3)]
    assert handled == ["need", b"/", "end", "paused"]


def test_constants_can_be_told_from_events_by_isinstance() -> None:
    """A tuple of event classes and markers works with `isinstance`, as httpcore uses it."""
    finished = (h11.EndOfMessage, PAUSED)
    assert isinstance(END, finished)
    assert isinstance(PAUSED, finished)
    assert not isinstance(NEED_DATA, finished)
    assert not isinstance(request(), finished)
