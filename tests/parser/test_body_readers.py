"""Bodies are read piece by piece up to their end, with any framing (RFC 9112 sections 6 and 7)."""

import pytest

from h11_events import Data, EndOfMessage, ErrorCode, LocalProtocolError, ProtocolError
from h11_parser import (
    ChunkedReader,
    ContentLengthReader,
    ReceiveBuffer,
    Tolerance,
    Unbounded,
    UntilCloseReader,
    body_reader,
)
from tests.parser.readers import BodyReader, buffer_of, for_responses, read_on, read_pieces


def test_known_length() -> None:
    """As much as was announced is the body; what follows stays for the next message."""
    buffer = buffer_of(b"helloGET")
    reader = ContentLengthReader(5)
    assert reader(buffer) == Data(b"hello")
    assert reader(buffer) == EndOfMessage()
    assert bytes(buffer) == b"GET"


def test_known_length_in_pieces() -> None:
    """What is there is handed on, however little."""
    assert read_pieces(ContentLengthReader(5), b"he", b"l", b"lo, you") == [
        Data(b"he"),
        Data(b"l"),
        Data(b"lo"),
        EndOfMessage(),
    ]


def test_known_length_waits_for_data() -> None:
    """As long as nothing is there, there is no event, least of all an empty one."""
    buffer = ReceiveBuffer()
    reader = ContentLengthReader(1)
    assert reader(buffer) is None
    assert reader(buffer) is None
    buffer += b"x"
    assert read_on(reader, buffer) == [Data(b"x"), EndOfMessage()]


def test_no_body() -> None:
    """A body without length is at its end before anything has come."""
    assert ContentLengthReader(0)(ReceiveBuffer()) == EndOfMessage()


def test_piece_is_the_object_that_came_in() -> None:
    """A body is handed on without a copy of it where the buffer was empty."""
    piece = b"x" * 100_000
    for reader in (ContentLengthReader(len(piece)), UntilCloseReader()):
        event = read_pieces(reader, piece)[0]
        assert isinstance(event, Data)
        assert event.data is piece
    event = read_pieces(ChunkedReader(), b"186a0\r\n", piece)[0]
    assert isinstance(event, Data)
    assert event.data is piece


@pytest.mark.parametrize("received", [0, 5, 99])
def test_known_length_cut_short(received: int) -> None:
    """The error says how much came and how much should have (RFC 9112 section 8)."""
    reader = ContentLengthReader(100)
    read_pieces(reader, b"x" * received)
    with pytest.raises(LocalProtocolError) as raised:
        reader.read_eof()
    assert str(raised.value) == (
        "peer closed connection without sending complete message body"
        f" (received {received} bytes, expected 100)"
    )
    assert raised.value.code is ErrorCode.BODY_TOO_SHORT
    assert (raised.value.expected, raised.value.received) == (100, received)


def test_until_close() -> None:
    """All that comes is the body, and the end of the connection its end."""
    reader = UntilCloseReader()
    assert read_pieces(reader, b"he", b"llo\r\n\r\n") == [Data(b"he"), Data(b"llo\r\n\r\n")]
    assert reader(ReceiveBuffer()) is None
    assert reader.read_eof() == EndOfMessage()


@pytest.mark.parametrize(
    ("reader", "octets"),
    [
        (ChunkedReader(), b"x\r\n"),
        (ChunkedReader(), b"1\r\nxy"),
        (ChunkedReader(), b"0\r\nno colon\r\n\r\n"),
    ],
    ids=["header", "end", "trailers"],
)
def test_errors_are_protocol_errors(reader: BodyReader, octets: bytes) -> None:
    """Who uses a reader alone catches one class for all that a peer may do wrong."""
    with pytest.raises(ProtocolError):
        read_pieces(reader, octets)


def test_reader_for_a_length() -> None:
    """Each kind of length has its reader, and no two bodies share what is left to read."""
    assert isinstance(body_reader(5), ContentLengthReader)
    assert isinstance(body_reader(Unbounded.CHUNKED), ChunkedReader)
    assert isinstance(body_reader(Unbounded.UNTIL_CLOSE), UntilCloseReader)
    first, second = body_reader(2), body_reader(2)
    assert isinstance(first, ContentLengthReader)
    assert isinstance(second, ContentLengthReader)
    assert read_pieces(first, b"a") == [Data(b"a")]
    assert read_pieces(second, b"bc") == [Data(b"bc"), EndOfMessage()]
    assert read_pieces(first, b"b") == [Data(b"b"), EndOfMessage()]
    buffer = buffer_of(b"rest")
    for _ in range(2):
        reader = body_reader(0)
        assert isinstance(reader, ContentLengthReader)
        assert reader(buffer) == EndOfMessage()
    assert bytes(buffer) == b"rest"


def test_reader_for_chunks_takes_what_it_is_told_to() -> None:
    """What is tolerated in chunks is up to the dialect; without one, it is as in requests."""
    octets = b"5 \r\nhello\r\n0\r\n\r\n"
    events = [Data(b"hello", True, True), EndOfMessage()]
    for reader in (
        body_reader(Unbounded.CHUNKED, for_responses()),
        ChunkedReader(for_responses(Tolerance.BLANK_AFTER_CHUNK_SIZE)),
    ):
        assert isinstance(reader, ChunkedReader)
        assert read_pieces(reader, octets) == events
    for reader in (
        body_reader(Unbounded.CHUNKED),
        ChunkedReader(),
        ChunkedReader(for_responses(Tolerance.NONE)),
    ):
        assert isinstance(reader, ChunkedReader)
        with pytest.raises(LocalProtocolError) as raised:
            read_pieces(reader, octets)
        assert raised.value.code is ErrorCode.BAD_CHUNK
