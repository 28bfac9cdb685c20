"""Tests of what `python -m h11` prints: where there are colours, and how much it takes."""

import contextlib
import io
import os
import pty
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from h11.__main__ import main
from tests.h11.inspecting import inspect, objects_of

WRONG: Final = b"GET / HTTP/1.1\r\nHo st: example.com\r\n\r\n"


def on_a_terminal(*arguments: str, **environment: str) -> str:
    """Return what the command prints on a terminal that shows 24 rows of text."""
    ours, theirs = pty.openpty()
    with os.fdopen(ours, "rb", buffering=0) as screen:
        variables = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
        completed = subprocess.Popen(
            [sys.executable, "-m", "h11", *arguments],
            env=variables | {"TERM": "xterm"} | environment,
            stdin=subprocess.PIPE,
            stdout=theirs,
        )
        os.close(theirs)
        completed.communicate(WRONG, timeout=60)
        shown = b""
        # The end of a terminal is an error on Linux.
        with contextlib.suppress(OSError):
            while piece := screen.read(4096):
                shown += piece
    return shown.decode().replace("\r\n", "\n")


def test_a_terminal_gets_colours() -> None:
    """The wrong octets are red, in the line and under it; the text is the same without colours."""
    shown = on_a_terminal()
    assert "at 18: Ho\x1b[1;31m \x1b[0mst: example.com" in shown
    assert "\x1b[1;31m^\x1b[0m" in shown
    assert re.sub(r"\x1b\[[0-9;]*m", "", shown) == inspect(WRONG).output


@pytest.mark.parametrize(
    ("variable", "value"), [("NO_COLOR", "1"), ("NO_COLOR", "0"), ("TERM", "dumb")]
)
def test_no_colour_is_respected(variable: str, value: str) -> None:
    """Nor does a terminal get any that has none."""
    assert on_a_terminal(**{variable: value}) == inspect(WRONG).output


def test_an_empty_no_color_says_nothing() -> None:
    """As those have it who proposed the variable."""
    assert "\x1b[" in on_a_terminal(NO_COLOR="")


def test_json_has_no_colours() -> None:
    """Not even on a terminal."""
    assert on_a_terminal("--json") == inspect(WRONG, options=("--json",)).output


class Terminal(io.StringIO):
    """What keeps what is printed, and says that it is a terminal."""

    def isatty(self) -> bool:
        """Say so."""
        return True


def test_colours_are_chosen_in_this_process(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """All of the environment that decides about them is looked at."""
    (tmp_path / "file").write_bytes(WRONG)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    for variable, value in [("TERM", "xterm-256color"), ("TERM", "dumb"), ("NO_COLOR", "1")]:
        monkeypatch.setenv(variable, value)
        terminal = Terminal()
        with contextlib.redirect_stdout(terminal):
            assert main([str(tmp_path / "file")]) == 1
        assert ("\x1b[" in terminal.getvalue()) is (value == "xterm-256color")


def test_any_octets_are_shown_as_printable_ascii() -> None:
    """Nothing that a peer sends reaches a terminal as it is."""
    head = b"HTTP/1.1 200 \r\nContent-Length: 256\r\nA: \xe9\x1b[2J\r\n\r\n"
    report = inspect(head + bytes(range(256)), options=("--tolerate=control-octets",))
    assert report.code == 0
    assert all(line.isprintable() and line.isascii() for line in report.output.splitlines())
    assert r"    A: \xe9\x1b[2J" in report.output
    (data,) = (line for line in report.output.splitlines() if " Data: " in line)
    assert data.startswith(rf"server {len(head)}-{len(head) + 256} Data: 256 octets: \x00\x01")
    assert data.endswith("=>?...")


@pytest.mark.parametrize("seed", range(5))
def test_garbage_is_a_violation_and_not_a_crash(seed: int) -> None:
    """Whatever the octets are, some of them are marked."""
    octets = bytes((place * 167 + seed * 41 + place**3) % 256 for place in range(5000))
    report = inspect(octets)
    assert report.code == 1
    assert " Violation\n" in report.output


SIZE: Final = 50_000_000

MEMORY: Final = Path("/proc/self/status")
"""Where Linux tells how much memory a process has had at most."""

MEASURED: Final = f"""
import re, sys
from h11.__main__ import main
code = main(sys.argv[1:])
sys.stderr.write(re.search(r"VmHWM:\\s+([0-9]+) kB", open({str(MEMORY)!r}).read())[1])
"""
"""A program that runs the command, and tells how many KiB of memory it has had."""


@pytest.mark.skipif(not MEMORY.exists(), reason="only Linux tells the memory of a process so")
@pytest.mark.skipif(
    sys.implementation.name == "pypy",
    reason="PyPy lets garbage pile up before it collects: 70 MB of it here, however long the body",
)
@pytest.mark.parametrize(
    ("head", "end"),
    [
        (b"HTTP/1.1 200 \r\nContent-Length: %d\r\n\r\n" % SIZE, b""),
        (b"HTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n" % SIZE, b"\r\n0\r\n\r\n"),
        (b"HTTP/1.1 200 \r\n\r\n", b""),
        (b"HTTP/1.1 101 \r\n\r\n", b""),
    ],
    ids=["length", "chunk", "until close", "another protocol"],
)
def test_huge_bodies_are_reported_in_constant_memory(
    tmp_path: Path, head: bytes, end: bytes
) -> None:
    """Fifty million octets need no more memory than a few, and are counted."""

    def run(size: int) -> tuple[str, int]:
        """Return the report of a body of zeros, and the memory that it took."""
        with (tmp_path / "file").open("wb") as file:
            file.write(head)
            file.seek(size, os.SEEK_CUR)
            file.write(b"\0" * (not end) + end)
        completed = subprocess.run(
            [sys.executable, "-c", MEASURED, str(tmp_path / "file")],
            capture_output=True,
            check=True,
            timeout=120,
        )
        return completed.stdout.decode(), int(completed.stderr)

    _, least = run(100)
    report, most = run(SIZE if end else SIZE - 1)
    assert f": {SIZE} octets" in report
    assert "Violation" not in report
    assert most - least < 5_000


def test_many_small_chunks_are_reported_as_they_come() -> None:
    """Each is an event, with the place of its data."""
    head = b"HTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\n\r\n"
    count = 3000
    seen = objects_of(head + b"1\r\nx\r\n" * count + b"0\r\n\r\n")
    data = [one for one in seen if one["event"] == "Data"]
    assert [one["start"] for one in data] == [len(head) + 3 + 6 * i for i in range(count)]
    assert seen[count + 1]["body_size"] == count
