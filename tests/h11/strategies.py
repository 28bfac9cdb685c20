"""Whole conversations as hypothesis strategies: legal ones, of any number of cycles.

In: nothing. Out: who says what, in an order in which it may be said.
"""

from enum import Enum, auto
from typing import Final, NamedTuple

from hypothesis import strategies as st

from h11 import CLIENT, SERVER, Data, EndOfMessage, Event, Request, Response
from h11_events import FieldLine
from h11_statemachine import Role
from tests import strategies as shared

Run = tuple[Role, list[Event]]
"""What one role says in one go."""

CLOSE: Final = (b"Connection", b"close")
KEEP_ALIVE: Final = (b"connection", b"Keep-Alive, x")
EXPECT: Final = (b"Expect", b"100-continue")
UPGRADE: Final = (b"Upgrade", b"websocket")

CLOSERS: Final = [(True, False), (False, True), (True, True)]
"""Whether the client says close, and whether the server does, where somebody does."""


class Framing(Enum):
    """How a message announces its body."""

    NOTHING = auto()
    LENGTH = auto()
    CHUNKED = auto()
    BOTH = auto()

    def lines(self, body: list[bytes]) -> list[FieldLine]:
        """Return the field lines that announce a body."""
        lines: list[FieldLine] = []
        if self in (Framing.LENGTH, Framing.BOTH):
            lines.append((b"content-LENGTH", b"%d" % sum(map(len, body))))
        if self.is_chunked:
            lines.append((b"Transfer-Encoding", b"Chunked"))
        return lines

    @property
    def is_chunked(self) -> bool:
        """Whether the body is sent in chunks, which counts if both fields are there."""
        return self in (Framing.CHUNKED, Framing.BOTH)


class Cycle(NamedTuple):
    """One request and its response."""

    runs: list[Run]
    """Who says what, in this order."""

    is_last: bool
    """Whether one of them has said that no other cycle shall follow."""


class Proposal(NamedTuple):
    """A request to leave HTTP, and an answer that accepts."""

    request: Request
    acceptance: Event


def messages(head: Event, body: list[bytes], trailers: list[FieldLine]) -> list[Event]:
    """Return the events of a message."""
    return [head, *(Data(data=piece) for piece in body), EndOfMessage(headers=trailers)]


@st.composite
def asked(draw: st.DrawFn, *, closes: bool) -> list[Event]:
    """Draw a whole request, which says close or not."""
    framing = draw(st.sampled_from(Framing))
    body = [] if framing is Framing.NOTHING else draw(shared.bodies())
    steering = [*framing.lines(body), *([CLOSE] if closes else draw(options()))]
    if draw(st.booleans()) and body:
        steering.append(EXPECT)
    head = draw(shared.requests(framing=st.just(steering)))
    return messages(head, body, draw(shared.trailers()) if framing.is_chunked else [])


@st.composite
def answered(draw: st.DrawFn, method: bytes, *, closes: bool) -> list[Event]:
    """Draw a whole response to a method, with any informational ones before it."""
    framing = draw(st.sampled_from(Framing))
    body = draw(shared.bodies())
    steering = [*framing.lines(body), *([CLOSE] if closes else draw(options()))]
    head = draw(shared.responses(framing=st.just(steering)))
    has_body = method != b"HEAD" and head.status_code not in (204, 304)
    may_have_trailers = has_body and framing is not Framing.LENGTH
    trailers = draw(shared.trailers()) if may_have_trailers else []
    interim = draw(st.lists(shared.informational_responses(), max_size=2))
    return [*interim, *messages(head, body if has_body else [], trailers)]


def options() -> st.SearchStrategy[list[FieldLine]]:
    """Return a strategy of a Connection field that does not close, or none."""
    return st.sampled_from([[], [KEEP_ALIVE]])


@st.composite
def cycles(draw: st.DrawFn) -> Cycle:
    """Draw a cycle; the server may speak as soon as it has the head of the request."""
    client_closes, server_closes = draw(st.sampled_from([(False, False)] * 4 + CLOSERS))
    from_client = draw(asked(closes=client_closes))
    head = from_client[0]
    assert isinstance(head, Request)
    from_server = draw(answered(head.method, closes=server_closes))
    runs: list[Run] = [(CLIENT, [from_client.pop(0)])]
    while from_client or from_server:
        if from_client and (not from_server or draw(st.booleans())):
            turn: Run = (CLIENT, [from_client.pop(0)])
        else:
            turn = (SERVER, [from_server.pop(0)])
        if runs[-1][0] is turn[0] and draw(st.booleans()):
            runs[-1][1].extend(turn[1])
        else:
            runs.append(turn)
    return Cycle(runs, client_closes or server_closes)


@st.composite
def conversations(draw: st.DrawFn) -> list[Cycle]:
    """Draw cycles, of which only the last may be one that says so."""
    drawn = draw(st.lists(cycles(), min_size=1, max_size=4))
    last = [number for number, cycle in enumerate(drawn, start=1) if cycle.is_last]
    return drawn[: last[0]] if last else drawn


@st.composite
def proposals(draw: st.DrawFn) -> Proposal:
    """Draw a request that proposes to switch protocols, and an answer that accepts it."""
    connects, upgrades = draw(st.sampled_from([(True, False), (False, True), (True, True)]))
    lines = [UPGRADE] if upgrades else []
    methods = st.just(b"CONNECT") if connects else None
    request = draw(shared.requests(method=methods, framing=st.just(lines)))
    if connects and (not upgrades or draw(st.booleans())):
        acceptance: Event = draw(accepting_responses())
    else:
        acceptance = draw(shared.informational_responses(status_code=st.just(101)))
    return Proposal(request, acceptance)


def accepting_responses() -> st.SearchStrategy[Response]:
    """Return a strategy of responses that accept CONNECT, with or without framing fields."""
    return shared.responses(status_code=st.integers(200, 299))
