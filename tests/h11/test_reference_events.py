"""The section "Events" of the reference, paragraph by paragraph: what all events have in common."""

import types
from collections.abc import Callable
from typing import Any, Final

import pytest

import h11
from h11 import Event, LocalProtocolError, Request
from tests.h11.conversations import client, hear, server

EXAMPLES: Final[list[Event]] = [
    Request(method="GET", target="/", headers=[("Host", "example.com")]),
    h11.InformationalResponse(status_code=100, headers=[("A", "b")], reason="Continue"),
    h11.Response(status_code=200, headers=[("A", "b")], reason="OK"),
    h11.Data(data=b"hello", chunk_start=True, chunk_end=False),
    h11.EndOfMessage(headers=[("Digest", "abc")]),
    h11.ConnectionClosed(),
]

FIELDS: Final[dict[type[Event], list[str]]] = {
    Request: ["method", "target", "headers", "http_version"],
    h11.InformationalResponse: ["status_code", "headers", "http_version", "reason"],
    h11.Response: ["status_code", "headers", "http_version", "reason"],
    h11.Data: ["data", "chunk_start", "chunk_end"],
    h11.EndOfMessage: ["headers"],
    h11.ConnectionClosed: [],
}

of_every_class = pytest.mark.parametrize("event", EXAMPLES, ids=lambda event: type(event).__name__)


def test_transactions_are_series_of_events() -> None:
    """A transaction is told as a series of events, in which no byte of framing is left."""
    connection = server()
    events = hear(
        connection,
        b"PUT /a HTTP/1.1\r\nHost: example.com\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"3\r\nabc\r\n0\r\n\r\n",
    )
    assert events == [
        Request(
            method="PUT",
            target="/a",
            headers=[("Host", "example.com"), ("Transfer-Encoding", "chunked")],
        ),
        h11.Data(data=b"abc", chunk_start=True, chunk_end=True),
        h11.EndOfMessage(),
    ]


def test_the_complete_set_of_events() -> None:
    """There are six classes of events, all below `Event`, and no more."""
    assert {
        value
        for name in dir(h11)
        if isinstance(value := getattr(h11, name), type) and issubclass(value, Event)
    } == {*FIELDS, Event}


@of_every_class
def test_event_classes_are_final(event: Event) -> None:
    """No event class can be subclassed."""
    with pytest.raises(TypeError, match=type(event).__name__):
        types.new_class("Derived", (type(event),))


@of_every_class
def test_fields_are_regular_attributes(event: Event) -> None:
    """Every event has the fields of its class as attributes."""
    for name in FIELDS[type(event)]:
        assert hasattr(event, name)


def test_request_has_four_fields() -> None:
    """Method, target, headers and version of a request can be read."""
    request = Request(
        method="GET", target="/", headers=[("Host", "example.com")], http_version="1.1"
    )
    assert request.method == b"GET"
    assert request.target == b"/"
    assert request.headers == [(b"host", b"example.com")]
    assert request.http_version == b"1.1"


def test_http_version_is_11_unless_said_otherwise() -> None:
    """The version is the only field of a request with a default."""
    assert Request(method="GET", target="/", headers=[("Host", "a")]).http_version == b"1.1"
    assert h11.InformationalResponse(status_code=100, headers=[]).http_version == b"1.1"
    assert h11.Response(status_code=200, headers=[]).http_version == b"1.1"


@pytest.mark.parametrize("missing", ["method", "target", "headers"])
def test_other_fields_of_a_request_have_no_default(missing: str) -> None:
    """Without method, target or headers no request can be made."""
    fields: dict[str, Any] = {"method": "GET", "target": "/", "headers": [("Host", "a")]}
    del fields[missing]
    with pytest.raises(TypeError, match=missing):
        Request(**fields)


@pytest.mark.parametrize(
    ("make", "arguments"),
    [
        (Request, ("GET", "/", [("Host", "a")])),
        (h11.InformationalResponse, (100, [])),
        (h11.Response, (200, [])),
        (h11.EndOfMessage, ([],)),
        (h11.ConnectionClosed, (1,)),
    ],
)
def test_fields_are_given_by_keyword(
    make: Callable[..., Event], arguments: tuple[object, ...]
) -> None:
    """The constructors take no positional arguments."""
    with pytest.raises(TypeError):
        make(*arguments)


def test_data_also_takes_its_data_by_position() -> None:
    """The one exception is the data of `Data`, which is taken both ways."""
    assert h11.Data(b"abc") == h11.Data(data=b"abc")


