"""One reader alone: octets in, what it makes of them out."""

from h11_events import Data, EndOfMessage, InformationalResponse, Request, Response
from h11_parser import (
    ChunkedReader,
    ContentLengthReader,
    Dialect,
    ReceiveBuffer,
    Tolerance,
    UntilCloseReader,
    read_request_head,
    read_response_head,
    request_dialect,
    response_dialect,
)

BodyReader = ContentLengthReader | ChunkedReader | UntilCloseReader

BodyEvents = list[Data | EndOfMessage]


def buffer_of(*pieces: bytes) -> ReceiveBuffer:
    """Return a buffer that has received the pieces."""
    buffer = ReceiveBuffer()
    for piece in pieces:
        buffer += piece
    return buffer


def read_on(reader: BodyReader, buffer: ReceiveBuffer) -> BodyEvents:
    """Return the events that the buffer has enough for, up to the end of the message."""
    events: BodyEvents = []
    while (event := reader(buffer)) is not None:
        events.append(event)
        if isinstance(event, EndOfMessage):
            break
    return events


def read_pieces(reader: BodyReader, *pieces: bytes) -> BodyEvents:
    """Return the events of a body that arrives in pieces."""
    buffer = ReceiveBuffer()
    events: BodyEvents = []
    for piece in pieces:
        buffer += piece
        events += read_on(reader, buffer)
    return events


def for_requests(tolerate: Tolerance | None = None) -> Dialect:
    """Return what a reader of requests takes that tolerates this."""
    return request_dialect(None, tolerate, None)


def for_responses(tolerate: Tolerance | None = None) -> Dialect:
    """Return what a reader of responses takes that tolerates this."""
    return response_dialect(None, tolerate, None)


def request_of(octets: bytes, tolerate: Tolerance | None = None) -> Request | None:
    """Return the request that the octets begin with."""
    return read_request_head(buffer_of(octets), for_requests(tolerate))


def response_of(
    octets: bytes, tolerate: Tolerance | None = None
) -> InformationalResponse | Response | None:
    """Return the response that the octets begin with."""
    return read_response_head(buffer_of(octets), for_responses(tolerate))
