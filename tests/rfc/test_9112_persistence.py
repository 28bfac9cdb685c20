"""RFC 9112 section 9.3: which connections persist, and when the next request may come.

In: messages of both versions with options of Connection. Out: whether another cycle begins, and
what is sent about it.
"""

import pytest

from h11 import (
    CLIENT,
    DONE,
    IDLE,
    MUST_CLOSE,
    SERVER,
    Connection,
    Data,
    EndOfMessage,
    ErrorCode,
    InformationalResponse,
    LocalProtocolError,
    Request,
    Response,
)
from tests.rfc.wire import (
    END,
    GET,
    client,
    events,
    hear,
    heard_request,
    kinds,
    message,
    mistake,
    request,
    response,
    say,
    server,
)

ASK = Request(method="GET", target="/", headers=[("Host", "example.com")])
ANSWER = Response(status_code=200, headers=[("Content-Length", "0")])
POST = b"POST / HTTP/1.1"


@pytest.mark.rfc("9112/9.3/persistent-connections")
def test_a_connection_serves_one_request_after_another() -> None:
    """Both ends of HTTP/1.1 go on unless somebody says otherwise."""
    asking, answering = Connection(CLIENT), server()
    for _ in range(3):
        assert hear(answering, say(asking, ASK, END)) == [ASK, END]
        assert hear(asking, say(answering, ANSWER, END)) == [ANSWER, END]
        asking.start_next_cycle()
        answering.start_next_cycle()
    assert set(asking.states.values()) == set(answering.states.values()) == {IDLE}


@pytest.mark.rfc("9112/9.3/persistent-connections", "9112/9.3/further-requests")
@pytest.mark.parametrize(
    ("version", "option", "stays"),
    [
        (b"1.1", b"keep-alive", True),
        (b"1.1", b"x", True),
        (b"1.1", b"close", False),
        (b"1.1", b"x, Close", False),
        (b"1.0", b"x", False),
        (b"1.0", b"keep-alive", False),
        (b"1.9", b"x", True),
    ],
)
def test_version_and_connection_decide_whether_there_is_another_request(
    version: bytes, option: bytes, stays: bool
) -> None:
    """Until then a client sends further ones, and from then on none."""
    fields = [b"Connection: " + option, b"Content-Length: 0"]
    connection = client(response(*fields, line=b"HTTP/%b 200 OK" % version))
    events(connection)
    assert connection.our_state is (DONE if stays else MUST_CLOSE)
    if stays:
        connection.start_next_cycle()
        assert say(connection, ASK) == GET
    else:
        with pytest.raises(LocalProtocolError):
            connection.start_next_cycle()
        assert mistake(connection.send, ASK).code is ErrorCode.OUT_OF_TURN


@pytest.mark.rfc("9112/9.3/close-in-every-request")
def test_a_client_can_say_close_in_its_request() -> None:
    """It is sent, and the client knows that this request is its last."""
    connection = Connection(CLIENT)
    lines = [("Host", "example.com"), ("Connection", "close")]
    last = Request(method="GET", target="/", headers=lines)
    assert say(connection, last, END) == request(b"Connection: close")
    assert connection.our_state is MUST_CLOSE


@pytest.mark.rfc("9112/9.3/close-in-every-response")
def test_close_is_added_to_final_responses_that_are_the_last() -> None:
    """Informational ones go without it; what the caller says itself is there once."""
    for lines in ([], [("Connection", "close")]):
        connection = server(request(b"Connection: close"))
        events(connection)
        early = InformationalResponse(status_code=103, headers=[])
        assert say(connection, early) == message(b"HTTP/1.1 103 ")
        final = Response(status_code=200, headers=[("Content-Length", "0"), *lines])
        assert say(connection, final, END) == message(
            b"HTTP/1.1 200 ", b"Content-Length: 0", b"Connection: close"
        )


