"""Streams for parsers: what writers wrote, with the events it came from, and near misses.

In: nothing. Out: hypothesis strategies of well-formed streams, and of octets that are wrong or
only look wrong (RFC 9112 sections 2.2 to 7).
"""

from typing import NamedTuple

from hypothesis import strategies as st

from h11_events import Data, EndOfMessage, Event, InformationalResponse, Response
from h11_parser import (
    BodyLength,
    Unbounded,
    body_writer,
    request_body_length,
    response_body_length,
    write_request_head,
    write_response_head,
)
from tests.strategies import (
    bodies,
    cuts,
    framings,
    informational_responses,
    requests,
    responses,
    trailers,
)


class Written(NamedTuple):
    """Events, and what the writers made of them."""

    events: list[Event]
    octets: bytes


@st.composite
def written_bodies(draw: st.DrawFn, length: BodyLength) -> Written:
    """Draw a body, with its end, that fits a length.

    Args:
        draw: Given by hypothesis.
        length: How long the body is.
    """
    chunked = length is Unbounded.CHUNKED
    if isinstance(length, int):
        pieces = draw(cuts(draw(st.binary(min_size=length, max_size=length))))
    else:
        pieces = draw(bodies())
    events: list[Data | EndOfMessage] = [Data(piece, chunked, chunked) for piece in pieces if piece]
    events.append(EndOfMessage(headers=draw(trailers()) if chunked else []))
    write = body_writer(length)
    return Written([*events], b"".join(b"".join(write(event)) for event in events))


@st.composite
def written_requests(draw: st.DrawFn) -> Written:
    """Draw a request with its body."""
    request = draw(requests())
    body = draw(written_bodies(request_body_length(request)))
    return Written([request, *body.events], write_request_head(request) + body.octets)


@st.composite
def written_responses(draw: st.DrawFn, method: bytes, *, last: bool = True) -> Written:
    """Draw the responses to one request: informational ones, then the final one with its body.

    Args:
        draw: Given by hypothesis.
        method: The method of the request; not CONNECT.
        last: Whether the body may be ended by the end of the connection.
    """
    first = draw(st.lists(informational_responses(), max_size=1))
    final = draw(responses(framing=framings() if last else framings().filter(bool)))
    body = draw(written_bodies(response_body_length(method, final)))
    heads: list[InformationalResponse | Response] = [*first, final]
    octets = b"".join(map(write_response_head, heads)) + body.octets
    return Written([*heads, *body.events], octets)


START_LINES = (
    b"GET / HTTP/1.1|GET / HTTP/1.0|GET  / HTTP/1.1|GET / HTTP/1.1 | GET / HTTP/1.1|GET /|GET|"
    b"G(T / HTTP/1.1|GET /\x7f HTTP/1.1|GET /\r HTTP/1.1|GET / http/1.1|GET / HTTP/1.10||\x16\x03|"
    b"HTTP/1.1 200 OK|HTTP/1.1 200|HTTP/1.1 200 |HTTP/1.0 204 \t|HTTP/1.1 099 OK|HTTP/1.1 20 OK|"
    b"HTTP/1.1 200 O\x00|HTTP/1.1 200 O\rK|HTTP/1.1 2000 |HTTP/1.1 200 \x7f\xe9|HTTP/1.1 100 OK|"
    b"get /a%20?b={} HTTP/1.1|GET * HTTP/1.1|OPTIONS * HTTP/1.1|GET http://a:80/ HTTP/1.1|"
    b"CONNECT a:80 HTTP/1.1|CONNECT / HTTP/1.1|GET /#a HTTP/1.1|GET /\xe9 HTTP/1.1|"
    b"GET / HTTP/1.2|GET / HTTP/2.0|HTTP/1.2 200 \xe9|HTTP/2 200|HTTP/1.1 304 Not Modified"
).split(b"|")
"""Start lines, legal and not, of either kind of message."""

