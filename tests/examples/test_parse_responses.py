"""Tests of the example that reads a file of responses with the parser alone.

In: octets, some of them as a real server sends them. Out: a summary of each response.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from docs.examples import threaded_server
from docs.examples.parse_responses import Summary, summaries
from h11_events import RemoteProtocolError
from tests.examples.programs import run_program
from tests.examples.serving import exchange
from tests.integration.sockets import running

RESPONSES = (
    b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\nhello"
    b"HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"3\r\nabc\r\n2;a=b\r\nde\r\n0\r\n\r\n"
    b"HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n"
    b"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nup to the end"
)

SUMMARIES = [
    Summary(200, "text/html", 5),
    Summary(404, "-", 5),
    Summary(304, "-", 0),
    Summary(200, "text/plain", 13),
]


RESPONSE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\nhello"


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_responses_are_found_however_they_are_cut(size: int) -> None:
    """Each with its body, by whichever framing."""
    pieces = [RESPONSES[start : start + size] for start in range(0, len(RESPONSES), size)]
    assert list(summaries(pieces)) == SUMMARIES


def test_summary_is_there_before_the_next_piece_is_read() -> None:
    """A file may be larger than the memory."""
    read = []

    def pieces() -> Iterator[bytes]:
        """Give responses, and take note."""
        for number in range(3):
            read.append(number)
            yield RESPONSE

    found = summaries(pieces())
    for number in range(3):
        assert next(found) == Summary(200, "text/html", 5)
        assert read == list(range(number + 1))


def test_method_tells_whether_there_is_a_body() -> None:
    """The same octets are one response to HEAD, and then another."""
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 19\r\n\r\n"
    two = head + b"HTTP/1.1 204 No\r\n\r\n"
    assert list(summaries([two], ["GET"])) == [Summary(200, "-", 19)]
    assert list(summaries([two], ["HEAD"])) == [Summary(200, "-", 0), Summary(204, "-", 0)]


TWO_LENGTHS = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_what_follows_a_doubtful_end_is_not_passed_over(size: int) -> None:
    """If nothing follows, the response is as good as others."""
    octets = TWO_LENGTHS + b"2\r\nab\r\n0\r\n\r\n"
    pieces = [octets[start : start + size] for start in range(0, len(octets), size)]
    assert list(summaries(pieces)) == [Summary(200, "-", 2)]
    pieces += [RESPONSE[start : start + size] for start in range(0, len(RESPONSE), size)]
    found = summaries(pieces)
    assert next(found) == Summary(200, "-", 2)
    with pytest.raises(RemoteProtocolError, match="is not read"):
        next(found)


def test_other_protocol_is_left_alone() -> None:
    """After 101 nothing is HTTP any more."""
    switch = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n\x81\x05hello"
    assert list(summaries([RESPONSE + switch])) == [Summary(200, "text/html", 5)]


@pytest.mark.parametrize("octets", [b"HTTP/1.1 two", RESPONSE[:-1], RESPONSE + RESPONSE[:20]])
def test_file_that_is_malformed_or_breaks_off_is_an_error(octets: bytes) -> None:
    """Nothing is made up."""
    with pytest.raises(RemoteProtocolError):
        list(summaries([octets]))


def test_program_reads_what_a_server_has_sent(tmp_path: Path) -> None:
    """Written down octet by octet, from a connection with three requests."""
    requests = b"".join(
        b"%b HTTP/1.1\r\nHost: a\r\n\r\n" % line for line in (b"GET /count", b"HEAD /", b"GET /")
    )
    last = b"GET /elsewhere HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    file = tmp_path / "responses"
    with running(threaded_server.Server("127.0.0.1", 0)) as server:
        file.write_bytes(exchange(server, requests + last))
    run = run_program("parse_responses.py", str(file), "--methods", "GET", "HEAD")
    assert run.returncode == 0
    assert run.stdout.decode().splitlines() == [
        "200 text/plain 3890",
        "200 text/plain 0",
        "200 text/plain 6",
        "404 text/plain 10",
    ]


def test_program_tells_what_is_wrong(tmp_path: Path) -> None:
    """On standard error, after what was right."""
    file = tmp_path / "responses"
    file.write_bytes(RESPONSE + b"\0")
    run = run_program("parse_responses.py", str(file))
    assert (run.returncode, run.stdout) == (1, b"200 text/html 5\n")
    assert run.stderr.startswith(b"bad status line: ")
