"""Tests of whole conversations with HTTP/1.0 on one side, and `http10_keep_alive`.

In: several requests or responses on one connection, ahead of their turn, cut everywhere, malformed,
broken off. Out: what is heard and sent, and whether the connection goes on.
"""

from typing import Final

import pytest

from h11 import (
    CLIENT,
    DONE,
    IDLE,
    MUST_CLOSE,
    NEED_DATA,
    PAUSED,
    SEND_RESPONSE,
    SERVER,
    Connection,
    ConnectionClosed,
    Data,
    EndOfMessage,
    ErrorCode,
    Event,
    LocalProtocolError,
    RemoteProtocolError,
    Request,
    Response,
)
from h11_statemachine import Role
from tests.h11.conversations import (
    CLOSE,
    END,
    KEEP_ALIVE,
    OK_HEAD,
    cuttings,
    data_of,
    hear,
    joined,
    keeping,
    length,
    outcome,
    pending,
    request,
    response,
    say,
)

OLD: Final = b"GET /%d HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n"
OLD_OK: Final = b"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok"


@pytest.mark.parametrize("role", [CLIENT, SERVER], ids=str)
def test_by_default_nothing_of_http_1_0_is_kept(role: Role) -> None:
    """Who does not ask for it has the connections of before."""
    end = Connection(our_role=role)
    if role is CLIENT:
        say(end, request(KEEP_ALIVE), END)
        hear(end, OLD_OK)
    else:
        hear(end, OLD % 1)
        sent = say(end, response(length(0), KEEP_ALIVE), END)
        assert sent == b"HTTP/1.1 200 \r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    assert end.states == {CLIENT: MUST_CLOSE, SERVER: MUST_CLOSE}


def conversation(end: Connection, number: int) -> tuple[list[Event], bytes]:
    """Return what a server hears of so many requests, and sends in answer to each."""
    heard: list[Event] = []
    sent = b""
    for answered in range(number):
        heard += pending(end)
        assert end.states == {CLIENT: DONE, SERVER: SEND_RESPONSE}
        assert end.next_event() is (NEED_DATA if answered == number - 1 else PAUSED)
        sent += say(end, response(length(1)), Data(data=b"%d" % answered), END)
        end.start_next_cycle()
    return heard, sent


def test_server_takes_pipelined_requests_one_at_a_time() -> None:
    """What a client of HTTP/1.0 sends ahead waits for its turn, and is not dropped."""
    end = keeping(SERVER)
    end.receive_data(b"".join(OLD % number for number in range(4)))
    heard, sent = conversation(end, 4)
    requests = [event for event in heard if isinstance(event, Request)]
    assert [event.target for event in requests] == [b"/0", b"/1", b"/2", b"/3"]
    assert sent == b"".join(
        b"HTTP/1.1 200 \r\nContent-Length: 1\r\nConnection: keep-alive\r\n\r\n%d" % number
        for number in range(4)
    )
    assert end.next_event() is NEED_DATA


UPLOADS: Final = (
    b"POST /1 HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 4\r\n\r\nbody"
    b"HEAD /2 HTTP/1.0\r\nConnection: te, Keep-Alive\r\n\r\n"
    b"GET /3 HTTP/1.1\r\nHost: a\r\n\r\n"
    b"GET /4 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
    b"GET /5 HTTP/1.0\r\n\r\n"
    b"GET /6 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
)
"""Requests of both versions on one connection, the last but one of which ends it."""


def test_server_does_not_mind_how_a_conversation_is_cut() -> None:
    """The same requests are heard and the same answers are sent, wherever reads end."""
    for pieces in cuttings(UPLOADS):
        end = keeping(SERVER)
        heard: list[Event] = []
        sent = b""
        for piece in pieces:
            end.receive_data(piece)
            heard += pending(end)
            while end.states == {CLIENT: DONE, SERVER: SEND_RESPONSE}:
                sent += say(end, response(length(0)), END)
                end.start_next_cycle()
                heard += pending(end)
        assert end.states == {CLIENT: MUST_CLOSE, SERVER: SEND_RESPONSE}
        sent += say(end, response(length(0)), END)
        assert end.states == {CLIENT: MUST_CLOSE, SERVER: MUST_CLOSE}
        requests = [event for event in heard if isinstance(event, Request)]
        assert [event.target for event in requests] == [b"/1", b"/2", b"/3", b"/4", b"/5"]
        assert data_of(heard) == b"body"
        kept = b"HTTP/1.1 200 \r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n"
        assert sent == kept + kept + OK_HEAD.replace(b"OK", b"") + kept + kept.replace(
            b"keep-alive", b"close"
        )


