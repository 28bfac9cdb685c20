"""What the fields mean that frame a message or steer a connection; each is decided here, once.

In: the values of a field, or the `Headers` of an event. Out: an answer that needs no more parsing.
RFC 9110 sections 7.6.1 (Connection), 7.8 (Upgrade), 8.6 (Content-Length) and 10.1.1 (Expect), and
RFC 9112 section 6.1 (Transfer-Encoding).
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from h11_events._errors import LocalProtocolError, excerpt

if TYPE_CHECKING:
    from h11_events._headers import Headers

_MOST_DIGITS: Final = 20
"""How many digits a length may have (RFC 9110 section 8.6); the largest 64-bit number has 20."""

_KEEPING_OPEN: Final = frozenset({b"keep-alive", b"Keep-Alive", b"upgrade", b"Upgrade"})
"""Usual values of Connection that leave the connection open."""


def is_length(value: bytes) -> bool:
    """Return whether a value is one decimal number of bearable length."""
    return value.isdigit() and len(value) <= _MOST_DIGITS


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
        raise LocalProtocolError(
            f"conflicting Content-Length headers: {excerpt(b', '.join(values))}"
        )
    length = lengths.pop()
    if not is_length(length):
        raise LocalProtocolError(f"bad Content-Length: {excerpt(length)}")
    return length


def merge_transfer_encodings(values: Sequence[bytes]) -> bytes:
    """Return the one transfer coding that is understood, in lower case (RFC 9112 section 6.1).

    Args:
        values: The value of each Transfer-Encoding field line.

    Returns:
        `b"chunked"`.

    Raises:
        LocalProtocolError: With status hint 501, if it is anything but one `chunked`.
    """
    if len(values) > 1:
        raise LocalProtocolError(
            f"multiple Transfer-Encoding headers: {excerpt(b', '.join(values))}", 501
        )
    coding = values[0].lower()
    if coding != b"chunked":
        raise LocalProtocolError(
            f"Only Transfer-Encoding: chunked is supported, not {excerpt(values[0])}", 501
        )
    return coding


def has_late_host(headers: "Headers") -> bool:
    """Return whether other fields come before Host (RFC 9110 section 7.2).

    Args:
        headers: The headers of a message.

    Returns:
        True if Host is there, but not first.
    """
    index = headers._index
    return b"host" in index and next(iter(index)) != b"host"


def content_length(headers: "Headers") -> int | None:
    """Return the length that Content-Length announces, in bytes.

    Args:
        headers: The headers of a request or response.

    Returns:
        The length; None without the field (RFC 9110 section 8.6).
    """
    return headers._content_length


def is_chunked(headers: "Headers") -> bool:
    """Return whether Transfer-Encoding frames the body; the only coding known is `chunked`.

    Args:
        headers: The headers of a request or response.

    Returns:
        True with the field (RFC 9112 section 6.1).
    """
    return b"transfer-encoding" in headers._index


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
