"""What a server logs of a request, from its log and from what the observer has found.

In: lines of nginx's log, or observed connections. Out: the same lines in the same order, if the
observer has understood what nginx has.
"""

import json
from collections.abc import Iterable
from typing import NamedTuple

from docs.examples.captures import Connection
from docs.examples.exchanges import Exchange, Observer
from h11_events import InformationalResponse, Request, Response
from h11_statemachine import CLIENT, SERVER


class Line(NamedTuple):
    """A request and its response.

    Attributes:
        port: The client's port, which tells the connection.
        number: Which request of the connection it is, from 1 on.
        id: What the server calls it, in its log and in the response.
        agent: What the client calls itself.
        method: The method.
        request: The request line.
        status: The status code.
        sent: How many octets the server has sent.
        body: How many of them are not the head: the body with its framing and its trailers, what
            comes after HTTP, and to nginx also 100 Continue.
        received: How many octets the request has.
    """

    port: int
    number: int
    id: str
    agent: str
    method: str
    request: str
    status: int
    sent: int
    body: int
    received: int


def logged(log: Iterable[str]) -> list[Line]:
    """Return the lines of a log."""
    return sorted(Line(**json.loads(line)) for line in log)


def observed(connections: Iterable[tuple[Connection, Observer]]) -> list[Line]:
    """Return what a server has to have logged; what breaks off counts as far as it came."""
    lines = []
    for connection, observer in connections:
        begin = 0
        for number, exchange in enumerate(observer.exchanges, start=1):
            lines.append(line_of(connection.client.port, number, observer, exchange, begin))
            begin += lines[-1].sent
    return sorted(lines)


def line_of(port: int, number: int, observer: Observer, exchange: Exchange, begin: int) -> Line:
    """Return the line of an exchange, the octets of whose responses begin at a place."""
    request, response = exchange.request, exchange.response
    assert request is not None
    assert isinstance(request.head, Request)
    head: Request | Response | InformationalResponse
    if response is not None:
        head, head_size = response.head, response.body_start - response.start
        end = observer.understood(SERVER) if response.end is None else response.end
    else:
        tunnel = observer.after_http(SERVER)
        assert tunnel is not None
        head, head_size = exchange.informational[-1], observer.understood(SERVER) - begin
        end = observer.understood(SERVER) + tunnel.size
    assert not isinstance(head, Request)
    method, target, version = request.head.method, request.head.target, request.head.http_version
    return Line(
        port,
        number,
        head.headers.get(b"x-request-id", b"").decode(),
        request.head.headers.get(b"user-agent", b"").decode(),
        method.decode(),
        f"{method.decode()} {target.decode()} HTTP/{version.decode()}",
        head.status_code,
        end - begin,
        end - begin - head_size,
        (observer.understood(CLIENT) if request.end is None else request.end) - request.start,
    )
