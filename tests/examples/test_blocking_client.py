"""Tests of the example client on a blocking socket.

In: the example server with threads, and servers that are told each octet. Out: what the client
makes of their answers, and what it sends to get them.
"""

import contextlib
import hashlib
import os
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import h11
from docs.examples import blocking_client, threaded_server
from docs.examples.blocking_client import Client
from tests.examples.programs import run_program
from tests.integration.sockets import (
    READ_SIZE,
    TIMEOUT,
    Address,
    read_to_end,
    read_until,
    reset,
    running,
)

BODY = os.urandom(1_000_003)

EMPTY = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"

Act = Callable[[socket.socket], None]


@pytest.fixture
def server() -> Iterator[Address]:
    """The address of the example server with threads."""
    with running(threaded_server.Server("127.0.0.1", 0)) as address:
        yield address


@contextlib.contextmanager
def acting(*acts: Act, timeout: float = TIMEOUT) -> Iterator[Client]:
    """Give a client of a server that does one act for each connection, and check that it did.

    Args:
        acts: What the server does with each connection, before it closes it.
        timeout: For how long the client waits.
    """
    failures: list[BaseException] = []

    def serve() -> None:
        try:
            for act in acts:
                accepted, _ = listener.accept()
                with accepted:
                    accepted.settimeout(TIMEOUT)
                    act(accepted)
        except BaseException as error:  # noqa: BLE001  # it is raised below
            failures.append(error)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(TIMEOUT)
        thread = threading.Thread(target=serve)
        thread.start()
        try:
            with contextlib.closing(Client(*listener.getsockname(), timeout=timeout)) as client:
                yield client
        finally:
            thread.join(TIMEOUT)
    assert failures == []
    assert not thread.is_alive()


def answer(octets: bytes, *, to: bytes = b"\r\n\r\n") -> Act:
    """Return an act that reads up to `to`, answers, and waits for the client to close."""

    def act(accepted: socket.socket) -> None:
        read_until(accepted, to)
        accepted.sendall(octets)
        read_to_end(accepted)

    return act


def body_of(client: Client) -> bytes:
    """Return the whole body of the response."""
    return b"".join(client.body())


def test_connection_is_used_again(server: Address) -> None:
    """Whole requests and whole responses leave it as it was."""
    with contextlib.closing(Client(*server)) as client:
        first = client.connection
        assert client.request("GET", "/").status_code == 200
        assert body_of(client) == b"Hello\n"
        assert client.request("POST", "/hash", body=b"abc").status_code == 200
        assert body_of(client) == hashlib.sha256(b"abc").hexdigest().encode()
        assert client.request("GET", "/count").headers.get("transfer-encoding") == b"chunked"
        assert body_of(client).endswith(b"\n999\n")
        assert client.is_reusable()
        assert client.connection is first


@pytest.mark.parametrize("ask_first", [False, True], ids=["at once", "after asking"])
def test_body_in_pieces_arrives_whole(server: Address, ask_first: bool) -> None:
    """It is sent in chunks, because nobody knows its length."""
    pieces = (BODY[start : start + 65_537] for start in range(0, len(BODY), 65_537))
    with contextlib.closing(Client(*server)) as client:
        client.request("POST", "/hash", body=pieces, ask_first=ask_first)
        assert body_of(client) == hashlib.sha256(BODY).hexdigest().encode()
        assert client.is_reusable()


def test_response_that_was_not_read_ends_the_connection(server: Address) -> None:
    """The next request goes out on another one, and gets its own answer."""
    with contextlib.closing(Client(*server)) as client:
        client.request("GET", "/count")
        assert not client.is_reusable()
        client.request("GET", "/")
        assert body_of(client) == b"Hello\n"


