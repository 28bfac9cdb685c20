"""Conversations of httpx with the tests' application, held in this process or in one of its own.

In: the name of a conversation and the URL of the server, also as a program's two arguments. Out:
what the client saw, as JSON values only, so that both ways give the same.
"""

import asyncio
import hashlib
import json
import subprocess
import sys
from collections.abc import Callable, Iterator

import httpx

from tests.environments import REPOSITORY
from tests.integration.identity import identity, importers
from tests.integration.payload import BODY, body_in_pieces
from tests.integration.sockets import TIMEOUT

Outcome = dict[str, object]
Conversation = Callable[[httpx.Client], Outcome]


def summary(response: httpx.Response) -> Outcome:
    """Return what there is to tell about a short response."""
    return {
        "version": response.http_version,
        "status": response.status_code,
        "reason": response.reason_phrase,
        "fields": dict(response.headers),
        "body": response.text,
    }


def who(client: httpx.Client) -> Outcome:
    """Tell which h11 the client has imported, and what the server says about its own."""
    server = client.get("/who").json()
    return {"client": {**identity(), "importers": importers()}, "server": server}


def get(client: httpx.Client) -> Outcome:
    """GET a short body."""
    return summary(client.get("/hello"))


def head(client: httpx.Client) -> Outcome:
    """HEAD, and then GET on the connection that must not have been left out of step."""
    return {"head": summary(client.head("/hello")), "get": summary(client.get("/hello"))}


def without_body(client: httpx.Client) -> Outcome:
    """GET what is answered with 304 and with 204, and then what has a body."""
    targets = ("/unchanged", "/nothing", "/hello")
    return {target: summary(client.get(target)) for target in targets}


def upload(client: httpx.Client) -> Outcome:
    """POST the large body under its length."""
    return dict(client.post("/digest", content=BODY).json())


def streamed_upload(client: httpx.Client) -> Outcome:
    """POST the large body in chunks."""
    return dict(client.post("/digest", content=body_in_pieces()).json())


def download_from(client: httpx.Client, target: str) -> Outcome:
    """GET a large body piece by piece, and hash it."""
    hashed = hashlib.sha256()
    length = 0
    with client.stream("GET", target) as response:
        for piece in response.iter_raw():
            hashed.update(piece)
            length += len(piece)
    return {"fields": dict(response.headers), "length": length, "sha256": hashed.hexdigest()}


def download(client: httpx.Client) -> Outcome:
    """GET the large body under its length."""
    return download_from(client, "/large")


def streamed_download(client: httpx.Client) -> Outcome:
    """GET the large body in chunks."""
    return download_from(client, "/streamed")


def keep_alive(client: httpx.Client) -> Outcome:
    """Ask 100 times for the port, with an upload and a HEAD after every tenth request."""
    ports = []
    for number in range(1, 101):
        ports.append(client.get("/port").text)
        if number % 10 == 0:
            client.post("/digest", content=iter([b"some", b"thing"])).raise_for_status()
            client.head("/hello").raise_for_status()
    return {"requests": len(ports), "connections": len(set(ports))}


def closing(client: httpx.Client) -> Outcome:
    """Ask for the port twice, each time with the wish to close the connection."""
    ports = {client.get("/port", headers={"Connection": "close"}).text for _ in range(2)}
    return {"connections": len(ports)}


def broken(client: httpx.Client) -> Outcome:
    """GET a body in the midst of which the application fails, and then another."""
    body = b""
    error = None
    with client.stream("GET", "/broken") as response:
        try:
            for piece in response.iter_raw():
                body += piece
        except httpx.HTTPError as caught:
            error = caught
    return {
        "status": response.status_code,
        "body": body.decode(),
        "error": type(error).__name__,
        "message": str(error),
        "next": client.get("/hello").text,
    }


def given_up(client: httpx.Client) -> Outcome:
    """Leave a large body unread after its first piece, and then GET another."""
    with client.stream("GET", "/streamed") as response:
        first = next(response.iter_raw())
    return {"begun": BODY.startswith(first), "next": client.get("/hello").text}


def broken_upload(client: httpx.Client) -> Outcome:
    """Fail in the midst of two uploads, by length and in chunks, and then GET."""

    def body() -> Iterator[bytes]:
        """Yield the first piece of a body, and fail to find the second."""
        yield BODY[:1000]
        raise LookupError("intended: a client fails in mid-body")

    failures = []
    for headers in ({"Content-Length": "2000"}, {"Transfer-Encoding": "chunked"}):
        try:
            client.post("/digest", content=body(), headers=headers)
        except LookupError as caught:
            failures.append(type(caught).__name__)
    return {"failures": failures, "next": client.get("/hello").text}


def concurrent(client: httpx.Client) -> Outcome:
    """Upload on eight connections at the same time, with the asynchronous client."""

    async def upload_all() -> list[str]:
        """Return the hash that the server found for each upload."""
        async with httpx.AsyncClient(
            base_url=client.base_url, timeout=TIMEOUT, trust_env=False
        ) as many:
            bodies = [bytes([number]) * 300_000 for number in range(8)]
            posts = [many.post("/digest", content=body) for body in bodies]
            return [response.json()["sha256"] for response in await asyncio.gather(*posts)]

    return {"hashes": asyncio.run(upload_all())}


CONVERSATIONS: dict[str, Conversation] = {
    conversation.__name__: conversation
    for conversation in (
        who,
        get,
        head,
        without_body,
        upload,
        streamed_upload,
        download,
        streamed_download,
        keep_alive,
        closing,
        broken,
        given_up,
        broken_upload,
        concurrent,
    )
}


def converse(name: str, base_url: str) -> Outcome:
    """Hold the conversation called `name` in this process."""
    with httpx.Client(base_url=base_url, timeout=TIMEOUT, trust_env=False) as client:
        return CONVERSATIONS[name](client)


def converse_apart(name: str, base_url: str) -> Outcome:
    """Hold the conversation called `name` in a process of its own."""
    command = [sys.executable, "-m", "tests.integration.httpx_client", name, base_url]
    finished = subprocess.run(
        command, cwd=REPOSITORY, stdout=subprocess.PIPE, check=True, timeout=3 * TIMEOUT
    )
    return dict(json.loads(finished.stdout))


if __name__ == "__main__":
    json.dump(converse(sys.argv[1], sys.argv[2]), sys.stdout)
