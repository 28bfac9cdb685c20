"""What is known about the present request/response cycle of one connection.

In: the events of both roles, in the order in which they are said. Out: the state of each role, and
what the events have told about the cycle; or `LocalProtocolError` for what is said out of turn (RFC
9110 section 3.4, RFC 9112 section 9). It does not know which of the roles is ours.
"""

from collections.abc import Mapping
from typing import Final

from h11_events import (
    ConnectionClosed,
    ErrorCode,
    Event,
    InformationalResponse,
    LocalProtocolError,
    Request,
    Response,
    closes_connection,
    expects_100_continue,
    proposes_upgrade,
    steers_cycle,
)
from h11_statemachine._http10_keep_alive import asks_for_keep_alive, grants_keep_alive
from h11_statemachine._joint_state import START, JointState
from h11_statemachine._states import (
    CLIENT,
    DONE,
    ERROR,
    IDLE,
    SEND_BODY,
    SEND_RESPONSE,
    SERVER,
    SWITCHED_PROTOCOL,
    Role,
    State,
)
from h11_statemachine._transitions import TRANSITIONS, Switch

_NAMES: Final[Mapping[Role, str]] = {CLIENT: "client", SERVER: "server"}

_CLOSED_EARLY: Final[Mapping[State, str]] = {
    SEND_RESPONSE: "without answering the request",
    SEND_BODY: "in the middle of a body",
}
"""What it means that a role has closed in a state in which it still owed something."""

_ANSWERING: Final = frozenset({SEND_RESPONSE, SEND_BODY})
"""The states of a server that has something to say, whatever becomes of the client."""

_UNFINISHED: Final[frozenset[tuple[State, State]]] = frozenset(
    {
        # What was no request can be answered all the same, with 400 (RFC 9110 section 15.5.1).
        (ERROR, IDLE),
        # The rest of the request stands between an early answer and what follows it.
        (SEND_BODY, DONE),
        (SEND_BODY, SWITCHED_PROTOCOL),
    }
)
"""The states of client and server beside those in which an exchange is not over yet."""

_NO_PROPOSALS: Final[frozenset[Switch]] = frozenset()


