"""The section "The state machine" of the reference, paragraph by paragraph.

The basic cycle, who moves when, what couples the machines, and how each state is come to.
"""

from itertools import product
from typing import Final

import pytest

import h11
from h11 import (
    CLIENT,
    CLOSED,
    DONE,
    ERROR,
    IDLE,
    MUST_CLOSE,
    SEND_BODY,
    SEND_RESPONSE,
    SERVER,
    Connection,
    Data,
    Event,
    LocalProtocolError,
    RemoteProtocolError,
)
from h11_statemachine import TRANSITIONS, Role, State, Switch
from tests.h11.conversations import (
    CHUNKED,
    CLOSE,
    CLOSED_EVENT,
    END,
    GET_HEAD,
    WEBSOCKET,
    client,
    hear,
    informational,
    joined,
    length,
    pending,
    request,
    response,
    say,
    server,
    tell,
)
from tests.h11.situations import OURS, STATES

EVENTS: Final[dict[str, Event]] = {
    "Request": request(CHUNKED),
    "InformationalResponse": informational(103),
    "Response": response(CHUNKED),
    "Data": Data(data=b"a"),
    "EndOfMessage": END,
    "ConnectionClosed": CLOSED_EVENT,
}

ARCS: Final[dict[Role, dict[tuple[State, str], State]]] = {
    CLIENT: {
        (IDLE, "Request"): SEND_BODY,
        (IDLE, "ConnectionClosed"): CLOSED,
        (SEND_BODY, "Data"): SEND_BODY,
        (SEND_BODY, "EndOfMessage"): DONE,
        (DONE, "ConnectionClosed"): CLOSED,
        (MUST_CLOSE, "ConnectionClosed"): CLOSED,
        (CLOSED, "ConnectionClosed"): CLOSED,
    },
    SERVER: {
        (IDLE, "Response"): SEND_BODY,
        (IDLE, "ConnectionClosed"): CLOSED,
        (SEND_RESPONSE, "InformationalResponse"): SEND_RESPONSE,
        (SEND_RESPONSE, "Response"): SEND_BODY,
        (SEND_BODY, "Data"): SEND_BODY,
        (SEND_BODY, "EndOfMessage"): DONE,
        (DONE, "ConnectionClosed"): CLOSED,
        (MUST_CLOSE, "ConnectionClosed"): CLOSED,
        (CLOSED, "ConnectionClosed"): CLOSED,
    },
}
"""The arcs of the diagrams that an event triggers, but for those that switch protocols."""


def chunked_in(role: Role, state: State) -> Connection:
    """Return a connection with a role in a state; in SEND_BODY its body is chunked."""
    if state is not SEND_BODY:
        return OURS[role][state]()
    if role is CLIENT:
        return client(request(CHUNKED))
    connection = server(GET_HEAD)
    say(connection, response(CHUNKED))
    return connection


@pytest.mark.parametrize("pieces", range(3))
@pytest.mark.parametrize("interim", range(3))
def test_basic_cycle(pieces: int, interim: int) -> None:
    """A request, any data, its end; any informational responses, a response, any data, its end."""
    asking, answering = client(), server()
    data = [Data(data=b"abc")] * pieces
    said_by_client: list[Event] = [request(length(3 * pieces)), *data, END]
    said_by_server: list[Event] = [
        *[informational(103)] * interim,
        response(length(3 * pieces)),
        *data,
        END,
    ]
    assert joined(tell(asking, answering, *said_by_client)) == joined(said_by_client)
    assert joined(tell(answering, asking, *said_by_server)) == joined(said_by_server)
    assert asking.states == answering.states == {CLIENT: DONE, SERVER: DONE}


def test_after_a_cycle_both_sides_may_begin_another() -> None:
    """Once it is finished, the connection can be used from the top again."""
    asking, answering = client(), server()
    for _ in range(3):
        tell(asking, answering, request(), END)
        tell(answering, asking, response(length(0)), END)
        asking.start_next_cycle()
        answering.start_next_cycle()
        assert asking.states == answering.states == {CLIENT: IDLE, SERVER: IDLE}


