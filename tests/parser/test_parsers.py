"""`RequestParser` and `ResponseParser` turn one direction of a stream into events."""

from collections.abc import Callable
from typing import Any

import pytest

from h11_events import (
    ConnectionClosed,
    Data,
    EndOfMessage,
    InformationalResponse,
    Octets,
    RemoteProtocolError,
    Request,
    Response,
)
from h11_parser import NEED_DATA, Limits, RequestParser, ResponseParser, Tolerance
from tests.parser.reading import Parser, byte_by_byte, drain, events_of
from tests.parser.streams import END, GET, GET_EVENT, OK, OK_EVENTS

POST = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"
CLOSED = ConnectionClosed()

each_parser = pytest.mark.parametrize("new_parser", [RequestParser, ResponseParser])
NewParser = Callable[[], Parser]


@each_parser
def test_needs_data_at_first(new_parser: NewParser) -> None:
    """Nothing received is neither an event nor an end, however often one asks."""
    parser = new_parser()
    assert parser.next_event() is NEED_DATA
    assert parser.next_event() is NEED_DATA
    assert parser.trailing_data == (b"", False)


@each_parser
def test_end_of_an_empty_stream(new_parser: NewParser) -> None:
    """A stream that ends where a message could begin has ended well, and stays so."""
    parser = new_parser()
    parser.receive_data(b"")
    assert [parser.next_event() for _ in range(3)] == [CLOSED] * 3
    parser.receive_data(b"")
    assert parser.next_event() == CLOSED
    assert parser.trailing_data == (b"", True)


@pytest.mark.parametrize("before", [b"", GET])
@pytest.mark.parametrize("lines", [b"\r\n", b"\r\n\r\n"])
def test_empty_lines_are_no_head_cut_short(before: bytes, lines: bytes) -> None:
    """Empty lines that no request follows are nothing, however late the end of the stream is."""
    whole, cut = RequestParser(), RequestParser()
    whole.receive_data(before + lines)
    whole.receive_data(b"")
    events = events_of(cut, *byte_by_byte(before + lines))
    cut.receive_data(b"")
    assert drain(whole) == ([*events, CLOSED], None)
    assert drain(cut) == ([CLOSED], None)


@each_parser
def test_data_after_the_end_of_the_stream(new_parser: NewParser) -> None:
    """Whoever adds data behind the end has made a mistake, which changes nothing."""
    parser = new_parser()
    parser.receive_data(b"")
    with pytest.raises(RuntimeError):
        parser.receive_data(b"x")
    assert parser.trailing_data == (b"", True)
    assert parser.next_event() == CLOSED


def test_requests_one_after_the_other() -> None:
    """After the end of one message the next one begins, with nobody's leave."""
    expected = [
        GET_EVENT,
        END,
        Request(method="POST", target="/", headers=[("Host", "a"), ("Content-Length", "5")]),
        Data(b"hello"),
        END,
        GET_EVENT,
        END,
        CLOSED,
    ]
    assert events_of(RequestParser(), GET + POST + GET, b"") == expected
    assert events_of(RequestParser(), GET, POST, GET, b"") == expected


def test_messages_go_on_after_close() -> None:
    """Whether a connection persists is not the parser's business, but its user's."""
    closing = b"GET / HTTP/1.0\r\nConnection: close\r\n\r\n"
    request = Request(
        method="GET", target="/", headers=[("Connection", "close")], http_version="1.0"
    )
    assert events_of(RequestParser(), closing + GET) == [request, END, GET_EVENT, END]


def test_responses_one_after_the_other() -> None:
    """Informational responses and final ones come in their order."""
    stream = b"HTTP/1.1 100 \r\n\r\nHTTP/1.1 103 \r\nA: b\r\n\r\n" + OK + OK
    assert events_of(ResponseParser(), stream, b"") == [
        InformationalResponse(status_code=100, headers=[]),
        InformationalResponse(status_code=103, headers=[("A", "b")]),
        *OK_EVENTS,
        *OK_EVENTS,
        CLOSED,
    ]


