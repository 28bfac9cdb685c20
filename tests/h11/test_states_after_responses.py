"""Tests of the states after a response, which tell a server if the connection can be used again.

In: a request, or none, and the response to it. Out: the states of both roles after the head of the
response and after its end.
"""

from typing import Final

import pytest

from h11 import (
    CLIENT,
    DONE,
    IDLE,
    MUST_CLOSE,
    SEND_BODY,
    SERVER,
    SWITCHED_PROTOCOL,
    Response,
)
from h11_statemachine import State
from tests.h11.conversations import CHUNKED, CLOSE, END, Line, length, response, server
from tests.h11.model_of_heads import Asked

BROWSER: Final = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
OLD: Final = b"GET / HTTP/1.0\r\n\r\n"
LAST: Final = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"

HEADERS: Final[list[list[Line]]] = [
    [],
    [length(10)],
    [CHUNKED],
    [length(10), CHUNKED],
    [CLOSE, length(0)],
    [("Connection", "keep-alive"), length(0)],
    [("Connection", "Upgrade"), ("Upgrade", "websocket")],
]

STATES_AFTER: Final[dict[str, tuple[bytes, Response, tuple[State, State], tuple[State, State]]]] = {
    "kept": (BROWSER, response(length(0)), (DONE, SEND_BODY), (DONE, DONE)),
    "kept in chunks": (BROWSER, response(), (DONE, SEND_BODY), (DONE, DONE)),
    "close": (BROWSER, response(CLOSE), (MUST_CLOSE, SEND_BODY), (MUST_CLOSE, MUST_CLOSE)),
    "close in a list": (
        BROWSER,
        response(("cOnnection", "a, cLose")),
        (MUST_CLOSE, SEND_BODY),
        (MUST_CLOSE, MUST_CLOSE),
    ),
    "client of 1.0": (
        OLD,
        response(length(0)),
        (MUST_CLOSE, SEND_BODY),
        (MUST_CLOSE, MUST_CLOSE),
    ),
    "client has said close": (LAST, response(), (MUST_CLOSE, SEND_BODY), (MUST_CLOSE, MUST_CLOSE)),
    "no request": (b"", response(length(0)), (IDLE, SEND_BODY), (IDLE, DONE)),
    "no request, 204": (b"", response(status=204), (IDLE, SEND_BODY), (IDLE, DONE)),
    "no request, no length": (b"", response(), (IDLE, SEND_BODY), (IDLE, MUST_CLOSE)),
    "body outstanding": (
        b"PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n",
        response(length(0)),
        (SEND_BODY, SEND_BODY),
        (SEND_BODY, DONE),
    ),
    "CONNECT refused": (
        b"CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n",
        response(status=404),
        (DONE, SEND_BODY),
        (DONE, DONE),
    ),
    "Upgrade ignored": (
        b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: b\r\n\r\n",
        response(),
        (DONE, SEND_BODY),
        (DONE, DONE),
    ),
}
"""For each case: what was received, the response, the states after its head and after its end."""


@pytest.mark.parametrize(
    ("received", "reply", "after_head", "after_end"), STATES_AFTER.values(), ids=STATES_AFTER
)
def test_states_afterwards(
    received: bytes,
    reply: Response,
    after_head: tuple[State, State],
    after_end: tuple[State, State],
) -> None:
    """The states tell, after the head and after the end, if the connection can be used again."""
    connection = server(*([received] if received else []))
    connection.send(reply)
    assert (connection.states[CLIENT], connection.states[SERVER]) == after_head
    connection.send(END)
    assert (connection.states[CLIENT], connection.states[SERVER]) == after_end


@pytest.mark.parametrize("lines", HEADERS, ids=range(len(HEADERS)))
@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_an_accepted_connect_switches_whatever_the_headers_say(
    version: str, lines: list[Line]
) -> None:
    """Neither framing nor close keeps a 2xx to CONNECT from making a tunnel."""
    connection = server(Asked("CONNECT", version).head)
    connection.send(response(*lines))
    assert connection.states == {CLIENT: SWITCHED_PROTOCOL, SERVER: SWITCHED_PROTOCOL}
