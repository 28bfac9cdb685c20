"""The signatures of readers, writers and parsers, pinned: `h11_parser`."""

import re
from typing import TYPE_CHECKING, assert_type

from h11_events import (
    AnyEvent,
    Data,
    EndOfMessage,
    Headers,
    InformationalResponse,
    Octets,
    Request,
)
from h11_events import Response as FinalResponse
from h11_parser import (
    DEFAULT_MAX_INCOMPLETE_EVENT_SIZE,
    NEED_DATA,
    PAUSED,
    REQUESTS,
    RESPONSES,
    BodyLength,
    BodyReader,
    BodyWriter,
    ChunkedReader,
    ChunkExtensionReader,
    ContentLengthReader,
    ContentLengthWriter,
    Dialect,
    Limits,
    ReceiveBuffer,
    RecordingBuffer,
    RequestParser,
    ResponseParser,
    Tolerance,
    Unbounded,
    UntilCloseReader,
    body_reader,
    body_writer,
    judge_request_framing,
    judge_response_framing,
    read_request_head,
    read_response_head,
    request_body_length,
    request_dialect,
    response_body_length,
    response_dialect,
    write_chunked,
    write_field_lines,
    write_request_head,
    write_response_head,
    write_until_close,
)

if TYPE_CHECKING:
    from collections.abc import Callable

GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\n\r\n"

ASKED = Request(method="GET", target="/", headers=[("Host", "a")])
REPLY = FinalResponse(status_code=200, headers=[("Transfer-Encoding", "chunked")])


def buffer_of(octets: bytes) -> ReceiveBuffer:
    """Return a buffer with some octets in it."""
    buffer = ReceiveBuffer()
    buffer.append(octets)
    return buffer


def test_parser_of_requests() -> None:
    """It is made from named arguments alone, and gives what `Connection` gives."""
    parser = RequestParser(tolerate=Tolerance.NONE, limits=Limits())
    assert_type(RequestParser(max_incomplete_event_size=100), RequestParser)
    for data in (GET[:1], bytearray(GET[1:2]), memoryview(GET[2:]), b""):
        parser.receive_data(data)
    event = parser.next_event()
    assert_type(event, AnyEvent | type[NEED_DATA] | type[PAUSED])
    if event is NEED_DATA or event is PAUSED:
        assert_type(event, type[NEED_DATA] | type[PAUSED])
    else:
        assert_type(event, AnyEvent)
    assert event == ASKED
    assert assert_type(parser.trailing_data, tuple[bytes, bool]) == (b"", True)
    resume: Callable[[], None] = parser.resume
    resume()


def test_parser_of_responses() -> None:
    """It is told which method is answered, and tells whether there can be another response."""
    parser = ResponseParser(max_incomplete_event_size=None, tolerate=None, limits=None)
    assert assert_type(parser.is_last, bool) is False
    assert assert_type(parser.position, int) == 0
    expect: Callable[[Octets], None] = parser.expect
    expect(b"HEAD")
    parser.receive_data(OK)
    assert_type(parser.next_event(), AnyEvent | type[NEED_DATA] | type[PAUSED])
    assert parser.next_event() == EndOfMessage()
    assert assert_type(parser.trailing_data, tuple[bytes, bool]) == (b"", False)


def test_what_parsers_keep_for_forwarders() -> None:
    """The octets of a head may be absent; both kinds of parser have the same options."""
    asked = RequestParser(keep_heads=True, keep_chunk_extensions=True)
    replied = ResponseParser(keep_heads=False, keep_chunk_extensions=False)
    for parser in (asked, replied):
        assert assert_type(parser.last_head, bytes | None) is None
    buffer = RecordingBuffer()
    buffer.append(GET)
    assert read_request_head(buffer) == ASKED
    assert assert_type(buffer.taken, bytes) == GET


def test_readers_of_heads() -> None:
    """An event, or None as long as it is not complete."""
    asked = assert_type(read_request_head(buffer_of(GET)), Request | None)
    assert asked == ASKED
    assert read_request_head(buffer_of(GET[:-1]), REQUESTS) is None
    reply = read_response_head(buffer_of(OK), RESPONSES)
    assert_type(reply, InformationalResponse | FinalResponse | None)
    assert reply is not None
    assert reply.reason == b"OK"


def test_readers_of_bodies() -> None:
    """Each kind of reader is a `BodyReader`; only data can come before the end of a connection."""
    readers: list[BodyReader] = [
        ContentLengthReader(1),
        ChunkedReader(),
        ChunkedReader(RESPONSES),
        ChunkExtensionReader(),
        ChunkExtensionReader(RESPONSES),
        UntilCloseReader(),
        body_reader(1),
        body_reader(Unbounded.CHUNKED, RESPONSES),
        body_reader(Unbounded.CHUNKED, RESPONSES, keep_chunk_extensions=True),
    ]
    for reader in readers:
        assert_type(reader.read(buffer_of(b"0")), Data | EndOfMessage | None)
    until_close = UntilCloseReader()
    assert assert_type(until_close.read(buffer_of(b"a")), Data | None) == Data(data=b"a")
    assert assert_type(until_close.read_eof(), EndOfMessage) == EndOfMessage()
    assert_type(body_reader(0), BodyReader)


