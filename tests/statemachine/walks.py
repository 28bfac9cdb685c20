"""The shortest way to every configuration that a cycle can come to.

In: the oracle and everything that can be said. Out: `WALKS`, for each configuration the steps that
lead to it from the start; and machines that have gone such a way by real events.
"""

from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from itertools import product
from typing import Final, NamedTuple

from h11_statemachine import CLIENT, SERVER, ConnectionState, Role, State
from tests.statemachine.oracle import Cycle
from tests.statemachine.utterances import UTTERANCES, Utterance


class Step(NamedTuple):
    """Something that happens to a role."""

    role: Role
    said: Utterance | None
    """What it says; None for a fault of its own."""

    def __repr__(self) -> str:
        """Return the step as the reader of a failed test wants to see it."""
        return f"{self.role} fails" if self.said is None else f"{self.role} says {self.said.event}"


Steps = tuple[Step, ...]

ROLES: Final[tuple[Role, Role]] = (CLIENT, SERVER)

SAYINGS: Final = tuple(Step(role, said) for role, said in product(ROLES, UTTERANCES))
"""Every event, said by either role, though most are not for both."""

FAULTS: Final = tuple(Step(role, None) for role in ROLES)


def next_cycle(cycle: Cycle, step: Step) -> Cycle | None:
    """Return what a step makes of a cycle, by the oracle; None if it is out of turn."""
    role, said = step
    if said is None:
        return cycle.after_error(role)
    return cycle.after(role, said) if cycle.may_say(role, said) else None


def take(machine: ConnectionState, step: Step) -> None:
    """Let a step happen to a machine."""
    if step.said is None:
        machine.process_error(step.role)
    else:
        machine.process_event(step.role, step.said.event)


def machine_after(steps: Sequence[Step]) -> ConnectionState:
    """Return a machine that has gone this way."""
    machine = ConnectionState()
    for step in steps:
        take(machine, step)
    return machine


def _shortest_walks() -> dict[Cycle, Steps]:
    """Return the steps to every configuration, found breadth first."""
    walks: dict[Cycle, Steps] = {Cycle(): ()}
    waiting = deque([Cycle()])
    while waiting:
        cycle = waiting.popleft()
        for step in SAYINGS + FAULTS:
            following = next_cycle(cycle, step)
            if following is not None and following not in walks:
                walks[following] = (*walks[cycle], step)
                waiting.append(following)
    return walks


WALKS: Final[Mapping[Cycle, Steps]] = _shortest_walks()


def _by_states() -> dict[tuple[State, State], dict[Cycle, Steps]]:
    """Return the configurations with their walks, by the states of client and server."""
    groups: dict[tuple[State, State], dict[Cycle, Steps]] = defaultdict(dict)
    for cycle, steps in WALKS.items():
        groups[cycle.client_state, cycle.server_state][cycle] = steps
    return dict(groups)


WALKS_BY_STATES: Final[Mapping[tuple[State, State], Mapping[Cycle, Steps]]] = _by_states()
