"""What is taken from every peer, however strict one is: the grammar has it, though few write it.

Each stream is read without any tolerance, with what its direction starts with, and with all that it
can have; whole, byte by byte, and in two pieces. A parser that is too strict fails here.
"""

from typing import Final

import pytest

from h11_events import EndOfMessage, InformationalResponse, Request, Response
from h11_parser import RequestParser, Tolerance
from tests.parser.strictness import (
    CHUNKED_OK,
    CHUNKED_POST,
    FOR_REQUESTS,
    GET,
    NO_CONTENT,
    OK,
    REQUEST_SETS,
    RESPONSE_SETS,
    body_in,
    events_of,
    fields_in,
    requests,
    responses,
    trailers_in,
)

each_request_set = pytest.mark.parametrize("tolerate", REQUEST_SETS.values(), ids=REQUEST_SETS)
each_response_set = pytest.mark.parametrize("tolerate", RESPONSE_SETS.values(), ids=RESPONSE_SETS)


def request_in(tolerate: Tolerance, octets: bytes) -> Request:
    """Return the first request of a stream that is not refused."""
    request = events_of(requests(tolerate), octets)[0]
    assert isinstance(request, Request)
    return request


def response_in(tolerate: Tolerance, octets: bytes) -> Response:
    """Return the first response of a stream that is not refused."""
    response = events_of(responses(tolerate), octets)[0]
    assert isinstance(response, Response)
    return response


@pytest.mark.parametrize("empty_lines", [1, 2, 5])
@each_request_set
def test_empty_lines_before_a_request_line(tolerate: Tolerance, empty_lines: int) -> None:
    """Old clients send CRLF too often, before the first request or between two (section 2.2)."""
    request = GET + b"\r\n"
    expected = events_of(requests(tolerate), request + request)
    octets = b"\r\n" * empty_lines + request + b"\r\n" * empty_lines + request
    assert events_of(requests(tolerate), octets) == expected


@each_request_set
def test_an_empty_line_after_a_body(tolerate: Tolerance) -> None:
    """Some send CRLF after the content of a POST, which it is no part of (section 2.2)."""
    octets = GET + b"Content-Length: 2\r\n\r\nhi\r\n" + GET + b"\r\n"
    assert body_in(requests(tolerate), octets) == b"hi"
    assert len(events_of(requests(tolerate), octets)) == 5


@pytest.mark.parametrize(
    "method",
    [b"GET", b"get", b"M-SEARCH", b"X", b"!#$%&'*+-.^_`|~09Az", b"MKCALENDAR", b"G" * 50, b"5"],
)
@each_request_set
def test_any_token_is_a_method(tolerate: Tolerance, method: bytes) -> None:
    """Which methods there are is not decided here (RFC 9110 section 9.1)."""
    request = request_in(tolerate, method + b" / HTTP/1.1\r\nHost: a\r\n\r\n")
    assert request.method == method


TARGETS: Final = [
    (b"GET", b"/"),
    (b"GET", b"//"),
    (b"GET", b"//a/b"),
    (b"GET", b"/a/b;c=d,e/(f)/*/@:&=+$!'~._-"),
    (b"GET", b"/?"),
    (b"GET", b"/a?b=c&d=/e?f:@"),
    (b"GET", b"/%20%C3%a9"),
    (b"GET", b"http://example.com"),
    (b"GET", b"http://example.com/"),
    (b"GET", b"HTTP://example.com:8080/a?b"),
    (b"GET", b"http://example.com?a"),
    (b"GET", b"https://[::1]:443/"),
    (b"GET", b"http://127.0.0.1"),
    (b"GET", b"urn:isbn:0"),
    (b"GET", b"ftp://user@example.com/"),
    (b"GET", b"a+b-c.1://x"),
    (b"OPTIONS", b"*"),
    (b"OPTIONS", b"/"),
    (b"OPTIONS", b"http://example.com"),
    (b"CONNECT", b"example.com:443"),
    (b"CONNECT", b"127.0.0.1:1"),
    (b"CONNECT", b"[2001:db8::1]:65535"),
]


