"""The grammar of the parts of a message: method, target, version, fields, reason phrase.

In: text or octets from a user or a peer. Out: `bytes` that the grammar allows, or
`LocalProtocolError` (RFC 9110 section 5, RFC 9112 sections 2 to 5; the ABNF is collected in
appendix A of both).
"""

import re
from functools import cache
from typing import Final

from h11_events._errors import ErrorCode, LocalProtocolError, first_octets

Octets = str | bytes | bytearray | memoryview
"""What is taken where the wire has octets; a `str` must be ASCII."""

TOKEN: Final = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
"""token = 1*tchar (RFC 9110 section 5.6.2)."""

REQUEST_TARGET: Final = rb"[\x21-\x7e]+"
"""Any run of visible ASCII; its four forms are of RFC 9112 section 3.2."""

HTTP_VERSION: Final = rb"[0-9]\.[0-9]"
"""DIGIT "." DIGIT (RFC 9112 section 2.3)."""

FIELD_VALUE_FORBIDDEN: Final = bytes(set(range(0x20)) - set(b"\t")) + b"\x7f"
"""The octets that no field value has: all control octets but HTAB (RFC 9110 section 5.5)."""

_FORBIDDEN_TO_DASH: Final = bytes.maketrans(
    FIELD_VALUE_FORBIDDEN, b"-" * len(FIELD_VALUE_FORBIDDEN)
)

USUAL_METHODS: Final = frozenset(
    {b"GET", b"HEAD", b"POST", b"PUT", b"DELETE", b"OPTIONS", b"PATCH"}
)
"""Methods that need no check (RFC 9110 section 9.3, RFC 5789)."""

_METHOD = re.compile(TOKEN)
_TARGET = re.compile(REQUEST_TARGET)
_VERSION = re.compile(HTTP_VERSION)
_REASON_PHRASE = re.compile(rb"[\t\x20-\x7e\x80-\xff]*")
_FIELD_NAME = re.compile(TOKEN)


def to_octets(value: Octets) -> bytes:
    """Return a value as `bytes`.

    Args:
        value: ASCII text, or any bytes-like object.

    Returns:
        The same octets, in an object that nobody can change.

    Raises:
        UnicodeEncodeError: If text is not ASCII.
        TypeError: If it is neither text nor bytes-like.
    """
    if type(value) is bytes:
        return value
    if isinstance(value, str):
        return value.encode("ascii")
    # PyPy would keep a bytearray from being resized for as long as the view lives.
    with memoryview(value) as view:
        return bytes(view)


def check_method(method: bytes) -> None:
    """Refuse what is no method (RFC 9110 section 9.1)."""
    if not _METHOD.fullmatch(method):
        raise LocalProtocolError(
            f"Illegal method characters in {first_octets(method)!r}",
            code=ErrorCode.BAD_REQUEST_LINE,
            excerpt=method,
        )


def check_target(target: bytes) -> None:
    """Refuse what is no request target (RFC 9112 section 3.2)."""
    if not _TARGET.fullmatch(target):
        raise LocalProtocolError(
            f"Illegal target characters in {first_octets(target)!r}",
            code=ErrorCode.BAD_REQUEST_LINE,
            excerpt=target,
        )


def check_http_version(http_version: bytes) -> None:
    """Refuse what is not two digits with a dot between them (RFC 9112 section 2.3)."""
    if not _VERSION.fullmatch(http_version):
        raise LocalProtocolError(
            f"Illegal HTTP version {first_octets(http_version)!r}, expected two digits like b'1.1'",
            code=ErrorCode.UNSUPPORTED_VERSION,
            excerpt=http_version,
        )


def check_reason_phrase(reason: bytes) -> None:
    """Refuse what would break out of a status line (RFC 9112 section 4)."""
    if not _REASON_PHRASE.fullmatch(reason):
        raise LocalProtocolError(
            f"Illegal reason phrase {first_octets(reason)!r}",
            code=ErrorCode.BAD_STATUS_LINE,
            excerpt=reason,
        )


