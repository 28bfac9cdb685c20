"""Tests of the example proxy with upstreams and clients that do wrong, or nothing, or die.

In: an end at every stage of an exchange. Out: a status with a reason as long as nothing of the
response was sent, a connection that breaks off afterwards, a second attempt only where it is safe,
and a proxy that serves on.
"""

import asyncio
import socket
import time

import pytest

from docs.examples import asyncio_peer
from docs.examples import proxy as module
from tests.examples.proxying import MOST_IN_BUFFERS, Upstream, read_head
from tests.integration.sockets import TIMEOUT, Address, connect, read_to_end, read_until, reset

GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n"
CHUNKED = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
OK = b"HTTP/1.1 200 \r\nDate: a\r\nContent-Length: 2\r\n\r\nhi"


def assert_refused(client: socket.socket, status: int, reason: bytes = b"") -> None:
    """Assert that the client gets an error with a reason, and the end of the connection."""
    received = read_to_end(client)
    assert received.startswith(b"HTTP/1.1 %d " % status), received
    head, _, body = received.partition(b"\r\n\r\n")
    assert b"\r\nConnection: close" in head
    assert body.endswith(b"\n")
    assert reason in body


def assert_serves_on(proxy: Address, upstream: Upstream) -> None:
    """Assert that the next client is served."""
    with connect(proxy) as client:
        client.sendall(GET)
        with upstream.accept() as server:
            read_head(server)
            server.sendall(OK)
            read_until(client, b"hi")


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
    for request in (GET, POST + b"hello"):
        with connect(proxy) as client:
            client.sendall(request)
            assert_refused(client, 502, b"cannot be reached: Connection refused")
    with socket.create_server(address) as listening:
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


def read_until_broken_off(client: socket.socket) -> bytes:
    """Return what comes before a reset, which there has to be."""
    received = b""
    try:
        while piece := client.recv(65536):
            received += piece
    except ConnectionResetError:
        return received
    pytest.fail(f"an orderly end after {received!r}")


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
    monkeypatch.setattr(module, "RESPONSE_SECONDS", 0.2)
    with pooled(proxy, upstream) as server, connect(proxy) as client:
        client.sendall(GET)
        assert_refused(client, 504)
        read_head(server)
    assert upstream.is_left_alone()


# Too slow.


@pytest.mark.parametrize("octets", [b"", b"HTTP/1.1 200 \r\n", b"HTTP/1.1 103 \r\n\r\n"])
def test_upstream_that_does_not_answer(
    proxy: Address, upstream: Upstream, monkeypatch: pytest.MonkeyPatch, octets: bytes
) -> None:
    """504, and the connection is given up."""
    monkeypatch.setattr(module, "RESPONSE_SECONDS", 0.3)
    with connect(proxy) as client:
        client.sendall(GET)
        with upstream.accept() as server:
            read_head(server)
            server.sendall(octets)
            if b"103" in octets:
                read_head(client)
            assert_refused(client, 504, b"nothing has come in time")
            with pytest.raises((BrokenPipeError, ConnectionResetError)):
                send_for_a_while(server)


def send_for_a_while(connected: socket.socket) -> None:
    """Send until the peer is gone, or for so long that it is certainly not."""
    for _ in range(100):
        connected.sendall(b"HTTP/1.1 ")
        time.sleep(0.02)


def test_time_to_answer_begins_when_the_request_is_whole(
    proxy: Address, upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slow upload is no fault of the upstream."""
    monkeypatch.setattr(module, "RESPONSE_SECONDS", 1.0)
    with connect(proxy) as client:
        client.sendall(POST)
        with upstream.accept() as server:
            for octet in b"hello":
                time.sleep(0.25)
                client.sendall(bytes([octet]))
            read_until(server, b"hello")
            time.sleep(0.3)
            server.sendall(OK)
            assert read_until(client, b"hi").startswith(b"HTTP/1.1 200 ")


def test_upstream_that_stalls_in_a_body(
    proxy: Address, upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The response breaks off."""
    monkeypatch.setattr(module, "RESPONSE_SECONDS", 0.2)
    with connect(proxy) as client:
        client.sendall(GET)
        with upstream.accept() as server:
            read_head(server)
            server.sendall(b"HTTP/1.1 200 \r\nContent-Length: 5\r\n\r\nhel")
            read_until_broken_off(client)


def test_upstream_that_does_not_read(
    proxy: Address, upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    """504 for an upload that nobody takes."""
    monkeypatch.setattr(asyncio_peer, "WRITE_SECONDS", 0.3)
    with connect(proxy) as client:
        size = MOST_IN_BUFFERS
        client.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % size)
        with upstream.accept():
            client.sendall(bytes(size))
            assert_refused(client, 504)


# The client.


@pytest.mark.parametrize(
    ("octets", "status"),
    [
        pytest.param(b"GET / HTTP/1.1\r\n\r\n", 400, id="no Host"),
        pytest.param(b"\x16\x03\x01\x02\x00\x01", 400, id="TLS"),
        pytest.param(b"GET / HTTP/1.1\r\nA: " + b"b" * 17000, 431, id="long head"),
        pytest.param(CHUNKED.replace(b"chunked", b"gzip, chunked"), 501, id="unknown coding"),
        pytest.param(GET.replace(b"HTTP/1.1", b"HTTP/2.0"), 505, id="unknown version"),
        pytest.param(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, id="HTTP/2"),
        pytest.param(GET[:-2], 400, id="closed in the head"),
    ],
)
def test_what_breaks_the_protocol_goes_nowhere(
    proxy: Address, upstream: Upstream, octets: bytes, status: int
) -> None:
    """The client is told, and the upstream is left alone."""
    with connect(proxy) as client:
        client.sendall(octets)
        client.shutdown(socket.SHUT_WR)
        assert_refused(client, status)
    assert upstream.is_left_alone()


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        pytest.param(POST + b"hel", b"", id="closed in the body"),
        pytest.param(CHUNKED + b"3\r\nhel\r\n", b"", id="closed before the last chunk"),
        pytest.param(CHUNKED + b"3\r\nhel\r\n", b"xyz\r\n", id="malformed chunk"),
        pytest.param(CHUNKED + b"3\r\nhel\r\n", b"0\r\nHost: b\r\n\r\n", id="trailer"),
    ],
)
def test_body_that_goes_wrong_never_ends_for_the_upstream(
    proxy: Address, upstream: Upstream, good: bytes, bad: bytes
) -> None:
    """Its connection is closed before the message is complete, and the client is told."""
    with connect(proxy) as client:
        client.sendall(good)
        with upstream.accept() as server:
            read_until(server, good[-3:])
            client.sendall(bad)
            client.shutdown(socket.SHUT_WR)
            assert read_to_end(server) == b""
        assert_refused(client, 400)
    assert_serves_on(proxy, upstream)


