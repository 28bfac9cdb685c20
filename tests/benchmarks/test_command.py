"""The command measures each in a process of its own, and its exit code tells the outcome."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

import tests.benchmarks.__main__ as command
from tests.benchmarks.contenders import CONTENDERS
from tests.benchmarks.process import WorkerEndedError, running
from tests.benchmarks.targets import ROWS
from tests.environments import UPSTREAM, interpreter_with

FAST = ["chunked_out", "--rounds", "1", "--no-native"]


def test_one_line_is_measured_and_reported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The report names all four, and has the line asked for and no other."""
    file, page = tmp_path / "bench.json", tmp_path / "bench.md"
    arguments = ["chunked_out", "--rounds", "2", "--json", str(file), "--write", str(page)]
    assert command.main(arguments) == 0
    report = json.loads(file.read_text(encoding="utf-8"))
    versions = {side: it["version"] for side, it in report["implementations"].items()}
    assert versions.pop("ours") != "0.16.0"
    assert versions == {"upstream": "0.16.0", "httptools": "0.9.0", "zttp": "0.0.35"}
    assert list(report["lines"]) == ["chunked_out"]
    samples = report["lines"]["chunked_out"]["samples"]
    assert {name: len(amounts) for name, amounts in samples.items()} == {
        "ours": 2,
        "upstream": 2,
        "zttp": 2,
    }
    shown = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in shown] == (
        ["ours:", "upstream:", "httptools:", "zttp:", "line", "chunked_out"]
    )
    assert "(`chunked_out`)" in page.read_text(encoding="utf-8")


def test_native_parsers_can_be_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    """Where only ours and upstream matter, nothing else is run."""
    assert command.main(FAST) == 0
    shown = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in shown] == ["ours:", "upstream:", "line", "chunked_out"]


@pytest.mark.parametrize(
    ("option", "promise", "target", "code"),
    [
        pytest.param("--check", 0.0, 1e9, 0, id="promise kept"),
        pytest.param("--check", 1e9, 0.0, 1, id="promise broken"),
        pytest.param("--targets", 1e9, 0.0, 0, id="target reached"),
        pytest.param("--targets", 0.0, 1e9, 1, id="target missed"),
    ],
)
def test_the_exit_code_tells_the_outcome(
    monkeypatch: pytest.MonkeyPatch, option: str, promise: float, target: float, code: int
) -> None:
    """With `--check` the promises decide, with `--targets` the targets."""
    wanted = replace(ROWS["chunked_out"], promise=promise, target=target)
    monkeypatch.setitem(ROWS, "chunked_out", wanted)
    assert command.main([*FAST, option]) == code


def test_a_release_is_not_compared_with_itself(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command refuses to run when both workers have the same version."""
    monkeypatch.setitem(CONTENDERS, "upstream", CONTENDERS["ours"])
    assert command.main(FAST) == 2
    assert "same version" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [["no_such_line"], ["--rounds", "0"], ["--rounds", "x"]])
def test_mistaken_options_are_refused(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """An unknown line and a number of rounds that is none end with the usage."""
    with pytest.raises(SystemExit, match="2"):
        command.main(arguments)
    assert "usage: bench" in capsys.readouterr().err


def test_a_worker_that_fails_gives_no_figure() -> None:
    """Where the work cannot be done, there is an error instead of a figure."""
    with (
        running(interpreter_with(*UPSTREAM)) as worker,
        pytest.raises(WorkerEndedError, match="no answer"),
    ):
        worker.sample("no_such_line", 1)
