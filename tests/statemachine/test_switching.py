"""Leaving HTTP: the client proposes another protocol, the server accepts or refuses.

A proposal is the method CONNECT, accepted by a 2xx (RFC 9110 section 9.3.6), or the field Upgrade,
accepted by a 101 (sections 7.8 and 15.2.2). Until it knows, the client waits.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from h11_events import Event, LocalProtocolError
from h11_statemachine import (
    CLIENT,
    CLOSED,
    DONE,
    ERROR,
    MIGHT_SWITCH_PROTOCOL,
    MUST_CLOSE,
    SEND_BODY,
    SEND_RESPONSE,
    SERVER,
    SWITCHED_PROTOCOL,
    Switch,
)
from tests.statemachine.messages import (
    CLOSE,
    CLOSING,
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
from tests.statemachine.oracle import seen

BOTH_SWITCHED = (SWITCHED_PROTOCOL, SWITCHED_PROTOCOL)
WAITING = (MIGHT_SWITCH_PROTOCOL, SEND_RESPONSE)

PROPOSALS: dict[str, list[Turn]] = {
    "CONNECT": asking(method=b"CONNECT"),
    "Upgrade": asking(UPGRADING),
    "both": asking(UPGRADING, method=b"CONNECT"),
}

every_proposal = pytest.mark.parametrize("proposing", PROPOSALS.values(), ids=PROPOSALS)

ACCEPTANCES: dict[str, tuple[list[Turn], Event]] = {
    "CONNECT by 200": (PROPOSALS["CONNECT"], response()),
    "Upgrade by 101": (PROPOSALS["Upgrade"], informational(101)),
    "both by 200": (PROPOSALS["both"], response()),
    "both by 101": (PROPOSALS["both"], informational(101)),
}

every_acceptance = pytest.mark.parametrize(
    ("proposing", "accepting"), ACCEPTANCES.values(), ids=ACCEPTANCES
)

REFUSALS: dict[str, tuple[list[Turn], int]] = {
    "CONNECT by 300": (PROPOSALS["CONNECT"], 300),
    "CONNECT by 407": (PROPOSALS["CONNECT"], 407),
    "CONNECT by 999": (PROPOSALS["CONNECT"], 999),
    "Upgrade by 200": (PROPOSALS["Upgrade"], 200),
    "Upgrade by 426": (PROPOSALS["Upgrade"], 426),
    "both by 502": (PROPOSALS["both"], 502),
}

every_refusal = pytest.mark.parametrize(("proposing", "status"), REFUSALS.values(), ids=REFUSALS)


@every_proposal
def test_client_waits_for_the_answer(proposing: list[Turn]) -> None:
    """At the end of its request a client that has proposed a switch is not simply done."""
    assert states(after(*proposing)) == WAITING


@pytest.mark.parametrize(
    ("proposing", "proposals"),
    [
        (PROPOSALS["CONNECT"], {Switch.CONNECT}),
        (PROPOSALS["Upgrade"], {Switch.UPGRADE}),
        (PROPOSALS["both"], {Switch.CONNECT, Switch.UPGRADE}),
        (asking(), set()),
    ],
    ids=["CONNECT", "Upgrade", "both", "none"],
)
def test_proposals_are_known_from_the_head_of_the_request(
    proposing: list[Turn], proposals: set[Switch]
) -> None:
    """The server can decide before the request is complete."""
    assert after(proposing[0]).switch_proposals == proposals


@every_acceptance
def test_an_accepted_switch_takes_both_out_of_http(proposing: list[Turn], accepting: Event) -> None:
    """The head of the accepting response is the last of HTTP on the connection."""
    assert states(after(*proposing, (SERVER, accepting))) == BOTH_SWITCHED


@pytest.mark.parametrize("status", [200, 201, 299])
def test_any_2xx_accepts_connect(status: int) -> None:
    """RFC 9110 section 9.3.6 makes no difference between the successful status codes."""
    machine = after(*PROPOSALS["CONNECT"], (SERVER, response(status=status)))
    assert states(machine) == BOTH_SWITCHED


@every_refusal
def test_a_refused_switch_leads_back_to_http(proposing: list[Turn], status: int) -> None:
    """Any other final response is an ordinary one, and the next cycle may follow."""
    machine = after(*proposing, (SERVER, response(status=status)))
    assert machine.switch_proposals == frozenset()
    assert states(machine) == (DONE, SEND_BODY)
    hear(machine, (SERVER, PIECE), (SERVER, END))
    assert states(machine) == (DONE, DONE)
    machine.start_next_cycle()
    hear(machine, *asking())
    assert states(machine) == (DONE, SEND_RESPONSE)


@every_refusal
def test_a_refusal_with_close_ends_the_connection(proposing: list[Turn], status: int) -> None:
    """Back in HTTP, the client finds that no cycle may follow (RFC 9112 section 9.3)."""
    machine = after(*proposing, (SERVER, response(CLOSING, status=status)))
    assert states(machine) == (MUST_CLOSE, SEND_BODY)


@pytest.mark.parametrize("status", [100, 102, 103, 199])
@every_proposal
def test_other_informational_responses_decide_nothing(proposing: list[Turn], status: int) -> None:
    """A client keeps waiting through them (RFC 9110 section 15.2)."""
    machine = after(*proposing, (SERVER, informational(status)))
    assert machine.switch_proposals
    assert states(machine) == WAITING


@pytest.mark.parametrize("turns", [asking(), PROPOSALS["CONNECT"]], ids=["GET", "CONNECT"])
def test_a_101_that_nobody_asked_for_is_refused(turns: list[Turn]) -> None:
    """A server must not switch to what the client has not proposed (RFC 9110 section 7.8)."""
    machine = after(*turns)
    before = seen(machine)
    with pytest.raises(LocalProtocolError, match="101 Switching Protocols"):
        machine.process_event(SERVER, informational(101, UPGRADING))
    assert seen(machine) == before


def test_a_101_after_a_refusal_is_out_of_turn() -> None:
    """A final response has settled the matter (RFC 9110 section 7.8)."""
    machine = after(*PROPOSALS["Upgrade"], (SERVER, response()))
    with pytest.raises(LocalProtocolError, match="InformationalResponse"):
        machine.process_event(SERVER, informational(101))
    assert states(machine) == (DONE, SEND_BODY)


def test_a_proposal_is_forgotten_with_its_cycle() -> None:
    """What was refused for one request cannot be accepted for the next."""
    machine = after(*PROPOSALS["Upgrade"], *answering())
    machine.start_next_cycle()
    hear(machine, *asking())
    with pytest.raises(LocalProtocolError, match="101 Switching Protocols"):
        machine.process_event(SERVER, informational(101))


@pytest.mark.parametrize("status", [200, 204, 299])
def test_a_2xx_is_an_ordinary_response_to_any_other_method(status: int) -> None:
    """Methods are case-sensitive, and only CONNECT makes a tunnel (RFC 9110 section 9.1)."""
    for method in [b"GET", b"connect", b"CONNECTED", b"OPTIONS"]:
        machine = after(*asking(method=method), (SERVER, response(status=status)))
        assert machine.switch_proposals == frozenset()
        assert states(machine) == (DONE, SEND_BODY), method


@pytest.mark.parametrize(
    "lines",
    [
        [(b"UPGRADE", b"h2c")],
        [(b"upgrade", b"websocket, IRC/6.9, RTA/x11")],
        [(b"Upgrade", b", ,websocket")],
        [(b"Upgrade", b""), (b"Upgrade", b"websocket")],
        [(b"Connection", b"Upgrade"), (b"Upgrade", b"websocket")],
    ],
    ids=lambda lines: b"; ".join(b": ".join(line) for line in lines).decode(),
)
def test_a_listed_protocol_is_a_proposal(lines: list[Line]) -> None:
    """Whatever the protocol, it is proposed; the option `upgrade` is not asked for."""
    assert states(after(*asking(*lines))) == WAITING


@pytest.mark.parametrize(
    "lines",
    [
        [(b"Connection", b"Upgrade")],
        [(b"Upgrade-Insecure-Requests", b"1")],
        [(b"Upgrade", b"")],
        [(b"Upgrade", b", \t,")],
        [(b"Upgrade", b""), (b"Upgrade", b",")],
    ],
    ids=lambda lines: b"; ".join(b": ".join(line) for line in lines).decode(),
)
def test_without_a_listed_protocol_nothing_is_proposed(lines: list[Line]) -> None:
    """An empty list proposes nothing (RFC 9110 sections 5.6.1 and 7.8)."""
    machine = after(*asking(*lines))
    assert machine.switch_proposals == frozenset()
    assert states(machine) == (DONE, SEND_RESPONSE)


@pytest.mark.parametrize("version", [b"0.9", b"1.0"])
def test_upgrade_is_no_proposal_before_http_1_1(version: bytes) -> None:
    """A server must ignore it there, and cannot accept it (RFC 9110 section 7.8)."""
    machine = after(*asking(UPGRADING, version=version))
    assert machine.switch_proposals == frozenset()
    assert states(machine) == (MUST_CLOSE, SEND_RESPONSE)
    with pytest.raises(LocalProtocolError, match="101 Switching Protocols"):
        machine.process_event(SERVER, informational(101))


@pytest.mark.parametrize("lines", [[], [UPGRADING]], ids=["plain", "with Upgrade"])
def test_connect_is_a_proposal_in_http_1_0(lines: list[Line]) -> None:
    """The method means the same in every version (RFC 9110 section 9.3.6)."""
    machine = after(*asking(*lines, method=b"CONNECT", version=b"1.0"))
    assert machine.switch_proposals == {Switch.CONNECT}
    assert states(machine) == WAITING
    hear(machine, (SERVER, response(version=b"1.0")))
    assert states(machine) == BOTH_SWITCHED


@every_acceptance
def test_a_client_in_its_body_switches_at_its_end(proposing: list[Turn], accepting: Event) -> None:
    """A client cannot leave in the middle of a message (RFC 9110 section 7.8)."""
    machine = after(proposing[0], (CLIENT, PIECE), (SERVER, accepting))
    assert states(machine) == (SEND_BODY, SWITCHED_PROTOCOL)
    hear(machine, (CLIENT, PIECE))
    assert states(machine) == (SEND_BODY, SWITCHED_PROTOCOL)
    hear(machine, (CLIENT, END))
    assert states(machine) == BOTH_SWITCHED


@every_refusal
def test_a_client_in_its_body_is_done_at_its_end_after_a_refusal(
    proposing: list[Turn], status: int
) -> None:
    """There is nothing to wait for any more."""
    machine = after(proposing[0], (CLIENT, PIECE), (SERVER, response(status=status)))
    assert states(machine) == (SEND_BODY, SEND_BODY)
    hear(machine, (CLIENT, END))
    assert states(machine) == (DONE, SEND_BODY)


@pytest.mark.parametrize(
    ("proposing", "accepting"),
    [
        (asking(UPGRADING, CLOSING), informational(101)),
        (asking(CLOSING, method=b"CONNECT"), response()),
        (asking(UPGRADING, CLOSING, method=b"CONNECT"), informational(101)),
        (asking(method=b"CONNECT", version=b"1.0"), response()),
    ],
    ids=["Upgrade with close", "CONNECT with close", "both with close", "CONNECT in HTTP/1.0"],
)
def test_a_proposal_has_priority_over_closing(proposing: list[Turn], accepting: Event) -> None:
    """A client that will close waits for the answer first, and closes only after a refusal.

    Persistence is about further cycles of HTTP (RFC 9112 section 9.3), of which there may be none.
    """
    machine = after(*proposing)
    assert machine.keep_alive is False
    assert states(machine) == WAITING
    hear(machine, (SERVER, response(status=400)))
    assert states(machine) == (MUST_CLOSE, SEND_BODY)
    assert states(after(*proposing, (SERVER, accepting))) == BOTH_SWITCHED


@pytest.mark.parametrize("accepting", [response(CLOSING), response(version=b"1.0")], ids=repr)
def test_an_acceptance_has_priority_over_closing(accepting: Event) -> None:
    """What the accepting response says about persistence means nothing to a tunnel."""
    machine = after(*PROPOSALS["CONNECT"], (SERVER, accepting))
    assert states(machine) == BOTH_SWITCHED


@pytest.mark.parametrize("accepting", [informational(100), informational(103)], ids=repr)
def test_a_switch_may_come_after_other_informational_responses(accepting: Event) -> None:
    """A server that was asked for 100 sends it before 101 (RFC 9110 section 7.8)."""
    machine = after(*asking(UPGRADING, EXPECTING), (SERVER, accepting))
    hear(machine, (SERVER, informational(101)))
    assert states(machine) == BOTH_SWITCHED


EVENTS = [request(), informational(101), response(), PIECE, END, CLOSE]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
@every_acceptance
def test_nothing_is_said_in_http_after_the_switch(
    proposing: list[Turn], accepting: Event, event: Event
) -> None:
    """Neither role can say anything, not even that it closes; that is the new protocol's."""
    machine = after(*proposing, (SERVER, accepting))
    for role in (CLIENT, SERVER):
        with pytest.raises(LocalProtocolError, match="SWITCHED_PROTOCOL"):
            machine.process_event(role, event)
    with pytest.raises(LocalProtocolError, match="not in a reusable state"):
        machine.start_next_cycle()
    assert states(machine) == BOTH_SWITCHED


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
@every_proposal
def test_a_waiting_client_says_nothing(proposing: list[Turn], event: Event) -> None:
    """It does not even close: whether that is about HTTP is not known yet."""
    machine = after(*proposing)
    with pytest.raises(LocalProtocolError, match="MIGHT_SWITCH_PROTOCOL"):
        machine.process_event(CLIENT, event)
    assert states(machine) == WAITING


