"""The signatures of the events and of their errors, pinned: one half of `h11_events`."""

from collections.abc import Iterator
from typing import assert_type

import pytest

from h11_events import (
    AnyEvent,
    ConnectionClosed,
    Data,
    EndOfMessage,
    ErrorCode,
    Event,
    FieldLine,
    Headers,
    HeadersInput,
    Immutable,
    InformationalResponse,
    LocalProtocolError,
    Octets,
    ProtocolError,
    RemoteProtocolError,
    Request,
    Response,
    Sentinel,
    first_octets,
    last_octets,
    with_headers,
)


def pairs() -> Iterator[tuple[str, bytes]]:
    """Yield field lines one by one."""
    yield "Host", b"a"


def test_fields_of_a_request() -> None:
    """Text and bytes-like objects are taken for each field, and are bytes afterwards."""
    asked = Request(method="GET", target=b"/", headers=[("Host", b"a")], http_version="1.1")
    assert_type(asked, Request)
    assert assert_type(asked.method, bytes) == b"GET"
    assert assert_type(asked.target, bytes) == b"/"
    assert assert_type(asked.http_version, bytes) == b"1.1"
    assert assert_type(asked.headers, Headers) == [(b"host", b"a")]
    parts = Request.from_parts(b"GET", b"/", asked.headers, b"1.1", any_host=True)
    assert assert_type(parts, Request) == asked


def test_fields_of_responses() -> None:
    """Both kinds have the same fields, and each is of its own class."""
    hint = InformationalResponse(status_code=103, headers=(), reason=bytearray(b"Hint"))
    reply = Response(status_code=200, headers=[], reason=memoryview(b"OK"), http_version=b"1.0")
    assert assert_type(hint.status_code, int) + assert_type(reply.status_code, int) == 303
    assert assert_type(hint.reason, bytes) + assert_type(reply.reason, bytes) == b"HintOK"
    assert assert_type(hint.http_version, bytes) > assert_type(reply.http_version, bytes)
    assert assert_type(hint.headers, Headers) == assert_type(reply.headers, Headers)
    code, headers = hint.status_code, hint.headers
    parts = InformationalResponse.from_parts(code, headers, b"1.1", b"Hint")
    assert assert_type(parts, InformationalResponse) == hint
    final = Response.from_parts(reply.status_code, reply.headers, b"1.0", b"OK")
    assert assert_type(final, Response) == reply


def test_fields_of_data() -> None:
    """The data may be bytes-like, and comes first, so that it needs no name."""
    piece = Data(b"a", chunk_start=True)
    assert assert_type(piece.data, bytes) == b"a"
    assert assert_type(piece.chunk_start, bool) is True
    assert assert_type(piece.chunk_end, bool) is False
    assert assert_type(Data.from_parts(b"a", True, False), Data) == piece
    extended = Data(b"a", chunk_extension=memoryview(b";b"))
    assert assert_type(extended.chunk_extension, bytes) == b";b"
    others: list[bytearray | memoryview] = [bytearray(b"a"), memoryview(b"a")]
    assert [Data(data=other, chunk_start=True) for other in others] == [piece, piece]


def test_fields_of_the_end() -> None:
    """Trailers may be given, and are there in any case; a close has no fields."""
    assert assert_type(EndOfMessage().headers, Headers) == []
    assert EndOfMessage(headers=[("a", "b")]).headers == [(b"a", b"b")]
    assert EndOfMessage(headers=None) == EndOfMessage()
    end = EndOfMessage(chunk_extension=";b")
    assert assert_type(end.chunk_extension, bytes) == b";b"
    assert_type(ConnectionClosed(), ConnectionClosed)


def inputs() -> list[HeadersInput]:
    """Return what can stand for one field line."""
    line: FieldLine = (b"host", b"a")
    return [
        [("Host", "a")],
        [(b"Host", "a")],
        ((bytearray(b"Host"), memoryview(b"a")),),
        pairs(),
        {"Host": "a"}.items(),
        [line],
        Headers([line]),
    ]


@pytest.mark.parametrize("headers", inputs(), ids=lambda value: type(value).__name__)
def test_what_headers_are_made_from(headers: HeadersInput) -> None:
    """Any iterable of pairs of text or bytes-like objects will do, for every event."""
    assert Request(method="GET", target="/", headers=headers).headers == [(b"host", b"a")]


def test_unions_hold_what_they_say() -> None:
    """Each name for a union stands for what is taken or given under it."""
    octets: list[Octets] = ["a", b"a", bytearray(b"a"), memoryview(b"a")]
    assert {Request(method=m, target="/", headers=pairs()).method for m in octets} == {b"a"}
    events: list[AnyEvent] = [Data(data=b""), EndOfMessage(), ConnectionClosed()]
    assert all(isinstance(event, Event) and isinstance(event, AnyEvent) for event in events)


def test_other_headers_keep_the_class() -> None:
    """A copy with other headers is of the class that the event was of."""
    asked = Request(method="GET", target="/", headers=pairs())
    empty = Headers()
    assert assert_type(with_headers(asked, empty), Request).headers is empty
    assert assert_type(with_headers(EndOfMessage(), empty), EndOfMessage).headers is empty


def test_attributes_of_errors() -> None:
    """What a program can ask an error has the same types, whosever fault it was."""
    with pytest.raises(ProtocolError) as caught:
        Request(method="GET", target="/", headers=[])
    error = assert_type(caught.value, ProtocolError)
    assert assert_type(error.error_status_hint, int) == 400
    assert assert_type(error.code, ErrorCode) is ErrorCode.BAD_HOST
    assert assert_type(error.excerpt, bytes) == b""
    assert assert_type(error.expected, int | None) is None
    assert assert_type(error.received, int | None) is None
    assert assert_type(ErrorCode.HEAD_TOO_LARGE.status_hint, int) == 431


def test_ways_to_make_an_error() -> None:
    """The text and the hint come first, the rest is named; the blame can be turned round."""
    plain = LocalProtocolError("a", 418)
    error = LocalProtocolError(
        "a", code=ErrorCode.OTHER, excerpt=bytearray(b"b"), expected=1, received=2
    )
    assert plain.error_status_hint == 418
    turned = assert_type(RemoteProtocolError.from_local(error), RemoteProtocolError)
    assert (turned.excerpt, turned.expected, turned.received) == (b"b", 1, 2)
    assert assert_type(first_octets(bytearray(b"a")), bytes) == b"a"
    assert assert_type(last_octets(b"a"), bytes) == b"a"


def test_markers_can_be_made() -> None:
    """A marker of one's own is declared as ours are, and is then its own type."""

    class WAITING(Sentinel, metaclass=Sentinel):
        """Something is awaited."""

    marker: type[WAITING] = WAITING
    assert type(marker) is WAITING
    assert repr(marker) == "WAITING"


def test_what_others_derive_from() -> None:
    """Whoever makes an object sets its attributes past the class, which refuses all others."""

    class Point(Immutable):
        __slots__ = ("x",)
        x: int

    point = Point()
    object.__setattr__(point, "x", 1)
    assert assert_type(point.x, int) == 1
    with pytest.raises(AttributeError, match="cannot set 'x': Point is immutable"):
        point.x = 2
    with pytest.raises(AttributeError, match="cannot delete 'x': Point is immutable"):
        del point.x
    assert point.x == 1
