"""Chunk sizes that two readers take for different numbers.

Attack: a chunk size has a sign, a prefix, an underscore or so many digits that one reader stops
early, wraps round, or asks a library that knows more notations than RFC 9112 does; what is left of
the chunk is then read as a message. Answer: a chunk size is hexadecimal digits and nothing else, at
most twenty of them, of any value, and it is not cut (RFC 9112 section 7.1).
"""

import pytest

from h11_events import Data, EndOfMessage, ErrorCode
from h11_parser import Tolerance
from tests.attacks.harness import (
    ALL_FOR_REQUESTS,
    ALL_FOR_RESPONSES,
    GET,
    client_side,
    ok,
    ok_event,
    post,
    post_event,
    refused,
    server_side,
    taken,
    verdict,
)

CHUNKED = b"Transfer-Encoding: chunked"
REQUEST = post_event(("Transfer-Encoding", "chunked"))
RESPONSE = ok_event(("Transfer-Encoding", "chunked"))
REST = b"\r\nhello\r\n0\r\n\r\n" + GET

NO_SIZES = {
    "nothing": b"",
    "prefix 0x": b"0x5",
    "prefix 0X": b"0X5",
    "prefix x": b"x5",
    "suffix h": b"5h",
    "plus": b"+5",
    "minus": b"-5",
    "minus zero": b"-0",
    "underscore": b"0_5",
    "underscore before": b"_5",
    "space before": b" 5",
    "tab before": b"\t5",
    "space inside": b"0 5",
    "VT before": b"\x0b5",
    "VT behind": b"5\x0b",
    "NUL before": b"\x005",
    "NUL behind": b"5\x00",
    "CR behind": b"5\r",
    "CR before": b"\r5",
    "LF before": b"\n5",
    "empty line before": b"\r\n5",
    "no-break space behind": b"5\xa0",
    "superscript two in Latin-1": b"\xb2",
    "Arabic-Indic five in UTF-8": b"\xd9\xa5",
    "full-width five in UTF-8": b"\xef\xbc\x95",
    "letter g": b"g",
    "fraction": b"5.0",
    "exponent": b"5p0",
    "comma": b"5,5",
    "colon": b"5:",
    "equals": b"5=a",
    "quoted": b'"5"',
    "two sizes": b"5 5",
    "zeros, 21 digits": b"5".zfill(21),
    "21 digits": b"f" * 21,
    "many zeros": b"0" * 99,
}


@pytest.mark.parametrize("size", NO_SIZES.values(), ids=NO_SIZES)
def test_size_that_is_none(size: bytes) -> None:
    """What is no row of digits is refused before any of the chunk is read, from either side."""
    code = ErrorCode.BAD_CHUNK
    stream = post(CHUNKED, body=size + REST)
    assert verdict(server_side(ALL_FOR_REQUESTS), stream) == refused(code, after=[REQUEST])
    readers = client_side(tolerate=ALL_FOR_RESPONSES)
    stream = ok(CHUNKED, body=size + REST)
    assert verdict(readers, stream) == refused(code, after=[RESPONSE])


SIZES = {"plain": b"5", "zero before": b"05", "20 digits": b"5".zfill(20)}


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_size_with_zeros(size: bytes) -> None:
    """Zeros before a size mean nothing."""
    expected = taken(REQUEST, Data(b"hello"), EndOfMessage())
    stream = post(CHUNKED, body=size + b"\r\nhello\r\n0\r\n\r\n")
    assert verdict(server_side(Tolerance.NONE), stream) == expected


@pytest.mark.parametrize("size", [b"1a", b"1A"])
def test_size_in_either_case(size: bytes) -> None:
    """Digits are hexadecimal, in either case; those that look decimal, too."""
    expected = taken(REQUEST, Data(b"x" * 26), EndOfMessage())
    stream = post(CHUNKED, body=size + b"\r\n" + b"x" * 26 + b"\r\n0\r\n\r\n")
    assert verdict(server_side(Tolerance.NONE), stream) == expected


HUGE = {
    "2 ** 31": b"80000000",
    "2 ** 32 + 5": b"100000005",
    "2 ** 63": b"8000000000000000",
    "2 ** 64 - 1": b"f" * 16,
    "2 ** 64 + 5": b"10000000000000005",
    "20 digits": b"f" * 20,
}


@pytest.mark.parametrize("size", HUGE.values(), ids=HUGE)
def test_size_that_wraps_round_elsewhere(size: bytes) -> None:
    """A size counts in full: what follows is content, and not the next chunk or a request."""
    body = b"hello\r\n0\r\n\r\n" + GET
    stream = post(CHUNKED, body=size + b"\r\n" + body)
    assert verdict(server_side(), stream) == taken(REQUEST, Data(body))
    expected = refused(ErrorCode.BODY_TOO_SHORT, after=[REQUEST, Data(body)])
    assert verdict(server_side(), stream, closed=True) == expected


@pytest.mark.parametrize("zeros", [1, 3, 20])
def test_last_chunk(zeros: int) -> None:
    """The last chunk has any number of zeros that a size may have."""
    stream = post(CHUNKED, body=b"0" * zeros + b"\r\n\r\n")
    assert verdict(server_side(), stream) == taken(REQUEST, EndOfMessage())


BLANKS = {"space": b" ", "tab": b"\t", "many": b" \t  "}


@pytest.mark.parametrize("blanks", BLANKS.values(), ids=BLANKS)
def test_blank_between_size_and_line_end(blanks: bytes) -> None:
    """A server refuses it unless told otherwise; a client takes it, because servers write it."""
    body = b"5" + blanks + b"\r\nhello\r\n0" + blanks + b"\r\n\r\n"
    bad = refused(ErrorCode.BAD_CHUNK, after=[REQUEST])
    good = taken(REQUEST, Data(b"hello"), EndOfMessage())
    tolerate = Tolerance.REQUESTS | Tolerance.BLANK_AFTER_CHUNK_SIZE
    assert verdict(server_side(), post(CHUNKED, body=body)) == bad
    assert verdict(server_side(tolerate), post(CHUNKED, body=body)) == good
    good = taken(RESPONSE, Data(b"hello"), EndOfMessage())
    assert verdict(client_side(), ok(CHUNKED, body=body)) == good


def test_bare_line_feed_after_the_size() -> None:
    """LF alone ends no chunk header, be bare LF tolerated in heads or not (TERM.EXT, TE.LF)."""
    body = b"5\nhello\r\n0\r\n\r\n"
    bad = refused(ErrorCode.BAD_CHUNK, after=[REQUEST])
    assert verdict(server_side(), post(CHUNKED, body=body)) == bad
    assert verdict(server_side(ALL_FOR_REQUESTS), post(CHUNKED, body=body)) == bad
    bad = refused(ErrorCode.BAD_CHUNK, after=[RESPONSE])
    assert verdict(client_side(), ok(CHUNKED, body=body)) == bad
