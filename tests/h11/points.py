"""Connections at many points of a conversation, and what is true of each.

In: nothing. Out: for a client and for a server, ways to get a connection, and the one of the four
questions that it answers with yes: idle, in mid-exchange, reusable, to be closed.
"""

from collections.abc import Callable
from typing import Final

import pytest

from h11 import Connection, Event, LocalProtocolError, RemoteProtocolError
from tests.h11.conversations import (
    CHUNKED,
    CLOSE,
    CLOSED_EVENT,
    END,
    EXPECTING,
    GET_HEAD,
    OK_HEAD,
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
)
from tests.h11.situations import having_said

OK_AND_CLOSE: Final = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
TIMEOUT: Final = b"HTTP/1.1 408 Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
SWITCHING: Final = b"HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n"
PUT_HEAD: Final = b"PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n"
UPGRADE_HEAD: Final = GET_HEAD[:-2] + b"Connection: upgrade\r\nUpgrade: websocket\r\n\r\n"
CONNECT_HEAD: Final = b"CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n"
OLD_HEAD: Final = b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"


def asking(
    *events: Event, heard: tuple[bytes, ...] = (), unread: tuple[bytes, ...] = ()
) -> Connection:
    """Return a client's connection: what it has said, what it heard, and what it has not read."""
    connection = client(*events)
    hear(connection, *heard)
    return receiving(connection, *unread)


def receiving(connection: Connection, *pieces: bytes) -> Connection:
    """Return a connection that has received pieces, and was not asked for events."""
    for piece in pieces:
        connection.receive_data(piece)
    return connection


def answering(
    *heard: bytes, said: tuple[Event, ...] = (), unread: tuple[bytes, ...] = ()
) -> Connection:
    """Return a server's connection: what it has heard, what it said, and what it has not read."""
    connection = server(*heard)
    say(connection, *said)
    return receiving(connection, *unread)


def again(connection: Connection, *unread: bytes) -> Connection:
    """Return a connection in its next cycle, with what was received and not read."""
    connection.start_next_cycle()
    return receiving(connection, *unread)


def after_fault(connection: Connection, octets: bytes) -> Connection:
    """Return a connection whose peer has broken the protocol."""
    connection.receive_data(octets)
    with pytest.raises(RemoteProtocolError):
        pending(connection)
    return connection


def after_mistake(connection: Connection, event: Event) -> Connection:
    """Return a connection on which something was to be said out of turn."""
    with pytest.raises(LocalProtocolError):
        connection.send(event)
    return connection


def after_failure(connection: Connection) -> Connection:
    """Return a connection whose bytes did not reach the peer."""
    connection.send_failed()
    return connection


def half_of_a_piece() -> Connection:
    """Return the connection of a client in the middle of the body of a response."""
    return asking(request(), END, heard=(OK_HEAD.replace(b"0\r", b"2\r") + b"o",))


Case = tuple[Callable[[], Connection], str | None]
"""How to get a connection, and the question that it answers with yes."""

WHOLE: Final = (request(), END)
ANSWER: Final = (response(length(0)), END)
LAST_ANSWER: Final = (response(length(0), CLOSE), END)

