"""httpcore2 talks HTTP/1.1, blocking, in asyncio and in trio, to a server told each octet."""

import hashlib
import socket
import threading
from typing import Any

import httpcore2
import pytest

from tests.dependents.public.on_httpcore2.callers import CALLERS, Call, Caller
from tests.dependents.public.origin import (
    Cut,
    Origin,
    read_message,
    send_pieces,
    serving,
    take,
    take_exactly,
    take_through,
    whole,
)
from tests.integration.sockets import TIMEOUT

LARGE = bytes(range(256)) * 12_000
"""A body that does not fit into the buffers of a connection."""


RESPONSES: dict[str, tuple[bytes, bytes, bool]] = {
    "length": (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", b"hello", True),
    "no content": (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", b"", True),
    "chunks": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n",
        b"hello",
        True,
    ),
    "chunk extensions": (
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            b'5;name=value;other="quoted"\r\nhello\r\n0\r\n\r\n'
        ),
        b"hello",
        True,
    ),
    "trailers": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nSum: 1\r\n\r\n",
        b"hello",
        True,
    ),
    "until the close": (b"HTTP/1.1 200 OK\r\n\r\nhello", b"hello", False),
    "connection close": (
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello",
        b"hello",
        False,
    ),
    "version 1.0": (b"HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello", b"hello", False),
    "204": (b"HTTP/1.1 204 No Content\r\n\r\n", b"", True),
    "304": (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", b"", True),
    "after 103": (
        (
            b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
            b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
        ),
        b"hello",
        True,
    ),
    "after 100": (
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        b"hello",
        True,
    ),
}


@pytest.mark.parametrize("name", RESPONSES)
def test_a_response_is_read_and_the_connection_kept_if_it_can_be(
    call: Caller, cut: Cut, name: str
) -> None:
    """However a body ends and the octets arrive, it is read, and the next request finds its way."""
    response, body, kept = RESPONSES[name]
    with serving([cut(response)] * (2 if kept else 1)) as origin:
        answers = call(Call(origin.url), Call(origin.url))
    assert [answer.body for answer in answers] == [body, body]
    assert origin.connections == (1 if kept else 2)
    assert len(origin.requests) == 2


def test_head_has_no_body(call: Caller) -> None:
    """The length in the answer to HEAD tells of a body that is not there."""
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"
    with serving([whole(answer)] * 2) as origin:
        answers = call(Call(origin.url, "HEAD"), Call(origin.url, "HEAD"))
    assert [(it.status, it.body) for it in answers] == [(200, b"")] * 2
    assert origin.connections == 1


def test_version_status_reason_and_fields_come_as_they_were_sent(call: Caller, cut: Cut) -> None:
    """The casing and order of fields stay, repeated ones are not joined."""
    head = (
        b"HTTP/1.1 299 Quite \xe4 Reason\r\nX-MiXed: 1\r\nSet-Cookie: a\r\nset-cookie: b\r\n"
        b"Padded:   x y \t\r\nEmpty:\r\nContent-Length: 0\r\n\r\n"
    )
    with serving([cut(head)]) as origin:
        (answer,) = call(Call(origin.url))
    assert (answer.version, answer.status) == (b"HTTP/1.1", 299)
    assert answer.reason == b"Quite \xe4 Reason"
    assert answer.headers == [
        (b"X-MiXed", b"1"),
        (b"Set-Cookie", b"a"),
        (b"set-cookie", b"b"),
        (b"Padded", b"x y"),
        (b"Empty", b""),
        (b"Content-Length", b"0"),
    ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [(b"HTTP/1.1 200 ", b""), (b"HTTP/1.1 200", b"")],
    ids=["empty", "missing"],
)
def test_the_reason_can_be_empty(call: Caller, line: bytes, reason: bytes) -> None:
    """A status line is taken with and without the space before an empty reason."""
    with serving([whole(line + b"\r\nContent-Length: 0\r\n\r\n")]) as origin:
        (answer,) = call(Call(origin.url))
    assert (answer.status, answer.reason) == (200, reason)


REQUESTS: dict[str, tuple[dict[str, Any], bytes]] = {
    "GET": ({}, b"GET /p?q=1 HTTP/1.1\r\nHost: {host}\r\nX-CaSe: v\r\n\r\n"),
    "POST with length": (
        {"method": "POST", "content": b"hello"},
        b"POST /p?q=1 HTTP/1.1\r\nHost: {host}\r\nX-CaSe: v\r\nContent-Length: 5\r\n\r\nhello",
    ),
    "POST in chunks": (
        {"method": "POST", "content": [b"hel", b"", b"lo"]},
        (
            b"POST /p?q=1 HTTP/1.1\r\nHost: {host}\r\nX-CaSe: v\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n"
        ),
    ),
    "an extension method": (
        {"method": "M-SEARCH"},
        b"M-SEARCH /p?q=1 HTTP/1.1\r\nHost: {host}\r\nX-CaSe: v\r\n\r\n",
    ),
}


