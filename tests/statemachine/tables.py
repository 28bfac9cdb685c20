"""The tables of the machine, read in the plainest way.

In: tables of joint rules, and a joint configuration. Out: where the rules lead, or a failure if
they lead in circles. It is slow and obvious where the machine is quick (RFC 9110 section 7.8, RFC
9112 sections 9.3 and 9.6).
"""

from collections.abc import Sequence
from itertools import product
from typing import Final, NamedTuple, get_args

from h11_events import InformationalResponse, Request, Response
from h11_statemachine import (
    CLIENT,
    REACTIONS,
    SERVER,
    SWITCHED_PROTOCOL,
    TRANSITIONS,
    JointRule,
    Role,
    State,
    Switch,
    Trigger,
)
from tests.statemachine.oracle import Cycle
from tests.statemachine.utterances import Utterance

STATES: Final[tuple[State, ...]] = tuple(get_args(member)[0] for member in get_args(State))
"""All nine states."""


class Joint(NamedTuple):
    """All that the joint rules look at."""

    client: State
    server: State
    keep_alive: bool
    switch_proposed: bool

    def state(self, role: Role) -> State:
        """Return the state of a role."""
        return self.client if role is CLIENT else self.server

    def moved(self, role: Role, state: State) -> "Joint":
        """Return the configuration with a role in another state."""
        return self._replace(client=state) if role is CLIENT else self._replace(server=state)


JOINTS: Final = tuple(
    Joint(*values) for values in product(STATES, STATES, [True, False], [True, False])
)
"""Every configuration that can be written down, most of which no conversation comes to."""


def joint_of(cycle: Cycle) -> Joint:
    """Return what the joint rules see of a cycle."""
    return Joint(cycle.client_state, cycle.server_state, not cycle.is_last, bool(cycle.proposals))


def applies(rule: JointRule, joint: Joint) -> bool:
    """Return whether a rule asks for a move."""
    return (
        joint.state(rule.role) is rule.before
        and rule.peer in (None, joint.state(SERVER if rule.role is CLIENT else CLIENT))
        and rule.keep_alive in (None, joint.keep_alive)
        and rule.switch_proposed in (None, joint.switch_proposed)
    )


def moves(rules: Sequence[JointRule], joint: Joint) -> list[tuple[JointRule, Joint]]:
    """Return the rules that apply in turn, first come first served, with what each leads to.

    Raises:
        AssertionError: If they lead in circles.
    """
    path: list[tuple[JointRule, Joint]] = []
    visited = {joint}
    while rule := next((rule for rule in rules if applies(rule, joint)), None):
        joint = joint.moved(rule.role, rule.after)
        assert joint not in visited, f"in circles: {path}"
        visited.add(joint)
        path.append((rule, joint))
    return path


def settled(rules: Sequence[JointRule], joint: Joint) -> Joint:
    """Return the configuration in which no rule applies any more."""
    path = moves(rules, joint)
    return path[-1][1] if path else joint


def is_meaningful(joint: Joint) -> bool:
    """Return whether a conversation can be so: nobody switches unless it was proposed."""
    return joint.switch_proposed or SWITCHED_PROTOCOL not in (joint.client, joint.server)


def trigger(said: Utterance, proposals: frozenset[Switch]) -> Trigger:
    """Return what an event is for the tables: the switch that it accepts, or else its class."""
    match said.event:
        case Response(status_code=status) if 200 <= status <= 299 and Switch.CONNECT in proposals:
            return Switch.CONNECT
        case InformationalResponse(status_code=101):
            return Switch.UPGRADE
    return type(said.event)


def moved(joint: Joint, role: Role, trigger: Trigger) -> Joint | None:
    """Return the configuration after an event, before the joint rules; None without an entry."""
    after = TRANSITIONS[role][joint.state(role)].get(trigger)
    if after is None:
        return None
    if trigger is Request:
        reaction = REACTIONS[Request].get(joint.server)
        return None if reaction is None else joint.moved(CLIENT, after).moved(SERVER, reaction)
    return joint.moved(role, after)
