"""What became of the tests is read from what pytest reports, and nothing is taken for a success."""

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tests.pythons import suite
from tests.pythons.interpreters import Interpreter, Place
from tests.pythons.suite import SELECTIONS, Outcome, SuiteError, outcome_in, run

OURS = Interpreter("3.11", "CPython 3.11.7", Place("this environment", (sys.executable,)))

TESTS = """
    import pytest

    def test_passes(): pass
    def test_passes_too(): pass
    def test_fails(): assert False
    @pytest.mark.skip
    def test_is_skipped(): pass
    @pytest.fixture
    def broken(): raise KeyError
    def test_has_an_error(broken): pass
"""


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the tests run in the environment that is there."""
    monkeypatch.setattr(suite, "environment", lambda *_: (sys.executable,))


def module_of(folder: Path, text: str) -> tuple[str, ...]:
    """Write a module of tests, and return how pytest is told to run it and nothing else."""
    module = folder / "test_something.py"
    module.write_text(textwrap.dedent(text), encoding="utf-8")
    return (f"--rootdir={folder}", "-c", "/dev/null", str(module))


@pytest.mark.usefixtures("here")
def test_outcomes_are_counted(tmp_path: Path) -> None:
    """What passes, is skipped and fails is told apart; an error in a fixture is a failure."""
    outcome, printed = run(OURS, tmp_path, module_of(tmp_path, TESTS))
    assert (outcome.passed, outcome.skipped, outcome.failed) == (2, 1, 2)
    assert outcome.seconds > 0
    assert "2 passed, 1 skipped" in printed


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    "text",
    [
        pytest.param("import os\nos._exit(0)", id="that end the process"),
        pytest.param("", id="that are none"),
    ],
)
def test_tests_that_did_not_run_are_no_success(tmp_path: Path, text: str) -> None:
    """Without a report, or with one that does not fit the exit code, there is no outcome."""
    with pytest.raises(SuiteError):
        run(OURS, tmp_path, module_of(tmp_path, text))


@pytest.mark.usefixtures("here")
def test_tests_that_hang_are_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Waiting has an end."""
    monkeypatch.setattr(suite, "SECONDS_TO_RUN", 0.1)
    with pytest.raises(SuiteError, match="had not ended"):
        run(OURS, tmp_path, module_of(tmp_path, TESTS))


def test_an_environment_that_cannot_be_made_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That pip failed is an outcome of this Python, not the end of everything."""

    def fails(*_: object) -> tuple[str, ...]:
        raise subprocess.CalledProcessError(1, "pip")

    monkeypatch.setattr(suite, "environment", fails)
    with pytest.raises(SuiteError, match="environment could not be made"):
        run(OURS, tmp_path, ())


def test_the_counts_of_a_report_add_up() -> None:
    """All suites of a report count."""
    part = '<testsuite tests="5" failures="1" errors="1" skipped="1" time="1.5"></testsuite>'
    assert outcome_in(f"<testsuites>{part * 2}</testsuites>") == Outcome(4, 2, 4, 3.0)


def test_the_parts_are_those_of_the_four_packages() -> None:
    """The shorter selection has the tests of each package."""
    assert SELECTIONS["parts"] == (
        "tests/events",
        "tests/parser",
        "tests/statemachine",
        "tests/h11",
    )
