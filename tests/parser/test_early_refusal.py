"""The first octet that cannot become legal any more is refused when it is there, not later.

Whoever waits for the end of a head that is wrong already waits for a peer that may never send it,
and would answer differently with other cuttings (RFC 9112 section 2.2).
"""

from typing import Final, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from h11_events import ErrorCode, RemoteProtocolError
from h11_parser import NEED_DATA, Tolerance
from tests.parser.reading import byte_by_byte
from tests.parser.strategies import near_miss_streams
from tests.parser.strictness import (
    CHUNKED_OK,
    CHUNKED_POST,
    FOR_REQUESTS,
    FOR_RESPONSES,
    GET,
    NO_CONTENT,
    OK,
    REQUEST_SETS,
    RESPONSE_SETS,
    NewParser,
    feed,
    read,
    refusal_of,
    requests,
    responses,
)
from tests.strategies import cuts


class Malformed(NamedTuple):
    """A stream whose last octet is the first one that is wrong."""

    prefix: bytes
    """All octets before it, which might have become legal."""

    wrong: bytes
    """That octet."""

    code: ErrorCode
    """The code of the error."""


LINE: Final = ErrorCode.BAD_REQUEST_LINE
STATUS: Final = ErrorCode.BAD_STATUS_LINE
FIELD: Final = ErrorCode.BAD_FIELD_LINE
FRAMING: Final = ErrorCode.BAD_FRAMING
CHUNK: Final = ErrorCode.BAD_CHUNK
VERSION: Final = ErrorCode.UNSUPPORTED_VERSION

