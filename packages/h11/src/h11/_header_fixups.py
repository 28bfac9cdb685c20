"""What is made right in the headers of a message that is about to be sent.

In: an event, and what is known about the peer. Out: the same event, or one whose headers say what
will really happen: how the body is framed (RFC 9112 section 6), whether the connection stays open
(section 9.6), and Host before all other fields (RFC 9110 section 7.2).
"""

from typing import TypeVar

from h11_events import (
    EndOfMessage,
    Headers,
    InformationalResponse,
    Request,
    Response,
    connection_options,
    with_headers,
)
from h11_parser import BodyLength, Unbounded, response_body_length

_HasHeaders = TypeVar(
    "_HasHeaders", bound=Request | InformationalResponse | Response | EndOfMessage
)


def put_host_first(event: _HasHeaders) -> _HasHeaders:
    """Return an event in which Host comes before all other fields (RFC 9110 section 7.2).

    Args:
        event: What the user wants to send.

    Returns:
        A copy with its field lines in that order.
    """
    lines = event.headers.raw_items()
    lines.sort(key=lambda line: line[0].lower() != b"host")
    return with_headers(event, Headers.from_field_lines(lines))


def frame_response(
    response: Response,
    request_method: bytes | None,
    peer_version: bytes | None,
    keep_alive: bool,
) -> tuple[Response, BodyLength]:
    """Return a response that is framed as its recipient understands, and says if it is the last.

    Args:
        response: What the user wants to send.
        request_method: The method that it answers; None if the request was not understood.
        peer_version: The HTTP version of the recipient; None if nothing is known of it.
        keep_alive: Whether another cycle may follow, going by the request.

    Returns:
        The response, itself if there is nothing to change, and how long its body is.
    """
    # A response to HEAD has the headers that one to GET would have (RFC 9110 section 9.3.2).
    is_head = request_method == b"HEAD"
    length = response_body_length(b"GET" if is_head else request_method, response)
    if keep_alive and isinstance(length, int):
        return response, 0 if is_head else length
    headers = response.headers
    replaced: set[bytes] = set()
    added: list[tuple[bytes, bytes]] = []
    if isinstance(length, Unbounded):
        replaced |= {b"content-length", b"transfer-encoding"}
        if peer_version is not None and peer_version >= b"1.1":
            length = Unbounded.CHUNKED
            added.append((b"Transfer-Encoding", b"chunked"))
        else:
            length = Unbounded.UNTIL_CLOSE
            keep_alive = keep_alive and is_head
    if not keep_alive:
        replaced.add(b"connection")
        options = connection_options(headers) - {b"keep-alive"} | {b"close"}
        added += [(b"Connection", option) for option in sorted(options)]
    kept = [
        line
        for line, (name, _) in zip(headers.raw_items(), headers, strict=True)
        if name not in replaced
    ]
    response = with_headers(response, Headers.from_field_lines(kept + added))
    return response, 0 if is_head else length
