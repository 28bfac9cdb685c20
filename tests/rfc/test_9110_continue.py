"""Expect: 100-continue, seen from the client and from the server (RFC 9110 section 10.1.1).

In: requests with and without the expectation. Out: who is said to wait, and until when. What a
proxy does about it is the subject of `test_9110_forwarding`.
"""

import pytest

from h11 import (
    DONE,
    MUST_CLOSE,
    SEND_BODY,
    SEND_RESPONSE,
    ConnectionClosed,
    Data,
    EndOfMessage,
    ErrorCode,
    Event,
    LocalProtocolError,
    Request,
)
from tests.h11.conversations import (
    CLOSE,
    END,
    EXPECTING,
    client,
    informational,
    length,
    request,
    response,
    say,
    server,
)
from tests.rfc import wire
from tests.rfc.messages_9110 import field_lines, names_sent

PUT = b"PUT / HTTP/1.1"
WAITING = wire.request(b"Expect: 100-continue", b"Content-Length: 5", line=PUT)
WAITING_CHUNKED = wire.request(b"Expect: 100-continue", b"Transfer-Encoding: chunked", line=PUT)
EXPECTANT = request(EXPECTING, length(5), method="PUT")

both_framings = pytest.mark.parametrize(
    "octets", [WAITING, WAITING_CHUNKED], ids=["length", "chunked"]
)


@pytest.mark.rfc("9110/10.1.1/100-or-final", "9110/10.1.1/no-wait-for-content")
@both_framings
def test_a_server_is_told_at_once_that_the_client_waits(octets: bytes) -> None:
    """The head alone makes the request, and says that an answer is due before any content."""
    connection = wire.server(octets)
    assert isinstance(connection.next_event(), Request)
    assert connection.they_are_waiting_for_100_continue
    assert say(connection, informational(100)) == b"HTTP/1.1 100 \r\n\r\n"
    assert not connection.they_are_waiting_for_100_continue


@pytest.mark.rfc("9110/10.1.1/100-or-final")
@pytest.mark.parametrize("status", [200, 303, 401, 500])
def test_a_final_response_ends_the_waiting(status: int) -> None:
    """A server that knows the answer sends it without a 100, and nobody waits any more."""
    connection = server(WAITING)
    assert say(connection, response(length(0), status=status)).startswith(b"HTTP/1.1 %d " % status)
    assert not connection.they_are_waiting_for_100_continue


@pytest.mark.rfc("9110/10.1.1/100-or-final")
@pytest.mark.parametrize(
    "value", [b"100-continue", b"100-Continue", b"x, 100-CONTINUE", b"x=y,100-continue"]
)
def test_the_expectation_counts_in_any_case_and_company(value: bytes) -> None:
    """The field is a list, and its elements are compared without regard to case."""
    head = wire.request(b"EXPECT: " + value, b"Content-Length: 5", line=PUT)
    assert server(head).they_are_waiting_for_100_continue


@pytest.mark.rfc("9110/10.1.1/expect-sent-to-wait")
def test_a_client_waits_after_it_said_so() -> None:
    """The expectation is sent, and from then on the client is known to wait."""
    connection = client()
    sent = say(connection, EXPECTANT)
    assert b"Expect: 100-continue" in field_lines(sent)
    assert connection.client_is_waiting_for_100_continue
    wire.hear(connection, wire.response(line=b"HTTP/1.1 100 Continue"))
    assert not connection.client_is_waiting_for_100_continue


@pytest.mark.rfc("9110/10.1.1/expect-sent-to-wait", "9110/10.1.1/no-expectation-without-content")
@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_a_client_that_says_nothing_does_not_wait(method: str) -> None:
    """No expectation is added to a request, and without it nobody waits."""
    connection = client()
    sent = say(connection, request(length(5), method=method))
    assert b"expect" not in names_sent(sent)
    assert not connection.client_is_waiting_for_100_continue


@pytest.mark.rfc("9110/10.1.1/may-proceed", "9110/10.1.1/no-endless-wait")
def test_a_client_can_send_content_without_a_100() -> None:
    """Content can be sent at any time, and ends the waiting."""
    connection = client(EXPECTANT)
    assert connection.client_is_waiting_for_100_continue
    assert say(connection, Data(data=b"he")) == b"he"
    assert not connection.client_is_waiting_for_100_continue
    assert say(connection, Data(data=b"llo"), END) == b"llo"


@pytest.mark.rfc("9110/10.1.1/may-proceed", "9110/10.1.1/may-omit-100")
@pytest.mark.parametrize("piece", [b"h", b"hello"])
def test_content_ends_the_waiting_for_the_server(piece: bytes) -> None:
    """Once content is there, no 100 is due any more."""
    connection = server(WAITING)
    assert wire.body(wire.hear(connection, piece)) == piece
    assert not connection.they_are_waiting_for_100_continue


