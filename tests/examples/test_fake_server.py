"""Tests of the example of a test double: its tests pass, and notice what they are there for.

In: the example as it is, and with a mistake in it. Out: what pytest says about it.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.environments import REPOSITORY, clean_environment
from tests.integration.sockets import TIMEOUT

EXAMPLE = REPOSITORY / "docs" / "examples" / "fake_server.py"


def run_tests(path: Path) -> subprocess.CompletedProcess[str]:
    """Run the tests in a file, away from the settings of this repository."""
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir=.", path.name],
        cwd=path.parent,
        env={**clean_environment(), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        timeout=6 * TIMEOUT,
        check=False,
    )


@pytest.mark.parametrize(
    ("right", "wrong", "outcome"),
    [
        pytest.param("", "", "5 passed", id="as it is"),
        pytest.param('["temperature"]', '["humidity"]', "1 failed, 4 passed", id="other value"),
        pytest.param('"retry-after"', '"later"', "2 failed, 3 passed", id="other field"),
        pytest.param('f"Bearer {self._key}"', '"Bearer"', "2 failed, 3 passed", id="no key"),
    ],
)
def test_tests_of_the_example_tell_right_from_wrong(
    tmp_path: Path, right: str, wrong: str, outcome: str
) -> None:
    """They pass, and each mistake is found."""
    program = EXAMPLE.read_text(encoding="utf-8")
    assert right in program
    copy = tmp_path / "test_weather.py"
    copy.write_text(program.replace(right, wrong), encoding="utf-8")
    assert outcome in run_tests(copy).stdout
