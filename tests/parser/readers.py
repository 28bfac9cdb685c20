"""One reader alone: octets in, what it makes of them out."""

from h11_events import Data, EndOfMessage, InformationalResponse, Request, Response
from h11_parser import (
    ChunkedReader,
    ContentLengthReader,
    ReceiveBuffer,
    UntilCloseReader,
    read_request_head,
    read_response_head,
)

BodyReader = ContentLengthReader | ChunkedReader | UntilCloseReader

BodyEvents = list[Data | EndOfMessage]


def read_on(reader: BodyReader, buffer: ReceiveBuffer) -> BodyEvents:
    """Return the events that the buffer has enough for, up to the end of the message."""
    events: BodyEvents = []
    while (event := reader(buffer)) is not None:
        events.append(event)
        if isinstance(event, EndOfMessage):
            break
    return events


def read_pieces(reader: BodyReader, *pieces: bytes, limit: int | None = None) -> BodyEvents:
    """Return the events of a body that arrives in pieces."""
    buffer = ReceiveBuffer(limit)
    events: BodyEvents = []
    for piece in pieces:
        buffer += piece
        events += read_on(reader, buffer)
    return events


def request_of(octets: bytes) -> Request | None:
    """Return the request that the octets begin with."""
    buffer = ReceiveBuffer(16_384)
    buffer += octets
    return read_request_head(buffer)


def response_of(octets: bytes) -> InformationalResponse | Response | None:
    """Return the response that the octets begin with."""
    buffer = ReceiveBuffer(16_384)
    buffer += octets
    return read_response_head(buffer)


def ends_for(line: bytes) -> list[bytes]:
    """Return the line ends that may follow a line: after CR, an LF would make it another line."""
    return [b"\r\n"] if line.endswith(b"\r") else [b"\r\n", b"\n"]
