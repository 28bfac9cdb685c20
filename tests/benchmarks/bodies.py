"""The uploads that the lines are timed with, in reads as a socket gives them.

In: the index of a call. Out: the head of its upload and the reads of the body (RFC 9112, sections 6
and 7), as every process makes them again.
"""

import random

from tests.benchmarks.traffic import Field, digits, head

PAYLOADS = [random.Random(seed).randbytes(1024) for seed in range(64)]
"""What a chunk of 1 KiB holds, in rotation."""

CHUNKS = 1024
"""The chunks of a chunked upload."""

TINY_PAYLOADS = [random.Random(seed).randbytes(1 + seed % 8) for seed in range(64)]
"""What a chunk of one to eight octets holds, in rotation."""

TINY_CHUNKS = 4096
"""The chunks of an upload in tiny chunks."""

READ_SIZE = 256 * 1024
"""How many bytes of a long body one read brings."""

UPLOAD_LENGTH = 100_000_000
"""The octets of an upload with a Content-Length."""


def upload_target(index: int) -> bytes:
    """Return where an upload goes."""
    return b"/files/" + digits(index)[:32]


def upload_head(index: int, *fields: Field) -> bytes:
    """Return the head of an upload whose body is framed by those fields."""
    start_line = b"PUT %b HTTP/1.1" % upload_target(index)
    return head(start_line, [(b"Host", b"files.example.com"), *fields])


def chunked_head(index: int) -> bytes:
    """Return the head of a chunked upload."""
    return upload_head(index, (b"Transfer-Encoding", b"chunked"))


def content_length_head(index: int, length: int = UPLOAD_LENGTH) -> bytes:
    """Return the head of an upload with a Content-Length."""
    return upload_head(index, (b"Content-Length", b"%d" % length))


def payload(index: int) -> bytes:
    """Return what a chunk of 1 KiB holds."""
    return PAYLOADS[index % len(PAYLOADS)]


def tiny_payload(index: int) -> bytes:
    """Return what a tiny chunk holds."""
    return TINY_PAYLOADS[index % len(TINY_PAYLOADS)]


def chunk(content: bytes) -> bytes:
    """Return a chunk on the wire (RFC 9112, section 7.1)."""
    return b"%x\r\n%b\r\n" % (len(content), content)


def chunked_reads() -> list[bytes]:
    """Return the body of a chunked upload, cut where reads end and so in the midst of chunks."""
    wire = b"".join(map(chunk, map(payload, range(CHUNKS)))) + b"0\r\n\r\n"
    return [wire[start : start + READ_SIZE] for start in range(0, len(wire), READ_SIZE)]


def tiny_reads() -> list[bytes]:
    """Return the body of an upload in tiny chunks, all in one read."""
    return [b"".join(map(chunk, map(tiny_payload, range(TINY_CHUNKS)))) + b"0\r\n\r\n"]


def content_length_reads() -> list[bytes]:
    """Return the body of a long upload as reads, of which only four and the last are distinct."""
    distinct = [random.Random(seed).randbytes(READ_SIZE) for seed in range(4)]
    whole, rest = divmod(UPLOAD_LENGTH, READ_SIZE)
    reads = [distinct[index % len(distinct)] for index in range(whole)]
    return [*reads, distinct[0][:rest]]


def trailer_fields(index: int) -> list[Field]:
    """Return the fields of a trailer section."""
    mark = digits(index)
    return [
        (b"Content-Digest", b"sha-256=:%b=:" % mark[:43]),
        (b"Server-Timing", b"total;dur=%d" % (100 + index % 900)),
        (b"X-Checksum", mark[:8]),
        (b"X-Signature", mark),
    ]


def trailers_wire(index: int) -> bytes:
    """Return an upload of one chunk with a trailer section (RFC 9112, section 7.1.2)."""
    body = chunk(payload(index)) + head(b"0", trailer_fields(index))
    return chunked_head(index) + body
