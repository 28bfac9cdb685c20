"""RFC 9112 sections 9.2 and 9.3.2: responses and their requests, and pipelining.

In: several requests or responses on one connection. Out: which belongs to which, and what is read
when.
"""

import pytest

from h11 import (
    CLIENT,
    PAUSED,
    Connection,
    ConnectionClosed,
    EndOfMessage,
    ErrorCode,
    Request,
    Response,
)
from h11_parser import RequestParser, ResponseParser
from tests.rfc.wire import (
    CLOSED,
    END,
    END_OF_STREAM,
    GET,
    HOST,
    OK,
    body,
    client,
    events,
    hear,
    heard_request,
    kinds,
    message,
    mistake,
    refusal,
    request,
    response,
    say,
    server,
    statuses,
    until_refusal,
)

ASK = Request(method="GET", target="/", headers=[("Host", "example.com")])
ANSWER = Response(status_code=200, headers=[("Content-Length", "0")])
POST = b"POST / HTTP/1.1"


@pytest.mark.rfc("9112/9.2/outstanding-requests", "9112/9.2/response-to-first-outstanding")
def test_responses_belong_to_requests_in_their_order() -> None:
    """The one to HEAD has no body, and informational ones leave the request outstanding."""
    parser = ResponseParser()
    for method in (b"HEAD", b"GET"):
        parser.expect(method)
    early = response(line=b"HTTP/1.1 103 Early Hints")
    head = response(b"Content-Length: 2")
    found = hear(parser, early, head, early, early, head + b"ok")
    assert statuses(found) == [103, 200, 103, 103, 200]
    assert (kinds(found)[2], body(found)) == (EndOfMessage, b"ok")


@pytest.mark.rfc("9112/9.2/outstanding-requests", "9112/9.2/response-to-first-outstanding")
def test_a_client_has_one_outstanding_request_at_a_time() -> None:
    """The response is the one to it; the next request waits for its end."""
    connection = client(response(b"Content-Length: 2"), method="HEAD")
    assert kinds(events(connection)) == [Response, EndOfMessage]
    connection = client(response(line=b"HTTP/1.1 103 Early Hints"))
    events(connection)
    assert mistake(connection.send, ASK).code is ErrorCode.OUT_OF_TURN


@pytest.mark.rfc("9112/9.2/unsolicited-data-is-no-response", "9112/9.2/close-on-unsolicited-data")
@pytest.mark.parametrize("extra", [OK, b"\x00", b"\r\n"])
def test_what_follows_a_response_is_not_read_but_seen(extra: bytes) -> None:
    """It waits for a request that it might answer; the client can see it before, and close."""
    connection = client(OK + extra)
    assert kinds(events(connection)) == [Response, EndOfMessage]
    assert connection.next_event() is PAUSED
    assert connection.trailing_data == (extra, False)
    assert connection.must_close
    assert not connection.is_reusable
    assert connection.send(CLOSED) is None


@pytest.mark.rfc("9112/9.2/unsolicited-data-is-no-response", "9112/9.2/close-on-unsolicited-data")
def test_no_request_can_follow_an_unsolicited_response() -> None:
    """While the client is idle the server may only say why it closes; so does the client then."""
    idle = response(b"Connection: close", b"Content-Length: 0", line=b"HTTP/1.1 408 Timeout")
    asking, closing = Connection(CLIENT), Connection(CLIENT)
    assert statuses(hear(asking, idle)) == statuses(hear(closing, idle)) == [408]
    assert mistake(asking.send, ASK).code is ErrorCode.OUT_OF_TURN
    assert closing.send(CLOSED) is None


@pytest.mark.rfc(
    "9112/9.3.2/client-pipelines",
    "9112/9.3.2/no-pipelining-on-retry",
    "9112/9.3.2/no-pipelining-after-non-idempotent",
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_client_does_not_pipeline(method: str) -> None:
    """Not even on a new connection, or after a safe method."""
    connection = client(method=method)
    assert mistake(connection.send, ASK).code is ErrorCode.OUT_OF_TURN


@pytest.mark.rfc("9112/9.3.2/client-pipelines", "9112/9.3.2/proxy-pipelines")
def test_the_parsers_read_pipelines_of_both_directions() -> None:
    """All requests that were received, and all their responses, without anybody taking turns."""
    octets = GET + request(b"Content-Length: 2", line=POST, body=b"hi") + GET
    found = hear(RequestParser(), octets)
    heads = [event for event in found if isinstance(event, Request)]
    assert [head.method for head in heads] == [b"GET", b"POST", b"GET"]
    parser = ResponseParser()
    for head in heads:
        parser.expect(head.method)
    assert statuses(hear(parser, OK + OK.replace(b"200", b"404") + OK)) == [200, 404, 200]


@pytest.mark.rfc("9112/9.3.2/pipelined-in-parallel", "9112/9.3.2/responses-in-order")
def test_a_server_gives_the_next_request_after_the_response() -> None:
    """So its responses cannot get out of order; a parser gives all to who wants them at once."""
    first, second = (request(line=b"GET /%b HTTP/1.1" % name) for name in (b"1", b"2"))
    connection = server(first + second)
    assert heard_request(connection).target == b"/1"
    assert connection.next_event() is PAUSED
    say(connection, ANSWER, END)
    assert connection.next_event() is PAUSED
    connection.start_next_cycle()
    assert heard_request(connection).target == b"/2"
    assert len(hear(RequestParser(), first + second)) == 4


@pytest.mark.rfc("9112/9.3.2/unanswered-retried")
@pytest.mark.parametrize(
    ("octets", "answer_began"),
    [([], False), ([b"HTTP/1.1 2"], False), ([response(b"Content-Length: 2", body=b"o")], True)],
    ids=["nothing", "part of a head", "part of a body"],
)
def test_a_client_knows_whether_a_response_had_begun(
    octets: list[bytes], answer_began: bool
) -> None:
    """What can be retried is for the caller to decide; no event says that there was no answer."""
    found, error = until_refusal(client(*octets, END_OF_STREAM))
    assert (Response in kinds(found)) == answer_began
    assert (error.code is ErrorCode.CLOSED_EARLY) != answer_began


@pytest.mark.rfc("9112/9.3.2/proxy-retries")
def test_a_request_that_was_received_can_be_sent_again() -> None:
    """Its events are the same on any connection."""
    found = events(server(request(b"X: 1")))
    for _ in range(2):
        inbound = Connection(CLIENT)
        assert say(inbound, *found) == message(b"GET / HTTP/1.1", HOST, b"X: 1")
        assert refusal(inbound, END_OF_STREAM).code is ErrorCode.CLOSED_EARLY


@pytest.mark.rfc("9112/9.3.2/proxy-passes-failure-on")
def test_a_proxy_can_forward_what_there_is_and_close() -> None:
    """The responses before the failure are there; a pipelined request may stay unanswered."""
    inbound = ResponseParser()
    for _ in range(2):
        inbound.expect(b"GET")
    found, error = until_refusal(inbound, OK + OK[:-1], END_OF_STREAM)
    assert error.code is ErrorCode.CLOSED_EARLY
    outbound = server(GET, GET)
    events(outbound)
    assert say(outbound, *found) == OK
    outbound.start_next_cycle()
    assert outbound.send(CLOSED) is None
    assert kinds(hear(outbound, END_OF_STREAM)) == [ConnectionClosed]