@pytest.mark.rfc("9112/9.3/request-body-read")
def test_a_server_goes_on_only_after_the_whole_request() -> None:
    """An early response does not make a request of what is left of the body."""
    octets = request(b"Content-Length: %d" % len(GET), line=POST)
    connection = server(octets)
    events(connection)
    say(connection, ANSWER, END)
    with pytest.raises(LocalProtocolError):
        connection.start_next_cycle()
    assert kinds(hear(connection, GET)) == [Data, EndOfMessage]
    connection.start_next_cycle()
    assert events(connection) == []


@pytest.mark.rfc("9112/9.3/response-body-read")
def test_a_client_goes_on_only_after_the_whole_response() -> None:
    """Until its last octet is read there is no other request."""
    connection = client(response(b"Content-Length: 2", body=b"o"))
    events(connection)
    with pytest.raises(LocalProtocolError):
        connection.start_next_cycle()
    hear(connection, b"k")
    connection.start_next_cycle()
    assert say(connection, ASK) == GET


@pytest.mark.rfc("9112/9.3/no-persistence-with-1-0-client")
@pytest.mark.parametrize("field", [b"X: 1", b"Connection: keep-alive"])
def test_a_client_of_http_1_0_has_one_request(field: bytes) -> None:
    """The response says so, even if the client has asked for more."""
    connection = server(request(field, line=b"GET / HTTP/1.0"))
    events(connection)
    assert b"\r\nConnection: close\r\n" in say(connection, ANSWER, END)
    assert connection.our_state is MUST_CLOSE


@pytest.mark.rfc("9112/9.3/persistent-connections", "9112/9.3/no-persistence-with-1-0-client")
@pytest.mark.parametrize(
    ("method", "option", "stays"),
    [
        (b"GET /", b"keep-alive", True),
        (b"GET /", b"x, Keep-Alive", True),
        (b"GET /", b"x", False),
        (b"GET /", b"keep-alive, close", False),
        (b"CONNECT example.com:443", b"keep-alive", False),
    ],
)
def test_keep_alive_of_http_1_0_is_honoured_on_demand(
    method: bytes, option: bytes, stays: bool
) -> None:
    """A server that is no proxy may honour it, and then says so."""
    connection = Connection(SERVER, http10_keep_alive=True)
    asked = request(b"Connection: " + option, line=method + b" HTTP/1.0")
    hear(connection, asked)
    refused = Response(status_code=403, headers=[("Content-Length", "0")])
    told = b"Connection: keep-alive" if stays else b"Connection: close"
    assert say(connection, refused, END) == message(b"HTTP/1.1 403 ", b"Content-Length: 0", told)
    assert connection.our_state is (DONE if stays else MUST_CLOSE)


@pytest.mark.rfc("9112/9.3/persistent-connections", "9112/9.3/further-requests")
@pytest.mark.parametrize("option", [b"keep-alive", b"x", b"close, keep-alive"])
def test_a_client_goes_on_after_http_1_0_on_demand(option: bytes) -> None:
    """Until a response of HTTP/1.0 comes without the option keep-alive."""
    connection = Connection(CLIENT, http10_keep_alive=True)
    lines = [("Host", "example.com"), ("Connection", "keep-alive")]
    say(connection, Request(method="GET", target="/", headers=lines), END)
    fields = [b"Connection: " + option, b"Content-Length: 0"]
    hear(connection, response(*fields, line=b"HTTP/1.0 200 OK"))
    assert connection.our_state is (DONE if option == b"keep-alive" else MUST_CLOSE)


@pytest.mark.rfc("9112/9.3/further-requests")
def test_a_server_reads_further_requests_until_a_close() -> None:
    """As long as it may begin another cycle, it hears what the client sends."""
    connection = server(GET)
    events(connection)
    say(connection, ANSWER, END)
    connection.start_next_cycle()
    assert heard_request(connection, request(b"Connection: close")).method == b"GET"
    say(connection, ANSWER, END)
    with pytest.raises(LocalProtocolError):
        connection.start_next_cycle()
