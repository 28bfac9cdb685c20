"""Settings of the tests with other programs: their marks, and the table that they write."""

from pathlib import Path

import pytest

from tests.interop.table import MARKERS, Table


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that names the page to write."""
    parser.addoption("--write", type=Path, metavar="PAGE", help="write the table of programs")


def pytest_configure(config: pytest.Config) -> None:
    """Make the marks known, and collect the table where it is asked for."""
    for marker in MARKERS:
        config.addinivalue_line("markers", marker)
    if page := config.getoption("--write"):
        config.pluginmanager.register(Table(page))
