"""The section "Closing connections" of the reference, paragraph by paragraph."""

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
    Connection,
    Data,
    Event,
    LocalProtocolError,
    ProtocolError,
    RemoteProtocolError,
)
from tests.h11.conversations import (
    CHUNKED,
    CLOSE,
    CLOSED_EVENT,
    END,
    GET_HEAD,
    OK_HEAD,
    client,
    cuttings,
    hear,
    length,
    pending,
    request,
    response,
    say,
    server,
    tell,
)

CHUNKED_HEAD: Final = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def test_sending_a_close_only_moves_the_machine() -> None:
    """`send` returns None for it, not bytes, and our state is CLOSED."""
    for connection in (client(), server()):
        assert connection.send(CLOSED_EVENT) is None
        assert connection.our_state is CLOSED
        assert connection.send_with_data_passthrough(CLOSED_EVENT) is None
        assert connection.our_state is CLOSED


@pytest.mark.parametrize(
    "end",
    [b"", None, bytearray(), memoryview(b"")],
    ids=["bytes", "None", "bytearray", "memoryview"],
)
def test_receiving_nothing_is_a_close(end: bytes | None) -> None:
    """An empty read, as a socket gives at its end, becomes `ConnectionClosed`."""
    for connection in (client(), server()):
        connection.receive_data(end)
        assert connection.next_event() == CLOSED_EVENT
        assert connection.their_state is CLOSED


def test_a_close_is_received_only_after_a_pause() -> None:
    """A client that sends two requests and closes is heard in this order."""
    connection = server(GET_HEAD * 2, b"")
    assert connection.next_event() is PAUSED
    assert connection.their_state is DONE
    say(connection, response(length(0)), END)
    assert connection.next_event() is PAUSED
    connection.start_next_cycle()
    assert pending(connection) == [request(), END, CLOSED_EVENT]


def test_closing_may_be_received_several_times() -> None:
    """The example of the reference: `b""` again, or None, is legal, and gives the same event."""
    connection = Connection(our_role=CLIENT)
    for end in (b"", b"", None):
        connection.receive_data(end)
        for _ in range(2):
            assert connection.next_event() == CLOSED_EVENT
            assert connection.states == {CLIENT: MUST_CLOSE, SERVER: CLOSED}


def test_data_after_the_close_are_a_mistake_of_the_caller() -> None:
    """Whoever passes in data after the end of the stream has confused something."""
    connection = server(b"")
    with pytest.raises(RuntimeError):
        connection.receive_data(b"a")
    with pytest.raises(RuntimeError):
        connection.receive_data(GET_HEAD)
    connection.receive_data(b"")
    assert connection.next_event() == CLOSED_EVENT
    assert connection.trailing_data == (b"", True)


