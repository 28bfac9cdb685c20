"""What the fields mean that frame a message or steer a connection; each is decided here, once.

In: the values of a field, or the `Headers` of an event. Out: an answer that needs no more parsing.
RFC 9110 sections 7.6.1 (Connection), 7.8 (Upgrade), 8.6 (Content-Length) and 10.1.1 (Expect), and
RFC 9112 section 6.1 (Transfer-Encoding).
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from h11_events._errors import ErrorCode, LocalProtocolError, first_octets

if TYPE_CHECKING:
    from h11_events._headers import Headers

MOST_DIGITS: Final = 20
"""How many digits a length may have (RFC 9110 section 8.6); the largest 64-bit number has 20."""

FORBIDDEN_IN_TRAILERS: Final = frozenset(
    # Framing, and what describes it.
    b"content-length transfer-encoding trailer "
    # Routing, and the connection itself.
    b"host connection keep-alive proxy-connection te upgrade "
    # What has to be known before the content is processed: controls, conditions, ranges.
    b"cache-control expect max-forwards pragma range "
    b"age date expires location retry-after vary "
    b"if-match if-modified-since if-none-match if-range if-unmodified-since "
    # Authentication, and state that is as good as it.
    b"authorization proxy-authenticate proxy-authorization www-authenticate cookie set-cookie "
    # How the content is to be read.
    b"content-encoding content-range content-type".split()
)
"""The fields, in lower case, that come too late in a trailer section (RFC 9110 section 6.5.1)."""

_KEEPING_OPEN: Final = frozenset({b"keep-alive", b"Keep-Alive", b"upgrade", b"Upgrade"})
"""Usual values of Connection that leave the connection open."""


def is_length(value: bytes) -> bool:
    """Return whether a value is one decimal number of bearable length."""
    return value.isdigit() and len(value) <= MOST_DIGITS


def check_trailer_names(names: Iterable[bytes]) -> None:
    """Refuse fields that come too late in a trailer section (RFC 9110 section 6.5.1).

    Args:
        names: The field names of the section, in any case.

    Raises:
        LocalProtocolError: If one of them is in `FORBIDDEN_IN_TRAILERS`.
    """
    for name in names:
        if name.lower() in FORBIDDEN_IN_TRAILERS:
            raise LocalProtocolError(
                f"{name.decode('ascii')} comes too late in a trailer section",
                code=ErrorCode.BAD_TRAILER,
                excerpt=name,
            )


def merge_content_lengths(values: Sequence[bytes]) -> bytes:
    """Return the one length that all values of Content-Length agree on (RFC 9110 section 8.6).

    Args:
        values: The value of each Content-Length field line; one may itself be a list.

    Returns:
        The length, in digits.

    Raises:
        LocalProtocolError: If they differ, or are no decimal number of at most 20 digits.
    """
    lengths = {length.strip(b" \t") for value in values for length in value.split(b",")}
    if len(lengths) != 1:
        shown = first_octets(b", ".join(values))
        raise LocalProtocolError(
            f"conflicting Content-Length headers: {shown!r}",
            code=ErrorCode.BAD_FRAMING,
            excerpt=shown,
        )
    length = lengths.pop()
    if not is_length(length):
        raise LocalProtocolError(
            f"bad Content-Length: {first_octets(length)!r}, expected at most {MOST_DIGITS} digits",
            code=ErrorCode.BAD_FRAMING,
            excerpt=length,
        )
    return length


def merge_transfer_encodings(values: Sequence[bytes]) -> bytes:
    """Return the one transfer coding that is understood, in lower case (RFC 9112 section 6.1).

    Args:
        values: The value of each Transfer-Encoding field line.

    Returns:
        `b"chunked"`.

    Raises:
        LocalProtocolError: If the last coding is not `chunked`, or it is there twice; with status
            hint 501 if a coding that is not understood comes before it.
    """
    codings = list_elements(b",".join(values))
    if codings == [b"chunked"]:
        return b"chunked"
    shown = first_octets(b", ".join(values))
    if not codings or codings[-1] != b"chunked":
        raise LocalProtocolError(
            f"Transfer-Encoding does not end with chunked: {shown!r}",
            code=ErrorCode.BAD_FRAMING,
            excerpt=shown,
        )
    if codings.count(b"chunked") > 1:
        raise LocalProtocolError(
            f"Transfer-Encoding has chunked more than once: {shown!r}",
            code=ErrorCode.BAD_FRAMING,
            excerpt=shown,
        )
    raise LocalProtocolError(
        f"Only Transfer-Encoding: chunked is supported, not {shown!r}",
        code=ErrorCode.UNSUPPORTED_CODING,
        excerpt=shown,
    )


def has_late_host(headers: "Headers") -> bool:
    """Return whether other fields come before Host (RFC 9110 section 7.2).

    Args:
        headers: The headers of a message.

    Returns:
        True if Host is there, but not first.
    """
    index = headers._index
    return b"host" in index and next(iter(index)) != b"host"


def connection_options(headers: "Headers") -> frozenset[bytes]:
    """Return the options that Connection lists, in lower case.

    Args:
        headers: The headers of a request or response.

    Returns:
        The options of all its field lines together (RFC 9110 section 7.6.1).
    """
    return frozenset(list_elements(b",".join(headers.get_all(b"connection"))))


def closes_connection(headers: "Headers") -> bool:
    """Return whether a message is the last of its sender on this connection.

    Args:
        headers: The headers of a request or response.

    Returns:
        True if Connection lists `close`, in any case (RFC 9112 section 9.6).
    """
    index = headers._index
    if b"connection" not in index:
        return False
    if headers._pairs is None and index[b"connection"] in _KEEPING_OPEN:
        return False
    return b"close" in connection_options(headers)


def steers_cycle(headers: "Headers") -> bool:
    """Return whether a request asks for anything beyond its response; to be asked first.

    Args:
        headers: The headers of a request.

    Returns:
        False if neither `closes_connection` nor `proposes_upgrade` nor `expects_100_continue` is
        true, which is so for nearly all requests; otherwise they have to be asked.
    """
    index = headers._index
    if b"upgrade" in index or b"expect" in index:
        return True
    if b"connection" not in index:
        return False
    return headers._pairs is not None or index[b"connection"] not in _KEEPING_OPEN


def list_elements(value: bytes) -> list[bytes]:
    """Return the elements of a comma-separated list, in lower case (RFC 9110 section 5.6.1).

    Args:
        value: A field value whose elements are tokens.

    Returns:
        Its elements; empty ones are left out.
    """
    elements = (element.strip(b" \t") for element in value.lower().split(b","))
    return [element for element in elements if element]


def proposes_upgrade(headers: "Headers") -> bool:
    """Return whether a request proposes another protocol (RFC 9110 section 7.8).

    Args:
        headers: The headers of a request.

    Returns:
        True if Upgrade lists any.
    """
    if b"upgrade" not in headers._index:
        return False
    return bool(list_elements(b",".join(headers.get_all(b"upgrade"))))


def expects_100_continue(headers: "Headers") -> bool:
    """Return whether a request waits for leave to send its body (RFC 9110 section 10.1.1).

    Args:
        headers: The headers of a request.

    Returns:
        True if Expect lists `100-continue`, in any case.
    """
    if b"expect" not in headers._index:
        return False
    return b"100-continue" in list_elements(b",".join(headers.get_all(b"expect")))
