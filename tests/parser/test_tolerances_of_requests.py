"""What a server refuses, and what it can be told to let through: one pair of tests for each line.

With the tolerance, a stream is read as if it had been written by the rules; without it, it is
refused. Both hold for all cuttings, and whatever else is tolerated.
"""

from typing import Final, NamedTuple

import pytest

from h11_events import FORBIDDEN_IN_TRAILERS, ErrorCode, Request
from h11_parser import RequestParser, Tolerance
from tests.parser.strictness import (
    CHUNKED_POST,
    FOR_REQUESTS,
    GET,
    REQUEST_SETS,
    events_of,
    fields_in,
    refusal_in,
    requests,
    trailers_in,
)


class Pair(NamedTuple):
    """A stream that needs a tolerance."""

    tolerance: Tolerance
    """What lets it through."""

    octets: bytes
    """The stream."""

    meaning: bytes
    """A stream by the rules that means the same."""

    code: ErrorCode
    """The code of its error without the tolerance."""


PAIRS: Final = {
    "bare LF after the request line": Pair(
        Tolerance.BARE_LF,
        b"GET / HTTP/1.1\nHost: a\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        ErrorCode.BAD_REQUEST_LINE,
    ),
    "bare LF after a field line": Pair(
        Tolerance.BARE_LF,
        GET + b"A: b\nC: d\r\n\r\n",
        GET + b"A: b\r\nC: d\r\n\r\n",
        ErrorCode.BAD_FIELD_LINE,
    ),
    "bare LF after an empty value": Pair(
        Tolerance.BARE_LF,
        GET + b"A:\nC: \n\r\n",
        GET + b"A:\r\nC: \r\n\r\n",
        ErrorCode.BAD_FIELD_LINE,
    ),
    "bare LF as the empty line": Pair(
        Tolerance.BARE_LF, GET + b"A: b\r\n\n", GET + b"A: b\r\n\r\n", ErrorCode.BAD_FIELD_LINE
    ),
    "bare LF throughout": Pair(
        Tolerance.BARE_LF,
        b"PUT / HTTP/1.1\nHost: a\nContent-Length: 3\n\n\n\r\nGET / HTTP/1.0\n\n",
        b"PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n\n\r\nGET / HTTP/1.0\r\n\r\n",
        ErrorCode.BAD_REQUEST_LINE,
    ),
    "bare LF in the second head": Pair(
        Tolerance.BARE_LF,
        GET + b"\r\n" + GET + b"A: b\n\n",
        GET + b"\r\n" + GET + b"A: b\r\n\r\n",
        ErrorCode.BAD_FIELD_LINE,
    ),
    "a folded value": Pair(
        Tolerance.OBS_FOLD,
        GET + b"A: b\r\n c\r\n\r\n",
        GET + b"A: b c\r\n\r\n",
        ErrorCode.BAD_FIELD_LINE,
    ),
    "a value folded at a tab": Pair(
        Tolerance.OBS_FOLD,
        GET + b"A: b\r\n\tc\r\n\r\n",
        GET + b"A: b c\r\n\r\n",
        ErrorCode.BAD_FIELD_LINE,
    ),
    "a value folded twice, with blanks around": Pair(
        Tolerance.OBS_FOLD,
        GET + b"A: b \t\r\n \t c\t\r\n  d\r\nE: f\r\n\r\n",
        GET + b"A: b c d\r\nE: f\r\n\r\n",
        ErrorCode.BAD_FIELD_LINE,
    ),
    "a value that begins after a fold": Pair(
        Tolerance.OBS_FOLD,
        GET + b"A:\r\n b\r\n\r\n",
        GET + b"A: b\r\n\r\n",
        ErrorCode.BAD_FIELD_LINE,
    ),
    "a folded Host": Pair(
        Tolerance.OBS_FOLD,
        b"GET / HTTP/1.1\r\nHost:\r\n a\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        ErrorCode.BAD_FIELD_LINE,
    ),
    "a folded trailer": Pair(
        Tolerance.OBS_FOLD,
        CHUNKED_POST + b"0\r\nA: b\r\n c\r\n\r\n",
        CHUNKED_POST + b"0\r\nA: b c\r\n\r\n",
        ErrorCode.BAD_FIELD_LINE,
    ),
    "a space after a chunk size": Pair(
        Tolerance.BLANK_AFTER_CHUNK_SIZE,
        CHUNKED_POST + b"5 \r\nhello\r\n0\r\n\r\n",
        CHUNKED_POST + b"5\r\nhello\r\n0\r\n\r\n",
        ErrorCode.BAD_CHUNK,
    ),
    "a tab after a chunk size": Pair(
        Tolerance.BLANK_AFTER_CHUNK_SIZE,
        CHUNKED_POST + b"5\t\r\nhello\r\n0\r\n\r\n",
        CHUNKED_POST + b"5\r\nhello\r\n0\r\n\r\n",
        ErrorCode.BAD_CHUNK,
    ),
    "blanks after the size of a later chunk": Pair(
        Tolerance.BLANK_AFTER_CHUNK_SIZE,
        CHUNKED_POST + b"1\r\na\r\n5 \t \r\nhello\r\n0\r\n\r\n",
        CHUNKED_POST + b"1\r\na\r\n5\r\nhello\r\n0\r\n\r\n",
        ErrorCode.BAD_CHUNK,
    ),
    "a space after the last chunk's size": Pair(
        Tolerance.BLANK_AFTER_CHUNK_SIZE,
        CHUNKED_POST + b"1\r\na\r\n0 \r\nA: b\r\n\r\n",
        CHUNKED_POST + b"1\r\na\r\n0\r\nA: b\r\n\r\n",
        ErrorCode.BAD_CHUNK,
    ),
}
"""What a server can be told to read as if it were right."""

