"""What an error tells a program: which rule was broken, by which octets, and by how much.

Here are the attributes themselves, and the codes of what is wrong with a single event; the codes of
what is wrong with a stream or a conversation are tested where streams are read.
"""

import copy
import pickle
from collections.abc import Callable
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from h11_events import (
    FORBIDDEN_IN_TRAILERS,
    EndOfMessage,
    ErrorCode,
    Event,
    Headers,
    InformationalResponse,
    LocalProtocolError,
    ProtocolError,
    RemoteProtocolError,
    Request,
    Response,
)

CODES: Final = {
    "BAD_REQUEST_LINE": 400,
    "BAD_STATUS_LINE": 400,
    "BAD_FIELD_LINE": 400,
    "BAD_HOST": 400,
    "BAD_FRAMING": 400,
    "BAD_CHUNK": 400,
    "BAD_TRAILER": 400,
    "UNSUPPORTED_VERSION": 505,
    "UNSUPPORTED_CODING": 501,
    "HEAD_TOO_LARGE": 431,
    "REQUEST_LINE_TOO_LONG": 414,
    "TOO_MANY_FIELDS": 431,
    "TRAILERS_TOO_LARGE": 431,
    "CHUNK_EXTENSIONS_TOO_LARGE": 431,
    "BODY_TOO_SHORT": 400,
    "BODY_TOO_LONG": 400,
    "CLOSED_EARLY": 400,
    "OUT_OF_TURN": 400,
    "AFTER_ERROR": 400,
    "OTHER": 400,
}
"""All codes, and the status that suits an answer to each."""

SIDES: Final = [LocalProtocolError, RemoteProtocolError]

each_side = pytest.mark.parametrize("side", SIDES, ids=lambda side: side.__name__)


def attributes(error: ProtocolError) -> tuple[object, ...]:
    """Return all that a program can ask an error."""
    return (
        str(error),
        error.error_status_hint,
        error.code,
        error.excerpt,
        error.expected,
        error.received,
    )


def error_of(make: Callable[[], Event]) -> LocalProtocolError | None:
    """Return the error of an event that cannot be made; None if it can."""
    try:
        make()
    except LocalProtocolError as error:
        return error
    return None


def full(side: type[ProtocolError]) -> ProtocolError:
    """Return an error in which nothing is as it would be by default."""
    return side(
        "too long", 413, code=ErrorCode.BODY_TOO_LONG, excerpt=b"abc", expected=2, received=3
    )


def test_the_codes_are_a_closed_set() -> None:
    """A program that knows these codes knows them all."""
    assert [code.name for code in ErrorCode] == [*CODES]


@pytest.mark.parametrize(("name", "hint"), CODES.items(), ids=CODES)
def test_each_code_has_a_hint(name: str, hint: int) -> None:
    """The status hint goes by the code, unless it is given itself."""
    for side in SIDES:
        assert side("wrong", code=ErrorCode[name]).error_status_hint == hint
        assert side("wrong", 418, code=ErrorCode[name]).error_status_hint == 418
        assert side("wrong", error_status_hint=400, code=ErrorCode[name]).error_status_hint == 400


@each_side
def test_what_a_program_may_leave_out(side: type[ProtocolError]) -> None:
    """An error with nothing but a message has the code for that, no octets and no counts."""
    assert attributes(side("wrong")) == ("wrong", 400, ErrorCode.OTHER, b"", None, None)


@each_side
def test_what_a_program_may_tell(side: type[ProtocolError]) -> None:
    """All of it can be told, and is kept; counts of nothing are counts."""
    assert attributes(full(side)) == ("too long", 413, ErrorCode.BODY_TOO_LONG, b"abc", 2, 3)
    error = side("short", code=ErrorCode.BODY_TOO_SHORT, expected=0, received=0)
    assert (error.expected, error.received) == (0, 0)


@each_side
def test_the_attributes_are_no_part_of_the_text(side: type[ProtocolError]) -> None:
    """The text, and what `args` holds, is the message alone, as it was before there were codes."""
    assert str(full(side)) == "too long"
    assert full(side).args == ("too long",)


@each_side
@pytest.mark.parametrize("length", [0, 1, 99, 100, 101, 102, 1000])
def test_excerpts_are_short(side: type[ProtocolError], length: int) -> None:
    """Up to 100 octets are shown as they are; of more, the first ones, and an ellipsis."""
    octets = (b"0123456789" * 100)[:length]
    shown = side("wrong", excerpt=octets).excerpt
    assert shown == (octets if length <= 100 else octets[:97] + b"...")
    assert len(shown) <= 100


@each_side
def test_an_excerpt_is_of_bytes(side: type[ProtocolError]) -> None:
    """What it was made from can change afterwards; the excerpt does not."""
    octets = bytearray(b"abc")
    error = side("wrong", excerpt=octets)
    octets[:] = b"xyz"
    assert error.excerpt == b"abc"
    assert type(error.excerpt) is bytes


