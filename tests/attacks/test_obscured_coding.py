"""A transfer coding that only one of two readers recognizes: TE.TE.

Attack: Transfer-Encoding is written so that a proxy does not see `chunked` in it and a server does,
or the other way round; one then goes by chunks, the other by something else. Answer: either the
field says `chunked` in the words of the RFC, or the message is refused; nothing is trimmed but
spaces and tabs, and no unknown coding is passed over (RFC 9112 sections 6.1 and 6.3).
"""

import pytest

from h11_events import Data, EndOfMessage, ErrorCode
from h11_parser import Tolerance
from tests.attacks.harness import (
    ALL_FOR_REQUESTS,
    ALL_FOR_RESPONSES,
    Verdict,
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

BODY = b"5\r\nhello\r\n0\r\n\r\n"
BAD_FIELD_LINE = refused(ErrorCode.BAD_FIELD_LINE)
BAD_FRAMING = refused(ErrorCode.BAD_FRAMING)
UNSUPPORTED_CODING = refused(ErrorCode.UNSUPPORTED_CODING, 501)
TAKEN = taken(post_event(("Transfer-Encoding", "chunked")), Data(b"hello"), EndOfMessage())
TAKEN_RESPONSE = taken(ok_event(("Transfer-Encoding", "chunked")), Data(b"hello"), EndOfMessage())

CHUNKED = {
    "plain": [b"Transfer-Encoding: chunked"],
    "capitals": [b"TRANSFER-ENCODING: CHUNKED"],
    "mixed case": [b"tRANSFER-eNCODING: cHuNkEd"],
    "no blank": [b"Transfer-Encoding:chunked"],
    "spaces around": [b"Transfer-Encoding:   chunked   "],
    "tabs around": [b"Transfer-Encoding:\tchunked\t"],
    "comma before": [b"Transfer-Encoding: , chunked"],
    "comma behind": [b"Transfer-Encoding: chunked,"],
    "commas and blanks": [b"Transfer-Encoding: ,, \t,chunked ,,"],
    "empty line before": [b"Transfer-Encoding:", b"Transfer-Encoding: chunked"],
    "empty line behind": [b"Transfer-Encoding: chunked", b"Transfer-Encoding: ,"],
}


@pytest.mark.parametrize("lines", CHUNKED.values(), ids=CHUNKED)
def test_chunked_in_the_words_of_the_rfc(lines: list[bytes]) -> None:
    """The coding has no case, white space around it means nothing, empty elements are none."""
    assert verdict(server_side(Tolerance.NONE), post(*lines, body=BODY)) == TAKEN
    readers = client_side(tolerate=Tolerance.NONE)
    assert verdict(readers, ok(*lines, body=BODY)) == TAKEN_RESPONSE


NOT_CHUNKED = {
    "empty": [b""],
    "comma alone": [b","],
    "identity": [b"identity"],
    "gzip": [b"gzip"],
    "x before": [b"xchunked"],
    "x behind": [b"chunkedx"],
    "letter missing": [b"chunke"],
    "quoted": [b'"chunked"'],
    "single quotes": [b"'chunked'"],
    "in brackets": [b"[chunked]"],
    "parameter": [b"chunked;a=b"],
    "semicolon": [b"chunked;"],
    "weight": [b"chunked;q=0"],
    "equals": [b"chunked=1"],
    "colon": [b":chunked"],
    "dot": [b"chunked."],
    "blank inside": [b"chun ked"],
    "tab inside": [b"chun\tked"],
    "two words": [b"chunked chunked"],
    "then a word": [b"chunked foo"],
    "a word before": [b"foo chunked"],
    "no-break space before": [b"\xa0chunked"],
    "no-break space behind": [b"chunked\xa0"],
    "next line behind": [b"chunked\x85"],
    "zero-width space in UTF-8": [b"\xe2\x80\x8bchunked"],
    "long s in UTF-8": [b"chun\xe2\x84\xaaed"],
    "high bit": [b"\xe3hunked"],
    "not last": [b"chunked, identity"],
    "not last, gzip": [b"chunked, gzip"],
    "not last, with blanks": [b"chunked\t,\tfoo"],
    "not last in two lines": [b"chunked", b"identity"],
    "twice": [b"chunked, chunked"],
    "twice, in capitals": [b"chunked,CHUNKED"],
    "twice in two lines": [b"chunked", b"chunked"],
    "twice, with another between": [b"chunked, gzip, chunked"],
}


@pytest.mark.parametrize("values", NOT_CHUNKED.values(), ids=NOT_CHUNKED)
def test_last_coding_is_not_chunked(values: list[bytes]) -> None:
    """Without `chunked` at the end, and only there, the end of the body is unknown."""
    lines = [b"Transfer-Encoding: " + value for value in values]
    assert verdict(server_side(ALL_FOR_REQUESTS), post(*lines, body=BODY)) == BAD_FRAMING
    assert verdict(client_side(), ok(*lines, body=BODY)) == BAD_FRAMING


UNKNOWN_BEFORE_CHUNKED = {
    "identity": [b"identity, chunked"],
    "gzip": [b"gzip, chunked"],
    "x": [b"x,chunked"],
    "x before": [b"xchunked, chunked"],
    "in two lines": [b"identity", b"chunked"],
    "parameter": [b"chunked;a=b, chunked"],
    "quoted": [b'"chunked", chunked'],
    "no-break space": [b"\xa0, chunked"],
}


@pytest.mark.parametrize("values", UNKNOWN_BEFORE_CHUNKED.values(), ids=UNKNOWN_BEFORE_CHUNKED)
def test_unknown_coding_before_chunked(values: list[bytes]) -> None:
    """The body could be found, but not decoded: that is answered with 501."""
    lines = [b"Transfer-Encoding: " + value for value in values]
    stream = post(*lines, body=BODY)
    assert verdict(server_side(ALL_FOR_REQUESTS), stream) == UNSUPPORTED_CODING
    readers = client_side(tolerate=ALL_FOR_RESPONSES)
    assert verdict(readers, ok(*lines, body=BODY)) == UNSUPPORTED_CODING


BAD_LINES = {
    "blank before the colon": b"Transfer-Encoding : chunked",
    "tab before the colon": b"Transfer-Encoding\t: chunked",
    "no colon": b"Transfer-Encoding chunked",
    "two words": b"Transfer Encoding: chunked",
    "NUL behind the name": b"Transfer-Encoding\x00: chunked",
    "VT behind the name": b"Transfer-Encoding\x0b: chunked",
    "no-break space behind the name": b"Transfer-Encoding\xa0: chunked",
    "soft hyphen in the name": b"Transfer\xadEncoding: chunked",
    "NUL before": b"Transfer-Encoding: \x00chunked",
    "NUL behind": b"Transfer-Encoding: chunked\x00",
    "NUL inside": b"Transfer-Encoding: chun\x00ked",
    "CR before": b"Transfer-Encoding: \rchunked",
    "CR behind": b"Transfer-Encoding: chunked\r",
    "colon before the name": b":Transfer-Encoding: chunked",
    "quoted name": b'"Transfer-Encoding": chunked',
    "CR in the line before": b"A: b\rTransfer-Encoding: chunked",
    "NUL in the line before": b"A: b\x00Transfer-Encoding: chunked",
}


@pytest.mark.parametrize("line", BAD_LINES.values(), ids=BAD_LINES)
def test_line_that_hides_the_field(line: bytes) -> None:
    """A line that some readers take for the field, and some for none, is refused."""
    assert verdict(server_side(ALL_FOR_REQUESTS), post(line, body=BODY)) == BAD_FIELD_LINE
    assert verdict(client_side(), ok(line, body=BODY)) == BAD_FIELD_LINE


CONTROLS = {"VT": b"\x0b", "FF": b"\x0c", "DEL": b"\x7f", "BEL": b"\x07", "US": b"\x1f"}


@pytest.mark.parametrize("octet", CONTROLS.values(), ids=CONTROLS)
@pytest.mark.parametrize(
    "value", [b"%bchunked", b"chunked%b", b"chun%bked", b"chunked, %b"], ids=lambda v: v.decode()
)
def test_control_octets_in_a_coding(octet: bytes, value: bytes) -> None:
    """A control octet is refused, or, where it is tolerated, no white space to be taken off."""
    line = b"Transfer-Encoding: " + value % octet
    stream = post(line, body=BODY)
    assert verdict(server_side(), stream) == BAD_FIELD_LINE
    assert verdict(server_side(ALL_FOR_REQUESTS), stream) == BAD_FRAMING
    assert verdict(client_side(), ok(line, body=BODY)) == BAD_FRAMING


FOLDS: dict[str, tuple[bytes, Verdict]] = {
    "value in the second line": (b"Transfer-Encoding:\r\n chunked", TAKEN),
    "fold behind": (b"Transfer-Encoding: chunked\r\n ", TAKEN),
    "fold inside": (b"Transfer-Encoding: chun\r\n ked", BAD_FRAMING),
    "second coding": (b"Transfer-Encoding: chunked\r\n , identity", BAD_FRAMING),
    "name behind another field": (
        b"A: b\r\n Transfer-Encoding: chunked\r\nContent-Length: 15",
        taken(
            post_event(("A", "b Transfer-Encoding: chunked"), ("Content-Length", "15")),
            Data(BODY),
            EndOfMessage(),
        ),
    ),
}


@pytest.mark.parametrize(("lines", "expected"), FOLDS.values(), ids=FOLDS)
def test_folded(lines: bytes, expected: Verdict) -> None:
    """A fold is refused; where it is tolerated it is one space, and counts before framing does."""
    stream = post(lines, body=BODY)
    assert verdict(server_side(), stream) == BAD_FIELD_LINE
    assert verdict(server_side(Tolerance.REQUESTS | Tolerance.OBS_FOLD), stream) == expected


@pytest.mark.parametrize("name", [b"Transfer_Encoding", b"X-Transfer-Encoding", b"TE"])
def test_other_name(name: bytes) -> None:
    """A field with a similar name frames nothing: the body is what the length says."""
    stream = post(name + b": chunked", b"Content-Length: 15", body=BODY)
    event = post_event((name, "chunked"), ("Content-Length", "15"))
    assert verdict(server_side(), stream) == taken(event, Data(BODY), EndOfMessage())


def test_bare_line_feed_before_the_field() -> None:
    """LF alone is no line end for a server, nor something inside a value."""
    stream = post(b"A: b\nTransfer-Encoding: chunked", body=BODY)
    assert verdict(server_side(), stream) == BAD_FIELD_LINE


@pytest.mark.parametrize("values", [[b"chunked, chunked"], [b"chunked", b"Chunked"]])
def test_repeated_chunked_of_a_server(values: list[bytes]) -> None:
    """Where it is tolerated, `chunked` counts once: the body is decoded once, and tells so."""
    stream = ok(*(b"Transfer-Encoding: " + value for value in values), body=BODY)
    readers = client_side(tolerate=Tolerance.RESPONSES | Tolerance.REPEATED_CHUNKED)
    assert verdict(readers, stream) == TAKEN_RESPONSE
