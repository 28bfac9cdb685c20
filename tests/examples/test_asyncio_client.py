"""Tests of the example client on asyncio.

In: the example server on asyncio, and servers that are told each octet. Out: what the client makes
of their answers while it still sends, and what it sends to get them.
"""

import asyncio
import contextlib
import hashlib
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

import h11
from docs.examples import asyncio_client
from docs.examples.asyncio_client import Client, Stream
from tests.examples.programs import run_program
from tests.integration.sockets import TIMEOUT, Address

BODY = os.urandom(3_000_001)

EMPTY = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"

Act = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def run(test: Coroutine[Any, Any, None]) -> None:
    """Run a test that must not take for ever."""
    asyncio.run(asyncio.wait_for(test, TIMEOUT))


@contextlib.asynccontextmanager
async def connected(address: Address) -> AsyncIterator[Client]:
    """Give a client, and close it."""
    client = await Client.connect(*address)
    try:
        yield client
    finally:
        client.close()


@contextlib.asynccontextmanager
async def acting(act: Act) -> AsyncIterator[Client]:
    """Give a client of a server that does this with its connection, and check that it did."""
    done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await act(reader, writer)
            done.set_result(None)
        except BaseException as error:  # noqa: BLE001  # it is raised below
            done.set_exception(error)
        writer.transport.abort()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        async with connected(server.sockets[0].getsockname()) as client:
            yield client
        await done


async def cut(body: bytes) -> AsyncIterator[bytes]:
    """Give a body in pieces."""
    for start in range(0, len(body), 65_537):
        yield body[start : start + 65_537]


async def body_of(client: Client) -> bytes:
    """Return the whole body of the response."""
    return b"".join([piece async for piece in client.body()])


def test_connection_is_used_again(address: Address) -> None:
    """Whole requests and whole responses leave it as it was."""

    async def test() -> None:
        async with connected(address) as client:
            for method, target, body, expected in (
                ("GET", "/", b"", b"Hello\n"),
                ("POST", "/hash", b"abc", hashlib.sha256(b"abc").hexdigest().encode()),
                ("GET", "/stream?n=2", b"", b"line 0\nline 1\n"),
            ):
                assert client.is_usable
                async with client.request(method, target, body=body) as response:
                    assert (response.status_code, await body_of(client)) == (200, expected)
            assert client.is_usable

    run(test())


@pytest.mark.parametrize("ask_first", [False, True], ids=["at once", "after asking"])
def test_response_is_read_while_the_request_is_sent(address: Address, ask_first: bool) -> None:
    """An echo that is larger than all buffers on the way comes back whole."""

    async def test() -> None:
        async with connected(address) as client:
            upload = cut(BODY)
            async with client.request("POST", "/echo", body=upload, ask_first=ask_first):
                assert await body_of(client) == BODY
            assert client.is_usable

    run(test())


