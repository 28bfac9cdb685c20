"""One size for heads and trailer sections, the one of h11 0.16.0, holds however octets arrive.

A section of exactly as many octets as the limit is read, one octet more is refused with status
hint 431, with either line end, and whatever follows. The limits by their names are tested in
`test_limits_of_messages`.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from h11_events import Data, EndOfMessage, ErrorCode, RemoteProtocolError, Request
from h11_parser import (
    DEFAULT_MAX_INCOMPLETE_EVENT_SIZE,
    NEED_DATA,
    RequestParser,
    ResponseParser,
    Tolerance,
)
from tests.parser.reading import (
    Fault,
    Outcome,
    byte_by_byte,
    drain,
    events_of,
    in_two,
    read,
    request_parser,
    response_parser,
)
from tests.strategies import cuts

LIMIT = 90
CHUNKED = b"PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"


class Section(NamedTuple):
    """Something that the limit bounds, between what comes before and after it in a stream."""

    before: bytes
    start: bytes
    end: bytes
    after: bytes = b""
    of_request: bool = True
    tolerate: Tolerance | None = None
    code: ErrorCode = ErrorCode.HEAD_TOO_LARGE

    def stream(self, size: int) -> bytes:
        """Return the stream with a section of so many octets."""
        filling = b"x" * (size - len(self.start) - len(self.end))
        return self.before + self.start + filling + self.end + self.after

    def outcome(self, pieces: list[bytes], limit: int = LIMIT) -> Outcome:
        """Return what comes of the stream in pieces; it does not end with them."""
        if self.of_request:
            return read(request_parser(limit, self.tolerate), filter(None, pieces))
        return read(response_parser([], limit, self.tolerate), filter(None, pieces))

    def is_too_large(self, outcome: Outcome) -> bool:
        """Return whether an outcome is the refusal of a section that is over the limit."""
        if not isinstance(outcome.end, Fault):
            return False
        assert outcome.end.error is RemoteProtocolError
        assert outcome.end.code in (self.code, ErrorCode.REQUEST_LINE_TOO_LONG)
        assert outcome.end.hint == outcome.end.code.status_hint
        assert outcome.end.expected == LIMIT
        assert f"{LIMIT} bytes" in outcome.end.text
        assert outcome.rest == b""
        return True


TRAILERS = ErrorCode.TRAILERS_TOO_LARGE
SECTIONS = {
    "request head": Section(b"", b"GET / HTTP/1.1\r\nHost: a\r\nA: ", b"\r\n\r\n"),
    "request head with bare LF": Section(
        b"", b"GET / HTTP/1.1\nHost: a\nA: ", b"\n\n", tolerate=Tolerance.BARE_LF
    ),
    "request head with mixed line ends": Section(
        b"", b"GET / HTTP/1.1\nHost: a\nA: ", b"\n\r\n", tolerate=Tolerance.BARE_LF
    ),
    "request head after empty lines": Section(
        b"\r\n" * LIMIT, b"GET / HTTP/1.0\r\nA: ", b"\r\n\r\n"
    ),
    "request line": Section(b"", b"GET /", b" HTTP/1.0\r\n\r\n"),
    "many lines": Section(b"", b"GET / HTTP/1.0\r\n" + b"A: b\r\n" * 9, b": c\r\n\r\n"),
    "many folds": Section(
        b"",
        b"GET / HTTP/1.0\r\nA:" + b"\r\n b" * 9,
        b"\r\n\r\n",
        tolerate=Tolerance.OBS_FOLD,
    ),
    "response head": Section(b"", b"HTTP/1.1 204 OK\r\nA: ", b"\r\n\r\n", of_request=False),
    "response head with bare LF": Section(b"", b"HTTP/1.1 204 ", b"\n\n", of_request=False),
    "second head": Section(
        b"GET / HTTP/1.0\r\n\r\nPUT / HTTP/1.0\r\nContent-Length: 3\r\n\r\nabc",
        b"GET / HTTP/1.0\r\nA: ",
        b"\r\n\r\n",
    ),
    "trailer section": Section(
        CHUNKED + b"1\r\na\r\n0\r\n", b"A: b\r\nC: ", b"\r\n\r\n", code=TRAILERS
    ),
    "trailer section with bare LF": Section(
        CHUNKED + b"0\r\n", b"A: ", b"\n\n", tolerate=Tolerance.BARE_LF, code=TRAILERS
    ),
}
BEHIND = [b"", b"G", b"GET / HTTP/1.0\r\n\r\n", b"GET / HTTP/1.0\r\n\r\n" * 100]

each_section = pytest.mark.parametrize("section", SECTIONS.values(), ids=SECTIONS)


def cuttings(octets: bytes) -> Iterator[list[bytes]]:
    """Yield the octets whole, byte by byte, and in two pieces."""
    yield [octets]
    yield byte_by_byte(octets)
    yield from in_two(octets)


@each_section
def test_section_of_the_limit_is_read(section: Section) -> None:
    """As many octets as the limit are not too many, however they are cut."""
    octets = section.stream(LIMIT)
    expected = section.outcome([octets], limit=10_000)
    assert expected.end is NEED_DATA
    assert expected.rest == b""
    for pieces in cuttings(octets):
        assert section.outcome(pieces) == expected


@each_section
def test_section_over_the_limit_is_refused(section: Section) -> None:
    """One octet more is too many, however they are cut, even if all arrive in one piece."""
    octets = section.stream(LIMIT + 1)
    assert section.outcome([octets], limit=LIMIT + 1).end is NEED_DATA
    expected = section.outcome([octets])
    assert section.is_too_large(expected)
    assert expected.events == section.outcome([section.before]).events
    for pieces in cuttings(octets):
        assert section.outcome(pieces) == expected


@each_section
def test_what_follows_does_not_count(section: Section) -> None:
    """A section is measured alone, whatever is received together with it."""
    if section.of_request:
        for behind in BEHIND:
            octets = section.stream(LIMIT) + behind
            expected = section.outcome([octets], limit=10_000)
            for pieces in ([octets], [octets[:LIMIT], octets[LIMIT:]]):
                assert section.outcome(pieces) == expected
            octets = section.stream(LIMIT + 1) + behind
            for pieces in ([octets], [octets[:LIMIT], octets[LIMIT:]]):
                assert section.is_too_large(section.outcome(pieces))


@each_section
def test_section_that_does_not_end_is_refused(section: Section) -> None:
    """The octet after as many as the limit is one too many; until then there is hope."""
    octets = section.stream(10 * LIMIT)
    most = len(section.before) + LIMIT
    for pieces in ([octets[:most]], byte_by_byte(octets[:most])):
        assert section.outcome(pieces).end is NEED_DATA
        assert section.is_too_large(section.outcome([*pieces, octets[most : most + 1]]))
    assert section.is_too_large(section.outcome([octets]))


@given(
    section=st.sampled_from([*SECTIONS.values()]),
    size=st.integers(LIMIT - 3, LIMIT + 3),
    data=st.data(),
)
def test_section_cut_at_random(section: Section, size: int, data: st.DataObject) -> None:
    """Any cutting leads to the outcome of the whole."""
    octets = section.stream(size)
    outcome = section.outcome(data.draw(cuts(octets)))
    assert outcome == section.outcome([octets])
    assert section.is_too_large(outcome) is (size > LIMIT)


@pytest.mark.parametrize(
    ("new_parser", "start"),
    [(RequestParser, b"GET / HTTP/1.0\r\nA: "), (ResponseParser, b"HTTP/1.1 204 \r\nA: ")],
    ids=["request", "response"],
)
def test_usual_limit(
    new_parser: Callable[[], RequestParser | ResponseParser], start: bytes
) -> None:
    """Without a limit of one's own, a head may have 16 KiB."""
    head = start + b"x" * (DEFAULT_MAX_INCOMPLETE_EVENT_SIZE - len(start) - 4) + b"\r\n\r\n"
    assert len(head) == 16_384
    assert len(events_of(new_parser(), head)) == 2
    parser = new_parser()
    parser.receive_data(start + b"x" + head.removeprefix(start))
    with pytest.raises(RemoteProtocolError, match="16384") as raised:
        parser.next_event()
    assert raised.value.error_status_hint == 431


