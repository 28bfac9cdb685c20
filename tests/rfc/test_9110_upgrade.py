"""Upgrade: from HTTP/1.1 to another protocol (RFC 9110 sections 7.8 and 15.2.2).

In: requests that propose a protocol, and their answers. Out: when HTTP ends on the connection, and
when it goes on.
"""

import pytest

from h11 import (
    CLIENT,
    DONE,
    MIGHT_SWITCH_PROTOCOL,
    PAUSED,
    SEND_BODY,
    SERVER,
    SWITCHED_PROTOCOL,
    Data,
    ErrorCode,
    InformationalResponse,
    Request,
)
from tests.h11.conversations import (
    CLOSE,
    END,
    Line,
    client,
    informational,
    length,
    request,
    response,
    say,
    server,
)
from tests.rfc import wire
from tests.rfc.messages_9110 import field_lines

OPTION: Line = ("Connection", "upgrade")
PROPOSAL = request(("Upgrade", "websocket, IRC/6.9, x"), OPTION)
PROPOSED = say(client(), PROPOSAL)
SWITCHED = {CLIENT: SWITCHED_PROTOCOL, SERVER: SWITCHED_PROTOCOL}
ACCEPTED = wire.response(
    b"Upgrade: websocket", b"Connection: upgrade", line=b"HTTP/1.1 101 Switching Protocols"
)


@pytest.mark.rfc("9110/7.8/client-may-propose")
def test_a_client_that_proposes_a_switch_waits_for_the_answer() -> None:
    """The proposal is sent as given, and the client says no more until it is answered."""
    connection = client()
    sent = say(connection, PROPOSAL, END)
    assert field_lines(sent)[1:] == [b"Upgrade: websocket, IRC/6.9, x", b"Connection: upgrade"]
    assert connection.our_state is MIGHT_SWITCH_PROTOCOL
    assert [type(event) for event in wire.hear(connection, ACCEPTED)] == [InformationalResponse]
    assert connection.states == SWITCHED


@pytest.mark.rfc("9110/7.8/client-may-propose", "9110/7.8/only-proposed")
def test_the_new_protocol_begins_after_the_request() -> None:
    """A client that is still sending content finishes it, although the answer is there."""
    connection = client(request(("Upgrade", "x"), OPTION, length(5), method="POST"))
    wire.hear(connection, ACCEPTED)
    assert connection.our_state is SEND_BODY
    assert say(connection, Data(data=b"hello"), END) == b"hello"
    assert connection.states == SWITCHED


@pytest.mark.rfc("9110/7.8/server-may-ignore")
@pytest.mark.parametrize("status", [200, 204, 404, 426])
def test_a_server_can_go_on_with_http(status: int) -> None:
    """After any final response, both sides are where they were without a proposal."""
    ignoring, proposing = server(PROPOSED), client(PROPOSAL, END)
    assert ignoring.next_event() is PAUSED
    sent = say(ignoring, response(length(0), status=status), END)
    wire.hear(proposing, sent)
    for connection in (ignoring, proposing):
        assert connection.states == {CLIENT: DONE, SERVER: DONE}
        connection.start_next_cycle()
    assert isinstance(wire.hear(ignoring, say(proposing, request()))[0], Request)


@pytest.mark.rfc("9110/7.8/names-any-case")
@pytest.mark.parametrize("value", [b"WebSocket", b"websocket", b"WEBSOCKET/13"])
def test_names_of_protocols_keep_their_case(value: bytes) -> None:
    """Whatever the case, it is a proposal, and the caller has the name to compare."""
    connection = wire.server(wire.request(b"UPGRADE: " + value, b"connection: Upgrade"))
    assert wire.heard_request(connection).headers.get("Upgrade") == value
    assert connection.their_state is MIGHT_SWITCH_PROTOCOL


@pytest.mark.rfc("9110/7.8/101-has-upgrade", "9110/15.2.2/101-has-upgrade")
def test_a_101_names_the_new_protocols() -> None:
    """Upgrade is written as given, layers in their order, and the client has it in the event."""
    accepting, proposing = server(PROPOSED), client(PROPOSAL, END)
    event = informational(101, OPTION, ("Upgrade", "TLS/1.0, websocket"))
    sent = say(accepting, event)
    assert field_lines(sent) == [b"Connection: upgrade", b"Upgrade: TLS/1.0, websocket"]
    assert wire.hear(proposing, sent) == [event]
    assert accepting.states == proposing.states == SWITCHED


@pytest.mark.rfc("9110/7.8/only-proposed", "9110/15.2.2/101-has-upgrade")
def test_a_server_cannot_switch_without_a_proposal() -> None:
    """A 101 to a request without Upgrade is a mistake."""
    event = informational(101, OPTION, ("Upgrade", "websocket"))
    assert wire.mistake(server(wire.GET).send, event).code is ErrorCode.OUT_OF_TURN


@pytest.mark.rfc("9110/7.8/only-proposed", "9110/15.2.2/101-has-upgrade")
def test_a_client_refuses_a_switch_without_a_proposal() -> None:
    """A 101 that answers a request without Upgrade is refused."""
    assert wire.refusal(wire.client(), ACCEPTED).code is ErrorCode.OUT_OF_TURN


