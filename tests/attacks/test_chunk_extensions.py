"""Chunk extensions, which hardly anybody uses and hardly anybody reads with care.

Attack: an extension holds a line end that one reader respects and another skips (TERM.EXT and
EXT.TERM, also called TE.LF), or a quoted string that seems to go on over it, so that they find the
chunk's data in different places; or extensions come without end and keep a server busy for an empty
body. Answer: extensions follow their grammar up to the one CRLF that ends them, and all of a
message together have a limit (RFC 9112 section 7.1.1).
"""

import pytest

from h11_events import Data, EndOfMessage, ErrorCode
from h11_parser import Limits, Tolerance
from tests.attacks.harness import (
    ALL_FOR_REQUESTS,
    ALL_FOR_RESPONSES,
    GET,
    Refusal,
    client_side,
    ok,
    ok_event,
    post,
    post_event,
    read,
    refused,
    server_side,
    taken,
    verdict,
)

CHUNKED = b"Transfer-Encoding: chunked"
HEAD = post(CHUNKED)
REQUEST = post_event(("Transfer-Encoding", "chunked"))
RESPONSE = ok_event(("Transfer-Encoding", "chunked"))
REST = b"\r\nhello\r\n0\r\n\r\n"

LEGAL = {
    "name": b";a",
    "name and value": b";a=b",
    "several": b";a;b=c;d",
    "any token": b";!#$%&'*+-.^_`|~09azAZ=!#$%&'*+-.^_`|~09azAZ",
    "quoted": b';a="b"',
    "quoted, empty": b';a=""',
    "quoted semicolon": b';a="b;c"',
    "quoted equals and blanks": b';a=" b = c "',
    "quoted quote": b';a="\\""',
    "quoted backslash": b';a="\\\\"',
    "quoted tab": b';a="\t\\\t"',
    "quoted obs-text": b';a="\x80\xff\\\xff"',
    "blanks before": b" \t;a",
    "blanks behind the semicolon": b"; \ta",
    "blanks around the equals": b";a \t= \tb",
    "blanks between": b" ; a ; b",
}


@pytest.mark.parametrize("extension", LEGAL.values(), ids=LEGAL)
def test_legal(extension: bytes) -> None:
    """What the grammar has is taken, and ignored, as RFC 9112 section 7.1.1 demands."""
    expected = taken(REQUEST, Data(b"hello"), EndOfMessage())
    stream = post(CHUNKED, body=b"5" + extension + REST)
    assert verdict(server_side(Tolerance.NONE), stream) == expected
    stream = post(CHUNKED, body=b"5\r\nhello\r\n0" + extension + b"\r\n\r\n")
    assert verdict(server_side(Tolerance.NONE), stream) == expected


ILLEGAL = {
    "no semicolon": b"g",
    "blank for a semicolon": b" a=b",
    "semicolon alone": b";",
    "two semicolons": b";;a",
    "semicolon behind": b";a;",
    "no name": b";=b",
    "no value": b";a=",
    "two equals": b";a==b",
    "two words": b";a b",
    "two words as a value": b";a=b c",
    "comma": b";a,b",
    "quoted name": b';"a"=b',
    "quote inside a token": b';a=b"c"',
    "token behind quotes": b';a="b"c',
    "single quote open": b';a="',
    "obs-text": b";a\x80",
    "obs-text as a value": b";a=\x80",
    "NUL": b";a\x00",
    "NUL, quoted": b';a="\x00"',
    "NUL, escaped": b';a="\\\x00"',
    "VT": b";a\x0b",
    "VT for a blank": b"\x0b;a",
    "FF for a blank": b";\x0ca",
    "VT, quoted": b';a="\x0b"',
    "DEL, quoted": b';a="\x7f"',
    "LF at once": b"\n",
    "LF behind the semicolon": b";\n",
    "LF behind the name": b";a\nb",
    "LF behind the equals": b";a=\n",
    "LF behind the value": b";a=b\n",
    "LF, quoted": b';a="\n"',
    "LF, escaped": b';a="\\\n"',
    "CR behind the semicolon": b";\r",
    "CR behind the name": b";a\rb",
    "CR behind the value": b";a=b\r",
    "CR, quoted": b';a="\r"',
    "CR, escaped": b';a="\\\r"',
    "CRLF behind the semicolon": b";\r\n",
    "CRLF, quoted": b';a="\r\n"',
    "CRLF and a blank": b";a\r\n ",
}


