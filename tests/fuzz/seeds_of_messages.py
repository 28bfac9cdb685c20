"""The streams that the fuzzers of messages begin with: legal ones, and such as are nearly legal.

In: nothing. Out: the inputs of the targets, by name: settings and a stream (RFC 9112 sections 2 to
9). A fuzzer goes on from there; what matters is that each feature is there once.
"""

from typing import Final

from h11_parser import Tolerance
from tests.fuzz.settings import EVERY_TOLERANCE, preamble

_USUAL = preamble()
_OPEN = preamble(closed=False)
_STRICT = preamble(tolerance=Tolerance.NONE)
_TOLERANT = preamble(tolerance=EVERY_TOLERANCE)
_LITTLE_ROOM = preamble(limits=5)
_MORE_ROOM = preamble(limits=9)

_HOST = b"Host: a\r\n"
_GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
_GET_1_0 = b"GET / HTTP/1.0\r\n\r\n"
_PUT_CHUNKED = b"PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
_PUT_2 = b"PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n"
_EXPECTING = b"PUT / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"
_UPGRADE = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: b\r\n\r\n"
_CONNECT = b"CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n"
_OK_2 = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
_OK_CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

REQUESTS: Final = {
    "get": _USUAL + _GET,
    "get 1.0": _USUAL + _GET_1_0,
    "version 1.9": _USUAL + b"GET / HTTP/1.9\r\nHost: a\r\n\r\n",
    "version 2.0": _USUAL + b"GET / HTTP/2.0\r\nHost: a\r\n\r\n",
    "empty lines first": _USUAL + b"\r\n\r\n" + _GET + b"\r\n" + _GET,
    "absolute form": _USUAL + b"GET http://a:80/b?c HTTP/1.1\r\nHost: a:80\r\n\r\n",
    "absolute form with userinfo": _USUAL + b"GET http://b@a/ HTTP/1.1\r\nHost: a\r\n\r\n",
    "asterisk form": _USUAL + b"OPTIONS * HTTP/1.1\r\nHost: [::1]:1\r\n\r\n",
    "asterisk with get": _USUAL + b"GET * HTTP/1.1\r\nHost: a\r\n\r\n",
    "connect": _USUAL + _CONNECT + b"\x00tunnel",
    "connect resumed": preamble(resumed=True) + _CONNECT + _GET,
    "upgrade": _OPEN + _UPGRADE + b"\x00other",
    "unencoded target": _USUAL + b'GET /"<>[]\\^`{|} HTTP/1.1\r\nHost: a\r\n\r\n',
    "target above ascii": _TOLERANT + b"GET /\xc3\xa9 HTTP/1.1\r\nHost: a\r\n\r\n",
    "fragment": _USUAL + b"GET /#a HTTP/1.1\r\nHost: a\r\n\r\n",
    "bad host": _USUAL + b"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n",
    "two hosts": _USUAL + b"GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
    "no host": _USUAL + b"GET / HTTP/1.1\r\nA: b\r\n\r\n",
    "white space around values": _USUAL + b"GET / HTTP/1.1\r\nHost: \ta \t\r\nA:\r\nB: \r\n\r\n",
    "bare lf": _USUAL + b"GET / HTTP/1.1\nHost: a\n\n",
    "bare lf tolerated": _TOLERANT + b"GET / HTTP/1.1\nHost: a\r\nA: b\n\r\n" + _GET,
    "fold": _USUAL + b"GET / HTTP/1.1\r\nHost: a\r\nA: b\r\n c\r\n\r\n",
    "fold tolerated": _TOLERANT + b"GET / HTTP/1.1\r\nHost: a\r\nA: b \r\n\t c\r\n \r\n\r\n",
    "control octet tolerated": _TOLERANT + b"GET / HTTP/1.1\r\nHost: a\r\nA: \x01\x7f\r\n\r\n",
    "nul": _TOLERANT + b"GET / HTTP/1.1\r\nHost: a\r\nA: \x00\r\n\r\n",
    "cr in a value": _TOLERANT + b"GET / HTTP/1.1\r\nHost: a\r\nA: b\rc\r\n\r\n",
    "blank before colon": _USUAL + b"GET / HTTP/1.1\r\nHost: a\r\nA : b\r\n\r\n",
    "no colon": _USUAL + b"GET / HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n",
    "length": _USUAL + _PUT_2 + b"\r\n" + _GET,
    "length twice": _USUAL
    + b"PUT / HTTP/1.0\r\nContent-Length: 2, 2\r\ncontent-length: 2\r\n\r\nab",
    "two lengths": _USUAL + b"PUT / HTTP/1.0\r\nContent-Length: 2, 3\r\n\r\nab",
    "too many digits": _USUAL
    + b"PUT / HTTP/1.0\r\nContent-Length: 000000000000000000002\r\n\r\nab",
    "length and coding": _USUAL + _PUT_CHUNKED.replace(_HOST, _HOST + b"Content-Length: 2\r\n"),
    "coding in 1.0": _USUAL + b"PUT / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "unknown coding": _USUAL + _PUT_CHUNKED.replace(b"chunked", b"gzip, chunked"),
    "chunked twice": _USUAL + _PUT_CHUNKED.replace(b"chunked", b"chunked, chunked"),
    "chunks": _USUAL + _PUT_CHUNKED + b"2;a=b\r\nab\r\n1\r\nc\r\n0\r\nA: b\r\n\r\n" + _GET,
    "blank after size": _TOLERANT + _PUT_CHUNKED + b"1 \t\r\na\r\n0 \r\n\r\n",
    "forbidden trailer": _USUAL + _PUT_CHUNKED + b"0\r\nHost: a\r\n\r\n",
    "tls": _USUAL + b"\x16\x03\x01\x02\x00",
    "head of the limit": preamble(limits=2) + _GET.replace(b"a\r", b"abcdef\r"),
    "head over the limit": preamble(limits=2) + _GET.replace(b"a\r", b"abcdefg\r"),
    "line over the limit": _LITTLE_ROOM + b"GET /" + b"a" * 90,
    "fields over the limit": _LITTLE_ROOM + _GET.replace(_HOST, _HOST + b"A: b\r\n" * 4),
    "trailers over the limit": _LITTLE_ROOM + _PUT_CHUNKED + b"0\r\nA: " + b"b" * 40,
    "strict": _STRICT + b"GET /{} HTTP/1.1\r\nHost: a\r\n\r\n",
}
"""Inputs of the target `requests`."""

