"""Tests of which reader serves which state, against the tables of the state machine."""

from typing import Final

import pytest

from h11 import (
    CLIENT,
    DONE,
    ERROR,
    IDLE,
    MUST_CLOSE,
    NEED_DATA,
    PAUSED,
    SEND_BODY,
    SERVER,
    SWITCHED_PROTOCOL,
    InformationalResponse,
    Limits,
    RemoteProtocolError,
    Request,
    Response,
    Tolerance,
)
from h11._dispatch import DIALECTS, HEAD_READERS
from h11_parser import ReceiveBuffer, request_dialect, response_dialect
from h11_statemachine import TRANSITIONS, Role, State
from tests.h11.conversations import END, GET_HEAD, OK_HEAD, client, request, response, say, server
from tests.h11.situations import OURS, STATES

HEADS: Final = {Request, InformationalResponse, Response}

EXAMPLES: Final[dict[Role, list[bytes]]] = {
    CLIENT: [GET_HEAD],
    SERVER: [OK_HEAD, b"HTTP/1.1 103 Early Hints\r\n\r\n"],
}
"""Heads that each role sends."""


@pytest.mark.parametrize("role", [CLIENT, SERVER], ids=repr)
def test_heads_are_read_in_the_states_in_which_they_may_be_sent(role: Role) -> None:
    """There is a reader for exactly the states in which the table lets the role send a head."""
    may_send = {state for state, moves in TRANSITIONS[role].items() if HEADS & set(moves)}
    assert set(HEAD_READERS[role]) == may_send


@pytest.mark.parametrize("role", [CLIENT, SERVER], ids=repr)
def test_readers_make_events_that_their_role_may_send(role: Role) -> None:
    """What a reader makes of a head is an event for which the table has an arc in some state."""
    for state, read in HEAD_READERS[role].items():
        for octets in EXAMPLES[role]:
            buffer = ReceiveBuffer()
            buffer += octets
            head = read(buffer, DIALECTS[role](None, None, None))
            assert type(head) in {kind for moves in TRANSITIONS[role].values() for kind in moves}
            assert not buffer
        assert read(ReceiveBuffer(), DIALECTS[role](None, None, None)) is None
        assert state in STATES


def test_each_role_is_understood_in_its_own_dialect() -> None:
    """What a client sends is taken as in requests, what a server sends as in responses."""
    assert {
        CLIENT: request_dialect,
        SERVER: response_dialect,
    } == DIALECTS
    assert DIALECTS[CLIENT](None, None, None).tolerate is Tolerance.REQUESTS
    assert DIALECTS[SERVER](None, None, None).tolerate is Tolerance.RESPONSES


@pytest.mark.parametrize("role", [CLIENT, SERVER], ids=repr)
def test_a_dialect_is_made_of_what_a_connection_was_given(role: Role) -> None:
    """The size, the tolerances and the limits come in the order of a connection's arguments."""
    tolerance = Tolerance.OBS_FOLD
    assert DIALECTS[role](5, tolerance, None).tolerate is tolerance
    assert DIALECTS[role](5, tolerance, None).limits == Limits(head_size=5, trailer_size=5)
    assert DIALECTS[role](None, None, Limits(field_count=7)).limits == Limits(field_count=7)


@pytest.mark.parametrize(
    ("role", "state"),
    [pytest.param(role, state, id=f"{role}-{state}") for role in OURS for state in OURS[role]],
)
def test_heads_are_not_read_at_any_other_time(role: Role, state: State) -> None:
    """A head from the peer is an event, a reason to pause, nothing, or an error, by its state."""
    connection = OURS[role][state]()
    theirs = connection.their_state
    connection.receive_data(EXAMPLES[connection.their_role][0])
    if theirs in HEAD_READERS[connection.their_role]:
        assert type(connection.next_event()) in HEADS
    elif theirs in {DONE, SWITCHED_PROTOCOL}:
        assert connection.next_event() is PAUSED
    else:
        assert theirs is MUST_CLOSE
        assert connection.next_event() is NEED_DATA
        assert connection.trailing_data == (b"", False)


@pytest.mark.parametrize("role", [CLIENT, SERVER], ids=repr)
def test_heads_are_not_read_after_an_error(role: Role) -> None:
    """The peer's state is ERROR then, and nothing else can come of what it sends."""
    connection = OURS[role][IDLE]()
    connection.receive_data(b"\0")
    with pytest.raises(RemoteProtocolError):
        connection.next_event()
    connection.receive_data(EXAMPLES[connection.their_role][0])
    assert connection.their_state is ERROR
    with pytest.raises(RemoteProtocolError):
        connection.next_event()


def test_readers_of_bodies_depend_on_the_message() -> None:
    """In one and the same state, different messages are read in different ways."""
    for head, body in [
        (b"Content-Length: 1\r\n", b"a"),
        (b"Transfer-Encoding: chunked\r\n", b"1\r\na\r\n0\r\n\r\n"),
    ]:
        connection = server(b"PUT / HTTP/1.1\r\nHost: a\r\n" + head + b"\r\n")
        assert connection.their_state is SEND_BODY
        connection.receive_data(body)
        connection.next_event()
        assert connection.next_event() == END


def test_writers_of_bodies_depend_on_the_message() -> None:
    """In one and the same state, different messages are written in different ways."""
    asking = client(request(("Transfer-Encoding", "chunked")))
    assert say(asking, END) == b"0\r\n\r\n"
    answering = server(GET_HEAD)
    say(answering, response(("Content-Length", "0")))
    assert say(answering, END) == b""