def test_after_a_cycle_both_sides_may_close() -> None:
    """Once it is finished, either side can say no more, and then the other."""
    asking, answering = client(), server()
    tell(asking, answering, request(), END)
    tell(answering, asking, response(length(0)), END)
    assert asking.send(CLOSED_EVENT) is None
    assert hear(answering, b"") == [CLOSED_EVENT]
    assert answering.send(CLOSED_EVENT) is None
    assert hear(asking, b"") == [CLOSED_EVENT]
    assert asking.states == answering.states == {CLIENT: CLOSED, SERVER: CLOSED}


def test_both_machines_are_tracked_in_both_roles() -> None:
    """Client and server each know the states of both, and agree at every step."""
    asking, answering = client(), server()
    seen = []
    steps: list[tuple[Connection, Connection, Event]] = [
        (asking, answering, request(CHUNKED)),
        (asking, answering, Data(data=b"a")),
        (asking, answering, END),
        (answering, asking, informational(102)),
        (answering, asking, response(CHUNKED)),
        (answering, asking, Data(data=b"b")),
        (answering, asking, END),
    ]
    for speaker, listener, event in steps:
        tell(speaker, listener, event)
        assert speaker.states == listener.states
        seen.append((speaker.states[CLIENT], speaker.states[SERVER]))
    assert seen == [
        (SEND_BODY, SEND_RESPONSE),
        (SEND_BODY, SEND_RESPONSE),
        (DONE, SEND_RESPONSE),
        (DONE, SEND_RESPONSE),
        (DONE, SEND_BODY),
        (DONE, SEND_BODY),
        (DONE, DONE),
    ]


def test_keep_alive_is_tracked_in_both_roles() -> None:
    """Whichever side gives up keep-alive, both know it at the end of the cycle."""
    for lines_of_request, lines_of_response in [((CLOSE,), ()), ((), (CLOSE,))]:
        asking, answering = client(), server()
        tell(asking, answering, request(*lines_of_request), END)
        tell(answering, asking, response(*lines_of_response), END)
        assert asking.states == answering.states == {CLIENT: MUST_CLOSE, SERVER: MUST_CLOSE}


def test_proposals_to_switch_are_tracked_in_both_roles() -> None:
    """When a client proposes to switch protocols, both know that it waits for the answer."""
    asking, answering = client(), server()
    tell(asking, answering, request(WEBSOCKET), END)
    assert asking.states == answering.states
    assert asking.states == {CLIENT: h11.MIGHT_SWITCH_PROTOCOL, SERVER: SEND_RESPONSE}


@pytest.mark.parametrize(
    ("role", "state", "kind"),
    [
        pytest.param(role, state, kind, id=f"{role}-{state}-{kind}")
        for role in OURS
        for state, kind in product(OURS[role], EVENTS)
    ],
)
def test_event_triggered_transitions(role: Role, state: State, kind: str) -> None:
    """A role that sends an event moves along the arc of the diagram, or errs if there is none."""
    connection = chunked_in(role, state)
    assert connection.our_state is state
    after = ARCS[role].get((state, kind))
    if after is None:
        with pytest.raises(LocalProtocolError):
            connection.send(EVENTS[kind])
        assert connection.our_state is ERROR
    else:
        connection.send(EVENTS[kind])
        assert connection.our_state is after


def test_server_moves_when_the_client_sends_a_request() -> None:
    """The one event of the client that moves the server's machine is the request."""
    for connection in (client(request(CHUNKED)), server(GET_HEAD[:-2], b"A: b\r\n\r\n")):
        assert connection.states[SERVER] is SEND_RESPONSE
    connection = client(request(CHUNKED))
    say(connection, Data(data=b"a"), END)
    assert connection.states[SERVER] is SEND_RESPONSE


