"""Limits: how much of each part of a message is taken, however it arrives.

As much as a limit says is taken, one more is refused, in all cuttings; the error names the limit
and its value, and has a code and a status hint of its own.
"""

from collections.abc import Callable
from itertools import repeat
from typing import Final, NamedTuple

import pytest

from h11_events import ErrorCode, RemoteProtocolError
from h11_parser import (
    Limits,
    RequestParser,
    Tolerance,
)
from tests.parser.reading import byte_by_byte
from tests.parser.strictness import (
    CHUNKED_OK,
    CHUNKED_POST,
    GET,
    NewParser,
    Refusal,
    body_in,
    events_of,
    feed,
    outcome,
    padded,
    read,
    refusal_in,
    requests,
    responses,
)

NAMES: Final = ("head_size", "field_count", "trailer_size", "chunk_extension_size")

LARGE: Final = dict.fromkeys(NAMES, 1_000_000)
"""Limits that no stream of these tests can reach."""


class Bounded(NamedTuple):
    """A part of a message, and what bounds it."""

    new_parser: Callable[[Tolerance | None, Limits | None], NewParser]
    """`requests` or `responses`."""

    name: str
    """The limit."""

    limit: int
    """A value for it."""

    stream: Callable[[int], bytes]
    """Makes a stream in which that part has a size."""

    code: ErrorCode
    """The code of the error."""

    hint: int = 431
    """Its status hint."""

    def parser(self, limit: int) -> NewParser:
        """Return what makes parsers with a value for this limit, and no bounds else."""
        return self.new_parser(None, Limits(**(LARGE | {self.name: limit})))


