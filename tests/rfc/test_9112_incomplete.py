"""RFC 9112 sections 8, 9.7 and 9.8: messages that are cut short, and connections over TLS.

In: messages without their last octets, and the ends of streams. Out: what is complete, what is
known to be incomplete, and what can still be said.
"""

import pytest

from h11 import (
    CLIENT,
    CLOSED,
    DONE,
    ERROR,
    MUST_CLOSE,
    SERVER,
    Connection,
    ConnectionClosed,
    Data,
    EndOfMessage,
    ErrorCode,
    Request,
    Response,
)
from tests.rfc.wire import (
    END,
    END_OF_STREAM,
    GET,
    OK,
    body,
    client,
    events,
    hear,
    kinds,
    refusal,
    request,
    response,
    say,
    server,
    until_refusal,
)

CHUNKED = b"Transfer-Encoding: chunked"
POST = b"POST / HTTP/1.1"


@pytest.mark.rfc("9112/8/incomplete-request-answered")
@pytest.mark.parametrize(
    ("octets", "code"),
    [
        (GET[:-2], ErrorCode.CLOSED_EARLY),
        (request(b"Content-Length: 5", line=POST, body=b"he"), ErrorCode.BODY_TOO_SHORT),
        (request(CHUNKED, line=POST, body=b"5\r\nhello\r\n"), ErrorCode.BODY_TOO_SHORT),
    ],
    ids=["head", "length", "chunks"],
)
def test_an_incomplete_request_can_be_answered(octets: bytes, code: ErrorCode) -> None:
    """The client may have closed its half of the connection only; then ours is closed, too."""
    connection = server(octets, END_OF_STREAM)
    assert refusal(connection).code is code
    sent = say(connection, Response(status_code=400, headers=[("Content-Length", "0")]), END)
    assert sent.startswith(b"HTTP/1.1 400 \r\n")
    assert connection.our_state is MUST_CLOSE
    assert connection.send(ConnectionClosed()) is None


@pytest.mark.rfc("9112/8/incomplete-request-answered")
def test_a_request_that_takes_too_long_can_be_answered() -> None:
    """The time for that is the caller's to know; nothing needs to be broken first."""
    connection = server(request(b"Content-Length: 5", line=POST, body=b"he"))
    events(connection)
    late = Response(status_code=408, headers=[("Connection", "close"), ("Content-Length", "0")])
    assert say(connection, late, END).startswith(b"HTTP/1.1 408 \r\n")
    assert connection.our_state is MUST_CLOSE


@pytest.mark.rfc("9112/8/incomplete-response-recorded")
@pytest.mark.parametrize(
    ("octets", "code"),
    [
        (b"", ErrorCode.CLOSED_EARLY),
        (OK[:-2], ErrorCode.CLOSED_EARLY),
        (response(b"Content-Length: 5", body=b"he"), ErrorCode.BODY_TOO_SHORT),
        (response(CHUNKED, body=b"5\r\nhe"), ErrorCode.BODY_TOO_SHORT),
        (response(CHUNKED, body=b"5\r\nhello\r\n"), ErrorCode.BODY_TOO_SHORT),
        (response(CHUNKED, body=b"5\r\nhelloX"), ErrorCode.BAD_CHUNK),
    ],
    ids=["nothing", "head", "length", "chunk", "last chunk", "malformed chunk"],
)
def test_an_incomplete_response_has_no_end(octets: bytes, code: ErrorCode) -> None:
    """An error is in the place of the end, and is there again whenever it is asked for."""
    connection = client(*[octets] * bool(octets), END_OF_STREAM)
    found, error = until_refusal(connection)
    assert error.code is code
    assert END not in found
    assert connection.their_state is ERROR
    assert refusal(connection).code is ErrorCode.AFTER_ERROR


