"""The command lets everything grow, fits the exponent, and tells what grows too fast."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.benchmarks import growth
from tests.benchmarks.growing import GROWING, NO_LIMITS, Growing, reading
from tests.benchmarks.growth import Growth, exponent, grow, seconds_of
from tests.benchmarks.implementation import UnexpectedEventError

SIZES = [100, 200, 400, 800, 1600]


def turning(turns_of: Callable[[int], int]) -> Growing:
    """Return something whose work is to turn round as often as its size says."""

    def work_of(size: int) -> Callable[[], None]:
        def work() -> None:
            for _ in range(turns_of(size)):
                pass

        return work

    return Growing("turns", 100, work_of)


@pytest.mark.parametrize("power", [0.5, 1.0, 1.1, 2.0])
def test_the_exponent_is_that_of_the_power(power: float) -> None:
    """Times that are a power of the size have that power, whatever their unit."""
    assert exponent(SIZES, [3e-6 * size**power for size in SIZES]) == pytest.approx(power)


def test_one_disturbed_time_does_not_decide() -> None:
    """The line goes between all five points, and not through the first and the last."""
    assert 1 < exponent(SIZES, [1, 2, 4, 8, 20]) < 1.1


@pytest.mark.parametrize("name", GROWING)
def test_everything_can_be_read_at_any_size(name: str) -> None:
    """Small sizes are read right; a result that is not right would be an error."""
    measured = grow(GROWING[name], rounds=1, smallest=1)
    assert list(measured.sizes) == [1, 2, 4, 8, 16]
    assert all(seconds > 0 for seconds in measured.seconds)


def test_a_wrong_result_has_no_time() -> None:
    """Work that reads something else than it shall is refused."""
    work = reading([b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"], requests=2)
    with pytest.raises(UnexpectedEventError):
        work()


def test_no_limit_ends_the_growth_early() -> None:
    """Every limit is out of reach of the greatest sizes."""
    most = max(it.smallest << growth.DOUBLINGS for it in GROWING.values())
    limits = (
        NO_LIMITS.head_size,
        NO_LIMITS.field_count,
        NO_LIMITS.trailer_size,
        NO_LIMITS.chunk_extension_size,
    )
    assert min(limits) > 100 * most


def test_quadratic_work_is_found() -> None:
    """Work that grows with the square of the size has an exponent that shows it, tried in vain."""
    assert grow(turning(lambda size: size * size // 5), rounds=1).exponent > 1.5


def test_what_seems_too_fast_is_measured_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A disturbance is gone after more rounds, and the least times are kept."""
    pace = iter([1.0, 2.0, 4.0, 8.0, 90.0, 1.5, 2.0, 4.0, 8.0, 16.0])
    monkeypatch.setattr(growth, "seconds_of", lambda _: next(pace))
    measured = grow(turning(lambda size: size), rounds=1)
    assert list(measured.seconds) == [1.0, 2.0, 4.0, 8.0, 16.0]
    assert measured.exponent == pytest.approx(1)


def test_time_is_that_of_the_work() -> None:
    """The clock is read right before and right after."""
    log: list[str] = []

    def clock() -> float:
        log.append("clock")
        return float(len(log))

    assert seconds_of(lambda: log.append("work"), clock) == 2
    assert log == ["clock", "work", "clock"]
    assert seconds_of(lambda: time.sleep(0.2)) < 0.2


def test_the_command_reports_and_writes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was asked for is in the report and on the page."""
    steady = Growth("chunks", [1, 2], [0.001, 0.002])
    monkeypatch.setattr(growth, "grow", lambda *_: steady)
    page = tmp_path / "growth.md"
    assert growth.main(["chunk_count", "--rounds", "1", "--write", str(page)]) == 0
    assert capsys.readouterr().out.splitlines()[1].split() == (
        ["chunks", "1", "2", "1.00", "2.00", "1.000"]
    )
    assert "| chunks | 1 to 2 | 1.00 ms | 2.00 ms | **1.00** |\n" in page.read_text("utf-8")


def test_the_exit_code_tells_of_what_grows_too_fast(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One exponent above the greatest is enough, and it is marked."""
    monkeypatch.setattr(growth, "grow", lambda *_: Growth("chunks", [1, 2], [1.0, 2.2]))
    assert growth.main(["chunk_count"]) == 1
    assert capsys.readouterr().out.endswith("1.138  too fast\n")


@pytest.mark.parametrize("arguments", [["nothing"], ["--rounds", "0"]])
def test_mistaken_options_are_refused(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """An unknown name and a number of rounds that is none end with the usage."""
    with pytest.raises(SystemExit, match="2"):
        growth.main(arguments)
    assert "usage: bench-growth" in capsys.readouterr().err
