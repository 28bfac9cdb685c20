"""The command puts a real server under load, and its exit code tells whether the bounds hold."""

import shutil
import sys
from functools import partial
from pathlib import Path

import pytest

import tests.soak.__main__ as command
from tests.benchmarks.wrk import LoadError
from tests.environments import REPOSITORY
from tests.soak import behaviours, memory, report
from tests.soak.exchange import Pace
from tests.soak.server import ServerError, running

pytestmark = pytest.mark.skipif(
    not (shutil.which("taskset") and hasattr(sys, "getallocatedblocks")),
    reason="needs taskset, and an interpreter that counts its blocks of memory",
)

LEAKING = f"""
import sys
sys.path.insert(0, {str(REPOSITORY)!r})
from docs.examples import asyncio_server

KEPT = []
ANSWER = asyncio_server.Client.answer

async def answer(self, *arguments, **options):
    KEPT.extend([object() for _ in range(10_000)])
    await ANSWER(self, *arguments, **options)

asyncio_server.Client.answer = answer
asyncio_server.main()
"""

COMPLAINING = f"""
import sys
sys.path.insert(0, {str(REPOSITORY)!r})
from docs.examples import asyncio_server

sys.stderr.write("something is wrong\\n")
asyncio_server.main()
sys.exit(3)
"""


def program(folder: Path, source: str) -> Path:
    """Write a program, and return its path."""
    path = folder / "program.py"
    path.write_text(source, encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let wrk be there and well served, and the time too short for memory to rest."""
    monkeypatch.setattr(shutil, "which", lambda _: "/usr/bin/it")
    monkeypatch.setattr(command, "put_under_load", lambda *_: (10, 5.0))
    monkeypatch.setattr(report, "MOST_GROWTH", 0.2)
    monkeypatch.setattr(memory, "INTERVAL", 0.1)
    for name in ("DRIP", "PIECES", "FLOOD"):
        monkeypatch.setattr(behaviours, name, Pace(octets=4000, taken=4000, pause=0.01))


def run(*options: str) -> int:
    """Run the command for a moment."""
    return command.main(["--seconds", "2", "--clients", "6", *options])


def test_the_example_serves_all(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All bounds hold, and the page says what was counted."""
    page = tmp_path / "table.md"
    assert run("--write", str(page)) == 0
    assert "all bounds hold" in capsys.readouterr().out
    written = page.read_text(encoding="utf-8")
    assert "| requests of wrk answered | 20 |" in written
    assert "| errors | 0 |" in written


def test_a_server_that_leaks_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What its objects have is more when all clients have gone than it was before."""
    leaking = partial(running, program=program(tmp_path, LEAKING))
    monkeypatch.setattr(command, "running", leaking)
    assert run() == 1
    printed = capsys.readouterr().out
    assert "!!! A BOUND DOES NOT HOLD" in printed
    assert " 0  errors" in printed


@pytest.mark.parametrize(
    ("growths", "turns"),
    [
        pytest.param([0.0], 1, id="at rest"),
        pytest.param([0.3, 0.0], 2, id="a fragment"),
        pytest.param([0.3, 0.3, 0.3], 3, id="a leak"),
    ],
)
def test_memory_that_has_grown_is_looked_at_again(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    growths: list[float],
    turns: int,
) -> None:
    """Until it rests, but not for ever."""
    told = iter(growths)
    monkeypatch.setattr(command, "growth", lambda _: next(told))
    run()
    assert f" {turns}  times under load" in capsys.readouterr().out
    assert next(told, None) is None


def test_wrk_that_is_not_served_is_an_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its report is shown."""

    def fails(*_: object) -> tuple[int, float]:
        message = "Socket errors"
        raise LoadError(message)

    monkeypatch.setattr(command, "put_under_load", fails)
    assert run() == 1
    assert "!!! wrk: Socket errors" in capsys.readouterr().out


def test_nothing_happens_without_wrk(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is said what to install."""
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert run() == 2
    assert "apt-get install wrk" in capsys.readouterr().out


def test_what_a_server_logs_and_how_it_ends_is_kept(tmp_path: Path) -> None:
    """Both count as errors."""
    with running(0, program(tmp_path, COMPLAINING)) as server:
        assert server.resident() > 2**20
        assert server.blocks() > 1000
        assert server.log == []
    assert server.log == ["something is wrong", "the server ended with code 3"]


def test_a_server_that_does_not_start_is_told(tmp_path: Path) -> None:
    """It says nothing of an address."""
    with (
        pytest.raises(ServerError, match="the server says ''"),
        running(0, program(tmp_path, "")),
    ):
        pytest.fail("it is running")
