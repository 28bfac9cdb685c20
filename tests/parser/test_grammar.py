"""The octets and patterns of the wire: sets for a scan, status lines, plain chunk headers."""

import re
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from h11_parser import _grammar
from h11_parser._grammar import (
    CHUNK_SIZE,
    FIELD_NAME,
    NEXT_PLAIN_CHUNK_HEADER,
    PLAIN_CHUNK_HEADER,
    STATUS_LINE,
    UNUSUAL_OCTETS,
)
from tests.parser.strategies import OCTETS
from tests.strategies import OBS_TEXT, TCHAR, VCHAR

DIGITS: Final = b"0123456789"
LETTERS: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

SETS: Final = {
    "DIGITS": DIGITS,
    "HEX_DIGITS": DIGITS + b"ABCDEFabcdef",
    "ALPHA": LETTERS,
    "BLANKS": b" \t",
    "TCHAR": TCHAR,
    "OBS_TEXT": OBS_TEXT,
    "TEXT": b" \t" + VCHAR + OBS_TEXT,
    "CONTROLS": bytes(range(1, 9)) + b"\x0b\x0c" + bytes(range(0x0E, 0x20)) + b"\x7f",
    "URI_OCTETS": LETTERS + DIGITS + b"-._~" + b"!$&'()*+,;=" + b":@" + b"/?" + b"%",
    "UNENCODED": b'"<>[\\]^`{|}',
    "QUOTED_TEXT": b" \t" + VCHAR.replace(b'"', b"").replace(b"\\", b"") + OBS_TEXT,
    "UNUSUAL_OCTETS": bytes(range(0x20)) + b"\x7f",
}
"""The octets that a scan has, by the rules of RFC 9110 sections 5.5 and 5.6 and of RFC 3986."""


@pytest.mark.parametrize(("name", "octets"), SETS.items(), ids=SETS)
def test_sets_of_octets(name: str, octets: bytes) -> None:
    """Each set has the octets of its rule, each of them once."""
    assert sorted(getattr(_grammar, name)) == sorted(octets)


def test_octets_of_values() -> None:
    """A value has any octet but those that end or break lines; some of them if tolerated alone."""
    values = _grammar.TEXT + _grammar.CONTROLS
    assert set(range(256)) - set(values) == set(b"\0\r\n")
    assert not set(_grammar.TEXT) & set(_grammar.CONTROLS)


def test_octets_of_targets() -> None:
    """A target has any visible octet but `#`, some of them if tolerated alone."""
    assert sorted(_grammar.URI_OCTETS + _grammar.UNENCODED) == sorted(VCHAR.replace(b"#", b""))


@pytest.mark.parametrize(
    ("line", "groups"),
    [
        (b"HTTP/1.1 200 OK", (b"1.1", b"200", b"OK")),
        (b"HTTP/1.0 404 Not Found", (b"1.0", b"404", b"Not Found")),
        (b"HTTP/1.9 100 Continue", (b"1.9", b"100", b"Continue")),
        (b"HTTP/1.1 200 ", (b"1.1", b"200", b"")),
        (b"HTTP/1.1 200", (b"1.1", b"200", None)),
        (b"HTTP/1.1 999  \t d\xe9j\xe0 ", (b"1.1", b"999", b" \t d\xe9j\xe0 ")),
    ],
    ids=["usual", "with-space", "other-version", "empty-reason", "no-reason", "obs-text"],
)
def test_status_line(line: bytes, groups: tuple[bytes | None, ...]) -> None:
    """A version, three digits and a reason phrase, which may be absent (RFC 9112 section 4)."""
    match = STATUS_LINE.fullmatch(line)
    assert match is not None
    assert match.groups() == groups


@pytest.mark.parametrize(
    "line",
    [
        *(b"HTTP/2.0 200 OK", b"HTTP/0.9 200 OK", b"HTTP/1.10 200 OK", b"http/1.1 200 OK", b""),
        *(b"HTTP/1.1 099 OK", b"HTTP/1.1 20 OK", b"HTTP/1.1 2000 OK", b"HTTP/1.1 200OK"),
        *(b"HTTP/1.1  200 OK", b" HTTP/1.1 200 OK", b"HTTP/1.1 200\tOK", b"HTTP/1.1 \xb2\xb2\xb2"),
    ],
    ids=repr,
)
def test_no_status_line(line: bytes) -> None:
    """Nothing else is one; the octets of a reason phrase are judged beforehand."""
    assert STATUS_LINE.fullmatch(line) is None


def test_field_name_octets() -> None:
    """A field name is made of tchars (RFC 9110 section 5.6.2)."""
    allowed = [octet for octet in range(256) if FIELD_NAME.fullmatch(bytes([octet]))]
    assert bytes(allowed) == bytes(sorted(TCHAR))
    assert not FIELD_NAME.fullmatch(b"")


def test_usual_octets_are_all_that_the_grammar_has_but_tabs() -> None:
    """The octets of a head in its usual form are SP, VCHAR and obs-text (RFC 9110 section 5.5)."""
    usual = bytes(range(256)).translate(None, UNUSUAL_OCTETS)
    assert usual == b" " + VCHAR + OBS_TEXT


@pytest.mark.parametrize("size", [b"0", b"5", b"00a", b"fF", b"f" * 20, b"0" * 20])
def test_chunk_sizes(size: bytes) -> None:
    """A chunk size is a hexadecimal number of at most 20 digits (RFC 9112 section 7.1)."""
    assert CHUNK_SIZE.fullmatch(size)
    for pattern, start in ((PLAIN_CHUNK_HEADER, b""), (NEXT_PLAIN_CHUNK_HEADER, b"\r\n")):
        match = pattern.fullmatch(start + size + b"\r\n")
        assert match is not None
        assert match[1] == size
        assert pattern.match(start + size + b"\r\nrest")


@pytest.mark.parametrize(
    "line",
    [
        *(b"", b"g", b"+5", b"-5", b"0x5", b"5_0", b" 5", b"5 ", b"5\t", b"5;", b"5;a", b"\xb2"),
        *(b"f" * 21, b"0" * 21, b"5\r", b"5\n", b"\n5"),
    ],
    ids=repr,
)
def test_what_is_no_plain_chunk_header(line: bytes) -> None:
    """What has anything but digits before its CRLF is left to a scan, or refused by it."""
    for pattern, start in ((PLAIN_CHUNK_HEADER, b""), (NEXT_PLAIN_CHUNK_HEADER, b"\r\n")):
        assert not pattern.match(start + line + b"\r\nhello\r\n")
    assert not PLAIN_CHUNK_HEADER.match(b"5\n")
    assert not NEXT_PLAIN_CHUNK_HEADER.match(b"\n5\r\n")


@given(header=st.lists(st.sampled_from([*OCTETS, b"\r\n", b"F"]), max_size=6).map(b"".join))
def test_plain_chunk_headers_take_nothing_else(header: bytes) -> None:
    """Both patterns take a row of digits up to the first CRLF, and only where there is one."""
    digits = re.match(rb"[0-9A-Fa-f]{1,20}(?=\r\n)", header)
    plain = PLAIN_CHUNK_HEADER.match(header)
    following = NEXT_PLAIN_CHUNK_HEADER.match(b"\r\n" + header)
    assert (plain and plain[1]) == (following and following[1]) == (digits and digits[0])
    assert not digits or (plain and plain[0] == digits[0] + b"\r\n")
