"""Content-Length: where it is sent, and what it may say (RFC 9110 section 8.6).

In: messages with and without it. Out: what is written, read, left out and refused.
"""

import pytest

from h11 import (
    DONE,
    Data,
    EndOfMessage,
    ErrorCode,
    LocalProtocolError,
)
from h11_parser import RequestParser, ResponseParser
from tests.h11.conversations import (
    CHUNKED,
    CLOSE,
    END,
    client,
    informational,
    length,
    request,
    response,
    say,
    server,
)
from tests.rfc import wire
from tests.rfc.messages_9110 import field_lines, names_sent, read_request, read_response

HEAD = wire.request(line=b"HEAD / HTTP/1.1")
CONNECT = wire.request(line=b"CONNECT example.com:443 HTTP/1.1")
MALFORMED = ["", "+5", "-5", "5.0", "0x5", "1_0", "5 5", "five", "5;", "5a", "05x"]
LARGE = ["9007199254740993", "9223372036854775809", "18446744073709551617", "9" * 20]


def sent_error(event: Data | EndOfMessage) -> LocalProtocolError:
    """Return the error of a client that announced five bytes and says this."""
    connection = client(request(length(5), method="POST"), Data(data=b"one"))
    return wire.mistake(connection.send, event)


@pytest.mark.rfc("9110/8.6/sent-in-requests", "9110/8.6/sent-if-known")
@pytest.mark.parametrize("octets", [0, 5])
def test_a_length_is_sent_as_given(octets: int) -> None:
    """A client and a server that know the length send it, even if it is 0."""
    line = b"Content-Length: %d" % octets
    assert field_lines(say(client(), request(length(octets), method="POST")))[-1] == line
    assert field_lines(say(server(wire.GET), response(length(octets)))) == [line]


@pytest.mark.rfc("9110/8.6/sent-in-requests")
def test_a_length_that_was_sent_is_held_to() -> None:
    """More or less content than was announced is an error, which says how much."""
    error = sent_error(Data(data=b"two"))
    assert (error.code, error.expected, error.received) == (ErrorCode.BODY_TOO_LONG, 5, 6)
    error = sent_error(END)
    assert (error.code, error.expected, error.received) == (ErrorCode.BODY_TOO_SHORT, 5, 3)


@pytest.mark.rfc("9110/8.6/sent-if-known")
@pytest.mark.parametrize(
    ("version", "framing"), [(b"1.1", b"transfer-encoding"), (b"1.0", b"connection")]
)
def test_a_length_is_not_made_up(version: bytes, framing: bytes) -> None:
    """Without a length, content is chunked, or ended by closing for a client of HTTP/1.0."""
    connection = server(wire.request(line=b"GET / HTTP/" + version))
    assert names_sent(say(connection, response())) == [framing]


@pytest.mark.rfc("9110/8.6/not-sent-without-content")
@pytest.mark.parametrize("method", ["GET", "HEAD", "DELETE", "OPTIONS", "TRACE", "POST"])
def test_no_length_is_added_to_a_request(method: str) -> None:
    """A request has Content-Length only if the caller gave it one."""
    connection = client()
    assert names_sent(say(connection, request(method=method))) == [b"host"]
    assert connection.send(END) == b""


@pytest.mark.rfc("9110/8.6/head-may", "9110/8.6/head-as-get")
@pytest.mark.parametrize("octets", [0, 5, 10**15])
def test_a_length_is_sent_in_a_response_to_head(octets: int) -> None:
    """The length that GET would have is sent, and no content has to follow."""
    connection = server(HEAD)
    assert field_lines(say(connection, response(length(octets)))) == [
        b"Content-Length: %d" % octets
    ]
    assert connection.send(END) == b""
    assert connection.our_state is DONE


@pytest.mark.rfc("9110/8.6/head-as-get")
@pytest.mark.parametrize("lines", [[], [CHUNKED], [CLOSE]], ids=["none", "chunked", "close"])
def test_no_length_is_made_up_in_a_response_to_head(lines: list[tuple[str, str]]) -> None:
    """Where GET would have no length, HEAD has none, and not 0 because nothing follows."""
    connection = server(HEAD)
    assert b"content-length" not in names_sent(say(connection, response(*lines)))


@pytest.mark.rfc("9110/8.6/304-may", "9110/8.6/304-as-200")
@pytest.mark.parametrize("octets", [0, 5, 10**15])
def test_a_length_is_sent_in_a_304(octets: int) -> None:
    """The length that a 200 would have is sent, and no content has to follow."""
    connection = server(wire.GET)
    sent = say(connection, response(length(octets), status=304))
    assert field_lines(sent) == [b"Content-Length: %d" % octets]
    assert connection.send(END) == b""
    assert connection.our_state is DONE


@pytest.mark.rfc("9110/8.6/304-as-200")
def test_no_length_is_made_up_in_a_304() -> None:
    """A 304 without a length gets none."""
    sent = say(server(wire.GET), response(("ETag", '"x"'), status=304))
    assert names_sent(sent) == [b"etag"]


@pytest.mark.rfc("9110/8.6/no-length-in-1xx")
@pytest.mark.parametrize("status", [100, 103])
@pytest.mark.parametrize("octets", [0, 5])
def test_a_length_is_left_out_of_a_1xx(status: int, octets: int) -> None:
    """Content-Length is not written in an informational response, and all else is."""
    sent = say(server(wire.GET), informational(status, ("Link", "x"), length(octets)))
    assert field_lines(sent) == [b"Link: x"]


