"""What chunks have behind their sizes is told to whoever asks for it, and written if it is given.

RFC 9112 section 7.1.1: everybody else ignores it.
"""

from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from h11_events import Data, EndOfMessage, Event, FieldLine, RemoteProtocolError
from h11_parser import (
    ChunkedReader,
    ChunkExtensionReader,
    RequestParser,
    ResponseParser,
    Tolerance,
    Unbounded,
    body_reader,
    write_chunked,
)
from tests.parser.readers import for_requests, for_responses, read_pieces
from tests.parser.reading import (
    Outcome,
    Parser,
    assert_same_however_cut,
    byte_by_byte,
    events_of,
    in_two,
    joined,
    read,
)
from tests.parser.strategies import near_miss_chunks
from tests.strategies import chunk_extensions, cuts, trailers

HEADS: Final[dict[type[RequestParser] | type[ResponseParser], bytes]] = {
    RequestParser: b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
    ResponseParser: b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
}

BODY = b'5 ; a\r\nhello\r\n6\r\n world\r\nB;b="\\"c"\r\n0123456789!\r\n00;d=e;f\r\nG: h\r\n\r\n'

EVENTS: list[Event] = [
    Data(b"hello", True, True, b" ; a"),
    Data(b" world", True, True),
    Data(b"0123456789!", True, True, b';b="\\"c"'),
    EndOfMessage(headers=[("G", "h")], chunk_extension=b";d=e;f"),
]


def written(events: list[Data | EndOfMessage]) -> bytes:
    """Return a body in chunks on the wire."""
    return b"".join(piece for event in events for piece in write_chunked(event))


def without_extensions(events: list[Event]) -> list[Event]:
    """Return the events as a parser gives them that was not asked for extensions."""
    plain: list[Event] = []
    for event in events:
        if isinstance(event, Data):
            plain.append(Data(event.data, event.chunk_start, event.chunk_end))
        elif isinstance(event, EndOfMessage):
            plain.append(EndOfMessage(headers=event.headers))
        else:
            plain.append(event)
    return plain


@st.composite
def chunked_bodies(draw: st.DrawFn) -> list[Data | EndOfMessage]:
    """Draw the chunks of a body, some of them with an extension, and its end."""
    extensions = st.just(b"") | chunk_extensions()
    events: list[Data | EndOfMessage] = [
        Data(content, True, True, draw(extensions))
        for content in draw(st.lists(st.binary(min_size=1, max_size=20), max_size=4))
    ]
    lines: list[FieldLine] = draw(trailers())
    events.append(EndOfMessage(headers=lines, chunk_extension=draw(extensions)))
    return events


@pytest.mark.parametrize("new_parser", [RequestParser, ResponseParser])
def test_extensions_are_told_if_asked_for(
    new_parser: type[RequestParser] | type[ResponseParser],
) -> None:
    """Each with the first piece of its chunk, or with the end, wherever the octets are cut."""

    def asked() -> Parser:
        """Return a parser that tells extensions."""
        return new_parser(keep_chunk_extensions=True)

    stream = HEADS[new_parser] + BODY + HEADS[new_parser] + BODY
    outcome = assert_same_however_cut(asked, stream)
    head = outcome.events[0]
    assert outcome.events == [head, *EVENTS, head, *EVENTS]


@pytest.mark.parametrize("new_parser", [RequestParser, ResponseParser])
def test_nobody_else_hears_of_them(
    new_parser: type[RequestParser] | type[ResponseParser],
) -> None:
    """A parser that was not asked for them ignores them."""
    assert events_of(new_parser(), HEADS[new_parser] + BODY)[1:] == without_extensions(EVENTS)


def test_first_piece_of_a_chunk_has_the_extension() -> None:
    """The other pieces have none, and what came earlier than any data is not lost."""
    for pieces in (
        [b"6;a\r\nhe", b"l", b"lo!\r\n0;b\r\n"],
        [b"6;a\r\n", b"he", b"l", b"lo!\r\n0;b"],
    ):
        assert read_pieces(ChunkExtensionReader(), *pieces, b"\r\n\r\n")[:3] == [
            Data(b"he", True, False, b";a"),
            Data(b"l"),
            Data(b"lo!", False, True),
        ]


def test_an_extension_does_not_outlive_its_chunk() -> None:
    """The chunk after it has its own, or none, and so has the next message."""
    reader = ChunkExtensionReader()
    octets = b"1;a\r\nx\r\n1\r\ny\r\n1;b\r\nz\r\n0\r\n\r\n"
    expected = [
        Data(b"x", True, True, b";a"),
        Data(b"y", True, True),
        Data(b"z", True, True, b";b"),
        EndOfMessage(),
    ]
    for pieces in [[octets], byte_by_byte(octets), *in_two(octets)]:
        assert read_pieces(ChunkExtensionReader(), *pieces) == expected
    assert read_pieces(reader, octets) == expected