def test_client_does_not_mind_how_a_conversation_is_cut() -> None:
    """Three cycles on one connection to a server of HTTP/1.0, wherever reads end."""
    for pieces in cuttings(OLD_OK):
        end = keeping(CLIENT)
        for number in range(3):
            assert say(end, request(KEEP_ALIVE, target=f"/{number}"), END).count(b"\r\n") == 4
            events = joined(hear(end, *pieces))
            assert [type(event) for event in events] == [Response, Data, EndOfMessage]
            assert data_of(events) == b"ok"
            assert end.their_http_version == b"1.0"
            end.start_next_cycle()
        assert end.states == {CLIENT: IDLE, SERVER: IDLE}


def test_client_asks_for_nothing_by_itself() -> None:
    """Whether to ask is the user's choice, as it may not be asked of a proxy."""
    end = keeping(CLIENT)
    assert say(end, request(), END) == b"GET / HTTP/1.1\r\nHost: example.com\r\n\r\n"
    hear(end, OLD_OK)
    assert end.states == {CLIENT: MUST_CLOSE, SERVER: MUST_CLOSE}


def test_client_closes_after_a_response_that_ends_with_the_connection() -> None:
    """Whatever the server has said of keep-alive."""
    end = keeping(CLIENT)
    say(end, request(KEEP_ALIVE), END)
    hear(end, b"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n\r\nuntil the end")
    assert end.our_state is MUST_CLOSE
    with pytest.raises(LocalProtocolError, match="not in a reusable state"):
        end.start_next_cycle()
    assert hear(end, b"") == [END, ConnectionClosed()]


MALFORMED: Final[dict[str, tuple[bytes, ErrorCode]]] = {
    "chunks": (
        b"POST / HTTP/1.0\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        ErrorCode.BAD_FRAMING,
    ),
    "two lengths": (
        b"POST / HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 1, 2\r\n\r\nab",
        ErrorCode.BAD_FRAMING,
    ),
    "an octet too many before": (b"\0" + OLD % 1, ErrorCode.BAD_REQUEST_LINE),
    "a bad option": (
        b"GET / HTTP/1.0\r\nConnection: keep-alive\0\r\n\r\n",
        ErrorCode.BAD_FIELD_LINE,
    ),
    "a body too long": (
        b"POST / HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\n1\0",
        ErrorCode.BAD_REQUEST_LINE,
    ),
}
"""For each case: what comes after a good request, and why it is refused."""


@pytest.mark.parametrize(("octets", "code"), MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_request_ends_a_connection_that_was_kept(
    octets: bytes, code: ErrorCode
) -> None:
    """The good request before it is answered and kept; the answer to this one says close."""
    for pieces in cuttings(octets):
        end = keeping(SERVER)
        hear(end, OLD % 1)
        assert b"\r\nConnection: keep-alive\r\n" in say(end, response(length(0)), END)
        end.start_next_cycle()
        found = outcome(end, pieces)
        if found.code is None:
            assert end.states == {CLIENT: DONE, SERVER: SEND_RESPONSE}
            assert b"\r\nConnection: keep-alive\r\n" in say(end, response(length(0)), END)
            end.start_next_cycle()
            with pytest.raises(RemoteProtocolError) as raised:
                end.next_event()
            assert raised.value.code is code
        else:
            assert found.code is code
        sent = say(end, response(length(0), KEEP_ALIVE, status=400), END)
        assert sent == b"HTTP/1.1 400 \r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        assert end.our_state is MUST_CLOSE


def test_a_client_that_breaks_off_is_told_close() -> None:
    """After half a body nothing can follow, though keep-alive was asked for."""
    end = keeping(SERVER)
    octets = b"POST / HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 9\r\n\r\nhalf"
    found = outcome(end, [octets, b""])
    assert found.code is ErrorCode.BODY_TOO_SHORT
    sent = say(end, response(length(0), KEEP_ALIVE, status=400), END)
    assert sent == b"HTTP/1.1 400 \r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


def test_a_response_to_nothing_grants_nothing() -> None:
    """A server that gives up on a client, with 408, is not asked to keep the connection."""
    end = keeping(SERVER)
    hear(end, OLD % 1)
    say(end, response(length(0)), END)
    end.start_next_cycle()
    assert say(end, response(length(0), CLOSE, status=408), END) == (
        b"HTTP/1.1 408 \r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    )
    assert end.our_state is MUST_CLOSE


def test_both_ends_of_http_1_1_go_on_as_ever() -> None:
    """A client and a server with the option understand each other."""
    asking, answering = keeping(CLIENT), keeping(SERVER)
    for _ in range(3):
        hear(answering, say(asking, request(KEEP_ALIVE), END))
        sent = say(answering, response(length(0)), END)
        assert sent == b"HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n"
        hear(asking, sent)
        asking.start_next_cycle()
        answering.start_next_cycle()