@pytest.mark.parametrize(
    "end",
    [
        pytest.param(lambda _: None, id="closed"),
        pytest.param(reset, id="reset"),
        pytest.param(lambda accepted: accepted.sendall(EMPTY), id="unasked-for response"),
    ],
)
def test_connection_that_ended_while_idle_is_not_used_again(end: Act) -> None:
    """Neither one that the server has closed, nor one with a response that nobody asked for."""
    done = threading.Event()

    def act(accepted: socket.socket) -> None:
        read_until(accepted, b"\r\n\r\n")
        accepted.sendall(EMPTY)
        assert answered.wait(TIMEOUT)
        end(accepted)
        done.set()

    answered = threading.Event()
    with acting(act, answer(b"HTTP/1.1 204 No Content\r\n\r\n")) as client:
        assert client.request("GET", "/").status_code == 200
        assert body_of(client) == b""
        answered.set()
        assert done.wait(TIMEOUT)
        # Loopback delivers without delay, but not in no time.
        while client.is_reusable():
            threading.Event().wait(0.01)
        assert client.request("GET", "/").status_code == 204


def test_refused_body_is_not_sent() -> None:
    """A server that is asked first, and says no, gets nothing but the head."""

    def act(accepted: socket.socket) -> None:
        head = read_until(accepted, b"\r\n\r\n")
        assert head.endswith(b"Transfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n")
        accepted.sendall(b"HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n")
        assert read_to_end(accepted) == b""

    with acting(act) as client:
        response = client.request("POST", "/", body=iter([b"abc"]), ask_first=True)
        assert response.status_code == 417
        assert body_of(client) == b""
        assert not client.is_reusable()


def test_good_answer_in_place_of_100_gets_no_body_either() -> None:
    """It was given without the body, so nobody waits for it; the next request goes elsewhere."""

    def act(accepted: socket.socket) -> None:
        read_until(accepted, b"\r\n\r\n")
        accepted.sendall(EMPTY)
        assert read_to_end(accepted) == b""

    with acting(act, answer(EMPTY)) as client:
        response = client.request("POST", "/", body=iter([b"abc"]), ask_first=True)
        assert response.status_code == 200
        assert body_of(client) == b""
        assert not client.is_reusable()
        assert client.request("GET", "/").status_code == 200


