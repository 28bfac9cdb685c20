"""Tests of the example server on asyncio with clients and handlers that do wrong or nothing.

In: what cannot be answered as it should. Out: the status that says so, or a connection that breaks
off where half a response could be taken for a whole one; and a server that serves on.
"""

import asyncio
import logging
import re
import socket
import time
from http import HTTPStatus

import pytest

from docs.examples import asyncio_server
from docs.examples.asyncio_server import Client
from tests.examples.serving import Flood, Gate, Serving, exchange, without_date
from tests.integration.sockets import TIMEOUT, Address, connect, read_to_end, read_until, reset

GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
UPLOAD = b"POST %b HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n"
CHUNKED = b"POST %b HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"


def refused(status: int) -> bytes:
    """Return the answer that says no more than a status, and that the connection ends."""
    line = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}"
    return f"{line}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode()


def read_until_reset(client: socket.socket) -> bytes:
    """Return what is delivered before the connection is reset, which has to happen."""
    received = b""
    try:
        while piece := client.recv(65536):
            received += piece
    except ConnectionResetError:
        return received
    pytest.fail(f"an orderly end after {len(received)} octets")


def send_for_ever(client: socket.socket) -> None:
    """Send until the peer is gone, or for so long that it is certainly not."""
    deadline = time.monotonic() + TIMEOUT / 2
    while time.monotonic() < deadline:
        client.sendall(GET)
        time.sleep(0.02)


@pytest.mark.parametrize(
    ("octets", "status"),
    [
        pytest.param(b"GET / HTTP/1.1\r\n\r\n", 400, id="no Host"),
        pytest.param(b"\x16\x03\x01\x02\x00\x01", 400, id="TLS"),
        pytest.param(b"GET http://[V1.a]/ HTTP/1.1\r\nHost: a\r\n\r\n", 400, id="unknown address"),
        pytest.param(
            b"GET / HTTP/1.1\r\nHost: a\r\nA: " + b"b" * 17000,
            431,
            id="long head",
        ),
        pytest.param(
            b"POST /hash HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
            501,
            id="unknown coding",
        ),
        pytest.param(CHUNKED % b"/hash" + b"xyz\r\n", 400, id="malformed chunk size"),
    ],
)
@pytest.mark.parametrize("before", [b"", b"HEAD / HTTP/1.1\r\nHost: a\r\n\r\n"])
def test_what_breaks_the_protocol_is_told_so(
    address: Address, octets: bytes, status: int, before: bytes
) -> None:
    """The status is the hint of the error, as an answer of its own, also after other requests."""
    received = exchange(address, before + octets)
    assert without_date(received).endswith(refused(status))
    assert received.count(b"HTTP/1.1 ") == (2 if before else 1)


@pytest.mark.parametrize("octets", [GET[:-2], UPLOAD % (b"/hash", 5) + b"abc"])
def test_client_that_closes_in_the_middle_is_told_so(address: Address, octets: bytes) -> None:
    """Half a request has no other answer."""
    with connect(address) as client:
        client.sendall(octets)
        client.shutdown(socket.SHUT_WR)
        assert without_date(read_to_end(client)) == refused(400)


@pytest.mark.parametrize("head", [UPLOAD % (b"/hash", 5_000_000), CHUNKED % b"/hash"])
def test_body_over_the_limit_is_refused_and_the_answer_arrives(
    address: Address, monkeypatch: pytest.MonkeyPatch, head: bytes
) -> None:
    """A client that reads only after it has sent everything still finds the answer."""
    monkeypatch.setattr(asyncio_server, "MAX_BODY", 1000)
    body = bytes(5_000_000)
    if b"chunked" in head:
        body = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)
    with connect(address) as client:
        client.sendall(head + body)
        client.shutdown(socket.SHUT_WR)
        assert without_date(read_to_end(client)) == refused(413)


