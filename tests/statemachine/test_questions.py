"""The four questions about a connection: idle, in mid-exchange, reusable, to be closed.

In: every configuration that a cycle can come to, 378 of them. Out: the one answer that is yes, by a
table for people, and by what can still happen, which says the same without looking at states (RFC
9112 sections 9.3 and 9.6).
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

import pytest

from h11_events import ConnectionClosed, LocalProtocolError
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
    ConnectionState,
    State,
)
from tests.statemachine.messages import CLOSE, KEEP_ALIVE, after, answering, asking, hear
from tests.statemachine.oracle import Cycle
from tests.statemachine.walks import (
    SAYINGS,
    WALKS,
    WALKS_BY_STATES,
    machine_after,
    next_cycle,
)

QUESTIONS: Final = ("is_idle", "is_mid_exchange", "is_reusable", "must_close")

TABLE: Final[dict[tuple[State, State], str | None]] = {
    (IDLE, IDLE): "is_idle",
    # The request is not answered yet, or not to the end.
    (SEND_BODY, SEND_RESPONSE): "is_mid_exchange",
    (SEND_BODY, SEND_BODY): "is_mid_exchange",
    (DONE, SEND_RESPONSE): "is_mid_exchange",
    (DONE, SEND_BODY): "is_mid_exchange",
    (MUST_CLOSE, SEND_RESPONSE): "is_mid_exchange",
    (MUST_CLOSE, SEND_BODY): "is_mid_exchange",
    (CLOSED, SEND_RESPONSE): "is_mid_exchange",
    (CLOSED, SEND_BODY): "is_mid_exchange",
    (MIGHT_SWITCH_PROTOCOL, SEND_RESPONSE): "is_mid_exchange",
    # Whatever the client has got wrong may be answered.
    (ERROR, IDLE): "is_mid_exchange",
    (ERROR, SEND_RESPONSE): "is_mid_exchange",
    (ERROR, SEND_BODY): "is_mid_exchange",
    # A response that no request has asked for.
    (IDLE, SEND_BODY): "is_mid_exchange",
    # An early answer, after which the connection goes on.
    (SEND_BODY, DONE): "is_mid_exchange",
    (SEND_BODY, SWITCHED_PROTOCOL): "is_mid_exchange",
    (DONE, DONE): "is_reusable",
    # An early answer, after which it does not.
    (SEND_BODY, MUST_CLOSE): "must_close",
    (SEND_BODY, CLOSED): "must_close",
    # The response that nobody has asked for is complete: no request can follow it.
    (IDLE, DONE): "must_close",
    (IDLE, MUST_CLOSE): "must_close",
    (MUST_CLOSE, MUST_CLOSE): "must_close",
    (MUST_CLOSE, CLOSED): "must_close",
    (CLOSED, MUST_CLOSE): "must_close",
    (CLOSED, CLOSED): "must_close",
    (ERROR, MUST_CLOSE): "must_close",
    (ERROR, CLOSED): "must_close",
    (ERROR, SWITCHED_PROTOCOL): "must_close",
    # No answer can come of a server that has got something wrong, or was cut off.
    (IDLE, ERROR): "must_close",
    (SEND_BODY, ERROR): "must_close",
    (MUST_CLOSE, ERROR): "must_close",
    (CLOSED, ERROR): "must_close",
    (MIGHT_SWITCH_PROTOCOL, ERROR): "must_close",
    (SWITCHED_PROTOCOL, ERROR): "must_close",
    (ERROR, ERROR): "must_close",
    (SWITCHED_PROTOCOL, SWITCHED_PROTOCOL): None,
}
"""For the states of client and server: the question that is answered with yes, if any is."""


def answer(machine: ConnectionState) -> str | None:
    """Return the question that a machine answers with yes.

    Raises:
        AssertionError: If there is more than one.
    """
    answers: dict[str, bool] = {name: getattr(machine, name) for name in QUESTIONS}
    assert set(map(type, answers.values())) == {bool}
    assert sum(answers.values()) <= 1, answers
    return next((name for name, is_so in answers.items() if is_so), None)


def continuations() -> dict[Cycle, set[Cycle]]:
    """Return what can become of each configuration without a fault, itself included."""
    following: dict[Cycle, set[Cycle]] = defaultdict(set)
    for cycle in WALKS:
        for step in SAYINGS:
            after_step = next_cycle(cycle, step)
            if after_step is not None:
                following[cycle].add(after_step)
    reached: dict[Cycle, set[Cycle]] = {}
    for start in WALKS:
        found, waiting = {start}, [start]
        while waiting:
            new = following[waiting.pop()] - found
            found |= new
            waiting += new
        reached[start] = found
    return reached


CONTINUATIONS: Final = continuations()


def server_may_speak(cycle: Cycle) -> bool:
    """Return whether the server may say anything but that it closes."""
    return any(
        step.role is SERVER
        and step.said is not None
        and not isinstance(step.said.event, ConnectionClosed)
        and next_cycle(cycle, step) is not None
        for step in SAYINGS
    )


def is_complete(cycle: Cycle) -> bool:
    """Return whether both messages are complete and another cycle may follow."""
    return (
        cycle.client.has_ended
        and cycle.server.has_ended
        and not cycle.is_last
        and not any(side.has_closed or side.has_failed for side in (cycle.client, cycle.server))
    )


def has_switched(cycle: Cycle) -> bool:
    """Return whether both roles have left HTTP, in good order."""
    return (
        cycle.client.has_left
        and cycle.server.has_left
        and not (cycle.client.has_failed or cycle.server.has_failed)
    )


def question_by_what_can_happen(cycle: Cycle) -> str | None:
    """Return the question that is to be answered with yes, going by the future alone."""
    if cycle == Cycle():
        return "is_idle"
    if is_complete(cycle):
        return "is_reusable"
    if has_switched(cycle):
        return None
    hopes = (server_may_speak, is_complete, has_switched)
    can_matter = any(hope(later) for later in CONTINUATIONS[cycle] for hope in hopes)
    return "is_mid_exchange" if can_matter else "must_close"


def test_table_has_every_pair_of_states_that_a_cycle_comes_to() -> None:
    """Nothing is left open, and nothing is said of what cannot be."""
    assert set(TABLE) == set(WALKS_BY_STATES)
    assert len(WALKS) == 378


def each_configuration() -> Iterator[tuple[Cycle, ConnectionState]]:
    """Yield every configuration, and a machine that has come to it by real events."""
    for cycle, steps in WALKS.items():
        yield cycle, machine_after(steps)


@pytest.mark.parametrize(
    ("pair", "question"),
    TABLE.items(),
    ids=[f"client={client}-server={server}" for client, server in TABLE],
)
def test_each_pair_of_states_has_one_answer(
    pair: tuple[State, State], question: str | None
) -> None:
    """However a connection came to these states, the answer is that of the table."""
    for steps in WALKS_BY_STATES[pair].values():
        assert answer(machine_after(steps)) == question, steps


def test_answers_say_what_can_still_happen() -> None:
    """In each configuration, the events that may follow lead to the same answer as the states."""
    for cycle, machine in each_configuration():
        assert answer(machine) == question_by_what_can_happen(cycle), WALKS[cycle]


def test_a_connection_is_reusable_if_and_only_if_the_next_cycle_can_begin() -> None:
    """After `start_next_cycle` it is idle; where that is refused, the answers stay."""
    for _, machine in each_configuration():
        before = answer(machine)
        if machine.is_reusable:
            machine.start_next_cycle()
            assert answer(machine) == "is_idle"
        else:
            with pytest.raises(LocalProtocolError, match="not in a reusable state"):
                machine.start_next_cycle()
            assert answer(machine) == before


def test_what_must_be_closed_stays_so_whatever_happens() -> None:
    """Neither what may still be said nor a fault brings another answer."""
    for cycle, machine in each_configuration():
        if machine.must_close:
            for later in CONTINUATIONS[cycle]:
                assert answer(machine_after(WALKS[later])) == "must_close"
            for role in (CLIENT, SERVER):
                machine.process_error(role)
                assert machine.must_close


@pytest.mark.parametrize("name", QUESTIONS)
def test_answers_cannot_be_set(name: str) -> None:
    """They follow from what was said."""
    with pytest.raises(AttributeError):
        setattr(ConnectionState(), name, True)


def test_last_cycle_must_be_closed_only_when_it_is_over() -> None:
    """Keep-alive may be ruled out in its middle, which it still has to come out of."""
    machine = after(*asking())
    machine.rule_out_keep_alive()
    assert machine.is_mid_exchange
    hear(machine, *answering())
    assert machine.must_close


def test_http_1_0_is_reusable_where_keep_alive_is_honoured() -> None:
    """The answers follow what was agreed on, whatever the version."""
    for honoured in (False, True):
        machine = ConnectionState(http10_keep_alive=honoured)
        length = (b"Content-Length", b"0")
        hear(machine, *asking(KEEP_ALIVE, version=b"1.0"))
        assert machine.is_mid_exchange
        hear(machine, *answering(KEEP_ALIVE, length, version=b"1.0"))
        assert answer(machine) == ("is_reusable" if honoured else "must_close")


def test_a_pool_sees_the_server_go() -> None:
    """A connection that waits for its next request is idle until the server closes it."""
    machine = after(*asking(), *answering())
    machine.start_next_cycle()
    assert machine.is_idle
    hear(machine, (SERVER, CLOSE))
    assert machine.must_close