@every_proposal
def test_a_client_whose_server_failed_waits_for_ever(proposing: list[Turn]) -> None:
    """Without an answer it is not known what the connection speaks."""
    machine = after(*proposing)
    machine.process_error(SERVER)
    assert states(machine) == (MIGHT_SWITCH_PROTOCOL, ERROR)


@pytest.mark.parametrize(
    "turns", [[], [(SERVER, informational(101))]], ids=["before the answer", "after the answer"]
)
def test_a_client_in_its_body_does_not_follow_a_server_that_failed(turns: list[Turn]) -> None:
    """It switches together with the server, which is not there any more."""
    machine = after(asking(UPGRADING)[0], *turns)
    machine.process_error(SERVER)
    hear(machine, (CLIENT, END))
    assert states(machine) == (MIGHT_SWITCH_PROTOCOL, ERROR)


def test_a_client_that_was_refused_may_close() -> None:
    """After a refusal closing is as clean as after any request (RFC 9112 section 9.6)."""
    machine = after(*PROPOSALS["Upgrade"], (SERVER, response(status=400)), (CLIENT, CLOSE))
    assert states(machine) == (CLOSED, SEND_BODY)


@given(st.sampled_from(list(PROPOSALS.values())), st.integers(200, 999))
def test_every_final_response_accepts_or_refuses(proposing: list[Turn], status: int) -> None:
    """A 2xx to CONNECT switches; every other final response refuses, whatever was proposed."""
    connects = Switch.CONNECT in after(*proposing).switch_proposals
    machine = after(*proposing, (SERVER, response(status=status)))
    if connects and 200 <= status < 300:
        assert states(machine) == BOTH_SWITCHED
    else:
        assert states(machine) == (DONE, SEND_BODY)
