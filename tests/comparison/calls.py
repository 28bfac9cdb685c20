"""Events that a program sends: every framing, method and status, sensible headers around them.

In: what the events answer, where that matters. Out: hypothesis strategies of constructor calls.
"""

from typing import NamedTuple

from hypothesis import strategies as st

from tests.comparison import wire
from tests.comparison.conversation import Make, Placeholder
from tests.comparison.wire import Framing


class Asked(NamedTuple):
    """The events of a request, and the facts about it that the answer depends on."""

    events: list[Make]
    method: bytes
    may_switch: bool


Pairs = list[tuple[object, object]]

OTHER_PAIRS = st.sampled_from(
    [
        *(("X-Empty", ""), (b"x-Bytes", b"b"), ("X-Latin", b"\xe9"), ("Date", "now")),
        ("Server", bytearray(b"a b")),
    ]
)


TRAILER_PAIRS = st.sampled_from(
    [("X-Empty", ""), (b"x-Bytes", b"b"), ("X-Latin", b"\xe9"), ("ETag", bytearray(b"a b"))]
)


def as_view(octets: bytes) -> memoryview:
    """Return a view of the octets."""
    return memoryview(octets)


PIECES: st.SearchStrategy[bytes | bytearray | memoryview] = (
    wire.BODIES | wire.BODIES.map(bytearray) | wire.BODIES.map(as_view)
)


@st.composite
def pairs(draw: st.DrawFn) -> Pairs:
    """Return pairs that do not frame the body."""
    found: Pairs = draw(st.just([]) | st.lists(OTHER_PAIRS, max_size=2))
    for value in draw(st.just([]) | st.lists(wire.CONNECTION_VALUES, max_size=2)):
        found.append((draw(st.sampled_from(["Connection", b"cOnnection"])), value))
    return found


@st.composite
def framing_pairs(draw: st.DrawFn, framing: Framing, length: int) -> Pairs:
    """Return the pairs that announce a body of this length."""
    if framing == "none":
        return []
    if framing == "length":
        return [(draw(st.sampled_from(["Content-Length", b"cOntent-length"])), str(length))]
    value = draw(st.sampled_from(["chunked", b"Chunked"]))
    return [(draw(st.sampled_from(["Transfer-Encoding", b"tRansfer-encoding"])), value)]


def kinds() -> st.SearchStrategy[Framing]:
    """Return the strategy of how a message is framed."""
    return st.sampled_from(["none", "length", "chunked"])


@st.composite
def bodies(draw: st.DrawFn) -> tuple[list[Make], int]:
    """Return the Data events of a body, and its length."""
    pieces: list[bytes | bytearray | memoryview | Placeholder] = draw(
        st.lists(PIECES | st.builds(Placeholder, st.integers(0, 9)), max_size=3)
    )
    return [Make("Data", {"data": piece}) for piece in pieces], sum(map(len, pieces))


@st.composite
def ends(draw: st.DrawFn, *, with_trailers: bool) -> Make:
    """Return the end of a message, sometimes with a trailer section."""
    if with_trailers and draw(st.booleans()):
        return Make("EndOfMessage", {"headers": draw(st.lists(TRAILER_PAIRS, max_size=2))})
    return Make("EndOfMessage", {})


@st.composite
def requests(draw: st.DrawFn) -> Asked:
    """Return a request, its body and its end."""
    framing = draw(kinds())
    data, length = ([], 0) if framing == "none" else draw(bodies())
    host = ("hOST", bytearray(b"a"))
    rare: list[Pairs] = [[("uPgrade", "x")], [("Expect", "100-Continue")]]
    special = draw(st.sampled_from([[]] * 4 + rare))
    headers = [*draw(pairs()), *draw(framing_pairs(framing, length)), *special, host]
    method = draw(wire.METHODS)
    fields: dict[str, object] = {"method": method, "target": draw(wire.targets(method))}
    fields["headers"] = draw(st.permutations(headers))
    end = draw(ends(with_trailers=framing == "chunked"))
    upgrades = any(name == "uPgrade" for name, _ in headers)
    return Asked([Make("Request", fields), *data, end], method, upgrades)


@st.composite
def informational(draw: st.DrawFn) -> Make:
    """Return an informational response."""
    status = draw(wire.INFORMATIONAL_STATUSES)
    return Make("InformationalResponse", {"status_code": status, "headers": draw(pairs())})


@st.composite
def responses(draw: st.DrawFn, method: bytes = b"GET", *, may_switch: bool = False) -> list[Make]:
    """Return a response to a request with this method, with what belongs before and after it."""
    before = draw(st.just([]) | st.lists(informational(), max_size=2))
    if may_switch and draw(st.booleans()):
        switch = {"status_code": 101, "headers": [("Upgrade", "websocket")]}
        return [*before, Make("InformationalResponse", switch)]
    status = draw(wire.STATUSES)
    bodyless = wire.is_bodyless(method, status)
    data, length = ([], 0) if bodyless else draw(bodies())
    framings = draw(st.lists(kinds(), min_size=1, max_size=2, unique=True))
    headers = draw(pairs())
    for framing in framings:
        headers += draw(framing_pairs(framing, length))
    fields: dict[str, object] = {"status_code": status, "headers": draw(st.permutations(headers))}
    if draw(st.booleans()):
        fields["reason"] = draw(st.sampled_from(["OK", b"Not Found", b"\t\xff", bytearray(b"x")]))
    if method == b"CONNECT" and status < 300:
        return [*before, Make("Response", fields)]
    end = draw(ends(with_trailers="length" not in framings and not bodyless))
    return [*before, Make("Response", fields), *data, end]


def single() -> st.SearchStrategy[Make]:
    """Return the strategy of one event out of a message."""
    messages = requests().map(lambda asked: asked.events) | responses()
    return messages.flatmap(st.sampled_from)
