"""RFC 9112 sections 6.1 and 6.2: Transfer-Encoding and Content-Length, sent and received.

In: both fields, alone and together, in messages of both versions. Out: which of them goes on the
wire, and which messages are refused.
"""

import pytest

from h11 import (
    CLIENT,
    MUST_CLOSE,
    Connection,
    Data,
    EndOfMessage,
    ErrorCode,
    InformationalResponse,
    Request,
    Response,
    Tolerance,
)
from tests.rfc.wire import (
    END,
    GET,
    HOST,
    body,
    client,
    events,
    heard_response,
    kinds,
    message,
    mistake,
    refusal,
    request,
    response,
    say,
    server,
)

CHUNKED = b"Transfer-Encoding: chunked"
POST = b"POST / HTTP/1.1"
BOTH = [("Content-Length", "5"), ("Transfer-Encoding", "chunked")]
"""Both framing fields."""


def answer(octets: bytes, *said: InformationalResponse | Response) -> bytes:
    """Return what a server sends that has heard a request and says these heads."""
    connection = server(octets)
    events(connection)
    return say(connection, *said)


@pytest.mark.rfc("9112/6.1/chunked-parsed")
@pytest.mark.parametrize("name", [b"chunked", b"Chunked", b"CHUNKED", b", chunked ,", b"\tchunked"])
def test_chunked_bodies_are_read_both_ways(name: bytes) -> None:
    """The name of the coding has no case, and a list may have empty elements."""
    field, chunks = b"Transfer-Encoding: " + name, b"5\r\nhello\r\n0\r\n\r\n"
    heard = events(server(request(field, line=POST, body=chunks)))
    assert (kinds(heard), body(heard)) == ([Request, Data, EndOfMessage], b"hello")
    heard = events(client(response(field, body=chunks)))
    assert (kinds(heard), body(heard)) == ([Response, Data, EndOfMessage], b"hello")


@pytest.mark.rfc("9112/6.1/chunked-once")
@pytest.mark.parametrize("codings", [["chunked, chunked"], ["chunked", "chunked"]])
def test_chunked_is_applied_once(codings: list[str]) -> None:
    """A list that has it twice is neither sent nor read, unless a client tolerates it."""
    lines = [("Transfer-Encoding", coding) for coding in codings]
    sent = mistake(Request, method="POST", target="/", headers=[("Host", "a"), *lines])
    assert sent.code is ErrorCode.BAD_FRAMING
    fields = [f"{name}: {value}".encode() for name, value in lines]
    error = refusal(server(request(*fields, line=POST)))
    assert (error.code, error.error_status_hint) == (ErrorCode.BAD_FRAMING, 400)
    octets = response(*fields, body=b"2\r\nok\r\n0\r\n\r\n")
    assert refusal(client(octets)).code is ErrorCode.BAD_FRAMING
    assert body(events(client(octets, tolerate=Tolerance.REPEATED_CHUNKED))) == b"ok"


@pytest.mark.rfc(
    "9112/6.1/request-ends-with-chunked", "9112/6.1/response-ends-with-chunked-or-closes"
)
@pytest.mark.parametrize("codings", ["gzip", "chunked, gzip", "identity", ""])
def test_no_message_can_be_sent_whose_last_coding_is_not_chunked(codings: str) -> None:
    """Its end could not be found by the recipient of a request."""
    line = ("Transfer-Encoding", codings)
    error = mistake(Request, method="POST", target="/", headers=[("Host", "a"), line])
    assert error.code is ErrorCode.BAD_FRAMING
    error = mistake(Response, status_code=200, headers=[line])
    assert error.code is ErrorCode.BAD_FRAMING


@pytest.mark.rfc("9112/6.1/codings-changed-on-the-way")
def test_a_decoded_body_is_framed_anew_for_its_next_recipient() -> None:
    """Chunks arrive, and go on as other chunks, or as none to a client of HTTP/1.0."""
    heard = events(client(response(CHUNKED, body=b"1\r\na\r\n2\r\nbc\r\n0\r\n\r\n")))
    assert isinstance(heard[0], Response)
    forwarded = [heard[0], Data(data=body(heard)), END]
    newer, older = server(GET), server(request(line=b"GET / HTTP/1.0"))
    events(newer)
    events(older)
    assert say(newer, *forwarded) == response(CHUNKED, body=b"3\r\nabc\r\n0\r\n\r\n")
    assert say(older, *forwarded) == response(b"Connection: close", body=b"abc")


@pytest.mark.rfc("9112/6.1/coding-announced-without-body")
@pytest.mark.parametrize(("method", "status"), [("HEAD", 200), ("GET", 304)])
def test_a_response_without_a_body_may_announce_chunked(method: str, status: int) -> None:
    """It is sent with the field and without a chunk, and nothing but its head is read."""
    connection = server(request(line=b"%b / HTTP/1.1" % method.encode()))
    events(connection)
    said = Response(status_code=status, headers=[("Transfer-Encoding", "chunked")])
    sent = say(connection, said, END)
    assert sent == message(b"HTTP/1.1 %d " % status, CHUNKED)
    assert kinds(events(client(sent, method=method))) == [Response, EndOfMessage]


@pytest.mark.rfc("9112/6.1/no-coding-in-1xx-and-204")
@pytest.mark.parametrize("line", [("Transfer-Encoding", "chunked"), ("Content-Length", "5")])
def test_no_framing_field_is_sent_in_1xx_and_204(line: tuple[str, str]) -> None:
    """It is left out; all other fields are sent."""
    lines = [("X", "1"), line]
    early = InformationalResponse(status_code=103, headers=lines)
    assert answer(GET, early) == message(b"HTTP/1.1 103 ", b"X: 1")
    empty = Response(status_code=204, headers=lines)
    assert answer(GET, empty) == message(b"HTTP/1.1 204 ", b"X: 1")


