"""The section "Re-using a connection: keep-alive and pipelining" of the reference."""

from collections.abc import Callable

import pytest

from h11 import (
    CLIENT,
    CLOSED,
    DONE,
    IDLE,
    MUST_CLOSE,
    NEED_DATA,
    PAUSED,
    SEND_RESPONSE,
    SERVER,
    Connection,
    Event,
    LocalProtocolError,
    Request,
)
from tests.h11.conversations import (
    CLOSE,
    CLOSED_EVENT,
    END,
    GET_HEAD,
    OK_HEAD,
    Line,
    client,
    hear,
    length,
    pending,
    request,
    response,
    say,
    server,
    tell,
)


def numbered(number: int) -> bytes:
    """Return one of several requests that can be told apart."""
    return b"GET /%d HTTP/1.1\r\nHost: example.com\r\n\r\n" % number


def targets(events: list[Event]) -> list[bytes]:
    """Return the targets of the requests among the events."""
    return [event.target for event in events if isinstance(event, Request)]


def test_requests_and_responses_are_kept_apart() -> None:
    """On one connection, each response belongs to the request of its cycle."""
    asking, answering = client(), server()
    for number in range(5):
        (received, _) = tell(asking, answering, request(target=f"/{number}"), END)
        assert received == request(target=f"/{number}")
        reply = response(length(0), status=400 + number)
        assert tell(answering, asking, reply, END) == [reply, END]
        asking.start_next_cycle()
        answering.start_next_cycle()


@pytest.mark.parametrize("request_version", [b"1.0", b"1.1"])
@pytest.mark.parametrize("request_close", [False, True])
@pytest.mark.parametrize("response_close", [False, True])
def test_server_keeps_a_connection_if_and_only_if_both_sides_do(
    request_version: bytes, request_close: bool, response_close: bool
) -> None:
    """Both speak HTTP/1.1 and neither has said `Connection: close`: then it is reusable."""
    close = b"Connection: close\r\n" if request_close else b""
    connection = server(b"GET / HTTP/%b\r\nHost: a\r\n%b\r\n" % (request_version, close))
    say(connection, response(length(0), *([CLOSE] if response_close else [])), END)
    reusable = request_version == b"1.1" and not request_close and not response_close
    expected = DONE if reusable else MUST_CLOSE
    assert connection.states == {CLIENT: expected, SERVER: expected}


@pytest.mark.parametrize("response_version", [b"1.0", b"1.1"])
@pytest.mark.parametrize("request_close", [False, True])
@pytest.mark.parametrize("response_close", [False, True])
def test_client_keeps_a_connection_if_and_only_if_both_sides_do(
    response_version: bytes, request_close: bool, response_close: bool
) -> None:
    """It is the same for a client, whose peer may speak HTTP/1.0 as well."""
    connection = client(request(*([CLOSE] if request_close else [])), END)
    close = b"Connection: close\r\n" if response_close else b""
    hear(connection, b"HTTP/%b 200 OK\r\nContent-Length: 0\r\n%b\r\n" % (response_version, close))
    reusable = response_version == b"1.1" and not request_close and not response_close
    expected = DONE if reusable else MUST_CLOSE
    assert connection.states == {CLIENT: expected, SERVER: expected}


