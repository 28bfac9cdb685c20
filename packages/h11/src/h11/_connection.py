"""Both directions of one connection: bytes in, events out; events in, bytes out.

In: what the socket gave, and what the user wants to say. Out: what the peer said, and what the
socket shall take. It is the parser and the state machine put together (RFC 9112, all of it).
"""

from typing import overload

from h11._dispatch import DIALECTS, HEAD_READERS, Head
from h11._header_fixups import (
    frame_request,
    frame_response,
    in_our_version,
    with_keep_alive,
    without_framing,
)
from h11_events import (
    AnyEvent,
    ConnectionClosed,
    Data,
    EndOfMessage,
    ErrorCode,
    Event,
    InformationalResponse,
    LocalProtocolError,
    RemoteProtocolError,
    Request,
    Response,
    closes_connection,
)
from h11_parser import (
    DEFAULT_MAX_INCOMPLETE_EVENT_SIZE,
    NEED_DATA,
    PAUSED,
    BodyLength,
    BodyReader,
    BodyWriter,
    Limits,
    ReceiveBuffer,
    Tolerance,
    Unbounded,
    body_reader,
    body_writer,
    judge_request_framing,
    judge_response_framing,
    request_body_length,
    response_body_length,
    write_request_head,
    write_response_head,
)
from h11_statemachine import (
    CLIENT,
    DONE,
    ERROR,
    MIGHT_SWITCH_PROTOCOL,
    MUST_CLOSE,
    SEND_BODY,
    SERVER,
    SWITCHED_PROTOCOL,
    ConnectionState,
    Role,
    State,
)

# uvicorn imports the default from here (`protocols/http/h11_impl.py`).
__all__ = ["DEFAULT_MAX_INCOMPLETE_EVENT_SIZE", "Connection"]

_NO_BODY = body_reader(0)
_SWITCH_STATES = (MIGHT_SWITCH_PROTOCOL, SWITCHED_PROTOCOL)


