"""The command runs what can be had, says loudly what could not, and its exit code tells both."""

from argparse import Namespace
from pathlib import Path

import pytest

import tests.pythons.__main__ as command
from tests.pythons import roots
from tests.pythons.interpreters import Interpreter, Place, wanted
from tests.pythons.roots import RootError
from tests.pythons.suite import Outcome, SuiteError
from tests.pythons.table import Broken, Done, Missing, Result, is_good, line, page

FOUND = Interpreter("3.14", "CPython 3.14.8", Place("Debian forky", ("python3.14",)))

DONE = Done(FOUND, Outcome(7000, 1, 0, 60.4))
FAILED = Done(FOUND, Outcome(6999, 1, 1, 60.4))
NOTHING_RAN = Done(FOUND, Outcome(0, 0, 0, 0.0))
BROKEN = Broken(FOUND, "no report")
MISSING = Missing("no release of Debian has it")

ASKED = Namespace(bootstrap=True, tests="parts")


@pytest.mark.parametrize(
    ("results", "code"),
    [
        pytest.param({"3.13": DONE, "3.14": DONE}, 0, id="all passed"),
        pytest.param({"3.13": MISSING, "3.14": DONE}, 0, id="one could not be had"),
        pytest.param({"3.13": DONE, "3.14": FAILED}, 1, id="a test failed"),
        pytest.param({"3.14": NOTHING_RAN}, 1, id="nothing ran"),
        pytest.param({"3.13": BROKEN, "3.14": DONE}, 1, id="one broke off"),
        pytest.param({"3.13": MISSING, "3.14": MISSING}, 2, id="none could be had"),
    ],
)
def test_the_exit_code_tells_the_outcome(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, results: dict[str, Result], code: int
) -> None:
    """Only tests that ran and passed are a success; the page has a row for each version."""
    monkeypatch.setattr(command, "build", lambda _: None)
    monkeypatch.setattr(command, "result_of", lambda version, **_: results[version])
    written = tmp_path / "table.md"
    assert command.main([*results, "--write", str(written)]) == code
    rows = written.read_text(encoding="utf-8").splitlines()
    assert [row.split(" | ")[0] for row in rows[-len(results) :]] == [f"| {it}" for it in results]


def test_all_versions_are_run_by_default_and_the_own_one_can_be_left_out(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With `--others`, the version that runs the command is not run once more."""
    ran: list[str] = []

    def result_of(version: str, **_: object) -> Result:
        ran.append(version)
        return DONE

    monkeypatch.setattr(command, "build", lambda _: None)
    monkeypatch.setattr(command, "identify", lambda _: ("3.12", "CPython 3.12.1"))
    monkeypatch.setattr(command, "result_of", result_of)
    assert command.main([]) == 0
    assert sorted(ran) == sorted(wanted())
    ran.clear()
    assert command.main(["--others", "--tests", "parts"]) == 0
    assert sorted(ran) == sorted(set(wanted()) - {"3.12"})
    assert "The tests of each package" in capsys.readouterr().out


def test_what_is_not_on_the_machine_is_made_when_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """A version is looked for again once its root is made, and not made without being asked."""
    made: list[str] = []
    monkeypatch.setattr(roots, "make", made.append)
    monkeypatch.setattr(command, "find", lambda *_: FOUND if made else None)
    monkeypatch.setattr(command, "run", lambda *_: (DONE.outcome, ""))
    without = Namespace(bootstrap=False, tests="parts")
    assert command.result_of("3.14", Path(), without) == Missing("not on this machine")
    assert command.result_of("3.14", Path(), ASKED) == DONE
    assert made == ["3.14"]


def test_why_a_version_could_not_be_had_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """It could not be made, or what was made does not run."""
    monkeypatch.setattr(command, "find", lambda *_: None)
    monkeypatch.setattr(roots, "make", lambda _: None)
    does_not_run = Missing("its root does not run on this machine")
    assert command.result_of("3.14", Path(), ASKED) == does_not_run

    def cannot(_version: str) -> None:
        raise RootError(MISSING.reason)

    monkeypatch.setattr(roots, "make", cannot)
    assert command.result_of("3.14", Path(), ASKED) == MISSING


def test_tests_that_break_off_show_what_was_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever reads the output sees why."""

    def breaks_off(*_: object) -> tuple[Outcome, str]:
        raise SuiteError(BROKEN.reason)

    monkeypatch.setattr(command, "find", lambda *_: FOUND)
    monkeypatch.setattr(command, "run", breaks_off)
    assert command.result_of("3.14", Path(), ASKED) == BROKEN
    assert capsys.readouterr().out == "no report\n!!! 3.14: CPython 3.14.8 BROKE OFF\n"


def test_a_version_that_nobody_wants_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """A slip of the pen is not taken for a version that could not be had."""
    with pytest.raises(SystemExit):
        command.main(["3.41"])
    assert "no such version: 3.41" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("result", "text"),
    [
        pytest.param(
            DONE,
            "3.14: CPython 3.14.8, from Debian forky: 7000 passed, 1 skipped, in 60 s",
            id="done",
        ),
        pytest.param(
            FAILED,
            "3.14: CPython 3.14.8, from Debian forky: 6999 passed, 1 skipped, 1 FAILED, in 60 s",
            id="failed",
        ),
        pytest.param(
            MISSING, "!!! 3.14: COULD NOT BE HAD: no release of Debian has it", id="missing"
        ),
        pytest.param(BROKEN, "!!! 3.14: CPython 3.14.8 BROKE OFF", id="broken"),
    ],
)
def test_a_line_says_it_loudly(result: Result, text: str) -> None:
    """What did not go well stands out."""
    assert line("3.14", result) == text
    assert is_good(result) is (result is DONE)


def test_the_page_has_all_results_in_columns() -> None:
    """Each row has as many cells as the heading."""
    written = page({"3.12": MISSING, "3.13": BROKEN, "3.14": DONE}, "all")
    heading, _, *rows = [text for text in written.splitlines() if text.startswith("|")]
    assert rows == [
        "| 3.12 | could not be had: no release of Debian has it |  |  |  | |",
        "| 3.13 | CPython 3.14.8: broke off |  |  |  | |",
        "| 3.14 | CPython 3.14.8 | Debian forky | 7,000 | 1 | 0 |",
    ]
    assert {row.count("|") for row in rows} == {heading.count("|")}
    assert "All tests but those that compare speeds" in written
