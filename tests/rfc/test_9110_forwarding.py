"""Forwarding: what a proxy has to change and what not (RFC 9110 sections 7.6.2, 7.6.3 and 7.7).

In: a message on one connection. Out: what a caller needs for the message on the next, and that the
library changes nothing of it by itself.
"""

import pytest

from h11 import (
    SEND_RESPONSE,
    SERVER,
    Data,
    EndOfMessage,
    InformationalResponse,
    Request,
    Response,
)
from h11_events import has_passed, with_via
from tests.h11.conversations import END, client, length, request, response, say, server
from tests.rfc import wire
from tests.rfc.messages_9110 import field_lines, forwarded, read_request, read_response

VIA = [
    b"Via: 1.0 fred, 1.1 ethel (a comment, with a comma), HTTP/1.1 lucy:8080",
    b"via: 1.1 lucy2",
    b"Via: 1.1 lucy2, 1.0 fred",
]


def forward(octets: bytes) -> list[bytes]:
    """Return the field lines of a request after a proxy that does what it must and no more."""
    received = read_request(octets)
    headers = forwarded(received.headers)
    onward = Request(method=received.method, target=received.target, headers=headers)
    return field_lines(say(client(), onward))


@pytest.mark.rfc("9110/7.6/no-loop")
def test_what_betrays_a_loop_can_be_seen() -> None:
    """Target, Host and Via are in the event, so that a proxy finds its own name in them."""
    line = b"GET http://proxy.example/ HTTP/1.1"
    received = read_request(wire.message(line, b"Host: proxy.example", b"Via: 1.1 proxy.example"))
    assert received.target == b"http://proxy.example/"
    assert received.headers.get("Host") == b"proxy.example"
    assert received.headers.get("Via") == b"1.1 proxy.example"
    assert has_passed(received.headers, "proxy.example")


@pytest.mark.rfc("9110/7.6/no-loop")
def test_nothing_is_forwarded_by_itself() -> None:
    """Whatever a server receives, it waits for the caller to say something."""
    connection = server(wire.request(b"Max-Forwards: 5", line=b"TRACE / HTTP/1.1"))
    assert connection.our_state is SEND_RESPONSE


@pytest.mark.rfc("9110/7.6.2/max-forwards")
@pytest.mark.parametrize("method", ["TRACE", "OPTIONS"])
def test_max_forwards_can_be_checked_and_updated(method: str) -> None:
    """The caller has method and value, and sends the request on with another value."""
    octets = wire.request(b"Max-Forwards: 2", b"X: y", line=method.encode() + b" / HTTP/1.1")
    received = read_request(octets)
    value = received.headers.get("max-forwards")
    assert (received.method, value) == (method.encode(), b"2")
    lower = [
        (name, b"1" if name == b"Max-Forwards" else value)
        for name, value in received.headers.raw_items()
    ]
    onward = Request(method=received.method, target=received.target, headers=lower)
    sent = field_lines(say(client(), onward))
    assert sent == [b"Host: example.com", b"Max-Forwards: 1", b"X: y"]


@pytest.mark.rfc("9110/7.6.2/max-forwards")
def test_the_last_recipient_can_answer_itself() -> None:
    """A server can answer TRACE with the head that it received."""
    octets = wire.request(b"Max-Forwards: 0", line=b"TRACE / HTTP/1.1")
    connection = wire.server(octets)
    received = wire.heard_request(connection)
    body = say(client(), received)
    sent = say(connection, response(length(len(body))), Data(data=body), END)
    assert body == octets
    assert sent.endswith(b"\r\n\r\n" + octets)


@pytest.mark.rfc("9110/7.6.2/may-ignore")
@pytest.mark.parametrize("method", [b"GET", b"POST", b"TRACE", b"X"])
def test_max_forwards_has_no_effect(method: bytes) -> None:
    """The states are the same with Max-Forwards and without, even if it is no number."""
    line = method + b" / HTTP/1.1"
    plain = server(wire.request(line=line))
    for value in (b"0", b"5", b"few"):
        assert server(wire.request(b"Max-Forwards: " + value, line=line)).states == plain.states


