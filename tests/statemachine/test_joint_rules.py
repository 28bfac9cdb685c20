"""The joint rules couple the two machines: what follows from the states of both at once.

They serve RFC 9110 section 7.8 (a client waits for the answer to its proposal), and RFC 9112
sections 9.3 and 9.6 (no other cycle on a connection that will not persist).
"""

from collections.abc import Iterator
from itertools import product
from typing import Final, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from h11_statemachine import (
    CLIENT,
    CLOSED,
    DONE,
    ERROR,
    IDLE,
    JOINT_RULES,
    MIGHT_SWITCH_PROTOCOL,
    MUST_CLOSE,
    SEND_BODY,
    SEND_RESPONSE,
    SERVER,
    SWITCHED_PROTOCOL,
    JointRule,
    Role,
    State,
)
from tests.statemachine.oracle import Cycle
from tests.statemachine.tables import (
    JOINTS,
    STATES,
    Joint,
    applies,
    is_meaningful,
    joint_of,
    moved,
    moves,
    settled,
    trigger,
)
from tests.statemachine.walks import FAULTS, SAYINGS, WALKS, Step, next_cycle

PROPOSAL, *OTHERS = JOINT_RULES
"""The rule that comes first, and all others."""


class Unsettled(NamedTuple):
    """What a step leads to before the joint rules have been followed."""

    joint: Joint
    """The configuration by the tables alone."""

    cycle: Cycle
    """What it shall be in the end, by the oracle."""

    step: Step


def _unsettled() -> Iterator[Unsettled]:
    """Yield the outcome of every step that is allowed in any configuration."""
    for cycle, step in product(WALKS, SAYINGS + FAULTS):
        following = next_cycle(cycle, step)
        if following is not None:
            joint = joint_of(cycle)
            role, said = step
            if said is None:
                after = joint.moved(role, ERROR)
            else:
                after = moved(joint, role, trigger(said, cycle.proposals)) or joint
            told = joint_of(following)
            yield Unsettled(
                after._replace(keep_alive=told.keep_alive, switch_proposed=told.switch_proposed),
                following,
                step,
            )


UNSETTLED: Final = tuple(_unsettled())


def test_tables_and_rules_together_give_the_documented_states() -> None:
    """Everything about turns is in the tables: read plainly, they lead where the oracle says."""
    assert len(UNSETTLED) > 1000
    for joint, following, step in UNSETTLED:
        assert settled(JOINT_RULES, joint) == joint_of(following), (step, following)


def test_every_rule_applies_somewhere() -> None:
    """No rule is dead: each is followed in some conversation."""
    used = {rule for joint, _, _ in UNSETTLED for rule, _ in moves(JOINT_RULES, joint)}
    assert used == set(JOINT_RULES)


@pytest.mark.parametrize("rule", JOINT_RULES)
def test_every_rule_would_be_missed(rule: JointRule) -> None:
    """No rule says only what others say already."""
    rest = [other for other in JOINT_RULES if other is not rule]
    joints = {unsettled.joint for unsettled in UNSETTLED}
    assert any(settled(rest, joint) != settled(JOINT_RULES, joint) for joint in joints)


def test_no_rule_is_there_twice() -> None:
    """Two rules that say the same would hide each other."""
    assert len(set(JOINT_RULES)) == len(JOINT_RULES)


@pytest.mark.parametrize("rule", JOINT_RULES)
def test_rule_moves_to_another_state(rule: JointRule) -> None:
    """A rule that leads to where it started would apply for ever, and ERROR is no rule's end."""
    assert rule.before is not rule.after
    assert {rule.before, rule.after} <= set(STATES) - {ERROR}


@pytest.mark.parametrize("rule", JOINT_RULES)
def test_rule_depends_on_something(rule: JointRule) -> None:
    """A rule without a condition would make a state that nobody can stay in."""
    assert (rule.peer, rule.keep_alive, rule.switch_proposed) != (None, None, None)


@pytest.mark.parametrize("rule", JOINT_RULES)
def test_no_rule_touches_who_is_in_the_middle_of_a_message(rule: JointRule) -> None:
    """A body, and a response that is owed, can always be finished (RFC 9112 section 9.6)."""
    assert rule.before not in (SEND_BODY, SEND_RESPONSE)


def test_rules_never_lead_in_circles() -> None:
    """From everything that can be written down, the rules come to rest."""
    for joint in JOINTS:
        rest = settled(JOINT_RULES, joint)
        assert not any(applies(rule, rest) for rule in JOINT_RULES)


def test_a_proposal_comes_before_everything_else() -> None:
    """A client that has proposed a switch waits, even if no cycle may follow (RFC 9110 7.8)."""
    assert JointRule(CLIENT, DONE, MIGHT_SWITCH_PROTOCOL, switch_proposed=True) == PROPOSAL
    joint = Joint(DONE, SEND_RESPONSE, keep_alive=False, switch_proposed=True)
    assert settled(JOINT_RULES, joint).client is MIGHT_SWITCH_PROTOCOL
    assert settled([*OTHERS, PROPOSAL], joint).client is MUST_CLOSE


@settings(deadline=None)
@given(st.permutations(OTHERS))
def test_the_order_of_the_other_rules_means_nothing(others: list[JointRule]) -> None:
    """Only the first rule has to be where it is."""
    for joint in filter(is_meaningful, JOINTS):
        assert settled([PROPOSAL, *others], joint) == settled(JOINT_RULES, joint), joint


@pytest.mark.parametrize("role", [CLIENT, SERVER], ids=str)
@pytest.mark.parametrize("peer", [CLOSED, ERROR], ids=str)
def test_nobody_waits_for_a_peer_that_is_gone(role: Role, peer: State) -> None:
    """A message that is complete cannot be followed by another cycle (RFC 9112 section 9.6)."""
    assert JointRule(role, DONE, MUST_CLOSE, peer=peer) in JOINT_RULES


@pytest.mark.parametrize("role", [CLIENT, SERVER], ids=str)
def test_nobody_begins_with_a_peer_that_has_closed(role: Role) -> None:
    """A cycle needs two (RFC 9112 section 9.6)."""
    assert JointRule(role, IDLE, MUST_CLOSE, peer=CLOSED) in JOINT_RULES


@pytest.mark.parametrize("role", [CLIENT, SERVER], ids=str)
def test_a_server_may_still_answer_a_client_in_error(role: Role) -> None:
    """From IDLE a fault of the peer forbids nothing: a 400 can be sent (RFC 9110 15.5.1)."""
    assert not [
        rule
        for rule in JOINT_RULES
        if rule.role is role and rule.before is IDLE and rule.peer is ERROR
    ]


@pytest.mark.parametrize("role", [CLIENT, SERVER], ids=str)
def test_a_connection_that_does_not_persist_ends_with_the_message(role: Role) -> None:
    """Without keep-alive a complete message is the last (RFC 9112 section 9.3)."""
    assert JointRule(role, DONE, MUST_CLOSE, keep_alive=False) in JOINT_RULES


def test_a_client_learns_the_answer_to_its_proposal() -> None:
    """It follows the server into the other protocol, or goes back to HTTP (RFC 9110 7.8)."""
    waiting = Joint(MIGHT_SWITCH_PROTOCOL, SWITCHED_PROTOCOL, keep_alive=True, switch_proposed=True)
    assert settled(JOINT_RULES, waiting).client is SWITCHED_PROTOCOL
    refused = Joint(MIGHT_SWITCH_PROTOCOL, SEND_BODY, keep_alive=True, switch_proposed=False)
    assert settled(JOINT_RULES, refused).client is DONE
