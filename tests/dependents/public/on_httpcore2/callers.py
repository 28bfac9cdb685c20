"""httpcore2 in each of the ways that it can be called.

In: calls to make one after the other on one connection pool. Out: their answers, or what was raised
by the first that failed.
"""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import anyio
import httpcore2

READ_TIMEOUT = 10.0


@dataclass(frozen=True)
class Call:
    """A request to make: the content is sent as it is, or in chunks if it is a list."""

    url: str
    method: str = "GET"
    headers: Sequence[tuple[str, str]] = ()
    content: bytes | list[bytes] | None = None
    extensions: Mapping[str, Any] = field(default_factory=dict)

    def arguments(self) -> dict[str, Any]:
        """Return what both kinds of pools take beside the content."""
        timeout = {"read": READ_TIMEOUT, "connect": READ_TIMEOUT}
        extensions = {"timeout": timeout, **self.extensions}
        return {"headers": list(self.headers), "extensions": extensions}


@dataclass(frozen=True)
class Answer:
    """A response as the caller sees it."""

    version: bytes
    status: int
    reason: bytes
    headers: list[tuple[bytes, bytes]]
    body: bytes
    connection: str

    @property
    def is_kept(self) -> bool:
        """Whether the connection waits for another request."""
        return "IDLE" in self.connection


Caller = Callable[..., list[Answer]]


def answer_of(response: Any, connections: Sequence[Any]) -> Answer:
    """Return what the caller sees of a response that has been read, and of its connection."""
    told = response.extensions
    left = " ".join(connection.info() for connection in connections)
    return Answer(
        *(told["http_version"], response.status, told["reason_phrase"]),
        *(response.headers, response.content, left),
    )


def in_a_thread(*calls: Call, proxy: Any = None) -> list[Answer]:
    """Make the calls with the blocking pool."""
    answers = []
    with httpcore2.ConnectionPool(proxy=proxy) as pool:
        for call in calls:
            content = iter(call.content) if isinstance(call.content, list) else call.content
            response = pool.request(call.method, call.url, content=content, **call.arguments())
            answers.append(answer_of(response, pool.connections))
    return answers


async def in_a_task(*calls: Call, proxy: Any = None) -> list[Answer]:
    """Make the calls with the pool for asyncio and trio."""
    answers = []
    async with httpcore2.AsyncConnectionPool(proxy=proxy) as pool:
        for call in calls:
            content = pieces(call.content) if isinstance(call.content, list) else call.content
            response = await pool.request(
                call.method, call.url, content=content, **call.arguments()
            )
            answers.append(answer_of(response, pool.connections))
    return answers


async def pieces(content: Sequence[bytes]) -> AsyncIterator[bytes]:
    """Yield pieces of a body."""
    for piece in content:
        yield piece


def under(backend: str) -> Caller:
    """Return a caller that runs the tasks under a backend of anyio."""

    def call(*calls: Call, proxy: Any = None) -> list[Answer]:
        """Make the calls in a loop of their own."""

        async def all_calls() -> list[Answer]:
            """Make the calls."""
            return await in_a_task(*calls, proxy=proxy)

        answers: list[Answer] = anyio.run(all_calls, backend=backend)
        return answers

    return call


CALLERS: dict[str, Caller] = {
    "sync": in_a_thread,
    "asyncio": under("asyncio"),
    "trio": under("trio"),
}
