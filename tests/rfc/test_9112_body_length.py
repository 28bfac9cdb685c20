"""RFC 9112 section 6.3: where the body of a message ends, rule by rule.

In: heads of requests and responses, with octets after them. Out: what of these is the body, what is
another message, and what is nothing.
"""

import pytest

from h11 import (
    CLIENT,
    DONE,
    MUST_CLOSE,
    SWITCHED_PROTOCOL,
    Connection,
    ConnectionClosed,
    Data,
    EndOfMessage,
    ErrorCode,
    Event,
    InformationalResponse,
    Request,
    Response,
    Tolerance,
)
from tests.rfc.wire import (
    END,
    END_OF_STREAM,
    GET,
    MOST_FOR_REQUESTS,
    MOST_FOR_RESPONSES,
    OK,
    body,
    client,
    events,
    hear,
    heard_response,
    kinds,
    mistake,
    refusal,
    request,
    response,
    say,
    server,
)

CHUNKED = b"Transfer-Encoding: chunked"
POST = b"POST / HTTP/1.1"
CHUNKS = b"5\r\nhello\r\n0\r\n\r\n"

INVALID_LENGTHS = [b"", b"+5", b"-5", b"5.0", b"0x5", b"5_0", b"5 5", b"5;", b"five", b"\xb2"]
CONFLICTING_LENGTHS = [b"5, 6", b"5,,6", b"5, five", b"5\r\nContent-Length: 6"]
LONG_LENGTHS = [b"9" * 21, b"0" * 21]


@pytest.mark.rfc("9112/6.3/no-body-by-status")
@pytest.mark.parametrize("field", [b"Content-Length: 5", CHUNKED, b"X: 1"])
@pytest.mark.parametrize(("method", "status"), [("HEAD", 200), ("GET", 204), ("GET", 304)])
def test_some_responses_have_no_body_whatever_they_say(
    method: str, status: int, field: bytes
) -> None:
    """The next response follows their head directly."""
    line = b"HTTP/1.1 %d OK" % status
    connection = client(response(field, line=line) + OK, method=method)
    assert kinds(events(connection)) == [Response, EndOfMessage]
    assert connection.trailing_data == (OK, False)


@pytest.mark.rfc("9112/6.3/no-body-by-status")
@pytest.mark.parametrize("field", [b"Content-Length: 5", CHUNKED])
def test_an_informational_response_has_no_body_whatever_it_says(field: bytes) -> None:
    """The final response follows its head directly."""
    found = events(client(response(field, line=b"HTTP/1.1 103 Early Hints") + OK))
    assert kinds(found) == [InformationalResponse, Response, EndOfMessage]


@pytest.mark.rfc("9112/6.3/connect-framing-ignored")
@pytest.mark.parametrize(
    "fields", [[b"Content-Length: 5"], [CHUNKED], [b"Content-Length: 5", CHUNKED]]
)
def test_after_2xx_to_connect_all_octets_are_of_the_tunnel(fields: list[bytes]) -> None:
    """Neither field makes a body of them."""
    tunnel = b"\x16\x03\x01 hello"
    connection = client(response(*fields, body=tunnel), method="CONNECT")
    assert kinds(events(connection)) == [Response]
    assert set(connection.states.values()) == {SWITCHED_PROTOCOL}
    assert connection.trailing_data == (tunnel, False)


@pytest.mark.rfc("9112/6.3/coding-overrides-length", "9112/6.3/length-removed-before-forwarding")
@pytest.mark.parametrize("length", [b"3", b"500"])
def test_a_response_with_both_framings_is_chunked_and_the_last(length: bytes) -> None:
    """What is forwarded has no Content-Length any more; a client may also refuse it."""
    octets = response(b"Content-Length: " + length, CHUNKED, body=CHUNKS)
    connection = client(octets)
    found = events(connection)
    assert body(found) == b"hello"
    assert isinstance(found[0], Response)
    assert found[0].headers == [(b"transfer-encoding", b"chunked")]
    assert set(connection.states.values()) == {MUST_CLOSE}
    assert refusal(client(octets, tolerate=Tolerance.NONE)).code is ErrorCode.BAD_FRAMING


@pytest.mark.rfc("9112/6.3/coding-overrides-length", "9112/6.3/length-removed-before-forwarding")
def test_a_request_with_both_framings_is_never_read() -> None:
    """There is nothing that could be forwarded."""
    octets = request(b"Content-Length: 5", CHUNKED, line=POST, body=CHUNKS)
    for tolerate in (None, MOST_FOR_REQUESTS):
        assert refusal(server(octets, tolerate=tolerate)).code is ErrorCode.BAD_FRAMING


