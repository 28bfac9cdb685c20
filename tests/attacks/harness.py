"""Octets that an attacker sends in; what every reader makes of them, in every cutting, out.

A stream is read by the parser of one direction and by a `Connection`, whole and octet by octet; the
parser, whose readers the connection has as well, also in two pieces cut at every place. All of them
must agree, and each must agree with itself down to the text of an error; else somebody in front of
us and we could come to see different messages (RFC 9112 section 11.2).
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple, Protocol

from h11 import CLIENT, DONE, MUST_CLOSE, SERVER, Connection
from h11_events import (
    ConnectionClosed,
    Data,
    EndOfMessage,
    ErrorCode,
    Event,
    ProtocolError,
    RemoteProtocolError,
    Request,
    Response,
)
from h11_parser import NEED_DATA, PAUSED, Limits, RequestParser, ResponseParser, Tolerance
from h11_parser._tolerance import ALLOWED_IN_REQUESTS, ALLOWED_IN_RESPONSES

ALL_FOR_REQUESTS: Final = ALLOWED_IN_REQUESTS
"""All that can be tolerated from a client."""

ALL_FOR_RESPONSES: Final = ALLOWED_IN_RESPONSES
"""All that can be tolerated from a server."""

GET: Final = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
GET_EVENTS: Final = [Request(method="GET", target="/", headers=[("Host", "a")]), EndOfMessage()]
OK: Final = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
OK_EVENTS: Final = [
    Response(status_code=200, headers=[("Content-Length", "2")], reason="OK"),
    Data(b"hi"),
    EndOfMessage(),
]


class Reader(Protocol):
    """What turns octets into events: a parser, or a connection that somebody looks after."""

    @property
    def trailing_data(self) -> tuple[bytes, bool]:
        """What was received and not read, and whether the stream has ended."""

    def receive_data(self, data: bytes, /) -> None:
        """Take octets; none for the end of the stream."""

    def next_event(self) -> Event | type[NEED_DATA] | type[PAUSED]:
        """Return the next event, or why there is none."""


NewReader = Callable[[], Reader]


class Server:
    """A connection of a server that answers each request when it is complete, and reads on."""

    def __init__(self, tolerate: Tolerance | None = None, limits: Limits | None = None) -> None:
        """Begin; the arguments are those of `Connection`."""
        self.connection = Connection(SERVER, tolerate=tolerate, limits=limits)
        self.receive_data = self.connection.receive_data

    @property
    def trailing_data(self) -> tuple[bytes, bool]:
        """What was received and not read."""
        return self.connection.trailing_data

    def next_event(self) -> Event | type[NEED_DATA] | type[PAUSED]:
        """Return the next event; answer at the end of a message, unless that may be a tunnel."""
        connection = self.connection
        event = connection.next_event()
        if type(event) is EndOfMessage and connection.their_state in (DONE, MUST_CLOSE):
            connection.send(Response(status_code=204, headers=[]))
            connection.send(EndOfMessage())
            if connection.our_state is DONE and connection.their_state is DONE:
                connection.start_next_cycle()
        return event


class Client:
    """A connection of a client that asks again when it has the answer."""

    def __init__(
        self,
        methods: Iterable[str],
        tolerate: Tolerance | None = None,
        limits: Limits | None = None,
    ) -> None:
        """Send the first request.

        Args:
            methods: The methods of the requests, one after the other.
            tolerate: As for `Connection`.
            limits: As for `Connection`.
        """
        self.connection = Connection(CLIENT, tolerate=tolerate, limits=limits)
        self.receive_data = self.connection.receive_data
        self._methods = list(methods)
        self._ask()

    @property
    def trailing_data(self) -> tuple[bytes, bool]:
        """What was received and not read."""
        return self.connection.trailing_data

    def _ask(self) -> None:
        """Send the next request."""
        method = self._methods.pop(0)
        target = "a:1" if method == "CONNECT" else "/"
        self.connection.send(Request(method=method, target=target, headers=[("Host", "a")]))
        self.connection.send(EndOfMessage())

    def next_event(self) -> Event | type[NEED_DATA] | type[PAUSED]:
        """Return the next event; at the end of a message send the next request, if there is one."""
        connection = self.connection
        event = connection.next_event()
        ended = type(event) is EndOfMessage and set(connection.states.values()) == {DONE}
        if ended and self._methods:
            connection.start_next_cycle()
            self._ask()
        return event


def server_side(
    tolerate: Tolerance | None = None, limits: Limits | None = None
) -> dict[str, NewReader]:
    """Return what reads requests: the parser and a connection."""
    return {
        "parser": lambda: RequestParser(tolerate=tolerate, limits=limits),
        "connection": lambda: Server(tolerate, limits),
    }


def client_side(
    *methods: str, tolerate: Tolerance | None = None, limits: Limits | None = None
) -> dict[str, NewReader]:
    """Return what reads the responses to requests with these methods, or to one GET."""
    asked = methods or ("GET",)

    def parser() -> ResponseParser:
        """Return a parser that was told the methods."""
        parser = ResponseParser(tolerate=tolerate, limits=limits)
        for method in asked:
            parser.expect(method.encode())
        return parser

    return {"parser": parser, "connection": lambda: Client(asked, tolerate, limits)}


@dataclass(frozen=True)
class Refusal:
    """An error as a program sees it.

    Attributes:
        code: Which rule was broken.
        hint: The status code to answer with.
        details: Its text and excerpt; not compared, as the next two.
        expected: How much there should have been.
        received: How much there was.
    """

    code: ErrorCode
    hint: int = 400
    details: tuple[str, bytes] = field(default=("", b""), compare=False)
    expected: int | None = field(default=None, compare=False)
    received: int | None = field(default=None, compare=False)

    def tells_as(self, other: object) -> bool:
        """Return whether another refusal tells a person and a program exactly the same."""
        return isinstance(other, Refusal) and (self.details, self.expected, self.received) == (
            other.details,
            other.expected,
            other.received,
        )

    @classmethod
    def of(cls, error: RemoteProtocolError) -> "Refusal":
        """Return what an error says."""
        details = (str(error), error.excerpt)
        hint = error.error_status_hint
        return cls(error.code, hint, details, error.expected, error.received)


class Verdict(NamedTuple):
    """What a stream led to."""

    events: list[Event]
    """The events; neighbouring pieces of a body are joined, and where chunks ended is forgotten."""

    end: object
    """The marker that came last, or the `Refusal` that ended it; None after the end of the
    stream."""

    rest: bytes = b""
    """What waits behind a pause."""


def taken(*events: Event, end: object = NEED_DATA, rest: bytes = b"") -> Verdict:
    """Return the verdict on a stream in which nothing is wrong."""
    return Verdict(joined(events), end, rest)


def refused(code: ErrorCode, hint: int = 400, *, after: Iterable[Event] = ()) -> Verdict:
    """Return the verdict on a stream that is refused after some events."""
    return Verdict(joined(after), Refusal(code, hint))


def joined(events: Iterable[Event]) -> list[Event]:
    """Return the events with neighbouring pieces of a body joined."""
    result: list[Event] = []
    for event in events:
        if type(event) is Data:
            data = bytes(event.data)
            if result and type(last := result[-1]) is Data:
                data = last.data + data
                result.pop()
            result.append(Data(data))
        else:
            result.append(event)
    return result


def drain(reader: Reader, events: list[Event]) -> object:
    """Add the events up to the next marker to a list; return the marker, or None at the end."""
    while True:
        event = reader.next_event()
        if not isinstance(event, Event):
            return event
        events.append(event)
        if type(event) is ConnectionClosed:
            return None


def read(reader: Reader, pieces: Iterable[bytes]) -> Verdict:
    """Return what a reader makes of a stream; after an error, it must not read anything more."""
    events: list[Event] = []
    end: object = NEED_DATA
    for piece in pieces:
        reader.receive_data(piece)
        try:
            end = drain(reader, events)
        except RemoteProtocolError as error:
            assert_is_fit_for_a_log(error)
            assert_reads_nothing_more(reader, closed=not piece)
            return Verdict(joined(events), Refusal.of(error))
    return Verdict(joined(events), end, reader.trailing_data[0] if end is PAUSED else b"")


def assert_is_fit_for_a_log(error: ProtocolError) -> None:
    """Assert that an error shows neither much of what an attacker sent, nor line ends in it."""
    assert len(error.excerpt) <= 100
    assert str(error).isprintable()
    assert len(str(error)) < 1000


def assert_reads_nothing_more(reader: Reader, *, closed: bool) -> None:
    """Assert that after an error nothing is read, be it as good as it may."""
    if not closed:
        reader.receive_data(GET + OK)
    assert code_of_next(reader) is ErrorCode.AFTER_ERROR


def code_of_next(reader: Reader) -> ErrorCode | None:
    """Return with which code there is no next event; None if there is one."""
    try:
        reader.next_event()
    except RemoteProtocolError as error:
        return error.code
    return None


def said(connection: Connection, *events: Event) -> bytes:
    """Return what a connection puts on the wire for some events."""
    return b"".join(connection.send(event) or b"" for event in events)


def octet_by_octet(octets: bytes) -> list[bytes]:
    """Return the octets as pieces of one."""
    return [octets[place : place + 1] for place in range(len(octets))]


def cuttings(octets: bytes) -> Iterator[list[bytes]]:
    """Yield the octets one by one, and in two pieces for each place where they can be cut.

    In two pieces there is no need to cut a head of `CHUNKED_HEADS` again and again.
    """
    yield octet_by_octet(octets)
    start = max((len(head) for head in CHUNKED_HEADS if octets.startswith(head)), default=1)
    for place in range(start, len(octets)):
        yield [octets[:place], octets[place:]]


def whole(reader: NewReader, octets: bytes, *, closed: bool = False) -> Verdict:
    """Return what a reader makes of a stream in one piece."""
    pieces = [octets] if octets else []
    return read(reader(), [*pieces, b""] if closed else pieces)


def verdict(readers: dict[str, NewReader], octets: bytes, *, closed: bool = False) -> Verdict:
    """Return what all readers make of a stream in all cuttings; assert that they agree.

    Args:
        readers: What makes each reader, by name.
        octets: The stream.
        closed: Whether the stream ends.
    """
    verdicts = {name: whole(reader, octets, closed=closed) for name, reader in readers.items()}
    first = next(iter(verdicts.values()))
    for name, expected in verdicts.items():
        assert expected == first, (name, expected, first)
        all_cuttings = cuttings(octets) if name == "parser" else [octet_by_octet(octets)]
        for pieces in all_cuttings:
            found = read(readers[name](), [*pieces, b""] if closed else pieces)
            assert found == expected, (name, pieces, found, expected)
            if isinstance(found.end, Refusal):
                assert found.end.tells_as(expected.end), (name, pieces, found.end, expected.end)
    return first


def post(*lines: bytes, body: bytes = b"", version: bytes = b"1.1") -> bytes:
    """Return a POST with some field lines after Host, and a body."""
    head = b"POST / HTTP/%b\r\nHost: a\r\n" % version
    return head + b"".join(line + b"\r\n" for line in lines) + b"\r\n" + body


def ok(*lines: bytes, body: bytes = b"", status: bytes = b"1.1 200 OK") -> bytes:
    """Return a response with some field lines, and a body."""
    return b"HTTP/%b\r\n" % status + b"".join(line + b"\r\n" for line in lines) + b"\r\n" + body


def post_event(*fields: tuple[str | bytes, str | bytes], version: str = "1.1") -> Request:
    """Return the event that `post` leads to."""
    headers = [("Host", "a"), *fields]
    return Request(method="POST", target="/", headers=headers, http_version=version)


def ok_event(*fields: tuple[str | bytes, str | bytes], version: str = "1.1") -> Response:
    """Return the event that `ok` leads to."""
    return Response(status_code=200, headers=list(fields), reason="OK", http_version=version)


CHUNKED_HEADS: Final = (
    post(b"Transfer-Encoding: chunked"),
    ok(b"Transfer-Encoding: chunked"),
)
"""Heads in which there is nothing to find, and behind which many attacks begin."""
