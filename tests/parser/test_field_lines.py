"""Field lines of whole heads are read as names and values, or refused (RFC 9112 section 5).

What a server refuses is what the grammar has not; what it can be told to let through, and what a
client lets through, is read as what it was meant to be.
"""

from typing import Final

import pytest

from h11_events import ErrorCode, FieldLine, LocalProtocolError
from h11_parser import Tolerance
from tests.parser.readers import request_of, response_of

FOLDS: Final = Tolerance.OBS_FOLD
LINE_FEEDS: Final = Tolerance.BARE_LF
CONTROLS: Final = Tolerance.CONTROL_OCTETS
ALL: Final = FOLDS | LINE_FEEDS | CONTROLS


def fields_of(section: bytes, tolerate: Tolerance = Tolerance.NONE) -> list[FieldLine]:
    """Return the fields of a request that has this section, without its Host."""
    request = request_of(b"GET / HTTP/1.1\r\n" + section + b"Host: a\r\n\r\n", tolerate)
    assert request is not None
    assert request.headers[-1] == (b"host", b"a")
    return request.headers[:-1]


def fields_of_response(section: bytes, tolerate: Tolerance = Tolerance.NONE) -> list[FieldLine]:
    """Return the fields of a response that has this section."""
    response = response_of(b"HTTP/1.1 200 OK\r\n" + section + b"\r\n", tolerate)
    assert response is not None
    return response.headers[:]


def with_line_feeds(section: bytes) -> bytes:
    """Return the same lines with LF alone at their ends."""
    return section.replace(b"\r\n", b"\n")


@pytest.mark.parametrize(
    ("line", "value"),
    [
        pytest.param(b"a: b", b"b", id="usual"),
        pytest.param(b"a:b", b"b", id="no-space"),
        pytest.param(b"a:  b", b"b", id="two-spaces"),
        pytest.param(b"a:\tb", b"b", id="tab"),
        pytest.param(b"a: \t b \t ", b"b", id="blanks-around"),
        pytest.param(b"a: b c", b"b c", id="space-inside"),
        pytest.param(b"a: b\t\tc", b"b\t\tc", id="tabs-inside"),
        pytest.param(b"a:", b"", id="empty"),
        pytest.param(b"a: ", b"", id="space-alone"),
        pytest.param(b"a: \t ", b"", id="blanks-alone"),
        pytest.param(b"a::", b":", id="colon"),
        pytest.param(b"a: b: c", b"b: c", id="colon-inside"),
        pytest.param(b"a: \xe9\xff", b"\xe9\xff", id="obs-text"),
        pytest.param(b"a: \xa0b\x85", b"\xa0b\x85", id="blanks-of-other-codes"),
    ],
)
def test_field_values(line: bytes, value: bytes) -> None:
    """A value is without the blanks around it (RFC 9112 section 5.1)."""
    assert fields_of(line + b"\r\n") == [(b"a", value)]
    assert fields_of_response(line + b"\r\n") == [(b"a", value)]
    assert fields_of(line + b"\n", LINE_FEEDS) == [(b"a", value)]
    assert fields_of_response(line + b"\n", LINE_FEEDS) == [(b"a", value)]


