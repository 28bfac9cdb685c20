"""The vocabulary of HTTP/1.1: events, headers, errors, and the meaning of the fields that steer.

Nothing here reads or writes bytes: an event is made from its fields, and what exists is legal.
"""

from h11_events._content import has_body
from h11_events._errors import (
    ErrorCode,
    LocalProtocolError,
    ProtocolError,
    RemoteProtocolError,
    first_octets,
    last_octets,
)
from h11_events._event import Event
from h11_events._events import (
    AnyEvent,
    ConnectionClosed,
    Data,
    EndOfMessage,
    HeadersInput,
    InformationalResponse,
    Request,
    Response,
    with_headers,
)
from h11_events._fields import (
    FORBIDDEN_IN_TRAILERS,
    MOST_DIGITS,
    check_trailer_names,
    closes_connection,
    connection_options,
    expects_100_continue,
    has_late_host,
    list_elements,
    proposes_upgrade,
    steers_cycle,
)
from h11_events._forwarding import (
    HOP_BY_HOP,
    PROXY_AUTHENTICATION,
    has_passed,
    with_via,
    without_hop_by_hop,
)
from h11_events._grammar import (
    FIELD_VALUE_FORBIDDEN,
    HTTP_VERSION,
    REQUEST_TARGET,
    TOKEN,
    Octets,
    to_octets,
)
from h11_events._headers import FieldLine, Headers
from h11_events._host import URI_HOST, is_host
from h11_events._immutable import Immutable
from h11_events._sentinel import Sentinel

__all__ = [
    "FIELD_VALUE_FORBIDDEN",
    "FORBIDDEN_IN_TRAILERS",
    "HOP_BY_HOP",
    "HTTP_VERSION",
    "MOST_DIGITS",
    "PROXY_AUTHENTICATION",
    "REQUEST_TARGET",
    "TOKEN",
    "URI_HOST",
    "AnyEvent",
    "ConnectionClosed",
    "Data",
    "EndOfMessage",
    "ErrorCode",
    "Event",
    "FieldLine",
    "Headers",
    "HeadersInput",
    "Immutable",
    "InformationalResponse",
    "LocalProtocolError",
    "Octets",
    "ProtocolError",
    "RemoteProtocolError",
    "Request",
    "Response",
    "Sentinel",
    "check_trailer_names",
    "closes_connection",
    "connection_options",
    "expects_100_continue",
    "first_octets",
    "has_body",
    "has_late_host",
    "has_passed",
    "is_host",
    "last_octets",
    "list_elements",
    "proposes_upgrade",
    "steers_cycle",
    "to_octets",
    "with_headers",
    "with_via",
    "without_hop_by_hop",
]
