"""A parser tells how many bytes of its stream it has used: where each event ends."""

import pytest
from hypothesis import given

from h11_events import ConnectionClosed, Data, EndOfMessage, Event, ProtocolError, Request
from h11_parser import NEED_DATA, PAUSED, RequestParser, ResponseParser, Tolerance
from tests.parser.reading import Parser, byte_by_byte, in_two
from tests.parser.strategies import near_miss_streams
from tests.parser.streams import REQUESTS, RESPONSES
from tests.parser.strictness import FOR_REQUESTS, FOR_RESPONSES
from tests.strategies import cuts

CHUNKS = (
    b"\r\nPUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"2;x\r\nhi\r\n0\r\nA: b\r\n\r\nGET  "
)


def places(parser: Parser, pieces: list[bytes]) -> list[tuple[Event, int]]:
    """Return the events with the place where each ends, but for pieces of bodies."""
    found: list[tuple[Event, int]] = []
    received = 0
    for piece in [*pieces, b""]:
        parser.receive_data(piece)
        received += len(piece)
        try:
            while (event := parser.next_event()) is not NEED_DATA and event is not PAUSED:
                assert parser.position == received - len(parser.trailing_data[0])
                if isinstance(event, ConnectionClosed):
                    break
                # Where a body is cut means nothing, and so does where its pieces end.
                if isinstance(event, Event) and not isinstance(event, Data):
                    found.append((event, parser.position))
        except ProtocolError:
            break
    return found


def test_position_after_each_event() -> None:
    """It is where the event ends: a head with its empty line, a chunk, the last of all."""
    parser = RequestParser()
    assert parser.position == 0
    parser.receive_data(CHUNKS)
    assert parser.position == 0
    head = CHUNKS.index(b"2;x")
    ends = [(Request, head), (Data, head + len(b"2;x\r\nhi")), (EndOfMessage, CHUNKS.index(b"GET"))]
    for kind, end in ends:
        assert type(parser.next_event()) is kind
        assert parser.position == end


def test_position_stays_before_what_is_refused() -> None:
    """The octets at fault, and what is not complete, were not used."""
    parser = RequestParser()
    parser.receive_data(CHUNKS)
    for _ in range(3):
        parser.next_event()
    for _ in range(2):
        with pytest.raises(ProtocolError):
            parser.next_event()
        assert CHUNKS[parser.position :] == b"GET  "


@pytest.mark.parametrize(
    "first",
    [b"GET ", bytearray(b"GET "), memoryview(b"GET "), memoryview(b"GET ").cast("I")],
    ids=["bytes", "bytearray", "memoryview", "memoryview of one item"],
)
def test_position_counts_octets(first: bytes | bytearray | memoryview) -> None:
    """Whatever they come in."""
    parser = RequestParser()
    parser.receive_data(first)
    parser.receive_data(b"/ HTTP/1.0\r\n\r\nG")
    assert type(parser.next_event()) is Request
    assert parser.position == len(b"GET / HTTP/1.0\r\n\r\n")


def test_what_comes_after_the_last_response_is_used_by_being_dropped() -> None:
    """Nobody is to read it."""
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n"
    parser = ResponseParser(tolerate=Tolerance.TRANSFER_ENCODING_WITH_CONTENT_LENGTH)
    stream = head + b"0\r\n\r\nmore"
    events = [event for event, _ in places(parser, [stream])]
    assert type(events[-1]) is EndOfMessage
    assert parser.position == len(stream)


@pytest.mark.parametrize("stream", REQUESTS.values(), ids=REQUESTS)
def test_requests_end_where_they_end(stream: bytes) -> None:
    """However the stream is cut."""
    whole = places(RequestParser(tolerate=FOR_REQUESTS), [stream])
    for pieces in [byte_by_byte(stream), *in_two(stream)]:
        assert places(RequestParser(tolerate=FOR_REQUESTS), pieces) == whole


@pytest.mark.parametrize("stream", RESPONSES.values(), ids=RESPONSES)
def test_responses_end_where_they_end(stream: bytes) -> None:
    """However the stream is cut."""
    whole = places(ResponseParser(tolerate=FOR_RESPONSES), [stream])
    for pieces in [byte_by_byte(stream), *in_two(stream)]:
        assert places(ResponseParser(tolerate=FOR_RESPONSES), pieces) == whole


@given(near_miss_streams().flatmap(cuts))
def test_any_stream_is_used_up_to_the_same_places(pieces: list[bytes]) -> None:
    """Also one that is almost right."""
    for parser_of in (RequestParser, ResponseParser):
        whole = places(parser_of(), [b"".join(pieces)])
        assert places(parser_of(), pieces) == whole
