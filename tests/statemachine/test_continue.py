"""Whether the client waits for leave to send its body (RFC 9110 section 10.1.1).

A request of HTTP/1.1 that expects `100-continue` makes it wait; any response, or its going ahead,
ends the wait.
"""

import pytest
from hypothesis import given

from h11_events import LocalProtocolError
from h11_statemachine import CLIENT, DONE, SEND_BODY, SEND_RESPONSE, SERVER, Role
from tests.statemachine.messages import (
    CLOSE,
    END,
    EXPECTING,
    PIECE,
    UPGRADING,
    Line,
    Turn,
    after,
    answering,
    asking,
    hear,
    informational,
    request,
    response,
    states,
)
from tests.strategies import casings, header_lists


@pytest.mark.parametrize(
    "lines",
    [
        [(b"Expect", b"100-continue")],
        [(b"expect", b"100-CONTINUE")],
        [(b"EXPECT", b"100-Continue")],
        [(b"Expect", b"other, 100-continue")],
        [(b"Expect", b", ,100-continue\t,")],
        [(b"Expect", b"other"), (b"Expect", b"100-continue")],
        [(b"Expect", b"100-continue"), (b"Accept", b"*/*"), (b"expect", b"other")],
    ],
    ids=lambda lines: b"; ".join(b": ".join(line) for line in lines).decode(),
)
def test_client_waits_after_an_expectation(lines: list[Line]) -> None:
    """The expectation counts in any case, anywhere in the list, on any line."""
    machine = after((CLIENT, request(*lines)))
    assert machine.client_is_waiting_for_100_continue is True
    assert states(machine) == (SEND_BODY, SEND_RESPONSE)


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [(b"Expect", b"")],
        [(b"Expect", b"100")],
        [(b"Expect", b"continue")],
        [(b"Expect", b"100-continued")],
        [(b"Expect", b"100 continue")],
        [(b"Expect", b"100-con"), (b"Expect", b"tinue")],
        [(b"X-Expect", b"100-continue")],
        [(b"Connection", b"100-continue")],
    ],
    ids=lambda lines: b"; ".join(b": ".join(line) for line in lines).decode(),
)
def test_client_does_not_wait_without_the_expectation(lines: list[Line]) -> None:
    """Nothing else is taken for it."""
    machine = after((CLIENT, request(*lines)))
    assert machine.client_is_waiting_for_100_continue is False


@given(casings(b"100-continue"), header_lists())
def test_the_expectation_is_heard_among_any_fields(value: bytes, others: list[Line]) -> None:
    """Its case, and the fields around it, mean nothing."""
    machine = after((CLIENT, request(*others, (b"Expect", value), *others)))
    assert machine.client_is_waiting_for_100_continue is True


@pytest.mark.parametrize(
    ("version", "waits"), [(b"0.9", False), (b"1.0", False), (b"1.1", True), (b"1.2", True)]
)
def test_only_http_1_1_and_later_can_expect(version: bytes, waits: bool) -> None:
    """In an earlier version the expectation has to be ignored."""
    machine = after((CLIENT, request(EXPECTING, version=version)))
    assert machine.client_is_waiting_for_100_continue is waits


ENDINGS: dict[str, Turn] = {
    "100": (SERVER, informational(100)),
    "103": (SERVER, informational(103)),
    "199": (SERVER, informational(199)),
    "200": (SERVER, response()),
    "417": (SERVER, response(status=417)),
    "data": (CLIENT, PIECE),
    "end": (CLIENT, END),
}


@pytest.mark.parametrize("turn", ENDINGS.values(), ids=ENDINGS)
def test_any_response_and_going_ahead_end_the_wait(turn: Turn) -> None:
    """The client has what it waited for, or has stopped waiting."""
    machine = after((CLIENT, request(EXPECTING)), turn)
    assert machine.client_is_waiting_for_100_continue is False


def test_a_switch_of_protocols_ends_the_wait() -> None:
    """A 101 is a response, too (RFC 9110 section 7.8)."""
    machine = after((CLIENT, request(EXPECTING, UPGRADING)), (SERVER, informational(101)))
    assert machine.client_is_waiting_for_100_continue is False


def test_a_tunnel_ends_the_wait() -> None:
    """So is the 2xx that accepts CONNECT (RFC 9110 section 9.3.6)."""
    machine = after((CLIENT, request(EXPECTING, method=b"CONNECT")), (SERVER, response()))
    assert machine.client_is_waiting_for_100_continue is False


@pytest.mark.parametrize(
    "turn",
    [
        (SERVER, PIECE),
        (SERVER, END),
        (SERVER, CLOSE),
        (SERVER, informational(101)),
        (CLIENT, CLOSE),
        (CLIENT, request()),
        (CLIENT, response()),
    ],
    ids=["data", "end", "close", "101", "client closes", "second request", "client responds"],
)
def test_what_is_refused_does_not_end_the_wait(turn: Turn) -> None:
    """An event out of turn was never said."""
    machine = after((CLIENT, request(EXPECTING)))
    with pytest.raises(LocalProtocolError):
        machine.process_event(*turn)
    assert machine.client_is_waiting_for_100_continue is True


@pytest.mark.parametrize("role", [CLIENT, SERVER], ids=str)
def test_a_fault_does_not_end_the_wait(role: Role) -> None:
    """A fault is no answer: a server may still tell the client not to send its body."""
    machine = after((CLIENT, request(EXPECTING)))
    machine.process_error(role)
    assert machine.client_is_waiting_for_100_continue is True


def test_the_wait_does_not_begin_again() -> None:
    """Once it was told to go on, the client goes on, whatever else comes."""
    machine = after((CLIENT, request(EXPECTING)), (SERVER, informational(100)))
    turns: list[Turn] = [(SERVER, informational(100)), (CLIENT, PIECE), (SERVER, response())]
    for turn in turns:
        hear(machine, turn)
        assert machine.client_is_waiting_for_100_continue is False


def test_a_response_cannot_make_the_client_wait() -> None:
    """Expect is a field of requests."""
    machine = after(*asking(), (SERVER, informational(103, EXPECTING)))
    hear(machine, (SERVER, response(EXPECTING)))
    assert machine.client_is_waiting_for_100_continue is False


def test_each_cycle_has_its_own_wait() -> None:
    """An expectation holds for its request alone, and can be made again in the next."""
    machine = after(*asking(EXPECTING), *answering())
    assert states(machine) == (DONE, DONE)
    machine.start_next_cycle()
    assert machine.client_is_waiting_for_100_continue is False
    hear(machine, (CLIENT, request()))
    assert machine.client_is_waiting_for_100_continue is False
    hear(machine, (CLIENT, END), *answering())
    machine.start_next_cycle()
    hear(machine, (CLIENT, request(EXPECTING)))
    assert machine.client_is_waiting_for_100_continue is True