def test_response_until_close() -> None:
    """A body without a length is all that comes, and its end is that of the stream."""
    parser = ResponseParser()
    head = b"HTTP/1.0 200 OK\r\n\r\n"
    response = Response(status_code=200, headers=[], http_version="1.0", reason="OK")
    assert events_of(parser, head + b"hel", b"lo") == [response, Data(b"hel"), Data(b"lo")]
    assert parser.next_event() is NEED_DATA
    assert events_of(parser, b"") == [END, CLOSED]


def test_end_of_stream_is_found_in_its_place() -> None:
    """An end that was received early comes after all that came before it."""
    parser = RequestParser()
    parser.receive_data(GET + POST)
    parser.receive_data(b"")
    assert parser.trailing_data == (GET + POST, True)
    events, marker = drain(parser)
    assert [type(event) for event in events] == [
        Request,
        EndOfMessage,
        Request,
        Data,
        EndOfMessage,
        ConnectionClosed,
    ]
    assert marker is None


@pytest.mark.parametrize(
    ("methods", "heads"),
    [
        pytest.param([], [b"200"], id="nobody-announced-it"),
        pytest.param([b"GET"], [b"200"], id="GET"),
        pytest.param([b"GET", b"GET"], [b"200", b"200"], id="in-advance"),
        pytest.param([b"GET"], [b"200", b"404"], id="one-announced-of-two"),
    ],
)
def test_responses_with_a_body(methods: list[bytes], heads: list[bytes]) -> None:
    """A response that nobody announced is taken for one to GET."""
    parser = ResponseParser()
    for method in methods:
        parser.expect(method)
    stream = b"".join(b"HTTP/1.1 " + code + b" OK\r\nContent-Length: 2\r\n\r\nhi" for code in heads)
    events = events_of(parser, stream)
    assert [type(event) for event in events] == [Response, Data, EndOfMessage] * len(heads)


def test_responses_to_head_requests_in_advance() -> None:
    """Methods told in advance are answered in their order, each by one final response."""
    parser = ResponseParser()
    for method in (b"GET", b"HEAD", b"HEAD", b"GET"):
        parser.expect(method)
    bare = OK.removesuffix(b"hi")
    response, data, end = OK_EVENTS
    stream = OK + b"HTTP/1.1 100 \r\n\r\n" + bare + bare + OK + OK
    assert events_of(parser, stream) == [
        *(response, data, end),
        InformationalResponse(status_code=100, headers=[]),
        *(response, end),
        *(response, end),
        *(response, data, end),
        *(response, data, end),
    ]


@pytest.mark.parametrize("method", ["HEAD", b"HEAD", bytearray(b"HEAD"), memoryview(b"HEAD")])
def test_a_method_may_be_of_any_type_of_octets(method: Octets) -> None:
    """What is text elsewhere may be text here; another type would let a body be seen."""
    parser = ResponseParser()
    parser.expect(method)
    assert events_of(parser, OK.removesuffix(b"hi")) == [OK_EVENTS[0], OK_EVENTS[2]]
    with pytest.raises(UnicodeEncodeError):
        parser.expect("\xe9")


@pytest.mark.parametrize("method", [b"GET", b"HEAD"])
@pytest.mark.parametrize(
    ("head", "is_last"),
    [
        (b"HTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n", True),
        (b"HTTP/1.0 200 \r\nTransfer-Encoding: chunked\r\n\r\n", True),
        (b"HTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\n\r\n", False),
        (b"HTTP/1.1 200 \r\nContent-Length: 0\r\nConnection: close\r\n\r\n", False),
    ],
    ids=["both", "1.0", "chunked", "close"],
)
def test_a_doubtful_response_is_the_last(method: bytes, head: bytes, is_last: bool) -> None:
    """A parser tells that it drops what comes after a response whose end is doubtful."""
    parser = ResponseParser()
    parser.expect(method)
    assert not parser.is_last
    end = b"0\r\n\r\n" if b"chunked" in head and method == b"GET" else b""
    events = events_of(parser, b"HTTP/1.1 100 \r\n\r\n" + head + end + OK)
    assert parser.is_last is is_last
    assert [type(event) for event in events] == [
        *(InformationalResponse, Response, EndOfMessage),
        *([] if is_last else map(type, OK_EVENTS)),
    ]
    assert parser.trailing_data == (b"", False)


