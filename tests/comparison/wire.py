"""Octets that a well-meaning peer sends: heads, bodies, whole messages (RFC 9112).

In: what kind of message. Out: hypothesis strategies of its octets, in every framing, casing and
optional blank that the RFC lets a peer choose.
"""

import re
from itertools import pairwise
from typing import Literal, NamedTuple

from hypothesis import strategies as st

Framing = Literal["none", "length", "chunked"]


CLOSING = re.compile(
    rb" HTTP/1\.0\r\n|^HTTP/1\.0 |^connection:(?:.*,)?[ \t]*close[ \t]*(?:,|\r)",
    re.IGNORECASE | re.MULTILINE,
)
"""What tells that a message is the last of its sender."""


class Wire(NamedTuple):
    """One message as octets, and the facts about it that decide how the conversation goes on."""

    octets: bytes
    method: bytes = b"GET"
    may_switch: bool = False
    must_end: bool = False

    @property
    def is_last(self) -> bool:
        """Whether nothing may follow on this connection."""
        return self.must_end or CLOSING.search(self.octets) is not None


METHODS = st.sampled_from(
    [b"GET"] * 4 + [b"POST"] * 3 + [b"HEAD", b"CONNECT", b"OPTIONS", b"PUT", b"get", b"M-S"]
)

ORIGINS = [b"/", b"/", b"/%20?x=/&y=[1]", b"http://a/?x=%20", b"urn:x", b'/"<>{}|\\^`']
"""Targets that any method but CONNECT may have; the last as browsers send it."""

VERSIONS = st.sampled_from([b"1.1"] * 15 + [b"1.0"] * 4 + [b"1.2"])

STATUSES = st.sampled_from([200] * 4 + [204, 206, 299, 304, 404, 500, 999])

INFORMATIONAL_STATUSES = st.sampled_from([100, 100, 102, 103, 199])

REASONS = st.sampled_from([b" OK", b" Not  Found ", b" ", b"", b" \t\x80\xff", b" a:b"])

CONNECTION_VALUES = st.sampled_from(
    [
        *(
            b"close",
            b"cLOSE",
            b"keep-alive",
            b"Keep-Alive",
            b"foo, close",
            b"close,foo",
            b",,close ,",
        ),
        *(
            b"keep-alive, close",
            b"Upgrade",
            b"keep-alive, foo",
            b"closed",
            b"not close",
            b"",
            b'"close"',
        ),
    ]
)

OTHER_LINES = st.sampled_from(
    [
        *(b"Accept: */*", b"X-Empty:", b"X-Blank: \t ", b"X-Tabs:\t a \t b\t", b"x-tight:v"),
        *(
            b"X-Latin: \xe9\xff",
            b"Cookie: a=1; b=2",
            b"!#$%&'*+-.^_`|~09azAZ: tchar",
            b"X: 1",
            b"x: 2",
        ),
        *(
            b"Upgrade: a",
            b"expect: 100-CONTINUE",
            b"Expect: other",
        ),
    ]
)

BODIES = st.binary(max_size=12) | st.sampled_from([b"", b"0\r\n\r\n", b"x" * 300, b"z" * 20_000])

TRAILER_LINES = st.sampled_from([b"X-Empty:", b"X-Tabs:\t a \t b\t", b"X: 1", b"x: 2", b"ETag: a"])

CHUNK_EXTENSIONS = st.sampled_from(
    [b""] * 4 + [b";a", b";a=b", b';a="\xe9;"', b"; a = b", b';a="\\""; b\t=c;d']
)

CASINGS = st.sampled_from([bytes.title, bytes.lower, bytes.upper, bytes.swapcase])


@st.composite
def named(draw: st.DrawFn, name: bytes, value: bytes) -> bytes:
    """Return a field line whose name is written in some casing, its value between some blanks."""
    return draw(CASINGS)(name) + draw(st.sampled_from([b": ", b": ", b":", b": \t"])) + value


@st.composite
def framed(draw: st.DrawFn, framing: Framing) -> tuple[list[bytes], bytes]:
    """Return field lines that announce a body in this framing, and that body's octets."""
    if framing == "none":
        return [], b""
    if framing == "length":
        body = draw(BODIES)
        size = b"%d" % len(body)
        value = draw(st.sampled_from([size, size, size, b"00" + size, size + b", " + size]))
        times = draw(st.sampled_from([1, 1, 1, 2]))
        return [draw(named(b"content-length", value)) for _ in range(times)], body
    coding = draw(st.sampled_from([b"chunked", b"chunked", b"Chunked", b"CHUNKED"]))
    return [draw(named(b"transfer-encoding", coding))], draw(chunked())