@pytest.mark.rfc("9110/7.8/any-preference")
@pytest.mark.parametrize("chosen", ["websocket", "IRC/6.9", "x"])
def test_any_protocol_of_the_proposal_can_be_chosen(chosen: str) -> None:
    """The order of the proposal binds nobody."""
    connection = server(PROPOSED)
    sent = say(connection, informational(101, ("Upgrade", chosen), OPTION))
    assert field_lines(sent)[0] == f"Upgrade: {chosen}".encode()
    assert connection.states == SWITCHED


@pytest.mark.rfc("9110/7.8/426-has-upgrade")
def test_a_426_names_the_acceptable_protocols() -> None:
    """Upgrade is written as given, and the connection stays with HTTP."""
    connection = server(wire.GET)
    lines: list[Line] = [("Upgrade", "HTTP/3.0, x"), OPTION, length(0)]
    sent = say(connection, response(*lines, status=426), END)
    assert field_lines(sent)[:2] == [b"Upgrade: HTTP/3.0, x", b"Connection: upgrade"]
    assert connection.states == {CLIENT: DONE, SERVER: DONE}


@pytest.mark.rfc("9110/7.8/may-advertise")
def test_upgrade_in_any_other_response_switches_nothing() -> None:
    """A client has the field in the event, and goes on with HTTP."""
    octets = wire.response(b"Upgrade: h2c", b"Connection: upgrade", b"Content-Length: 0")
    connection = wire.client(octets)
    assert wire.heard_response(connection).headers.get("Upgrade") == b"h2c"
    assert connection.states == {CLIENT: DONE, SERVER: DONE}


@pytest.mark.rfc("9110/7.8/semantics-honored")
def test_a_server_can_read_the_whole_request_before_it_decides() -> None:
    """The request is complete, and what came after it waits for either protocol."""
    head = wire.request(
        b"Upgrade: x", b"Connection: upgrade", b"Content-Length: 5", line=b"POST / HTTP/1.1"
    )
    connection = wire.server(head + b"hello" + b"more")
    assert wire.body(wire.events(connection)) == b"hello"
    assert connection.their_state is MIGHT_SWITCH_PROTOCOL
    assert connection.trailing_data == (b"more", False)
    say(connection, informational(101, ("Upgrade", "x"), OPTION))
    assert connection.trailing_data == (b"more", False)
    assert connection.states == SWITCHED


@pytest.mark.rfc("9110/7.8/upgrade-option-sent")
def test_the_option_is_sent_as_given() -> None:
    """The option goes with the proposal and with its acceptance, as the caller says it."""
    assert b"Connection: upgrade" in field_lines(PROPOSED)
    sent = say(server(PROPOSED), informational(101, ("Upgrade", "x"), OPTION))
    assert b"Connection: upgrade" in field_lines(sent)


@pytest.mark.rfc("9110/7.8/upgrade-option-sent")
def test_the_option_is_kept_beside_close() -> None:
    """Where the library adds `close` to a response, the option stays."""
    closing = say(client(), request(("Upgrade", "x"), CLOSE))
    lines: list[Line] = [("Upgrade", "x"), OPTION, length(0)]
    sent = field_lines(say(server(closing), response(*lines, status=426)))
    assert sent[2:] == [b"Connection: close", b"Connection: upgrade"]


@pytest.mark.rfc("9110/7.8/ignored-in-http-1-0")
def test_a_proposal_in_http_1_0_is_ignored() -> None:
    """The request is over like any other, and a 101 to it is a mistake."""
    octets = PROPOSED.replace(b"HTTP/1.1", b"HTTP/1.0")
    connection = server(octets)
    assert connection.states == server(wire.request(line=b"GET / HTTP/1.0")).states
    event = informational(101, ("Upgrade", "x"), OPTION)
    assert wire.mistake(connection.send, event).code is ErrorCode.OUT_OF_TURN


@pytest.mark.rfc("9110/7.8/100-before-101")
@pytest.mark.parametrize("content", [b"", b"hello"], ids=["before content", "after content"])
def test_100_can_come_before_101(content: bytes) -> None:
    """A server is told of the expectation beside the proposal, and answers one by one."""
    lines: list[Line] = [("Upgrade", "x"), OPTION, ("Expect", "100-continue"), length(5)]
    proposing = client(request(*lines, method="PUT"))
    accepting = wire.server(say(client(), request(*lines, method="PUT")))
    wire.heard_request(accepting)
    assert accepting.they_are_waiting_for_100_continue
    answers = say(accepting, informational(100))
    if content:
        assert wire.body(wire.hear(accepting, content)) == content
    answers += say(accepting, informational(101, ("Upgrade", "x"), OPTION))
    assert wire.statuses(wire.hear(proposing, answers)) == [100, 101]
    say(proposing, Data(data=b"hello"), END)
    assert proposing.states == SWITCHED
    wire.hear(accepting, b"hello"[len(content) :] or b"more")
    assert accepting.states == SWITCHED
