"""Connection: its options, and what a proxy takes away with them (RFC 9110 sections 7.6 and 7.6.1).

In: messages with Connection and the fields it lists. Out: what steers the connection, what a proxy
forwards, and what is sent.
"""

import pytest

from h11 import DONE, MUST_CLOSE, SERVER, Connection, Event, Response
from h11_events import HOP_BY_HOP, Headers, connection_options, without_hop_by_hop
from tests.h11.conversations import END, Line, length, response, say, server
from tests.rfc import wire
from tests.rfc.messages_9110 import field_lines, forwarded, read_request, read_response


def answer_to_close(event: Event) -> list[bytes]:
    """Return the field lines that a server sends to a client that wants to close."""
    return field_lines(say(server(wire.request(b"Connection: close")), event))


@pytest.mark.rfc("9110/7.6/connection-implemented")
@pytest.mark.parametrize(
    "lines",
    [
        [b"Connection: close"],
        [b"connection: CLOSE"],
        [b"Connection: x-hop, Close"],
        [b"Connection: x-hop", b"CONNECTION: close"],
    ],
)
def test_close_in_connection_ends_it(lines: list[bytes]) -> None:
    """The option `close` counts on both sides, in any case, any line and any company."""
    assert server(wire.request(*lines)).their_state is MUST_CLOSE
    client = wire.client(wire.response(*lines, b"Content-Length: 0"))
    assert wire.hear(client)[-1] == END
    assert client.states[SERVER] is MUST_CLOSE


@pytest.mark.rfc("9110/7.6/connection-implemented")
@pytest.mark.parametrize("value", [b"keep-alive", b"x-close", b"closed", b"upgrade", b"x=close"])
def test_other_options_do_not_end_the_connection(value: bytes) -> None:
    """No other option is taken for `close`."""
    assert server(wire.request(b"Connection: " + value)).their_state is DONE


@pytest.mark.rfc("9110/7.6.1/options-removed")
def test_the_options_of_all_lines_are_told() -> None:
    """The options are told in lower case, whichever line has them."""
    lines = [b"Connection: X-Hop, keep-alive", b"Accept: x", b"CONNECTION: ,TE"]
    headers = read_request(wire.request(*lines)).headers
    assert connection_options(headers) == {b"x-hop", b"keep-alive", b"te"}


@pytest.mark.rfc("9110/7.6.1/options-removed")
def test_the_options_of_no_connection_field_are_none() -> None:
    """A message without Connection has no options, so nothing is to be removed."""
    headers = read_request(wire.request(b"X-Hop: y")).headers
    assert connection_options(headers) == frozenset()
    assert forwarded(headers) == [(b"Host", b"example.com"), (b"X-Hop", b"y")]


@pytest.mark.rfc("9110/7.6.1/options-removed", "9110/7.6/connection-implemented")
def test_a_proxy_can_remove_what_connection_lists() -> None:
    """Options and names of fields compare equal, so each listed field is found, in any case."""
    lines = [b"X-HOP: 1", b"Connection: x-hop, Other", b"X-End: 2", b"other: 3", b"x-hop: 4"]
    received = read_response(wire.response(*lines))
    assert forwarded(received.headers) == [(b"X-End", b"2")]


@pytest.mark.rfc("9110/7.6.1/options-removed")
def test_a_proxy_can_remove_trailers_that_connection_lists() -> None:
    """The options of the header section hold for the trailer section, too."""
    trailers = Headers([("X-Hop", "1"), ("X-End", "2")])
    head = read_response(wire.response(b"Connection: x-hop"))
    options = connection_options(head.headers)
    assert without_hop_by_hop(trailers, options=options) == [(b"x-end", b"2")]


@pytest.mark.rfc("9110/7.6.1/known-removed")
def test_a_proxy_can_remove_what_is_known_to_be_for_one_connection() -> None:
    """Fields for one connection are in the event, listed or not, and can be left out."""
    lines = [
        b"Proxy-Connection: keep-alive",
        b"Keep-Alive: timeout=5",
        b"TE: trailers",
        b"Transfer-Encoding: chunked",
        b"Upgrade: h2c",
        b"Connection: upgrade",
    ]
    head = wire.request(*lines, b"X-End: y", line=b"POST / HTTP/1.1")
    received = read_request(head)
    assert {name for name, _ in received.headers} >= HOP_BY_HOP
    assert forwarded(received.headers) == [(b"Host", b"example.com"), (b"X-End", b"y")]


@pytest.mark.rfc("9110/7.6.1/known-removed")
def test_a_response_without_framing_fields_is_framed_anew() -> None:
    """What a proxy removes of the framing, the library adds for the next connection."""
    received = read_response(wire.response(b"Transfer-Encoding: chunked"))
    onward = Response(status_code=200, headers=forwarded(received.headers))
    assert field_lines(say(server(wire.GET), onward)) == [b"Transfer-Encoding: chunked"]
    old = server(wire.request(line=b"GET / HTTP/1.0"))
    assert field_lines(say(old, onward)) == [b"Connection: close"]


@pytest.mark.rfc("9110/7.6.1/options-named")
@pytest.mark.parametrize("value", ["x-hop", "X-Hop, keep-alive", "keep-alive"])
def test_options_are_sent_as_given(value: str) -> None:
    """Where the library has nothing to add, Connection is the caller's."""
    line: Line = ("Connection", value)
    sent = say(server(wire.GET), response(line, length(0)))
    assert field_lines(sent)[0] == f"Connection: {value}".encode()


@pytest.mark.rfc("9110/7.6.1/options-named")
def test_options_of_the_caller_are_kept_beside_close() -> None:
    """Where the library adds `close`, it keeps the options that name fields."""
    lines = answer_to_close(response(("X-Hop", "1"), ("Connection", "X-Hop"), length(0)))
    assert lines == [b"X-Hop: 1", b"Content-Length: 0", b"Connection: close", b"Connection: x-hop"]


@pytest.mark.rfc("9110/7.6.1/no-end-to-end-option")
@pytest.mark.parametrize("http10_keep_alive", [False, True])
def test_the_only_options_that_are_added_are_close_and_keep_alive(http10_keep_alive: bool) -> None:
    """No field that is meant for everybody becomes an option by the library's doing."""
    connection = Connection(SERVER, http10_keep_alive=http10_keep_alive)
    connection.receive_data(b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
    wire.hear(connection)
    answer = response(("Cache-Control", "no-store"), ("ETag", '"x"'), length(0))
    option = b"keep-alive" if http10_keep_alive else b"close"
    lines = field_lines(say(connection, answer))
    assert [line for line in lines if line.startswith(b"Connection")] == [b"Connection: " + option]
