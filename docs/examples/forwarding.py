"""What a proxy changes in a message on its way, and where it sends a request.

In: events as they came. Out: an address, and the events to send on, or `FailedError` with the
status for whoever wanted what cannot be had.

The fields that are for one hop are left out (RFC 9110 section 7.6.1) and written anew: the framing,
Connection, what is wanted of TE and Upgrade; and Via is added (section 7.6.3).
"""

from __future__ import annotations

import re
import secrets
from email.utils import formatdate

import h11
from h11_events import (
    connection_options,
    has_passed,
    list_elements,
    with_via,
    without_hop_by_hop,
)

NAME = f"h11-{secrets.token_hex(4)}"
"""What Via calls this proxy, which so knows a request that goes in a circle."""
PROTOCOLS = frozenset({b"websocket"})
"""What a client may switch to. Not HTTP/2: nobody would look at its requests any more."""
MEASURED = frozenset({b"OPTIONS", b"TRACE"})
"""The methods to which Max-Forwards applies (RFC 9110 section 7.6.2)."""
WRITTEN_ANEW = (b"host", b"content-length", b"max-forwards")

ABSOLUTE_FORM = re.compile(rb"http://([^/?]+)(.*)", re.IGNORECASE | re.DOTALL)
AUTHORITY = re.compile(rb"(?:\[(.+)\]|([^:]+))(?::([0-9]{1,5})?)?")

Address = tuple[str, int]


class FailedError(Exception):
    """The client gets an error status or, where a response has begun, not the rest of it."""

    def __init__(self, status: int, reason: str) -> None:
        """Fail with a status, and a reason for people."""
        super().__init__(reason)
        self.status = status


def parse_authority(authority: bytes, port: int = 0) -> Address:
    """Return the host of an authority, and its port or the usual one."""
    match = AUTHORITY.fullmatch(authority)
    port = int(match[3] or port) if match else 0
    if match is None or not 0 < port < 65536:
        raise FailedError(400, "There is no such host, or no such port")
    return (match[1] or match[2]).decode("latin-1"), port


def route(request: h11.Request, upstream: Address | None) -> tuple[Address, bytes, bytes]:
    """Return where a request goes, its target there, and its Host (RFC 9112 section 3.2).

    With an upstream, all go there; without one, each goes where it says.
    """
    if request.http_version >= b"2":
        raise FailedError(505, "Only HTTP/1 is spoken here")
    if has_passed(request.headers, NAME):
        raise FailedError(508, "The request goes in a circle")
    target = request.target
    if request.method == b"CONNECT":
        if upstream is not None:
            raise FailedError(501, "There are no tunnels through this proxy")
        if has_body(request):
            raise FailedError(400, "CONNECT has no body")
        return parse_authority(target), target, target
    if target == b"*" or target.startswith(b"/"):
        if upstream is None:
            raise FailedError(400, "The target has to be a URI such as http://host/path")
        return upstream, target, request.headers.get(b"host") or authority_of(upstream)
    match = ABSOLUTE_FORM.fullmatch(target)
    if match is None:
        raise FailedError(400, "Of all URIs only those of http are served here")
    authority, path = match.groups()
    if not path.startswith(b"/"):
        path = b"*" if request.method == b"OPTIONS" and not path else b"/" + path
    # The target counts, and not what Host says.
    return upstream or parse_authority(authority, 80), path, authority


def authority_of(address: Address) -> bytes:
    """Return a host and a port as Host has them."""
    host, port = address
    return f"[{host}]:{port}".encode() if ":" in host else f"{host}:{port}".encode()


def has_body(request: h11.Request) -> bool:
    """Return whether anything follows the head of a request."""
    return request.headers.is_chunked or bool(request.headers.content_length)


def wants_trailers(request: h11.Request) -> bool:
    """Return whether trailers of the response may be sent (RFC 9110 section 6.5.1)."""
    codings = request.headers.get_all(b"te")
    return request.http_version >= b"1.1" and b"trailers" in list_elements(b",".join(codings))


def fewer_forwards(request: h11.Request) -> bytes | None:
    """Return the Max-Forwards for the next recipient, if there is one (RFC 9110 section 7.6.2)."""
    limit = request.headers.get(b"max-forwards")
    if limit is None or request.method not in MEASURED:
        return limit
    if not limit.isdigit() or len(limit) > 20:
        raise FailedError(400, "Max-Forwards is no number")
    if int(limit) == 0:
        status = 200 if request.method == b"OPTIONS" else 501
        raise FailedError(status, "This is as far as Max-Forwards lets the request go")
    return b"%d" % (int(limit) - 1)


def forwarded_request(request: h11.Request, target: bytes, host: bytes) -> h11.Request:
    """Return the request to send on, framed as the one that came."""
    headers = request.headers
    kept = without_hop_by_hop(headers).without(WRITTEN_ANEW)
    fields = with_via(kept, request.http_version, NAME).raw_items()
    options = []
    # Taken from the message as it came: Connection may list any field, even these.
    if headers.is_chunked:
        fields.append((b"Transfer-Encoding", b"chunked"))
    elif headers.content_length is not None:
        fields.append((b"Content-Length", b"%d" % headers.content_length))
    if (limit := fewer_forwards(request)) is not None:
        fields.append((b"Max-Forwards", limit))
    if wants_trailers(request):
        options.append(b"TE")
        fields.append((b"TE", b"trailers"))
    proposed = list_elements(b",".join(headers.get_all(b"upgrade")))
    wanted = [protocol for protocol in proposed if protocol in PROTOCOLS]
    if wanted and request.http_version >= b"1.1":
        options.append(b"Upgrade")
        fields.append((b"Upgrade", b", ".join(wanted)))
    if options:
        fields.append((b"Connection", b", ".join(options)))
    return h11.Request(method=request.method, target=target, headers=[(b"Host", host), *fields])


def forwarded_response(response: h11.Response, *, last: bool) -> h11.Response:
    """Return the response to send back; h11 adds the framing that the client's version knows."""
    kept = without_hop_by_hop(response.headers)
    fields = with_via(kept, response.http_version, NAME).raw_items()
    if kept.get(b"date") is None:
        fields.append((b"Date", formatdate(usegmt=True).encode()))
    if last:
        fields.append((b"Connection", b"close"))
    status = response.status_code
    return h11.Response(status_code=status, headers=fields, reason=response.reason)


def forwarded_interim(response: h11.InformationalResponse) -> h11.InformationalResponse:
    """Return the informational response to send back."""
    kept = without_hop_by_hop(response.headers)
    fields = with_via(kept, response.http_version, NAME).raw_items()
    status = response.status_code
    if status == 101:
        protocols = list_elements(b",".join(response.headers.get_all(b"upgrade")))
        if not protocols or not PROTOCOLS.issuperset(protocols):
            raise FailedError(502, "The upstream switches to a protocol that nobody proposed")
        fields += [(b"Connection", b"Upgrade"), (b"Upgrade", b", ".join(protocols))]
    return h11.InformationalResponse(status_code=status, headers=fields, reason=response.reason)


def forwarded_end(event: h11.EndOfMessage, message: h11.Request | h11.Response) -> h11.EndOfMessage:
    """Return the end of a message with the trailers that are for more than one hop."""
    if not event.headers:
        return event
    options = connection_options(message.headers)
    return h11.EndOfMessage(headers=without_hop_by_hop(event.headers, options=options))
