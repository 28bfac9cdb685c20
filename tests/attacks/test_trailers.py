"""Fields in a trailer section that would change what the head has said.

Attack: Content-Length, Host, Authorization or another such field comes in the trailer section, past
all that checks heads; whoever merges trailers into headers frames, routes or trusts by it. Answer:
such fields are refused in requests and left out of responses, the others are kept apart from the
header section, and none of them has a say in framing (RFC 9110 section 6.5.1).
"""

import pytest

from h11 import SERVER, Connection
from h11_events import FORBIDDEN_IN_TRAILERS, Data, EndOfMessage, ErrorCode, LocalProtocolError
from h11_parser import Tolerance
from tests.attacks.harness import (
    ALL_FOR_REQUESTS,
    ALL_FOR_RESPONSES,
    GET,
    GET_EVENTS,
    OK,
    OK_EVENTS,
    client_side,
    ok,
    ok_event,
    post,
    post_event,
    refused,
    server_side,
    taken,
    verdict,
)

CHUNKED = b"Transfer-Encoding: chunked"
REQUEST = post_event(("Transfer-Encoding", "chunked"))
RESPONSE = ok_event(("Transfer-Encoding", "chunked"))
HELLO = Data(b"hello")
NAMES = sorted(name.decode() for name in FORBIDDEN_IN_TRAILERS)

MUST_BE_FORBIDDEN = [
    *["content-length", "transfer-encoding", "host", "connection", "upgrade", "te", "trailer"],
    *["authorization", "proxy-authorization", "cookie", "set-cookie", "expect", "content-type"],
    *["content-encoding", "content-range", "range", "if-match", "if-none-match", "max-forwards"],
    *["cache-control", "www-authenticate", "proxy-authenticate", "proxy-connection", "keep-alive"],
]
"""Framing, routing, authentication, conditions, and what tells how to read the content."""


@pytest.mark.parametrize("name", MUST_BE_FORBIDDEN)
def test_name_is_known_to_be_forbidden(name: str) -> None:
    """The list has what RFC 9110 section 6.5.1 counts up."""
    assert name in NAMES


def body(*trailers: bytes) -> bytes:
    """Return a chunked body with trailers."""
    return b"5\r\nhello\r\n0\r\n" + b"".join(line + b"\r\n" for line in trailers) + b"\r\n"


@pytest.mark.parametrize("name", NAMES)
def test_forbidden_trailer_of_a_request(name: str) -> None:
    """A server refuses it, whatever is tolerated and whatever is around it."""
    expected = refused(ErrorCode.BAD_TRAILER, after=[REQUEST, HELLO])
    stream = post(CHUNKED, body=body(b"A: b", name.title().encode() + b": 5", b"C: d"))
    assert verdict(server_side(ALL_FOR_REQUESTS), stream) == expected


@pytest.mark.parametrize("name", [b"host", b"HOST", b"Host", b"hOsT"])
def test_forbidden_trailer_in_any_case(name: bytes) -> None:
    """Nor does the case of its name matter, or what comes behind it."""
    expected = refused(ErrorCode.BAD_TRAILER, after=[REQUEST, HELLO])
    stream = post(CHUNKED, body=body(name + b": 5")) + GET
    assert verdict(server_side(), stream) == expected


@pytest.mark.parametrize("name", NAMES)
def test_forbidden_trailer_of_a_response(name: str) -> None:
    """A client leaves it out, and the next message is read as if it had not been there."""
    stream = ok(CHUNKED, body=body(b"A: b", name.encode() + b": 5", b"C: d"))
    expected = taken(RESPONSE, HELLO, EndOfMessage(headers=[("A", "b"), ("C", "d")]), *OK_EVENTS)
    assert verdict(client_side("GET", "GET"), stream + OK) == expected
    bad = refused(ErrorCode.BAD_TRAILER, after=[RESPONSE, HELLO])
    assert verdict(client_side(tolerate=Tolerance.NONE), stream) == bad


@pytest.mark.parametrize(
    "line",
    [b"Content-Length: x", b"Content-Length: 5, 6", b"Transfer-Encoding: gzip", b"Host: a b"],
)
def test_forbidden_trailer_that_makes_no_sense(line: bytes) -> None:
    """What is left out is not judged by what it says."""
    stream = ok(CHUNKED, body=body(line))
    assert verdict(client_side(), stream) == taken(RESPONSE, HELLO, EndOfMessage())
    bad = refused(ErrorCode.BAD_TRAILER, after=[REQUEST, HELLO])
    assert verdict(server_side(), post(CHUNKED, body=body(line))) == bad


