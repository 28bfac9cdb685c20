"""RFC 9112 sections 9.5 and 9.6: how a connection ends, announced or not.

In: ends of streams, at any place, and messages with the option close. Out: what each end learns of
it, what it may still say, and what it does not read any more.
"""

import pytest

from h11 import (
    CLIENT,
    CLOSED,
    MUST_CLOSE,
    PAUSED,
    SEND_BODY,
    SERVER,
    Connection,
    ConnectionClosed,
    Data,
    EndOfMessage,
    ErrorCode,
    LocalProtocolError,
    Request,
    Response,
)
from h11_events import closes_connection
from h11_parser import ResponseParser
from h11_statemachine import Role
from tests.rfc.wire import (
    END,
    END_OF_STREAM,
    GET,
    OK,
    client,
    events,
    hear,
    kinds,
    message,
    mistake,
    refusal,
    request,
    response,
    say,
    server,
    statuses,
)

ASK = Request(method="GET", target="/", headers=[("Host", "example.com")])
ANSWER = Response(status_code=200, headers=[("Content-Length", "0")])
LAST_ANSWER = Response(status_code=200, headers=[("Content-Length", "0"), ("Connection", "close")])
LAST = request(b"Connection: close")
LAST_OK = response(b"Content-Length: 0", b"Connection: close")
POST = b"POST / HTTP/1.1"


def last_asked(*pieces: bytes) -> Connection:
    """Return a client that has said in its request that it is the last, and received these."""
    lines = [("Host", "example.com"), ("Connection", "close")]
    connection = Connection(CLIENT)
    say(connection, Request(method="GET", target="/", headers=lines), END)
    for piece in pieces:
        connection.receive_data(piece)
    return connection


@pytest.mark.rfc("9112/9.5/graceful-close")
@pytest.mark.parametrize("role", [CLIENT, SERVER])
def test_an_idle_connection_can_be_closed_and_still_read(role: Role) -> None:
    """The end of the peer's half is heard after ours was closed."""
    connection = Connection(role)
    assert connection.send(ConnectionClosed()) is None
    assert connection.our_state is CLOSED
    assert kinds(hear(connection, END_OF_STREAM)) == [ConnectionClosed]
    assert connection.their_state is CLOSED


@pytest.mark.rfc("9112/9.5/closure-noticed")
@pytest.mark.parametrize("role", [CLIENT, SERVER])
def test_a_peer_that_closes_is_noticed(role: Role) -> None:
    """The event comes, and all that can be done then is to close as well."""
    connection = Connection(role)
    assert kinds(hear(connection, END_OF_STREAM)) == [ConnectionClosed]
    assert connection.our_state is MUST_CLOSE
    assert connection.send(ConnectionClosed()) is None


@pytest.mark.rfc("9112/9.5/close-at-any-time")
@pytest.mark.parametrize(
    ("octets", "code"),
    [
        (GET[:1], ErrorCode.CLOSED_EARLY),
        (GET[:-1], ErrorCode.CLOSED_EARLY),
        (request(b"Content-Length: 5", line=POST, body=b"hell"), ErrorCode.BODY_TOO_SHORT),
        (request(b"Transfer-Encoding: chunked", line=POST), ErrorCode.BODY_TOO_SHORT),
    ],
)
def test_a_close_within_a_message_is_an_error(octets: bytes, code: ErrorCode) -> None:
    """The code says in which part of it; a close between messages is an event."""
    assert refusal(server(octets, END_OF_STREAM)).code is code
    whole = server(GET, END_OF_STREAM)
    assert kinds(events(whole)) == [Request, EndOfMessage, ConnectionClosed]


@pytest.mark.rfc("9112/9.5/connections-sustained")
def test_a_server_that_is_busy_lets_the_next_request_wait() -> None:
    """It is told not to read on, keeps what it has, and the connection stays open."""
    connection = server(GET + GET)
    assert kinds(events(connection)) == [Request, EndOfMessage]
    assert connection.next_event() is PAUSED
    assert connection.trailing_data == (GET, False)
    assert say(connection, ANSWER, END) == message(b"HTTP/1.1 200 ", b"Content-Length: 0")
    connection.start_next_cycle()
    assert kinds(events(connection)) == [Request, EndOfMessage]


