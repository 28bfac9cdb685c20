"""Chunks are read with their delimiters, extensions and trailers (RFC 9112 section 7.1)."""

import pytest

from h11_events import Data, EndOfMessage, ErrorCode, LocalProtocolError
from h11_parser import ChunkedReader, Limits, Tolerance, request_dialect
from tests.parser.readers import buffer_of, for_requests, for_responses, read_on, read_pieces
from tests.parser.reading import byte_by_byte, in_two


def test_chunks() -> None:
    """Each chunk is a piece that begins and ends it; the last one has none (RFC 9112 7.1)."""
    octets = b"5\r\nhello\r\n00A\r\n 0123\r\n678\r\n0\r\n\r\nrest"
    buffer = buffer_of(octets)
    assert read_on(ChunkedReader(), buffer) == [
        Data(b"hello", True, True),
        Data(b" 0123\r\n678", True, True),
        EndOfMessage(),
    ]
    assert bytes(buffer) == b"rest"


def test_no_chunks() -> None:
    """The last chunk may be the first; it may have more zeros, or an extension."""
    for octets in (b"0\r\n\r\n", b"000\r\n\r\n", b"0;x=y\r\n\r\n"):
        assert read_pieces(ChunkedReader(), octets) == [EndOfMessage()]


def test_chunk_in_pieces() -> None:
    """The first piece of a chunk begins it and the last one ends it."""
    pieces = [b"6\r\nhe", b"l", b"lo!\r\n1\r\nx\r\n0\r\n\r\n"]
    assert read_pieces(ChunkedReader(), *pieces) == [
        Data(b"he", chunk_start=True),
        Data(b"l"),
        Data(b"lo!", chunk_end=True),
        Data(b"x", True, True),
        EndOfMessage(),
    ]


def test_chunk_begins_though_its_size_came_earlier() -> None:
    """A size line that came in a read of its own makes the next piece the first of a chunk."""
    for pieces in ([b"5\r\n", b"he", b"llo\r\n"], [b"5\r", b"\nhe", b"llo", b"\r\n"]):
        assert read_pieces(ChunkedReader(), *pieces, b"2\r\n", b"ab", b"\r\n0\r\n\r\n") == [
            Data(b"he", chunk_start=True),
            Data(b"llo", chunk_end=True),
            Data(b"ab", True, True),
            EndOfMessage(),
        ]


def test_every_chunk_shows_however_cut() -> None:
    """Between its beginning and its end, the pieces of each chunk are the chunk."""
    chunks = [b"hello", b"\r\n", b"x" * 11]
    octets = b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\n\r\n"
    for pieces in [[octets], byte_by_byte(octets), *in_two(octets)]:
        *data, end = read_pieces(ChunkedReader(), *pieces)
        assert end == EndOfMessage()
        found: list[bytes] = []
        inside = False
        for piece in data:
            assert isinstance(piece, Data)
            assert piece.data
            assert piece.chunk_start is not inside
            found = (
                [*found, piece.data] if piece.chunk_start else [*found[:-1], found[-1] + piece.data]
            )
            inside = not piece.chunk_end
        assert found == chunks


@pytest.mark.parametrize(
    "extension",
    [
        *(b";a", b";a=b", b";a=b;c=d;e", b';a="b;c\\"d"', b'; a = "b"', b" ;a", b"\t; a ;\tb"),
        *(b';a="\xe9"', b';a=""', b";" + b"x" * 1000),
    ],
    ids=repr,
)
def test_chunk_extensions(extension: bytes) -> None:
    """What an extension says is ignored (RFC 9112 section 7.1.1)."""
    octets = b"5%b\r\nhello\r\n5%b\r\nhello\r\n0%b\r\n\r\n" % (extension, extension, extension)
    chunk = Data(b"hello", True, True)
    for pieces in [[octets], byte_by_byte(octets)]:
        *data, end = read_pieces(ChunkedReader(), *pieces)
        assert end == EndOfMessage()
        assert b"".join(piece.data for piece in data if isinstance(piece, Data)) == b"hello" * 2
    assert read_pieces(ChunkedReader(), octets) == [chunk, chunk, EndOfMessage()]


@pytest.mark.parametrize("blanks", [b" ", b"\t \t", b" " * 1000], ids=len)
def test_blanks_after_a_chunk_size(blanks: bytes) -> None:
    """They are ignored if that is tolerated, as a client does, and refused otherwise."""
    octets = b"5%b\r\nhello\r\n0%b\r\n\r\n" % (blanks, blanks)
    expected = [Data(b"hello", True, True), EndOfMessage()]
    for dialect in (for_responses(), for_requests(Tolerance.BLANK_AFTER_CHUNK_SIZE)):
        assert read_pieces(ChunkedReader(dialect), octets) == expected
    for dialect in (for_responses(Tolerance.NONE), for_requests()):
        with pytest.raises(LocalProtocolError, match="illegal chunk header") as raised:
            read_pieces(ChunkedReader(dialect), octets)
        assert raised.value.code is ErrorCode.BAD_CHUNK


