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
    content_length,
    is_chunked,
    with_headers,
)
from h11_parser import has_body

_HasHeaders = TypeVar("_HasHeaders", Request, InformationalResponse, Response, EndOfMessage)


def put_host_first(event: _HasHeaders) -> _HasHeaders:
    """Return an event in which Host comes before all other fields (RFC 9110 section 7.2).

    Args:
        event: What the user wants to send.

    Returns:
        The event itself, if there is nothing to change.
    """
    headers = event.headers
    if headers and headers[0][0] != b"host" and headers.get(b"host") is not None:
        lines = headers.raw_items()
        lines.sort(key=lambda line: line[0].lower() != b"host")
        return with_headers(event, Headers.from_field_lines(lines))
    return event


def prepare_response(
    response: Response,
    *,
    request_method: bytes | None,
    peer_version: bytes | None,
    keep_alive: bool,
) -> Response:
    """Return a response that is framed as its recipient understands, and says if it is the last.

    Args:
        response: What the user wants to send.
        request_method: The method that it answers; None if the request was not understood.
        peer_version: The HTTP version of the recipient; None if nothing is known of it.
        keep_alive: Whether another cycle may follow, going by the request.

    Returns:
        The response itself, if there is nothing to change.
    """
    headers = response.headers
    has_length = content_length(headers) is not None and not is_chunked(headers)
    # A response to HEAD has the headers that one to GET would have (RFC 9110 section 9.3.2).
    asked_as = b"GET" if request_method == b"HEAD" else request_method
    needs_framing = not has_length and has_body(asked_as, response.status_code)
    if keep_alive and not needs_framing:
        return response
    replaced: set[bytes] = set()
    added: list[tuple[bytes, bytes]] = []
    if needs_framing:
        replaced |= {b"content-length", b"transfer-encoding"}
        if peer_version is not None and peer_version >= b"1.1":
            added.append((b"Transfer-Encoding", b"chunked"))
        elif request_method != b"HEAD":
            keep_alive = False
    if not keep_alive:
        replaced.add(b"connection")
        options = connection_options(headers) - {b"keep-alive"} | {b"close"}
        added += [(b"Connection", option) for option in sorted(options)]
    kept = [
        line
        for line, (name, _) in zip(headers.raw_items(), headers, strict=True)
        if name not in replaced
    ]
    return with_headers(response, Headers.from_field_lines(kept + added))