class ConnectionState:
    """The state of both roles, from one request to the next.

    Exactly one of `is_idle`, `is_mid_exchange`, `is_reusable` and `must_close` is true; none once
    both roles have switched to another protocol, since the connection is HTTP's no longer.

    Args:
        http10_keep_alive: Whether a connection persists with HTTP/1.0 on either side, if request
            and response both say `Connection: keep-alive`, and the length of both can be known
            (RFC 9112 section 9.3). Not for the side that a proxy turns to its clients.

    Attributes:
        http10_keep_alive: As given.
        keep_alive_asked_in: The version of the present request, if it asks for `keep-alive` and
            that can mean something; always None without `http10_keep_alive`.
        joint: The joint state: the states of both roles, and what the joint rules look at.
        request_method: The method of the present request; None before it.
        switch_proposals: How the client has proposed to leave HTTP, unless the server has refused.
        client_is_waiting_for_100_continue: Whether the client waits for leave to send its body (RFC
            9110 section 10.1.1).
    """

    __slots__ = (
        "client_is_waiting_for_100_continue",
        "http10_keep_alive",
        "joint",
        "keep_alive_asked_in",
        "request_method",
        "switch_proposals",
    )

    joint: JointState
    request_method: bytes | None
    switch_proposals: frozenset[Switch]
    client_is_waiting_for_100_continue: bool
    http10_keep_alive: bool
    keep_alive_asked_in: bytes | None

    def __init__(self, *, http10_keep_alive: bool = False) -> None:
        self.http10_keep_alive = http10_keep_alive
        self.keep_alive_asked_in = None
        self.joint = START
        self.request_method = None
        self.switch_proposals = _NO_PROPOSALS
        self.client_is_waiting_for_100_continue = False

    @property
    def states(self) -> Mapping[Role, State]:
        """The state of each role."""
        return self.joint.states

    @property
    def keep_alive(self) -> bool:
        """Whether another cycle may follow, as far as is known (RFC 9112 section 9.3)."""
        return self.joint.keep_alive

    @property
    def is_idle(self) -> bool:
        """Whether nothing was said in this cycle yet: both roles are IDLE.

        A client may send a request at once, a server may close without a word. The same question
        has the same name in httpcore and hyper.
        """
        return self.joint.client is IDLE and self.joint.server is IDLE

    @property
    def is_mid_exchange(self) -> bool:
        """Whether something is outstanding that makes a difference.

        It may be the response, or its rest, even if the client has broken off or broken the rules;
        or the rest of a request that has its answer, if another cycle or a switch of protocols is
        to follow. Exchange is the word of RFC 9110 for a request and its response.
        """
        joint = self.joint
        return joint.server in _ANSWERING or (joint.client, joint.server) in _UNFINISHED

    @property
    def is_reusable(self) -> bool:
        """Whether the exchange is complete and another may follow: both roles are DONE.

        It is what `start_next_cycle` needs, after which a client may give the connection back to
        its pool, and a server wait for the next request. That call speaks of a reusable state, too.
        """
        return self.joint.client is DONE and self.joint.server is DONE

    @property
    def must_close(self) -> bool:
        """Whether all that is left is to close, for whoever has not yet.

        The rest of a request does not count, once its response is complete and the last (RFC 9112
        section 9.6). It is named after MUST_CLOSE, which a role can be in while the other one still
        speaks; what is called `should_close` elsewhere often means that, of the response to come.
        """
        has_switched = self.joint.client is self.joint.server is SWITCHED_PROTOCOL
        return not (has_switched or self.is_idle or self.is_mid_exchange or self.is_reusable)

    def process_event(self, role: Role, event: Event) -> None:
        """Let a role say something.

        Args:
            role: Who says it.
            event: What is said.

        Raises:
            LocalProtocolError: If it is not that role's turn to say it. Nothing has changed then;
                see `process_error`.
            ValueError: If it is no role.
        """
        try:
            after = self.joint._after[role][type(event)]
        except KeyError:
            raise self._out_of_turn(role, event) from None
        if role is CLIENT:
            if type(event) is Request:
                after = self._process_request(event, after)
            else:
                self.client_is_waiting_for_100_continue = False
        elif type(event) is Response:
            after = self._process_response(event, after)
        elif type(event) is InformationalResponse:
            after = self._process_informational_response(event, after)
        self.joint = after

    def _process_request(self, request: Request, after: JointState) -> JointState:
        """Take note of what a request says about the cycle."""
        headers = request.headers
        self.request_method = request.method
        if self.http10_keep_alive and asks_for_keep_alive(request):
            self.keep_alive_asked_in = request.http_version
        if (
            request.http_version == b"1.1"
            and request.method != b"CONNECT"
            and not steers_cycle(headers)
        ):
            return after
        speaks_1_1 = request.http_version >= b"1.1"
        self.client_is_waiting_for_100_continue = speaks_1_1 and expects_100_continue(headers)
        if request.method == b"CONNECT":
            self.switch_proposals |= {Switch.CONNECT}
        # Upgrade means nothing in HTTP/1.0 (RFC 9110 section 7.8).
        if speaks_1_1 and proposes_upgrade(headers):
            self.switch_proposals |= {Switch.UPGRADE}
        # After the preface of HTTP/2 nothing follows that is HTTP/1.1 (RFC 9113 section 3.4).
        persists = b"1.1" <= request.http_version < b"2" or self.keep_alive_asked_in is not None
        if not persists or closes_connection(headers):
            after = after.replace(keep_alive=False)
        return after.replace(switch_proposed=True) if self.switch_proposals else after

    def _process_response(self, response: Response, after: JointState) -> JointState:
        """Take note of what a final response says about the cycle."""
        self.client_is_waiting_for_100_continue = False
        asked_in = self.keep_alive_asked_in
        if response.http_version < b"1.1" or (asked_in is not None and asked_in < b"1.1"):
            if asked_in is None or not grants_keep_alive(self.request_method, response):
                after = after.replace(keep_alive=False)
        elif closes_connection(response.headers):
            after = after.replace(keep_alive=False)
        if not self.switch_proposals:
            return after
        if Switch.CONNECT in self.switch_proposals and 200 <= response.status_code < 300:
            return self.joint._after[SERVER][Switch.CONNECT].replace(keep_alive=after.keep_alive)
        self.switch_proposals = _NO_PROPOSALS
        return after.replace(switch_proposed=False)

    def _process_informational_response(
        self, response: InformationalResponse, after: JointState
    ) -> JointState:
        """Take note of an informational response, and of what 101 means (RFC 9110 section 7.8)."""
        if response.status_code == 101:
            if Switch.UPGRADE not in self.switch_proposals:
                raise LocalProtocolError(
                    "101 Switching Protocols without a request for it in Upgrade",
                    code=ErrorCode.OUT_OF_TURN,
                )
            after = self.joint._after[SERVER][Switch.UPGRADE]
        self.client_is_waiting_for_100_continue = False
        return after

    def process_error(self, role: Role) -> None:
        """Put a role that broke the protocol, or was cut off, into ERROR.

        Args:
            role: Whose fault it is.

        Raises:
            ValueError: If it is no role.
        """
        _check_role(role)
        joint = self.joint
        self.joint = joint.replace(client=ERROR) if role is CLIENT else joint.replace(server=ERROR)

    def rule_out_keep_alive(self) -> None:
        """Let no other cycle follow, for a reason that no event tells.

        Such as a message whose framing cannot be trusted (RFC 9112 section 6.3).
        """
        self.joint = self.joint.replace(keep_alive=False)

    def start_next_cycle(self) -> None:
        """Begin another request/response cycle (RFC 9112 section 9.3).

        Raises:
            LocalProtocolError: If not both roles are DONE. Nothing has changed then.
        """
        client, server = self.joint.client, self.joint.server
        if client is not DONE or server is not DONE:
            raise LocalProtocolError(
                "not in a reusable state: both roles have to be DONE,"
                f" but the client is in {client} and the server in {server}",
                code=ErrorCode.OUT_OF_TURN,
            )
        self.joint = START
        self.request_method = None
        self.keep_alive_asked_in = None
        self.switch_proposals = _NO_PROPOSALS
        self.client_is_waiting_for_100_continue = False

    def _out_of_turn(self, role: Role, event: Event) -> LocalProtocolError:
        """Return what to raise for an event that cannot be said now."""
        _check_role(role)
        state = self.states[role]
        if type(event) is ConnectionClosed and state in _CLOSED_EARLY:
            return LocalProtocolError(
                f"{_NAMES[role]} closed the connection {_CLOSED_EARLY[state]}"
                f" (role={role}, state={state})",
                code=ErrorCode.CLOSED_EARLY,
            )
        allowed = TRANSITIONS[role][state]
        if type(event) in allowed:
            # It is the peer that could not react.
            role, state, allowed = SERVER, self.states[SERVER], {}
        names = [trigger.__name__ for trigger in allowed if isinstance(trigger, type)]
        return LocalProtocolError(
            f"{type(event).__name__} is out of turn: role={role} is in state={state},"
            f" where it may say {' or '.join(names) or 'nothing'}",
            code=ErrorCode.OUT_OF_TURN,
        )


def _check_role(role: Role) -> None:
    """Refuse what is no role."""
    if role is not CLIENT and role is not SERVER:
        raise ValueError(f"expected CLIENT or SERVER, not {role!r}")