BOUNDED: Final = {
    "head of a request": Bounded(
        requests,
        "head_size",
        60,
        lambda size: padded(GET + b"A: ", b"\r\n\r\n", size),
        ErrorCode.HEAD_TOO_LARGE,
    ),
    "head of many lines": Bounded(
        requests,
        "head_size",
        60,
        lambda size: padded(GET + b"A: b\r\nC: d\r\n", b":\r\n\r\n", size),
        ErrorCode.HEAD_TOO_LARGE,
    ),
    "head of nothing but a request line": Bounded(
        requests,
        "head_size",
        60,
        lambda size: padded(b"GET /", b" HTTP/1.0\r\n\r\n", size),
        ErrorCode.HEAD_TOO_LARGE,
    ),
    "second head": Bounded(
        requests,
        "head_size",
        60,
        lambda size: GET + b"\r\n" + padded(GET + b"A: ", b"\r\n\r\n", size),
        ErrorCode.HEAD_TOO_LARGE,
    ),
    "head of a response": Bounded(
        responses,
        "head_size",
        60,
        lambda size: padded(b"HTTP/1.1 204 No Content\r\nA: ", b"\r\n\r\n", size),
        ErrorCode.HEAD_TOO_LARGE,
    ),
    "status line": Bounded(
        responses,
        "head_size",
        60,
        lambda size: padded(b"HTTP/1.1 204 ", b"\r\n\r\n", size),
        ErrorCode.HEAD_TOO_LARGE,
    ),
    "head of an informational response": Bounded(
        responses,
        "head_size",
        60,
        lambda size: padded(b"HTTP/1.1 103 Hints\r\nA: ", b"\r\n\r\n", size),
        ErrorCode.HEAD_TOO_LARGE,
    ),
    "fields of a request": Bounded(
        requests,
        "field_count",
        5,
        lambda count: GET + b"A: b\r\n" * (count - 1) + b"\r\n",
        ErrorCode.TOO_MANY_FIELDS,
    ),
    "different fields of a request": Bounded(
        requests,
        "field_count",
        5,
        lambda count: GET + b"".join(b"A%d:\r\n" % place for place in range(1, count)) + b"\r\n",
        ErrorCode.TOO_MANY_FIELDS,
    ),
    "fields of a response": Bounded(
        responses,
        "field_count",
        5,
        lambda count: b"HTTP/1.1 204 No Content\r\n" + b"Set-Cookie: b\r\n" * count + b"\r\n",
        ErrorCode.TOO_MANY_FIELDS,
    ),
    "fields of a head with an unusual value": Bounded(
        requests,
        "field_count",
        5,
        lambda count: GET + b"A: b\tc\r\n" * (count - 1) + b"\r\n",
        ErrorCode.TOO_MANY_FIELDS,
    ),
    "fields that frame the body": Bounded(
        requests,
        "field_count",
        5,
        lambda count: GET + b"Content-Length: 0\r\n" * (count - 1) + b"\r\n",
        ErrorCode.TOO_MANY_FIELDS,
    ),
    "trailers": Bounded(
        requests,
        "field_count",
        5,
        lambda count: CHUNKED_POST + b"2\r\nhi\r\n0\r\n" + b"A: b\r\n" * count + b"\r\n",
        ErrorCode.TOO_MANY_FIELDS,
    ),
    "trailers of a response": Bounded(
        responses,
        "field_count",
        5,
        lambda count: CHUNKED_OK + b"0\r\n" + b"A: b\r\n" * count + b"\r\n",
        ErrorCode.TOO_MANY_FIELDS,
    ),
    "trailer section": Bounded(
        requests,
        "trailer_size",
        30,
        lambda size: CHUNKED_POST + b"2\r\nhi\r\n0\r\n" + padded(b"A: ", b"\r\n\r\n", size),
        ErrorCode.TRAILERS_TOO_LARGE,
    ),
    "trailer section of many lines": Bounded(
        requests,
        "trailer_size",
        30,
        lambda size: CHUNKED_POST + b"0\r\n" + padded(b"A: b\r\n" * 3, b":\r\n\r\n", size),
        ErrorCode.TRAILERS_TOO_LARGE,
    ),
    "trailer section of a response": Bounded(
        responses,
        "trailer_size",
        30,
        lambda size: CHUNKED_OK + b"0\r\n" + padded(b"A: ", b"\r\n\r\n", size),
        ErrorCode.TRAILERS_TOO_LARGE,
    ),
    "chunk extension": Bounded(
        requests,
        "chunk_extension_size",
        10,
        lambda size: CHUNKED_POST + b"2" + padded(b";", b"", size) + b"\r\nhi\r\n0\r\n\r\n",
        ErrorCode.CHUNK_EXTENSIONS_TOO_LARGE,
    ),
    "quoted chunk extension of a size with zeros": Bounded(
        requests,
        "chunk_extension_size",
        10,
        lambda size: (
            CHUNKED_POST + b"0002" + padded(b' ; a="', b'"', size) + b"\r\nhi\r\n0\r\n\r\n"
        ),
        ErrorCode.CHUNK_EXTENSIONS_TOO_LARGE,
    ),
    "extension of the last chunk": Bounded(
        requests,
        "chunk_extension_size",
        10,
        lambda size: CHUNKED_POST + b"2\r\nhi\r\n0" + padded(b";", b"", size) + b"\r\n\r\n",
        ErrorCode.CHUNK_EXTENSIONS_TOO_LARGE,
    ),
    "extensions of all chunks": Bounded(
        requests,
        "chunk_extension_size",
        10,
        lambda size: (
            CHUNKED_POST
            + b"1;a\r\nh\r\n1;bc\r\ni\r\n1\r\n!\r\n0"
            + padded(b";", b"", size - 5)
            + b"\r\n\r\n"
        ),
        ErrorCode.CHUNK_EXTENSIONS_TOO_LARGE,
    ),
    "extensions in a response": Bounded(
        responses,
        "chunk_extension_size",
        10,
        lambda size: CHUNKED_OK + b"1;ab\r\nh\r\n0" + padded(b";", b"", size - 3) + b"\r\n\r\n",
        ErrorCode.CHUNK_EXTENSIONS_TOO_LARGE,
    ),
    "blanks after a chunk size": Bounded(
        responses,
        "chunk_extension_size",
        10,
        lambda size: CHUNKED_OK + b"2" + b" " * size + b"\r\nhi\r\n0\r\n\r\n",
        ErrorCode.CHUNK_EXTENSIONS_TOO_LARGE,
    ),
}
"""All that has a limit."""

each_part = pytest.mark.parametrize("part", BOUNDED.values(), ids=BOUNDED)


@each_part
def test_as_much_as_the_limit_is_taken(part: Bounded) -> None:
    """The limit is what may be there; it changes nothing in what is read."""
    octets = part.stream(part.limit)
    expected = events_of(part.new_parser(None, Limits(**LARGE)), octets)
    assert events_of(part.parser(part.limit), octets) == expected