@pytest.mark.parametrize("code", [b"204", b"304"])
def test_responses_without_a_body(code: bytes) -> None:
    """These never have one, whatever their fields say (RFC 9112 section 6.3)."""
    stream = b"HTTP/1.1 " + code + b" \r\nContent-Length: 2\r\n\r\n" + OK
    response = Response(status_code=int(code), headers=[("Content-Length", "2")])
    assert events_of(ResponseParser(), stream) == [response, END, *OK_EVENTS]


@each_parser
def test_what_a_parser_is_told(new_parser: type[RequestParser] | type[ResponseParser]) -> None:
    """Tolerances and limits, by their names; each of them changes what is taken."""
    start = b"GET / HTTP/1.0" if new_parser is RequestParser else b"HTTP/1.1 204 "
    head = start + b"\nA: b\n\n"
    for parser, taken in (
        (new_parser(tolerate=Tolerance.BARE_LF), True),
        (new_parser(tolerate=Tolerance.OBS_FOLD), False),
        (new_parser(tolerate=Tolerance.BARE_LF, limits=Limits(field_count=0)), False),
        (new_parser(tolerate=Tolerance.BARE_LF, limits=Limits(head_size=len(head))), True),
        (new_parser(tolerate=Tolerance.BARE_LF, limits=Limits(head_size=len(head) - 1)), False),
        (new_parser(tolerate=Tolerance.BARE_LF, max_incomplete_event_size=0), True),
    ):
        parser.receive_data(head)
        if taken:
            assert len(drain(parser)[0]) == 2
        else:
            with pytest.raises(RemoteProtocolError):
                parser.next_event()
    anyhow: Any = new_parser
    with pytest.raises(TypeError):
        anyhow(16_384)


def test_trailing_data() -> None:
    """What was received and not parsed yet can be seen at any time."""
    parser = RequestParser()
    parser.receive_data(POST + GET)
    parser.next_event()
    assert parser.trailing_data == (b"hello" + GET, False)
    parser.next_event()
    assert parser.trailing_data == (GET, False)
    drain(parser)
    parser.receive_data(b"GET /")
    assert parser.next_event() is NEED_DATA
    assert parser.trailing_data == (b"GET /", False)


def test_any_bytes_like_object_is_taken() -> None:
    """What the caller does with its memory afterwards does not matter."""
    parser = RequestParser()
    memory = bytearray(POST)
    parser.receive_data(memory[:20])
    parser.receive_data(memoryview(memory)[20:])
    memory[:] = bytes(len(memory))
    assert [type(event) for event in drain(parser)[0]] == [Request, Data, EndOfMessage]
    parser.receive_data(bytearray())
    assert parser.next_event() == CLOSED


def test_data_is_the_object_that_came_in() -> None:
    """A body in pieces of its own is handed on without a copy."""
    piece = b"x" * 65_536
    parser = RequestParser()
    parser.receive_data(POST.removesuffix(b"hello").replace(b" 5", b" 131072"))
    drain(parser)
    for _ in range(2):
        parser.receive_data(piece)
        event = parser.next_event()
        assert isinstance(event, Data)
        assert event.data is piece


@pytest.mark.parametrize("pieces", [[POST], byte_by_byte(POST)], ids=["whole", "byte-by-byte"])
def test_next_event_needs_no_data_only_when_it_says_so(pieces: list[bytes]) -> None:
    """After `NEED_DATA` there is no event until more was received."""
    parser = RequestParser()
    for piece in pieces:
        parser.receive_data(piece)
        assert drain(parser)[1] is NEED_DATA
        assert [parser.next_event() for _ in range(2)] == [NEED_DATA] * 2
