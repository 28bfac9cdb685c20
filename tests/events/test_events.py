"""What all events have in common: how they are made, what they hold, and that nothing changes."""

from array import array
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from h11_events import (
    ConnectionClosed,
    Data,
    EndOfMessage,
    Event,
    Headers,
    InformationalResponse,
    LocalProtocolError,
    Request,
    Response,
)
from tests.events.examples import (
    CLASSES,
    EXAMPLES,
    each_class,
    each_event,
    each_minimum,
    fields_of,
)
from tests.events.strategies import hostile_octets


@pytest.mark.parametrize(
    ("cls", "names"),
    [
        (Request, {"method", "target", "headers", "http_version"}),
        (InformationalResponse, {"status_code", "headers", "http_version", "reason"}),
        (Response, {"status_code", "headers", "http_version", "reason"}),
        (Data, {"data", "chunk_start", "chunk_end"}),
        (EndOfMessage, {"headers"}),
        (ConnectionClosed, set()),
    ],
)
def test_fields_of_each_class(cls: type[Event], names: set[str]) -> None:
    """Every class has the fields that are documented, and no others."""
    event = EXAMPLES[CLASSES.index(cls)]
    public = {name for name in dir(event) if not name.startswith("_") and name != "from_parts"}

    assert public - {"chunk_extension"} == set(cls.__match_args__) == names
    assert ("chunk_extension" in public) is (cls in (Data, EndOfMessage))


@each_event
def test_every_event_is_an_event(event: Event) -> None:
    """The six classes have one base, by which events are told from markers."""
    assert isinstance(event, Event)


@each_class
def test_events_are_final(cls: type[Event]) -> None:
    """A class statement below one of the six classes is refused."""
    with pytest.raises(TypeError, match=f"{cls.__name__} is final"):
        type("Mine", (cls,), {})


@each_class
def test_events_are_final_behind_another_base(cls: type[Event]) -> None:
    """A class that has something else in front of an event class is refused as well."""
    mixin = type("Mixin", (), {})

    with pytest.raises(TypeError, match=f"{cls.__name__} is final"):
        type("Mine", (mixin, cls), {})


@each_minimum
def test_fields_without_default_must_be_given(
    make: Callable[..., Event], required: dict[str, Any]
) -> None:
    """An event is made from its required fields, and from nothing less."""
    assert isinstance(make(**required), Event)
    for missing in required:
        with pytest.raises(TypeError, match=missing):
            make(**{name: value for name, value in required.items() if name != missing})


@each_minimum
def test_unknown_fields_are_refused(make: Callable[..., Event], required: dict[str, Any]) -> None:
    """A misspelt field is an error, not ignored."""
    with pytest.raises(TypeError):
        make(**required, haeders=[])


@pytest.mark.parametrize("event", [e for e in EXAMPLES if not isinstance(e, Data)])
def test_fields_are_not_taken_by_position(event: Event) -> None:
    """All classes but `Data` take keywords only."""
    make: Any = type(event)

    with pytest.raises(TypeError, match="argument"):
        make(*fields_of(event).values() or [b""])


def test_data_takes_its_fields_by_position_too() -> None:
    """`Data` is the one event whose fields need no names."""
    assert Data(b"hello") == Data(data=b"hello")
    assert Data(b"hello", True) == Data(data=b"hello", chunk_start=True)
    assert Data(b"hello", False, True) == Data(data=b"hello", chunk_end=True)


def test_defaults() -> None:
    """The version is 1.1; reason phrase and trailer section are empty; no chunk is known."""
    assert Request(method="GET", target="/", headers=[("Host", "a")]).http_version == b"1.1"
    assert Response(status_code=200, headers=[]).http_version == b"1.1"
    assert Response(status_code=200, headers=[]).reason == b""
    assert InformationalResponse(status_code=100, headers=[]).http_version == b"1.1"
    assert InformationalResponse(status_code=100, headers=[]).reason == b""
    assert (Data(data=b"").chunk_start, Data(data=b"").chunk_end) == (False, False)
    assert EndOfMessage().headers == []
    assert EndOfMessage(headers=None).headers == []


@pytest.mark.parametrize("start", [False, True])
@pytest.mark.parametrize("end", [False, True])
def test_data_tells_where_a_chunk_begins_and_ends(start: bool, end: bool) -> None:
    """The flags of a chunk are independent of each other."""
    event = Data(data=b"hello", chunk_start=start, chunk_end=end)

    assert (event.chunk_start, event.chunk_end) == (start, end)


class Placeholder:
    """Stands for data that only its owner can send; nothing but its length is of interest."""

    def __len__(self) -> int:
        """Return the number of octets that it stands for."""
        return 200


