"""Measurements are shown as rows, as a page of Markdown, and as JSON."""

import json
import re
from pathlib import Path

import pytest

from tests.benchmarks import machine
from tests.benchmarks.measurement import Measurement
from tests.benchmarks.process import Identity
from tests.benchmarks.table import HEADING, as_json, as_page, row

IDENTITIES = {
    "ours": Identity("h11", "2", "/here/h11", "CPython 3.11.7", ["server_cycle"]),
    "upstream": Identity("h11", "1", "/there/h11", "CPython 3.11.7", ["server_cycle"]),
}

MEASURED = Measurement(
    "server_cycle",
    {
        "ours": [1e-5, 1e-5, 4e-5],
        "upstream": [5e-5, 6e-5, 4e-5],
        "httptools": [2e-6, 2e-6, 2e-6],
    },
)


def test_a_row_has_all_that_was_measured() -> None:
    """Times, ratio, spread, promise, target, and the ratio of each native parser or a dash."""
    assert row(MEASURED).split() == (
        ["server_cycle", "10.00", "50.00", "µs", "5.00", "1.00-6.00", "4.0", "6.0", "25.00", "-"]
    )
    assert len(row(MEASURED)) == len(HEADING)


def test_a_broken_promise_shows_in_its_row() -> None:
    """A line below its promise is marked, and fits under the heading as any other."""
    shown = row(Measurement("server_cycle", {"ours": [1e-5], "upstream": [3.9e-5]}))
    assert shown.endswith("-      -  below")
    assert len(shown.removesuffix("  below")) == len(HEADING)


def test_great_figures_have_no_fractions() -> None:
    """Bytes and ratios of a hundred and more are shown as whole numbers."""
    shown = row(Measurement("body_copied", {"ours": [60.0], "upstream": [786_547.4]})).split()
    assert shown[:6] == ["body_copied", "60.00", "786,547", "B", "13,109", "13,109-13,109"]


def test_the_page_names_machine_and_versions() -> None:
    """A reader finds what was measured, on what, when, and how to do it again."""
    page = as_page([MEASURED], IDENTITIES)
    assert page.startswith("# Speed, line by line\n")
    assert "Written by `hatch run bench --write docs/performance-table.md`" in page
    assert "- Measured: h11 2, h11 1\n" in page
    assert re.search(r"^- Day: \d{4}-\d\d-\d\d$", page, re.MULTILINE)
    assert re.search(r"^- Processor: .+, \d+ cores$", page, re.MULTILINE)
    assert (
        "| server cycle, new connection (`server_cycle`) "
        "| 10.00 µs | 50.00 µs | **5.00** | 1.00-6.00 | 6 | 25.00 | - |\n"
    ) in page


def test_the_page_names_the_targets_that_are_missed() -> None:
    """A reader sees at once which lines are below their target; where none is, nothing is said."""
    reached = Measurement("chunked_in", {"ours": [1.0], "upstream": [3.0]})
    page = as_page([MEASURED, reached], IDENTITIES)
    assert "\nBelow their target: `server_cycle`. " in page
    assert "Below their target" not in as_page([reached], IDENTITIES)


@pytest.mark.parametrize(
    ("content", "name"),
    [("vendor_id\t: V\nmodel name\t: Some: thing\n", "Some: thing"), ("cpu: 1\n", None)],
)
def test_the_processor_is_named_as_far_as_it_is_known(
    tmp_path: Path, content: str, name: str | None
) -> None:
    """The name is the one that the system gives, or else the kind of machine."""
    cpuinfo = tmp_path / "cpuinfo"
    fallback = machine.processor(cpuinfo)
    assert fallback
    cpuinfo.write_text(content, encoding="utf-8")
    assert machine.processor(cpuinfo) == (name or fallback)


def test_the_json_holds_every_sample() -> None:
    """A program finds all samples, the verdict's numbers, and what was measured."""
    samples = {"ours": [1.0, 2.0], "upstream": [2.0, 2.0]}
    report = json.loads(as_json([Measurement("chunked_in", samples)], IDENTITIES))
    assert report["implementations"]["ours"]["version"] == "2"
    assert report["lines"] == {
        "chunked_in": {"samples": samples, "ratio": 1.5, "promise": 1.0, "target": 3.0}
    }
