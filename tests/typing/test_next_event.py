"""What `next_event` returns, and how it is narrowed: by `is`, by `isinstance`, by `match`.

Each `assert_type` is judged when the tests are type-checked, and so is each `assert_never`: it says
that there is no further case. Run, the same functions show that the values are what the types say.
"""

from typing import assert_never, assert_type

import pytest

import h11
from h11 import (
    NEED_DATA,
    PAUSED,
    Connection,
    ConnectionClosed,
    Data,
    EndOfMessage,
    Event,
    InformationalResponse,
    Request,
    Response,
)
from h11_events import AnyEvent, Headers
from tests.h11.conversations import END, GET_HEAD, WEBSOCKET, Marker, client, request, server

PUT = b"PUT /a HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx"


def told_by_is(connection: Connection) -> str:
    """Tell what comes next, narrowing by `is` and by `isinstance`."""
    event = connection.next_event()
    assert_type(event, AnyEvent | type[NEED_DATA] | type[PAUSED])
    if event is NEED_DATA:
        assert_type(event, type[NEED_DATA])
        return "need data"
    assert_type(event, AnyEvent | type[PAUSED])
    if event is PAUSED:
        assert_type(event, type[PAUSED])
        return "paused"
    assert_type(event, AnyEvent)
    if isinstance(event, Request):
        assert_type(event, Request)
        return "request"
    if isinstance(event, InformationalResponse | Response):
        assert_type(event, InformationalResponse | Response)
        return "response"
    assert_type(event, Data | EndOfMessage | ConnectionClosed)
    return type(event).__name__


def told_by_is_not(connection: Connection) -> Event | None:
    """Return the next event, if there is one."""
    event = connection.next_event()
    if event is not NEED_DATA and event is not PAUSED:
        assert_type(event, AnyEvent)
        return event
    assert_type(event, type[NEED_DATA] | type[PAUSED])
    return None


def told_by_type(event: AnyEvent) -> str:
    """Tell which event it is by its exact class, which suffices because the classes are final."""
    if type(event) is Request:
        assert_type(event, Request)
        return "request"
    assert_type(event, InformationalResponse | Response | Data | EndOfMessage | ConnectionClosed)
    return type(event).__name__


def told_by_match(connection: Connection) -> object:
    """Tell what comes next, by a `match` that has a case for everything."""
    event = connection.next_event()
    match event:
        case Request(method=method, target=target):
            assert_type(method, bytes)
            assert_type(target, bytes)
            return method, target
        case InformationalResponse(status_code=status) | Response(status_code=status):
            assert_type(status, int)
            return status
        case Data(data=data, chunk_start=start, chunk_end=end):
            assert_type(data, bytes)
            assert_type(start, bool)
            assert_type(end, bool)
            return data
        case EndOfMessage(headers=trailers):
            assert_type(trailers, Headers)
            return trailers
        case ConnectionClosed():
            return "closed"
        case h11.NEED_DATA:
            assert_type(event, type[NEED_DATA])
            return "need data"
        case h11.PAUSED:
            assert_type(event, type[PAUSED])
            return "paused"
        case _:
            assert_never(event)


def told_by_place(event: AnyEvent) -> object:
    """Return the first field of an event, by a `match` on places."""
    match event:
        case Request(first):
            assert_type(first, bytes)
        case InformationalResponse(first) | Response(first):
            assert_type(first, int)
        case Data(first):
            assert_type(first, bytes)
        case EndOfMessage(first):
            assert_type(first, Headers)
        case ConnectionClosed():
            return None
        case _:
            assert_never(event)
    return first


def told_of_a_base(event: Event) -> str:
    """Tell which event it is where all that is known is the base; there could be other classes."""
    match event:
        case Request() | InformationalResponse() | Response():
            assert_type(event, Request | InformationalResponse | Response)
            return "head"
        case Data() | EndOfMessage():
            return "body"
        case _:
            assert_type(event, Event)
            return "another"


def told_completely(event: Marker) -> str:
    """Tell which marker it is; a checker sees that there is no third."""
    if event is NEED_DATA:
        return "need data"
    if event is PAUSED:
        return "paused"
    assert_never(event)


def first_of(*connections: Connection) -> list[Event | type[NEED_DATA] | type[PAUSED]]:
    """Return what each has next; the union of h11 0.16.0 is wide enough for it."""
    return [connection.next_event() for connection in connections]


def test_next_event_narrows_by_is() -> None:
    """The three kinds of answers are told apart by `is`, and what is left is an event."""
    connection = server()
    assert told_by_is(connection) == "need data"
    connection.receive_data(GET_HEAD * 2)
    assert [told_by_is(connection) for _ in range(3)] == ["request", "EndOfMessage", "paused"]

    connection = client(request(), END)
    connection.receive_data(b"HTTP/1.1 204 \r\n\r\n")
    assert told_by_is(connection) == "response"


def test_next_event_narrows_by_is_not() -> None:
    """What is neither marker is an event."""
    connection = server()
    assert told_by_is_not(connection) is None
    connection.receive_data(GET_HEAD)
    assert told_by_is_not(connection) == request()


def test_next_event_narrows_by_match() -> None:
    """Class patterns give the fields, value patterns the markers, and nothing is left."""
    connection = server()
    heard = [told_by_match(connection)]
    connection.receive_data(PUT + GET_HEAD)
    heard += [told_by_match(connection) for _ in range(4)]
    assert heard == ["need data", (b"PUT", b"/a"), b"x", [], "paused"]

    connection = client(request(), END)
    connection.receive_data(b"HTTP/1.1 103 \r\n\r\nHTTP/1.1 204 \r\n\r\n")
    connection.receive_data(b"")
    heard = [told_by_match(connection) for _ in range(4)]
    assert heard == [103, 204, [], "closed"]


@pytest.mark.parametrize(
    ("event", "exact", "first", "kind"),
    [
        (request(), "request", b"GET", "head"),
        (InformationalResponse(status_code=103, headers=[]), "InformationalResponse", 103, "head"),
        (Response(status_code=204, headers=[]), "Response", 204, "head"),
        (Data(data=b"a"), "Data", b"a", "body"),
        (END, "EndOfMessage", [], "body"),
        (ConnectionClosed(), "ConnectionClosed", None, "another"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Event) else "",
)
def test_events_narrow_by_class_and_by_place(
    event: AnyEvent, exact: str, first: object, kind: str
) -> None:
    """The six events are told apart by their exact class, by a `match`, and by their base."""
    assert told_by_type(event) == exact
    assert told_by_place(event) == first
    assert told_of_a_base(event) == kind


@pytest.mark.parametrize(("marker", "name"), [(NEED_DATA, "need data"), (PAUSED, "paused")])
def test_markers_are_complete(marker: Marker, name: str) -> None:
    """There are two markers, and narrowing knows when both were ruled out."""
    assert told_completely(marker) == name


def test_next_event_suits_the_base_of_events() -> None:
    """Programs that name the base of all events in annotations can go on to do so."""
    asked, proposed = server(), server()
    asked.receive_data(GET_HEAD)
    proposed.receive_data(client().send(request(WEBSOCKET)))
    assert first_of(server(), asked, proposed) == [NEED_DATA, request(), request(WEBSOCKET)]
