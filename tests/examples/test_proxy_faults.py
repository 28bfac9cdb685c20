"""Tests of the example proxy with upstreams that do wrong, or nothing, or die.

In: an end at every stage of an exchange. Out: a status with a reason as long as nothing of the
response was sent, a connection that breaks off afterwards, a second attempt only where it is safe,
and a proxy that serves on.
"""

import socket
import time

import pytest

from docs.examples import asyncio_peer
from docs.examples import proxy as module
from tests.examples.proxying import (
    CHUNKED,
    GET,
    MOST_IN_BUFFERS,
    OK,
    POST,
    Upstream,
    assert_refused,
    assert_serves_on,
    read_head,
    read_until_broken_off,
)
from tests.examples.serving import Serving
from tests.integration.sockets import TIMEOUT, Address, connect, read_to_end, read_until, reset


def end(server: socket.socket, how: str) -> None:
    """End a connection in one of two ways."""
    if how == "reset":
        reset(server)
    else:
        server.close()


each_end = pytest.mark.parametrize("how", ["closed", "reset"])


# The upstream.


def test_upstream_that_is_away(proxy: Address, upstream: Upstream) -> None:
    """502, for each request anew."""
    address = upstream.address
    upstream.listening.close()
    # Bound, so that nobody else can listen there.
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        for request in (GET, POST + b"hello"):
            with connect(proxy) as client:
                client.sendall(request)
                assert_refused(client, 502, b"cannot be reached: Connection refused")
        listening.listen()
        assert_serves_on(proxy, Upstream(listening))


