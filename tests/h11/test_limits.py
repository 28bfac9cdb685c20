"""Tests of `Limits`: they hold however the bytes arrive.

It bounds a head and a trailer section; chunk extensions have a limit of their own, and bodies are
not bounded at all.
"""

from collections.abc import Iterator
from typing import Final

import pytest

from h11 import (
    CLIENT,
    ERROR,
    NEED_DATA,
    SERVER,
    Connection,
    Data,
    EndOfMessage,
    Limits,
    RemoteProtocolError,
    Request,
)
from tests.h11.conversations import (
    END,
    GET_HEAD,
    Outcome,
    client,
    cuttings,
    data_of,
    hear,
    length,
    outcome,
    request,
    response,
    say,
)

LIMIT: Final = 64

CHUNKED_PUT: Final = b"PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
"""A head within the limit."""


def padded(start: bytes, end: bytes, size: int) -> bytes:
    """Return start and end with so many octets between them that there are `size` in all."""
    return start + b"x" * (size - len(start) - len(end)) + end


def limits_of(size: int) -> Limits:
    """Return one limit for heads and for trailer sections."""
    return Limits(head_size=size, trailer_size=size)


def limited(role: object, limit: int = LIMIT) -> Connection:
    """Return a connection with a limit, ready to receive a head."""
    if role is SERVER:
        return Connection(our_role=SERVER, limits=limits_of(limit))
    connection = Connection(our_role=CLIENT, limits=limits_of(limit))
    say(connection, request(), END)
    return connection


BOUNDED: Final = {
    "request head": (SERVER, b"", (b"GET / HTTP/1.1\r\nHost: a\r\nA: ", b"\r\n\r\n"), b""),
    "request line": (SERVER, b"", (b"GET /", b" HTTP/1.0\r\n\r\n"), b""),
    "response head": (
        CLIENT,
        b"",
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nA: ", b"\r\n\r\n"),
        b"",
    ),
    "informational head": (CLIENT, b"", (b"HTTP/1.1 103 Hints\r\nA: ", b"\r\n\r\n"), b""),
    "head with bare line feeds": (CLIENT, b"", (b"HTTP/1.0 200 OK\nA: ", b"\n\n"), b""),
    "trailer section": (SERVER, CHUNKED_PUT + b"1\r\na\r\n0\r\n", (b"A: ", b"\r\n\r\n"), b""),
}
"""For each bounded part: who receives it, what comes before, its start and end, what follows."""

every_part = pytest.mark.parametrize(
    ("role", "before", "around", "after"), BOUNDED.values(), ids=BOUNDED
)


def outcomes(role: object, octets: bytes) -> Iterator[Outcome]:
    """Yield what comes of the octets in all cuttings."""
    for pieces in cuttings(octets):
        yield outcome(limited(role), pieces)


@every_part
def test_exactly_the_limit_is_accepted_however_it_is_cut(
    role: object, before: bytes, around: tuple[bytes, bytes], after: bytes
) -> None:
    """A part of exactly that many bytes is read in all cuttings, with the same events."""
    part = padded(*around, LIMIT)
    assert len(part) == LIMIT
    results = list(outcomes(role, before + part + after))
    assert results[0].error_status_hint is None
    assert results[0].events
    assert all(result == results[0] for result in results)
    if role is SERVER:
        assert isinstance(results[0].events[-1], EndOfMessage)


@every_part
def test_one_byte_over_the_limit_is_refused_however_it_is_cut(
    role: object, before: bytes, around: tuple[bytes, bytes], after: bytes
) -> None:
    """One byte more is refused in all cuttings with hint 431, even if it comes in one piece."""
    results = list(outcomes(role, before + padded(*around, LIMIT + 1) + after))
    assert results[0].error_status_hint == 431
    assert all(result == results[0] for result in results)