def test_a_client_may_close_its_half_and_read_the_response() -> None:
    """The half-duplex view of the client: after its own close it still listens."""
    connection = client(request(), END, CLOSED_EVENT)
    assert connection.states == {CLIENT: CLOSED, SERVER: SEND_RESPONSE}
    events = hear(connection, b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n", b"abc")
    assert events == [response(length(3), reason="OK"), Data(data=b"abc"), END]
    assert connection.states == {CLIENT: CLOSED, SERVER: MUST_CLOSE}


def test_a_server_may_answer_a_client_that_has_closed_its_half() -> None:
    """The half-duplex view of the server: the client is CLOSED, and gets its response all the same.

    What the close prevents is another cycle.
    """
    connection = server(GET_HEAD, b"")
    assert connection.states == {CLIENT: CLOSED, SERVER: SEND_RESPONSE}
    sent = say(connection, response(length(3)), Data(data=b"abc"), END)
    assert sent == b"HTTP/1.1 200 \r\nContent-Length: 3\r\n\r\nabc"
    assert connection.states == {CLIENT: CLOSED, SERVER: MUST_CLOSE}
    with pytest.raises(LocalProtocolError):
        connection.start_next_cycle()


@pytest.mark.parametrize("first", [CLIENT, SERVER], ids=repr)
def test_a_clean_close(first: object) -> None:
    """After a whole cycle both close, in either order, and all are CLOSED."""
    asking, answering = client(), server()
    tell(asking, answering, request(), END)
    tell(answering, asking, response(length(0)), END)
    speaker, listener = (asking, answering) if first is CLIENT else (answering, asking)
    speaker.send(CLOSED_EVENT)
    assert hear(listener, b"") == [CLOSED_EVENT]
    assert listener.our_state is MUST_CLOSE
    listener.send(CLOSED_EVENT)
    assert hear(speaker, b"") == [CLOSED_EVENT]
    assert asking.states == answering.states == {CLIENT: CLOSED, SERVER: CLOSED}


def test_a_clean_close_before_anything_was_said() -> None:
    """A connection that nobody used can be closed by either side."""
    connection = server()
    assert hear(connection, b"") == [CLOSED_EVENT]
    assert connection.states == {CLIENT: CLOSED, SERVER: MUST_CLOSE}


UNCLEAN: Final = {
    "in a chunk": ([CHUNKED_HEAD, b"5\r\nabc"], "incomplete chunked read"),
    "between chunks": ([CHUNKED_HEAD, b"5\r\nabcde\r\n"], "incomplete chunked read"),
    "in the trailers": ([CHUNKED_HEAD, b"0\r\nA: b\r\n"], "incomplete chunked read"),
    "half-way": (
        [b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", b"x" * 500],
        "received 500 bytes, expected 1000",
    ),
    "in the head": (
        [b"HTTP/1.1 200 OK\r\nContent-Le"],
        "peer closed connection in the middle of a message head",
    ),
    "instead of a response": ([], "server closed the connection without answering"),
}
"""What a server has sent before it closes, and what the error says about it."""


@pytest.mark.parametrize(("octets", "text"), UNCLEAN.values(), ids=UNCLEAN)
def test_an_unclean_close_is_an_error(octets: list[bytes], text: str) -> None:
    """A peer that closes in the middle of something breaks the protocol, and we get to know."""
    connection = client(request(), END)
    hear(connection, *octets)
    connection.receive_data(b"")
    with pytest.raises(ProtocolError, match=text) as caught:
        connection.next_event()
    assert type(caught.value) is RemoteProtocolError
    assert connection.states == {CLIENT: MUST_CLOSE, SERVER: ERROR}


def test_an_unclean_close_is_noticed_in_all_cuttings() -> None:
    """It does not matter how the bytes before the close have arrived."""
    octets = CHUNKED_HEAD + b"3\r\nabc\r\n0\r\nA: b\r\n"
    for pieces in cuttings(octets):
        connection = client(request(), END)
        hear(connection, *pieces)
        connection.receive_data(b"")
        with pytest.raises(RemoteProtocolError, match="closed connection"):
            connection.next_event()


def test_a_client_closing_in_mid_request_is_an_error() -> None:
    """It is the same for a server whose client goes away; the server may still answer."""
    connection = server(b"PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhello")
    connection.receive_data(b"")
    with pytest.raises(RemoteProtocolError, match="received 5 bytes, expected 100"):
        connection.next_event()
    assert connection.states == {CLIENT: ERROR, SERVER: SEND_RESPONSE}
    assert say(connection, response(length(0), status=400), END)


@pytest.mark.parametrize(
    "events",
    [[request(length(1))], [request(length(1)), Data(data=b"a")], [request(CHUNKED)]],
    ids=["before the body", "before the end", "in chunks"],
)
def test_closing_in_the_middle_of_our_own_message_is_an_error(events: list[Event]) -> None:
    """`send` raises, which is all that it does beyond closing the socket."""
    connection = client(*events)
    assert connection.states == {CLIENT: SEND_BODY, SERVER: SEND_RESPONSE}
    with pytest.raises(LocalProtocolError):
        connection.send(CLOSED_EVENT)
    assert connection.our_state is ERROR


def test_the_proper_way_for_a_client() -> None:
    """One request, one response, and then the client closes, as the four steps have it."""
    connection = Connection(our_role=CLIENT)
    sent = say(connection, request(CLOSE, length(3), method="PUT"))
    assert b"\r\nConnection: close\r\n" in sent
    assert say(connection, Data(data=b"abc"), END) == b"abc"
    hear(connection, b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n", b"abc")
    assert connection.our_state is MUST_CLOSE
    assert connection.send(CLOSED_EVENT) is None
    assert connection.states == {CLIENT: CLOSED, SERVER: MUST_CLOSE}


def test_a_client_may_close_its_half_between_the_steps() -> None:
    """It is legal, though of no use, to close right after the request."""
    connection = client(request(CLOSE), END)
    assert connection.our_state is MUST_CLOSE
    connection.send(CLOSED_EVENT)
    assert hear(connection, OK_HEAD, b"") == [response(length(0), reason="OK"), END, CLOSED_EVENT]
    assert connection.states == {CLIENT: CLOSED, SERVER: CLOSED}


def test_the_proper_way_for_a_server() -> None:
    """After its response, a server looks if it must close."""
    connection = server(GET_HEAD)
    say(connection, response(length(0)), END)
    assert connection.our_state is DONE

    connection = server(b"GET / HTTP/1.0\r\n\r\n")
    say(connection, response(), Data(data=b"of unknown length"), END)
    assert connection.our_state is MUST_CLOSE
    assert connection.send(CLOSED_EVENT) is None


def test_a_client_of_http_10_learns_the_end_from_the_close() -> None:
    """A body of unknown length is complete when the server closes, and not before."""
    asking, answering = client(request(), END), server(b"GET / HTTP/1.0\r\n\r\n")
    tell(answering, asking, response(), Data(data=b"abc"), END)
    assert asking.next_event() is NEED_DATA
    assert asking.their_state is SEND_BODY
    assert hear(asking, b"") == [END, CLOSED_EVENT]


def test_closing_in_stages() -> None:
    """A server closes its half, reads until the client has closed, and is then done for good."""
    connection = server(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    say(connection, response(length(0)), END, CLOSED_EVENT)
    assert connection.states == {CLIENT: MUST_CLOSE, SERVER: CLOSED}
    assert connection.next_event() is NEED_DATA
    assert hear(connection, b"") == [CLOSED_EVENT]
    assert connection.states == {CLIENT: CLOSED, SERVER: CLOSED}


def test_another_request_during_the_close_is_not_served() -> None:
    """A request that crosses the close is no event: it is dropped, and the close is heard."""
    connection = server(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    say(connection, response(length(0)), END, CLOSED_EVENT)
    connection.receive_data(GET_HEAD)
    assert connection.next_event() is NEED_DATA
    assert hear(connection, b"") == [CLOSED_EVENT]
    assert connection.states == {CLIENT: CLOSED, SERVER: CLOSED}


def test_another_request_before_the_close_is_not_served() -> None:
    """What a client says after its close means nothing, and does not stop the response."""
    connection = server(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    assert connection.states == {CLIENT: MUST_CLOSE, SERVER: SEND_RESPONSE}
    connection.receive_data(GET_HEAD)
    assert connection.next_event() is NEED_DATA
    assert connection.states == {CLIENT: MUST_CLOSE, SERVER: SEND_RESPONSE}
    assert say(connection, response(length(0)), END)


def test_a_close_leaves_an_idle_peer_nothing_but_closing() -> None:
    """When one side closes an idle connection, the other cannot begin a cycle any more."""
    connection = client()
    assert hear(connection, b"") == [CLOSED_EVENT]
    assert connection.states == {CLIENT: MUST_CLOSE, SERVER: CLOSED}
    with pytest.raises(LocalProtocolError):
        connection.send(request())
    connection = server(GET_HEAD)
    say(connection, response(length(0)), END)
    connection.start_next_cycle()
    assert connection.states == {CLIENT: IDLE, SERVER: IDLE}
    assert hear(connection, b"") == [CLOSED_EVENT]
    assert connection.our_state is MUST_CLOSE