@pytest.mark.parametrize("sent", [GET, POST + b"hel"])
def test_client_that_is_gone_frees_the_upstream(
    proxy: Address, upstream: Upstream, sent: bytes
) -> None:
    """Nobody waits for an answer any more."""
    client = connect(proxy)
    client.sendall(sent)
    with upstream.accept() as server:
        read_until(server, sent[-3:])
        reset(client)
        assert server.recv(1) == b""
    assert_serves_on(proxy, upstream)


def test_client_that_does_not_send(
    proxy: Address, upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    """408 for half a head and half a body, silence for nothing at all."""
    monkeypatch.setattr(module, "HEAD_SECONDS", 0.2)
    monkeypatch.setattr(module, "BODY_SECONDS", 0.2)
    with connect(proxy) as client:
        assert read_to_end(client) == b""
    with connect(proxy) as client:
        client.sendall(GET[:10])
        assert_refused(client, 408)
    with connect(proxy) as client:
        client.sendall(POST + b"hel")
        with upstream.accept() as server:
            assert read_to_end(server).endswith(b"hel")
        assert_refused(client, 408)


def test_dripping_gains_no_time(
    proxy: Address, upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole head has to be there in time."""
    monkeypatch.setattr(module, "HEAD_SECONDS", 0.3)
    with connect(proxy) as client:
        started = time.monotonic()
        for octet in GET[:8]:
            client.sendall(bytes([octet]))
            time.sleep(0.05)
        assert_refused(client, 408)
        assert time.monotonic() - started < 2
    assert upstream.is_left_alone()


def test_client_that_does_not_read(
    proxy: Address, upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is given up, and so is the upstream."""
    monkeypatch.setattr(asyncio_peer, "WRITE_SECONDS", 0.3)
    with connect(proxy) as client:
        client.sendall(GET)
        with upstream.accept() as server:
            read_head(server)
            server.sendall(b"HTTP/1.1 200 \r\nContent-Length: %d\r\n\r\n" % MOST_IN_BUFFERS)
            with pytest.raises((BrokenPipeError, ConnectionResetError)):
                server.sendall(bytes(MOST_IN_BUFFERS))
        assert len(read_until_broken_off(client)) < MOST_IN_BUFFERS


def test_last_response_arrives_at_who_sends_first_and_reads_later(
    proxy: Address, upstream: Upstream
) -> None:
    """Also where nobody reads what it sends."""
    with connect(proxy) as client:
        client.sendall(b"GET / HTTP/1.1\r\nA : b\r\n\r\n" + bytes(5_000_000))
        assert_refused(client, 400)
    assert upstream.is_left_alone()


def test_client_over_the_limit_is_told_so(
    proxy: Address, upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It can come again once another one has gone."""
    monkeypatch.setattr(module, "SLOTS", asyncio.Semaphore(1))
    with connect(proxy) as first:
        first.sendall(GET)
        with upstream.accept() as server:
            read_head(server)
            with connect(proxy) as second:
                assert_refused(second, 503)
            server.sendall(OK)
            read_until(first, b"hi")
        first.shutdown(socket.SHUT_WR)
        assert read_to_end(first) == b""
    deadline = time.monotonic() + TIMEOUT
    answer = b" 503 "
    while b" 503 " in answer and time.monotonic() < deadline:
        with connect(proxy) as third:
            third.sendall(b"nonsense\r\n\r\n")
            answer = read_to_end(third)
    assert answer.startswith(b"HTTP/1.1 400 ")
