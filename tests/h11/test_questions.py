"""Tests of the four questions about a connection: idle, in mid-exchange, reusable, to be closed.

In: a connection at some point of a conversation, and what it has received since, read or not. Out:
the one answer that is yes, as the pool of a client and the loop of a server want to know it (RFC
9112 sections 9.2, 9.3 and 9.6). All pairs of states are gone through in the tests of the state
machine.
"""

from collections.abc import Callable
from typing import Final

import pytest

from h11 import (
    CLIENT,
    CLOSED,
    DONE,
    ERROR,
    IDLE,
    MUST_CLOSE,
    NEED_DATA,
    PAUSED,
    SEND_BODY,
    SEND_RESPONSE,
    SERVER,
    SWITCHED_PROTOCOL,
    Connection,
    ConnectionClosed,
)
from h11_statemachine import State
from tests.h11.conversations import (
    CLOSED_EVENT,
    END,
    GET_HEAD,
    KEEP_ALIVE,
    OK_HEAD,
    client,
    hear,
    keeping,
    pending,
    request,
    response,
    say,
    server,
)
from tests.h11.points import (
    ANSWER,
    CONNECT_HEAD,
    OF_A_CLIENT,
    OF_A_SERVER,
    OK_AND_CLOSE,
    OLD_HEAD,
    PUT_HEAD,
    WHOLE,
    after_fault,
    answering,
    asking,
    receiving,
)

QUESTIONS: Final = ("is_idle", "is_mid_exchange", "is_reusable", "must_close")


def answer(connection: Connection) -> str | None:
    """Return the question that a connection answers with yes.

    Raises:
        AssertionError: If there is more than one.
    """
    answers: dict[str, bool] = {name: getattr(connection, name) for name in QUESTIONS}
    assert set(map(type, answers.values())) == {bool}
    assert sum(answers.values()) <= 1, answers
    return next((name for name, is_so in answers.items() if is_so), None)


@pytest.mark.parametrize(("make", "question"), OF_A_CLIENT.values(), ids=OF_A_CLIENT)
def test_client_is_told_what_its_pool_has_to_know(
    make: Callable[[], Connection], question: str | None
) -> None:
    """What has come and was not read counts as well, since nobody asks an idle connection."""
    assert answer(make()) == question


@pytest.mark.parametrize(("make", "question"), OF_A_SERVER.values(), ids=OF_A_SERVER)
def test_server_is_told_what_its_loop_has_to_know(
    make: Callable[[], Connection], question: str | None
) -> None:
    """What has come and was not read is a request, unless it is the end."""
    assert answer(make()) == question


ALL: Final = [*OF_A_CLIENT.items(), *OF_A_SERVER.items()]


@pytest.mark.parametrize("make", [case[0] for _, case in ALL], ids=[name for name, _ in ALL])
def test_what_is_answered_can_be_relied_on(make: Callable[[], Connection]) -> None:
    """A reusable connection takes a further exchange, an idle one a request, others do not."""
    connection = make()
    if connection.is_reusable:
        connection.start_next_cycle()
        assert connection.is_idle or (connection.our_role is SERVER and connection.is_mid_exchange)
    elif connection.is_idle:
        assert connection.trailing_data == (b"", False)
    elif connection.must_close:
        with_end = connection.our_state in {IDLE, DONE, MUST_CLOSE, CLOSED}
        assert not with_end or connection.send(CLOSED_EVENT) is None
        assert connection.must_close
        return
    else:
        return
    if connection.our_role is CLIENT:
        assert say(connection, *WHOLE) == GET_HEAD
        hear(connection, OK_HEAD)
    else:
        receiving(connection, *([] if connection.is_mid_exchange else [GET_HEAD]))
        assert pending(connection)
        say(connection, *ANSWER)
    assert connection.is_reusable is (connection.their_state is not CLOSED)


PIPELINE: Final = GET_HEAD + PUT_HEAD + b"body" + GET_HEAD
LAST: Final = GET_HEAD[:-2] + b"Connection: close\r\n\r\n"


