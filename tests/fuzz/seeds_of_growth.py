"""The streams in which the fuzzer of growth repeats a part, and so does `test_growth`.

In: nothing. Out: the inputs of the target `growth`, by name. In each stream the part between two
octets `BREAK` is repeated until the stream is long; the first number of the plan chooses the reader
(RFC 9112 sections 2 to 7). Each is a place where a peer may send as much of something as it likes.
"""

from typing import Final

from h11_parser import Tolerance
from h11_parser._tolerance import ALLOWED_IN_REQUESTS
from tests.fuzz.settings import EVERY_TOLERANCE, ONLY_IN_REQUESTS, preamble

_READERS: Final = ("requests", "responses", "chunked", "server", "client")
"""What the first number of the plan means."""


def _seed(
    reader: str, before: bytes, part: bytes, after: bytes, tolerance: Tolerance | None = None
) -> bytes:
    """Return an input in which a part is to be repeated."""
    settings = preamble(plan=(_READERS.index(reader), len(part) % 2, 0, 0), tolerance=tolerance)
    return settings + before + b"\x1e" + part + b"\x1e" + after


_GET = b"GET / HTTP/1.1\r\nHost: a\r\n"
_OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n"
_PUT = b"PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
_END = b"\r\n\r\n"
_IN_RESPONSES = EVERY_TOLERANCE & ~ONLY_IN_REQUESTS

GROWTH: Final = {
    "method": _seed("requests", b"G", b"E", b" / HTTP/1.1" + _END),
    "target": _seed("requests", b"GET /", b"a", b" HTTP/1.0" + _END),
    "target and a bad octet": _seed("requests", b"GET /", b"a/", b"\x00 HTTP/1.0" + _END),
    "absolute form": _seed("requests", b"GET http://", b"a.", b"/ HTTP/1.0" + _END),
    "absolute form of colons": _seed("requests", b"GET http://a", b":1", b"/ HTTP/1.0" + _END),
    "absolute form of userinfo": _seed("requests", b"GET http://", b"a@", b"b/ HTTP/1.0" + _END),
    "absolute form in brackets": _seed("requests", b"GET http://[", b":1", b"]/ HTTP/1.0" + _END),
    "authority form": _seed("requests", b"CONNECT ", b"a.", b":1 HTTP/1.0" + _END),
    "host": _seed("requests", b"GET / HTTP/1.1\r\nHost: a", b".a", b":x" + _END),
    "host of colons": _seed("requests", b"GET / HTTP/1.1\r\nHost: [", b"1:", b"" + _END),
    "empty lines first": _seed("requests", b"", b"\r\n", _GET + b"\r\n"),
    "value": _seed("requests", _GET + b"A: ", b"b", _END),
    "value of blanks and a bad octet": _seed("requests", _GET + b"A:", b" ", b"\x00" + _END),
    "value of tabs and a bad octet": _seed("responses", _OK + b"A:", b"\t", b"\x00" + _END),
    "blanks in value and a bad octet": _seed("requests", _GET + b"A:", b" b", b" \x00" + _END),
    "blanks after value": _seed("responses", _OK + b"A: b", b" \t", b"\r\nB: c" + _END),
    "value of CRs": _seed("responses", _OK + b"A: b", b" \r", _END),
    "control octets": _seed("requests", _GET + b"A: b", b"\x01 ", _END, ALLOWED_IN_REQUESTS),
    "name": _seed("requests", _GET, b"a", b": b" + _END),
    "name and a bad octet": _seed("requests", _GET, b"a-", b"(: b" + _END),
    "blanks before colon": _seed("responses", _OK + b"A", b" ", b": b" + _END, _IN_RESPONSES),
    "invalid lines": _seed("responses", _OK, b"no colon\r\n", b"\r\n", _IN_RESPONSES),
    "one long invalid line": _seed("responses", _OK, b"a ", b"\r\n\r\n", _IN_RESPONSES),
    "fields": _seed("requests", _GET, b"A: b\r\n", b"\r\n"),
    "hosts": _seed("requests", b"GET / HTTP/1.1\r\n", b"Host: a\r\n", b"\r\n"),
    "fields with bare lf": _seed("responses", b"HTTP/1.1 204\n", b"A: b\n", b"\n"),
    "folds": _seed("responses", _OK + b"A: b", b"\r\n c", _END),
    "empty folds": _seed("responses", _OK + b"A: b", b"\r\n ", _END),
    "folds tolerated": _seed("requests", _GET + b"A: b", b"\r\n\t", _END, ALLOWED_IN_REQUESTS),
    "lengths": _seed("requests", b"PUT / HTTP/1.0\r\n", b"Content-Length: 2\r\n", b"\r\nab"),
    "list of lengths": _seed("requests", b"PUT / HTTP/1.0\r\nContent-Length: 2", b",2", _END),
    "codings": _seed("responses", _OK, b"Transfer-Encoding: chunked\r\n", b"\r\n", _IN_RESPONSES),
    "empty codings": _seed("responses", _OK + b"Transfer-Encoding: ", b", ,", b"chunked" + _END),
    "connection options": _seed("server", _GET + b"Connection: a", b" ,a", _END),
    "reason and a bad octet": _seed("responses", b"HTTP/1.1 204 ", b"a", b"\x00" + _END),
    "informational": _seed("client", b"", b"HTTP/1.1 100 \r\n\r\n", _OK + b"\r\n"),
    "requests": _seed("server", b"", _GET + b"\r\n", b""),
    "responses": _seed("client", b"", _OK + b"\r\n", b""),
    "requests in vain": _seed("requests", b"CONNECT a:1 HTTP/1.0\r\n\r\n", _GET + b"\r\n", b""),
    "data after the last message": _seed("client", _OK + b"Connection: close\r\n\r\n", b"a", b""),
    "chunks": _seed("chunked", b"", b"1\r\na\r\n", b"0\r\n\r\n"),
    "chunks of a request": _seed("server", _PUT, b"1\r\na\r\n", b"0\r\n\r\n" + _GET),
    "chunk extensions": _seed("chunked", b"1", b";a=b", b"\r\na\r\n0\r\n\r\n"),
    "blanks in extension": _seed("requests", _PUT + b"1 ", b" ", b";a\x00\r\na\r\n"),
    "blanks before equals": _seed("requests", _PUT + b"1;a", b" \t", b"\x00\r\na\r\n"),
    "quoted extension": _seed("requests", _PUT + b'1;a="', b"\\a", b'"\r\na\r\n0\r\n\r\n'),
    "quotes in extension": _seed("requests", _PUT + b"1;a", b'="b";a', b"\x00\r\na\r\n"),
    "blanks after size": _seed(
        "responses",
        _OK.replace(b"Content-Length: 0", b"Transfer-Encoding: chunked") + b"\r\n1",
        b" ",
        b"x\r\n",
    ),
    "trailers": _seed("chunked", b"0\r\n", b"A: b\r\n", b"\r\n"),
    "trailers left out": _seed(
        "responses",
        _OK.replace(b"Content-Length: 0", b"Transfer-Encoding: chunked") + b"\r\n0\r\n",
        b"Host: a\r\n",
        b"\r\n",
    ),
    "content": _seed("requests", b"PUT / HTTP/1.0\r\nContent-Length: 65536\r\n\r\n", b"a", b""),
}
"""Inputs of the target `growth`."""
