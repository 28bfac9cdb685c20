"""Messages that are legal but for a mutation or two, each of which has a name.

In: nothing. Out: strategies of streams. A message is a list of pieces, each of a kind (a method, a
line end, a chunk size), and a mutation puts something else in the place of a piece, or drops,
doubles or moves a line; so that the streams are wrong where it hurts, and nearly as often right.
"""

from itertools import pairwise
from typing import Final, NamedTuple

from hypothesis import strategies as st


class Piece(NamedTuple):
    """A part of a message."""

    kind: str
    octets: bytes


Message = list[Piece]
Field = tuple[bytes, str, bytes]
"""A name, and a value of a kind."""

CRLF: Final = Piece("line end", b"\r\n")
SP: Final = Piece("gap", b" ")

TARGETS: Final = {
    b"CONNECT": [b"a:1", b"[::1]:443", b"a.b:80"],
    b"OPTIONS": [b"*", b"/", b"http://a"],
}
USUAL_TARGETS: Final = [b"/", b"/a/b;c?d=e/f?g", b"/%41//", b"http://a:80/b?c", b"urn:a:b"]
FIELDS: Final[list[Field]] = [
    (b"A", "value", b"b"),
    (b"A", "value", b""),
    (b"x-y", "value", b'"b, c" \t;d'),
    (b"a!#$%&'*+.^_`|~0", "value", b"\x80\xff"),
    (b"Connection", "value", b"keep-alive"),
    (b"Connection", "value", b"TE, close"),
    (b"Content-Type", "value", b"text/plain"),
    (b"Expect", "value", b"100-continue"),
    (b"Upgrade", "value", b"b/1"),
    (b"Upgrade", "value", b","),
]
TRAILERS: Final[list[Field]] = [(b"A", "value", b"b"), (b"Digest", "value", b"")]
HOSTS: Final = [b"a", b"", b"a.b:80", b"[::1]:1", b"[1:2::127.0.0.1]", b"a%2Cb,c"]
EXTENSIONS: Final = [b"", b"", b"", b";a", b";a=b;c", b' ;\ta = "b\\"; c"', b';a="\x80"']
DATA: Final = [b"x", b"hello", b"\r\n", b"0\r\n\r\n", b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"]

BODILESS: Final = frozenset({b"100", b"199", b"204", b"304"})
"""The status codes in use here of responses that have no body."""

REPLACEMENTS: Final[dict[str, list[bytes]]] = {
    "before": [b"\n", b"\r", b" ", b"\r\n", b"\r\n\r\n", b"\x00"],
    "line end": [
        *[b"\n", b"\r", b"", b"\r\r\n", b"\n\r", b"\n\n", b"\r\n\r\n", b" \r\n", b"\t\r\n"],
        *[b"\r\n ", b"\r\n\t", b"\x0b\r\n", b"\x00\r\n", b"\x85", b"\r\n\n", b"\r\x00\n"],
    ],
    "gap": [b"  ", b"\t", b"", b"\x0b", b"\xa0", b" \t", b"\x00", b"\r\n "],
    "method": [b"", b"get", b"CONNECT", b"OPTIONS", b"({})", b"{}\x00", b"{}:", b"\xc3", b"!#"],
    "target": [
        *[b"", b"*", b"a", b"a:1", b"a:99999", b"a:", b":1", b"http://", b"http://a@b/", b"{}#"],
        *[b"HTTP:///a", b"https://:1", b"http:a", b"x://a@b", b"x://a@b@c", b"x:", b"x:?{}"],
        *[b"{}%", b"{}%4", b"{}%zz", b'{}"', b"{}[", b"{}\\", b"{}|", b"{}{", b"{}\xe9", b"{}\t"],
        *[b"//a", b"/?", b"?a", b"x://[::1]/", b"x://[a]/", b"x://[", b"x://a%/", b"1:a", b":"],
        *[
            b"/a\x7f",
            b"x://a[@b/",
            b"a:65535",
            b"a:65536",
            b"a:000080",
            b"a:123456",
            b"http://a:b/",
            b"http://a%41",
            b"http://a?b",
            b"X+-.1:/a",
        ],
    ],
    "version": [
        *[b"HTTP/1.0", b"HTTP/1.2", b"HTTP/1.9", b"HTTP/2.0", b"HTTP/0.9", b"HTTP/1.10", b""],
        *[b"http/1.1", b"HTTP/1", b"HTTP/1.1x", b"HTTP/01.1", b"HTTP/1.\xb9", b"HTP/1.1", b"{}\t"],
    ],
    "status": [b"099", b"20", b"2000", b"101", b"103", b"204", b"304", b"999", b"2x0", b"+20"],
    "reason": [b"", b"\t ", b"\xe9", b"\x00", b"\x0b", b"\x7f", b"O\rK", b"O\nK"],
    "name": [
        *[b"", b"{} ", b"{}\t", b" {}", b"{}\x00", b"{}\x0b", b"\xa0{}", b"({})", b"{},", b"{}_"],
        *[b"X-{}", b"CONTENT-LENGTH", b"transfer-encoding", b"hOST", b"Upgrade", b"{}\r", b"{}\n"],
    ],
    "colon": [b"", b" :", b"::", b";", b"\t:", b"\x0b:", b"=", b":\x00", b" "],
    "white space": [b"", b"\t", b" \t ", b"\x0b", b"\x0c", b"\xa0", b"\r", b"\x00", b"\r\n "],
    "value": [b"", b"{}\x00", b"{}\x0b{}", b"{}\r{}", b"{}\n{}", b"{}\x7f", b"\xa0{}", b"5", b","],
    "host": [
        *[b"", b"a:b", b"a@b", b"a b", b"a/b", b"[::1", b"[a]", b"[V1.a]", b"[v1.]", b"::1", b":"],
        *[b"a:1:1", b"a%", b"a%zz", b"a%41", b'"a"', b"\xe9", b"a\\b", b"a,b", b"[1::2::3]", b"a|"],
        *[b"[1:2:3:4:5:6:7:8]", b"[1:2:3:4:5:6:7::]", b"[::256.0.0.1]", b"[::1]a", b"a\x0b", b"#"],
    ],
    "length": [
        *[b"", b"+{}", b"-{}", b"0{}", b"{}, {}", b"{},{} ,{}", b"{}, 0{}", b"{},", b",{}", b"{}x"],
        *[b"{}_0", b"{} 0", b"{}.0", b'"{}"', b"{};", b"\xb2", b"{}\x0b", b"{}\xa0", b"9", b"0"],
        *[b"00000000000000000000", b"000000000000000000005", b"0x{}", b"1e0", b"{}\x00", b"{}, 9"],
    ],
    "coding": [
        *[b"", b",", b"{},", b", ,{}", b"CHUNKED", b"x{}", b"{}x", b"identity", b"gzip, {}"],
        *[b"{}, gzip", b"{}, {}", b'"{}"', b"{};a=b", b"{} x", b"{}\x0b", b"\x0b{}", b"\xa0{}"],
        *[b"{}\x00", b"{},identity", b"{};", b"{}\t,\t", b"{}\r", b",\t, {}  ", b"chun ked"],
    ],
    "size": [
        *[b"", b"0{}", b"0x{}", b"+{}", b"-{}", b" {}", b"{} ", b"{}\t", b"{}_0", b"{}g", b"0"],
        *[b"000000000000000000{}", b"00000000000000000000{}", b"\xb2", b"{}\x00", b"\t{}", b"{}h"],
        *[b"1", b"A", b"a", b"{}\r", b"{}\n", b"\r\n{}", b"{},", b"10000000000000000{}"],
    ],
    "extension": [
        *[b";", b";;a", b";a=", b";=a", b" ", b"\t;a", b";a b", b';a="', b';a="b"c', b";a ", b"a"],
        *[b';a="\r\n"', b";a\n", b";a\r", b"\n", b';a="\n"', b';a="\\', b';a="\\\x00"', b";a\x80"],
        *[b";a\x00", b';"a"', b'; a\t=\t"b" ; c', b';a="\x0b"', b";a,b", b';a=""', b';a="\\\t"'],
    ],
    "data": [b"", b"{}x", b"\r\n{}", b"{}\r\n", b"{}0\r\n\r\n"],
}
"""What stands in the place of a piece of a kind; `{}` is the piece itself."""


def replaced(piece: Piece, by: bytes) -> Piece:
    """Return what a replacement makes of a piece."""
    return Piece(piece.kind, by.replace(b"{}", piece.octets))


def lines_of(message: Message) -> list[Message]:
    """Return the pieces line by line; what has no line end is a line as well."""
    ends = [place + 1 for place, piece in enumerate(message) if piece.kind == "line end"]
    edges = [0, *ends, len(message)]
    return [message[start:end] for start, end in pairwise(edges)]


def field_pieces(fields: list[Field]) -> Message:
    """Return a section of field lines, with the empty line behind it."""
    message: Message = []
    for name, kind, value in fields:
        blank = Piece("white space", b" ")
        message += [Piece("name", name), Piece("colon", b":"), blank, Piece(kind, value)]
        message += [Piece("white space", b""), CRLF]
    return [*message, CRLF]


@st.composite
def framed(draw: st.DrawFn, start_line: Message, required: list[Field], *, chunks: bool) -> Message:
    """Draw the rest of a message: its header section with required fields, and its body."""
    fields = draw(st.lists(st.sampled_from(FIELDS), max_size=2)) + required
    body: Message = []
    framing = draw(st.sampled_from(["none", "length", "chunked", "chunked"]))
    if framing == "length" or (framing == "chunked" and not chunks):
        data = draw(st.sampled_from([b"", *DATA]))
        fields.append((b"Content-Length", "length", b"%d" % len(data)))
        body = [Piece("data", data)]
    elif framing == "chunked":
        fields.append((b"Transfer-Encoding", "coding", b"chunked"))
        for data in [*draw(st.lists(st.sampled_from(DATA), max_size=2)), b""]:
            extension = Piece("extension", draw(st.sampled_from(EXTENSIONS)))
            body += [Piece("size", b"%x" % len(data)), extension, CRLF]
            body += [Piece("data", data), CRLF] if data else []
        body += field_pieces(draw(st.lists(st.sampled_from(TRAILERS), max_size=2)))
    return [*start_line, CRLF, *field_pieces(draw(st.permutations(fields))), *body]


@st.composite
def request_pieces(draw: st.DrawFn) -> Message:
    """Draw a legal request."""
    method = draw(st.sampled_from([b"GET", b"POST", b"OPTIONS", b"x!", b"CONNECT"]))
    target = draw(st.sampled_from(TARGETS.get(method, USUAL_TARGETS)))
    version = draw(st.sampled_from([b"HTTP/1.1", b"HTTP/1.1", b"HTTP/1.1", b"HTTP/1.0"]))
    start = [Piece("before", b""), Piece("method", method), SP, Piece("target", target), SP]
    host: Field = (b"Host", "host", draw(st.sampled_from(HOSTS)))
    line = [*start, Piece("version", version)]
    return draw(framed(line, [host], chunks=version != b"HTTP/1.0"))


@st.composite
def response_pieces(draw: st.DrawFn) -> Message:
    """Draw a legal response."""
    version = draw(st.sampled_from([b"HTTP/1.1", b"HTTP/1.1", b"HTTP/1.0"]))
    status = draw(st.sampled_from([b"200", b"200", b"404", b"204", b"304", b"100", b"199"]))
    line = [Piece("before", b""), Piece("version", version), SP, Piece("status", status), SP]
    line.append(Piece("reason", draw(st.sampled_from([b"OK", b"", b"a b"]))))
    message = draw(framed(line, [], chunks=version != b"HTTP/1.0"))
    if status in BODILESS:
        ends = [place for place, line in enumerate(lines_of(message)) if line == [CRLF]]
        return [piece for line in lines_of(message)[: ends[0] + 1] for piece in line]
    return message


@st.composite
def mutated(draw: st.DrawFn, message: Message) -> Message:
    """Draw one mutation of a message."""
    mutation = draw(st.sampled_from(["replace"] * 8 + ["double", "drop", "move", "cut", "splice"]))
    if mutation == "replace":
        kind = draw(st.sampled_from(sorted({piece.kind for piece in message})))
        places = [place for place, piece in enumerate(message) if piece.kind == kind]
        place = draw(st.sampled_from(places))
        by = draw(st.sampled_from(REPLACEMENTS[kind]))
        return [*message[:place], replaced(message[place], by), *message[place + 1 :]]
    lines = lines_of(message)
    place = draw(st.integers(0, len(lines) - 1))
    if mutation == "double":
        lines.insert(place, lines[place])
    elif mutation == "drop":
        del lines[place]
    elif mutation == "move":
        lines.insert(draw(st.integers(0, len(lines) - 1)), lines.pop(place))
    elif mutation == "cut":
        del lines[place + 1 :]
    else:
        line = draw(st.sampled_from(FRAMING_LINES))
        lines.insert(place, field_pieces([line])[:-1])
    return [piece for line in lines for piece in line]


FRAMING_LINES: Final[list[Field]] = [
    (b"Content-Length", "length", b"5"),
    (b"Transfer-Encoding", "coding", b"chunked"),
    (b"Host", "host", b"b"),
    (b" Host", "value", b"b"),
    (b"A", "value", b""),
]


@st.composite
def streams(draw: st.DrawFn, messages: st.SearchStrategy[Message]) -> bytes:
    """Draw one or two messages, with none, one or two mutations."""
    drawn = [draw(messages) for _ in range(draw(st.integers(1, 2)))]
    for _ in range(draw(st.sampled_from([0, 1, 1, 1, 2]))):
        place = draw(st.integers(0, len(drawn) - 1))
        if drawn[place]:
            drawn[place] = draw(mutated(drawn[place]))
    return b"".join(piece.octets for message in drawn for piece in message)


def request_streams() -> st.SearchStrategy[bytes]:
    """Return a strategy of streams of requests that are legal, or nearly."""
    return streams(request_pieces())


def response_streams() -> st.SearchStrategy[bytes]:
    """Return a strategy of streams of responses that are legal, or nearly."""
    return streams(response_pieces())