UNENCODED: Final = [bytes([octet]) for octet in b'"<>[]\\^`{|}']
"""The octets of visible ASCII that no URI has, but that browsers send as they are."""

CONTROLS: Final = [bytes([octet]) for octet in (*range(0x20), 0x7F) if octet not in b"\0\t\n\r"]
"""The control octets that a value could have; NUL, CR and LF never, HTAB always."""

NO_WAY: Final = {
    "a space before the colon": (GET + b"A : b\r\n\r\n", ErrorCode.BAD_FIELD_LINE),
    "a tab before the colon": (GET + b"A\t: b\r\n\r\n", ErrorCode.BAD_FIELD_LINE),
    "a line without a colon": (GET + b"no-colon\r\n\r\n", ErrorCode.BAD_FIELD_LINE),
    "a line without a name": (GET + b": b\r\n\r\n", ErrorCode.BAD_FIELD_LINE),
    "a name that is no token": (GET + b"A(b): c\r\n\r\n", ErrorCode.BAD_FIELD_LINE),
    "a name outside ASCII": (GET + b"\xc3\xa9: c\r\n\r\n", ErrorCode.BAD_FIELD_LINE),
    "Transfer-Encoding and Content-Length": (
        GET + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        ErrorCode.BAD_FRAMING,
    ),
    "Content-Length and Transfer-Encoding": (
        GET + b"content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        ErrorCode.BAD_FRAMING,
    ),
    "Transfer-Encoding in HTTP/1.0": (
        b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        ErrorCode.BAD_FRAMING,
    ),
    "chunked twice on one line": (
        GET + b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
        ErrorCode.BAD_FRAMING,
    ),
    "chunked on two lines": (
        GET + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        ErrorCode.BAD_FRAMING,
    ),
    "a coding after chunked": (
        GET + b"Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
        ErrorCode.BAD_FRAMING,
    ),
    "a coding without chunked": (
        GET + b"Transfer-Encoding: gzip\r\n\r\n",
        ErrorCode.BAD_FRAMING,
    ),
    "no coding at all": (GET + b"Transfer-Encoding: ,\r\n\r\n", ErrorCode.BAD_FRAMING),
    "an empty Transfer-Encoding": (GET + b"Transfer-Encoding:\r\n\r\n", ErrorCode.BAD_FRAMING),
}
"""What no tolerance of a server lets through, and the code of its error; the hint is always 400."""

each_pair = pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS)
each_set = pytest.mark.parametrize("tolerate", REQUEST_SETS.values(), ids=REQUEST_SETS)


def with_target(target: bytes) -> bytes:
    """Return a request with a target."""
    return b"GET " + target + b" HTTP/1.1\r\nHost: a\r\n\r\n"


