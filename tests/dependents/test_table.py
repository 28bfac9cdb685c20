"""Results are shown as rows with remarks, and as a page."""

from tests.dependents.outcomes import FAILED, PASSED, Comparison, Outcome
from tests.dependents.running import Result
from tests.dependents.suites import suite_of
from tests.dependents.table import HEADING, as_page, remarks, row

KNOWN = {"t.py::test_b": "it needs the moon"}

GOOD = {"t.py::test_a": Outcome(PASSED), "t.py::test_b": Outcome(FAILED, "no moon")}


def result(
    upstream: dict[str, Outcome], ours: dict[str, Outcome], tests: str = "sdist", **more: object
) -> Result:
    """Return a result of a suite with these outcomes."""
    table = {"version": "1.2", "tests": tests, "paths": ["t.py"], "known": KNOWN, **more}
    suite = suite_of("thing", table)
    comparison = Comparison(upstream, ours, suite.reason)
    pins = ["thing 1.2 has requirement h11<0.15, but you have h11 0.17.0."]
    return Result(suite, comparison, ("0.16.0", "0.17.0"), pins, {"ours": []}, 12.4)


def test_a_row_has_the_figures() -> None:
    """They stand under the heading, in its order."""
    shown = row(result(GOOD, GOOD))
    assert shown.split() == ["thing", "1.2", "2", "1", "1", "1", "12"]
    assert len(shown) == len(HEADING)


def test_the_remarks_tell_reasons_and_pins() -> None:
    """What the figures hide is told: why a test fails with upstream, and which pin was passed."""
    assert list(remarks(result(GOOD, GOOD))) == [
        "  installed without its pin: thing 1.2 has requirement h11<0.15, but you have h11 0.17.0.",
        "  known to fail with upstream: t.py::test_b: it needs the moon",
    ]


def test_a_lost_test_is_named_with_its_reason() -> None:
    """The row is marked, and the remarks tell what became of the test on both sides."""
    it = result(GOOD, {**GOOD, "t.py::test_a": Outcome(FAILED, "assert 1 == 2")})
    assert row(it).endswith("  FAILED")
    shown = list(remarks(it))
    at = shown.index("  LOST: passes with upstream, not with ours: t.py::test_a")
    assert shown[at + 1 :] == ["    upstream: passed", "    ours: failed assert 1 == 2"]


def test_a_missing_test_is_named() -> None:
    """A test that ours does not even have is lost as well."""
    shown = list(remarks(result(GOOD, {"t.py::test_b": Outcome(FAILED)})))
    assert shown[-1] == "    ours: missing"


def test_a_failure_of_upstream_without_reason_is_named() -> None:
    """So is a suite in which nothing passes."""
    both = {"t.py::test_a": Outcome(FAILED, "no")}
    shown = list(remarks(result(both, both)))
    assert "  NOTHING passed with upstream" in shown
    assert "  FAILS with upstream for no known reason: t.py::test_a" in shown


def test_a_known_failure_that_passes_is_told() -> None:
    """An entry that is not needed any more shows up."""
    both = {test: Outcome(PASSED) for test in GOOD}
    shown = list(remarks(result(both, both)))
    assert shown[-1] == "  known to fail with upstream, but it passes: t.py::test_b"


def test_wavering_tests_are_told() -> None:
    """What passed only when it was run again is not hidden."""
    it = result(GOOD, GOOD)
    it.wavering["ours"].append("t.py::test_a")
    line = "  wavering, passed only when run again with ours: t.py::test_a"
    assert line in list(remarks(it))


def test_the_page_has_a_row_for_each_suite_and_no_date() -> None:
    """Versions, figures, origin, reasons and pins are on it, and it is the same each time."""
    results = [
        result(GOOD, GOOD),
        result(GOOD, GOOD, "public"),
        result(GOOD, GOOD, "old==3.4", distribution="new", renamed={"old": "new"}),
    ]
    page = as_page(results)
    assert page == as_page(results)
    assert "- Upstream: h11 0.16.0\n- Ours: h11 0.17.0\n" in page
    assert "| thing | 1.2 | its own | 2 | 1 | 1 | 0 | 1 |\n" in page
    assert "| thing | 1.2 | ours, in `tests/dependents/public` | 2 | 1 | 1 | 0 | 1 |\n" in page
    assert "| new | 1.2 | those of old 3.4, with `new` for `old` | 2 | 1 | 1 | 0 | 1 |\n" in page
    assert "- thing: `t.py::test_b`: it needs the moon\n" in page
    assert page.endswith(
        "## Installed without its pin\n\n"
        "- thing 1.2 has requirement h11<0.15, but you have h11 0.17.0.\n"
    )
