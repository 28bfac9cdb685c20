"""What a peer may send as much of as it likes, each ready to be read at any size.

In: a size. Out: the work of reading as much through a new `Connection`, limits lifted, with the
result checked (RFC 9112, sections 2 to 7).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import h11
from tests.benchmarks.implementation import UnexpectedEventError

Work = Callable[[], None]

NO_LIMIT = 10**9
NO_LIMITS = h11.Limits(
    head_size=NO_LIMIT,
    field_count=NO_LIMIT,
    trailer_size=NO_LIMIT,
    chunk_extension_size=NO_LIMIT,
)

GET = b"GET / HTTP/1.1\r\nHost: a\r\n"
PUT = b"PUT / HTTP/1.1\r\nHost: a\r\n"
CHUNKED = PUT + b"Transfer-Encoding: chunked\r\n\r\n"

END = b"\r\n\r\n"
LAST_CHUNK = b"0\r\n"

PIECE = 4096
"""How many octets of a body arrive at once."""


@dataclass(frozen=True)
class Growing:
    """Something that can be of any size.

    Attributes:
        title: What grows.
        smallest: The least of the sizes that it is measured at.
        work_of: Gives the work that a size makes, ready to be done several times.
    """

    title: str
    smallest: int
    work_of: Callable[[int], Work]


def server(tolerate: h11.Tolerance | None = None) -> h11.Connection:
    """Return a new server's connection without limits."""
    return h11.Connection(h11.SERVER, tolerate=tolerate, limits=NO_LIMITS)


def octets(wire: bytes) -> list[bytes]:
    """Return the octets one by one."""
    return [wire[place : place + 1] for place in range(len(wire))]


def read(connection: h11.Connection, pieces: Iterable[bytes]) -> dict[type, int]:
    """Read all pieces, answering each request when it is complete, and count what comes."""
    counts: dict[type, int] = {}
    for piece in pieces:
        connection.receive_data(piece)
        count_events(connection, counts)
    return counts


def count_events(connection: h11.Connection, counts: dict[type, int]) -> None:
    """Take what can be had for now, answering each request when it is complete."""
    while True:
        event = connection.next_event()
        if event is h11.NEED_DATA:
            return
        kind = type(event)
        counts[kind] = counts.get(kind, 0) + 1
        if kind is h11.EndOfMessage:
            connection.send(h11.Response(status_code=204, headers=[]))
            connection.send(h11.EndOfMessage())
            connection.start_next_cycle()


def reading(
    pieces: Iterable[bytes],
    requests: int = 1,
    data: int = 0,
    tolerate: h11.Tolerance | None = None,
) -> Work:
    """Return the work of reading whole requests.

    Args:
        pieces: What arrives, piece by piece.
        requests: How many requests that makes.
        data: How many pieces of their bodies.
        tolerate: What the server lets through.
    """
    received = list(pieces)
    right = {h11.Request: requests, h11.EndOfMessage: requests}
    if data:
        right[h11.Data] = data

    def work() -> None:
        counts = read(server(tolerate), received)
        if counts != right:
            raise UnexpectedEventError(counts)

    return work


def field_lines(count: int) -> bytes:
    """Return that many field lines, no two alike."""
    return b"".join(b"X-%d: %d\r\n" % (number, number) for number in range(count))


def piled_up(size: int) -> Work:
    """Return the work of reading that many requests that came octet by octet before an answer."""
    request = GET + b"\r\n"
    pieces = octets(request * size)

    def work() -> None:
        connection = server()
        counts: dict[type, int] = {}
        connection.receive_data(request)
        received = [type(connection.next_event()), type(connection.next_event())]
        for piece in pieces:
            connection.receive_data(piece)
            if connection.next_event() is not h11.PAUSED:
                raise UnexpectedEventError(received)
        connection.send(h11.Response(status_code=204, headers=[]))
        connection.send(h11.EndOfMessage())
        connection.start_next_cycle()
        count_events(connection, counts)
        if counts != {h11.Request: size, h11.EndOfMessage: size}:
            raise UnexpectedEventError(counts)

    return work


def sending(size: int) -> Work:
    """Return the work of sending that many chunks in response to a request."""

    def work() -> None:
        connection = server()
        connection.receive_data(GET + b"\r\n")
        received = [type(connection.next_event()), type(connection.next_event())]
        if received != [h11.Request, h11.EndOfMessage]:
            raise UnexpectedEventError(received)
        connection.send(h11.Response(status_code=200, headers=[(b"Transfer-Encoding", b"chunked")]))
        for _ in range(size):
            connection.send(h11.Data(data=b"abcd"))
        if connection.send(h11.EndOfMessage()) != b"0\r\n\r\n":
            raise UnexpectedEventError(size)

    return work


def content_length(size: int) -> Work:
    """Return the work of reading a body with a Content-Length that comes in pieces."""
    head = PUT + b"Content-Length: %d\r\n\r\n" % (size * PIECE)
    return reading([head, *[bytes(PIECE)] * size], data=size)


def head_of_octets(size: int) -> bytes:
    """Return a head with a value of that many octets."""
    return GET + b"A: " + b"x" * size + END


def chunks(size: int) -> bytes:
    """Return that many chunks of an octet each, and the end of the body."""
    return b"1\r\na\r\n" * size + LAST_CHUNK + b"\r\n"


GROWING = {
    "head_size": Growing(
        "octets of a head",
        250_000,
        lambda size: reading([head_of_octets(size)]),
    ),
    "head_bytewise": Growing(
        "octets of a head, one by one",
        1_000,
        lambda size: reading(octets(head_of_octets(size))),
    ),
    "field_count": Growing(
        "fields of a head",
        4_000,
        lambda size: reading([GET + field_lines(size) + b"\r\n"]),
    ),
    "bare_lf": Growing(
        "fields with bare LF, tolerated",
        4_000,
        lambda size: reading(
            [(GET + field_lines(size) + b"\r\n").replace(b"\r\n", b"\n")],
            tolerate=h11.Tolerance.BARE_LF,
        ),
    ),
    "folded_lines": Growing(
        "folded lines, tolerated",
        1_000,
        lambda size: reading(
            [GET + b"A: b" + b"\r\n c" * size + END], tolerate=h11.Tolerance.OBS_FOLD
        ),
    ),
    "chunk_count": Growing(
        "chunks",
        500,
        lambda size: reading([CHUNKED, chunks(size)], data=size),
    ),
    "chunks_bytewise": Growing(
        "chunks, octet by octet",
        200,
        lambda size: reading(octets(CHUNKED + chunks(size)), data=size),
    ),
    "chunk_extension": Growing(
        "octets of a chunk extension",
        500_000,
        lambda size: reading(
            [CHUNKED, b"1;a=" + b"b" * size + b"\r\na\r\n" + LAST_CHUNK + b"\r\n"], data=1
        ),
    ),
    "trailer_fields": Growing(
        "fields of a trailer section",
        4_000,
        lambda size: reading([CHUNKED, LAST_CHUNK + field_lines(size) + b"\r\n"]),
    ),
    "body_size": Growing("pieces of 4 KiB of a body", 1_000, content_length),
    "pipelined": Growing(
        "pipelined requests in one read",
        100,
        lambda size: reading([(GET + b"\r\n") * size], requests=size),
    ),
    "paused": Growing("requests piled up, octet by octet", 100, piled_up),
    "chunks_sent": Growing("chunks sent", 1_000, sending),
}
"""All of them, by their names."""
