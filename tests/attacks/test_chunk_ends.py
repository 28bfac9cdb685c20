"""What stands between the data of a chunk and the next chunk header.

Attack (CVE-2025-43859): some readers skip two octets after the data of a chunk without a look at
them. Whoever sits in front and does look, or skips others, finds the next chunk elsewhere, and so
the next request. Answer: after the data comes CRLF, or the first other octet is refused (RFC 9112
section 7.1).
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

NO_CHUNK_ENDS = {
    "nothing": b"",
    "two letters": b"XX",
    "one letter": b"X",
    "letter, CR": b"X\r",
    "letter, CRLF": b"X\r\n",
    "CR, letter": b"\rX",
    "CR alone": b"\r",
    "LF alone": b"\n",
    "LF, CR": b"\n\r",
    "two CRs": b"\r\r",
    "two LFs": b"\n\n",
    "CR, CRLF": b"\r\r\n",
    "blank, CRLF": b" \r\n",
    "tab, CRLF": b"\t\r\n",
    "NUL, CRLF": b"\x00\r\n",
    "CR, NUL, LF": b"\r\x00\n",
    "next line in Latin-1": b"\x85",
    "line separator in UTF-8": b"\xe2\x80\xa8",
    "extension": b";a\r\n",
    "empty line more": b"\r\n\r\n",
}


@pytest.mark.parametrize("end", NO_CHUNK_ENDS.values(), ids=NO_CHUNK_ENDS)
@pytest.mark.parametrize("rest", [b"0\r\n\r\n", b"5\r\nhello\r\n0\r\n\r\n"], ids=["last", "more"])
def test_anything_but_crlf(end: bytes, rest: bytes) -> None:
    """It is refused whatever is tolerated; the data before it is good."""
    code = ErrorCode.BAD_CHUNK
    body = b"5\r\nhello" + end + rest + GET
    expected = refused(code, after=[REQUEST, Data(b"hello")])
    assert verdict(server_side(Tolerance.NONE), post(CHUNKED, body=body)) == expected
    assert verdict(server_side(ALL_FOR_REQUESTS), post(CHUNKED, body=body)) == expected
    expected = refused(code, after=[RESPONSE, Data(b"hello")])
    readers = client_side(tolerate=ALL_FOR_RESPONSES)
    assert verdict(readers, ok(CHUNKED, body=body)) == expected


def test_chunk_header_where_two_octets_are_skipped() -> None:
    """The attack as published: after the skipped octets a chunk that would hide a request.

    Who skips `XX` reads a chunk of 0x45 octets with a request in it; who takes the first line end
    for that of the chunk reads the last chunk, and then the request.
    """
    stream = post(CHUNKED, body=b"5\r\nhelloXX2d\r\n0\r\n\r\n" + GET)
    expected = refused(ErrorCode.BAD_CHUNK, after=[REQUEST, Data(b"hello")])
    assert verdict(server_side(), stream) == expected


def test_line_ends_within_a_chunk() -> None:
    """Within the data of a chunk, CRLF and even a last chunk are data like any other."""
    body = b"15\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n0\r\n\r\n"
    data = body[4:25]
    expected = taken(REQUEST, Data(data), EndOfMessage())
    assert verdict(server_side(), post(CHUNKED, body=body)) == expected


@pytest.mark.parametrize("size", [b"4", b"6"], ids=["too small", "too large"])
def test_size_that_is_wrong_by_one(size: bytes) -> None:
    """A size that is not that of the data shows at the end of the data."""
    body = size + b"\r\nhello\r\n0\r\n\r\n"
    data = body[3 : 3 + int(size)]
    expected = refused(ErrorCode.BAD_CHUNK, after=[REQUEST, Data(data)])
    assert verdict(server_side(), post(CHUNKED, body=body)) == expected
