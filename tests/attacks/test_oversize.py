"""More than anybody needs: long lines, many fields, endless sections, and all of it slowly.

Attack: a peer sends a head, a trailer section or chunk extensions that do not end, or ends them so
late that they have filled the memory, or drips them octet by octet so that each costs as much as
all before it. Answer: each of them has a limit, which holds at the same octet however it is cut;
up to there memory is bounded by the limit and time by the octets (RFC 9112 section 11, RFC 9110
section 17.5).
"""

import gc
from collections.abc import Iterable
from time import process_time

import pytest

from h11_events import Data, EndOfMessage, ErrorCode
from h11_parser import NEED_DATA, Limits
from tests.attacks.harness import (
    ALL_FOR_REQUESTS,
    GET,
    GET_EVENTS,
    NewReader,
    Refusal,
    client_side,
    drain,
    octet_by_octet,
    ok,
    ok_event,
    post,
    post_event,
    read,
    refused,
    server_side,
    taken,
    verdict,
)

CHUNKED = b"Transfer-Encoding: chunked"
HEAD = post(CHUNKED)
REQUEST = post_event(("Transfer-Encoding", "chunked"))


def limit_of(end: object) -> int | None:
    """Return the limit that a refusal tells."""
    assert isinstance(end, Refusal)
    return end.expected


HEADS = {
    "usual": post(b"A: b"),
    "long target": b"GET /" + b"x" * 40 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
    "long value": post(b"A: " + b"x" * 40),
    "long name": post(b"A" * 40 + b":"),
    "blanks": post(b"A:" + b" " * 40),
    "many fields": post(*[b"A:"] * 10),
}


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS)
def test_head_at_its_limit(head: bytes) -> None:
    """A head may have exactly as many octets as the limit, in all cuttings."""
    limits = Limits(head_size=len(head))
    found = verdict(server_side(limits=limits), head + GET[:10])
    assert found.end is NEED_DATA
    assert len(found.events) == 2


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS)
@pytest.mark.parametrize("less", [1, 2, 3, 20], ids=lambda less: f"less by {less}")
def test_head_over_its_limit(head: bytes, less: int) -> None:
    """One octet more is one too many, in all cuttings."""
    limits = Limits(head_size=len(head) - less)
    line = head.index(b"\r\n") + 2
    code, hint = ErrorCode.HEAD_TOO_LARGE, 431
    if line > len(head) - less:
        code, hint = ErrorCode.REQUEST_LINE_TOO_LONG, 414
    found = verdict(server_side(limits=limits), head + GET)
    assert found == refused(code, hint)
    assert limit_of(found.end) == len(head) - less


def test_request_line_over_the_limit() -> None:
    """A request line that has not ended within the limit gets an answer of its own."""
    stream = b"GET /" + b"x" * 60
    for reader in server_side(limits=Limits(head_size=50)).values():
        found = read(reader(), octet_by_octet(stream))
        assert found == refused(ErrorCode.REQUEST_LINE_TOO_LONG, 414)
        assert limit_of(found.end) == 50


def test_response_head_over_its_limit() -> None:
    """A client holds the same limit against a server, also within a status line."""
    for stream in (ok(b"A: " + b"x" * 50), ok(status=b"1.1 200 " + b"x" * 50)):
        expected = refused(ErrorCode.HEAD_TOO_LARGE, 431)
        assert verdict(client_side(limits=Limits(head_size=50)), stream) == expected


@pytest.mark.parametrize("count", [0, 1, 5])
def test_number_of_fields(count: int) -> None:
    """A head may have as many fields as the limit, and no more."""
    head = b"GET / HTTP/1.0\r\n" + b"A:\r\n" * count
    found = verdict(server_side(limits=Limits(field_count=count)), head + b"\r\n")
    assert found.end is NEED_DATA
    found = verdict(server_side(limits=Limits(field_count=count)), head + b"A:\r\n\r\n")
    assert found == refused(ErrorCode.TOO_MANY_FIELDS, 431)
    assert limit_of(found.end) == count


def test_number_of_trailers() -> None:
    """The limit holds for a trailer section as well, and for each section by itself."""
    limits = Limits(field_count=2)
    stream = post(CHUNKED, body=b"0\r\nA:\r\nB:\r\n")
    trailers = EndOfMessage(headers=[("A", ""), ("B", "")])
    expected = taken(REQUEST, trailers)
    assert verdict(server_side(limits=limits), stream + b"\r\n") == expected
    bad = refused(ErrorCode.TOO_MANY_FIELDS, 431, after=[REQUEST])
    assert verdict(server_side(limits=limits), stream + b"C:\r\n\r\n") == bad


