"""What a client refuses, and what it lets through or can be told to: a pair of tests for each line.

With the tolerance, a stream is read as if it had been written by the rules; without it, it is
refused. Both hold for all cuttings, and whatever else is tolerated.
"""

from typing import Final, NamedTuple

import pytest

from h11_events import FORBIDDEN_IN_TRAILERS, ErrorCode, Response
from h11_parser import ResponseParser, Tolerance
from tests.parser.strictness import (
    CHUNKED_OK,
    FOR_RESPONSES,
    NO_CONTENT,
    OK,
    RESPONSE_SETS,
    body_in,
    events_of,
    fields_in,
    refusal_in,
    responses,
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


CHUNKS: Final = b"5\r\nhello\r\n0\r\n\r\n"
"""A whole chunked body."""

PAIRS: Final = {
    "bare LF after the status line": Pair(
        Tolerance.BARE_LF,
        b"HTTP/1.1 204 No Content\nA: b\r\n\r\n",
        b"HTTP/1.1 204 No Content\r\nA: b\r\n\r\n",
        ErrorCode.BAD_STATUS_LINE,
    ),
    "bare LF after a status line without reason": Pair(
        Tolerance.BARE_LF,
        b"HTTP/1.1 204\nA: b\r\n\r\n",
        b"HTTP/1.1 204\r\nA: b\r\n\r\n",
        ErrorCode.BAD_STATUS_LINE,
    ),
    "bare LF after a field line": Pair(
        Tolerance.BARE_LF,
        NO_CONTENT + b"A: b\nC: d\r\n\r\n",
        NO_CONTENT + b"A: b\r\nC: d\r\n\r\n",
        ErrorCode.BAD_FIELD_LINE,
    ),
    "bare LF as the empty line": Pair(
        Tolerance.BARE_LF,
        NO_CONTENT + b"A: b\r\n\n",
        NO_CONTENT + b"A: b\r\n\r\n",
        ErrorCode.BAD_FIELD_LINE,
    ),
    "bare LF throughout": Pair(
        Tolerance.BARE_LF,
        b"HTTP/1.1 100 \nA: b\n\nHTTP/1.1 200 OK\nContent-Length: 3\n\n\n\r\nHTTP/1.0 204 \n\n",
        b"HTTP/1.1 100 \r\nA: b\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n\n\r\n"
        b"HTTP/1.0 204 \r\n\r\n",
        ErrorCode.BAD_STATUS_LINE,
    ),
    "a folded value": Pair(
        Tolerance.OBS_FOLD,
        NO_CONTENT + b"A: b\r\n c\r\n\r\n",
        NO_CONTENT + b"A: b c\r\n\r\n",
        ErrorCode.BAD_FIELD_LINE,
    ),
    "a value folded twice, with blanks around": Pair(
        Tolerance.OBS_FOLD,
        NO_CONTENT + b"A: b \t\r\n \t c\t\r\n\td\r\nE: f\r\n\r\n",
        NO_CONTENT + b"A: b c d\r\nE: f\r\n\r\n",
        ErrorCode.BAD_FIELD_LINE,
    ),
    "a value that begins after a fold": Pair(
        Tolerance.OBS_FOLD,
        OK + b"Content-Length:\r\n 2\r\n\r\nhi",
        OK + b"Content-Length: 2\r\n\r\nhi",
        ErrorCode.BAD_FIELD_LINE,
    ),
    "a folded trailer": Pair(
        Tolerance.OBS_FOLD,
        CHUNKED_OK + b"0\r\nA: b\r\n c\r\n\r\n",
        CHUNKED_OK + b"0\r\nA: b c\r\n\r\n",
        ErrorCode.BAD_FIELD_LINE,
    ),
    "a space before the colon": Pair(
        Tolerance.BLANK_BEFORE_COLON,
        OK + b"Content-Length : 2\r\n\r\nhi",
        OK + b"Content-Length: 2\r\n\r\nhi",
        ErrorCode.BAD_FIELD_LINE,
    ),
    "blanks before the colon": Pair(
        Tolerance.BLANK_BEFORE_COLON,
        NO_CONTENT + b"A: b\r\nC \t : d\r\nE\t:\r\n\r\n",
        NO_CONTENT + b"A: b\r\nC: d\r\nE:\r\n\r\n",
        ErrorCode.BAD_FIELD_LINE,
    ),
    "a space before the colon of a trailer": Pair(
        Tolerance.BLANK_BEFORE_COLON,
        CHUNKED_OK + b"0\r\nA : b\r\n\r\n",
        CHUNKED_OK + b"0\r\nA: b\r\n\r\n",
        ErrorCode.BAD_FIELD_LINE,
    ),
    "a line without a colon": Pair(
        Tolerance.INVALID_FIELD_LINES,
        OK + b"SOAPAction\r\nContent-Length: 2\r\n\r\nhi",
        OK + b"Content-Length: 2\r\n\r\nhi",
        ErrorCode.BAD_FIELD_LINE,
    ),
    "a name and a blank, without a colon": Pair(
        Tolerance.INVALID_FIELD_LINES,
        OK + b"Content-Length: 2\r\nSOAPAction \r\n\r\nhi",
        OK + b"Content-Length: 2\r\n\r\nhi",
        ErrorCode.BAD_FIELD_LINE,
    ),
    "a sentence for a field line": Pair(
        Tolerance.INVALID_FIELD_LINES,
        NO_CONTENT + b"A: b\r\nthis is no field line\r\nC: d\r\n\r\n",
        NO_CONTENT + b"A: b\r\nC: d\r\n\r\n",
        ErrorCode.BAD_FIELD_LINE,
    ),
    "a line without a name": Pair(
        Tolerance.INVALID_FIELD_LINES,
        NO_CONTENT + b": b\r\nC: d\r\n\r\n",
        NO_CONTENT + b"C: d\r\n\r\n",
        ErrorCode.BAD_FIELD_LINE,
    ),
    "a name that is no token": Pair(
        Tolerance.INVALID_FIELD_LINES,
        NO_CONTENT + b"get-ban/x.php: y\r\nC: d\r\n\r\n",
        NO_CONTENT + b"C: d\r\n\r\n",
        ErrorCode.BAD_FIELD_LINE,
    ),
    "a name outside ASCII": Pair(
        Tolerance.INVALID_FIELD_LINES,
        NO_CONTENT + b"C: d\r\n\xc3\xa9: b\r\n\r\n",
        NO_CONTENT + b"C: d\r\n\r\n",
        ErrorCode.BAD_FIELD_LINE,
    ),
    "an invalid line among the trailers": Pair(
        Tolerance.INVALID_FIELD_LINES,
        CHUNKED_OK + b"0\r\nno colon\r\nA: b\r\n\r\n",
        CHUNKED_OK + b"0\r\nA: b\r\n\r\n",
        ErrorCode.BAD_FIELD_LINE,
    ),
    "Transfer-Encoding and Content-Length": Pair(
        Tolerance.TRANSFER_ENCODING_WITH_CONTENT_LENGTH,
        OK + b"A: b\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n" + CHUNKS,
        OK + b"A: b\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNKS,
        ErrorCode.BAD_FRAMING,
    ),
    "Content-Length and Transfer-Encoding": Pair(
        Tolerance.TRANSFER_ENCODING_WITH_CONTENT_LENGTH,
        OK + b"content-length: 5\r\ntransfer-encoding: chunked\r\nA: b\r\n\r\n" + CHUNKS,
        OK + b"transfer-encoding: chunked\r\nA: b\r\n\r\n" + CHUNKS,
        ErrorCode.BAD_FRAMING,
    ),
    "chunked twice on one line": Pair(
        Tolerance.REPEATED_CHUNKED,
        OK + b"Transfer-Encoding: chunked, Chunked\r\n\r\n" + CHUNKS,
        OK + b"Transfer-Encoding: chunked\r\n\r\n" + CHUNKS,
        ErrorCode.BAD_FRAMING,
    ),
    "chunked on two lines": Pair(
        Tolerance.REPEATED_CHUNKED,
        OK + b"Transfer-Encoding: chunked\r\nA: b\r\ntransfer-encoding: chunked\r\n\r\n" + CHUNKS,
        OK + b"Transfer-Encoding: chunked\r\nA: b\r\n\r\n" + CHUNKS,
        ErrorCode.BAD_FRAMING,
    ),
    "a space after a chunk size": Pair(
        Tolerance.BLANK_AFTER_CHUNK_SIZE,
        CHUNKED_OK + b"5 \r\nhello\r\n0\r\n\r\n",
        CHUNKED_OK + CHUNKS,
        ErrorCode.BAD_CHUNK,
    ),
    "blanks after every chunk size": Pair(
        Tolerance.BLANK_AFTER_CHUNK_SIZE,
        CHUNKED_OK + b"2\t\r\nhe\r\n3 \t \r\nllo\r\n0  \r\n\r\n",
        CHUNKED_OK + b"2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n",
        ErrorCode.BAD_CHUNK,
    ),
    "a length among the trailers": Pair(
        Tolerance.FORBIDDEN_TRAILERS,
        CHUNKED_OK + b"5\r\nhello\r\n0\r\nA: b\r\nContent-Length: 9\r\nC: d\r\n\r\n",
        CHUNKED_OK + b"5\r\nhello\r\n0\r\nA: b\r\nC: d\r\n\r\n",
        ErrorCode.BAD_TRAILER,
    ),
    "nothing but a forbidden trailer": Pair(
        Tolerance.FORBIDDEN_TRAILERS,
        CHUNKED_OK + b"0\r\nTransfer-Encoding: chunked\r\n\r\n",
        CHUNKED_OK + b"0\r\n\r\n",
        ErrorCode.BAD_TRAILER,
    ),
}
"""What a client can be told to read as if it were right, unless it does so anyway."""

CONTROLS: Final = [bytes([octet]) for octet in (*range(0x20), 0x7F) if octet not in b"\0\t\n\r"]
"""The control octets that a value could have; NUL, CR and LF never, HTAB always."""

NO_WAY: Final = {
    "a coding after chunked": (b"chunked, gzip", ErrorCode.BAD_FRAMING, 400),
    "a coding without chunked": (b"gzip", ErrorCode.BAD_FRAMING, 400),
    "no coding at all": (b" , ,", ErrorCode.BAD_FRAMING, 400),
    "an empty value": (b"", ErrorCode.BAD_FRAMING, 400),
    "an unknown coding": (b"gzip, chunked", ErrorCode.UNSUPPORTED_CODING, 501),
    "an unknown coding, in any casing": (b"x-New,CHUNKED", ErrorCode.UNSUPPORTED_CODING, 501),
}
"""Values of Transfer-Encoding that no tolerance lets through, the code and the hint."""

each_pair = pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS)
each_set = pytest.mark.parametrize("tolerate", RESPONSE_SETS.values(), ids=RESPONSE_SETS)