@pytest.mark.parametrize("extension", ILLEGAL.values(), ids=ILLEGAL)
def test_illegal(extension: bytes) -> None:
    """What the grammar does not have is refused; no line end is skipped or made up."""
    code = ErrorCode.BAD_CHUNK
    expected = refused(code, after=[REQUEST])
    stream = post(CHUNKED, body=b"5" + extension + REST + GET)
    if extension == b";a\r\n ":  # The line has ended, and the data begins with the blank.
        expected = refused(code, after=[REQUEST, Data(b" \r\nhe")])
    assert verdict(server_side(Tolerance.NONE), stream) == expected
    assert verdict(server_side(ALL_FOR_REQUESTS), stream) == expected
    expected = refused(code, after=[RESPONSE, *expected.events[1:]])
    stream = ok(CHUNKED, body=b"5" + extension + REST)
    assert verdict(client_side(tolerate=ALL_FOR_RESPONSES), stream) == expected


def test_request_behind_a_bare_line_feed() -> None:
    """The attack as published: what one reader skips up to CRLF holds another's chunk and request.

    Whoever takes LF for a line end reads a chunk of two octets here; whoever skips to CRLF reads
    one of 0x2d, in which a request is hidden.
    """
    stream = post(CHUNKED, body=b"2;\nxx\r\n2d\r\n0\r\n\r\n" + GET + b"0\r\n\r\n")
    expected = refused(ErrorCode.BAD_CHUNK, after=[REQUEST])
    assert verdict(server_side(ALL_FOR_REQUESTS), stream) == expected


TOO_LARGE = refused(ErrorCode.CHUNK_EXTENSIONS_TOO_LARGE, 431, after=[REQUEST])


EXTENSIONS = {"value": b";a=b", "blanks": b" ;a= b", "quoted": b';a="b"'}


@pytest.mark.parametrize("extension", EXTENSIONS.values(), ids=EXTENSIONS)
def test_limit_of_one_extension(extension: bytes) -> None:
    """Every octet between the size and the line end counts; one too many is refused."""
    stream = post(CHUNKED, body=b"5" + extension + REST)
    expected = taken(REQUEST, Data(b"hello"), EndOfMessage())
    limits = Limits(chunk_extension_size=len(extension))
    assert verdict(server_side(limits=limits), stream) == expected
    limits = Limits(chunk_extension_size=len(extension) - 1)
    assert verdict(server_side(limits=limits), stream) == TOO_LARGE


def test_limit_over_several_chunks() -> None:
    """All extensions of a message count together; those of the next message begin at zero."""
    body = b"1;a\r\nx\r\n1;a\r\nx\r\n0;a\r\n\r\n"
    expected = taken(REQUEST, Data(b"xx"), EndOfMessage())
    twice = taken(*expected.events, *expected.events)
    six, five = Limits(chunk_extension_size=6), Limits(chunk_extension_size=5)
    stream = post(CHUNKED, body=body)
    assert verdict(server_side(limits=six), stream) == expected
    assert verdict(server_side(limits=six), stream * 2) == twice
    bad = TOO_LARGE._replace(events=[REQUEST, Data(b"xx")])
    assert verdict(server_side(limits=five), stream) == bad


FLOODS = {
    "one extension": (b"1;a=", b"x" * 8),
    "one quoted string": (b'1;a="', b"x" * 8),
    "blanks": (b"1", b" " * 8),
    "many chunks": (b"0", b"1;a\r\nx\r\n"),
}


@pytest.mark.parametrize(("start", "more"), FLOODS.values(), ids=FLOODS)
def test_flood(start: bytes, more: bytes) -> None:
    """Whoever sends extensions by the megabyte gets no further than the limit."""
    for new_reader in server_side(ALL_FOR_REQUESTS).values():
        found = read(new_reader(), [HEAD, start, *[more * 512] * 17])
        assert found.end == TOO_LARGE.end
        assert isinstance(found.end, Refusal)
        assert found.end.expected == 2**14
