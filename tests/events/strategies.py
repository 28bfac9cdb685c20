"""Strategies that only the tests of events need: any event, and one thing said in several forms."""

from typing import Final

from hypothesis import strategies as st

from h11_events import ConnectionClosed, Data, EndOfMessage, Event, FieldLine, Octets
from tests import strategies as shared


def data_events() -> st.SearchStrategy[Data]:
    """Return a strategy of pieces of a body, with or without the flags of a chunk."""
    return st.builds(
        Data, data=st.binary(max_size=20), chunk_start=st.booleans(), chunk_end=st.booleans()
    )


KINDS: Final[list[st.SearchStrategy[Event]]] = [
    shared.requests(),
    shared.informational_responses(),
    shared.responses(),
    data_events(),
    st.builds(EndOfMessage, headers=shared.trailers()),
    st.builds(ConnectionClosed),
]


def events() -> st.SearchStrategy[Event]:
    """Return a strategy of events of all six classes."""
    return st.one_of(KINDS)


def pairs_of_events() -> st.SearchStrategy[tuple[Event, Event]]:
    """Return a strategy of two events of one class."""
    return st.one_of([st.tuples(kind, kind) for kind in KINDS])


def forms(octets: bytes) -> st.SearchStrategy[Octets]:
    """Return a strategy of the same octets in all types that stand for them."""
    types: list[Octets] = [octets, bytearray(octets), memoryview(octets)]
    if octets.isascii():
        types.append(octets.decode("ascii"))
    return st.sampled_from(types)


def recased_forms(lines: list[FieldLine]) -> st.SearchStrategy[list[tuple[Octets, Octets]]]:
    """Return a strategy of the same field lines with names in any case, all in any type."""
    return st.tuples(
        *(st.tuples(shared.casings(name).flatmap(forms), forms(value)) for name, value in lines)
    ).map(list)


def hostile_octets() -> st.SearchStrategy[bytes]:
    """Return a strategy of octets, most of them legal, with now and then one that may be not."""
    usual = st.sampled_from([b"a", b"1", b"GET", b"/", b"chunked"])
    odd = st.sampled_from([b"\0", b"\r", b"\n", b"\r\n", b"\x0b", b"\x0c", b" ", b"\t", b"\x7f"])
    pieces = st.lists(usual | usual | usual | odd | st.binary(max_size=2), max_size=4)
    return usual | usual | pieces.map(b"".join)


def on_wire(lines: list[FieldLine]) -> list[bytes]:
    """Return field lines as a parser splits them off: each with the LF before, without its CR."""
    return [b"\n" + name + b": " + value for name, value in lines]
