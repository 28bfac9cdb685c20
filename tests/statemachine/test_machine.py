"""Every event of either role, in every configuration that a conversation can come to.

A machine is led to each configuration by real events, meets everything that can be said, and has to
do what the oracle says: allow it and go on, or refuse it and stay as it was (RFC 9110 section 3.4,
RFC 9112 section 9).
"""

from typing import Any

import pytest

from h11_events import ConnectionClosed, ErrorCode, LocalProtocolError
from h11_statemachine import (
    CLIENT,
    CLOSED,
    DONE,
    ERROR,
    IDLE,
    MUST_CLOSE,
    SEND_BODY,
    SEND_RESPONSE,
    SERVER,
    ConnectionState,
    Role,
    State,
)
from tests.statemachine.messages import (
    CLOSE,
    CLOSING,
    END,
    EXPECTING,
    PIECE,
    UPGRADING,
    after,
    answering,
    asking,
    hear,
    request,
    states,
)
from tests.statemachine.oracle import Cycle, expected, seen
from tests.statemachine.walks import (
    SAYINGS,
    WALKS,
    WALKS_BY_STATES,
    Step,
    machine_after,
    next_cycle,
    take,
)

every_pair_of_states = pytest.mark.parametrize(
    "pair", WALKS_BY_STATES, ids=lambda pair: f"client={pair[0]}-server={pair[1]}"
)
every_role = pytest.mark.parametrize("role", [CLIENT, SERVER], ids=str)

NEW = seen(ConnectionState())
"""What a machine shows before anything was said."""


def said_next(pair: tuple[State, State], *, allowed: bool) -> list[tuple[Cycle, Step]]:
    """Return what can be said, in or out of turn, in each configuration with these states."""
    return [
        (cycle, step)
        for cycle in WALKS_BY_STATES[pair]
        for step in SAYINGS
        if (next_cycle(cycle, step) is not None) is allowed
    ]


def refusal_code(cycle: Cycle, step: Step) -> ErrorCode:
    """Return why a step is refused: a role breaks off what it owes, or it is not its turn."""
    breaks_off = step.said is not None and isinstance(step.said.event, ConnectionClosed)
    if breaks_off and cycle.state(step.role) in (SEND_BODY, SEND_RESPONSE):
        return ErrorCode.CLOSED_EARLY
    return ErrorCode.OUT_OF_TURN


def test_nothing_was_said_to_a_new_machine() -> None:
    """Both roles start in IDLE, on a connection that is taken to persist (RFC 9112 9.3)."""
    assert {
        "states": {CLIENT: IDLE, SERVER: IDLE},
        "keep_alive": True,
        "request_method": None,
        "switch_proposals": frozenset(),
        "client_is_waiting_for_100_continue": False,
    } == NEW


@every_pair_of_states
def test_machine_comes_to_every_configuration(pair: tuple[State, State]) -> None:
    """The shortest way to each configuration leads the machine there."""
    for cycle, steps in WALKS_BY_STATES[pair].items():
        machine = machine_after(steps)
        assert states(machine) == pair, steps
        assert seen(machine) == expected(cycle), steps


@every_pair_of_states
def test_what_is_said_in_turn_is_allowed(pair: tuple[State, State]) -> None:
    """After every event that is allowed, the machine knows what the oracle knows."""
    for cycle, step in said_next(pair, allowed=True):
        machine = machine_after(WALKS[cycle])
        take(machine, step)
        following = next_cycle(cycle, step)
        assert following is not None
        assert seen(machine) == expected(following), (WALKS[cycle], step)


@every_pair_of_states
def test_what_is_said_out_of_turn_is_refused(pair: tuple[State, State]) -> None:
    """An event that is not allowed raises, and nothing at all has changed."""
    refused = said_next(pair, allowed=False)
    assert refused
    for cycle, step in refused:
        machine = machine_after(WALKS[cycle])
        with pytest.raises(LocalProtocolError) as raised:
            take(machine, step)
        assert raised.value.error_status_hint == 400
        assert raised.value.code is refusal_code(cycle, step), (WALKS[cycle], step)
        assert seen(machine) == expected(cycle), (WALKS[cycle], step)


@every_role
@every_pair_of_states
def test_a_fault_leads_to_error_from_everywhere(pair: tuple[State, State], role: Role) -> None:
    """Whatever the state, a role at fault is in ERROR, and the peer is where the rules say."""
    for cycle, steps in WALKS_BY_STATES[pair].items():
        machine = machine_after(steps)
        machine.process_error(role)
        assert machine.states[role] is ERROR, steps
        assert seen(machine) == expected(cycle.after_error(role)), steps


