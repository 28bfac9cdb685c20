"""Tests of `max_incomplete_event_size`: how much is held of what is not complete yet.

It is the meaning of the argument in h11 0.16.0, by which servers let longer heads through.
"""

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
    ErrorCode,
    Limits,
    RemoteProtocolError,
)
from tests.h11.conversations import END, hear, length, request, response, say

LIMIT: Final = 64

HEAD: Final = b"GET / HTTP/1.1\r\nHost: example.com\r\nA: " + b"x" * 100 + b"\r\n\r\n"
EVENTS: Final = [request(("A", "x" * 100)), END]


@pytest.mark.parametrize("first", [0, 1, LIMIT])
def test_what_the_next_piece_completes_may_be_longer(first: int) -> None:
    """As much is held as the limit allows; what came last has not been held."""
    connection = Connection(SERVER, LIMIT)
    if first:
        connection.receive_data(HEAD[:first])
        assert connection.next_event() is NEED_DATA
    assert hear(connection, HEAD[first:]) == EVENTS


@pytest.mark.parametrize("size", [LIMIT + 1, len(HEAD) - 1])
def test_what_stays_incomplete_may_not(size: int) -> None:
    """One byte more than the limit is refused with 431, be it of the first line."""
    connection = Connection(SERVER, LIMIT)
    connection.receive_data(HEAD[:size])
    with pytest.raises(RemoteProtocolError, match=r"64 bytes \(max_incomplete") as caught:
        connection.next_event()
    assert connection.their_state is ERROR
    assert (caught.value.code, caught.value.expected) == (ErrorCode.HEAD_TOO_LARGE, LIMIT)
    assert caught.value.error_status_hint == 431

    connection = Connection(SERVER, LIMIT)
    connection.receive_data(b"GET /" + b"x" * size)
    with pytest.raises(RemoteProtocolError) as caught:
        connection.next_event()
    assert caught.value.error_status_hint == 431


def test_heads_that_are_unusual_are_measured_in_the_same_way() -> None:
    """A head that has to be looked at octet by octet may be completed, too."""
    head = HEAD.replace(b": ", b":\t")
    for first in (1, LIMIT):
        connection = Connection(SERVER, LIMIT)
        connection.receive_data(head[:first])
        assert connection.next_event() is NEED_DATA
        assert hear(connection, head[first:]) == EVENTS


def test_trailers_are_held_as_long_as_heads() -> None:
    """A trailer section that a piece completes may be longer, an incomplete one may not."""
    head = b"PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    trailers = b"A: " + b"x" * LIMIT + b"\r\n\r\n"
    connection = Connection(SERVER, LIMIT)
    end = EndOfMessage(headers=[("A", "x" * LIMIT)])
    assert hear(connection, head, b"0\r\n" + trailers)[1:] == [end]

    connection = Connection(SERVER, LIMIT)
    hear(connection, head)
    connection.receive_data(b"0\r\n" + trailers[:-1])
    with pytest.raises(RemoteProtocolError) as caught:
        connection.next_event()
    assert caught.value.code is ErrorCode.TRAILERS_TOO_LARGE


def test_all_other_limits_are_the_usual_ones() -> None:
    """It says nothing about the number of fields."""
    connection = Connection(SERVER, 1_000_000)
    connection.receive_data(b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * (Limits().field_count + 1))
    with pytest.raises(RemoteProtocolError) as caught:
        connection.next_event()
    assert caught.value.code is ErrorCode.TOO_MANY_FIELDS


def test_bodies_and_what_waits_are_not_measured() -> None:
    """Content of any length passes, and many messages may wait for their turn."""
    connection = Connection(our_role=CLIENT, max_incomplete_event_size=LIMIT)
    say(connection, request(), END)
    body = b"y" * 1000
    octets = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + body
    assert hear(connection, octets) == [response(length(1000), reason="OK"), Data(data=body), END]
