"""Tests of the private names that real dependents import, used in the way they use them."""

from collections.abc import Callable
from typing import Final

import pytest

import h11
from h11._connection import DEFAULT_MAX_INCOMPLETE_EVENT_SIZE
from h11._headers import Headers
from h11._readers import ChunkedReader, ContentLengthReader, Http10Reader
from h11._receivebuffer import ReceiveBuffer
from tests.h11.conversations import cuttings, data_of, joined, request

Reader = ChunkedReader | ContentLengthReader | Http10Reader
"""What mitmproxy chooses from for each body."""

BODIES: Final[dict[str, tuple[Callable[[], Reader], bytes, bool]]] = {
    "chunked": (ChunkedReader, b"5\r\nhello\r\n6\r\n world\r\n0\r\nA: b\r\n\r\n", False),
    "length": (lambda: ContentLengthReader(11), b"hello world", False),
    "HTTP/1.0": (Http10Reader, b"hello world", True),
}
"""For each reader: how it is made, what it reads, and whether the end of the stream ends it."""


def buffer_of(*pieces: bytes) -> ReceiveBuffer:
    """Return a buffer with these pieces."""
    buffer = ReceiveBuffer()
    for piece in pieces:
        buffer += piece
    return buffer


def read_all(reader: Reader, buffer: ReceiveBuffer) -> list[h11.Event]:
    """Return the events that there are in a buffer, up to the end of the message."""
    events: list[h11.Event] = []
    while (event := reader(buffer)) is not None:
        events.append(event)
        if isinstance(event, h11.EndOfMessage):
            break
    return events


def test_default_limit_can_be_passed_on() -> None:
    """It is taken from here and passed on by uvicorn, as `max_incomplete_event_size`."""
    assert DEFAULT_MAX_INCOMPLETE_EVENT_SIZE == 16 * 1024
    for connection in (
        h11.Connection(h11.SERVER, DEFAULT_MAX_INCOMPLETE_EVENT_SIZE),
        h11.Connection(h11.SERVER),
    ):
        connection.receive_data(b"x" * DEFAULT_MAX_INCOMPLETE_EVENT_SIZE)
        assert connection.next_event() is h11.NEED_DATA
        connection.receive_data(b"x")
        with pytest.raises(h11.RemoteProtocolError):
            connection.next_event()


def test_headers_class_is_that_of_events() -> None:
    """It is in annotations of wsproto, so what events have is an instance of it."""
    assert isinstance(request().headers, Headers)
    assert isinstance(h11.EndOfMessage().headers, Headers)


@pytest.mark.parametrize(("make", "octets", "ended_by_eof"), BODIES.values(), ids=BODIES)
def test_readers_read_bodies_from_a_buffer(
    make: Callable[[], Reader], octets: bytes, ended_by_eof: bool
) -> None:
    """A reader called with a buffer gives data, the end, or None, in all cuttings."""
    for pieces in cuttings(octets):
        reader, buffer = make(), buffer_of()
        events: list[h11.Event] = []
        for piece in pieces:
            buffer += piece
            events += read_all(reader, buffer)
        if ended_by_eof:
            assert reader(buffer) is None
            events.append(reader.read_eof())
        assert data_of(events) == b"hello world"
        assert joined(events)[-1] == h11.EndOfMessage(
            headers=[("A", "b")] if make is ChunkedReader else []
        )
        assert not buffer


@pytest.mark.parametrize(
    ("reader", "body"),
    [
        (ChunkedReader(), b"1\r\na\r\n0\r\n\r\n"),
        (ContentLengthReader(1), b"a"),
        (ContentLengthReader(0), b""),
    ],
    ids=["chunked", "length", "empty"],
)
def test_readers_leave_what_comes_after_the_body(reader: Reader, body: bytes) -> None:
    """The bytes of the next message stay in the buffer."""
    buffer = buffer_of(body + b"next")
    assert read_all(reader, buffer)[-1] == h11.EndOfMessage()
    assert bytes(buffer) == b"next"


@pytest.mark.parametrize(
    ("reader", "octets", "text"),
    [
        (ChunkedReader(), b"5\r\nabc", "incomplete chunked read"),
        (ContentLengthReader(100), b"hello", "received 5 bytes, expected 100"),
    ],
    ids=["chunked", "length"],
)
def test_readers_tell_what_is_missing_at_the_end(
    reader: ChunkedReader | ContentLengthReader, octets: bytes, text: str
) -> None:
    """When the peer closes too early, the error is a `ProtocolError` with the text asserted."""
    read_all(reader, buffer_of(octets))
    with pytest.raises(h11.ProtocolError, match="peer closed connection") as caught:
        reader.read_eof()
    assert text in str(caught.value)


def test_readers_raise_protocol_errors() -> None:
    """A malformed body is caught as `h11.ProtocolError`."""
    with pytest.raises(h11.ProtocolError):
        read_all(ChunkedReader(), buffer_of(b"zzz\r\n"))


def test_buffer_takes_bytes() -> None:
    """A buffer has a length, a truth value, and can be turned into bytes."""
    buffer = ReceiveBuffer()
    assert not buffer
    assert len(buffer) == 0
    assert bytes(buffer) == b""
    for count, piece in enumerate([b"abc", b"def"], start=1):
        buffer += piece
        assert buffer
        assert len(buffer) == 3 * count
    assert bytes(buffer) == b"abcdef"
    assert isinstance(buffer, ReceiveBuffer)


def test_buffer_gives_lines_up_to_an_empty_one() -> None:
    """A head comes as the list of its lines, once it is complete; None before, in all cuttings."""
    for pieces in cuttings(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"):
        buffer = ReceiveBuffer()
        for piece in pieces[:-1]:
            buffer += piece
            assert buffer.maybe_extract_lines() is None
        buffer += pieces[-1] + b"body"
        lines = buffer.maybe_extract_lines()
        assert lines == [b"GET / HTTP/1.1", b"Host: a"]
        assert bytes(buffer) == b"body"


@pytest.mark.parametrize("line", [b"\r\n", b"\n"], ids=["CRLF", "LF"])
def test_buffer_gives_no_lines_for_an_empty_one(line: bytes) -> None:
    """An empty line alone is a list without lines, which is not None."""
    buffer = buffer_of(line + b"rest")
    assert buffer.maybe_extract_lines() == []
    assert bytes(buffer) == b"rest"


def test_buffer_gives_as_much_as_there_is() -> None:
    """A slice has at most the size that was asked for; without bytes it is None."""
    buffer = buffer_of(b"\r\nabc", b"def")
    assert buffer.maybe_extract_at_most(4) == b"\r\nab"
    rest = buffer.maybe_extract_at_most(100)
    assert rest == b"cdef"
    assert buffer.maybe_extract_at_most(1) is None


def test_a_slice_of_a_buffer_can_be_stripped() -> None:
    """What comes out is bytes-like: mitmproxy strips line ends from its left."""
    taken = buffer_of(b"\r\n\r\nabc").maybe_extract_at_most(100)
    assert taken is not None
    assert taken.lstrip(b"\r\n") == b"abc"
