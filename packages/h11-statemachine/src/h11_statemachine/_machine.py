"""What is known about the present request/response cycle of one connection.

In: the events of both roles, in the order in which they are said. Out: the state of each role, and
what the events have told about the cycle; or `LocalProtocolError` for what is said out of turn (RFC
9110 section 3.4, RFC 9112 section 9). It does not know which of the roles is ours.
"""

from collections.abc import Mapping
from functools import cache
from typing import Final

from h11_events import (
    Event,
    InformationalResponse,
    LocalProtocolError,
    Request,
    Response,
    connection_options,
    expects_100_continue,
    proposes_upgrade,
)
from h11_statemachine._states import CLIENT, DONE, ERROR, IDLE, SERVER, Role, State
from h11_statemachine._transitions import JOINT_RULES, REACTIONS, TRANSITIONS, Switch

_NO_PROPOSALS: Final[frozenset[Switch]] = frozenset()


class ConnectionState:
    """The state of both roles, from one request to the next.

    Attributes:
        states: The state of each role, to be read only.
        keep_alive: Whether another cycle may follow; False once a message says otherwise (RFC 9112
            section 9.3).
        request_method: The method of the present request; None before it.
        switch_proposals: How the client has proposed to leave HTTP, unless the server has refused.
        client_is_waiting_for_100_continue: Whether the client waits for leave to send its body (RFC
            9110 section 10.1.1).
    """

    __slots__ = (
        "_states",
        "client_is_waiting_for_100_continue",
        "keep_alive",
        "request_method",
        "states",
        "switch_proposals",
    )

    states: Mapping[Role, State]
    keep_alive: bool
    request_method: bytes | None
    switch_proposals: frozenset[Switch]
    client_is_waiting_for_100_continue: bool

    def __init__(self) -> None:
        self._states: dict[Role, State] = {}
        self.states = self._states
        self._begin_cycle()

    def _begin_cycle(self) -> None:
        """Put both roles at the start, and forget what was known about an earlier cycle."""
        self._states[CLIENT] = self._states[SERVER] = IDLE
        self.keep_alive = True
        self.request_method = None
        self.switch_proposals = _NO_PROPOSALS
        self.client_is_waiting_for_100_continue = False

    def process_event(self, role: Role, event: Event) -> None:
        """Let a role say something.

        Args:
            role: Who says it.
            event: What is said.

        Raises:
            LocalProtocolError: If it is not that role's turn to say it. Nothing has changed then;
                see `process_error`.
        """
        states = self._states
        before = states[role]
        moves = TRANSITIONS[role][before]
        after = moves.get(type(event))
        if after is None:
            raise _out_of_turn(event, role, before)
        if isinstance(event, Request):
            self._process_request(event)
        elif isinstance(event, _RESPONSES):
            switch = self._process_response(event)
            if switch is not None:
                after = moves[switch]
        elif role is CLIENT:
            self.client_is_waiting_for_100_continue = False
        if after is not before:
            states[role] = after
            self._settle()

    def _process_request(self, request: Request) -> None:
        """Let the server react to a request, and take note of what it says about the cycle."""
        state = self._states[SERVER]
        reaction = REACTIONS[Request].get(state)
        if reaction is None:
            raise _out_of_turn(request, SERVER, state)
        self._states[SERVER] = reaction
        headers, http_version = request.headers, request.http_version
        self.request_method = request.method
        self.keep_alive = _allows_another_cycle(request)
        self.client_is_waiting_for_100_continue = (
            expects_100_continue(headers) and http_version >= b"1.1"
        )
        if request.method == b"CONNECT":
            self.switch_proposals |= {Switch.CONNECT}
        if proposes_upgrade(headers):
            self.switch_proposals |= {Switch.UPGRADE}

    def _process_response(self, response: InformationalResponse | Response) -> Switch | None:
        """Take note of what a response says about the cycle; return the switch that it accepts."""
        switch = _acceptable_switch(response, self.switch_proposals)
        self.client_is_waiting_for_100_continue = False
        if isinstance(response, Response):
            if self.keep_alive and not _allows_another_cycle(response):
                self.keep_alive = False
            if switch is None:
                self.switch_proposals = _NO_PROPOSALS
        return switch

    def process_error(self, role: Role) -> None:
        """Put a role that broke the protocol, or was cut off, into ERROR.

        Args:
            role: Whose fault it is.
        """
        self._states[role] = ERROR
        self._settle()

    def start_next_cycle(self) -> None:
        """Begin another request/response cycle (RFC 9112 section 9.3).

        Raises:
            LocalProtocolError: If not both roles are DONE. Nothing has changed then.
        """
        client, server = self._states[CLIENT], self._states[SERVER]
        if client is not DONE or server is not DONE:
            raise LocalProtocolError(
                "not in a reusable state: both roles have to be DONE,"
                f" but the client is in {client} and the server in {server}"
            )
        self._begin_cycle()

    def _settle(self) -> None:
        """Follow the joint rules."""
        states = self._states
        states[CLIENT], states[SERVER] = settled(
            states[CLIENT], states[SERVER], self.keep_alive, bool(self.switch_proposals)
        )


_RESPONSES = (InformationalResponse, Response)


@cache
def settled(
    client: State, server: State, keep_alive: bool, switch_proposed: bool
) -> tuple[State, State]:
    """Return the states that the joint rules lead to.

    There are few joint configurations, so each is worked out once.

    Args:
        client: The state of the client.
        server: The state of the server.
        keep_alive: Whether another cycle may follow.
        switch_proposed: Whether the client has proposed another protocol.

    Returns:
        The states of client and server in which no rule applies any more.
    """
    states: dict[Role, State] = {CLIENT: client, SERVER: server}
    for rule in JOINT_RULES:
        peer = SERVER if rule.role is CLIENT else CLIENT
        if (
            states[rule.role] is rule.before
            and rule.peer in (None, states[peer])
            and rule.keep_alive in (None, keep_alive)
            and rule.switch_proposed in (None, switch_proposed)
        ):
            states[rule.role] = rule.after
            return settled(states[CLIENT], states[SERVER], keep_alive, switch_proposed)
    return client, server


def _allows_another_cycle(message: Request | Response) -> bool:
    """Return whether a message leaves room for another cycle (RFC 9112 section 9.3)."""
    return message.http_version >= b"1.1" and b"close" not in connection_options(message.headers)


def _acceptable_switch(
    response: InformationalResponse | Response, proposals: frozenset[Switch]
) -> Switch | None:
    """Return the switch that a response accepts, None if it accepts none."""
    if isinstance(response, Response):
        accepts = Switch.CONNECT in proposals and 200 <= response.status_code < 300
        return Switch.CONNECT if accepts else None
    if response.status_code != 101:
        return None
    if Switch.UPGRADE not in proposals:
        raise LocalProtocolError("101 Switching Protocols without a request for it in Upgrade")
    return Switch.UPGRADE


def _out_of_turn(event: Event, role: Role, state: State) -> LocalProtocolError:
    """Return what to raise for an event that a role cannot say, or react to, in its state."""
    return LocalProtocolError(
        f"can't handle event type {type(event).__name__} when role={role} and state={state}"
    )
