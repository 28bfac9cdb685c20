"""Tests of the example proxy with clients that do wrong, or nothing, or go.

In: requests that break the protocol, stall, or are left. Out: a status for whoever still listens,
and an upstream that hears of nothing, or sees that the request is not complete.
"""

import asyncio
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


def test_client_that_does_not_send(reverse: Serving, upstream: Upstream) -> None:
    """408 for half a head and half a body, silence for nothing at all."""
    proxy = reverse.address.result()
    with connect(proxy) as client:
        reverse.advance(1.1 * module.HEAD_SECONDS)
        assert read_to_end(client) == b""
    with connect(proxy) as client:
        client.sendall(GET[:10])
        reverse.advance(1.1 * module.HEAD_SECONDS)
        assert_refused(client, 408)
    with connect(proxy) as client:
        client.sendall(POST + b"hel")
        with upstream.accept() as server:
            read_until(server, b"hel")
            reverse.advance(1.1 * module.BODY_SECONDS)
            assert read_to_end(server) == b""
        assert_refused(client, 408)


def test_what_has_come_before_the_limit_is_noticed_counts(
    reverse: Serving, upstream: Upstream
) -> None:
    """It is not the client that was late."""
    with connect(reverse.address.result()) as client:
        client.sendall(GET[:10])
        reverse.advance(0)
        reverse.oversleep(1.1 * module.HEAD_SECONDS)
        client.sendall(GET[10:])
        with upstream.accept() as server:
            read_head(server)
            server.sendall(OK)
            assert read_until(client, b"hi").startswith(b"HTTP/1.1 200 ")


def test_dripping_gains_no_time(reverse: Serving, upstream: Upstream) -> None:
    """The whole head has to be there in time."""
    with connect(reverse.address.result()) as client:
        for octet in GET[:3]:
            client.sendall(bytes([octet]))
            reverse.advance(0.4 * module.HEAD_SECONDS)
        assert_refused(client, 408)
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
