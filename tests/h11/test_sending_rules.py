"""What is not sent although somebody wanted it: fields with no place there, and what could inject.

A peer that is told two lengths, or is sent a line that nobody meant, reads another message than the
one that was written (RFC 9112 sections 6 and 11).
"""

from collections.abc import Callable
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from h11 import (
    CLIENT,
    DONE,
    ERROR,
    IDLE,
    MIGHT_SWITCH_PROTOCOL,
    MUST_CLOSE,
    SEND_BODY,
    SERVER,
    SWITCHED_PROTOCOL,
    Connection,
    Data,
    EndOfMessage,
    ErrorCode,
    Event,
    InformationalResponse,
    LocalProtocolError,
    Request,
    Response,
    Role,
    State,
    Tolerance,
)
from h11_events import FORBIDDEN_IN_TRAILERS
from tests.h11.conversations import (
    CHUNKED,
    CLOSE,
    END,
    GET_HEAD,
    WEBSOCKET,
    Line,
    client,
    hear,
    informational,
    joined,
    length,
    pending,
    request,
    response,
    say,
    server,
)

CONNECT: Final = b"CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n"
HEAD: Final = b"HEAD / HTTP/1.1\r\nHost: a\r\n\r\n"
OLD: Final = b"GET / HTTP/1.0\r\n\r\n"
OLD_HEAD: Final = b"HEAD / HTTP/1.0\r\n\r\n"
UPGRADE: Final = GET_HEAD[:-2] + b"Upgrade: websocket\r\n\r\n"

OLD_RESPONSE: Final = Response(status_code=200, headers=[], http_version="1.0")

FRAMINGS: Final[dict[str, list[Line]]] = {
    "length": [length(5)],
    "length 0": [length(0)],
    "chunked": [CHUNKED],
    "both": [("transfer-ENCODING", "Chunked"), ("content-LENGTH", "5")],
}
"""Fields that frame a body."""

each_framing = pytest.mark.parametrize("framing", FRAMINGS.values(), ids=FRAMINGS)


@each_framing
@pytest.mark.parametrize("status", [100, 102, 103, 199])
def test_informational_responses_have_no_framing(status: int, framing: list[Line]) -> None:
    """Without a body there is nothing to frame (RFC 9112 section 6.1); all else is sent."""
    sent = server(GET_HEAD).send(informational(status, ("A", "b"), *framing, ("c", "D")))
    assert sent == b"HTTP/1.1 %d \r\nA: b\r\nc: D\r\n\r\n" % status


@each_framing
def test_switching_protocols_has_no_framing(framing: list[Line]) -> None:
    """Nor has 101, after which the other protocol begins at once."""
    connection = server(UPGRADE)
    sent = connection.send(informational(101, *framing, WEBSOCKET))
    assert sent == b"HTTP/1.1 101 \r\nUpgrade: websocket\r\n\r\n"
    assert connection.our_state is SWITCHED_PROTOCOL


@each_framing
@pytest.mark.parametrize("asked", [GET_HEAD, HEAD], ids=["GET", "HEAD"])
def test_no_content_has_no_framing(asked: bytes, framing: list[Line]) -> None:
    """204 says by itself that there is no body (RFC 9110 section 8.6)."""
    connection = server(asked)
    sent = say(connection, response(("A", "b"), *framing, status=204), END)
    assert sent == b"HTTP/1.1 204 \r\nA: b\r\n\r\n"
    assert connection.states == {CLIENT: DONE, SERVER: DONE}


def test_no_content_has_no_body() -> None:
    """What was announced in vain cannot be sent in spite of it."""
    connection = server(GET_HEAD)
    say(connection, response(length(5), status=204))
    with pytest.raises(LocalProtocolError) as raised:
        connection.send(Data(data=b"hello"))
    assert raised.value.code is ErrorCode.BODY_TOO_LONG


