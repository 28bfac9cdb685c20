"""Two ways to tell where a body ends: CL.TE, TE.CL and CL.CL.

Attack: a request has both Content-Length and Transfer-Encoding, or lengths that differ; a proxy in
front goes by one and the server by the other, and what is left over becomes a request that nobody
has checked. Answer: nothing of such a message is taken. Only in responses may Transfer-Encoding
override Content-Length, and then no other message is read (RFC 9112 section 6.3).
"""

import pytest

from h11 import CLIENT, MUST_CLOSE, SERVER
from h11_events import Data, EndOfMessage, ErrorCode, Event
from h11_parser import NEED_DATA, Tolerance
from tests.attacks.harness import (
    ALL_FOR_REQUESTS,
    ALL_FOR_RESPONSES,
    GET,
    OK,
    Client,
    client_side,
    drain,
    joined,
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
SMUGGLED = b"0\r\n\r\nGET /admin HTTP/1.1\r\nHost: a\r\n\r\n"
BAD_FRAMING = refused(ErrorCode.BAD_FRAMING)

TWO_FRAMINGS = {
    "CL.TE": [b"Content-Length: 37", CHUNKED],
    "TE.CL": [CHUNKED, b"Content-Length: 5"],
    "length zero": [CHUNKED, b"Content-Length: 0"],
    "another field between": [b"Content-Length: 37", b"A: b", CHUNKED],
    "lower and upper case": [b"CONTENT-LENGTH: 37", b"transfer-encoding: CHUNKED"],
    "two equal lengths": [b"Content-Length: 37", b"Content-Length: 37", CHUNKED],
    "length that is none": [CHUNKED, b"Content-Length: x"],
    "length that is empty": [CHUNKED, b"Content-Length:"],
    "coding that is none": [b"Content-Length: 37", b"Transfer-Encoding: identity"],
    "coding that is empty": [b"Content-Length: 37", b"Transfer-Encoding:"],
}


@pytest.mark.parametrize("lines", TWO_FRAMINGS.values(), ids=TWO_FRAMINGS)
@pytest.mark.parametrize("tolerate", [None, ALL_FOR_REQUESTS], ids=["strict", "tolerant"])
def test_request_with_length_and_coding(lines: list[bytes], tolerate: Tolerance | None) -> None:
    """A request with both fields is refused, whatever they say and whatever is tolerated."""
    assert verdict(server_side(tolerate), post(*lines, body=SMUGGLED)) == BAD_FRAMING


def test_request_of_http_1_0_with_coding() -> None:
    """Transfer-Encoding in HTTP/1.0, which a proxy of that time does not know, is refused."""
    stream = post(CHUNKED, body=SMUGGLED, version=b"1.0")
    assert verdict(server_side(ALL_FOR_REQUESTS), stream) == BAD_FRAMING


@pytest.mark.parametrize("lines", TWO_FRAMINGS.values(), ids=TWO_FRAMINGS)
def test_response_with_length_and_coding_where_nothing_is_tolerated(lines: list[bytes]) -> None:
    """So is a response, where nothing is tolerated."""
    readers = client_side(tolerate=Tolerance.NONE)
    assert verdict(readers, ok(*lines, body=SMUGGLED)) == BAD_FRAMING


@pytest.mark.parametrize(
    "lines",
    [[b"Content-Length: 1", CHUNKED], [CHUNKED, b"Content-Length: 1"]],
    ids=["CL.TE", "TE.CL"],
)
def test_response_with_length_and_coding(lines: list[bytes]) -> None:
    """The coding frames a response with both, and whoever forwards it finds no length in it."""
    event = ok_event(("Transfer-Encoding", "chunked"))
    expected = taken(event, Data(b"hello"), EndOfMessage())
    stream = ok(*lines, body=b"5\r\nhello\r\n0\r\n\r\n")
    assert verdict(client_side(), stream) == expected


@pytest.mark.parametrize(
    "head",
    [ok(b"Content-Length: 1", CHUNKED), ok(CHUNKED, status=b"1.0 200 OK")],
    ids=["length and coding", "coding in HTTP/1.0"],
)
def test_nothing_is_read_after_a_response_with_doubtful_framing(head: bytes) -> None:
    """The connection ends with a response on whose end two readers might not agree."""
    client = Client(["GET", "GET"])
    client.receive_data(head + b"5\r\nhello\r\n0\r\n\r\n" + OK)
    events: list[Event] = []
    assert drain(client, events) is NEED_DATA
    assert joined(events)[1:] == [Data(b"hello"), EndOfMessage()]
    assert client.connection.states == {CLIENT: MUST_CLOSE, SERVER: MUST_CLOSE}


LENGTHS_THAT_ARE_NONE = {
    "empty": b"",
    "comma": b",",
    "sign plus": b"+5",
    "sign minus": b"-5",
    "minus zero": b"-0",
    "hexadecimal": b"0x5",
    "letter": b"5a",
    "underscore": b"0_5",
    "fraction": b"5.0",
    "exponent": b"5e0",
    "blank inside": b"0 5",
    "tab inside": b"0\t5",
    "two words": b"5 5",
    "quoted": b'"5"',
    "semicolon": b"5;",
    "superscript two in Latin-1": b"\xb2",
    "Arabic-Indic five in UTF-8": b"\xd9\xa5",
    "full-width five in UTF-8": b"\xef\xbc\x95",
    "no-break space behind": b"5\xa0",
    "no-break space before": b"\xa05",
    "list that differs": b"5, 6",
    "list that differs in zeros": b"5, 05",
    "list with an empty element": b"5, , 6",
    "list with a word": b"5, x",
    "21 digits": b"0" * 20 + b"5",
    "many digits": b"9" * 100,
}


@pytest.mark.parametrize("value", LENGTHS_THAT_ARE_NONE.values(), ids=LENGTHS_THAT_ARE_NONE)
def test_content_length_that_is_none(value: bytes) -> None:
    """What one reader takes for a number and another for a word is refused, from either side."""
    line = b"Content-Length: " + value
    assert verdict(server_side(ALL_FOR_REQUESTS), post(line, body=GET)) == BAD_FRAMING
    assert verdict(client_side(tolerate=ALL_FOR_RESPONSES), ok(line, body=OK)) == BAD_FRAMING


DIFFERENT_LENGTHS = {
    "CL.CL": [b"Content-Length: 5", b"Content-Length: 6"],
    "same number": [b"Content-Length: 5", b"Content-Length: 05"],
    "other case": [b"Content-Length: 5", b"content-length: 0"],
    "second empty": [b"Content-Length: 5", b"Content-Length:"],
    "third differs": [b"Content-Length: 5", b"Content-Length: 5", b"Content-Length: 6"],
    "list and line": [b"Content-Length: 5, 5", b"Content-Length: 6"],
}


@pytest.mark.parametrize("lines", DIFFERENT_LENGTHS.values(), ids=DIFFERENT_LENGTHS)
def test_content_lengths_that_differ(lines: list[bytes]) -> None:
    """Of two lengths neither is believed."""
    assert verdict(server_side(ALL_FOR_REQUESTS), post(*lines, body=b"hello")) == BAD_FRAMING
    readers = client_side(tolerate=ALL_FOR_RESPONSES)
    assert verdict(readers, ok(*lines, body=b"hello")) == BAD_FRAMING


CONTROLS = {"VT": b"\x0b", "FF": b"\x0c", "DEL": b"\x7f", "US": b"\x1f"}


@pytest.mark.parametrize("octet", CONTROLS.values(), ids=CONTROLS)
@pytest.mark.parametrize("value", [b"%b5", b"5%b", b"0%b5"], ids=["before", "behind", "inside"])
def test_control_octets_are_no_blanks_around_a_length(octet: bytes, value: bytes) -> None:
    """Where control octets are tolerated, they are still no white space that can be taken off."""
    stream = ok(b"Content-Length: " + value % octet, body=b"hello")
    assert verdict(client_side(), stream) == BAD_FRAMING


SAME_LENGTHS = {
    "plain": [b"Content-Length: 5"],
    "no blank": [b"Content-Length:5"],
    "blanks and tabs around": [b"Content-Length: \t 5 \t"],
    "20 digits": [b"Content-Length: " + b"5".zfill(20)],
    "list of equal lengths": [b"Content-Length: 5, 5 ,5"],
    "equal lines": [b"Content-Length: 5", b"Content-Length: 5"],
}


@pytest.mark.parametrize("lines", SAME_LENGTHS.values(), ids=SAME_LENGTHS)
def test_content_length_about_which_there_is_no_doubt(lines: list[bytes]) -> None:
    """One length, also if it is told several times, frames the body, and nothing else does."""
    length = "5".zfill(20) if b"0" in lines[0] else "5"
    expected = taken(post_event(("Content-Length", length)), Data(b"hello"), EndOfMessage())
    assert verdict(server_side(), post(*lines, body=b"hello")) == expected
