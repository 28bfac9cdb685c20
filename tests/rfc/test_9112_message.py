"""RFC 9112 section 2, and section 10.1: lines, octets, versions, and messages enclosed as data.

In: requests and responses as octets, well-formed and not. Out: the events, or the refusal, that
each requirement asks for.
"""

import pytest

from h11 import (
    CLIENT,
    MUST_CLOSE,
    Connection,
    Data,
    ErrorCode,
    Request,
    Response,
    Tolerance,
)
from h11_parser import RequestParser, ResponseParser
from tests.rfc.wire import (
    END,
    GET,
    HOST,
    MOST_FOR_REQUESTS,
    OK,
    client,
    events,
    heard_request,
    heard_response,
    message,
    mistake,
    refusal,
    request,
    response,
    say,
    server,
)


@pytest.mark.rfc("9112/2.2/octets")
def test_octets_that_are_no_text_stay_what_they_are() -> None:
    """What would be broken UTF-8, or a line end of Unicode, is just octets of a value."""
    octets = b"caf\xe9 \xff\xc2\x85 \xe2\x80\xa8 end"
    assert heard_request(server(request(b"X-Name: " + octets))).headers[1] == (b"x-name", octets)
    heard = heard_response(client(response(line=b"HTTP/1.1 200 " + octets)))
    assert heard.reason == octets


@pytest.mark.rfc("9112/2.2/bare-lf")
def test_lf_alone_ends_no_line_of_a_request() -> None:
    """A server that takes it where another does not may see two requests where that sees one."""
    lines = b"GET / HTTP/1.1\nHost: example.com\n\n"
    assert refusal(server(lines)).code is ErrorCode.BAD_REQUEST_LINE
    error = refusal(server(b"GET / HTTP/1.1\r\nHost: example.com\nX: 1\r\n\r\n"))
    assert error.code is ErrorCode.BAD_FIELD_LINE
    assert heard_request(server(lines, tolerate=Tolerance.BARE_LF)) == heard_request(server(GET))


@pytest.mark.rfc("9112/2.2/bare-lf")
def test_lf_alone_ends_a_line_of_a_response() -> None:
    """A client takes it, unless it tolerates nothing."""
    lines = b"HTTP/1.1 200 OK\nContent-Length: 0\r\n\n"
    assert heard_response(client(lines)) == heard_response(client(OK))
    assert refusal(client(lines, tolerate=Tolerance.NONE)).code is ErrorCode.BAD_STATUS_LINE


@pytest.mark.rfc("9112/2.2/no-bare-cr-sent")
@pytest.mark.parametrize("octets", ["a\rb", "a\r\nb", "a\nb", "a\r", "\r"])
@pytest.mark.parametrize("element", ["method", "target", "name", "value", "reason"])
def test_no_element_with_a_line_break_can_be_sent(element: str, octets: str) -> None:
    """What an attacker has slipped into a value cannot split a message (section 11.1)."""
    said = {"method": "GET", "target": "/", "name": "X", "value": "1", "reason": "OK"}
    said[element] = "/" * (element == "target") + octets
    headers = [("Host", "example.com"), (said["name"], said["value"])]
    if element == "reason":
        mistake(Response, status_code=200, headers=headers, reason=said["reason"])
    else:
        mistake(Request, method=said["method"], target=said["target"], headers=headers)


@pytest.mark.rfc("9112/2.2/bare-cr-received")
@pytest.mark.parametrize("tolerate", [Tolerance.NONE, None], ids=["strict", "by default"])
@pytest.mark.parametrize(
    "octets",
    [
        pytest.param(b"HTTP/1.1 200 O\rK\r\n\r\n", id="reason phrase"),
        pytest.param(b"HTTP/1.1 200 OK\r\nX: a\rb\r\n\r\n", id="field value"),
        pytest.param(b"HTTP/1.1 200 OK\r\nX\r: a\r\n\r\n", id="field name"),
        pytest.param(b"HTTP/1.1 200 OK\r\nX: a\r\r\n\r\n", id="end of a line"),
        pytest.param(b"HTTP/1.1 200 OK\r\n\r\r\n", id="empty line"),
    ],
)
def test_cr_alone_makes_a_response_invalid(octets: bytes, tolerate: Tolerance | None) -> None:
    """A CR without LF is neither a line end nor a part of a line."""
    assert refusal(client(octets, tolerate=tolerate)).error_status_hint == 400


