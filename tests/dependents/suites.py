"""The suites that are run, read from `suites.toml`.

In: the data file, and which suites are wanted. Out: `Suite`s, whose values have been judged, so
that a mistake in the data is found before anything is installed.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "suites.toml"

SDIST = "sdist"
PUBLIC = "public"


class MistakenSuiteError(ValueError):
    """The data file, or a wish for suites, has what cannot be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """One suite: what is tested, by which tests, and what is known about them.

    Attributes:
        name: What the suite is called.
        version: The version of the distribution.
        tests: Where the tests come from, as the head of the data file tells.
        paths: What pytest is given.
        distribution: What is tested.
        extras: The optional parts that are installed.
        requires: What the tests need besides.
        renamed: Names in the tests, and what is written for them.
        options: Further options of pytest.
        ci: Whether it is part of what decides about a change.
        known: Tests that fail with upstream, with the reason.
    """

    name: str
    version: str
    tests: str
    paths: Sequence[str]
    distribution: str
    extras: Sequence[str] = ()
    requires: Sequence[str] = ()
    renamed: Mapping[str, str] = field(default_factory=dict)
    options: Sequence[str] = ()
    ci: bool = False
    known: Mapping[str, str] = field(default_factory=dict)

    @property
    def requirement(self) -> str:
        """The distribution as pip is asked to install it."""
        extras = f"[{','.join(self.extras)}]" if self.extras else ""
        return f"{self.distribution}{extras}=={self.version}"

    @property
    def source(self) -> str | None:
        """The source distribution with the tests, as pip is asked for it; none if they are ours."""
        if self.tests == PUBLIC:
            return None
        return f"{self.distribution}=={self.version}" if self.tests == SDIST else self.tests

    def reason(self, test: str) -> str | None:
        """Return why a test is known to fail with upstream, or None if it is not."""
        for known, reason in self.known.items():
            if test == known or test.startswith(f"{known}["):
                return reason
        return None


def suite_of(name: str, table: Mapping[str, Any]) -> Suite:
    """Return the suite that a table of the data file describes.

    Raises:
        MistakenSuiteError: If a key is unknown or missing, or a value makes no sense.
    """
    names = {it.name for it in fields(Suite)} - {"name"}
    if unknown := set(table) - names:
        raise MistakenSuiteError(f"{name}: no such key: {', '.join(sorted(unknown))}")
    if missing := {"version", "tests", "paths"} - set(table):
        raise MistakenSuiteError(f"{name}: missing: {', '.join(sorted(missing))}")
    suite = Suite(**{"name": name, "distribution": name, **table})
    if suite.source is not None and not re.fullmatch(r"[\w.-]+==[\w.]+", suite.source):
        raise MistakenSuiteError(f"{name}: tests come from {SDIST}, {PUBLIC} or NAME==VERSION")
    if not suite.paths:
        raise MistakenSuiteError(f"{name}: no tests are named")
    if unexplained := [test for test, reason in suite.known.items() if not reason.strip()]:
        raise MistakenSuiteError(f"{name}: no reason is given for {unexplained[0]}")
    return suite


def read(file: Path = FILE) -> dict[str, Suite]:
    """Return all suites of a data file by their names, in its order."""
    tables = tomllib.loads(file.read_text(encoding="utf-8"))
    return {name: suite_of(name, table) for name, table in tables.items()}


def choose(suites: Mapping[str, Suite], names: Sequence[str], part: str | None) -> list[Suite]:
    """Return the suites that are wanted.

    Args:
        suites: All there are.
        names: Those that are wanted; if there are none, all of the part.
        part: `ci` for what decides about a change, None for all.

    Raises:
        MistakenSuiteError: If there is no suite of a name.
    """
    if unknown := [name for name in names if name not in suites]:
        raise MistakenSuiteError(f"no such suite: {', '.join(unknown)}; of {', '.join(suites)}")
    wanted = names or [name for name, suite in suites.items() if suite.ci or part is None]
    return [suites[name] for name in wanted]
