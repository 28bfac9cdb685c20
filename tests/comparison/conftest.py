"""The two players that all comparisons share."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.comparison.judge import Judge
from tests.comparison.process import Player
from tests.environments import UPSTREAM, interpreter_with


@pytest.fixture(scope="session")
def judge() -> Iterator[Judge]:
    """Give a judge with a player in our environment and one in that of upstream."""
    with (
        Player(Path(sys.executable)) as ours,
        Player(interpreter_with(*UPSTREAM)) as upstream,
    ):
        yield Judge(ours, upstream)