@pytest.mark.parametrize(("method", "target"), TARGETS, ids=lambda part: part.decode())
@each_request_set
def test_the_four_forms_of_targets(tolerate: Tolerance, method: bytes, target: bytes) -> None:
    """Each form is read, and kept as it was (RFC 9112 section 3.2)."""
    octets = method + b" " + target + b" HTTP/1.1\r\nHost: a\r\n\r\n"
    assert request_in(tolerate, octets).target == target


HOSTS: Final = [
    *(b"", b"a", b"example.com", b"example.com.", b"EXAMPLE.com:80", b"a:", b"127.0.0.1:8000"),
    *(b"[::]", b"[::1]:8080", b"[2001:DB8:0:0:8:800:200C:417A]", b"[::ffff:1.2.3.4]", b"[v1.a:b]"),
    *(b"a_b", b"xn--bcher-kva.example", b"a%20b", b"1.2.3.4.5", b"a~!$&'()*+,;=", b"a" * 255),
]


@pytest.mark.parametrize("host", HOSTS, ids=lambda host: host.decode()[:30])
@each_request_set
def test_hosts(tolerate: Tolerance, host: bytes) -> None:
    """A name, an address of either kind, a port, and nothing at all (RFC 9110 section 7.2)."""
    for octets in (b"Host: " + host, b"hOST:" + host, b"Host:\t" + host + b" "):
        request = request_in(tolerate, b"GET / HTTP/1.1\r\n" + octets + b"\r\n\r\n")
        assert request.headers == [(b"host", host)]


@pytest.mark.parametrize("version", [b"1.0", b"1.1", b"1.2", b"1.9"])
@each_request_set
def test_minor_versions_of_requests(tolerate: Tolerance, version: bytes) -> None:
    """A higher minor version is understood as 1.1, and shown as it was (RFC 9110 section 2.5)."""
    request = request_in(tolerate, b"GET / HTTP/" + version + b"\r\nHost: a\r\n\r\n")
    assert request.http_version == version
    if version != b"1.0":
        octets = CHUNKED_POST.replace(b"1.1", version) + b"2\r\nhi\r\n0\r\n\r\n"
        assert body_in(requests(tolerate), octets) == b"hi"


@pytest.mark.parametrize("version", [b"1.0", b"1.1", b"1.2", b"1.9"])
@each_response_set
def test_minor_versions_of_responses(tolerate: Tolerance, version: bytes) -> None:
    """The same holds for a response."""
    response = response_in(tolerate, b"HTTP/" + version + b" 204 No Content\r\n\r\n")
    assert response.http_version == version


@each_request_set
def test_http_1_0_needs_no_host(tolerate: Tolerance) -> None:
    """Host came with HTTP/1.1; later minor versions need it, too."""
    assert request_in(tolerate, b"GET / HTTP/1.0\r\n\r\n").headers == []


EXTENSIONS: Final = [
    *(b";a", b";a=b", b";a=0", b';a="b"', b';a=""', b";a;b;c", b";a=b;c;d=e", b'; a = "b" ; c'),
    *(b" ;a", b"\t;\ta\t=\tb", b';a=";"', b';a="b=c; d, e"', b';a="\\""', b';a="\\\\"'),
    *(b";!#$%&'*+-.^_`|~=!#$%&'*+-.^_`|~", b';a="\xe9\xff"', b';a="\\\xe9"', b';a="\\b"'),
    *(b";5=5", b'; a="\t"'),
]


@pytest.mark.parametrize("extension", EXTENSIONS, ids=repr)
@each_request_set
def test_chunk_extensions_of_requests(tolerate: Tolerance, extension: bytes) -> None:
    """Extensions are read over, quoted ones, too, on each chunk (RFC 9112 section 7.1.1)."""
    plain = events_of(requests(tolerate), CHUNKED_POST + b"2\r\nhi\r\n0\r\nA: b\r\n\r\n")
    octets = b"2" + extension + b"\r\nhi\r\n0" + extension + b"\r\nA: b\r\n\r\n"
    assert events_of(requests(tolerate), CHUNKED_POST + octets) == plain


