"""What the fields mean that frame a message or steer a connection; each is decided here, once.

In: the values of a field, or the `Headers` of an event. Out: an answer that needs no more parsing.
RFC 9110 sections 7.6.1 (Connection), 7.8 (Upgrade), 8.6 (Content-Length) and 10.1.1 (Expect), and
RFC 9112 section 6.1 (Transfer-Encoding).
"""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from h11_events._errors import LocalProtocolError, excerpt

if TYPE_CHECKING:
    from h11_events._headers import Headers

_CONTENT_LENGTH = re.compile(rb"[0-9]{1,20}")
"""1*DIGIT (RFC 9110 section 8.6), as many as the largest 64-bit number has."""

_NO_OPTIONS: Final[frozenset[bytes]] = frozenset()
_USUAL_CONNECTION_VALUES: Final = {
    b"close": frozenset({b"close"}),
    b"keep-alive": frozenset({b"keep-alive"}),
    b"Keep-Alive": frozenset({b"keep-alive"}),
    b"Upgrade": frozenset({b"upgrade"}),
    b"upgrade": frozenset({b"upgrade"}),
}


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
    if not _CONTENT_LENGTH.fullmatch(length):
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


def content_length(headers: "Headers") -> int | None:
    """Return the length that Content-Length announces, in bytes.

    Args:
        headers: The headers of a request or response.

    Returns:
        The length; None without the field (RFC 9110 section 8.6).
    """
    value = headers._index.get(b"content-length")
    return None if value is None else int(value)


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
    value = headers._index.get(b"connection")
    if value is None:
        return _NO_OPTIONS
    if headers.has_repeated_names:
        value = b",".join(headers.get_all(b"connection"))
    usual = _USUAL_CONNECTION_VALUES.get(value)
    return frozenset(list_elements(value)) if usual is None else usual


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
        True with an Upgrade field.
    """
    return b"upgrade" in headers._index


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
