"""Line ends in what we send: request splitting, response splitting, injected fields.

Attack: a program puts a value that it got from an attacker (a redirect target, a cookie, a file
name) into a message; a CRLF in it ends the field, or the head, and what follows is a field, a body
or a message of the attacker's making. Answer: no event can be made with such a value, and what is
written from an event that could be made is read as exactly that event (RFC 9112 section 11.1).
"""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from h11 import CLIENT, SERVER, Connection
from h11_events import (
    Data,
    EndOfMessage,
    ErrorCode,
    Event,
    Headers,
    InformationalResponse,
    LocalProtocolError,
    Octets,
    Request,
    Response,
)
from h11_parser import NEED_DATA, RequestParser, ResponseParser, Tolerance
from tests.attacks.harness import GET, assert_is_fit_for_a_log, drain, joined, said

HOST = ("Host", "a")

PAYLOADS = {
    "CRLF": b"x\r\nA: b",
    "LF": b"x\nA: b",
    "CR": b"x\rA: b",
    "NUL": b"x\x00A: b",
    "CRLF, then nothing": b"x\r\n",
    "LF, then nothing": b"x\n",
    "CRLF first": b"\r\nx",
    "empty line": b"x\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
    "request": b"x\r\n\r\nGET / HTTP/1.1\r\n\r\n",
    "folded": b"x\r\n y",
    "VT": b"x\x0by",
    "FF": b"x\x0cy",
    "DEL": b"x\x7fy",
    "BEL": b"x\x07y",
}

Make = Callable[[Any], Event]
"""What makes an event with a certain value somewhere in it."""

PLACES: dict[str, tuple[Make, ErrorCode]] = {
    "method": (
        lambda value: Request(method=value, target="/", headers=[HOST]),
        ErrorCode.BAD_REQUEST_LINE,
    ),
    "target": (
        lambda value: Request(method="GET", target=b"/" + _octets(value), headers=[HOST]),
        ErrorCode.BAD_REQUEST_LINE,
    ),
    "version of a request": (
        lambda value: Request(method="GET", target="/", headers=[HOST], http_version=value),
        ErrorCode.UNSUPPORTED_VERSION,
    ),
    "name in a request": (
        lambda value: Request(method="GET", target="/", headers=[HOST, (value, "b")]),
        ErrorCode.BAD_FIELD_LINE,
    ),
    "value in a request": (
        lambda value: Request(method="GET", target="/", headers=[HOST, ("A", value)]),
        ErrorCode.BAD_FIELD_LINE,
    ),
    "Host": (
        lambda value: Request(method="GET", target="/", headers=[("Host", value)]),
        ErrorCode.BAD_FIELD_LINE,
    ),
    "version of a response": (
        lambda value: Response(status_code=200, headers=[], http_version=value),
        ErrorCode.UNSUPPORTED_VERSION,
    ),
    "reason": (
        lambda value: Response(status_code=200, headers=[], reason=value),
        ErrorCode.BAD_STATUS_LINE,
    ),
    "reason of 1xx": (
        lambda value: InformationalResponse(status_code=100, headers=[], reason=value),
        ErrorCode.BAD_STATUS_LINE,
    ),
    "name in a response": (
        lambda value: Response(status_code=200, headers=[(value, "b")]),
        ErrorCode.BAD_FIELD_LINE,
    ),
    "value in a response": (
        lambda value: Response(status_code=302, headers=[("Location", value)]),
        ErrorCode.BAD_FIELD_LINE,
    ),
    "value in 1xx": (
        lambda value: InformationalResponse(status_code=103, headers=[("Link", value)]),
        ErrorCode.BAD_FIELD_LINE,
    ),
    "Headers": (
        lambda value: Response(status_code=200, headers=Headers([("A", value)])),
        ErrorCode.BAD_FIELD_LINE,
    ),
    "name in a trailer section": (
        lambda value: EndOfMessage(headers=[(value, "b")]),
        ErrorCode.BAD_FIELD_LINE,
    ),
    "value in a trailer section": (
        lambda value: EndOfMessage(headers=[("A", value)]),
        ErrorCode.BAD_FIELD_LINE,
    ),
}


def _octets(value: Octets) -> bytes:
    """Return text or a bytes-like object as octets."""
    return value.encode("ascii") if isinstance(value, str) else bytes(memoryview(value))


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
@pytest.mark.parametrize(("make", "code"), PLACES.values(), ids=PLACES)
def test_no_event_can_be_made(payload: bytes, make: Make, code: ErrorCode) -> None:
    """Wherever the value goes, and as whatever it comes, it is refused before anything is sent."""
    for value in (payload, payload.decode(), bytearray(payload), memoryview(payload)):
        with pytest.raises(LocalProtocolError) as caught:
            make(value)
        assert caught.value.code is code
        assert_is_fit_for_a_log(caught.value)


@pytest.mark.parametrize("text", ["\u560d\u560aA: b", "x\x85y", "x\u2028y", "\uff0d", "é"])
@pytest.mark.parametrize("make", [make for make, _ in PLACES.values()], ids=PLACES)
def test_text_that_is_not_ascii(text: str, make: Make) -> None:
    """Text is not cut down to octets, so that no letter turns into a line end."""
    with pytest.raises((UnicodeEncodeError, LocalProtocolError)):
        make(text)


def test_value_that_changes_behind_our_back() -> None:
    """An event has a value of its own; what it was made from may change as it likes."""
    value = bytearray(b"good")
    response = Response(status_code=200, headers=[("A", value), ("Content-Length", "0")])
    value[:] = b"x\r\nB"
    assert b"\r\nA: good\r\n" in said(Connection(SERVER), response)


