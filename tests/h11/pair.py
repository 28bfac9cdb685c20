"""A client and a server wired together, each of whose words is checked at both ends.

In: what each of them says. Out: nothing, or a failed assertion: what one has said, the other must
hear as equal events, however the bytes are cut, and both must see both sides in the same states.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import cycle

from h11 import (
    CLIENT,
    SEND_BODY,
    SERVER,
    Connection,
    ConnectionClosed,
    Event,
    InformationalResponse,
    Request,
    Response,
)
from h11_events import FieldLine
from h11_statemachine import Role, State
from tests.h11.conversations import Line, joined, pending
from tests.h11.model_of_heads import (
    Asked,
    host_first,
    lines_as_sent,
    without,
    without_framing,
)


class ConnectionPair:
    """Both ends of one connection.

    Attributes:
        client: The end of the client.
        server: The end of the server.
    """

    def __init__(self, sizes: Sequence[int] = (1 << 16,)) -> None:
        """Make two new ends.

        Args:
            sizes: How long the pieces are in which bytes arrive, again and again.
        """
        self.client = Connection(our_role=CLIENT)
        self.server = Connection(our_role=SERVER)
        self._sizes = cycle(sizes)
        self._asked = Asked(None, None)
        self._said: dict[Role, list[Event]] = defaultdict(list)
        self._heard: dict[Role, list[Event]] = defaultdict(list)

    def end(self, role: Role) -> Connection:
        """Return the end of a role."""
        return self.client if role is CLIENT else self.server

    def say(self, role: Role, *events: Event) -> None:
        """Let a role say some things in one go, and the other hear them."""
        speaker = self.end(role)
        listener = self.end(speaker.their_role)
        octets = b""
        for event in events:
            self._said[role].append(self._as_heard(event))
            octets += speaker.send(event) or b""
        for piece in self._cut(octets):
            listener.receive_data(piece)
            self._heard[role] += pending(listener)
        if isinstance(events[-1], ConnectionClosed):
            listener.receive_data(b"")
            self._heard[role] += pending(listener)
        self._check_states()

    def _cut(self, octets: bytes) -> Iterator[bytes]:
        """Yield the octets in pieces."""
        while octets:
            size = next(self._sizes)
            yield octets[:size]
            octets = octets[size:]

    def _as_heard(self, event: Event) -> Event:
        """Return the event that is to be heard when this one is said."""
        if isinstance(event, Request):
            lines = text_of(event.headers.raw_items())
            connections = [value for name, value in lines if name.lower() == "connection"]
            self._asked = Asked(event.method.decode(), "1.1", ",".join(connections))
            if event.headers.get("Transfer-Encoding"):
                lines = without(lines, "content-length")
            return Request(
                method=event.method, target=event.target, headers=octets_of(host_first(lines))
            )
        if isinstance(event, InformationalResponse):
            return InformationalResponse(
                status_code=event.status_code,
                headers=octets_of(host_first(without_framing(text_of(event.headers.raw_items())))),
                reason=event.reason,
            )
        if isinstance(event, Response):
            lines = text_of(event.headers.raw_items())
            return Response(
                status_code=event.status_code,
                headers=octets_of(lines_as_sent(self._asked, event.status_code, lines)),
                reason=event.reason,
            )
        return event

    def _check_states(self) -> None:
        """Check that what an end knows of itself is what the other end knows of it.

        A message whose length is known is complete for its listener as soon as all of it has come,
        for its speaker only when the end was said; until then they need not agree.
        """
        for role in (CLIENT, SERVER):
            own = self.end(role).our_state
            if own is not SEND_BODY:
                assert self.end(self.end(role).their_role).their_state is own

    def check_all_was_heard(self) -> None:
        """Check that each end has heard exactly what the other has said so far."""
        for role in (CLIENT, SERVER):
            assert joined(self._heard[role]) == joined(self._said[role])
        assert self.client.states == self.server.states
        assert not self.client.client_is_waiting_for_100_continue
        assert not self.server.client_is_waiting_for_100_continue

    def check_states(self, client: State, server: State) -> None:
        """Check the states of both roles, in the view of both ends."""
        expected = {CLIENT: client, SERVER: server}
        assert self.client.states == self.server.states == expected

    def start_next_cycle(self) -> None:
        """Begin another cycle at both ends."""
        self.check_all_was_heard()
        self.client.start_next_cycle()
        self.server.start_next_cycle()


def text_of(lines: list[FieldLine]) -> list[Line]:
    """Return field lines as text."""
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in lines]


def octets_of(lines: list[Line]) -> list[FieldLine]:
    """Return field lines as octets."""
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in lines]
