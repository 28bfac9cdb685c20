"""The page for those who come from h11 0.16.0 tells what the comparison knows, and nothing else.

In: `docs/migrating.md`. Out: each intended difference once, with the argument that brings the old
behaviour back, if there is one; no name that does not exist; an example that runs.
"""

import contextlib
import io
import re
import subprocess
import sys
from pkgutil import resolve_name

import pytest

import h11
from tests.comparison.compare import NONE, Difference
from tests.comparison.differences import INTENDED
from tests.environments import REPOSITORY, UPSTREAM, clean_environment, interpreter_with

PAGE = (REPOSITORY / "docs" / "migrating.md").read_text(encoding="utf-8")

ROWS = [
    [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
    for line in PAGE.splitlines()
    if line.startswith("| ") and not line.startswith("| what |")
]
"""The cells of all tables."""


def test_each_difference_has_one_row() -> None:
    """The page and the list of intended differences have the same names."""
    assert sorted(row[0] for row in ROWS) == sorted(difference.name for difference in INTENDED)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_row_is_complete(row: list[str]) -> None:
    """A row tells what was, what is, and how to get back."""
    assert len(row) == 4
    assert all(row)


@pytest.mark.parametrize("difference", INTENDED, ids=lambda difference: difference.name)
def test_a_row_names_the_remedy(difference: Difference) -> None:
    """The last column has exactly the arguments that are proved to help, or says why none does."""
    back = next(row[3] for row in ROWS if row[0] == difference.name)
    start = {"REQUESTS", "RESPONSES"}
    assert set(re.findall(r"Tolerance\.(\w+)", back)) - start == set(difference.remedy.tolerate)
    for name, value in difference.remedy.limits:
        assert back == f"`Limits({name}={value:_})`"
    assert ("`max_incomplete_event_size=" in back) is difference.remedy.incomplete
    assert back.startswith("no way, because ") is (difference.remedy == NONE)


def test_each_private_name_is_a_public_one_elsewhere() -> None:
    """Each line of the list has as many new names as old ones, in their order."""
    _, section = PAGE.split("## Private names")
    pairs: list[tuple[str, str]] = []
    for entry in section.split("\n- ")[1:]:
        names = re.findall(r"`(h11\w*(?:\.\w+)+)", entry.split(". Made without")[0])
        old = [name for name in names if name.startswith("h11._")]
        new = [name for name in names if name not in old]
        pairs += zip(old, new, strict=True)
    assert len(pairs) == 6
    for old_name, new_name in pairs:
        assert "._" not in new_name
        assert resolve_name(old_name) is resolve_name(new_name)


def test_each_name_on_the_page_exists() -> None:
    """Whatever tolerance, limit or code is named can be used."""
    tolerances = set(re.findall(r"Tolerance\.(\w+)", PAGE))
    limits = set(re.findall(r"Limits\((\w+)=", PAGE))
    assert tolerances <= set(h11.Tolerance.__members__)
    assert limits <= set(h11.Limits.__match_args__)
    assert {"BARE_LF", "REQUESTS", "RESPONSES"} <= tolerances
    assert "field_count" in limits


def test_the_page_names_the_oldest_python_of_both() -> None:
    """No conversation shows it, but the metadata of both distributions do."""
    program = "from importlib.metadata import metadata; print(metadata('h11')['Requires-Python'])"
    ours, upstream = (
        subprocess.run(
            [interpreter, "-c", program],
            env=clean_environment(),
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()
        for interpreter in (sys.executable, interpreter_with(*UPSTREAM))
    )
    assert (ours, upstream) == (">=3.11", ">=3.8")
    assert "It needs Python 3.11 or newer; h11 0.16.0 needs 3.8." in PAGE


def test_the_example_prints_what_it_says() -> None:
    """The program on the page runs, and prints its comments."""
    (program,) = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(program, {})  # it is a page of this repository
    promised = re.findall(r"print\(.*\)  # (.+)$", program, re.MULTILINE)
    assert printed.getvalue().splitlines() == promised
    assert len(promised) == 2
