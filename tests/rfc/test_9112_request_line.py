"""RFC 9112 section 3: the request line, and the four forms of its target.

In: request lines, legal and not, received and to be sent. Out: the target as it was on the wire, or
the refusal.
"""

import pytest

from h11 import CLIENT, Connection, ErrorCode, Limits, Request, Response, Tolerance
from tests.rfc.wire import (
    END,
    HOST,
    MOST_FOR_REQUESTS,
    heard_request,
    message,
    mistake,
    refusal,
    request,
    response,
    say,
    sent,
    server,
)


@pytest.mark.rfc("9112/3/whitespace-delimited-request-line")
@pytest.mark.parametrize(
    "line",
    [
        pytest.param(b"GET  / HTTP/1.1", id="two spaces"),
        pytest.param(b"GET /  HTTP/1.1", id="two spaces after the target"),
        pytest.param(b"GET\t/ HTTP/1.1", id="HTAB"),
        pytest.param(b"GET /\x0bHTTP/1.1", id="VT"),
        pytest.param(b"GET\x0c/ HTTP/1.1", id="FF"),
        pytest.param(b"GET\r/ HTTP/1.1", id="CR"),
        pytest.param(b" GET / HTTP/1.1", id="before"),
        pytest.param(b"GET / HTTP/1.1 ", id="after"),
    ],
)
def test_one_space_separates_the_parts(line: bytes) -> None:
    """What another recipient might read differently is refused, under any tolerance."""
    for tolerate in (None, MOST_FOR_REQUESTS):
        error = refusal(server(request(line=line), tolerate=tolerate))
        assert (error.code, error.error_status_hint) == (ErrorCode.BAD_REQUEST_LINE, 400)


@pytest.mark.rfc("9112/3/long-method-is-501")
@pytest.mark.parametrize("method", [b"BREW", b"get", b"!#$%&'*+-.^_`|~09aZ", b"M" * 5000])
def test_any_method_comes_through_and_can_be_answered_by_501(method: bytes) -> None:
    """Which methods there are is for the caller to know; it goes by their exact octets."""
    connection = server(request(line=method + b" / HTTP/1.1"))
    assert heard_request(connection).method == method
    answer = Response(status_code=501, headers=[("Content-Length", "0")])
    assert say(connection, answer, END) == response(b"Content-Length: 0", line=b"HTTP/1.1 501 ")


@pytest.mark.rfc("9112/3/long-target-is-414")
@pytest.mark.parametrize("whole", [True, False], ids=["whole", "not even ended"])
def test_a_target_that_is_too_long_is_answered_by_414(whole: bool) -> None:
    """The refusal comes with the status and the limit, before the line has ended."""
    octets = b"GET /" + b"a" * 1000 + b" HTTP/1.1\r\nHost: a\r\n\r\n" * whole
    error = refusal(server(octets, limits=Limits(head_size=500)))
    assert (error.code, error.error_status_hint, error.expected) == (
        ErrorCode.REQUEST_LINE_TOO_LONG,
        414,
        500,
    )


@pytest.mark.rfc("9112/3/request-line-of-8000-octets")
def test_request_lines_of_8000_octets_are_sent_and_received() -> None:
    """They are far below the limits that a connection starts with."""
    target = "/" + "a" * (8000 - len("GET / HTTP/1.1"))
    octets = sent(target)
    assert octets.index(b"\r\n") == 8000
    assert heard_request(server(octets)).target == target.encode("ascii")


@pytest.mark.rfc("9112/3.2/invalid-request-line-is-400", "9112/3.2/no-autocorrection")
@pytest.mark.parametrize(
    "target",
    [
        pytest.param(b"/a b", id="SP"),
        pytest.param(b"/a\tb", id="HTAB"),
        pytest.param(b"/a#b", id="fragment"),
        pytest.param(b"/a\x01b", id="control octet"),
        pytest.param(b"/a\x7fb", id="DEL"),
        pytest.param(b"index.html", id="relative path"),
        pytest.param(b"?q=1", id="query alone"),
        pytest.param(b"*", id="asterisk without OPTIONS"),
        pytest.param(b"example.com:80", id="authority without CONNECT"),
        pytest.param(b"http://", id="http without host"),
        pytest.param(b"http://user@example.com/", id="http with userinfo"),
    ],
)
def test_a_request_with_an_invalid_target_is_answered_by_400(target: bytes) -> None:
    """It is not made right, and nothing is made of it."""
    error = refusal(server(request(line=b"GET %b HTTP/1.1" % target)))
    assert (error.code, error.error_status_hint) == (ErrorCode.BAD_REQUEST_LINE, 400)


@pytest.mark.rfc("9112/3.2/no-autocorrection")
@pytest.mark.parametrize(
    ("target", "tolerance"),
    [
        pytest.param(b'/a"b|c{d}?[e]', Tolerance.UNENCODED_TARGET, id="unencoded"),
        pytest.param(b"/caf\xc3\xa9", Tolerance.NON_ASCII_TARGET, id="not ASCII"),
    ],
)
def test_a_tolerated_target_is_left_as_it_is(target: bytes, tolerance: Tolerance) -> None:
    """What was let through by name is not encoded on the way; without the name it is refused."""
    line = b"GET %b HTTP/1.1" % target
    assert heard_request(server(request(line=line), tolerate=tolerance)).target == target
    error = refusal(server(request(line=line), tolerate=Tolerance.NONE))
    assert error.code is ErrorCode.BAD_REQUEST_LINE