@pytest.mark.parametrize(
    ("sizes", "fits"),
    [
        ([b"5;" + b"x" * 9, b"0"], True),
        ([b"5;" + b"x" * 10, b"0"], False),
        ([b"0005;" + b"x" * 9, b"0"], True),
        ([b"0" * 19 + b"5;" + b"x" * 10, b"0"], False),
        ([b"5;aaaa", b"5", b"5 ;b", b"0"], True),
        ([b"5;aaaa", b"5", b"5 ;b", b"0;c"], True),
        ([b"5;aaaa", b"5", b"5 ;b", b"0;cc"], False),
        ([b"5;a"] * 5 + [b"0"], True),
        ([b"5;a"] * 5 + [b"0;a"], False),
        ([b"5"] * 1000 + [b"0"], True),
    ],
    ids=lambda part: "" if isinstance(part, bool) else repr(b" ".join(part[:4])),
)
def test_extensions_are_limited_all_together(sizes: list[bytes], fits: bool) -> None:
    """All octets between the digits and the line ends of a message count; none of others do."""
    dialect = request_dialect(None, None, Limits(chunk_extension_size=10))
    octets = b"\r\nhello\r\n".join(sizes) + b"\r\n\r\n"
    outcomes = []
    for pieces in ([octets], byte_by_byte(octets)):
        if fits:
            assert read_pieces(ChunkedReader(dialect), *pieces)[-1] == EndOfMessage()
            continue
        with pytest.raises(LocalProtocolError, match=r"Limits\.chunk_extension_size") as raised:
            read_pieces(ChunkedReader(dialect), *pieces)
        assert raised.value.code is ErrorCode.CHUNK_EXTENSIONS_TOO_LARGE
        assert raised.value.expected == 10
        outcomes.append((str(raised.value), raised.value.excerpt))
    assert len(set(outcomes)) == (0 if fits else 1)


@pytest.mark.parametrize(
    "line",
    [
        *(b"", b" ", b"g", b"+5", b"-5", b"-0", b"0x5", b"0X5", b"5_0", b"5h", b"5.", b"5,5"),
        *(b"5 5", b" 5", b"\t5", b";a", b"5\x0b", b"5\x00", b"5\r", b"\r5", b"5\n", b"\n5"),
        *(b"\xb2", b"\xef\xbc\x95", b"0" * 20 + b"5", b"f" * 21),
        *(b"5;", b"5; \t", b"5;;a", b"5;a=", b"5;=a", b"5;a b", b"5;a=b c", b"5;a=b ", b"5;(=)"),
        *(b"5;\xe9", b"5;a=\xe9", b"5;\x00", b"5;a\rb", b"5;a\r", b"5;a\nb", b"5;\x0b", b"5;\x1b"),
        *(b"5;\x7f", b'5;a="', b'5;a="b', b'5;a="b"c', b'5;a="\x00"', b'5;a="\x7f"', b'5;a="\\'),
    ],
    ids=repr,
)
def test_illegal_chunk_header(line: bytes) -> None:
    """A size is hexadecimal digits, an extension has a name and maybe a value (section 7.1.1)."""
    for before in (b"", b"5\r\nhello\r\n"):
        octets = before + line + b"\r\n"
        for dialect in (for_requests(), for_responses()):
            for pieces in [[octets + b"hello\r\n"], [octets], *in_two(octets)]:
                with pytest.raises(LocalProtocolError, match="illegal chunk header") as raised:
                    read_pieces(ChunkedReader(dialect), *pieces)
                assert raised.value.code is ErrorCode.BAD_CHUNK
                assert raised.value.error_status_hint == 400


@pytest.mark.parametrize(
    "end",
    [b"\n", b"x", b"\rx", b"\r\r\n", b"\n\r", b"5\r\n", b" \r\n", b"0\r\n\r\n", b"\x00"],
    ids=repr,
)
def test_illegal_end_of_chunk(end: bytes) -> None:
    """Behind the data of a chunk there is CRLF, and nothing else (RFC 9112 section 7.1)."""
    octets = b"5\r\nhello" + end
    for pieces in [[octets + b"\r\n0\r\n\r\n"], [octets], *in_two(octets)]:
        with pytest.raises(LocalProtocolError, match="malformed chunk footer") as raised:
            read_pieces(ChunkedReader(), *pieces)
        assert raised.value.code is ErrorCode.BAD_CHUNK
        assert raised.value.error_status_hint == 400
        assert raised.value.excerpt == end[: 2 if end.startswith(b"\r") else 1]


