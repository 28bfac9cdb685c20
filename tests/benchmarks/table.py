"""The measurements as a table for people, as a page of the documentation, or as JSON for programs.

In: measurements. Out: text.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict

from tests.benchmarks.contenders import AGAINST, NATIVE, OURS
from tests.benchmarks.machine import page
from tests.benchmarks.measurement import Measurement
from tests.benchmarks.process import Identity
from tests.benchmarks.targets import ROWS

HEADING = (
    f"{'line':<20}{'this h11':>11}{'upstream':>11} {'unit':<4}{'ratio':>8}{'min-max':>15}"
    f"{'promise':>9}{'target':>8}{'httptools':>11}{'zttp':>7}"
)

COMMAND = "hatch run bench --write docs/performance-table.md"

NOTE = """\
The ratio is the time (or the bytes) of h11 0.16.0 divided by that of this h11: the median over
rounds in which all take turns, with the least and the greatest of them beside it. The target is the
ratio that the project aims at. The last columns are the ratios of the native parsers to h11 0.16.0
by the same reckoning; a dash stands where one cannot do the work, or where its memory cannot be
seen."""

WHY = "[Performance](performance.md#where-the-time-goes) tells why."
"""Where a reader learns why a target is not reached."""


def figure(number: float | None) -> str:
    """Return a ratio with as many digits as tell something."""
    if number is None:
        return "-"
    return f"{number:.2f}" if number < 100 else f"{number:,.0f}"


def amount(measurement: Measurement, contender: str) -> str:
    """Return what a contender took for a call, in the unit of the line."""
    _, per_one = ROWS[measurement.line].unit.value
    number = measurement.median(contender) * per_one
    return f"{number:,.2f}" if number < 100 else f"{number:,.0f}"


def spread(measurement: Measurement) -> str:
    """Return the least and the greatest ratio."""
    ratios = measurement.ratios()
    return f"{figure(min(ratios))}-{figure(max(ratios))}"


def row(measurement: Measurement) -> str:
    """Return a measurement as a row under the heading, marked where it breaks its promise."""
    wanted = ROWS[measurement.line]
    unit, _ = wanted.unit.value
    natives = [figure(measurement.ratio(name)) for name in NATIVE]
    mark = "" if measurement.reaches(wanted.promise) else "  below"
    return (
        f"{measurement.line:<20}{amount(measurement, OURS):>11}{amount(measurement, AGAINST):>11}"
        f" {unit:<4}{figure(measurement.ratio()):>8}{spread(measurement):>15}"
        f"{wanted.promise:>9.1f}{wanted.target:>8.1f}{natives[0]:>11}{natives[1]:>7}{mark}"
    )


def as_page(measurements: Sequence[Measurement], identities: Mapping[str, Identity]) -> str:
    """Return the measurements as a page of Markdown."""
    measured = ", ".join(f"{it.name} {it.version}" for it in identities.values())
    lines = [
        "| line | this h11 | h11 0.16.0 | ratio | min-max | target | httptools | zttp |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for measurement in measurements:
        wanted = ROWS[measurement.line]
        unit, _ = wanted.unit.value
        cells = [
            f"{wanted.title} (`{measurement.line}`)",
            f"{amount(measurement, OURS)} {unit}",
            f"{amount(measurement, AGAINST)} {unit}",
            f"**{figure(measurement.ratio())}**",
            spread(measurement),
            f"{wanted.target:g}",
            *(figure(measurement.ratio(name)) for name in NATIVE),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    parts = ["\n".join(lines), NOTE, *targets_missed(measurements)]
    return page("Speed, line by line", COMMAND, [f"Measured: {measured}"], *parts)


def targets_missed(measurements: Iterable[Measurement]) -> list[str]:
    """Return a sentence about the lines that are below their targets, if there are any."""
    below = [f"`{it.line}`" for it in measurements if not it.reaches(ROWS[it.line].target)]
    return [f"Below their target: {', '.join(below)}. {WHY}"] if below else []


def as_json(measurements: Iterable[Measurement], identities: Mapping[str, Identity]) -> str:
    """Return all measurements, in seconds or bytes, and what was measured as a JSON object."""
    lines = {
        measurement.line: {
            "samples": {name: list(samples) for name, samples in measurement.samples.items()},
            "ratio": measurement.ratio(),
            "promise": ROWS[measurement.line].promise,
            "target": ROWS[measurement.line].target,
        }
        for measurement in measurements
    }
    described = {name: asdict(identity) for name, identity in identities.items()}
    return json.dumps({"implementations": described, "lines": lines}, indent=2) + "\n"