@each_part
def test_one_more_is_refused(part: Bounded) -> None:
    """It is refused in the same way however it is cut, and the error says by which limit."""
    octets = part.stream(part.limit + 1)
    assert outcome(part.parser(part.limit + 1), octets).refusal is None
    assert_over(refusal_in(part.parser(part.limit), octets), part)


@each_part
def test_much_more_is_refused(part: Bounded) -> None:
    """It is refused in the same way, however much there is."""
    assert_over(refusal_in(part.parser(part.limit), part.stream(part.limit + 200)), part)


def assert_over(refusal: Refusal, part: Bounded) -> None:
    """Assert that an error says which limit was passed, to a program and to a person."""
    if part is BOUNDED["head of nothing but a request line"] and refusal.hint == 414:
        # Far over the limit, the line alone is too long.
        part = part._replace(code=ErrorCode.REQUEST_LINE_TOO_LONG, hint=414)
    assert (refusal.code, refusal.hint) == (part.code, part.hint)
    assert refusal.expected == part.limit
    assert f"Limits.{part.name}" in refusal.text
    assert str(part.limit) in refusal.text
    assert len(refusal.excerpt) <= 100


@pytest.mark.parametrize(
    "start", [b"GET /", b"GET http://a/?", b"x", b"GET / HTTP/1.1\r\n"[:5]], ids=repr
)
def test_a_request_line_that_is_too_long(start: bytes) -> None:
    """If the line alone is over the limit, the answer is 414 (RFC 9110 section 15.5.15)."""
    octets = padded(start, b" HTTP/1.1\r\nHost: a\r\n\r\n", 150)
    refusal = refusal_in(requests(limits=Limits(head_size=60)), octets)
    assert (refusal.code, refusal.hint) == (ErrorCode.REQUEST_LINE_TOO_LONG, 414)
    assert refusal.expected == 60
    assert "Limits.head_size" in refusal.text
    assert "60" in refusal.text


def test_a_request_line_within_the_limit() -> None:
    """If the line is within the limit, and the head is not, the answer is 431."""
    start = b"GET /" + b"x" * 30 + b" HTTP/1.1\r\n"
    for octets in (start + b"A: " + b"b" * 100 + b"\r\n\r\n", start + b"A: b\r\n" * 20):
        refusal = refusal_in(requests(limits=Limits(head_size=60)), octets)
        assert (refusal.code, refusal.hint) == (ErrorCode.HEAD_TOO_LARGE, 431)


def test_a_status_line_that_is_too_long() -> None:
    """414 says something about requests alone; no client answers with it."""
    octets = padded(b"HTTP/1.1 200 ", b"\r\n\r\n", 150)
    refusal = refusal_in(responses(limits=Limits(head_size=60)), octets)
    assert refusal.code is ErrorCode.HEAD_TOO_LARGE


ENDLESS: Final = {
    "head": (requests, b"", GET + b"A: ", Limits(head_size=60), 60),
    "request line": (requests, b"", b"GET /", Limits(head_size=60), 60),
    "response head": (responses, b"", b"HTTP/1.1 200 ", Limits(head_size=60), 60),
    "trailers": (requests, CHUNKED_POST + b"0\r\n", b"A: ", Limits(trailer_size=30), 30),
    "extension": (requests, CHUNKED_POST, b"5;", Limits(chunk_extension_size=10), 40),
}
"""What may never end: what comes before, how it starts, and after how many octets to give up."""


@pytest.mark.parametrize(
    ("direction", "before", "start", "limits", "most"), ENDLESS.values(), ids=ENDLESS
)
def test_what_does_not_end_is_refused(
    direction: Callable[[Tolerance | None, Limits | None], NewParser],
    before: bytes,
    start: bytes,
    limits: Limits,
    most: int,
) -> None:
    """Nobody has to wait for the end of it: the first octets over the limit are refused."""
    parser = direction(None, limits)()
    feed(parser, filter(None, [before]))
    pieces = byte_by_byte(start + b"x" * 1000)
    with pytest.raises(RemoteProtocolError) as raised:
        feed(parser, pieces[: most + 1])
    assert raised.value.error_status_hint in (431, 414)
    assert read(direction(None, limits)(), [before + b"".join(pieces)]).refusal is not None