@pytest.mark.rfc("9112/2.2/bare-cr-received")
@pytest.mark.parametrize(
    "octets",
    [
        pytest.param(b"GET /\r HTTP/1.1\r\nHost: a\r\n\r\n", id="target"),
        pytest.param(b"GET / HTTP/1.1\rHost: a\r\n\r\n", id="line end"),
        pytest.param(request(b"X: a\rb"), id="field value"),
    ],
)
def test_cr_alone_makes_a_request_invalid(octets: bytes) -> None:
    """No tolerance lets a CR without LF through."""
    assert refusal(server(octets)).error_status_hint == 400
    assert refusal(server(octets, tolerate=MOST_FOR_REQUESTS)).error_status_hint == 400


@pytest.mark.rfc("9112/2.2/no-extra-crlf")
def test_requests_are_written_without_extra_lines() -> None:
    """Requests on one connection follow each other without an octet between them."""
    connection = Connection(CLIENT)
    get = Request(method="GET", target="/", headers=[("Host", "example.com")])
    assert say(connection, get, END) == GET
    connection.receive_data(OK)
    events(connection)
    connection.start_next_cycle()
    post = Request(
        method="POST", target="/", headers=[("Host", "example.com"), ("Content-Length", "2")]
    )
    assert say(connection, post, Data(data=b"ab"), END) == request(
        b"Content-Length: 2", line=b"POST / HTTP/1.1", body=b"ab"
    )


@pytest.mark.rfc("9112/2.2/closing-crlf-counted")
def test_a_line_end_after_the_body_is_counted() -> None:
    """It fits if Content-Length counts it, and only then."""
    post = [("Host", "example.com"), ("Content-Length", "4")]
    counted = Connection(CLIENT)
    head = Request(method="POST", target="/", headers=post)
    assert say(counted, head, Data(data=b"ab\r\n"), END).endswith(b"\r\n\r\nab\r\n")
    uncounted = Connection(CLIENT)
    say(uncounted, head, Data(data=b"abcd"))
    error = mistake(uncounted.send, Data(data=b"\r\n"))
    assert (error.code, error.expected, error.received) == (ErrorCode.BODY_TOO_LONG, 4, 6)


@pytest.mark.rfc("9112/2.2/empty-line-before-request")
@pytest.mark.parametrize("lines", [1, 3])
def test_empty_lines_before_a_request_are_ignored(lines: int) -> None:
    """They may be there at the beginning of a connection, and between two requests."""
    assert heard_request(server(b"\r\n" * lines + GET)) == heard_request(server(GET))
    connection = server(GET, b"\r\n" * lines, GET)
    events(connection)
    say(connection, Response(status_code=200, headers=[("Content-Length", "0")]), END)
    connection.start_next_cycle()
    assert heard_request(connection) == heard_request(server(GET))


@pytest.mark.rfc("9112/2.2/no-blank-before-first-field-sent")
@pytest.mark.parametrize("name", [" Host", "\tHost", ""])
def test_no_field_begins_with_a_blank(name: str) -> None:
    """The first field line begins with its name, directly after the start line."""
    mistake(Response, status_code=200, headers=[(name, "a")])
    get = Request(method="GET", target="/", headers=[("Host", "a")])
    assert Connection(CLIENT).send(get) == b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"