def test_keep_alive_of_http_10_is_not_supported() -> None:
    """An older client that asks for keep-alive does not get it, and is told so."""
    connection = server(b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
    sent = say(connection, response(length(0)), END)
    assert sent == b"HTTP/1.1 200 \r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    assert connection.our_state is MUST_CLOSE


@pytest.mark.parametrize(
    "line",
    [
        ("Connection", "close"),
        ("connection", "CLOSE"),
        ("Connection", "keep-alive, close"),
        ("Connection", "a,close,b"),
    ],
    ids=repr,
)
def test_setting_close_is_noticed(line: Line) -> None:
    """Whoever sets `Connection: close` by hand, in any form, changes the state."""
    assert client(request(line), END).our_state is MUST_CLOSE
    connection = server(GET_HEAD)
    say(connection, response(line), END)
    assert connection.our_state is MUST_CLOSE


@pytest.mark.parametrize(
    "line", [("Connection", "keep-alive"), ("Connection", "closed"), ("Keep-Alive", "close")]
)
def test_other_options_do_not_close(line: Line) -> None:
    """Only the option `close` of the field Connection counts."""
    assert client(request(line), END).our_state is DONE


@pytest.mark.parametrize(
    "asked",
    [
        b"GET / HTTP/1.0\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nConnection: x, Close\r\n\r\n",
    ],
)
def test_close_is_added_where_it_is_required(asked: bytes) -> None:
    """A server that answers a client without keep-alive says close, without being asked to."""
    sent = say(server(asked), response(length(0)))
    assert sent == b"HTTP/1.1 200 \r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


def test_close_is_not_added_where_it_is_not_required() -> None:
    """Otherwise the headers are left as they are."""
    assert say(server(GET_HEAD), response(length(0))) == (
        b"HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n"
    )
    assert say(client(), request()) == GET_HEAD


def test_connection_is_reused_after_request_and_response() -> None:
    """Only when both sides are DONE can both be reset to IDLE."""
    connection = client(request())
    for step in range(2):
        with pytest.raises(LocalProtocolError):
            connection.start_next_cycle()
        if step == 0:
            say(connection, END)
        else:
            hear(connection, OK_HEAD)
    assert connection.states == {CLIENT: DONE, SERVER: DONE}
    connection.start_next_cycle()
    assert connection.states == {CLIENT: IDLE, SERVER: IDLE}


def closed_by_server() -> Connection:
    """Return the connection of a client whose server closed in good order."""
    connection = client(request(), END)
    hear(connection, OK_HEAD, b"")
    return connection


def closed_by_client() -> Connection:
    """Return the connection of a server whose client closed in good order."""
    connection = server(GET_HEAD, b"")
    say(connection, response(length(0)), END)
    return connection


def of_http_10() -> Connection:
    """Return the connection of a server whose client speaks HTTP/1.0."""
    connection = server(b"GET / HTTP/1.0\r\n\r\n")
    say(connection, response(length(0)), END)
    return connection


def said_close() -> Connection:
    """Return the connection of a client that has said close."""
    connection = client(request(CLOSE), END)
    hear(connection, OK_HEAD)
    return connection


@pytest.mark.parametrize("make", [closed_by_server, closed_by_client, of_http_10, said_close])
def test_without_keep_alive_states_skip_done(make: Callable[[], Connection]) -> None:
    """Whatever the reason, the states are MUST_CLOSE or CLOSED, and no cycle follows."""
    connection = make()
    assert set(connection.states.values()) <= {MUST_CLOSE, CLOSED}
    with pytest.raises(LocalProtocolError):
        connection.start_next_cycle()
    assert connection.send(CLOSED_EVENT) is None
    assert connection.our_state is CLOSED


@pytest.mark.parametrize("make", [closed_by_server, closed_by_client, of_http_10, said_close])
def test_without_keep_alive_closing_is_all_that_is_legal(make: Callable[[], Connection]) -> None:
    """Any further message is an error."""
    connection = make()
    with pytest.raises(LocalProtocolError):
        connection.send(request() if connection.our_role is CLIENT else response())


def test_client_does_not_pipeline() -> None:
    """A second request before the response to the first was read is an error."""
    for heard in ([], [OK_HEAD[:-2]]):
        connection = client(request(), END)
        hear(connection, *heard)
        with pytest.raises(LocalProtocolError):
            connection.start_next_cycle()
        with pytest.raises(LocalProtocolError):
            connection.send(request())


def test_client_needs_the_next_cycle_for_another_request() -> None:
    """Even after the response was read, the next request waits for `start_next_cycle`."""
    connection = client(request(), END)
    hear(connection, OK_HEAD)
    connection.start_next_cycle()
    assert say(connection, request(), END) == GET_HEAD

    connection = client(request(), END)
    hear(connection, OK_HEAD)
    with pytest.raises(LocalProtocolError):
        connection.send(request())


@pytest.mark.parametrize("whole", [True, False], ids=["one-piece", "octet-by-octet"])
def test_server_takes_pipelined_requests_one_at_a_time(whole: bool) -> None:
    """After each request the server pauses until it has answered and begun the next cycle."""
    octets = b"".join(map(numbered, range(4)))
    connection = server()
    pieces = [octets] if whole else [octets[at : at + 1] for at in range(len(octets))]
    events = hear(connection, *pieces)
    for number in range(4):
        assert targets(events) == [b"/%d" % number]
        assert events[-1] == END
        pause = NEED_DATA if number == 3 else PAUSED
        assert connection.next_event() is pause
        assert connection.states == {CLIENT: DONE, SERVER: SEND_RESPONSE}
        say(connection, response())
        assert connection.next_event() is pause
        say(connection, END)
        assert connection.next_event() is pause
        connection.start_next_cycle()
        events = pending(connection)
    assert events == []
