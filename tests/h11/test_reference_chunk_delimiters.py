"""The section "Chunked Transfer Encoding Delimiters" of the reference, paragraph by paragraph."""

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from h11 import CLIENT, SERVER, Connection, Data, EndOfMessage, Event, Request, Response
from tests.h11.conversations import (
    CHUNKED,
    END,
    client,
    cuttings,
    data_of,
    hear,
    length,
    pending,
    request,
    say,
    server,
)
from tests.strategies import cuts

CHUNKS: Final = [b"a", b"hello", b"0123456789abcdefghij"]

HEADS: Final = {
    SERVER: b"PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
    CLIENT: b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
}
"""What each role receives before a body in chunks."""

in_both_roles = pytest.mark.parametrize("role", [CLIENT, SERVER], ids=repr)


def encoded(chunks: list[bytes]) -> bytes:
    """Return a chunked body with these chunks."""
    return b"".join(b"%X\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\n\r\n"


def expecting_body(role: object) -> Connection:
    """Return a connection that has received the head of a message with a body in chunks."""
    connection = server() if role is SERVER else client(request(), END)
    (head,) = hear(connection, HEADS[SERVER if role is SERVER else CLIENT])
    assert isinstance(head, Request | Response)
    return connection


def pieces_by_chunk(events: list[Event]) -> list[list[bytes]]:
    """Return the data of each chunk in its pieces, going by the two flags alone."""
    chunks: list[list[bytes]] = []
    inside = False
    for event in events:
        if isinstance(event, Data):
            assert event.chunk_start is not inside
            if event.chunk_start:
                chunks.append([])
            chunks[-1].append(event.data)
            inside = not event.chunk_end
    assert not inside
    return chunks


@in_both_roles
def test_bodies_are_length_prefixed_chunks(role: object) -> None:
    """A chunked body is taken apart in both roles."""
    events = hear(expecting_body(role), encoded(CHUNKS))
    assert data_of(events) == b"".join(CHUNKS)
    assert events[-1] == END


@pytest.mark.parametrize("size", [b"5", b"05", b"00000000000000000005"])
@pytest.mark.parametrize("extension", [b"", b";a", b";a=b", b' ; a="b;c"', b"\t;\ta = b;c=d"])
def test_the_form_of_a_chunk_header_does_not_matter(size: bytes, extension: bytes) -> None:
    """Leading zeros and extensions make no difference."""
    body = size + extension + b"\r\nhello\r\n0" + extension + b"\r\n\r\n"
    assert hear(expecting_body(SERVER), body) == [
        Data(data=b"hello", chunk_start=True, chunk_end=True),
        END,
    ]


@given(data=st.binary(min_size=1, max_size=60), pieces=st.data())
def test_breaking_points_mean_nothing(data: bytes, pieces: st.DataObject) -> None:
    """Whatever chunks an intermediary makes of a body, the data are the same."""
    chunks = pieces.draw(cuts(data))
    assert data_of(hear(expecting_body(SERVER), encoded(chunks))) == data


@in_both_roles
def test_flags_show_the_boundaries_in_all_cuttings(role: object) -> None:
    """Start and end of each chunk are marked, also when its header came in an earlier read."""
    for pieces in cuttings(encoded(CHUNKS)):
        events = hear(expecting_body(role), *pieces)
        assert [b"".join(chunk) for chunk in pieces_by_chunk(events)] == CHUNKS


def test_the_start_is_marked_although_the_size_came_earlier() -> None:
    """A chunk header alone gives no event; the first data after it begin the chunk."""
    connection = expecting_body(SERVER)
    assert hear(connection, b"5\r\n") == []
    assert hear(connection, b"he") == [Data(data=b"he", chunk_start=True, chunk_end=False)]
    assert hear(connection, b"l") == [Data(data=b"l", chunk_start=False, chunk_end=False)]
    assert hear(connection, b"lo") == [Data(data=b"lo", chunk_start=False, chunk_end=True)]
    assert hear(connection, b"\r\n5\r\n") == []
    assert hear(connection, b"world") == [Data(data=b"world", chunk_start=True, chunk_end=True)]


@given(
    chunks=st.lists(st.binary(min_size=1, max_size=30), max_size=6),
    pieces=st.data(),
)
def test_there_is_at_least_one_event_for_each_chunk(
    chunks: list[bytes], pieces: st.DataObject
) -> None:
    """Every chunk has one event or several, none of them empty, and no event has two chunks."""
    connection = expecting_body(CLIENT)
    events = hear(connection, *pieces.draw(cuts(encoded(chunks))))
    found = pieces_by_chunk(events)
    assert [b"".join(chunk) for chunk in found] == chunks
    assert all(piece for chunk in found for piece in chunk)


def test_an_event_with_both_flags_is_the_only_one_of_its_chunk() -> None:
    """Chunks that were received as a whole have one event each."""
    events = hear(expecting_body(SERVER), encoded(CHUNKS))
    assert events == [
        *(Data(data=chunk, chunk_start=True, chunk_end=True) for chunk in CHUNKS),
        EndOfMessage(),
    ]


@pytest.mark.parametrize(
    ("head", "ended_by_close"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n", False),
        (b"HTTP/1.1 200 OK\r\n\r\n", True),
    ],
)
def test_without_chunks_nothing_is_marked(head: bytes, ended_by_close: bool) -> None:
    """In a body that has no chunks, both flags are False."""
    connection = client(request(), END)
    events = hear(connection, head, b"abc", b"def", *([b""] if ended_by_close else []))
    assert [event for event in events if isinstance(event, Data)] == [
        Data(data=b"abc", chunk_start=False, chunk_end=False),
        Data(data=b"def", chunk_start=False, chunk_end=False),
    ]


def test_events_are_unmarked_unless_said_otherwise() -> None:
    """Whoever makes an event need not say anything about chunks."""
    assert Data(data=b"a") == Data(data=b"a", chunk_start=False, chunk_end=False)
    assert Data(data=b"a") != Data(data=b"a", chunk_start=True)


def test_flags_change_nothing_on_the_wire() -> None:
    """Each piece that is sent is a chunk, or none, whatever its flags say."""
    for start, end in [(False, False), (True, False), (False, True), (True, True)]:
        data = Data(data=b"abc", chunk_start=start, chunk_end=end)
        assert say(client(request(CHUNKED)), data) == b"3\r\nabc\r\n"
        assert say(client(request(length(3))), data) == b"abc"


def test_no_event_is_lost_at_the_end_of_a_body() -> None:
    """The last chunk and the end of the message come in their order, and then nothing."""
    connection = expecting_body(SERVER)
    connection.receive_data(encoded([b"a"]))
    assert pending(connection) == [Data(data=b"a", chunk_start=True, chunk_end=True), END]
    assert pending(connection) == []
