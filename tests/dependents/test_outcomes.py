"""Outcomes are read from the log of pytest, and compared test by test."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.dependents.outcomes import (
    ERROR,
    FAILED,
    PASSED,
    SKIPPED,
    XFAILED,
    Comparison,
    Outcome,
    amended,
    healed,
    read_log,
)


def report(nodeid: str, when: str, outcome: str, longrepr: Any = None, **more: Any) -> str:
    """Return a line of the log."""
    fields = {"nodeid": nodeid, "when": when, "outcome": outcome, "longrepr": longrepr, **more}
    return json.dumps({"$report_type": "TestReport", **fields})


CRASH = {"reprcrash": {"message": "AssertionError: assert 1 == 2\n  more"}}


@pytest.mark.parametrize(
    ("reports", "outcome"),
    [
        ([("setup", "passed"), ("call", "passed"), ("teardown", "passed")], Outcome(PASSED)),
        (
            [("setup", "passed"), ("call", "failed", CRASH), ("teardown", "passed")],
            Outcome(FAILED, "AssertionError: assert 1 == 2"),
        ),
        (
            [("setup", "failed", "\n no fixture\n"), ("teardown", "passed")],
            Outcome(ERROR, "no fixture"),
        ),
        (
            [("setup", "passed"), ("call", "passed"), ("teardown", "failed", CRASH)],
            Outcome(ERROR, "AssertionError: assert 1 == 2"),
        ),
        (
            [("setup", "skipped", ["a.py", 3, "Skipped: not here"]), ("teardown", "passed")],
            Outcome(SKIPPED, "Skipped: not here"),
        ),
    ],
    ids=["passed", "failed", "no set-up", "no tear-down", "skipped"],
)
def test_the_worst_phase_counts(reports: list[tuple[Any, ...]], outcome: Outcome) -> None:
    """A test is what the worst of its phases is, with the first line of the reason."""
    lines = [report("t.py::test", *phase) for phase in reports]
    assert read_log(lines) == {"t.py::test": outcome}


def test_an_expected_failure_is_no_skip() -> None:
    """Pytest reports both as skipped; what it expected is told beside it."""
    lines = [report("t", "call", "skipped", "reason", wasxfail="known")]
    assert read_log(lines)["t"].word == XFAILED


def test_a_module_that_cannot_be_collected_is_an_error() -> None:
    """It stands for its tests, which nobody knows; other lines of the log tell of no test."""
    lines = [
        json.dumps({"$report_type": "SessionStart", "pytest_version": "9"}),
        json.dumps(
            {
                "$report_type": "CollectReport",
                "nodeid": "t.py",
                "outcome": "failed",
                "longrepr": "ImportError: no h11",
            }
        ),
        json.dumps({"$report_type": "CollectReport", "nodeid": "u.py", "outcome": "passed"}),
        json.dumps({"$report_type": "WarningMessage", "nodeid": "t.py"}),
    ]
    assert read_log(lines) == {"t.py": Outcome(ERROR, "ImportError: no h11")}


def outcomes(**words: str) -> dict[str, Outcome]:
    """Return the outcomes of tests by their names."""
    return {test: Outcome(word) for test, word in words.items()}


def compared(upstream: dict[str, Outcome], ours: dict[str, Outcome], *known: str) -> Comparison:
    """Return a comparison with known failures."""
    return Comparison(upstream, ours, lambda test: "why" if test in known else None)


@pytest.mark.parametrize(
    ("upstream", "ours", "lost"),
    [
        (PASSED, PASSED, False),
        (PASSED, FAILED, True),
        (PASSED, ERROR, True),
        (PASSED, SKIPPED, True),
        (PASSED, XFAILED, True),
        (PASSED, None, True),
        (SKIPPED, SKIPPED, False),
        (SKIPPED, PASSED, False),
        (SKIPPED, FAILED, True),
        (XFAILED, PASSED, False),
        (XFAILED, FAILED, True),
        (FAILED, FAILED, False),
        (FAILED, PASSED, False),
    ],
)
def test_what_is_well_with_upstream_must_be_with_ours(
    upstream: str, ours: str | None, lost: bool
) -> None:
    """A test is lost if it passes with upstream alone, or breaks with ours alone."""
    it = compared(outcomes(test=upstream), outcomes(test=ours) if ours else {})
    assert it.lost == (["test"] if lost else [])


def test_ours_passes_all_that_upstream_passes() -> None:
    """Then it holds, with what is known to fail, and the figures are those of the tests."""
    both = outcomes(a=PASSED, b=FAILED, c=SKIPPED, d=XFAILED)
    it = compared(both, {**both, **outcomes(b=PASSED)}, "b")
    assert it.holds
    assert (it.run, it.passed_upstream, it.passed_ours) == (3, 1, 2)
    assert it.known == {"b": "why"}


@pytest.mark.parametrize(
    ("upstream", "ours", "suspects"),
    [
        (outcomes(a=PASSED, b=PASSED), outcomes(a=PASSED, b=FAILED), ["b"]),
        (outcomes(a=PASSED, b=FAILED), outcomes(a=PASSED, b=FAILED), ["b"]),
        (outcomes(a=PASSED), outcomes(a=PASSED, b=ERROR), ["b"]),
        # The same number of tests passes, but not the same tests.
        (outcomes(a=PASSED, b=SKIPPED), outcomes(a=SKIPPED, b=PASSED), ["a"]),
    ],
    ids=["lost", "failing for no known reason", "broken with ours alone", "equal counts"],
)
def test_it_does_not_hold_while_a_test_is_suspect(
    upstream: dict[str, Outcome], ours: dict[str, Outcome], suspects: list[str]
) -> None:
    """Each test that counts against it is named."""
    it = compared(upstream, ours)
    assert it.suspects == suspects
    assert not it.holds


@pytest.mark.parametrize("nothing", [{}, outcomes(a=SKIPPED)], ids=["no test", "all skipped"])
def test_a_suite_in_which_nothing_passes_proves_nothing(nothing: dict[str, Outcome]) -> None:
    """Where upstream passes no test, it does not hold."""
    assert not compared(nothing, nothing).holds


def test_only_what_passes_again_is_amended() -> None:
    """A rerun can heal a test that was there, and can break or add none."""
    first = outcomes(a=FAILED, b=FAILED, c=PASSED)
    last = amended(first, outcomes(a=PASSED, b=ERROR, c=FAILED, d=PASSED))
    assert last == outcomes(a=PASSED, b=FAILED, c=PASSED)
    assert healed(first, last) == ["a"]


SAMPLE = """
import pytest

