"""What legal messages look like: hypothesis strategies that the tests of all packages share.

In: nothing, or the parts that a test wants to choose itself. Out: strategies of names, values,
events and bodies that the grammar allows (RFC 9110 section 5, RFC 9112 sections 3 to 7), small
enough for any limit. No header list and no message steers the connection by accident: it has none
of the fields in `STEERING_FIELDS` unless a test asks for it.
"""

from functools import cache
from itertools import pairwise
from typing import Final

from hypothesis import strategies as st

from h11_events import (
    FORBIDDEN_IN_TRAILERS,
    FieldLine,
    InformationalResponse,
    Request,
    Response,
)

TCHAR: Final = b"!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
"""The octets of a token (RFC 9110 section 5.6.2)."""

VCHAR: Final = bytes(range(0x21, 0x7F))
"""The visible octets of ASCII (RFC 5234 appendix B.1)."""

TARGET: Final = VCHAR.replace(b"#", b"")
"""The octets that a server takes in a path and a query: those of browsers, too."""

OBS_TEXT: Final = bytes(range(0x80, 0x100))
"""The octets above ASCII that a field value may have (RFC 9110 section 5.5)."""

STEERING_FIELDS: Final = frozenset(
    {b"host", b"content-length", b"transfer-encoding", b"connection", b"upgrade", b"expect"}
)
"""The fields, in lower case, that frame a message or steer a connection."""

COMMON_NAMES: Final = [b"Accept", b"cookie", b"Set-Cookie", b"SET-COOKIE", b"User-Agent", b"x-id"]
COMMON_METHODS: Final = [b"GET", b"HEAD", b"POST", b"PUT", b"DELETE", b"OPTIONS", b"get"]


def octets(alphabet: bytes, *, min_size: int = 0, max_size: int = 20) -> st.SearchStrategy[bytes]:
    """Return a strategy of octet strings over an alphabet."""
    text = st.text(alphabet.decode("latin-1"), min_size=min_size, max_size=max_size)
    return text.map(lambda drawn: drawn.encode("latin-1"))


def casings(word: bytes) -> st.SearchStrategy[bytes]:
    """Return a strategy of the same ASCII word in any mixture of upper and lower case."""
    letters = word.lower().decode("ascii")

    def recased(capitals: int) -> bytes:
        """Return the word with a capital for each bit of a number."""
        return "".join(
            letter.upper() if capitals >> place & 1 else letter
            for place, letter in enumerate(letters)
        ).encode()

    return st.integers(0, 2 ** len(word) - 1).map(recased)


@cache
def field_names() -> st.SearchStrategy[bytes]:
    """Return a strategy of field names in any case, none of them in `STEERING_FIELDS`."""
    tokens = octets(TCHAR, min_size=1).filter(lambda name: name.lower() not in STEERING_FIELDS)
    return st.one_of([casings(name) for name in COMMON_NAMES]) | tokens


@cache
def field_values() -> st.SearchStrategy[bytes]:
    """Return a strategy of field values, also empty ones, with white space only inside."""
    return octets(VCHAR + OBS_TEXT + b" \t", max_size=40).map(lambda value: value.strip(b" \t"))


@cache
def header_lists(*, max_size: int = 8) -> st.SearchStrategy[list[FieldLine]]:
    """Return a strategy of header sections as lists of pairs; names may be there several times."""
    return st.lists(st.tuples(field_names(), field_values()), max_size=max_size)


def trailers() -> st.SearchStrategy[list[FieldLine]]:
    """Return a strategy of trailer sections as lists of pairs; mostly short, often empty.

    None of the fields comes too late there (RFC 9110 section 6.5.1).
    """
    lines = st.tuples(field_names(), field_values())
    timely = lines.filter(lambda line: line[0].lower() not in FORBIDDEN_IN_TRAILERS)
    return st.just([]) | st.lists(timely, max_size=3)


@cache
def chunk_extensions() -> st.SearchStrategy[bytes]:
    """Return a strategy of the extensions of a chunk, with blanks anywhere (RFC 9112 7.1.1)."""
    blanks = st.just(b"") | octets(b" \t", max_size=2)
    token = octets(TCHAR, min_size=1, max_size=4)
    text = VCHAR.replace(b'"', b"").replace(b"\\", b"") + OBS_TEXT + b" \t"
    escaped = octets(VCHAR + OBS_TEXT + b" \t", min_size=1, max_size=1).map(b"\\".__add__)
    quoted = st.lists(octets(text, max_size=4) | escaped, max_size=3).map(
        lambda parts: b'"%b"' % b"".join(parts)
    )
    value = st.just(b"") | st.tuples(blanks, st.just(b"="), blanks, token | quoted).map(b"".join)
    one = st.tuples(blanks, st.just(b";"), blanks, token, value).map(b"".join)
    return st.lists(one, min_size=1, max_size=3).map(b"".join)


