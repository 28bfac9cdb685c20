"""What goes wrong in a stream: it ends too early, it is malformed, or its framing is in doubt."""

from collections.abc import Callable

import pytest

from h11_events import (
    ConnectionClosed,
    Data,
    EndOfMessage,
    ErrorCode,
    RemoteProtocolError,
    Request,
    Response,
)
from h11_parser import NEED_DATA, RequestParser, ResponseParser, Tolerance
from tests.parser.reading import Parser, drain, events_of
from tests.parser.streams import END, GET, OK

POST = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"
CHUNKED_OK = b"HTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\n\r\n"
CLOSED = ConnectionClosed()

NewParser = Callable[[], Parser]

IN_A_HEAD = "peer closed connection in the middle of a message head"
IN_A_BODY = "peer closed connection without sending complete message body"


@pytest.mark.parametrize(
    ("new_parser", "head"),
    [
        pytest.param(RequestParser, GET[:-1], id="request-head"),
        pytest.param(RequestParser, b"G", id="first-octet"),
        pytest.param(RequestParser, b"\r", id="half-an-empty-line"),
        pytest.param(ResponseParser, b"HTTP/1.1 200", id="status-line"),
        pytest.param(ResponseParser, b"HTTP/1.1 200\r\n" + b"A: b\r\n" * 100, id="long-head"),
    ],
)
def test_stream_that_ends_in_a_head(new_parser: NewParser, head: bytes) -> None:
    """An end in the middle of a head is the peer's fault; what there was of it is shown."""
    for before in (b"", GET if new_parser is RequestParser else OK):
        parser = new_parser()
        parser.receive_data(before + head)
        assert drain(parser)[1] is NEED_DATA
        parser.receive_data(b"")
        with pytest.raises(RemoteProtocolError) as raised:
            parser.next_event()
        assert str(raised.value) == IN_A_HEAD
        assert raised.value.code is ErrorCode.CLOSED_EARLY
        assert raised.value.error_status_hint == 400
        assert raised.value.excerpt == (head if len(head) <= 100 else head[:97] + b"...")


@pytest.mark.parametrize(
    ("new_parser", "stream", "text", "counts"),
    [
        pytest.param(
            RequestParser,
            POST.replace(b" 5", b" 100"),
            f"{IN_A_BODY} (received 5 bytes, expected 100)",
            (100, 5),
            id="length",
        ),
        pytest.param(
            ResponseParser,
            OK.removesuffix(b"hi"),
            f"{IN_A_BODY} (received 0 bytes, expected 2)",
            (2, 0),
            id="nothing-of-a-length",
        ),
        *(
            pytest.param(
                ResponseParser,
                CHUNKED_OK + body,
                f"{IN_A_BODY} (incomplete chunked read)",
                (None, None),
                id=name,
            )
            for name, body in {
                "no-chunk": b"",
                "chunk-header": b"5",
                "chunk": b"5\r\nhell",
                "chunk-end": b"5\r\nhello\r",
                "last-chunk": b"5\r\nhello\r\n0\r\n",
                "trailers": b"0\r\nA: b\r\n",
            }.items()
        ),
    ],
)
def test_stream_that_ends_in_a_body(
    new_parser: NewParser, stream: bytes, text: str, counts: tuple[int | None, int | None]
) -> None:
    """So is an end in the middle of a body, of which is told what is known (RFC 9112 section 8)."""
    parser = new_parser()
    parser.receive_data(stream)
    events, marker = drain(parser)
    assert marker is NEED_DATA
    assert END not in events
    parser.receive_data(b"")
    with pytest.raises(RemoteProtocolError) as raised:
        parser.next_event()
    assert str(raised.value) == text
    assert raised.value.code is ErrorCode.BODY_TOO_SHORT
    assert raised.value.error_status_hint == 400
    assert (raised.value.expected, raised.value.received) == counts


@pytest.mark.parametrize(
    ("new_parser", "stream", "code"),
    [
        pytest.param(RequestParser, b"\x16\x03\x01", ErrorCode.BAD_REQUEST_LINE, id="TLS"),
        pytest.param(RequestParser, OK, ErrorCode.BAD_REQUEST_LINE, id="response-among-requests"),
        pytest.param(ResponseParser, GET, ErrorCode.BAD_STATUS_LINE, id="request-among-responses"),
        pytest.param(RequestParser, b"GET / HTTP/1.1\r\n\r\n", ErrorCode.BAD_HOST, id="no-Host"),
        pytest.param(
            RequestParser,
            b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
            ErrorCode.UNSUPPORTED_CODING,
            id="coding",
        ),
        pytest.param(
            RequestParser, b"GET / HTTP/2.0\r\n", ErrorCode.UNSUPPORTED_VERSION, id="version"
        ),
        pytest.param(
            RequestParser, b"x" * 16_385, ErrorCode.REQUEST_LINE_TOO_LONG, id="line-too-long"
        ),
        pytest.param(
            ResponseParser,
            b"HTTP/1.1 200 " + b"x" * 16_385,
            ErrorCode.HEAD_TOO_LARGE,
            id="too-long",
        ),
        pytest.param(
            ResponseParser,
            b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 257,
            ErrorCode.TOO_MANY_FIELDS,
            id="too-many-fields",
        ),
        pytest.param(ResponseParser, CHUNKED_OK + b"x", ErrorCode.BAD_CHUNK, id="chunk"),
    ],
)
def test_fault_ends_the_parsing(new_parser: NewParser, stream: bytes, code: ErrorCode) -> None:
    """After an error every call raises one, whatever else is received."""
    for before in (b"", GET if new_parser is RequestParser else OK):
        parser = new_parser()
        parser.receive_data(before + stream)
        with pytest.raises(RemoteProtocolError) as raised:
            drain(parser)
        assert raised.value.code is code
        assert raised.value.error_status_hint == code.status_hint
        for more in (GET, OK, b""):
            parser.receive_data(more)
            for _ in range(2):
                with pytest.raises(RemoteProtocolError, match="after an error") as raised:
                    parser.next_event()
                assert raised.value.code is ErrorCode.AFTER_ERROR