def test_done_becomes_must_close_when_the_other_is_closed() -> None:
    """A client that is done with a server that is closed can only close as well."""
    connection = client(request(), END)
    hear(connection, b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    assert connection.states == {CLIENT: DONE, SERVER: DONE}
    hear(connection, b"")
    assert connection.states == {CLIENT: MUST_CLOSE, SERVER: CLOSED}


def test_done_becomes_must_close_when_keep_alive_is_disabled() -> None:
    """A client that is done on a connection without keep-alive can only close."""
    connection = client(request(CLOSE))
    assert connection.states[CLIENT] is SEND_BODY
    say(connection, END)
    assert connection.states[CLIENT] is MUST_CLOSE


def test_start_next_cycle_moves_both_machines_from_done_to_idle() -> None:
    """The arcs that an explicit call triggers are those from DONE to IDLE, one for each role."""
    connection = server(GET_HEAD)
    say(connection, response(), END)
    assert connection.states == {CLIENT: DONE, SERVER: DONE}
    connection.start_next_cycle()
    assert connection.states == {CLIENT: IDLE, SERVER: IDLE}


@pytest.mark.parametrize(
    ("role", "state"),
    [
        pytest.param(role, state, id=f"{role}-{state}")
        for role in OURS
        for state in OURS[role]
        if state is not DONE
    ],
)
def test_start_next_cycle_needs_done(role: Role, state: State) -> None:
    """From any other state there is no such arc."""
    connection = OURS[role][state]()
    before = connection.states
    with pytest.raises(LocalProtocolError):
        connection.start_next_cycle()
    assert connection.states == before


def test_response_without_a_request_because_it_never_arrived() -> None:
    """A server may answer 408 from IDLE."""
    connection = server()
    assert say(connection, response(length(0), status=408), END) == (
        b"HTTP/1.1 408 \r\nContent-Length: 0\r\n\r\n"
    )


def test_response_without_a_request_because_it_was_gibberish() -> None:
    """A server may answer 400 to what it could not parse; for the machine that was no request."""
    connection = server()
    connection.receive_data(b"gibberish\r\n\r\n")
    with pytest.raises(RemoteProtocolError):
        connection.next_event()
    assert connection.states == {CLIENT: ERROR, SERVER: IDLE}
    assert say(connection, response(length(0), status=400), END) == (
        b"HTTP/1.1 400 \r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    )


@pytest.mark.parametrize(
    ("role", "state"),
    [pytest.param(role, state, id=f"{role}-{state}") for role in OURS for state in OURS[role]],
)
def test_error_is_entered_from_any_state_and_never_left(role: Role, state: State) -> None:
    """An exception while sending leads to ERROR, from which nothing leads away."""
    connection = OURS[role][state]()
    for _ in range(2):
        with pytest.raises(LocalProtocolError):
            connection.send(h11.Response(status_code=200, headers=[], http_version="1.0"))
        assert connection.our_state is ERROR
    for event in EVENTS.values():
        with pytest.raises(LocalProtocolError):
            connection.send(event)
    with pytest.raises(LocalProtocolError):
        connection.start_next_cycle()
    assert connection.our_state is ERROR


def test_what_the_diagrams_name_is_public() -> None:
    """Every state and every event in the machine's tables is a name of the package."""
    public = [getattr(h11, name) for name in h11.__all__]
    for role, table in TRANSITIONS.items():
        assert role in public
        for state, moves in table.items():
            assert state in public
            assert all(after in public for after in moves.values())
            assert all(event in public or isinstance(event, Switch) for event in moves)


def test_every_state_can_be_come_to() -> None:
    """No state of the list is only for show."""
    reached = {state for states in OURS.values() for state in states}
    assert reached == set(STATES)


def test_an_exception_while_receiving_moves_the_peer() -> None:
    """If it was receiving that failed, it is the machine of the peer that goes to ERROR."""
    connection = client(request(), END)
    connection.receive_data(b"gibberish\r\n\r\n")
    with pytest.raises(RemoteProtocolError):
        pending(connection)
    assert connection.states == {CLIENT: MUST_CLOSE, SERVER: ERROR}
