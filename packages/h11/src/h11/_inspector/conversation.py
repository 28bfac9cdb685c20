"""A conversation as a passive observer sees it: what either side says, and what it does to states.

In: the readings of one direction, or of both. Out: what was seen, one after the other. The rules
are those of `h11_statemachine`. A side that is not read is assumed to say the least that lets the
other side go on.
"""

from collections.abc import Iterable, Iterator
from enum import Enum
from typing import Final, NamedTuple

from h11._inspector.blame import Violation, blamed, field_lines
from h11._inspector.decisions import Framing, Kind, framing_of
from h11._inspector.reading import Body, Read, RequestReading, ResponseReading
from h11_events import (
    ConnectionClosed,
    EndOfMessage,
    Event,
    InformationalResponse,
    LocalProtocolError,
    RemoteProtocolError,
    Request,
    Response,
)
from h11_statemachine import (
    CLIENT,
    CLOSED,
    ERROR,
    IDLE,
    MIGHT_SWITCH_PROTOCOL,
    MUST_CLOSE,
    SEND_BODY,
    SEND_RESPONSE,
    SERVER,
    SWITCHED_PROTOCOL,
    ConnectionState,
    Role,
    State,
)


class Rest(Enum):
    """Octets that are not read as HTTP/1.1, and why."""

    SWITCHED = "another protocol"
    """They come after a switch of protocols, or after the preface of HTTP/2."""

    PROPOSED = "another protocol if the server accepts"
    """They come after a request that proposes to switch, and no answer to it is known."""

    IGNORED = "ignored"
    """They come after the last message of the connection (RFC 9112 section 9.6)."""


What = (
    Request
    | InformationalResponse
    | Response
    | Body
    | EndOfMessage
    | ConnectionClosed
    | Rest
    | Violation
)
"""What can be seen."""


class Move(NamedTuple):
    """A role that has come to another state."""

    role: Role
    """Whose state it is."""

    before: State
    """The state before what was seen."""

    after: State
    """The state after it."""


class Seen(NamedTuple):
    """Something that was seen."""

    role: Role
    """Who said it."""

    start: int
    """The offset of its first octet in what that role has sent."""

    end: int
    """The offset of the octet after its last."""

    what: What
    """What it is."""

    moves: tuple[Move, ...] = ()
    """What it did to the states of those roles that are read."""

    framing: Framing | None = None
    """For a head: how its body is framed."""

    request_method: bytes | None = None
    """For a response: the method that it answers; None if there was no request."""

    body_size: int = 0
    """For the end of a message: how many octets of body it had."""

    @property
    def name(self) -> str:
        """What it is called: the name of its event, `Rest` or `Violation`."""
        return "Data" if isinstance(self.what, Body) else type(self.what).__name__


# Not 2xx, which would accept a CONNECT.
_ASSUMED_ANSWER: Final = Response(status_code=404, headers=[])
_ASSUMED_CONTINUE: Final = InformationalResponse(status_code=100, headers=[])
_END: Final = EndOfMessage()
_CONTENT_LENGTH: Final = frozenset({b"content-length"})


def _assumed_request(method: bytes) -> Request:
    """Return a request to which every answer is in place, also one that switches protocols."""
    return Request(method=method, target="/", headers=[("Host", ""), ("Upgrade", "any")])


