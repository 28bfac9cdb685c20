"""Memory, copies and the import are measured as what they are."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.benchmarks import on_h11
from tests.benchmarks.bodies import READ_SIZE
from tests.benchmarks.gauges import bytes_copied, bytes_held, import_time
from tests.benchmarks.implementation import UnexpectedEventError


def test_what_is_kept_is_counted_and_what_is_not_is_not() -> None:
    """A thousand octets that stay are counted, those that go are not."""

    def make() -> bytes:
        bytes(100_000)
        return bytes(1000)

    assert 1000 <= bytes_held(make) <= 1100


@pytest.mark.parametrize(
    ("take", "copies"),
    [
        pytest.param(lambda _: None, 0, id="none"),
        pytest.param(lambda read: len(read + b"."), 1, id="one"),
        pytest.param(lambda read: len((read + b".", read + b".")), 2, id="two at once"),
    ],
)
def test_copies_of_a_read_are_counted(take: Callable[[bytes], None], copies: int) -> None:
    """What is allocated for a read counts, also if it is gone again at once."""
    assert bytes_copied(lambda _: take) / READ_SIZE == pytest.approx(copies, abs=0.01)


def test_a_body_that_is_not_handed_on_as_it_came_is_noticed() -> None:
    """Another read than the one that the connection hands on is refused."""
    take = on_h11.begin_body(10)
    take(b"abcde")
    with pytest.raises(UnexpectedEventError):
        take(b"fghijk")


def test_the_time_of_an_import_is_that_of_its_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A package that works at its import takes so long, and no start of Python on top."""
    package = tmp_path / "a_slow_package"
    package.mkdir()
    # Until the process has worked for so long, with its start: the import has less than that.
    source = "import time\nwhile time.process_time() < {}:\n    pass\n"
    (package / "__init__.py").write_text(source.format(1.0), encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    assert 0.5 < import_time("a_slow_package", ("a_slow_package", "no_such_package")) < 1.0


def test_our_import_needs_no_more_than_our_packages() -> None:
    """Ours can be imported where there is nothing else."""
    assert import_time("h11", on_h11.PACKAGES) > 0
