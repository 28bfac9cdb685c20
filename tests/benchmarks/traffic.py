"""The messages that the lines are timed with: of one length, but never twice the same.

In: the index of a call. Out: the fields and the octets of its messages (RFC 9112, section 2.1), as
every process makes them again from the same index.
"""

import hashlib
import random

Field = tuple[bytes, bytes]

BODY = random.Random(9110).randbytes(1000)
"""The body of every short response."""

PAYLOADS = [random.Random(seed).randbytes(1024) for seed in range(64)]
"""What a chunk holds, in rotation."""

READ_SIZE = 256 * 1024
"""How many bytes of a long body one read brings."""

CHUNKS = 1024
"""The chunks of a chunked upload."""

UPLOAD_LENGTH = 100_000_000
"""The octets of an upload with a Content-Length."""


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


def upload_target(index: int) -> bytes:
    """Return where an upload goes."""
    return b"/files/" + digits(index)[:32]


def upload_head(index: int, framing: Field) -> bytes:
    """Return the head of an upload whose body is framed by that field."""
    start_line = b"PUT %b HTTP/1.1" % upload_target(index)
    return head(start_line, [(b"Host", b"files.example.com"), framing])


def chunk(payload: bytes) -> bytes:
    """Return a chunk on the wire (RFC 9112, section 7.1)."""
    return b"%x\r\n%b\r\n" % (len(payload), payload)


def chunked_reads() -> list[bytes]:
    """Return the body of a chunked upload, cut where reads end and so in the midst of chunks."""
    payloads = (PAYLOADS[index % len(PAYLOADS)] for index in range(CHUNKS))
    wire = b"".join(map(chunk, payloads)) + b"0\r\n\r\n"
    return [wire[start : start + READ_SIZE] for start in range(0, len(wire), READ_SIZE)]


def content_length_reads() -> list[bytes]:
    """Return the body of a long upload as reads, of which only four and the last are distinct."""
    distinct = [random.Random(seed).randbytes(READ_SIZE) for seed in range(4)]
    whole, rest = divmod(UPLOAD_LENGTH, READ_SIZE)
    reads = [distinct[index % len(distinct)] for index in range(whole)]
    return [*reads, distinct[0][:rest]]
