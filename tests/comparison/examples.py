"""The pieces of which the examples of intended differences are made.

In: octets, or events as constructor calls. Out: conversations.
"""

from tests.comparison.conversation import Conversation, Make, Step

REQUEST = Make("Request", {"method": "GET", "target": "/", "headers": [("Host", "a")]})
"""A request to be looked at, or to be sent."""

RESPONSE = Make("Response", {"status_code": 200, "headers": []})
"""A response to be sent."""

INFORMATION = Make("InformationalResponse", {"status_code": 103, "headers": []})
"""An informational response to be sent."""

END = Make("EndOfMessage", {})
"""The end of a message."""

HEAD = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
"""A request of 27 octets."""

CHUNKED = b"PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
"""The head of a request with a body in chunks."""

CHUNKED_RESPONSE = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
"""The head of a response with a body in chunks."""


def with_field(name: str, value: object, event: Make = REQUEST) -> Make:
    """Return the event with one field set to another value."""
    return event._replace(fields=event.fields | {name: value})


def framed_both_ways(event: Make) -> Make:
    """Return the event with both fields that frame a body."""
    pairs = [("Content-Length", "10"), ("Transfer-Encoding", "chunked")]
    host = [("Host", "a")] if event.kind == "Request" else []
    return with_field("headers", host + pairs, event)


def receiving(*pieces: bytes) -> tuple[Step, ...]:
    """Return the steps in which pieces arrive, and all events are asked for after each."""
    return tuple(step for piece in pieces for step in (Step("receive", piece), Step("drain")))


def sending(*events: Make) -> tuple[Step, ...]:
    """Return the steps in which events are sent."""
    return tuple(Step("send", event=event) for event in events)


def served(*pieces: bytes, limit: int | None = None) -> Conversation:
    """Return the conversation in which pieces arrive at a server."""
    return Conversation("SERVER", receiving(*pieces), limit)


def answered(*pieces: bytes) -> Conversation:
    """Return the conversation in which pieces arrive at a client that has asked."""
    return Conversation("CLIENT", sending(REQUEST, END) + receiving(*pieces))


def asking(*steps: Step, head: bytes = HEAD) -> Conversation:
    """Return the conversation of a server that has got the head of a request."""
    return Conversation("SERVER", receiving(head) + steps)


def constructing(event: Make) -> Conversation:
    """Return the conversation in which an event is only constructed."""
    return Conversation("CLIENT", (Step("construct", event=event),))


def with_field_line(line: bytes) -> bytes:
    """Return the head of a request with one more field line."""
    return b"PUT / HTTP/1.1\r\nHost: a\r\n" + line + b"\r\n\r\n"
