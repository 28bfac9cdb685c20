"""The section "Support for `sendfile()`" of the reference, paragraph by paragraph."""

import socket
import tempfile
from typing import Final

import pytest

from h11 import CLIENT, DONE, MUST_CLOSE, SERVER, Connection, Data, Event, LocalProtocolError
from tests.h11.conversations import (
    CHUNKED,
    END,
    GET_HEAD,
    Line,
    client,
    length,
    request,
    response,
    say,
    server,
)
from tests.h11.placeholders import FilePlaceholder, Untouchable, passing

HTTP_10: Final = b"GET / HTTP/1.0\r\n\r\n"

FRAMINGS: Final[dict[str, tuple[bytes, tuple[Line, ...], list[bytes], list[bytes]]]] = {
    "Content-Length": (GET_HEAD, (length(200),), [], []),
    "chunked": (GET_HEAD, (CHUNKED,), [b"c8\r\n"], [b"\r\n"]),
    "until close": (HTTP_10, (), [], []),
}
"""For each mode: the request, the field lines of the response, what stands around the data."""

with_every_framing = pytest.mark.parametrize(
    ("asked", "lines", "before", "after"), FRAMINGS.values(), ids=FRAMINGS
)


@with_every_framing
def test_the_very_object_is_returned_among_the_framing(
    asked: bytes, lines: tuple[Line, ...], before: list[bytes], after: list[bytes]
) -> None:
    """The list has the placeholder itself, and whatever bytes the framing needs around it."""
    connection = server(asked)
    say(connection, response(*lines))
    event = passing(Untouchable(200))
    pieces = connection.send_with_data_passthrough(event)
    assert pieces is not None
    (position,) = [at for at, piece in enumerate(pieces) if piece is event.data]
    assert pieces[:position] == before
    assert pieces[position + 1 :] == after


@with_every_framing
def test_the_internal_state_is_updated(
    asked: bytes, lines: tuple[Line, ...], before: list[bytes], after: list[bytes]
) -> None:
    """The length of the placeholder counts, so the message can be ended behind it."""
    connection = server(asked)
    say(connection, response(*lines))
    connection.send_with_data_passthrough(passing(Untouchable(200)))
    assert (say(connection, END) == b"0\r\n\r\n") is bool(before or after)
    assert connection.our_state is (MUST_CLOSE if asked is HTTP_10 else DONE)


def test_the_length_of_a_placeholder_is_held_against_the_announced_one() -> None:
    """A placeholder that stands for too much or too little is an error like any other data."""
    connection = server(GET_HEAD)
    say(connection, response(length(200)))
    with pytest.raises(LocalProtocolError, match="Too much data"):
        connection.send_with_data_passthrough(passing(Untouchable(201)))

    connection = server(GET_HEAD)
    say(connection, response(length(200)))
    connection.send_with_data_passthrough(passing(Untouchable(199)))
    with pytest.raises(LocalProtocolError, match="Too little data"):
        connection.send(END)


def test_an_empty_placeholder_is_no_chunk() -> None:
    """No chunk is sent for nothing, because an empty chunk would be the last one."""
    connection = client(request(CHUNKED))
    assert connection.send_with_data_passthrough(passing(Untouchable(0))) == []
    assert say(connection, END) == b"0\r\n\r\n"


def test_bytes_are_passed_through_as_the_same_object() -> None:
    """It is so for real bytes as well: nothing is copied."""
    connection = client(request(CHUNKED))
    for event in (Data(data=b"abc" * 1000), Data(data=bytearray(b"abc"))):
        pieces = connection.send_with_data_passthrough(event)
        assert pieces is not None
        assert any(piece is event.data for piece in pieces)


@pytest.mark.parametrize("role", [CLIENT, SERVER], ids=repr)
def test_both_ways_of_sending_give_the_same_bytes(role: object) -> None:
    """Joined, the pieces of any event are what `send` returns."""
    events: list[Event] = [Data(data=b"abc"), Data(data=b""), Data(data=b"d"), END]
    events.insert(0, request(CHUNKED) if role is CLIENT else response(CHUNKED))

    def beginning() -> Connection:
        """Return a connection that may send these events."""
        return client() if role is CLIENT else server(GET_HEAD)

    whole, in_pieces = beginning(), beginning()
    for event in events:
        pieces = in_pieces.send_with_data_passthrough(event)
        assert pieces is not None
        assert whole.send(event) == b"".join(pieces)
        assert whole.states == in_pieces.states


def test_all_that_is_not_the_placeholder_is_bytes() -> None:
    """The rest of the list can be sent directly."""
    connection = server(GET_HEAD)
    for event in (response(CHUNKED), Data(data=b"abc"), END):
        pieces = connection.send_with_data_passthrough(event)
        assert pieces is not None
        assert all(type(piece) is bytes for piece in pieces)


def send_data(sock: socket.socket, data: bytes | FilePlaceholder) -> None:
    """Send a piece as the sketch of the reference does it."""
    if isinstance(data, FilePlaceholder):
        sock.sendfile(data.file, data.offset, data.count)
    else:
        sock.sendall(data)


@with_every_framing
def test_the_sketch(
    asked: bytes, lines: tuple[Line, ...], before: list[bytes], after: list[bytes]
) -> None:
    """A part of a real file goes through a real socket, framed in every mode."""
    content = bytes(range(256)) * 2
    connection = server(asked)
    say(connection, response(*lines))
    near, far = socket.socketpair()
    with near, far, tempfile.TemporaryFile() as file:
        file.write(content)
        file.flush()
        placeholder = FilePlaceholder(file, 100, 200)
        for data in connection.send_with_data_passthrough(passing(placeholder)) or []:
            send_data(near, data)
        near.shutdown(socket.SHUT_WR)
        received = b"".join(iter(lambda: far.recv(4096), b""))
    assert received == b"".join([*before, content[100:300], *after])
