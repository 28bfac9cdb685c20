"""How the body of a message is framed, and which rule says so.

In: a request or a response, and the method that it answers. Out: the decision, with its rule of RFC
9112 section 6.3.
"""

from enum import Enum
from typing import NamedTuple

from h11_events import InformationalResponse, Request, Response, has_body
from h11_parser import (
    BodyLength,
    Unbounded,
    request_body_length,
    response_body_length,
)


class Kind(Enum):
    """How the end of a body is found."""

    NONE = "none"
    """There is no body."""

    LENGTH = "length"
    """By counting."""

    CHUNKED = "chunked"
    """By the last chunk."""

    UNTIL_CLOSE = "until close"
    """By the end of the connection."""

    TUNNEL = "tunnel"
    """There is no body, nor any HTTP after it."""


class Framing(NamedTuple):
    """What the head of a message says about its body."""

    kind: Kind
    """How its end is found."""

    length: int | None
    """How many octets it has, if that is known."""

    reason: str
    """Why, for a person."""

    rule: int
    """The rule of RFC 9112 section 6.3."""


def framing_of(
    head: Request | InformationalResponse | Response, request_method: bytes | None
) -> Framing:
    """Return how the body of a message is framed.

    Args:
        head: Its head.
        request_method: For a response, the method that it answers, if any.
    """
    if isinstance(head, Request):
        return _by_fields(head, request_body_length(head))
    method, code = request_method, head.status_code
    if method == b"CONNECT" and 200 <= code < 300:
        return Framing(Kind.TUNNEL, None, "a tunnel begins, as CONNECT is accepted", 2)
    if isinstance(head, InformationalResponse) or not has_body(method, code):
        reason = "no body in answer to HEAD" if method == b"HEAD" else f"no body in a {code}"
        return Framing(Kind.NONE, 0, reason, 1)
    return _by_fields(head, response_body_length(method, head))


def _by_fields(head: Request | Response, length: BodyLength) -> Framing:
    """Return the decision that the fields of a message lead to."""
    if length is Unbounded.CHUNKED:
        return Framing(Kind.CHUNKED, None, "chunked, by Transfer-Encoding", 4)
    if isinstance(length, Unbounded):
        return Framing(Kind.UNTIL_CLOSE, None, "up to the end of the connection", 8)
    if head.headers.content_length is None:
        return Framing(Kind.NONE, 0, "no body, as no field announces one", 7)
    return Framing(Kind.LENGTH, length, f"{length} octets, by Content-Length", 6)