RESPONSES: Final = {
    "length": _USUAL + _OK_2,
    "two": _OPEN + _OK_2 + _OK_2,
    "until close": _USUAL + b"HTTP/1.1 200 OK\r\nA: b\r\n\r\nhi\r\n",
    "version 1.0": _USUAL + b"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n\r\nhi",
    "no reason": _USUAL + b"HTTP/1.1 204\r\n\r\nHTTP/1.1 304 \r\n\r\n",
    "reason above ascii": _USUAL + b"HTTP/1.1 200 \xe9 \t\r\nContent-Length: 0\r\n\r\n",
    "informational": _USUAL + b"HTTP/1.1 100 \r\n\r\nHTTP/1.1 103 a\r\nLink: b\r\n\r\n" + _OK_2,
    "switch": _USUAL + b"HTTP/1.1 101 \r\nUpgrade: b\r\n\r\n\x00",
    "to head": preamble(plan=(2, 1, 0, 0))
    + b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"
    + _OK_2,
    "to connect": preamble(plan=(3, 0, 0, 0)) + b"HTTP/1.1 200 OK\r\n\r\n\x00",
    "to connect refused": preamble(plan=(3, 0, 0, 0)) + b"HTTP/1.1 404 \r\n\r\nhi",
    "chunks": _USUAL + _OK_CHUNKED + b"2\r\nhi\r\nA;a\r\n0123456789\r\n0\r\n\r\n" + _OK_2,
    "trailers": _USUAL + _OK_CHUNKED + b"0\r\nA: b\r\nTransfer-Encoding: c\r\nC:\r\n\r\n",
    "strict trailers": _STRICT + _OK_CHUNKED + b"0\r\nContent-Length: 2\r\n\r\n",
    "blank after size": _USUAL + _OK_CHUNKED + b"2 \r\nhi\r\n0 \r\n\r\n",
    "bare lf": _USUAL + b"HTTP/1.1 200 OK\nContent-Length: 2\n\nhi",
    "fold": _USUAL + b"HTTP/1.1 204 OK\r\nA: b\r\n c\r\n\r\n",
    "control octet": _USUAL + b"HTTP/1.1 204 OK\r\nA: \x01\r\n\r\n",
    "blank before colon": _TOLERANT + b"HTTP/1.1 204 OK\r\nA : b\r\n\r\n",
    "field line left out": _TOLERANT + b"HTTP/1.1 204 OK\r\nno colon\r\nA(: b\r\nA: b\r\n\r\n",
    "length and coding": _USUAL
    + _OK_CHUNKED.replace(b"Tr", b"Content-Length: 2\r\nTr")
    + b"0\r\n\r\n",
    "coding in 1.0": _USUAL + b"HTTP/1.0 200 \r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "unknown coding": _USUAL + b"HTTP/1.1 200 \r\nTransfer-Encoding: gzip\r\n\r\n",
    "chunked twice": _TOLERANT
    + _OK_CHUNKED.replace(b"chunked", b"chunked,, chunked")
    + b"0\r\n\r\n",
    "two lengths": _USUAL + b"HTTP/1.1 200 \r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nhi",
    "status 099": _USUAL + b"HTTP/1.1 099 OK\r\n\r\n",
    "bad status line": _USUAL + b"HTTP/1.1 200OK\r\n\r\n",
    "version 3.0": _USUAL + b"HTTP/3.0 200 OK\r\n\r\n",
    "too short": _USUAL + _OK_2[:-1],
    "head over the limit": preamble(limits=1) + _OK_2,
    "extensions over the limit": _MORE_ROOM + _OK_CHUNKED + b"1;abcdefgh\r\na\r\n1;abcdefgh\r\n",
}
"""Inputs of the target `responses`."""

