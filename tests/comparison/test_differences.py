"""The list of intended differences holds what is really different, and nothing that is no more."""

import pytest

from h11 import SERVER, Connection, Tolerance
from tests.comparison.compare import NONE, Difference, compare
from tests.comparison.differences import INTENDED, REMEDIES
from tests.comparison.explanations import without_text
from tests.comparison.judge import Judge


@pytest.mark.parametrize("difference", INTENDED, ids=lambda difference: difference.name)
def test_nothing_else_explains_the_example(judge: Judge, difference: Difference) -> None:
    """Both behave differently in the example, for this reason, and for no other on the list."""
    observations = judge.hear(difference.example)
    others = [other for other in INTENDED if other is not difference]
    assert compare(difference.example, *observations, INTENDED).unexplained is None
    assert compare(difference.example, *observations, others).unexplained is not None


@pytest.mark.parametrize(
    "difference",
    [difference for difference in INTENDED if difference.remedy != NONE],
    ids=lambda difference: difference.name,
)
def test_the_remedy_brings_the_old_behaviour_back(judge: Judge, difference: Difference) -> None:
    """Told so, ours gives the same events, octets, states and hints as upstream, to the end."""
    ours, upstream = (
        [seen._replace(outcome=without_text(seen.outcome)).compared for seen in side]
        for side in judge.hear(difference.example._replace(settings=difference.remedy))
    )
    assert ours == upstream


def is_for_requests(tolerance: Tolerance) -> bool:
    """Say whether a server can be told to let this through."""
    try:
        Connection(SERVER, tolerate=tolerance)
    except ValueError:
        return False
    return True


def test_each_tolerance_that_a_server_may_add_is_a_remedy() -> None:
    """What can be let through in requests is what upstream lets through, with one exception."""
    addable = {flag.name for flag in ~Tolerance.REQUESTS if is_for_requests(flag)}
    # Upstream takes no octets beyond ASCII in a target.
    assert set(REMEDIES.tolerate) == addable - {"NON_ASCII_TARGET"}


def test_each_difference_has_a_name_and_a_reason_of_its_own() -> None:
    """A name stands for one difference, and every difference says why."""
    assert len({difference.name for difference in INTENDED}) == len(INTENDED)
    assert len({difference.reason for difference in INTENDED}) == len(INTENDED)