@pytest.mark.parametrize("blanks", [b" ", b"\t \t"], ids=repr)
def test_blanks_alone_are_no_extension(blanks: bytes) -> None:
    """Where they are tolerated behind a size, they are still nothing to be told."""
    octets = b"1%b\r\nx\r\n0%b\r\n\r\n" % (blanks, blanks)
    for dialect in (for_responses(), for_requests(Tolerance.BLANK_AFTER_CHUNK_SIZE)):
        reader = ChunkExtensionReader(dialect)
        assert read_pieces(reader, octets) == [Data(b"x", True, True), EndOfMessage()]


def test_reader_of_a_body() -> None:
    """Only a chunked body can have extensions, and only on request are they told."""
    for length in (0, 5, Unbounded.UNTIL_CLOSE):
        kept = body_reader(length, keep_chunk_extensions=True)
        assert type(kept) is type(body_reader(length))
    assert type(body_reader(Unbounded.CHUNKED)) is ChunkedReader
    kept = body_reader(Unbounded.CHUNKED, keep_chunk_extensions=True)
    assert type(kept) is ChunkExtensionReader


def test_chunks_are_written_with_their_extensions() -> None:
    """What a piece has is written, and nothing is added where it has none."""
    assert written([Data(b"hello", chunk_extension=b';a="b"'), Data(b"!"), EndOfMessage()]) == (
        b'5;a="b"\r\nhello\r\n1\r\n!\r\n0\r\n\r\n'
    )
    end = EndOfMessage(headers=[("A", "b")], chunk_extension=b" ;c")
    assert written([end]) == b"0 ;c\r\nA: b\r\n\r\n"


def test_empty_piece_is_no_chunk_with_an_extension_either() -> None:
    """It would be the last one."""
    assert write_chunked(Data(b"", chunk_extension=b";a")) == []


@pytest.mark.parametrize("new_parser", [RequestParser, ResponseParser])
@given(events=chunked_bodies(), data=st.data())
def test_bodies_are_written_again_as_the_same_octets(
    new_parser: type[RequestParser] | type[ResponseParser],
    events: list[Data | EndOfMessage],
    data: st.DataObject,
) -> None:
    """The chunks of any body come back with their extensions, however cut, and go out the same."""
    head = HEADS[new_parser]
    octets = written(events)
    for pieces in ([octets], data.draw(cuts(octets)), byte_by_byte(octets)):
        parser = new_parser(keep_chunk_extensions=True)
        parser.receive_data(head)
        parser.next_event()
        outcome = read(parser, pieces)
        assert outcome == Outcome(list(events), outcome.end, b"")
        assert written([event for event in events if isinstance(event, Data | EndOfMessage)]) == (
            octets
        )
    plain = new_parser()
    assert events_of(plain, head, octets)[1:] == without_extensions(list(events))


@settings(max_examples=300)
@given(octets=near_miss_chunks(), data=st.data())
def test_what_is_told_changes_nothing_else(octets: bytes, data: st.DataObject) -> None:
    """Bodies that may be wrong are read alike, or refused alike, whether extensions are told."""
    tolerate = data.draw(st.sampled_from([Tolerance.NONE, Tolerance.BLANK_AFTER_CHUNK_SIZE]))
    for new_parser in (RequestParser, ResponseParser):
        pieces = [HEADS[new_parser], *data.draw(cuts(octets))]
        plain = read(new_parser(tolerate=tolerate), pieces)
        told = read(new_parser(tolerate=tolerate, keep_chunk_extensions=True), pieces)
        assert without_extensions(told.events) == plain.events
        assert (told.end, told.rest) == (plain.end, plain.rest)


@given(extension=chunk_extensions())
def test_every_legal_extension_is_read(extension: bytes) -> None:
    """What an event may have, a reader takes; both have the grammar of section 7.1.1."""
    octets = b"1%b\r\nx\r\n0%b\r\n\r\n" % (extension, extension)
    assert joined([*read_pieces(ChunkExtensionReader(), *byte_by_byte(octets))]) == [
        Data(b"x", True, True, extension),
        EndOfMessage(chunk_extension=extension),
    ]


def test_a_fault_after_an_extension_is_a_fault() -> None:
    """An extension that was read is not told if its chunk never comes."""
    parser = RequestParser(keep_chunk_extensions=True)
    assert len(events_of(parser, HEADS[RequestParser] + b"5;a\r\n")) == 1
    parser.receive_data(b"")
    with pytest.raises(RemoteProtocolError, match="incomplete chunked read"):
        parser.next_event()