@pytest.mark.rfc("9112/3.2.1/origin-form-sent", "9112/3.2.1/empty-path-is-slash")
def test_a_target_in_origin_form_is_sent_as_given() -> None:
    """A path with a query is; octets that no target may have are refused."""
    assert sent("/where?q=now") == message(b"GET /where?q=now HTTP/1.1", HOST)
    assert sent("/") == message(b"GET / HTTP/1.1", HOST)
    for target in ("", "/a b", "/a\r\n", "/\x7f"):
        assert mistake(sent, target).code is ErrorCode.BAD_REQUEST_LINE


@pytest.mark.rfc("9112/3.2.2/absolute-form-to-proxy")
def test_a_target_in_absolute_form_is_sent_as_given() -> None:
    """The whole URI is the target; Host is sent beside it."""
    assert sent("http://example.com/pub?q=1") == message(
        b"GET http://example.com/pub?q=1 HTTP/1.1", HOST
    )


@pytest.mark.rfc("9112/3.2.2/proxy-ignores-host", "9112/3.2.2/origin-ignores-host")
def test_target_and_host_that_differ_both_come_through() -> None:
    """The caller has the target, whose host counts."""
    heard = heard_request(server(request(line=b"GET http://example.org/ HTTP/1.1")))
    assert heard.target == b"http://example.org/"
    assert heard.headers == [(b"host", b"example.com")]


@pytest.mark.rfc("9112/3.2.2/proxy-generates-host")
def test_a_proxy_sends_the_host_that_it_generates() -> None:
    """Nothing of the Host received gets into a request that is made anew."""
    heard = heard_request(server(request(line=b"GET http://example.org/a HTTP/1.1")))
    forwarded = Request(method=heard.method, target="/a", headers=[("Host", "example.org")])
    assert Connection(CLIENT).send(forwarded) == message(b"GET /a HTTP/1.1", b"Host: example.org")


@pytest.mark.rfc("9112/3.2.2/absolute-form-accepted")
@pytest.mark.parametrize(
    "target",
    [
        b"http://example.com",
        b"http://example.com?q",
        b"https://example.com:8443/a/b?c=d",
        b"HTTP://[::1]/",
        b"ftp://user@example.com/file",
        b"urn:isbn:0451450523",
    ],
)
def test_targets_in_absolute_form_are_accepted(target: bytes) -> None:
    """Any URI is a target, with any scheme."""
    assert heard_request(server(request(line=b"GET %b HTTP/1.1" % target))).target == target


@pytest.mark.rfc("9112/3.2.3/authority-form-sent")
@pytest.mark.parametrize("target", ["example.com:443", "192.0.2.1:80", "[::1]:8443"])
def test_connect_is_sent_with_host_and_port(target: str) -> None:
    """They are the whole target, as given; a server takes it with no other method."""
    octets = sent(target, "CONNECT")
    assert octets == message(b"CONNECT %b HTTP/1.1" % target.encode("ascii"), HOST)
    assert heard_request(server(octets)).target == target.encode("ascii")
    error = refusal(server(sent(target, "GET")))
    assert error.code is ErrorCode.BAD_REQUEST_LINE


@pytest.mark.rfc("9112/3.2.3/authority-form-sent")
@pytest.mark.parametrize(
    "target", ["/", "*", "example.com", "example.com:", "http://example.com:80", "u@example.com:80"]
)
def test_connect_to_anything_else_is_not_taken(target: str) -> None:
    """No tolerance makes a host and a port of it, whoever may have sent it."""
    octets = sent(target, "CONNECT")
    for tolerate in (None, MOST_FOR_REQUESTS):
        error = refusal(server(octets, tolerate=tolerate))
        assert (error.code, error.error_status_hint) == (ErrorCode.BAD_REQUEST_LINE, 400)


@pytest.mark.rfc("9112/3.2.4/asterisk-form-sent")
def test_the_asterisk_is_for_options_only() -> None:
    """It is the whole target there; a server takes it with no other method."""
    octets = sent("*", "OPTIONS")
    assert octets == message(b"OPTIONS * HTTP/1.1", HOST)
    assert heard_request(server(octets)).target == b"*"
    error = refusal(server(sent("*", "GET")))
    assert error.code is ErrorCode.BAD_REQUEST_LINE


@pytest.mark.rfc("9112/3.2.4/proxy-sends-asterisk")
def test_a_proxy_can_turn_a_bare_authority_into_an_asterisk() -> None:
    """A URI without path and query is given as such, apart from one with the path /."""
    lines = [b"OPTIONS http://example.org:8001%b HTTP/1.1" % path for path in (b"", b"/")]
    bare, slash = (heard_request(server(request(line=line))).target for line in lines)
    assert (bare, slash) == (b"http://example.org:8001", b"http://example.org:8001/")
    assert sent("*", method="OPTIONS", host="example.org:8001") == message(
        b"OPTIONS * HTTP/1.1", b"Host: example.org:8001"
    )
