"""The rules of the conversation, as tables.

An event moves the machine of the role that it comes from (`TRANSITIONS`), and some move the other
machine as well (`REACTIONS`). After every event, the states of both together may lead to further
moves (`JOINT_RULES`). Nothing about turns is decided anywhere else (RFC 9110 sections 3.4 and
7.8, RFC 9112 section 9).
"""

from enum import Enum
from typing import Final, NamedTuple

from h11_events import (
    ConnectionClosed,
    Data,
    EndOfMessage,
    Event,
    InformationalResponse,
    Request,
    Response,
)
from h11_statemachine._states import (
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
    Role,
    State,
)


class Switch(Enum):
    """How a client can propose to leave HTTP, and what a server accepts."""

    CONNECT = "CONNECT accepted with 2xx"
    """The method CONNECT, accepted by a 2xx (RFC 9110 section 9.3.6)."""

    UPGRADE = "Upgrade accepted with 101"
    """The field Upgrade, accepted by a 101 (RFC 9110 section 7.8)."""


Trigger = type[Event] | Switch
"""What moves a machine: an event of a class, or one that accepts a switch of protocols."""

TRANSITIONS: Final[dict[Role, dict[State, dict[Trigger, State]]]] = {
    CLIENT: {
        IDLE: {Request: SEND_BODY, ConnectionClosed: CLOSED},
        SEND_RESPONSE: {},
        SEND_BODY: {Data: SEND_BODY, EndOfMessage: DONE},
        DONE: {ConnectionClosed: CLOSED},
        MUST_CLOSE: {ConnectionClosed: CLOSED},
        CLOSED: {ConnectionClosed: CLOSED},
        MIGHT_SWITCH_PROTOCOL: {},
        SWITCHED_PROTOCOL: {},
        ERROR: {},
    },
    SERVER: {
        # A response without a request tells a client that its request did not come through, such as
        # 408 (RFC 9110 section 15.5.9) and 400 (section 15.5.1).
        IDLE: {Response: SEND_BODY, ConnectionClosed: CLOSED},
        SEND_RESPONSE: {
            InformationalResponse: SEND_RESPONSE,
            Response: SEND_BODY,
            Switch.UPGRADE: SWITCHED_PROTOCOL,
            Switch.CONNECT: SWITCHED_PROTOCOL,
        },
        SEND_BODY: {Data: SEND_BODY, EndOfMessage: DONE},
        DONE: {ConnectionClosed: CLOSED},
        MUST_CLOSE: {ConnectionClosed: CLOSED},
        CLOSED: {ConnectionClosed: CLOSED},
        MIGHT_SWITCH_PROTOCOL: {},
        SWITCHED_PROTOCOL: {},
        ERROR: {},
    },
}
"""For each role and state, what that role may say, and the state that follows."""

REACTIONS: Final[dict[Trigger, dict[State, State]]] = {
    Request: {IDLE: SEND_RESPONSE},
}
"""For what a client says, how the server's machine moves; in any other state it may not be said."""


class JointRule(NamedTuple):
    """A move that follows from the states of both machines; None stands for anything."""

    role: Role
    """Whose machine moves."""

    before: State
    """The state that it moves from."""

    after: State
    """The state that it moves to."""

    peer: State | None = None
    """The state of the other machine."""

    keep_alive: bool | None = None
    """Whether another cycle may follow on this connection (RFC 9112 section 9.3)."""

    switch_proposed: bool | None = None
    """Whether the client has proposed another protocol, and was not refused yet."""


JOINT_RULES: Final = (
    # A client that has proposed to switch waits for the answer, even where no cycle may follow:
    # that is about HTTP, and the connection may be about to leave it (RFC 9110 section 7.8).
    JointRule(CLIENT, DONE, MIGHT_SWITCH_PROTOCOL, switch_proposed=True),
    JointRule(CLIENT, MIGHT_SWITCH_PROTOCOL, DONE, switch_proposed=False),
    JointRule(CLIENT, MIGHT_SWITCH_PROTOCOL, SWITCHED_PROTOCOL, peer=SWITCHED_PROTOCOL),
    # Persistence (RFC 9112 section 9.3): without it, the end of the message is the end.
    JointRule(CLIENT, DONE, MUST_CLOSE, keep_alive=False),
    JointRule(SERVER, DONE, MUST_CLOSE, keep_alive=False),
    # A peer that is gone will not begin another cycle (RFC 9112 section 9.6).
    JointRule(CLIENT, DONE, MUST_CLOSE, peer=CLOSED),
    JointRule(SERVER, DONE, MUST_CLOSE, peer=CLOSED),
    JointRule(CLIENT, IDLE, MUST_CLOSE, peer=CLOSED),
    JointRule(SERVER, IDLE, MUST_CLOSE, peer=CLOSED),
    JointRule(CLIENT, DONE, MUST_CLOSE, peer=ERROR),
    JointRule(SERVER, DONE, MUST_CLOSE, peer=ERROR),
)
"""The joint rules, in order of precedence; they apply again and again until none does."""