REQUESTS: Final = {
    "TLS": Malformed(b"", b"\x16", LINE),
    "blank first": Malformed(b"", b" ", LINE),
    "NUL first": Malformed(b"", b"\x00", LINE),
    "LF first": Malformed(b"", b"\n", LINE),
    "CR, then no LF": Malformed(b"\r", b"G", LINE),
    "CR twice": Malformed(b"\r\n\r", b"\r", LINE),
    "blank after an empty line": Malformed(b"\r\n", b" ", LINE),
    "no token in a method": Malformed(b"GE", b"(", LINE),
    "method outside ASCII": Malformed(b"G", b"\xc3", LINE),
    "end after a method": Malformed(b"GET", b"\r", LINE),
    "tab after a method": Malformed(b"GET", b"\t", LINE),
    "two spaces": Malformed(b"GET ", b" ", LINE),
    "tab in a target": Malformed(b"GET /a", b"\t", LINE),
    "control octet in a target": Malformed(b"GET /a?", b"\x01", LINE),
    "DEL in a target": Malformed(b"GET /", b"\x7f", LINE),
    "fragment": Malformed(b"GET /a", b"#", LINE),
    "target outside ASCII": Malformed(b"GET /a", b"\xc3", LINE),
    "HTTP/0.9": Malformed(b"GET /", b"\r", LINE),
    "HTTP/0.9 with bare LF": Malformed(b"GET /", b"\n", LINE),
    "no version": Malformed(b"GET / ", b"\r", LINE),
    "other protocol": Malformed(b"GET / HTTP", b"S", LINE),
    "lower case": Malformed(b"GET / ", b"h", LINE),
    "major version 0": Malformed(b"GET / HTTP/", b"0", VERSION),
    "major version 2": Malformed(b"GET / HTTP/", b"2", VERSION),
    "major version 10": Malformed(b"GET / HTTP/1", b"0", LINE),
    "no minor version": Malformed(b"GET / HTTP/1", b"\r", LINE),
    "no digit for a minor version": Malformed(b"GET / HTTP/1.", b"x", LINE),
    "minor version 11": Malformed(b"GET / HTTP/1.1", b"1", LINE),
    "blank after the version": Malformed(b"GET / HTTP/1.1", b" ", LINE),
    "LF after the version": Malformed(b"GET / HTTP/1.1", b"\n", LINE),
    "CR, then no LF after the version": Malformed(b"GET / HTTP/1.1\r", b"H", LINE),
    "blank on the second line": Malformed(b"GET / HTTP/1.1\r\n", b" ", FIELD),
    "no name": Malformed(GET, b":", FIELD),
    "no token in a name": Malformed(GET + b"A", b"(", FIELD),
    "name outside ASCII": Malformed(GET + b"A", b"\xe9", FIELD),
    "NUL in a name": Malformed(GET + b"A", b"\x00", FIELD),
    "space before the colon": Malformed(GET + b"A", b" ", FIELD),
    "tab before the colon": Malformed(GET + b"Content-Length", b"\t", FIELD),
    "no colon": Malformed(GET + b"no-colon", b"\r", FIELD),
    "NUL in a value": Malformed(GET + b"A: b", b"\x00", FIELD),
    "NUL as a value": Malformed(GET + b"A:", b"\x00", FIELD),
    "control octet in a value": Malformed(GET + b"A: b ", b"\x1b", FIELD),
    "DEL in a value": Malformed(GET + b"A: b", b"\x7f", FIELD),
    "LF after a value": Malformed(GET + b"A: b", b"\n", FIELD),
    "CR, then no LF after a value": Malformed(GET + b"A: b\r", b"C", FIELD),
    "CR twice after a value": Malformed(GET + b"A: b\r", b"\r", FIELD),
    "fold": Malformed(GET + b"A: b\r\n", b" ", FIELD),
    "fold at a tab": Malformed(GET + b"A: b\r\n", b"\t", FIELD),
    "LF as the empty line": Malformed(GET, b"\n", FIELD),
    "CR, then no LF as the empty line": Malformed(GET + b"\r", b"G", FIELD),
    "sign of a length": Malformed(GET + b"Content-Length: ", b"+", FRAMING),
    "minus of a length": Malformed(GET + b"content-length:", b"-", FRAMING),
    "letter in a length": Malformed(GET + b"CONTENT-LENGTH: 0", b"x", FRAMING),
    "underscore in a length": Malformed(GET + b"Content-Length: 1", b"_", FRAMING),
    "digit 21 of a length": Malformed(GET + b"Content-Length: " + b"1" * 20, b"1", FRAMING),
    "zero 21 of a length": Malformed(GET + b"Content-Length: " + b"0" * 20, b"0", FRAMING),
    "no chunk size": Malformed(CHUNKED_POST, b"\r", CHUNK),
    "sign of a chunk size": Malformed(CHUNKED_POST, b"+", CHUNK),
    "blank before a chunk size": Malformed(CHUNKED_POST, b" ", CHUNK),
    "prefix of a chunk size": Malformed(CHUNKED_POST + b"0", b"x", CHUNK),
    "underscore in a chunk size": Malformed(CHUNKED_POST + b"1", b"_", CHUNK),
    "digit 21 of a chunk size": Malformed(CHUNKED_POST + b"f" * 20, b"f", CHUNK),
    "zero 21 of a chunk size": Malformed(CHUNKED_POST + b"0" * 20, b"0", CHUNK),
    "LF after a chunk size": Malformed(CHUNKED_POST + b"5", b"\n", CHUNK),
    "CR, then no LF after a chunk size": Malformed(CHUNKED_POST + b"5\r", b"h", CHUNK),
    "blank after a chunk size": Malformed(CHUNKED_POST + b"5 ", b"\r", CHUNK),
    "blanks after a chunk size": Malformed(CHUNKED_POST + b"5 \t", b"5", CHUNK),
    "LF in an extension": Malformed(CHUNKED_POST + b"5;a", b"\n", CHUNK),
    "CR, then no LF in an extension": Malformed(CHUNKED_POST + b"5;a\r", b"b", CHUNK),
    "NUL in an extension": Malformed(CHUNKED_POST + b"5;a=b", b"\x00", CHUNK),
    "LF in a quoted string": Malformed(CHUNKED_POST + b'5;a="b', b"\n", CHUNK),
    "CR in a quoted string": Malformed(CHUNKED_POST + b'5;a="b', b"\r", CHUNK),
    "LF after a backslash": Malformed(CHUNKED_POST + b'5;a="\\', b"\n", CHUNK),
    "extension without a name": Malformed(CHUNKED_POST + b"5;", b"\r", CHUNK),
    "extension without a value": Malformed(CHUNKED_POST + b"5;a=", b"\r", CHUNK),
    "extension after a quoted string": Malformed(CHUNKED_POST + b'5;a="b"', b"c", CHUNK),
    "more than the data of a chunk": Malformed(CHUNKED_POST + b"5\r\nhello", b"!", CHUNK),
    "LF after the data of a chunk": Malformed(CHUNKED_POST + b"5\r\nhello", b"\n", CHUNK),
    "CR, then no LF after the data": Malformed(CHUNKED_POST + b"5\r\nhello\r", b"0", CHUNK),
    "bad size of a later chunk": Malformed(CHUNKED_POST + b"1\r\na\r\n", b"g", CHUNK),
    "LF after the last chunk's size": Malformed(CHUNKED_POST + b"1\r\na\r\n0", b"\n", CHUNK),
    "LF instead of a trailer section": Malformed(CHUNKED_POST + b"0\r\n", b"\n", FIELD),
    "CR, then no LF at its end": Malformed(CHUNKED_POST + b"0\r\n\r", b"G", FIELD),
    "blank at the start of the trailers": Malformed(CHUNKED_POST + b"0\r\n", b" ", FIELD),
    "no token in a trailer's name": Malformed(CHUNKED_POST + b"0\r\nA", b"/", FIELD),
    "trailer without a colon": Malformed(CHUNKED_POST + b"0\r\nA", b"\r", FIELD),
    "NUL in a trailer": Malformed(CHUNKED_POST + b"0\r\nA: b", b"\x00", FIELD),
    "folded trailer": Malformed(CHUNKED_POST + b"0\r\nA: b\r\n", b" ", FIELD),
    "LF after the trailers": Malformed(CHUNKED_POST + b"0\r\nA: b\r\n", b"\n", FIELD),
    "second head": Malformed(GET + b"\r\n" + GET + b"A", b" ", FIELD),
}
"""Streams of requests, as a server starts."""

