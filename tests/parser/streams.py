"""Streams worth cutting at every place: what they are, and the octets.

In: nothing. Out: two plain messages with their events, and streams of requests and of responses by
what is special about them: legal, refused, and what is the one or the other by what is tolerated;
every way to be refused is among them (RFC 9112 sections 2 to 7).
"""

from typing import Final

from h11_events import Data, EndOfMessage, Event, Request, Response

GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
GET_EVENT = Request(method="GET", target="/", headers=[("Host", "a")])
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
OK_EVENTS: list[Event] = [
    Response(status_code=200, headers=[("content-length", "2")], reason="OK"),
    Data(b"hi"),
    EndOfMessage(),
]
END = EndOfMessage()

_CHUNKED_REQUEST = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
_CHUNKED_RESPONSE = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

REQUESTS: Final = {
    "one": b"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
    "bare LF": b"GET / HTTP/1.1\nHost: a\nA: b\n\nGET / HTTP/1.0\n\n",
    "mixed line ends": b"GET / HTTP/1.1\r\nHost: a\nA: b\r\n\nGET / HTTP/1.1\nHost: b\r\n\r\n",
    "LF, then CRLF in the next head": b"GET / HTTP/1.1\r\nHost: a\n\nGET / HTTP/1.0\r\n\r\n",
    "folded": b"GET / HTTP/1.1\r\nHost: a\r\nA: b \r\n c\r\n\r\n",
    "length": b"PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 7\r\n\r\nab\r\n\r\nc",
    "chunks": _CHUNKED_REQUEST + b"2\r\nab\r\n4\r\n\r\n\r\n\r\n0\r\n\r\nGET / HTTP/1.0\r\n\r\n",
    "extensions": _CHUNKED_REQUEST + b'2;a\r\nab\r\n1 ;\tb="\\"c"\r\nd\r\n0;e=f\r\n\r\n',
    "trailers": _CHUNKED_REQUEST + b"1\r\na\r\n0\r\nA: b\r\nC:\td\r\n\r\nGET / HTTP/1.0\r\n\r\n",
    "folded trailers": _CHUNKED_REQUEST + b"0\r\nA: b\r\nC:\r\n d\r\n\r\nGET / HTTP/1.0\r\n\r\n",
    "trailers with bare LF": _CHUNKED_REQUEST + b"0\r\nA: b\n\nGET / HTTP/1.0\r\n\r\n",
    "no trailers, bare LF": _CHUNKED_REQUEST + b"0\r\n\nGET / HTTP/1.0\r\n\r\n",
    "upgrade": b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: b\r\n\r\nGET / HTTP/1.0\r\n\r\n",
    "upgrade with body": b"PUT / HTTP/1.1\r\nHost:\r\nUpgrade: b\r\nContent-Length: 2\r\n\r\nabcd",
    "upgrade of HTTP/1.0": b"GET / HTTP/1.0\r\nUpgrade: b\r\n\r\nGET / HTTP/1.0\r\n\r\n",
    "connect": b"CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n\x00tunnel",
    "TLS": b"\x16\x03\x01\x02\x00",
    "empty line first": b"\r\nGET / HTTP/1.0\r\n\r\n",
    "empty lines first": b"\r\n\r\n\r\nGET / HTTP/1.0\r\n\r\n",
    "empty line between": b"GET / HTTP/1.0\r\n\r\n\r\nGET / HTTP/1.0\r\n\r\n",
    "empty lines at the end": b"GET / HTTP/1.0\r\n\r\n\r\n\r\n\r",
    "empty lines with bare LF": b"\n\r\nGET / HTTP/1.0\r\n\r\n\n\nGET / HTTP/1.0\n\n",
    "CR first": b"\rGET / HTTP/1.0\r\n\r\n",
    "all methods and targets": (
        b"x / HTTP/1.0\r\n\r\nGET http://a:1/?b HTTP/1.0\r\n\r\nOPTIONS * HTTP/1.0\r\n\r\n"
    ),
    "unencoded target": b"GET /{|}%?[] HTTP/1.0\r\n\r\n",
    "non-ASCII target": b"GET /caf\xc3\xa9 HTTP/1.0\r\n\r\n",
    "fragment": b"GET /a#b HTTP/1.0\r\n\r\n",
    "no target for its method": b"GET * HTTP/1.0\r\n\r\n",
    "other minor version": b"GET / HTTP/1.7\r\nHost: a\r\n\r\n",
    "other major version": b"GET / HTTP/2.0\r\nHost: a\r\n\r\n",
    "bad request line": b"GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
    "CR in request line": b"GET / HTTP/1.1\r\r\nHost: a\r\n\r\n",
    "no colon": b"GET / HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n",
    "blank before colon": b"GET / HTTP/1.1\r\nHost: a\r\nA : b\r\n\r\n",
    "continuation of nothing": b"GET / HTTP/1.1\r\n A: b\r\nHost: a\r\n\r\n",
    "CR in a value": b"GET / HTTP/1.1\r\nHost: a\r\nA: b\rc\r\n\r\n",
    "NUL in a value": b"GET / HTTP/1.1\r\nHost: a\r\nA: \x00\r\n\r\n",
    "control octet in a value": b"GET / HTTP/1.1\r\nHost: a\r\nA: \x01\x7f\r\n\r\n",
    "no Host": b"GET / HTTP/1.1\r\nA: b\r\n\r\n",
    "two Hosts": b"GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
    "bad Host": b"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n",
    "bad length": b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
    "long length": b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 000000000000000000001\r\n\r\n",
    "two lengths": b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 2\r\n\r\n",
    "bad coding": b"GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n",
    "other coding": b"GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
    "length and coding": _CHUNKED_REQUEST.replace(b"Host", b"Content-Length: 5\r\nHost"),
    "coding of HTTP/1.0": _CHUNKED_REQUEST.replace(b"1.1", b"1.0") + b"0\r\n\r\n",
    "bad chunk size": _CHUNKED_REQUEST + b"1\r\na\r\n0x1\r\nb\r\n0\r\n\r\n",
    "bad chunk end": _CHUNKED_REQUEST + b"1\r\nab\r\n0\r\n\r\n",
    "LF as chunk end": _CHUNKED_REQUEST + b"1\r\na\n0\r\n\r\n",
    "CR alone as chunk end": _CHUNKED_REQUEST + b"1\r\na\r1\r\n",
    "LF after chunk size": _CHUNKED_REQUEST + b"1\na\r\n0\r\n\r\n",
    "CR in an extension": _CHUNKED_REQUEST + b"1;\ra\r\na\r\n0\r\n\r\n",
    "blank after chunk size": _CHUNKED_REQUEST + b"1 \t\r\na\r\n0 \r\n\r\n",
    "bad extension": _CHUNKED_REQUEST + b"1;a=\r\na\r\n0\r\n\r\n",
    "quote that does not end": _CHUNKED_REQUEST + b'1;a="b\r\na\r\n0\r\n\r\n',
    "bad trailers": _CHUNKED_REQUEST + b"0\r\nno colon\r\n\r\n",
    "late trailers": _CHUNKED_REQUEST + b"0\r\nA: b\r\nHost: a\r\n\r\n",
    "CR as empty line": b"GET / HTTP/1.0\r\nA: b\r\n\r\r\n\r\n",
}
"""Streams of requests."""

