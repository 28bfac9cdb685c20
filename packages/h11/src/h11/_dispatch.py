"""Which reader serves which state: the only place where the parser and the state machine meet.

In: a role and its state. Out: what reads the next head that this role sends in that state. What
reads or writes a body depends on the message, not on the state alone; see
`h11_parser.body_reader`.
"""

from collections.abc import Callable
from typing import Final

from h11_events import InformationalResponse, Request, Response
from h11_parser import (
    Dialect,
    Limits,
    ReceiveBuffer,
    Tolerance,
    read_request_head,
    read_response_head,
    request_dialect,
    response_dialect,
)
from h11_statemachine import CLIENT, IDLE, SEND_RESPONSE, SERVER, Role, State

Head = Request | InformationalResponse | Response
"""An event that begins a message."""

HeadReader = Callable[[ReceiveBuffer, Dialect], Head | None]
"""What makes the next head from the front of the buffer, or returns None for want of bytes."""

HEAD_READERS: Final[dict[Role, dict[State, HeadReader]]] = {
    CLIENT: {IDLE: read_request_head},
    SERVER: {IDLE: read_response_head, SEND_RESPONSE: read_response_head},
}
"""What reads the next head that a role sends, in the states in which it may send one."""

DIALECTS: Final[dict[Role, Callable[[int | None, Tolerance | None, Limits | None], Dialect]]] = {
    CLIENT: request_dialect,
    SERVER: response_dialect,
}
"""What makes the dialect in which a role is understood, from the arguments of a `Connection`."""
