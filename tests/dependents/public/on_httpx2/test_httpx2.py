"""httpx2 talks HTTP/1.1 and WebSocket, to a server told each octet and to uvicorn on h11."""

import hashlib
import json
import socket
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from typing import Any

import anyio
import httpx2
import pytest

from tests.dependents.public.origin import (
    Cut,
    read_message,
    send_pieces,
    serving,
    take,
    take_through,
    whole,
)
from tests.integration import uvicorn_process
from tests.integration.payload import BODY
from tests.integration.sockets import Address

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

Ask = Callable[..., httpx2.Response]
"""Makes one request with a client of its own, with the arguments of `Client.request`."""


def blocking(method: str, url: str, **arguments: Any) -> Any:
    """Make a request with the blocking client."""
    with httpx2.Client(trust_env=False, follow_redirects=True) as client:
        return client.request(method, url, **arguments)


def in_a_loop(backend: str) -> Ask:
    """Return a function that makes requests with the other client, under a backend of anyio."""

    def ask(method: str, url: str, **arguments: Any) -> Any:
        """Make a request in a loop of its own."""

        async def request() -> Any:
            """Make the request."""
            if "content" in arguments and not isinstance(arguments["content"], bytes):
                arguments["content"] = in_turn(arguments["content"])
            async with httpx2.AsyncClient(trust_env=False, follow_redirects=True) as client:
                return await client.request(method, url, **arguments)

        return anyio.run(request, backend=backend)

    return ask