class Connection:
    """One HTTP/1.1 connection, seen from one of its ends.

    Args:
        our_role: `CLIENT` or `SERVER`.
        max_incomplete_event_size: The most bytes to hold of a head or a trailer section that is not
            complete, in place of `limits`, of which all others have their defaults then. One that a
            single piece completes may be longer, by as much as was received at once; `limits` hold
            however the bytes were cut. What is longer is answered best with 431.
        tolerate: What to let through that the grammar does not have, in place of
            `Tolerance.REQUESTS` for a server, and of `Tolerance.RESPONSES` for a client.
        limits: How much to take from the peer.
        http10_keep_alive: Whether to keep connections open with a peer of HTTP/1.0 as well: one to
            which request and response both say `Connection: keep-alive`, and a response that has
            no body, or Content-Length. A server says it by itself where the client has asked; a
            client has to say it in its request, and not to a proxy. Nor is this for a proxy towards
            its clients (RFC 9112 section 9.3).

    Raises:
        ValueError: If `our_role` is no role, if something cannot be let through from the peer's
            role, or if a size is given twice.

    Attributes:
        our_role: The role of this end.
        their_role: The role of the peer.
        their_http_version: The version of HTTP that the peer claims to support, such as `b"1.1"`;
            None before its first head. It outlives `start_next_cycle`.
    """

    our_role: Role
    their_role: Role
    their_http_version: bytes | None = None

    _buffer_closed = False
    _body_reader: BodyReader = _NO_BODY
    _body_writer: BodyWriter = body_writer(0)

    def __init__(
        self,
        our_role: Role,
        max_incomplete_event_size: int | None = None,
        *,
        tolerate: Tolerance | None = None,
        limits: Limits | None = None,
        http10_keep_alive: bool = False,
    ) -> None:
        if our_role is not CLIENT and our_role is not SERVER:
            raise ValueError(f"expected CLIENT or SERVER, not {our_role!r}")
        self.our_role = our_role
        self.their_role = SERVER if our_role is CLIENT else CLIENT
        # To hand on a keyword would cost every connection as much again as its machine.
        self._machine = (
            ConnectionState(http10_keep_alive=True) if http10_keep_alive else ConnectionState()
        )
        self._buffer = ReceiveBuffer()
        self._dialect = DIALECTS[self.their_role](max_incomplete_event_size, tolerate, limits)
        self._head_readers = HEAD_READERS[self.their_role]

    @property
    def states(self) -> dict[Role, State]:
        """The states of both roles, as a dictionary of its own."""
        return dict(self._machine.joint.states)

    @property
    def our_state(self) -> State:
        """The state of our role."""
        return self._machine.joint.states[self.our_role]

    @property
    def their_state(self) -> State:
        """The state of the peer's role."""
        return self._machine.joint.states[self.their_role]

    @property
    def client_is_waiting_for_100_continue(self) -> bool:
        """Whether the client waits for leave to send its body (RFC 9110 section 10.1.1)."""
        return self._machine.client_is_waiting_for_100_continue

    @property
    def they_are_waiting_for_100_continue(self) -> bool:
        """Whether the peer is a client that waits for leave to send its body."""
        return self.their_role is CLIENT and self._machine.client_is_waiting_for_100_continue

    @property
    def _speaks_http_2(self) -> bool:
        """Whether the peer has begun with the preface of HTTP/2 (RFC 9113 section 3.4)."""
        return self.their_http_version is not None and self.their_http_version >= b"2"

    @property
    def is_idle(self) -> bool:
        """Whether both roles are `IDLE`, and nothing was received since.

        A client may send a request, also one out of its pool; a server may close without a word.
        """
        return self._machine.is_idle and not self._buffer and not self._buffer_closed

    @property
    def is_mid_exchange(self) -> bool:
        """Whether something is outstanding that makes a difference, of a request or its response.

        See `ConnectionState.is_mid_exchange`; for a server it begins with the first octet of a
        request. The peer's close counts from when `next_event` has told it.
        """
        machine = self._machine
        return machine.is_mid_exchange or (
            machine.is_idle and bool(self._buffer) and not self._is_spoiled()
        )

    @property
    def is_reusable(self) -> bool:
        """Whether both roles are `DONE`, and another request may follow: call `start_next_cycle`.

        It is false, unlike what that call looks at, if the peer has closed already, or a server has
        sent what nobody has asked for (RFC 9112 section 9.2).
        """
        return self._machine.is_reusable and not self._is_spoiled()

    @property
    def must_close(self) -> bool:
        """Whether all that is left is to close: by the states, or by what was received since."""
        machine = self._machine
        return machine.must_close or (
            (machine.is_idle or machine.is_reusable) and self._is_spoiled()
        )

    def _is_spoiled(self) -> bool:
        """Return whether what was received, and is no event yet, forbids another exchange."""
        if self._buffer:
            return self.our_role is CLIENT  # To a server it is the next request.
        return self._buffer_closed

    @property
    def trailing_data(self) -> tuple[bytes, bool]:
        """The bytes received and not used yet, and whether the peer's half is closed.

        After a switch of protocols they belong to the new one.
        """
        return bytes(self._buffer), self._buffer_closed

    def start_next_cycle(self) -> None:
        """Begin another request/response cycle on the same connection (RFC 9112 section 9.3).

        Raises:
            LocalProtocolError: If not both roles are `DONE`. The connection stays usable.
        """
        self._machine.start_next_cycle()

    def receive_data(self, data: bytes | bytearray | memoryview | None) -> None:
        """Take bytes from the peer; they become events by `next_event`.

        Args:
            data: The bytes, in a piece of any size; `b""` (or None) for the end of the stream.

        Raises:
            RuntimeError: If there is data after the end of the stream.
        """
        if not data:
            self._buffer_closed = True
        elif self._buffer_closed:
            raise RuntimeError("received close, then received more data?")
        else:
            self._buffer.append(data)

    def next_event(self) -> AnyEvent | type[NEED_DATA] | type[PAUSED]:
        """Return the next event that the peer's bytes make up, and move the state machine.

        Returns:
            An event; `NEED_DATA` if there will be none before more data is received; `PAUSED` if
            there will be none before something else has happened: the next cycle has begun, or a
            proposed switch of protocols was refused.

        Raises:
            RemoteProtocolError: If the peer breaks the protocol. From then on `their_state` is
                `ERROR`, and every further call raises again; sending still works.
        """
        machine = self._machine
        state = machine.joint.states[self.their_role]
        try:
            event: AnyEvent | None
            if state is SEND_BODY:
                event = self._body_reader.read(self._buffer)
                if event is None:
                    if not self._buffer_closed:
                        return NEED_DATA
                    event = self._body_reader.read_eof()
            else:
                read_head = self._head_readers.get(state)
                if read_head is not None:
                    head = read_head(self._buffer, self._dialect)
                    if head is not None:
                        return self._take_head(head)
                    if not self._buffer_closed:
                        return NEED_DATA
                instead = self._read_end(state)
                if instead is NEED_DATA or instead is PAUSED:
                    return instead
                event = instead
            machine.process_event(self.their_role, event)
        except LocalProtocolError as error:
            machine.process_error(self.their_role)
            raise RemoteProtocolError.from_local(error) from error
        except BaseException:
            machine.process_error(self.their_role)
            raise
        return event

    def _read_end(self, state: State) -> ConnectionClosed | type[NEED_DATA] | type[PAUSED]:
        """Return what follows where no message goes on, and no head is in the buffer."""
        if state is ERROR:
            raise RemoteProtocolError(
                "Can't receive data when peer state is ERROR", code=ErrorCode.AFTER_ERROR
            )
        if state in _SWITCH_STATES:
            return PAUSED
        if state is MUST_CLOSE and not self._speaks_http_2:
            # What comes after the last message means nothing (RFC 9112 section 9.6).
            self._buffer.clear()
        if (state is DONE or state is MUST_CLOSE) and self._buffer:
            return PAUSED
        if not self._buffer_closed:
            return NEED_DATA
        if self._buffer:
            raise LocalProtocolError(
                "peer closed connection in the middle of a message head",
                code=ErrorCode.CLOSED_EARLY,
                excerpt=bytes(self._buffer),
            )
        return ConnectionClosed()

    def _take_head(self, head: Head) -> Head:
        """Let the peer say the head of a message, and prepare for the body after it."""
        length: BodyLength = 0
        is_trusted = True
        if type(head) is Request:
            length = request_body_length(head)
            if length is Unbounded.CHUNKED:
                judge_request_framing(head)
        elif type(head) is Response:
            if head.headers.is_chunked:
                judged = judge_response_framing(head, self._dialect)
                is_trusted = judged is head
                head = judged
            length = response_body_length(self._machine.request_method, head)
        self._machine.process_event(self.their_role, head)
        if not is_trusted:
            self._machine.rule_out_keep_alive()
        self.their_http_version = head.http_version
        self._body_reader = body_reader(length, self._dialect) if length else _NO_BODY
        return head

    @overload
    def send(self, event: ConnectionClosed) -> None: ...

    @overload
    def send(self, event: Head | Data | EndOfMessage) -> bytes: ...

    @overload
    def send(self, event: Event) -> bytes | None: ...

    def send(self, event: Event) -> bytes | None:
        """Say something to the peer: move the state machine, and return what to put on the wire.

        Args:
            event: What to say. The headers of a response are made right where they do not fit the
                recipient or the connection: framing, and `Connection: close` or `keep-alive`.

        Returns:
            The bytes to send, possibly none; None for `ConnectionClosed`, on which the socket is to
            be closed.

        Raises:
            LocalProtocolError: If it is not our turn, or the event is not what we announced. From
                then on `our_state` is `ERROR`, and every further call raises again.
        """
        pieces = self.send_with_data_passthrough(event)
        if pieces is None:
            return None
        try:
            return b"".join(pieces)
        except BaseException:
            # It counts as sent, but nobody gets it: what follows would be read as its rest.
            self.send_failed()
            raise

    @overload
    def send_with_data_passthrough(self, event: ConnectionClosed) -> None: ...

    @overload
    def send_with_data_passthrough(self, event: Head | Data | EndOfMessage) -> list[bytes]: ...

    @overload
    def send_with_data_passthrough(self, event: Event) -> list[bytes] | None: ...

    def send_with_data_passthrough(self, event: Event) -> list[bytes] | None:
        """Do as `send` does, but return a list of pieces, without touching the data of a `Data`.

        Args:
            event: What to say. The data of a `Data` may be any object that has a length.

        Returns:
            What to send, in this order; the data of a `Data` is in it as the very object that it
            was made with, of which nothing but its length is asked.

        Raises:
            LocalProtocolError: As `send` does.
        """
        our_role = self.our_role
        machine = self._machine
        if machine.joint.states[our_role] is ERROR:
            raise LocalProtocolError(
                "Can't send data when our state is ERROR", code=ErrorCode.AFTER_ERROR
            )
        try:
            if type(event) is Data or type(event) is EndOfMessage:
                machine.process_event(our_role, event)
                return self._body_writer(event)
            if type(event) is Response:
                return [self._send_response(event)]
            if type(event) is Request:
                return [self._send_request(event)]
            if type(event) is InformationalResponse:
                return [self._send_informational_response(event)]
            machine.process_event(our_role, event)
        except BaseException:
            machine.process_error(our_role)
            raise
        return None

    def _send_request(self, request: Request) -> bytes:
        """Say the head of a request, and prepare for the body after it."""
        request = in_our_version(request)
        self._machine.process_event(self.our_role, request)
        length = request_body_length(request)
        self._body_writer = body_writer(length)
        return write_request_head(
            frame_request(request) if length is Unbounded.CHUNKED else request
        )

    def _send_response(self, response: Response) -> bytes:
        """Say the head of a final response, framed as the peer understands."""
        response = in_our_version(response)
        machine = self._machine
        # After an error of theirs, nothing more is read (RFC 9112 section 9.6).
        keep_alive = machine.joint.keep_alive and (
            machine.joint.states[self.their_role] is not ERROR
            or closes_connection(response.headers)
        )
        asked_in = machine.keep_alive_asked_in
        if asked_in is not None and asked_in < b"1.1":
            if closes_connection(response.headers):
                keep_alive = False
            response = with_keep_alive(response)
        response, length = frame_response(
            response, machine.request_method, self.their_http_version, keep_alive
        )
        machine.process_event(self.our_role, response)
        self._body_writer = body_writer(length)
        return write_response_head(response)

    def _send_informational_response(self, response: InformationalResponse) -> bytes:
        """Say an informational response, to a peer that knows that others may follow."""
        response = in_our_version(response)
        self._machine.process_event(self.our_role, response)
        if self.their_http_version is not None and self.their_http_version < b"1.1":
            # Such a client does not know that another response follows (RFC 9110 section 15.2).
            return b""
        return write_response_head(without_framing(response))

    def send_failed(self) -> None:
        """Tell that what `send` returned did not reach the peer: `our_state` becomes `ERROR`."""
        self._machine.process_error(self.our_role)
