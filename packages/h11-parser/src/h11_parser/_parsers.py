"""One direction of a stream, message after message, without any state machine.

In: the bytes that one side of a connection sent, cut anyhow. Out: its events, in order (RFC 9112
section 2.2). What only the other direction can tell (which method a response answers, whether a
switch of protocols was accepted) is told by the caller.
"""

from abc import ABC, abstractmethod
from collections import deque

from h11_events import (
    AnyEvent,
    ConnectionClosed,
    EndOfMessage,
    ErrorCode,
    InformationalResponse,
    LocalProtocolError,
    Octets,
    RemoteProtocolError,
    Request,
    Response,
    proposes_upgrade,
    to_octets,
)
from h11_parser._body_readers import BodyReader, body_reader
from h11_parser._buffer import ReceiveBuffer, bytes_of
from h11_parser._dialect import Dialect, request_dialect, response_dialect
from h11_parser._framing import (
    BodyLength,
    Unbounded,
    judge_request_framing,
    judge_response_framing,
    request_body_length,
    response_body_length,
)
from h11_parser._head_reader import read_request_head, read_response_head
from h11_parser._limits import Limits
from h11_parser._markers import NEED_DATA, PAUSED
from h11_parser._recording import RecordingBuffer
from h11_parser._tolerance import Tolerance


class _MessageParser(ABC):
    """What both directions have in common: a head, a body, and again."""

    def __init__(self, dialect: Dialect, *, keep_heads: bool, keep_chunk_extensions: bool) -> None:
        self._dialect = dialect
        self._recording = RecordingBuffer() if keep_heads else None
        self._buffer = ReceiveBuffer() if self._recording is None else self._recording
        self._keep_chunk_extensions = keep_chunk_extensions
        self._received = 0
        self._last_head: bytes | None = None
        self._body: BodyReader | None = None
        self._closed = False
        self._failed = False
        self._paused = False
        self._ends = False

    @property
    def trailing_data(self) -> tuple[bytes, bool]:
        """The bytes that were received and not parsed yet, and whether the stream has ended."""
        return bytes(self._buffer), self._closed

    @property
    def position(self) -> int:
        """How many bytes of the stream were used, from its first one on.

        After an event it is where that event ends, however the stream was cut. What comes after the
        last response (see `ResponseParser.is_last`) is used by being dropped.
        """
        return self._received - len(self._buffer)

    @property
    def last_head(self) -> bytes | None:
        """The octets of the last head that was returned, with its empty line, just as they came.

        None before the first one, and for a parser that was not told to `keep_heads`.
        """
        return self._last_head

    def receive_data(self, data: bytes | bytearray | memoryview) -> None:
        """Take bytes from the stream.

        Args:
            data: The bytes, in a piece of any size; empty for the end of the stream.

        Raises:
            RuntimeError: If there is data after the end of the stream.
        """
        if not data:
            self._closed = True
        elif self._closed:
            raise RuntimeError("received data after the end of the stream")
        else:
            if type(data) is not bytes:
                data = bytes_of(data)
            self._received += len(data)
            self._buffer.append(data)

    def next_event(self) -> AnyEvent | type[NEED_DATA] | type[PAUSED]:
        """Return the next event.

        Returns:
            An event; `ConnectionClosed` at the end of the stream; `NEED_DATA` if the next event is
            not complete yet; `PAUSED` where the stream may go on in another protocol.

        Raises:
            RemoteProtocolError: If the stream is malformed or ends too early; from then on always.
        """
        if self._failed:
            raise RemoteProtocolError(
                "Can't parse a stream any further after an error in it",
                code=ErrorCode.AFTER_ERROR,
            )
        try:
            return self._read()
        except LocalProtocolError as error:
            self._failed = True
            raise RemoteProtocolError.from_local(error) from error

    def _read(self) -> AnyEvent | type[NEED_DATA] | type[PAUSED]:
        """Return the next event, or say why there is none."""
        if self._body is not None:
            return self._read_body(self._body)
        if self._paused:
            return PAUSED
        if self._ends:
            self._buffer.clear()
        if self._buffer:
            head = self._read_head(self._buffer)
            if head is not None:
                if self._recording is not None:
                    self._last_head = self._recording.taken
                return head
            # What was there may have been nothing but empty lines before a request.
            if self._closed and self._buffer:
                raise LocalProtocolError(
                    "peer closed connection in the middle of a message head",
                    code=ErrorCode.CLOSED_EARLY,
                    excerpt=bytes(self._buffer),
                )
        return ConnectionClosed() if self._closed else NEED_DATA

    def _read_body(self, body: BodyReader) -> AnyEvent | type[NEED_DATA]:
        """Return the next event of a body."""
        event = body.read(self._buffer)
        if event is None:
            if not self._closed:
                return NEED_DATA
            event = body.read_eof()
        if type(event) is EndOfMessage:
            self._body = None
        return event

    def _begin_body(self, length: BodyLength) -> None:
        """Let a body of a length come next."""
        self._body = body_reader(
            length, self._dialect, keep_chunk_extensions=self._keep_chunk_extensions
        )

    @abstractmethod
    def _read_head(self, buffer: ReceiveBuffer) -> AnyEvent | None:
        """Return the next head, and see to what follows it; None if it is not complete yet."""


