"""Trailer fields: which may be sent, and where they go (RFC 9110 sections 6.5 and 6.6.2).

In: trailer sections from a peer or a user. Out: `EndOfMessage` with them, or a refusal.
"""

import pytest

from h11 import EndOfMessage, ErrorCode, LocalProtocolError, Request, Response, Tolerance
from h11_events import FORBIDDEN_IN_TRAILERS
from h11_parser import RequestParser, ResponseParser
from tests.h11.conversations import CHUNKED, Line, client, length, request, response, say, server
from tests.rfc import wire
from tests.rfc.messages_9110 import FOR_REQUESTS, field_lines

TOO_LATE = [
    pytest.param(("Content-Length", "5"), id="framing"),
    pytest.param(("Transfer-Encoding", "chunked"), id="coding"),
    pytest.param(("Trailer", "x"), id="announcement"),
    pytest.param(("Host", "example.com"), id="routing"),
    pytest.param(("Connection", "close"), id="connection"),
    pytest.param(("authorization", "Basic x"), id="authentication"),
    pytest.param(("Set-Cookie", "x=y"), id="cookie"),
    pytest.param(("If-Match", "*"), id="condition"),
    pytest.param(("Range", "bytes=0-"), id="range"),
    pytest.param(("EXPECT", "100-continue"), id="expectation"),
    pytest.param(("Cache-Control", "no-store"), id="control"),
    pytest.param(("Content-Type", "text/plain"), id="content"),
]
"""One field, or more, of each kind that has to be known before the content."""

SIGNATURE = ("X-Signature", "abc")


def octets(line: Line) -> bytes:
    """Return a field line as it is on the wire."""
    return ": ".join(line).encode()


def chunked_request(*trailers: bytes) -> bytes:
    """Return a request with a chunked body and these trailers."""
    body = b"5\r\nhello\r\n0\r\n" + b"".join(line + b"\r\n" for line in (*trailers, b""))
    return wire.request(b"Transfer-Encoding: chunked", line=b"POST / HTTP/1.1", body=body)


def chunked_response(*trailers: bytes) -> bytes:
    """Return a response with a chunked body and these trailers."""
    body = b"5\r\nhello\r\n0\r\n" + b"".join(line + b"\r\n" for line in (*trailers, b""))
    return wire.response(b"Transfer-Encoding: chunked", body=body)


@pytest.mark.rfc("9110/6.5.1/no-trailer-unless-permitted")
@pytest.mark.parametrize("line", TOO_LATE)
def test_a_field_that_comes_too_late_is_not_sent(line: Line) -> None:
    """No end of a message can be made with a field that has to be known before the content."""
    assert wire.mistake(EndOfMessage, headers=[line]).code is ErrorCode.BAD_TRAILER


@pytest.mark.rfc("9110/6.5.1/no-trailer-unless-permitted")
@pytest.mark.parametrize("name", sorted(FORBIDDEN_IN_TRAILERS))
def test_no_forbidden_field_is_sent_among_others(name: bytes) -> None:
    """The whole list is refused in any company."""
    value = "chunked" if name == b"transfer-encoding" else "1"
    trailers = [SIGNATURE, (name.decode().title(), value)]
    assert wire.mistake(EndOfMessage, headers=trailers).code is ErrorCode.BAD_TRAILER


@pytest.mark.rfc("9110/6.5.1/no-trailer-unless-permitted")
def test_other_trailers_are_sent() -> None:
    """Fields that are not known to come too late are written after the last chunk."""
    connection = client(request(CHUNKED, method="POST"))
    assert say(connection, EndOfMessage(headers=[SIGNATURE])) == b"0\r\nX-Signature: abc\r\n\r\n"


