"""Samples alternate, and ratio, verdict and report are told from them."""

import json

import pytest

from tests.benchmarks.measurement import SECONDS_A_SAMPLE, Measurement, calls_a_sample, measure
from tests.benchmarks.table import HEADING, as_json, keeps_promise, row


class Clockwork:
    """A sampler whose calls always take the same time."""

    def __init__(self, name: str, seconds: float, log: list[tuple[str, int]]) -> None:
        """Take `seconds` a call, and note every sample under `name`."""
        self.name = name
        self.seconds = seconds
        self.log = log

    def sample(self, line: str, count: int) -> float:
        """Return the seconds of `count` calls."""
        assert line == "chunked_in"
        self.log.append((self.name, count))
        return self.seconds * count


def test_samples_alternate() -> None:
    """After the calibration of both, ours and upstream take turns."""
    log: list[tuple[str, int]] = []
    ours = Clockwork("ours", 0.025, log)
    upstream = Clockwork("upstream", 0.075, log)
    measurement = measure("chunked_in", ours, upstream, rounds=3)
    assert log[:2] == [("ours", 1), ("upstream", 1)]
    assert log[2:] == [("ours", 3), ("upstream", 1)] * 3
    assert measurement.ours == pytest.approx([0.025] * 3)
    assert measurement.ratios == pytest.approx([3.0] * 3)


@pytest.mark.parametrize("seconds", [1e-6, 3.3e-5, 0.004, 0.02])
def test_a_sample_takes_the_time_it_shall(seconds: float) -> None:
    """Fast and slow calls are made as often as fills the length of a sample."""
    count = calls_a_sample("chunked_in", Clockwork("ours", seconds, []))
    assert count * seconds == pytest.approx(SECONDS_A_SAMPLE, rel=0.2)


def test_a_call_longer_than_a_sample_is_made_once() -> None:
    """A sample holds at least one call."""
    assert calls_a_sample("chunked_in", Clockwork("ours", 2.0, [])) == 1


def test_the_ratio_is_the_median_of_the_pairs() -> None:
    """One disturbed round moves the range, not the ratio."""
    measurement = Measurement("server_cycle", [1e-5, 1e-5, 4e-5], [5e-5, 6e-5, 4e-5])
    assert measurement.ratio == pytest.approx(5.0)
    assert keeps_promise(measurement)
    assert row(measurement).split() == [
        "server_cycle",
        "10.00",
        "50.00",
        "5.00",
        "1.00-6.00",
        "4.0",
    ]


def test_a_broken_promise_shows_in_its_row() -> None:
    """A line below its promise is marked, and fits under the heading as any other."""
    measurement = Measurement("server_cycle", [1e-5], [3.9e-5])
    assert not keeps_promise(measurement)
    assert row(measurement) == (
        "server_cycle                10.00           39.00    3.90      3.90-3.90      4.0  below"
    )
    assert len(row(measurement).removesuffix("  below")) == len(HEADING)


def test_the_json_holds_every_sample() -> None:
    """A program finds all samples, the verdict's numbers, and what was measured."""
    identities = {"ours": {"version": "2"}, "upstream": {"version": "1"}}
    report = json.loads(as_json([Measurement("chunked_in", [1.0, 2.0], [2.0, 2.0])], identities))
    assert report == {
        "implementations": identities,
        "lines": {
            "chunked_in": {
                "ours": [1.0, 2.0],
                "upstream": [2.0, 2.0],
                "ratio": 1.5,
                "promise": 1.0,
            }
        },
    }