@pytest.mark.rfc("9110/7.6.3/via-sent")
@pytest.mark.parametrize("version", [b"1.0", b"1.1"])
def test_what_an_entry_of_via_begins_with_is_known(version: bytes) -> None:
    """The version that a message was received in is in the event and known of the connection."""
    connection = wire.server(wire.request(line=b"GET / HTTP/" + version))
    assert wire.heard_request(connection).http_version == version
    assert connection.their_http_version == version
    connection = wire.client(wire.response(line=b"HTTP/%b 204 " % version))
    assert wire.heard_response(connection).http_version == version
    assert connection.their_http_version == version


@pytest.mark.rfc("9110/7.6.3/via-sent")
def test_an_entry_of_via_can_be_added() -> None:
    """A line of the proxy's own is written after those that came, and none is added otherwise."""
    received = read_request(wire.request(VIA[0]))
    headers = with_via(received.headers, received.http_version, "me")
    onward = Request(method="GET", target="/", headers=headers)
    assert field_lines(say(client(), onward))[1:] == [VIA[0], b"Via: 1.1 me"]
    assert forward(wire.GET) == [b"Host: example.com"]


@pytest.mark.rfc("9110/7.6.3/via-order")
def test_via_is_never_rewritten() -> None:
    """Entries keep their order, their lines and their comments."""
    assert forward(wire.request(*VIA))[1:] == VIA


@pytest.mark.rfc("9110/7.6.3/hosts-hidden", "9110/7.6.3/may-rewrite")
@pytest.mark.parametrize(
    "entries", [b"1.0 a, 1.1 b", b"1.0 fred, 1.1 hidden:1, 1.1 hidden:2", b"1.1 b (a comment)"]
)
def test_the_caller_can_rewrite_via(entries: bytes) -> None:
    """What the caller makes of all entries together is written as it is."""
    received = read_request(wire.request(*VIA))
    assert received.headers.get_all("Via") == [line.partition(b": ")[2] for line in VIA]
    headers = [line for line in received.headers if line[0] != b"via"]
    onward = Request(method="GET", target="/", headers=[*headers, (b"Via", entries)])
    assert field_lines(say(client(), onward))[1:] == [b"Via: " + entries]


@pytest.mark.rfc("9110/7.7/fields-kept")
def test_fields_of_a_request_are_not_changed() -> None:
    """Names keep their casing and values their octets; only the place of Host changes."""
    lines = [b"user-AGENT: x/1 (y;  z)", b"X-Empty: ", b'If-Match: "a",W/"b"', b"x-y: \xe9"]
    octets = wire.message(b"GET / HTTP/1.1", *lines, b"HOST: Example.COM")
    assert forward(octets) == [b"HOST: Example.COM", *lines]


@pytest.mark.rfc("9110/7.7/fields-kept")
def test_fields_of_a_response_are_not_changed() -> None:
    """A response that fits the connection is written as it was received."""
    lines = [b'etag: W/"x"', b"SERVER: y", b"content-LENGTH: 5", b"Last-Modified:  never "]
    received = read_response(wire.response(*lines, body=b"hello"))
    sent = field_lines(say(server(wire.GET), received))
    assert sent == [*lines[:3], b"Last-Modified: never"]


@pytest.mark.rfc("9110/7.7/content-kept")
@pytest.mark.parametrize(
    "framing", [b"Content-Length: 256", b"Transfer-Encoding: chunked", b"Connection: close"]
)
def test_content_is_not_transformed(framing: bytes) -> None:
    """Whatever the framing on either side, the octets of the content stay as they are."""
    content = bytes(range(256))
    chunked = b"".join(b"8\r\n" + content[i : i + 8] + b"\r\n" for i in range(0, 256, 8))
    body = chunked + b"0\r\n\r\n" if framing.endswith(b"chunked") else content
    lines = [b"Cache-Control: no-transform", b"Content-Encoding: gzip", framing]
    upstream = wire.client(wire.response(*lines, body=body), wire.END_OF_STREAM)
    downstream, reader = server(wire.GET), wire.client()
    for event in wire.events(upstream):
        if isinstance(event, Response):
            onward = Response(status_code=200, headers=forwarded(event.headers))
            reader.receive_data(say(downstream, onward))
        elif isinstance(event, Data | EndOfMessage):
            octets = say(downstream, event)
            if octets:
                reader.receive_data(octets)
    assert wire.body(wire.events(reader)) == content