@pytest.mark.parametrize(
    ("lines", "value", "tolerate"),
    [
        pytest.param(b"a: b\n", b"b", LINE_FEEDS, id="LF"),
        pytest.param(b"a: b \t\n", b"b", LINE_FEEDS, id="blanks-before-LF"),
        pytest.param(b"a: \x01\x1f\x7f\r\n", b"\x01\x1f\x7f", CONTROLS, id="control-octets"),
        pytest.param(b"a: \x1cb\x1f\r\n", b"\x1cb\x1f", CONTROLS, id="separators-are-no-blanks"),
        pytest.param(b"a:\x0bb\x0c\r\n", b"\x0bb\x0c", CONTROLS, id="VT-and-FF-are-no-blanks"),
        pytest.param(b"a: b\r\n c\r\n", b"b c", FOLDS, id="folded"),
        pytest.param(b"a: b \t\r\n \t c\r\n", b"b c", FOLDS, id="one-space-for-a-fold"),
        pytest.param(b"a: b\r\n c\r\n\td\r\n", b"b c d", FOLDS, id="folded-twice"),
        pytest.param(b"a:\r\n b\r\n", b"b", FOLDS, id="folded-before-the-value"),
        pytest.param(b"a: b\r\n \r\n", b"b", FOLDS, id="folded-after-the-value"),
        pytest.param(b"a:\r\n \r\n\t\r\n", b"", FOLDS, id="nothing-but-folds"),
        pytest.param(b"a: b\r\n c: d\r\n", b"b c: d", FOLDS, id="folded-line-with-colon"),
        pytest.param(b"a: b\r\n \r\n c\r\n", b"b  c", FOLDS, id="each-fold-is-one-space"),
    ],
)
def test_what_can_be_let_through(lines: bytes, value: bytes, tolerate: Tolerance) -> None:
    """A server takes it if told so, a client always (RFC 9112 sections 2.2 and 5.2)."""
    for wanted in (tolerate, ALL):
        assert fields_of(lines, wanted) == [(b"a", value)]
        assert fields_of_response(lines, wanted) == [(b"a", value)]
    assert fields_of_response(lines, Tolerance.RESPONSES) == [(b"a", value)]
    assert fields_of(with_line_feeds(lines), ALL) == [(b"a", value)]
    for refused in (Tolerance.NONE, Tolerance.REQUESTS, ALL & ~tolerate):
        with pytest.raises(LocalProtocolError, match="illegal field line") as raised:
            fields_of(lines, refused)
        assert raised.value.code is ErrorCode.BAD_FIELD_LINE
    with pytest.raises(LocalProtocolError, match="illegal field line"):
        fields_of_response(lines, Tolerance.RESPONSES & ~tolerate)


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(b"no colon", id="no-colon"),
        pytest.param(b"a", id="name-alone"),
        pytest.param(b": b", id="no-name"),
        pytest.param(b":", id="colon-alone"),
        pytest.param(b"a : b", id="space-before-colon"),
        pytest.param(b"a\t: b", id="tab-before-colon"),
        pytest.param(b"a b: c", id="space-in-name"),
        pytest.param(b"a(: b", id="no-token"),
        pytest.param(b'"a": b', id="quoted-name"),
        pytest.param(b"a\xe9: b", id="obs-text-in-name"),
        pytest.param(b"a\x00: b", id="NUL-in-name"),
        pytest.param(b"a\r: b", id="CR-in-name"),
        pytest.param(b"a\x7f: b", id="DEL-in-name"),
        pytest.param(b"a: b\x00", id="NUL"),
        pytest.param(b"a: \x00b", id="NUL-first"),
        pytest.param(b"a: b\rc", id="CR"),
        pytest.param(b"a:\rb", id="CR-first"),
        pytest.param(b"a: b\r", id="CR-before-CRLF"),
        pytest.param(b"\r", id="CR-alone"),
        pytest.param(b"a: b\r\n \x00", id="NUL-in-a-fold"),
        pytest.param(b"a: b\r\n \r", id="CR-in-a-fold"),
        pytest.param(b"a\r\n : b", id="fold-before-colon"),
    ],
)
def test_illegal_field_lines(line: bytes) -> None:
    """What is no field line makes the whole head illegal, whatever else is let through."""
    for section in (line + b"\r\n", b"X: y\r\n" + line + b"\r\n", line + b"\r\nX: y\r\n"):
        for tolerate in (Tolerance.NONE, ALL):
            for read in (fields_of, fields_of_response):
                with pytest.raises(LocalProtocolError, match="illegal field line") as raised:
                    read(section, tolerate)
                assert raised.value.code is ErrorCode.BAD_FIELD_LINE
                assert raised.value.error_status_hint == 400
    if not line.endswith(b"\r"):
        for section in (line + b"\n", b"X: y\n" + line + b"\n"):
            with pytest.raises(LocalProtocolError, match="illegal field line"):
                fields_of(section, ALL)


