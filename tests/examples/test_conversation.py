"""Tests of the demo: a server and a client that hold a conversation and check how it went.

In: `docs/examples/conversation.py`, run as a program. Out: the lines that it prints and its exit
code.
"""

import os
import re
import subprocess
import sys

import pytest

from docs.examples import conversation
from tests.environments import REPOSITORY

PROGRAM = REPOSITORY / "docs" / "examples" / "conversation.py"

EXCHANGES = {
    "Keep-alive: three requests on one connection": """
        client -> Request GET /2 SEND_BODY | SEND_RESPONSE
        client -> EndOfMessage DONE | SEND_RESPONSE
        server start_next_cycle() IDLE | IDLE
        -> server Request GET /2 SEND_BODY | SEND_RESPONSE
        -> server EndOfMessage DONE | SEND_RESPONSE
        <- server Response 200 content-length: 25 DONE | SEND_BODY
        <- server Data b'request 2 on connection 1' DONE | SEND_BODY
        <- server EndOfMessage DONE | DONE
        client <- Response 200 content-length: 25 DONE | SEND_BODY
        client <- Data b'request 2 on connection 1' DONE | SEND_BODY
        client <- EndOfMessage DONE | DONE
        client start_next_cycle() IDLE | IDLE
    """,
    "A chunked upload with a trailer section": """
        client -> Request POST /sum transfer-encoding: chunked SEND_BODY | SEND_RESPONSE
        client -> Data b'a body ' SEND_BODY | SEND_RESPONSE
        client -> Data b'in two chunks' SEND_BODY | SEND_RESPONSE
        client -> EndOfMessage pieces: 2 DONE | SEND_RESPONSE
        -> server Data b'a body ' SEND_BODY | SEND_RESPONSE
        -> server Data b'in two chunks' SEND_BODY | SEND_RESPONSE
        -> server EndOfMessage pieces: 2 DONE | SEND_RESPONSE
        <- server EndOfMessage pieces: 2 DONE | DONE
        client <- Response 200 transfer-encoding: chunked DONE | SEND_BODY
        client <- EndOfMessage pieces: 2 DONE | DONE
    """,
    "A client that waits for 100 Continue": """
        client -> Request POST /sum expect: 100-continue SEND_BODY | SEND_RESPONSE
        -> server Request POST /sum expect: 100-continue SEND_BODY | SEND_RESPONSE
        <- server InformationalResponse 100 SEND_BODY | SEND_RESPONSE
        client <- InformationalResponse 100 SEND_BODY | SEND_RESPONSE
        client -> Data b'allowed' SEND_BODY | SEND_RESPONSE
        client -> EndOfMessage DONE | SEND_RESPONSE
        -> server Data b'allowed' SEND_BODY | SEND_RESPONSE
        client <- EndOfMessage DONE | DONE
    """,
    "An Upgrade that is refused": """
        client -> Request GET /chat upgrade: talk/1 SEND_BODY | SEND_RESPONSE
        client -> EndOfMessage MIGHT_SWITCH_PROTOCOL | SEND_RESPONSE
        -> server EndOfMessage MIGHT_SWITCH_PROTOCOL | SEND_RESPONSE
        <- server Response 200 content-length: 25 DONE | SEND_BODY
        client <- EndOfMessage DONE | DONE
        client start_next_cycle() IDLE | IDLE
    """,
    "The last request, and a clean close": """
        client -> Request GET /bye connection: close SEND_BODY | SEND_RESPONSE
        client -> EndOfMessage MUST_CLOSE | SEND_RESPONSE
        <- server EndOfMessage MUST_CLOSE | MUST_CLOSE
        <- server ConnectionClosed MUST_CLOSE | CLOSED
        client <- ConnectionClosed MUST_CLOSE | CLOSED
        client -> ConnectionClosed CLOSED | CLOSED
        -> server ConnectionClosed CLOSED | CLOSED
    """,
    "A malformed request, on a second connection": r"""
        client -> octets b'GET / HTTP/1.1\r\nno colon\r\n\r\n' IDLE | IDLE
        <- server Response 400 connection: close ERROR | SEND_BODY
        <- server EndOfMessage ERROR | MUST_CLOSE
        <- server ConnectionClosed ERROR | CLOSED
        client <- Response 400 connection: close IDLE | SEND_BODY
        client <- ConnectionClosed MUST_CLOSE | CLOSED
        client -> ConnectionClosed CLOSED | CLOSED
    """,
}
"""For each act what must be printed in it, in this order, with every run of spaces as one."""


def run_demo(**environment: str) -> subprocess.CompletedProcess[str]:
    """Run the demo with its output piped."""
    return subprocess.run(
        [sys.executable, "-W", "error", str(PROGRAM)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, **environment},
    )


@pytest.fixture(scope="module")
def demo() -> subprocess.CompletedProcess[str]:
    """Give one finished run of the demo."""
    return run_demo()


def test_demo_ends_with_exit_code_0_and_says_so(demo: subprocess.CompletedProcess[str]) -> None:
    """A conversation that went well gives exit code 0, a last line that says so, no complaint."""
    assert demo.returncode == 0, demo.stderr
    assert demo.stdout.splitlines()[-1] == "The conversation went as it should."
    assert demo.stderr == ""


def test_demo_plays_its_acts_in_order(demo: subprocess.CompletedProcess[str]) -> None:
    """Every act has its heading, after an empty line."""
    assert re.findall(r"\n\n(.+)", demo.stdout)[:-1] == list(EXCHANGES)


@pytest.mark.parametrize("title", EXCHANGES)
def test_act_shows_its_events_and_states(
    demo: subprocess.CompletedProcess[str], title: str
) -> None:
    """Each act prints the expected events with the states after them, in their order."""
    _, _, act = demo.stdout.partition(f"\n\n{title}\n")
    lines = iter([" ".join(line.split()) for line in act.partition("\n\n")[0].splitlines()])
    for expected in EXCHANGES[title].strip().splitlines():
        assert expected.strip() in lines, f"missing, or not in its place: {expected.strip()}"


def test_malformed_request_is_an_error_of_the_client(
    demo: subprocess.CompletedProcess[str],
) -> None:
    """The server sees the error of the remote peer, which leaves its own side able to answer."""
    assert re.search(r"-> server RemoteProtocolError: .* ERROR \| IDLE\n", demo.stdout)


def test_demo_prints_the_same_every_time(demo: subprocess.CompletedProcess[str]) -> None:
    """Two threads print, but the order of the lines never changes."""
    assert [run_demo().stdout for _ in range(3)] == [demo.stdout] * 3


def test_demo_is_at_most_100_columns_wide(demo: subprocess.CompletedProcess[str]) -> None:
    """No line is longer than 100 characters, all of which are ASCII."""
    assert demo.stdout.isascii()
    assert max(map(len, demo.stdout.splitlines())) <= 100


@pytest.mark.parametrize("no_color", ["", "1"])
def test_piped_output_has_no_escape_codes(no_color: str) -> None:
    """Colours are for terminals; a pipe gets none, whatever NO_COLOR says."""
    assert "\x1b" not in run_demo(NO_COLOR=no_color).stdout


@pytest.mark.parametrize(("no_color", "coloured"), [("", True), ("1", False)])
def test_no_color_turns_colours_off_on_a_terminal(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    no_color: str,
    coloured: bool,
) -> None:
    """On a terminal the lines are coloured, unless NO_COLOR is set and not empty."""
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("NO_COLOR", no_color)
    assert conversation.main() == 0
    assert ("\x1b[" in capsys.readouterr().out) is coloured