def test_fields_that_are_merged_or_left_out() -> None:
    """Fields count as they are sent, not as they end up in the event."""
    limits = Limits(field_count=2)
    bad = refused(ErrorCode.TOO_MANY_FIELDS, 431)
    stream = ok(*[b"Content-Length: 0"] * 3)
    assert verdict(client_side(limits=limits), stream) == bad


def test_size_of_trailers() -> None:
    """A trailer section has a limit of its own, and ends at it in all cuttings."""
    section = b"A: " + b"x" * 40 + b"\r\n\r\n"
    stream = post(CHUNKED, body=b"0\r\n" + section)
    limits = Limits(trailer_size=len(section))
    found = verdict(server_side(limits=limits), stream)
    assert found.end is NEED_DATA
    assert len(found.events) == 2
    limits = Limits(trailer_size=len(section) - 1)
    found = verdict(server_side(limits=limits), stream)
    assert found == refused(ErrorCode.TRAILERS_TOO_LARGE, 431, after=[REQUEST])
    assert limit_of(found.end) == len(section) - 1


FLOODS: dict[str, tuple[bytes, bytes, ErrorCode, int]] = {
    "request line": (b"GET /", b"x", ErrorCode.REQUEST_LINE_TOO_LONG, 414),
    "method": (b"", b"x", ErrorCode.REQUEST_LINE_TOO_LONG, 414),
    "field name": (GET[:-2], b"x", ErrorCode.HEAD_TOO_LARGE, 431),
    "field value": (GET[:-2] + b"A:", b"x", ErrorCode.HEAD_TOO_LARGE, 431),
    "blanks in a value": (GET[:-2] + b"A:", b" ", ErrorCode.HEAD_TOO_LARGE, 431),
    "fields": (GET[:-2], b"A:\r\n", ErrorCode.TOO_MANY_FIELDS, 431),
    "long fields": (GET[:-2], b"A:" + b"x" * 200 + b"\r\n", ErrorCode.HEAD_TOO_LARGE, 431),
    "folds": (GET[:-2] + b"A:\r\n", b" b\r\n", ErrorCode.HEAD_TOO_LARGE, 431),
    "zeros of a length": (GET[:-2] + b"Content-Length: ", b"0", ErrorCode.BAD_FRAMING, 400),
    "zeros of a chunk size": (HEAD, b"0", ErrorCode.BAD_CHUNK, 400),
    "extension": (HEAD + b"5;", b"x", ErrorCode.CHUNK_EXTENSIONS_TOO_LARGE, 431),
    "quoted string": (HEAD + b'5;a="', b'\\"', ErrorCode.CHUNK_EXTENSIONS_TOO_LARGE, 431),
    "blanks behind a size": (HEAD + b"5", b" ", ErrorCode.CHUNK_EXTENSIONS_TOO_LARGE, 431),
    "extensions": (HEAD, b"1;a\r\nx\r\n", ErrorCode.CHUNK_EXTENSIONS_TOO_LARGE, 431),
    "trailer": (HEAD + b"0\r\nA:", b"x", ErrorCode.TRAILERS_TOO_LARGE, 431),
    "trailers": (HEAD + b"0\r\n", b"A:\r\n", ErrorCode.TOO_MANY_FIELDS, 431),
    "long trailers": (
        HEAD + b"0\r\n",
        b"A:" + b"x" * 200 + b"\r\n",
        ErrorCode.TRAILERS_TOO_LARGE,
        431,
    ),
}


SMALL = Limits(head_size=2000, field_count=64, trailer_size=2000, chunk_extension_size=2000)


