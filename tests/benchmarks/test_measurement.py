"""Samples alternate, and ratios and verdicts are told from them."""

import pytest

from tests.benchmarks.measurement import SECONDS_A_SAMPLE, Measurement, calls_a_sample, measure


class Clockwork:
    """A sampler whose calls always take the same."""

    def __init__(self, name: str, amount: float, log: list[tuple[str, int]]) -> None:
        """Take that much a call, and note every sample under `name`."""
        self.name = name
        self.amount = amount
        self.log = log

    def sample(self, line: str, count: int) -> float:
        """Return the seconds or bytes of `count` calls."""
        assert line in {"chunked_in", "idle_memory"}
        self.log.append((self.name, count))
        return self.amount * count


def test_samples_alternate() -> None:
    """After the calibration of all, they take turns."""
    log: list[tuple[str, int]] = []
    samplers = {
        "ours": Clockwork("ours", 0.025, log),
        "upstream": Clockwork("upstream", 0.075, log),
        "zttp": Clockwork("zttp", 0.015, log),
    }
    measurement = measure("chunked_in", samplers, rounds=3)
    assert log[:3] == [("ours", 1), ("upstream", 1), ("zttp", 1)]
    assert log[3:] == [("ours", 3), ("upstream", 1), ("zttp", 5)] * 3
    assert measurement.samples["ours"] == pytest.approx([0.025] * 3)
    assert measurement.ratios() == pytest.approx([3.0] * 3)
    assert measurement.ratio("zttp") == pytest.approx(5.0)


def test_bytes_are_counted_once_a_round() -> None:
    """What is no time is not repeated until it fills a sample."""
    log: list[tuple[str, int]] = []
    samplers = {
        "ours": Clockwork("ours", 1e-9, log),
        "upstream": Clockwork("upstream", 900.0, log),
    }
    measure("idle_memory", samplers, rounds=2)
    assert log == [("ours", 1), ("upstream", 1)] * 2


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
    samples = {"ours": [1e-5, 1e-5, 4e-5], "upstream": [5e-5, 6e-5, 4e-5]}
    measurement = Measurement("server_cycle", samples)
    assert measurement.ratios() == pytest.approx([5.0, 6.0, 1.0])
    assert measurement.ratio() == pytest.approx(5.0)
    assert measurement.median("ours") == 1e-5
    assert measurement.reaches(4.9)
    assert not measurement.reaches(5.1)


def test_who_cannot_do_a_line_has_no_ratio() -> None:
    """A contender without samples is none."""
    assert Measurement("server_cycle", {"ours": [1.0], "upstream": [1.0]}).ratio("zttp") is None
