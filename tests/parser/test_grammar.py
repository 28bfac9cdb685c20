"""The grammar of the wire: what is a start line, a field line in its usual form, a chunk header."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from h11_parser._grammar import (
    CHUNK_HEADER,
    FIELD_NAME,
    FIELD_VALUE,
    NEXT_PLAIN_CHUNK_HEADER,
    PLAIN_CHUNK_HEADER,
    REQUEST_LINE,
    STATUS_LINE,
    UNUSUAL_OCTETS,
)
from tests.parser.strategies import OCTETS, START_LINES
from tests.strategies import OBS_TEXT, TCHAR, VCHAR

LINES = st.sampled_from(START_LINES) | st.lists(
    st.sampled_from([*OCTETS, b"GET", b" / ", b"HTTP/", b"1.1", b" 200"])
).map(b"".join)


@pytest.mark.parametrize(
    ("line", "groups"),
    [
        (b"GET / HTTP/1.1", (b"GET", b"/", b"1.1")),
        (b"OPTIONS * HTTP/1.0", (b"OPTIONS", b"*", b"1.0")),
        (b"CONNECT a.example:443 HTTP/1.1", (b"CONNECT", b"a.example:443", b"1.1")),
        (b"get http://a/?b=c%20#d HTTP/0.9", (b"get", b"http://a/?b=c%20#d", b"0.9")),
        (b"!#$%&'*+-.^_`|~0aZ ~ HTTP/9.9", (b"!#$%&'*+-.^_`|~0aZ", b"~", b"9.9")),
    ],
    ids=lambda part: part.decode() if isinstance(part, bytes) else "",
)
def test_request_line(line: bytes, groups: tuple[bytes, ...]) -> None:
    """A method, a target and a version, with one space between them (RFC 9112 section 3)."""
    match = REQUEST_LINE.fullmatch(line)
    assert match is not None
    assert match.groups() == groups


@pytest.mark.parametrize(
    ("line", "groups"),
    [
        (b"HTTP/1.1 200 OK", (b"1.1", b"200", b"OK")),
        (b"HTTP/1.0 404 Not Found", (b"1.0", b"404", b"Not Found")),
        (b"HTTP/1.1 200 ", (b"1.1", b"200", b"")),
        (b"HTTP/1.1 200", (b"1.1", b"200", None)),
        (b"HTTP/1.1 999  \t d\xe9j\xe0 ", (b"1.1", b"999", b" \t d\xe9j\xe0 ")),
        (b"HTTP/1.1 099 OK", (b"1.1", b"099", b"OK")),
    ],
    ids=["usual", "with-space", "empty-reason", "no-reason", "obs-text", "099"],
)
def test_status_line(line: bytes, groups: tuple[bytes | None, ...]) -> None:
    """A version, three digits and a reason phrase, which may be absent (RFC 9112 section 4)."""
    match = STATUS_LINE.fullmatch(line)
    assert match is not None
    assert match.groups() == groups


def test_field_name_octets() -> None:
    """A field name is made of tchars (RFC 9110 section 5.6.2)."""
    allowed = [octet for octet in range(256) if FIELD_NAME.fullmatch(bytes([octet]))]
    assert bytes(allowed) == bytes(sorted(TCHAR))
    assert not FIELD_NAME.fullmatch(b"")


def test_field_value_octets() -> None:
    """Any octet is taken in a field value but NUL and those that break lines."""
    refused = [octet for octet in range(256) if not FIELD_VALUE.fullmatch(bytes([octet]))]
    assert bytes(refused) == b"\x00\n\x0b\x0c\r"
    assert FIELD_VALUE.fullmatch(b"")


def test_usual_octets_are_all_that_the_grammar_has_but_tabs() -> None:
    """The octets of a head in its usual form are SP, VCHAR and obs-text (RFC 9110 section 5.5)."""
    usual = bytes(range(256)).translate(None, UNUSUAL_OCTETS)
    assert usual == b" " + VCHAR + OBS_TEXT


@pytest.mark.parametrize("size", [b"0", b"5", b"00a", b"fF", b"f" * 20])
def test_chunk_sizes(size: bytes) -> None:
    """A chunk size is a hexadecimal number of at most 20 digits (RFC 9112 section 7.1)."""
    for pattern, start in (
        (PLAIN_CHUNK_HEADER, b""),
        (CHUNK_HEADER, b""),
        (NEXT_PLAIN_CHUNK_HEADER, b"\r\n"),
    ):
        match = pattern.fullmatch(start + size + b"\r\n")
        assert match is not None
        assert match[1] == size


@pytest.mark.parametrize("after", [b"", b" ", b" \t", b";", b";a", b';a="b;c"', b";\xe9 \t"])
def test_plain_chunk_headers_are_chunk_headers(after: bytes) -> None:
    """What has nothing behind its size is plain; anything else is judged by the full grammar."""
    line = b"5" + after + b"\r\n"
    assert CHUNK_HEADER.fullmatch(line)
    for pattern, start in ((PLAIN_CHUNK_HEADER, b""), (NEXT_PLAIN_CHUNK_HEADER, b"\r\n")):
        assert bool(pattern.fullmatch(start + line)) is (after == b"")


@given(header=st.lists(st.sampled_from([*OCTETS, b"\r\n", b"F"]), max_size=6).map(b"".join))
def test_plain_chunk_headers_take_nothing_else(header: bytes) -> None:
    """Whatever the plain grammar takes, the full grammar takes with the same size."""
    plain = PLAIN_CHUNK_HEADER.match(header)
    full = CHUNK_HEADER.match(header)
    following = NEXT_PLAIN_CHUNK_HEADER.match(b"\r\n" + header)
    assert bool(plain) == bool(following)
    if plain:
        assert full
        assert following
        assert plain[0] == full[0]
        assert plain[1] == full[1] == following[1]
        assert re.fullmatch(rb"[0-9A-Fa-f]+\r\n", plain[0])
