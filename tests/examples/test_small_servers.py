"""Tests of the example servers with threads and on trio, which answer alike.

In: requests over real sockets. Out: what comes back, octet by octet where that matters.
"""

import contextlib
import hashlib
import http.client
import os
import re
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from functools import partial
from http import HTTPStatus
from types import ModuleType

import pytest
import trio

from docs.examples import threaded_server, trio_server
from tests.examples.programs import running_program
from tests.examples.serving import exchange, sends_until_cut_off, without_date
from tests.integration.sockets import (
    TIMEOUT,
    Address,
    connect,
    has_delivered,
    read_to_end,
    read_until,
    reset,
    running,
)

BODY = os.urandom(300_003)

GET = b"GET %b HTTP/1.1\r\nHost: a\r\n\r\n"
LAST = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
UPLOAD = b"POST %b HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n"
WAITING = b"POST %b HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n"

REFUSAL = b"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


@contextlib.contextmanager
def running_on_trio() -> Iterator[Address]:
    """Run the server on trio in a thread of its own."""
    address: Future[Address] = Future()
    stop: Future[partial[None]] = Future()

    async def serve() -> None:
        async with trio.open_nursery() as nursery:
            listen = partial(trio.serve_tcp, trio_server.on_connection, 0, host="127.0.0.1")
            listeners: list[trio.SocketListener] = await nursery.start(listen)
            token = trio.lowlevel.current_trio_token()
            stop.set_result(partial(token.run_sync_soon, nursery.cancel_scope.cancel))
            address.set_result(listeners[0].socket.getsockname())

    thread = threading.Thread(target=trio.run, args=(serve,))
    thread.start()
    try:
        yield address.result(TIMEOUT)
    finally:
        stop.result(TIMEOUT)()
        thread.join(TIMEOUT)
    assert not thread.is_alive()


@pytest.fixture(params=[threaded_server, trio_server], ids=["threads", "trio"])
def module(request: pytest.FixtureRequest) -> ModuleType:
    """Each of the two example servers."""
    chosen: ModuleType = request.param
    return chosen


@pytest.fixture
def server(module: ModuleType) -> Iterator[Address]:
    """The address of an example server."""
    with contextlib.ExitStack() as stack:
        if module is trio_server:
            yield stack.enter_context(running_on_trio())
        else:
            yield stack.enter_context(running(threaded_server.Server("127.0.0.1", 0)))


@pytest.fixture
def client(server: Address) -> Iterator[http.client.HTTPConnection]:
    """The standard library's client, with a connection to the server."""
    with contextlib.closing(http.client.HTTPConnection(*server, TIMEOUT)) as connection:
        yield connection


def test_requests_share_a_connection_and_are_answered_in_order(server: Address) -> None:
    """Pipelined requests wait for each other, and the last one ends the connection."""
    upload = UPLOAD % (b"/hash", 3) + b"abc"
    received = exchange(server, upload + GET % b"/elsewhere" + LAST)
    assert without_date(received) == (
        b"HTTP/1.1 200 OK\r\nContent-Length: 64\r\nContent-Type: text/plain\r\n\r\n"
        + hashlib.sha256(b"abc").hexdigest().encode()
        + b"HTTP/1.1 404 Not Found\r\nContent-Length: 10\r\nContent-Type: text/plain\r\n\r\n"
        b"Not found\n"
        b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\nContent-Type: text/plain\r\n"
        b"Connection: close\r\n\r\nHello\n"
    )


@pytest.mark.parametrize("framing", ["length", "chunks"])
def test_upload_arrives_whole(client: http.client.HTTPConnection, framing: str) -> None:
    """Every octet arrives, whichever way its end is told."""
    pieces = (BODY[start : start + 65_537] for start in range(0, len(BODY), 65_537))
    client.request("POST", "/hash", BODY if framing == "length" else pieces)
    assert client.getresponse().read() == hashlib.sha256(BODY).hexdigest().encode()


