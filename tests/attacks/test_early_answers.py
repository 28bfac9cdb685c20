"""Answers before the body: Expect-based desync and 0.CL.

Attack: the server answers before it has read a body, either because it does not expect one or
because Expect made it wait; whoever then takes the next octets for a request reads the body as one,
as does a proxy that has understood Expect otherwise. Answer: an answer changes nothing about where
the request ends; its body has to be read, or the connection to be closed, before anything else is a
request, and Expect never has a say in framing (RFC 9110 section 10.1.1, RFC 9112 section 9.3).
"""

import pytest

from h11 import CLIENT, DONE, MUST_CLOSE, SEND_BODY, SERVER, Connection
from h11_events import (
    Data,
    EndOfMessage,
    ErrorCode,
    InformationalResponse,
    LocalProtocolError,
    Response,
)
from h11_parser import NEED_DATA
from tests.attacks.harness import (
    GET,
    GET_EVENTS,
    OK,
    OK_EVENTS,
    client_side,
    post,
    post_event,
    said,
    server_side,
    taken,
    verdict,
)

LENGTH = b"Content-Length: %d" % len(GET)
LENGTH_FIELD = ("Content-Length", str(len(GET)))

EXPECTATIONS = {
    "as it should be": b"Expect: 100-continue",
    "capitals": b"EXPECT: 100-CONTINUE",
    "another word before": b"Expect: y 100-continue",
    "another word behind": b"Expect: 100-continue y",
    "list": b"Expect: a, 100-continue",
    "empty": b"Expect:",
    "parameter": b"Expect: 100-continue;a=b",
    "quoted": b'Expect: "100-continue"',
    "letter more": b"Expect: x100-continue",
}


@pytest.mark.parametrize("line", EXPECTATIONS.values(), ids=EXPECTATIONS)
def test_expectation_does_not_frame(line: bytes) -> None:
    """Whatever Expect says, and whether it is understood or not, the body is the body."""
    name, _, value = line.partition(b":")
    event = post_event((name, value.strip()), LENGTH_FIELD)
    stream = post(line, LENGTH, body=GET) + GET
    expected = taken(event, Data(GET), EndOfMessage(), *GET_EVENTS)
    assert verdict(server_side(), stream) == expected


ANSWERS = {
    "final": Response(status_code=200, headers=[("Content-Length", "0")]),
    "417": Response(status_code=417, headers=[("Content-Length", "0")]),
    "error": Response(status_code=413, headers=[("Content-Length", "0")]),
}


@pytest.mark.parametrize("lines", [[], [b"Expect: 100-continue"]], ids=["plain", "waiting"])
@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_answer_before_the_body(answer: Response, lines: list[bytes]) -> None:
    """After a complete answer the body still comes first; there is no other cycle before it."""
    connection = Connection(SERVER)
    connection.receive_data(post(*lines, LENGTH))
    connection.next_event()
    said(connection, answer, EndOfMessage())
    assert connection.their_state is SEND_BODY
    with pytest.raises(LocalProtocolError) as caught:
        connection.start_next_cycle()
    assert caught.value.code is ErrorCode.OUT_OF_TURN
    connection.receive_data(GET + GET)
    assert connection.next_event() == Data(GET)
    assert connection.next_event() == EndOfMessage()
    assert connection.states == {CLIENT: DONE, SERVER: DONE}
    connection.start_next_cycle()
    assert [connection.next_event(), connection.next_event()] == GET_EVENTS


def test_answer_with_close_before_the_body() -> None:
    """If the answer closes the connection, the body may still come, and no request behind it."""
    connection = Connection(SERVER)
    connection.receive_data(post(LENGTH))
    connection.next_event()
    headers = [("Content-Length", "0"), ("Connection", "close")]
    said(connection, Response(status_code=413, headers=headers), EndOfMessage())
    connection.receive_data(GET + GET)
    assert connection.next_event() == Data(GET)
    assert connection.next_event() == EndOfMessage()
    assert connection.next_event() is NEED_DATA
    assert connection.their_state is MUST_CLOSE


def test_waiting_for_the_body_ends_with_its_first_octet() -> None:
    """A client that does not wait is not taken for one that waits."""
    connection = Connection(SERVER)
    connection.receive_data(post(b"Expect: 100-continue", LENGTH))
    connection.next_event()
    assert connection.they_are_waiting_for_100_continue
    connection.receive_data(GET[:5])
    assert connection.next_event() == Data(GET[:5])
    assert not connection.they_are_waiting_for_100_continue


def test_continue_is_not_the_answer() -> None:
    """A client that gets 100, also several times, still waits for the answer to its request."""
    stream = b"HTTP/1.1 100 \r\n\r\n" * 2 + OK
    hundred = InformationalResponse(status_code=100, headers=[])
    assert verdict(client_side(), stream) == taken(hundred, hundred, *OK_EVENTS)
