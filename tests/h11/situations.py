"""Connections in every state that a role can come to.

In: a state and a role. Out: a connection in whose eyes that role is in that state, brought there by
a legal conversation or, for ERROR, by a fault.
"""

from collections.abc import Callable
from typing import Final

import h11
from h11 import CLIENT, SERVER, Connection
from h11_statemachine import Role, State
from tests.h11.conversations import (
    CLOSE,
    CLOSED_EVENT,
    END,
    GET_HEAD,
    OK_HEAD,
    WEBSOCKET,
    client,
    hear,
    request,
    response,
    say,
    server,
)

STATES: Final[tuple[State, ...]] = (
    h11.IDLE,
    h11.SEND_RESPONSE,
    h11.SEND_BODY,
    h11.DONE,
    h11.MUST_CLOSE,
    h11.CLOSED,
    h11.MIGHT_SWITCH_PROTOCOL,
    h11.SWITCHED_PROTOCOL,
    h11.ERROR,
)
"""All states, in the order of the reference."""


def client_after_failure() -> Connection:
    """Return the connection of a client whose bytes were not sent."""
    connection = client(request())
    connection.send_failed()
    return connection


def server_after_failure() -> Connection:
    """Return the connection of a server whose bytes were not sent."""
    connection = server(GET_HEAD)
    say(connection, response())
    connection.send_failed()
    return connection


def client_switched() -> Connection:
    """Return the connection of a client whose CONNECT was accepted."""
    connection = client(request(method="CONNECT", target="a:443"), END)
    hear(connection, OK_HEAD)
    return connection


def having_said(connection: Connection, *events: h11.Event) -> Connection:
    """Return a connection after it has sent these events."""
    say(connection, *events)
    return connection


OURS: Final[dict[Role, dict[State, Callable[[], Connection]]]] = {
    CLIENT: {
        h11.IDLE: client,
        h11.SEND_BODY: lambda: client(request()),
        h11.DONE: lambda: client(request(), END),
        h11.MUST_CLOSE: lambda: client(request(CLOSE), END),
        h11.CLOSED: lambda: client(CLOSED_EVENT),
        h11.MIGHT_SWITCH_PROTOCOL: lambda: client(request(WEBSOCKET), END),
        h11.SWITCHED_PROTOCOL: client_switched,
        h11.ERROR: client_after_failure,
    },
    SERVER: {
        h11.IDLE: server,
        h11.SEND_RESPONSE: lambda: server(GET_HEAD),
        h11.SEND_BODY: lambda: having_said(server(GET_HEAD), response()),
        h11.DONE: lambda: having_said(server(GET_HEAD), response(), END),
        h11.MUST_CLOSE: lambda: having_said(server(GET_HEAD), response(CLOSE), END),
        h11.CLOSED: lambda: having_said(server(), CLOSED_EVENT),
        h11.SWITCHED_PROTOCOL: lambda: having_said(
            server(b"CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n"), response()
        ),
        h11.ERROR: server_after_failure,
    },
}
"""For each role, every state that its own connection can come to, and how.

A client never owes a response; only a client proposes to switch protocols.
"""
