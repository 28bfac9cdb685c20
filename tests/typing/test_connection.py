"""The signatures of `Connection` and of the names beside it, pinned: `h11`.

Each `assert_type` is judged when the tests are type-checked; run, the same functions show that the
values are what the types say.
"""

from typing import TYPE_CHECKING, assert_never, assert_type

import pytest

import h11
from h11 import (
    CLIENT,
    SERVER,
    Connection,
    Data,
    Event,
    Limits,
    Request,
    Response,
    Tolerance,
)
from h11._connection import DEFAULT_MAX_INCOMPLETE_EVENT_SIZE
from h11._readers import ChunkedReader, ContentLengthReader, Http10Reader
from h11._receivebuffer import ReceiveBuffer
from h11_events import AnyEvent
from h11_statemachine import Role, State
from tests.h11.conversations import (
    CHUNKED,
    CLOSED_EVENT,
    END,
    EXPECTING,
    GET_HEAD,
    client,
    informational,
    length,
    request,
    response,
    server,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from h11._headers import Headers


def test_ways_to_make_a_connection() -> None:
    """The role comes first, then the limit, both with or without their names; the rest is named."""
    assert_type(Connection(CLIENT), Connection)
    assert Connection(our_role=SERVER).our_role is SERVER
    Connection(SERVER, DEFAULT_MAX_INCOMPLETE_EVENT_SIZE)
    Connection(our_role=CLIENT, max_incomplete_event_size=None)
    Connection(CLIENT, tolerate=Tolerance.NONE, limits=Limits(field_count=1))
    Connection(SERVER, tolerate=None, limits=None, http10_keep_alive=True)


def test_what_sending_returns() -> None:
    """Each event but one gives bytes; nothing is known of what is only known to be an event."""
    connection = client()
    assert assert_type(connection.send(request(CHUNKED)), bytes).endswith(b"\r\n\r\n")
    assert assert_type(connection.send(Data(data=b"a")), bytes) == b"1\r\na\r\n"
    assert assert_type(connection.send(event=END), bytes) == b"0\r\n\r\n"
    connection = server(GET_HEAD)
    assert assert_type(connection.send(informational(103)), bytes) == b"HTTP/1.1 103 \r\n\r\n"
    assert assert_type(connection.send(response(length(0))), bytes).startswith(b"HTTP/1.1 200 ")
    assert say_base(connection, END) == b""


def say_base(connection: Connection, event: Event) -> bytes | None:
    """Send what is only known to be an event, and return what it gives."""
    return assert_type(connection.send(event), bytes | None)


def say_base_in_pieces(connection: Connection, event: Event) -> list[bytes] | None:
    """Do the same, but return the pieces."""
    return assert_type(connection.send_with_data_passthrough(event), list[bytes] | None)


def say_any(connection: Connection, event: AnyEvent) -> bytes | None:
    """Send one of the six, and return what it gives."""
    return assert_type(connection.send(event), bytes | None)


def test_what_sending_a_union_returns() -> None:
    """What can be one event or another gives what these give."""
    head: Request | Response
    for head, connection in ((request(), client()), (response(), server(GET_HEAD))):
        assert type(assert_type(connection.send(head), bytes)) is bytes
    assert say_any(client(), request()) == GET_HEAD
    assert say_any(client(), CLOSED_EVENT) is None


def test_what_sending_returns_where_data_passes_through() -> None:
    """Each event but one gives a list of pieces."""
    connection = client()
    assert assert_type(connection.send_with_data_passthrough(request()), list[bytes]) == [GET_HEAD]
    assert assert_type(connection.send_with_data_passthrough(event=END), list[bytes]) == []
    assert say_base_in_pieces(client(), CLOSED_EVENT) is None
    assert client().send_with_data_passthrough(CLOSED_EVENT) is None


def test_what_can_be_received() -> None:
    """All that is bytes-like, and None beside `b""` for the end."""
    connection = server()
    for data in (b"GET / ", bytearray(b"HTTP/1.1\r\n"), memoryview(b"Host: example.com\r\n\r\n")):
        connection.receive_data(data)
    connection.receive_data(data=None)
    assert connection.next_event() == request()
    callback: Callable[[bytes], None] = connection.receive_data
    callback(b"")


def test_calls_that_return_nothing() -> None:
    """They can be handed to whoever calls back without looking at what is returned."""
    connection = client(request(), END)
    connection.receive_data(b"HTTP/1.1 204 \r\n\r\n")
    for _ in range(2):
        connection.next_event()
    callbacks: list[Callable[[], None]] = [connection.start_next_cycle, connection.send_failed]
    for callback in callbacks:
        callback()
    assert connection.states == {CLIENT: h11.ERROR, SERVER: h11.IDLE}


def test_attributes_of_a_connection() -> None:
    """Each attribute has the type that it is documented with."""
    connection = server(GET_HEAD)
    assert assert_type(connection.their_http_version, bytes | None) == b"1.1"
    assert assert_type(connection.trailing_data, tuple[bytes, bool]) == (b"", False)
    assert assert_type(connection.is_idle, bool) is assert_type(connection.is_reusable, bool)
    assert assert_type(connection.must_close, bool) is not assert_type(
        connection.is_mid_exchange, bool
    )
    assert assert_type(connection.our_role, Role) is SERVER
    assert assert_type(connection.their_role, Role) is CLIENT
    assert assert_type(connection.states, dict[Role, State])[CLIENT] is h11.DONE
    assert assert_type(connection.our_state, State) is h11.SEND_RESPONSE
    assert assert_type(connection.their_state, State) is h11.DONE


def test_who_waits_for_100_continue() -> None:
    """Both questions are answered by yes or no."""
    connection = client(request(EXPECTING, length(1)))
    assert assert_type(connection.client_is_waiting_for_100_continue, bool) is True
    assert assert_type(connection.they_are_waiting_for_100_continue, bool) is False


def name_of(state: State) -> str:
    """Return the name of a state, by a chain and a `match` that have a place for all nine."""
    if state is h11.IDLE:
        assert_type(state, type[h11.IDLE])
        return "idle"
    if state is h11.SEND_RESPONSE or state is h11.SEND_BODY:
        assert_type(state, type[h11.SEND_RESPONSE] | type[h11.SEND_BODY])
        return "sending"
    match state:
        case h11.DONE | h11.MUST_CLOSE | h11.CLOSED:
            assert_type(state, type[h11.DONE] | type[h11.MUST_CLOSE] | type[h11.CLOSED])
            return "over"
        case h11.MIGHT_SWITCH_PROTOCOL | h11.SWITCHED_PROTOCOL:
            return "switching"
        case h11.ERROR:
            return "error"
        case _:
            assert_never(state)


def name_of_role(role: Role) -> str:
    """Return the name of a role, of which there are two."""
    if role is CLIENT:
        assert_type(role, type[CLIENT])
        return "client"
    assert_type(role, type[SERVER])
    return "server"


@pytest.mark.parametrize(
    ("state", "name"),
    [
        (h11.IDLE, "idle"),
        (h11.SEND_RESPONSE, "sending"),
        (h11.SEND_BODY, "sending"),
        (h11.DONE, "over"),
        (h11.MUST_CLOSE, "over"),
        (h11.CLOSED, "over"),
        (h11.MIGHT_SWITCH_PROTOCOL, "switching"),
        (h11.SWITCHED_PROTOCOL, "switching"),
        (h11.ERROR, "error"),
    ],
)
def test_states_narrow_by_is_and_by_match(state: State, name: str) -> None:
    """There are nine states, and narrowing knows when all were ruled out."""
    assert name_of(state) == name


@pytest.mark.parametrize(("role", "name"), [(CLIENT, "client"), (SERVER, "server")])
def test_roles_narrow_by_is(role: Role, name: str) -> None:
    """A role is one of two."""
    assert name_of_role(role) == name


def test_constants_of_the_package() -> None:
    """Version and product are text."""
    version: str = h11.__version__
    product: str = h11.PRODUCT_ID
    assert product.endswith(version)
    assert assert_type(DEFAULT_MAX_INCOMPLETE_EVENT_SIZE, int) == 16 * 1024


def test_private_names_of_dependents() -> None:
    """What programs import from private modules is typed as well."""
    buffer = assert_type(ReceiveBuffer(), ReceiveBuffer)
    buffer += b"ab"
    assert assert_type(ContentLengthReader(1)(buffer), Data | h11.EndOfMessage | None) is not None
    assert assert_type(Http10Reader()(buffer), Data | None) == Data(data=b"b")
    assert assert_type(ChunkedReader()(buffer), Data | h11.EndOfMessage | None) is None
    headers: Headers = request().headers
    assert assert_type(headers.raw_items(), list[tuple[bytes, bytes]])