@each_pair
def test_refused_without_the_tolerance(pair: Pair) -> None:
    """It is refused with its code and 400, even if all else is tolerated."""
    for tolerate in (
        Tolerance.NONE,
        Tolerance.RESPONSES & ~pair.tolerance,
        FOR_RESPONSES & ~pair.tolerance & ~Tolerance.INVALID_FIELD_LINES,
    ):
        refusal = refusal_in(responses(tolerate), pair.octets)
        assert (refusal.code, refusal.hint) == (pair.code, 400)


@each_pair
def test_read_with_the_tolerance(pair: Pair) -> None:
    """With it alone, and with others, it is read as the stream that means the same."""
    meaning = events_of(responses(Tolerance.NONE), pair.meaning)
    for tolerate in (
        pair.tolerance,
        pair.tolerance | Tolerance.RESPONSES,
        FOR_RESPONSES & ~Tolerance.INVALID_FIELD_LINES | pair.tolerance,
    ):
        assert events_of(responses(tolerate), pair.octets) == meaning


@each_pair
def test_what_a_client_starts_with(pair: Pair) -> None:
    """It is read or refused by default as the set for responses says."""
    if pair.tolerance in Tolerance.RESPONSES:
        assert events_of(ResponseParser, pair.octets) == events_of(ResponseParser, pair.meaning)
    else:
        assert refusal_in(ResponseParser, pair.octets).code is pair.code


