"""What a mistaken program asks for: events whose fields are wrong, or only look wrong.

In: nothing. Out: a hypothesis strategy of constructor calls with values of every type and grammar,
with fields missing, too many, or given by position.
"""

from hypothesis import strategies as st

from tests.comparison import wire
from tests.comparison.conversation import Make, Placeholder
from tests.comparison.near_misses import CODINGS, SIZES

OCTETS = (
    b"a|GET|/|| |a b| a|a |\ta|a\n|a\r\n|\n|a\x00|\x7f|\x0b|a:b|\xe9|\x85|\xa0|*|1.1|1.0|1.1\n|"
    b"1.|11|a\x1fb|a\tb|(|HTTP/1.1|\x80 \t|Not Found"
).split(b"|")


def in_both_types(values: list[bytes]) -> list[object]:
    """Return the values as bytes and, where they are ASCII, as str."""
    texts = [value.decode() for value in values if value.isascii()]
    return [*values, *texts, "\xe9", "\u0661"]


TEXTS = st.sampled_from(
    [
        *in_both_types(OCTETS),
        *(None, 1, 1.5, True, (), [65], bytearray(b"a"), memoryview(b"a"), bytearray(b"\n")),
    ]
)

PAIRS = (
    st.tuples(TEXTS, st.just("a"))
    | st.tuples(st.just("a"), TEXTS)
    | st.tuples(st.sampled_from(["Host", b"content-LENGTH"]), st.sampled_from(in_both_types(SIZES)))
    | st.tuples(st.just("Transfer-encoding"), st.sampled_from(in_both_types(CODINGS)))
    | st.sampled_from([("a",), ("a", "b", "c"), ["a", "b"], "ab", b"ab", None, 5, ("HOST", "b")])
)

BEFORE = st.sampled_from([[], [("Content-Length", "1")], [("Transfer-Encoding", "chunked")]])

STATUSES = [99, 100, 101, 199, 200, 204, 999, 1000, 0, -1, True, 200.0, "200", b"200", None]


@st.composite
def headers(draw: st.DrawFn) -> object:
    """Return headers with one pair that may be wrong, or something else in their place."""
    if draw(st.sampled_from([False] * 4 + [True])):
        return draw(st.sampled_from([(), None, "ab", 5, {}, {"ab": 1}]))
    return [("Host", "a"), *draw(BEFORE), draw(PAIRS)]


FIELDS: dict[str, st.SearchStrategy[object]] = {
    "method": TEXTS | wire.METHODS,
    "target": TEXTS | st.sampled_from(wire.ORIGINS),
    "status_code": st.sampled_from(STATUSES),
    "headers": headers(),
    "http_version": TEXTS,
    "reason": TEXTS,
    "data": wire.BODIES | TEXTS | st.just(Placeholder(3)),
    "chunk_start": st.booleans(),
    "chunk_end": st.booleans(),
    "surplus": st.none(),
}

GOOD: dict[str, dict[str, object]] = {
    "Request": {"method": "GET", "target": "/", "headers": [("Host", "a")]},
    "InformationalResponse": {"status_code": 100, "headers": []},
    "Response": {"status_code": 200, "headers": []},
    "Data": {"data": b"a"},
    "EndOfMessage": {},
}
"""The fields that each constructor needs."""


@st.composite
def calls(draw: st.DrawFn) -> Make:
    """Return a constructor call with one mistake, so that there is no other to be found first."""
    kind = draw(st.sampled_from(sorted(GOOD)))
    fields = GOOD[kind]
    optional = ["http_version", "reason"] if "headers" in fields else ["chunk_start", "chunk_end"]
    match draw(st.sampled_from(["replace"] * 8 + ["leave out", "by position"])):
        case "leave out" if fields:
            gone = draw(st.sampled_from(sorted(fields)))
            return Make(kind, {name: value for name, value in fields.items() if name != gone})
        case "by position":
            return Make(kind, {}, tuple(fields.values()))
    name = draw(st.sampled_from([*fields, *optional, "headers", "surplus"]))
    return Make(kind, fields | {name: draw(FIELDS[name])})