@pytest.mark.rfc("9110/15.2/proxy-forwards")
@pytest.mark.parametrize("status", [100, 102, 103, 199])
def test_an_informational_response_can_be_forwarded(status: int) -> None:
    """What a client hears before the final response, a server can say on the other side."""
    octets = wire.response(b"Link: </x>", line=b"HTTP/1.1 %d Wait" % status)
    upstream = wire.client(octets)
    event = upstream.next_event()
    assert isinstance(event, InformationalResponse)
    downstream = server(wire.GET)
    assert say(downstream, event) == octets
    assert downstream.states[SERVER] is SEND_RESPONSE


@pytest.mark.rfc("9110/15.2/proxy-forwards")
def test_an_informational_response_of_another_version_is_made_anew() -> None:
    """One of HTTP/1.0 cannot be sent as it was received; all but its version can."""
    event = wire.client(wire.response(line=b"HTTP/1.0 103 Wait")).next_event()
    assert isinstance(event, InformationalResponse)
    downstream = server(wire.GET)
    wire.mistake(downstream.send, event)
    downstream = server(wire.GET)
    anew = InformationalResponse(
        status_code=event.status_code, headers=event.headers, reason=event.reason
    )
    assert say(downstream, anew) == wire.response(line=b"HTTP/1.1 103 Wait")


@pytest.mark.rfc("9110/10.1.1/proxy-forwards")
def test_a_head_with_an_expectation_can_be_forwarded_at_once() -> None:
    """Not a single octet of content is needed to receive the head and to send it on."""
    octets = wire.request(b"Expect: 100-continue", b"Content-Length: 5", line=b"PUT / HTTP/1.1")
    downstream = wire.server(octets)
    onward = wire.heard_request(downstream)
    upstream = client()
    assert say(upstream, onward) == octets
    assert downstream.they_are_waiting_for_100_continue
    assert upstream.client_is_waiting_for_100_continue


@pytest.mark.rfc("9110/10.1.1/proxy-forwards")
def test_an_expectation_can_be_answered_with_a_final_response_at_once() -> None:
    """A proxy that knows the answer sends it before any content came."""
    octets = wire.request(b"Expect: 100-continue", b"Content-Length: 5", line=b"PUT / HTTP/1.1")
    connection = server(octets)
    assert say(connection, response(length(0), status=403), END).startswith(b"HTTP/1.1 403 ")
    assert not connection.they_are_waiting_for_100_continue


@pytest.mark.rfc("9110/10.1.1/proxy-may-100")
def test_a_proxy_that_knows_of_an_old_server_can_send_100_itself() -> None:
    """The version of the next server is known from its last response, also in the next cycle."""
    upstream = wire.client(wire.response(b"Content-Length: 0", line=b"HTTP/1.0 200 OK"))
    wire.events(upstream)
    assert upstream.their_http_version == b"1.0"
    line = b"PUT / HTTP/1.1"
    downstream = server(wire.request(b"Expect: 100-continue", b"Content-Length: 5", line=line))
    interim = InformationalResponse(status_code=100, headers=[])
    assert say(downstream, interim).startswith(b"HTTP/1.1 100 ")
    assert wire.body(wire.hear(downstream, b"hello")) == b"hello"


@pytest.mark.rfc("9110/10.1.1/proxy-may-100")
def test_the_version_of_the_next_server_outlives_the_cycle() -> None:
    """It can be asked before the next request is sent."""
    upstream = wire.client(wire.OK)
    wire.events(upstream)
    upstream.start_next_cycle()
    assert upstream.their_http_version == b"1.1"
    assert say(upstream, request()) == wire.GET