def test_writers_of_heads() -> None:
    """An event goes in, bytes come out."""
    assert assert_type(write_request_head(ASKED), bytes) == GET
    assert assert_type(write_response_head(REPLY), bytes).startswith(b"HTTP/1.1 200 \r\n")
    hint = InformationalResponse(status_code=103, headers=[])
    assert assert_type(write_response_head(hint), bytes) == b"HTTP/1.1 103 \r\n\r\n"
    assert assert_type(write_field_lines(Headers()), bytes) == b"\r\n"


def test_writers_of_bodies() -> None:
    """Each kind of writer is a `BodyWriter`: a piece or the end in, a list of pieces out."""
    length: BodyLength = 1
    writers: list[BodyWriter] = [
        write_chunked,
        write_until_close,
        ContentLengthWriter(1).write,
        body_writer(length),
        body_writer(Unbounded.UNTIL_CLOSE),
    ]
    for write in writers:
        assert b"a" in assert_type(write(Data(data=b"a")), list[bytes])
        assert_type(write(EndOfMessage()), list[bytes])
    assert_type(body_writer(0), BodyWriter)


def test_framing() -> None:
    """A length is a number or one of two words, told apart by `isinstance` and by `is`."""
    length = request_body_length(ASKED)
    assert_type(length, int | Unbounded)
    assert length == 0
    length = response_body_length(None, REPLY)
    assert_type(length, BodyLength)
    if isinstance(length, Unbounded):
        assert_type(length, Unbounded)
        assert length is Unbounded.CHUNKED
    else:
        assert_type(length, int)
    assert assert_type(judge_response_framing(REPLY, RESPONSES), FinalResponse) is REPLY
    judge: Callable[[Request], None] = judge_request_framing
    judge(ASKED)


def test_dialects() -> None:
    """They are made from the arguments of a parser, by name or by place, and tell them again."""
    dialect = request_dialect(None, Tolerance.BARE_LF, Limits(head_size=100))
    assert_type(dialect, Dialect)
    assert assert_type(dialect.tolerate, Tolerance) is Tolerance.BARE_LF
    assert assert_type(dialect.limits, Limits).head_size == 100
    assert assert_type(dialect.head_size, int) == 100
    assert assert_type(dialect.usual_lines, int) > 256
    assert assert_type(response_dialect(), Dialect).limits == assert_type(RESPONSES, Dialect).limits
    assert assert_type(REQUESTS, Dialect).tolerate is Tolerance.REQUESTS
    made = assert_type(Dialect(Tolerance.NONE, Limits()), Dialect)
    assert assert_type(made.trailer_size, int) == Limits().trailer_size


def test_limits_and_tolerances() -> None:
    """Limits are named numbers; tolerances are flags, whose sets are of the same type."""
    limits = Limits(head_size=1, field_count=2, trailer_size=3, chunk_extension_size=4)
    assert assert_type(limits.head_size, int) + assert_type(limits.field_count, int) == 3
    assert assert_type(limits.trailer_size, int) < assert_type(limits.chunk_extension_size, int)
    assert assert_type(Tolerance.REQUESTS | Tolerance.OBS_FOLD, Tolerance)
    assert assert_type(Tolerance.RESPONSES & ~Tolerance.BARE_LF, Tolerance)
    assert assert_type(Tolerance.BARE_LF in Tolerance.RESPONSES, bool) is True
    size: int = DEFAULT_MAX_INCOMPLETE_EVENT_SIZE
    assert size == Limits().head_size


def test_receive_buffer() -> None:
    """What is taken is bytes; what may be missing is None then."""
    buffer = buffer_of(b"\r\nab\r\n\r\n")
    buffer += bytearray(b"cdefgh")
    assert_type(buffer, ReceiveBuffer)
    buffer.take_empty_lines(bare_lf=False)
    assert assert_type(buffer.peek(1), bytes) + assert_type(buffer.take(1), bytes) == b"aa"
    head = assert_type(buffer.take_head(100), bytes | None)
    assert head is not None
    buffer.put_back(head)
    assert assert_type(buffer.maybe_extract_lines(), list[bytes] | None) == [b"b"]
    assert assert_type(buffer.maybe_extract_at_most(1), bytes | None) == b"c"
    match = assert_type(buffer.take_match(re.compile(b"d")), re.Match[bytes] | None)
    assert match is not None
    buffer.advance(1)
    assert assert_type(buffer.is_scanning, bool) is False
    assert assert_type(len(buffer), int) == len(assert_type(bytes(buffer), bytes)) == 3
    buffer.clear()
    assert assert_type(bool(buffer), bool) is False
    assert assert_type(buffer_of(GET).take_whole(100), bytes | None) == GET
