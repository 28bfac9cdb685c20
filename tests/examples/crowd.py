"""Many clients at once, whose requests differ from each other, and the backend that records them.

In: how many requests, and where to send them. Out: what went wrong, and what arrived. As a program,
`python -m tests.examples.crowd PORT`, it is the backend; its record is at `/record`. Both read and
write their messages by hand, so that no fault of ours is hidden by another one.
"""

import asyncio
import hashlib
import itertools
import json
import random
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

CLIENTS = 64
MOST_AT_ONCE = 4
CLOSED_AFTER = 50
"""The backend ends every connection after so many requests, and says so."""

SIZES = (0, 1, 10, 100, 1000, 3000)
LARGE = 100_000


async def read_message(reader: asyncio.StreamReader) -> tuple[bytes, dict[bytes, bytes], bytes]:
    """Return the start line, the fields and the body of a message, if it has one."""
    head = await reader.readuntil(b"\r\n\r\n")
    start, *lines = head.split(b"\r\n")[:-2]
    pairs = (line.split(b": ", 1) for line in lines)
    fields = {name.lower(): value for name, value in pairs}
    if fields.get(b"transfer-encoding") != b"chunked":
        return start, fields, await reader.readexactly(int(fields.get(b"content-length", 0)))
    body = b""
    while size := int(await reader.readuntil(b"\r\n"), 16):
        body += (await reader.readexactly(size + 2))[:-2]
    assert await reader.readexactly(2) == b"\r\n"
    return start, fields, body


def write_message(head: bytes, body: bytes, *, chunked: bool) -> bytes:
    """Return a message with a body in one of both framings."""
    if not chunked:
        return b"%bContent-Length: %d\r\n\r\n%b" % (head, len(body), body)
    middle = len(body) // 2
    pieces = [piece for piece in (body[:middle], body[middle:]) if piece]
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces)
    return b"%bTransfer-Encoding: chunked\r\n\r\n%b0\r\n\r\n" % (head, chunks)


def expected_answer(name: str, method: str, body: bytes) -> bytes:
    """Return what belongs to one request and to no other."""
    told = f"{name} {method} {hashlib.sha256(body).hexdigest()}".encode()
    return told.ljust(len(told) + int(name) % 5000, b".")


class Backend:
    """What records each request by its name, and answers it."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.arrived: list[tuple[str, str, str]] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of a connection."""
        try:
            for count in itertools.count(1):
                start, _, body = await read_message(reader)
                method, target, _ = start.decode().split(" ")
                if target == "/record":
                    answer = json.dumps(self.arrived).encode()
                    writer.write(write_message(b"HTTP/1.1 200 OK\r\n", answer, chunked=False))
                    continue
                name = target.rpartition("/")[2]
                self.arrived.append((name, method, hashlib.sha256(body).hexdigest()))
                last = count % CLOSED_AFTER == 0
                head = b"HTTP/1.1 200 OK\r\n" + (b"Connection: close\r\n" if last else b"")
                answer = expected_answer(name, method, body)
                writer.write(write_message(head, answer, chunked=bool(int(name) % 3)))
                await writer.drain()
                if last:
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


@dataclass
class Crowd:
    """Clients that send requests to one address.

    Attributes:
        host: Where it is.
        port: Where it is.
        sent: The names, methods and bodies of what was sent.
        answered: How many got the right answer.
        faults: What went wrong.
    """

    host: str
    port: int
    sent: list[tuple[str, str, str]] = field(default_factory=list)
    answered: int = 0
    faults: list[str] = field(default_factory=list)

    async def send(self, count: int) -> None:
        """Send so many requests from all clients at once."""
        names = iter(range(count))
        async with asyncio.TaskGroup() as group:
            for number in range(CLIENTS):
                group.create_task(self.be_a_client(random.Random(number), names))

    async def be_a_client(self, dice: random.Random, names: Iterator[int]) -> None:
        """Take names as long as there are any, and send a request with each."""
        writer: asyncio.StreamWriter | None = None
        while batch := list(itertools.islice(names, dice.randint(1, MOST_AT_ONCE))):
            if writer is None or dice.random() < 0.05:
                if writer is not None:
                    writer.close()
                reader, writer = await asyncio.open_connection(self.host, self.port)
            requests = [self.request(dice, str(name)) for name in batch]
            writer.write(b"".join(octets for octets, _ in requests))
            for name, (_, expected) in zip(batch, requests, strict=True):
                try:
                    start, _, body = await read_message(reader)
                except (asyncio.IncompleteReadError, ConnectionError) as error:
                    self.faults.append(f"{name}: {error!r}")
                    writer.close()
                    writer = None
                    break
                if not start.startswith(b"HTTP/1.1 200 ") or body != expected:
                    self.faults.append(f"{name}: {start!r} {body[:100]!r}")
                else:
                    self.answered += 1
        if writer is not None:
            writer.close()

    def request(self, dice: random.Random, name: str) -> tuple[bytes, bytes]:
        """Return a request with a name, and the answer that belongs to it."""
        method = dice.choice(["GET", "GET", "POST", "PUT"])
        head = f"{method} /{dice.randint(0, 9)}/{name} HTTP/1.1\r\nHost: a\r\nX-Name: {name}\r\n"
        size = 0
        if method != "GET":
            size = LARGE if dice.random() < 0.01 else dice.choice(SIZES)
        body = dice.randbytes(size)
        self.sent.append((name, method, hashlib.sha256(body).hexdigest()))
        octets = write_message(head.encode(), body, chunked=dice.random() < 0.5)
        if method == "GET":
            octets = head.encode() + b"\r\n"
        return octets, expected_answer(name, method, body)


async def record_of(host: str, port: int) -> list[tuple[str, str, str]]:
    """Return what has arrived at a backend."""
    reader, writer = await asyncio.open_connection(host, port)
    writer.write(b"GET /record HTTP/1.1\r\nHost: a\r\n\r\n")
    _, _, body = await read_message(reader)
    writer.close()
    return [(name, method, digest) for name, method, digest in json.loads(body)]


def differences(sent: list[tuple[str, str, str]], arrived: list[tuple[str, str, str]]) -> list[str]:
    """Return what was lost, doubled or mixed up on the way."""
    before, after = Counter(sent), Counter(arrived)
    lost = [f"lost or changed: {entry}" for entry in before - after]
    return lost + [f"doubled or mixed up: {entry}" for entry in after - before]


async def run_backend(port: int) -> None:
    """Serve until cancelled."""
    server = await asyncio.start_server(Backend().serve, "127.0.0.1", port, limit=1 << 20)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(run_backend(int(sys.argv[1])))