RESPONSES: Final = {
    "other protocol": Malformed(b"", b"I", STATUS),
    "another other protocol": Malformed(b"HTT", b"Q", STATUS),
    "CRLF first": Malformed(b"", b"\r", STATUS),
    "major version 2": Malformed(b"HTTP/", b"2", VERSION),
    "no dot": Malformed(b"HTTP/1", b" ", STATUS),
    "minor version 10": Malformed(b"HTTP/1.1", b"0", STATUS),
    "two spaces": Malformed(b"HTTP/1.1 ", b" ", STATUS),
    "no status code": Malformed(b"HTTP/1.1 ", b"O", STATUS),
    "two digits": Malformed(b"HTTP/1.1 20", b" ", STATUS),
    "four digits": Malformed(b"HTTP/1.1 200", b"0", STATUS),
    "tab after the status code": Malformed(b"HTTP/1.1 200", b"\t", STATUS),
    "NUL in the reason phrase": Malformed(b"HTTP/1.1 200 O", b"\x00", STATUS),
    "CR in the reason phrase": Malformed(b"HTTP/1.1 200 O\r", b"K", STATUS),
    "CR after the status code": Malformed(b"HTTP/1.1 200\r", b"\r", STATUS),
    "blank on the second line": Malformed(OK, b" ", FIELD),
    "no token in a name": Malformed(OK + b"A", b"/", FIELD),
    "space before the colon": Malformed(OK + b"A", b" ", FIELD),
    "no colon": Malformed(OK + b"no-colon", b"\r", FIELD),
    "no colon before LF": Malformed(OK + b"no-colon", b"\n", FIELD),
    "NUL in a value": Malformed(OK + b"A: b", b"\x00", FIELD),
    "CR in a value": Malformed(OK + b"A: b\r", b"c", FIELD),
    "NUL in a fold": Malformed(OK + b"A: b\r\n ", b"\x00", FIELD),
    "CR in a fold": Malformed(OK + b"A: b\r\n c\r", b"d", FIELD),
    "CR, then no LF as the empty line": Malformed(OK + b"\r", b"h", FIELD),
    "letter in a length": Malformed(OK + b"Content-Length: 0", b"x", FRAMING),
    "digit 21 of a length": Malformed(OK + b"Content-Length: 0" + b"1" * 19, b"1", FRAMING),
    "no chunk size": Malformed(CHUNKED_OK, b"<", CHUNK),
    "digit 21 of a chunk size": Malformed(CHUNKED_OK + b"0" * 20, b"0", CHUNK),
    "LF after a chunk size": Malformed(CHUNKED_OK + b"5", b"\n", CHUNK),
    "digit after a blank": Malformed(CHUNKED_OK + b"5 ", b"5", CHUNK),
    "LF after blanks": Malformed(CHUNKED_OK + b"5 ", b"\n", CHUNK),
    "CR in an extension": Malformed(CHUNKED_OK + b"5;a\r", b";", CHUNK),
    "more than the data of a chunk": Malformed(CHUNKED_OK + b"2\r\nhi", b"!", CHUNK),
    "LF after the data of a chunk": Malformed(CHUNKED_OK + b"2\r\nhi", b"\n", CHUNK),
    "no token in a trailer's name": Malformed(CHUNKED_OK + b"0\r\nA", b"@", FIELD),
    "second head": Malformed(NO_CONTENT + b"\r\nHTTP/1.1 200 OK\r\nA", b"\t", FIELD),
}
"""Streams of responses, as a client starts."""

