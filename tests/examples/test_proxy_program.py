"""Tests of the example proxy as a program: what it prints, and how it ends."""

import contextlib
import http.client
import re
import signal
import subprocess
import sys

import pytest

from tests.environments import REPOSITORY
from tests.examples.recording import recording
from tests.integration.sockets import TIMEOUT


@pytest.mark.parametrize("kind", ["reverse", "forward"])
def test_program_says_where_it_listens_and_stops_when_interrupted(kind: str) -> None:
    """It serves at the printed address, and Ctrl-C ends it with open connections, quietly."""
    command = [sys.executable, "-W", "error", "-m", "docs.examples.proxy", "--port", "0"]
    with recording() as (_, (host, port)):
        target = "/" if kind == "reverse" else f"http://{host}:{port}/"
        if kind == "reverse":
            command += ["--upstream", f"{host}:{port}"]
        with subprocess.Popen(
            command, cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as program:
            assert program.stdout is not None
            line = program.stdout.readline()
            try:
                found = re.fullmatch(r"Listening on http://(127\.0\.0\.1):(\d+)\n", line)
                assert found is not None, line
                connection = http.client.HTTPConnection(found[1], int(found[2]), TIMEOUT)
                with contextlib.closing(connection):
                    connection.request("GET", target)
                    assert connection.getresponse().read() == b"<GET />"
                    program.send_signal(signal.SIGINT)
                    assert program.wait(TIMEOUT) == 0
            finally:
                program.kill()
            assert program.stderr is not None
            assert program.stderr.read() == ""


@pytest.mark.parametrize("upstream", ["127.0.0.1:99999", "a:b:c", ":80"])
def test_upstream_that_is_none_is_refused(upstream: str) -> None:
    """Before anything is listened to."""
    command = [sys.executable, "-m", "docs.examples.proxy", "--upstream", upstream]
    ended = subprocess.run(
        command, cwd=REPOSITORY, capture_output=True, text=True, timeout=TIMEOUT, check=False
    )
    assert ended.returncode == 2
    assert "usage: " in ended.stderr
