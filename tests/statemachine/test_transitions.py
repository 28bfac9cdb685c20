"""The transition tables are complete, and hold what the documentation says about turns.

They are data, so they can be walked: every role and state has its row, every state can be come to,
and what starts a move is an event or an accepted switch (RFC 9110 sections 3.4 and 7.8, RFC 9112
section 9).
"""

from typing import Final

import pytest

import h11_events
from h11_events import (
    ConnectionClosed,
    Data,
    EndOfMessage,
    Event,
    InformationalResponse,
    Request,
    Response,
)
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
    Role,
    State,
    Switch,
    Trigger,
)
from tests.statemachine.tables import STATES, joint_of, moved, trigger
from tests.statemachine.walks import SAYINGS, WALKS, next_cycle

COMMON_TRIGGERS: Final[set[Trigger]] = {Data, EndOfMessage, ConnectionClosed}

OWN_TRIGGERS: Final[dict[Role, set[Trigger]]] = {
    CLIENT: {Request},
    SERVER: {InformationalResponse, Response, *Switch},
}

every_role = pytest.mark.parametrize("role", [CLIENT, SERVER], ids=str)


def arcs(role: Role, trigger: Trigger) -> dict[State, State]:
    """Return the states in which a role has an entry for a trigger, and where that leads."""
    rows = TRANSITIONS[role].items()
    return {before: moves[trigger] for before, moves in rows if trigger in moves}


def test_both_roles_have_a_table() -> None:
    """There is a table for the client and one for the server."""
    assert set(TRANSITIONS) == {CLIENT, SERVER}


@every_role
def test_every_state_has_a_row(role: Role) -> None:
    """A state in which there is nothing to say has an empty row rather than none."""
    assert set(TRANSITIONS[role]) == set(STATES)


@every_role
def test_only_events_and_switches_are_triggers(role: Role) -> None:
    """A role is moved by what it can say itself, and each such event has an entry somewhere."""
    triggers = {trigger for moves in TRANSITIONS[role].values() for trigger in moves}
    assert triggers == COMMON_TRIGGERS | OWN_TRIGGERS[role]


def test_every_event_class_is_a_trigger() -> None:
    """No class of events is without a place in the conversation."""
    public = [value for value in vars(h11_events).values() if isinstance(value, type)]
    classes = {each for each in public if issubclass(each, Event) and each is not Event}
    triggers = {
        trigger for table in TRANSITIONS.values() for moves in table.values() for trigger in moves
    }
    assert len(classes) == 6
    assert triggers == classes | set(Switch)


@every_role
def test_every_move_leads_to_a_state(role: Role) -> None:
    """What follows is one of the nine states, and never ERROR: no event is a fault by itself."""
    targets = {after for moves in TRANSITIONS[role].values() for after in moves.values()}
    assert targets <= set(STATES) - {ERROR}


@pytest.mark.parametrize(
    ("role", "state"),
    [
        *[(role, state) for role in (CLIENT, SERVER) for state in (SWITCHED_PROTOCOL, ERROR)],
        (CLIENT, MIGHT_SWITCH_PROTOCOL),
        (CLIENT, SEND_RESPONSE),
        (SERVER, MIGHT_SWITCH_PROTOCOL),
    ],
)
def test_nothing_can_be_said_here(role: Role, state: State) -> None:
    """These states are final, or another's turn, or none of the role's own."""
    assert TRANSITIONS[role][state] == {}


def test_a_request_begins_a_cycle() -> None:
    """A client may make a request only when nothing was said yet, so it cannot pipeline.

    RFC 9112 section 9.3.2 lets a client pipeline, but does not make it.
    """
    assert arcs(CLIENT, Request) == {IDLE: SEND_BODY}


def test_a_request_makes_the_server_owe_a_response() -> None:
    """The server's machine moves with the client's at a request (RFC 9110 section 3.4)."""
    assert {Request: {IDLE: SEND_RESPONSE}} == REACTIONS


def test_a_response_answers_a_request_or_the_lack_of_one() -> None:
    """A final response may come before any request, as 408 does (RFC 9110 section 15.5.9)."""
    assert arcs(SERVER, Response) == {IDLE: SEND_BODY, SEND_RESPONSE: SEND_BODY}


def test_informational_responses_come_before_the_final_one() -> None:
    """Any number of them may come, and the response is still owed (RFC 9110 section 15.2)."""
    assert arcs(SERVER, InformationalResponse) == {SEND_RESPONSE: SEND_RESPONSE}


@pytest.mark.parametrize("switch", Switch)
def test_an_accepted_switch_ends_http(switch: Switch) -> None:
    """Only the response to a request accepts (RFC 9110 sections 7.8 and 9.3.6)."""
    assert arcs(SERVER, switch) == {SEND_RESPONSE: SWITCHED_PROTOCOL}


@every_role
def test_a_body_follows_its_head(role: Role) -> None:
    """Any number of pieces, then the end of the message (RFC 9112 section 2.1)."""
    assert arcs(role, Data) == {SEND_BODY: SEND_BODY}
    assert arcs(role, EndOfMessage) == {SEND_BODY: DONE}


@every_role
def test_closing_is_clean_only_between_messages(role: Role) -> None:
    """Who owes nothing may close, and may say so twice (RFC 9112 sections 8 and 9.6)."""
    assert arcs(role, ConnectionClosed) == dict.fromkeys([IDLE, DONE, MUST_CLOSE, CLOSED], CLOSED)


@pytest.mark.parametrize(
    ("role", "foreign"), [(CLIENT, SEND_RESPONSE), (SERVER, MIGHT_SWITCH_PROTOCOL)]
)
def test_every_state_can_be_come_to_but_the_other_roles_own(role: Role, foreign: State) -> None:
    """A client never owes a response, and a server never waits for the answer to a proposal."""
    reached: set[State] = {IDLE}
    pairs = [(before, after) for before, row in TRANSITIONS[role].items() for after in row.values()]
    pairs += [(rule.before, rule.after) for rule in JOINT_RULES if rule.role is role]
    if role is SERVER:
        pairs += [pair for reaction in REACTIONS.values() for pair in reaction.items()]
    for _ in STATES:
        reached |= {after for before, after in pairs if before in reached}
    assert reached == set(STATES) - {foreign, ERROR}


@every_role
def test_every_arc_is_gone_by_some_conversation(role: Role) -> None:
    """No entry of the tables is there for nothing."""
    gone = {
        (cycle.state(role), trigger(said, cycle.proposals))
        for cycle in WALKS
        for speaker, said in SAYINGS
        if speaker is role and said is not None and cycle.may_say(role, said)
    }
    assert gone == {
        (before, trigger) for before, moves in TRANSITIONS[role].items() for trigger in moves
    }


def test_tables_allow_what_the_documentation_allows() -> None:
    """In every configuration there is an entry for an event exactly if it may be said.

    Only a 101 that nobody asked for has an entry and may not be said; see test_switching.
    """
    for cycle in WALKS:
        joint = joint_of(cycle)
        for step in SAYINGS:
            role, said = step
            assert said is not None
            cause = trigger(said, cycle.proposals)
            if cause is Switch.UPGRADE and Switch.UPGRADE not in cycle.proposals:
                continue
            allowed = next_cycle(cycle, step) is not None
            assert (moved(joint, role, cause) is not None) == allowed, (cycle, step)


def test_switches_are_named_for_a_reader() -> None:
    """What a diagram writes at an arc of a switch says how it is accepted."""
    assert {switch: switch.value for switch in Switch} == {
        Switch.CONNECT: "CONNECT accepted with 2xx",
        Switch.UPGRADE: "Upgrade accepted with 101",
    }
