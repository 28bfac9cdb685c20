"""`Headers` as a parser makes them, from lines whose octets it has judged already."""

import copy
import pickle
from collections.abc import Callable

import pytest
from hypothesis import given

from h11_events import (
    ErrorCode,
    FieldLine,
    Headers,
    LocalProtocolError,
)
from tests.events.strategies import on_wire
from tests.strategies import framings, sections

LINES: list[FieldLine] = [
    (b"Host", b"example.com"),
    (b"Set-Cookie", b"a=1"),
    (b"X-EMPTY", b""),
    (b"set-cookie", b"b=2"),
]


def from_usual_lines(lines: list[FieldLine]) -> Headers:
    """Return headers from lines as they are on the wire."""
    return Headers.from_usual_lines(on_wire(lines))


def from_field_lines(lines: list[FieldLine]) -> Headers:
    """Return headers from names and values."""
    return Headers.from_field_lines(lines.copy())


each_way = pytest.mark.parametrize("make", [from_field_lines, from_usual_lines])


@each_way
def test_casing_and_order_are_kept(make: Callable[[list[FieldLine]], Headers]) -> None:
    """Lines become the same headers as they do for a program."""
    headers = make(LINES)

    assert headers == Headers(LINES)
    assert headers.raw_items() == LINES
    assert headers.get_all("SET-COOKIE") == [b"a=1", b"b=2"]


@each_way
def test_no_lines_are_no_headers(make: Callable[[list[FieldLine]], Headers]) -> None:
    """A section may be empty."""
    headers = make([])

    assert headers == []
    assert headers.raw_items() == []
    assert len(headers) == 0


@each_way
@pytest.mark.parametrize(
    ("line", "message", "hint"),
    [
        ((b"Content-Length", b"five"), "bad Content-Length", 400),
        ((b"Content-Length", b"5, 6"), "conflicting Content-Length", 400),
        ((b"Transfer-Encoding", b"gzip"), "Transfer-Encoding", 400),
        ((b"Transfer-Encoding", b"gzip, chunked"), "Transfer-Encoding", 501),
        ((b"Ho st", b"a"), "llegal (header name|field line)", 400),
        ((b"", b"a"), "Illegal header name", 400),
    ],
    ids=["content-length", "content-lengths", "last-coding", "coding", "name", "no-name"],
)
@pytest.mark.parametrize("others", [[], [(b"Host", b"a"), (b"A", b"1"), (b"A", b"2")]])
def test_lines_are_not_trusted_in_all(
    make: Callable[[list[FieldLine]], Headers],
    line: FieldLine,
    message: str,
    hint: int,
    others: list[FieldLine],
) -> None:
    """Names and the fields that frame a message are judged here all the same."""
    with pytest.raises(LocalProtocolError, match=message) as caught:
        make([*others, line])
    assert caught.value.error_status_hint == hint


@each_way
def test_fields_that_frame_are_put_in_order(make: Callable[[list[FieldLine]], Headers]) -> None:
    """Lengths that agree are merged, and the pairs have the coding in lower case."""
    lengths = make([(b"A", b""), (b"Content-Length", b"5, 5"), (b"B", b"")])
    again = make([(b"CONTENT-length", b"5"), (b"B", b""), (b"content-length", b"5")])
    coding = make([(b"Transfer-Encoding", b"Chunked")])

    assert lengths.content_length == 5
    assert lengths.raw_items() == [(b"A", b""), (b"Content-Length", b"5"), (b"B", b"")]
    assert again.content_length == 5
    assert again.raw_items() == [(b"CONTENT-length", b"5"), (b"B", b"")]
    assert coding.is_chunked
    assert coding == [(b"transfer-encoding", b"chunked")]
    assert coding.raw_items() == [(b"Transfer-Encoding", b"Chunked")]


@pytest.mark.parametrize(
    "line",
    [
        b"\nHost",
        b"\n",
        b"",
        b"\nHost :a",
        b"\nHost : a",
        b"\n Host: a",
        b"\n:",
        b"\n: a",
        b"\nHost:a",
        b"\nHost:a:",
        b"\nHost:a: b",
        b"Host: a",
        b"\n\nHost: a",
        b"\nHo(st: a",
        b"\nHost\n: a",
    ],
    ids=repr,
)
def test_usual_lines_begin_with_a_name_and_a_colon(line: bytes) -> None:
    """What has not LF, a legal name, a colon and a space is refused, or left to others."""
    for lines in ([line], [b"\nA: b", line], [line, b"\nA: b"]):
        with pytest.raises(LocalProtocolError) as caught:
            Headers.from_usual_lines(lines)
        assert caught.value.code is ErrorCode.BAD_FIELD_LINE
        assert caught.value.error_status_hint == 400


def test_usual_lines_may_have_spaces_around_the_value() -> None:
    """White space around a value is no part of it, and colons may be (RFC 9112 section 5.1)."""
    headers = Headers.from_usual_lines([b"\nHost:   a: 1  ", b"\nX: ", b"\nY:"])

    assert headers == [(b"host", b"a: 1"), (b"x", b""), (b"y", b"")]
    assert headers.raw_items() == [(b"Host", b"a: 1"), (b"X", b""), (b"Y", b"")]


@each_way
@given(lines=sections(framings()))
def test_every_way_makes_the_same_headers(
    make: Callable[[list[FieldLine]], Headers], lines: list[FieldLine]
) -> None:
    """Whatever was not asked for yet, headers answer, and are copied, as those of a program."""
    model = Headers(lines)

    assert make(lines) == model
    assert make(lines)[:] == model[:]
    assert list(make(lines)) == list(model)
    assert len(make(lines)) == len(model)
    assert make(lines).raw_items() == model.raw_items()
    assert make(lines).has_repeated_names is model.has_repeated_names
    assert make(lines).content_length == model.content_length
    assert [make(lines).get_all(name) for name, _ in lines] == [
        model.get_all(name) for name, _ in lines
    ]
    for twin in (
        copy.deepcopy(make(lines)),
        pickle.loads(pickle.dumps(make(lines))),
        Headers(make(lines)),
    ):
        assert twin == model
        assert twin.raw_items() == model.raw_items()