def test_body_at_the_limit_is_taken(address: Address, monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit is the most that is allowed, for each request anew."""
    monkeypatch.setattr(asyncio_server, "MAX_BODY", 5)
    upload = UPLOAD % (b"/hash", 5) + b"abcde"
    received = exchange(address, upload + upload + UPLOAD % (b"/hash", 6) + b"abcdef")
    assert re.findall(rb"HTTP/1.1 (\d+)", received) == [b"200", b"200", b"413"]


# Too slow.


def test_unfinished_head_is_given_up(serving: Serving) -> None:
    """A client that drips its head does not gain time by each drop."""
    with connect(serving.address.result()) as client:
        for octet in GET[:3]:
            client.sendall(bytes([octet]))
            serving.advance(0.4 * asyncio_server.HEAD_SECONDS)
        assert without_date(read_to_end(client)) == refused(408)


@pytest.mark.parametrize("before", [b"", GET], ids=["at first", "after a request"])
def test_idle_connection_is_closed_without_a_word(serving: Serving, before: bytes) -> None:
    """An answer that nobody asked for could be taken for that to the next request."""
    with connect(serving.address.result()) as client:
        if before:
            client.sendall(before)
            read_until(client, b"Hello\n")
        serving.advance(1.1 * asyncio_server.HEAD_SECONDS)
        assert read_to_end(client) == b""


def test_stalled_body_is_given_up(address: Address, monkeypatch: pytest.MonkeyPatch) -> None:
    """The handler hears of it, and has not answered yet."""
    monkeypatch.setattr(asyncio_server, "BODY_SECONDS", 0.2)
    received = exchange(address, UPLOAD % (b"/hash", 5) + b"abc")
    assert without_date(received) == refused(408)


def test_client_that_does_not_read_is_given_up(
    address: Address, monkeypatch: pytest.MonkeyPatch, flood: Flood
) -> None:
    """Its response breaks off, and what it has sent meanwhile is not answered."""
    monkeypatch.setattr(asyncio_server, "WRITE_SECONDS", 0.2)
    with connect(address) as client:
        client.sendall(b"GET /flood HTTP/1.1\r\nHost: a\r\n\r\n" + GET)
        assert flood.ended.wait(TIMEOUT)
        assert len(read_until_reset(client)) < flood.size


def test_client_that_does_not_close_is_closed(
    address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the last response it may take what was sent, but not stay."""
    monkeypatch.setattr(asyncio_server, "CLOSE_SECONDS", 0.2)
    with connect(address) as client:
        client.sendall(b"GET / HTTP/1.0\r\n\r\n")
        assert read_to_end(client).endswith(b"Hello\n")
        time.sleep(0.4)
        with pytest.raises(ConnectionError):
            send_for_ever(client)


# Too late for an answer.


@pytest.mark.parametrize(
    "rest",
    [
        pytest.param(b"3\r\nabc\r\nxyz\r\n", id="malformed chunk"),
        pytest.param(b"2711\r\n" + bytes(10001), id="too much"),
    ],
)
def test_response_that_cannot_be_finished_breaks_off(
    address: Address, monkeypatch: pytest.MonkeyPatch, rest: bytes
) -> None:
    """A client never takes half a response for a whole one, with or without chunks."""
    monkeypatch.setattr(asyncio_server, "MAX_BODY", 10000)
    with connect(address) as client:
        client.sendall(CHUNKED % b"/echo" + b"1\r\nz\r\n")
        begun = read_until(client, b"1\r\nz\r\n")
        client.sendall(rest)
        assert b"0\r\n\r\n" not in begun + read_until_reset(client)


def test_failure_after_the_response_only_ends_the_connection(address: Address) -> None:
    """The response is whole, and a second one would belong to no request."""
    received = exchange(address, CHUNKED % b"/" + b"xyz\r\n")
    assert received.endswith(b"Hello\n")
    assert received.count(b"HTTP/1.1") == 1


# Handlers that fail.


async def fail_at_once(_client: Client) -> None:
    """Fail before anything is said."""
    raise OSError("intended")


async def fail_midway(client: Client) -> None:
    """Fail after a piece of the body."""
    await client.start(200)
    await client.write(b"a piece")
    raise ZeroDivisionError("intended")


async def say_nothing(client: Client) -> None:
    """Read the body, and forget to answer."""
    async for _ in client.body():
        continue


async def say_too_much(client: Client) -> None:
    """Send more than announced."""
    await client.start(200, [("Content-Length", "1")])
    await client.write(b"two")


@pytest.mark.parametrize(
    ("handler", "text"), [(fail_at_once, "intended"), (say_nothing, "has not answered")]
)
def test_handler_that_does_not_answer_gives_500(
    address: Address,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    handler: asyncio_server.Handler,
    text: str,
) -> None:
    """The client is told, and the log says why."""
    monkeypatch.setitem(asyncio_server.ROUTES, "/fails", handler)
    received = exchange(address, UPLOAD % (b"/fails", 3) + b"abc")
    assert without_date(received) == refused(500)
    assert text in caplog.text


@pytest.mark.parametrize(
    ("handler", "text"), [(fail_midway, "intended"), (say_too_much, "Content-Length")]
)
@pytest.mark.parametrize("version", [b"1.0", b"1.1"])
def test_handler_that_fails_midway_breaks_off(
    address: Address,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    handler: asyncio_server.Handler,
    text: str,
    version: bytes,
) -> None:
    """Not even where closing is the end of a body does the client find an orderly end."""
    monkeypatch.setitem(asyncio_server.ROUTES, "/fails", handler)
    with connect(address) as client:
        client.sendall(b"GET /fails HTTP/%b\r\nHost: a\r\n\r\n" % version)
        assert b"0\r\n\r\n" not in read_until_reset(client)
    assert text in caplog.text


def test_client_that_is_gone_is_no_failure_of_the_handler(
    address: Address, caplog: pytest.LogCaptureFixture, gate: Gate
) -> None:
    """A reset in the middle of an upload, or of a response, ends in silence; others are served."""
    caplog.set_level(logging.DEBUG)
    for target in (b"/gate", b"/echo"):
        client = connect(address)
        client.sendall(UPLOAD % (target, 1_000_000) + bytes(500_000))
        if target == b"/gate":
            assert gate.entered.wait(TIMEOUT)
        else:
            client.recv(1)
        reset(client)
        gate.opened.set()
    assert exchange(address, b"GET / HTTP/1.0\r\n\r\n").endswith(b"Hello\n")
    assert "handler" not in caplog.text


def test_connection_over_the_limit_is_told_so(
    address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It can come again once another one has ended."""
    monkeypatch.setattr(asyncio_server, "SLOTS", asyncio.Semaphore(1))
    with connect(address) as first:
        first.sendall(GET)
        read_until(first, b"Hello\n")
        assert without_date(exchange(address)) == refused(503)
        first.shutdown(socket.SHUT_WR)
        assert read_to_end(first) == b""
    assert exchange(address, b"GET / HTTP/1.0\r\n\r\n").endswith(b"Hello\n")
