"""The signatures of the state machine and of its tables, pinned: `h11_statemachine`."""

from collections.abc import Callable, Mapping
from typing import assert_never, assert_type

import pytest

from h11_events import EndOfMessage, Event, LocalProtocolError, Request
from h11_statemachine import (
    CLIENT,
    CLOSED,
    DONE,
    ERROR,
    IDLE,
    JOINT_RULES,
    MIGHT_SWITCH_PROTOCOL,
    MUST_CLOSE,
    REACTIONS,
    SEND_BODY,
    SEND_RESPONSE,
    SERVER,
    SWITCHED_PROTOCOL,
    TRANSITIONS,
    ConnectionState,
    JointRule,
    JointState,
    Role,
    State,
    Switch,
    Trigger,
)

ASKED = Request(method="GET", target="/", headers=[("Host", "a"), ("Upgrade", "x")])


def test_attributes_of_the_state_of_a_connection() -> None:
    """What is known about a cycle is typed, whatever was said."""
    connection = ConnectionState(http10_keep_alive=True)
    connection.process_event(CLIENT, ASKED)
    connection.process_event(role=CLIENT, event=EndOfMessage())
    assert assert_type(connection.states, Mapping[Role, State])[SERVER] is SEND_RESPONSE
    assert assert_type(connection.keep_alive, bool) is True
    assert assert_type(connection.is_mid_exchange, bool) is True
    assert assert_type(connection.is_idle, bool) is assert_type(connection.is_reusable, bool)
    assert assert_type(connection.must_close, bool) is False
    assert assert_type(connection.http10_keep_alive, bool) is True
    assert assert_type(connection.keep_alive_asked_in, bytes | None) is None
    assert assert_type(connection.request_method, bytes | None) == b"GET"
    assert assert_type(connection.switch_proposals, frozenset[Switch]) == {Switch.UPGRADE}
    assert assert_type(connection.client_is_waiting_for_100_continue, bool) is False
    joint = assert_type(connection.joint, JointState)
    assert assert_type(joint.states, Mapping[Role, State]) == connection.states
    assert joint.replace(keep_alive=False) is not joint
    assert assert_type(joint.client, State) is MIGHT_SWITCH_PROTOCOL
    assert assert_type(joint.server, State) is SEND_RESPONSE
    assert assert_type(joint.keep_alive, bool) is assert_type(joint.switch_proposed, bool)


def test_calls_that_return_nothing() -> None:
    """What is told to the machine changes its attributes, and is not answered."""
    connection = ConnectionState()
    told: list[Callable[[], None]] = [connection.start_next_cycle, connection.rule_out_keep_alive]
    blamed: Callable[[Role], None] = connection.process_error
    told[1]()
    blamed(CLIENT)
    assert connection.states == {CLIENT: ERROR, SERVER: IDLE}
    with pytest.raises(LocalProtocolError):
        told[0]()


def test_tables() -> None:
    """They can be walked by type: roles, states, what triggers a move, where it leads."""
    assert_type(TRANSITIONS, dict[Role, dict[State, dict[Trigger, State]]])
    assert_type(REACTIONS, dict[Trigger, dict[State, State]])
    for rule in JOINT_RULES:
        assert_type(rule, JointRule)
    assert TRANSITIONS[CLIENT][IDLE][Request] is SEND_BODY
    assert REACTIONS[Request][IDLE] is SEND_RESPONSE


def test_attributes_of_a_joint_rule() -> None:
    """A rule has all its conditions as attributes, where None stands for anything."""
    rule = JointRule(CLIENT, DONE, MUST_CLOSE, peer=CLOSED, switch_proposed=False)
    assert assert_type(rule.role, Role) is CLIENT
    assert assert_type(rule.before, State) is DONE
    assert assert_type(rule.after, State) is MUST_CLOSE
    assert assert_type(rule.peer, State | None) is CLOSED
    assert assert_type(rule.keep_alive, bool | None) is None
    assert assert_type(rule.switch_proposed, bool | None) is False


def name_of(trigger: Trigger) -> str:
    """Return the name of a trigger, which is a class of events or one of two switches."""
    if isinstance(trigger, Switch):
        assert_type(trigger, Switch)
        match trigger:
            case Switch.CONNECT:
                return "connect"
            case Switch.UPGRADE:
                return "upgrade"
            case _:
                assert_never(trigger)
    assert_type(trigger, type[Event])
    return trigger.__name__


@pytest.mark.parametrize(
    ("trigger", "name"),
    [(Request, "Request"), (Switch.CONNECT, "connect"), (Switch.UPGRADE, "upgrade")],
    ids=["event", "connect", "upgrade"],
)
def test_triggers_narrow(trigger: Trigger, name: str) -> None:
    """An event class and a switch are told apart by `isinstance`, the switches by `match`."""
    assert name_of(trigger) == name


def test_markers_are_their_own_types() -> None:
    """A role or a state stands for itself in annotations."""
    roles: tuple[type[CLIENT], type[SERVER]] = (CLIENT, SERVER)
    states: list[State] = [
        *(IDLE, SEND_RESPONSE, SEND_BODY, DONE, MUST_CLOSE, CLOSED),
        *(MIGHT_SWITCH_PROTOCOL, SWITCHED_PROTOCOL, ERROR),
    ]
    assert len({*roles, *states}) == 11
    assert all(type(marker) is marker for marker in (*roles, *states))