def test_server_is_in_mid_exchange_from_the_first_octet_to_the_last() -> None:
    """Octet by octet: idle before, in mid-exchange from then on, reusable after the answer."""
    connection = server()
    for _ in range(2):
        assert answer(connection) == "is_idle"
        for at in range(len(PUT_HEAD + b"body")):
            connection.receive_data((PUT_HEAD + b"body")[at : at + 1])
            assert answer(connection) == "is_mid_exchange"
            pending(connection)
            assert answer(connection) == "is_mid_exchange"
        say(connection, ANSWER[0])
        assert answer(connection) == "is_mid_exchange"
        say(connection, END)
        assert answer(connection) == "is_reusable"
        connection.start_next_cycle()


def test_loop_of_a_server_can_go_by_the_answers() -> None:
    """Read while in mid-exchange, answer, go on while reusable: nothing else is to be asked."""
    connection = receiving(server(), PIPELINE + LAST + GET_HEAD, b"")
    answered = 0
    while connection.is_mid_exchange:
        assert END in pending(connection)
        say(connection, *ANSWER)
        answered += 1
        if connection.is_reusable:
            connection.start_next_cycle()
    assert answered == 4
    assert connection.must_close


def test_pool_of_a_client_can_go_by_the_answers() -> None:
    """Take what is idle, give back what is reusable: the server's last word is noticed."""
    connection = client()
    for reply in (OK_HEAD, OK_HEAD, OK_AND_CLOSE):
        assert connection.is_idle
        say(connection, *WHOLE)
        hear(connection, reply)
        if connection.is_reusable:
            connection.start_next_cycle()
    assert connection.must_close
    assert connection.states == {CLIENT: MUST_CLOSE, SERVER: MUST_CLOSE}


def test_the_next_cycle_can_begin_where_the_answer_is_no() -> None:
    """`start_next_cycle` looks at the states alone, as it did in h11 0.16.0."""
    connection = asking(*WHOLE, heard=(OK_HEAD,), unread=(b"",))
    assert not connection.is_reusable
    assert connection.states == {CLIENT: DONE, SERVER: DONE}
    connection.start_next_cycle()
    assert connection.must_close
    assert pending(connection) == [ConnectionClosed()]
    assert connection.must_close


@pytest.mark.parametrize(
    ("make", "states", "marker", "question"),
    [
        (lambda: answering(GET_HEAD * 2), (DONE, SEND_RESPONSE), PAUSED, "is_mid_exchange"),
        (lambda: answering(GET_HEAD * 2, said=ANSWER), (DONE, DONE), PAUSED, "is_reusable"),
        (
            lambda: answering(CONNECT_HEAD, said=(response(),)),
            (SWITCHED_PROTOCOL, SWITCHED_PROTOCOL),
            PAUSED,
            None,
        ),
        (lambda: asking(*WHOLE, heard=(OK_HEAD * 2,)), (DONE, DONE), PAUSED, "must_close"),
        (lambda: answering(PUT_HEAD), (SEND_BODY, SEND_RESPONSE), NEED_DATA, "is_mid_exchange"),
        (lambda: after_fault(client(*WHOLE), b"\0"), (MUST_CLOSE, ERROR), None, "must_close"),
    ],
    ids=["pipelined", "answered", "switched", "unasked", "body", "error"],
)
def test_answers_are_independent_of_markers(
    make: Callable[[], Connection],
    states: tuple[State, State],
    marker: object,
    question: str | None,
) -> None:
    """PAUSED alone does not tell what to do with the connection; the answers do."""
    connection = make()
    assert connection.states == dict(zip((CLIENT, SERVER), states, strict=True))
    if marker is not None:
        assert connection.next_event() is marker
    assert answer(connection) == question


@pytest.mark.parametrize("name", QUESTIONS)
def test_answers_cannot_be_set(name: str) -> None:
    """They follow from what was said and received."""
    with pytest.raises(AttributeError):
        setattr(server(), name, True)


def test_http_1_0_is_reusable_where_keep_alive_is_honoured() -> None:
    """With `http10_keep_alive`, at both ends."""
    answering_end = keeping(SERVER)
    hear(answering_end, OLD_HEAD)
    say(answering_end, *ANSWER)
    assert answer(answering_end) == "is_reusable"
    asking_end = keeping(CLIENT)
    say(asking_end, request(KEEP_ALIVE), END)
    hear(asking_end, b"HTTP/1.0 204 So\r\nConnection: keep-alive\r\n\r\n")
    assert answer(asking_end) == "is_reusable"