@cache
def framings() -> st.SearchStrategy[list[FieldLine]]:
    """Return a strategy of the fields that frame a body: none, a small length, or chunks."""
    lengths = st.tuples(casings(b"content-length"), st.integers(0, 64).map(b"%d".__mod__))
    codings = st.tuples(casings(b"transfer-encoding"), casings(b"chunked"))
    return st.just([]) | (lengths | codings).map(lambda line: [line])


@cache
def methods() -> st.SearchStrategy[bytes]:
    """Return a strategy of methods, all but CONNECT, which would switch protocols."""
    tokens = octets(TCHAR, min_size=1, max_size=10).filter(lambda method: method != b"CONNECT")
    return st.sampled_from(COMMON_METHODS) | tokens


def targets(method: bytes) -> st.SearchStrategy[bytes]:
    """Return a strategy of request targets in the forms that a method has (RFC 9112 section 3.2).

    Args:
        method: The method.
    """
    if method == b"CONNECT":
        return st.sampled_from([b"example.com:443", b"[::1]:8080"])
    usual = [b"/", b"/where?q=now", b"http://example.com/", b"https://[::1]:8080/a"]
    if method == b"OPTIONS":
        usual.append(b"*")
    return st.sampled_from(usual) | octets(TARGET, max_size=30).map(b"/".__add__)


@cache
def reason_phrases() -> st.SearchStrategy[bytes]:
    """Return a strategy of reason phrases, with white space anywhere (RFC 9112 section 4)."""
    return st.sampled_from([b"", b"OK", b"Not Found"]) | octets(VCHAR + OBS_TEXT + b" \t")


@st.composite
def sections(draw: st.DrawFn, *required: st.SearchStrategy[list[FieldLine]]) -> list[FieldLine]:
    """Draw a header section in which the required field lines stand anywhere, in their order."""
    lines = draw(header_lists())
    position = 0
    for line in [line for part in required for line in draw(part)]:
        position = draw(st.integers(position, len(lines)))
        lines.insert(position, line)
        position += 1
    return lines


def requests(
    *,
    method: st.SearchStrategy[bytes] | None = None,
    framing: st.SearchStrategy[list[FieldLine]] | None = None,
) -> st.SearchStrategy[Request]:
    """Return a strategy of requests of HTTP/1.1.

    Args:
        method: A strategy of methods in place of `methods`.
        framing: A strategy of further field lines, such as those that frame the body, in place of
            `framings`.
    """
    host = st.tuples(casings(b"host"), st.sampled_from([b"", b"example.com", b"[::1]:8080"]))
    lines = sections(st.tuples(host).map(list), framings() if framing is None else framing)

    def of_method(name: bytes) -> st.SearchStrategy[Request]:
        """Return a strategy of requests with one method."""
        return st.builds(Request, method=st.just(name), target=targets(name), headers=lines)

    return (methods() if method is None else method).flatmap(of_method)


def informational_responses(
    *, status_code: st.SearchStrategy[int] | None = None
) -> st.SearchStrategy[InformationalResponse]:
    """Return a strategy of informational responses of HTTP/1.1, none of them a 101 by itself.

    Args:
        status_code: A strategy of status codes from 100 up to 199.
    """
    usual = st.just(100) | st.integers(102, 199)
    return st.builds(
        InformationalResponse,
        status_code=usual if status_code is None else status_code,
        headers=header_lists(),
        reason=reason_phrases(),
    )


def responses(
    *,
    status_code: st.SearchStrategy[int] | None = None,
    framing: st.SearchStrategy[list[FieldLine]] | None = None,
) -> st.SearchStrategy[Response]:
    """Return a strategy of final responses of HTTP/1.1.

    Args:
        status_code: A strategy of status codes from 200 up to 999; some of them, such as 204 and
            304, have no body whatever the fields say.
        framing: A strategy of further field lines, such as those that frame the body, in place of
            `framings`.
    """
    usual = st.sampled_from([200, 204, 304, 404]) | st.integers(200, 999)
    return st.builds(
        Response,
        status_code=usual if status_code is None else status_code,
        headers=sections(framings() if framing is None else framing),
        reason=reason_phrases(),
    )


def bodies() -> st.SearchStrategy[list[bytes]]:
    """Return a strategy of bodies in pieces, some of which may be empty."""
    return st.lists(st.binary(max_size=50), max_size=6)


@st.composite
def cuts(draw: st.DrawFn, data: bytes) -> list[bytes]:
    """Draw pieces of the data that join to it, cut anywhere; none is empty."""
    if draw(st.booleans()):
        places = draw(st.lists(st.integers(0, len(data)), max_size=8))
    else:
        size = draw(st.integers(1, max(1, len(data))))
        places = list(range(0, len(data), size))
    edges = sorted({0, *places, len(data)})
    return [data[start:end] for start, end in pairwise(edges)]