@pytest.mark.rfc("9112/6.3/chunked-delimits")
def test_the_last_chunk_ends_the_body() -> None:
    """What comes after it is the next message."""
    connection = server(request(CHUNKED, line=POST, body=CHUNKS + GET))
    assert kinds(events(connection)) == [Request, Data, EndOfMessage]
    assert connection.trailing_data == (GET, False)


@pytest.mark.rfc("9112/6.3/response-coding-without-chunked")
@pytest.mark.parametrize("codings", [b"gzip", b"chunked, gzip", b""])
def test_a_response_whose_last_coding_is_not_chunked_is_refused(codings: bytes) -> None:
    """Its octets are not the content, and are not given for it."""
    connection = client(response(b"Transfer-Encoding: " + codings, body=b"\x1f\x8b"))
    assert refusal(connection).code is ErrorCode.BAD_FRAMING
    assert connection.our_state is MUST_CLOSE


@pytest.mark.rfc("9112/6.3/request-coding-without-chunked")
@pytest.mark.parametrize("codings", [b"gzip", b"chunked, gzip", b"chunked-ish", b"", b","])
def test_a_request_whose_last_coding_is_not_chunked_is_answered_by_400(codings: bytes) -> None:
    """Nothing more is read, and after the answer the server can only close."""
    connection = server(request(b"Transfer-Encoding: " + codings, line=POST, body=CHUNKS + GET))
    error = refusal(connection)
    assert (error.code, error.error_status_hint) == (ErrorCode.BAD_FRAMING, 400)
    refused = Response(status_code=400, headers=[("Content-Length", "0")])
    assert say(connection, refused, END).startswith(b"HTTP/1.1 400 \r\n")
    assert connection.our_state is MUST_CLOSE


@pytest.mark.rfc("9112/6.3/invalid-length", "9112/6.3/invalid-length-is-400")
@pytest.mark.parametrize("length", INVALID_LENGTHS + CONFLICTING_LENGTHS + LONG_LENGTHS)
def test_a_request_with_an_invalid_length_is_answered_by_400(length: bytes) -> None:
    """Nothing more is read, under any tolerance, and after the answer comes the close."""
    octets = request(b"Content-Length: " + length, line=POST, body=b"hello" + GET)
    for tolerate in (None, MOST_FOR_REQUESTS):
        connection = server(octets, tolerate=tolerate)
        error = refusal(connection)
        assert (error.code, error.error_status_hint) == (ErrorCode.BAD_FRAMING, 400)
        refused = Response(status_code=400, headers=[("Content-Length", "0")])
        assert say(connection, refused, END).startswith(b"HTTP/1.1 400 \r\n")
        assert connection.our_state is MUST_CLOSE


@pytest.mark.rfc("9112/6.3/invalid-length", "9112/6.3/invalid-length-in-response")
@pytest.mark.parametrize("length", INVALID_LENGTHS + CONFLICTING_LENGTHS + LONG_LENGTHS)
def test_a_response_with_an_invalid_length_is_discarded(length: bytes) -> None:
    """There is no event of it, and the connection can only be closed, under any tolerance."""
    octets = response(b"Content-Length: " + length, body=b"hello" + OK)
    for tolerate in (None, MOST_FOR_RESPONSES):
        connection = client(octets, tolerate=tolerate)
        assert refusal(connection).code is ErrorCode.BAD_FRAMING
        assert connection.our_state is MUST_CLOSE


@pytest.mark.rfc("9112/6.3/invalid-length-through-proxy")
def test_a_proxy_can_answer_by_502_to_an_invalid_length() -> None:
    """Its client's side has heard nothing of the response."""
    inbound, outbound = client(response(b"Content-Length: 5, 6")), server(GET)
    events(outbound)
    refusal(inbound)
    assert inbound.our_state is MUST_CLOSE
    answer = Response(status_code=502, headers=[("Content-Length", "0")])
    assert say(outbound, answer, END) == response(b"Content-Length: 0", line=b"HTTP/1.1 502 ")