@pytest.mark.parametrize(("start", "more", "code", "hint"), FLOODS.values(), ids=FLOODS)
def test_flood(start: bytes, more: bytes, code: ErrorCode, hint: int) -> None:
    """What has no end is refused, by the default limits as well as by smaller ones."""
    expected = Refusal(code, hint)
    for reader in server_side(ALL_FOR_REQUESTS).values():
        assert read(reader(), [start + more * (100_000 // len(more))]).end == expected
    stream = start + more * (10_000 // len(more))
    for reader in server_side(ALL_FOR_REQUESTS, SMALL).values():
        found, dripped = read(reader(), [stream]), read(reader(), octet_by_octet(stream))
        assert found.end == expected
        assert dripped == found
        assert isinstance(dripped.end, Refusal)
        assert dripped.end.tells_as(found.end)


def peak_of(reader: NewReader, pieces: Iterable[bytes]) -> int:
    """Return the most memory that a reader takes for some pieces, in bytes."""
    tracemalloc = pytest.importorskip("tracemalloc", reason="PyPy has no tracemalloc")
    waiting = reader()
    gc.collect()
    tracemalloc.start()
    try:
        for piece in pieces:
            waiting.receive_data(piece)
            while not isinstance(event := waiting.next_event(), type):
                del event
        return int(tracemalloc.get_traced_memory()[1])
    finally:
        tracemalloc.stop()


DRIPS = {
    "requests": GET * 100,
    "empty lines": b"\r\n" * 1_000,
    "chunks": HEAD + b"1\r\nx\r\n" * 500,
    "one chunk": HEAD + b"2000\r\n" + b"x" * 0x800,
    "length": post(b"Content-Length: 1900", body=b"x" * 1_900),
    "head": GET[:-2] + b"A: " + b"x" * 1_900,
    "extension": HEAD + b"1;" + b"x" * 1_900,
    "trailers": HEAD + b"0\r\n" + b"A: " + b"x" * 1_900,
}


SIDE = server_side(limits=SMALL)


@pytest.mark.parametrize("stream", DRIPS.values(), ids=DRIPS)
@pytest.mark.parametrize("reader", SIDE.values(), ids=SIDE)
def test_memory_under_a_slow_drip(stream: bytes, reader: NewReader) -> None:
    """No more is kept than a limit's worth of octets, and nothing of what was handed out."""
    pieces = octet_by_octet(stream)
    peak_of(reader, pieces[:500])
    assert peak_of(reader, pieces) < 12 * 1024


def test_memory_of_fields() -> None:
    """Names that are never the same are not kept for ever."""
    heads = (
        b"GET / HTTP/1.0\r\nConnection: keep-alive\r\nx-%d: a\r\n\r\n" % n for n in range(5000)
    )
    assert peak_of(server_side()["connection"], heads) < 400 * 1024


def seconds(reader: NewReader, pieces: list[bytes]) -> float:
    """Return the time of the processor that a reader takes for some pieces, at best."""
    times = []
    for _ in range(3):
        waiting = reader()
        begun = process_time()
        for piece in pieces:
            waiting.receive_data(piece)
            drain(waiting, [])
        times.append(process_time() - begun)
    return min(times)


TIMES = {
    "head": (GET[:-2] + b"A: ", b"x"),
    "empty fields": (GET[:-2], b"A:\r\n"),
    "folds": (GET[:-2] + b"A:\r\n", b" b\r\n"),
    "line ends": (b"", b"\r\n"),
    "extension": (HEAD + b"1;", b"x"),
    "quoted string": (HEAD + b'1;a="', b"\\x"),
    "trailers": (HEAD + b"0\r\n", b"A:\r\n"),
    "chunks": (HEAD, b"1\r\nx\r\n"),
}


@pytest.mark.parametrize(("start", "more"), TIMES.values(), ids=TIMES)
def test_time_under_a_slow_drip(start: bytes, more: bytes) -> None:
    """Eight times the octets take about eight times as long, not sixty-four times."""
    big = 10**9
    limits = Limits(head_size=big, field_count=big, trailer_size=big, chunk_extension_size=big)
    reader = server_side(ALL_FOR_REQUESTS, limits)["parser"]
    ratios = []
    for _ in range(3):
        small, large = (octet_by_octet(start + more * (n // len(more))) for n in (1_000, 8_000))
        ratios.append(seconds(reader, large) / seconds(reader, small))
        if ratios[-1] < 24:
            return
    pytest.fail(f"eight times the octets took {ratios} times as long")


def test_pipelined_requests_of_any_number() -> None:
    """What is limited is what has not come to its end: whole messages may come without end."""
    for reader in server_side(limits=Limits(head_size=len(GET))).values():
        assert read(reader(), [GET * 500]) == taken(*GET_EVENTS * 500)
    stream = post(CHUNKED, body=b"1\r\nx\r\n" * 500 + b"0\r\n\r\n")
    expected = taken(REQUEST, Data(b"x" * 500), EndOfMessage())
    for reader in server_side(limits=Limits(trailer_size=2, chunk_extension_size=0)).values():
        assert read(reader(), [stream]) == expected


def test_response_flood() -> None:
    """Informational responses may come in any number; each is an event that can be counted."""
    stream = b"HTTP/1.1 103 \r\n\r\n" * 100 + ok(b"Content-Length: 0")
    found = read(client_side()["connection"](), [stream])
    assert found.events[100:] == [ok_event(("Content-Length", "0")), EndOfMessage()]