@pytest.mark.parametrize("name", REQUESTS)
def test_a_request_is_written_octet_for_octet(call: Caller, name: str) -> None:
    """The fields keep their casing and order, and the body is framed as it was announced."""
    arguments, written = REQUESTS[name]
    with serving([whole(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")]) as origin:
        call(Call(f"{origin.url}p?q=1", headers=[("X-CaSe", "v")], **arguments))
    host = "{}:{}".format(*origin.address).encode()
    assert origin.requests == [written.replace(b"{host}", host)]


@pytest.mark.parametrize("chunked", [False, True], ids=["length", "chunks"])
def test_large_bodies_pass_both_ways(call: Caller, chunked: bool) -> None:
    """Bodies that no buffer holds arrive as they were sent."""
    seen: list[bytes] = []

    def talk(connected: socket.socket) -> None:
        """Read a large request and send its body back."""
        request = read_message(connected)
        seen.append(request)
        send_pieces(
            connected, [b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(LARGE), LARGE]
        )

    content = [LARGE[:1_000_000], LARGE[1_000_000:]] if chunked else LARGE
    with serving(talk) as origin:
        (answer,) = call(Call(origin.url, "PUT", content=content))
    assert hashlib.sha256(answer.body).digest() == hashlib.sha256(LARGE).digest()
    framing = b"Transfer-Encoding: chunked" if chunked else b"Content-Length: %d" % len(LARGE)
    assert framing in seen[0][:300]
    assert len(seen[0]) > len(LARGE)


def test_an_early_answer_to_an_upload_is_read(call: Caller) -> None:
    """A server that refuses an upload and closes is heard, although the upload breaks off."""

    def refuse(connected: socket.socket) -> None:
        """Answer after the head alone, and take what comes until the client has read that."""
        take_through(connected, b"\r\n\r\n")
        send_pieces(
            connected,
            [b"HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno"],
        )
        while True:
            take(connected, 65536)

    with serving(refuse) as origin:
        (answer,) = call(Call(origin.url, "PUT", content=LARGE))
    assert (answer.status, answer.body) == (413, b"no")
    assert not answer.is_kept


def test_the_trace_tells_the_events(call: Caller) -> None:
    """The steps of a request are told to the trace, with what came back."""
    told: list[tuple[str, Any]] = []

    def trace(name: str, info: dict[str, Any]) -> None:
        """Note a step."""
        told.append((name, info.get("return_value")))

    async def trace_in_a_task(name: str, info: dict[str, Any]) -> None:
        """Note a step."""
        trace(name, info)

    chosen = trace if call is CALLERS["sync"] else trace_in_a_task
    with serving([whole(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")]) as origin:
        call(Call(origin.url, extensions={"trace": chosen}))
    steps = [name for name, _ in told if name.endswith(".complete") and "http11" in name]
    assert steps == [
        "http11.send_request_headers.complete",
        "http11.send_request_body.complete",
        "http11.receive_response_headers.complete",
        "http11.receive_response_body.complete",
        "http11.response_closed.complete",
    ]
    assert dict(told)["http11.receive_response_headers.complete"] == (
        b"HTTP/1.1",
        200,
        b"OK",
        [(b"Content-Length", b"0")],
    )


def proxied(origin: Origin) -> Any:
    """Return the server as a proxy for httpcore2."""
    return httpcore2.Proxy(origin.url)


def test_a_proxy_is_asked_for_the_whole_target(call: Caller) -> None:
    """The target of a request to a proxy is an absolute URI."""
    with serving([whole(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")]) as origin:
        (answer,) = call(Call("http://far.example/p?q"), proxy=proxied(origin))
    assert answer.body == b"hello"
    assert origin.requests[0].startswith(
        b"GET http://far.example/p?q HTTP/1.1\r\nHost: far.example"
    )


def test_a_proxy_that_refuses_a_tunnel_is_told(call: Caller) -> None:
    """A status that is no success ends the attempt with the status and reason of the proxy."""
    refusal = b"HTTP/1.1 407 Who Are You\r\nContent-Length: 4\r\n\r\nnope"
    with (
        serving([whole(refusal)]) as origin,
        pytest.raises(httpcore2.ProxyError, match="407 Who Are You"),
    ):
        call(Call("https://far.example/"), proxy=proxied(origin))
    assert origin.requests[0].startswith(
        b"CONNECT far.example:443 HTTP/1.1\r\nHost: far.example:443"
    )


@pytest.mark.parametrize("early", [b"", b"early frames"], ids=["nothing early", "frames early"])
def test_a_switched_connection_is_handed_over(early: bytes) -> None:
    """After 101 the stream gives what came with the head first, and then passes all on."""

    def switch(connected: socket.socket) -> None:
        """Switch protocols, say what is early, and then echo four octets in capitals."""
        read_message(connected)
        head = b"HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n"
        send_pieces(connected, [head + early])
        send_pieces(connected, [take_exactly(connected, 4).upper()])

    headers = [("Host", "a"), ("Connection", "Upgrade"), ("Upgrade", "echo")]
    with (
        serving(switch) as origin,
        httpcore2.ConnectionPool() as pool,
        pool.stream("GET", origin.url, headers=headers) as response,
    ):
        assert response.status == 101
        stream = response.extensions["network_stream"]
        assert (stream.read(1000, timeout=5) if early else b"") == early
        stream.write(b"ping", timeout=5)
        assert stream.read(1000, timeout=5) == b"PING"


def test_a_body_is_streamed_before_its_end_is_there() -> None:
    """What has arrived of a body can be read while the server has not sent the rest."""
    asked = threading.Event()

    def half_by_half(connected: socket.socket) -> None:
        """Send the rest once there was another connection."""
        read_message(connected)
        send_pieces(connected, [b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nhalf"])
        asked.wait(TIMEOUT)
        send_pieces(connected, [b"rest"])

    def ask(connected: socket.socket) -> None:
        """Let the other connection go on."""
        read_message(connected)
        asked.set()
        send_pieces(connected, [b"HTTP/1.1 204 No Content\r\n\r\n"])

    with (
        serving(half_by_half, ask) as origin,
        httpcore2.ConnectionPool() as pool,
        pool.stream("GET", origin.url) as response,
    ):
        body = response.iter_stream()
        assert next(body) == b"half"
        pool.request("GET", origin.url)
        assert b"".join(body) == b"rest"
