"""The ASGI application that uvicorn serves to the tests.

In: the scopes `http` and `websocket`. Out: what the table `PAGES` says for each path. A `Gate` lets
one request wait for another, so that the order of what happens does not depend on time.
"""

import asyncio
import collections
import hashlib
import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from tests.integration.identity import identity, importers
from tests.integration.payload import BODY, body_in_pieces

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Page = Callable[[Message, Receive, Send], Awaitable[None]]


class Gate:
    """What passes between an upload and the requests that watch it, known by its query string."""

    def __init__(self) -> None:
        """Begin with an upload that has not arrived, may not be read and is not over."""
        self.entered = asyncio.Event()
        self.opened = asyncio.Event()
        self.left = asyncio.Event()
        self.received = 0


GATES: collections.defaultdict[bytes, Gate] = collections.defaultdict(Gate)


async def respond(
    send: Send, body: bytes, status: int = 200, headers: list[tuple[bytes, bytes]] | None = None
) -> None:
    """Send a whole response, whose length is told unless `headers` are given."""
    if headers is None:
        headers = [(b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def hello(_: Message, __: Receive, send: Send) -> None:
    """Greet."""
    await respond(send, b"hello")


async def port(scope: Message, _: Receive, send: Send) -> None:
    """Tell the client's port, which is the same for as long as the connection is."""
    await respond(send, str(scope["client"][1]).encode())


async def who(_: Message, __: Receive, send: Send) -> None:
    """Tell which h11 this process has imported, and which of its modules use it."""
    await respond(send, json.dumps({**identity(), "importers": importers()}).encode())


async def digest(scope: Message, receive: Receive, send: Send) -> None:
    """Tell how a body was framed, its length and its hash."""
    fields = dict(scope["headers"])
    framing = fields.get(b"transfer-encoding") or fields.get(b"content-length", b"")
    hashed = hashlib.sha256()
    length = 0
    more = True
    while more:
        message = await receive()
        hashed.update(message.get("body", b""))
        length += len(message.get("body", b""))
        more = message.get("more_body", False)
    report = {"framing": framing.decode(), "length": length, "sha256": hashed.hexdigest()}
    await respond(send, json.dumps(report).encode())


async def send_large(send: Send, headers: list[tuple[bytes, bytes]]) -> None:
    """Send the large body in pieces under `headers`."""
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    for piece in body_in_pieces():
        await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def large(_: Message, __: Receive, send: Send) -> None:
    """Send the large body under its length."""
    await send_large(send, [(b"content-length", b"%d" % len(BODY))])


async def streamed(_: Message, __: Receive, send: Send) -> None:
    """Send the large body in chunks."""
    await send_large(send, [])


async def unchanged(_: Message, __: Receive, send: Send) -> None:
    """Answer 304 with the length of what was not sent."""
    await respond(send, b"", 304, [(b"etag", b'"1"'), (b"content-length", b"5")])


async def nothing(_: Message, __: Receive, send: Send) -> None:
    """Answer 204, which has no body."""
    await respond(send, b"", 204, [])


async def broken(_: Message, __: Receive, send: Send) -> None:
    """Fail after the first part of a body."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"the first part", "more_body": True})
    raise RuntimeError("intended: an application fails in mid-body")


async def refused(_: Message, __: Receive, send: Send) -> None:
    """Answer 403 without asking for the body."""
    await respond(send, b"no", 403)


async def gated(scope: Message, receive: Receive, send: Send) -> None:
    """Read an upload once its gate is open, and say so when it is over in whichever way."""
    gate = GATES[scope["query_string"]]
    gate.entered.set()
    await gate.opened.wait()
    more = True
    while more:
        message = await receive()
        gate.received += len(message.get("body", b""))
        more = message.get("more_body", False)
    gate.left.set()
    await respond(send, b"%d" % gate.received)


async def entered(scope: Message, _: Receive, send: Send) -> None:
    """Answer as soon as the gate's upload has come to the application."""
    await GATES[scope["query_string"]].entered.wait()
    await respond(send, b"entered")


async def opened(scope: Message, _: Receive, send: Send) -> None:
    """Open the gate."""
    GATES[scope["query_string"]].opened.set()
    await respond(send, b"opened")


async def left(scope: Message, _: Receive, send: Send) -> None:
    """Answer as soon as the gate's upload is over, with how much of it arrived."""
    gate = GATES[scope["query_string"]]
    await gate.left.wait()
    await respond(send, b"%d" % gate.received)


async def echo(scope: Message, receive: Receive, send: Send) -> None:
    """Accept a WebSocket, speak first, and then send every message back."""
    await receive()
    chosen = next(iter(scope["subprotocols"]), None)
    await send({"type": "websocket.accept", "subprotocol": chosen})
    await send({"type": "websocket.send", "text": "welcome"})
    while (message := await receive())["type"] == "websocket.receive":
        answer: Message = {"type": "websocket.send"}
        for kind in ("text", "bytes"):
            if message.get(kind) is not None:
                answer[kind] = message[kind]
        await send(answer)


async def closed_door(_: Message, receive: Receive, send: Send) -> None:
    """Refuse a WebSocket, which uvicorn turns into an answer 403."""
    await receive()
    await send({"type": "websocket.close", "code": 1008})


PAGES: dict[tuple[str, str], Page] = {
    ("http", "/hello"): hello,
    ("http", "/port"): port,
    ("http", "/who"): who,
    ("http", "/digest"): digest,
    ("http", "/large"): large,
    ("http", "/streamed"): streamed,
    ("http", "/unchanged"): unchanged,
    ("http", "/nothing"): nothing,
    ("http", "/broken"): broken,
    ("http", "/refused"): refused,
    ("http", "/gated"): gated,
    ("http", "/gated/entered"): entered,
    ("http", "/gated/opened"): opened,
    ("http", "/gated/left"): left,
    ("websocket", "/echo"): echo,
    ("websocket", "/closed-door"): closed_door,
}


async def application(scope: Message, receive: Receive, send: Send) -> None:
    """Serve one request or one WebSocket by its path."""
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
    else:
        await PAGES[scope["type"], scope["path"]](scope, receive, send)
