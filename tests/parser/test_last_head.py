"""The octets of a head are there for whoever asks for them, just as they came."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from h11_events import (
    Data,
    EndOfMessage,
    InformationalResponse,
    ProtocolError,
    RemoteProtocolError,
    Request,
    Response,
)
from h11_parser import NEED_DATA, PAUSED, RequestParser, ResponseParser, Tolerance
from tests.parser.reading import Parser, byte_by_byte, events_of, in_two
from tests.parser.strategies import near_miss_streams
from tests.parser.streams import REQUESTS, RESPONSES
from tests.parser.strictness import FOR_REQUESTS, FOR_RESPONSES, REQUEST_SETS, RESPONSE_SETS
from tests.strategies import cuts

FIELDS = b"Host:a\r\nX:\t1 \r\nx:  2\r\nContent-Length: 2\r\ncontent-length: 2, 2\r\n\r\n"
"""Fields of which the event does not tell every octet."""

USUAL = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"


def parsers(tolerate: Tolerance | None = None) -> list[Parser]:
    """Return a new parser of each kind, which keeps heads."""
    both = FOR_REQUESTS | FOR_RESPONSES if tolerate is None else tolerate
    return [
        RequestParser(keep_heads=True, tolerate=both & FOR_REQUESTS),
        ResponseParser(keep_heads=True, tolerate=both & FOR_RESPONSES),
    ]


def assert_heads_are_told(parser: Parser, pieces: list[bytes]) -> int:
    """Assert that each head is what was used up for it, up to a fault; return how many came."""
    received = b""
    used = count = 0
    for piece in pieces:
        received += piece
        parser.receive_data(piece)
        while True:
            before = parser.last_head
            try:
                event = parser.next_event()
            except ProtocolError:
                assert parser.last_head is before
                return count
            if event is NEED_DATA or event is PAUSED:
                assert parser.last_head is before
                break
            end = len(received) - len(parser.trailing_data[0])
            if isinstance(event, Request | InformationalResponse | Response):
                count += 1
                head = parser.last_head
                assert head is not None
                assert received[used:end].lstrip(b"\r\n") == head
            else:
                assert parser.last_head is before
            used = end
    return count


@pytest.mark.parametrize("start", [b"PUT / HTTP/1.1", b"HTTP/1.1 200"], ids=repr)
def test_octets_of_heads(start: bytes) -> None:
    """They are there from one head to the next, whatever the event has made of them."""
    parser_of = ResponseParser if start.startswith(b"HTTP") else RequestParser
    heads = [start + b"\r\n" + FIELDS, start + b"\r\nHost: a\r\nContent-Length: 2\r\n\r\n"]
    stream = heads[0] + b"hi" + heads[1] + b"ho"
    for pieces in [[stream], byte_by_byte(stream), *in_two(stream)]:
        parser = parser_of(keep_heads=True)
        assert parser.last_head is None
        told = []
        for piece in pieces:
            parser.receive_data(piece)
            while (event := parser.next_event()) is not NEED_DATA:
                told.append((type(event), parser.last_head))
        for head in heads:
            kind, last = told.pop(0)
            assert kind in (Request, Response)
            assert last == head
            while told and told[0][0] in (Data, EndOfMessage):
                assert told.pop(0)[1] == head
        assert not told


@pytest.mark.parametrize("parser", [RequestParser(), ResponseParser()], ids=["request", "response"])
def test_nobody_else_has_them(parser: Parser) -> None:
    """Who does not ask for the octets does not have them kept."""
    head = USUAL if isinstance(parser, RequestParser) else b"HTTP/1.1 204 \r\n\r\n"
    assert len(events_of(parser, head)) == 2
    assert parser.last_head is None


def test_empty_lines_before_a_request_are_no_part_of_it() -> None:
    """They are before the head, not in it (RFC 9112 section 2.2)."""
    for pieces in ([b"\r\n\r\n" + USUAL], byte_by_byte(b"\r\n\r\n" + USUAL)):
        parser = RequestParser(keep_heads=True)
        events_of(parser, *pieces)
        assert parser.last_head == USUAL


def test_informational_responses_have_heads_of_their_own() -> None:
    """Each response has one, however many come together."""
    heads = [b"HTTP/1.1 103 \nA:b\n\n", b"HTTP/1.1 100\r\n\r\n", b"HTTP/1.1 204 X\r\nA: b\r\n\r\n"]
    parser = ResponseParser(keep_heads=True)
    parser.receive_data(b"".join(heads))
    told = []
    for _ in heads:
        parser.next_event()
        told.append(parser.last_head)
    assert told == heads


def test_trailers_are_no_head() -> None:
    """A trailer section, and what a chunk begins with, leave the head where it was."""
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    parser = ResponseParser(keep_heads=True, keep_chunk_extensions=True)
    events = events_of(parser, head + b"2;a\r\nhi\r\n0;b\r\nC: d\r\n\r\n")
    assert isinstance(events[-1], EndOfMessage)
    assert events[-1].headers == [(b"c", b"d")]
    assert parser.last_head == head


@pytest.mark.parametrize(
    "bad",
    [
        *(b"GET  /", b"GET / HTTP/1.1\r\nA: b\r\n\r\n"),
        b"PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 2\r\n\r\n",
        b"PUT / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n",
    ],
    ids=repr,
)
def test_a_head_that_is_refused_was_never_returned(bad: bytes) -> None:
    """The last head is that of the last event, so that both can be looked at together."""
    parser = RequestParser(keep_heads=True)
    events_of(parser, USUAL)
    parser.receive_data(bad)
    with pytest.raises(RemoteProtocolError):
        parser.next_event()
    assert parser.last_head == USUAL


@pytest.mark.parametrize("octets", [*REQUESTS.values(), *RESPONSES.values()])
def test_heads_of_known_streams(octets: bytes) -> None:
    """Legal or not, tolerated or not, what is told of a head is what it came in."""
    for tolerate in (Tolerance.NONE, None):
        for pieces in [[octets], byte_by_byte(octets)]:
            for parser in parsers(tolerate):
                assert_heads_are_told(parser, pieces)


@settings(max_examples=300)
@given(octets=near_miss_streams(), data=st.data())
def test_heads_of_any_stream(octets: bytes, data: st.DataObject) -> None:
    """Streams that may go wrong anywhere tell the octets of each head before they do."""
    pieces = data.draw(cuts(octets))
    for tolerate in (*REQUEST_SETS.values(), *RESPONSE_SETS.values()):
        counts = [assert_heads_are_told(parser, [octets]) for parser in parsers(tolerate)]
        assert counts == [assert_heads_are_told(parser, pieces) for parser in parsers(tolerate)]
