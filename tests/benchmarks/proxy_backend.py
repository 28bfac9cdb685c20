"""What stands behind the proxy in the benchmark: it answers as fast as Python can.

In: the name of an application. Out: a server that prints where it listens, and sends the response
of that application for every head that comes, without a look at what is in it.
"""

import asyncio
import sys
from email.utils import formatdate
from typing import cast

from tests.benchmarks.application import EXPECTED

END_OF_HEAD = b"\r\n\r\n"


def response_of(application: str) -> bytes:
    """Return the response of an application on the wire, with the date of now."""
    fields, body = EXPECTED[application]
    lines = [b"HTTP/1.1 200 OK", b"date: " + formatdate(usegmt=True).encode()]
    lines += [b"%b: %b" % field for field in fields]
    return b"\r\n".join(lines) + END_OF_HEAD + body


class Answering(asyncio.Protocol):
    """A connection on which each head is answered."""

    transport: asyncio.Transport

    def __init__(self, response: bytes) -> None:
        """Answer with `response`."""
        self._response = response
        self._unfinished = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Answer each head that is complete now."""
        *heads, self._unfinished = (self._unfinished + data).split(END_OF_HEAD)
        if heads:
            self.transport.write(self._response * len(heads))


async def serve(application: str) -> None:
    """Listen on a free port until the process ends."""
    response = response_of(application)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Answering(response), "127.0.0.1", 0)
    address, port = server.sockets[0].getsockname()
    sys.stdout.write(f"Listening on http://{address}:{port}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1]))
