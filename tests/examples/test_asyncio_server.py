"""Tests of the example server on asyncio: what it answers, and when it reads and writes.

In: requests over real sockets, in this process or to the program as a reader runs it. Out: what
comes back, octet by octet where that matters.
"""

import contextlib
import hashlib
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import pytest
from wsproto import ConnectionType
from wsproto.connection import Connection
from wsproto.events import TextMessage
from wsproto.utilities import generate_accept_token

from docs.examples import asyncio_server
from docs.examples.asyncio_server import Client
from tests.environments import REPOSITORY
from tests.examples.serving import Flood, Gate, exchange, without_date
from tests.integration.sockets import TIMEOUT, Address, connect, read_to_end, read_until
from tests.integration.websocket_client import WebSocket

BODY = os.urandom(1_000_003)

GET = b"GET %b HTTP/1.1\r\nHost: a\r\n\r\n"
LAST = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"


@pytest.fixture
def client(address: Address) -> Iterator[http.client.HTTPConnection]:
    """The standard library's client, with a connection to the server."""
    with contextlib.closing(http.client.HTTPConnection(*address, TIMEOUT)) as connection:
        yield connection


def pieces_of_body() -> Iterator[bytes]:
    """Give the large body in pieces."""
    for start in range(0, len(BODY), 65_537):
        yield BODY[start : start + 65_537]


@pytest.mark.parametrize(
    ("target", "status", "body"),
    [
        ("/", 200, b"Hello\n"),
        ("/hash", 200, hashlib.sha256(b"").hexdigest().encode()),
        ("/echo", 200, b""),
        ("/stream?n=3", 200, b"line 0\nline 1\nline 2\n"),
        ("/stream?n=0", 200, b""),
        ("/stream?n=many", 400, b""),
        ("/elsewhere", 404, b"Not found\n"),
        ("//host/hash", 404, b"Not found\n"),
        ("http://another.test/?query", 200, b"Hello\n"),
    ],
)
def test_each_path_has_its_answer(
    client: http.client.HTTPConnection, target: str, status: int, body: bytes
) -> None:
    """A handler is found by the path alone, in whichever form the target came."""
    client.request("GET", target)
    response = client.getresponse()
    assert (response.status, response.read()) == (status, body)


@pytest.mark.parametrize("target", ["/", "/stream", "/form", "/echo", "/elsewhere"])
def test_head_gets_the_head_alone(client: http.client.HTTPConnection, target: str) -> None:
    """The fields are those of GET, no body follows, and the connection lives on."""
    fields = []
    for method in ("HEAD", "GET"):
        client.request(method, target)
        response = client.getresponse()
        body = response.read()
        fields.append([field for field in response.getheaders() if field[0] != "Date"])
        assert method == "GET" or body == b""
    assert fields[0] == fields[1]


@pytest.mark.parametrize("framing", ["length", "chunks"])
def test_upload_is_hashed_and_echoed_whole(
    client: http.client.HTTPConnection, framing: str
) -> None:
    """Every octet arrives, whichever way its end is told."""
    client.request("POST", "/hash", BODY if framing == "length" else pieces_of_body())
    assert client.getresponse().read() == hashlib.sha256(BODY).hexdigest().encode()
    head = {"length": f"Content-Length: {len(BODY)}", "chunks": "Transfer-Encoding: chunked"}
    client.putrequest("POST", "/echo")
    client.putheader(*head[framing].split(": "))
    client.endheaders()
    # The echo comes while the upload goes, and has to be read as it comes.
    sending = threading.Thread(target=send_body, args=(client, framing))
    sending.start()
    assert client.getresponse().read() == BODY
    sending.join(TIMEOUT)


def send_body(client: http.client.HTTPConnection, framing: str) -> None:
    """Send the large body in either framing."""
    for piece in pieces_of_body():
        client.send(piece if framing == "length" else b"%x\r\n%b\r\n" % (len(piece), piece))
    if framing == "chunks":
        client.send(b"0\r\n\r\n")


def test_form_uploads_to_a_path_that_is_there(client: http.client.HTTPConnection) -> None:
    """What the page tells a browser to do, the server answers."""
    client.request("GET", "/form")
    action = re.search(rb'action="([^"]+)" method="post"', client.getresponse().read())
    assert action is not None
    client.request("POST", action[1].decode(), b"--a\r\n\r\nfile\r\n--a--\r\n")
    assert client.getresponse().status == 200


def test_requests_share_a_connection_and_are_answered_in_order(address: Address) -> None:
    """Pipelined requests wait for each other, and the last one ends the connection."""
    upload = b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
    received = exchange(address, upload + GET % b"/stream?n=1" + GET % b"/elsewhere" + LAST)
    assert without_date(received) == (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
        b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n7\r\nline 0\n\r\n0\r\n\r\n"
        b"HTTP/1.1 404 Not Found\r\nContent-Length: 10\r\nContent-Type: text/plain\r\n\r\n"
        b"Not found\n"
        b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\nContent-Type: text/plain\r\n"
        b"Connection: close\r\n\r\nHello\n"
    )