def target_in(tolerate: Tolerance, target: bytes) -> bytes:
    """Return the target of a request with this one, which is not refused."""
    request = events_of(requests(tolerate), with_target(target))[0]
    assert isinstance(request, Request)
    return request.target


@each_pair
def test_refused_without_the_tolerance(pair: Pair) -> None:
    """It is refused with its code and 400, even if all else is tolerated."""
    for tolerate in (Tolerance.NONE, Tolerance.REQUESTS, FOR_REQUESTS & ~pair.tolerance):
        refusal = refusal_in(requests(tolerate), pair.octets)
        assert (refusal.code, refusal.hint) == (pair.code, 400)
    assert refusal_in(RequestParser, pair.octets).code is pair.code


@each_pair
def test_read_with_the_tolerance(pair: Pair) -> None:
    """With it alone, and with others, it is read as the stream that means the same."""
    meaning = events_of(requests(Tolerance.NONE), pair.meaning)
    for tolerate in (pair.tolerance, pair.tolerance | Tolerance.REQUESTS, FOR_REQUESTS):
        assert events_of(requests(tolerate), pair.octets) == meaning


@pytest.mark.parametrize("octet", CONTROLS, ids=repr)
def test_control_octets_in_values(octet: bytes) -> None:
    """They are refused unless tolerated, wherever in a value they are; then they are kept."""
    for value in (octet, b"b" + octet + b"c", octet + b"b", b"b" + octet):
        octets = GET + b"A: " + value + b"\r\n\r\n"
        for tolerate in (
            Tolerance.NONE,
            Tolerance.REQUESTS,
            FOR_REQUESTS & ~Tolerance.CONTROL_OCTETS,
        ):
            refusal = refusal_in(requests(tolerate), octets)
            assert (refusal.code, refusal.hint) == (ErrorCode.BAD_FIELD_LINE, 400)
        for tolerate in (Tolerance.CONTROL_OCTETS, FOR_REQUESTS):
            assert fields_in(requests(tolerate), octets) == [(b"a", value)]


def test_control_octets_are_tolerated_in_values_alone() -> None:
    """In a name, a method, a target or a version they stay what they are."""
    for octets in (
        b"G\x01T / HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /\x01 HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET / HTTP/1.\x01\r\nHost: a\r\n\r\n",
        GET + b"A\x01: b\r\n\r\n",
        GET + b"\x01A: b\r\n\r\n",
        CHUNKED_POST + b"5\x01\r\nhello\r\n",
    ):
        assert refusal_in(requests(FOR_REQUESTS), octets).hint == 400


@pytest.mark.parametrize("value", [b"b\tc", b"\tb", b"b \t c"], ids=repr)
@each_set
def test_a_tab_is_no_control_octet(tolerate: Tolerance, value: bytes) -> None:
    """HTAB is legal wherever a space is (RFC 9110 section 5.5)."""
    octets = GET + b"A: " + value + b"\r\n\r\n"
    assert fields_in(requests(tolerate), octets) == [(b"a", value.strip(b"\t"))]


@pytest.mark.parametrize("octet", UNENCODED, ids=repr)
def test_unencoded_targets(octet: bytes) -> None:
    """What browsers do not encode is read in path and query, unless even that is forbidden."""
    for target in (b"/" + octet, b"/a" + octet + b"b", b"/a?b=" + octet, b"/?" + octet * 3):
        for tolerate in (Tolerance.NONE, FOR_REQUESTS & ~Tolerance.UNENCODED_TARGET):
            refusal = refusal_in(requests(tolerate), with_target(target))
            assert (refusal.code, refusal.hint) == (ErrorCode.BAD_REQUEST_LINE, 400)
        for tolerate in (Tolerance.UNENCODED_TARGET, Tolerance.REQUESTS, FOR_REQUESTS):
            assert target_in(tolerate, target) == target


@pytest.mark.parametrize("target", [b"/%", b"/a%2", b"/%zz", b"/%%20", b"/?a=5%&b=%4"], ids=repr)
def test_a_percent_sign_that_encodes_nothing(target: bytes) -> None:
    """Browsers do not encode it either, so it needs the same tolerance (RFC 3986 section 2.1)."""
    for tolerate in (Tolerance.NONE, FOR_REQUESTS & ~Tolerance.UNENCODED_TARGET):
        assert (
            refusal_in(requests(tolerate), with_target(target)).code is ErrorCode.BAD_REQUEST_LINE
        )
    for tolerate in (Tolerance.UNENCODED_TARGET, Tolerance.REQUESTS, FOR_REQUESTS):
        assert target_in(tolerate, target) == target


