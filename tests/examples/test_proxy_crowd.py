"""Tests of the example proxy with many clients at once: each request arrives once, and unchanged.

The same with many more requests, and with everybody in a process of their own, is among the tests
with other programs.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

from docs.examples.proxy import Proxy
from tests.examples.crowd import Backend, Crowd, differences, expected_answer, write_message
from tests.integration.sockets import TIMEOUT

REQUESTS = 1500

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def through_the_proxy(serve: Serve, requests: int) -> Crowd:
    """Return a crowd that has sent its requests through a proxy in front of a backend."""
    backend = await asyncio.start_server(serve, "127.0.0.1", 0, limit=1 << 20)
    proxy = Proxy(backend.sockets[0].getsockname())
    server = await proxy.listen("127.0.0.1", 0)
    crowd = Crowd(*server.sockets[0].getsockname())
    async with asyncio.timeout(6 * TIMEOUT):
        await crowd.send(requests)
    server.close()
    proxy.pool.close()
    backend.close()
    async with asyncio.timeout(TIMEOUT):
        await asyncio.gather(*(asyncio.all_tasks() - {asyncio.current_task()}))
    await asyncio.sleep(0)  # So that sockets are closed.
    return crowd


def test_each_request_arrives_once_and_gets_its_own_answer() -> None:
    """Pipelined or not, in both framings, over connections that come and go on both sides."""
    backend = Backend()
    crowd = asyncio.run(through_the_proxy(backend.serve, REQUESTS))
    assert crowd.faults == []
    assert crowd.answered == len(crowd.sent) == REQUESTS
    assert differences(crowd.sent, backend.arrived) == []


async def answer_with_the_wrong_body(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Answer each request of a connection with what belongs to another."""
    with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
        while True:
            await reader.readuntil(b"\r\n\r\n")
            answer = expected_answer("17", "GET", b"other")
            writer.write(write_message(b"HTTP/1.1 200 OK\r\n", answer, chunked=False))
    writer.close()


def test_crowd_sees_what_goes_wrong() -> None:
    """An answer that belongs to another request is a fault."""
    crowd = asyncio.run(through_the_proxy(answer_with_the_wrong_body, 100))
    assert crowd.answered == 0
    assert len(crowd.faults) >= 64


def test_record_is_compared_entry_by_entry() -> None:
    """What is missing, there twice, or changed is told."""
    one, two, other = ("1", "GET", "a"), ("2", "PUT", "b"), ("2", "PUT", "c")
    assert differences([one, two], [two, one]) == []
    assert differences([one, two], [one]) == [f"lost or changed: {two}"]
    assert differences([one], [one, one]) == [f"doubled or mixed up: {one}"]
    assert differences([one, two], [one, other]) == [
        f"lost or changed: {two}",
        f"doubled or mixed up: {other}",
    ]