@pytest.mark.parametrize("part", BOUNDED)
def test_a_part_that_never_ends_is_refused_in_time(part: str) -> None:
    """It is the first byte over the limit that is refused, no matter what might follow."""
    role, before, (start, _), _ = BOUNDED[part]
    connection = limited(role)
    if before:
        hear(connection, before)
    for octet in padded(start, b"", LIMIT):
        connection.receive_data(bytes([octet]))
        assert connection.next_event() is NEED_DATA
    connection.receive_data(b"x")
    with pytest.raises(RemoteProtocolError) as caught:
        connection.next_event()
    assert caught.value.error_status_hint == (414 if part == "request line" else 431)
    assert caught.value.expected == LIMIT
    assert connection.their_state is ERROR


def test_the_error_says_what_the_limit_was() -> None:
    """Whoever reads the message gets to know the limit."""
    connection = limited(SERVER, 1234)
    connection.receive_data(b"x" * 1235)
    with pytest.raises(RemoteProtocolError, match=r"1234 bytes \(Limits\.head_size\)"):
        connection.next_event()


def test_an_oversized_head_can_be_answered_with_the_hint() -> None:
    """A server may still say 431, as the hint suggests."""
    connection = limited(SERVER)
    connection.receive_data(padded(b"GET / HTTP/1.1\r\nA: ", b"\r\n\r\n", 1000))
    with pytest.raises(RemoteProtocolError) as caught:
        connection.next_event()
    sent = say(connection, response(length(0), status=caught.value.error_status_hint), END)
    assert sent == b"HTTP/1.1 431 \r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


def test_it_is_16_kib_unless_said_otherwise() -> None:
    """Without limits, a head may have 16384 bytes."""
    for size, hint in [(16384, None), (16385, 431)]:
        head = padded(b"GET / HTTP/1.1\r\nHost: a\r\nA: ", b"\r\n\r\n", size)
        for pieces in ([head], [head[:5000], head[5000:]], [head[:-1], head[-1:]]):
            assert outcome(Connection(our_role=SERVER), pieces).error_status_hint == hint


@pytest.mark.parametrize("piece", [1, 100, 100_000])
def test_bodies_are_not_bounded(piece: int) -> None:
    """Content of any length passes, in every framing, and in pieces of any size."""
    body = b"y" * 2000
    for head, octets, end in [
        (b"Content-Length: 2000\r\n", body, []),
        (b"Transfer-Encoding: chunked\r\n", b"7d0\r\n" + body + b"\r\n0\r\n\r\n", []),
        (b"", body, [b""]),
    ]:
        connection = limited(CLIENT)
        pieces = [octets[at : at + piece] for at in range(0, len(octets), piece)]
        events = hear(connection, b"HTTP/1.1 200 OK\r\n" + head + b"\r\n", *pieces, *end)
        assert data_of(events) == body
        assert END in events


def test_chunk_extensions_are_not_bounded_by_it() -> None:
    """They have a limit of their own, which counts those of all chunks together."""
    for size in (LIMIT, 1000, 16_000):
        connection = limited(SERVER)
        header = padded(b"3;", b"\r\n", size)
        assert data_of(hear(connection, CHUNKED_PUT + header + b"abc\r\n0\r\n\r\n")) == b"abc"


def test_what_comes_behind_a_head_does_not_count() -> None:
    """A short head in front of a large piece is no long head."""
    connection = limited(SERVER)
    head = b"PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n"
    events = hear(connection, head + b"z" * 1000)
    assert isinstance(events[0], Request)
    assert events[1:] == [Data(data=b"z" * 1000), END]


def test_pipelined_requests_do_not_count_together() -> None:
    """Each head has the limit for itself, though many are waiting."""
    connection = limited(SERVER)
    connection.receive_data(GET_HEAD * 50)
    for _ in range(50):
        assert [connection.next_event(), connection.next_event()] == [request(), END]
        say(connection, response(length(0)), END)
        connection.start_next_cycle()
    assert connection.next_event() is NEED_DATA


def test_the_limit_does_not_concern_what_is_sent() -> None:
    """It is about the peer; we may send heads of any length."""
    connection = Connection(our_role=CLIENT, limits=limits_of(10))
    assert len(say(connection, request(("A", "x" * 1000)))) > 1000
    assert client().send(request(("A", "x" * 100_000))) is not None
