"""Tests of the two programs of ten lines that the first page of the documentation shows.

In: the programs as they are, but for the port. Out: what a reader sees who runs them.
"""

import ast
import contextlib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.environments import REPOSITORY, clean_environment
from tests.integration.sockets import TIMEOUT, free_port, read_to_end

EXAMPLES: Final = REPOSITORY / "docs" / "examples"
PAGE: Final = REPOSITORY / "docs" / "start.md"


@contextlib.contextmanager
def program(name: str, port: int, folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Run a program on another port than the one that it names."""
    source = (EXAMPLES / name).read_text(encoding="utf-8")
    copy = folder / name
    copy.write_text(source.replace("8000", str(port)), encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, "-W", "error", str(copy)],
        env=clean_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def connect(port: int) -> socket.socket:
    """Return a connection to a server that may not listen yet."""
    deadline = time.monotonic() + TIMEOUT
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), TIMEOUT)
        except ConnectionRefusedError:
            assert time.monotonic() < deadline
            time.sleep(0.02)


@pytest.fixture
def port() -> int:
    """A port that nobody listens on."""
    return free_port()


def test_the_server_answers_a_request_and_ends(port: int, tmp_path: Path) -> None:
    """A request in two pieces gets the answer in one chunk, and the connection ends."""
    with program("first_server.py", port, tmp_path) as server, connect(port) as sock:
        sock.sendall(b"GET / HTTP/1.1\r\nHo")
        sock.sendall(b"st: a\r\n\r\n")
        assert read_to_end(sock) == (
            b"HTTP/1.1 200 \r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
            b"6\r\nhello\n\r\n0\r\n\r\n"
        )
        assert server.communicate(timeout=TIMEOUT) == ("", "")
        assert server.returncode == 0


def test_the_server_ends_if_the_client_goes_without_asking(port: int, tmp_path: Path) -> None:
    """A client that closes at once is no error."""
    with program("first_server.py", port, tmp_path) as server:
        connect(port).close()
        assert server.communicate(timeout=TIMEOUT) == ("", "")
        assert server.returncode == 0


def test_the_client_prints_what_the_page_says(port: int, tmp_path: Path) -> None:
    """With the server of the same page it prints the block that stands below it there."""
    with program("first_server.py", port, tmp_path):
        # The server takes one connection: it has to be the client's.
        deadline = time.monotonic() + TIMEOUT
        printed = errors = ""
        while time.monotonic() < deadline:
            with program("first_client.py", port, tmp_path) as client:
                printed, errors = client.communicate(timeout=TIMEOUT)
            if "ConnectionRefusedError" not in errors:
                break
    assert errors == ""
    assert f"```text\n{printed}```" in PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["first_server.py", "first_client.py"])
def test_the_program_has_ten_lines(name: str) -> None:
    """Below its docstring and its imports, it is as short as the page says."""
    body = ast.parse((EXAMPLES / name).read_text(encoding="utf-8")).body
    (loop,) = body[3:]
    assert loop.end_lineno is not None
    assert loop.end_lineno - loop.lineno < 10
