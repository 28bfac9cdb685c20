"""The section "Flow control" of the reference: sending, 100-continue, NEED_DATA and PAUSED.

The two code sketches of the section run in `test_reference_pull.py` and `test_reference_push.py`.
"""

from typing import Final

import pytest

from h11 import (
    CLIENT,
    DONE,
    IDLE,
    NEED_DATA,
    PAUSED,
    SEND_BODY,
    SERVER,
    Connection,
    Data,
    EndOfMessage,
    Event,
    RemoteProtocolError,
)
from tests.h11.conversations import (
    CHUNKED,
    END,
    EXPECTING,
    GET_HEAD,
    OK_HEAD,
    WEBSOCKET,
    client,
    cuttings,
    hear,
    informational,
    length,
    pending,
    request,
    response,
    say,
    server,
    tell,
)

MESSAGE: Final = (
    b"PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"3\r\nabc\r\n0\r\nDigest: x\r\n\r\n"
)


def test_send_returns_at_once_all_that_is_to_be_sent() -> None:
    """Nothing is held back until a later event, and nothing comes twice."""
    connection = client()
    events: list[Event] = [request(CHUNKED), Data(data=b"a"), Data(data=b"b"), END]
    assert [connection.send(event) for event in events] == [
        b"GET / HTTP/1.1\r\nHost: example.com\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"1\r\na\r\n",
        b"1\r\nb\r\n",
        b"0\r\n\r\n",
    ]


def test_a_server_sees_whether_it_has_to_answer_before_it_reads_the_body() -> None:
    """It is true from the request on, until some response was sent; the field need not be read."""
    connection = server()
    assert not connection.they_are_waiting_for_100_continue
    hear(connection, say(client(), request(EXPECTING, length(3))))
    assert connection.they_are_waiting_for_100_continue
    assert connection.next_event() is NEED_DATA
    assert say(connection, informational(100)) == b"HTTP/1.1 100 \r\n\r\n"
    assert not connection.they_are_waiting_for_100_continue
    assert hear(connection, b"abc") == [Data(data=b"abc"), END]


def test_a_server_may_answer_a_waiting_client_with_something_else() -> None:
    """A full response, such as one with a 4xx status, ends the waiting just as well."""
    connection = server(say(client(), request(EXPECTING, length(3))))
    assert say(connection, response(length(0), status=413), END)
    assert not connection.they_are_waiting_for_100_continue


def test_the_check_is_safe_before_all_reads() -> None:
    """At no other time in a cycle does the check ask for a 100 Continue."""
    asking, answering = client(), server()
    steps: list[tuple[Connection, Connection, Event]] = [
        (asking, answering, request(CHUNKED)),
        (asking, answering, Data(data=b"a")),
        (asking, answering, END),
        (answering, asking, response()),
        (answering, asking, END),
    ]
    for speaker, listener, event in steps:
        assert not answering.they_are_waiting_for_100_continue
        assert not asking.they_are_waiting_for_100_continue
        tell(speaker, listener, event)
    assert not answering.they_are_waiting_for_100_continue


@pytest.mark.parametrize("cut", range(1, len(MESSAGE)))
def test_need_data_lasts_until_more_is_received(cut: int) -> None:
    """NEED_DATA comes again and again, whatever we do, until there are more bytes."""
    connection = server(MESSAGE[:cut])
    for _ in range(3):
        assert connection.next_event() is NEED_DATA
    if connection.our_state is not IDLE:
        say(connection, response(), Data(data=b"reply"), END)
        assert connection.next_event() is NEED_DATA
    events = hear(connection, MESSAGE[cut:])
    assert events[-1] == EndOfMessage(headers=[("Digest", "x")])
    assert connection.next_event() is NEED_DATA


