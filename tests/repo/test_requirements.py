"""Tests of the map of the RFCs, and of what finds the faults in it.

In: the map, the marks and the page of the repository, and small ones with one fault each. Out: no
fault in the former, the very fault in each of the latter.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest

from tests.environments import REPOSITORY
from tests.repo.marks import Mark, marks_in_tests, marks_of_module
from tests.repo.requirements import (
    COMMAND,
    MAP,
    PAGE,
    Requirement,
    current_page,
    faults_of_map,
    faults_of_marks,
    main,
    read_map,
    render,
)

KEY: Final = "9112/6.3/length"

GOOD: Final = Requirement(
    key=KEY, strength="MUST", roles=("recipient",), requirement="Count.", ours="Counts."
)

MARK: Final = Mark("tests/rfc/test_a.py", "test_counts", (KEY,))

TABLE: Final = f"""\
[[requirement]]
key = "{KEY}"
strength = "MUST"
roles = ["recipient"]
requirement = "Count."
ours = "Counts."
"""


def test_the_map_has_no_faults() -> None:
    """Keys are well-formed and there once; strengths and roles are of the closed sets."""
    assert faults_of_map(read_map(MAP.read_text(encoding="utf-8"))) == []


def test_every_requirement_has_a_test_and_every_mark_a_requirement() -> None:
    """The map and the marks know the same keys."""
    requirements = read_map(MAP.read_text(encoding="utf-8"))
    assert faults_of_marks(requirements, marks_in_tests(REPOSITORY)) == []


def test_the_page_is_up_to_date() -> None:
    """The page is what the command would write."""
    assert PAGE.read_text(encoding="utf-8") == current_page(), f"run: {COMMAND}"


def test_the_command_writes_the_page(tmp_path: Path) -> None:
    """What the command writes is the page that belongs to the map and the tests."""
    main(tmp_path / "page.md")
    assert (tmp_path / "page.md").read_text(encoding="utf-8") == current_page()


def test_a_map_is_read_into_objects() -> None:
    """Each table becomes a requirement that knows its RFC, its section and its name."""
    requirements = read_map(TABLE)
    assert requirements == [GOOD]
    assert (GOOD.rfc, GOOD.section, GOOD.name) == ("9112", "6.3", "length")


@pytest.mark.parametrize(
    ("before", "after", "complaint"),
    [
        pytest.param('ours = "Counts."', "", "fields are", id="field missing"),
        pytest.param("ours", "theirs", "fields are", id="field unknown"),
        pytest.param('["recipient"]', '"recipient"', "list of strings", id="roles no list"),
        pytest.param('["recipient"]', "[1]", "list of strings", id="role no string"),
        pytest.param('"MUST"', "1", "list of strings", id="strength no string"),
        pytest.param("[[requirement]]", "[[rule]]", "tables named", id="other table"),
    ],
)
def test_a_map_of_another_shape_is_refused(before: str, after: str, complaint: str) -> None:
    """A table has the five fields and no others, each of its type."""
    with pytest.raises(ValueError, match=complaint):
        read_map(TABLE.replace(before, after))


@pytest.mark.parametrize(
    "key",
    ["9112/6.3", "9111/6.3/length", "9112/6./length", "9112/06/length", "9112/6.3/Length", ""],
)
def test_a_malformed_key_is_a_fault(key: str) -> None:
    """A key is the number of a known RFC, a section, and lower-case words with hyphens."""
    assert faults_of_map([replace(GOOD, key=key)]) == [
        f"{key} is no key: RFC/section/lower-case-words"
    ]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"strength": "OUGHT"}, "OUGHT is no strength"),
        ({"roles": ("recipient", "cook")}, "cook is no role"),
        ({"requirement": " "}, "requirement is empty"),
        ({"ours": ""}, "ours is empty"),
    ],
)
def test_what_is_outside_the_closed_sets_is_a_fault(change: dict[str, Any], fault: str) -> None:
    """Strengths and roles are known words, and the two texts say something."""
    assert faults_of_map([replace(GOOD, **change)]) == [f"{KEY}: {fault}"]


@pytest.mark.parametrize("roles", [(), ("application",)], ids=["none", "application"])
def test_a_requirement_that_binds_nobody_is_a_fault(roles: tuple[str, ...]) -> None:
    """That a duty falls on the application is said beside whom the RFC binds."""
    assert faults_of_map([replace(GOOD, roles=roles)]) == [f"{KEY} binds nobody whom the RFC knows"]


def test_a_key_that_is_there_twice_is_a_fault() -> None:
    """A key names one requirement."""
    assert faults_of_map([GOOD, replace(GOOD, strength="MAY")]) == [f"{KEY} is there 2 times"]


def test_a_requirement_without_a_test_is_a_fault() -> None:
    """What nobody tests is not on the map for nothing."""
    other = replace(GOOD, key="9112/6.3/coding")
    assert faults_of_marks([GOOD, other], [MARK]) == ["9112/6.3/coding has no test"]


def test_a_mark_that_is_not_on_the_map_is_a_fault() -> None:
    """A test names the requirement that it means."""
    marks = [MARK, Mark("tests/rfc/test_a.py", "test_other", ("9112/6.3/lenght",))]
    assert faults_of_marks([GOOD], marks) == [
        "tests/rfc/test_a.py::test_other: 9112/6.3/lenght is not on the map"
    ]


@pytest.mark.parametrize(
    ("source", "marks"),
    [
        pytest.param("def test_a(): pass", [], id="none"),
        pytest.param(
            "@pytest.mark.rfc('1', '2')\ndef test_a(): pass",
            [Mark("t.py", "test_a", ("1", "2"))],
            id="decorator",
        ),
        pytest.param(
            "@pytest.mark.rfc('1')\n@pytest.mark.rfc('2', '1')\nasync def test_a(): pass",
            [Mark("t.py", "test_a", ("1", "2"))],
            id="decorators",
        ),
        pytest.param(
            "@pytest.mark.parametrize('x', [pytest.param(1, marks=pytest.mark.rfc('1'))])\n"
            "def test_a(x): pass",
            [Mark("t.py", "test_a", ("1",))],
            id="parameter",
        ),
        pytest.param(
            "pytestmark = [pytest.mark.slow, pytest.mark.rfc('1')]",
            [Mark("t.py", "t.py", ("1",))],
            id="module",
        ),
    ],
)
def test_marks_are_found_in_the_source(source: str, marks: list[Mark]) -> None:
    """Decorators, marks of parameters and the mark of a module count."""
    assert marks_of_module("t.py", source) == marks


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        pytest.param("mark = pytest.mark.rfc('1')", "marks no test", id="variable"),
        pytest.param("@pytest.mark.rfc('1')\ndef helper(): pass", "marks no test", id="no test"),
        pytest.param(
            "class TestA:\n @pytest.mark.rfc('1')\n def test_a(self): pass",
            "marks no test",
            id="class",
        ),
        pytest.param("pytestmark = pytest.mark.rfc()", "nothing else", id="no key"),
        pytest.param("pytestmark = pytest.mark.rfc(key='1')", "nothing else", id="keyword"),
        pytest.param("pytestmark = pytest.mark.rfc(KEY)", "literal", id="name"),
        pytest.param("pytestmark = pytest.mark.rfc(9112)", "literal", id="number"),
    ],
)
def test_a_mark_that_would_be_overlooked_is_refused(source: str, complaint: str) -> None:
    """A mark stands where it is read, and its keys can be read."""
    with pytest.raises(ValueError, match=complaint):
        marks_of_module("t.py", source)


def test_the_page_has_a_table_for_each_section_in_the_order_of_the_rfcs() -> None:
    """Sections are sorted by number, requirements stay in their order, tests are links."""
    requirements = [
        replace(GOOD, key="9112/10.1/ten", strength="MAY"),
        GOOD,
        replace(GOOD, key="9110/5.5/octets", ours="a | b\nc"),
        replace(GOOD, key="9112/6.3/coding", roles=("client", "application")),
    ]
    page = render(requirements, [MARK, replace(MARK, name="test_again")])
    links = "[test_counts](../tests/rfc/test_a.py)<br>[test_again](../tests/rfc/test_a.py)"
    headings = [line for line in page.splitlines() if line.startswith("## RFC")]
    sections = [line[5:].split("]")[0] for line in page.splitlines() if line.startswith("### ")]
    rows = [line for line in page.splitlines() if line.endswith(" |")]
    assert headings == ["## RFC 9110", "## RFC 9112"]
    assert sections == [
        "RFC 9110, section 5.5",
        "RFC 9112, section 6.3",
        "RFC 9112, section 10.1",
    ]
    assert "| 9112 | 2 | 0 | 0 | 0 | 1 | 3 |" in rows
    assert r"| octets | MUST | recipient | Count. | a \| b c |  |" in rows
    assert rows[-5:-3] == [
        f"| length | MUST | recipient | Count. | Counts. | {links} |",
        "| coding | MUST | client, application | Count. | Counts. |  |",
    ]
