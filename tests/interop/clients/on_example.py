"""The recording application on the example server, as a program.

In: the port to listen on, and `--http10-keep-alive` if so wished. Out: the same answers as from
uvicorn and hypercorn. The example's handlers are replaced, and nothing else of it; a WebSocket is
handed over to wsproto.
"""

import asyncio
import sys

from wsproto import ConnectionType
from wsproto.connection import Connection
from wsproto.events import BytesMessage, CloseConnection, Ping, TextMessage
from wsproto.utilities import generate_accept_token

from docs.examples import asyncio_server
from docs.examples.asyncio_server import Client
from tests.interop.clients import recording
from tests.interop.clients.application import PAGES, Message, application


async def handle(client: Client) -> None:
    """Let the application answer a request."""
    body = client.body()
    scope: Message = {
        "type": "http",
        "http_version": client.request.http_version.decode(),
        "method": client.request.method.decode(),
        "path": client.url.path,
        "query_string": client.url.query.encode(),
        "headers": list(client.request.headers),
        "client": client.writer.get_extra_info("peername"),
    }

    async def receive() -> Message:
        """Return the next piece of the body."""
        piece = await anext(body, None)
        return {"type": "http.request", "body": piece or b"", "more_body": piece is not None}

    async def send(message: Message) -> None:
        """Say a part of the response."""
        if message["type"] == "http.response.start":
            fields = [(name.decode(), value.decode()) for name, value in message["headers"]]
            await client.start(message["status"], fields)
        else:
            await client.write(message["body"])

    await application(scope, receive, send)


async def talk(client: Client) -> None:
    """Hand a WebSocket over to wsproto, which sends every message back."""
    key = dict(client.request.headers)[b"sec-websocket-key"]
    accept = ("Sec-WebSocket-Accept", generate_accept_token(key).decode())
    received = await client.switch("websocket", [accept])
    protocol = Connection(ConnectionType.SERVER, trailing_data=received)
    while True:
        for event in protocol.events():
            match event:
                case TextMessage() | BytesMessage():
                    client.writer.write(protocol.send(event))
                case CloseConnection() | Ping():
                    client.writer.write(protocol.send(event.response()))
            if isinstance(event, CloseConnection):
                return
        await client.writer.drain()
        protocol.receive_data(await client.reader.read(65536) or None)


if __name__ == "__main__":
    recording.write_identity()
    asyncio_server.ROUTES.clear()
    asyncio_server.ROUTES |= {path: handle for kind, path in PAGES if kind == "http"}
    asyncio_server.ROUTES["/talk"] = talk
    Client.http10_keep_alive = "--http10-keep-alive" in sys.argv
    asyncio.run(asyncio_server.serve("127.0.0.1", int(sys.argv[1])))