OF_A_CLIENT: Final[dict[str, Case]] = {
    "new": (client, "is_idle"),
    "head said": (lambda: client(request(length(4))), "is_mid_exchange"),
    "request said": (lambda: client(*WHOLE), "is_mid_exchange"),
    "waits for 100": (lambda: client(request(length(4), EXPECTING)), "is_mid_exchange"),
    "answer unread": (lambda: asking(*WHOLE, unread=(OK_HEAD,)), "is_mid_exchange"),
    "close unread": (lambda: asking(*WHOLE, unread=(b"",)), "is_mid_exchange"),
    "102 heard": (lambda: asking(*WHOLE, heard=(b"HTTP/1.1 102 So\r\n\r\n",)), "is_mid_exchange"),
    "half a body": (half_of_a_piece, "is_mid_exchange"),
    "answered": (lambda: asking(*WHOLE, heard=(OK_HEAD,)), "is_reusable"),
    "answered, and more": (lambda: asking(*WHOLE, heard=(OK_HEAD + OK_HEAD,)), "must_close"),
    "answered, and a line": (lambda: asking(*WHOLE, heard=(OK_HEAD + b"\r\n",)), "must_close"),
    "answered, more unread": (
        lambda: asking(*WHOLE, heard=(OK_HEAD,), unread=(b"H",)),
        "must_close",
    ),
    "answered, close unread": (
        lambda: asking(*WHOLE, heard=(OK_HEAD,), unread=(b"",)),
        "must_close",
    ),
    "answered and closed": (lambda: asking(*WHOLE, heard=(OK_HEAD, b"")), "must_close"),
    "answered up to the end": (
        lambda: asking(*WHOLE, heard=(b"HTTP/1.1 200 OK\r\n\r\nall", b"")),
        "must_close",
    ),
    "answered with close": (lambda: asking(*WHOLE, heard=(OK_AND_CLOSE,)), "must_close"),
    "has said close": (lambda: client(request(CLOSE), END), "is_mid_exchange"),
    "has said close, answered": (
        lambda: asking(request(CLOSE), END, heard=(OK_HEAD,)),
        "must_close",
    ),
    "answered early": (lambda: asking(request(CHUNKED), heard=(OK_HEAD,)), "is_mid_exchange"),
    "answered early with close": (
        lambda: asking(request(CHUNKED), heard=(OK_AND_CLOSE,)),
        "must_close",
    ),
    "in the pool": (lambda: again(asking(*WHOLE, heard=(OK_HEAD,))), "is_idle"),
    "in the pool, more unread": (
        lambda: again(asking(*WHOLE, heard=(OK_HEAD,)), TIMEOUT),
        "must_close",
    ),
    "in the pool, close unread": (
        lambda: again(asking(*WHOLE, heard=(OK_HEAD,)), b""),
        "must_close",
    ),
    "in the pool, 408 heard": (lambda: asking(heard=(TIMEOUT,)), "must_close"),
    "in the pool, close heard": (lambda: asking(heard=(b"",)), "must_close"),
    "in the pool, half a 408": (lambda: asking(heard=(TIMEOUT[:-9],)), "must_close"),
    "has closed": (lambda: client(CLOSED_EVENT), "must_close"),
    "Upgrade proposed": (lambda: client(request(WEBSOCKET), END), "is_mid_exchange"),
    "Upgrade refused": (lambda: asking(request(WEBSOCKET), END, heard=(OK_HEAD,)), "is_reusable"),
    "Upgrade accepted": (lambda: asking(request(WEBSOCKET), END, heard=(SWITCHING,)), None),
    "new protocol unread": (
        lambda: asking(request(WEBSOCKET), END, heard=(SWITCHING,), unread=(b"\x81\0", b"")),
        None,
    ),
    "Upgrade accepted early": (
        lambda: asking(request(WEBSOCKET, length(4)), heard=(SWITCHING,)),
        "is_mid_exchange",
    ),
    "CONNECT accepted": (
        lambda: asking(request(method="CONNECT", target="a:443"), END, heard=(OK_HEAD,)),
        None,
    ),
    "fault of the peer": (lambda: after_fault(client(*WHOLE), b"\0"), "must_close"),
    "peer broke off": (lambda: after_fault(half_of_a_piece(), b""), "must_close"),
    "request did not go out": (lambda: after_failure(client(request())), "is_mid_exchange"),
    "request did not go out, answered": (
        lambda: receiving(after_failure(client(request())), OK_HEAD),
        "is_mid_exchange",
    ),
    "mistake of its own, answered": (
        lambda: after_mistake(asking(*WHOLE, heard=(OK_HEAD,)), request()),
        "must_close",
    ),
    "HTTP/1.0": (
        lambda: asking(*WHOLE, heard=(OK_HEAD.replace(b"1.1", b"1.0"),)),
        "must_close",
    ),
}
"""A client, and whether its pool may keep the connection."""