@pytest.mark.parametrize(
    "framing",
    [
        pytest.param(b"Content-Length: 100000\r\n\r\n", id="length"),
        pytest.param(b"Transfer-Encoding: chunked\r\n\r\n186a0\r\n", id="chunk"),
    ],
)
def test_body_has_no_limit(framing: bytes) -> None:
    """A body longer than the limit is no event that is incomplete."""
    body = b"x" * 100_000
    head = b"PUT / HTTP/1.1\r\nHost: a\r\n" + framing
    for pieces in ([head + body], [head, body], [head, body[:50_000], body[50_000:]]):
        request, *data = events_of(request_parser(LIMIT), *pieces)
        assert isinstance(request, Request)
        octets = b"".join(piece.data for piece in data if isinstance(piece, Data))
        assert octets == body


def test_body_until_close_has_no_limit() -> None:
    """Nor has a body without a length."""
    parser = response_parser([], LIMIT)
    head = b"HTTP/1.1 200 OK\r\n\r\n"
    _, data, end, _ = events_of(parser, head + b"x" * 100_000, b"")
    assert data == Data(b"x" * 100_000)
    assert end == EndOfMessage()


def test_small_chunks_have_no_limit() -> None:
    """Many chunks, each within the limit, may together be as long as they like."""
    octets = CHUNKED + b"5\r\nhello\r\n" * 1000 + b"0\r\n\r\n"
    for pieces in ([octets], [octets[:5000], octets[5000:]]):
        events = events_of(request_parser(LIMIT), *pieces)
        assert sum(isinstance(event, Data) and event.chunk_end for event in events) == 1000
        assert events[-1] == EndOfMessage()


