"""The section "Switching protocols" of the reference, paragraph by paragraph."""

import pytest

import h11
from h11 import (
    CLIENT,
    DONE,
    IDLE,
    MIGHT_SWITCH_PROTOCOL,
    MUST_CLOSE,
    NEED_DATA,
    PAUSED,
    SEND_BODY,
    SEND_RESPONSE,
    SERVER,
    SWITCHED_PROTOCOL,
    Connection,
    Data,
    Event,
    LocalProtocolError,
    RemoteProtocolError,
    Request,
)
from tests.h11.conversations import (
    CLOSE,
    END,
    GET_HEAD,
    WEBSOCKET,
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

CONNECT = request(method="CONNECT", target="example.com:443")
UPGRADE = request(WEBSOCKET, ("Connection", "Upgrade"))
UPGRADE_AND_CLOSE = request(WEBSOCKET, CLOSE)
CONNECT_AND_UPGRADE = request(WEBSOCKET, method="CONNECT", target="example.com:443")

SWITCHED = {CLIENT: SWITCHED_PROTOCOL, SERVER: SWITCHED_PROTOCOL}

every_proposal = pytest.mark.parametrize(
    "proposal",
    [CONNECT, UPGRADE, UPGRADE_AND_CLOSE, CONNECT_AND_UPGRADE],
    ids=["CONNECT", "Upgrade", "Upgrade and close", "CONNECT and Upgrade"],
)

every_acceptance = pytest.mark.parametrize(
    ("proposal", "acceptance"),
    [
        pytest.param(CONNECT, response(status=200), id="CONNECT-200"),
        pytest.param(CONNECT, response(length(5), status=200), id="CONNECT-200-with-length"),
        pytest.param(CONNECT, response(status=204), id="CONNECT-204"),
        pytest.param(CONNECT, response(status=299), id="CONNECT-299"),
        pytest.param(UPGRADE, informational(101), id="Upgrade-101"),
        pytest.param(UPGRADE_AND_CLOSE, informational(101), id="Upgrade-and-close-101"),
        pytest.param(CONNECT_AND_UPGRADE, informational(101), id="both-101"),
        pytest.param(CONNECT_AND_UPGRADE, response(status=200), id="both-200"),
    ],
)


def proposed(proposal: Request) -> tuple[Connection, Connection]:
    """Return a client that has made a proposal, and a server that has heard it."""
    asking, answering = client(), server()
    tell(asking, answering, proposal, END)
    return asking, answering


@every_proposal
def test_the_client_waits_for_the_answer(proposal: Request) -> None:
    """After the request, the client might switch; no later rule, not even close, changes that."""
    for connection in proposed(proposal):
        assert connection.states == {CLIENT: MIGHT_SWITCH_PROTOCOL, SERVER: SEND_RESPONSE}


@every_acceptance
def test_acceptance_switches_both(proposal: Request, acceptance: Event) -> None:
    """2xx accepts CONNECT, 101 accepts Upgrade: then both sides have left HTTP."""
    asking, answering = proposed(proposal)
    (heard,) = tell(answering, asking, acceptance)
    assert isinstance(heard, h11.Response | h11.InformationalResponse)
    assert asking.states == answering.states == SWITCHED


@every_acceptance
def test_after_the_switch_the_connection_has_done_its_job(
    proposal: Request, acceptance: Event
) -> None:
    """No event can be sent, none comes, and there is no next cycle."""
    for connection in proposed(proposal):
        if connection.our_role is SERVER:
            say(connection, acceptance)
        else:
            hear(connection, say(proposed(proposal)[1], acceptance))
        assert connection.states == SWITCHED
        assert connection.next_event() is PAUSED
        with pytest.raises(LocalProtocolError):
            connection.start_next_cycle()
        with pytest.raises(LocalProtocolError):
            connection.send(Data(data=b"a"))


@pytest.mark.parametrize(
    ("proposal", "status"),
    [
        *[(CONNECT, status) for status in (300, 404, 405, 500, 999)],
        *[(UPGRADE, status) for status in (200, 204, 300, 404, 426, 500)],
        (CONNECT_AND_UPGRADE, 404),
    ],
    ids=lambda value: value if isinstance(value, int) else value.method.decode(),
)
def test_refusal_returns_to_regular_http(proposal: Request, status: int) -> None:
    """Any other final response refuses, and the cycle goes on as if nothing had been proposed."""
    asking, answering = proposed(proposal)
    tell(answering, asking, response(length(0), status=status))
    for connection in (asking, answering):
        assert connection.states[CLIENT] is DONE
    tell(answering, asking, END)
    for connection in (asking, answering):
        assert connection.states == {CLIENT: DONE, SERVER: DONE}
        connection.start_next_cycle()
    tell(asking, answering, request(), END)
    assert asking.states == answering.states == {CLIENT: DONE, SERVER: SEND_RESPONSE}


def test_refusal_without_keep_alive() -> None:
    """If the request has said close, a refusal leaves nothing but closing."""
    asking, answering = proposed(UPGRADE_AND_CLOSE)
    tell(answering, asking, response(length(0), status=400), END)
    assert asking.states == answering.states == {CLIENT: MUST_CLOSE, SERVER: MUST_CLOSE}


@every_proposal
@pytest.mark.parametrize("status", [100, 102, 103, 199])
def test_other_informational_responses_decide_nothing(proposal: Request, status: int) -> None:
    """The client goes on waiting after any other response of 1xx."""
    asking, answering = proposed(proposal)
    tell(answering, asking, informational(status))
    for connection in (asking, answering):
        assert connection.states == {CLIENT: MIGHT_SWITCH_PROTOCOL, SERVER: SEND_RESPONSE}


@pytest.mark.parametrize("asked", [request(), CONNECT], ids=["GET", "CONNECT"])
def test_a_switch_that_was_not_proposed(asked: Request) -> None:
    """101 without Upgrade in the request is an error of whoever says it."""
    asking, answering = proposed(asked)
    with pytest.raises(LocalProtocolError, match="101"):
        answering.send(informational(101))
    asking.receive_data(b"HTTP/1.1 101 Switching Protocols\r\n\r\n")
    with pytest.raises(RemoteProtocolError, match="101"):
        asking.next_event()


def test_success_of_another_method_is_no_switch() -> None:
    """2xx switches only after CONNECT."""
    asking, answering = proposed(request())
    tell(answering, asking, response(length(0)), END)
    assert asking.states == answering.states == {CLIENT: DONE, SERVER: DONE}


def test_requests_and_responses_of_a_switch_are_up_to_the_user() -> None:
    """The headers of both go over the wire as they were given, and are handed to the other side."""
    asked = request(("Upgrade", "websocket"), ("Connection", "Upgrade"), ("Sec-WebSocket-Key", "x"))
    accepted = informational(101, ("uPgrade", "websocket"), ("Connection", "upgrade"), reason="Yes")
    asking, answering = client(), server()
    assert tell(asking, answering, asked, END) == [asked, END]
    sent = say(answering, accepted)
    assert sent == b"HTTP/1.1 101 Yes\r\nuPgrade: websocket\r\nConnection: upgrade\r\n\r\n"
    assert hear(asking, sent) == [accepted]


@every_acceptance
def test_client_finds_the_first_bytes_of_the_new_protocol(
    proposal: Request, acceptance: Event
) -> None:
    """Parsing stops behind the response; what follows is in `trailing_data`, untouched."""
    asking, answering = proposed(proposal)
    hear(asking, say(answering, acceptance) + b"\x81\x05hello")
    assert asking.next_event() is PAUSED
    assert asking.trailing_data == (b"\x81\x05hello", False)
    asking.receive_data(b"more")
    assert asking.next_event() is PAUSED
    assert asking.trailing_data == (b"\x81\x05hellomore", False)
    asking.receive_data(b"")
    assert asking.trailing_data == (b"\x81\x05hellomore", True)


@every_acceptance
def test_server_finds_the_first_bytes_of_the_new_protocol(
    proposal: Request, acceptance: Event
) -> None:
    """A client that does not wait for the answer is read only up to the end of its request."""
    asking, answering = client(), server()
    events = hear(answering, say(asking, proposal, END) + b"\x16\x03\x01")
    assert events == [proposal, END]
    assert answering.next_event() is PAUSED
    assert answering.trailing_data == (b"\x16\x03\x01", False)
    say(answering, acceptance)
    assert answering.next_event() is PAUSED
    assert answering.trailing_data == (b"\x16\x03\x01", False)


@every_proposal
def test_after_a_refusal_the_trailing_data_are_http(proposal: Request) -> None:
    """What was held back at the boundary is read as the next request, if there may be one."""
    connection = server(say(client(), proposal, END) + GET_HEAD)
    assert connection.trailing_data == (GET_HEAD, False)
    say(connection, response(length(0), status=400), END)
    if proposal is UPGRADE_AND_CLOSE:
        assert connection.next_event() is NEED_DATA
        assert connection.trailing_data == (b"", False)
    else:
        connection.start_next_cycle()
        assert pending(connection) == [request(), END]


@pytest.mark.parametrize(
    ("head", "acceptance"),
    [
        (b"PUT / HTTP/1.1\r\nHost: a\r\nUpgrade: b\r\n", informational(101)),
        (b"CONNECT a:1 HTTP/1.1\r\nHost: a\r\n", response(status=200)),
    ],
    ids=["Upgrade", "CONNECT"],
)
def test_acceptance_before_the_request_is_complete(head: bytes, acceptance: Event) -> None:
    """A server may accept early; the client switches when its request is complete."""
    connection = server(head + b"Content-Length: 3\r\n\r\n", b"ab")
    assert connection.states == {CLIENT: SEND_BODY, SERVER: SEND_RESPONSE}
    say(connection, acceptance)
    assert connection.states == {CLIENT: SEND_BODY, SERVER: SWITCHED_PROTOCOL}
    assert hear(connection, b"cde") == [Data(data=b"c"), END]
    assert connection.states == SWITCHED
    assert connection.trailing_data == (b"de", False)


def test_a_client_of_http_10_may_switch_by_connect() -> None:
    """That a connection is not kept alive for HTTP does not keep it from leaving HTTP."""
    connection = server(b"CONNECT a:1 HTTP/1.0\r\n\r\n")
    assert connection.states == {CLIENT: MIGHT_SWITCH_PROTOCOL, SERVER: SEND_RESPONSE}
    say(connection, response(status=200))
    assert connection.states == SWITCHED


def test_upgrade_means_nothing_in_http_10() -> None:
    """A server ignores the field there, and cannot accept it (RFC 9110 section 7.8)."""
    connection = server(b"GET / HTTP/1.0\r\nUpgrade: websocket\r\n\r\n")
    assert connection.states == {CLIENT: MUST_CLOSE, SERVER: SEND_RESPONSE}
    with pytest.raises(LocalProtocolError, match="101"):
        connection.send(informational(101))


def test_a_proposal_is_forgotten_in_the_next_cycle() -> None:
    """What was refused once cannot be accepted later."""
    connection = server(say(client(), UPGRADE, END))
    say(connection, response(length(0)), END)
    connection.start_next_cycle()
    assert connection.states == {CLIENT: IDLE, SERVER: IDLE}
    hear(connection, GET_HEAD)
    assert connection.states[CLIENT] is DONE
    with pytest.raises(LocalProtocolError):
        connection.send(informational(101))


def test_the_end_of_the_stream_waits_for_the_decision() -> None:
    """A client that proposes and closes its half is read no further before it has its answer."""
    connection = server(say(client(), CONNECT, END), b"")
    assert connection.next_event() is PAUSED
    say(connection, response(length(0), status=405), END)
    assert pending(connection) == [h11.ConnectionClosed()]
    assert connection.states == {CLIENT: h11.CLOSED, SERVER: MUST_CLOSE}