def test_what_came_before_a_fault_is_read() -> None:
    """Events are handed out up to the fault, even if all came in one piece."""
    parser = RequestParser()
    parser.receive_data(POST + b"\x00")
    assert [type(parser.next_event()) for _ in range(3)] == [Request, Data, EndOfMessage]
    with pytest.raises(RemoteProtocolError):
        parser.next_event()


def test_fault_says_whose_it_is() -> None:
    """The error is made anew with the blame on the peer, and tells what it was made from."""
    parser = RequestParser()
    parser.receive_data(b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n")
    with pytest.raises(RemoteProtocolError, match="Content-Length") as raised:
        parser.next_event()
    assert type(raised.value.__cause__).__name__ == "LocalProtocolError"
    assert str(raised.value.__cause__) == str(raised.value)


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        (b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\nA: b\r\n", [(b"A", b"b")]),
        (b"Content-Length: 5\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n", []),
        (b"Content-Length: 0\r\ntransfer-encoding:\tCHUNKED\r\n", []),
    ],
    ids=["after", "before", "unusual"],
)
@pytest.mark.parametrize("tolerate", [None, Tolerance.TRANSFER_ENCODING_WITH_CONTENT_LENGTH])
def test_response_with_both_framings_is_the_last(
    fields: bytes, kept: list[tuple[bytes, bytes]], tolerate: Tolerance | None
) -> None:
    """Content-Length is left out, and what follows is not read (RFC 9112 section 6.3, rule 3)."""
    parser = ResponseParser(tolerate=tolerate)
    events = events_of(
        parser, b"HTTP/1.1 200 OK\r\n" + fields + b"\r\n1\r\na\r\n0\r\n\r\n" + OK, OK, b""
    )
    response = events[0]
    assert isinstance(response, Response)
    rest = [line for line in response.headers.raw_items() if line[0].lower()[:8] != b"transfer"]
    assert rest == kept
    assert response.headers.get("transfer-encoding") == b"chunked"
    assert events[1:] == [Data(b"a", True, True), END, CLOSED]


def test_response_of_http_1_0_in_chunks_is_the_last() -> None:
    """It is read as its sender means it, but nothing after it (RFC 9112 section 6.1)."""
    octets = CHUNKED_OK.replace(b"1.1", b"1.0") + b"1\r\na\r\n0\r\n\r\n"
    parser = ResponseParser()
    events = events_of(parser, octets + OK)
    assert events[1:] == [Data(b"a", True, True), END]
    assert parser.trailing_data == (b"", False)
    assert events_of(parser, b"anything", b"") == [CLOSED]


def test_other_responses_are_not_the_last() -> None:
    """Chunks alone, and lengths alone, leave no doubt where the next response begins."""
    assert len(events_of(ResponseParser(), (CHUNKED_OK + b"0\r\n\r\n" + OK) * 2)) == 10


@pytest.mark.parametrize(
    ("head", "tolerance"),
    [
        (CHUNKED_OK[:-2] + b"Content-Length: 5\r\n\r\n", "TRANSFER_ENCODING_WITH_CONTENT_LENGTH"),
        (CHUNKED_OK.replace(b"1.1", b"1.0"), "TRANSFER_ENCODING_IN_HTTP_1_0"),
    ],
    ids=["both", "HTTP/1.0"],
)
def test_doubtful_framing_is_refused(head: bytes, tolerance: str) -> None:
    """Without the tolerance such a response is refused, as such a request always is."""
    parser: Parser = ResponseParser(tolerate=Tolerance.RESPONSES & ~Tolerance[tolerance])
    parser.receive_data(head)
    with pytest.raises(RemoteProtocolError) as raised:
        parser.next_event()
    assert raised.value.code is ErrorCode.BAD_FRAMING
    status_line, _, fields = head.partition(b"\r\n")
    parser = RequestParser()
    parser.receive_data(b"PUT / " + status_line[:8] + b"\r\nHost: a\r\n" + fields)
    with pytest.raises(RemoteProtocolError) as raised:
        parser.next_event()
    assert raised.value.code is ErrorCode.BAD_FRAMING