RESPONSES: Final = {
    "one": b"HTTP/1.1 204 No Content\r\n\r\n",
    "no reason": b"HTTP/1.1 204\r\n\r\nHTTP/1.1 204 \r\n\r\n",
    "bare LF": b"HTTP/1.1 204\n\nHTTP/1.1 204 \nA: b\r\n\n",
    "folded": b"HTTP/1.1 204 No Content\r\nA: b\r\n c\r\n\r\n",
    "control octet in a value": b"HTTP/1.1 204 No Content\r\nA: \x01\r\n\r\n",
    "blank before colon": b"HTTP/1.1 204 No Content\r\nA \t: b\r\n\r\n",
    "no field lines": b"HTTP/1.1 204 No Content\r\n a: b\r\nno colon\r\n(: \x01\r\nA: b\r\n\r\n",
    "informational": b"HTTP/1.1 100 \r\n\r\nHTTP/1.1 103 \nA: b\n\nHTTP/1.1 304 \r\n\r\n",
    "until close": b"HTTP/1.1 200 OK\r\nA: b\r\n\r\nab\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
    "until close, bare LF": b"HTTP/1.0 200 OK\n\nab\n\n",
    "length": b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcHTTP/1.1 204 \r\n\r\n",
    "chunks": _CHUNKED_RESPONSE + b"3\r\nabc\r\n00A\r\n\r\n0\r\n\r\n\r\n1\r\n0\r\nA: b\r\n\r\n",
    "length and coding": (
        _CHUNKED_RESPONSE.replace(b"\r\n\r\n", b"\r\nContent-Length: 5\r\n\r\n")
        + b"1\r\na\r\n0\r\n\r\nrest"
    ),
    "coding of HTTP/1.0": _CHUNKED_RESPONSE.replace(b"1.1", b"1.0") + b"1\r\na\r\n0\r\n\r\nrest",
    "chunked twice": _CHUNKED_RESPONSE.replace(b"chunked", b"chunked, Chunked") + b"0\r\n\r\n",
    "blank after chunk size": _CHUNKED_RESPONSE + b"1 \t\r\na\r\n0 \r\n\r\n",
    "late trailers": _CHUNKED_RESPONSE + b"0\r\nA: b\r\nContent-Length: x\r\n\r\n",
    "switch": b"HTTP/1.1 101 \r\nUpgrade: b\r\n\r\nHTTP/1.1 200 \r\n\r\n",
    "099": b"HTTP/1.1 099 OK\r\n\r\n",
    "other minor version": b"HTTP/1.4 204 No Content\r\n\r\n",
    "other major version": b"HTTP/3 200 OK\r\n\r\n",
    "other protocol": b"ICY 200 OK\r\n\r\n",
    "bad status line": b"HTTP/1.1 200 OK\x00\r\n\r\n",
    "CR in reason": b"HTTP/1.1 200 \rOK\r\n\r\n",
    "bad trailers": _CHUNKED_RESPONSE + b"0\r\nA : b\r\n\r\n",
    "too many digits": _CHUNKED_RESPONSE + b"f" * 21 + b"\r\n",
    "most digits": _CHUNKED_RESPONSE + b"f" * 20 + b"\r\nabc",
}
"""Streams of responses."""