def test_paused_when_there_is_more_after_a_whole_message() -> None:
    """The first case: more than one message was received; it ends with the next cycle."""
    for pieces in cuttings(GET_HEAD):
        connection = server(GET_HEAD)
        for piece in pieces:
            connection.receive_data(piece)
            assert connection.next_event() is PAUSED
        say(connection, response(length(0)))
        assert connection.next_event() is PAUSED
        say(connection, END)
        assert connection.next_event() is PAUSED
        connection.start_next_cycle()
        assert pending(connection) == [request(), END]


def test_not_paused_when_there_is_nothing_after_a_whole_message() -> None:
    """As long as nothing more has come, it is data that is needed."""
    connection = server(GET_HEAD)
    assert connection.states[CLIENT] is DONE
    assert connection.next_event() is NEED_DATA


def test_a_client_pauses_when_a_server_sends_too_much() -> None:
    """It is the same for a client: bytes after the response wait for the next cycle."""
    connection = client(request(), END)
    hear(connection, OK_HEAD + b"HTTP")
    assert connection.next_event() is PAUSED
    assert connection.trailing_data == (b"HTTP", False)
    connection.start_next_cycle()
    assert connection.next_event() is NEED_DATA


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        (request(method="CONNECT", target="a:443"), b"HTTP/1.1 200 OK\r\n\r\n"),
        (request(WEBSOCKET), b"HTTP/1.1 101 Switching\r\n\r\n"),
    ],
    ids=["CONNECT", "Upgrade"],
)
def test_paused_for_good_after_a_switch_of_protocols(asked: Event, answer: bytes) -> None:
    """The second case: after an accepted switch no event comes any more, whatever is received."""
    connection = client(asked, END)
    hear(connection, answer)
    for more in (b"", OK_HEAD, b"\x00\xff", b""):
        if more:
            connection.receive_data(more)
        for _ in range(2):
            assert connection.next_event() is PAUSED
    connection.receive_data(b"")
    assert connection.next_event() is PAUSED


def test_paused_while_a_proposal_is_undecided() -> None:
    """The third case: a server that was asked to switch reads nothing until it has decided."""
    for accepted in (True, False):
        connection = server(b"CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n")
        assert connection.next_event() is PAUSED
        connection.receive_data(GET_HEAD)
        assert connection.next_event() is PAUSED
        say(connection, response(length(0), status=200 if accepted else 405))
        # Now it is the second case, or the first.
        assert connection.next_event() is PAUSED
        if not accepted:
            say(connection, END)
            connection.start_next_cycle()
            assert pending(connection) == [request(), END]


def test_after_a_refusal_without_more_data_it_is_data_that_is_needed() -> None:
    """A refused proposal with nothing behind it leaves an ordinary connection."""
    connection = server(b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: b\r\n\r\n")
    assert connection.next_event() is PAUSED
    say(connection, response(length(0)))
    assert connection.next_event() is NEED_DATA


def test_paused_lasts_whatever_is_received() -> None:
    """More bytes do not end a pause; they are kept for later."""
    connection = server(GET_HEAD * 2)
    for _ in range(3):
        connection.receive_data(GET_HEAD)
        assert connection.next_event() is PAUSED
    assert connection.trailing_data == (GET_HEAD * 4, False)


def test_a_pause_keeps_even_what_will_turn_out_to_be_wrong() -> None:
    """Bytes behind a message are judged only when their turn comes."""
    connection = server(GET_HEAD + b"gibberish\r\n\r\n")
    assert connection.next_event() is PAUSED
    say(connection, response(length(0)), END)
    assert connection.states == {CLIENT: DONE, SERVER: DONE}
    connection.start_next_cycle()
    with pytest.raises(RemoteProtocolError):
        connection.next_event()


def test_body_does_not_pause() -> None:
    """A body is delivered while the response is under way, in both directions at once."""
    connection = server(b"PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n")
    say(connection, response(length(2)))
    assert hear(connection, b"ab") == [Data(data=b"ab")]
    say(connection, Data(data=b"a"))
    assert connection.states == {CLIENT: SEND_BODY, SERVER: SEND_BODY}
    assert hear(connection, b"cd") == [Data(data=b"cd"), END]