@pytest.mark.rfc("9112/6.3/equal-lengths")
@pytest.mark.parametrize(
    "lines",
    [[b"5, 5"], [b"5,5,5"], [b"5 ,\t5"], [b"5", b"5"], [b"5, 5", b"5"]],
    ids=lambda lines: b" / ".join(lines).decode("ascii"),
)
def test_equal_lengths_count_once(lines: list[bytes]) -> None:
    """They may be in one field line or in several; the event has one."""
    fields = [b"Content-Length: " + line for line in lines]
    heads: list[tuple[Connection, type[Event]]] = [
        (server(request(*fields, line=POST, body=b"hello")), Request),
        (client(response(*fields, body=b"hello")), Response),
    ]
    for connection, kind in heads:
        found = events(connection)
        assert (kinds(found), body(found)) == ([kind, Data, EndOfMessage], b"hello")
        assert isinstance(found[0], Request | Response)
        assert [line for line in found[0].headers if line[0] != b"host"] == [
            (b"content-length", b"5")
        ]


@pytest.mark.rfc("9112/6.3/short-body-is-incomplete")
def test_a_body_that_ends_too_early_is_an_error() -> None:
    """What came of it has been given; the error says how much is missing."""
    for connection in (
        server(request(b"Content-Length: 100", line=POST, body=b"hello")),
        client(response(b"Content-Length: 100", body=b"hello")),
    ):
        assert body(events(connection)) == b"hello"
        error = refusal(connection, END_OF_STREAM)
        assert (error.code, error.expected, error.received) == (ErrorCode.BODY_TOO_SHORT, 100, 5)


@pytest.mark.rfc("9112/6.3/request-without-framing")
def test_a_request_without_framing_has_no_body() -> None:
    """Not even a POST: what follows is the next request."""
    connection = server(request(line=POST) + GET)
    assert kinds(events(connection)) == [Request, EndOfMessage]
    assert connection.trailing_data == (GET, False)


@pytest.mark.rfc("9112/6.3/response-without-framing")
def test_a_response_without_framing_ends_with_the_connection() -> None:
    """All that comes is its body, even what looks like another response."""
    connection = client(response(body=b"hello"))
    assert kinds(events(connection)) == [Response, Data]
    rest = hear(connection, OK, END_OF_STREAM)
    assert (body(rest), kinds(rest[-2:])) == (OK, [EndOfMessage, ConnectionClosed])
    assert connection.our_state is MUST_CLOSE


@pytest.mark.rfc("9112/6.3/response-delimited")
def test_a_response_without_a_length_is_chunked() -> None:
    """So its end can be told, and the connection stays open."""
    connection = server(GET)
    events(connection)
    said = [Response(status_code=200, headers=[]), Data(data=b"hello"), END]
    assert say(connection, *said) == response(CHUNKED, line=b"HTTP/1.1 200 ", body=CHUNKS)
    assert connection.our_state is DONE


@pytest.mark.rfc("9112/6.3/length-required")
def test_a_chunked_request_can_be_answered_by_411() -> None:
    """Its headers say so before the body is there, and the answer need not wait for it."""
    connection = server(request(CHUNKED, line=POST))
    head = events(connection)[0]
    assert isinstance(head, Request)
    assert b"content-length" not in dict(head.headers)
    answer = Response(status_code=411, headers=[("Content-Length", "0")])
    assert say(connection, answer, END) == response(b"Content-Length: 0", line=b"HTTP/1.1 411 ")


@pytest.mark.rfc("9112/6.3/request-length-if-known", "9112/6.3/request-body-is-framed")
def test_a_request_is_held_to_the_framing_that_it_announces() -> None:
    """A body has the length that was announced, and without a framing there is none."""
    host = ("Host", "example.com")
    connection = Connection(CLIENT)
    known = Request(method="POST", target="/", headers=[host, ("Content-Length", "5")])
    assert say(connection, known, Data(data=b"hello"), END) == request(
        b"Content-Length: 5", line=POST, body=b"hello"
    )
    connection = Connection(CLIENT)
    say(connection, Request(method="POST", target="/", headers=[host]))
    error = mistake(connection.send, Data(data=b"hello"))
    assert (error.code, error.expected, error.received) == (ErrorCode.BODY_TOO_LONG, 0, 5)


@pytest.mark.rfc("9112/6.3/extra-data-discarded", "9112/6.3/extra-data-is-no-response")
@pytest.mark.parametrize("extra", [OK, b"ello", b"\r\n", b"\x00" * 100], ids=repr)
def test_data_after_the_last_response_is_nothing(extra: bytes) -> None:
    """It makes neither an event nor an error, up to the end of the connection."""
    connection = client(response(b"Content-Length: 1", b"Connection: close", body=b"h" + extra))
    assert heard_response(connection).status_code == 200
    assert hear(connection, extra) == []
    assert kinds(hear(connection, END_OF_STREAM)) == [ConnectionClosed]
