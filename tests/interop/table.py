"""The table of what was tested with which program, from the marks of the tests that ran.

In: the outcomes of tests, and their marks `program` and `feature`. Out: a page of Markdown with a
row for each program and each role of ours, and below it what programs cannot do. A program that
could not be had has no row.
"""

from collections.abc import Generator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.interop.programs import Program

MARKERS = (
    "program(program, role): what a test talks to, and our role: client, server or both",
    "feature(name): the feature of HTTP/1.1 that a test is about",
    "left_out(program, reason): what a test does not talk to, since it lacks the feature",
)

PREAMBLE = """\
# The world's programs

Written by `hatch run interop --write docs/interop-table.md`; to change it, run that again.

| program | version | our role | tested | tests passed |
|---|---|---|---|--:|
"""

LEFT_OUT = """
## Left out

| program | feature | because it |
|---|---|---|
"""

OUTCOMES = pytest.StashKey[set[str]]()
"""How setup, call and teardown of a test came out."""


@dataclass
class Row:
    """What has been seen of one program with one role of ours.

    Attributes:
        program: The program.
        role: Our role.
        features: The names of the features that tests were about.
        passed: How many tests have passed.
        ran: How many tests have run.
    """

    program: Program
    role: str
    features: set[str] = field(default_factory=set)
    passed: int = 0
    ran: int = 0

    def __str__(self) -> str:
        """Return it as a line of the table."""
        program, features = self.program, ", ".join(sorted(self.features))
        told = f"{program.name} | {program.version()} | {self.role} | {features}"
        return f"| {told} | {self.passed} of {self.ran} |"


class Table:
    """A pytest plugin that collects the rows, and writes them at the end."""

    def __init__(self, page: Path) -> None:
        """Collect for `page`."""
        self._page = page
        self._rows: dict[tuple[str, str], Row] = {}
        self._left_out: set[tuple[str, str, str]] = set()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Note how each part of a test came out, and count the test when its last part is over."""
        report = yield
        outcomes = item.stash.setdefault(OUTCOMES, set())
        outcomes.add(report.outcome)
        if report.when == "teardown" and "skipped" not in outcomes:
            self._count(item, has_passed=outcomes == {"passed"})
        return report

    def pytest_sessionfinish(self, exitstatus: int) -> None:
        """Write the page, unless the run was broken off."""
        if exitstatus not in {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED}:
            return
        rows = sorted(self._rows.values(), key=lambda row: (row.program.name.lower(), row.role))
        page = PREAMBLE + "".join(f"{row}\n" for row in rows)
        if self._left_out:
            lines = sorted(self._left_out, key=lambda line: (line[0].lower(), line))
            page += LEFT_OUT + "".join(f"| {' | '.join(line)} |\n" for line in lines)
        self._page.write_text(page, encoding="utf-8")

    def _count(self, item: pytest.Item, *, has_passed: bool) -> None:
        """Add a test that is over to the row of each program that it is marked with."""
        features = {mark.args[0] for mark in item.iter_markers("feature")}
        for program, role in {mark.args for mark in item.iter_markers("program")}:
            row = self._rows.setdefault((program.name, role), Row(program, role))
            row.features |= features
            row.ran += 1
            row.passed += has_passed
        for program, reason in {mark.args for mark in item.iter_markers("left_out")}:
            named = ", ".join(sorted(features))
            self._left_out.add((program.name, named, reason))