@pytest.mark.rfc("9112/9.5/early-response-noticed", "9112/9.5/sending-stopped")
def test_a_client_hears_a_response_while_it_sends() -> None:
    """If the response is the last, the client need not send its body to the end."""
    connection = Connection(CLIENT)
    lines = [("Host", "example.com"), ("Content-Length", "100")]
    say(connection, Request(method="POST", target="/", headers=lines), Data(data=b"hello"))
    early = response(
        b"Content-Length: 0", b"Connection: close", line=b"HTTP/1.1 413 Content Too Large"
    )
    assert statuses(hear(connection, early)) == [413]
    assert (connection.our_state, connection.their_state) == (SEND_BODY, MUST_CLOSE)
    assert kinds(hear(connection, END_OF_STREAM)) == [ConnectionClosed]


@pytest.mark.rfc("9112/9.6/close-announced")
def test_whoever_closes_says_so() -> None:
    """A client sends the option as given; a server's last response has it in any case."""
    lines = [("Host", "example.com"), ("Connection", "close")]
    assert say(Connection(CLIENT), Request(method="GET", target="/", headers=lines)) == LAST
    for octets in (LAST, request(line=b"GET / HTTP/1.0")):
        connection = server(octets)
        events(connection)
        assert b"\r\nConnection: close\r\n" in say(connection, ANSWER)


@pytest.mark.rfc("9112/9.6/no-request-after-own-close", "9112/9.6/client-closes-after-own-close")
def test_a_client_that_has_said_close_sends_no_other_request() -> None:
    """It reads the response to its end, and then it can only close."""
    assert mistake(last_asked().send, ASK).code is ErrorCode.OUT_OF_TURN
    connection = last_asked(response(b"Content-Length: 2", body=b"o"))
    assert kinds(events(connection)) == [Response, Data]
    assert kinds(hear(connection, b"k")) == [Data, EndOfMessage]
    assert set(connection.states.values()) == {MUST_CLOSE}
    with pytest.raises(LocalProtocolError):
        connection.start_next_cycle()
    assert connection.send(ConnectionClosed()) is None


@pytest.mark.rfc(
    "9112/9.6/server-closes-after-their-close",
    "9112/9.6/close-answered",
    "9112/9.6/no-request-after-their-close",
)
def test_a_server_that_has_heard_close_reads_no_other_request() -> None:
    """Its response has the option; what the client sends behind its last request is dropped."""
    connection = server(LAST + GET)
    assert kinds(events(connection)) == [Request, EndOfMessage]
    assert say(connection, ANSWER, END) == message(
        b"HTTP/1.1 200 ", b"Content-Length: 0", b"Connection: close"
    )
    assert connection.our_state is MUST_CLOSE
    with pytest.raises(LocalProtocolError):
        connection.start_next_cycle()
    assert hear(connection, GET) == []
    assert kinds(hear(connection, END_OF_STREAM)) == [ConnectionClosed]


@pytest.mark.rfc(
    "9112/9.6/server-closes-after-own-close", "9112/9.6/no-request-after-own-closing-response"
)
def test_a_server_that_has_said_close_reads_no_other_request() -> None:
    """What was received before, and what comes later, is dropped."""
    connection = server(GET + GET)
    assert kinds(events(connection)) == [Request, EndOfMessage]
    say(connection, LAST_ANSWER, END)
    assert connection.our_state is MUST_CLOSE
    with pytest.raises(LocalProtocolError):
        connection.start_next_cycle()
    assert hear(connection, GET) == []
    assert kinds(hear(connection, END_OF_STREAM)) == [ConnectionClosed]


@pytest.mark.rfc("9112/9.6/client-stops-after-their-close")
def test_a_client_that_has_heard_close_sends_no_other_request() -> None:
    """It can only close after that response."""
    connection = client(LAST_OK)
    events(connection)
    assert set(connection.states.values()) == {MUST_CLOSE}
    with pytest.raises(LocalProtocolError):
        connection.start_next_cycle()
    assert connection.send(ConnectionClosed()) is None
    refused = client(LAST_OK)
    events(refused)
    assert mistake(refused.send, ASK).code is ErrorCode.OUT_OF_TURN


@pytest.mark.rfc("9112/9.6/pipelined-not-assumed")
def test_it_is_told_which_response_is_the_last() -> None:
    """Whoever has pipelined, and reads with a parser, sees that no other request was answered."""
    parser = ResponseParser()
    for _ in range(3):
        parser.expect(b"GET")
    heads = [event for event in hear(parser, OK + LAST_OK) if isinstance(event, Response)]
    assert [closes_connection(head.headers) for head in heads] == [False, True]
    connection = client(LAST_OK + OK)
    assert statuses(events(connection)) == [200]
