"""What the documentation says about turns, told as facts: the oracle that the machine is held to.

In: what each role has said so far in a cycle. Out: what it may say next, and the state of both. It
has no tables and no transitions: only what was said is kept, and the states are read off it (RFC
9110 sections 3.4, 7.8, 9.3.6 and 10.1.1, RFC 9112 section 9).
"""

from dataclasses import dataclass, field, replace
from typing import Final

from h11_events import (
    ConnectionClosed,
    Data,
    EndOfMessage,
    InformationalResponse,
    Request,
    Response,
)
from h11_statemachine import (
    CLIENT,
    CLOSED,
    DONE,
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
    Switch,
)
from tests.statemachine.utterances import Utterance

_CLOSABLE: Final = (IDLE, DONE, MUST_CLOSE, CLOSED)
"""The states in which nothing is owed, so that closing is clean (RFC 9112 sections 8 and 9.6)."""


@dataclass(frozen=True)
class Side:
    """What one role has done in this cycle."""

    has_begun: bool = False
    """Its request, or final response, has begun."""

    has_ended: bool = False
    """Its request, or final response, is complete."""

    has_closed: bool = False
    """It will say no more."""

    has_left: bool = False
    """It has left HTTP for another protocol."""

    has_failed: bool = False
    """It broke the protocol, or was cut off."""


@dataclass(frozen=True)
class Cycle:
    """One request/response cycle, as far as it has come."""

    client: Side = field(default_factory=Side)
    server: Side = field(default_factory=Side)
    method: bytes | None = None
    is_last: bool = False
    proposals: frozenset[Switch] = frozenset()
    client_waits: bool = False

    def state(self, role: Role) -> State:
        """Return the state of a role."""
        return self.client_state if role is CLIENT else self.server_state

    @property
    def client_state(self) -> State:
        """The state of the client."""
        side = self.client
        if side.has_failed:
            return ERROR
        if side.has_left:
            return SWITCHED_PROTOCOL
        if side.has_closed:
            return CLOSED
        if not side.has_begun:
            return MUST_CLOSE if self.server.has_closed else IDLE
        if not side.has_ended:
            return SEND_BODY
        if self.proposals:
            return MIGHT_SWITCH_PROTOCOL
        return MUST_CLOSE if self._ends_with(self.server) else DONE

    @property
    def server_state(self) -> State:
        """The state of the server."""
        side = self.server
        if side.has_failed:
            return ERROR
        if side.has_left:
            return SWITCHED_PROTOCOL
        if side.has_closed:
            return CLOSED
        if side.has_ended:
            return MUST_CLOSE if self._ends_with(self.client) else DONE
        if side.has_begun:
            return SEND_BODY
        if self.client.has_begun:
            return SEND_RESPONSE
        return MUST_CLOSE if self.client.has_closed else IDLE

    def _ends_with(self, peer: Side) -> bool:
        """Return whether no other cycle can follow, with such a peer."""
        return self.is_last or peer.has_closed or peer.has_failed

    def may_say(self, role: Role, said: Utterance) -> bool:
        """Return whether it is a role's turn to say this."""
        state = self.state(role)
        match said.event:
            case Request():
                return role is CLIENT and state is IDLE and self.server_state is IDLE
            case InformationalResponse(status_code=101):
                return state is SEND_RESPONSE and Switch.UPGRADE in self.proposals
            case InformationalResponse():
                return state is SEND_RESPONSE
            case Response():
                return role is SERVER and state in (IDLE, SEND_RESPONSE)
            case Data() | EndOfMessage():
                return state is SEND_BODY
            case ConnectionClosed():
                return state in _CLOSABLE
        raise AssertionError(f"no event: {said.event!r}")

    def after(self, role: Role, said: Utterance) -> "Cycle":
        """Return the cycle after a role has said what it may say."""
        match said.event:
            case Request(method=method):
                cycle = replace(
                    self,
                    client=Side(has_begun=True),
                    method=method,
                    is_last=self.is_last or said.is_last,
                    proposals=said.proposals,
                    client_waits=said.expects_continue,
                )
            case InformationalResponse(status_code=status):
                server = replace(self.server, has_left=status == 101)
                cycle = replace(self, server=server, client_waits=False)
            case Response(status_code=status):
                cycle = self._answered(said, accepts=200 <= status <= 299)
            case EndOfMessage():
                cycle = self._with(role, has_ended=True)
            case ConnectionClosed():
                cycle = self._with(role, has_closed=True)
            case _:
                cycle = self
        if role is CLIENT and not isinstance(said.event, Request):
            cycle = replace(cycle, client_waits=False)
        return cycle._with_client_following()

    def _answered(self, said: Utterance, *, accepts: bool) -> "Cycle":
        """Return the cycle after the head of a final response."""
        leaves = accepts and Switch.CONNECT in self.proposals
        return replace(
            self,
            server=replace(self.server, has_begun=not leaves, has_left=leaves),
            is_last=self.is_last or said.is_last,
            proposals=self.proposals if leaves else frozenset(),
            client_waits=False,
        )

    def _with_client_following(self) -> "Cycle":
        """Return the cycle with the client gone where the server went, once its message is out."""
        if self.server_state is SWITCHED_PROTOCOL and self.client_state is MIGHT_SWITCH_PROTOCOL:
            return self._with(CLIENT, has_left=True)
        return self

    def after_error(self, role: Role) -> "Cycle":
        """Return the cycle after a fault of a role."""
        return self._with(role, has_failed=True)

    def as_the_last(self) -> "Cycle":
        """Return the cycle after another was ruled out, for a reason that nobody has said."""
        return replace(self, is_last=True)

    def _with(self, role: Role, **facts: bool) -> "Cycle":
        """Return the cycle with further facts about a role."""
        if role is CLIENT:
            return replace(self, client=replace(self.client, **facts))
        return replace(self, server=replace(self.server, **facts))


def seen(machine: ConnectionState) -> dict[str, object]:
    """Return everything that a machine shows."""
    return {
        "states": dict(machine.states),
        "keep_alive": machine.keep_alive,
        "request_method": machine.request_method,
        "switch_proposals": machine.switch_proposals,
        "client_is_waiting_for_100_continue": machine.client_is_waiting_for_100_continue,
    }


def expected(cycle: Cycle) -> dict[str, object]:
    """Return everything that a machine shall show in a cycle that has come so far."""
    return {
        "states": {CLIENT: cycle.client_state, SERVER: cycle.server_state},
        "keep_alive": not cycle.is_last,
        "request_method": cycle.method,
        "switch_proposals": cycle.proposals,
        "client_is_waiting_for_100_continue": cycle.client_waits,
    }