CHUNKED: Final = {
    "one": _USUAL + b"5\r\nhello\r\n0\r\n\r\n",
    "open": _OPEN + b"5\r\nhel",
    "upper and lower case": _USUAL + b"A\r\n0123456789\r\na\r\n0123456789\r\n00\r\n\r\nrest",
    "extensions": _USUAL + b'1;a\r\na\r\n1 ; a = b;c="d\\"\\e;\t"\r\na\r\n0;a=b\r\n\r\n',
    "extension not ended": _USUAL + b'1;a="b\r\na\r\n',
    "cr in extension": _TOLERANT + b"1;a\rb\r\na\r\n",
    "lf in extension": _TOLERANT + b"1;a\nb\r\na\r\n",
    "lf after size": _TOLERANT + b"1\na\r\n",
    "blank after size": _USUAL + b"1 \r\na\r\n0\t\r\n\r\n",
    "no size": _USUAL + b"\r\n",
    "most digits": _USUAL + b"f" * 20 + b"\r\na",
    "too many digits": _USUAL + b"0" * 21 + b"\r\n",
    "data too long": _USUAL + b"1\r\nab\r\n",
    "lf after data": _TOLERANT + b"1\r\na\n0\r\n\r\n",
    "cr after data": _USUAL + b"1\r\na\r0\r\n\r\n",
    "trailers": _USUAL + b"0\r\nA: b\r\nC: \t d \r\n\r\nrest",
    "bare lf in trailers": _TOLERANT + b"0\r\nA: b\n\n",
    "fold in trailers": _TOLERANT + b"0\r\nA: b\r\n c\r\n\r\n",
    "bad trailer": _USUAL + b"0\r\nno colon\r\n\r\n",
    "fold first": _TOLERANT + b"0\r\n a\r\n\r\n",
}
"""Inputs of the target `chunked`."""

SERVER: Final = {
    "keep alive": _USUAL + _GET + _PUT_2 + b"ab" + _GET,
    "chunked answer": preamble(plan=(1, 0, 1, 0))
    + _GET
    + _PUT_CHUNKED
    + b"1\r\na\r\n0\r\n\r\n"
    + _GET,
    "continue": preamble(plan=(2, 0, 0, 0)) + _EXPECTING + b"ab" + _GET,
    "early answer": preamble(plan=(3, 3, 0, 0)) + _EXPECTING + b"ab" + _GET,
    "upgrade": preamble(plan=(4, 0, 0, 0)) + _UPGRADE + b"\x00other",
    "upgrade refused": preamble(plan=(6, 0, 0, 0)) + _UPGRADE + _GET,
    "upgrade without answer": preamble(plan=(11, 0, 0, 0), closed=False) + _UPGRADE + _GET,
    "switch before the end": preamble(plan=(10, 0, 0, 0)) + _UPGRADE + _GET,
    "switch without proposal": preamble(plan=(4, 0, 0, 0)) + _GET + _GET,
    "connect": preamble(plan=(5, 0, 0, 0)) + _CONNECT + b"\x00tunnel",
    "connect refused": preamble(plan=(6, 0, 0, 0)) + _CONNECT + _GET,
    "hints": preamble(plan=(7, 7, 0, 0)) + _PUT_2 + b"ab" + _GET,
    "client closes": _USUAL + _GET.replace(_HOST, _HOST + b"Connection: close\r\n") + _GET,
    "we close": preamble(plan=(8, 0, 0, 0)) + _GET + _GET,
    "too little sent": preamble(plan=(9, 0, 0, 0)) + _GET + _GET,
    "answer in parts": preamble(plan=(12, 12, 0, 0)) + _PUT_2 + b"ab" + _PUT_2 + b"ab",
    "closed by us": preamble(plan=(13, 0, 0, 0)) + _GET + _GET,
    "not modified": preamble(plan=(14, 15, 0, 0)) + _GET + _GET,
    "to 1.0": preamble(plan=(1, 0, 0, 0)) + _GET_1_0 + _GET,
    "more than the limit after the end": preamble(limits=3) + _GET_1_0 + b"a" * 60,
    "to head": _USUAL + b"HEAD / HTTP/1.1\r\nHost: a\r\n\r\n" + _GET,
    "bad request after a good one": _USUAL + _GET + b"GET  / HTTP/1.1\r\n\r\n",
    "bad body": preamble(plan=(12, 0, 0, 0)) + _PUT_CHUNKED + b"x",
    "breaks off in a body": _USUAL + _PUT_2 + b"a",
    "breaks off in a head": _USUAL + _GET + _GET[:9],
    "no answer": preamble(plan=(11, 0, 0, 0)) + _GET + _GET,
    "limits": _MORE_ROOM + _GET + _PUT_CHUNKED + b"1;abc=d\r\na\r\n0\r\nA: b\r\n\r\n",
}
"""Inputs of the target `server`."""