def test_body_that_no_handler_reads_is_read_over(address: Address) -> None:
    """The next request begins after it, not in it."""
    smuggled = GET % b"/smuggled"
    upload = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n%b" % (
        len(smuggled),
        smuggled,
    )
    assert exchange(address, upload, LAST).count(b"200 OK") == 2


def test_http_1_0_gets_no_chunks_and_a_close(address: Address) -> None:
    """A client that cannot know chunks is told the end by closing."""
    received = exchange(address, b"GET /stream?n=2 HTTP/1.0\r\n\r\n")
    assert without_date(received) == (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\nline 0\nline 1\n"
    )


def test_http_1_0_keeps_its_connection_where_that_was_wished_for(
    address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Responses of known length follow one another; one of unknown length is the last."""
    monkeypatch.setattr(Client, "http10_keep_alive", True)
    asked = b"GET %b HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
    received = exchange(address, asked % b"/", asked % b"/stream?n=1", asked % b"/")
    assert without_date(received) == (
        b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\nContent-Type: text/plain\r\n"
        b"Connection: keep-alive\r\n\r\nHello\n"
        b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\nline 0\n"
    )


def test_half_closed_client_is_answered(address: Address, flood: Flood) -> None:
    """A client that will say no more can still listen, to more than the buffers hold."""
    with connect(address) as client:
        client.sendall(GET % b"/" + GET % b"/flood")
        client.shutdown(socket.SHUT_WR)
        received = read_to_end(client)
    assert received.count(b"200 OK") == 2
    assert received.count(b"\0") == flood.size


def test_last_octets_of_a_response_are_waited_for(
    address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server may be about to close while it still has some, and then all of them go out."""

    async def until_full(client: Client) -> None:
        await client.start(200, [])
        while not client.writer.transport.get_write_buffer_size():
            await client.write(bytes(16384))

    monkeypatch.setitem(asyncio_server.ROUTES, "/full", until_full)
    with connect(address) as client:
        client.sendall(GET % b"/full")
        client.shutdown(socket.SHUT_WR)
        time.sleep(0.3)
        assert read_to_end(client).endswith(b"0\r\n\r\n")


@pytest.mark.parametrize("target", [b"*", b"/"])
def test_options_is_answered_and_leaves_the_connection_open(
    address: Address, target: bytes
) -> None:
    """A target of the whole server is no path, and no fault."""
    request = b"OPTIONS %b HTTP/1.1\r\nHost: a\r\n\r\n" % target
    assert exchange(address, request, LAST).endswith(b"\r\n\r\nHello\n")


def test_tunnel_is_refused_and_the_connection_lives_on(address: Address) -> None:
    """CONNECT has no path, so it finds no handler; after 404 there is no tunnel."""
    received = exchange(address, b"CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n", LAST)
    assert re.findall(rb"HTTP/1.1 (\d+)", received) == [b"404", b"200"]


# When it reads and writes.


def test_100_continue_is_sent_when_the_handler_reads(address: Address, gate: Gate) -> None:
    """Not before: the handler could still refuse."""
    with connect(address) as client:
        client.sendall(
            b"POST /gate HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n"
        )
        assert gate.entered.wait(TIMEOUT)
        client.settimeout(0.2)
        with pytest.raises(TimeoutError):
            client.recv(1)
        client.settimeout(TIMEOUT)
        gate.opened.set()
        assert read_until(client, b"\r\n\r\n") == b"HTTP/1.1 100 \r\n\r\n"
        client.sendall(b"abc" + LAST)
        received = read_to_end(client)
    assert received.startswith(b"HTTP/1.1 200 OK\r\n")
    assert hashlib.sha256(b"abc").hexdigest().encode() + b"HTTP/1.1 200 OK\r\n" in received


def test_100_continue_comes_before_an_answer_that_needs_the_body(address: Address) -> None:
    """A handler that answers while it reads asks for the body first."""
    with connect(address) as client:
        client.sendall(
            b"POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n"
        )
        assert read_until(client, b"\r\n\r\n") == b"HTTP/1.1 100 \r\n\r\n"
        client.sendall(b"abc" + LAST)
        received = read_to_end(client)
    assert b"3\r\nabc\r\n0\r\n\r\nHTTP/1.1 200 OK\r\n" in received


def test_answer_instead_of_100_continue_is_the_last(address: Address) -> None:
    """Nobody could tell whether what follows is the body or another request."""
    head = b"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n"
    received = exchange(address, head)
    assert without_date(received) == (
        b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\nContent-Type: text/plain\r\n"
        b"Connection: close\r\n\r\nHello\n"
    )


def test_nothing_is_read_before_the_handler_asks(address: Address, gate: Gate) -> None:
    """A client that sends too fast has to wait, and loses nothing by it."""
    size = 48 * 1024 * 1024
    piece = bytes(65536)
    with connect(address) as client:
        client.sendall(b"POST /gate HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % size)
        assert gate.entered.wait(TIMEOUT)
        sent = 0
        client.settimeout(0.3)
        with contextlib.suppress(TimeoutError):
            while sent < size:
                sent += client.send(piece[: size - sent])
        assert sent < size // 2
        gate.opened.set()
        client.settimeout(TIMEOUT)
        while sent < size:
            sent += client.send(piece[: size - sent])
        client.sendall(LAST)
        assert hashlib.sha256(bytes(size)).hexdigest().encode() in read_to_end(client)


def test_writing_waits_for_the_client_to_read(address: Address, flood: Flood) -> None:
    """A handler does not get ahead of a client by more than the buffers hold."""
    with connect(address) as client:
        client.sendall(GET % b"/flood")
        client.recv(1)
        threading.Event().wait(0.3)
        assert flood.written < flood.size // 2
        client.sendall(LAST)
        received = read_to_end(client)
    assert flood.written == flood.size
    assert received.count(b"\0") == flood.size


def test_client_that_reads_fast_leaves_time_for_others(address: Address) -> None:
    """A response without end does not keep the server from answering somebody else."""
    with connect(address) as fast:
        fast.sendall(GET % b"/stream?n=1000000000")
        fast.recv(1)
        reading = threading.Thread(target=read_until_closed, args=(fast,))
        reading.start()
        try:
            assert exchange(address, LAST).endswith(b"Hello\n")
        finally:
            fast.shutdown(socket.SHUT_RDWR)
            reading.join(TIMEOUT)


def read_until_closed(client: socket.socket) -> None:
    """Read as fast as possible, until this end or the other is closed."""
    with contextlib.suppress(OSError):
        while client.recv(1 << 20):
            continue


# The other protocol.


async def talk_websocket(client: Client) -> None:
    """Hand over to wsproto, and greet whoever says a text."""
    fields = dict(client.request.headers)
    accept = generate_accept_token(fields[b"sec-websocket-key"]).decode()
    received = await client.switch("websocket", [("Sec-WebSocket-Accept", accept)])
    protocol = Connection(ConnectionType.SERVER)
    while True:
        if received:
            protocol.receive_data(received)
        for event in protocol.events():
            if isinstance(event, TextMessage):
                client.writer.write(protocol.send(TextMessage(data=f"hello {event.data}")))
                await client.writer.drain()
                return
        received = await client.reader.read(65536)


@pytest.mark.parametrize("order", ["after", "together"])
def test_connection_is_handed_over_to_another_protocol(
    address: Address, monkeypatch: pytest.MonkeyPatch, order: str
) -> None:
    """What comes after the switch, even in the same segment, belongs to the new protocol."""
    monkeypatch.setitem(asyncio_server.ROUTES, "/ws", talk_websocket)
    with WebSocket(address) as client:
        if order == "after":
            client.open("/ws")
            client.next_event()
            client.send(TextMessage(data="world"))
            assert client.next_message() == "hello world"
        else:
            message = Connection(ConnectionType.CLIENT).send(TextMessage(data="world"))
            client.socket.sendall(
                b"GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
                + message
            )
            received = read_to_end(client.socket)
            assert received.startswith(b"HTTP/1.1 101 \r\nConnection: Upgrade\r\n")
            assert b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n" in received
            assert received.endswith(b"\r\n\r\n\x81\x0bhello world")


# The program.


@pytest.mark.parametrize("options", [(), ("--http10-keep-alive",)], ids=["", "keep-alive"])
@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_program_says_where_it_listens_and_stops_when_interrupted(
    host: str, options: tuple[str, ...]
) -> None:
    """It answers at the printed address, and Ctrl-C ends it with an open connection, quietly."""
    if host == "::1" and not has_ipv6():
        pytest.skip("this machine has no IPv6")
    program = REPOSITORY / "docs" / "examples" / "asyncio_server.py"
    command = [sys.executable, "-W", "error", str(program), "--host", host, "--port", "0"]
    command += options
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as on:
        assert on.stdout is not None
        line = on.stdout.readline()
        try:
            found = re.fullmatch(r"Listening on http://(.+):(\d+)\n", line)
            assert found is not None, line
            assert found[1] == (f"[{host}]" if ":" in host else host)
            with contextlib.closing(http.client.HTTPConnection(host, int(found[2]), TIMEOUT)) as c:
                c.request("GET", "/")
                assert c.getresponse().read() == b"Hello\n"
                with connect((host, int(found[2]))) as old:
                    old.sendall(b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
                    kept = b"\r\nConnection: keep-alive\r\n" in read_until(old, b"Hello\n")
                assert kept is bool(options)
                on.send_signal(signal.SIGINT)
                assert on.wait(TIMEOUT) == 0
        finally:
            on.kill()
        assert on.stderr is not None
        assert on.stderr.read() == ""


def has_ipv6() -> bool:
    """Return whether one can listen on the loopback address of IPv6."""
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True