def judged_extension(extension: Octets) -> bytes:
    """Return a chunk extension as `bytes`; refuse what is none (RFC 9112 section 7.1.1)."""
    octets = to_octets(extension)
    if not _chunk_extension().fullmatch(octets):
        raise LocalProtocolError(
            f"Illegal chunk extension {first_octets(octets)!r}",
            code=ErrorCode.BAD_CHUNK,
            excerpt=octets,
        )
    return octets


@cache
def _chunk_extension() -> re.Pattern[bytes]:
    """Return the pattern of chunk-ext; hardly anybody needs it, so it is not compiled at import."""
    blanks = rb"[ \t]*+"
    quoted = rb'"(?:[\t\x20\x21\x23-\x5b\x5d-\x7e\x80-\xff]|\\[\t\x20-\x7e\x80-\xff])*+"'
    value = rb"%b=%b(?:%b|%b)" % (blanks, blanks, TOKEN, quoted)
    return re.compile(rb"(?:%b;%b%b(?:%b)?+)*+" % (blanks, blanks, TOKEN, value))


def is_clean(values: bytes) -> bool:
    """Return whether field values, one or many joined, have no forbidden octet."""
    # To replace octets is faster than to delete them, which sets up a table first.
    return values.translate(_FORBIDDEN_TO_DASH) == values


def check_field_values(values: list[bytes]) -> None:
    """Refuse field values with forbidden octets or with blanks at an end (RFC 9110 section 5.5).

    Args:
        values: The values of all field lines of one section.

    Raises:
        LocalProtocolError: If one of them is illegal.
    """
    for value in values:
        if not is_clean(value) or value.strip() != value:
            raise LocalProtocolError(
                f"Illegal header value {first_octets(value)!r}",
                code=ErrorCode.BAD_FIELD_LINE,
                excerpt=value,
            )


class FieldNames:
    """The field names seen lately, each with its lower-case form.

    A look-up gives the lower-case form, and judges a name that is not there yet (RFC 9110 section
    5.1). The number and the length of what it keeps are bounded, so a peer that sends ever new
    names costs time, not memory.

    Attributes:
        known: The names that were judged; for whoever has many names to look up, and comes back
            for those that are not in it.
        known_on_wire: The same by how a line begins on the wire: LF of the line before, name,
            colon.
    """

    __slots__ = ("known", "known_on_wire")

    MOST_NAMES: Final = 1024
    LONGEST_NAME: Final = 64

    known: dict[bytes, bytes]
    known_on_wire: dict[bytes, bytes]

    def __init__(self) -> None:
        self.known = {}
        self.known_on_wire = {}

    def __getitem__(self, name: bytes) -> bytes:
        """Return the lower-case form, and remember it if there is reason to.

        Raises:
            LocalProtocolError: If the name is no token.
        """
        known = self.known
        # Another thread may empty the table between two look-ups.
        lower = known.get(name)
        if lower is not None:
            return lower
        if not _FIELD_NAME.fullmatch(name):
            raise LocalProtocolError(
                f"Illegal header name {first_octets(name)!r}",
                code=ErrorCode.BAD_FIELD_LINE,
                excerpt=name,
            )
        lower = name.lower()
        if len(name) <= self.LONGEST_NAME:
            if len(known) >= self.MOST_NAMES:
                known.clear()
            known[name] = lower
        return lower

    def of_line(self, beginning: bytes) -> bytes:
        """Return the lower-case form of the name that a line begins with on the wire.

        Args:
            beginning: LF, the name, and a colon.

        Raises:
            LocalProtocolError: If it is anything else.
        """
        if beginning[:1] != b"\n" or beginning[-1:] != b":":
            raise LocalProtocolError(
                f"illegal field line: {first_octets(beginning)!r} is no name with a colon",
                code=ErrorCode.BAD_FIELD_LINE,
                excerpt=beginning,
            )
        name = beginning[1:-1]
        lower = self[name]
        if len(name) <= self.LONGEST_NAME:
            if len(self.known_on_wire) >= self.MOST_NAMES:
                self.known_on_wire.clear()
            self.known_on_wire[beginning] = lower
        return lower


FIELD_NAMES: Final = FieldNames()
"""The one table of this process: field names are few and the same on all connections."""
