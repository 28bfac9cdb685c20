"""Somebody else's connection: the octets of both directions in, one record of exchanges out.

In: what either side sent, in its order, cut anyhow; the directions in any order to each other, even
a response before its request. Out: the exchanges, who broke the rules and where, who closed, and
where HTTP ended; the same record however the octets came.

To be copied by whoever watches connections: a capture analyser, a tap, a test of a server. It is
`h11_parser` for each direction, one `ConnectionState` of `h11_statemachine` for both, and between
them the one question that neither can answer: who is to be heard next. The answers:

- A response is read when its request is known: to HEAD or CONNECT it ends elsewhere.
- A request is read when the one before it is answered: the machine holds one cycle at a time.
- What one side says alone (after the other has broken the rules, or has said that it will say no
  more) is read without the machine, for it judges conversations.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import NamedTuple

from h11_events import (
    ConnectionClosed,
    Data,
    EndOfMessage,
    ErrorCode,
    Event,
    Headers,
    InformationalResponse,
    LocalProtocolError,
    RemoteProtocolError,
    Request,
    Response,
    expects_100_continue,
)
from h11_parser import RequestParser, ResponseParser
from h11_statemachine import (
    CLIENT,
    CLOSED,
    DONE,
    ERROR,
    IDLE,
    MUST_CLOSE,
    SEND_BODY,
    SEND_RESPONSE,
    SERVER,
    SWITCHED_PROTOCOL,
    ConnectionState,
    Role,
    Switch,
)

SAID_ALL = frozenset({DONE, MUST_CLOSE, CLOSED, ERROR})
"""The states in which a side has nothing more to say in this cycle."""


class Keep(NamedTuple):
    """What to keep of each body besides its size."""

    digests: bool = True
    pieces: bool = False


SIZES_AND_DIGESTS = Keep()
"""What is kept if nobody says otherwise."""


class Content:
    """The octets of a body, or of what came after HTTP.

    Attributes:
        size: How many there were.
        pieces: The octets themselves, if they were asked for; where they are cut means nothing.
    """

    def __init__(self, keep: Keep) -> None:
        """Begin with nothing."""
        self.size = 0
        self.pieces: list[bytes] | None = [] if keep.pieces else None
        self._hash = hashlib.sha256() if keep.digests else None

    def add(self, octets: bytes) -> None:
        """Take more octets."""
        self.size += len(octets)
        if self._hash is not None:
            self._hash.update(octets)
        if self.pieces is not None and octets:
            self.pieces.append(octets)

    @property
    def sha256(self) -> str | None:
        """The digest of all octets so far, in hexadecimal, if digests were asked for."""
        return None if self._hash is None else self._hash.hexdigest()


@dataclass
class Message:
    """A request or a final response.

    Attributes:
        head: Its head.
        body: Its body.
        start: Where its head begins: how many octets came before it in its direction.
        body_start: Where its head ends.
        end: Where it ends as a whole; None if it broke off, or goes on.
        trailers: Its trailer section.
    """

    head: Request | Response
    body: Content
    start: int
    body_start: int
    end: int | None = None
    trailers: Headers = field(default_factory=lambda: Headers([]))


@dataclass
class Exchange:
    """A request and what it was answered.

    Attributes:
        request: The request; None if it was not understood, or there was none, as before 408.
        informational: The informational responses, 101 among them.
        response: The final response; None if there was none.
        switch: How HTTP ended with it, if it did.
    """

    request: Message | None = None
    informational: list[InformationalResponse] = field(default_factory=list)
    response: Message | None = None
    switch: Switch | None = None

    @property
    def is_refused_before_its_body(self) -> bool:
        """Whether the client asked for leave to send its body, got an answer, and sent none."""
        request = self.request
        return (
            request is not None
            and self.response is not None
            and not self.informational
            and not request.body.size
            and expects_100_continue(request.head.headers)
        )


class Violation(NamedTuple):
    """How a side broke the rules; from there on it is not understood, and not read.

    Attributes:
        error: What, with its `code`, `excerpt` and the other attributes.
        offset: Where the first thing begins that was not understood: a head, a chunk, or the end.
        exchange: What it was part of, if its head was understood.
    """

    error: RemoteProtocolError
    offset: int
    exchange: Exchange | None


class Side:
    """One direction: its parser, and how far it has come."""

    def __init__(self, role: Role, parser: RequestParser | ResponseParser) -> None:
        """Begin before the first octet."""
        self.role = role
        self.parser = parser
        self.position = 0
        """How many octets make up all that was understood so far."""
        self.received = 0
        """How many there are."""
        self.has_ended = False
        """Whether all octets are here."""
        self.has_closed = False
        """Whether all octets were understood."""
        self.is_alone = False
        """Whether the other side is out of the conversation, so that nobody judges this one."""
        self.message: Message | None = None
        self.violation: Violation | None = None
        self.after_http: Content | None = None

    def receive(self, octets: bytes) -> None:
        """Take octets, which are kept until they are asked for; none are the end of the stream."""
        if octets and self.has_ended:
            raise RuntimeError("octets after the end of the stream")
        self.received += len(octets)
        self.has_ended = self.has_ended or not octets
        if self.after_http is not None:
            self.after_http.add(octets)
        elif self.violation is None:
            self.parser.receive_data(octets)

    def next_event(self) -> Event | None:
        """Return the next event, if what came makes one up."""
        event = self.parser.next_event()
        return event if isinstance(event, Event) else None

    def leave_http(self, keep: Keep) -> None:
        """Take all that comes from now on for something else than HTTP."""
        if self.after_http is None:
            self.after_http = Content(keep)
            self.after_http.add(self.parser.trailing_data[0])


class Observer:
    """Both directions of a connection, and the exchanges on it.

    Attributes:
        exchanges: The exchanges so far, in order. It may be emptied now and then; what is under way
            goes on.
    """

    def __init__(
        self,
        keep: Keep = SIZES_AND_DIGESTS,
        *,
        requests: RequestParser | None = None,
        responses: ResponseParser | None = None,
        machine: ConnectionState | None = None,
    ) -> None:
        """Begin with a connection on which nothing was said; the parts may bring their settings."""
        self.exchanges: list[Exchange] = []
        self._keep = keep
        self._requests = RequestParser() if requests is None else requests
        self._responses = ResponseParser() if responses is None else responses
        self._client = Side(CLIENT, self._requests)
        self._server = Side(SERVER, self._responses)
        self._sides = {CLIENT: self._client, SERVER: self._server}
        self._machine = ConnectionState() if machine is None else machine
        self._exchange: Exchange | None = None
        self._client_ends_it = False
        self._is_last = False
        self._is_finished = False

    def feed(self, role: Role, octets: bytes) -> None:
        """Take what a side sent, in a piece of any size; `b""` if it has closed its half."""
        self._sides[role].receive(octets)
        self._listen()

    def finish(self) -> None:
        """Say that there will be nothing more of either side, though none of them has closed."""
        self._is_finished = True
        self._listen()

    def closed(self, role: Role) -> bool:
        """Return whether a side has closed its half."""
        return self._sides[role].has_ended

    def violation(self, role: Role) -> Violation | None:
        """Return how a side broke the rules, if it did."""
        violation = self._sides[role].violation
        if (
            violation is not None
            and violation.exchange is not None
            and violation.error.code is ErrorCode.BODY_TOO_SHORT
            and violation.exchange.is_refused_before_its_body
            and role is CLIENT
        ):
            # It need not send the body then, if it closes instead (RFC 9110 section 10.1.1).
            return None
        return violation

    def understood(self, role: Role) -> int:
        """Return how many octets of a side were understood as HTTP, from the first one on."""
        return self._sides[role].position

    def not_read(self, role: Role) -> int:
        """Return how many octets of a side were not read, as nobody can tell what they are.

        They come behind a response whose end is in doubt (RFC 9112 section 6.3, rule 3).
        """
        side = self._sides[role]
        is_in_doubt = side is self._server and self._responses.is_last and side.message is None
        return side.received - side.position if is_in_doubt else 0

    def after_http(self, role: Role) -> Content | None:
        """Return what a side sent after HTTP had ended; None if it has not."""
        return self._sides[role].after_http

    def _listen(self) -> None:
        """Hear all that can be heard."""
        while self._hear(self._client) or self._hear(self._server):
            pass

    def _hear(self, side: Side) -> bool:
        """Hear the next event of a side if it is to be heard; return whether it was."""
        if self._machine.states[side.role] is SWITCHED_PROTOCOL:
            side.leave_http(self._keep)
            return False
        if side.has_closed or side.violation or not self._is_to_be_heard(side):
            return False
        try:
            event = side.next_event()
            if event is None:
                return False
            # A client that has closed may still be answered; to the machine it is silent.
            if not (side.is_alone or (side is self._client and type(event) is ConnectionClosed)):
                self._machine.process_event(side.role, event)
        except RemoteProtocolError as error:
            self._blame(side, error)
        except LocalProtocolError as error:
            self._blame(side, RemoteProtocolError.from_local(error))
        else:
            self._note(side, event)
        self._go_on()
        return True

    def _blame(self, side: Side, error: RemoteProtocolError) -> None:
        """Write down that a side has broken the rules; it is not heard again."""
        exchange = self._exchange if side.message is not None else None
        side.violation = Violation(error, side.position, exchange)
        self._machine.process_error(side.role)

    def _is_to_be_heard(self, side: Side) -> bool:
        """Return whether what a side says next belongs behind all that was heard before."""
        client, server = self._machine.states[CLIENT], self._machine.states[SERVER]
        if side.is_alone:
            return True
        if side is self._client:
            return client in {IDLE, SEND_BODY} or self._is_over()
        if server is IDLE:
            # What it says unasked, such as 408, might be the answer to what is still to come.
            return self._client.has_closed or self._is_finished
        return server in {SEND_RESPONSE, SEND_BODY} or self._is_over()

    def _is_over(self) -> bool:
        """Return whether both sides have said all in this cycle."""
        client, server = self._machine.states[CLIENT], self._machine.states[SERVER]
        return server in SAID_ALL and (client in SAID_ALL or self._client.has_closed)

    def _go_on(self) -> None:
        """Begin another cycle if this one is over; or see who may go on without one."""
        client, server = self._machine.states[CLIENT], self._machine.states[SERVER]
        if client is DONE and server is DONE:
            self._machine.start_next_cycle()
            self._exchange = None
            self._requests.resume()
        elif not self._is_last and (self._is_over() or (client is ERROR and server is IDLE)):
            self._is_last = True
            # It cannot have known that the server would not answer.
            self._client.is_alone = not self._client_ends_it
            # It may have understood what we have not.
            self._server.is_alone = client is ERROR
            if server is not ERROR:
                self._requests.resume()

    def _note(self, side: Side, event: Event) -> None:
        """Write down what a side has said."""
        start, side.position = side.position, side.parser.position
        if isinstance(event, Request):
            side.message = self._message(event, start, side.position)
            self._exchange = Exchange(side.message)
            self.exchanges.append(self._exchange)
            if not side.is_alone:
                self._responses.expect(event.method)
                self._client_ends_it = not self._machine.keep_alive
        elif isinstance(event, InformationalResponse | Response):
            self._note_answer(side, event, start)
        elif isinstance(event, ConnectionClosed):
            side.has_closed = True
            if side is self._server and self._responses.is_last:
                # The parser has dropped what came after the last response.
                side.position = start
        elif side.message is not None:
            if isinstance(event, Data):
                side.message.body.add(event.data)
            elif isinstance(event, EndOfMessage):
                side.message.trailers = event.headers
                side.message.end = side.position
                side.message = None

    def _note_answer(self, side: Side, event: InformationalResponse | Response, start: int) -> None:
        """Write down a response, final or not."""
        exchange = self._exchange_to_answer()
        if isinstance(event, Response):
            side.message = exchange.response = self._message(event, start, side.position)
            if self._responses.is_last:
                self._machine.rule_out_keep_alive()
        else:
            exchange.informational.append(event)
        if self._machine.states[SERVER] is SWITCHED_PROTOCOL:
            self._note_switch(exchange, side.position)

    def _message(self, head: Request | Response, start: int, end: int) -> Message:
        """Return a message of which there is the head."""
        return Message(head, Content(self._keep), start, end)

    def _exchange_to_answer(self) -> Exchange:
        """Return the exchange that a response belongs to; a new one if nobody asked for it."""
        if self._exchange is None or self._exchange.response is not None:
            self._exchange = Exchange()
            self.exchanges.append(self._exchange)
        return self._exchange

    def _note_switch(self, exchange: Exchange, position: int) -> None:
        """Write down that HTTP has ended with an exchange."""
        if exchange.response is None:
            exchange.switch = Switch.UPGRADE
        else:
            exchange.switch = Switch.CONNECT
            exchange.response.end = position
