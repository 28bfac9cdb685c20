"""Events can be copied and pickled, those that a parser made as well as those of a program."""

import copy
import pickle
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given

from h11_events import Data, Event, Headers, InformationalResponse, Request, Response
from tests.events.examples import each_event, fields_of
from tests.events.strategies import events

LINES = [(b"HOST", b"example.com"), (b"X-Id", b"1"), (b"x-id", b"2")]
RECEIVED: list[Event] = [
    Request.from_parts(b"GET", b"/", Headers.from_field_lines(LINES), b"1.1"),
    InformationalResponse.from_parts(100, Headers.from_field_lines(LINES), b"1.1", b"Go on"),
    Response.from_parts(200, Headers.from_field_lines(LINES), b"1.0", b"OK"),
    Response.from_parts(200, Headers(), b"1.1", b"more than \x01 a program may say"),
]


def pickled(protocol: int) -> Callable[[Event], Event]:
    """Return what sends an event through a pickle of a protocol."""

    def there_and_back(event: Event) -> Event:
        """Return the event that comes back."""
        back: Event = pickle.loads(pickle.dumps(event, protocol))
        return back

    return there_and_back


each_way = pytest.mark.parametrize(
    "twin_of",
    [copy.copy, copy.deepcopy, *map(pickled, range(2, pickle.HIGHEST_PROTOCOL + 1))],
    ids=["copy", "deepcopy", *(f"pickle-{n}" for n in range(2, pickle.HIGHEST_PROTOCOL + 1))],
)


def assert_same(event: Event, twin: Event) -> None:
    """Check that two events are alike in all that can be asked of them."""
    assert type(twin) is type(event)
    assert twin == event
    assert repr(twin) == repr(event)
    for field, other in zip(fields_of(event).values(), fields_of(twin).values(), strict=True):
        assert type(other) is type(field)
        if isinstance(field, Headers):
            assert other.raw_items() == field.raw_items()
            assert [other.get_all(name) for name, _ in field] == [
                field.get_all(name) for name, _ in field
            ]


@each_event
@each_way
def test_made_events_survive(event: Event, twin_of: Callable[[Event], Event]) -> None:
    """A copy of an event that a program made is equal, in the casing of names, too."""
    assert_same(event, twin_of(event))


@pytest.mark.parametrize("event", RECEIVED, ids=["request", "informational", "response", "odd"])
@each_way
def test_received_events_survive(event: Event, twin_of: Callable[[Event], Event]) -> None:
    """A copy of a parser's event is equal, also where a program could not have made it."""
    assert_same(event, twin_of(event))


@given(events())
def test_any_event_survives(event: Event) -> None:
    """Whatever the fields are, a shallow copy, a deep copy and a pickle are the same event."""
    assert_same(event, copy.copy(event))
    assert_same(event, copy.deepcopy(event))
    assert_same(event, pickled(pickle.HIGHEST_PROTOCOL)(event))


@each_event
@each_way
def test_copies_cannot_be_changed_either(event: Event, twin_of: Callable[[Event], Event]) -> None:
    """A copy is as immutable as what it was copied from."""
    twin: Any = twin_of(event)

    with pytest.raises(AttributeError):
        twin.headers = []


def test_shallow_copy_of_data_holds_the_same_object() -> None:
    """Only a deep copy has data of its own."""
    octets: Any = bytearray(b"hello")
    event = Data(octets, chunk_start=True)

    assert copy.copy(event).data is octets
    assert copy.deepcopy(event).data is not octets
    assert copy.deepcopy(event) == event
