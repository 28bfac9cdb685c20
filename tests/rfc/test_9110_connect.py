"""CONNECT: from a request to a tunnel (RFC 9110 section 9.3.6).

In: CONNECT and its answer. Out: when HTTP ends on the connection, and what is kept of the octets
that follow. Its target is the subject of `test_9110_targets`.
"""

import pytest

from h11 import (
    CLIENT,
    DONE,
    MIGHT_SWITCH_PROTOCOL,
    PAUSED,
    SERVER,
    SWITCHED_PROTOCOL,
    Connection,
    EndOfMessage,
    Response,
)
from h11_parser import ResponseParser
from tests.h11.conversations import (
    CHUNKED,
    END,
    GET_HEAD,
    Line,
    length,
    request,
    response,
    say,
    server,
)
from tests.rfc import wire
from tests.rfc.messages_9110 import field_lines, names_sent

CONNECT = wire.request(line=b"CONNECT example.com:443 HTTP/1.1")
SWITCHED = {CLIENT: SWITCHED_PROTOCOL, SERVER: SWITCHED_PROTOCOL}

every_success = pytest.mark.parametrize("status", [200, 201, 204, 299])
every_framing = pytest.mark.parametrize(
    "lines",
    [[length(0)], [length(5)], [CHUNKED], [CHUNKED, length(5)]],
    ids=["empty", "length", "chunked", "both"],
)


def answered(octets: bytes) -> Connection:
    """Return a client that has sent CONNECT and received this, and heard the answer."""
    connection = wire.client(octets, method="CONNECT")
    assert isinstance(connection.next_event(), Response)
    return connection


@pytest.mark.rfc("9110/9.3.6/may-accept")
@every_success
def test_a_2xx_makes_the_tunnel(status: int) -> None:
    """Any 2xx ends HTTP on both sides of the connection."""
    accepting = server(CONNECT)
    sent = say(accepting, response(status=status))
    assert accepting.states == SWITCHED
    assert answered(sent).states == SWITCHED


@pytest.mark.rfc("9110/9.3.6/may-accept")
@pytest.mark.parametrize("status", [302, 403, 407, 501])
def test_any_other_final_response_refuses_the_tunnel(status: int) -> None:
    """After it, both sides go on with HTTP."""
    refusing = server(CONNECT)
    sent = say(refusing, response(length(2), status=status)) + b"no"
    asking = wire.client(sent, method="CONNECT")
    assert wire.body(wire.events(asking)) == b"no"
    assert asking.states == {CLIENT: DONE, SERVER: DONE}
    asking.start_next_cycle()
    assert say(asking, request()) == GET_HEAD


@pytest.mark.rfc("9110/9.3.6/safe-ports")
def test_nothing_is_switched_before_the_answer() -> None:
    """The target can be looked at before anything is accepted, and what came after it waits."""
    connection = wire.server(CONNECT + b"tunnel")
    assert wire.heard_request(connection).target == b"example.com:443"
    assert connection.next_event() is PAUSED
    assert connection.their_state is MIGHT_SWITCH_PROTOCOL
    assert connection.trailing_data == (b"tunnel", False)


@pytest.mark.rfc("9110/9.3.6/safe-ports")
def test_a_tunnel_that_is_refused_leaves_the_octets_to_http() -> None:
    """What came after a CONNECT that is refused is the next request."""
    connection = server(CONNECT + GET_HEAD)
    say(connection, response(length(0), status=403), END)
    connection.start_next_cycle()
    assert wire.heard_request(connection).method == b"GET"


@pytest.mark.rfc("9110/9.3.6/no-framing-sent")
@every_success
@every_framing
def test_framing_fields_are_left_out_where_a_tunnel_begins(status: int, lines: list[Line]) -> None:
    """A 2xx to CONNECT is written without Content-Length and Transfer-Encoding."""
    sent = say(server(CONNECT), response(("X", "y"), *lines, status=status))
    assert field_lines(sent) == [b"X: y"]


@pytest.mark.rfc("9110/9.3.6/no-framing-sent")
@pytest.mark.parametrize("version", [b"1.0", b"1.1"])
def test_no_framing_fields_are_added_where_a_tunnel_begins(version: bytes) -> None:
    """Without a length, a 2xx to CONNECT does not become chunked."""
    line = b"CONNECT example.com:443 HTTP/" + version
    sent = say(server(wire.request(line=line)), response())
    assert not {b"content-length", b"transfer-encoding"} & set(names_sent(sent))


@pytest.mark.rfc("9110/9.3.6/framing-ignored")
@every_success
@pytest.mark.parametrize(
    "lines",
    [
        [b"Content-Length: 5"],
        [b"Transfer-Encoding: chunked"],
        [b"Content-Length: 5", b"Transfer-Encoding: chunked"],
    ],
    ids=["length", "chunked", "both"],
)
def test_framing_fields_are_ignored_where_a_tunnel_begins(status: int, lines: list[bytes]) -> None:
    """For a client, the tunnel begins after the head of a 2xx, whatever its fields announce."""
    octets = wire.response(*lines, line=b"HTTP/1.1 %d x" % status)
    connection = answered(octets + b"tunnel")
    assert connection.states == SWITCHED
    assert connection.next_event() is PAUSED
    assert connection.trailing_data == (b"tunnel", False)


@pytest.mark.rfc("9110/9.3.6/framing-ignored")
def test_framing_fields_count_where_the_tunnel_is_refused() -> None:
    """A response that is not successful is framed like any other."""
    octets = wire.response(b"Content-Length: 2", line=b"HTTP/1.1 403 x", body=b"no")
    connection = answered(octets)
    assert wire.body(wire.events(connection)) == b"no"
    assert connection.their_state is DONE


@pytest.mark.rfc("9110/9.3.6/framing-ignored")
def test_a_parser_alone_can_be_told_of_connect() -> None:
    """Whoever reads responses alone tells which of them answer CONNECT."""
    parser = ResponseParser()
    parser.expect(b"CONNECT")
    assert wire.kinds(wire.hear(parser, wire.response(b"Content-Length: 5") + b"tunnel")) == [
        Response
    ]
    assert parser.next_event() is PAUSED
    assert parser.trailing_data == (b"tunnel", False)


@pytest.mark.rfc("9110/9.3.6/outstanding-data")
def test_what_came_through_the_tunnel_is_kept_when_it_closes() -> None:
    """The octets after the head are there to be passed on, with a mark for the end."""
    connection = answered(wire.response() + b"last")
    connection.receive_data(b" words")
    connection.receive_data(wire.END_OF_STREAM)
    assert connection.next_event() is PAUSED
    assert connection.trailing_data == (b"last words", True)


@pytest.mark.rfc("9110/9.3.6/outstanding-data")
def test_what_the_client_sent_ahead_is_kept_when_it_closes() -> None:
    """The same holds for what a client sends after CONNECT without waiting."""
    connection = wire.server(CONNECT, b"hello", wire.END_OF_STREAM)
    assert wire.kinds(wire.events(connection))[1:] == [EndOfMessage]
    say(connection, response())
    assert connection.trailing_data == (b"hello", True)
    assert connection.next_event() is PAUSED