@pytest.mark.rfc("9112/2.2/blank-before-first-field-received")
@pytest.mark.parametrize("blank", [b" ", b"\t"], ids=["SP", "HTAB"])
@pytest.mark.parametrize("fold", [Tolerance.NONE, Tolerance.OBS_FOLD], ids=["strict", "fold"])
def test_a_blank_before_the_first_field_is_refused(blank: bytes, fold: Tolerance) -> None:
    """There is no value yet that such a line could continue."""
    line = blank + b"X: 1"
    heads = [
        (server(message(b"GET / HTTP/1.1", line, HOST), tolerate=fold)),
        (client(response(line, b"Content-Length: 0"), tolerate=fold)),
    ]
    for connection in heads:
        assert refusal(connection).code is ErrorCode.BAD_FIELD_LINE


@pytest.mark.rfc("9112/2.2/malformed-request-is-400")
@pytest.mark.parametrize(
    "octets",
    [
        pytest.param(b"\x16\x03\x01\x02\x00\x01\x00", id="TLS"),
        pytest.param(b"HTTP/1.1 200 OK\r\n\r\n", id="response"),
        pytest.param(b"GET / http/1.1\r\n", id="protocol in lower case"),
        pytest.param(b"GET / HTTP/1\r\n", id="version without minor"),
        pytest.param(b"GET / HTTP/1.10\r\n", id="version of three digits"),
        pytest.param(b"GET / ICY/1.1\r\n", id="other protocol"),
        pytest.param(b"GET /\r\n", id="no version"),
        pytest.param(b"G(T / HTTP/1.1\r\n", id="method no token"),
        pytest.param(request(b"Name"), id="no colon"),
        pytest.param(request(b": 1"), id="no name"),
        pytest.param(request(b"N\xe4me: 1"), id="name no token"),
        pytest.param(request(b"X: a\x00b"), id="NUL"),
        pytest.param(request(b"X: a\x7fb"), id="DEL"),
    ],
)
def test_what_is_no_request_can_be_answered_by_400(octets: bytes) -> None:
    """The refusal comes with the status; no more is read, and after the answer comes the close."""
    connection = server(octets)
    hint = refusal(connection).error_status_hint
    assert hint == 400
    answer = Response(status_code=hint, headers=[("Content-Length", "0")])
    assert say(connection, answer, END).startswith(b"HTTP/1.1 400 \r\n")
    assert connection.our_state is MUST_CLOSE
    assert refusal(connection, GET).code is ErrorCode.AFTER_ERROR


@pytest.mark.rfc("9112/2.3/own-version-forwarded")
def test_a_received_version_is_not_forwarded() -> None:
    """An event as it was received cannot be sent; made anew, it has our version."""
    received = heard_request(server(b"GET / HTTP/1.0\r\nHost: example.com\r\n\r\n"))
    assert received.http_version == b"1.0"
    mistake(Connection(CLIENT).send, received)
    anew = Request(method=received.method, target=received.target, headers=received.headers)
    assert Connection(CLIENT).send(anew) == GET


@pytest.mark.rfc("9112/2.3/version-downgrade", "9112/2.3/no-untriggered-downgrade")
@pytest.mark.parametrize("version", [b"1.0", b"1.1"])
def test_every_response_is_of_http_1_1(version: bytes) -> None:
    """Nothing about a request makes the server claim another version, nor can it be told to."""
    octets = request(b"User-Agent: Old/1.0", line=b"GET / HTTP/" + version)
    connection = server(octets)
    events(connection)
    sent = say(connection, Response(status_code=200, headers=[("Content-Length", "0")]))
    assert sent.startswith(b"HTTP/1.1 200 \r\n")
    downgrading = server(octets)
    events(downgrading)
    mistake(downgrading.send, Response(status_code=200, headers=[], http_version="1.0"))


@pytest.mark.rfc("9112/10.1/folding-in-message-http")
def test_a_message_that_is_data_is_unfolded() -> None:
    """The content of a message/http is read by a parser, and each fold becomes a space."""
    lines = b"X-Long: one\r\n two \r\n\t three"
    requests = RequestParser(tolerate=Tolerance.OBS_FOLD)
    assert (b"x-long", b"one two three") in heard_request(requests, request(lines)).headers
    responses = ResponseParser()
    found = heard_response(responses, response(lines, b"Content-Length: 2", body=b"ok"))
    assert (b"x-long", b"one two three") in found.headers
