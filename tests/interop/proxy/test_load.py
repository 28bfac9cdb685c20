"""Tests of the proxy under load: wrk through it, and a crowd of clients who compare everything.

In: many requests on many connections at once. Out: not one that failed, and records in which each
is found once and whole.
"""

import asyncio
import re
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.environments import REPOSITORY
from tests.examples.crowd import Crowd, differences, record_of
from tests.integration.sockets import Address, free_port
from tests.interop.clients import test_load
from tests.interop.clients.bodies import digest
from tests.interop.clients.programs import WRK, load, output_of
from tests.interop.clients.servers import Served
from tests.interop.programs import running
from tests.interop.proxy.proxies import each_upstream, proxy_running

CONNECTIONS = 16
WHOLE_CROWD = 50_000


def answered_in(report: str) -> int:
    """Return how many requests wrk had answered, none of which may have failed."""
    assert "Non-2xx" not in report, report
    assert "Socket errors" not in report, report
    return int(next(iter(re.findall(r"^ +(\d+) requests in ", report, re.MULTILINE))))


@pytest.mark.program(WRK, "both")
@pytest.mark.feature("under load")
@each_upstream("nginx", "node")
@pytest.mark.parametrize("path", ["/hello.txt", "/numbers.txt"])
def test_wrk_gets_every_answer(
    upstream: str, proxy_of: Callable[[str], Address], path: str
) -> None:
    """From a file and from chunks, on connections that stay open."""
    url = "http://{}:{}{}".format(*proxy_of(upstream), path)
    assert answered_in(output_of(WRK, [*load(CONNECTIONS, 2), url])) > CONNECTIONS


@pytest.mark.program(WRK, "both")
@pytest.mark.feature("pipelining")
@pytest.mark.parametrize("depth", [1, 4], ids=["one by one", "pipelined"])
def test_uploads_of_wrk_arrive_once_and_whole(reverse: Served, run: str, depth: int) -> None:
    """Every second one in chunks, several at a time."""
    script = ("--script", str(test_load.UPLOADS))
    report = output_of(WRK, [*load(CONNECTIONS, 2), *script, reverse.base, "--", run, str(depth)])
    answered = answered_in(report)
    received = reverse.received(run)
    # When its time is over, wrk leaves behind what it has not yet had an answer to.
    assert CONNECTIONS < answered <= len(received) <= answered + CONNECTIONS * depth
    assert max(Counter(request.id for request in received).values()) == 1
    for request in received:
        number = int(request.id.split(".")[1])
        assert request.digest == digest(b"%d" % number * (number % 100))
        assert request.framing == ("chunked" if number % 2 else str(request.digest.size))


@pytest.mark.feature("no request lost, doubled or mixed up")
def test_no_request_of_a_crowd_is_lost_doubled_or_mixed_up(tmp_path: Path) -> None:
    """50,000 that all differ, on connections that come and go on both sides."""
    port = free_port()
    command = [sys.executable, "-m", "tests.examples.crowd", str(port)]
    with (
        running(command, port, tmp_path, {"PYTHONPATH": str(REPOSITORY)}) as backend,
        proxy_running(backend.address) as proxy,
    ):
        crowd = Crowd(*proxy.address)
        asyncio.run(crowd.send(WHOLE_CROWD))
        arrived = asyncio.run(record_of(*backend.address))
    assert crowd.faults == []
    assert crowd.answered == len(arrived) == len(crowd.sent) == WHOLE_CROWD
    assert differences(crowd.sent, arrived) == []
