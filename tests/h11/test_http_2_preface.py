"""A server that is spoken to in HTTP/2 (RFC 9113 section 3.4): by its first request it may know."""

from h11 import (
    CLIENT,
    CLOSED,
    MUST_CLOSE,
    NEED_DATA,
    PAUSED,
    SEND_BODY,
    SEND_RESPONSE,
    SERVER,
    Connection,
    ConnectionClosed,
    Request,
)
from tests.h11.conversations import END, hear, length, response, say

HEAD = b"PRI * HTTP/2.0\r\n\r\n"
REST = b"SM\r\n\r\n\0\0\0\4\0\0\0\0\0"
PREFACE = Request(method="PRI", target="*", headers=[], http_version="2.0")


def test_what_follows_can_be_handed_over() -> None:
    """When the request comes, all that is not part of it is still there."""
    connection = Connection(SERVER)
    connection.receive_data(HEAD + REST)
    assert connection.next_event() == PREFACE
    assert connection.states == {CLIENT: SEND_BODY, SERVER: SEND_RESPONSE}
    assert connection.trailing_data == (REST, False)
    assert connection.their_http_version == b"2.0"


def test_what_follows_is_never_read_as_http_1() -> None:
    """A server that does not speak HTTP/2 says so, and closes."""
    connection = Connection(SERVER)
    assert hear(connection, HEAD + REST) == [PREFACE, END]
    assert connection.states == {CLIENT: MUST_CLOSE, SERVER: SEND_RESPONSE}
    assert say(connection, response(length(0), status=505), END) == (
        b"HTTP/1.1 505 \r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    )
    assert connection.states == {CLIENT: MUST_CLOSE, SERVER: MUST_CLOSE}
    assert connection.next_event() is PAUSED
    assert connection.trailing_data == (REST, False)


def test_a_client_that_only_says_so_may_close() -> None:
    """Without anything behind it, the end of the connection is its end."""
    connection = Connection(SERVER)
    assert hear(connection, HEAD) == [PREFACE, END]
    assert connection.next_event() is NEED_DATA
    assert hear(connection, b"") == [ConnectionClosed()]
    assert connection.their_state is CLOSED