TOLERANT_REQUESTS: Final = {
    "CR, then no LF": Malformed(GET + b"A: b\r", b"c", FIELD),
    "NUL in a value": Malformed(GET + b"A: b\x01", b"\x00", FIELD),
    "NUL in a fold": Malformed(GET + b"A: b\n ", b"\x00", FIELD),
    "fold of nothing": Malformed(b"GET / HTTP/1.1\n", b"\t", FIELD),
    "space before the colon": Malformed(GET + b"A", b" ", FIELD),
    "fragment": Malformed(b"GET /\xe9{", b"#", LINE),
    "digit after a blank": Malformed(CHUNKED_POST + b"5 ", b"5", CHUNK),
    "LF after a chunk size": Malformed(CHUNKED_POST + b"5 ", b"\n", CHUNK),
    "LF after the data of a chunk": Malformed(CHUNKED_POST + b"2\r\nhi", b"\n", CHUNK),
}
"""Streams of requests, with all that a server can be told to tolerate."""

TOLERANT_RESPONSES: Final = {
    "NUL in a line to be left out": Malformed(OK + b"no colon", b"\x00", FIELD),
    "CR in a line to be left out": Malformed(OK + b"no colon\r", b"!", FIELD),
    "NUL before the colon": Malformed(OK + b"A ", b"\x00", FIELD),
    "NUL in a value": Malformed(OK + b"A : b", b"\x00", FIELD),
    "LF in an extension": Malformed(CHUNKED_OK + b"5;a", b"\n", CHUNK),
    "digit 21 of a chunk size": Malformed(CHUNKED_OK + b"0" * 20, b"0", CHUNK),
}
"""Streams of responses, with all that a client can be told to tolerate."""


def parametrized(streams: dict[str, Malformed]) -> pytest.MarkDecorator:
    """Return what runs a test with each of these streams."""
    return pytest.mark.parametrize("malformed", streams.values(), ids=streams)


def assert_refused_in_time(new_parser: NewParser, malformed: Malformed) -> None:
    """Assert that all octets but the last are taken, and the last is not, whatever follows it."""
    parser = new_parser()
    feed(parser, byte_by_byte(malformed.prefix))
    assert parser.next_event() is NEED_DATA
    with pytest.raises(RemoteProtocolError) as raised:
        feed(parser, [malformed.wrong])
    refusal = refusal_of(raised.value)
    assert refusal.code is malformed.code
    assert refusal.excerpt.endswith(malformed.wrong)
    octets = malformed.prefix + malformed.wrong
    for rest in (b"", b"\r\n\r\n", b" x: y\r\n\r\n", b"\x00" * 100_000):
        for pieces in ([octets + rest], [malformed.prefix, malformed.wrong + rest]):
            assert read(new_parser(), [piece for piece in pieces if piece]).refusal == refusal


