"""The data file is read into suites, and a mistake in it is found at once."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.dependents.suites import MistakenSuiteError, Suite, choose, read, suite_of
from tests.environments import REPOSITORY

TABLE: dict[str, Any] = {"version": "1.0", "tests": "sdist", "paths": ["tests"]}


def test_what_is_not_told_has_a_usual_value() -> None:
    """The name of the suite is that of the distribution, and nothing else is needed."""
    suite = suite_of("some-name", TABLE)
    assert suite.requirement == "some-name==1.0"
    assert suite.source == "some-name==1.0"
    assert (suite.ci, suite.reason("tests/a.py::test_b")) == (False, None)


def test_all_that_can_be_told() -> None:
    """Extras are a part of the requirement, and the tests can come from elsewhere."""
    suite = suite_of(
        "new-as-old",
        {
            **TABLE,
            "distribution": "new",
            "extras": ["a", "b"],
            "tests": "old==2.1",
            "renamed": {"old": "new"},
            "ci": True,
        },
    )
    assert suite.requirement == "new[a,b]==1.0"
    assert suite.source == "old==2.1"
    assert suite.ci


def test_tests_of_ours_need_no_source() -> None:
    """A suite of ours is in the repository."""
    assert suite_of("a", {**TABLE, "tests": "public"}).source is None


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"verzion": "1"}, "no such key: verzion"),
        ({"tests": "somewhere"}, "tests come from"),
        ({"paths": []}, "no tests are named"),
        ({"known": {"a": " "}}, "no reason is given for a"),
    ],
    ids=["unknown key", "no source", "no paths", "no reason"],
)
def test_a_mistaken_table_is_refused(change: dict[str, Any], text: str) -> None:
    """The message names the suite and what is wrong."""
    with pytest.raises(MistakenSuiteError, match=f"some: {text}"):
        suite_of("some", {**TABLE, **change})


def test_a_table_without_what_is_needed_is_refused() -> None:
    """All that is missing is named."""
    with pytest.raises(MistakenSuiteError, match="some: missing: paths, version"):
        suite_of("some", {"tests": "sdist"})


@pytest.mark.parametrize(
    ("known", "test", "reason"),
    [
        ("t.py::test_a", "t.py::test_a", "because"),
        ("t.py::test_a", "t.py::test_a[x]", "because"),
        ("t.py::test_a", "t.py::test_ab", None),
        ("t.py::test_a[x]", "t.py::test_a[x]", "because"),
        ("t.py::test_a[x]", "t.py::test_a[y]", None),
        ("t.py::test_a[x]", "t.py::test_a", None),
    ],
)
def test_a_known_failure_is_for_one_test_or_all_its_parameters(
    known: str, test: str, reason: str | None
) -> None:
    """An entry without parameters is for all of them, and for no other test."""
    assert suite_of("some", {**TABLE, "known": {known: "because"}}).reason(test) == reason


SUITES = {name: suite_of(name, {**TABLE, "ci": ci}) for name, ci in {"a": True, "b": False}.items()}


@pytest.mark.parametrize(
    ("names", "part", "chosen"),
    [
        ([], None, ["a", "b"]),
        ([], "ci", ["a"]),
        (["b"], None, ["b"]),
        (["b", "a"], "ci", ["b", "a"]),
    ],
    ids=["all", "a part", "by name", "by name and part"],
)
def test_suites_are_chosen(names: list[str], part: str | None, chosen: list[str]) -> None:
    """Names count before parts."""
    assert [suite.name for suite in choose(SUITES, names, part)] == chosen


def test_a_suite_that_is_not_there_cannot_be_chosen() -> None:
    """The message tells which there are."""
    with pytest.raises(MistakenSuiteError, match="no such suite: c; of a, b"):
        choose(SUITES, ["a", "c"], None)


def test_the_order_of_the_file_is_kept(tmp_path: Path) -> None:
    """Suites are read in the order in which they are written."""
    file = tmp_path / "suites.toml"
    table = 'version = "1"\ntests = "public"\npaths = ["p"]\n'
    file.write_text("".join(f"[{name}]\n{table}" for name in ("z", "a")), encoding="utf-8")
    assert list(read(file)) == ["z", "a"]


@pytest.mark.parametrize("suite", read().values(), ids=read().keys())
def test_our_data_can_be_run(suite: Suite) -> None:
    """Versions are pinned, tests of ours are there, and h11 itself is asked for by nobody."""
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", it) for it in suite.requires)
    assert not any(it.startswith("h11") for it in suite.requires)
    if suite.source is None:
        assert all((REPOSITORY / path).exists() for path in suite.paths)


def test_every_dependent_of_the_list_has_a_suite() -> None:
    """None of those that are promised is forgotten, and a part decides about each change."""
    suites = read()
    assert {suite.distribution for suite in suites.values()} == {
        *("httpcore", "httpx", "httpcore2", "httpx2", "uvicorn", "hypercorn"),
        *("wsproto", "trio-websocket", "mitmproxy"),
    }
    assert {"httpcore", "uvicorn", "wsproto", "mitmproxy"} <= {
        suite.distribution for suite in choose(suites, [], "ci")
    }
