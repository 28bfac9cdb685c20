"""Tests are run again where the sides differ, and the exit code tells what came of all."""

from collections.abc import Sequence
from pathlib import Path

import pytest

import tests.dependents.__main__ as command
from tests.dependents.outcomes import FAILED, PASSED, Comparison, Outcome
from tests.dependents.running import Bench, Result, SuiteBrokenError, settle
from tests.dependents.sides import Side
from tests.dependents.sources import with_names
from tests.dependents.suites import Suite, read, suite_of

SUITE = suite_of("thing", {"version": "1", "tests": "sdist", "paths": ["tests"], "options": ["-x"]})


class Told(Bench):
    """A bench whose runs end as they are told to."""

    runs: list[dict[str, str]]
    asked: list[Sequence[str]]

    def run(self, tests: Sequence[str] = ()) -> dict[str, Outcome]:
        """Note what is asked for, and return what is told."""
        self.asked.append(tests)
        return {test: Outcome(word) for test, word in self.runs.pop(0).items()}


def told(name: str, *runs: dict[str, str]) -> Told:
    """Return a bench that gives the outcomes of these runs, one after the other."""
    bench = Told(SUITE, Path(), Side(Path("python"), "0", ()), name)
    # The class is frozen, as a bench is.
    object.__setattr__(bench, "runs", list(runs))
    object.__setattr__(bench, "asked", [])
    return bench


def test_nothing_is_run_again_where_the_sides_agree() -> None:
    """One run on each side is enough."""
    upstream, ours = told("upstream", {"a": PASSED}), told("ours", {"a": PASSED})
    comparison, wavering = settle(upstream, ours)
    assert comparison.holds
    assert wavering == {"upstream": [], "ours": []}
    assert upstream.asked == ours.asked == [()]


def test_a_test_that_wavers_is_run_again_on_both_sides() -> None:
    """It counts as passed as soon as it passes, and is told."""
    upstream = told("upstream", {"a": PASSED, "b": PASSED}, {"b": PASSED})
    ours = told("ours", {"a": PASSED, "b": FAILED}, {"b": PASSED})
    comparison, wavering = settle(upstream, ours)
    assert comparison.holds
    assert wavering == {"upstream": [], "ours": ["b"]}
    assert upstream.asked == ours.asked == [(), ["b"]]


def test_a_test_that_keeps_failing_is_lost_after_two_reruns() -> None:
    """It is given two more chances, and no third."""
    upstream = told("upstream", {"a": PASSED}, {"a": PASSED}, {"a": PASSED})
    ours = told("ours", {"a": FAILED}, {"a": FAILED}, {"a": FAILED})
    comparison, wavering = settle(upstream, ours)
    assert comparison.lost == ["a"]
    assert wavering["ours"] == []
    assert not ours.runs


def test_a_missing_test_is_not_asked_for_again() -> None:
    """Pytest would refuse to run at all, so that only the side that has it runs it."""
    upstream = told("upstream", {"a": PASSED, "b": PASSED}, {"b": PASSED}, {"b": PASSED})
    ours = told("ours", {"a": PASSED})
    assert settle(upstream, ours)[0].lost == ["b"]
    assert ours.asked == [()]


def test_the_arguments_of_pytest(tmp_path: Path) -> None:
    """A distribution's own options are dropped for those of the suite; tests replace paths."""
    bench = Bench(SUITE, tmp_path, Side(Path("python"), "0", ()), "ours")
    all_tests, some = bench.arguments(()), bench.arguments(["t.py::test"])
    assert all_tests[-4:] == ["-o", "addopts=", "-x", "tests"]
    assert some[-2:] == ["-x", "t.py::test"]


def test_only_whole_words_are_renamed() -> None:
    """A name in a longer name is another name."""
    text = "import httpx; httpx.get; httpx_ = 'httpx'; my_httpx, httpcore"
    assert with_names(text, {"httpx": "httpx2", "httpcore": "httpcore2"}) == (
        "import httpx2; httpx2.get; httpx_ = 'httpx2'; my_httpx, httpcore2"
    )


def result_of(suite: Suite, word: str) -> Result:
    """Return a result in which one test passed with upstream, and ended so with ours."""
    comparison = Comparison({"t": Outcome(PASSED)}, {"t": Outcome(word)}, suite.reason)
    return Result(suite, comparison, ("0.16.0", "0.17.0"))


@pytest.mark.parametrize(
    ("word", "code"), [(PASSED, 0), (FAILED, 1), (None, 1)], ids=["holds", "lost", "cannot run"]
)
def test_the_exit_code_tells_the_outcome(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    word: str | None,
    code: int,
) -> None:
    """All suites are run, whatever comes of one; the page is written of complete results alone."""
    ran: list[str] = []

    def run_suite(suite: Suite, _: Path) -> Result:
        """Give the outcome that is told for the second suite, and a good one for others."""
        ran.append(suite.name)
        if len(ran) != 2:
            return result_of(suite, PASSED)
        if word is None:
            raise SuiteBrokenError("no pytest")
        return result_of(suite, word)

    monkeypatch.setattr(command, "build", lambda _: None)
    monkeypatch.setattr(command, "run_suite", run_suite)
    page = tmp_path / "page.md"
    assert command.main(["--write", str(page)]) == code
    assert len(ran) == len(read())
    assert page.exists() == (word is not None)
    shown = capsys.readouterr().out
    assert ("LOST" in shown) == (word == FAILED)
    assert ("COULD NOT BE RUN\n  no pytest" in shown) == (word is None)


@pytest.mark.parametrize(
    "arguments",
    [["--suite", "nothing"], ["--part", "none"], ["--write", "x.md", "--suite", "wsproto"]],
    ids=["unknown suite", "unknown part", "a page of some suites"],
)
def test_mistaken_options_are_refused(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """The command ends with its usage, before anything is installed."""
    with pytest.raises(SystemExit, match="2"):
        command.main(arguments)
    assert "usage: dependents" in capsys.readouterr().err
