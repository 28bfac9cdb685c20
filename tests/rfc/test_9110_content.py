"""Content: which messages have none (RFC 9110 sections 6.4.1, 9.3.1 and 9.3.2).

In: messages that have no content, with fields that announce some, or content itself. Out: what is
read as the next message, and what cannot be sent.
"""

import pytest

from h11 import (
    DONE,
    Data,
    EndOfMessage,
    ErrorCode,
    InformationalResponse,
    Request,
    Response,
)
from h11_parser import ResponseParser
from tests.h11.conversations import (
    CHUNKED,
    CLOSE,
    END,
    Line,
    client,
    informational,
    length,
    request,
    response,
    say,
    server,
)
from tests.rfc import wire
from tests.rfc.messages_9110 import names_sent

HEAD = wire.request(line=b"HEAD / HTTP/1.1")
ANNOUNCEMENTS = [b"Content-Length: 5", b"Transfer-Encoding: chunked"]
CONTENT = Data(data=b"hello")

every_announcement = pytest.mark.parametrize(
    "announcement", ANNOUNCEMENTS, ids=["Content-Length", "chunked"]
)

every_framing = pytest.mark.parametrize(
    "lines",
    [[], [length(0)], [length(5)], [CHUNKED], [CLOSE], [("Connection", "x-hop"), CHUNKED]],
    ids=["none", "empty", "length", "chunked", "close", "option and chunked"],
)


@pytest.mark.rfc("9110/6.4.1/no-content-by-status")
@pytest.mark.parametrize("status", [204, 304])
@every_announcement
def test_a_response_with_that_status_ends_with_its_head(status: int, announcement: bytes) -> None:
    """What follows a 204 or 304 is the next message, whatever its fields announce."""
    octets = wire.response(announcement, line=b"HTTP/1.1 %d x" % status)
    found = wire.hear(ResponseParser(), octets + wire.OK)
    assert wire.statuses(found) == [status, 200]
    assert wire.kinds(found) == [Response, EndOfMessage, Response, EndOfMessage]


@pytest.mark.rfc("9110/6.4.1/no-content-by-status", "9110/15.2/parse-1xx")
@every_announcement
def test_an_informational_response_ends_with_its_head(announcement: bytes) -> None:
    """What follows a 1xx is the next response, whatever its fields announce."""
    octets = wire.response(announcement, line=b"HTTP/1.1 103 Early Hints")
    found = wire.hear(wire.client(), octets + wire.OK)
    assert wire.kinds(found) == [InformationalResponse, Response, EndOfMessage]


@pytest.mark.rfc("9110/6.4.1/no-content-by-status")
@pytest.mark.parametrize("status", [204, 304])
@pytest.mark.parametrize("lines", [[], [length(5)], [CHUNKED]], ids=["none", "length", "chunked"])
def test_no_content_is_sent_with_that_status(status: int, lines: list[Line]) -> None:
    """Content after a 204 or 304 is a mistake, whatever its fields announce."""
    connection = server(wire.GET)
    say(connection, response(*lines, status=status))
    assert wire.mistake(connection.send, CONTENT).code is ErrorCode.BODY_TOO_LONG


@pytest.mark.rfc("9110/6.4.1/no-content-by-status")
def test_no_content_is_sent_with_an_informational_response() -> None:
    """Content after a 1xx comes out of turn."""
    connection = server(wire.GET)
    say(connection, informational(103))
    assert wire.mistake(connection.send, CONTENT).code is ErrorCode.OUT_OF_TURN


@pytest.mark.rfc("9110/9.3.1/no-content-in-get", "9110/9.3.2/no-content-in-request")
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_request_needs_no_content(method: str) -> None:
    """GET and HEAD consist of a head, without fields that announce content."""
    connection = client()
    sent = say(connection, request(method=method), END)
    assert sent == b"%b / HTTP/1.1\r\nHost: example.com\r\n\r\n" % method.encode()


@pytest.mark.rfc("9110/9.3.1/no-content-in-get", "9110/9.3.2/no-content-in-request")
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_content_in_a_request_has_to_be_announced(method: str) -> None:
    """Content that slips into a GET or HEAD is a mistake; announced, it is sent."""
    connection = client(request(method=method))
    assert wire.mistake(connection.send, CONTENT).code is ErrorCode.BODY_TOO_LONG
    sent = say(client(), request(length(5), method=method), CONTENT, END)
    assert sent.endswith(b"Content-Length: 5\r\n\r\nhello")