@pytest.mark.rfc("9110/6.5.1/no-merge")
def test_trailers_stay_out_of_the_header_section() -> None:
    """Trailers are in the end of the message, and the head has what it had."""
    head, *_, end = wire.hear(wire.server(), chunked_request(b"Accept: late", b"X: y"))
    assert isinstance(head, Request)
    assert head.headers == [(b"host", b"example.com"), (b"transfer-encoding", b"chunked")]
    assert end == EndOfMessage(headers=[("Accept", "late"), ("X", "y")])


@pytest.mark.rfc("9110/6.5.1/no-merge")
@pytest.mark.parametrize("line", TOO_LATE)
@pytest.mark.parametrize("tolerance", ["none", "default", "all"])
def test_a_request_with_a_field_too_late_is_refused(line: Line, tolerance: str) -> None:
    """What nobody may merge is refused in a request, whatever is tolerated."""
    parser = RequestParser(tolerate=FOR_REQUESTS[tolerance])
    error = wire.refusal(parser, chunked_request(b"X: y", octets(line)))
    assert (error.code, error.error_status_hint) == (ErrorCode.BAD_TRAILER, 400)


@pytest.mark.rfc("9110/6.5.1/no-merge")
@pytest.mark.parametrize("line", TOO_LATE)
def test_in_a_response_a_field_too_late_is_left_out(line: Line) -> None:
    """A client that starts as it is drops what nobody may merge, and keeps the rest."""
    head, *_, end = wire.hear(wire.client(), chunked_response(octets(line), b"X: y"))
    assert isinstance(head, Response)
    assert head.headers == [(b"transfer-encoding", b"chunked")]
    assert end == EndOfMessage(headers=[("X", "y")])


@pytest.mark.rfc("9110/6.5.1/no-merge")
@pytest.mark.parametrize("line", TOO_LATE)
def test_in_a_response_a_field_too_late_is_refused_without_tolerance(line: Line) -> None:
    """A client that tolerates nothing refuses it."""
    parser = ResponseParser(tolerate=Tolerance.NONE)
    error = wire.refusal(parser, chunked_response(octets(line)))
    assert error.code is ErrorCode.BAD_TRAILER


@pytest.mark.rfc("9110/6.5.1/no-needed-trailers")
@pytest.mark.parametrize("version", [b"1.0", b"1.1"])
def test_trailers_without_a_place_are_not_lost_unseen(version: bytes) -> None:
    """Trailers after a body that is not chunked are an error of the server's."""
    connection = server(wire.request(line=b"GET / HTTP/" + version))
    say(connection, response() if version == b"1.0" else response(length(0)))
    with pytest.raises(LocalProtocolError):
        say(connection, EndOfMessage(headers=[SIGNATURE]))


@pytest.mark.rfc("9110/6.5.2/separate-structure")
def test_trailers_are_headers_of_their_own() -> None:
    """Repeated trailers keep their order, and names are found in any case."""
    end = wire.hear(wire.client(), chunked_response(b"Tag: 1", b"X: y", b"TAG: 2"))[-1]
    assert isinstance(end, EndOfMessage)
    assert end.headers.get_all("tag") == [b"1", b"2"]
    assert end.headers.raw_items() == [(b"Tag", b"1"), (b"X", b"y"), (b"TAG", b"2")]


@pytest.mark.rfc("9110/6.6.2/trailer-announced")
def test_trailers_can_be_announced() -> None:
    """The field Trailer is sent as given, and the recipient has it before the content."""
    announced = request(CHUNKED, ("Trailer", "X-Signature, Digest"), method="POST")
    sent = say(client(), announced)
    assert field_lines(sent)[-1] == b"Trailer: X-Signature, Digest"
    assert wire.hear(wire.server(), sent) == [announced]


@pytest.mark.rfc("9110/6.6.2/trailer-announced")
def test_trailers_need_no_announcement() -> None:
    """Trailers that nobody announced are read all the same."""
    end = wire.hear(wire.server(), chunked_request(b"X-Signature: abc"))[-1]
    assert end == EndOfMessage(headers=[SIGNATURE])