def test_next_piece_is_made_when_there_is_room_for_it() -> None:
    """A server that does not read keeps the rest of the body from being made."""
    made = 0

    async def pieces() -> AsyncIterator[bytes]:
        nonlocal made
        while made < 1000:
            made += 1
            yield bytes(65536)

    async def act(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        before = -1
        while made != before:
            before = made
            await asyncio.sleep(0.2)
        assert 0 < made < 1000
        last = b""
        while not last.endswith(b"\r\n0\r\n\r\n"):
            piece = await reader.read(65536)
            assert piece
            last = (last + piece)[-7:]
        writer.write(EMPTY)
        await reader.read()

    async def test() -> None:
        async with acting(act) as client, client.request("POST", "/", body=pieces()) as response:
            assert response.status_code == 200
            assert await body_of(client) == b""
        assert made == 1000

    run(test())


def test_response_that_was_not_read_ends_the_connection(address: Address) -> None:
    """What is left of it would stand before the next one."""

    async def test() -> None:
        async with connected(address) as client:
            async with client.request("GET", "/stream"):
                pass
            assert not client.is_usable

    run(test())


@pytest.mark.parametrize("late", [b"", EMPTY], ids=["closed", "unasked-for response"])
def test_connection_that_ended_while_idle_is_not_usable(late: bytes) -> None:
    """Neither one that the server has closed, nor one with a response that nobody asked for."""

    async def act(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
        await answered.wait()
        writer.write(late)
        writer.write_eof()
        await reader.read()

    answered = asyncio.Event()

    async def test() -> None:
        async with acting(act) as client:
            async with client.request("GET", "/") as response:
                assert response.status_code == 204
                assert await body_of(client) == b""
            assert client.is_usable
            answered.set()
            while client.is_usable:
                await asyncio.sleep(0.01)

    run(test())


@pytest.mark.parametrize("status", [200, 417])
def test_final_response_in_place_of_100_gets_no_body(status: int) -> None:
    """It was given without one; the connection cannot be used again."""

    async def act(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.endswith(b"Transfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n")
        writer.write(b"HTTP/1.1 %d \r\nContent-Length: 0\r\n\r\n" % status)
        assert await reader.read() == b""

    async def test() -> None:
        async with acting(act) as client:
            async with client.request("POST", "/", body=cut(b"abc"), ask_first=True) as response:
                assert response.status_code == status
                assert await body_of(client) == b""
            assert not client.is_usable

    run(test())


def test_server_that_does_not_know_expect_gets_the_body(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a while the client sends it without leave."""
    monkeypatch.setattr(asyncio_client, "CONTINUE_SECONDS", 0.1)

    async def act(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"3\r\nabc\r\n0\r\n\r\n")
        writer.write(EMPTY)
        await reader.read()

    async def test() -> None:
        async with (
            acting(act) as client,
            client.request("POST", "/", body=cut(b"abc"), ask_first=True),
        ):
            assert await body_of(client) == b""

    run(test())


def test_upload_stops_where_the_server_refuses_it() -> None:
    """What is left of the body is not even made."""

    async def act(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"5\r\nfirst\r\n")
        writer.write(b"HTTP/1.1 413 Too Large\r\nContent-Length: 4\r\n\r\nsize")
        assert b"0\r\n\r\n" not in await reader.read()

    async def pieces() -> AsyncIterator[bytes]:
        yield b"first"
        await asyncio.Event().wait()

    async def test() -> None:
        async with acting(act) as client:
            async with client.request("POST", "/", body=pieces()) as response:
                assert (response.status_code, await body_of(client)) == (413, b"size")
            assert not client.is_usable

    run(test())


def test_early_success_does_not_stop_an_upload() -> None:
    """A server may answer before it has the whole request, and read on."""

    async def act(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"5\r\nfirst\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood")
        await reader.readuntil(b"4\r\nlast\r\n0\r\n\r\n")
        await reader.read()

    async def pieces() -> AsyncIterator[bytes]:
        yield b"first"
        await answered.wait()
        yield b"last"

    answered = asyncio.Event()

    async def test() -> None:
        async with acting(act) as client:
            async with client.request("POST", "/", body=pieces()) as response:
                assert (response.status_code, await body_of(client)) == (200, b"good")
                answered.set()
            assert client.is_usable

    run(test())


def test_body_that_fails_is_not_sent_as_a_whole_one() -> None:
    """What it has raised reaches the caller, and the server sees no end."""

    async def act(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        received = b""
        with contextlib.suppress(ConnectionError):
            while piece := await reader.read(65536):
                received += piece
        assert b"first" in received
        assert b"0\r\n\r\n" not in received

    async def pieces() -> AsyncIterator[bytes]:
        yield b"first"
        raise ZeroDivisionError

    async def test() -> None:
        async with acting(act) as client:
            with pytest.raises(ZeroDivisionError):
                async with client.request("POST", "/", body=pieces()):
                    pytest.fail("there is no response")
            assert not client.is_usable

    run(test())


def reset(writer: asyncio.StreamWriter) -> None:
    """Break a connection off."""
    connected: socket.socket = writer.get_extra_info("socket")
    connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    writer.transport.abort()


def test_connection_that_is_reset_within_a_body_is_an_error() -> None:
    """Whoever waits for the rest is woken."""

    async def act(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort")
        await seen.wait()
        reset(writer)

    seen = asyncio.Event()

    async def test() -> None:
        async with acting(act) as client, client.request("GET", "/"):
            body = client.body()
            assert await anext(body) == b"short"
            seen.set()
            with pytest.raises(ConnectionResetError):
                await anext(body)

    run(test())


def test_answer_to_half_an_upload_can_be_read() -> None:
    """The server has said why it closes, before the client fails to send the rest."""

    async def act(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"5\r\nfirst\r\n")
        writer.write(b"HTTP/1.1 413 Too Large\r\nContent-Length: 4\r\n\r\nsize")
        writer.close()

    async def pieces() -> AsyncIterator[bytes]:
        yield b"first"
        await asyncio.sleep(0.1)
        while True:
            yield bytes(65536)

    async def test() -> None:
        async with acting(act) as client, client.request("POST", "/", body=pieces()) as response:
            assert (response.status_code, await body_of(client)) == (413, b"size")

    run(test())


def test_silent_server_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """But only from when it has the whole request."""
    monkeypatch.setattr(asyncio_client, "SECONDS", 0.5)

    async def act(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            assert (await reader.read(10**6)).startswith(b"POST / HTTP/1.1\r\n")
            while await reader.read(10**6):
                continue

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(8):
            await asyncio.sleep(0.1)
            yield b"piece"
        ended.set()

    ended = asyncio.Event()

    async def test() -> None:
        async with acting(act) as client:
            with pytest.raises(TimeoutError):
                async with client.request("POST", "/", body=pieces()):
                    pytest.fail("there is no response")
            assert ended.is_set()

    run(test())


def test_stream_waits_for_room_in_either_role() -> None:
    """A server that sends much waits for its client, and wakes if the client is gone."""

    async def test() -> None:
        ours, theirs = socket.socketpair()
        theirs.setblocking(False)
        loop = asyncio.get_running_loop()
        _, stream = await loop.create_connection(
            lambda: Stream(h11.Connection(h11.SERVER)), sock=ours
        )
        await loop.sock_sendall(theirs, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        theirs.shutdown(socket.SHUT_WR)
        assert isinstance(await stream.next_event(), h11.Request)
        await stream.send(h11.Response(status_code=200, headers=[]))
        sending = asyncio.create_task(stream.send(h11.Data(data=bytes(5_000_000))))
        await asyncio.sleep(0.1)
        assert not sending.done()
        received = 0
        while not sending.done():
            received += len(await loop.sock_recv(theirs, 65536))
        assert received > 4_000_000
        sending = asyncio.create_task(stream.send(h11.Data(data=bytes(5_000_000))))
        await asyncio.sleep(0.1)
        theirs.close()
        with pytest.raises(ConnectionError):
            await sending

    run(test())


def test_program_gets_and_posts(address: Address, tmp_path: Path) -> None:
    """The body is on standard output, the head beside it, the exit code that of the answer."""
    url = "http://{}:{}".format(*address)
    got = run_program("asyncio_client.py", url)
    assert (got.returncode, got.stdout) == (0, b"Hello\n")
    assert got.stderr.startswith(b"200\nDate: ")
    file = tmp_path / "file"
    file.write_bytes(BODY)
    posted = run_program("asyncio_client.py", f"{url}/echo?query", "--upload", str(file))
    assert posted.stdout == BODY
    missing = run_program("asyncio_client.py", f"{url}/elsewhere")
    assert (missing.returncode, missing.stdout) == (1, b"Not found\n")
