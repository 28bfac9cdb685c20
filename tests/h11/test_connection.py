"""Tests of what the reference leaves open about `Connection`: its arguments, and what goes wrong.

The reference itself is followed in `test_reference_*.py`.
"""

from collections.abc import Callable
from typing import Any

import pytest

import h11
from h11 import (
    CLIENT,
    DONE,
    IDLE,
    NEED_DATA,
    SEND_BODY,
    SEND_RESPONSE,
    SERVER,
    Connection,
    Data,
    LocalProtocolError,
    RemoteProtocolError,
    Request,
)
from tests.h11.conversations import (
    CHUNKED,
    CLOSED_EVENT,
    END,
    GET_HEAD,
    Outcome,
    client,
    cuttings,
    data_of,
    hear,
    informational,
    joined,
    length,
    outcome,
    pending,
    request,
    response,
    say,
    server,
)

CONVERSATION_WITH_SERVER = (
    b"HTTP/1.1 100 Continue\r\nA: b\r\n\r\nHTTP/1.1 103 \r\n\r\n"
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nServer: x\r\n\r\n"
    b"5;ext=1\r\nhello\r\n6\r\n world\r\n0\r\nDigest: y\r\n\r\n"
)
"""All that a server may say in one cycle."""


def test_roles_can_be_given_by_position_and_keyword() -> None:
    """Both ways of naming our role are in use."""
    assert Connection(CLIENT).our_role is CLIENT
    assert Connection(our_role=SERVER).our_role is SERVER


def test_event_can_be_given_by_keyword() -> None:
    """Both methods that send take `event=`."""
    assert client().send(event=request()) == GET_HEAD
    pieces = client().send_with_data_passthrough(event=request())
    assert pieces is not None
    assert b"".join(pieces) == GET_HEAD


@pytest.mark.parametrize(
    "convert", [bytes, bytearray, memoryview], ids=["bytes", "bytearray", "memoryview"]
)
def test_data_are_received_in_any_bytes_like_object(convert: Callable[[bytes], Any]) -> None:
    """Whichever type a socket gives, the events are the same, in all cuttings."""
    octets = b"PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"
    for pieces in cuttings(octets):
        connection = server()
        events = [event for piece in pieces for event in hear(connection, convert(piece))]
        assert joined(events)[1:] == [Data(data=b"hello"), END]
        assert {type(event.data) for event in events if isinstance(event, Data)} == {bytes}


def test_a_buffer_that_is_used_again_does_not_change_what_was_received() -> None:
    """`recv_into` fills the same buffer each time; what it had is copied in time."""
    buffer = bytearray(64)
    connection = server()
    events = []
    octets = b"PUT /first HTTP/1.1\r\nHost: a\r\nContent-Length: 30\r\n\r\n" + b"x" * 30
    for at in range(0, len(octets), 20):
        piece = octets[at : at + 20]
        buffer[: len(piece)] = piece
        connection.receive_data(memoryview(buffer)[: len(piece)])
        buffer[:] = b"?" * 64
        events += pending(connection)
    assert isinstance(events[0], Request)
    assert events[0].target == b"/first"
    assert data_of(events) == b"x" * 30


def test_data_after_the_end_change_nothing() -> None:
    """The mistake of passing them in has no consequence for what came before."""
    connection = server()
    connection.receive_data(GET_HEAD)
    connection.receive_data(b"")
    with pytest.raises(RuntimeError):
        connection.receive_data(b"more")
    assert pending(connection) == [request(), END, CLOSED_EVENT]


def test_all_cuttings_of_a_conversation_give_the_same_events() -> None:
    """Informational responses, chunks and trailers come out the same, however they arrive."""
    results = [
        outcome(client(request(), END), pieces) for pieces in cuttings(CONVERSATION_WITH_SERVER)
    ]
    assert results[0] == Outcome(
        [
            informational(100, ("A", "b"), reason="Continue"),
            informational(103),
            response(CHUNKED, ("Server", "x"), reason="OK"),
            Data(data=b"hello world"),
            h11.EndOfMessage(headers=[("Digest", "y")]),
        ]
    )
    assert all(result == results[0] for result in results)