OF_A_SERVER: Final[dict[str, Case]] = {
    "new": (server, "is_idle"),
    "first octet unread": (lambda: answering(unread=(b"G",)), "is_mid_exchange"),
    "half a head": (lambda: answering(GET_HEAD[:-9]), "is_mid_exchange"),
    "half a head, close unread": (
        lambda: answering(GET_HEAD[:-9], unread=(b"",)),
        "is_mid_exchange",
    ),
    "request unread": (lambda: answering(unread=(GET_HEAD,)), "is_mid_exchange"),
    "request and close unread": (lambda: answering(unread=(GET_HEAD, b"")), "is_mid_exchange"),
    "close unread": (lambda: answering(unread=(b"",)), "must_close"),
    "close heard": (lambda: answering(b""), "must_close"),
    "head heard": (lambda: answering(PUT_HEAD), "is_mid_exchange"),
    "request heard": (lambda: answering(GET_HEAD), "is_mid_exchange"),
    "request and close heard": (lambda: answering(GET_HEAD, b""), "is_mid_exchange"),
    "paused": (lambda: answering(GET_HEAD + GET_HEAD), "is_mid_exchange"),
    "answering": (lambda: answering(GET_HEAD, said=(response(),)), "is_mid_exchange"),
    "103 said": (lambda: answering(GET_HEAD, said=(informational(103),)), "is_mid_exchange"),
    "answered": (lambda: answering(GET_HEAD, said=ANSWER), "is_reusable"),
    "answered, the next unread": (
        lambda: answering(GET_HEAD + GET_HEAD, said=ANSWER),
        "is_reusable",
    ),
    "answered, the next and close unread": (
        lambda: answering(GET_HEAD + GET_HEAD, said=ANSWER, unread=(b"",)),
        "is_reusable",
    ),
    "answered, close unread": (
        lambda: answering(GET_HEAD, said=ANSWER, unread=(b"",)),
        "must_close",
    ),
    "answered and closed": (lambda: answering(GET_HEAD, b"", said=ANSWER), "must_close"),
    "answered with close": (lambda: answering(GET_HEAD, said=LAST_ANSWER), "must_close"),
    "answered with close, more unread": (
        lambda: answering(GET_HEAD, said=LAST_ANSWER, unread=(GET_HEAD,)),
        "must_close",
    ),
    "answered early": (lambda: answering(PUT_HEAD, said=ANSWER), "is_mid_exchange"),
    "answered early with close": (lambda: answering(PUT_HEAD, said=LAST_ANSWER), "must_close"),
    "next cycle": (lambda: again(answering(GET_HEAD, said=ANSWER)), "is_idle"),
    "next cycle, the next unread": (
        lambda: again(answering(GET_HEAD + GET_HEAD, said=ANSWER)),
        "is_mid_exchange",
    ),
    "next cycle, close unread": (
        lambda: again(answering(GET_HEAD, said=ANSWER), b""),
        "must_close",
    ),
    "gives up": (lambda: answering(said=(response(length(0), status=408),)), "is_mid_exchange"),
    "has given up": (
        lambda: answering(said=(response(length(0), status=408), END)),
        "must_close",
    ),
    "has closed": (lambda: answering(said=(CLOSED_EVENT,)), "must_close"),
    "switch proposed": (lambda: answering(UPGRADE_HEAD), "is_mid_exchange"),
    "switch proposed, new protocol unread": (
        lambda: answering(UPGRADE_HEAD + b"\x81"),
        "is_mid_exchange",
    ),
    "switch refused": (lambda: answering(UPGRADE_HEAD, said=ANSWER), "is_reusable"),
    "switch accepted": (lambda: answering(UPGRADE_HEAD, said=(informational(101),)), None),
    "tunnel, with its data": (lambda: answering(CONNECT_HEAD + b"!", said=(response(),)), None),
    "fault in a head": (lambda: after_fault(server(), b"\0"), "is_mid_exchange"),
    "fault in a head, answered": (
        lambda: having_said(after_fault(server(), b"\0"), *ANSWER),
        "must_close",
    ),
    "client broke off": (lambda: after_fault(answering(PUT_HEAD), b""), "is_mid_exchange"),
    "answer did not go out": (
        lambda: after_failure(answering(GET_HEAD, said=(response(),))),
        "must_close",
    ),
    "mistake of its own": (lambda: after_mistake(answering(PUT_HEAD), END), "must_close"),
    "HTTP/2": (lambda: answering(b"PRI * HTTP/2.0\r\n\r\nSM"), "is_mid_exchange"),
    "HTTP/2, answered": (
        lambda: answering(b"PRI * HTTP/2.0\r\n\r\nSM", said=ANSWER),
        "must_close",
    ),
    "HTTP/1.0": (lambda: answering(OLD_HEAD, said=ANSWER), "must_close"),
}
"""A server, and whether its loop may go on."""