@pytest.mark.parametrize("octet", CONTROLS, ids=repr)
def test_control_octets_in_values(octet: bytes) -> None:
    """They are kept by default, wherever in a value they are; without the tolerance, refused."""
    for value in (octet, b"b" + octet + b"c", octet + b"b", b"b" + octet):
        octets = NO_CONTENT + b"A: " + value + b"\r\n\r\n"
        for tolerate in (Tolerance.NONE, Tolerance.RESPONSES & ~Tolerance.CONTROL_OCTETS):
            refusal = refusal_in(responses(tolerate), octets)
            assert (refusal.code, refusal.hint) == (ErrorCode.BAD_FIELD_LINE, 400)
        for tolerate in (Tolerance.CONTROL_OCTETS, Tolerance.RESPONSES, FOR_RESPONSES):
            assert fields_in(responses(tolerate), octets) == [(b"a", value)]


@pytest.mark.parametrize("value", [b"b\tc", b"\tb", b"b \t c"], ids=repr)
@each_set
def test_a_tab_is_no_control_octet(tolerate: Tolerance, value: bytes) -> None:
    """HTAB is legal wherever a space is (RFC 9110 section 5.5)."""
    octets = NO_CONTENT + b"A: " + value + b"\r\n\r\n"
    assert fields_in(responses(tolerate), octets) == [(b"a", value.strip(b"\t"))]