@pytest.mark.rfc("9110/8.6/no-length-in-1xx")
def test_a_length_is_left_out_of_a_101() -> None:
    """That holds for the response after which the connection leaves HTTP, too."""
    connection = server(wire.request(b"Upgrade: x", b"Connection: upgrade"))
    sent = say(connection, informational(101, ("Upgrade", "x"), length(5)))
    assert field_lines(sent) == [b"Upgrade: x"]


@pytest.mark.rfc("9110/8.6/no-length-in-204")
@pytest.mark.parametrize("octets", [0, 5])
def test_a_length_is_left_out_of_a_204(octets: int) -> None:
    """Content-Length is not written in a 204, and nothing else is written in its place."""
    connection = server(wire.GET)
    sent = say(connection, response(("X", "y"), length(octets), status=204), END)
    assert field_lines(sent) == [b"X: y"]
    assert connection.our_state is DONE


@pytest.mark.rfc("9110/8.6/no-length-in-connect")
@pytest.mark.parametrize("status", [200, 204, 299])
def test_a_length_is_left_out_of_a_2xx_to_connect(status: int) -> None:
    """Content-Length is not written where a tunnel begins."""
    sent = say(server(CONNECT), response(("X", "y"), length(5), status=status))
    assert field_lines(sent) == [b"X: y"]


@pytest.mark.rfc("9110/8.6/no-length-in-connect")
def test_a_length_is_sent_in_a_refusal_of_connect() -> None:
    """A CONNECT that is refused is answered like any other request."""
    assert field_lines(say(server(CONNECT), response(length(0), status=403))) == [
        b"Content-Length: 0"
    ]


@pytest.mark.rfc("9110/8.6/large-numbers")
@pytest.mark.parametrize("digits", LARGE)
def test_large_lengths_are_exact(digits: str) -> None:
    """A length that fits no machine word or float is counted to the last byte."""
    octets = wire.response(b"Content-Length: " + digits.encode(), body=b"hello")
    assert read_response(octets).headers.content_length == int(digits)
    connection = wire.client(octets)
    assert wire.body(wire.events(connection)) == b"hello"
    error = wire.refusal(connection, wire.END_OF_STREAM)
    assert (error.code, error.received) == (ErrorCode.BODY_TOO_SHORT, 5)
    assert error.expected == int(digits)


@pytest.mark.rfc("9110/8.6/large-numbers")
def test_lengths_beyond_bearing_are_refused() -> None:
    """The twenty-first digit is refused as soon as it is there."""
    head = wire.request(b"Content-Length: " + b"1" * 20, line=b"POST / HTTP/1.1")
    parser = RequestParser()
    assert wire.hear(parser, head[: -len(b"\r\n\r\n")]) == []
    assert wire.refusal(parser, b"1").code is ErrorCode.BAD_FRAMING


@pytest.mark.rfc("9110/8.6/no-wrong-length-forwarded")
def test_a_length_is_left_out_beside_a_transfer_coding() -> None:
    """Where chunks tell the length, a number beside them is not sent."""
    sent = say(client(), request(length(5), CHUNKED, method="POST"))
    assert field_lines(sent) == [b"Host: example.com", b"Transfer-Encoding: chunked"]
    sent = say(server(wire.GET), response(length(5), CHUNKED))
    assert field_lines(sent) == [b"Transfer-Encoding: chunked"]


@pytest.mark.rfc("9110/8.6/no-wrong-length-forwarded")
def test_a_length_beside_a_transfer_coding_is_not_handed_over() -> None:
    """A client that receives both has only the coding in the event, so it cannot forward both."""
    octets = wire.response(b"Content-Length: 5", b"Transfer-Encoding: chunked")
    assert read_response(octets).headers == [(b"transfer-encoding", b"chunked")]


@pytest.mark.rfc("9110/8.6/no-malformed-length-forwarded")
@pytest.mark.parametrize("value", MALFORMED)
def test_a_malformed_length_reaches_no_event(value: str) -> None:
    """It is refused when it is received, and no event can be made with it."""
    line = b"Content-Length: " + value.encode()
    head = wire.request(line, line=b"POST / HTTP/1.1")
    assert wire.refusal(RequestParser(), head).code is ErrorCode.BAD_FRAMING
    assert wire.refusal(ResponseParser(), wire.response(line)).code is ErrorCode.BAD_FRAMING
    assert wire.mistake(request, ("Content-Length", value)).code is ErrorCode.BAD_FRAMING


@pytest.mark.rfc("9110/8.6/repeated-value")
@pytest.mark.parametrize(
    "lines",
    [
        [b"Content-Length: 5, 5"],
        [b"Content-Length: 5 ,\t5,5"],
        [b"Content-Length: 5", b"content-length: 5"],
        [b"Content-Length: 5", b"Content-Length: 5, 5"],
    ],
    ids=["list", "blanks", "lines", "both"],
)
def test_a_repeated_length_becomes_one(lines: list[bytes]) -> None:
    """The same number several times counts, and is handed over, once."""
    received = read_request(wire.request(*lines, line=b"POST / HTTP/1.1"))
    assert received.headers.get_all("Content-Length") == [b"5"]
    assert field_lines(say(client(), received)) == [b"Host: example.com", b"Content-Length: 5"]


@pytest.mark.rfc("9110/8.6/repeated-value")
@pytest.mark.parametrize(
    "lines", [[b"Content-Length: 5, 6"], [b"Content-Length: 5", b"Content-Length: 6"]]
)
def test_different_lengths_are_refused(lines: list[bytes]) -> None:
    """Two lengths that differ are refused on both sides."""
    head = wire.request(*lines, line=b"POST / HTTP/1.1")
    assert wire.refusal(RequestParser(), head).code is ErrorCode.BAD_FRAMING
    assert wire.refusal(ResponseParser(), wire.response(*lines)).code is ErrorCode.BAD_FRAMING