def test_forbidden_trailer_behind_a_fold() -> None:
    """A fold is part of the trailer before it, and no name of its own."""
    stream = post(CHUNKED, body=body(b"A: b\r\n Content-Length: 5"))
    readers = server_side(Tolerance.REQUESTS | Tolerance.OBS_FOLD)
    trailers = EndOfMessage(headers=[("A", "b Content-Length: 5")])
    assert verdict(readers, stream) == taken(REQUEST, HELLO, trailers)
    bad = refused(ErrorCode.BAD_FIELD_LINE, after=[REQUEST, HELLO])
    assert verdict(server_side(), stream) == bad


def test_forbidden_trailer_behind_a_blank() -> None:
    """Where a blank before the colon is tolerated, the name is the same name."""
    stream = ok(CHUNKED, body=body(b"Content-Length : 5", b"A : b"))
    readers = client_side(tolerate=Tolerance.RESPONSES | Tolerance.BLANK_BEFORE_COLON)
    expected = taken(RESPONSE, HELLO, EndOfMessage(headers=[("A", "b")]))
    assert verdict(readers, stream) == expected


def test_other_trailers() -> None:
    """Other trailers come at the end of the message, and the next message is not touched."""
    stream = post(CHUNKED, body=body(b"Digest:abc", b"X-Length: 5", b"X-Length:"))
    trailers = [("Digest", "abc"), ("X-Length", "5"), ("X-Length", "")]
    expected = taken(REQUEST, HELLO, EndOfMessage(headers=trailers), *GET_EVENTS)
    assert verdict(server_side(Tolerance.NONE), stream + GET) == expected


LINES = {
    "blank before the colon": b"A : b",
    "blank before the name": b" A: b",
    "no colon": b"A",
    "no name": b": b",
    "NUL in the value": b"A: \x00",
    "NUL in the name": b"A\x00: b",
    "CR in the value": b"A: b\rc",
    "CR in place of the line end": b"A: b\r",
    "request": b"GET / HTTP/1.1",
}


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_malformed_trailer(line: bytes) -> None:
    """Trailers are field lines like those of a head."""
    bad = refused(ErrorCode.BAD_FIELD_LINE, after=[REQUEST, HELLO])
    assert verdict(server_side(ALL_FOR_REQUESTS), post(CHUNKED, body=body(line))) == bad
    bad = refused(ErrorCode.BAD_FIELD_LINE, after=[RESPONSE, HELLO])
    tolerate = ALL_FOR_RESPONSES & ~(Tolerance.INVALID_FIELD_LINES | Tolerance.BLANK_BEFORE_COLON)
    assert verdict(client_side(tolerate=tolerate), ok(CHUNKED, body=body(line))) == bad


def test_message_behind_a_missing_empty_line() -> None:
    """Without the empty line after the last chunk, the next message is a malformed trailer."""
    stream = post(CHUNKED, body=b"0\r\n" + GET)
    bad = refused(ErrorCode.BAD_FIELD_LINE, after=[REQUEST])
    assert verdict(server_side(ALL_FOR_REQUESTS), stream) == bad


@pytest.mark.parametrize("name", NAMES)
def test_forbidden_trailer_cannot_be_sent(name: str) -> None:
    """Nor can a program of ours put such a field there."""
    for spelling in (name, name.upper()):
        with pytest.raises(LocalProtocolError) as caught:
            EndOfMessage(headers=[("A", "b"), (spelling, "5")])
        assert caught.value.code is ErrorCode.BAD_TRAILER


def test_trailers_without_chunks_cannot_be_sent() -> None:
    """Behind a length there is no place for trailers: they would be read as a message."""
    connection = Connection(SERVER)
    connection.receive_data(GET)
    assert [connection.next_event(), connection.next_event()] == GET_EVENTS
    connection.send(ok_event(("Content-Length", "5")))
    connection.send(HELLO)
    with pytest.raises(LocalProtocolError):
        connection.send(EndOfMessage(headers=[("A", "b")]))