def test_the_transfer_coding_counts_in_http_1_0() -> None:
    """A response of HTTP/1.0 in chunks is read as such, unless that is forbidden."""
    octets = b"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNKS
    for tolerate in (
        Tolerance.TRANSFER_ENCODING_IN_HTTP_1_0,
        Tolerance.RESPONSES,
        FOR_RESPONSES,
    ):
        response = events_of(responses(tolerate), octets)[0]
        assert isinstance(response, Response)
        assert response.http_version == b"1.0"
        assert body_in(responses(tolerate), octets) == b"hello"
    for tolerate in (
        Tolerance.NONE,
        Tolerance.RESPONSES & ~Tolerance.TRANSFER_ENCODING_IN_HTTP_1_0,
        FOR_RESPONSES & ~Tolerance.TRANSFER_ENCODING_IN_HTTP_1_0,
    ):
        refusal = refusal_in(responses(tolerate), octets)
        assert (refusal.code, refusal.hint) == (ErrorCode.BAD_FRAMING, 400)


@pytest.mark.parametrize(("coding", "code", "hint"), NO_WAY.values(), ids=NO_WAY)
@each_set
def test_codings_that_no_tolerance_lets_through(
    tolerate: Tolerance, coding: bytes, code: ErrorCode, hint: int
) -> None:
    """Nobody can tell where such a body ends, or what it says (RFC 9112 section 6.3)."""
    octets = OK + b"Transfer-Encoding: " + coding + b"\r\n\r\n" + CHUNKS
    refusal = refusal_in(responses(tolerate), octets)
    assert (refusal.code, refusal.hint) == (code, hint)


@pytest.mark.parametrize("name", sorted(FORBIDDEN_IN_TRAILERS))
def test_forbidden_trailers(name: bytes) -> None:
    """Each of them is left out, in any casing, or refused if not even that is wanted."""
    for spelling in (name, name.title()):
        octets = CHUNKED_OK + b"0\r\nA: b\r\n" + spelling + b": 1\r\nC: d\r\n\r\n"
        refusal = refusal_in(responses(Tolerance.NONE), octets)
        assert (refusal.code, refusal.hint) == (ErrorCode.BAD_TRAILER, 400)
        for tolerate in (Tolerance.FORBIDDEN_TRAILERS, Tolerance.RESPONSES, FOR_RESPONSES):
            assert trailers_in(responses(tolerate), octets) == [(b"a", b"b"), (b"c", b"d")]


@each_set
def test_other_trailers(tolerate: Tolerance) -> None:
    """All other fields may come there."""
    octets = CHUNKED_OK + b"0\r\nDigest: x\r\nContent-Length-X: 1\r\n\r\n"
    expected = [(b"digest", b"x"), (b"content-length-x", b"1")]
    assert trailers_in(responses(tolerate), octets) == expected


def test_a_length_that_was_overruled_is_not_seen() -> None:
    """Nobody downstream is to go by a length that does not count (RFC 9112 section 6.3)."""
    octets = OK + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNKS
    assert fields_in(ResponseParser, octets) == [(b"transfer-encoding", b"chunked")]
    assert body_in(ResponseParser, octets) == b"hello"
