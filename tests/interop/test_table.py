"""The table of programs: what it counts, what it leaves out, and when it is not written."""

import subprocess
import sys
from pathlib import Path

from tests.environments import REPOSITORY, clean_environment
from tests.interop.table import LEFT_OUT, PREAMBLE

TESTS = """
import sys
import pytest
from tests.interop.programs import Program

PYTHON = Program("Python", sys.executable, "python3")
MISSING = Program("Nothing", "no-such-program", "nothing-of-debian")

pytestmark = [pytest.mark.program(PYTHON, "server"), pytest.mark.left_out(MISSING, "is nothing")]

@pytest.mark.feature("passing")
def test_passing():
    pass

@pytest.mark.feature("failing")
def test_failing():
    assert False

@pytest.fixture
def breaking():
    yield
    assert False

@pytest.mark.feature("failing")
def test_failing_at_its_end(breaking):
    pass

@pytest.mark.feature("skipped")
@pytest.mark.program(MISSING, "client")
def test_skipped():
    MISSING.path()
"""


def run(tests: Path, page: Path) -> int:
    """Run tests with the table, and return the exit code."""
    options = ["-c", str(REPOSITORY / "pyproject.toml"), "-p", "tests.interop.conftest"]
    command = [sys.executable, "-m", "pytest", *options, str(tests), "--write", str(page)]
    # There, what is missing would fail.
    environment = {name: value for name, value in clean_environment().items() if name != "CI"}
    finished = subprocess.run(
        command, cwd=REPOSITORY, env=environment, stdout=subprocess.DEVNULL, timeout=60, check=False
    )
    return finished.returncode


def test_a_row_counts_what_ran_and_what_passed(tmp_path: Path) -> None:
    """A failure at the end is one, and what was skipped is not there at all."""
    tests, page = tmp_path / "test_it.py", tmp_path / "table.md"
    tests.write_text(TESTS, encoding="utf-8")
    assert run(tests, page) == 1
    version = ".".join(map(str, sys.version_info[:3]))
    assert page.read_text(encoding="utf-8") == (
        f"{PREAMBLE}| Python | {version} | server | failing, passing | 1 of 3 |\n"
        f"{LEFT_OUT}| Nothing | failing | is nothing |\n| Nothing | passing | is nothing |\n"
    )


def test_a_run_that_breaks_off_writes_nothing(tmp_path: Path) -> None:
    """An old page is better than one without rows."""
    tests, page = tmp_path / "test_it.py", tmp_path / "table.md"
    tests.write_text("import no_such_module", encoding="utf-8")
    assert run(tests, page) == 2
    assert not page.exists()