@given(st.binary(max_size=300))
def test_an_excerpt_is_shortened_once(octets: bytes) -> None:
    """What was shortened is not shortened again, so an error can be passed on as it is."""
    once = LocalProtocolError("wrong", excerpt=octets).excerpt
    assert LocalProtocolError("wrong", excerpt=once).excerpt == once


def test_turning_the_blame_keeps_everything() -> None:
    """The peer's error tells all that ours did."""
    ours = LocalProtocolError(
        "wrong", 418, code=ErrorCode.BAD_CHUNK, excerpt=b"x" * 200, expected=0, received=5
    )
    theirs = RemoteProtocolError.from_local(ours)
    assert type(theirs) is RemoteProtocolError
    assert attributes(theirs) == attributes(ours)
    bare = LocalProtocolError("wrong")
    assert attributes(RemoteProtocolError.from_local(bare)) == attributes(bare)


@each_side
@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_pickles_keep_everything(side: type[ProtocolError], protocol: int) -> None:
    """An error that went to another process tells the same there."""
    for error in (full(side), side("wrong")):
        twin = pickle.loads(pickle.dumps(error, protocol))
        assert type(twin) is side
        assert attributes(twin) == attributes(error)
        assert twin.code is error.code


@each_side
@pytest.mark.parametrize("twin_of", [copy.copy, copy.deepcopy], ids=["copy", "deepcopy"])
def test_copies_keep_everything(
    side: type[ProtocolError], twin_of: Callable[[ProtocolError], ProtocolError]
) -> None:
    """So does a copy."""
    twin = twin_of(full(side))
    assert type(twin) is side
    assert attributes(twin) == attributes(full(side))


HOST: Final = ("Host", "a")

WRONG: Final[dict[str, tuple[Callable[[], Event], ErrorCode, int]]] = {
    "method": (
        lambda: Request(method="G T", target="/", headers=[HOST]),
        ErrorCode.BAD_REQUEST_LINE,
        400,
    ),
    "target": (
        lambda: Request(method="GET", target="/ /", headers=[HOST]),
        ErrorCode.BAD_REQUEST_LINE,
        400,
    ),
    "version": (
        lambda: Request(method="GET", target="/", headers=[HOST], http_version="1"),
        ErrorCode.UNSUPPORTED_VERSION,
        505,
    ),
    "no Host": (
        lambda: Request(method="GET", target="/", headers=[]),
        ErrorCode.BAD_HOST,
        400,
    ),
    "two Hosts": (
        lambda: Request(method="GET", target="/", headers=[HOST, HOST]),
        ErrorCode.BAD_HOST,
        400,
    ),
    "no host in Host": (
        lambda: Request.from_parts(b"GET", b"/", Headers([("Host", "a/b")]), b"1.1"),
        ErrorCode.BAD_HOST,
        400,
    ),
    "field name": (
        lambda: Response(status_code=200, headers=[("A b", "c")]),
        ErrorCode.BAD_FIELD_LINE,
        400,
    ),
    "field value": (
        lambda: Response(status_code=200, headers=[("A", "b\rc")]),
        ErrorCode.BAD_FIELD_LINE,
        400,
    ),
    "blank around a value": (
        lambda: Response(status_code=200, headers=[("A", " b")]),
        ErrorCode.BAD_FIELD_LINE,
        400,
    ),
    "length": (
        lambda: Response(status_code=200, headers=[("Content-Length", "+1")]),
        ErrorCode.BAD_FRAMING,
        400,
    ),
    "two lengths": (
        lambda: Response(status_code=200, headers=[("Content-Length", "1, 2")]),
        ErrorCode.BAD_FRAMING,
        400,
    ),
    "coding after chunked": (
        lambda: Response(status_code=200, headers=[("Transfer-Encoding", "chunked, gzip")]),
        ErrorCode.BAD_FRAMING,
        400,
    ),
    "chunked twice": (
        lambda: Response(status_code=200, headers=[("Transfer-Encoding", "chunked, chunked")]),
        ErrorCode.BAD_FRAMING,
        400,
    ),
    "coding": (
        lambda: Response(status_code=200, headers=[("Transfer-Encoding", "gzip, chunked")]),
        ErrorCode.UNSUPPORTED_CODING,
        501,
    ),
    "informational status": (
        lambda: InformationalResponse(status_code=200, headers=[]),
        ErrorCode.BAD_STATUS_LINE,
        400,
    ),
    "final status": (
        lambda: Response(status_code=100, headers=[]),
        ErrorCode.BAD_STATUS_LINE,
        400,
    ),
    "reason phrase": (
        lambda: Response(status_code=200, headers=[], reason="a\nb"),
        ErrorCode.BAD_STATUS_LINE,
        400,
    ),
    "trailer": (
        lambda: EndOfMessage(headers=[("Content-Length", "1")]),
        ErrorCode.BAD_TRAILER,
        400,
    ),
    "trailer with an illegal value": (
        lambda: EndOfMessage(headers=[("A", "\0")]),
        ErrorCode.BAD_FIELD_LINE,
        400,
    ),
}
"""What cannot be made, with the code and the hint of the error."""


