"""A message written again: events of a parser in, the octets that a forwarder would send out.

Whoever forwards what was accepted writes it with the writers of `h11_parser`; what is tolerated
from a peer must not get any further by that (RFC 9112 section 2.2, 5.1 and 5.2).
"""

from collections.abc import Iterable
from typing import Final

from h11_events import Data, EndOfMessage, Event, InformationalResponse, Request, Response
from h11_parser import (
    BodyWriter,
    Tolerance,
    body_writer,
    request_body_length,
    response_body_length,
    write_request_head,
    write_response_head,
)

IN_EVENTS: Final = (
    Tolerance.CONTROL_OCTETS | Tolerance.NON_ASCII_TARGET | Tolerance.UNENCODED_TARGET
)
"""What is tolerated as it is, and thus still in the events."""


def written(events: Iterable[Event], methods: Iterable[str] = ()) -> bytes:
    """Return the octets of some messages.

    Args:
        events: The events, from the first to the last of whole messages.
        methods: For responses, the methods that they answer.
    """
    asked = iter(methods)
    octets: list[bytes] = []
    write: BodyWriter | None = None
    for event in events:
        if isinstance(event, Request):
            octets.append(write_request_head(event))
            write = body_writer(request_body_length(event))
        elif isinstance(event, Response):
            octets.append(write_response_head(event))
            write = body_writer(response_body_length(next(asked, "GET").encode(), event))
        elif isinstance(event, InformationalResponse):
            octets.append(write_response_head(event))
        elif isinstance(event, Data | EndOfMessage):
            assert write is not None
            octets += write(event)
    return b"".join(octets)


def whole_messages(events: list[Event]) -> list[Event]:
    """Return the events up to the end of the last message that has one."""
    ends = [place + 1 for place, event in enumerate(events) if type(event) is EndOfMessage]
    return events[: ends[-1]] if ends else []