def test_illegal_end_of_chunk_is_refused_at_once() -> None:
    """The first octet that cannot be of a CRLF is enough; all the data was handed on before."""
    reader = ChunkedReader()
    assert read_pieces(reader, b"5\r\nhello") == [Data(b"hello", True, True)]
    with pytest.raises(LocalProtocolError, match="malformed chunk footer"):
        reader(buffer_of(b"\n"))


def test_largest_size() -> None:
    """Sixteen digits and more are a size; the data comes as it comes."""
    assert read_pieces(ChunkedReader(), b"f" * 20 + b"\r\nhello") == [Data(b"hello", True, False)]
    assert read_pieces(ChunkedReader(), b"0" * 19 + b"5\r\nhello") == [Data(b"hello", True, True)]


def test_trailers() -> None:
    """Fields after the last chunk come with the end of the message (RFC 9112 section 7.1.2)."""
    octets = b"0\r\nA: b\r\nC:\td \r\n\r\n"
    expected = [EndOfMessage(headers=[("A", "b"), ("C", "d")])]
    for pieces in [[octets], byte_by_byte(octets), *in_two(octets)]:
        assert read_pieces(ChunkedReader(), *pieces) == expected
    end = read_pieces(ChunkedReader(), octets)[0]
    assert isinstance(end, EndOfMessage)
    assert end.headers.raw_items() == [(b"A", b"b"), (b"C", b"d")]


@pytest.mark.parametrize(
    "section",
    [
        b"A: b\nC: d\n\n",
        b"A: b\r\nC:\r\n d\r\n\r\n",
        b"A: b\r\nC: d\r\n\n",
        b"A:\n b\nC: d\r\n\r\n",
    ],
    ids=repr,
)
def test_trailers_that_can_be_let_through(section: bytes) -> None:
    """A trailer section is as tolerant as a header section."""
    expected = [EndOfMessage(headers=[("A", "b"), ("C", "d")])]
    both = Tolerance.BARE_LF | Tolerance.OBS_FOLD
    for dialect in (for_responses(), for_requests(both)):
        assert read_pieces(ChunkedReader(dialect), b"0\r\n" + section) == expected
    for dialect in (for_requests(), for_responses(Tolerance.RESPONSES & ~both)):
        with pytest.raises(LocalProtocolError, match="illegal field line"):
            read_pieces(ChunkedReader(dialect), b"0\r\n" + section)


@pytest.mark.parametrize(
    "line", [b"no colon", b"a : b", b": b", b" a: b", b"a: \x00", b"a: b\rc", b"\r"], ids=repr
)
def test_illegal_trailers(line: bytes) -> None:
    """A trailer section is judged as a header section is."""
    for end in (b"\r\n\r\n", b"\r\nX: y\r\n\r\n"):
        for dialect in (for_requests(), for_responses()):
            with pytest.raises(LocalProtocolError) as raised:
                read_pieces(ChunkedReader(dialect), b"0\r\n" + line + end)
            assert raised.value.code is ErrorCode.BAD_FIELD_LINE
            assert raised.value.error_status_hint == 400


@pytest.mark.parametrize(
    "line", [b"Content-Length: 5", b"transfer-encoding: x", b"HOST:"], ids=repr
)
def test_trailers_that_come_too_late(line: bytes) -> None:
    """What frames or routes a message is refused after it, or left out (RFC 9110 section 6.5.1)."""
    octets = b"0\r\nA: b\r\n" + line + b"\r\n\r\n"
    expected = [EndOfMessage(headers=[("A", "b")])]
    assert read_pieces(ChunkedReader(for_responses()), octets) == expected
    for dialect in (for_requests(), for_responses(Tolerance.NONE)):
        with pytest.raises(LocalProtocolError, match="too late") as raised:
            read_pieces(ChunkedReader(dialect), octets)
        assert raised.value.code is ErrorCode.BAD_TRAILER


@pytest.mark.parametrize(
    "octets", [b"", b"5\r\n", b"5\r\nhel", b"5\r\nhello", b"5\r\nhello\r\n", b"0\r\n", b"0"]
)
def test_chunks_cut_short(octets: bytes) -> None:
    """Without the last chunk and its end a body is not complete (RFC 9112 section 8)."""
    reader = ChunkedReader()
    read_pieces(reader, octets)
    with pytest.raises(LocalProtocolError) as raised:
        reader.read_eof()
    assert str(raised.value) == (
        "peer closed connection without sending complete message body (incomplete chunked read)"
    )
    assert raised.value.code is ErrorCode.BODY_TOO_SHORT
    assert (raised.value.expected, raised.value.received) == (None, None)
