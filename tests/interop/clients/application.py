"""The ASGI application that the clients of the world talk to; it records every whole request.

In: the scopes `http` and `websocket`. Out: what the table `PAGES` says for each path. A request is
named by `id` in its query, and recorded before it is answered.
"""

import email.parser
import email.policy
import hashlib
import json
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from tests.interop.clients import recording
from tests.interop.clients.bodies import Digest, digest, octets

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Page = Callable[[Message, Receive, Send], Awaitable[None]]

PIECE = 100_003


def argument(scope: Message, name: str, default: str = "") -> str:
    """Return an argument of the query."""
    query: bytes = scope["query_string"]
    return parse_qs(query.decode()).get(name, [default])[0]


def record(scope: Message, told: Digest) -> None:
    """Record a request whose body is there."""
    fields = {name: value.decode() for name, value in scope["headers"]}
    # Of a client that is gone already, the server may not know where it was.
    _, port = scope["client"] or (None, 0)
    received = recording.Received(
        id=argument(scope, "id"),
        method=scope["method"],
        version=scope["http_version"],
        framing=fields.get(b"transfer-encoding", fields.get(b"content-length", "")),
        expect=fields.get(b"expect", ""),
        digest=told,
        port=port,
    )
    recording.write(received._asdict())


async def answer(
    send: Send, body: bytes, status: int = 200, kind: bytes = b"application/json"
) -> None:
    """Send a whole response."""
    headers = [(b"content-length", b"%d" % len(body)), (b"content-type", kind)]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def upload(scope: Message, receive: Receive, send: Send) -> None:
    """Tell of the body what arrived."""
    hashed, size, more = hashlib.sha256(), 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        hashed.update(message.get("body", b""))
        size += len(message.get("body", b""))
        more = message.get("more_body", False)
    told = Digest(size, hashed.hexdigest())
    record(scope, told)
    await answer(send, json.dumps(told).encode() + b"\n")


async def whole_body(receive: Receive) -> bytes:
    """Return the body of a request."""
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


async def form(scope: Message, receive: Receive, send: Send) -> None:
    """Tell of each part of a form what arrived."""
    body = await whole_body(receive)
    record(scope, digest(body))
    kind = dict(scope["headers"])[b"content-type"]
    parser = email.parser.BytesParser(policy=email.policy.HTTP)
    parts = parser.parsebytes(b"Content-Type: %b\r\n\r\n%b" % (kind, body)).iter_parts()
    told = {}
    for part in parts:
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        told[part.get_param("name", header="content-disposition")] = digest(content)
    await answer(send, json.dumps(told).encode())


async def verdict(scope: Message, receive: Receive, send: Send) -> None:
    """Keep what a browser has found out about the answers that it got."""
    body = await whole_body(receive)
    recording.keep(argument(scope, "id"), body)
    await answer(send, b"")


async def echo(scope: Message, receive: Receive, send: Send) -> None:
    """Send the body back while it arrives, once its first piece has been asked for."""
    message = await receive()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    hashed, size = hashlib.sha256(), 0
    while True:
        piece = message.get("body", b"")
        hashed.update(piece)
        size += len(piece)
        await send({"type": "http.response.body", "body": piece, "more_body": True})
        if not message.get("more_body", False):
            break
        message = await receive()
    record(scope, Digest(size, hashed.hexdigest()))
    await send({"type": "http.response.body", "body": b""})


async def download(scope: Message, receive: Receive, send: Send) -> None:
    """Send as much as `size` says, with a length or, on demand, without."""
    while (await receive()).get("more_body", False):
        continue
    record(scope, Digest(0, ""))
    body = octets(int(argument(scope, "size", "0")))
    headers = [] if argument(scope, "framing") else [(b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    for start in range(0, len(body), PIECE):
        piece = body[start : start + PIECE]
        await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def refuse(_scope: Message, _receive: Receive, send: Send) -> None:
    """Answer without having asked for the body."""
    await answer(send, b"no\n", 403)


async def page(_scope: Message, _receive: Receive, send: Send) -> None:
    """Send the page for browsers."""
    content = (Path(__file__).parent / "page.html").read_bytes()
    await answer(send, content, kind=b"text/html; charset=utf-8")


async def talk(_scope: Message, receive: Receive, send: Send) -> None:
    """Accept a WebSocket, and send every message back."""
    await receive()
    await send({"type": "websocket.accept"})
    while (message := await receive())["type"] == "websocket.receive":
        kept = {kind: message[kind] for kind in ("text", "bytes") if message.get(kind) is not None}
        await send({"type": "websocket.send", **kept})


PAGES: dict[tuple[str, str], Page] = {
    ("http", "/upload"): upload,
    ("http", "/echo"): echo,
    ("http", "/form"): form,
    ("http", "/verdict"): verdict,
    ("http", "/download"): download,
    ("http", "/refuse"): refuse,
    ("http", "/page"): page,
    ("websocket", "/talk"): talk,
}


async def application(scope: Message, receive: Receive, send: Send) -> None:
    """Serve one request or one WebSocket by its path, whatever else a client looks for as well."""
    if scope["type"] != "lifespan":
        serve = PAGES.get((scope["type"], scope["path"]))
        await (serve(scope, receive, send) if serve else answer(send, b"not here\n", 404))
        return
    await receive()
    recording.write_identity()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await send({"type": "lifespan.shutdown.complete"})
