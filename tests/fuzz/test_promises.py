"""Each promise on its own: what keeps it, and what breaks it."""

import pytest

from h11_events import (
    ConnectionClosed,
    Data,
    EndOfMessage,
    ErrorCode,
    Event,
    InformationalResponse,
    ProtocolError,
    RemoteProtocolError,
    Request,
    Response,
)
from tests.fuzz import promises
from tests.fuzz.promises import (
    BrokenPromiseError,
    check_error,
    check_field_count,
    check_growth,
    check_held,
    check_origin,
    check_time,
)

HOST = ("Host", "a")

BAD_ERRORS = {
    "line end in the text": RemoteProtocolError("a\nb", code=ErrorCode.BAD_CHUNK),
    "control octet in the text": RemoteProtocolError("a\x1bb", code=ErrorCode.BAD_CHUNK),
    "text beyond ASCII": RemoteProtocolError("\xe9", code=ErrorCode.BAD_CHUNK),
    "long text": RemoteProtocolError("a" * 1000, code=ErrorCode.BAD_CHUNK),
    "other hint": RemoteProtocolError("a", 500, code=ErrorCode.BAD_CHUNK),
    "hint of another code": RemoteProtocolError("a", 400, code=ErrorCode.TOO_MANY_FIELDS),
    "negative count": RemoteProtocolError("a", code=ErrorCode.BODY_TOO_SHORT, received=-1),
}


@pytest.mark.parametrize("error", BAD_ERRORS.values(), ids=BAD_ERRORS)
def test_error_that_is_no_use_is_noticed(error: ProtocolError) -> None:
    """An error has to be fit for a log and for a program."""
    with pytest.raises(BrokenPromiseError):
        check_error(error)


@pytest.mark.parametrize("excerpt", [b"a" * 101, bytearray(b"a")], ids=["long", "not bytes"])
def test_excerpt_that_is_no_use_is_noticed(excerpt: bytes) -> None:
    """An excerpt is short, and of a type that cannot change."""
    error = RemoteProtocolError("a", code=ErrorCode.BAD_CHUNK)
    error.excerpt = excerpt
    with pytest.raises(BrokenPromiseError, match="excerpt"):
        check_error(error)


def test_the_most_that_may_be_held() -> None:
    """As much as the limit is held, not more; without a limit, anything."""
    check_held(4, 4)
    check_held(5, None)
    with pytest.raises(BrokenPromiseError):
        check_held(5, 4)


def test_the_most_fields_of_a_section() -> None:
    """The limit is for each section, in heads and in trailers."""
    lines = [("a", "b"), ("c", "d")]
    sections: list[Event] = [
        Request(method="GET", target="/", headers=[HOST, *lines[:1]]),
        InformationalResponse(status_code=100, headers=lines),
        Response(status_code=200, headers=lines),
        EndOfMessage(headers=lines),
    ]
    check_field_count([*sections, Data(b"abc")], 2)
    for section in sections:
        with pytest.raises(BrokenPromiseError, match="2 fields"):
            check_field_count([section], 1)


def test_time_is_taken_again_where_it_was_too_long() -> None:
    """A stream may be disturbed, but not each time that it is read."""
    most = promises.SECONDS + 1
    check_time(iter([most * 2, most]), promises.OCTETS_PER_SECOND)
    with pytest.raises(BrokenPromiseError, match="took"):
        check_time(iter([most * 2, most * 3]), promises.OCTETS_PER_SECOND)


def test_growth_is_judged_where_it_can_be_measured() -> None:
    """Less than a moment says nothing; else it is the best of all attempts that counts."""
    moment = promises.MOMENT
    check_growth(iter([(moment, 0.0)]))
    check_growth(iter([(moment * 16, moment), (moment * 4, moment)]))
    with pytest.raises(BrokenPromiseError, match="four times"):
        check_growth(iter([(moment * 16, moment)] * 3))


LEGAL_ORIGINS: list[tuple[list[Event], bytes]] = [
    ([Request(method="GET", target="/", headers=[HOST])], b"GET / HTTP/1.1 hOST:A"),
    ([Response(status_code=99 + 101, headers=[("a", "b c")], reason="O K")], b"1.1 200 K O a c b"),
    ([Data(b"ab"), Data(b"ab"), EndOfMessage(headers=[("a", "b")]), ConnectionClosed()], b"ababAb"),
]


@pytest.mark.parametrize(("events", "stream"), LEGAL_ORIGINS, ids=["request", "response", "body"])
def test_octets_that_were_received(events: list[Event], stream: bytes) -> None:
    """Heads are found word by word, bodies in their order."""
    check_origin(events, stream)
    for octet in set(stream.lower()) - set(b" :hosptc"):
        gone = bytes(other for other in stream if other not in bytes([octet, octet - 32]))
        with pytest.raises(BrokenPromiseError):
            check_origin(events, gone)


def test_a_body_is_not_delivered_twice() -> None:
    """The same octets twice are only right if they came twice; no piece is empty."""
    for events in ([Data(b"ab"), Data(b"ab")], [Data(b"")]):
        with pytest.raises(BrokenPromiseError, match="not received after"):
            check_origin(events, b"abc")