@pytest.mark.parametrize("role", ["client", None, IDLE])
def test_nobody_else_is_heard_or_blamed(role: Any) -> None:
    """What is no role says nothing and is at no fault; nothing has changed."""
    machine = ConnectionState()
    with pytest.raises(ValueError, match="expected CLIENT or SERVER"):
        machine.process_event(role, request())
    with pytest.raises(ValueError, match="expected CLIENT or SERVER"):
        machine.process_error(role)
    assert machine.is_idle


@every_role
def test_error_is_never_left(role: Role) -> None:
    """No event of the role itself, nor of its peer, nor another fault, leads out of ERROR."""
    in_error = [cycle for cycle in WALKS if cycle.state(role) is ERROR]
    assert in_error
    for cycle in in_error:
        for step in SAYINGS:
            machine = machine_after(WALKS[cycle])
            if step.role is role:
                with pytest.raises(LocalProtocolError, match="ERROR"):
                    take(machine, step)
            elif next_cycle(cycle, step) is not None:
                take(machine, step)
            machine.process_error(role)
            assert machine.states[role] is ERROR, (WALKS[cycle], step)


def test_a_server_answers_a_client_at_fault() -> None:
    """After gibberish in place of a request, a whole 400 can be sent (RFC 9110 15.5.1)."""
    machine = ConnectionState()
    machine.process_error(CLIENT)
    hear(machine, *answering(status=400))
    assert states(machine) == (ERROR, MUST_CLOSE)
    hear(machine, (SERVER, CLOSE))
    assert states(machine) == (ERROR, CLOSED)


def test_a_server_answers_a_client_that_was_cut_off() -> None:
    """A request that broke off in its body can still be answered (RFC 9112 section 8)."""
    machine = after((CLIENT, request()), (CLIENT, PIECE))
    machine.process_error(CLIENT)
    hear(machine, *answering(status=400))
    assert states(machine) == (ERROR, MUST_CLOSE)


def test_a_server_answers_a_client_that_has_closed_its_half() -> None:
    """Closing one half after a request does not withdraw it (RFC 9112 section 9.6)."""
    machine = after(*asking(), (CLIENT, CLOSE))
    assert states(machine) == (CLOSED, SEND_RESPONSE)
    hear(machine, *answering())
    assert states(machine) == (CLOSED, MUST_CLOSE)


def test_a_client_goes_on_after_an_early_response() -> None:
    """A response may be complete before the request is, which can then be finished."""
    machine = after((CLIENT, request()), (CLIENT, PIECE), *answering())
    assert states(machine) == (SEND_BODY, DONE)
    hear(machine, (CLIENT, PIECE), (CLIENT, END))
    assert states(machine) == (DONE, DONE)


def test_the_next_cycle_begins_only_when_both_are_done() -> None:
    """In every configuration but DONE and DONE it is refused, and nothing changes.

    This keeps requests and responses together (RFC 9112 section 9.2).
    """
    for cycle, steps in WALKS.items():
        machine = machine_after(steps)
        if (cycle.client_state, cycle.server_state) == (DONE, DONE):
            machine.start_next_cycle()
            assert seen(machine) == NEW, steps
        else:
            with pytest.raises(LocalProtocolError, match="not in a reusable state") as raised:
                machine.start_next_cycle()
            assert raised.value.code is ErrorCode.OUT_OF_TURN
            assert f"client is in {cycle.client_state}" in str(raised.value)
            assert f"server in {cycle.server_state}" in str(raised.value)
            assert seen(machine) == expected(cycle), steps


def test_the_next_cycle_forgets_the_last_one() -> None:
    """Method, refused proposals and expectations belong to the cycle that is over."""
    machine = after(*asking(UPGRADING, EXPECTING, method=b"CONNECT"), *answering(status=400))
    assert machine.request_method == b"CONNECT"
    machine.start_next_cycle()
    assert seen(machine) == NEW


def test_cycle_follows_cycle() -> None:
    """A connection that persists serves any number of requests (RFC 9112 section 9.3)."""
    machine = ConnectionState()
    for method in [b"GET", b"PUT", b"CONNECT", b"GET"]:
        hear(machine, *asking(method=method))
        assert machine.request_method == method
        hear(machine, *answering(status=400))
        assert states(machine) == (DONE, DONE)
        machine.start_next_cycle()
    hear(machine, (CLIENT, CLOSE))
    assert states(machine) == (CLOSED, MUST_CLOSE)


def test_states_can_only_be_read() -> None:
    """Nobody moves a machine but by events; what was shown of it cannot be written to."""
    machine = ConnectionState()
    shown: Any = machine.states
    with pytest.raises(TypeError):
        shown[CLIENT] = DONE
    assert seen(machine) == NEW


def test_machines_know_nothing_of_each_other() -> None:
    """Each connection has a machine of its own."""
    first, second = ConnectionState(), ConnectionState()
    hear(first, *asking(CLOSING, UPGRADING, EXPECTING))
    assert seen(second) == NEW
