"""One direction of a connection, with the place of each event and of each wrong octet.

In: the bytes of one direction. Out: its events, each with the offsets of its first octet and of the
one after its last; or the violation at which it cannot be understood any further.

The parser of `h11_parser` says where each event ends. Which octet was the wrong one tells a second
parser, which gets only what the first has made into events, and after that one octet after the
other: the outcome does not depend on how a stream is cut.
"""

from typing import Final, NamedTuple

from h11._inspector.blame import Mark, Violation, blamed
from h11._inspector.source import Source
from h11_events import (
    ConnectionClosed,
    Data,
    EndOfMessage,
    InformationalResponse,
    RemoteProtocolError,
    Request,
    Response,
)
from h11_parser import NEED_DATA, PAUSED, Limits, RequestParser, ResponseParser, Tolerance

SHOWN: Final = 64
"""How many octets of a body are kept to be shown."""


class Body(NamedTuple):
    """A body, or one chunk of it."""

    size: int
    """How many octets it has."""

    beginning: bytes
    """The first of them."""

    chunk_extension: bytes
    """What the header of the chunk has behind its size."""


class Read(NamedTuple):
    """Something that was read, and where."""

    what: (
        Request
        | InformationalResponse
        | Response
        | Body
        | EndOfMessage
        | ConnectionClosed
        | Violation
    )
    """What it was; the pieces of a body, or of a chunk, are put together."""

    start: int
    """The offset of its first octet."""

    end: int
    """The offset of the octet after its last."""

    octets: bytes = b""
    """Its octets, unless it is a body."""


class _Piece(NamedTuple):
    """A piece of a body, which ends where what has come so far ends."""

    data: Data
    start: int
    end: int


class Reading:
    """What both directions have in common.

    Args:
        source: The bytes.
        parser: What reads them.
        follower: Another parser of the same kind.
    """

    def __init__(
        self,
        source: Source,
        parser: RequestParser | ResponseParser,
        follower: RequestParser | ResponseParser,
    ) -> None:
        self._source = source
        self._parser = parser
        self._follower = follower
        # What the first parser has got, and the second has not, from the offset `_base` on.
        self._window = bytearray()
        self._base = 0
        self._position = 0
        self._received = 0
        self._ended = False
        self._held: Read | None = None

    @property
    def at_end(self) -> bool:
        """Whether there is nothing more to be read."""
        if self._position == self._received and not self._ended:
            self._receive()
        return self._position == self._received

    def next(self) -> Read:
        """Return what comes next; not to be called where no HTTP can follow."""
        held, self._held = self._held, None
        read = held or self._next()
        if isinstance(read, Read):
            return read
        start, piece, extension = read.start, read, read.data.chunk_extension
        beginning = piece.data.data[:SHOWN]
        while not piece.data.chunk_end:
            following = self._next()
            if isinstance(following, Read):
                self._held = following
                break
            piece = following
            beginning += piece.data.data[: SHOWN - len(beginning)]
        return Read(Body(piece.end - start, beginning, extension), start, piece.end)

    def rest(self) -> Read:
        """Return where all is that was not read yet, without a look at it."""
        start = self._position
        while not self._ended:
            piece = self._source.read()
            self._received += len(piece)
            self._ended = not piece
        self._position = self._received
        return Read(ConnectionClosed(), start, self._received)

    def _next(self) -> Read | _Piece:
        """Return the next event of the parser, or a violation."""
        start = self._position
        try:
            while (event := self._parser.next_event()) is NEED_DATA:
                self._receive()
        except RemoteProtocolError as error:
            return self._locate(error)
        assert event is not PAUSED, "nobody asks where no HTTP can follow"
        self._position = end = self._parser.position
        if isinstance(event, Data):
            return _Piece(event, end - len(event.data), end)
        octets = bytes(self._window[start - self._base : end - self._base])
        if isinstance(event, Request):
            # Empty lines may come before it (RFC 9112 section 2.2).
            octets = octets.lstrip(b"\r\n")
        return Read(event, end - len(octets), end, octets)

    def _receive(self) -> None:
        """Give the parser another piece, or the end."""
        self._catch_up()
        piece = self._source.read()
        self._parser.receive_data(piece)
        self._window += piece
        self._received += len(piece)
        self._ended = not piece

    def _catch_up(self) -> None:
        """Give the follower what the parser has made into events."""
        count = self._position - self._base
        if count:
            self._feed_follower(self._window[:count])
            del self._window[:count]
            self._base = self._position

    def _feed_follower(self, octets: bytearray) -> None:
        """Give the follower octets, and take all events from it."""
        self._follower.receive_data(octets)
        while (event := self._follower.next_event()) is not NEED_DATA and event is not PAUSED:
            pass

    def _locate(self, error: RemoteProtocolError) -> Read:
        """Return a violation with its place."""
        self._catch_up()
        context = bytes(self._window)
        marks: tuple[Mark, ...] = (Mark(self._received, self._received),)
        if not self._ended:
            count = self._octets_to_error()
            marks = (Mark(self._base + count - 1, self._base + count),)
            if not self._follower.trailing_data[0]:
                # It has taken a whole section before it refused what that says.
                marks = blamed(error, context[:count], self._base)
        violation = Violation(error, marks, context, self._base)
        return Read(violation, marks[0].start, marks[-1].end)

    def _octets_to_error(self) -> int:
        """Return how many octets of the window there are up to the first one that is refused."""
        count = 0
        try:
            while True:
                self._feed_follower(self._window[count : count + 1])
                count += 1
        except RemoteProtocolError:
            return count + 1


class RequestReading(Reading):
    """Reads what a client has sent.

    Args:
        source: The bytes.
        tolerate: What to let through; None for the usual set.
        limits: How much to take.
    """

    def __init__(self, source: Source, tolerate: Tolerance | None, limits: Limits) -> None:
        self._parsers = [
            RequestParser(tolerate=tolerate, limits=limits, keep_chunk_extensions=True)
            for _ in range(2)
        ]
        super().__init__(source, *self._parsers)

    def resume(self) -> None:
        """Go on with HTTP: the server has not accepted to switch protocols."""
        self._catch_up()
        for parser in self._parsers:
            parser.resume()


class ResponseReading(Reading):
    """Reads what a server has sent.

    Args:
        source: The bytes.
        tolerate: What to let through; None for the usual set.
        limits: How much to take.
    """

    def __init__(self, source: Source, tolerate: Tolerance | None, limits: Limits) -> None:
        self._parsers = [
            ResponseParser(tolerate=tolerate, limits=limits, keep_chunk_extensions=True)
            for _ in range(2)
        ]
        super().__init__(source, *self._parsers)

    @property
    def is_last(self) -> bool:
        """Whether no other response can be read after the one that came last."""
        return self._parsers[0].is_last

    def expect(self, method: bytes) -> None:
        """Tell the method of the request that is answered next.

        Args:
            method: The method.
        """
        for parser in self._parsers:
            parser.expect(method)