@pytest.mark.parametrize("line", [b" a: b", b"\ta: b", b" ", b"\t"], ids=repr)
def test_nothing_to_continue(line: bytes) -> None:
    """A blank after the start line begins no field line (RFC 9112 section 2.2)."""
    for read in (fields_of, fields_of_response):
        for tolerate in (Tolerance.NONE, ALL):
            with pytest.raises(LocalProtocolError, match="illegal field line") as raised:
                read(line + b"\r\n", tolerate)
            assert raised.value.excerpt == line[:1]
        with pytest.raises(LocalProtocolError, match="illegal field line"):
            read(line + b"\n", ALL)


@pytest.mark.parametrize(
    ("section", "code"),
    [
        (b"Content-Length: x\r\n", ErrorCode.BAD_FRAMING),
        (b"Content-Length: 1 0\r\n", ErrorCode.BAD_FRAMING),
        (b"Content-Length: 1\r\nContent-Length: 2\r\n", ErrorCode.BAD_FRAMING),
        (b"Content-Length: 1, 2\r\n", ErrorCode.BAD_FRAMING),
        (b"Content-Length:\r\n", ErrorCode.BAD_FRAMING),
        (b"Transfer-Encoding: gzip\r\n", ErrorCode.BAD_FRAMING),
        (b"Transfer-Encoding: gzip, chunked\r\n", ErrorCode.UNSUPPORTED_CODING),
        (b"Transfer-Encoding: chunked, gzip\r\n", ErrorCode.BAD_FRAMING),
        (b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", ErrorCode.BAD_FRAMING),
        (b"Transfer-Encoding:\r\n", ErrorCode.BAD_FRAMING),
    ],
    ids=lambda part: part.decode().strip() if isinstance(part, bytes) else part.name,
)
def test_illegal_framing_fields(section: bytes, code: ErrorCode) -> None:
    """A head whose framing makes no sense is refused, with the status hint that fits."""
    for read in (fields_of, fields_of_response):
        for lines, tolerate in (
            (section, Tolerance.NONE),
            (section + b"a:\tb\r\n", Tolerance.NONE),
            (with_line_feeds(section), LINE_FEEDS),
        ):
            with pytest.raises(LocalProtocolError) as raised:
                read(lines, tolerate)
            assert raised.value.code is code
            assert raised.value.error_status_hint == code.status_hint


def test_equal_lengths_are_merged() -> None:
    """Lengths that agree are one length, however they are listed (RFC 9110 section 8.6)."""
    for section in (b"Content-Length: 5\r\ncontent-length: 5\r\n", b"Content-Length:5,\t5\r\n"):
        assert fields_of(section) == [(b"content-length", b"5")]


def test_folded_length_is_a_length() -> None:
    """A length may stand after a fold, but not on both sides of one."""
    assert fields_of(b"Content-Length:\r\n 5\r\n", FOLDS) == [(b"content-length", b"5")]
    assert fields_of(b"Content-Length: 5,\r\n 5\r\n", FOLDS) == [(b"content-length", b"5")]
    for lines in (b"Content-Length: 5\r\n 5\r\n", b"Content-Length: 1\r\n" + b" 1" * 21 + b"\r\n"):
        with pytest.raises(LocalProtocolError) as raised:
            fields_of(lines, FOLDS)
        assert raised.value.code is ErrorCode.BAD_FRAMING


def test_repeated_fields_stay_in_their_order() -> None:
    """A name may be there several times, in any casing; each line is kept as it was."""
    section = b"Set-Cookie: a=1\r\nX: y\r\nset-cookie: b=2\r\n"
    pairs = [(b"set-cookie", b"a=1"), (b"x", b"y"), (b"set-cookie", b"b=2")]
    assert fields_of(section) == pairs
