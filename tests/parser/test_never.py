"""What is refused whatever is tolerated: with it, two readers could see different messages.

Each stream is tried with no tolerance, with those that its direction starts with, and with all that
it can have; whole, byte by byte, and in two pieces. All are answered with 400, but for those of
another version of HTTP.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

import pytest

from h11_events import ErrorCode
from h11_parser import Tolerance
from tests.parser.strictness import (
    CHUNKED_OK,
    CHUNKED_POST,
    FOR_REQUESTS,
    FOR_RESPONSES,
    GET,
    NO_CONTENT,
    OK,
    NewParser,
    refusal_in,
    requests,
    responses,
)

BREAKS: Final = {"NUL": b"\x00", "CR": b"\r"}
"""What no line may contain; a bare LF, if it is tolerated, ends one and is not part of it."""


class Side(NamedTuple):
    """One direction: how its messages begin, and how its parsers are made."""

    head: bytes
    chunked: bytes
    new_parsers: list[NewParser]


SIDES: Final = {
    "request": Side(GET, CHUNKED_POST, [*map(requests, (Tolerance.NONE, None, FOR_REQUESTS))]),
    "response": Side(OK, CHUNKED_OK, [*map(responses, (Tolerance.NONE, None, FOR_RESPONSES))]),
}

each_side = pytest.mark.parametrize("side", SIDES.values(), ids=SIDES)


def assert_never(side: Side, octets: bytes, code: ErrorCode) -> None:
    """Assert that a stream is refused with a code and 400, whatever is tolerated."""
    for new_parser in side.new_parsers:
        refusal = refusal_in(new_parser, octets)
        assert (refusal.code, refusal.hint) == (code, 400), (new_parser, refusal)


def with_break(lines: list[bytes], octet: bytes) -> Iterator[bytes]:
    """Yield each line with an octet at each place of it, but for the end."""
    for line in lines:
        for place in range(len(line)):
            yield line[:place] + octet + line[place:]


@pytest.mark.parametrize("octet", BREAKS.values(), ids=BREAKS)
def test_in_a_request_line(octet: bytes) -> None:
    """A request line is cut by nothing but its own end (RFC 9112 sections 2.2 and 3)."""
    for line in with_break([b"GET / HTTP/1.1"], octet):
        if not line.startswith(b"\r"):
            octets = line + b"\r\nHost: a\r\n\r\n"
            assert_never(SIDES["request"], octets, ErrorCode.BAD_REQUEST_LINE)
    octets = b"GET / HTTP/1.1" + octet + b"\r\nHost: a\r\n\r\n"
    assert_never(SIDES["request"], octets, ErrorCode.BAD_REQUEST_LINE)


@pytest.mark.parametrize("octet", BREAKS.values(), ids=BREAKS)
def test_in_a_status_line(octet: bytes) -> None:
    """Nor is a status line (RFC 9112 section 4)."""
    for line in (*with_break([b"HTTP/1.1 204 No"], octet), b"HTTP/1.1 204 No" + octet):
        octets = line + b"\r\nA: b\r\n\r\n"
        assert_never(SIDES["response"], octets, ErrorCode.BAD_STATUS_LINE)


@pytest.mark.parametrize("octet", BREAKS.values(), ids=BREAKS)
@each_side
def test_in_a_field_line(side: Side, octet: bytes) -> None:
    """Nor is a field line, in its name or its value, legal or not otherwise (section 5)."""
    start = NO_CONTENT if side is SIDES["response"] else GET
    for line in (*with_break([b"Ab: c d"], octet), b"A: b" + octet, b"A:" + octet, b"A: " + octet):
        for octets in (start + line + b"\r\n\r\n", start + b"X: y\r\n" + line + b"\r\nZ:\r\n\r\n"):
            assert_never(side, octets, ErrorCode.BAD_FIELD_LINE)


@pytest.mark.parametrize("octet", BREAKS.values(), ids=BREAKS)
def test_in_what_is_tolerated(octet: bytes) -> None:
    """A line that would be mended or left out is refused for such an octet all the same."""
    for line in (*with_break([b"no colon", b"A : b", b"(): b"], octet), b"no colon" + octet):
        octets = NO_CONTENT + line + b"\r\n\r\n"
        assert_never(SIDES["response"], octets, ErrorCode.BAD_FIELD_LINE)
    for side in SIDES.values():
        start = NO_CONTENT if side is SIDES["response"] else GET
        for fold in (b" c" + octet, b" " + octet, b" " + octet + b"c", b"\t" + octet + b" "):
            octets = start + b"A: b\r\n" + fold + b"\r\n\r\n"
            assert_never(side, octets, ErrorCode.BAD_FIELD_LINE)


@pytest.mark.parametrize("octet", BREAKS.values(), ids=BREAKS)
@each_side
def test_in_a_trailer(side: Side, octet: bytes) -> None:
    """Nor is a line of the trailer section."""
    for line in (*with_break([b"Ab: c"], octet), b"A: b" + octet, b"A:" + octet):
        if not line.startswith(b"\r"):
            assert_never(
                side, side.chunked + b"0\r\n" + line + b"\r\n\r\n", ErrorCode.BAD_FIELD_LINE
            )


@each_side
def test_instead_of_an_empty_line(side: Side) -> None:
    """A head ends with an empty line, not with half of one."""
    for octets in (side.head + b"\rX", side.head + b"\r\r\n", side.head + b"\x00\r\n"):
        assert_never(side, octets, ErrorCode.BAD_FIELD_LINE)


ENDS: Final = [b"\n", b"\r", b"\r\r\n", b"\n\r\n", b"\x00\r\n", b"\rX", b"\x0b\r\n", b"\x85"]
"""What is no CRLF, and some take for one."""


@pytest.mark.parametrize("end", ENDS, ids=repr)
@each_side
def test_after_a_chunk_size(side: Side, end: bytes) -> None:
    """After a chunk size comes an extension or CRLF (RFC 9112 section 7.1)."""
    for before in (b"", b"1\r\na\r\n"):
        for size in (b"5", b"0", b"5;a", b'5;a="b"', b"5 "):
            octets = side.chunked + before + size + end + b"hello"
            assert_never(side, octets, ErrorCode.BAD_CHUNK)


@pytest.mark.parametrize("end", [*ENDS, b"", b" \r\n", b"0\r\n", b"\t"], ids=repr)
@each_side
def test_after_the_data_of_a_chunk(side: Side, end: bytes) -> None:
    """After the data of a chunk comes CRLF, nothing else (RFC 9112 section 7.1)."""
    for before in (b"", b"1\r\na\r\n"):
        octets = side.chunked + before + b"5\r\nhello" + end + b"0\r\n\r\n"
        assert_never(side, octets, ErrorCode.BAD_CHUNK)


SIZES: Final = [
    *(b"+5", b"-5", b"-0", b" 5", b"\t5", b"0x5", b"0X5", b"x5", b"5_0", b"5.0", b"5h", b"g", b""),
    *(b"5 0", b"5,5", b"'5'", b'"5"', b"%35", b"\xb2", b"\xd9\xa5", b"\xef\xbc\x95", b":5", b"="),
]
"""What is no row of hexadecimal digits, though some languages read it as a number."""


@pytest.mark.parametrize("size", SIZES, ids=repr)
@each_side
def test_as_a_chunk_size(side: Side, size: bytes) -> None:
    """A chunk size is plain hexadecimal digits (RFC 9112 section 7.1)."""
    for before in (b"", b"1\r\na\r\n"):
        for rest in (b"\r\nhello", b";a=b\r\nhello"):
            assert_never(side, side.chunked + before + size + rest, ErrorCode.BAD_CHUNK)


@each_side
def test_as_a_chunk_size_too_many_digits(side: Side) -> None:
    """No chunk has a size of 21 digits, even if most are zero, or a last chunk."""
    for digits in (b"f" * 21, b"0" * 20 + b"5", b"0" * 21, b"0" * 100):
        for before in (b"", b"1\r\na\r\n"):
            octets = side.chunked + before + digits + b"\r\nhello"
            assert_never(side, octets, ErrorCode.BAD_CHUNK)


EXTENSIONS: Final = [
    *(b"a\nb", b"a\rb", b"\n", b"a=\nb", b"a=\rb", b'a="\n"', b'a="\r"', b'a="b\rc"', b'a="\\\n"'),
    *(b'a="\\\r"', b"a\n;b", b"a\r;b", b"a=b\n5", b"a=b\r5", b"a\x00", b'a="\x00"', b"a\n\r"),
]
"""Extensions that are a line of their own to some, and not to others."""


@pytest.mark.parametrize("extension", EXTENSIONS, ids=repr)
@each_side
def test_in_a_chunk_extension(side: Side, extension: bytes) -> None:
    """An extension has no line break in it, in quotes or out of them (section 7.1.1)."""
    for size, rest in ((b"5", b"\r\nhello\r\n0\r\n\r\n"), (b"0", b"\r\n\r\n")):
        octets = side.chunked + size + b";" + extension + rest
        assert_never(side, octets, ErrorCode.BAD_CHUNK)


LENGTHS: Final = [
    *(b"+5", b"-5", b"-0", b"1 0", b"1\t0", b"1_0", b"0x5", b"5.0", b"5e0", b"five", b"a", b""),
    *(b"5;", b'"5"', b"=5", b"5 bytes", b"\xb2", b"\xd9\xa5", b"\xef\xbc\x95", b"1" * 21),
    *(b"0" * 20 + b"5", b"0" * 21),
]
"""What is no length, though some languages read it as a number."""


@pytest.mark.parametrize("length", LENGTHS, ids=repr)
@each_side
def test_as_a_length(side: Side, length: bytes) -> None:
    """A length is decimal digits, of which no more than 20 make sense (RFC 9110 section 8.6)."""
    octets = side.head + b"Content-Length: " + length + b"\r\n\r\nhello"
    assert_never(side, octets, ErrorCode.BAD_FRAMING)


@pytest.mark.parametrize("lines", [(b"5", b"6"), (b"5, 6",), (b"5", b"5", b"0"), (b"5,5", b"50")])
@each_side
def test_as_two_lengths(side: Side, lines: tuple[bytes, ...]) -> None:
    """A message has one length, or several times the same (RFC 9112 section 6.3, rule 5)."""
    fields = b"".join(b"Content-Length: %b\r\n" % line for line in lines)
    assert_never(side, side.head + fields + b"\r\nhello", ErrorCode.BAD_FRAMING)


@pytest.mark.parametrize("hosts", [(b"a", b"b"), (b"a", b"a"), (b"", b""), (b"a", b"b", b"a")])
def test_as_two_hosts(hosts: tuple[bytes, ...]) -> None:
    """A request goes to one host, and says so once (RFC 9112 section 3.2)."""
    fields = b"".join(b"Host: %b\r\n" % host for host in hosts)
    for version in (b"1.1", b"1.0", b"1.5"):
        octets = b"GET / HTTP/" + version + b"\r\n" + fields + b"\r\n"
        assert_never(SIDES["request"], octets, ErrorCode.BAD_HOST)


def test_as_no_host() -> None:
    """A request of HTTP/1.1 has a Host, even if its target names one, too."""
    for target in (b"/", b"http://a/"):
        octets = b"GET " + target + b" HTTP/1.1\r\nA: b\r\n\r\n"
        assert_never(SIDES["request"], octets, ErrorCode.BAD_HOST)


HOSTS: Final = [
    *(b"a b", b"a\tb", b"a/b", b"a/", b"b@a", b"a?b", b"a#b", b"http://a", b"a\\b", b'"a"', b"<a>"),
    *(b"a:b", b"a:80:80", b"a:-1", b"a: 80", b"::1", b"[::1", b"::1]", b"[::1]a", b"[]", b"[:::]"),
    *(b"[::g]", b"[1.2.3.4]", b"a%", b"a%2", b"a%zz", b"a[b]", b"\xc3\xa9", b"a, b", b"a{", b"a^b"),
]
"""What is no host, with or without a port."""


@pytest.mark.parametrize("host", HOSTS, ids=repr)
def test_as_a_host(host: bytes) -> None:
    """Host is a name or an address, and maybe a port (RFC 9110 section 7.2)."""
    for version in (b"1.1", b"1.0"):
        octets = b"GET / HTTP/" + version + b"\r\nHost: " + host + b"\r\n\r\n"
        assert_never(SIDES["request"], octets, ErrorCode.BAD_HOST)


TARGETS: Final = [
    *((b"GET", b"*"), (b"GET", b"a"), (b"GET", b"1"), (b"GET", b"?a"), (b"GET", b"a:80")),
    *((b"GET", b"[::1]:80"), (b"GET", b"http:"), (b"GET", b"http:/a"), (b"GET", b"http://")),
    *((b"GET", b"http:///a"), (b"GET", b"https://:80/"), (b"GET", b"http://a@b/")),
    *((b"GET", b"http://a:b@c/"), (b"GET", b"http://a:b/"), (b"GET", b"http://[::g]/")),
    *((b"GET", b"http://a b/"), (b"GET", b"//a b"), (b"GET", b"-a://b"), (b"GET", b"/a b")),
    *((b"POST", b"*"), (b"options", b"*"), (b"OPTIONS", b"**"), (b"OPTIONS", b"*/")),
    *((b"OPTIONS", b"a:80"), (b"CONNECT", b"a"), (b"CONNECT", b"a:"), (b"CONNECT", b":80")),
    *((b"CONNECT", b"/"), (b"CONNECT", b"*"), (b"CONNECT", b"a:b"), (b"CONNECT", b"a:80/")),
    *((b"CONNECT", b"http://a:80"), (b"CONNECT", b"a@b:80"), (b"CONNECT", b"::1:80")),
]
"""Methods, and what is no target at all, or none for that method."""


@pytest.mark.parametrize(("method", "target"), TARGETS, ids=lambda part: part.decode())
def test_as_a_target(method: bytes, target: bytes) -> None:
    """A target has one of four forms, of which two are for one method alone (section 3.2)."""
    octets = method + b" " + target + b" HTTP/1.1\r\nHost: a\r\n\r\n"
    assert_never(SIDES["request"], octets, ErrorCode.BAD_REQUEST_LINE)


@pytest.mark.parametrize("version", [b"0.9", b"2.0", b"3.1", b"9.9"], ids=repr)
def test_as_a_major_version(version: bytes) -> None:
    """Another major version is another protocol, which is answered with 505 (RFC 9110, 2.5)."""
    request = b"GET / HTTP/" + version + b"\r\nHost: a\r\n\r\n"
    response = b"HTTP/" + version + b" 204 No Content\r\n\r\n"
    for side, octets in zip(SIDES.values(), (request, response), strict=True):
        for new_parser in side.new_parsers:
            refusal = refusal_in(new_parser, octets)
            assert (refusal.code, refusal.hint) == (ErrorCode.UNSUPPORTED_VERSION, 505)


def test_a_continuation_of_nothing() -> None:
    """A line that would continue the request line is refused (RFC 9112 section 2.2)."""
    for blank in (b" ", b"\t"):
        octets = b"GET / HTTP/1.1\r\n" + blank + b"Host: a\r\nHost: a\r\n\r\n"
        assert_never(SIDES["request"], octets, ErrorCode.BAD_FIELD_LINE)