def test_head_gets_the_head_alone(client: http.client.HTTPConnection) -> None:
    """No body follows, and the connection lives on."""
    for method, body in (("HEAD", b""), ("GET", b"Hello\n")):
        client.request(method, "/")
        response = client.getresponse()
        assert (response.headers["Content-Length"], response.read()) == ("6", body)


def test_http_1_0_is_told_the_end_by_closing() -> None:
    """A client that cannot know chunks gets none."""
    with running(threaded_server.Server("127.0.0.1", 0)) as server:
        received = exchange(server, b"GET /count HTTP/1.0\r\n\r\n")
    head, _, body = without_date(received).partition(b"\r\n\r\n")
    assert head == b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close"
    assert body == b"".join(b"%d\n" % number for number in range(1000))


def test_body_is_echoed_while_it_arrives() -> None:
    """The server on trio answers the first piece before it has the second."""
    with running_on_trio() as server, connect(server) as client:
        client.sendall(UPLOAD % (b"/echo", 6) + b"abc")
        assert read_until(client, b"3\r\nabc\r\n").startswith(b"HTTP/1.1 200 OK\r\n")
        client.sendall(b"def")
        assert read_until(client, b"0\r\n\r\n") == b"3\r\ndef\r\n0\r\n\r\n"


def test_100_continue_is_sent_when_the_body_is_asked_for(server: Address) -> None:
    """The client may then send it."""
    with connect(server) as client:
        client.sendall(WAITING % b"/hash")
        assert read_until(client, b"\r\n\r\n") == b"HTTP/1.1 100 \r\n\r\n"
        client.sendall(b"abc" + LAST)
        received = read_to_end(client)
    assert hashlib.sha256(b"abc").hexdigest().encode() + b"HTTP/1.1 200 OK\r\n" in received


def test_answer_instead_of_100_continue_is_the_last(server: Address) -> None:
    """Nobody could tell whether what follows is the body or another request."""
    received = without_date(exchange(server, WAITING % b"/elsewhere"))
    assert received.startswith(b"HTTP/1.1 404 Not Found\r\n")
    assert received.endswith(b"\r\nConnection: close\r\n\r\nNot found\n")


@pytest.mark.parametrize(
    ("octets", "status"),
    [
        pytest.param(b"GET / HTTP/1.1\r\n\r\n", b"400 Bad Request", id="no Host"),
        pytest.param(
            b"GET / HTTP/1.1\r\nHost: a\r\nA: " + b"b" * 17_000,
            b"431 Request Header Fields Too Large",
            id="long head",
        ),
        pytest.param(
            b"POST /hash HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nnone\r\n",
            b"400 Bad Request",
            id="bad chunk",
        ),
    ],
)
def test_malformed_request_is_answered(server: Address, octets: bytes, status: bytes) -> None:
    """The client is told what was wrong, and that the connection ends."""
    assert without_date(exchange(server, octets)) == b"HTTP/1.1 " + status + REFUSAL


def test_client_that_closes_too_early_is_told(server: Address) -> None:
    """It may still read, if it has closed only its own half."""
    with connect(server) as client:
        client.sendall(UPLOAD % (b"/hash", 10) + b"abc")
        client.shutdown(1)
        assert read_to_end(client).startswith(b"HTTP/1.1 400 Bad Request\r\n")


