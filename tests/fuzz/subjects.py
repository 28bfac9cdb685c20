"""The readers under test with their surroundings: settings in, subjects out.

In: what an input chooses. Out: a new subject each time, ready for its stream: a parser of requests
or of responses, a reader of chunks with its buffer, a connection at either end (RFC 9112 sections 2
to 9).
"""

from itertools import cycle
from typing import ClassVar, Final

from h11 import CLIENT, DONE, IDLE, SEND_RESPONSE, SERVER, Connection
from h11_events import Data, EndOfMessage, Event, LocalProtocolError, ProtocolError
from h11_parser import (
    NEED_DATA,
    ChunkedReader,
    Limits,
    ReceiveBuffer,
    RequestParser,
    ResponseParser,
    request_dialect,
    response_dialect,
)
from h11_parser._tolerance import ALLOWED_IN_REQUESTS
from tests.fuzz.conversations import ANSWERS, CLOSE, END, REQUESTS, final, say
from tests.fuzz.promises import BrokenPromiseError
from tests.fuzz.reading import Marker, Subject
from tests.fuzz.settings import ONLY_IN_REQUESTS, Settings

METHODS: Final = (None, b"GET", b"HEAD", b"CONNECT", b"PUT")
"""What a response may answer; None for a method that nobody has told."""

CHUNK_HEADER: Final = 24
"""How many octets a chunk header may have besides its extensions, at the most."""


def most_held(limits: Limits | None) -> int:
    """Return how many octets may wait for more under these limits, whatever they are part of."""
    limits = Limits() if limits is None else limits
    chunk_header = limits.chunk_extension_size + CHUNK_HEADER
    return max(limits.head_size, limits.trailer_size, chunk_header)


class ParserSubject(Subject):
    """A parser of one direction."""

    def __init__(self, parser: RequestParser | ResponseParser, settings: Settings) -> None:
        """Take a new parser.

        Args:
            parser: The parser.
            settings: What the input chooses.
        """
        self.most_held = most_held(settings.limits)
        self._parser = parser
        self._resumed = settings.resumed

    def receive(self, piece: bytes) -> None:
        """Hand it to the parser."""
        self._parser.receive_data(piece)

    def next_event(self) -> Event | Marker:
        """Ask the parser."""
        return self._parser.next_event()

    def waiting(self) -> bytes:
        """Ask the parser."""
        return self._parser.trailing_data[0]

    def hear(self, _event: Event) -> list[object]:
        """Say nothing."""
        return []

    def goes_on_after_pause(self) -> bool:
        """Go on with HTTP, if the settings say so."""
        if not self._resumed or not isinstance(self._parser, RequestParser):
            return False
        self._parser.resume()
        return True


def request_parser(settings: Settings) -> Subject:
    """Return a parser of requests."""
    tolerate = settings.tolerance_for(ALLOWED_IN_REQUESTS)
    return ParserSubject(RequestParser(tolerate=tolerate, limits=settings.limits), settings)


def response_parser(settings: Settings) -> Subject:
    """Return a parser of responses to the methods of the plan."""
    tolerate = settings.tolerance_for(~ONLY_IN_REQUESTS)
    parser = ResponseParser(tolerate=tolerate, limits=settings.limits)
    for number in settings.plan:
        method = METHODS[number % len(METHODS)]
        if method is not None:
            parser.expect(method)
    return ParserSubject(parser, settings)