@of_every_class
def test_repr_is_useful(event: Event) -> None:
    """The repr names the class, and every field with its value."""
    shown = repr(event)
    assert shown.startswith(f"{type(event).__name__}(")
    for name in FIELDS[type(event)]:
        assert f"{name}={getattr(event, name)!r}" in shown


def test_fields_are_normalised_to_bytes() -> None:
    """What was given as text is there as bytes."""
    request = Request(method="GET", target="/", headers=[("Host", "example.com")])
    assert [type(part) for part in (request.method, request.target, *request.headers[0])] == [
        *(bytes, bytes, bytes, bytes)
    ]


def test_http_10_requests_do_not_need_a_host() -> None:
    """A request of HTTP/1.0 may come without Host."""
    request = Request(method="GET", target="/", headers=[], http_version="1.0")
    assert request.headers == []


def test_http_11_requests_need_a_host() -> None:
    """A request of HTTP/1.1 without Host cannot be made."""
    with pytest.raises(LocalProtocolError, match="Host"):
        Request(method="GET", target="/", headers=[])


def test_remote_peers_are_checked_in_the_same_way() -> None:
    """A peer whose request lacks Host is found to break the protocol."""
    connection = server()
    connection.receive_data(b"GET / HTTP/1.1\r\n\r\n")
    with pytest.raises(h11.RemoteProtocolError, match="Host"):
        connection.next_event()


def test_equal_events_are_equal() -> None:
    """Events compare by value, whichever form their fields were given in."""
    assert Request(method="GET", target="/", headers=[("Host", "a")]) == Request(
        method=b"GET", target=bytearray(b"/"), headers=((b"host", memoryview(b"a")),)
    )
    assert Request(method="GET", target="/", headers=[("Host", "a")]) != Request(
        method="PUT", target="/", headers=[("Host", "a")]
    )


@of_every_class
def test_events_cannot_be_hashed_or_changed(event: Event) -> None:
    """Events have no hash, and their fields cannot be set or deleted."""
    with pytest.raises(TypeError):
        hash(event)
    for name in [*FIELDS[type(event)], "other"]:
        with pytest.raises(AttributeError):
            setattr(event, name, b"")
        with pytest.raises(AttributeError):
            delattr(event, name)


@pytest.mark.parametrize("version", ["1.0", "0.9", "2.0"])
@pytest.mark.parametrize("kind", ["request", "informational", "response"])
def test_sending_another_version_is_refused(version: str, kind: str) -> None:
    """Whoever overrides the version can make the event, but `send` rejects it."""
    event: Event
    if kind == "request":
        connection = client()
        event = Request(method="GET", target="/", headers=[("Host", "a")], http_version=version)
    else:
        connection = server(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        event = (
            h11.InformationalResponse(status_code=103, headers=[], http_version=version)
            if kind == "informational"
            else h11.Response(status_code=200, headers=[], http_version=version)
        )
    with pytest.raises(LocalProtocolError, match=r"HTTP/1\.1"):
        connection.send(event)


@pytest.mark.parametrize("version", [b"1.0", b"1.1", b"1.2", b"1.9"])
def test_other_versions_are_understood(version: bytes) -> None:
    """Events from remote peers tell the version that the peer used, of major version 1."""
    received = server()
    (request, _) = hear(received, b"GET / HTTP/%b\r\nHost: a\r\n\r\n" % version)
    assert isinstance(request, Request)
    assert request.http_version == version

    asking = client(Request(method="GET", target="/", headers=[("Host", "a")]))
    response = hear(asking, b"HTTP/%b 200 OK\r\nContent-Length: 1\r\n\r\n" % version)[0]
    assert isinstance(response, h11.Response)
    assert response.http_version == version


@pytest.mark.parametrize("version", [b"0.9", b"2.0", b"3.0"])
def test_other_major_versions_are_not_understood(version: bytes) -> None:
    """They are other protocols, which is told from other faults (RFC 9110 section 15.6.6)."""
    connections = {
        server(): b"GET / HTTP/%b\r\nHost: a\r\n\r\n",
        client(
            Request(method="GET", target="/", headers=[("Host", "a")])
        ): b"HTTP/%b 200 OK\r\n\r\n",
    }
    for connection, head in connections.items():
        connection.receive_data(head % version)
        with pytest.raises(h11.RemoteProtocolError, match="major version 1") as raised:
            connection.next_event()
        assert raised.value.code is h11.ErrorCode.UNSUPPORTED_VERSION
        assert raised.value.error_status_hint == 505
