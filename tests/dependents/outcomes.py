"""What became of each test, and what follows from that for two runs of the same tests.

In: the log that pytest-reportlog writes, one JSON object a line; then the outcomes with upstream
and with ours. Out: outcomes by the id of the test; then which tests are lost with ours, and which
fail with upstream without a known reason. Only ids are compared, never counts.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

PASSED = "passed"
SKIPPED = "skipped"
XFAILED = "xfailed"
FAILED = "failed"
ERROR = "error"
MISSING = "missing"

BROKEN = frozenset({FAILED, ERROR, MISSING})
"""The outcomes that are neither what a test is for, nor foreseen by it."""

_WEIGHT = {it: weight for weight, it in enumerate((PASSED, SKIPPED, XFAILED, FAILED, ERROR))}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a test.

    Attributes:
        word: One of the words above.
        because: The first line of what pytest says about it, empty if it passed.
    """

    word: str
    because: str = ""


Outcomes = Mapping[str, Outcome]
"""The outcomes of a run by the ids of the tests."""


def read_log(lines: Iterable[str]) -> dict[str, Outcome]:
    """Return what became of each test of a log.

    The worst of set-up, call and tear-down counts. A module that cannot be collected counts as a
    test that ended in an error, or was skipped.
    """
    outcomes: dict[str, Outcome] = {}
    for line in lines:
        report = json.loads(line)
        outcome = outcome_of(report)
        if outcome is None:
            continue
        before = outcomes.get(report["nodeid"])
        if before is None or _WEIGHT[outcome.word] > _WEIGHT[before.word]:
            outcomes[report["nodeid"]] = outcome
    return outcomes


def outcome_of(report: Mapping[str, Any]) -> Outcome | None:
    """Return what a report of pytest says about a test, or None if it is about something else."""
    match report["$report_type"], report.get("outcome"):
        case "TestReport" | "CollectReport", "failed":
            call = report.get("when") == "call"
            return Outcome(FAILED if call else ERROR, reason_of(report["longrepr"]))
        case "TestReport" | "CollectReport", "skipped":
            expected = "wasxfail" in report
            return Outcome(XFAILED if expected else SKIPPED, reason_of(report["longrepr"]))
        case "TestReport", "passed":
            return Outcome(PASSED)
    return None


def reason_of(longrepr: Any) -> str:
    """Return the line that says most in what pytest tells about a failure or a skip."""
    match longrepr:
        case {"reprcrash": {"message": str(text)}}:
            return first_line(text)
        case [_, _, str(text)]:
            return first_line(text)
        case str(text):
            return first_line(text)
    return ""


def first_line(text: str) -> str:
    """Return the first line that is not empty, shortened."""
    lines = (line.strip() for line in text.splitlines())
    return next((line for line in lines if line), "")[:200]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The outcomes of the same tests on both sides, and how they compare.

    Attributes:
        upstream: What became of the tests with upstream.
        ours: What became of them with ours.
        reason: Why a test is known to fail with upstream, or None.
    """

    upstream: Outcomes
    ours: Outcomes
    reason: Callable[[str], str | None]

    @property
    def lost(self) -> list[str]:
        """The tests that are well with upstream and not with ours."""
        return [
            test
            for test, outcome in self.upstream.items()
            if outcome.word not in BROKEN
            and self.with_ours(test) != PASSED
            and (outcome.word == PASSED or self.with_ours(test) in BROKEN)
        ]

    @property
    def only_ours(self) -> list[str]:
        """The tests that are broken with ours and unknown to the run with upstream."""
        return [
            test
            for test, outcome in self.ours.items()
            if test not in self.upstream and outcome.word in BROKEN
        ]

    @property
    def failing_upstream(self) -> list[str]:
        """The tests that fail with upstream."""
        return [test for test, outcome in self.upstream.items() if outcome.word in BROKEN]

    @property
    def known(self) -> dict[str, str]:
        """The tests that fail with upstream for a known reason, with it."""
        return {test: reason for test in self.failing_upstream if (reason := self.reason(test))}

    @property
    def unexplained(self) -> list[str]:
        """The tests that fail with upstream and are not known to."""
        return [test for test in self.failing_upstream if self.reason(test) is None]

    @property
    def suspects(self) -> list[str]:
        """The tests that are run again before their outcome counts."""
        return [*self.lost, *self.only_ours, *self.unexplained]

    @property
    def holds(self) -> bool:
        """Whether ours passes what upstream passes, and that fails only what it is known to.

        Without the second half a suite that cannot run at all would show that all is well.
        """
        return not self.suspects and self.passed_upstream > 0

    @property
    def run(self) -> int:
        """How many tests were run, those left out that skipped themselves."""
        return sum(it.word != SKIPPED for it in self.upstream.values())

    @property
    def passed_upstream(self) -> int:
        """How many tests passed with upstream."""
        return sum(it.word == PASSED for it in self.upstream.values())

    @property
    def passed_ours(self) -> int:
        """How many tests passed with ours."""
        return sum(it.word == PASSED for it in self.ours.values())

    def with_ours(self, test: str) -> str:
        """Return what became of a test with ours in one word, which may be that it is missing."""
        return self.ours[test].word if test in self.ours else MISSING


def amended(outcomes: Outcomes, again: Outcomes) -> dict[str, Outcome]:
    """Return the outcomes with those replaced that passed when their tests were run again."""
    passed = {test: it for test, it in again.items() if it.word == PASSED and test in outcomes}
    return {**outcomes, **passed}


def healed(first: Outcomes, last: Outcomes) -> list[str]:
    """Return the tests that have passed at last, and had not at first."""
    return [test for test in last if last[test].word == PASSED != first[test].word]
