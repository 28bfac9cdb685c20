"""The command times two releases in processes of their own, and its exit code tells the outcome."""

import json
import sys
from pathlib import Path

import pytest

import tests.benchmarks.__main__ as command
from tests.benchmarks.process import WorkerEndedError, running
from tests.benchmarks.table import PROMISES
from tests.environments import UPSTREAM, interpreter_with


def test_one_line_is_timed_and_reported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The report names both releases, and has the line asked for and no other."""
    file = tmp_path / "bench.json"
    assert command.main(["chunked_out", "--rounds", "2", "--json", str(file)]) == 0
    report = json.loads(file.read_text(encoding="utf-8"))
    versions = {side: it["version"] for side, it in report["implementations"].items()}
    assert versions["upstream"] == "0.16.0"
    assert versions["ours"] != "0.16.0"
    assert list(report["lines"]) == ["chunked_out"]
    assert len(report["lines"]["chunked_out"]["ours"]) == 2
    shown = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in shown] == ["ours:", "upstream:", "line", "chunked_out"]


@pytest.mark.parametrize(("promise", "code"), [(0.0, 0), (1e9, 1)])
def test_check_fails_where_a_promise_is_broken(
    monkeypatch: pytest.MonkeyPatch, promise: float, code: int
) -> None:
    """With `--check` the exit code is 1 below the promise, and 0 above it."""
    monkeypatch.setitem(PROMISES, "chunked_out", promise)
    assert command.main(["chunked_out", "--rounds", "1", "--check"]) == code


def test_a_release_is_not_compared_with_itself(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command refuses to run when both workers have the same version."""
    monkeypatch.setattr(command, "interpreter_with", lambda *_: Path(sys.executable))
    assert command.main(["chunked_out"]) == 2
    assert "same version" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [["no_such_line"], ["--rounds", "0"], ["--rounds", "x"]])
def test_mistaken_options_are_refused(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """An unknown line and a number of rounds that is none end with the usage."""
    with pytest.raises(SystemExit, match="2"):
        command.main(arguments)
    assert "usage: bench" in capsys.readouterr().err


def test_a_worker_that_fails_gives_no_time() -> None:
    """Where the work cannot be done, there is an error instead of a figure."""
    with (
        running(interpreter_with(*UPSTREAM)) as worker,
        pytest.raises(WorkerEndedError, match="no answer"),
    ):
        worker.sample("no_such_line", 1)
