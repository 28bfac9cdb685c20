"""Tests of faults: what the peer does wrong, what we do wrong, and what comes in between.

In: bytes in all cuttings, and events out of turn. Out: the error, and the states after it.
"""

from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

import h11
from h11 import (
    CLIENT,
    CLOSED,
    DONE,
    ERROR,
    IDLE,
    MUST_CLOSE,
    PAUSED,
    SEND_BODY,
    SEND_RESPONSE,
    SERVER,
    Connection,
    Event,
    LocalProtocolError,
    RemoteProtocolError,
    Request,
)
from h11._dispatch import HEAD_READERS
from h11_statemachine import Role, State
from tests.h11.conversations import (
    CHUNKED,
    CLOSE,
    CLOSED_EVENT,
    END,
    GET_HEAD,
    OK_HEAD,
    WEBSOCKET,
    client,
    cuttings,
    length,
    outcome,
    request,
    response,
    say,
    server,
)
from tests.h11.placeholders import Interrupt, Interrupted, passing
from tests.strategies import cuts

CHUNKED_PUT: Final = b"PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"

FAULTS: Final = {
    "request line": (b"GET /\r\nHost: a\r\n\r\n", 400),
    "not HTTP": (b"\x16\x03\x01\x00\xa5\r\n\r\n", 400),
    "no colon": (b"GET / HTTP/1.1\r\nHost a\r\n\r\n", 400),
    "no Host": (b"GET / HTTP/1.1\r\nA: b\r\n\r\n", 400),
    "two Hosts": (b"GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400),
    "bad length": (b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n", 400),
    "two lengths": (
        b"PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        400,
    ),
    "two framings": (CHUNKED_PUT[:-2] + b"Content-Length: 5\r\n\r\n", 400),
    "chunked in 1.0": (CHUNKED_PUT.replace(b"1.1", b"1.0"), 400),
    "not chunked": (b"PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: br\r\n\r\n", 400),
    "chunked twice": (CHUNKED_PUT.replace(b"chunked", b"chunked, chunked"), 400),
    "unknown coding": (CHUNKED_PUT.replace(b"chunked", b"br, chunked"), 501),
    "NUL": (b"GET / HTTP/1.1\r\nHost: \0\r\n\r\n", 400),
    "control octet": (b"GET / HTTP/1.1\r\nHost: a\r\nA: b\x0bc\r\n\r\n", 400),
    "bare line feed": (b"GET / HTTP/1.1\nHost: a\n\n", 400),
    "folded line": (b"GET / HTTP/1.1\r\nHost: a\r\nA: b\r\n c\r\n\r\n", 400),
    "blank before the colon": (b"GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400),
    "no host in Host": (b"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400),
    "no target for the method": (b"GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    "other version": (b"GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505),
    "chunk size": (
        CHUNKED_PUT + b"hello\r\n",
        400,
    ),
    "blank after the chunk size": (CHUNKED_PUT + b"5 \r\nhello\r\n0\r\n\r\n", 400),
    "chunk end": (
        CHUNKED_PUT + b"1\r\nabc",
        400,
    ),
    "trailer": (
        CHUNKED_PUT + b"0\r\nbad\r\n\r\n",
        400,
    ),
    "trailer that comes too late": (CHUNKED_PUT + b"0\r\nHost: a\r\n\r\n", 400),
}
"""Faults of a client, and the status that suits an answer."""


FRAGMENTS: Final = [
    *(GET_HEAD, OK_HEAD, CHUNKED_PUT),
    b"PUT / HTTP/1.0\r\nContent-Length: 3\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
    b"HTTP/1.1 200 OK\r\n\r\n",
    b"HTTP/1.0 100 \r\n\r\n",
    *(b"3\r\nabc\r\n", b"3;x=y\r\nabc\r\n", b"0\r\n\r\n", b"0\r\nA: b\r\n\r\n", b"abc"),
    *(b"\r\n", b"\n", b"\r", b"A: b\r\n", b" folded\r\n", b"Connection: close\r\n", b":", b"\0"),
]
"""Pieces of messages, good ones and bad ones."""


def streams() -> st.SearchStrategy[list[bytes]]:
    """Return a strategy of what a peer might send: mostly messages, with some disturbance."""
    return st.lists(st.sampled_from(FRAGMENTS) | st.binary(max_size=3), max_size=8)


@pytest.mark.parametrize(("octets", "hint"), FAULTS.values(), ids=FAULTS)
def test_all_cuttings_of_a_fault_give_the_same_error(octets: bytes, hint: int) -> None:
    """A fault is found with the same words, after the same events, however it arrives."""
    results = [outcome(server(), pieces) for pieces in cuttings(octets)]
    assert results[0].error_status_hint == hint
    assert all(result == results[0] for result in results)


@given(fragments=streams(), pieces=st.data(), role=st.sampled_from([CLIENT, SERVER]))
def test_all_cuttings_of_anything_give_the_same_outcome(
    fragments: list[bytes], pieces: st.DataObject, role: Role
) -> None:
    """Whatever bytes come, the events and the error do not depend on how they are cut."""
    octets = b"".join(fragments)

    def listening() -> Connection:
        """Return a connection to which a message may be sent."""
        return client(request(), END) if role is CLIENT else server()

    whole = outcome(listening(), [octets, b""] if octets else [b""])
    assert outcome(listening(), [*pieces.draw(cuts(octets)), b""]) == whole


@pytest.mark.parametrize(("octets", "hint"), FAULTS.values(), ids=FAULTS)
def test_every_fault_leaves_the_server_able_to_answer(octets: bytes, hint: int) -> None:
    """After any fault of the client, its state is ERROR, and the response goes out."""
    connection = server()
    assert outcome(connection, [octets]).error_status_hint == hint
    assert connection.their_state is ERROR
    assert connection.our_state in (IDLE, SEND_RESPONSE)
    assert say(connection, response(length(0), status=hint), END).startswith(b"HTTP/1.1 ")
    assert connection.states == {CLIENT: ERROR, SERVER: MUST_CLOSE}


def test_the_error_of_a_peer_tells_its_cause() -> None:
    """What judged the bytes is the cause of the error, with the same text and hint."""
    connection = server()
    connection.receive_data(FAULTS["unknown coding"][0])
    with pytest.raises(RemoteProtocolError) as caught:
        connection.next_event()
    cause = caught.value.__cause__
    assert type(cause) is LocalProtocolError
    assert str(cause) == str(caught.value)
    assert cause.error_status_hint == caught.value.error_status_hint == 501


@pytest.mark.parametrize("event", [None, "GET", h11.NEED_DATA, h11.Event(), Request], ids=repr)
def test_what_is_no_event_cannot_be_sent(event: Any) -> None:
    """Anything else than one of the six events is an error of ours."""
    connection = client()
    with pytest.raises(LocalProtocolError):
        connection.send(event)
    assert connection.our_state is ERROR


@pytest.mark.parametrize("lines", [(length(5),), (CHUNKED,)], ids=["length", "chunked"])
def test_an_interrupt_while_sending_leads_to_error(lines: tuple[tuple[str, str], ...]) -> None:
    """Whatever is raised, also if it is no error, nobody knows any more what was sent."""
    for send in (Connection.send, Connection.send_with_data_passthrough):
        connection = client(request(*lines))
        with pytest.raises(Interrupt):
            send(connection, passing(Interrupted()))
        assert connection.states == {CLIENT: ERROR, SERVER: SEND_RESPONSE}
        with pytest.raises(LocalProtocolError):
            connection.send(END)


def test_an_interrupt_while_receiving_leads_to_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same holds for the peer's state if something comes between while its bytes are read."""

    def interrupted(_buffer: object, _dialect: object) -> None:
        """Fail with what is not even an `Exception`."""
        raise Interrupt

    connection = Connection(our_role=SERVER)
    with monkeypatch.context() as patched:
        patched.setitem(HEAD_READERS[CLIENT], IDLE, interrupted)
        connection.receive_data(GET_HEAD)
        with pytest.raises(Interrupt):
            connection.next_event()
    assert connection.states == {CLIENT: ERROR, SERVER: IDLE}
    with pytest.raises(RemoteProtocolError):
        connection.next_event()


def test_a_local_error_closes_what_was_done() -> None:
    """After our error no cycle can follow, so a peer that is done must close at once."""
    connection = server(GET_HEAD)
    assert connection.states == {CLIENT: DONE, SERVER: SEND_RESPONSE}
    with pytest.raises(LocalProtocolError):
        connection.send(END)
    assert connection.states == {CLIENT: MUST_CLOSE, SERVER: ERROR}


def test_a_local_error_leaves_a_proposal_open() -> None:
    """A client that has proposed to switch goes on waiting, although no answer can come."""
    connection = server(say(client(), request(WEBSOCKET), END))
    with pytest.raises(LocalProtocolError):
        connection.send(END)
    assert connection.states == {CLIENT: h11.MIGHT_SWITCH_PROTOCOL, SERVER: ERROR}
    assert connection.next_event() is PAUSED


@pytest.mark.parametrize(
    ("events", "before", "after"),
    [
        ([], IDLE, IDLE),
        ([request(length(1))], SEND_BODY, SEND_BODY),
        ([request(), END], DONE, MUST_CLOSE),
        ([request(CLOSE), END], MUST_CLOSE, MUST_CLOSE),
        ([request(), END, CLOSED_EVENT], CLOSED, CLOSED),
    ],
    ids=["idle", "body", "done", "must-close", "closed"],
)
def test_an_error_of_the_peer_ends_only_the_hope_for_another_cycle(
    events: list[Event], before: State, after: State
) -> None:
    """Our state stays as it is, but for DONE, after which no cycle can follow any more."""
    connection = client(*events)
    assert connection.our_state is before
    connection.receive_data(b"gibberish\r\n\r\n")
    with pytest.raises(RemoteProtocolError):
        connection.next_event()
    assert connection.states == {CLIENT: after, SERVER: ERROR}