@pytest.mark.rfc("9112/9.8/graceful-recovery")
def test_the_error_says_what_there_is_and_what_is_missing() -> None:
    """Enough to ask for the rest, or for all of it on a new connection."""
    connection = client(response(b"Content-Length: 100", body=b"hello"), END_OF_STREAM)
    found, error = until_refusal(connection)
    assert (kinds(found), body(found)) == ([Response, Data], b"hello")
    assert (error.expected, error.received) == (100, 5)
    assert connection.our_state is MUST_CLOSE


@pytest.mark.rfc("9112/9.8/complete-despite-incomplete-close")
@pytest.mark.parametrize(
    "octets",
    [response(b"Content-Length: 2", body=b"ok"), response(CHUNKED, body=b"2\r\nok\r\n0\r\n\r\n")],
    ids=["length", "last chunk"],
)
def test_a_response_that_has_reached_its_end_is_complete(octets: bytes) -> None:
    """Its end is given before anything is known of the end of the stream."""
    assert kinds(events(client(octets))) == [Response, Data, EndOfMessage]


@pytest.mark.rfc("9112/9.8/complete-despite-incomplete-close")
def test_a_response_that_ends_with_the_connection_is_complete_when_told_so() -> None:
    """Whoever has seen no closure alert does not say that the stream has ended."""
    connection = client(response(body=b"hello"))
    assert kinds(events(connection)) == [Response, Data]
    assert kinds(hear(connection, END_OF_STREAM)) == [EndOfMessage, ConnectionClosed]


@pytest.mark.rfc("9112/9.8/client-sends-alert", "9112/9.8/client-need-not-wait")
def test_a_client_closes_without_an_octet_and_without_waiting() -> None:
    """None says that it is time for the alert; the server need not have closed."""
    connection = client(OK)
    events(connection)
    assert connection.send(ConnectionClosed()) is None
    assert (connection.our_state, connection.their_state) == (CLOSED, MUST_CLOSE)


@pytest.mark.rfc("9112/9.8/server-sends-alert", "9112/9.8/server-need-not-wait")
def test_a_server_closes_without_an_octet_and_without_waiting() -> None:
    """None says that it is time for the alert; the client need not have closed, but may."""
    connection = server(request(b"Connection: close"))
    events(connection)
    say(connection, Response(status_code=200, headers=[("Content-Length", "0")]), END)
    assert connection.send(ConnectionClosed()) is None
    assert (connection.our_state, connection.their_state) == (CLOSED, MUST_CLOSE)
    assert kinds(hear(connection, END_OF_STREAM)) == [ConnectionClosed]


@pytest.mark.rfc("9112/9.8/server-expects-incomplete-close")
def test_a_client_that_is_gone_between_requests_is_no_error() -> None:
    """Whether it has said so in TLS or not."""
    connection = server(GET)
    events(connection)
    say(connection, Response(status_code=200, headers=[("Content-Length", "0")]), END)
    connection.start_next_cycle()
    assert kinds(hear(connection, END_OF_STREAM)) == [ConnectionClosed]
    assert connection.our_state is MUST_CLOSE


@pytest.mark.rfc("9112/9.7/application-data")
def test_all_that_is_said_is_in_the_octets_that_are_given_back() -> None:
    """What carries each of them in a record of its own, as TLS may, loses nothing."""
    ends = {CLIENT: Connection(CLIENT), SERVER: Connection(SERVER)}
    head = Request(
        method="POST", target="/", headers=[("Host", "example.com"), ("Content-Length", "5")]
    )
    said = [head, Data(data=b"hello"), END]
    records = [bytes([octet]) for octet in say(ends[CLIENT], *said)]
    assert hear(ends[SERVER], *records)[0] == head
    said = [Response(status_code=200, headers=[("Content-Length", "2")]), Data(data=b"ok"), END]
    records = [bytes([octet]) for octet in say(ends[SERVER], *said)]
    assert body(hear(ends[CLIENT], *records)) == b"ok"
    assert {end.our_state for end in ends.values()} == {DONE}
