"""Tests of our server role under load: ApacheBench, and wrk with pipelining.

In: many requests on several connections at once. Out: not one that failed, and a record in which
each is found once and whole.
"""

import re
from collections import Counter
from pathlib import Path

import pytest

from tests.interop.clients.bodies import digest, octets
from tests.interop.clients.programs import AB, WRK, client, load, output_of
from tests.interop.clients.servers import Served, each_server, serving

REQUESTS = 200
CONNECTIONS = 8
DEPTH = 4

UPLOADS = Path(__file__).parent / "uploads.lua"


def number_in(report: str, name: str) -> int:
    """Return a number out of the report of ApacheBench."""
    found = re.search(rf"^{name}: +(\d+)\b", report, re.MULTILINE)
    assert found, report
    return int(found[1])


@client(AB)
@each_server("HTTP/1.0", "under load")
@pytest.mark.parametrize("keep_alive", [(), ("-k",)], ids=["close", "keep-alive"])
@pytest.mark.parametrize("size", [0, 65_535])
def test_requests_of_http_1_0_are_answered_each_on_its_connection(
    served: Served, files: dict[int, Path], run: str, keep_alive: tuple[str, ...], size: int
) -> None:
    """Keep-Alive of HTTP/1.0 is not taken up, as h11 never did, and the client can live with it."""
    options = ["-q", *keep_alive, "-n", str(REQUESTS), "-c", str(CONNECTIONS), "-l"]
    upload = ("-p", files[size], "-T", "a/b") if size else ()
    report = output_of(AB, [*options, *upload, served.url("/upload", run)])
    assert re.search(rf"^Complete requests: +{REQUESTS}$", report, re.MULTILINE), report
    assert re.search(r"^Failed requests: +0$", report, re.MULTILINE), report
    assert "Non-2xx" not in report
    assert not keep_alive or re.search(r"^Keep-Alive requests: +0$", report, re.MULTILINE), report
    received = served.received(run)
    assert {(request.version, request.digest) for request in received} == {
        ("1.0", digest(octets(size)))
    }
    assert len(received) == REQUESTS


@client(AB)
@pytest.mark.feature("keep-alive of HTTP/1.0")
@pytest.mark.parametrize("size", [0, 65_535])
def test_requests_of_http_1_0_share_connections_where_the_server_honours_keep_alive(
    files: dict[int, Path], run: str, size: int
) -> None:
    """Every connection is kept to the last request, and every response says so."""
    upload = ("-p", files[size], "-T", "a/b") if size else ()
    options = ["-q", "-k", "-n", str(REQUESTS), "-c", str(CONNECTIONS), "-l", *upload]
    with serving("example", "--http10-keep-alive") as served:
        report = output_of(AB, [*options, served.url("/upload", run)])
        assert number_in(report, "Complete requests") == REQUESTS, report
        assert number_in(report, "Failed requests") == 0, report
        assert number_in(report, "Keep-Alive requests") == REQUESTS, report
        assert "Non-2xx" not in report
        received = served.received(run)
        assert {(request.version, request.digest) for request in received} == {
            ("1.0", digest(octets(size)))
        }
        assert len(received) == REQUESTS
        assert len({request.port for request in received}) == CONNECTIONS


@client(AB)
@pytest.mark.feature("keep-alive of HTTP/1.0")
@pytest.mark.parametrize("framing", ["", "none"], ids=["length", "until close"])
def test_a_response_of_unknown_length_is_kept_from_nobody(run: str, framing: str) -> None:
    """Where the length is not known beforehand, the response ends with its connection."""
    options = ["-q", "-k", "-n", "40", "-c", "4"]
    with serving("example", "--http10-keep-alive") as served:
        url = served.url("/download", run, size=100_003, framing=framing)
        report = output_of(AB, [*options, url])
        assert number_in(report, "Complete requests") == 40, report
        assert number_in(report, "Failed requests") == 0, report
        assert number_in(report, "Keep-Alive requests") == (0 if framing else 40), report
        assert number_in(report, "HTML transferred") == 40 * 100_003, report
        received = served.received(run)
        assert len(received) == 40
        assert framing or len({request.port for request in received}) == 4


@client(WRK)
@each_server("under load", "keep-alive", "pipelining", "chunks")
@pytest.mark.parametrize("depth", [1, DEPTH], ids=["one by one", "pipelined"])
def test_pipelined_uploads_arrive_once_and_whole(served: Served, run: str, depth: int) -> None:
    """Those of one connection arrive in the order in which they were sent."""
    script = ("--script", str(UPLOADS))
    report = output_of(WRK, [*load(CONNECTIONS, 1), *script, served.base, "--", run, str(depth)])
    answered = int(next(iter(re.findall(r"^ +(\d+) requests in ", report, re.MULTILINE))))
    assert "Non-2xx" not in report
    assert "Socket errors" not in report
    received = served.received(run)
    # When its time is over, wrk leaves behind what it has not yet had an answer to.
    assert CONNECTIONS < answered <= len(received) <= answered + CONNECTIONS * depth
    assert max(Counter(request.id for request in received).values()) == 1
    for request in received:
        number = int(request.id.split(".")[1])
        assert request.digest == digest(b"%d" % number * (number % 100))
        assert request.framing == ("chunked" if number % 2 else str(request.digest.size))
    by_connection: dict[int, list[int]] = {}
    for request in received:
        by_connection.setdefault(request.port, []).append(int(request.id.split(".")[1]))
    assert len(by_connection) == CONNECTIONS
    assert all(numbers == sorted(numbers) for numbers in by_connection.values())
