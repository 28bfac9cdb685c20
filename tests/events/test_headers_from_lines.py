"""`Headers` as a parser makes them, from lines whose octets it has judged already."""

import copy
import pickle
from collections.abc import Callable

import pytest
from hypothesis import given

from h11_events import FieldLine, Headers, LocalProtocolError, content_length, is_chunked
from tests.strategies import framings, sections

LINES: list[FieldLine] = [
    (b"Host", b"example.com"),
    (b"Set-Cookie", b"a=1"),
    (b"X-EMPTY", b""),
    (b"set-cookie", b"b=2"),
]


def from_usual_lines(lines: list[FieldLine]) -> Headers:
    """Return headers from lines as they are on the wire."""
    return Headers.from_usual_lines(list(map(b": ".join, lines)))


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
        ((b"Transfer-Encoding", b"gzip"), "Transfer-Encoding", 501),
        ((b"Ho st", b"a"), "Illegal header name", 400),
        ((b"", b"a"), "Illegal header name", 400),
    ],
    ids=["content-length", "content-lengths", "transfer-encoding", "name", "no-name"],
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
    """Lengths that agree are merged, and the name of the coding is put in lower case."""
    lengths = make([(b"A", b""), (b"Content-Length", b"5, 5"), (b"B", b"")])
    again = make([(b"CONTENT-length", b"5"), (b"B", b""), (b"content-length", b"5")])
    coding = make([(b"Transfer-Encoding", b"Chunked")])

    assert content_length(lengths) == 5
    assert lengths.raw_items() == [(b"A", b""), (b"Content-Length", b"5"), (b"B", b"")]
    assert content_length(again) == 5
    assert again.raw_items() == [(b"CONTENT-length", b"5"), (b"B", b"")]
    assert is_chunked(coding)
    assert coding.raw_items() == [(b"Transfer-Encoding", b"chunked")]


@pytest.mark.parametrize("line", [b"Host", b"", b"Host :a", b" Host:a", b":a"])
def test_usual_lines_have_a_name_and_a_colon(line: bytes) -> None:
    """A line without a colon right after a legal name is refused (RFC 9112 section 5.1)."""
    with pytest.raises(LocalProtocolError):
        Headers.from_usual_lines([line])


def test_usual_lines_may_have_spaces_around_the_value() -> None:
    """White space around a value is no part of it, and colons may be (RFC 9112 section 5.1)."""
    headers = Headers.from_usual_lines([b"Host:   a: 1  ", b"X: "])

    assert headers == [(b"host", b"a: 1"), (b"x", b"")]
    assert headers.raw_items() == [(b"Host", b"a: 1"), (b"X", b"")]


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
    assert content_length(make(lines)) == content_length(model)
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
