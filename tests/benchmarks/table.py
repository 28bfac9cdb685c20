"""The promised ratios, and the measurements as a table for people or as JSON for programs."""

import json
import statistics
from collections.abc import Iterable, Mapping

from tests.benchmarks.measurement import Measurement

PROMISES = {
    "server_cycle": 4.0,
    "server_keepalive": 4.0,
    "client_keepalive": 4.0,
    "request_parse": 4.0,
    "request_parse_small": 1.0,
    "chunked_in": 1.0,
    "chunked_out": 1.0,
    "content_length_in": 1.0,
    "head_bytewise": 1.0,
}
"""How many times as fast as upstream every line is at least, in the order of the table."""

HEADING = (
    f"{'line':<20}{'ours µs/op':>13}{'upstream µs/op':>16}{'ratio':>8}{'min-max':>15}{'promise':>9}"
)


def row(measurement: Measurement) -> str:
    """Return a measurement as a row under the heading, marked where it breaks its promise."""
    ours = statistics.median(measurement.ours) * 1e6
    upstream = statistics.median(measurement.upstream) * 1e6
    span = f"{min(measurement.ratios):.2f}-{max(measurement.ratios):.2f}"
    promise = PROMISES[measurement.line]
    mark = "" if keeps_promise(measurement) else "  below"
    return (
        f"{measurement.line:<20}{ours:>13.2f}{upstream:>16.2f}"
        f"{measurement.ratio:>8.2f}{span:>15}{promise:>9.1f}{mark}"
    )


def keeps_promise(measurement: Measurement) -> bool:
    """Tell whether the line is as fast as promised."""
    return measurement.ratio >= PROMISES[measurement.line]


def as_json(
    measurements: Iterable[Measurement], implementations: Mapping[str, Mapping[str, str]]
) -> str:
    """Return all measurements, in seconds, and what was measured as a JSON object."""
    lines = {
        measurement.line: {
            "ours": list(measurement.ours),
            "upstream": list(measurement.upstream),
            "ratio": measurement.ratio,
            "promise": PROMISES[measurement.line],
        }
        for measurement in measurements
    }
    return json.dumps({"implementations": implementations, "lines": lines}, indent=2) + "\n"
