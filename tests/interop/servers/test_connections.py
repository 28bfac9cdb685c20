"""Connections that are used again, used ahead, closed in order, and broken in mid-body."""

import hashlib
import socket

import pytest

import h11
from tests.integration.h11_client import Client
from tests.integration.payload import BODY, DIGEST
from tests.interop.servers.conversations import (
    read_at_least,
    read_until_error,
    request,
    start_to_ask,
)
from tests.interop.servers.features import Feature
from tests.interop.servers.servers import each_server
from tests.interop.servers.site import BROKEN_PIECE, HELLO
from tests.interop.servers.world import World


@each_server(Feature.KEEP_ALIVE)
def test_one_connection_carries_a_hundred_requests(client: Client) -> None:
    """GET, HEAD, 204 and chunks take turns, and each answer is that to its request."""
    for _ in range(25):
        assert client.ask("GET", "/hello.txt").body == HELLO
        assert client.ask("HEAD", "/large.bin").pieces == []
        assert client.ask("GET", "/node/nothing").status == 204
        assert client.ask("GET", "/node/few-chunks").body == HELLO
    assert client.connection.states == {h11.CLIENT: h11.DONE, h11.SERVER: h11.DONE}


@each_server(Feature.PIPELINE)
def test_requests_sent_at_once_are_answered_in_turn(client: Client) -> None:
    """What follows an answer waits, as PAUSED says, until the next cycle has begun."""
    targets = ["/hello.txt", "/large.bin", "/node/few-chunks", "/hello.txt"]
    requests = [request(client, target) for target in targets]
    ahead = b"".join(h11.Connection(h11.CLIENT).send(one) or b"" for one in requests[1:])
    client.socket.sendall((client.connection.send(requests[0]) or b"") + ahead)
    client.send(h11.EndOfMessage())
    answers = [client.read_answer()]
    for one in requests[1:]:
        assert client.next_event() is h11.PAUSED
        client.connection.start_next_cycle()
        # Its octets are on their way already.
        client.connection.send(one)
        client.connection.send(h11.EndOfMessage())
        answers.append(client.read_answer())
    small, large, chunks, last = (answer.body for answer in answers)
    assert small == chunks == last == HELLO
    assert hashlib.sha256(large).hexdigest() == DIGEST


@each_server(Feature.CLOSE)
def test_a_wish_to_close_is_fulfilled(client: Client) -> None:
    """The answer says that it is the last, and the server closes after it."""
    answer = client.ask("GET", "/hello.txt", [("Connection", "close")])
    assert (answer.field(b"connection"), answer.body) == (b"close", HELLO)
    assert client.next_event() == h11.ConnectionClosed()
    with pytest.raises(h11.LocalProtocolError):
        client.connection.start_next_cycle()


@each_server(Feature.KILLED)
def test_a_server_killed_in_mid_body_has_sent_too_little(name: str, world: World) -> None:
    """What came before its end stays delivered, and the error counts what is missing."""
    with world.another(name) as server, Client(server.address) as client:
        # So that much of the body is still the server's when it ends.
        client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
        start_to_ask(client, "/large.bin")
        body = read_at_least(client, 100_000)
        server.kill()
        rest, error = read_until_error(client)
    assert BODY.startswith(body + rest)
    assert error.code is h11.ErrorCode.BODY_TOO_SHORT
    assert (error.expected, error.received) == (len(BODY), len(body + rest))


@each_server(Feature.BROKEN)
@pytest.mark.parametrize(
    ("target", "expected"),
    [
        pytest.param("/node/broken-length", 200_000, id="by its length"),
        pytest.param("/node/broken-chunks", None, id="in chunks"),
    ],
)
def test_a_body_that_breaks_off_is_too_short(
    client: Client, target: str, expected: int | None
) -> None:
    """No end is made up: the error comes after all that was sent has been delivered."""
    start_to_ask(client, target)
    body, error = read_until_error(client)
    assert body == BROKEN_PIECE
    assert (error.code, error.expected) == (h11.ErrorCode.BODY_TOO_SHORT, expected)
