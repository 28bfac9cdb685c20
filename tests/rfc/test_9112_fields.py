"""RFC 9112 section 5: field lines, blanks before the colon, and line folding.

In: field lines, legal and not, received and to be sent. Out: names and values, or the refusal.
"""

import pytest

from h11 import MUST_CLOSE, EndOfMessage, ErrorCode, Request, Response, Tolerance
from tests.rfc.wire import (
    GET,
    MOST_FOR_REQUESTS,
    client,
    events,
    heard_request,
    heard_response,
    message,
    mistake,
    refusal,
    request,
    response,
    server,
)

FOLDS = [
    pytest.param(b"X: one\r\n two", b"one two", id="SP"),
    pytest.param(b"X: one\r\n\ttwo", b"one two", id="HTAB"),
    pytest.param(b"X: one \t\r\n \t two", b"one two", id="blanks around"),
    pytest.param(b"X: one\r\n two\r\n three", b"one two three", id="twice"),
    pytest.param(b"X: one\r\n \r\n two", b"one  two", id="line of blanks"),
    pytest.param(b"X:\r\n one", b"one", id="nothing before"),
]
"""Folded field lines, and what they say."""


@pytest.mark.rfc("9112/5.1/blank-before-colon-in-request")
@pytest.mark.parametrize(
    "line", [b"X : 1", b"X\t: 1", b"Content-Length : 5", b"Host : example.com"]
)
def test_a_request_with_a_blank_before_a_colon_is_answered_by_400(line: bytes) -> None:
    """One server may take the line for a field of that name, where another does not."""
    for tolerate in (None, MOST_FOR_REQUESTS):
        error = refusal(server(request(line), tolerate=tolerate))
        assert (error.code, error.error_status_hint) == (ErrorCode.BAD_FIELD_LINE, 400)


@pytest.mark.rfc("9112/5.1/blank-before-colon-in-request")
def test_no_tolerance_for_requests_is_named_after_it() -> None:
    """To ask a server for it is a mistake of the program."""
    with pytest.raises(ValueError, match="BLANK_BEFORE_COLON"):
        server(tolerate=Tolerance.BLANK_BEFORE_COLON)


@pytest.mark.rfc("9112/5.1/blank-before-colon-in-response")
@pytest.mark.parametrize("blank", [b" ", b"\t", b" \t "])
def test_a_blank_before_a_colon_is_removed_from_a_response(blank: bytes) -> None:
    """What a proxy forwards is sent without it; unless it is tolerated, the response is refused."""
    octets = response(b"Content-Length" + blank + b": 0")
    assert refusal(client(octets)).code is ErrorCode.BAD_FIELD_LINE
    heard = heard_response(client(octets, tolerate=Tolerance.BLANK_BEFORE_COLON))
    downstream = server(GET)
    events(downstream)
    assert downstream.send(heard) == message(b"HTTP/1.1 200 OK", b"Content-Length: 0")


@pytest.mark.rfc("9112/5.2/no-folding-sent")
@pytest.mark.parametrize("value", ["one\r\n two", "one\r\n\ttwo", "one\n two", "\r\n one"])
def test_no_folded_value_can_be_sent(value: str) -> None:
    """Neither in a request, nor in a response, nor in a trailer section."""
    lines = [("Host", "example.com"), ("X", value)]
    request_error = mistake(Request, method="GET", target="/", headers=lines)
    response_error = mistake(Response, status_code=200, headers=[("X", value)])
    trailer_error = mistake(EndOfMessage, headers=[("X", value)])
    for error in (request_error, response_error, trailer_error):
        assert error.code is ErrorCode.BAD_FIELD_LINE


@pytest.mark.rfc("9112/5.2/folding-in-request")
@pytest.mark.parametrize(("lines", "value"), FOLDS)
def test_a_fold_in_a_request_is_refused_or_a_space(lines: bytes, value: bytes) -> None:
    """By default it is answered by 400; tolerated by name, it is one space."""
    error = refusal(server(request(lines)))
    assert (error.code, error.error_status_hint) == (ErrorCode.BAD_FIELD_LINE, 400)
    heard = heard_request(server(request(lines), tolerate=Tolerance.OBS_FOLD))
    assert heard.headers[1] == (b"x", value)


@pytest.mark.rfc("9112/5.2/folding-in-response")
@pytest.mark.parametrize(("lines", "value"), FOLDS)
def test_a_fold_in_a_response_is_a_space(lines: bytes, value: bytes) -> None:
    """The value is interpreted after each fold has become one."""
    heard = heard_response(client(response(b"Content-Length: 0", lines)))
    assert heard.headers[1] == (b"x", value)


@pytest.mark.rfc("9112/5.2/folding-in-response")
def test_a_value_is_interpreted_after_it_was_unfolded() -> None:
    """A list that frames the message, or steers the connection, may go on in the next line."""
    connection = client(response(b"Connection: x,\r\n close", b"Content-Length:\r\n 0"))
    heard_response(connection)
    assert connection.our_state is MUST_CLOSE


@pytest.mark.rfc("9112/5.2/folding-through-proxy")
def test_a_proxy_forwards_no_fold() -> None:
    """It sends spaces in the place of folds, or refuses the response and can answer by 502."""
    octets = response(b"Content-Length: 0", b"X: one\r\n two")
    downstream = server(GET)
    events(downstream)
    assert downstream.send(heard_response(client(octets))) == message(
        b"HTTP/1.1 200 OK", b"Content-Length: 0", b"X: one two"
    )
    error = refusal(client(octets, tolerate=Tolerance.NONE))
    assert error.code is ErrorCode.BAD_FIELD_LINE
    downstream = server(GET)
    events(downstream)
    answer = Response(status_code=502, headers=[("Content-Length", "0")])
    assert downstream.send(answer) == message(b"HTTP/1.1 502 ", b"Content-Length: 0")
