"""Which reader serves which state: the only place where the parser and the state machine meet.

In: a role and its state. Out: what reads the next head that this role sends in that state. What
reads or writes a body depends on the message, not on the state alone; see
`h11_parser.body_reader`.
"""

from collections.abc import Callable
from typing import Final, NoReturn

from h11_events import InformationalResponse, LocalProtocolError, Request, Response, excerpt
from h11_parser import ReceiveBuffer, read_request_head, read_response_head
from h11_statemachine import CLIENT, IDLE, SEND_RESPONSE, SERVER, Role, State

Head = Request | InformationalResponse | Response
"""An event that begins a message."""

HeadReader = Callable[[ReceiveBuffer], Head | None]
"""What makes the next head from the front of the buffer, or returns None for want of bytes."""

_HEAD_READERS: Final[dict[Role, dict[State, HeadReader]]] = {
    CLIENT: {IDLE: read_request_head},
    SERVER: {IDLE: read_response_head, SEND_RESPONSE: read_response_head},
}


def head_reader(role: Role, state: State) -> HeadReader:
    """Return what reads the next head that a role sends in a state in which bytes have come.

    Args:
        role: The role that sends.
        state: Its state, in which neither a body nor a pause is on.

    Returns:
        The reader; in a state in which there is nothing more to say, one that refuses.
    """
    return _HEAD_READERS[role].get(state, _refuse)


def _refuse(buffer: ReceiveBuffer) -> NoReturn:
    """Refuse bytes after the last message."""
    raise LocalProtocolError(f"Got data when expecting EOF: {excerpt(bytes(buffer))}")