def test_response_to_head_has_no_body() -> None:
    """Whatever length a response to HEAD announces, its end follows the head at once."""
    for head in (b"Content-Length: 10\r\n", b"Transfer-Encoding: chunked\r\n", b""):
        connection = client(request(method="HEAD"), END)
        events = hear(connection, b"HTTP/1.1 200 OK\r\n" + head + b"\r\n")
        assert events[1:] == [END]
        assert connection.states == {CLIENT: DONE, SERVER: DONE}


@pytest.mark.parametrize(
    ("status", "fields"), [(204, b""), (304, b"Content-Length: 10\r\n")], ids=["204", "304"]
)
def test_responses_without_content_have_no_body(status: int, fields: bytes) -> None:
    """204 and 304 end with their head, whatever it announces, when received and when sent.

    Only 304 is sent with an announcement, of what GET would have had (RFC 9110 section 8.6).
    """
    octets = b"HTTP/1.1 %d \r\nContent-Length: 10\r\n\r\n" % status
    assert hear(client(request(), END), octets)[1:] == [END]
    connection = server(GET_HEAD)
    sent = say(connection, response(length(10), status=status), END)
    assert sent == b"HTTP/1.1 %d \r\n%b\r\n" % (status, fields)
    connection = server(GET_HEAD)
    say(connection, response(length(10), status=status))
    with pytest.raises(LocalProtocolError):
        connection.send(Data(data=b"a"))


def test_response_to_head_is_sent_without_its_body() -> None:
    """A server announces what it would send to GET, and sends nothing of it."""
    asked = b"HEAD / HTTP/1.1\r\nHost: a\r\n\r\n"
    connection = server(asked)
    assert say(connection, response(length(10)), END) == (
        b"HTTP/1.1 200 \r\nContent-Length: 10\r\n\r\n"
    )
    connection = server(asked)
    say(connection, response(length(10)))
    with pytest.raises(LocalProtocolError):
        connection.send(Data(data=b"a"))


@pytest.mark.parametrize("method", ["HEAD", "GET"])
def test_the_method_is_forgotten_in_the_next_cycle(method: str) -> None:
    """A response to what was no request has a body, whatever the request before it was."""
    connection = server(GET_HEAD.replace(b"GET", method.encode()))
    say(connection, response(length(0)), END)
    connection.start_next_cycle()
    connection.receive_data(b"gibberish\r\n\r\n")
    with pytest.raises(RemoteProtocolError):
        connection.next_event()
    sent = say(connection, response(length(3), status=400), Data(data=b"No."), END)
    assert sent == b"HTTP/1.1 400 \r\nContent-Length: 3\r\nConnection: close\r\n\r\nNo."


def test_a_client_reads_any_number_of_informational_responses() -> None:
    """They come before the final response, and the states do not move."""
    connection = client(request(), END)
    events = hear(connection, b"HTTP/1.1 103 \r\n\r\n" * 10)
    assert events == [informational(103)] * 10
    assert connection.states == {CLIENT: DONE, SERVER: SEND_RESPONSE}


def test_the_server_may_answer_before_the_request_is_complete() -> None:
    """Both directions are independent: an early response does not stop the request."""
    asking, answering = client(), server()
    hear(answering, say(asking, request(CHUNKED)))
    hear(asking, say(answering, response(length(0), status=413), END))
    assert asking.states == answering.states == {CLIENT: SEND_BODY, SERVER: DONE}
    hear(answering, say(asking, Data(data=b"a"), END))
    assert asking.states == answering.states == {CLIENT: DONE, SERVER: DONE}


def test_a_response_that_nobody_asked_for() -> None:
    """A server may give up before any request, which a client understands."""
    connection = client()
    events = hear(connection, b"HTTP/1.1 408 Timeout\r\nContent-Length: 0\r\n\r\n")
    assert events == [response(length(0), status=408, reason="Timeout"), END]
    assert connection.states == {CLIENT: IDLE, SERVER: DONE}


def test_data_are_handed_on_without_a_copy() -> None:
    """A piece of a body that arrives alone is the object that was received."""
    connection = server(b"PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n")
    piece = b"x" * 50_000
    connection.receive_data(piece)
    event = connection.next_event()
    assert isinstance(event, Data)
    assert event.data is piece
    assert connection.next_event() is NEED_DATA