@pytest.mark.parametrize("extension", EXTENSIONS, ids=repr)
@each_response_set
def test_chunk_extensions_of_responses(tolerate: Tolerance, extension: bytes) -> None:
    """The same holds for a response."""
    plain = events_of(responses(tolerate), CHUNKED_OK + b"1\r\na\r\n2\r\nhi\r\n0\r\n\r\n")
    octets = b"1\r\na\r\n2" + extension + b"\r\nhi\r\n0" + extension + b"\r\n\r\n"
    assert events_of(responses(tolerate), CHUNKED_OK + octets) == plain


@pytest.mark.parametrize("size", [b"5", b"05", b"0005", b"0" * 19 + b"5"])
@each_request_set
def test_chunk_sizes(tolerate: Tolerance, size: bytes) -> None:
    """Zeros in front and either casing of digits change nothing; the last size may have more."""
    octets = size + b"\r\nhello\r\nA\r\n0123456789\r\na\r\n0123456789\r\n" + b"0" * 20 + b"\r\n\r\n"
    body = body_in(requests(tolerate), CHUNKED_POST + octets)
    assert body == b"hello" + b"0123456789" * 2


VALUES: Final = [
    (b"A:", b""),
    (b"A: ", b""),
    (b"A: \t ", b""),
    (b"A:b", b"b"),
    (b"A:  b", b"b"),
    (b"A:\tb\t", b"b"),
    (b"A: b \t ", b"b"),
    (b"A: b  c\td", b"b  c\td"),
    (b"A: b: c", b"b: c"),
    (b"A::", b":"),
    (b"A: \xe9\x80\xff", b"\xe9\x80\xff"),
    (b"A: !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", b"!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"),
]


@pytest.mark.parametrize(("line", "value"), VALUES, ids=repr)
@each_request_set
def test_values_of_requests(tolerate: Tolerance, line: bytes, value: bytes) -> None:
    """Empty values, blanks around a value, and all octets that one may have (section 5)."""
    assert fields_in(requests(tolerate), GET + line + b"\r\n\r\n") == [(b"a", value)]
    octets = CHUNKED_POST + b"0\r\n" + line + b"\r\n\r\n"
    assert trailers_in(requests(tolerate), octets) == [(b"a", value)]


@pytest.mark.parametrize(("line", "value"), VALUES, ids=repr)
@each_response_set
def test_values_of_responses(tolerate: Tolerance, line: bytes, value: bytes) -> None:
    """The same holds for a response."""
    assert fields_in(responses(tolerate), NO_CONTENT + line + b"\r\n\r\n") == [(b"a", value)]


@pytest.mark.parametrize("name", [b"!#$%&'*+-.^_`|~", b"0", b"aZ09", b"_a", b"-"], ids=repr)
@each_request_set
def test_any_token_is_a_field_name(tolerate: Tolerance, name: bytes) -> None:
    """A name is a token (RFC 9110 section 5.1)."""
    octets = GET + name + b": b\r\n\r\n"
    assert fields_in(requests(tolerate), octets) == [(name.lower(), b"b")]


REASONS: Final = [
    (b"HTTP/1.1 204", b""),
    (b"HTTP/1.1 204 ", b""),
    (b"HTTP/1.1 204 No Content", b"No Content"),
    (b"HTTP/1.1 204  ", b" "),
    (b"HTTP/1.1 204 \t", b"\t"),
    (b"HTTP/1.1 204 Pas de contenu, d\xe9sol\xe9", b"Pas de contenu, d\xe9sol\xe9"),
    (b"HTTP/1.0 204 204", b"204"),
]


@pytest.mark.parametrize(("line", "reason"), REASONS, ids=repr)
@each_response_set
def test_reason_phrases(tolerate: Tolerance, line: bytes, reason: bytes) -> None:
    """A reason phrase may be missing, with or without the space before it (section 4)."""
    assert response_in(tolerate, line + b"\r\n\r\n").reason == reason