@parametrized(REQUESTS)
def test_requests(malformed: Malformed) -> None:
    """The first wrong octet of a request is refused at once, and ends the excerpt."""
    assert_refused_in_time(requests(), malformed)


@parametrized(RESPONSES)
def test_responses(malformed: Malformed) -> None:
    """The first wrong octet of a response is refused at once, and ends the excerpt."""
    assert_refused_in_time(responses(), malformed)


@parametrized(TOLERANT_REQUESTS)
def test_requests_that_are_tolerated_else(malformed: Malformed) -> None:
    """Tolerance does not make anybody wait longer than need be."""
    assert_refused_in_time(requests(FOR_REQUESTS), malformed)


@parametrized(TOLERANT_RESPONSES)
def test_responses_that_are_tolerated_else(malformed: Malformed) -> None:
    """Nor does that of a client."""
    assert_refused_in_time(responses(FOR_RESPONSES), malformed)


@pytest.mark.parametrize("octet", [b"{", b"|", b'"', b"\\", b"^", b"`", b"<", b">", b"}"])
def test_unencoded_targets_without_their_tolerance(octet: bytes) -> None:
    """What browsers do not encode is refused at once by whoever does not want it."""
    malformed = Malformed(b"GET /a", octet, LINE)
    assert_refused_in_time(requests(Tolerance.NONE), malformed)


@pytest.mark.parametrize(
    "malformed",
    [
        Malformed(OK + b"A: b", b"\x01", FIELD),
        Malformed(OK + b"A: b\r\n", b" ", FIELD),
        Malformed(OK + b"A: b", b"\n", FIELD),
        Malformed(b"HTTP/1.1 200 OK", b"\n", STATUS),
        Malformed(CHUNKED_OK + b"5 ", b"\r", CHUNK),
    ],
    ids=["control octet", "fold", "LF", "LF after the status line", "blank after a chunk size"],
)
def test_responses_without_any_tolerance(malformed: Malformed) -> None:
    """What a client tolerates when it starts is refused at once by whoever does not want it."""
    assert_refused_in_time(responses(Tolerance.NONE), malformed)


@pytest.mark.parametrize("length", [96, 97, 98, 99, 100, 101, 102, 103, 1000])
def test_long_excerpts_keep_their_end(length: int) -> None:
    """Of a long line the last octets are shown, so that the wrong one is among them."""
    line = b"A: " + b"b" * (length - 3)
    for octets, parser in ((GET + line, requests()()), (OK + line, responses()())):
        feed(parser, [octets])
        with pytest.raises(RemoteProtocolError) as raised:
            feed(parser, [b"\x00"])
        shown = line + b"\x00"
        if len(shown) > 100:
            shown = b"..." + shown[-97:]
        assert raised.value.excerpt == shown
        assert repr(shown)[2:-1] in str(raised.value)


SETS: Final = st.sampled_from(
    [requests(tolerate) for tolerate in (None, *REQUEST_SETS.values())]
    + [responses(tolerate) for tolerate in (None, *RESPONSE_SETS.values())]
)


@given(new_parser=SETS, octets=near_miss_streams(), data=st.data())
def test_any_stream_has_one_outcome(
    new_parser: NewParser, octets: bytes, data: st.DataObject
) -> None:
    """Whatever comes, the error is the same in all its attributes, however the stream is cut."""
    whole = read(new_parser(), [octets] if octets else [])
    assert read(new_parser(), byte_by_byte(octets)) == whole
    assert read(new_parser(), data.draw(cuts(octets))) == whole


@given(new_parser=SETS, octets=near_miss_streams(), rest=st.binary(max_size=20))
def test_nothing_that_follows_changes_an_error(
    new_parser: NewParser, octets: bytes, rest: bytes
) -> None:
    """Once there is an error, it is the same for all streams that begin so."""
    for end in range(1, len(octets) + 1):
        outcome = read(new_parser(), [octets[:end]])
        if outcome.refusal is not None:
            assert read(new_parser(), byte_by_byte(octets[: end - 1])).refusal is None
            assert read(new_parser(), [octets + rest]) == outcome
            break
