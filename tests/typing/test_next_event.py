"""Promises to type checkers: what `mypy --strict` sees of the public interface, and what happens.

Each `assert_type` is judged when the tests are type-checked; run, the same functions show that the
values are what the types say.
"""

from typing import assert_never, assert_type

import pytest

import h11
from h11 import (
    CLIENT,
    NEED_DATA,
    PAUSED,
    SERVER,
    Connection,
    ConnectionClosed,
    Data,
    EndOfMessage,
    Event,
    InformationalResponse,
    Request,
    Response,
)
from h11._headers import Headers
from h11_events import AnyEvent
from h11_statemachine import Role, State
from tests.h11.conversations import END, GET_HEAD, client, length, request, response, server


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
        assert_type(event.target, bytes)
        return "request"
    return type(event).__name__


def told_by_is_not(connection: Connection) -> Event | None:
    """Return the next event, if there is one."""
    event = connection.next_event()
    if event is not NEED_DATA and event is not PAUSED:
        assert_type(event, AnyEvent)
        return event
    return None


def told_by_match(connection: Connection) -> object:
    """Tell what comes next, narrowing by `match` with class patterns."""
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
            return "need data"
        case h11.PAUSED:
            return "paused"
        case _:
            return "another event"


def told_completely(event: type[NEED_DATA] | type[PAUSED]) -> str:
    """Tell which marker it is; a checker sees that there is no third."""
    if event is NEED_DATA:
        return "need data"
    if event is PAUSED:
        return "paused"
    assert_never(event)


def test_next_event_narrows_by_is() -> None:
    """The three kinds of answers are told apart by `is`, and what is left is an event."""
    connection = server()
    assert told_by_is(connection) == "need data"
    connection.receive_data(GET_HEAD * 2)
    assert [told_by_is(connection) for _ in range(3)] == ["request", "EndOfMessage", "paused"]


def test_next_event_narrows_by_is_not() -> None:
    """What is neither marker is an event."""
    connection = server()
    assert told_by_is_not(connection) is None
    connection.receive_data(GET_HEAD)
    assert told_by_is_not(connection) == request()


def test_next_event_narrows_by_match() -> None:
    """Class patterns give the fields, value patterns the markers."""
    connection = server()
    heard = [told_by_match(connection)]
    connection.receive_data(b"PUT /a HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx")
    connection.receive_data(GET_HEAD)
    heard += [told_by_match(connection) for _ in range(4)]
    assert heard == ["need data", (b"PUT", b"/a"), b"x", [], "paused"]

    connection = client(request(), END)
    connection.receive_data(b"HTTP/1.1 103 \r\n\r\nHTTP/1.1 204 \r\n\r\n")
    connection.receive_data(b"")
    heard = [told_by_match(connection) for _ in range(4)]
    assert heard == [103, 204, [], "closed"]


@pytest.mark.parametrize(("marker", "name"), [(NEED_DATA, "need data"), (PAUSED, "paused")])
def test_markers_are_complete(marker: type[NEED_DATA] | type[PAUSED], name: str) -> None:
    """There are two markers, and narrowing knows when both were ruled out."""
    assert told_completely(marker) == name


def test_what_sending_returns() -> None:
    """Bytes, or None; a list of pieces, or None."""
    connection = client()
    sent = connection.send(request())
    assert_type(sent, bytes)
    assert type(sent) is bytes
    pieces = connection.send_with_data_passthrough(END)
    assert_type(pieces, list[bytes])
    assert type(pieces) is list
    assert connection.send(ConnectionClosed()) is None


def test_attributes_of_a_connection() -> None:
    """Each attribute has the type that it is documented with."""
    connection = server(GET_HEAD)
    assert_type(connection.their_http_version, bytes | None)
    assert connection.their_http_version == b"1.1"
    assert_type(connection.trailing_data, tuple[bytes, bool])
    assert connection.trailing_data == (b"", False)
    assert_type(connection.client_is_waiting_for_100_continue, bool)
    assert_type(connection.they_are_waiting_for_100_continue, bool)
    assert connection.they_are_waiting_for_100_continue is False
    assert_type(connection.our_role, type[CLIENT] | type[SERVER])
    assert_type(connection.their_role, type[CLIENT] | type[SERVER])
    assert connection.states[connection.their_role] is h11.DONE


def test_states_narrow_by_is() -> None:
    """A state is one of nine markers, and is told by `is`."""
    connection = server(GET_HEAD)
    state = connection.our_state
    assert_type(state, State)
    assert_type(connection.states, dict[Role, State])
    if state is h11.SEND_RESPONSE:
        assert_type(state, type[h11.SEND_RESPONSE])
    assert state is h11.SEND_RESPONSE


def test_fields_of_events() -> None:
    """Fields are normalised, and so are their types."""
    asked = Request(method="GET", target="/", headers=[("Host", b"a")])
    assert_type(asked.method, bytes)
    assert_type(asked.headers, Headers)
    assert_type(asked.headers[0], tuple[bytes, bytes])
    assert_type(asked.headers[:1], list[tuple[bytes, bytes]])
    assert_type(asked.headers.raw_items(), list[tuple[bytes, bytes]])
    assert_type(asked.headers.get("host"), bytes | None)
    assert_type(asked.headers.get(b"host", b""), bytes)
    assert_type(asked.headers.get_all("host"), list[bytes])
    assert [name for name, _ in asked.headers] == [b"host"]
    reply = response(length(0))
    assert_type(reply.status_code, int)
    assert_type(reply.reason, bytes)
    assert_type(reply.http_version, bytes)
    assert reply.status_code == 200


def test_hint_of_errors() -> None:
    """The hint is a number, whichever of the two errors it is."""
    with pytest.raises(h11.ProtocolError) as caught:
        Request(method="GET", target="/", headers=[])
    assert_type(caught.value.error_status_hint, int)
    assert caught.value.error_status_hint == 400


def test_constants_of_the_package() -> None:
    """Version and product are text."""
    version: str = h11.__version__
    product: str = h11.PRODUCT_ID
    assert product.endswith(version)