@pytest.mark.parametrize("status", [200, 299, 304, 418, 599, 600, 999])
@each_response_set
def test_status_codes(tolerate: Tolerance, status: int) -> None:
    """Codes of classes that do not exist are read as well (RFC 9110 section 15)."""
    octets = b"HTTP/1.1 %d x\r\nContent-Length: 0\r\n\r\n" % status
    assert response_in(tolerate, octets).status_code == status


@each_response_set
def test_informational_responses(tolerate: Tolerance) -> None:
    """Any number of them may come before the final one (RFC 9110 section 15.2)."""
    octets = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103\r\nA: b\r\n\r\n" + NO_CONTENT + b"\r\n"
    first, second, final, end = events_of(responses(tolerate), octets)
    assert first == InformationalResponse(status_code=100, headers=[], reason="Continue")
    assert second == InformationalResponse(status_code=103, headers=[("A", "b")])
    assert final == Response(status_code=204, headers=[], reason="No Content")
    assert end == EndOfMessage()


LENGTHS: Final = [b"2", b"02", b" 2 ", b"\t2", b"2, 2", b"2,2 ,\t2", b"0" * 19 + b"2"]


@pytest.mark.parametrize("length", LENGTHS, ids=repr)
def test_lengths(length: bytes) -> None:
    """One length, or the same one several times, is a length (RFC 9110 section 8.6)."""
    fields = b"Content-Length:" + length + b"\r\n\r\nhi"
    for tolerate in REQUEST_SETS.values():
        assert body_in(requests(tolerate), GET + fields) == b"hi"
    for tolerate in RESPONSE_SETS.values():
        assert body_in(responses(tolerate), OK + fields) == b"hi"


def test_a_length_on_two_lines() -> None:
    """So is the same length on two lines, which are one in the event."""
    fields = b"Content-Length: 2\r\ncontent-length:2\r\n\r\nhi"
    for tolerate in REQUEST_SETS.values():
        assert fields_in(requests(tolerate), GET + fields) == [(b"content-length", b"2")]
    for tolerate in RESPONSE_SETS.values():
        assert fields_in(responses(tolerate), OK + fields) == [(b"content-length", b"2")]


CODINGS: Final = [
    b"chunked",
    b"Chunked",
    b"CHUNKED ",
    b", chunked",
    b"chunked,",
    b" ,\t, chunked ,",
]


@pytest.mark.parametrize("coding", CODINGS, ids=repr)
def test_transfer_codings(coding: bytes) -> None:
    """`chunked` in any casing, with empty elements around it (RFC 9110 section 5.6.1)."""
    octets = b"Transfer-Encoding: " + coding + b"\r\n\r\n2\r\nhi\r\n0\r\n\r\n"
    for tolerate in REQUEST_SETS.values():
        assert body_in(requests(tolerate), GET + octets) == b"hi"
    for tolerate in RESPONSE_SETS.values():
        assert body_in(responses(tolerate), OK + octets) == b"hi"


@each_request_set
def test_upgrade_in_http_1_0_is_ignored(tolerate: Tolerance) -> None:
    """What follows is another request, for which no parser waits (RFC 9110 section 7.8)."""
    octets = b"GET / HTTP/1.0\r\nUpgrade: h2c\r\n\r\n" + GET + b"\r\n"
    first, end, second, _ = events_of(requests(tolerate), octets)
    assert isinstance(first, Request)
    assert first.headers == [(b"upgrade", b"h2c")]
    assert end == EndOfMessage()
    assert isinstance(second, Request)


def test_what_browsers_send() -> None:
    """A request as browsers write it, with a target that they do not encode."""
    octets = (
        b"GET /search?q=a|b&filter[]={x}^`y` HTTP/1.1\r\nHost: localhost:8000\r\n"
        b'sec-ch-ua: "Chromium";v="130", "Not?A_Brand";v="99"\r\nAccept: */*\r\n'
        b'Cookie: a=b; c={"d":[1,2]}\r\n\r\n'
    )
    parser = RequestParser()
    parser.receive_data(octets)
    request = parser.next_event()
    assert isinstance(request, Request)
    assert request.target == b"/search?q=a|b&filter[]={x}^`y`"
    assert events_of(RequestParser, octets) == events_of(requests(FOR_REQUESTS), octets)
