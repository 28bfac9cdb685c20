"""The cost of a stream grows with its length, and with nothing else.

Each case is timed at one size and at eight times that size, by the time of the processor. What is
linear takes eight times as long, what is quadratic sixty-four times; the bound between them leaves
room for a busy machine, and a case that was disturbed has two more attempts.
"""

import gc
from collections.abc import Callable, Iterable
from contextlib import suppress
from time import process_time

import pytest

from h11_events import LocalProtocolError, ProtocolError
from h11_parser import (
    PAUSED,
    Limits,
    ReceiveBuffer,
    RequestParser,
    ResponseParser,
    Tolerance,
    read_request_head,
    read_response_head,
    request_dialect,
    response_dialect,
)
from tests.parser.readers import buffer_of
from tests.parser.reading import byte_by_byte, drain, request_parser, response_parser
from tests.parser.strictness import FOR_REQUESTS, FOR_RESPONSES

Work = Callable[[], None]
"""What is timed."""

FACTOR = 8
MOST = 24
ATTEMPTS = 3

NO_LIMIT = Limits(
    head_size=10**9, field_count=10**9, trailer_size=10**9, chunk_extension_size=10**9
)
REQUEST_DIALECTS = [
    request_dialect(None, tolerate, NO_LIMIT) for tolerate in (Tolerance.NONE, FOR_REQUESTS)
]
RESPONSE_DIALECT = response_dialect(None, FOR_RESPONSES, NO_LIMIT)
GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
GET_LF = b"GET / HTTP/1.1\nHost: a\n\n"
GET_MIXED = b"GET / HTTP/1.1\r\nHost: a\r\n\n"
FOLDED = b"GET / HTTP/1.1\r\nHost:\r\n a\r\n\r\n"
CHUNKED = b"PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"


def seconds(work: Work) -> float:
    """Return how long some work takes when it is disturbed least, and not by the collector."""
    best = float("inf")
    collecting = gc.isenabled()
    gc.disable()
    try:
        for _ in range(2):
            begun = process_time()
            work()
            best = min(best, process_time() - begun)
    finally:
        if collecting:
            gc.enable()
    return best


def assert_linear(work_of_size: Callable[[int], Work], size: int) -> None:
    """Assert that a multiple of the size takes about that multiple of the time.

    Args:
        work_of_size: What makes the work of a size, ready to be done several times.
        size: The smaller size.
    """
    ratios = []
    for _ in range(ATTEMPTS):
        small, large = work_of_size(size), work_of_size(FACTOR * size)
        ratios.append(seconds(large) / seconds(small))
        if ratios[-1] < MOST:
            return
    pytest.fail(f"{FACTOR} times the size took {ratios} times as long")


def requests_in(
    pieces: Iterable[bytes],
    limits: Limits | None = NO_LIMIT,
    tolerate: Tolerance | None = FOR_REQUESTS,
) -> Work:
    """Return the work of reading requests in pieces, up to the end or to a fault."""
    received = list(pieces)

    def work() -> None:
        parser = RequestParser(limits=limits, tolerate=tolerate)
        with suppress(ProtocolError):
            for piece in received:
                parser.receive_data(piece)
                drain(parser)

    return work


def responses_in(pieces: Iterable[bytes], limits: Limits | None = NO_LIMIT) -> Work:
    """Return the work of reading responses in pieces, up to the end or to a fault."""
    received = list(pieces)

    def work() -> None:
        parser = ResponseParser(limits=limits, tolerate=FOR_RESPONSES)
        with suppress(ProtocolError):
            for piece in received:
                parser.receive_data(piece)
                drain(parser)

    return work