class ChunkedSubject(Subject):
    """A reader of one chunked body, with the buffer that it reads from."""

    error: ClassVar[type[ProtocolError]] = LocalProtocolError
    fails_for_good: ClassVar[bool] = False

    def __init__(self, settings: Settings) -> None:
        """Make a new reader, of a request where the plan begins with zero, else of a response."""
        self.most_held = most_held(settings.limits)
        if settings.plan[0]:
            tolerate = settings.tolerance_for(~ONLY_IN_REQUESTS)
            dialect = response_dialect(None, tolerate, settings.limits)
        else:
            tolerate = settings.tolerance_for(ALLOWED_IN_REQUESTS)
            dialect = request_dialect(None, tolerate, settings.limits)
        self._buffer = ReceiveBuffer()
        self._reader = ChunkedReader(dialect)
        self._closed = False
        self._ended = False

    def receive(self, piece: bytes) -> None:
        """Add it to the buffer."""
        self._closed = not piece
        self._buffer.append(piece)

    def next_event(self) -> Event | Marker:
        """Read on, until the body has ended."""
        event = None if self._ended else self._reader.read(self._buffer)
        if event is None and self._closed and not self._ended:
            event = self._reader.read_eof()
        if event is None:
            return NEED_DATA
        if type(event) is EndOfMessage:
            self._ended = True
            self.most_held = None
        return event

    def hear(self, _event: Event) -> list[object]:
        """Say nothing."""
        return []

    def waiting(self) -> bytes:
        """Return what is in the buffer."""
        return bytes(self._buffer)


class ConnectionSubject(Subject):
    """One end of a connection, which answers by its plan."""

    def __init__(self, connection: Connection, settings: Settings) -> None:
        """Take a new connection, and say what comes first.

        Args:
            connection: The connection.
            settings: What the input chooses, among it the plan.
        """
        self.most_held = most_held(settings.limits)
        self._connection = connection
        self._plan = cycle(settings.plan)
        self._number = next(self._plan)
        self._in_body = False
        self._said_first = self._begin()

    def receive(self, piece: bytes) -> None:
        """Hand it to the connection."""
        self._connection.receive_data(piece)

    def next_event(self) -> Event | Marker:
        """Ask the connection."""
        return self._connection.next_event()

    def waiting(self) -> bytes:
        """Ask the connection."""
        return self._connection.trailing_data[0]

    def hear(self, event: Event) -> list[object]:
        """Answer, and begin the next cycle if there can be one."""
        connection = self._connection
        said: list[object] = []
        if type(event) is not Data or not self._in_body:
            of_role = ANSWERS if connection.our_role is SERVER else REQUESTS
            said += say(connection.send, of_role[self._number].get(type(event), []))
        self._in_body = type(event) is Data
        if connection.our_state is DONE and connection.their_state is DONE:
            connection.start_next_cycle()
            self._number = next(self._plan)
            said += self._begin()
        return said

    def fail(self) -> list[object]:
        """Say that the request was bad, if there is anybody to say it to."""
        connection = self._connection
        if connection.our_role is CLIENT or connection.our_state not in (IDLE, SEND_RESPONSE):
            return []
        said = say(connection.send, [final(400, CLOSE), END])
        if not all(isinstance(octets, bytes) for octets in said):
            raise BrokenPromiseError(f"an error could not be answered: {said}")
        return said

    def facts(self) -> tuple[object, ...]:
        """Return all that the connection tells, and what was said first."""
        connection = self._connection
        return (
            connection.states,
            connection.their_http_version,
            connection.client_is_waiting_for_100_continue,
            *self._said_first,
        )

    def _begin(self) -> list[object]:
        """Say what a client says before it hears anything."""
        if self._connection.our_role is SERVER:
            return []
        return say(self._connection.send, REQUESTS[self._number].get(None, []))


def server(settings: Settings) -> Subject:
    """Return the end of a server."""
    tolerate = settings.tolerance_for(ALLOWED_IN_REQUESTS)
    connection = Connection(SERVER, tolerate=tolerate, limits=settings.limits)
    return ConnectionSubject(connection, settings)


def client(settings: Settings) -> Subject:
    """Return the end of a client."""
    tolerate = settings.tolerance_for(~ONLY_IN_REQUESTS)
    connection = Connection(CLIENT, tolerate=tolerate, limits=settings.limits)
    return ConnectionSubject(connection, settings)