@pytest.mark.parametrize("octet", [b"\x80", b"\xc3\xa9", b"\xff"], ids=repr)
def test_targets_outside_ascii(octet: bytes) -> None:
    """They are refused, unless somebody has asked for them (RFC 9112 section 3.2)."""
    for target in (b"/" + octet, b"/a" + octet + b"b", b"/a?b=" + octet):
        for tolerate in (
            Tolerance.NONE,
            Tolerance.REQUESTS,
            FOR_REQUESTS & ~Tolerance.NON_ASCII_TARGET,
        ):
            refusal = refusal_in(requests(tolerate), with_target(target))
            assert (refusal.code, refusal.hint) == (ErrorCode.BAD_REQUEST_LINE, 400)
        for tolerate in (Tolerance.NON_ASCII_TARGET, FOR_REQUESTS):
            assert target_in(tolerate, target) == target


@pytest.mark.parametrize("target", [b"/a#b", b"/#", b"#", b"/?a#b", b"*#"], ids=repr)
@each_set
def test_no_target_has_a_fragment(tolerate: Tolerance, target: bytes) -> None:
    """`#` begins what is never sent, and no tolerance lets it through (RFC 9110 section 4.2.5)."""
    refusal = refusal_in(requests(tolerate), with_target(target))
    assert (refusal.code, refusal.hint) == (ErrorCode.BAD_REQUEST_LINE, 400)


@pytest.mark.parametrize(("octets", "code"), NO_WAY.values(), ids=NO_WAY)
@each_set
def test_what_no_tolerance_lets_through(
    tolerate: Tolerance, octets: bytes, code: ErrorCode
) -> None:
    """A server that guesses what a request means can be talked into a second one."""
    refusal = refusal_in(requests(tolerate), octets)
    assert (refusal.code, refusal.hint) == (code, 400)


@pytest.mark.parametrize("coding", [b"gzip, chunked", b"x-new , Chunked", b"chunked2,chunked"])
@each_set
def test_unknown_codings(tolerate: Tolerance, coding: bytes) -> None:
    """A coding below `chunked` that is not known is answered with 501 (RFC 9112 section 6.1)."""
    octets = GET + b"Transfer-Encoding: " + coding + b"\r\n\r\n0\r\n\r\n"
    refusal = refusal_in(requests(tolerate), octets)
    assert (refusal.code, refusal.hint) == (ErrorCode.UNSUPPORTED_CODING, 501)


@pytest.mark.parametrize("name", sorted(FORBIDDEN_IN_TRAILERS))
def test_forbidden_trailers(name: bytes) -> None:
    """What frames, routes or authorises a message comes too late at its end, in any casing."""
    for spelling in (name, name.title()):
        octets = CHUNKED_POST + b"5\r\nhello\r\n0\r\nA: b\r\n" + spelling + b": 1\r\n\r\n"
        for tolerate in REQUEST_SETS.values():
            refusal = refusal_in(requests(tolerate), octets)
            assert (refusal.code, refusal.hint) == (ErrorCode.BAD_TRAILER, 400)


@each_set
def test_other_trailers(tolerate: Tolerance) -> None:
    """All other fields may come there."""
    octets = CHUNKED_POST + b"5\r\nhello\r\n0\r\nDigest: x\r\nContent-Length-X: 1\r\n\r\n"
    expected = [(b"digest", b"x"), (b"content-length-x", b"1")]
    assert trailers_in(requests(tolerate), octets) == expected


@pytest.mark.parametrize("octets", [b"\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", b"\n\n", b"\n"])
def test_a_bare_line_feed_is_no_empty_line(octets: bytes) -> None:
    """The empty lines before a request line end with CRLF as all lines do."""
    for tolerate in (Tolerance.NONE, Tolerance.REQUESTS):
        refusal = refusal_in(requests(tolerate), octets)
        assert (refusal.code, refusal.hint) == (ErrorCode.BAD_REQUEST_LINE, 400)
