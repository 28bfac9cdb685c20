"""Both directions of one connection: bytes in, events out; events in, bytes out.

In: what the socket gave, and what the user wants to say. Out: what the peer said, and what the
socket shall take. It is the parser and the state machine put together (RFC 9112, all of it).
"""

from h11._dispatch import HEAD_READERS, Head
from h11._header_fixups import frame_response, put_host_first
from h11_events import (
    ConnectionClosed,
    Data,
    EndOfMessage,
    Event,
    InformationalResponse,
    LocalProtocolError,
    RemoteProtocolError,
    Request,
    Response,
    excerpt,
    has_late_host,
)
from h11_parser import (
    DEFAULT_MAX_INCOMPLETE_EVENT_SIZE,
    NEED_DATA,
    PAUSED,
    BodyLength,
    BodyReader,
    BodyWriter,
    ReceiveBuffer,
    body_reader,
    body_writer,
    request_body_length,
    response_body_length,
    write_request_head,
    write_response_head,
)
from h11_statemachine import (
    CLIENT,
    CLOSED,
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

_HEADS = (Request, InformationalResponse, Response)
_SWITCH_STATES = (MIGHT_SWITCH_PROTOCOL, SWITCHED_PROTOCOL)
_END_STATES = (MUST_CLOSE, CLOSED)


class Connection:
    """One HTTP/1.1 connection, seen from one of its ends.

    Args:
        our_role: `CLIENT` or `SERVER`.
        max_incomplete_event_size: The most bytes that a head, a trailer section or a chunk header
            from the peer may have, however they arrive. What is longer is answered best with 431.

    Raises:
        ValueError: If `our_role` is no role.

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
    _body_reader: BodyReader = body_reader(0)
    _body_writer: BodyWriter = body_writer(0)

    def __init__(
        self,
        our_role: Role,
        max_incomplete_event_size: int = DEFAULT_MAX_INCOMPLETE_EVENT_SIZE,
    ) -> None:
        if our_role is not CLIENT and our_role is not SERVER:
            raise ValueError(f"expected CLIENT or SERVER, not {our_role!r}")
        self.our_role = our_role
        self.their_role = SERVER if our_role is CLIENT else CLIENT
        self._machine = ConnectionState()
        self._buffer = ReceiveBuffer(max_incomplete_event_size)
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

    def next_event(self) -> Event | type[NEED_DATA] | type[PAUSED]:
        """Return the next event that the peer's bytes make up, and move the state machine.

        Returns:
            An event; `NEED_DATA` if there will be none before more data is received; `PAUSED` if
            there will be none before something else has happened: the next cycle has begun, or a
            proposed switch of protocols was refused.

        Raises:
            RemoteProtocolError: If the peer breaks the protocol. From then on `their_state` is
                `ERROR`, and every further call raises again; sending still works.
        """
        their_role = self.their_role
        machine = self._machine
        state = machine.joint.states[their_role]
        if state is ERROR:
            raise RemoteProtocolError("Can't receive data when peer state is ERROR")
        try:
            event: Event | None
            if state is SEND_BODY:
                event = self._body_reader.read(self._buffer)
            elif state in self._head_readers:
                event = self._head_readers[state](self._buffer)
            else:
                event = None
            if event is None:
                instead = self._read_end(state)
                if instead is NEED_DATA or instead is PAUSED:
                    return instead
                event = instead
            machine.process_event(their_role, event)
            if state is not SEND_BODY:
                self._prepare_to_read_body(event)
        except LocalProtocolError as error:
            machine.process_error(their_role)
            raise RemoteProtocolError.from_local(error) from error
        except BaseException:
            machine.process_error(their_role)
            raise
        return event

    def _read_end(self, state: State) -> Event | type[NEED_DATA] | type[PAUSED]:
        """Return what follows when the buffer has no complete event in it."""
        if not self._buffer_closed and (state is SEND_BODY or state in self._head_readers):
            return NEED_DATA
        if state in _SWITCH_STATES:
            return PAUSED
        if not self._buffer:
            if not self._buffer_closed:
                return NEED_DATA
            return self._body_reader.read_eof() if state is SEND_BODY else ConnectionClosed()
        if state is DONE:
            return PAUSED
        if state in _END_STATES:
            octets = excerpt(bytes(self._buffer))
            raise LocalProtocolError(f"Got data when expecting EOF: {octets}")
        raise LocalProtocolError("peer unexpectedly closed connection")

    def _prepare_to_read_body(self, event: Event) -> None:
        """Take note of what the head of a message says about its sender and its body."""
        if type(event) is Request:
            self.their_http_version = event.http_version
            self._body_reader = body_reader(request_body_length(event))
        elif type(event) is Response:
            self.their_http_version = event.http_version
            method = self._machine.request_method
            self._body_reader = body_reader(response_body_length(method, event))
        elif type(event) is InformationalResponse:
            self.their_http_version = event.http_version

    def send(self, event: Event) -> bytes | None:
        """Say something to the peer: move the state machine, and return what to put on the wire.

        Args:
            event: What to say. The headers of a response are made right where they do not fit the
                recipient or the connection: framing, and `Connection: close`.

        Returns:
            The bytes to send, possibly none; None for `ConnectionClosed`, on which the socket is to
            be closed.

        Raises:
            LocalProtocolError: If it is not our turn, or the event is not what we announced. From
                then on `our_state` is `ERROR`, and every further call raises again.
        """
        pieces = self.send_with_data_passthrough(event)
        return None if pieces is None else b"".join(pieces)

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
            raise LocalProtocolError("Can't send data when our state is ERROR")
        try:
            if type(event) is Data or type(event) is EndOfMessage:
                machine.process_event(our_role, event)
                if type(event) is EndOfMessage and has_late_host(event.headers):
                    event = put_host_first(event)
                return self._body_writer(event)
            length: BodyLength = 0
            if type(event) is Response:
                event, length = frame_response(
                    event, machine.request_method, self.their_http_version, machine.joint.keep_alive
                )
            machine.process_event(our_role, event)
            if isinstance(event, _HEADS):
                return [self._write_head(event, length)]
        except BaseException:
            machine.process_error(our_role)
            raise
        return None

    def _write_head(self, head: Head, length: BodyLength) -> bytes:
        """Return the bytes of a head, and prepare for the body after it."""
        if head.http_version != b"1.1":
            raise LocalProtocolError(
                f"I only send HTTP/1.1, not {head.http_version.decode('ascii')}"
            )
        if has_late_host(head.headers):
            head = put_host_first(head)
        if type(head) is Request:
            self._body_writer = body_writer(request_body_length(head))
            return write_request_head(head)
        if type(head) is Response:
            self._body_writer = body_writer(length)
        return write_response_head(head)

    def send_failed(self) -> None:
        """Tell that what `send` returned did not reach the peer: `our_state` becomes `ERROR`."""
        self._machine.process_error(self.our_role)