def test_body_over_the_limit_is_refused(
    server: Address, module: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The limit holds for what arrives, whatever was announced."""
    monkeypatch.setattr(module, "MAX_BODY", 2)
    received = exchange(server, UPLOAD % (b"/hash", 3) + b"abc")
    assert without_date(received) == f"HTTP/1.1 413 {HTTPStatus(413).phrase}".encode() + REFUSAL


@pytest.mark.parametrize(
    ("octets", "limit", "answer"),
    [
        pytest.param(b"", "HEAD_SECONDS", b"", id="nothing"),
        # Behind another request: the time for a head begins before anything of it can be there.
        pytest.param(
            GET % b"/" + b"GET /", "HEAD_SECONDS", b"HTTP/1.1 408 Request Timeout", id="head"
        ),
        pytest.param(
            UPLOAD % (b"/hash", 3), "BODY_SECONDS", b"HTTP/1.1 408 Request Timeout", id="body"
        ),
    ],
)
def test_slow_client_is_not_waited_for(
    module: ModuleType, monkeypatch: pytest.MonkeyPatch, octets: bytes, limit: str, answer: bytes
) -> None:
    """After its time a client is told so, if it has begun to say anything."""
    monkeypatch.setattr(module, limit, 0.5)
    with contextlib.ExitStack() as stack:
        if module is trio_server:
            address = stack.enter_context(running_on_trio())
        else:
            address = stack.enter_context(running(threaded_server.Server("127.0.0.1", 0)))
        received = exchange(address, octets)
    if octets.startswith(GET % b"/"):
        received = received.partition(b"Hello\n")[2]
    assert without_date(received) == (answer + REFUSAL if answer else b"")


def test_client_that_goes_on_sending_is_not_listened_to_for_ever(
    server: Address, module: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the last response its time runs out, although no read has to wait."""
    monkeypatch.setattr(module, "CLOSE_SECONDS", 0.2)
    with connect(server) as client:
        client.sendall(LAST)
        read_to_end(client)
        assert sends_until_cut_off(client)


def test_reads_that_never_wait_do_not_put_the_deadline_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server with threads looks at the clock, since no timeout of the socket would come."""
    monkeypatch.setattr(threaded_server, "CLOSE_SECONDS", 0.2)
    with running(threaded_server.Server("127.0.0.1", 0)) as server, connect(server) as client:
        client.sendall(LAST)
        read_to_end(client)
        monkeypatch.setattr(socket.socket, "recv", lambda *_: b"more")
        assert sends_until_cut_off(client, b"more", 0.01)


@pytest.mark.parametrize("begun", [False, True], ids=["before the answer", "within it"])
def test_handler_that_fails_is_no_half_answer(
    module: ModuleType,
    server: Address,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    begun: bool,
) -> None:
    """The client gets a 500, or a reset where half an answer is out already."""

    def fail(session: threaded_server.Session) -> None:
        if begun:
            session.start(200)
            session.write(b"half")
        raise ZeroDivisionError

    async def fail_on_trio(client: trio_server.Client) -> None:
        if begun:
            await client.start(200)
            await client.write(b"half")
        raise ZeroDivisionError

    handler = fail_on_trio if module is trio_server else fail
    monkeypatch.setitem(module.ROUTES, b"/fail", handler)
    if begun:
        with pytest.raises(ConnectionResetError):
            exchange(server, b"GET /fail HTTP/1.0\r\n\r\n")
    else:
        received = exchange(server, GET % b"/fail")
        assert without_date(received) == b"HTTP/1.1 500 Internal Server Error" + REFUSAL
    assert "ZeroDivisionError" in caplog.text


def test_client_that_is_gone_harms_nobody(server: Address) -> None:
    """The next one is served."""
    client = connect(server)
    client.sendall(UPLOAD % (b"/hash", 3))
    reset(client)
    assert exchange(server, LAST).endswith(b"Hello\n")


def test_idle_client_is_left_in_peace(server: Address) -> None:
    """Between requests nothing is sent."""
    with connect(server) as client:
        client.sendall(GET % b"/")
        read_until(client, b"Hello\n")
        threading.Event().wait(0.1)
        assert not has_delivered(client)


@pytest.mark.parametrize("program", ["threaded_server.py", "trio_server.py"])
def test_program_serves_where_it_says_and_ends_when_interrupted(program: str) -> None:
    """Ctrl-C ends it with an open connection, quietly."""
    with running_program(program) as address, connect(address) as client:
        client.sendall(GET % b"/")
        assert re.match(rb"HTTP/1.1 200 OK\r\n", read_until(client, b"Hello\n"))
