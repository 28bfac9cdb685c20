"""A stream of responses in, the messages in it out, by the ABNF alone (RFC 9112 appendix A).

The other half of `reference`, which has the rules that requests and responses share: the status
line, and which responses have no body (RFC 9112 sections 4 and 6.3).
"""

import re
from collections.abc import Sequence
from typing import Final

from tests.attacks.reference import (
    FIELD_LINE,
    Message,
    NotHttp,
    Reading,
    announced_length,
    announces_chunks,
    body_length,
    demand,
    fields_of,
    read_body,
    without_framing,
)

REASON_PHRASE: Final = r"[\t \x21-\x7e\x80-\xff]*"
HEAD: Final = re.compile(
    rf"HTTP/([0-9]\.[0-9]) ([1-9][0-9][0-9])(?: ({REASON_PHRASE}))?\r\n"
    rf"((?:{FIELD_LINE}\r\n)*)\r\n"
)
"""The space before a missing reason phrase may be missing, too, as many servers do (section 4)."""


def has_body(method: str, status: str) -> bool:
    """Return whether a final response has a body at all (section 6.3, rules 1 and 2)."""
    return method != "HEAD" and status not in ("204", "304")


def read_response(
    stream: str, at: int, method: str, forbidden: frozenset[str]
) -> tuple[Message, bool, int]:
    """Return a response, whether a tunnel follows, and where it ends."""
    demand(match := HEAD.match(stream, at))
    assert match is not None
    version, status, reason, lines = match.groups(default="")
    fields, at = fields_of(lines), match.end()
    demand(version[0] == "1")
    message = Message((version, status, reason), without_framing(fields), "", [])
    if status[0] == "1":
        announced_length(fields)
        announces_chunks(fields)
        return message, status == "101", at
    length = body_length(version, fields)
    if method == "CONNECT" and status[0] == "2":
        return message, True, at
    content, trailers, at = read_body(
        stream, at, length if has_body(method, status) else 0, forbidden
    )
    return message._replace(body=content, trailers=trailers), False, at


def read_responses(octets: bytes, methods: Sequence[str], forbidden: frozenset[str]) -> Reading:
    """Return the responses that a stream holds.

    Args:
        octets: The stream, up to its end.
        methods: The methods of the requests that are answered, and GET for all after them.
        forbidden: The names, in lower case, that no trailer section may have.
    """
    stream = octets.decode("latin-1")
    messages: list[Message] = []
    left = list(methods)
    at = 0
    while at < len(stream):
        method = left[0] if left else "GET"
        try:
            message, tunnel, at = read_response(stream, at, method, forbidden)
        except NotHttp:
            return Reading(messages, accepted=False)
        messages.append(message)
        if tunnel:
            return Reading(messages, accepted=True, tunnel=stream[at:])
        if message.start[1][0] != "1":
            left = left[1:]
    return Reading(messages, accepted=True)
