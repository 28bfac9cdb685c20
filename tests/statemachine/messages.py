"""What the two roles say in these tests, in few words, and what a machine makes of it.

In: what a test cares about in an event. Out: the event; or the machine that has heard it all.
"""

from typing import Final

from h11_events import (
    ConnectionClosed,
    Data,
    EndOfMessage,
    Event,
    InformationalResponse,
    Request,
    Response,
)
from h11_statemachine import CLIENT, SERVER, ConnectionState, Role, State

Line = tuple[bytes, bytes]
"""The name and the value of a field line."""

Turn = tuple[Role, Event]
"""Who says what."""

PIECE: Final = Data(data=b"piece")
END: Final = EndOfMessage()
CLOSE: Final = ConnectionClosed()

CLOSING: Final[Line] = (b"Connection", b"close")
KEEP_ALIVE: Final[Line] = (b"Connection", b"keep-alive")
UPGRADING: Final[Line] = (b"Upgrade", b"websocket")
EXPECTING: Final[Line] = (b"Expect", b"100-continue")


def request(*lines: Line, method: bytes = b"GET", version: bytes = b"1.1") -> Request:
    """Return a request with these field lines beside Host."""
    return Request(
        method=method, target=b"/", headers=[(b"Host", b"a"), *lines], http_version=version
    )


def informational(status: int, *lines: Line, version: bytes = b"1.1") -> InformationalResponse:
    """Return an informational response with these field lines."""
    return InformationalResponse(status_code=status, headers=lines, http_version=version)


def response(*lines: Line, status: int = 200, version: bytes = b"1.1") -> Response:
    """Return a final response with these field lines."""
    return Response(status_code=status, headers=lines, http_version=version)


def asking(*lines: Line, method: bytes = b"GET", version: bytes = b"1.1") -> list[Turn]:
    """Return the turns of a client that makes a whole request without a body."""
    return [(CLIENT, request(*lines, method=method, version=version)), (CLIENT, END)]


def answering(*lines: Line, status: int = 200, version: bytes = b"1.1") -> list[Turn]:
    """Return the turns of a server that makes a whole final response without a body."""
    return [(SERVER, response(*lines, status=status, version=version)), (SERVER, END)]


def after(*turns: Turn) -> ConnectionState:
    """Return a new machine that has heard these turns."""
    machine = ConnectionState()
    hear(machine, *turns)
    return machine


def hear(machine: ConnectionState, *turns: Turn) -> None:
    """Let a machine hear further turns."""
    for role, event in turns:
        machine.process_event(role, event)


def states(machine: ConnectionState) -> tuple[State, State]:
    """Return the states of client and server, in this order."""
    return machine.states[CLIENT], machine.states[SERVER]
