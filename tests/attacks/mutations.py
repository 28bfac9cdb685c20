"""Legal conversations in which octets were inserted, deleted, replaced, doubled or spliced blindly.

In: nothing. Out: a strategy of streams of requests, and what mutates any octets. Nothing here knows
what the octets mean, so that it comes upon what nobody has thought of.
"""

from typing import Final

from hypothesis import strategies as st

from tests.attacks.harness import GET, post

CHUNKED: Final = b"Transfer-Encoding: chunked"

CONVERSATIONS: Final = [
    GET,
    GET + post(b"Content-Length: 5", body=b"hello") + GET,
    post(CHUNKED, body=b'5;a="b"\r\nhello\r\n0\r\nA: b\r\n\r\n') + GET,
    post(CHUNKED, body=b"5\r\nhello\r\nb\r\nGET / HTTP/\r\n0\r\n\r\n") + GET,
    b"\r\nOPTIONS * HTTP/1.1\r\nHost: [::1]:80\r\nConnection: close\r\n\r\n" + GET,
    b"GET http://a/b?c HTTP/1.0\r\n\r\nPUT /%41 HTTP/1.0\r\nContent-Length: 1\r\n\r\nx",
    b"CONNECT a:1 HTTP/1.1\r\nHost: a\r\nContent-Length: 2, 2\r\n\r\nhi" + GET,
    b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: b\r\nContent-Length: 00\r\n\r\n" + GET,
]

RESPONSES: Final = [
    b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;a\r\nhello\r\n0\r\nA: b\r\n\r\n",
    b"HTTP/1.1 100 \r\n\r\nHTTP/1.1 204\r\nA: b\r\n\r\nHTTP/1.0 200 OK\r\n\r\nhello",
    b"HTTP/1.1 200 OK\nTransfer-Encoding: chunked\nContent-Length: 5\n\n5 \r\nhello\r\n0\r\n\n",
    b"HTTP/1.1 304 \r\nContent-Length: 5\r\nA: b\r\n c\r\n\r\nHTTP/1.1 404 \r\nA:\x0b\r\n\r\nx",
]

TELLING_OCTETS: Final = b'\r\n\x00\t\x0b \x7f\x80\xff:;,="\\%/?#@[]01259afAFxX-+_.*'
"""Those that mean something somewhere, or nearly do."""

SNIPPETS: Final = [
    *[b"\r\n", b"\r\n\r\n", b"\n", b"\r", b"  ", b": ", b"0\r\n\r\n", b"HTTP/1.1", b"chunked"],
    *[
        b"Host: b\r\n",
        b"Content-Length: 5\r\n",
        b"Transfer-Encoding: chunked\r\n",
        b"\r\n ",
        b"GET ",
    ],
]


@st.composite
def mutated(draw: st.DrawFn, octets: bytes) -> bytes:
    """Draw one blind mutation of some octets."""
    start = draw(st.integers(0, len(octets)))
    end = min(len(octets), start + draw(st.integers(0, 4)))
    before, within, behind = octets[:start], octets[start:end], octets[end:]
    mutation = draw(st.sampled_from(["insert", "delete", "replace", "double", "splice"]))
    if mutation == "insert":
        return before + bytes([draw(st.sampled_from(TELLING_OCTETS))]) + within + behind
    if mutation == "delete":
        return before + behind
    if mutation == "replace":
        return before + bytes([draw(st.sampled_from(TELLING_OCTETS))]) + octets[start + 1 :]
    if mutation == "double":
        return before + within + within + behind
    return before + draw(st.sampled_from(SNIPPETS)) + behind


@st.composite
def mutated_conversations(draw: st.DrawFn, conversations: list[bytes] = CONVERSATIONS) -> bytes:
    """Draw a conversation with up to three mutations."""
    octets = draw(st.sampled_from(conversations))
    for _ in range(draw(st.sampled_from([0, 1, 1, 2, 3]))):
        octets = draw(mutated(octets))
    return octets