class RequestParser(_MessageParser):
    """Parses what a client sends.

    After a request that proposes another protocol (CONNECT or Upgrade, or the preface of HTTP/2) it
    pauses: what follows is in the other protocol if the server accepts. If the server does not,
    call `resume`.

    Args:
        max_incomplete_event_size: The most bytes to hold of a head or a trailer section that is not
            complete, in place of `limits`, of which all others have their defaults then; one that
            the next piece completes may be longer.
        tolerate: What to let through in place of `Tolerance.REQUESTS`.
        limits: How much to take.
        keep_heads: Whether to keep the octets of each head until the next one, as `last_head`.
        keep_chunk_extensions: Whether to tell the extensions of chunks, as `chunk_extension` of
            `Data` and `EndOfMessage`.

    Raises:
        ValueError: If something cannot be let through in requests, or a size is given twice.
    """

    def __init__(
        self,
        *,
        max_incomplete_event_size: int | None = None,
        tolerate: Tolerance | None = None,
        limits: Limits | None = None,
        keep_heads: bool = False,
        keep_chunk_extensions: bool = False,
    ) -> None:
        super().__init__(
            request_dialect(max_incomplete_event_size, tolerate, limits),
            keep_heads=keep_heads,
            keep_chunk_extensions=keep_chunk_extensions,
        )

    def resume(self) -> None:
        """Go on with HTTP: the server has not accepted to switch protocols."""
        self._paused = False

    def _read_head(self, buffer: ReceiveBuffer) -> Request | None:
        request = read_request_head(buffer, self._dialect)
        if request is not None:
            length = request_body_length(request)
            if length is Unbounded.CHUNKED:
                judge_request_framing(request)
            self._begin_body(length)
            # Upgrade means nothing in HTTP/1.0 (RFC 9110 section 7.8).
            upgrades = request.http_version >= b"1.1" and proposes_upgrade(request.headers)
            speaks_http_2 = request.http_version >= b"2"
            self._paused = upgrades or speaks_http_2 or request.method == b"CONNECT"
        return request


class ResponseParser(_MessageParser):
    """Parses what a server sends.

    After a response that switches protocols (101, or 2xx to CONNECT) it pauses for good: what
    follows is in the other protocol.

    Args:
        max_incomplete_event_size: The most bytes to hold of a head or a trailer section that is not
            complete, in place of `limits`, of which all others have their defaults then; one that
            the next piece completes may be longer.
        tolerate: What to let through in place of `Tolerance.RESPONSES`.
        limits: How much to take.
        keep_heads: Whether to keep the octets of each head until the next one, as `last_head`.
        keep_chunk_extensions: Whether to tell the extensions of chunks, as `chunk_extension` of
            `Data` and `EndOfMessage`.

    Raises:
        ValueError: If something cannot be let through in responses, or a size is given twice.
    """

    def __init__(
        self,
        *,
        max_incomplete_event_size: int | None = None,
        tolerate: Tolerance | None = None,
        limits: Limits | None = None,
        keep_heads: bool = False,
        keep_chunk_extensions: bool = False,
    ) -> None:
        super().__init__(
            response_dialect(max_incomplete_event_size, tolerate, limits),
            keep_heads=keep_heads,
            keep_chunk_extensions=keep_chunk_extensions,
        )
        self._methods: deque[bytes] = deque()

    @property
    def is_last(self) -> bool:
        """Whether the response that was returned last is the last one, because its end is doubtful.

        It is so if it had Transfer-Encoding beside Content-Length, or in HTTP/1.0, and this was
        tolerated: whatever comes after it is dropped (RFC 9112 section 6.3, rule 3).
        """
        return self._ends

    def expect(self, method: Octets) -> None:
        """Tell the method of a request whose response is still to come.

        It matters for HEAD and CONNECT (RFC 9112 section 6.3); a response that nobody announced is
        taken for one to GET. Several requests in advance are answered in their order.

        Args:
            method: The method of the request.
        """
        self._methods.append(to_octets(method))

    def _read_head(self, buffer: ReceiveBuffer) -> InformationalResponse | Response | None:
        response = read_response_head(buffer, self._dialect)
        if isinstance(response, Response):
            if response.headers.is_chunked:
                judged = judge_response_framing(response, self._dialect)
                # Where this one ends is too doubtful to look for another after it.
                self._ends = judged is not response or response.http_version < b"1.1"
                response = judged
            method = self._methods.popleft() if self._methods else b"GET"
            if method == b"CONNECT" and 200 <= response.status_code < 300:
                self._paused = True
            else:
                self._begin_body(response_body_length(method, response))
        elif response is not None:
            self._paused = response.status_code == 101
        return response