@pytest.mark.parametrize("x", [1, 2])
def test_a(x):
    assert x == 1

def test_b():
    pytest.skip("not here")

@pytest.mark.xfail
def test_c():
    raise ValueError

@pytest.fixture
def broken():
    raise RuntimeError("no fixture")

def test_d(broken):
    pass
"""


def test_a_log_of_pytest_itself_is_read(tmp_path: Path) -> None:
    """What pytest-reportlog writes at present is understood."""
    (tmp_path / "test_sample.py").write_text(SAMPLE, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    log = tmp_path / "log.jsonl"
    command = [sys.executable, "-m", "pytest", "-q", "--report-log", str(log)]
    done = subprocess.run(command, cwd=tmp_path, check=False, capture_output=True, text=True)
    assert done.returncode == 1, done.stdout + done.stderr
    found = read_log(log.read_text(encoding="utf-8").splitlines())
    assert {test.removeprefix("test_sample.py::"): it.word for test, it in found.items()} == {
        "test_a[1]": PASSED,
        "test_a[2]": FAILED,
        "test_b": SKIPPED,
        "test_c": XFAILED,
        "test_d": ERROR,
    }
    assert found["test_sample.py::test_a[2]"].because == "assert 2 == 1"
    assert found["test_sample.py::test_d"].because == "RuntimeError: no fixture"