FIELD_LINES = (
    b"Host: a|host:a|Host:  a|Host: a |Host:|Host: |Host:\ta|HOST: a\t|Host : a|Host|: a|a: b: c|"
    b" folded|\tfolded| | : a|a: \x00|a: \x0b|a: \x0c|a: \x7f|a: \x1b|a: \xff|a: b\rc|a: b\r|"
    b"a\r: b|a\x80: b|a(: b|a:\x0bb|a: b c|a::|Content-Length: 5|Content-Length: 5, 5|"
    b"Content-Length: +5|Content-Length: 05|Content-Length: x|Content-Length:|a: b\tc|Upgrade: h2c|"
    b"Transfer-Encoding: chunked|Transfer-Encoding: CHUNKED|Transfer-Encoding: gzip|"
    b"Transfer-Encoding:|Transfer-Encoding: ,chunked,chunked|Transfer-Encoding: gzip, chunked|"
    b"Content-Length: 123456789012345678901|Content-Length : 5|Host: [::1]:80|Host: a/b|no colon|"
    b"a:\x01|\r|\x00"
).split(b"|")
"""Field lines, legal and not, in all forms that a reader has to tell apart."""

OCTETS = (
    b"a|:| |\t|\r|\n|\r\n|\r\n\r\n|\n\n|\x00|\x0b|\x7f|\x80|Host: a|0|5|f|;|GET / HTTP/1.1".split(
        b"|"
    )
)
"""What is put where it does not belong."""


def line_ends(*, odd: bool) -> st.SearchStrategy[bytes]:
    """Return a strategy of line ends; of odd ones, too, if wanted."""
    if not odd:
        return st.just(b"\r\n")
    return st.sampled_from([b"\r\n"] * 4 + [b"\n", b"\n", b"\r", b"\r\r\n", b"\n\r", b"", b"\r\n "])


@st.composite
def near_miss_heads(draw: st.DrawFn, start_lines: list[bytes] = START_LINES) -> bytes:
    """Draw a head that ends as it should, and whose lines or line ends may be wrong.

    Args:
        draw: Given by hypothesis.
        start_lines: The start lines to draw from.
    """
    ends = line_ends(odd=draw(st.booleans()))
    lines = [draw(st.sampled_from(start_lines))]
    lines += draw(st.lists(st.sampled_from(FIELD_LINES), max_size=4))
    if draw(st.booleans()):
        lines.insert(draw(st.integers(1, len(lines))), b"Host: b")
    octets = b"".join(line + draw(ends) for line in lines)
    return octets + draw(st.sampled_from([b"\r\n", b"\r\n", b"\r\n", b"\n"]))


@st.composite
def near_miss_chunks(draw: st.DrawFn) -> bytes:
    """Draw a chunked body in which something may be wrong."""
    ends = line_ends(odd=draw(st.booleans()))
    sizes = b'5|5|5|5;x|5;x="a;\\"b"|05|5 |5\t|+5|-5|0x5|5_|g||4|6|5;\x00|5;\r|5;\n|\xb2'.split(
        b"|"
    )
    octets = b""
    for _ in range(draw(st.integers(0, 3))):
        octets += draw(st.sampled_from(sizes)) + draw(ends) + b"hello" + draw(ends)
    octets += draw(st.sampled_from([b"0", b"0", b"00", b"0;x", b"-0"])) + draw(ends)
    for line in draw(st.lists(st.sampled_from(FIELD_LINES), max_size=2)):
        octets += line + draw(ends)
    return octets + draw(ends)


@st.composite
def mutations(draw: st.DrawFn, octets: bytes) -> bytes:
    """Draw the octets with a few of them replaced, removed or repeated."""
    for _ in range(draw(st.integers(0, 2))):
        start = draw(st.integers(0, len(octets)))
        end = draw(st.integers(start, min(len(octets), start + 4)))
        between = draw(st.sampled_from([b"", octets[start:end] * 2, *OCTETS]))
        octets = octets[:start] + between + octets[end:]
    return octets


def near_miss_streams() -> st.SearchStrategy[bytes]:
    """Return a strategy of streams that may go wrong anywhere, of either kind of message."""
    heads = near_miss_heads()
    rest = st.binary(max_size=6) | near_miss_chunks() | heads
    framed = [
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length:5\r\n\r\n",
    ]
    streams = st.tuples(heads | st.sampled_from(framed), rest).map(b"".join)
    return streams.flatmap(mutations)
