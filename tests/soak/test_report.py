"""The report says whether the bounds hold, and shows what broke them."""

from dataclasses import replace

import pytest

from tests.soak.report import SHOWN, Report
from tests.soak.tally import Tally

MIB = 2**20

GOOD = Report(
    seconds=30,
    clients=300,
    turns=1,
    by_wrk=40_000,
    tally=Tally(connections=2000, asked=5000, answered=5000, refused=200, left=300),
    resident=[30 * MIB] * 20,
    blocks=(80_000, 80_010),
    log=[],
)


def test_all_bounds_hold() -> None:
    """Nothing lost, no error, flat memory."""
    assert GOOD.is_good()
    assert GOOD.errors() == []
    assert GOOD.lines()[-1] == "all bounds hold"


@pytest.mark.parametrize(
    ("report", "shown"),
    [
        pytest.param(
            replace(GOOD, tally=Tally(asked=5000, answered=4999)), "!!! 1 requests", id="lost"
        ),
        pytest.param(
            replace(GOOD, tally=Tally(asked=1, answered=1, errors=["wrong"])),
            "!!! wrong",
            id="error",
        ),
        pytest.param(replace(GOOD, log=["Traceback"]), "!!! Traceback", id="logged"),
        pytest.param(replace(GOOD, by_wrk=0), "!!! somebody was not served", id="wrk not served"),
        pytest.param(
            replace(GOOD, tally=Tally()), "!!! somebody was not served", id="clients not served"
        ),
        pytest.param(
            replace(GOOD, resident=[30 * MIB + number * MIB for number in range(20)]),
            "25.00%  its growth",
            id="memory grows under load",
        ),
        pytest.param(
            replace(GOOD, blocks=(80_000, 81_000)),
            "1.25%  growth of what objects have",
            id="objects are left",
        ),
    ],
)
def test_a_bound_that_does_not_hold_is_shown(report: Report, shown: str) -> None:
    """Loudly, and with what broke it."""
    assert not report.is_good()
    lines = [line.strip() for line in report.lines()]
    assert any(line.startswith(shown) for line in lines)
    assert lines[-1] == "!!! A BOUND DOES NOT HOLD"


def test_not_more_errors_are_shown_than_anybody_reads() -> None:
    """The rest is counted."""
    errors = [f"error {number}" for number in range(SHOWN + 5)]
    lines = replace(GOOD, log=errors).lines()
    assert f"!!! error {SHOWN - 1}" in lines
    assert f"!!! error {SHOWN}" not in lines
    assert "!!! and 5 more" in lines


def test_the_page_has_all_counts() -> None:
    """Each of them in a row, and nothing that changes from day to day by itself."""
    page = GOOD.page("Both on CPython 3.11.7.")
    for name, value in GOOD.rows():
        assert f"| {name} | {value} |" in page
    assert "for 30 seconds" in page
    assert "300 clients" in page
    assert "CPython 3.11.7" in page