@pytest.mark.rfc("9110/9.3.1/no-private-agreements", "9110/9.3.2/no-private-agreements")
@pytest.mark.parametrize("method", [b"GET", b"HEAD"])
@every_announcement
def test_content_in_a_request_does_not_become_a_request(method: bytes, announcement: bytes) -> None:
    """Content of a GET or HEAD is read by its framing, and the next request begins after it."""
    body = b"5\r\nhello\r\n0\r\n\r\n" if b"chunked" in announcement else b"hello"
    octets = wire.request(announcement, line=method + b" / HTTP/1.1", body=body)
    connection = wire.server(octets + wire.request(line=b"GET /next HTTP/1.1"))
    assert wire.body(wire.events(connection)) == b"hello"
    say(connection, response(length(0)), END)
    connection.start_next_cycle()
    assert wire.heard_request(connection).target == b"/next"


@pytest.mark.rfc("9110/9.3.2/no-content-sent")
@every_framing
def test_no_content_is_sent_to_head(lines: list[Line]) -> None:
    """Content in a response to HEAD is a mistake, and its end writes nothing."""
    connection = server(HEAD)
    say(connection, response(*lines))
    assert connection.send(END) == b""
    connection = server(HEAD)
    say(connection, response(*lines))
    assert wire.mistake(connection.send, CONTENT).code is ErrorCode.BODY_TOO_LONG


@pytest.mark.rfc("9110/9.3.2/no-content-sent")
@every_announcement
def test_no_content_is_read_after_head(announcement: bytes) -> None:
    """For a client, a response to HEAD ends with its head, whatever its fields announce."""
    connection = wire.client(wire.response(announcement) + b"more", method="HEAD")
    assert wire.kinds(wire.events(connection)) == [Response, EndOfMessage]
    assert connection.trailing_data == (b"more", False)


@pytest.mark.rfc("9110/9.3.2/no-content-sent")
def test_a_parser_alone_can_be_told_of_head() -> None:
    """Whoever reads responses alone tells which of them answer HEAD."""
    parser = ResponseParser()
    for method in (b"HEAD", b"GET"):
        parser.expect(method)
    octets = wire.response(b"Content-Length: 5")
    found = wire.hear(parser, octets + octets + b"hello")
    assert wire.kinds(found) == [Response, EndOfMessage, Response, Data, EndOfMessage]


@pytest.mark.rfc("9110/9.3.2/same-fields")
@pytest.mark.parametrize("version", [b"1.0", b"1.1"])
@pytest.mark.parametrize("status", [200, 304, 404])
@every_framing
def test_head_is_answered_with_the_fields_of_get(
    version: bytes, status: int, lines: list[Line]
) -> None:
    """The same event is written with the same fields; only what ends the connection may differ."""
    sent = [
        say(
            server(wire.request(line=method + b" / HTTP/" + version)),
            response(*lines, status=status),
        )
        for method in (b"GET", b"HEAD")
    ]
    assert sent[0] == sent[1]


@pytest.mark.rfc("9110/9.3.2/may-omit")
@pytest.mark.parametrize("lines", [[], [b"ETag: x"]], ids=["none", "other"])
def test_a_client_needs_no_framing_fields_in_a_response_to_head(lines: list[bytes]) -> None:
    """Such a response is complete with its head, and the connection can be used again."""
    connection = wire.client(wire.response(*lines), method="HEAD")
    assert wire.kinds(wire.events(connection)) == [Response, EndOfMessage]
    assert connection.their_state is DONE
    connection.start_next_cycle()
    assert say(connection, request()) == wire.GET


@pytest.mark.rfc("9110/9.3.2/may-omit")
def test_fields_of_the_content_need_not_be_sent_to_head() -> None:
    """Nothing but framing is added to what the caller has decided on."""
    sent = say(server(HEAD), response(("ETag", '"x"')))
    assert names_sent(sent) == [b"etag", b"transfer-encoding"]
    found = wire.hear(wire.client(method="HEAD"), sent)
    assert wire.kinds(found) == [Response, EndOfMessage]


@pytest.mark.rfc("9110/9.3.2/no-content-sent")
def test_the_method_counts_as_it_is_spelled() -> None:
    """`head` is another method, whose response may have content."""
    connection = wire.server(wire.request(line=b"head / HTTP/1.1"))
    received = wire.heard_request(connection)
    assert isinstance(received, Request)
    wire.events(connection)
    assert say(connection, response(length(5)), CONTENT, END).endswith(b"hello")
