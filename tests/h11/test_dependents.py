"""Tests of behaviour that the tests of real dependents assert, beyond the documentation."""

import pytest

import h11
from tests.h11.conversations import (
    CHUNKED,
    END,
    GET_HEAD,
    WEBSOCKET,
    client,
    hear,
    length,
    request,
    response,
    say,
    server,
)


def test_text_of_an_illegal_value() -> None:
    """The tests of httpcore assert the whole text of the error for a value with NUL."""
    with pytest.raises(h11.LocalProtocolError) as caught:
        h11.Request(method="GET", target="/", headers=[("Host", "a"), ("custom", "\x00")])
    assert str(caught.value) == r"Illegal header value b'\x00'"


@pytest.mark.parametrize(
    ("octets", "text"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello", "received 5 bytes, expected 100"),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
            "incomplete chunked read",
        ),
    ],
    ids=["length", "chunked"],
)
def test_text_of_a_close_in_mid_body(octets: bytes, text: str) -> None:
    """The tests of mitmproxy look for these words in the text of the error."""
    connection = client(request(), END)
    hear(connection, octets)
    connection.receive_data(b"")
    with pytest.raises(h11.RemoteProtocolError) as caught:
        connection.next_event()
    assert "peer closed connection" in str(caught.value)
    assert text in str(caught.value)


def test_repr_of_a_close() -> None:
    """It is printed into a trace that the tests of httpcore compare."""
    assert repr(h11.ConnectionClosed()) == "ConnectionClosed()"


def test_raw_items_are_a_plain_list() -> None:
    """The repr of the list of pairs is compared, casing and all."""
    received = hear(server(), b"GET / HTTP/1.1\r\nHOST: Example.com\r\naCCEPT: */*\r\n\r\n")[0]
    assert isinstance(received, h11.Request)
    items = received.headers.raw_items()
    assert type(items) is list
    assert repr(items) == "[(b'HOST', b'Example.com'), (b'aCCEPT', b'*/*')]"


def test_events_and_headers_compare_by_value() -> None:
    """Events equal events, and headers equal the list of pairs that they were made from."""
    pairs = [(b"host", b"a"), (b"accept", b"*/*")]
    event = h11.Request(method=b"GET", target=b"/", headers=pairs)
    assert event == h11.Request(method=b"GET", target=b"/", headers=pairs)
    assert event != h11.Request(method=b"GET", target=b"/", headers=pairs[:1])
    assert event.headers == pairs
    assert pairs == event.headers


def test_headers_that_are_added_have_their_usual_casing() -> None:
    """What the library adds is title-cased; what the user gave keeps the user's casing."""
    asked = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    assert server(asked).send(response(("x-lOWER", "1"))) == (
        b"HTTP/1.1 200 \r\nx-lOWER: 1\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    )


def test_empty_reason_keeps_its_space() -> None:
    """The reason is `b""` by default; uvicorn's and hypercorn's tests know the space after 200."""
    assert response().reason == b""
    assert server(GET_HEAD).send(response(length(0))) == (
        b"HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n"
    )


def test_hint_of_an_oversized_head() -> None:
    """Servers answer with the status that the error suggests, which is 431 here."""
    connection = h11.Connection(h11.SERVER, 100)
    connection.receive_data(b"GET / HTTP/1.1\r\nA: " + b"x" * 100)
    with pytest.raises(h11.RemoteProtocolError) as caught:
        connection.next_event()
    assert caught.value.error_status_hint == 431


def test_send_takes_the_keyword_event() -> None:
    """`send(event=...)` is the same as `send(...)`."""
    assert client().send(event=request()) == client().send(request()) == GET_HEAD


def test_second_positional_argument_is_the_limit() -> None:
    """`Connection(role, size)` limits incomplete events to that size."""
    connection = h11.Connection(h11.SERVER, 10)
    connection.receive_data(b"x" * 11)
    with pytest.raises(h11.RemoteProtocolError, match=r"\b10\b"):
        connection.next_event()


def test_what_send_returns_when_there_is_nothing_to_send() -> None:
    """The end of a body with a length is `b""`, a close is None."""
    connection = server(GET_HEAD)
    say(connection, response(length(0)))
    assert connection.send(END) == b""
    assert connection.send(h11.ConnectionClosed()) is None


def test_trailing_data_before_a_pause() -> None:
    """It can be read at any time, not only when `next_event` has said PAUSED."""
    connection = h11.Connection(h11.CLIENT)
    say(connection, request(WEBSOCKET), END)
    connection.receive_data(b"HTTP/1.1 101 \r\n\r\nframes")
    assert isinstance(connection.next_event(), h11.InformationalResponse)
    assert connection.trailing_data == (b"frames", False)
    assert connection.next_event() is h11.PAUSED

    connection = h11.Connection(h11.SERVER)
    connection.receive_data(GET_HEAD)
    assert connection.trailing_data == (GET_HEAD, False)
    assert connection.next_event() == request()


def finished(event: h11.Event | type[h11.PAUSED]) -> bool:
    """Return whether to stop reading, as httpcore has it; markers stand in the annotation."""
    return isinstance(event, (h11.EndOfMessage, h11.PAUSED))


def test_markers_are_classes_and_instances() -> None:
    """A tuple of an event class and a marker is given to `isinstance` by httpcore."""
    connection = server()
    connection.receive_data(GET_HEAD * 2)
    seen: list[bool] = []
    while len(seen) < 3:
        event = connection.next_event()
        assert event is not h11.NEED_DATA
        seen.append(finished(event))
    assert seen == [False, True, True]


def test_event_classes_and_markers_stand_in_unions() -> None:
    """`A | B` is evaluated at import time, with event classes and with types of markers."""
    union = h11.Request | h11.Response | type[h11.PAUSED]
    assert isinstance(request(), h11.Request | h11.Response)
    assert h11.Request in union.__args__


def test_markers_are_put_into_sets() -> None:
    """Whether a state is in a set of states can be asked."""
    over = {h11.DONE, h11.MUST_CLOSE, h11.CLOSED, h11.ERROR}
    connection = client(request(CHUNKED))
    assert connection.our_state not in over
    say(connection, END)
    assert connection.our_state in over