@pytest.mark.rfc("9112/6.1/no-coding-in-connect")
@pytest.mark.parametrize("status", [200, 299])
@pytest.mark.parametrize("line", [("Transfer-Encoding", "chunked"), ("Content-Length", "5")])
def test_no_framing_field_is_sent_in_2xx_to_connect(status: int, line: tuple[str, str]) -> None:
    """What follows is the tunnel."""
    connect = request(line=b"CONNECT example.com:443 HTTP/1.1")
    accepted = Response(status_code=status, headers=[("X", "1"), line])
    assert answer(connect, accepted) == message(b"HTTP/1.1 %d " % status, b"X: 1")


@pytest.mark.rfc("9112/6.1/unknown-coding-is-501")
@pytest.mark.parametrize("codings", [b"gzip, chunked", b"x-unknown,chunked", b"identity, chunked"])
def test_an_unknown_coding_is_answered_by_501(codings: bytes) -> None:
    """The message could be framed, but its content not be read."""
    error = refusal(server(request(b"Transfer-Encoding: " + codings, line=POST)))
    assert (error.code, error.error_status_hint) == (ErrorCode.UNSUPPORTED_CODING, 501)


@pytest.mark.rfc("9112/6.1/coding-to-known-server", "9112/6.3/chunked-to-known-server")
def test_a_client_chunks_nothing_unasked_and_knows_the_version_of_its_server() -> None:
    """What it needs to decide is there as soon as a response is."""
    connection = client()
    assert connection.their_http_version is None
    heard_response(connection, response(b"Content-Length: 0", line=b"HTTP/1.0 200 OK"))
    assert connection.their_http_version == b"1.0"
    unframed = Request(method="POST", target="/", headers=[("Host", "example.com")])
    assert say(Connection(CLIENT), unframed, END) == message(POST, HOST)


@pytest.mark.rfc("9112/6.1/no-coding-to-1-0-client")
@pytest.mark.parametrize("lines", [[], [("Transfer-Encoding", "chunked")]], ids=["none", "chunked"])
def test_no_coding_is_sent_to_a_client_of_http_1_0(lines: list[tuple[str, str]]) -> None:
    """A body of unknown length ends with the connection there."""
    connection = server(request(line=b"GET / HTTP/1.0"))
    events(connection)
    said = [Response(status_code=200, headers=lines), Data(data=b"hello"), END]
    assert say(connection, *said) == response(
        b"Connection: close", line=b"HTTP/1.1 200 ", body=b"hello"
    )
    assert connection.our_state is MUST_CLOSE


@pytest.mark.rfc("9112/6.1/both-framings-rejected", "9112/6.1/close-after-both-framings")
@pytest.mark.parametrize("length", [b"5", b"0", b"abc"])
def test_a_request_with_both_framings_is_answered_by_400_and_a_close(length: bytes) -> None:
    """Whatever the length is, and in either order; what follows is not read."""
    lines = [b"Content-Length: " + length, CHUNKED]
    for fields in (lines, lines[::-1]):
        connection = server(request(*fields, line=POST, body=b"0\r\n\r\n" + GET))
        error = refusal(connection)
        assert (error.code, error.error_status_hint) == (ErrorCode.BAD_FRAMING, 400)
        refused = Response(status_code=400, headers=[("Content-Length", "0")])
        assert say(connection, refused, END).startswith(b"HTTP/1.1 400 \r\n")
        assert connection.our_state is MUST_CLOSE


@pytest.mark.rfc("9112/6.1/coding-in-http-1-0")
def test_a_request_of_http_1_0_with_a_coding_is_refused() -> None:
    """Whoever forwarded it may not have known what the field means."""
    octets = request(CHUNKED, line=b"POST / HTTP/1.0", body=b"0\r\n\r\n")
    error = refusal(server(octets))
    assert (error.code, error.error_status_hint) == (ErrorCode.BAD_FRAMING, 400)


@pytest.mark.rfc("9112/6.1/coding-in-http-1-0")
def test_a_response_of_http_1_0_with_a_coding_is_the_last() -> None:
    """Its chunks are read, even if it says that the connection stays open; or it is refused."""
    octets = response(
        CHUNKED,
        b"Connection: keep-alive",
        line=b"HTTP/1.0 200 OK",
        body=b"2\r\nok\r\n0\r\n\r\n",
    )
    connection = client(octets)
    assert body(events(connection)) == b"ok"
    assert set(connection.states.values()) == {MUST_CLOSE}
    assert refusal(client(octets, tolerate=Tolerance.NONE)).code is ErrorCode.BAD_FRAMING


@pytest.mark.rfc("9112/6.2/no-length-with-coding")
def test_no_length_is_sent_with_a_coding() -> None:
    """A message that is given both goes out in chunks, without the length."""
    sender = Connection(CLIENT)
    post = Request(method="POST", target="/", headers=[("Host", "example.com"), *BOTH])
    assert say(sender, post, Data(data=b"ab"), END) == request(
        CHUNKED, line=POST, body=b"2\r\nab\r\n0\r\n\r\n"
    )
    sent = answer(GET, Response(status_code=200, headers=BOTH))
    assert sent == response(CHUNKED, line=b"HTTP/1.1 200 ")
