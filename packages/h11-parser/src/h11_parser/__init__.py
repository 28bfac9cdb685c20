"""HTTP/1.1 between bytes and events: readers, writers, framing, and parsers for one direction.

Nothing here knows whose turn it is; that is the business of `h11_statemachine`.
"""

from h11_parser._body_readers import (
    BodyReader,
    ChunkedReader,
    ContentLengthReader,
    UntilCloseReader,
    body_reader,
)
from h11_parser._body_writers import (
    BodyWriter,
    ContentLengthWriter,
    body_writer,
    write_chunked,
    write_until_close,
)
from h11_parser._buffer import ReceiveBuffer
from h11_parser._framing import (
    BodyLength,
    Unbounded,
    has_body,
    request_body_length,
    response_body_length,
)
from h11_parser._head_reader import read_field_lines, read_request_head, read_response_head
from h11_parser._head_writer import write_field_lines, write_request_head, write_response_head
from h11_parser._markers import NEED_DATA, PAUSED
from h11_parser._parsers import (
    DEFAULT_MAX_INCOMPLETE_EVENT_SIZE,
    RequestParser,
    ResponseParser,
)

__all__ = [
    "DEFAULT_MAX_INCOMPLETE_EVENT_SIZE",
    "NEED_DATA",
    "PAUSED",
    "BodyLength",
    "BodyReader",
    "BodyWriter",
    "ChunkedReader",
    "ContentLengthReader",
    "ContentLengthWriter",
    "ReceiveBuffer",
    "RequestParser",
    "ResponseParser",
    "Unbounded",
    "UntilCloseReader",
    "body_reader",
    "body_writer",
    "has_body",
    "read_field_lines",
    "read_request_head",
    "read_response_head",
    "request_body_length",
    "response_body_length",
    "write_chunked",
    "write_field_lines",
    "write_request_head",
    "write_response_head",
    "write_until_close",
]
