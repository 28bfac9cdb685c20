"""A version that two readers understand differently, or that is none.

Attack: with `HTTP/1.10`, `HTTP/2.0` or no version at all a request is one message to one reader and
something else to another: the body is framed by other rules, Host is not needed, or the answer has
no head. Answer: a version is two digits in the form of the RFC; major versions other than 1 get
505, later minor versions are read as 1.1, and there is no HTTP/0.9 (RFC 9112 section 2.3).
"""

import pytest

from h11_events import Data, EndOfMessage, ErrorCode, Request
from h11_parser import PAUSED
from tests.attacks.harness import (
    ALL_FOR_REQUESTS,
    ALL_FOR_RESPONSES,
    GET,
    Verdict,
    client_side,
    post,
    post_event,
    refused,
    server_side,
    taken,
    verdict,
)

BAD_REQUEST_LINE = refused(ErrorCode.BAD_REQUEST_LINE)
BAD_STATUS_LINE = refused(ErrorCode.BAD_STATUS_LINE)
UNSUPPORTED_VERSION = refused(ErrorCode.UNSUPPORTED_VERSION, 505)

NO_VERSIONS = {
    "two digits behind the dot": b"HTTP/1.10",
    "zero behind the dot": b"HTTP/1.01",
    "two digits before the dot": b"HTTP/11.1",
    "no dot": b"HTTP/1",
    "nothing behind the dot": b"HTTP/1.",
    "nothing before the dot": b"HTTP/.1",
    "comma": b"HTTP/1,1",
    "three numbers": b"HTTP/1.1.1",
    "letter behind": b"HTTP/1.1a",
    "sign": b"HTTP/+1.1",
    "minus": b"HTTP/1.-1",
    "superscript one in Latin-1": b"HTTP/1.\xb9",
    "Arabic-Indic one in UTF-8": b"HTTP/\xd9\xa1.1",
    "small letters": b"http/1.1",
    "mixed case": b"Http/1.1",
    "other protocol": b"HTCPCP/1.0",
    "other protocol with the same end": b"XHTTP/1.1",
    "TLS in the name": b"HTTPS/1.1",
    "no slash": b"HTTP1.1",
    "backslash": b"HTTP\\1.1",
    "no name": b"/1.1",
    "version alone": b"1.1",
    "NUL behind": b"HTTP/1.1\x00",
    "VT behind": b"HTTP/1.1\x0b",
    "CR behind": b"HTTP/1.1\r",
}


@pytest.mark.parametrize("version", NO_VERSIONS.values(), ids=NO_VERSIONS)
def test_version_that_is_none(version: bytes) -> None:
    """What is not `HTTP/`, a digit, a dot and a digit is refused, whatever is tolerated."""
    stream = b"GET / " + version + b"\r\nHost: a\r\n\r\n"
    assert verdict(server_side(ALL_FOR_REQUESTS), stream) == BAD_REQUEST_LINE
    readers = client_side(tolerate=ALL_FOR_RESPONSES)
    assert verdict(readers, version + b" 200 OK\r\n\r\n") == BAD_STATUS_LINE


MAJOR_VERSIONS = [b"0.9", b"0.0", b"2.0", b"2.1", b"3.0", b"9.9"]


@pytest.mark.parametrize("version", MAJOR_VERSIONS, ids=[v.decode() for v in MAJOR_VERSIONS])
def test_other_major_version(version: bytes) -> None:
    """Another major version has other rules, and is answered with 505."""
    stream = b"GET / HTTP/" + version + b"\r\nHost: a\r\n\r\n"
    assert verdict(server_side(ALL_FOR_REQUESTS), stream) == UNSUPPORTED_VERSION
    readers = client_side(tolerate=ALL_FOR_RESPONSES)
    stream = b"HTTP/" + version + b" 200 OK\r\n\r\n"
    assert verdict(readers, stream) == UNSUPPORTED_VERSION


PREFACE = b"PRI * HTTP/2.0\r\n\r\n"


def test_preface_of_http_2() -> None:
    """Nothing after the preface of HTTP/2 is read as HTTP/1.1, not even a request in it."""
    request = Request(method="PRI", target="*", headers=[], http_version="2.0")
    for rest in (b"SM\r\n\r\n", GET):
        seen = verdict(server_side(), PREFACE + rest)
        assert seen == Verdict([request, EndOfMessage()], PAUSED, rest)


SIMPLE_REQUESTS = {
    "target alone": b"GET /\r\n",
    "space behind": b"GET / \r\n",
    "LF": b"GET /\n",
    "with fields": b"GET /\r\nHost: a\r\n\r\n",
    "before a request": b"GET /\r\n" + GET,
}


@pytest.mark.parametrize("stream", SIMPLE_REQUESTS.values(), ids=SIMPLE_REQUESTS)
def test_simple_request(stream: bytes) -> None:
    """A request without a version, as of HTTP/0.9, is refused."""
    assert verdict(server_side(ALL_FOR_REQUESTS), stream) == BAD_REQUEST_LINE


@pytest.mark.parametrize("stream", [b"hello", b"<html>\r\n", b"ICY 200 OK\r\n\r\n"])
def test_simple_response(stream: bytes) -> None:
    """A response without a head, as of HTTP/0.9, is refused, as is one of other protocols."""
    assert verdict(client_side(tolerate=ALL_FOR_RESPONSES), stream) == BAD_STATUS_LINE


MINOR_VERSIONS = [b"1.2", b"1.9"]


@pytest.mark.parametrize("version", MINOR_VERSIONS, ids=[v.decode() for v in MINOR_VERSIONS])
def test_later_minor_version(version: bytes) -> None:
    """A later minor version is read as 1.1: with chunks, and not without Host."""
    coding = b"Transfer-Encoding: chunked"
    stream = post(coding, body=b"5\r\nhello\r\n0\r\n\r\n", version=version)
    event = post_event(("Transfer-Encoding", "chunked"), version=version.decode())
    assert verdict(server_side(), stream) == taken(event, Data(b"hello"), EndOfMessage())
    without_host = b"GET / HTTP/" + version + b"\r\n\r\n"
    assert verdict(server_side(), without_host) == refused(ErrorCode.BAD_HOST)


def test_body_of_http_1_0() -> None:
    """In HTTP/1.0 a length frames a body; without one there is none, and HTTP goes on behind it."""
    stream = b"POST / HTTP/1.0\r\nContent-Length: 5\r\n\r\nhello"
    headers = [("Content-Length", "5")]
    event = Request(method="POST", target="/", headers=headers, http_version="1.0")
    assert verdict(server_side(), stream) == taken(event, Data(b"hello"), EndOfMessage())