class Text(str):
    """Text that shows a good face when it is looked at."""

    __slots__ = ()

    def encode(self, encoding: str = "utf-8", errors: str = "strict") -> bytes:
        """Return what the text does not say."""
        del encoding, errors
        return b"x\r\nA: b"


def test_text_that_lies() -> None:
    """What counts is the octets that are sent, and they are what is judged."""
    with pytest.raises(LocalProtocolError):
        Response(status_code=200, headers=[("A", Text("good"))])


def test_status_code_that_is_text() -> None:
    """A status code is a number; text, in which there could be anything, is refused."""
    code: Any = "200 OK\r\nA: b"
    with pytest.raises(LocalProtocolError) as caught:
        Response(status_code=code, headers=[])
    assert caught.value.code is ErrorCode.BAD_STATUS_LINE


FRAMINGS = {"chunked": ("Transfer-Encoding", "chunked"), "length": ("Content-Length", "30")}


@pytest.mark.parametrize("framing", FRAMINGS.values(), ids=FRAMINGS)
def test_body_that_looks_like_the_end(framing: tuple[str, str]) -> None:
    """What stands in a body stays in the body: it can neither end it nor outgrow its length."""
    connection, parser = Connection(SERVER), ResponseParser(tolerate=Tolerance.NONE)
    data = b"\r\n0\r\n\r\nHTTP/1.1 200 OK\r\n\r\n".ljust(30)
    response = Response(status_code=200, headers=[framing])
    connection.receive_data(GET)
    drain(connection, [])
    events: list[Event] = []
    parser.receive_data(said(connection, response, Data(data), EndOfMessage()))
    assert drain(parser, events) is NEED_DATA
    assert joined(events) == [response, Data(data), EndOfMessage()]


@pytest.mark.parametrize("pieces", [[b"x" * 31], [b"x" * 30, b"x"]], ids=["one", "two"])
def test_body_longer_than_announced(pieces: list[bytes]) -> None:
    """Data over the length, which would be read as a response, cannot be sent."""
    connection = Connection(CLIENT)
    headers = [HOST, ("Content-Length", "30")]
    connection.send(Request(method="POST", target="/", headers=headers))
    for piece in pieces[:-1]:
        connection.send(Data(piece))
    with pytest.raises(LocalProtocolError) as caught:
        connection.send(Data(pieces[-1]))
    error = caught.value
    assert (error.code, error.expected, error.received) == (ErrorCode.BODY_TOO_LONG, 30, 31)


@pytest.mark.parametrize("first", ["length", "coding"])
def test_request_with_two_lengths(first: str) -> None:
    """Of two ways to frame a body, only the one that is used goes out."""
    fields = [("Content-Length", "5"), ("Transfer-Encoding", "chunked")]
    headers = [HOST, *(fields if first == "length" else reversed(fields))]
    request = Request(method="POST", target="/", headers=headers)
    sent = said(Connection(CLIENT), request, Data(b"hello"), EndOfMessage())
    head = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert sent == head + b"5\r\nhello\r\n0\r\n\r\n"


def test_response_with_two_lengths() -> None:
    """So it is with a response."""
    connection = Connection(SERVER)
    connection.receive_data(GET)
    drain(connection, [])
    fields = [("Content-Length", "5"), ("Transfer-Encoding", "chunked")]
    sent = said(connection, Response(status_code=200, headers=fields), Data(b"hello"))
    assert sent == b"HTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"


@pytest.mark.parametrize("field", FRAMINGS.values(), ids=FRAMINGS)
@pytest.mark.parametrize("status_code", [100, 103, 204])
def test_response_without_a_body_announces_none(status_code: int, field: tuple[str, str]) -> None:
    """A response that has no body goes out without a length, by which others could wait for one."""
    connection = Connection(SERVER)
    connection.receive_data(GET)
    drain(connection, [])
    make = InformationalResponse if status_code < 200 else Response
    sent = said(connection, make(status_code=status_code, headers=[field]))
    assert sent == b"HTTP/1.1 %d \r\n\r\n" % status_code


ANY_OCTETS = st.binary(max_size=6) | st.sampled_from([b"a", b"a b", b"a\tb", b"\xff", b""])


@settings(max_examples=150)
@given(
    method=st.just(b"GET") | ANY_OCTETS,
    path=ANY_OCTETS,
    name=st.just(b"A") | ANY_OCTETS,
    value=ANY_OCTETS,
)
def test_request_says_what_its_event_says(
    method: bytes, path: bytes, name: bytes, value: bytes
) -> None:
    """If an event can be made from any octets, what is sent for it reads as that and no more."""
    try:
        request = Request(method=method, target=b"/" + path, headers=[HOST, (name, value)])
    except LocalProtocolError:
        return
    # What may stand in a target is judged by who receives it; a fragment may not.
    if method == b"CONNECT" or b"#" in path:
        return
    connection, parser = Connection(CLIENT), RequestParser()
    events: list[Event] = []
    parser.receive_data(said(connection, request))
    drain(parser, events)
    assert events[0] == request


@settings(max_examples=150)
@given(reason=ANY_OCTETS, name=st.just(b"A") | ANY_OCTETS, value=ANY_OCTETS)
def test_response_says_what_its_event_says(reason: bytes, name: bytes, value: bytes) -> None:
    """So it is with a response."""
    try:
        headers = [(name, value), (b"Content-Length", b"0"), (b"Connection", b"close")]
        response = Response(status_code=200, headers=headers, reason=reason)
    except LocalProtocolError:
        return
    connection, parser = Connection(SERVER), ResponseParser(tolerate=Tolerance.NONE)
    events: list[Event] = []
    parser.receive_data(said(connection, response))
    drain(parser, events)
    assert events == [response, EndOfMessage()]
