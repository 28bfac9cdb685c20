"""Informational responses: before the final one, any number of them (RFC 9110 section 15.2).

In: 1xx responses, expected or not. Out: how they are read, and what they change.
"""

import pytest

from h11 import DONE, SEND_RESPONSE, SERVER, Data, EndOfMessage, InformationalResponse, Response
from h11_parser import ResponseParser
from tests.h11.conversations import EXPECTING, client, informational, length, request, say, server
from tests.rfc import wire

STATUSES = [100, 102, 103, 150, 199]


def interim(status: int, *lines: bytes) -> bytes:
    """Return an informational response."""
    return wire.response(*lines, line=b"HTTP/1.1 %d Wait" % status)


@pytest.mark.rfc("9110/15.2/parse-1xx")
@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("number", [1, 2, 10])
def test_informational_responses_come_before_the_final_one(status: int, number: int) -> None:
    """A client that expects none reads any number of them, each with its fields."""
    octets = interim(status, b"Link: x") * number + wire.OK
    found = wire.hear(wire.client(), octets)
    early = informational(status, ("Link", "x"), reason="Wait")
    assert found[:number] == [early] * number
    assert wire.kinds(found[number:]) == [Response, EndOfMessage]


@pytest.mark.rfc("9110/15.2/parse-1xx")
def test_informational_responses_are_read_from_a_stream_alone() -> None:
    """A parser of responses reads them, and the final response is still that to HEAD."""
    parser = ResponseParser()
    parser.expect(b"HEAD")
    found = wire.hear(parser, interim(103) + interim(100) + wire.response(b"Content-Length: 5"))
    assert wire.statuses(found) == [103, 100, 200]
    assert wire.kinds(found)[2:] == [Response, EndOfMessage]


@pytest.mark.rfc("9110/15.2/parse-1xx")
def test_informational_responses_of_different_kinds_are_told_apart() -> None:
    """Each status is handed over in its order, also while the content is still being sent."""
    connection = client(request(EXPECTING, length(5), method="PUT"))
    assert wire.statuses(wire.hear(connection, interim(102), interim(100))) == [102, 100]
    assert say(connection, Data(data=b"hello"), EndOfMessage()) == b"hello"
    assert wire.statuses(wire.hear(connection, interim(103), wire.OK)) == [103, 200]


@pytest.mark.rfc("9110/15.2/may-ignore")
@pytest.mark.parametrize("status", STATUSES)
def test_an_informational_response_changes_no_state(status: int) -> None:
    """A caller that passes over it is where it was: waiting for the final response."""
    connection = wire.client()
    before = connection.states
    assert isinstance(wire.hear(connection, interim(status))[0], InformationalResponse)
    assert connection.states == before
    assert connection.states[SERVER] is SEND_RESPONSE
    wire.hear(connection, wire.OK)
    assert connection.states[SERVER] is DONE


@pytest.mark.rfc("9110/15.2/not-to-http-1-0")
def test_it_is_known_that_a_client_is_too_old_for_1xx() -> None:
    """A server knows the version of its client, which is never said to wait for a 100."""
    old = server(wire.request(b"Expect: 100-continue", line=b"PUT / HTTP/1.0"))
    assert old.their_http_version == b"1.0"
    assert not old.they_are_waiting_for_100_continue


@pytest.mark.rfc("9110/15.2/not-to-http-1-0")
@pytest.mark.parametrize("status_code", [100, 103])
def test_a_client_too_old_for_1xx_gets_none(status_code: int) -> None:
    """What is said to it is left out, and the final response is its first."""
    old = server(wire.request(line=b"GET / HTTP/1.0"))
    assert old.send(InformationalResponse(status_code=status_code, headers=[])) == b""
    sent = old.send(Response(status_code=200, headers=[("Content-Length", "0")]))
    assert sent is not None
    assert sent.startswith(b"HTTP/1.1 200 ")
