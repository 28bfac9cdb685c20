"""Tells what is in a file of HTTP/1.1 responses: the parser alone, without a connection.

In: what a server has sent, as a proxy, a capture or `nc` has written it down. Out: a line for each
response: its status, the type of its content, how many octets its body has. Run it with
`python docs/examples/parse_responses.py FILE`; exit code 1 if the file is malformed, breaks
off, or goes on behind a response whose end is doubtful.

Responses do not say which requests they answer, and one to HEAD has no body, whatever its
Content-Length: say `--methods GET HEAD GET` if the file has such.
"""

import argparse
import sys
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from h11_events import (
    ConnectionClosed,
    Data,
    EndOfMessage,
    ErrorCode,
    InformationalResponse,
    RemoteProtocolError,
    Response,
)
from h11_parser import NEED_DATA, PAUSED, ResponseParser


class Summary(NamedTuple):
    """What is told about a response."""

    status: int
    content_type: str
    size: int


def events_of(
    pieces: Iterable[bytes], methods: Iterable[str]
) -> Iterator[InformationalResponse | Response | Data | EndOfMessage]:
    """Give the events that the octets of `pieces` make up, however they were cut.

    Raises:
        RemoteProtocolError: If they are no responses, the last one is not complete, or nobody can
            tell where one ends that others follow (RFC 9112 section 6.3, rule 3).
    """
    pieces = iter(pieces)
    parser = ResponseParser()
    for method in methods:
        parser.expect(method.encode())
    for piece in chain(pieces, [b""]):  # The empty piece is the end of the stream.
        parser.receive_data(piece)
        while True:
            event = parser.next_event()
            if event is NEED_DATA:
                break
            if event is PAUSED or isinstance(event, ConnectionClosed):
                return  # Where it is paused, another protocol than HTTP begins.
            assert isinstance(event, InformationalResponse | Response | Data | EndOfMessage)
            yield event
            if parser.is_last and isinstance(event, EndOfMessage):
                if parser.trailing_data[0] or any(pieces):
                    raise RemoteProtocolError(
                        "what follows a response whose end is doubtful is not read",
                        code=ErrorCode.BAD_FRAMING,
                    )
                return


def summaries(pieces: Iterable[bytes], methods: Iterable[str] = ()) -> Iterator[Summary]:
    """Give a summary of each final response."""
    status, content_type, size = 0, "", 0
    for event in events_of(pieces, methods):
        match event:
            case Response():
                status, size = event.status_code, 0
                content_type = event.headers.get("content-type", b"-").decode("latin-1")
            case Data():
                size += len(event.data)
            case EndOfMessage():
                yield Summary(status, content_type, size)
            case InformationalResponse():
                pass  # The final response follows.


def pieces_of(path: Path) -> Iterator[bytes]:
    """Give a file in pieces."""
    with path.open("rb") as file:
        while piece := file.read(65536):
            yield piece


def main() -> int:
    """Run the program, and return its exit code."""
    parser = argparse.ArgumentParser(description="Summarise a file of HTTP/1.1 responses.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--methods", nargs="*", default=[], help="of the requests, in order")
    arguments = parser.parse_args()
    try:
        for status, content_type, size in summaries(pieces_of(arguments.file), arguments.methods):
            print(f"{status} {content_type} {size}")
    except RemoteProtocolError as error:
        print(f"{error.code.value}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
