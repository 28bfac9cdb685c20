"""Events are values: shown as the call that makes them, compared by fields, without a hash."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import h11_events
from h11_events import (
    ConnectionClosed,
    Data,
    EndOfMessage,
    Event,
    Headers,
    InformationalResponse,
    Request,
    Response,
    with_headers,
)
from tests.events.examples import EXAMPLES, NAMES, each_event, fields_of
from tests.events.strategies import events, pairs_of_events


@pytest.mark.parametrize(
    ("event", "fields"),
    [
        (
            Request(method="GET", target="/", headers=[("Host", "a")]),
            "method=b'GET', target=b'/', headers=<Headers([(b'host', b'a')])>, http_version=b'1.1'",
        ),
        (
            InformationalResponse(status_code=100, headers=[]),
            "status_code=100, headers=<Headers([])>, http_version=b'1.1', reason=b''",
        ),
        (
            Response(status_code=200, headers=[("A", "b")], reason="OK"),
            "status_code=200, headers=<Headers([(b'a', b'b')])>, http_version=b'1.1', reason=b'OK'",
        ),
        (Data(data=b"hello", chunk_end=True), "data=b'hello', chunk_start=False, chunk_end=True"),
        (EndOfMessage(), "headers=<Headers([])>"),
        (ConnectionClosed(), ""),
    ],
    ids=NAMES,
)
def test_repr_shows_the_class_and_all_fields(event: Event, fields: str) -> None:
    """The repr is useful in a log: nothing is left out."""
    assert repr(event) == f"{type(event).__name__}({fields})"


def test_repr_of_connection_closed() -> None:
    """An event without fields is shown as a call without arguments."""
    assert repr(ConnectionClosed()) == "ConnectionClosed()"


@given(events())
def test_repr_is_the_call_that_makes_the_event(event: Any) -> None:
    """With the headers written as the list that they equal, Python reads the event from it."""
    text = repr(event)
    if hasattr(event, "headers"):
        text = text.replace(repr(event.headers), repr(list(event.headers)))

    assert eval(text, vars(h11_events).copy()) == event


@given(pairs_of_events(), st.data())
def test_events_are_equal_if_all_fields_are(pair: tuple[Event, Event], data: st.DataObject) -> None:
    """Of two events of one class, a mixture equals whichever gave it all that differs."""
    first, second = pair
    make: Any = type(first)
    mixed = {
        name: data.draw(st.sampled_from([value, fields_of(second)[name]]))
        for name, value in fields_of(first).items()
    }

    assert (make(**mixed) == first) is (mixed == fields_of(first))
    assert (make(**mixed) != second) is (mixed != fields_of(second))


@pytest.mark.parametrize(
    ("field", "other"),
    [
        pytest.param("method", "get", id="method"),
        pytest.param("target", "/b", id="target"),
        pytest.param("headers", [("Host", "b")], id="header-value"),
        pytest.param("headers", [("Host", "a"), ("A", "b")], id="another-header"),
        pytest.param("http_version", "1.0", id="version"),
    ],
)
def test_one_other_field_makes_another_request(field: str, other: Any) -> None:
    """Every field counts for equality, and methods have a case."""
    fields: dict[str, Any] = {"method": "GET", "target": "/", "headers": [("Host", "a")]}

    assert Request(**fields) != Request(**(fields | {field: other}))


def test_casing_of_names_does_not_count() -> None:
    """Field names are compared without case, as the protocol does."""
    assert EndOfMessage(headers=[("DIGEST", "a")]) == EndOfMessage(headers=[("digest", "a")])
    assert EndOfMessage(headers=[("Digest", "A")]) != EndOfMessage(headers=[("Digest", "a")])


def test_type_of_data_does_not_count() -> None:
    """The same octets in another kind of object are the same data."""
    alike: Any = bytearray(b"hello")

    assert Data(b"hello") == Data(alike)
    assert Data(b"hullo") != Data(alike)


def test_events_of_different_classes_differ() -> None:
    """No event equals one of another class."""
    assert [[event == other for other in EXAMPLES] for event in EXAMPLES] == [
        [row == column for column in range(6)] for row in range(6)
    ]


@pytest.mark.parametrize("other", [None, "ConnectionClosed()", (), ConnectionClosed])
def test_events_equal_nothing_else(other: object) -> None:
    """An event is not equal to its class, its repr or its fields."""
    assert ConnectionClosed() != other


@each_event
def test_events_have_no_hash(event: Event) -> None:
    """Headers equal lists and data may be a bytearray, so no event can be in a set."""
    with pytest.raises(TypeError, match="unhashable"):
        hash(event)


def describe(event: Event) -> str:
    """Return a line about an event, by patterns with fields by position and by name."""
    match event:
        case Request(method, target):
            return f"{method!r} {target!r}"
        case InformationalResponse(status_code=100):
            return "continue"
        case InformationalResponse(status_code, _, version, reason):
            return f"informational {status_code} {version!r} {reason!r}"
        case Response(status_code=status_code, headers=[(b"content-length", length), *_]):
            return f"{status_code} of {length!r}"
        case Data(data, chunk_start=True):
            return f"a chunk begins with {data!r}"
        case EndOfMessage(headers):
            return f"end with {len(headers)} trailers"
        case ConnectionClosed():
            return "closed"
    return "something else"


def test_events_in_match_statements() -> None:
    """Events can be taken apart by pattern; headers match as the sequence that they are."""
    assert [describe(event) for event in EXAMPLES] == [
        "b'GET' b'/'",
        "informational 103 b'1.1' b'Early Hints'",
        "200 of b'5'",
        "a chunk begins with b'hello'",
        "end with 1 trailers",
        "closed",
    ]
    assert describe(InformationalResponse(status_code=100, headers=[])) == "continue"
    assert describe(Data(b"")) == "something else"


@pytest.mark.parametrize("event", [e for e in EXAMPLES if hasattr(e, "headers")])
def test_same_event_with_other_headers(event: Event) -> None:
    """`with_headers` gives an event that differs in nothing but the headers."""
    before = fields_of(event)
    headers = Headers([("Host", "b"), ("X-Added", "1")])
    other = with_headers(event, headers)

    assert type(other) is type(event)
    assert fields_of(other) == before | {"headers": headers}
    assert fields_of(event) == before