@pytest.mark.parametrize("given", [None, Limits()], ids=["nothing", "defaults"])
def test_usual_parsers_have_them(given: Limits | None) -> None:
    """They hold for a parser to which nobody has said anything else."""
    head = padded(GET + b"A: ", b"\r\n\r\n", 16_385)
    trailers = CHUNKED_POST + b"0\r\n" + padded(b"A: ", b"\r\n\r\n", 16_385)
    extension = CHUNKED_POST + b"1" + padded(b";", b"", 16_385) + b"\r\na\r\n0\r\n\r\n"
    fields = GET + b"A:\r\n" * 256 + b"\r\n"
    for octets, over, code in (
        (head, b"x", ErrorCode.HEAD_TOO_LARGE),
        (trailers, b"x", ErrorCode.TRAILERS_TOO_LARGE),
        (extension, b"x", ErrorCode.CHUNK_EXTENSIONS_TOO_LARGE),
        (fields, b"A:\r\n", ErrorCode.TOO_MANY_FIELDS),
    ):
        middle = len(octets) // 2
        for pieces in ([octets], [octets[:middle], octets[middle:]], [octets[:-1], octets[-1:]]):
            refusal = read(requests(limits=given)(), pieces).refusal
            assert refusal is not None
            assert refusal.code is code
        assert read(requests(limits=given)(), [octets.replace(over, b"", 1)]).refusal is None


def test_nothing_may_be_nothing() -> None:
    """No field and no extension may be there, and a message without them is read."""
    none = Limits(field_count=0, chunk_extension_size=0)
    assert len(events_of(requests(limits=none), b"GET / HTTP/1.0\r\n\r\n")) == 2
    refusal = refusal_in(requests(limits=none), b"GET / HTTP/1.0\r\nA:\r\n\r\n")
    assert refusal.code is ErrorCode.TOO_MANY_FIELDS
    chunks = Limits(chunk_extension_size=0, trailer_size=2)
    octets = CHUNKED_POST + b"2\r\nhi\r\n0\r\n\r\n"
    assert body_in(requests(limits=chunks), octets) == b"hi"
    refusal = refusal_in(requests(limits=chunks), octets.replace(b"2\r\n", b"2;a\r\n"))
    assert refusal.code is ErrorCode.CHUNK_EXTENSIONS_TOO_LARGE


def test_extensions_count_for_each_message() -> None:
    """The next message on a connection has all of its limit again."""
    message = CHUNKED_POST + b"1;aaa\r\nx\r\n0;bbb\r\n\r\n"
    events = events_of(requests(limits=Limits(chunk_extension_size=8)), message * 3)
    assert len(events) == 9


def test_sections_count_for_each_message() -> None:
    """So have its head and its trailers, and each of them its own number of fields."""
    message = CHUNKED_POST + b"0\r\nA: b\r\nC: d\r\n\r\n"
    limits = Limits(field_count=2, head_size=len(CHUNKED_POST), trailer_size=14)
    assert len(events_of(requests(limits=limits), message * 3)) == 6


def test_32_megabytes_of_extensions() -> None:
    """2 kB of a body cannot come in 32 MB of extensions, in any number of chunks."""
    for octets_each, chunks in ((16_384, 2048), (1 << 25, 1), (20, 1 << 20)):
        chunk = b"1;" + b"x" * (octets_each - 1) + b"\r\na\r\n"
        within_limit = 16_384 // octets_each
        parser = RequestParser()
        feed(parser, [CHUNKED_POST, *repeat(chunk, within_limit)])
        with pytest.raises(RemoteProtocolError, match=r"Limits\.chunk_extension_size") as raised:
            feed(parser, [chunk])
        assert raised.value.code is ErrorCode.CHUNK_EXTENSIONS_TOO_LARGE
        assert raised.value.error_status_hint == 431
        whole = read(RequestParser(), [CHUNKED_POST + chunk * chunks])
        assert whole.refusal is not None
        assert whole.refusal.code is ErrorCode.CHUNK_EXTENSIONS_TOO_LARGE


def test_extensions_of_usual_size_pass_in_any_number() -> None:
    """As many octets as the limit may be spread over as many chunks as one likes."""
    octets = CHUNKED_POST + b"1;1234567\r\na\r\n" * 2048 + b"0\r\n\r\n"
    result = read(RequestParser(), [octets])
    assert result.refusal is None
    result = read(RequestParser(), [octets.replace(b"0\r\n\r\n", b"0;a\r\n\r\n")])
    assert result.refusal is not None