def test_pipelined_requests_have_no_limit() -> None:
    """Many heads, each within the limit, may arrive together."""
    octets = b"GET / HTTP/1.0\r\nA: b\r\n\r\n" * 1000
    assert len(events_of(request_parser(LIMIT), octets)) == 2000


def test_what_waits_behind_a_pause_has_no_limit() -> None:
    """What follows a proposal is not parsed, and so not measured, until it is."""
    parser = request_parser(LIMIT)
    parser.receive_data(b"CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n")
    drain(parser)
    parser.receive_data(b"x" * 1000)
    assert parser.trailing_data == (b"x" * 1000, False)
    parser.resume()
    with pytest.raises(RemoteProtocolError) as raised:
        drain(parser)
    assert raised.value.code is ErrorCode.REQUEST_LINE_TOO_LONG
    assert raised.value.error_status_hint == 414


def test_limit_may_be_as_large_as_one_likes() -> None:
    """A limit that nothing can reach is as good as none, for each kind of section."""
    head = b"GET / HTTP/1.0\r\nA: " + b"x" * 1_000_000 + b"\r\n\r\n"
    chunks = CHUNKED + b"1\r\na\r\n0;a=b\r\nA: b\r\n\r\n"
    octets = head + head.replace(b"\r\n", b"\n") + chunks
    expected = events_of(request_parser(10_000_000, Tolerance.BARE_LF), octets)
    assert len(expected) == 7
    for limit in (2**31, 2**62, 2**63 - 1, 2**64):
        assert events_of(request_parser(limit, Tolerance.BARE_LF), octets) == expected


def test_chunk_headers_have_a_limit_of_their_own() -> None:
    """However small a head may be, a chunk extension may be as long as it always may."""
    octets = CHUNKED + b"1;" + b"a" * 1000 + b"\r\nb\r\n0\r\n\r\n"
    assert len(events_of(request_parser(LIMIT), octets)) == 3
