"""The list of intended differences holds what is really different, and nothing that is no more."""

import pytest

from tests.comparison.compare import Difference, compare
from tests.comparison.differences import INTENDED
from tests.comparison.judge import Judge


@pytest.mark.parametrize("difference", INTENDED, ids=lambda difference: difference.name)
def test_nothing_else_explains_the_example(judge: Judge, difference: Difference) -> None:
    """Both behave differently in the example, for this reason, and for no other on the list."""
    observations = judge.hear(difference.example)
    others = [other for other in INTENDED if other is not difference]
    assert compare(difference.example, *observations, INTENDED).unexplained is None
    assert compare(difference.example, *observations, others).unexplained is not None


def test_each_difference_has_a_name_and_a_reason_of_its_own() -> None:
    """A name stands for one difference, and every difference says why."""
    assert len({difference.name for difference in INTENDED}) == len(INTENDED)
    assert len({difference.reason for difference in INTENDED}) == len(INTENDED)
