"""Bodies are written with any framing, or refused if it cannot express them (RFC 9112 6 and 7)."""

from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from h11_events import Data, EndOfMessage, ErrorCode, FieldLine, Headers, LocalProtocolError
from h11_parser import (
    BodyLength,
    BodyWriter,
    Unbounded,
    body_writer,
    write_chunked,
    write_field_lines,
    write_until_close,
)
from tests.strategies import bodies, trailers

TRAILERS = EndOfMessage(headers=[("ETag", '"x"')])


class Opaque:
    """Something with a length of which nothing else is asked, such as a file to be sent."""

    def __init__(self, length: int) -> None:
        """Make something so long."""
        self.length = length

    def __len__(self) -> int:
        """Return the length."""
        return self.length


def test_known_length() -> None:
    """Pieces that add up to the length are written as they are, and the end is no octet."""
    write = body_writer(7)
    assert b"".join(write(Data(b"hello"))) == b"hello"
    assert b"".join(write(Data(b""))) == b""
    assert b"".join(write(Data(b"!!"))) == b"!!"
    assert write(EndOfMessage()) == []


def test_too_much_for_the_length() -> None:
    """One octet more than was announced is refused, in whatever piece it is."""
    for before, last in ((b"", b"hello!"), (b"hello", b"!"), (b"hell", b"o!")):
        write = body_writer(5)
        write(Data(before))
        with pytest.raises(
            LocalProtocolError, match=r"Too much data .*6 bytes, declared 5"
        ) as raised:
            write(Data(last))
        assert raised.value.code is ErrorCode.BODY_TOO_LONG
        assert (raised.value.expected, raised.value.received) == (5, 6)


def test_too_little_for_the_length() -> None:
    """An end before as much was written as announced is refused."""
    write = body_writer(5)
    write(Data(b"hell"))
    with pytest.raises(
        LocalProtocolError, match=r"Too little data .*4 bytes, declared 5"
    ) as raised:
        write(EndOfMessage())
    assert raised.value.code is ErrorCode.BODY_TOO_SHORT
    assert (raised.value.expected, raised.value.received) == (5, 4)


def test_nothing_may_follow_no_body() -> None:
    """Where there is no body, only its end can be written."""
    write = body_writer(0)
    with pytest.raises(LocalProtocolError, match="Too much data"):
        write(Data(b"x"))
    assert write(EndOfMessage()) == []


def test_chunks() -> None:
    """Each piece is a chunk with its size in hexadecimal (RFC 9112 section 7.1)."""
    assert b"".join(write_chunked(Data(b"hello"))) == b"5\r\nhello\r\n"
    assert b"".join(write_chunked(Data(b"x" * 26))) == b"1a\r\n" + b"x" * 26 + b"\r\n"
    assert b"".join(write_chunked(EndOfMessage())) == b"0\r\n\r\n"


def test_empty_piece_is_no_chunk() -> None:
    """An empty chunk would be the last one, so an empty piece is nothing."""
    assert write_chunked(Data(b"")) == []


def test_chunk_delimiters_do_not_show() -> None:
    """Where a chunk began when it was read does not matter when it is written."""
    assert b"".join(write_chunked(Data(b"hello", True, False))) == b"5\r\nhello\r\n"


def test_trailers() -> None:
    """After the last chunk there is room for fields, in their casing (RFC 9112 7.1.2)."""
    assert b"".join(write_chunked(TRAILERS)) == b'0\r\nETag: "x"\r\n\r\n'


def test_until_close() -> None:
    """Pieces are written as they are, and the end is for the connection to show."""
    assert b"".join(write_until_close(Data(b"hello"))) == b"hello"
    assert write_until_close(EndOfMessage()) == []


@pytest.mark.parametrize("length", [0, 5, Unbounded.UNTIL_CLOSE], ids=str)
def test_no_room_for_trailers(length: BodyLength) -> None:
    """Only chunks can be followed by fields."""
    write = body_writer(length)
    if isinstance(length, int):
        write(Data(b"x" * length))
    with pytest.raises(LocalProtocolError, match="trailers") as raised:
        write(TRAILERS)
    assert raised.value.code is ErrorCode.BAD_TRAILER


@pytest.mark.parametrize("length", [1000, Unbounded.CHUNKED, Unbounded.UNTIL_CLOSE], ids=str)
def test_data_is_passed_through(length: BodyLength) -> None:
    """The data of a piece is among what is written, the very object, asked only for its length."""
    opaque = Opaque(1000)
    pieces: list[object] = [*body_writer(length)(Data(cast("bytes", opaque)))]
    assert sum(piece is opaque for piece in pieces) == 1
    others = [piece for piece in pieces if piece is not opaque]
    assert others == ([b"3e8\r\n", b"\r\n"] if length is Unbounded.CHUNKED else [])


def test_opaque_data_counts() -> None:
    """The length of what is passed through counts as that of any other data."""
    write = body_writer(999)
    with pytest.raises(LocalProtocolError, match="Too much data"):
        write(Data(cast("bytes", Opaque(1000))))


def test_writer_for_a_length() -> None:
    """Each kind of length has its writer, and no two bodies share what is left to write."""
    assert body_writer(Unbounded.CHUNKED) is write_chunked
    assert body_writer(Unbounded.UNTIL_CLOSE) is write_until_close
    first, second = body_writer(1), body_writer(1)
    for write in (first, second):
        assert write(Data(b"x")) == [b"x"]


def written(write: BodyWriter, pieces: list[bytes], trailers: list[FieldLine]) -> bytes:
    """Return what a body is on the wire."""
    octets = b"".join(b"".join(write(Data(piece))) for piece in pieces)
    return octets + b"".join(write(EndOfMessage(headers=trailers)))


@given(pieces=bodies())
def test_body_without_chunks_is_its_pieces(pieces: list[bytes]) -> None:
    """With a length or without, what is written is the body and nothing else."""
    body = b"".join(pieces)
    assert written(body_writer(len(body)), pieces, []) == body
    assert written(write_until_close, pieces, []) == body


@given(pieces=bodies(), trailers=trailers())
def test_body_in_chunks(pieces: list[bytes], trailers: list[FieldLine]) -> None:
    """The pieces that are not empty can be found in the chunks by their sizes."""
    octets = written(write_chunked, pieces, trailers)
    for piece in filter(None, pieces):
        size, _, rest = octets.partition(b"\r\n")
        assert int(size, 16) == len(piece)
        assert rest.startswith(piece + b"\r\n")
        octets = rest[len(piece) + 2 :]
    assert octets == b"0\r\n" + write_field_lines(Headers(trailers))


@given(pieces=bodies(), difference=st.integers(-20, 20).filter(bool))
def test_any_other_length_is_refused(pieces: list[bytes], difference: int) -> None:
    """A body that has not exactly the length announced is never written to its end."""
    length = max(0, sum(map(len, pieces)) + difference)
    if length != sum(map(len, pieces)):
        with pytest.raises(LocalProtocolError, match=r"Too (much|little) data"):
            written(body_writer(length), pieces, [])
