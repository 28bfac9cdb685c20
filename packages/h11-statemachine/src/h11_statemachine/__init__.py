"""The rules of an HTTP/1.1 conversation: who may say what, when; without bytes, without I/O.

Feed `ConnectionState` the events of both sides, and it knows the state of each.
"""

from h11_statemachine._joint_state import JointState
from h11_statemachine._machine import ConnectionState
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
from h11_statemachine._transitions import (
    JOINT_RULES,
    REACTIONS,
    TRANSITIONS,
    JointRule,
    Switch,
    Trigger,
)

__all__ = [
    "CLIENT",
    "CLOSED",
    "DONE",
    "ERROR",
    "IDLE",
    "JOINT_RULES",
    "MIGHT_SWITCH_PROTOCOL",
    "MUST_CLOSE",
    "REACTIONS",
    "SEND_BODY",
    "SEND_RESPONSE",
    "SERVER",
    "SWITCHED_PROTOCOL",
    "TRANSITIONS",
    "ConnectionState",
    "JointRule",
    "JointState",
    "Role",
    "State",
    "Switch",
    "Trigger",
]