@pytest.mark.parametrize(
    "data",
    [b"hello", bytearray(b"hello"), memoryview(b"hello"), Placeholder()],
    ids=["bytes", "bytearray", "memoryview", "placeholder"],
)
def test_data_is_passed_through(data: Any) -> None:
    """`Data` holds the very object that it was given."""
    assert Data(data=data).data is data


@pytest.mark.parametrize("kind", ["B", "b", "H", "I", "d"])
def test_data_has_as_many_octets_as_it_says(kind: str) -> None:
    """The length of a view of longer items is not that of its octets, so it has to be cast."""
    view: Any = memoryview(array(kind, [1, 2]))
    if view.itemsize == 1:
        assert Data(data=view).data is view
    else:
        with pytest.raises(TypeError, match=f"have {view.itemsize}"):
            Data(data=view)
        assert len(Data(data=view.cast("B")).data) == 2 * view.itemsize


@each_event
def test_fields_cannot_be_set_or_deleted(event: Event) -> None:
    """An event that was checked stays as it was checked."""
    before = fields_of(event)

    for name, value in before.items():
        with pytest.raises(AttributeError, match=name):
            setattr(event, name, value)
        with pytest.raises(AttributeError, match=name):
            delattr(event, name)

    assert fields_of(event) == before


@each_event
def test_there_is_no_room_for_other_attributes(event: Event) -> None:
    """Nothing can be attached to an event, either."""
    with pytest.raises(AttributeError, match="immutable"):
        event.note = "mine"  # type: ignore[assignment]  # refused here as well
    assert not hasattr(event, "__dict__")


@pytest.mark.parametrize("event", [e for e in EXAMPLES if hasattr(e, "headers")])
def test_headers_of_an_event_are_headers(event: Any) -> None:
    """Whatever the headers were made from, they are held as `Headers`."""
    assert type(event.headers) is Headers


def test_headers_of_one_event_can_be_given_to_another() -> None:
    """`Headers` are taken as they are, the casing with them."""
    headers = Headers([("HOST", "a"), ("X-ID", "1")])
    request = Request(method="GET", target="/", headers=headers)
    response = Response(status_code=200, headers=request.headers)

    assert response.headers == headers
    assert response.headers.raw_items() == [(b"HOST", b"a"), (b"X-ID", b"1")]


def test_changing_the_list_of_headers_later_has_no_effect() -> None:
    """The list stays the caller's, as it was, and can be changed without harm to the event."""
    value = bytearray(b"Example.Com")
    lines = [("HOST", value)]
    request = Request(method="GET", target="/", headers=lines)

    assert lines == [("HOST", bytearray(b"Example.Com"))]
    value[:] = b"a\r\nb: c"
    lines.append(("Accept", value))

    assert request.headers == [(b"host", b"Example.Com")]


HEADERS = st.lists(st.tuples(hostile_octets(), hostile_octets()), max_size=2).map(
    lambda lines: [(b"Host", b"a"), *lines]
)
VERSIONS = st.just(b"1.1") | hostile_octets()
OFFERS: st.SearchStrategy[tuple[Callable[..., Event], dict[str, Any]]] = st.one_of(
    st.tuples(
        st.just(Request),
        st.fixed_dictionaries(
            {
                "method": hostile_octets(),
                "target": hostile_octets(),
                "headers": HEADERS,
                "http_version": VERSIONS,
            }
        ),
    ),
    st.tuples(
        st.sampled_from([InformationalResponse, Response]),
        st.fixed_dictionaries(
            {
                "status_code": st.sampled_from([100, 200]),
                "headers": HEADERS,
                "http_version": VERSIONS,
                "reason": hostile_octets(),
            }
        ),
    ),
    st.tuples(st.just(EndOfMessage), st.fixed_dictionaries({"headers": HEADERS})),
)


def octets_of(field: Any) -> bytes:
    """Return all octets of a field; those of headers in both spellings."""
    match field:
        case Headers():
            return b"".join(part for line in [*field, *field.raw_items()] for part in line)
        case bytes():
            return field
    return b""


@given(OFFERS)
def test_no_event_breaks_out_of_its_line(
    offer: tuple[Callable[..., Event], dict[str, Any]],
) -> None:
    """Whatever is offered: an event that exists has no control octet anywhere, but HTAB."""
    make, fields = offer
    try:
        event = make(**fields)
    except LocalProtocolError:
        return

    octets = b"".join(map(octets_of, fields_of(event).values()))

    assert not set(octets) & {*range(0x20), 0x7F} - {*b"\t"}


@given(data=st.binary(), chunk_start=st.booleans(), chunk_end=st.booleans())
def test_data_from_parts_is_the_same_piece(data: bytes, chunk_start: bool, chunk_end: bool) -> None:
    """What a parser makes of a piece is what the class makes of it."""
    piece = Data.from_parts(data, chunk_start, chunk_end)

    assert type(piece) is Data
    assert piece == Data(data, chunk_start, chunk_end)
    assert piece.data is data
