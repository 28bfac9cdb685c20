"""What our end says while the peer's octets come in: numbers of a plan in, events to send out.

In: a number up to 15 for each request/response cycle, and the moment: before a request, at the head
of a message, at the first piece of its body, at its end. Out: events, among them such as may not be
sent then, because a user who errs must not harm the reader either (RFC 9110 sections 7.8, 9.3.6 and
10.1.1). Nothing depends on how the octets were cut.
"""

from collections.abc import Callable
from typing import Final

from h11_events import (
    ConnectionClosed,
    Data,
    EndOfMessage,
    Event,
    InformationalResponse,
    LocalProtocolError,
    Request,
    Response,
)

Line = tuple[str, str]

HOST: Final[Line] = ("Host", "a")
LENGTH_0: Final[Line] = ("Content-Length", "0")
LENGTH_2: Final[Line] = ("Content-Length", "2")
CHUNKED: Final[Line] = ("Transfer-Encoding", "chunked")
CLOSE: Final[Line] = ("Connection", "close")
UPGRADE: Final[Line] = ("Upgrade", "b")
EXPECT: Final[Line] = ("Expect", "100-continue")

END: Final = EndOfMessage()
TRAILERS: Final = EndOfMessage(headers=[("A", "b")])
HI: Final = Data(b"hi")


def final(status: int, *lines: Line) -> Response:
    """Return a final response."""
    return Response(status_code=status, headers=lines)


def informational(status: int, *lines: Line) -> InformationalResponse:
    """Return an informational response."""
    return InformationalResponse(status_code=status, headers=lines)


def request(method: str, target: str, *lines: Line) -> Request:
    """Return a request."""
    return Request(method=method, target=target, headers=[HOST, *lines])


EMPTY: Final = [final(200, LENGTH_0), END]
"""The shortest answer."""

ANSWERS: Final[tuple[dict[type[Event], list[Event]], ...]] = (
    {EndOfMessage: [final(200, LENGTH_2), HI, END]},
    {EndOfMessage: [final(200), HI, HI, TRAILERS]},
    {Request: [informational(100)], EndOfMessage: EMPTY},
    {Request: EMPTY},
    {EndOfMessage: [informational(101, UPGRADE)]},
    {EndOfMessage: [final(200), END]},
    {EndOfMessage: [final(404, LENGTH_0), END]},
    {Data: [informational(103, ("Link", "b"))], EndOfMessage: [final(204), END]},
    {EndOfMessage: [final(200, LENGTH_0, CLOSE), END]},
    {EndOfMessage: [final(200, LENGTH_2), END]},
    {Request: [informational(101, UPGRADE)]},
    {},
    {Request: [final(200, LENGTH_2)], Data: [HI], EndOfMessage: [END]},
    {Request: [ConnectionClosed()]},
    {EndOfMessage: [final(304, LENGTH_2), END]},
    {EndOfMessage: [final(200, LENGTH_0), HI, END]},
)
"""What a server says, by the event that it hears; of the pieces of a body the first counts."""

REQUESTS: Final[tuple[dict[type[Event] | None, list[Event]], ...]] = (
    {None: [request("GET", "/"), END]},
    {None: [request("HEAD", "/"), END]},
    {None: [request("CONNECT", "a:1"), END]},
    {None: [request("GET", "/", UPGRADE, ("Connection", "upgrade")), END]},
    {None: [request("POST", "/", LENGTH_2), HI, END]},
    {None: [request("POST", "/", LENGTH_2, EXPECT)], InformationalResponse: [HI, END]},
    {None: [request("PUT", "/", CHUNKED), HI, TRAILERS]},
    {None: [request("GET", "/", CLOSE), END]},
    {None: [request("POST", "/", LENGTH_2)]},
    {},
    {None: [request("OPTIONS", "*"), END]},
    {None: [request("POST", "/", CHUNKED)], Response: [HI], EndOfMessage: [END]},
    {None: [request("POST", "/", LENGTH_0), HI, END]},
    {None: [ConnectionClosed()]},
    {None: [request("GET", "/"), END], Response: [request("GET", "/"), END]},
    {None: [request("GET", "/"), END, ConnectionClosed()]},
)
"""What a client says, by the event that it hears, and before it hears anything of a cycle."""


def say(send: Callable[[Event], bytes | None], events: list[Event]) -> list[object]:
    """Send events up to the first that is refused.

    Args:
        send: What sends one.
        events: What to say.

    Returns:
        The octets of each, or None, and the code and the text of the refusal.
    """
    said: list[object] = []
    try:
        said.extend(map(send, events))
    except LocalProtocolError as error:
        said.append((error.code, str(error)))
    return said