@each_framing
@pytest.mark.parametrize("status", [200, 204, 299])
def test_accepted_tunnels_have_no_framing(status: int, framing: list[Line]) -> None:
    """After 2xx to CONNECT the tunnel begins (RFC 9112 section 6.1, RFC 9110 section 9.3.6)."""
    connection = server(CONNECT)
    sent = connection.send(response(("A", "b"), *framing, status=status))
    assert sent == b"HTTP/1.1 %d \r\nA: b\r\n\r\n" % status
    assert connection.our_state is SWITCHED_PROTOCOL


def test_refused_tunnels_have_their_framing() -> None:
    """Any other answer to CONNECT is a response like all."""
    connection = server(CONNECT)
    sent = say(connection, response(length(2), status=403), Data(data=b"no"), END)
    assert sent == b"HTTP/1.1 403 \r\nContent-Length: 2\r\n\r\nno"


@pytest.mark.parametrize("status", [200, 304, 404])
@pytest.mark.parametrize("asked", [OLD, OLD_HEAD], ids=["GET", "HEAD"])
@pytest.mark.parametrize("others", [[], [length(5)]], ids=["alone", "with-length"])
def test_no_transfer_coding_for_http_1_0(asked: bytes, status: int, others: list[Line]) -> None:
    """A recipient of HTTP/1.0 does not know Transfer-Encoding (RFC 9112 section 6.1)."""
    sent = server(asked).send(response(CHUNKED, ("A", "b"), *others, status=status))
    assert sent is not None
    assert b"transfer-encoding" not in sent.lower()
    assert b"\r\nA: b\r\n" in sent
    assert b"\r\nConnection: close\r\n" in sent


def test_a_body_for_http_1_0_ends_with_the_connection() -> None:
    """Its chunks are not sent either."""
    sent = say(server(OLD), response(CHUNKED), Data(data=b"hello"), END)
    assert sent == b"HTTP/1.1 200 \r\nConnection: close\r\n\r\nhello"


@pytest.mark.parametrize("asked", [GET_HEAD, HEAD], ids=["GET", "HEAD"])
def test_not_modified_tells_the_length_it_would_have(asked: bytes) -> None:
    """304 describes what is not sent, and so keeps its length (RFC 9110 section 8.6)."""
    sent = say(server(asked), response(length(5), status=304), END)
    assert sent == b"HTTP/1.1 304 \r\nContent-Length: 5\r\n\r\n"


def test_an_answer_to_head_tells_the_length_it_would_have() -> None:
    """So does an answer to HEAD (RFC 9110 section 9.3.2)."""
    assert say(server(HEAD), response(length(5)), END) == (
        b"HTTP/1.1 200 \r\nContent-Length: 5\r\n\r\n"
    )


BOTH: Final[dict[str, list[Line]]] = {
    "length first": [length(3), ("A", "b"), CHUNKED],
    "length last": [CHUNKED, ("A", "b"), length(3)],
    "in other casing": [("content-LENGTH", "3"), ("A", "b"), ("Transfer-Encoding", "chunked")],
}
"""Both fields that frame a body, and one between them."""


@pytest.mark.parametrize("lines", BOTH.values(), ids=BOTH)
def test_a_request_tells_its_length_once(lines: list[Line]) -> None:
    """Transfer-Encoding counts, so Content-Length is not sent (RFC 9112 section 6.2)."""
    connection = client()
    sent = say(connection, request(*lines), Data(data=b"hello"), END)
    head, body = sent.split(b"\r\n\r\n", 1)
    fields = head.split(b"\r\n")[2:]
    assert sorted(fields) == [b"A: b", b"Transfer-Encoding: chunked"]
    assert body == b"5\r\nhello\r\n0\r\n\r\n"
    strict = Connection(SERVER, tolerate=Tolerance.NONE)
    assert [type(event) for event in joined(hear(strict, sent))] == [Request, Data, EndOfMessage]


@pytest.mark.parametrize("lines", BOTH.values(), ids=BOTH)
def test_a_response_tells_its_length_once(lines: list[Line]) -> None:
    """The same holds for a response, and a client without any tolerance reads it."""
    sent = say(server(GET_HEAD), response(*lines), Data(data=b"hello"), END)
    assert b"content-length" not in sent.lower()
    strict = Connection(CLIENT, tolerate=Tolerance.NONE)
    say(strict, request(), END)
    head, *_ = hear(strict, sent)
    assert isinstance(head, Response)
    assert sorted(head.headers) == [(b"a", b"b"), (b"transfer-encoding", b"chunked")]
    assert strict.states == {CLIENT: DONE, SERVER: DONE}


