"""The messages without long bodies that the lines are timed with: never twice the same.

In: the index of a call. Out: the fields and the octets of its messages (RFC 9112, section 2.1), as
every process makes them again from the same index; all of a kind have one length.
"""

import hashlib
import random

Field = tuple[bytes, bytes]

BODY = random.Random(9110).randbytes(1000)
"""The body of every short response."""

PIPELINED = 1000
"""The requests that arrive in one read."""

ANSWER = b"ok"
"""The body of the response to each of them."""

FIELDS = 100
"""The field lines of a long head."""

FRAME = bytes.fromhex("818537fa213d7f9f4d5158")
"""The first frame of WebSocket, sent along with the request for it (RFC 6455, section 5.7)."""

REFUSAL = b"illegal field line\n"
"""The body of the response to a malformed request."""


def digits(index: int) -> bytes:
    """Return 64 hexadecimal digits that no other index has."""
    return hashlib.blake2b(index.to_bytes(8), digest_size=32).hexdigest().encode()


def head(start_line: bytes, fields: list[Field]) -> bytes:
    """Return a head on the wire."""
    return b"\r\n".join([start_line, *map(b": ".join, fields), b"", b""])


def lowered(fields: list[Field]) -> list[Field]:
    """Return the fields as the headers of an event give them."""
    return [(name.lower(), value) for name, value in fields]


def browser_target(index: int) -> bytes:
    """Return what the browser asks for."""
    return b"/articles/%b?page=%d&order=newest" % (digits(index)[:24], 10 + index % 90)


def browser_fields(index: int) -> list[Field]:
    """Return the eight fields that a browser sends."""
    mark = digits(index)
    return [
        (b"Host", b"www.example.com"),
        (b"User-Agent", b"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/1%b.0" % mark[24:26]),
        (b"Accept", b"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"),
        (b"Accept-Language", b"en-GB,en;q=0.5"),
        (b"Accept-Encoding", b"gzip, deflate, br, zstd"),
        (b"Referer", b"https://www.example.com/search?q=" + mark[26:36]),
        (b"Connection", b"keep-alive"),
        (b"Cookie", b"session=%b; theme=dark; csrftoken=%b" % (mark, mark[8:40])),
    ]


def browser_head(index: int) -> bytes:
    """Return the head that a browser sends."""
    return head(b"GET %b HTTP/1.1" % browser_target(index), browser_fields(index))


def small_target(index: int) -> bytes:
    """Return what a health check asks for."""
    return b"/health/" + digits(index)[:8]


def small_fields(index: int) -> list[Field]:
    """Return the two fields of a health check."""
    return [(b"Host", b"127.0.0.1:8000"), (b"X-Request-Id", digits(index)[8:24])]


def small_head(index: int) -> bytes:
    """Return the head of a health check."""
    return head(b"GET %b HTTP/1.1" % small_target(index), small_fields(index))


def client_target(index: int) -> bytes:
    """Return what a program asks a service for."""
    return b"/v1/accounts/%b/entries" % digits(index)[:16]


def client_fields(index: int) -> list[Field]:
    """Return the seven fields that a program sends to a service."""
    mark = digits(index)
    return [
        (b"Host", b"api.example.com"),
        (b"Accept", b"application/json"),
        (b"Accept-Encoding", b"gzip, deflate"),
        (b"Connection", b"keep-alive"),
        (b"User-Agent", b"example-client/2.4"),
        (b"Authorization", b"Bearer " + mark),
        (b"X-Request-Id", mark[:32]),
    ]


def client_head(index: int) -> bytes:
    """Return the head that a program sends to a service."""
    return head(b"GET %b HTTP/1.1" % client_target(index), client_fields(index))


def response_fields(index: int) -> list[Field]:
    """Return the nine fields of a response to either of them."""
    mark = digits(index)
    return [
        (b"Date", b"Sun, 06 Nov 1994 08:%02d:%02d GMT" % (index // 60 % 60, index % 60)),
        (b"Server", b"example"),
        (b"Content-Type", b"text/html; charset=utf-8"),
        (b"Content-Length", b"%d" % len(BODY)),
        (b"Cache-Control", b"private, max-age=0"),
        (b"ETag", b'"%b"' % mark[:32]),
        (b"Vary", b"Accept-Encoding, Cookie"),
        (b"X-Request-Id", mark[32:48]),
        (b"Set-Cookie", b"visit=%b; Path=/; HttpOnly; SameSite=Lax" % mark[48:]),
    ]


def response_head(index: int) -> bytes:
    """Return the head of a response."""
    return head(b"HTTP/1.1 200 OK", response_fields(index))


def pipelined_wire(index: int) -> bytes:
    """Return what a health check that waits for no response has sent."""
    first = index * PIPELINED
    return b"".join(map(small_head, range(first, first + PIPELINED)))


def answer_fields() -> list[Field]:
    """Return the only field of the response to a health check."""
    return [(b"Content-Length", b"%d" % len(ANSWER))]


def answer() -> bytes:
    """Return the response to a health check."""
    return head(b"HTTP/1.1 200 OK", answer_fields()) + ANSWER


def many_fields(index: int) -> list[Field]:
    """Return the fields of a long head."""
    mark = digits(index)
    lines = [(b"X-Field-%d" % number, mark[number % 32 :][:20]) for number in range(FIELDS - 1)]
    return [(b"Host", b"www.example.com"), *lines]


def long_head(index: int) -> bytes:
    """Return a head of many fields."""
    return head(b"GET %b HTTP/1.1" % small_target(index), many_fields(index))


def upgrade_fields(index: int) -> list[Field]:
    """Return the fields that ask for WebSocket (RFC 6455, section 1.2)."""
    return [
        (b"Host", b"chat.example.com"),
        (b"Upgrade", b"websocket"),
        (b"Connection", b"Upgrade"),
        (b"Sec-WebSocket-Key", digits(index)[:22] + b"=="),
        (b"Origin", b"https://www.example.com"),
        (b"Sec-WebSocket-Protocol", b"chat, superchat"),
        (b"Sec-WebSocket-Version", b"13"),
    ]


def upgrade_wire(index: int) -> bytes:
    """Return a request for WebSocket, and the first octets of that."""
    return head(b"GET %b HTTP/1.1" % small_target(index), upgrade_fields(index)) + FRAME


def switching_fields(index: int) -> list[Field]:
    """Return the fields of the response that switches to WebSocket."""
    return [
        (b"Upgrade", b"websocket"),
        (b"Connection", b"Upgrade"),
        (b"Sec-WebSocket-Accept", digits(index)[:27] + b"="),
        (b"Sec-WebSocket-Protocol", b"chat"),
    ]


def switching_head(index: int) -> bytes:
    """Return the head of that response."""
    return head(b"HTTP/1.1 101 Switching Protocols", switching_fields(index))


def malformed_head(index: int) -> bytes:
    """Return the head of a browser with a line that is no field line (RFC 9112, section 5)."""
    return browser_head(index)[:-2] + b"X Field: a\r\n\r\n"


def refusal_fields() -> list[Field]:
    """Return the fields of the response to it."""
    return [
        (b"Content-Type", b"text/plain"),
        (b"Content-Length", b"%d" % len(REFUSAL)),
        (b"Connection", b"close"),
    ]


def refusal() -> bytes:
    """Return the response to it."""
    return head(b"HTTP/1.1 400 Bad Request", refusal_fields()) + REFUSAL
