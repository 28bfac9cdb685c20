"""A pure-Python, bring-your-own-I/O implementation of HTTP/1.1.

`Connection` speaks for one end of a connection: it turns the bytes that were received into
events, and events into the bytes to send, and knows whose turn it is. All names are here, at the
top.
"""

from h11._connection import Connection
from h11._version import PRODUCT_ID, __version__
from h11_events import (
    AnyEvent,
    ConnectionClosed,
    Data,
    EndOfMessage,
    ErrorCode,
    Event,
    Headers,
    InformationalResponse,
    LocalProtocolError,
    ProtocolError,
    RemoteProtocolError,
    Request,
    Response,
)
from h11_parser import NEED_DATA, PAUSED, Limits, Tolerance
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
    Role,
    State,
)

__all__ = [
    "CLIENT",
    "CLOSED",
    "DONE",
    "ERROR",
    "IDLE",
    "MIGHT_SWITCH_PROTOCOL",
    "MUST_CLOSE",
    "NEED_DATA",
    "PAUSED",
    "PRODUCT_ID",
    "SEND_BODY",
    "SEND_RESPONSE",
    "SERVER",
    "SWITCHED_PROTOCOL",
    "AnyEvent",
    "Connection",
    "ConnectionClosed",
    "Data",
    "EndOfMessage",
    "ErrorCode",
    "Event",
    "Headers",
    "InformationalResponse",
    "Limits",
    "LocalProtocolError",
    "ProtocolError",
    "RemoteProtocolError",
    "Request",
    "Response",
    "Role",
    "State",
    "Tolerance",
    "__version__",
]
