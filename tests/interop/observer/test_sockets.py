"""What the observer finds between bare sockets and nginx: what no client in good order does.

In: octets in any pieces. Out: the record in short, beside what nginx logs.
"""

import socket
import time

import pytest

from tests.examples.observed import get, record
from tests.integration.sockets import connect, read_to_end, read_until, reset
from tests.interop.clients.programs import NGINX
from tests.interop.observer.lines import logged, observed
from tests.interop.observer.watching import TCPDUMP, Watched
from tests.interop.servers.site import HELLO

pytestmark = [pytest.mark.program(program, "observer") for program in (NGINX, TCPDUMP)]

CLOSE = "Connection: close"
FILE = "/files/hello.txt"


def say(watched: Watched, *pieces: bytes) -> bytes:
    """Send octets one piece after the other, and return all that comes back."""
    with connect(watched.nginx.address) as client:
        for piece in pieces:
            client.sendall(piece)
            time.sleep(0.01)
        return read_to_end(client)


def short(watched: Watched) -> str:
    """Return the record of the first connection, in short."""
    return record(watched.observed()[0][1])


@pytest.mark.feature("pipelining")
def test_pipelined_requests_are_paired(watched: Watched) -> None:
    """GET, HEAD, chunks, 304, a range and an upload in one piece, answered in their order."""
    unchanged = "If-Modified-Since: Thu, 01 Jan 2026 00:00:00 GMT"
    say(
        watched,
        get(FILE)
        + get("/files/large.bin", method="HEAD")
        + get("/download?size=70000&framing=1")
        + get("/files/numbers.txt", unchanged)
        + get("/files/numbers.txt", "Range: bytes=0-9")
        + get("/upload", "Content-Length: 5", method="POST")
        + b"hello"
        + get("/empty", CLOSE),
    )
    found = watched.observed()
    assert observed(found) == logged(watched.log())
    assert record(found[0][1]) == (
        f"GET {FILE} 0 | 200 5; HEAD /files/large.bin 0 | 200 0;"
        " GET /download?size=70000&framing=1 0 | 200 70000; GET /files/numbers.txt 0 | 304 0;"
        " GET /files/numbers.txt 0 | 206 10; POST /upload 5 | 200 72; GET /empty 0 | 204 0;"
        " client closed, server closed"
    )


@pytest.mark.feature("octet by octet")
def test_request_that_comes_octet_by_octet_is_one(watched: Watched) -> None:
    """As many packets as octets make one exchange."""
    request = get(FILE, CLOSE)
    assert say(watched, *(request[place : place + 1] for place in range(len(request))))
    found = watched.observed()
    assert observed(found) == logged(watched.log())
    assert record(found[0][1]) == f"GET {FILE} 0 | 200 5; client closed, server closed"


@pytest.mark.feature("400")
def test_malformed_request_is_reported_with_its_answer(watched: Watched) -> None:
    """Nginx and the observer refuse the same head; the 400 is there, and what was before it."""
    say(watched, get(FILE) + b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n")
    size = len(get(FILE))
    found = short(watched)
    assert found.startswith(f"GET {FILE} 0 | 200 5; - | 400 ")
    assert found.endswith(f"; client BAD_FRAMING at {size}; client closed, server closed")
    # The request that ends a capture is logged as well, before or after these.
    lines = [line for line in logged(watched.log()) if "/last" not in line.request]
    assert [line.status for line in lines] == [200, 400]


@pytest.mark.feature("bare LF")
def test_request_that_only_nginx_takes_hides_no_answer(watched: Watched) -> None:
    """Lines with a bare LF are refused here and taken there; the answers are seen all the same."""
    say(watched, get(FILE).replace(b"\r\n", b"\n") + get(FILE, CLOSE))
    assert short(watched) == (
        "- | 200 5; - | 200 5; client BAD_REQUEST_LINE at 0; client closed, server closed"
    )


@pytest.mark.feature("broken uploads")
def test_upload_that_breaks_off_is_reported(watched: Watched) -> None:
    """Nginx logs 499 or 400 for it, and says nothing."""
    with connect(watched.nginx.address) as client:
        client.sendall(get("/upload", "Content-Length: 9", method="POST") + b"part")
        time.sleep(0.1)
    found = short(watched)
    assert found.startswith("POST /upload 4... | -; client BODY_TOO_SHORT at ")


@pytest.mark.feature("broken downloads")
def test_download_that_is_given_up_breaks_off(watched: Watched) -> None:
    """A client that resets the connection is no fault of the server's."""
    client = connect(watched.nginx.address)
    client.sendall(get("/files/large.bin"))
    assert client.recv(1000)
    reset(client)
    [connection, *_], [observer, *_] = zip(*watched.observed(), strict=True)
    found = record(observer)
    assert found.startswith("GET /files/large.bin 0 | 200 ")
    assert found.endswith("...")
    assert connection.is_reset


@pytest.mark.feature("half-close")
def test_half_close_is_answered(watched: Watched) -> None:
    """Who has said all may wait for the answer with its half closed."""
    with connect(watched.nginx.address) as client:
        # Request and end leave together, or the answer could come between them.
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 1)
        client.sendall(get(FILE, version="1.0"))
        client.shutdown(socket.SHUT_WR)
        assert read_until(client, HELLO).endswith(HELLO)
    found = watched.observed()
    assert observed(found) == logged(watched.log())
    [(connection, observer), *_] = found
    assert record(observer) == f"GET {FILE} 0 | 200 5; client closed, server closed"
    assert [ending.role.__name__ for ending in connection.endings] == ["CLIENT", "SERVER"]