HEADS: dict[str, Callable[[int], bytes]] = {
    "one long value": lambda n: b"GET / HTTP/1.1\r\nHost: a\r\nA: " + b"x" * n + b"\r\n\r\n",
    "many lines": lambda n: b"GET / HTTP/1.1\r\nHost: a\r\n" + b"A: b\r\n" * (n // 6) + b"\r\n",
    "many lines with bare LF": lambda n: b"GET / HTTP/1.0\n" + b"A: b\n" * (n // 5) + b"\n",
    "many folds": lambda n: b"GET / HTTP/1.0\r\nA: b" + b"\r\n c" * (n // 4) + b"\r\n\r\n",
    "mixed line ends": lambda n: b"GET / HTTP/1.0\r\n" + b"A: b\nC: d\r\n" * (n // 11) + b"\n",
    "blanks and a bad octet": lambda n: b"GET / HTTP/1.0\r\nA:" + b" " * n + b"\x00\r\n\r\n",
    "empty lines": lambda n: b"\r\n" * (n // 2) + GET,
    "empty lines with bare LF": lambda n: b"\n\r\n" * (n // 3) + GET,
    "long target": lambda n: b"GET /" + b"x" * n + b" HTTP/1.0\r\n\r\n",
    "no line end": lambda n: b"GET /" + b"x" * n,
    "CRs": lambda n: b"GET /" + b"\r" * n + b"\r\n\r\n",
    "CRs and LFs in vain": lambda n: b"GET / HTTP/1.0" + b"\r\n\r" * (n // 3) + b"\r\n\r\n",
}


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS)
def test_head_byte_by_byte(head: Callable[[int], bytes]) -> None:
    """Each octet of a head is looked at once, though each arrives alone."""
    assert_linear(lambda n: requests_in(byte_by_byte(head(n))), 4_000)


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS)
def test_head_whole(head: Callable[[int], bytes]) -> None:
    """A long head in one piece is split in one go, whatever it is made of."""
    assert_linear(lambda n: requests_in([head(n)]), 8_000)


SUSPICIOUS_LINES: dict[str, Callable[[int], bytes]] = {
    "line without colon": lambda n: b"x" * n,
    "blanks without colon": lambda n: b"a" + b" " * n,
    "blanks before the colon": lambda n: b"a" + b" " * n + b": b",
    "blanks, then a bad octet": lambda n: b"a:" + b" " * n + b"\x00",
    "tabs, then a bad octet": lambda n: b"a:" + b"\t" * n + b"\x00",
    "blanks among octets": lambda n: b"a:" + b" b" * (n // 2) + b"\x00",
    "blanks alone": lambda n: b"a:" + b" " * n,
    "colons": lambda n: b"a" + b":" * n,
    "colons, then a bad octet": lambda n: b":" * n + b"\x00",
    "CRs": lambda n: b"a: " + b"\r" * n,
    "spaces and CRs": lambda n: b"a: " + b" \r" * (n // 2),
    "long name, then a bad octet": lambda n: b"a" * n + b"\x80: b",
    "commas in a length": lambda n: b"Content-Length: 5" + b",5" * (n // 2),
    "commas and a bad length": lambda n: b"Content-Length: 5" + b",5" * (n // 2) + b",x",
    "digits in a length": lambda n: b"Content-Length: " + b"5" * n,
    "blanks in a length": lambda n: b"Content-Length: 5" + b" " * n + b"x",
    "codings": lambda n: b"Transfer-Encoding: " + b"chunked," * (n // 8),
    "no field line": lambda n: b"(" * n,
    "control octets": lambda n: b"a:" + b"\x01\t" * (n // 2) + b"\x00",
    "fold, then a bad octet": lambda n: b"a:" + b"\r\n\t" * (n // 3) + b"\x00",
    "host": lambda n: b"Host: " + b"a.%41" * (n // 5) + b"{",
    "address": lambda n: b"Host: [" + b"1:" * (n // 2) + b"]",
}


@pytest.mark.parametrize("line", SUSPICIOUS_LINES.values(), ids=SUSPICIOUS_LINES)
def test_suspicious_field_line(line: Callable[[int], bytes]) -> None:
    """No line, legal or not, makes a pattern go back and forth over it."""

    def work_of_size(size: int) -> Work:
        section = line(size) + b"\r\n\r\n"
        works = [
            requests_in([b"GET / HTTP/1.0\r\n" + section]),
            requests_in([b"GET / HTTP/1.1\r\nHost: a\r\n" + section], tolerate=None),
            responses_in([b"HTTP/1.1 204 OK\r\n" + section]),
        ] * 10

        def work() -> None:
            for read in works:
                read()

        return work

    assert_linear(work_of_size, 8_000)


SUSPICIOUS_START_LINES: dict[str, Callable[[int], bytes]] = {
    "method alone": lambda n: b"x" * n,
    "method and a bad octet": lambda n: b"x" * n + b"\x00 / HTTP/1.1",
    "target alone": lambda n: b"GET " + b"x" * n,
    "target and a bad version": lambda n: b"GET " + b"x" * n + b" HTTP/1.x",
    "spaces": lambda n: b"GET" + b" " * n + b"/ HTTP/1.1",
    "many words": lambda n: b"x " * (n // 2),
    "encoded target": lambda n: b"GET /" + b"%41" * (n // 3) + b" HTTP/1.1",
    "encoded target and a bad octet": lambda n: b"GET /" + b"%41" * (n // 3) + b"%4 HTTP/1.1",
    "encoded host": lambda n: b"GET http://" + b"a%41" * (n // 4) + b"{ HTTP/1.1",
    "users": lambda n: b"GET ws://" + b"a@" * (n // 2) + b" HTTP/1.1",
    "colons in a target": lambda n: b"CONNECT a" + b":1" * (n // 2) + b" HTTP/1.1",
    "scheme": lambda n: b"GET " + b"a+" * (n // 2) + b" HTTP/1.1",
    "address in a target": lambda n: b"CONNECT [" + b"1:" * (n // 2) + b"]:1 HTTP/1.1",
    "reason and a bad octet": lambda n: b"HTTP/1.1 200 " + b"x" * n + b"\x00",
    "blanks as a reason": lambda n: b"HTTP/1.1 200" + b" " * n + b"\x00",
    "digits": lambda n: b"HTTP/1.1 " + b"2" * n,
}


@pytest.mark.parametrize("line", SUSPICIOUS_START_LINES.values(), ids=SUSPICIOUS_START_LINES)
def test_suspicious_start_line(line: Callable[[int], bytes]) -> None:
    """Nor does any start line."""

    def work_of_size(size: int) -> Work:
        octets = line(size) + b"\r\nHost: a\r\n\r\n"

        def work() -> None:
            for _ in range(20):
                for dialect in REQUEST_DIALECTS:
                    with suppress(LocalProtocolError):
                        read_request_head(buffer_of(octets), dialect)
                with suppress(LocalProtocolError):
                    read_response_head(buffer_of(octets), RESPONSE_DIALECT)

        return work

    assert_linear(work_of_size, 13_000)


FIELDS: dict[str, Callable[[int], bytes]] = {
    "equal names": lambda n: b"A: b\r\n" * n,
    "different names": lambda n: b"".join(b"A%d: b\r\n" % place for place in range(n)),
    "equal lengths": lambda n: b"Content-Length: 5\r\n" * n,
    "different lengths": lambda n: b"".join(b"Content-Length: %d\r\n" % k for k in range(n)),
    "codings": lambda n: b"Transfer-Encoding: chunked\r\n" * n,
    "hosts": lambda n: b"Host: a\r\n" * n,
    "folds of nothing": lambda n: b"A: b\r\n" + b" \r\n" * n,
    "folded fields": lambda n: b"A: b\r\n c\r\n" * n,
    "fields and lines that are none": lambda n: b"A: b\r\n(\r\n" * n,
}


@pytest.mark.parametrize("fields", FIELDS.values(), ids=FIELDS)
def test_many_fields(fields: Callable[[int], bytes]) -> None:
    """A head may have any number of lines, with one name or with many."""
    assert_linear(lambda n: requests_in([b"GET / HTTP/1.0\r\n" + fields(n) + b"\r\n"]), 4_000)


@pytest.mark.parametrize("fields", FIELDS.values(), ids=FIELDS)
def test_many_fields_of_a_response(fields: Callable[[int], bytes]) -> None:
    """So may that of a response, and its trailer section, also where fields are left out."""
    assert_linear(lambda n: responses_in([b"HTTP/1.1 204 \r\n" + fields(n) + b"\r\n"]), 4_000)
    chunks = b"HTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"
    assert_linear(lambda n: responses_in([chunks + fields(n) + b"\r\n"]), 4_000)


BODIES: dict[str, Callable[[int], bytes]] = {
    "chunks of one octet": lambda n: CHUNKED + b"1\r\nx\r\n" * n + b"0\r\n\r\n",
    "chunks with extensions": lambda n: CHUNKED + b"1;a=b\r\nx\r\n" * n + b"0\r\n\r\n",
    "chunks with quotes": lambda n: CHUNKED + b'1 ; a="\\""\r\nx\r\n' * n + b"0\r\n\r\n",
    "chunks with blanks": lambda n: CHUNKED + b"1 \r\nx\r\n" * n + b"0\r\n\r\n",
    "chunks, then a fault": lambda n: CHUNKED + b"1\r\nx\r\n" * n + b"x\r\n",
    "trailers": lambda n: CHUNKED + b"0\r\n" + b"A: b\r\n" * n + b"\r\n",
    "requests": lambda n: GET * n,
    "folded requests": lambda n: FOLDED * (n // 4),
    "requests after empty lines": lambda n: (b"\r\n" + GET) * n,
    "requests with bodies": lambda n: (CHUNKED + b"1\r\nx\r\n0\r\n\r\n") * (n // 4),
}


@pytest.mark.parametrize("octets", BODIES.values(), ids=BODIES)
@pytest.mark.parametrize("parts", [1, 3], ids=["in-one-read", "in-three-reads"])
def test_much_in_one_read(octets: Callable[[int], bytes], parts: int) -> None:
    """What waits is not moved for each event that is taken from before it."""

    def work_of_size(size: int) -> Work:
        stream = octets(size)
        length = len(stream) // parts + 1
        parser_input = [stream[start : start + length] for start in range(0, len(stream), length)]

        def work() -> None:
            parser = RequestParser(limits=NO_LIMIT, tolerate=FOR_REQUESTS)
            for piece in parser_input:
                parser.receive_data(piece)
            with suppress(ProtocolError):
                drain(parser)

        return work

    assert_linear(work_of_size, 3_000)


def test_hundred_thousand_chunks_and_ten_thousand_requests() -> None:
    """Numbers such as a peer might send take a moment, not minutes."""
    begun = process_time()
    requests_in([CHUNKED + b"1\r\nx\r\n" * 100_000 + b"0\r\n\r\n"])()
    requests_in([GET * 10_000])()
    assert process_time() - begun < 20


@pytest.mark.parametrize(
    "heads",
    [
        pytest.param(lambda n: GET_LF * n, id="LF"),
        pytest.param(lambda n: GET_MIXED * n, id="mixed"),
        pytest.param(lambda n: (GET_LF * 3 + GET_MIXED * 3 + GET) * (n // 7), id="all"),
    ],
)
def test_pipelined_requests_with_bare_line_feeds(heads: Callable[[int], bytes]) -> None:
    """Other line ends make no head look at all that waits behind it, be the limit large or not."""
    assert_linear(lambda n: requests_in([heads(n)], limits=None), 1_000)
    assert_linear(lambda n: requests_in([heads(n)]), 1_000)


def test_pipelined_responses() -> None:
    """Responses that arrive together are read one after the other."""

    def work_of_size(size: int) -> Work:
        stream = OK * size

        def work() -> None:
            parser = response_parser()
            parser.receive_data(stream)
            drain(parser)

        return work

    assert_linear(work_of_size, 1_000)


def test_body_byte_by_byte() -> None:
    """A body in pieces of one octet costs as much for the last as for the first."""
    head = b"PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n"
    assert_linear(lambda n: requests_in([head % n, *byte_by_byte(b"x" * n)]), 4_000)


@pytest.mark.parametrize(
    "octets",
    [
        pytest.param(lambda n: CHUNKED + b"5;" + b"x" * n + b"\r\nhello", id="extension"),
        pytest.param(lambda n: CHUNKED + b"0\r\nA: " + b"x" * n + b"\r\n\r\n", id="trailers"),
        pytest.param(lambda n: CHUNKED + b"1\r\nx\r\n" * (n // 6), id="chunks"),
        pytest.param(lambda n: CHUNKED + b"5;" + b"\r" * n + b"\r\n", id="CRs"),
    ],
)
def test_chunks_byte_by_byte(octets: Callable[[int], bytes]) -> None:
    """Chunk headers and trailer sections are searched once, though each octet arrives alone."""
    assert_linear(lambda n: requests_in(byte_by_byte(octets(n))), 4_000)


def test_octets_that_pile_up_behind_a_pause() -> None:
    """What arrives while nothing is parsed is added to what waits, without moving that."""

    def work_of_size(size: int) -> Work:
        def work() -> None:
            parser = request_parser()
            parser.receive_data(b"CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n")
            assert drain(parser)[1] is PAUSED
            for _ in range(size):
                parser.receive_data(b"x")
                assert parser.next_event() is PAUSED

        return work

    assert_linear(work_of_size, 10_000)


def test_requests_that_never_catch_up() -> None:
    """While one request is read, one more arrives; those that wait are not moved each time."""

    def work_of_size(size: int) -> Work:
        backlog = GET * size

        def work() -> None:
            parser = request_parser()
            parser.receive_data(backlog)
            for _ in range(size):
                parser.next_event()
                parser.next_event()
                parser.receive_data(GET)

        return work

    assert_linear(work_of_size, 4_000)


@pytest.mark.parametrize("parts", [1, 2], ids=["in-one-read", "in-two-reads"])
def test_slices_of_a_long_buffer(parts: int) -> None:
    """Taking little from the front of much costs as much as it is little."""

    def work_of_size(size: int) -> Work:
        octets = b"x" * (size // parts)

        def work() -> None:
            buffer = ReceiveBuffer()
            for _ in range(parts):
                buffer += octets
            while buffer.maybe_extract_at_most(10):
                pass

        return work

    assert_linear(work_of_size, 100_000)
