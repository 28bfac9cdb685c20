"""What the tables say about each combination of states is worked out once, and worked out right.

The machine's quick look-up is compared with a plain reading of the same tables, also where no
conversation comes to (RFC 9110 section 7.8, RFC 9112 sections 9.3 and 9.6).
"""

import copy
import pickle
from typing import Any, Final

import pytest

from h11_statemachine import (
    CLIENT,
    ERROR,
    IDLE,
    JOINT_RULES,
    SERVER,
    TRANSITIONS,
    ConnectionState,
    JointState,
    Role,
    Trigger,
)
from h11_statemachine._joint_state import START, joint_state
from tests.statemachine.tables import JOINTS, Joint, moved, settled

TRIGGERS: Final[set[Trigger]] = {
    trigger for table in TRANSITIONS.values() for moves in table.values() for trigger in moves
}

every_role = pytest.mark.parametrize("role", [CLIENT, SERVER], ids=str)


def joint_of(state: JointState) -> Joint:
    """Return a combination as the plain reading has it."""
    return Joint(state.client, state.server, state.keep_alive, state.switch_proposed)


def test_every_combination_has_followed_the_rules() -> None:
    """Whatever is asked for, what comes back is at rest, and where the rules lead."""
    for joint in JOINTS:
        assert joint_of(joint_state(*joint)) == settled(JOINT_RULES, joint)


@every_role
def test_every_move_is_that_of_the_tables(role: Role) -> None:
    """For every trigger in every combination there is an entry of the tables, or no move."""
    for state in {joint_state(*joint) for joint in JOINTS}:
        for trigger in TRIGGERS:
            plain = moved(joint_of(state), role, trigger)
            if plain is None:
                with pytest.raises(KeyError):
                    state._after[role][trigger]
            else:
                assert joint_of(state._after[role][trigger]) == settled(JOINT_RULES, plain)


def test_each_combination_is_one_object() -> None:
    """Two ways to a combination lead to the same object, so that nothing is worked out twice."""
    states = [joint_state(*joint) for joint in JOINTS]
    assert len(set(map(id, states))) == len(set(map(joint_of, states))) < len(JOINTS)


@every_role
def test_a_move_is_remembered(role: Role) -> None:
    """What was looked up once is in the dictionary, and only that."""
    state = JointState(IDLE, IDLE, keep_alive=True, switch_proposed=False)
    found = {
        trigger: state._after[role][trigger]
        for trigger in TRIGGERS
        if trigger in TRANSITIONS[role][IDLE]
    }
    assert dict(state._after[role]) == found


def test_a_cycle_starts_with_nothing_said() -> None:
    """At the start both are idle, and nothing stands in the way of another cycle."""
    assert joint_of(START) == Joint(IDLE, IDLE, keep_alive=True, switch_proposed=False)
    assert START.states == {CLIENT: IDLE, SERVER: IDLE}


@pytest.mark.parametrize("name", [*JointState.__slots__, "other"])
def test_nobody_can_change_what_all_share(name: str) -> None:
    """One connection cannot be changed through the joint state of another."""
    anyhow: Any = ConnectionState().joint
    with pytest.raises(AttributeError, match="immutable"):
        setattr(anyhow, name, ERROR)
    with pytest.raises(AttributeError, match="immutable"):
        delattr(anyhow, name)
    with pytest.raises(TypeError):
        anyhow.states[CLIENT] = ERROR
    assert ConnectionState().states == {CLIENT: IDLE, SERVER: IDLE}


def test_copies_are_the_same_object() -> None:
    """A copy, or what comes out of a pickle, is the one object of its combination."""
    for joint in JOINTS:
        state = joint_state(*joint)
        assert copy.copy(state) is copy.deepcopy(state) is pickle.loads(pickle.dumps(state))
        assert copy.copy(state) is joint_state(*joint_of(state))
    assert ConnectionState().joint is joint_state(IDLE, IDLE, True, False)
