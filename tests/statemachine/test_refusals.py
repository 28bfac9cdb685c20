"""What a refusal says: to a person in words, to a program by a code.

An event out of turn is refused with the role, its state, and what may be said instead; a role that
closes while it owes something has broken off (RFC 9110 section 3.4, RFC 9112 section 8).
"""

import pytest

from h11_events import ErrorCode, Event, LocalProtocolError
from h11_statemachine import CLIENT, SERVER, Role
from tests.statemachine.messages import (
    CLOSE,
    CLOSING,
    END,
    EXPECTING,
    PIECE,
    UPGRADING,
    Turn,
    after,
    answering,
    asking,
    informational,
    request,
    response,
    states,
)
from tests.statemachine.oracle import seen


def refusal(turns: list[Turn], role: Role, event: Event) -> LocalProtocolError:
    """Return what is raised for an event after some turns, and see that nothing has changed."""
    machine = after(*turns)
    before = seen(machine)
    with pytest.raises(LocalProtocolError) as raised:
        machine.process_event(role, event)
    assert seen(machine) == before
    return raised.value


@pytest.mark.parametrize(
    ("turns", "role", "event", "instead"),
    [
        ([], CLIENT, END, "Request or ConnectionClosed"),
        ([], CLIENT, response(), "Request or ConnectionClosed"),
        ([], SERVER, PIECE, "Response or ConnectionClosed"),
        ([], SERVER, request(), "Response or ConnectionClosed"),
        ([], SERVER, informational(100), "Response or ConnectionClosed"),
        ([(CLIENT, request())], CLIENT, request(), "Data or EndOfMessage"),
        (asking(), SERVER, PIECE, "InformationalResponse or Response"),
        (asking(), CLIENT, PIECE, "ConnectionClosed"),
        (asking(CLOSING), CLIENT, request(), "ConnectionClosed"),
        (asking() + answering(), SERVER, response(), "ConnectionClosed"),
        ([(CLIENT, CLOSE)], CLIENT, request(), "ConnectionClosed"),
        (asking(UPGRADING), CLIENT, CLOSE, "nothing"),
        ([*asking(UPGRADING), (SERVER, informational(101))], SERVER, CLOSE, "nothing"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Event) else None,
)
def test_refusal_names_the_event_the_state_and_what_may_be_said(
    turns: list[Turn], role: Role, event: Event, instead: str
) -> None:
    """Whoever reads the message learns what was said, by whom, in what state, and what fits."""
    error = refusal(turns, role, event)
    assert str(error) == (
        f"{type(event).__name__} is out of turn: role={role} is in"
        f" state={after(*turns).states[role]}, where it may say {instead}"
    )
    assert error.code is ErrorCode.OUT_OF_TURN
    assert error.error_status_hint == 400


@pytest.mark.parametrize("role", [CLIENT, SERVER], ids=str)
@pytest.mark.parametrize("event", [request(), response(), PIECE, END, CLOSE], ids=repr)
def test_a_role_in_error_may_say_nothing(role: Role, event: Event) -> None:
    """Nothing leads out of ERROR, and the refusal says so."""
    machine = after()
    machine.process_error(role)
    with pytest.raises(LocalProtocolError) as raised:
        machine.process_event(role, event)
    assert str(raised.value).endswith(f"role={role} is in state=ERROR, where it may say nothing")
    assert raised.value.code is ErrorCode.OUT_OF_TURN


def test_a_request_that_crosses_an_early_response_is_refused() -> None:
    """A server that has answered already, such as with 408, cannot take up a request any more.

    The two would be matched wrongly otherwise (RFC 9110 section 15.5.9, RFC 9112 section 9.2).
    """
    error = refusal(answering(status=408), CLIENT, request(UPGRADING, EXPECTING, CLOSING))
    assert str(error) == (
        "Request is out of turn: role=SERVER is in state=DONE, where it may say nothing"
    )
    assert error.code is ErrorCode.OUT_OF_TURN


@pytest.mark.parametrize(
    ("turns", "role", "what"),
    [
        ([], SERVER, "without answering the request (role=SERVER, state=SEND_RESPONSE)"),
        (
            [(CLIENT, END), (SERVER, informational(103))],
            SERVER,
            "without answering the request (role=SERVER, state=SEND_RESPONSE)",
        ),
        (
            [(SERVER, response()), (SERVER, PIECE)],
            SERVER,
            "in the middle of a body (role=SERVER, state=SEND_BODY)",
        ),
        (
            [(CLIENT, PIECE)],
            CLIENT,
            "in the middle of a body (role=CLIENT, state=SEND_BODY)",
        ),
    ],
    ids=["no response", "only an informational one", "in a response", "in a request"],
)
def test_closing_while_something_is_owed_is_early(turns: list[Turn], role: Role, what: str) -> None:
    """Who closes then has not misjudged a turn, but broken off (RFC 9112 section 8)."""
    error = refusal([(CLIENT, request()), *turns], role, CLOSE)
    name = "client" if role is CLIENT else "server"
    assert str(error) == f"{name} closed the connection {what}"
    assert error.code is ErrorCode.CLOSED_EARLY


@pytest.mark.parametrize(
    "turns",
    [asking(), asking(UPGRADING), asking(method=b"CONNECT")],
    ids=["GET", "Upgrade", "CONNECT"],
)
def test_a_server_owes_an_answer_to_every_request(turns: list[Turn]) -> None:
    """Closing is no way to refuse a switch of protocols either."""
    assert refusal(turns, SERVER, CLOSE).code is ErrorCode.CLOSED_EARLY


@pytest.mark.parametrize("turns", [asking(), asking(method=b"CONNECT")], ids=["GET", "CONNECT"])
def test_a_101_that_nobody_asked_for_is_out_of_turn(turns: list[Turn]) -> None:
    """A server must not switch to what the client has not proposed (RFC 9110 section 7.8)."""
    error = refusal(turns, SERVER, informational(101, UPGRADING))
    assert str(error) == "101 Switching Protocols without a request for it in Upgrade"
    assert error.code is ErrorCode.OUT_OF_TURN


def test_the_next_cycle_out_of_turn_names_both_states() -> None:
    """It is about both roles, so both states are told (RFC 9112 section 9.3)."""
    machine = after(*asking())
    with pytest.raises(LocalProtocolError) as raised:
        machine.start_next_cycle()
    assert str(raised.value) == (
        "not in a reusable state: both roles have to be DONE, but the client is in DONE"
        " and the server in SEND_RESPONSE"
    )
    assert raised.value.code is ErrorCode.OUT_OF_TURN
    assert states(machine) == states(after(*asking()))
