"""Tests of the example server that sends files without touching their octets.

In: requests for files of a temporary directory, over real sockets. Out: the files, nothing else.
"""

import contextlib
import http.client
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from docs.examples import sendfile_server
from tests.examples.programs import running_program
from tests.examples.serving import exchange, sends_until_cut_off, without_date
from tests.integration.sockets import (
    TIMEOUT,
    Address,
    connect,
    read_to_end,
    read_until,
    running,
)

LARGE = os.urandom(3_000_001)


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """A directory with files, and beside it a file that is nobody's business."""
    (tmp_path / "secret").write_bytes(b"secret")
    directory = tmp_path / "public"
    (directory / "below").mkdir(parents=True)
    (directory / "large.bin").write_bytes(LARGE)
    (directory / "empty.txt").touch()
    (directory / "below" / "a ü.html").write_bytes(b"<p>hello")
    (directory / "below" / "packed.txt.gz").write_bytes(b"packed")
    (directory / "outward").symlink_to(tmp_path / "secret")
    return directory


@pytest.fixture
def server(directory: Path) -> Iterator[Address]:
    """The address of the example server."""
    with running(sendfile_server.Server(directory, "127.0.0.1", 0)) as address:
        yield address


@pytest.fixture
def client(server: Address) -> Iterator[http.client.HTTPConnection]:
    """The standard library's client, with a connection to the server."""
    with contextlib.closing(http.client.HTTPConnection(*server, TIMEOUT)) as connection:
        yield connection


def test_files_are_sent_whole_on_one_connection(client: http.client.HTTPConnection) -> None:
    """Each with its length and its type, in any order, as often as asked for."""
    for target, kind, body in (
        ("/large.bin", "application/octet-stream", LARGE),
        ("/empty.txt", "text/plain", b""),
        ("/below/a%20%C3%BC.html?query", "text/html", b"<p>hello"),
        ("/below/packed.txt.gz", "application/octet-stream", b"packed"),
        ("http://example.com/empty.txt?a", "text/plain", b""),
        ("/large.bin", "application/octet-stream", LARGE),
    ):
        client.request("GET", target)
        response = client.getresponse()
        assert (response.status, response.headers["Content-Type"]) == (200, kind)
        assert response.read() == body
        port = client.sock.getsockname()[1]
    assert client.sock.getsockname()[1] == port


def test_head_gets_the_length_alone(client: http.client.HTTPConnection) -> None:
    """No octet of the file follows."""
    client.request("HEAD", "/large.bin")
    response = client.getresponse()
    assert (response.headers["Content-Length"], response.read()) == (str(len(LARGE)), b"")
    client.request("GET", "/empty.txt")
    assert client.getresponse().status == 200


@pytest.mark.parametrize(
    "target",
    [
        "/missing",
        "/",
        "/below",
        "/../secret",
        "/below/../../secret",
        "/%2e%2e/secret",
        "/..%2Fsecret",
        "//etc/passwd",
        "/outward",
        "/large.bin%00.txt",
        "/" + "a" * 5000,
    ],
)
def test_what_is_no_file_below_the_directory_is_not_found(
    client: http.client.HTTPConnection, target: str
) -> None:
    """Whichever way it is spelled."""
    client.request("GET", target)
    response = client.getresponse()
    assert (response.status, response.read()) == (404, b"")


@pytest.mark.parametrize(
    ("octets", "status", "field"),
    [
        pytest.param(
            b"POST /empty.txt HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc",
            b"405 Method Not Allowed",
            b"Allow: GET, HEAD",
            id="POST",
        ),
        pytest.param(
            b"GET /empty.txt HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc",
            b"413 ",
            b"Connection: close",
            id="GET with a body",
        ),
        pytest.param(
            b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n",
            b"413 ",
            b"Connection: close",
            id="GET that waits to send a body",
        ),
        pytest.param(
            b"GET /empty.txt HTTP/1.1\r\n\r\n",
            b"400 Bad Request",
            b"Connection: close",
            id="no Host",
        ),
    ],
)
def test_what_cannot_be_served_is_refused(
    server: Address, octets: bytes, status: bytes, field: bytes
) -> None:
    """And the connection ends, because the rest of the request is not read."""
    received = without_date(exchange(server, octets))
    assert received.startswith(b"HTTP/1.1 " + status)
    assert {field, b"Connection: close"} <= set(received.split(b"\r\n"))
    assert received.endswith(b"\r\n\r\n")


def test_kernel_sends_the_file(server: Address, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its octets do not come by in this process."""
    sent: list[int] = []

    def sendfile(client: socket.socket, file: object, offset: int = 0, count: int = 0) -> int:
        sent.append(count)
        return original(client, file, offset, count)  # type: ignore[arg-type]  # it is passed on

    original = socket.socket.sendfile
    monkeypatch.setattr(socket.socket, "sendfile", sendfile)
    received = exchange(server, b"GET /large.bin HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    assert received.endswith(b"\r\n\r\n" + LARGE)
    assert sent == [len(LARGE)]


def test_file_that_becomes_shorter_is_no_whole_file(
    server: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection is reset before its time."""
    original = socket.socket.sendfile

    def shorten(client: socket.socket, file: object, offset: int = 0, count: int = 0) -> int:
        return original(client, file, offset, count - 1)  # type: ignore[arg-type]  # it is passed on

    monkeypatch.setattr(socket.socket, "sendfile", shorten)
    with pytest.raises(ConnectionResetError):
        exchange(server, b"GET /large.bin HTTP/1.1\r\nHost: a\r\n\r\n")


def test_client_that_drips_its_request_gains_no_time(
    server: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole head has one deadline, not each octet of it."""
    monkeypatch.setattr(sendfile_server, "SECONDS", 0.3)
    with connect(server) as client:
        client.sendall(b"GET /")
        assert sends_until_cut_off(client, b"a", 0.01)


def test_client_that_goes_on_sending_is_not_listened_to_for_ever(
    server: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the last response its time runs out, although no read has to wait."""
    monkeypatch.setattr(sendfile_server, "CLOSE_SECONDS", 0.2)
    with connect(server) as client:
        client.sendall(b"GET /empty.txt HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        read_to_end(client)
        assert sends_until_cut_off(client)


def test_program_serves_where_it_says_and_ends_when_interrupted(directory: Path) -> None:
    """Ctrl-C ends it with an open connection, quietly."""
    with (
        running_program("sendfile_server.py", str(directory)) as address,
        connect(address) as client,
    ):
        client.sendall(b"GET /below/packed.txt.gz HTTP/1.1\r\nHost: a\r\n\r\n")
        assert read_until(client, b"packed").startswith(b"HTTP/1.1 200 OK\r\n")