def test_what_was_said_is_not_changed() -> None:
    """The event keeps the fields that it was made with; only the bytes are without them."""
    event = request(length(3), CHUNKED)
    client(event)
    assert event.headers.get("Content-Length") == b"3"
    hint = informational(103, length(3))
    server(GET_HEAD).send(hint)
    assert hint == informational(103, length(3))


@pytest.mark.parametrize("name", sorted(FORBIDDEN_IN_TRAILERS))
def test_forbidden_trailers_are_not_sent(name: bytes) -> None:
    """They cannot even be made, so that the message can still be ended (RFC 9110, 6.5.1)."""
    connection = client(request(CHUNKED))
    value = b"chunked" if name == b"transfer-encoding" else b"1"
    with pytest.raises(LocalProtocolError) as raised:
        connection.send(EndOfMessage(headers=[(name, value)]))
    assert raised.value.code is ErrorCode.BAD_TRAILER
    assert connection.our_state is SEND_BODY
    assert connection.send(EndOfMessage(headers=[("Digest", "x")])) == b"0\r\nDigest: x\r\n\r\n"


@pytest.mark.parametrize("framing", [length(0), CLOSE], ids=["length", "none"])
def test_trailers_have_a_place_after_chunks_alone(framing: Line) -> None:
    """Where no trailer section can be, it is an error to want one."""
    connection = client(request(framing))
    with pytest.raises(LocalProtocolError) as raised:
        connection.send(EndOfMessage(headers=[("Digest", "x")]))
    assert raised.value.code is ErrorCode.BAD_TRAILER


CONTROLS: Final = [chr(octet) for octet in (*range(0x20), 0x7F) if octet != 0x09]
"""All control octets but HTAB."""

each_control = pytest.mark.parametrize("control", CONTROLS, ids=ascii)


@each_control
def test_no_value_has_a_control_octet(control: str) -> None:
    """What could begin another line, or look so to somebody, is no part of a value."""
    for value in (control, f"a{control}b", f"{control}b", f"a{control}", f"a\r\n{control}b"):
        for make in (
            lambda value=value: request(("A", value)),
            lambda value=value: response(("A", value)),
            lambda value=value: informational(103, ("A", value)),
            lambda value=value: EndOfMessage(headers=[("A", value)]),
        ):
            with pytest.raises(LocalProtocolError) as raised:
                make()
            assert raised.value.code is ErrorCode.BAD_FIELD_LINE


@each_control
def test_nothing_else_has_one(control: str) -> None:
    """Nor of a name, a method, a target, a version, a host or a reason phrase."""
    makers: list[Callable[[], Event]] = [
        lambda: request((f"A{control}", "b")),
        lambda: request(method=f"G{control}T"),
        lambda: request(target=f"/{control}"),
        lambda: request(version=f"1.{control}"),
        lambda: Request(method="GET", target="/", headers=[("Host", f"a{control}b")]),
        lambda: response(reason=f"O{control}K"),
    ]
    for make in makers:
        with pytest.raises(LocalProtocolError):
            make()


def test_a_tab_may_be_within_a_value() -> None:
    """HTAB is as good as a space there (RFC 9110 section 5.5)."""
    sent = say(client(), request(("A", "b\tc")))
    assert sent.endswith(b"\r\nA: b\tc\r\n\r\n")


INJECTIONS: Final = [
    "b\r\nSet-Cookie: c",
    "b\nSet-Cookie: c",
    "b\rSet-Cookie: c",
    "b\r\n\r\nHTTP/1.1 200 OK",
    "b\r\n c",
    "\r\n",
]
"""What somebody may have got a program to put into a field."""