def test_upstream_that_does_not_accept(
    proxy: Address, upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    """504 when the time for that is over."""
    monkeypatch.setattr(module, "CONNECT_SECONDS", 0.2)
    upstream.listening.listen(0)
    with connect(upstream.address), connect(proxy) as client:
        # Whoever comes next waits for a place in the queue.
        filling = socket.socket()
        filling.setblocking(False)
        filling.connect_ex(upstream.address)
        with filling:
            client.sendall(GET)
            assert_refused(client, 504, b"does not accept")


@each_end
@pytest.mark.parametrize(
    "octets",
    [
        pytest.param(b"", id="after accepting"),
        pytest.param(b"HTTP/1.", id="in the status line"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Le", id="in the head"),
        pytest.param(b"HTTP/1.1 100 \r\n\r\n", id="after an interim response"),
    ],
)
@pytest.mark.parametrize("request_", [GET, POST + b"hello", CHUNKED + b"5\r\nhello\r\n"])
def test_upstream_dies_before_its_response_has_begun(
    proxy: Address, upstream: Upstream, octets: bytes, how: str, request_: bytes
) -> None:
    """502, and no second attempt: the connection was a new one."""
    with connect(proxy) as client:
        client.sendall(request_)
        server = upstream.accept()
        read_until(server, request_[-4:])
        server.sendall(octets)
        if b" 100 " in octets:
            read_head(client)
        end(server, how)
        assert_refused(client, 502, b"The upstream has failed: ")
    assert_serves_on(proxy, upstream)


@pytest.mark.parametrize(
    "octets",
    [
        pytest.param(b"HTTP/1.1 200 OK\r\nA: b\x01\r\n\r\n", id="control octet"),
        pytest.param(b"HTTP/1.1 200 OK\r\nA b\r\n\r\n", id="no field line"),
        pytest.param(b"hello\r\n\r\n", id="no status line"),
        pytest.param(b"HTTP/2.0 200 OK\r\n\r\n", id="unknown version"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 1, 2\r\n\r\n", id="two lengths"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", id="no length"),
        pytest.param(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", id="unknown coding"),
        pytest.param(b"HTTP/1.1 200 OK\r\nA: " + b"b" * 17_000, id="long head"),
        pytest.param(b"HTTP/1.1 101 Go\r\nUpgrade: websocket\r\n\r\n", id="switch"),
    ],
)
def test_upstream_that_breaks_the_protocol(
    proxy: Address, upstream: Upstream, octets: bytes
) -> None:
    """502, and nothing of what it has said (RFC 9112 section 6.3, rule 5)."""
    with connect(proxy) as client:
        client.sendall(GET)
        with upstream.accept() as server:
            read_head(server)
            server.sendall(octets)
            assert_refused(client, 502, b"The upstream has failed: ")
    assert_serves_on(proxy, upstream)


BROKEN = {
    "between head and body": b"HTTP/1.1 200 \r\nContent-Length: 5\r\n\r\n",
    "in a body with a length": b"HTTP/1.1 200 \r\nContent-Length: 5\r\n\r\nhel",
    "between head and chunks": b"HTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\n\r\n",
    "in a chunk": b"HTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
    "before the last chunk": b"HTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
    "in the trailers": b"HTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA: b\r\n",
}


@each_end
@pytest.mark.parametrize("octets", BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize("version", [b"1.0", b"1.1"])
@pytest.mark.parametrize("pause", [0.0, 0.05], ids=["at once", "later"])
def test_upstream_dies_within_its_response(
    proxy: Address, upstream: Upstream, octets: bytes, how: str, version: bytes, pause: float
) -> None:
    """Nobody takes half a response for a whole one, be there chunks, a length or neither."""
    with connect(proxy) as client:
        client.sendall(GET.replace(b"1.1", version))
        server = upstream.accept()
        read_head(server)
        server.sendall(octets)
        time.sleep(pause)
        end(server, how)
        assert not read_until_broken_off(client).endswith(b"\r\n0\r\n\r\n")
    assert_serves_on(proxy, upstream)


def test_upstream_is_reset_where_its_end_would_be_the_end_of_the_body(
    proxy: Address, upstream: Upstream
) -> None:
    """A body without a length ends with an orderly end only."""
    for how in ("reset", "closed"):
        with connect(proxy) as client:
            client.sendall(GET)
            server = upstream.accept()
            read_head(server)
            server.sendall(b"HTTP/1.1 200 \r\n\r\nhello")
            received = read_until(client, b"hello\r\n")
            end(server, how)
            if how == "reset":
                assert b"0\r\n\r\n" not in received + read_until_broken_off(client)
            else:
                read_until(client, b"0\r\n\r\n")


@each_end
def test_upstream_dies_after_its_response(proxy: Address, upstream: Upstream, how: str) -> None:
    """The client does not notice, and its next request goes over a new connection."""
    with connect(proxy) as client:
        for _ in range(3):
            client.sendall(GET)
            server = upstream.accept()
            read_head(server)
            server.sendall(OK)
            end(server, how)
            assert read_until(client, b"hi").startswith(b"HTTP/1.1 200 ")
            time.sleep(0.05)


# Connections that are used again.


def pooled(proxy: Address, upstream: Upstream) -> socket.socket:
    """Return a connection of the proxy on which nothing is under way."""
    with connect(proxy) as client:
        client.sendall(GET)
        server = upstream.accept()
        read_head(server)
        server.sendall(OK)
        read_until(client, b"hi")
    return server


@each_end
@pytest.mark.parametrize("method", [b"GET", b"HEAD", b"PUT", b"DELETE", b"OPTIONS", b"TRACE"])
def test_request_that_may_not_have_come_is_sent_again(
    proxy: Address, upstream: Upstream, how: str, method: bytes
) -> None:
    """Once, over a new connection, if that does no harm (RFC 9112 section 9.3.1)."""
    server = pooled(proxy, upstream)
    with connect(proxy) as client:
        client.sendall(GET.replace(b"GET", method))
        first = read_head(server)
        end(server, how)
        with upstream.accept() as another:
            assert read_head(another) == first
            another.close()
            assert_refused_unless_head(client, method)
        assert upstream.is_left_alone()


def assert_refused_unless_head(client: socket.socket, method: bytes) -> None:
    """Assert that 502 comes, to HEAD without a body."""
    received = read_to_end(client)
    assert received.startswith(b"HTTP/1.1 502 ")
    assert received.endswith(b"\r\n\r\n") == (method == b"HEAD")


@pytest.mark.parametrize(
    ("request_", "answer"),
    [
        pytest.param(GET.replace(b"GET", b"POST"), b"", id="method that changes something"),
        pytest.param(GET.replace(b"GET", b"get"), b"", id="unknown method"),
        pytest.param(POST.replace(b"POST", b"PUT") + b"hello", b"", id="body"),
        pytest.param(GET, b"H", id="response begun"),
        pytest.param(GET, b"HTTP/1.1 103 \r\n\r\n", id="interim response"),
    ],
)
def test_request_that_may_have_come_is_not_sent_again(
    proxy: Address, upstream: Upstream, request_: bytes, answer: bytes
) -> None:
    """502, and whoever has asked decides."""
    server = pooled(proxy, upstream)
    with connect(proxy) as client:
        client.sendall(request_)
        read_until(server, request_[-4:])
        server.sendall(answer)
        if b"103" in answer:
            read_head(client)
        server.close()
        assert_refused(client, 502)
    assert upstream.is_left_alone()


def test_request_that_is_not_answered_is_not_sent_again(
    proxy: Address, upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A connection that is open has not lost it."""
    with pooled(proxy, upstream) as server, connect(proxy) as client:
        monkeypatch.setattr(module, "RESPONSE_SECONDS", 0.2)
        client.sendall(GET)
        assert_refused(client, 504)
        read_head(server)
    assert upstream.is_left_alone()


# Too slow.


@pytest.mark.parametrize("octets", [b"", b"HTTP/1.1 200 \r\n", b"HTTP/1.1 103 \r\n\r\n"])
def test_upstream_that_does_not_answer(reverse: Serving, upstream: Upstream, octets: bytes) -> None:
    """504, and the connection is given up."""
    with connect(reverse.address.result()) as client:
        client.sendall(GET)
        with upstream.accept() as server:
            read_head(server)
            server.sendall(octets)
            if b"103" in octets:
                read_head(client)
            reverse.advance(1.1 * module.RESPONSE_SECONDS)
            assert_refused(client, 504, b"nothing has come in time")
            with pytest.raises((BrokenPipeError, ConnectionResetError)):
                send_for_a_while(server)


def send_for_a_while(connected: socket.socket) -> None:
    """Send until the peer is gone, or for so long that it is certainly not."""
    deadline = time.monotonic() + TIMEOUT / 2
    while time.monotonic() < deadline:
        connected.sendall(b"HTTP/1.1 ")
        time.sleep(0.02)


def test_time_to_answer_begins_when_the_request_is_whole(
    reverse: Serving, upstream: Upstream
) -> None:
    """A slow upload is no fault of the upstream."""
    with connect(reverse.address.result()) as client:
        client.sendall(POST)
        with upstream.accept() as server:
            read_head(server)
            for octet in b"hello":
                reverse.advance(0.8 * module.BODY_SECONDS)
                client.sendall(bytes([octet]))
                assert server.recv(1) == bytes([octet])
            reverse.advance(0.8 * module.RESPONSE_SECONDS)
            server.sendall(OK)
            assert read_until(client, b"hi").startswith(b"HTTP/1.1 200 ")


def test_upstream_that_stalls_in_a_body(reverse: Serving, upstream: Upstream) -> None:
    """The response breaks off."""
    with connect(reverse.address.result()) as client:
        client.sendall(GET)
        with upstream.accept() as server:
            read_head(server)
            server.sendall(b"HTTP/1.1 200 \r\nContent-Length: 5\r\n\r\nhel")
            read_until(client, b"hel")
            reverse.advance(1.1 * module.RESPONSE_SECONDS)
            assert read_until_broken_off(client) == b""


def test_upstream_that_does_not_read(
    proxy: Address, upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    """504 for an upload that nobody takes."""
    monkeypatch.setattr(asyncio_peer, "WRITE_SECONDS", 0.3)
    # All that the client sends has to be taken first.
    monkeypatch.setattr(asyncio_peer, "CLOSE_SECONDS", TIMEOUT)
    with connect(proxy) as client:
        size = MOST_IN_BUFFERS
        client.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % size)
        with upstream.accept():
            client.sendall(bytes(size))
            assert_refused(client, 504)