@st.composite
def chunked(draw: st.DrawFn) -> bytes:
    """Return a body in chunks, with extensions and a trailer section (RFC 9112 section 7.1)."""
    wire = b""
    for data in draw(st.lists(BODIES.filter(len), max_size=3)):
        size = draw(st.sampled_from([b"%x", b"%x", b"%X", b"0%x"])) % len(data)
        wire += size + draw(CHUNK_EXTENSIONS) + b"\r\n" + data + b"\r\n"
    last = draw(st.sampled_from([b"0", b"0", b"0", b"0000"])) + draw(CHUNK_EXTENSIONS)
    trailers = draw(st.just([]) | st.lists(TRAILER_LINES, max_size=2))
    return b"\r\n".join([wire + last, *trailers, b"", b""])


@st.composite
def targets(draw: st.DrawFn, method: bytes) -> bytes:
    """Return a target in a form that this method may have (RFC 9112 section 3.2)."""
    if method == b"CONNECT":
        return draw(st.sampled_from([b"a:1", b"[::1]:443"]))
    return draw(st.sampled_from([*ORIGINS, b"*"] if method == b"OPTIONS" else ORIGINS))


@st.composite
def field_lines(draw: st.DrawFn) -> list[bytes]:
    """Return field lines that do not frame the body."""
    lines = draw(st.lists(OTHER_LINES, max_size=2))
    if draw(st.sampled_from([False] * 3 + [True])):
        values = draw(st.lists(CONNECTION_VALUES, min_size=1, max_size=2))
        lines += [draw(named(b"connection", value)) for value in values]
    return lines


def assembled(start: bytes, lines: list[bytes], body: bytes) -> bytes:
    """Return the octets of a message."""
    return b"\r\n".join([start, *lines, b"", body])


@st.composite
def requests(draw: st.DrawFn) -> Wire:
    """Return a request with its body."""
    method, version = draw(METHODS), draw(VERSIONS)
    # HTTP/1.0 has no chunks.
    kinds: list[Framing] = ["none", "none", "length", "length" if version == b"1.0" else "chunked"]
    framing, body = draw(framed(draw(st.sampled_from(kinds))))
    rare = [[b"Upgrade: websocket"], [b"Expect: 100-continue"]]
    lines = draw(field_lines()) + framing + draw(st.sampled_from([[]] * 4 + rare))
    if version != b"1.0" or draw(st.booleans()):
        lines.append(draw(named(b"host", draw(st.sampled_from([b"a", b"a:80", b"", b"[::1]"])))))
    lines = draw(st.permutations(lines))
    start = method + b" " + draw(targets(method)) + b" HTTP/" + version
    octets = assembled(start, lines, body)
    return Wire(octets, method=method, may_switch=b"Upgrade: " in octets)


def is_bodyless(method: bytes, status: int) -> bool:
    """Say whether a response has no body whatever its header says (RFC 9112 section 6.3)."""
    return method == b"HEAD" or status in (204, 304) or (method == b"CONNECT" and status < 300)


@st.composite
def responses(draw: st.DrawFn, method: bytes = b"GET", *, may_switch: bool = False) -> Wire:
    """Return a response to a request with this method, informational ones before it."""
    wire = b""
    for status in draw(st.just([]) | st.lists(INFORMATIONAL_STATUSES, max_size=2)):
        wire += assembled(b"HTTP/1.1 %d" % status + draw(REASONS), draw(field_lines()), b"")
    if may_switch and draw(st.booleans()):
        return Wire(wire + assembled(b"HTTP/1.1 101 Switch", [b"Upgrade: x"], b"\x81\x00"))
    status = draw(STATUSES)
    kind: Framing = draw(st.sampled_from(["none", "length", "chunked"]))
    framing, body = draw(framed(kind))
    bodyless = is_bodyless(method, status)
    until_closed = kind == "none" and not bodyless
    if bodyless:
        body = b""
    elif until_closed:
        body = draw(BODIES)
    lines = draw(st.permutations(draw(field_lines()) + framing))
    start = b"HTTP/" + draw(VERSIONS) + b" %d" % status + draw(REASONS)
    return Wire(wire + assembled(start, lines, body), must_end=until_closed)


@st.composite
def cut(draw: st.DrawFn, octets: bytes) -> list[bytes]:
    """Return the octets in pieces: whole, at a few places, or one by one."""
    if len(octets) < 60 and draw(st.sampled_from([False] * 5 + [True])):
        return [octets[at : at + 1] for at in range(len(octets))]
    places = draw(st.just([]) | st.lists(st.integers(0, len(octets)), max_size=4))
    edges = [0, *sorted(places), len(octets)]
    pieces = [octets[start:end] for start, end in pairwise(edges)]
    return [piece for piece in pieces if piece]
