"""The wire, as the tests of the RFCs see it: octets in, events or one refusal out.

In: messages as octets, in pieces of any size; `b""` is the end of the stream. Out: connections that
have received them, the events that these make up, or the error that they raise.
"""

from collections.abc import Callable
from typing import Final

import pytest

from h11 import (
    CLIENT,
    NEED_DATA,
    PAUSED,
    SERVER,
    Connection,
    ConnectionClosed,
    Data,
    EndOfMessage,
    Event,
    InformationalResponse,
    Limits,
    LocalProtocolError,
    RemoteProtocolError,
    Request,
    Response,
    Tolerance,
)
from h11_parser import RequestParser, ResponseParser
from h11_parser._tolerance import ALLOWED_IN_REQUESTS, ALLOWED_IN_RESPONSES

Stream = Connection | RequestParser | ResponseParser
"""What takes octets and gives events."""

HOST: Final = b"Host: example.com"
"""The field line that every HTTP/1.1 request has."""

GET: Final = b"GET / HTTP/1.1\r\nHost: example.com\r\n\r\n"
"""A whole request."""

OK: Final = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
"""A whole response."""

END: Final = EndOfMessage()

CLOSED: Final = ConnectionClosed()

END_OF_STREAM: Final = b""
"""What is received when the peer closes."""

MOST_FOR_REQUESTS: Final = ALLOWED_IN_REQUESTS
"""The most that a server can tolerate."""

MOST_FOR_RESPONSES: Final = ALLOWED_IN_RESPONSES
"""The most that a client can tolerate."""


def message(start_line: bytes, *field_lines: bytes, body: bytes = b"") -> bytes:
    """Return a message with these lines, each ended by CRLF, and this body."""
    return b"".join(line + b"\r\n" for line in (start_line, *field_lines, b"")) + body


def request(*field_lines: bytes, line: bytes = b"GET / HTTP/1.1", body: bytes = b"") -> bytes:
    """Return a request with these field lines after Host."""
    return message(line, HOST, *field_lines, body=body)


def response(*field_lines: bytes, line: bytes = b"HTTP/1.1 200 OK", body: bytes = b"") -> bytes:
    """Return a response with these field lines."""
    return message(line, *field_lines, body=body)


def server(
    *pieces: bytes, tolerate: Tolerance | None = None, limits: Limits | None = None
) -> Connection:
    """Return the connection of a server that has received these pieces, and heard none yet."""
    connection = Connection(SERVER, tolerate=tolerate, limits=limits)
    for piece in pieces:
        connection.receive_data(piece)
    return connection


def client(
    *pieces: bytes,
    method: str = "GET",
    tolerate: Tolerance | None = None,
    limits: Limits | None = None,
) -> Connection:
    """Return the connection of a client that has sent a request without a body, as `server`."""
    target = "example.com:443" if method == "CONNECT" else "/"
    connection = Connection(CLIENT, tolerate=tolerate, limits=limits)
    say(connection, Request(method=method, target=target, headers=[("Host", "example.com")]), END)
    for piece in pieces:
        connection.receive_data(piece)
    return connection


def events(stream: Stream) -> list[Event]:
    """Return all events up to where more octets, or a next cycle, are needed."""
    found: list[Event] = []
    while True:
        event = stream.next_event()
        if event is NEED_DATA or event is PAUSED:
            return found
        found.append(event)
        if type(event) is ConnectionClosed:
            return found


def hear(stream: Stream, *pieces: bytes) -> list[Event]:
    """Receive pieces, and return all events of all of them."""
    for piece in pieces:
        stream.receive_data(piece)
    return events(stream)


def until_refusal(stream: Stream, *pieces: bytes) -> tuple[list[Event], RemoteProtocolError]:
    """Receive pieces, and return the events up to the error that they raise, and the error.

    It fails if there is none.
    """
    for piece in pieces:
        stream.receive_data(piece)
    found: list[Event] = []
    while True:
        try:
            event = stream.next_event()
        except RemoteProtocolError as error:
            return found, error
        assert event is not NEED_DATA, "no error"
        assert event is not PAUSED, "no error"
        assert type(event) is not ConnectionClosed, "no error"
        found.append(event)


def refusal(stream: Stream, *pieces: bytes) -> RemoteProtocolError:
    """Receive pieces, and return the error that they raise; it fails if there is none."""
    return until_refusal(stream, *pieces)[1]


def mistake(call: Callable[..., object], *args: object, **kwargs: object) -> LocalProtocolError:
    """Call something that is a mistake of ours, and return the error; it fails if there is none."""
    with pytest.raises(LocalProtocolError) as caught:
        call(*args, **kwargs)
    return caught.value


def say(connection: Connection, *said: Event) -> bytes:
    """Send events, and return the octets of all of them."""
    return b"".join(connection.send(event) or b"" for event in said)


def sent(target: str, method: str = "GET", host: str = "example.com") -> bytes:
    """Return the octets of the head with this target and Host that a client sends."""
    head = Request(method=method, target=target, headers=[("Host", host)])
    return say(Connection(CLIENT), head)


def heard_request(stream: Stream, *pieces: bytes) -> Request:
    """Receive pieces, and return the request that they begin with."""
    first = hear(stream, *pieces)[0]
    assert type(first) is Request
    return first


def heard_response(stream: Stream, *pieces: bytes) -> Response:
    """Receive pieces, and return the first final response among their events."""
    return next(event for event in hear(stream, *pieces) if type(event) is Response)


def body(found: list[Event]) -> bytes:
    """Return the data of all pieces of a body together."""
    return b"".join(event.data for event in found if type(event) is Data)


def statuses(found: list[Event]) -> list[int]:
    """Return the status codes of all responses, informational ones among them."""
    return [
        event.status_code for event in found if isinstance(event, InformationalResponse | Response)
    ]


def kinds(found: list[Event]) -> list[type[Event]]:
    """Return the classes of events."""
    return [type(event) for event in found]
