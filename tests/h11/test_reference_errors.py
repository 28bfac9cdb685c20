"""The section "Error handling" of the reference, paragraph by paragraph."""

from collections.abc import Callable
from typing import Final

import pytest

import h11
from h11 import (
    CLIENT,
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
    ProtocolError,
    RemoteProtocolError,
)
from tests.h11.conversations import (
    CHUNKED,
    CLOSED_EVENT,
    END,
    GET_HEAD,
    OK_HEAD,
    client,
    hear,
    informational,
    length,
    request,
    response,
    say,
    server,
)

Sender = Callable[[Connection, Event], object]
"""One of the two methods that send."""

SENDERS: Final[list[Sender]] = [Connection.send, Connection.send_with_data_passthrough]

with_every_sender = pytest.mark.parametrize("send", SENDERS, ids=lambda send: send.__name__)


def test_protocol_errors_are_of_two_kinds() -> None:
    """Both concrete classes are caught as `ProtocolError`, and neither as the other."""
    assert issubclass(LocalProtocolError, ProtocolError)
    assert issubclass(RemoteProtocolError, ProtocolError)
    assert issubclass(ProtocolError, Exception)
    assert not issubclass(LocalProtocolError, RemoteProtocolError)
    assert not issubclass(RemoteProtocolError, LocalProtocolError)


def test_protocol_error_itself_cannot_be_made() -> None:
    """There is always somebody whose fault it is."""
    with pytest.raises(TypeError):
        ProtocolError("nobody's fault")


@pytest.mark.parametrize("kind", [LocalProtocolError, RemoteProtocolError])
def test_errors_carry_a_hint_for_the_answer(kind: type[ProtocolError]) -> None:
    """The status hint is 400 unless the error says something better."""
    assert kind("text").error_status_hint == 400
    assert kind("text", error_status_hint=413).error_status_hint == 413
    assert str(kind("text")) == "text"


def test_an_event_that_cannot_be_made_has_no_consequences() -> None:
    """The first case: an invalid event raises when it is made, and one may try again."""
    connection = client()
    with pytest.raises(LocalProtocolError):
        connection.send(h11.Request(method="GET", target="/", headers=[]))
    assert connection.states == {CLIENT: IDLE, SERVER: IDLE}
    assert say(connection, request(), END) == GET_HEAD


def test_a_cycle_that_cannot_begin_leaves_the_connection_usable() -> None:
    """The second case: `start_next_cycle` raises unless both are DONE; later it may work."""
    connection = client(request(), END)
    with pytest.raises(LocalProtocolError, match="DONE"):
        connection.start_next_cycle()
    assert connection.states == {CLIENT: DONE, SERVER: SEND_RESPONSE}
    hear(connection, OK_HEAD)
    connection.start_next_cycle()
    assert connection.states == {CLIENT: IDLE, SERVER: IDLE}


@pytest.mark.parametrize("stage", range(3))
def test_one_peer_that_is_not_done_prevents_the_next_cycle(stage: int) -> None:
    """It takes both: with only one of them DONE, and with none, the call raises."""
    connection = server(b"PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n")
    if stage >= 1:
        say(connection, response(length(0)), END)
        assert connection.states == {CLIENT: SEND_BODY, SERVER: DONE}
    if stage < 2:
        with pytest.raises(LocalProtocolError):
            connection.start_next_cycle()
    else:
        hear(connection, b"a")
        connection.start_next_cycle()


def test_what_a_peer_does_wrong_is_raised_by_next_event() -> None:
    """The third case: `receive_data` only takes the bytes, `next_event` judges them."""
    connection = server()
    connection.receive_data(b"gibberish\r\n\r\n")
    assert connection.states == {CLIENT: IDLE, SERVER: IDLE}
    with pytest.raises(RemoteProtocolError):
        connection.next_event()
    assert connection.their_state is ERROR


def test_next_event_never_recovers() -> None:
    """All further calls raise as well, even if good bytes follow, or the end of the stream."""
    connection = server()
    connection.receive_data(b"gibberish\r\n\r\n")
    for more in (GET_HEAD, GET_HEAD, b""):
        with pytest.raises(RemoteProtocolError):
            connection.next_event()
        connection.receive_data(more)
        assert connection.their_state is ERROR