def test_server_that_does_not_know_expect_gets_the_body(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a while the client sends it without leave."""
    monkeypatch.setattr(blocking_client, "CONTINUE_SECONDS", 0.1)
    with acting(answer(EMPTY, to=b"3\r\nabc\r\n0\r\n\r\n")) as client:
        assert client.request("POST", "/", body=iter([b"abc"]), ask_first=True).status_code == 200
        assert body_of(client) == b""
        assert client.is_reusable()


def test_upload_stops_where_the_server_refuses_it() -> None:
    """What is left of the body is not even asked for."""
    refused = threading.Event()

    def act(accepted: socket.socket) -> None:
        read_until(accepted, b"5\r\nfirst\r\n")
        accepted.sendall(b"HTTP/1.1 413 Too Large\r\nContent-Length: 4\r\n\r\nsize")
        refused.set()
        assert len(read_to_end(accepted)) < 5000

    def pieces() -> Iterator[bytes]:
        yield b"first"
        assert refused.wait(TIMEOUT)
        for _ in range(1000):
            threading.Event().wait(0.01)
            yield b"more"
        pytest.fail("all was sent")

    with acting(act) as client:
        assert client.request("POST", "/", body=pieces()).status_code == 413
        assert body_of(client) == b"size"
        assert not client.is_reusable()


def test_early_success_does_not_stop_an_upload() -> None:
    """A server may begin a good answer before it has the whole request."""
    begun = threading.Event()

    def act(accepted: socket.socket) -> None:
        read_until(accepted, b"5\r\nfirst\r\n")
        accepted.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n")
        begun.set()
        read_until(accepted, b"4\r\nlast\r\n0\r\n\r\n")
        accepted.sendall(b"good")

    def pieces() -> Iterator[bytes]:
        yield b"first"
        assert begun.wait(TIMEOUT)
        yield from (b"more", b"last")

    with acting(act) as client:
        assert client.request("POST", "/", body=pieces()).status_code == 200
        assert body_of(client) == b"good"


def test_reason_is_read_also_if_the_upload_breaks_off() -> None:
    """A server that does not read on may have said why."""

    def act(accepted: socket.socket) -> None:
        while b"\0" not in accepted.recv(READ_SIZE):
            continue
        accepted.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")

    with acting(act) as client:
        # More than the buffers hold, so that the server closes while it is being sent.
        assert client.request("POST", "/", body=iter([bytes(50_000_000)])).status_code == 403
        assert not client.is_reusable()


def test_informational_responses_are_passed_over() -> None:
    """The final response is the answer."""
    hints = b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
    with acting(answer(hints + hints + EMPTY)) as client:
        assert client.request("GET", "/").status_code == 200


@pytest.mark.parametrize(
    ("octets", "code"),
    [
        pytest.param(b"", h11.ErrorCode.CLOSED_EARLY, id="nothing"),
        pytest.param(b"HTTP/1.1 two\r\n", h11.ErrorCode.BAD_STATUS_LINE, id="no HTTP"),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort",
            h11.ErrorCode.BODY_TOO_SHORT,
            id="half a body",
        ),
    ],
)
def test_answer_that_is_none_is_an_error(octets: bytes, code: h11.ErrorCode) -> None:
    """Half an answer is never taken for a whole one."""

    def act(accepted: socket.socket) -> None:
        read_until(accepted, b"\r\n\r\n")
        accepted.sendall(octets)

    def ask(client: Client) -> bytes:
        client.request("GET", "/")
        return body_of(client)

    with acting(act) as client, pytest.raises(h11.RemoteProtocolError) as caught:
        ask(client)
    assert caught.value.code is code


def test_switch_to_another_protocol_is_an_error() -> None:
    """Whoever asks for one has to go on with it elsewhere; nothing more is to come of HTTP."""
    fields = [("Connection", "upgrade"), ("Upgrade", "echo")]
    switched = b"HTTP/1.1 101 \r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\nother octets"
    with acting(answer(switched)) as client, pytest.raises(OSError, match="another protocol"):
        client.request("GET", "/", fields)


def test_silent_server_is_not_waited_for() -> None:
    """The caller hears of it in time."""
    with acting(answer(b""), timeout=0.1) as client, pytest.raises(TimeoutError):
        client.request("GET", "/")


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_host_names_the_server(host: str) -> None:
    """With its port, and in brackets if it is an address of version 6."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, 0), family=family)
    except OSError:
        pytest.skip("this machine has no IPv6")
    port = listener.getsockname()[1]
    with listener, contextlib.closing(Client(host, port, timeout=0.1)) as client:
        accepted, _ = listener.accept()
        with accepted:
            with pytest.raises(TimeoutError):
                client.request("GET", "/")
            shown = f"[{host}]" if ":" in host else host
            assert f"\r\nHost: {shown}:{port}\r\n".encode() in accepted.recv(1000)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the certificate")
def test_tls_carries_it_as_well(tmp_path: Path) -> None:
    """An upload after a question, and another request on the same connection."""
    command = (
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key -out cert"
        " -days 1 -subj /CN=localhost -addext subjectAltName=DNS:localhost"
    )
    subprocess.run(command.split(), cwd=tmp_path, check=True, capture_output=True)
    of_server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    of_server.load_cert_chain(tmp_path / "cert", tmp_path / "key")
    tls = ssl.create_default_context(cafile=str(tmp_path / "cert"))
    server = threaded_server.Server("127.0.0.1", 0)
    server.socket = of_server.wrap_socket(server.socket, server_side=True)
    with contextlib.ExitStack() as stack:
        _, port = stack.enter_context(running(server))
        client = stack.enter_context(contextlib.closing(Client("localhost", port, tls=tls)))
        first = client.connection
        client.request("POST", "/hash", body=iter([BODY]), ask_first=True)
        assert body_of(client) == hashlib.sha256(BODY).hexdigest().encode()
        client.request("GET", "/")
        assert body_of(client) == b"Hello\n"
        assert client.connection is first


def test_program_gets_and_posts(server: Address, tmp_path: Path) -> None:
    """The body is on standard output, the head beside it, the exit code that of the answer."""
    url = "http://{}:{}".format(*server)
    got = run_program("blocking_client.py", url)
    assert (got.returncode, got.stdout) == (0, b"Hello\n")
    assert got.stderr.startswith(b"200\nDate: ")
    file = tmp_path / "file"
    file.write_bytes(BODY)
    posted = run_program("blocking_client.py", f"{url}/hash?query", "--upload", str(file))
    assert posted.stdout == hashlib.sha256(BODY).hexdigest().encode()
    missing = run_program("blocking_client.py", f"{url}/elsewhere")
    assert (missing.returncode, missing.stdout) == (1, b"Not found\n")
