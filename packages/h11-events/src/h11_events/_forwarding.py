"""What an intermediary takes out of a message, and what it adds, before it forwards it.

In: the `Headers` of a message that was received. Out: those of the message to send (RFC 9110
sections 7.6.1, Connection; 7.6.3, Via; and 11.7, authentication to proxies).
"""

import re
from collections.abc import Iterable
from typing import Final

from h11_events._errors import ErrorCode, LocalProtocolError, first_octets
from h11_events._fields import connection_options, list_elements
from h11_events._grammar import TOKEN, Octets, to_octets
from h11_events._headers import Headers

HOP_BY_HOP: Final = frozenset(
    b"connection keep-alive proxy-connection te transfer-encoding upgrade".split()
)
"""The fields, in lower case, that are about one connection alone (RFC 9110 section 7.6.1)."""

PROXY_AUTHENTICATION: Final = frozenset(
    b"proxy-authenticate proxy-authentication-info proxy-authorization".split()
)
"""The fields, in lower case, between a client and the next proxy (RFC 9110 section 11.7)."""

_VIA_PROTOCOL = re.compile(rb"(?:%b/)?%b" % (TOKEN, TOKEN))
_OPENING, _CLOSING, _BACKSLASH = b"()\\"
_RECEIVED_BY = re.compile(rb"%b(?::[0-9]*)?" % TOKEN)


def without_hop_by_hop(
    headers: Headers, *, options: Iterable[bytes] = (), keep_proxy_authentication: bool = False
) -> Headers:
    """Return the fields of a message that are meant for more than one connection.

    What goes: Connection and every field that it lists, `HOP_BY_HOP`, and `PROXY_AUTHENTICATION`.
    Connection may list any field, even Host or Content-Length: whoever forwards takes the authority
    and the framing from the message as it came, and frames the body anew. Trailer stays, because it
    is about the message (RFC 9110 section 6.6.2).

    Args:
        headers: The header section or the trailer section of a message that was received.
        options: Further connection options, in lower case: to a trailer section those of its header
            section apply, which `connection_options` tells.
        keep_proxy_authentication: Whether proxies authenticate a request together, so that
            credentials and challenges are to be relayed (RFC 9110 section 11.7.2).

    Returns:
        The other field lines, in the order and casing that they came in; the same object if there
        is nothing to leave out.
    """
    names = HOP_BY_HOP.union(connection_options(headers), options)
    return headers.without(names if keep_proxy_authentication else names | PROXY_AUTHENTICATION)


def with_via(headers: Headers, http_version: Octets, received_by: Octets) -> Headers:
    """Return the headers with an entry in Via for whoever forwards the message.

    Args:
        headers: The header section that is about to be forwarded.
        http_version: The version of the message as it was received, such as `b"1.1"`; for another
            protocol than HTTP with its name before, such as `b"HTTPS/1.3"`.
        received_by: The name of the forwarder, with a port or without: its host, or a pseudonym,
            which an IPv6 address needs in any case.

    Returns:
        The same field lines, and a last one. Lines of Via that are there stay as they are, because
        all lines of a list count as one, in their order (RFC 9110 section 5.3).

    Raises:
        LocalProtocolError: If the version or the name is illegal in Via (RFC 9110 section 7.6.3).
    """
    protocol, name = to_octets(http_version), to_octets(received_by)
    if not _VIA_PROTOCOL.fullmatch(protocol) or not _RECEIVED_BY.fullmatch(name):
        entry = b"%b %b" % (protocol, name)
        raise LocalProtocolError(
            f"Illegal entry of Via: {first_octets(entry)!r}",
            code=ErrorCode.BAD_FIELD_LINE,
            excerpt=entry,
        )
    return Headers.from_field_lines([*headers.raw_items(), (b"Via", b"%b %b" % (protocol, name))])


def has_passed(headers: Headers, received_by: Octets) -> bool:
    """Return whether a message has been forwarded by somebody before, going by Via.

    For whoever shall not forward a message to itself for ever (RFC 9110 section 7.6).

    Args:
        headers: The headers of a message that was received.
        received_by: The name that the forwarder gave to `with_via`.

    Returns:
        True if an entry of Via has that name, in any case.
    """
    name = to_octets(received_by).lower()
    lines = map(_without_comments, headers.get_all(b"via"))
    entries = (entry for line in lines for entry in list_elements(line))
    return any(entry.split()[1:2] == [name] for entry in entries)


def _without_comments(value: bytes) -> bytes:
    """Return a value without its comments, which may have others in them (RFC 9110 section 5.6.5).

    If one of them does not end, the value stays as it is: rather a false alarm than a message that
    hides who has forwarded it.
    """
    kept = bytearray()
    depth = 0
    octets = iter(value)
    for octet in octets:
        if octet == _OPENING:
            depth += 1
        elif not depth:
            kept.append(octet)
        elif octet == _CLOSING:
            depth -= 1
        elif octet == _BACKSLASH:
            next(octets, None)
    return value if depth else bytes(kept)
