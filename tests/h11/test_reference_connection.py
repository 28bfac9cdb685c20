"""The section "The Connection object" of the reference: its attributes, one after the other."""

import pytest

from h11 import CLIENT, CLOSED, IDLE, MUST_CLOSE, SEND_BODY, SEND_RESPONSE, SERVER, Connection, Data
from h11_statemachine import Role, State
from tests.h11.conversations import (
    CHUNKED,
    CLOSED_EVENT,
    END,
    EXPECTING,
    GET_HEAD,
    OK_HEAD,
    client,
    hear,
    informational,
    length,
    pending,
    request,
    response,
    say,
    server,
    tell,
)
from tests.h11.situations import OURS


def waiting_pair() -> tuple[Connection, Connection]:
    """Return a client that waits for 100 Continue, and the server that knows it."""
    asking, answering = client(), server()
    tell(asking, answering, request(EXPECTING, CHUNKED, method="PUT"))
    return asking, answering


def is_waiting(*connections: Connection) -> list[bool]:
    """Return what each connection says about the client's waiting."""
    return [connection.client_is_waiting_for_100_continue for connection in connections]


@pytest.mark.parametrize(("ours", "theirs"), [(CLIENT, SERVER), (SERVER, CLIENT)])
def test_roles(ours: Role, theirs: Role) -> None:
    """Our role is the one that was asked for, their role is the other."""
    connection = Connection(our_role=ours)
    assert connection.our_role is ours
    assert connection.their_role is theirs


@pytest.mark.parametrize("role", [None, "CLIENT", SEND_BODY, 0])
def test_other_roles_are_refused(role: object) -> None:
    """There are no roles but client and server."""
    with pytest.raises(ValueError, match="CLIENT or SERVER"):
        Connection(our_role=role)  # type: ignore[arg-type]  # what a checker would find


@pytest.mark.parametrize(
    ("role", "state"),
    [pytest.param(role, state, id=f"{role}-{state}") for role in OURS for state in OURS[role]],
)
def test_our_state_and_their_state_are_those_of_the_roles(role: Role, state: State) -> None:
    """Both are short for the entry of the role in `states`."""
    connection = OURS[role][state]()
    assert connection.our_state is state
    assert connection.our_state is connection.states[connection.our_role]
    assert connection.their_state is connection.states[connection.their_role]


def test_states_are_a_dictionary_of_its_own() -> None:
    """What a user does to the dictionary does not change the connection, nor the other way."""
    connection = client()
    before = connection.states
    assert before == {CLIENT: IDLE, SERVER: IDLE}
    connection.send(request())
    assert before == {CLIENT: IDLE, SERVER: IDLE}
    before[CLIENT] = CLOSED
    assert connection.states == {CLIENT: SEND_BODY, SERVER: SEND_RESPONSE}
    assert connection.states is not connection.states


@pytest.mark.parametrize("version", [b"1.0", b"1.1", b"1.2"])
def test_their_http_version_of_a_client(version: bytes) -> None:
    """A server knows the version once it has got a request, not before."""
    connection = server(b"GET / HTTP/%b\r\nHo" % version)
    assert connection.their_http_version is None
    hear(connection, b"st: a\r\n\r\n")
    assert connection.their_http_version == version


@pytest.mark.parametrize("version", [b"1.0", b"1.1"])
@pytest.mark.parametrize("status", [b"100", b"200"])
def test_their_http_version_of_a_server(version: bytes, status: bytes) -> None:
    """A client knows the version once it has got a response, be it an informational one."""
    connection = client(request(), END)
    assert connection.their_http_version is None
    hear(connection, b"HTTP/%b %b\r\n\r\n" % (version, status))
    assert connection.their_http_version == version


def test_their_http_version_is_not_what_we_send() -> None:
    """What we send tells nothing about the peer."""
    connection = server()
    say(connection, response(status=408))
    assert connection.their_http_version is None


def test_their_http_version_outlives_the_cycle() -> None:
    """On later requests on the same connection, the client still knows it."""
    connection = client()
    for known in (None, b"1.1", b"1.1"):
        assert connection.their_http_version == known
        say(connection, request(), END)
        hear(connection, OK_HEAD)
        connection.start_next_cycle()
    assert connection.their_http_version == b"1.1"


def test_client_waits_after_a_request_that_says_so() -> None:
    """`Expect: 100-continue` makes the client wait, in the view of both sides."""
    assert is_waiting(*waiting_pair()) == [True, True]


