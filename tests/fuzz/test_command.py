"""The commands around the targets: what they run, what they report, and their exit codes.

Instead of a process that fuzzes there is one that does what such a process may do, so that nothing
here needs atheris.
"""

import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

import pytest

import tests.fuzz.__main__ as command
from tests.fuzz import replay, session, worker
from tests.fuzz.promises import BrokenPromiseError
from tests.fuzz.seeds import file_of
from tests.fuzz.targets import TARGETS

QUIET = "print('stat::number_of_executed_units: 12')"
LOUD = """
import sys
prefix = next(it for it in sys.argv if it.startswith('-artifact_prefix=')).partition('=')[2]
open(prefix + 'crash-1', 'wb').write(b'GET')
print('#7\\tNEW')
print('=== Uncaught Python exception: ===')
print('what is wrong')
sys.exit(77)
"""
IDLE = "print('nothing was done')"
SLOW = "import time; print('#3\\tpulse', flush=True); time.sleep(60)"


def as_worker(monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Let a script stand for the process that fuzzes, and atheris seem to be there."""
    monkeypatch.setattr(session, "WORKER", (sys.executable, "-c", script))
    monkeypatch.setattr(command, "find_spec", lambda _: object())


def test_report_without_a_finding(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each target is reported with its executions; the temporary folder is gone afterwards."""
    as_worker(monkeypatch, QUIET)
    assert (
        command.main(["--seconds", "10", "--jobs", "2", "--targets", "server,client,growth"]) == 0
    )
    first, *lines = capsys.readouterr().out.splitlines()
    assert first.startswith("5 s for each target, 2 at a time, in ")
    assert not Path(first.rpartition(" ")[2]).exists()
    names = ("server", "client", "growth")
    assert sorted(lines) == sorted(f"{name}: 12 executions, no finding" for name in names)


def test_report_of_a_finding(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """A finding is shown with the input that leads to it, which stays, and fails the command."""
    as_worker(monkeypatch, LOUD)
    options = ["--targets", "server", "--seconds", "1", "--folder", str(tmp_path)]
    assert command.main(options) == 1
    shown = capsys.readouterr().out
    finding = tmp_path / "findings" / "server" / "crash-1"
    assert finding.read_bytes() == b"GET"
    assert "server: 7 executions, FINDING\n=== Uncaught" in shown
    assert "what is wrong" in shown
    assert f"python -m tests.fuzz.replay server {finding}\n" in shown


def test_worker_that_does_nothing_is_no_success(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Without a single execution nothing is known."""
    as_worker(monkeypatch, IDLE)
    assert command.main(["--targets", "server", "--folder", str(tmp_path)]) == 1
    assert "server: 0 executions, FINDING\nnothing was done" in capsys.readouterr().out


def test_worker_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A process that outlives its time is ended, and taken for a finding."""
    as_worker(monkeypatch, SLOW)
    wait = subprocess.Popen.wait
    log = tmp_path / "server.log"

    def expire(process: "subprocess.Popen[bytes]", timeout: float | None = None) -> int:
        """Let the time be over as soon as something was done."""
        if timeout is None:
            return wait(process)
        while "pulse" not in log.read_text(encoding="utf-8"):
            time.sleep(0.01)
        raise subprocess.TimeoutExpired(process.args, timeout)

    monkeypatch.setattr(subprocess.Popen, "wait", expire)
    result = session.fuzz("server", 1, tmp_path)
    assert result.executions == 3
    assert result.exit_code != 0
    assert not result.passed


def test_without_atheris_nothing_is_fuzzed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Both commands say so, and fail."""
    monkeypatch.setattr(command, "find_spec", lambda _: None)
    assert command.main([]) == 2
    assert "NOT FUZZED: atheris is not installed" in capsys.readouterr().out
    monkeypatch.setitem(sys.modules, "atheris", None)
    assert worker.main(["server"]) == 2
    assert "the fuzzers need atheris" in capsys.readouterr().err


@pytest.mark.parametrize(
    "options", [["--targets", "nothing"], ["--seconds", "0"], ["--jobs", "x"]], ids=" ".join
)
def test_mistaken_options_are_refused(
    options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """An unknown target and a number that is none end with the usage."""
    with pytest.raises(SystemExit, match="2"):
        command.main(options)
    assert "usage: fuzz" in capsys.readouterr().err


class FakeAtheris(ModuleType):
    """Runs one input, and notes what it was told."""

    def __init__(self) -> None:
        """Begin with nothing."""
        super().__init__("atheris")
        self.instrumented: tuple[str, ...] = ()
        self.options: list[str] = []
        self.visited: list[int] = []
        self.check: Callable[[bytes], None] = lambda _: None

    def instrument_imports(self, include: tuple[str, ...]) -> nullcontext[None]:
        """Note which packages are instrumented."""
        self.instrumented = include
        return nullcontext()

    def instrument_func(self, function: Callable[[int], None]) -> Callable[[int], None]:
        """Return what notes its calls."""

        def visit(number: int) -> None:
            function(number)
            self.visited.append(number)

        return visit

    def __getattr__(self, name: str) -> Any:
        """Return the two functions whose names are not ours to choose."""
        return {"Setup": self._set_up, "Fuzz": self._fuzz}[name]

    def _set_up(self, options: list[str], check: Callable[[bytes], None]) -> None:
        self.options = options
        self.check = check

    def _fuzz(self) -> None:
        self.check(b"GET / HTTP/1.1\r\n")


def test_worker_hands_a_target_to_atheris(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is told what to instrument, the options, and each landmark of each input."""
    atheris = FakeAtheris()
    monkeypatch.setitem(sys.modules, "atheris", atheris)
    assert worker.main(["server", "-runs=1"]) == 0
    assert set(atheris.instrumented) == {"h11", "h11_events", "h11_parser", "h11_statemachine"}
    assert atheris.options == ["fuzz-server", "-runs=1"]
    assert len(atheris.visited) == len(TARGETS["server"](b"GET / HTTP/1.1\r\n")) > 1
    assert all(0 <= number < worker.LEAVES for number in atheris.visited)
    for arguments in ([], ["nothing"]):
        assert worker.main(arguments) == 2
        assert "which target?" in capsys.readouterr().err


def test_each_number_has_a_branch_of_its_own() -> None:
    """No two numbers end at the same line of the tree."""
    leaves = []

    def trace(frame: FrameType, event: str, _: object) -> Any:
        if event == "return":
            leaves.append(frame.f_lineno)
        return trace

    visit = worker.tree()
    before = sys.gettrace()
    sys.settrace(trace)
    try:
        for number in range(worker.LEAVES):
            visit(number)
    finally:
        sys.settrace(before)
    assert len(set(leaves)) == len(leaves) == worker.LEAVES


def test_replay_of_an_input(capsys: pytest.CaptureFixture[str]) -> None:
    """It shows what an input means."""
    assert replay.main(["server", str(file_of("server", "continue"))]) == 0
    shown = capsys.readouterr().out
    assert "  plan: (2, 0, 0, 0)\n" in shown
    assert "  stream: b'PUT / HTTP/1.1\\r\\n" in shown
    assert shown.endswith("no finding\n")


def test_replay_of_a_finding(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """It shows what is wrong, and fails."""

    def broken(_octets: bytes) -> set[str]:
        raise BrokenPromiseError("what is wrong")

    monkeypatch.setitem(TARGETS, "server", broken)
    file = tmp_path / "input"
    file.write_bytes(b"")
    assert replay.main(["server", str(file)]) == 1
    assert "BrokenPromiseError: what is wrong" in capsys.readouterr().out