@pytest.mark.parametrize(("make", "code", "hint"), WRONG.values(), ids=WRONG)
def test_codes_of_constructors(make: Callable[[], Event], code: ErrorCode, hint: int) -> None:
    """What makes an event tells with its code what is wrong with it."""
    with pytest.raises(LocalProtocolError) as raised:
        make()
    assert (raised.value.code, raised.value.error_status_hint) == (code, hint)


@pytest.mark.parametrize(
    ("make", "excerpt"),
    [
        (lambda: Request(method="G T", target="/", headers=[HOST]), b"G T"),
        (lambda: Request(method="GET", target="/ /", headers=[HOST]), b"/ /"),
        (lambda: Request.from_parts(b"GET", b"/", Headers([("Host", "a/b")]), b"1.1"), b"a/b"),
        (lambda: Request(method="GET", target="/", headers=[("A b", "c")]), b"A b"),
        (lambda: Request(method="GET", target="/", headers=[("A", "b\nc")]), b"b\nc"),
        (lambda: Response(status_code=200, headers=[], reason="\r"), b"\r"),
        (lambda: Response(status_code=200, headers=[("Content-Length", "-1")]), b"-1"),
        (lambda: Response(status_code=200, headers=[("A", "\0" * 200)]), b"\0" * 97 + b"..."),
        (lambda: Request(method="GET", target="/", headers=[]), b""),
    ],
    ids=["method", "target", "host", "name", "value", "reason", "length", "long", "no-host"],
)
def test_excerpts_of_constructors(make: Callable[[], Event], excerpt: bytes) -> None:
    """The octets that are to blame are told, short, and as they were; none if there are none."""
    with pytest.raises(LocalProtocolError) as raised:
        make()
    assert raised.value.excerpt == excerpt


@pytest.mark.parametrize("name", sorted(FORBIDDEN_IN_TRAILERS))
def test_fields_that_come_too_late(name: bytes) -> None:
    """What frames, routes or authorises a message cannot be sent after it (RFC 9110, 6.5.1)."""
    for spelling in (name, name.upper(), name.title()):
        with pytest.raises(LocalProtocolError) as raised:
            EndOfMessage(headers=[("A", "b"), (spelling, "1")])
        assert raised.value.code is ErrorCode.BAD_TRAILER
        assert raised.value.error_status_hint == 400
        assert name in raised.value.excerpt.lower()
        assert name.decode() in str(raised.value).lower()


def test_the_fields_that_come_too_late_are_known_by_name() -> None:
    """The set holds at least what frames a message, routes it, or says who sent it."""
    assert isinstance(FORBIDDEN_IN_TRAILERS, frozenset)
    assert all(name == name.lower() for name in FORBIDDEN_IN_TRAILERS)
    assert (
        set(
            b"content-length transfer-encoding trailer host connection te upgrade expect"
            b" max-forwards cache-control authorization cookie set-cookie content-type"
            b" content-encoding content-range range".split()
        )
        <= FORBIDDEN_IN_TRAILERS
    )


@given(octets=st.binary(min_size=1, max_size=300))
def test_messages_are_short_and_printable(octets: bytes) -> None:
    """Whatever is wrong with a field, nothing of it can break out of a line in a log."""
    attempts: list[Callable[[], Event]] = [
        lambda: Request(method=octets, target="/", headers=[HOST]),
        lambda: Request(method="GET", target=octets, headers=[HOST]),
        lambda: Request(method="GET", target="/", headers=[HOST], http_version=octets),
        lambda: Request(method="GET", target="/", headers=[("Host", octets)]),
        lambda: Request(method="GET", target="/", headers=[HOST, (octets, "a")]),
        lambda: Response(status_code=200, headers=[("A", octets)]),
        lambda: Response(status_code=200, headers=[("Content-Length", octets)]),
        lambda: Response(status_code=200, headers=[("Transfer-Encoding", octets)]),
        lambda: Response(status_code=200, headers=[], reason=octets),
        lambda: EndOfMessage(headers=[(octets, "a")]),
    ]
    for error in filter(None, map(error_of, attempts)):
        assert str(error).isascii()
        assert str(error).isprintable()
        assert len(str(error)) < 600
        assert len(error.excerpt) <= 100
