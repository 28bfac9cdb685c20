"""The vocabulary of HTTP/1.1: events, headers, errors, and the meaning of the fields that steer.

Nothing here reads or writes bytes: an event is made from its fields, and what exists is legal.
"""

from h11_events._errors import (
    LocalProtocolError,
    ProtocolError,
    RemoteProtocolError,
    excerpt,
)
from h11_events._events import (
    ConnectionClosed,
    Data,
    EndOfMessage,
    Event,
    HeadersInput,
    InformationalResponse,
    Request,
    Response,
    with_headers,
)
from h11_events._fields import (
    closes_connection,
    connection_options,
    content_length,
    expects_100_continue,
    has_late_host,
    is_chunked,
    list_elements,
    proposes_upgrade,
)
from h11_events._grammar import FIELD_VALUE_FORBIDDEN, HTTP_VERSION, REQUEST_TARGET, TOKEN, Octets
from h11_events._headers import FieldLine, Headers
from h11_events._sentinel import Sentinel

__all__ = [
    "FIELD_VALUE_FORBIDDEN",
    "HTTP_VERSION",
    "REQUEST_TARGET",
    "TOKEN",
    "ConnectionClosed",
    "Data",
    "EndOfMessage",
    "Event",
    "FieldLine",
    "Headers",
    "HeadersInput",
    "InformationalResponse",
    "LocalProtocolError",
    "Octets",
    "ProtocolError",
    "RemoteProtocolError",
    "Request",
    "Response",
    "Sentinel",
    "closes_connection",
    "connection_options",
    "content_length",
    "excerpt",
    "expects_100_continue",
    "has_late_host",
    "is_chunked",
    "list_elements",
    "proposes_upgrade",
    "with_headers",
]