@pytest.mark.parametrize("text", INJECTIONS, ids=ascii)
def test_nothing_can_be_injected(text: str) -> None:
    """It is an error wherever it is put, and leaves the connection as it was."""
    connection = client()
    with pytest.raises(LocalProtocolError):
        connection.send(request(("A", text)))
    with pytest.raises(LocalProtocolError):
        connection.send(request(target="/" + text))
    assert connection.our_state is IDLE
    responding = server(UPGRADE)
    with pytest.raises(LocalProtocolError):
        responding.send(response(("Location", text)))
    with pytest.raises(LocalProtocolError):
        responding.send(response(reason=text))
    assert responding.their_state is MIGHT_SWITCH_PROTOCOL
    assert say(connection, request(), END) == GET_HEAD


def made(make: Callable[[], Event]) -> list[Event]:
    """Return an event if it can be made, else nothing."""
    try:
        return [make()]
    except (LocalProtocolError, UnicodeEncodeError):
        return []


@given(text=st.text(st.characters(max_codepoint=255), max_size=10), octets=st.binary(max_size=10))
def test_as_many_lines_are_sent_as_were_meant(text: str, octets: bytes) -> None:
    """Whatever can be made is sent with a line for each field, and no line break elsewhere."""
    candidates: list[Callable[[], Event]] = [
        lambda: request(("A", text), method=text),
        lambda: Request(method=octets, target="/" + text, headers=[("Host", text), ("B", octets)]),
        lambda: Request(method="GET", target=octets, headers=[("Host", "a"), (octets, text)]),
    ]
    for candidate in candidates:
        for event in made(candidate):
            assert isinstance(event, Request)
            sent = client().send(event)
            assert sent.count(b"\r\n") == sent.count(b"\n") == sent.count(b"\r") == 4
    for event in made(lambda: Response(status_code=200, headers=[("A", octets)], reason=octets)):
        assert isinstance(event, Response)
        sent = server(GET_HEAD).send(event)
        # The framing is added.
        assert sent.count(b"\r\n") == sent.count(b"\n") == sent.count(b"\r") == 4


@pytest.mark.parametrize(
    ("make", "event", "states"),
    [
        (client, request(version="1.0"), {CLIENT: ERROR, SERVER: IDLE}),
        (lambda: server(OLD), OLD_RESPONSE, {CLIENT: MUST_CLOSE, SERVER: ERROR}),
        (
            lambda: server(CONNECT),
            OLD_RESPONSE,
            {CLIENT: MIGHT_SWITCH_PROTOCOL, SERVER: ERROR},
        ),
        (
            lambda: server(UPGRADE),
            InformationalResponse(status_code=101, headers=[WEBSOCKET], http_version="1.0"),
            {CLIENT: MIGHT_SWITCH_PROTOCOL, SERVER: ERROR},
        ),
    ],
    ids=["request", "response", "tunnel", "switch"],
)
def test_what_is_of_another_version_is_not_said(
    make: Callable[[], Connection], event: Event, states: dict[Role, State]
) -> None:
    """It is refused before it moves anything: nothing of it has reached the peer."""
    connection = make()
    with pytest.raises(LocalProtocolError, match=r"only send HTTP/1\.1"):
        connection.send(event)
    assert connection.states == states


def test_what_cannot_be_joined_is_not_sent() -> None:
    """Data that is no octets has been counted when this shows, so nothing may follow it."""
    connection = server(GET_HEAD)
    connection.send(response(length(3)))
    text: Any = "abc"
    with pytest.raises(TypeError):
        connection.send(Data(data=text))
    assert connection.our_state is ERROR
    with pytest.raises(LocalProtocolError, match="our state is ERROR"):
        connection.send(END)


def test_what_is_left_out_does_not_come_back() -> None:
    """A client hears an informational response as it was sent, and takes the next for its own."""
    speaker = server(GET_HEAD)
    sent = say(speaker, informational(103, length(5)), response(length(0)), END)
    listener = client(request(), END)
    hint, final, end = hear(listener, sent)
    assert hint == InformationalResponse(status_code=103, headers=[])
    assert final == response(length(0))
    assert end == END
    assert pending(listener) == []