async def in_turn(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    """Yield pieces of a body."""
    for piece in pieces:
        yield piece


ASKING: dict[str, Ask] = {
    "sync": blocking,
    "asyncio": in_a_loop("asyncio"),
    "trio": in_a_loop("trio"),
}


@pytest.fixture(params=ASKING)
def ask(request: pytest.FixtureRequest) -> Ask:
    """Give a way to ask."""
    return ASKING[request.param]


@pytest.fixture(scope="module")
def uvicorn() -> Iterator[Address]:
    """The address of uvicorn on the h11 of this environment."""
    with uvicorn_process.running() as address:
        yield address


@pytest.fixture
def site(uvicorn: Address) -> str:
    """The root of what uvicorn serves."""
    return "http://{}:{}".format(*uvicorn)


def test_a_response_is_read(ask: Ask, cut: Cut) -> None:
    """Version, status, reason, fields in their casing, and content are those that were sent."""
    sent = (
        b"HTTP/1.1 418 I am a teapot\r\nX-CaSe: v\r\nSet-Cookie: a=b\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n3\r\nsh\xc3\r\n4\r\n\xb6rt!\r\n0\r\nSum: 1\r\n\r\n"
    )
    with serving([cut(sent)]) as origin:
        response = ask("GET", origin.url)
    assert (response.http_version, response.status_code) == ("HTTP/1.1", 418)
    assert response.reason_phrase == "I am a teapot"
    assert response.headers.raw[0] == (b"X-CaSe", b"v")
    assert response.cookies["a"] == "b"
    assert response.text == "shört!"


def test_a_request_is_framed_by_what_it_carries(ask: Ask) -> None:
    """JSON and forms go with their length, an iterator goes in chunks."""
    with serving(*[[whole(OK)]] * 3) as origin:
        ask("POST", origin.url, json={"a": 1})
        ask("POST", origin.url, files={"file": ("name", b"content")})
        ask("POST", origin.url, content=iter([b"one", b"two"]))
    heads, bodies = zip(
        *(request.split(b"\r\n\r\n", 1) for request in origin.requests), strict=True
    )
    assert b"Content-Length: %d" % len(bodies[0]) in heads[0]
    assert json.loads(bodies[0]) == {"a": 1}
    assert b"Content-Length: %d" % len(bodies[1]) in heads[1]
    assert b'filename="name"' in bodies[1]
    assert b"Transfer-Encoding: chunked" in heads[2]
    assert bodies[2] == b"3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n"


def test_a_redirect_is_followed_on_the_same_connection(ask: Ask) -> None:
    """The connection is used again as soon as the first answer has been read."""
    moved = b"HTTP/1.1 302 Found\r\nLocation: /there\r\nContent-Length: 3\r\n\r\nbye"
    with serving([whole(moved), whole(OK)]) as origin:
        response = ask("GET", origin.url)
    assert (response.status_code, response.url.path) == (200, "/there")
    assert origin.connections == 1


FAULTS: dict[str, tuple[bytes, str]] = {
    "no answer": (b"", "Server disconnected without sending a response"),
    "a short body": (
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello",
        r"peer closed connection .* \(received 5 bytes, expected 100\)",
    ),
    "a short chunk": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
        r"peer closed connection .* \(incomplete chunked read\)",
    ),
    "no HTTP": (b"220 mail.example ESMTP\r\n\r\n", "(?i)illegal"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_of_the_server_is_told(ask: Ask, cut: Cut, name: str) -> None:
    """It is httpx2's own error, with the text of h11."""
    response, text = FAULTS[name]
    with (
        serving([cut(response)]) as origin,
        pytest.raises(httpx2.RemoteProtocolError, match=text),
    ):
        ask("GET", origin.url)


def test_an_illegal_field_is_refused(ask: Ask) -> None:
    """It is httpx2's own error, with the text of h11, and nothing is sent."""
    with (
        serving([whole(OK)]) as origin,
        pytest.raises(httpx2.LocalProtocolError, match=r"Illegal header value b'\\x00'"),
    ):
        ask("GET", origin.url, headers={"custom": "\x00"})
    assert origin.requests == []


def test_a_silent_server_times_out(ask: Ask) -> None:
    """Waiting for an answer ends with the time allowed for it."""

    def wait(connected: socket.socket) -> None:
        """Read until the client goes away."""
        while True:
            take(connected, 65536)

    with serving(wait) as origin, pytest.raises(httpx2.ReadTimeout):
        ask("GET", origin.url, timeout=httpx2.Timeout(10, read=0.2))


@pytest.mark.parametrize("path", ["/large", "/streamed"])
def test_a_large_body_comes_from_uvicorn(ask: Ask, site: str, path: str) -> None:
    """Under its length and in chunks, both ends on the same h11, it arrives as it was sent."""
    assert ask("GET", site + path).content == BODY


@pytest.mark.parametrize("chunked", [False, True], ids=["length", "chunks"])
def test_a_large_body_goes_to_uvicorn(ask: Ask, site: str, chunked: bool) -> None:
    """The application sees how it was framed, and each octet of it."""
    content = iter([BODY[:1000], BODY[1000:]]) if chunked else BODY
    report = ask("POST", f"{site}/digest", content=content).json()
    assert report["framing"] == ("chunked" if chunked else str(len(BODY)))
    assert report["sha256"] == hashlib.sha256(BODY).hexdigest()


@pytest.mark.parametrize(("path", "status"), [("/unchanged", 304), ("/nothing", 204)])
def test_answers_without_a_body_come_from_uvicorn(
    ask: Ask, site: str, path: str, status: int
) -> None:
    """What announces no body, or one that is not there, has none."""
    response = ask("GET", site + path)
    assert (response.status_code, response.content) == (status, b"")


def test_a_body_that_breaks_off_at_uvicorn_is_told(ask: Ask, site: str) -> None:
    """An application that fails in mid-body shows as a body that is not complete."""
    with pytest.raises(httpx2.RemoteProtocolError, match="incomplete chunked read"):
        ask("GET", f"{site}/broken")


def test_a_connection_to_uvicorn_is_kept(site: str) -> None:
    """The server sees the same port for one request after the other."""
    with httpx2.Client(trust_env=False) as client:
        ports = {client.get(f"{site}/port").text for _ in range(5)}
    assert len(ports) == 1


def test_events_are_streamed_in_chunks() -> None:
    """Server-sent events come one by one, whatever chunks they are cut into."""
    head = (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    chunks = b"8\r\ndata: on\r\n9\r\ne\n\ndata: \r\n5\r\ntwo\n\n\r\n0\r\n\r\n"
    with (
        serving([whole(head + chunks)]) as origin,
        httpx2.Client(trust_env=False) as client,
        client.sse(origin.url) as events,
    ):
        assert [event.data for event in events] == ["one", "two"]


def test_a_websocket_to_uvicorn(site: str) -> None:
    """The handshake goes through h11, and frames follow, the server's first one at once."""
    with (
        httpx2.Client(trust_env=False) as client,
        client.websocket(site.replace("http", "ws") + "/echo", subprotocols=["chat"]) as socket_,
    ):
        assert socket_.subprotocol == "chat"
        assert socket_.receive_text(timeout=10) == "welcome"
        socket_.send_text("ping")
        assert socket_.receive_text(timeout=10) == "ping"
        socket_.send_bytes(BODY[:50_000])
        assert socket_.receive_bytes(timeout=10) == BODY[:50_000]


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_websocket_to_uvicorn_in_a_loop(site: str, backend: str) -> None:
    """The same in asyncio and trio."""

    async def talk() -> list[str]:
        """Return what the server says."""
        async with (
            httpx2.AsyncClient(trust_env=False) as client,
            client.websocket(site.replace("http", "ws") + "/echo") as socket_,
        ):
            first = await socket_.receive_text(timeout=10)
            await socket_.send_text("ping")
            return [first, await socket_.receive_text(timeout=10)]

    said: Callable[[], Coroutine[Any, Any, list[str]]] = talk
    assert anyio.run(said, backend=backend) == ["welcome", "ping"]


def test_a_websocket_that_uvicorn_refuses(site: str) -> None:
    """An answer that is not 101 is an error that has the answer."""
    with (
        httpx2.Client(trust_env=False) as client,
        pytest.raises(httpx2.websockets.WebSocketUpgradeError) as caught,
        client.websocket(site.replace("http", "ws") + "/closed-door"),
    ):
        pass
    assert caught.value.response.status_code == 403


def test_an_answer_before_the_end_of_an_upload(ask: Ask) -> None:
    """A server that answers and closes while it is sent a body is heard."""

    def refuse(connected: socket.socket) -> None:
        """Answer after the head alone, and take what comes."""
        take_through(connected, b"\r\n\r\n")
        send_pieces(
            connected, [b"HTTP/1.1 413 No\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"]
        )
        while True:
            take(connected, 65536)

    with serving(refuse) as origin:
        assert ask("PUT", origin.url, content=BODY).status_code == 413


def test_the_tunnel_of_a_proxy_that_refuses() -> None:
    """The status and reason of the proxy are in the error."""

    def refuse(connected: socket.socket) -> None:
        """Refuse a tunnel."""
        read_message(connected)
        send_pieces(connected, [b"HTTP/1.1 407 Who Are You\r\nContent-Length: 0\r\n\r\n"])

    with (
        serving(refuse) as origin,
        httpx2.Client(proxy=origin.url) as client,
        pytest.raises(httpx2.ProxyError, match="407 Who Are You"),
    ):
        client.get("https://far.example/")