def test_next_event_never_recovers_with_nothing_left_to_read() -> None:
    """It raises even if the fault was in a head that is used up, and if no more bytes come."""
    connection = client(request(), END)
    connection.receive_data(b"HTTP/1.1 101 Switching Protocols\r\n\r\n")
    for _ in range(3):
        with pytest.raises(RemoteProtocolError):
            connection.next_event()
    assert connection.trailing_data == (b"", False)
    connection.receive_data(b"")
    with pytest.raises(RemoteProtocolError):
        connection.next_event()


def test_a_server_can_still_answer_400() -> None:
    """Sending works as before after an error of the peer; then there is only closing."""
    connection = server()
    connection.receive_data(b"gibberish\r\n\r\n")
    with pytest.raises(RemoteProtocolError) as caught:
        connection.next_event()
    assert connection.our_state is IDLE
    hint = caught.value.error_status_hint
    sent = say(connection, response(length(3), status=hint), Data(data=b"No."), END)
    assert sent == b"HTTP/1.1 400 \r\nContent-Length: 3\r\nConnection: close\r\n\r\nNo."
    assert connection.states == {CLIENT: ERROR, SERVER: MUST_CLOSE}
    assert connection.send(CLOSED_EVENT) is None


def test_a_server_can_still_answer_an_error_in_the_body() -> None:
    """An error in mid-body does not take away the response either."""
    connection = server(b"PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
    connection.receive_data(b"zzz\r\n")
    with pytest.raises(RemoteProtocolError):
        connection.next_event()
    assert connection.states == {CLIENT: ERROR, SERVER: SEND_RESPONSE}
    assert say(connection, informational(103), response(length(0), status=400), END)
    assert connection.states == {CLIENT: ERROR, SERVER: MUST_CLOSE}


def test_a_client_can_still_send_after_an_error_of_the_server() -> None:
    """An error of the server does not stop a client in the middle of its request."""
    connection = client(request(CHUNKED))
    connection.receive_data(b"gibberish\r\n\r\n")
    with pytest.raises(RemoteProtocolError):
        connection.next_event()
    assert say(connection, Data(data=b"a"), END) == b"1\r\na\r\n0\r\n\r\n"


@with_every_sender
def test_what_we_do_wrong_is_raised_when_sending(send: Sender) -> None:
    """The fourth case: an event out of turn raises, and our state is ERROR at once."""
    connection = client()
    with pytest.raises(LocalProtocolError):
        send(connection, Data(data=b"a"))
    assert connection.our_state is ERROR


@with_every_sender
def test_sending_never_recovers(send: Sender) -> None:
    """All further calls raise as well, even with events that would have been right before."""
    connection = client()
    with pytest.raises(LocalProtocolError):
        send(connection, END)
    for event in (request(), Data(data=b"a"), END, CLOSED_EVENT):
        for other in SENDERS:
            with pytest.raises(LocalProtocolError):
                other(connection, event)
        assert connection.our_state is ERROR


def test_receiving_still_works_after_a_local_error() -> None:
    """The other direction is untouched by our error: what the peer says is still understood."""
    connection = client(request(length(5)))
    with pytest.raises(LocalProtocolError):
        connection.send(END)
    assert hear(connection, OK_HEAD) == [response(length(0), reason="OK"), END]
    assert connection.states == {CLIENT: ERROR, SERVER: MUST_CLOSE}


def test_a_send_that_failed_can_be_told() -> None:
    """After `send_failed` our state is ERROR, just as if we had broken the protocol."""
    connection = client(request(length(3)), Data(data=b"abc"), END)
    hear(connection, OK_HEAD)
    assert connection.states == {CLIENT: DONE, SERVER: DONE}
    connection.send_failed()
    assert connection.our_state is ERROR
    with pytest.raises(LocalProtocolError):
        connection.start_next_cycle()
    with pytest.raises(LocalProtocolError):
        connection.send(request())


@pytest.mark.parametrize("sent", range(4), ids=["nothing", "head", "body", "end"])
def test_a_send_can_fail_at_any_time(sent: int) -> None:
    """Whatever was sent before, `send_failed` leads to ERROR, also for the second time."""
    connection = client(*[request(length(1)), Data(data=b"a"), END][:sent])
    for _ in range(2):
        connection.send_failed()
        assert connection.our_state is ERROR


def test_a_send_of_a_server_can_fail() -> None:
    """It is our own state, whichever role is ours; the peer can still be heard."""
    connection = server(b"PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n")
    connection.send_failed()
    assert connection.states == {CLIENT: SEND_BODY, SERVER: ERROR}
    assert hear(connection, b"a") == [Data(data=b"a"), END]
    assert connection.states == {CLIENT: MUST_CLOSE, SERVER: ERROR}
