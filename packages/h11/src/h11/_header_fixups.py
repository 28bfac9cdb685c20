"""What is made right in the headers of a message that is about to be sent.

In: an event, and what is known about the peer. Out: the same event, or one whose headers say what
will really happen: how the body is framed (RFC 9112 section 6), whether the connection stays open
(section 9.6), and Host before all other fields (RFC 9110 section 7.2).
"""

from typing import Final, TypeVar

from h11_events import (
    ErrorCode,
    Headers,
    InformationalResponse,
    LocalProtocolError,
    Request,
    Response,
    connection_options,
    has_late_host,
    with_headers,
)
from h11_parser import BodyLength, Unbounded, response_body_length

_FRAMING: Final = frozenset({b"content-length", b"transfer-encoding"})
"""The fields that frame a body (RFC 9112 section 6)."""

_NOTHING: Final[frozenset[bytes]] = frozenset()

_USUAL_CODING: Final = (b"Transfer-Encoding", b"chunked")
"""How nearly everybody writes it."""

_HasHeaders = TypeVar("_HasHeaders", bound=Request | InformationalResponse | Response)


def in_our_version(event: _HasHeaders) -> _HasHeaders:
    """Return an event in which Host comes before all other fields (RFC 9110 section 7.2).

    Args:
        event: What the user wants to send.

    Returns:
        The event itself, or a copy with its field lines in that order.

    Raises:
        LocalProtocolError: If it claims to be of another version than ours.
    """
    if event.http_version != b"1.1":
        raise LocalProtocolError(
            f"I only send HTTP/1.1, not {event.http_version.decode('ascii')}",
            code=ErrorCode.UNSUPPORTED_VERSION,
        )
    if not has_late_host(event.headers):
        return event
    lines = event.headers.raw_items()
    lines.sort(key=lambda line: line[0].lower() != b"host")
    return with_headers(event, Headers.from_field_lines(lines))


def without_framing(response: InformationalResponse) -> InformationalResponse:
    """Return an informational response without fields that frame a body, which it cannot have.

    Args:
        response: What the user wants to send (RFC 9110 section 8.6, RFC 9112 section 6.1).
    """
    headers = response.headers.without(_FRAMING)
    return response if headers is response.headers else with_headers(response, headers)


def frame_request(request: Request) -> Request:
    """Return a request whose length is told once: Transfer-Encoding counts.

    Args:
        request: What the user wants to send; its body is chunked (RFC 9112 section 6.2).
    """
    headers = request.headers.without((b"content-length",))
    return spell_coding(request if headers is request.headers else with_headers(request, headers))


def spell_coding(event: _HasHeaders) -> _HasHeaders:
    """Return an event whose transfer coding is in lower case, which no recipient mistakes.

    Args:
        event: What the user wants to send; it has Transfer-Encoding (RFC 9112 section 7).
    """
    headers = event.headers
    lines = headers.raw_items()
    if _USUAL_CODING in lines:
        return event
    spelled = [(name, value) for (name, _), (_, value) in zip(lines, headers, strict=True)]
    return event if spelled == lines else with_headers(event, Headers.from_field_lines(spelled))


def with_keep_alive(response: Response) -> Response:
    """Return a response that tells a client of HTTP/1.0 that the connection persists.

    Args:
        response: What the user wants to send (RFC 9112 appendix C.2.2). To be called before
            `frame_response`, which takes the option away again where the connection closes.

    Returns:
        The response itself, if the user has said so already.
    """
    headers = response.headers
    if b"keep-alive" in connection_options(headers):
        return response
    lines = [*headers.raw_items(), (b"Connection", b"keep-alive")]
    return with_headers(response, Headers.from_field_lines(lines))


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
    misplaced = _NOTHING
    if length == 0:
        if response.headers.is_chunked:
            response = spell_coding(response)
        misplaced = _misplaced_framing(response, request_method, peer_version)
    if keep_alive and isinstance(length, int) and not misplaced:
        return response, 0 if is_head else length
    replaced = set(misplaced)
    headers = response.headers
    added: list[tuple[bytes, bytes]] = []
    if isinstance(length, Unbounded):
        replaced |= _FRAMING
        if _speaks_1_1(peer_version):
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


def _misplaced_framing(
    response: Response, request_method: bytes | None, peer_version: bytes | None
) -> frozenset[bytes]:
    """Return the fields that may not frame a response without a body (RFC 9112 section 6.1)."""
    tunnels = request_method == b"CONNECT" and response.status_code < 300
    names = _NOTHING
    if response.status_code == 204 or tunnels:
        names = _FRAMING
    elif not _speaks_1_1(peer_version):
        names = frozenset({b"transfer-encoding"})
    elif response.headers.is_chunked:
        names = frozenset({b"content-length"})
    return frozenset(name for name in names if response.headers.get(name) is not None)


def _speaks_1_1(peer_version: bytes | None) -> bool:
    """Return whether a recipient is known to understand Transfer-Encoding."""
    return peer_version is not None and peer_version >= b"1.1"
