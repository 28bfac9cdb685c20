"""Field lines are read as names and values, or refused (RFC 9112 section 5)."""

import pytest

from h11_events import (
    FieldLine,
    LocalProtocolError,
)
from h11_parser import read_field_lines
from tests.parser.readers import ends_for, request_of, response_of


def fields_of(section: bytes) -> list[FieldLine]:
    """Return the fields of a request that has this section, without its Host."""
    request = request_of(b"GET / HTTP/1.1\r\n" + section + b"Host: a\r\n\r\n")
    assert request is not None
    assert request.headers[-1] == (b"host", b"a")
    return request.headers[:-1]


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
        pytest.param(b"a: \x01\x1f\x7f", b"\x01\x1f\x7f", id="control-octets-of-old"),
        pytest.param(b"a: \x1cb\x1f", b"\x1cb\x1f", id="separators-are-no-blanks"),
        pytest.param(b"a: b\r\n c", b"b c", id="folded"),
        pytest.param(b"a: b \t\r\n \t c", b"b c", id="one-space-for-a-fold"),
        pytest.param(b"a: b\r\n c\r\n\td", b"b c d", id="folded-twice"),
        pytest.param(b"a:\r\n b", b"b", id="folded-before-the-value"),
        pytest.param(b"a: b\r\n ", b"b", id="folded-after-the-value"),
        pytest.param(b"a: b\n c", b"b c", id="folded-at-LF"),
        pytest.param(b"a:\r\n \r\n\t", b"", id="nothing-but-folds"),
        pytest.param(b"a: b\r\n c: d", b"b c: d", id="folded-line-with-colon"),
    ],
)
def test_field_values(line: bytes, value: bytes) -> None:
    """A value is without the blanks around it; a fold is one space (RFC 9112 section 5)."""
    assert fields_of(line + b"\r\n") == [(b"a", value)]
    assert fields_of(line.replace(b"\r\n", b"\n") + b"\n") == [(b"a", value)]


def test_each_fold_is_one_space() -> None:
    """Two folds with nothing between them are two spaces (RFC 9112 section 5.2)."""
    assert fields_of(b"a: b\r\n \r\n c\r\n") == [(b"a", b"b  c")]


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
        pytest.param(b"a:\x0bb", id="VT"),
        pytest.param(b"a: b\x0c", id="FF"),
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
    """What is no field line makes the whole head illegal (RFC 9112 section 5)."""
    for end in ends_for(line):
        for section in (line + end, b"X: y" + end + line + end, line + end + b"X: y" + end):
            with pytest.raises(LocalProtocolError, match="illegal header line") as raised:
                fields_of(section)
            assert raised.value.error_status_hint == 400
            with pytest.raises(LocalProtocolError, match="illegal header line"):
                response_of(b"HTTP/1.1 200 OK" + end + section + end)


@pytest.mark.parametrize("line", [b" a: b", b"\ta: b", b" ", b"\t"])
def test_nothing_to_continue(line: bytes) -> None:
    """A blank after the start line begins no field line (RFC 9112 section 2.2)."""
    for end in (b"\r\n", b"\n"):
        with pytest.raises(LocalProtocolError, match="continuation line"):
            fields_of(line + end)


@pytest.mark.parametrize(
    ("section", "hint"),
    [
        (b"Content-Length: x\r\n", 400),
        (b"Content-Length: 1\r\nContent-Length: 2\r\n", 400),
        (b"Content-Length: 1, 2\r\n", 400),
        (b"Content-Length:\r\n", 400),
        (b"Transfer-Encoding: gzip\r\n", 501),
        (b"Transfer-Encoding: chunked, gzip\r\n", 501),
        (b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", 501),
        (b"Transfer-Encoding:\r\n", 501),
    ],
    ids=lambda part: part.decode().strip() if isinstance(part, bytes) else str(part),
)
def test_illegal_framing_fields(section: bytes, hint: int) -> None:
    """A head whose framing makes no sense is refused, with the status hint that fits."""
    for lines in (section, section.replace(b"\r\n", b"\n")):
        with pytest.raises(LocalProtocolError) as raised:
            fields_of(lines)
        assert raised.value.error_status_hint == hint


def test_equal_lengths_are_merged() -> None:
    """Lengths that agree are one length, however they are listed (RFC 9110 section 8.6)."""
    for section in (b"Content-Length: 5\r\ncontent-length: 5\r\n", b"Content-Length:5,\t5\r\n"):
        assert fields_of(section) == [(b"content-length", b"5")]


def test_repeated_fields_stay_in_their_order() -> None:
    """A name may be there several times, in any casing; each line is kept as it was."""
    section = b"Set-Cookie: a=1\r\nX: y\r\nset-cookie: b=2\r\n"
    pairs = [(b"set-cookie", b"a=1"), (b"x", b"y"), (b"set-cookie", b"b=2")]
    assert fields_of(section) == pairs


def test_field_lines_alone() -> None:
    """The lines of a trailer section make headers; no lines make none."""
    headers = read_field_lines([b"A: b", b"\tc", b"D:"])
    assert headers == [(b"a", b"b c"), (b"d", b"")]
    assert headers.raw_items() == [(b"A", b"b c"), (b"D", b"")]
    assert read_field_lines([]) == []
    with pytest.raises(LocalProtocolError, match="illegal header line"):
        read_field_lines([b"A: b", b""])
    with pytest.raises(LocalProtocolError, match="illegal header line"):
        read_field_lines([b"A: b\n"])
