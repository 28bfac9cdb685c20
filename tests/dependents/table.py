"""What came of the suites, as text for people and as a page of the documentation.

In: results. Out: text.
"""

import platform
from collections.abc import Iterator, Mapping, Sequence

from tests.dependents import suites
from tests.dependents.outcomes import MISSING, Outcomes
from tests.dependents.running import Result
from tests.dependents.suites import Suite

COMMAND = "hatch run dependents --write docs/dependents-table.md"

HEADING = (
    f"{'suite':<22}{'version':>9}{'run':>7}{'passed upstream':>17}{'passed ours':>13}"
    f"{'known to fail':>15}{'seconds':>9}"
)

COLUMNS = (
    *("distribution", "version", "tests", "run"),
    *("passed with ours", "lost with ours", "known to fail with upstream"),
)

NOTE = """\
Each suite is run twice in environments that differ in h11 alone, and test by test, by its id, what
passes with h11 0.16.0 has to pass with ours. Tests that skip themselves are not counted. A test
that differs is run again, up to twice, on both sides before it counts."""


def row(result: Result) -> str:
    """Return a result as a row under the heading, marked where it does not hold."""
    it = result.comparison
    mark = "" if it.holds else "  FAILED"
    return (
        f"{result.suite.name:<22}{result.suite.version:>9}{it.run:>7}{it.passed_upstream:>17}"
        f"{it.passed_ours:>13}{len(it.known):>15}{result.seconds:>9.0f}{mark}"
    )


def remarks(result: Result) -> Iterator[str]:
    """Yield, line by line, all that the row of a result does not tell."""
    it = result.comparison
    for pin in result.pins:
        yield f"  installed without its pin: {pin}"
    for side, tests in result.wavering.items():
        for test in tests:
            yield f"  wavering, passed only when run again with {side}: {test}"
    for test, reason in it.known.items():
        yield f"  known to fail with upstream: {test}: {reason}"
    for test in mended(result):
        yield f"  known to fail with upstream, but it passes: {test}"
    if not it.passed_upstream:
        yield "  NOTHING passed with upstream"
    for title, tests in (
        ("FAILS with upstream for no known reason", it.unexplained),
        ("LOST: passes with upstream, not with ours", it.lost),
        ("BROKEN with ours, unknown with upstream", it.only_ours),
    ):
        for test in tests:
            yield f"  {title}: {test}"
            for side, outcomes in (("upstream", it.upstream), ("ours", it.ours)):
                yield f"    {side}: {told(outcomes, test)}"


def told(outcomes: Outcomes, test: str) -> str:
    """Return what became of a test on one side, and why."""
    if test not in outcomes:
        return MISSING
    return " ".join(filter(None, (outcomes[test].word, outcomes[test].because)))


def mended(result: Result) -> list[str]:
    """Return the tests that are on the list of known failures without need."""
    it = result.comparison
    return [
        test
        for test in it.upstream
        if result.suite.reason(test) is not None and test not in it.known
    ]


def origin(suite: Suite) -> str:
    """Return whose tests a suite consists of."""
    match suite.tests:
        case suites.SDIST:
            return "its own"
        case suites.PUBLIC:
            return "ours, in `tests/dependents/public`"
    renamed = ", ".join(f"`{new}` for `{old}`" for old, new in suite.renamed.items())
    return f"those of {suite.tests.replace('==', ' ')}, with {renamed}"


def as_page(results: Sequence[Result]) -> str:
    """Return the results as a page of Markdown."""
    upstream, ours = results[0].versions
    lines = [
        "# The tests of programs and libraries on h11",
        "",
        f"Written by `{COMMAND}`.",
        "",
        f"- Upstream: h11 {upstream}",
        f"- Ours: h11 {ours}",
        f"- Interpreter: {platform.python_implementation()} {platform.python_version()}",
        "",
        f"| {' | '.join([*COLUMNS[:4], f'passed with h11 {upstream}', *COLUMNS[4:]])} |",
        "|---|---|---|--:|--:|--:|--:|--:|",
    ]
    for result in results:
        it, suite = result.comparison, result.suite
        cells = [
            *(suite.distribution, suite.version, origin(suite)),
            *map(str, (it.run, it.passed_upstream, it.passed_ours, len(it.lost), len(it.known))),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    lines += ["", NOTE, *listed("Known to fail with upstream", reasons(results))]
    lines += listed("Installed without its pin", {it: "" for each in results for it in each.pins})
    return "\n".join(lines) + "\n"


def reasons(results: Sequence[Result]) -> dict[str, str]:
    """Return the known failures of all suites with their reasons."""
    return {
        f"{result.suite.name}: `{test}`": reason
        for result in results
        for test, reason in result.comparison.known.items()
    }


def listed(title: str, items: Mapping[str, str]) -> list[str]:
    """Return the lines of a section with a list, or none if there is nothing to list."""
    if not items:
        return []
    lines = [f"- {item}{': ' if about else ''}{about}" for item, about in items.items()]
    return ["", f"## {title}", "", *lines]