CLIENT: Final = {
    "keep alive": _USUAL + _OK_2 + _OK_2,
    "head": preamble(plan=(1, 0, 0, 0)) + b"HTTP/1.1 200 \r\nContent-Length: 2\r\n\r\n" + _OK_2,
    "connect": preamble(plan=(2, 0, 0, 0))
    + b"HTTP/1.1 200 \r\nContent-Length: 2\r\n\r\n\x00tunnel",
    "connect refused": preamble(plan=(2, 0, 0, 0))
    + b"HTTP/1.1 404 \r\nContent-Length: 2\r\n\r\nhi",
    "upgrade": preamble(plan=(3, 0, 0, 0)) + b"HTTP/1.1 101 \r\nUpgrade: b\r\n\r\n\x00other",
    "upgrade refused": preamble(plan=(3, 0, 0, 0)) + _OK_2 + _OK_2,
    "switch without proposal": _USUAL + b"HTTP/1.1 101 \r\nUpgrade: b\r\n\r\n",
    "continue": preamble(plan=(5, 0, 0, 0)) + b"HTTP/1.1 100 \r\n\r\n" + _OK_2 + _OK_2,
    "no continue": preamble(plan=(5, 0, 0, 0)) + b"HTTP/1.1 417 \r\nContent-Length: 0\r\n\r\n",
    "hints": preamble(plan=(4, 6, 0, 0)) + b"HTTP/1.1 103 \r\nLink: b\r\n\r\n" + _OK_2 + _OK_2,
    "chunks": preamble(plan=(6, 0, 0, 0)) + _OK_CHUNKED + b"2\r\nhi\r\n0\r\nA: b\r\n\r\n" + _OK_2,
    "we close": preamble(plan=(7, 0, 0, 0)) + _OK_2 + _OK_2,
    "server closes": _USUAL + _OK_2.replace(b"Co", b"Connection: close\r\nCo", 1) + _OK_2,
    "until close": _USUAL + b"HTTP/1.1 200 \r\n\r\nhi",
    "version 1.0": _USUAL + b"HTTP/1.0 200 \r\nContent-Length: 2\r\n\r\nhi" + _OK_2,
    "answer before the body": preamble(plan=(8, 11, 0, 0)) + _OK_2 + _OK_2,
    "timeout without request": preamble(plan=(9, 0, 0, 0)) + b"HTTP/1.1 408 \r\n\r\n",
    "not modified": preamble(plan=(10, 0, 0, 0))
    + b"HTTP/1.1 304 \r\nContent-Length: 2\r\n\r\n"
    + _OK_2,
    "error of ours": preamble(plan=(12, 0, 0, 0)) + _OK_2,
    "closed by us": preamble(plan=(15, 0, 0, 0)) + _OK_2,
    "length and coding": _USUAL
    + _OK_CHUNKED.replace(b"Tr", b"Content-Length: 2\r\nTr")
    + b"0\r\n\r\n"
    + _OK_2,
    "breaks off in a head": _USUAL + _OK_2[:20],
    "breaks off in a body": _USUAL + _OK_2[:-1],
    "out of turn": preamble(plan=(14, 0, 0, 0)) + _OK_2 + _OK_2 + b"HTTP/1.1 200 \r\n\r\n",
}
"""Inputs of the target `client`."""
