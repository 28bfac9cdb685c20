"""HTTP/1.1 between bytes and events: readers, writers, framing, and parsers for one direction.

Nothing here knows whose turn it is; that is the business of `h11_statemachine`.
"""

from h11_parser._body_readers import (
    BodyReader,
    ChunkedReader,
    ChunkExtensionReader,
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
from h11_parser._dialect import REQUESTS, RESPONSES, Dialect, request_dialect, response_dialect
from h11_parser._framing import (
    BodyLength,
    Unbounded,
    judge_request_framing,
    judge_response_framing,
    request_body_length,
    response_body_length,
)
from h11_parser._head_reader import read_request_head, read_response_head
from h11_parser._head_writer import write_field_lines, write_request_head, write_response_head
from h11_parser._limits import DEFAULT_MAX_INCOMPLETE_EVENT_SIZE, Limits
from h11_parser._markers import NEED_DATA, PAUSED
from h11_parser._parsers import RequestParser, ResponseParser
from h11_parser._recording import RecordingBuffer
from h11_parser._tolerance import Tolerance

__all__ = [
    "DEFAULT_MAX_INCOMPLETE_EVENT_SIZE",
    "NEED_DATA",
    "PAUSED",
    "REQUESTS",
    "RESPONSES",
    "BodyLength",
    "BodyReader",
    "BodyWriter",
    "ChunkExtensionReader",
    "ChunkedReader",
    "ContentLengthReader",
    "ContentLengthWriter",
    "Dialect",
    "Limits",
    "ReceiveBuffer",
    "RecordingBuffer",
    "RequestParser",
    "ResponseParser",
    "Tolerance",
    "Unbounded",
    "UntilCloseReader",
    "body_reader",
    "body_writer",
    "judge_request_framing",
    "judge_response_framing",
    "read_request_head",
    "read_response_head",
    "request_body_length",
    "request_dialect",
    "response_body_length",
    "response_dialect",
    "write_chunked",
    "write_field_lines",
    "write_request_head",
    "write_response_head",
    "write_until_close",
]