class Conversation:
    """What was said on one connection.

    Args:
        client: What the client has sent; None if it is not there.
        server: What the server has sent; None if it is not there.
        methods: If the client is not read, the methods of its requests, in order; all that come
            after those are GET.
        refuses_switch: If the server is not read, whether it refuses to switch protocols.
    """

    def __init__(
        self,
        client: RequestReading | None,
        server: ResponseReading | None,
        *,
        methods: Iterable[bytes] = (),
        refuses_switch: bool = False,
    ) -> None:
        self._client = client
        self._server = server
        self._methods = iter(methods)
        self._refuses_switch = refuses_switch
        self._machine = ConnectionState()
        self._finished = {CLIENT: False, SERVER: False}
        self._body_sizes = {CLIENT: 0, SERVER: 0}
        self._speaks_http_2 = False

    def seen(self) -> Iterator[Seen]:
        """Yield what there is to see, up to the end of both directions.

        What the two directions say at the same time comes in the order of the cycles, that of the
        client first, for files do not tell the order.
        """
        while (role := self._next_role()) is not None:
            reading = self._client if role is CLIENT else self._server
            if reading is not None:
                yield from self._read(role, reading)
            elif role is CLIENT:
                self._assume_client()
            else:
                self._assume_server()

    def _next_role(self) -> Role | None:
        """Return who says something next; None if nobody does."""
        machine = self._machine
        client, server = machine.joint.client, machine.joint.server
        if machine.is_reusable:
            machine.start_next_cycle()
            client = server = IDLE
        if server is SEND_RESPONSE or server is SEND_BODY:
            waits = machine.client_is_waiting_for_100_continue
            first: Role = SERVER if waits or client is not SEND_BODY else CLIENT
        else:
            first = SERVER if client is IDLE and self._only_server_has_more() else CLIENT
        second: Role = SERVER if first is CLIENT else CLIENT
        return next((role for role in (first, second) if not self._finished[role]), None)

    def _only_server_has_more(self) -> bool:
        """Return whether the server says something that nobody has asked for."""
        return (
            self._client is not None
            and self._server is not None
            and not self._finished[SERVER]
            and self._client.at_end
            and not self._server.at_end
        )

    def _assume_client(self) -> None:
        """Let a client that is not read make a request, if there is anything to answer it."""
        server = self._server
        if self._machine.joint.client is not IDLE or server is None or server.at_end:
            self._finished[CLIENT] = True
            return
        method = next(self._methods, b"GET")
        server.expect(method)
        self._machine.process_event(CLIENT, _assumed_request(method))
        self._machine.process_event(CLIENT, _END)

    def _assume_server(self) -> None:
        """Let a server that is not read give an answer, if there is anything to be answered."""
        machine = self._machine
        client, server = machine.joint.client, machine.joint.server
        if machine.client_is_waiting_for_100_continue:
            machine.process_event(SERVER, _ASSUMED_CONTINUE)
        elif server is not SEND_RESPONSE or (
            client is MIGHT_SWITCH_PROTOCOL and not self._refuses_switch
        ):
            self._finished[SERVER] = True
        else:
            self._process(SERVER, _ASSUMED_ANSWER)
            machine.process_event(SERVER, _END)

    def _read(self, role: Role, reading: RequestReading | ResponseReading) -> Iterator[Seen]:
        """Yield what one side says next."""
        state = self._machine.joint.states[role]
        if state is SWITCHED_PROTOCOL or state is MIGHT_SWITCH_PROTOCOL:
            why = Rest.SWITCHED if state is SWITCHED_PROTOCOL else Rest.PROPOSED
            self._finished[role] = True
            yield from self._rest(role, reading.rest(), why)
        elif state is MUST_CLOSE:
            read = reading.rest()
            yield from self._rest(
                role, read, Rest.SWITCHED if self._speaks_http_2 else Rest.IGNORED
            )
            yield self._judge(role, read._replace(start=read.end))
        elif state is CLOSED or state is ERROR:
            self._finished[role] = True
        else:
            if isinstance(reading, ResponseReading) and state is IDLE:
                # Nobody has asked for it: it is read as an answer to GET.
                reading.expect(b"GET")
            yield self._judge(role, reading.next())

    def _rest(self, role: Role, read: Read, why: Rest) -> Iterator[Seen]:
        """Yield what is not read as HTTP/1.1, if there is any."""
        if read.start < read.end:
            yield Seen(role, read.start, read.end, why)

    def _judge(self, role: Role, read: Read) -> Seen:
        """Return what was read, with what it does to the states."""
        machine = self._machine
        before = machine.states
        method = machine.request_method if role is SERVER else None
        framing = None
        try:
            framing = self._take(role, read, method)
        except LocalProtocolError as error:
            machine.process_error(role)
            read = _out_of_turn(error, read)
        moves = tuple(
            Move(mover, before[mover], after)
            for mover, after in machine.states.items()
            if (self._client if mover is CLIENT else self._server) and before[mover] is not after
        )
        size = self._body_sizes[role]
        return Seen(role, read.start, read.end, read.what, moves, framing, method, size)

    def _take(self, role: Role, read: Read, method: bytes | None) -> Framing | None:
        """Let a role say what was read, and return for a head how its body is framed."""
        what = read.what
        if isinstance(what, Violation):
            self._machine.process_error(role)
        elif isinstance(what, Body):
            self._body_sizes[role] += what.size
        else:
            self._process(role, what)
        if not isinstance(what, Request | InformationalResponse | Response):
            return None
        self._body_sizes[role] = 0
        if isinstance(what, Request):
            self._speaks_http_2 = what.http_version >= b"2"
            if self._server is not None:
                self._server.expect(what.method)
        elif self._server is not None and self._server.is_last:
            self._machine.rule_out_keep_alive()
        framing = framing_of(what, method)
        if framing.kind is Kind.CHUNKED and field_lines(read.octets, _CONTENT_LENGTH):
            # The parser has left the field out.
            return framing._replace(reason=f"{framing.reason}, before Content-Length", rule=3)
        return framing

    def _process(self, role: Role, event: Event) -> None:
        """Let a role say something, and the client go on if its proposal to switch is refused."""
        machine = self._machine
        proposed = machine.switch_proposals
        machine.process_event(role, event)
        if role is SERVER and proposed and not machine.switch_proposals and self._client:
            self._client.resume()


def _out_of_turn(error: LocalProtocolError, read: Read) -> Read:
    """Return the violation that it is to say now what was read."""
    remote = RemoteProtocolError.from_local(error)
    marks = blamed(remote, read.octets, read.start)
    violation = Violation(remote, marks, read.octets, read.start)
    return Read(violation, marks[0].start, marks[0].end)