@pytest.mark.parametrize("expectation", ["100-continue", "100-Continue", "100-CONTINUE"])
def test_expectation_is_understood_in_any_case(expectation: str) -> None:
    """The expectation is compared without regard to case."""
    assert is_waiting(client(request(("expect", expectation), CHUNKED))) == [True]


def test_client_does_not_wait_otherwise() -> None:
    """Before a request, or with one that expects nothing, the client does not wait."""
    assert is_waiting(client(), server(), client(request(CHUNKED)), server(GET_HEAD)) == [False] * 4


def test_client_of_http_10_does_not_wait() -> None:
    """HTTP/1.0 has no 100 Continue, so the expectation of such a client is ignored."""
    head = b"PUT / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n"
    assert is_waiting(server(head)) == [False]


@pytest.mark.parametrize("status", [100, 102, 103, 199])
def test_waiting_ends_with_an_informational_response(status: int) -> None:
    """100 Continue ends the waiting, and so does any other kind of response."""
    asking, answering = waiting_pair()
    sent = say(answering, informational(status))
    assert is_waiting(asking, answering) == [True, False]
    hear(asking, sent)
    assert is_waiting(asking, answering) == [False, False]


@pytest.mark.parametrize("status", [200, 417])
def test_waiting_ends_with_a_final_response(status: int) -> None:
    """A server that answers at once is not waited for any longer."""
    asking, answering = waiting_pair()
    tell(answering, asking, response(status=status))
    assert is_waiting(asking, answering) == [False, False]


@pytest.mark.parametrize("event", [Data(data=b"a"), END], ids=["data", "end"])
def test_waiting_ends_when_the_client_goes_ahead(event: Data) -> None:
    """A client that sends its body, or the end of it, anyway does not wait any longer."""
    asking, answering = waiting_pair()
    sent = say(asking, event)
    assert is_waiting(asking, answering) == [False, True]
    hear(answering, sent)
    assert is_waiting(asking, answering) == [False, False]


def test_waiting_is_forgotten_in_the_next_cycle() -> None:
    """A request without the expectation, later on the same connection, does not wait."""
    asking, answering = waiting_pair()
    tell(asking, answering, END)
    tell(answering, asking, response(), END)
    for connection in (asking, answering):
        connection.start_next_cycle()
    tell(asking, answering, request(CHUNKED))
    assert is_waiting(asking, answering) == [False, False]


def test_they_are_waiting_only_if_they_are_the_client() -> None:
    """It is the server who has to know; for the client it is the same as False."""
    asking, answering = waiting_pair()
    assert answering.they_are_waiting_for_100_continue is True
    assert asking.they_are_waiting_for_100_continue is False
    say(answering, informational(100))
    assert answering.they_are_waiting_for_100_continue is False


@pytest.mark.parametrize(
    "name",
    [
        *("states", "our_state", "their_state", "trailing_data"),
        *("client_is_waiting_for_100_continue", "they_are_waiting_for_100_continue"),
    ],
)
def test_what_is_worked_out_cannot_be_set(name: str) -> None:
    """What follows from the conversation is to be read only."""
    with pytest.raises(AttributeError):
        setattr(server(), name, None)


def test_trailing_data_are_the_bytes_not_used_yet() -> None:
    """They are what came after the last event, and say whether the end of the stream came, too."""
    connection = server()
    assert connection.trailing_data == (b"", False)
    hear(connection, GET_HEAD + b"GET /next")
    assert connection.trailing_data == (b"GET /next", False)
    connection.receive_data(b" HTTP")
    assert connection.trailing_data == (b"GET /next HTTP", False)
    connection.receive_data(b"")
    assert connection.trailing_data == (b"GET /next HTTP", True)


def test_trailing_data_are_not_used_up_by_looking() -> None:
    """The bytes are still there for the next cycle after somebody has looked at them."""
    connection = server(GET_HEAD * 2)
    assert connection.trailing_data == connection.trailing_data == (GET_HEAD, False)
    assert type(connection.trailing_data[0]) is bytes
    say(connection, response(length(0)), END)
    connection.start_next_cycle()
    assert pending(connection) == [request(), END]
    assert connection.trailing_data == (b"", False)


def test_no_attribute_needs_the_other_side() -> None:
    """All of them can be read from the beginning, and after the end."""
    connection = client(CLOSED_EVENT)
    assert connection.states == {CLIENT: CLOSED, SERVER: MUST_CLOSE}
    assert connection.their_http_version is None
    assert connection.trailing_data == (b"", False)
    assert is_waiting(connection) == [False]