@pytest.mark.rfc("9110/10.1.1/may-omit-100")
@pytest.mark.parametrize(
    "octets",
    [
        wire.request(b"Expect: 100-continue"),
        wire.request(b"Expect: 100-continue", b"Content-Length: 0", line=PUT),
        WAITING_CHUNKED + b"0\r\n\r\n",
    ],
    ids=["no framing", "empty", "empty chunked"],
)
def test_without_content_no_100_is_due(octets: bytes) -> None:
    """The end of the message ends the waiting; a final response is all that is missing."""
    connection = server(octets)
    assert connection.their_state is DONE
    assert not connection.they_are_waiting_for_100_continue
    assert say(connection, response(status=204)).startswith(b"HTTP/1.1 204 ")


@pytest.mark.rfc("9110/10.1.1/417-may")
@pytest.mark.parametrize("value", [b"200-ok", b'token="100-continue";x=y', b"100", b"continue"])
def test_other_expectations_are_left_to_the_caller(value: bytes) -> None:
    """They are in the event, nobody waits for them, and a 417 can be sent at once."""
    connection = wire.server(wire.request(b"Expect: " + value, b"Content-Length: 5", line=PUT))
    assert wire.heard_request(connection).headers.get("Expect") == value
    assert not connection.they_are_waiting_for_100_continue
    assert say(connection, response(length(0), status=417)).startswith(b"HTTP/1.1 417 ")


@pytest.mark.rfc("9110/10.1.1/417-repeat")
def test_after_a_417_the_request_can_be_repeated() -> None:
    """The 417 ends the waiting; once the request is complete, the next cycle can repeat it."""
    connection = client(EXPECTANT)
    refused = wire.response(b"Content-Length: 0", line=b"HTTP/1.1 417 Expectation Failed")
    assert wire.statuses(wire.hear(connection, refused)) == [417]
    assert not connection.client_is_waiting_for_100_continue
    say(connection, Data(data=b"hello"), END)
    connection.start_next_cycle()
    sent = say(connection, request(length(5), method="PUT"), Data(data=b"hello"))
    assert field_lines(sent) == [b"Host: example.com", b"Content-Length: 5"]


@pytest.mark.rfc("9110/10.1.1/ignored-in-http-1-0")
def test_an_expectation_in_http_1_0_is_ignored() -> None:
    """A client of HTTP/1.0 is never said to wait."""
    connection = wire.server(WAITING.replace(b"HTTP/1.1", b"HTTP/1.0"))
    assert wire.heard_request(connection).headers.get("Expect") == b"100-continue"
    assert not connection.they_are_waiting_for_100_continue


@pytest.mark.rfc("9110/10.1.1/final-after-100")
@pytest.mark.parametrize(
    ("event", "code"),
    [
        (Data(data=b"x"), ErrorCode.OUT_OF_TURN),
        (EndOfMessage(), ErrorCode.OUT_OF_TURN),
        (ConnectionClosed(), ErrorCode.CLOSED_EARLY),
    ],
    ids=["content", "end", "close"],
)
def test_after_a_100_only_a_response_can_be_said(event: Event, code: ErrorCode) -> None:
    """A 100 does not answer the request: nothing but another response may follow."""
    connection = server(WAITING + b"hello")
    say(connection, informational(100))
    assert connection.our_state is SEND_RESPONSE
    assert wire.mistake(connection.send, event).code is code


@pytest.mark.rfc("9110/10.1.1/final-after-100")
def test_after_a_100_no_cycle_ends_without_a_final_response() -> None:
    """The next cycle can begin only once the final response is complete."""
    connection = server(WAITING + b"hello")
    say(connection, informational(100))
    with pytest.raises(LocalProtocolError):
        connection.start_next_cycle()
    say(connection, response(status=204), END)
    connection.start_next_cycle()
    assert isinstance(wire.hear(connection, wire.GET)[0], Request)


@pytest.mark.rfc("9110/10.1.1/tell-whether-to-close")
def test_an_early_final_response_can_say_that_the_connection_closes() -> None:
    """`Connection: close` is sent as given, and this end says no more after it."""
    connection = server(WAITING)
    assert field_lines(say(connection, response(CLOSE, status=204), END)) == [b"Connection: close"]
    assert connection.our_state is MUST_CLOSE


@pytest.mark.rfc("9110/10.1.1/tell-whether-to-close")
def test_after_an_early_final_response_the_content_is_still_read() -> None:
    """Without `close`, the rest of the content is read, and another cycle can follow."""
    connection = server(WAITING)
    assert names_sent(say(connection, response(status=204), END)) == []
    assert connection.their_state is SEND_BODY
    assert wire.hear(connection, b"hello") == [Data(data=b"hello"), END]
    connection.start_next_cycle()
    assert isinstance(wire.hear(connection, wire.GET)[0], Request)
