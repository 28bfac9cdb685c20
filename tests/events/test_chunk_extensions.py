"""What a chunk has behind its size, as a field of events (RFC 9112 section 7.1.1).

Nobody who does not ask for it gets to see it: it is not shown while it is empty, and no pattern has
it by its place.
"""

import copy
import pickle
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from h11_events import Data, EndOfMessage, ErrorCode, Headers, LocalProtocolError, with_headers
from tests.events.strategies import forms, hostile_octets
from tests.strategies import chunk_extensions, trailers

Extended = Data | EndOfMessage

LEGAL = [
    *(
        b";a",
        b";a=b",
        b"; a = b",
        b" \t;\ta",
        b";a;b=c;d",
        b";a ;b",
        b";!#$%&'*+-.^_`|~=0",
        b";0=1",
    ),
    *(b';a=""', b';a="b c"', b';a="\\""', b';a="\\\\"', b';a=";=\t\xe9"', b';a="\\\xff\\\t"'),
]

ILLEGAL = [
    *(
        b" ",
        b"a",
        b";",
        b"; ",
        b";;a",
        b";a;",
        b";a=",
        b";a=b=c",
        b";=b",
        b";a b",
        b";a ",
        b";a=b ",
    ),
    *(b';a="', b';a="b', b';a="b"c', b';a="\\"', b';"a"', b';a="\x7f"', b';a="\\\x00"', b";\xe9"),
    *(b";a\r\n", b";a\r\n0\r\n\r\n", b";a\n", b';a="\r\n"', b';a="\\\n"', b";a=b\x00", b"\r\n"),
]


def piece(extension: bytes) -> Data:
    """Return the beginning of a chunk with an extension."""
    return Data(b"hello", chunk_start=True, chunk_extension=extension)


def end(extension: bytes) -> EndOfMessage:
    """Return the end of a message whose last chunk has an extension."""
    return EndOfMessage(headers=[("A", "b")], chunk_extension=extension)


each_kind = pytest.mark.parametrize("make", [piece, end], ids=["Data", "EndOfMessage"])


@each_kind
@pytest.mark.parametrize("extension", LEGAL, ids=repr)
def test_legal_extensions(make: Callable[[bytes], Extended], extension: bytes) -> None:
    """An extension stays as it is, with its semicolons and blanks."""
    assert make(extension).chunk_extension == extension


@each_kind
@pytest.mark.parametrize("extension", ILLEGAL, ids=repr)
def test_illegal_extensions(make: Callable[[bytes], Extended], extension: bytes) -> None:
    """What would be no extension on the wire, or more than one line, is refused."""
    with pytest.raises(LocalProtocolError, match="Illegal chunk extension") as caught:
        make(extension)
    assert caught.value.code is ErrorCode.BAD_CHUNK
    assert caught.value.excerpt == extension


def test_without_an_extension() -> None:
    """It is empty by default, and an end without anything is always the same event."""
    assert Data(b"").chunk_extension == Data.from_parts(b"", False, False).chunk_extension == b""
    assert EndOfMessage().chunk_extension == EndOfMessage(headers=[]).chunk_extension == b""
    assert EndOfMessage(chunk_extension=b"") is EndOfMessage()
    assert type(Data(b"", chunk_extension="").chunk_extension) is bytes


def test_extension_without_trailers() -> None:
    """The last chunk may have an extension though no field follows it."""
    event = EndOfMessage(chunk_extension=b";a")
    assert event.chunk_extension == b";a"
    assert event.headers == []
    assert EndOfMessage().chunk_extension == b""


@given(data=st.data(), extension=chunk_extensions())
def test_extension_in_any_type(data: st.DataObject, extension: bytes) -> None:
    """Text and bytes-like objects are the same octets."""
    form = data.draw(forms(extension))
    for event in (Data(b"", chunk_extension=form), EndOfMessage(chunk_extension=form)):
        assert event.chunk_extension == extension
        assert type(event.chunk_extension) is bytes


def test_extension_is_shown_if_there_is_one() -> None:
    """The text of an event is the call that makes it, and as short as it was without."""
    assert repr(Data(b"", True)) == "Data(data=b'', chunk_start=True, chunk_end=False)"
    for event in (piece(b';a="b"'), end(b";a"), EndOfMessage(chunk_extension=b";a")):
        assert "chunk_extension=b';a" in repr(event)
    shown = repr(piece(b";a"))
    assert eval(shown) == piece(b";a")
    assert repr(end(b"")) == "EndOfMessage(headers=<Headers([(b'a', b'b')])>)"


def test_patterns_do_without_it() -> None:
    """A pattern that has the fields by their places matches as it always did."""
    match piece(b";a"):
        case Data(data, True, False):
            assert data == b"hello"
        case _:
            pytest.fail("the pattern does not match")
    match piece(b";a"):
        case Data(chunk_extension=extension):
            assert extension == b";a"
    assert Data.__match_args__ == ("data", "chunk_start", "chunk_end")
    assert EndOfMessage.__match_args__ == ("headers",)


@given(first=chunk_extensions(), second=chunk_extensions())
def test_extension_counts(first: bytes, second: bytes) -> None:
    """Events with different extensions are different events."""
    for make in (piece, end):
        assert (make(first) == make(second)) is (first == second)
        assert make(first) != make(b"")


@given(extension=chunk_extensions() | st.just(b""), lines=trailers())
def test_copies_have_it(extension: bytes, lines: list[tuple[bytes, bytes]]) -> None:
    """Copies, pickles, and the same end with other trailers have the same extension."""
    ending = EndOfMessage(headers=lines, chunk_extension=extension)
    for event in (piece(extension), ending):
        for twin in (copy.copy(event), copy.deepcopy(event), pickle.loads(pickle.dumps(event))):
            assert twin == event
            assert twin.chunk_extension == extension
    other = with_headers(ending, Headers([("C", "d")]))
    assert other == EndOfMessage(headers=[("C", "d")], chunk_extension=extension)


@each_kind
def test_it_cannot_be_changed(make: Callable[[bytes], Extended]) -> None:
    """As no other field can."""
    event: Any = make(b";a")
    with pytest.raises(AttributeError):
        event.chunk_extension = b""
    with pytest.raises(AttributeError):
        del event.chunk_extension
    assert event.chunk_extension == b";a"


@given(extension=hostile_octets().map(b";".__add__) | hostile_octets())
def test_nothing_breaks_out_of_a_line(extension: bytes) -> None:
    """Whatever is accepted stands in one line, behind a semicolon."""
    try:
        accepted = Data(b"", chunk_extension=extension).chunk_extension
    except LocalProtocolError:
        return
    assert not {0x0A, 0x0D, 0x00} & set(accepted)
    assert not accepted or accepted.lstrip(b" \t").startswith(b";")
