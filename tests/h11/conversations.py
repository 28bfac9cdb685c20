"""What the tests of connections say and hear, in few words.

In: what a test cares about in a message, and bytes in any cutting. Out: events, connections that
have come to a certain point, and what they make of what they receive.
"""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from h11 import (
    CLIENT,
    NEED_DATA,
    PAUSED,
    SERVER,
    Connection,
    ConnectionClosed,
    Data,
    EndOfMessage,
    ErrorCode,
    Event,
    InformationalResponse,
    RemoteProtocolError,
    Request,
    Response,
)
from h11_statemachine import Role

Line = tuple[str, str]
"""The name and the value of a field line."""

Marker = type[NEED_DATA] | type[PAUSED]
"""What stands where there is no event."""

HOST: Final[Line] = ("Host", "example.com")
CHUNKED: Final[Line] = ("Transfer-Encoding", "chunked")
CLOSE: Final[Line] = ("Connection", "close")
KEEP_ALIVE: Final[Line] = ("Connection", "keep-alive")
WEBSOCKET: Final[Line] = ("Upgrade", "websocket")
EXPECTING: Final[Line] = ("Expect", "100-continue")

GET_HEAD: Final = b"GET / HTTP/1.1\r\nHost: example.com\r\n\r\n"
"""A whole request."""

OK_HEAD: Final = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
"""A whole response."""

END: Final = EndOfMessage()
CLOSED_EVENT: Final = ConnectionClosed()


def length(octets: int) -> Line:
    """Return the field line that announces a body of so many octets."""
    return ("Content-Length", str(octets))


def request(*lines: Line, method: str = "GET", target: str = "/", version: str = "1.1") -> Request:
    """Return a request with these field lines after Host."""
    return Request(method=method, target=target, headers=[HOST, *lines], http_version=version)


def informational(status: int, *lines: Line, reason: str = "") -> InformationalResponse:
    """Return an informational response with these field lines."""
    return InformationalResponse(status_code=status, headers=lines, reason=reason)


def response(*lines: Line, status: int = 200, reason: str = "") -> Response:
    """Return a final response with these field lines."""
    return Response(status_code=status, headers=lines, reason=reason)


def say(connection: Connection, *events: Event) -> bytes:
    """Send events, and return the bytes of all of them."""
    return b"".join(connection.send(event) or b"" for event in events)


def hear(connection: Connection, *pieces: bytes) -> list[Event]:
    """Receive pieces one after the other, and return the events that come of each at once."""
    events = []
    for piece in pieces:
        connection.receive_data(piece)
        events += pending(connection)
    return events


def tell(speaker: Connection, listener: Connection, *events: Event) -> list[Event]:
    """Send events from one end to the other, and return those that the other then has."""
    sent = say(speaker, *events)
    return hear(listener, sent) if sent else pending(listener)


def pending(connection: Connection) -> list[Event]:
    """Return all events up to the next marker, or up to the end of the connection."""
    events: list[Event] = []
    while True:
        event = connection.next_event()
        if event is NEED_DATA or event is PAUSED:
            return events
        events.append(event)
        if type(event) is ConnectionClosed:
            return events


def client(*events: Event) -> Connection:
    """Return the connection of a client that has sent these events."""
    connection = Connection(our_role=CLIENT)
    say(connection, *events)
    return connection


def server(*pieces: bytes) -> Connection:
    """Return the connection of a server that has received these pieces, and heard it all."""
    connection = Connection(our_role=SERVER)
    hear(connection, *pieces)
    return connection


def keeping(role: Role) -> Connection:
    """Return the connection of a role that honours keep-alive of HTTP/1.0."""
    return Connection(our_role=role, http10_keep_alive=True)


def data_of(events: Iterable[Event]) -> bytes:
    """Return the data of all pieces of a body together."""
    return b"".join(event.data for event in events if isinstance(event, Data))


def joined(events: Iterable[Event]) -> list[Event]:
    """Return the events with the pieces of each body joined to one, and empty ones left out."""
    result: list[Event] = []
    for event in events:
        if not isinstance(event, Data):
            result.append(event)
        elif result and isinstance(last := result[-1], Data):
            result[-1] = Data(data=last.data + event.data)
        elif event.data:
            result.append(Data(data=event.data))
    return result


class Outcome(NamedTuple):
    """What a connection makes of what it receives, whatever the cutting."""

    events: list[Event]
    """The events, with the pieces of each body joined."""

    error_status_hint: int | None = None
    """The hint of the error that came after them, None if there was none."""

    code: ErrorCode | None = None
    """Its code."""

    text: str | None = None
    """What it says, with the offending octets."""


def outcome(connection: Connection, pieces: Iterable[bytes]) -> Outcome:
    """Receive pieces, asking for events after each, until all are used up or there is an error."""
    events: list[Event] = []
    for piece in pieces:
        connection.receive_data(piece)
        try:
            while (event := connection.next_event()) is not NEED_DATA and event is not PAUSED:
                events.append(event)
                if type(event) is ConnectionClosed:
                    break
        except RemoteProtocolError as error:
            return Outcome(joined(events), error.error_status_hint, error.code, str(error))
    return Outcome(joined(events))


def cuttings(octets: bytes) -> Iterator[list[bytes]]:
    """Yield the octets whole, in two at every place, and one by one."""
    yield [octets]
    for place in range(1, len(octets)):
        yield [octets[:place], octets[place:]]
    yield [octets[place : place + 1] for place in range(len(octets))]
