"""RFC 9112 section 3.2: the field Host, which goes with every request target.

In: values of Host, legal and not, received and to be sent. Out: the value as it was on the wire, or
the refusal.
"""

import pytest

from h11 import CLIENT, Connection, ErrorCode, Request
from tests.rfc.wire import (
    MOST_FOR_REQUESTS,
    heard_request,
    message,
    mistake,
    refusal,
    request,
    sent,
    server,
)


@pytest.mark.rfc("9112/3.2/host-sent", "9112/3.2.2/host-with-absolute-form")
@pytest.mark.parametrize("target", ["/", "http://example.com/"])
def test_a_request_without_host_cannot_be_sent(target: str) -> None:
    """No form of target makes Host needless."""
    error = mistake(Request, method="GET", target=target, headers=[("Accept", "*/*")])
    assert error.code is ErrorCode.BAD_HOST
    assert b"\r\nHost: example.com\r\n" in sent(target)


@pytest.mark.rfc("9112/3.2/host-is-the-authority")
def test_host_is_sent_as_given_and_taken_without_userinfo() -> None:
    """It is sent before all other fields; a recipient refuses what belongs to no host."""
    headers = [("Accept", "*/*"), ("Host", "example.com:8080")]
    octets = Connection(CLIENT).send(Request(method="GET", target="/", headers=headers))
    assert octets is not None
    assert octets == message(b"GET / HTTP/1.1", b"Host: example.com:8080", b"Accept: */*")
    error = refusal(server(octets.replace(b"example.com", b"user@example.com")))
    assert error.code is ErrorCode.BAD_HOST


@pytest.mark.rfc("9112/3.2/empty-host-sent", "9112/3.3/default-authority")
def test_an_empty_host_is_sent_and_received() -> None:
    """A target URI without an authority has one; what a server makes of it is its own business."""
    octets = sent("urn:isbn:0", host="")
    assert octets == message(b"GET urn:isbn:0 HTTP/1.1", b"Host: ")
    assert heard_request(server(octets)).headers == [(b"host", b"")]


@pytest.mark.rfc("9112/3.3/default-authority")
def test_http_1_0_may_leave_host_out() -> None:
    """The caller sees that there is none, and completes the target from what it knows."""
    assert heard_request(server(message(b"GET / HTTP/1.0"))).headers == []


@pytest.mark.rfc("9112/3.2/missing-host-is-400")
@pytest.mark.parametrize("version", [b"1.1", b"1.2", b"1.9"])
def test_a_request_without_host_is_answered_by_400(version: bytes) -> None:
    """Host is required from HTTP/1.1 on."""
    error = refusal(server(message(b"GET / HTTP/" + version, b"Accept: */*")))
    assert (error.code, error.error_status_hint) == (ErrorCode.BAD_HOST, 400)


@pytest.mark.rfc("9112/3.2/repeated-host-is-400")
@pytest.mark.parametrize("version", [b"1.0", b"1.1"])
@pytest.mark.parametrize("second", [b"Host: example.com", b"host: other.org", b"HOST:"])
def test_a_request_with_two_hosts_is_answered_by_400(version: bytes, second: bytes) -> None:
    """Two are too many even if they are equal, or one is empty."""
    for tolerate in (None, MOST_FOR_REQUESTS):
        octets = request(second, line=b"GET / HTTP/" + version)
        error = refusal(server(octets, tolerate=tolerate))
        assert (error.code, error.error_status_hint) == (ErrorCode.BAD_HOST, 400)


@pytest.mark.rfc("9112/3.2/invalid-host-is-400")
@pytest.mark.parametrize(
    "host",
    [
        b"example.com, example.org",
        b"exa mple.com",
        b"http://example.com",
        b"user@example.com",
        b"example.com/path",
        b"example.com:http",
        b"example.com:80:80",
        b"[::1",
        b"exam\xe4ple.com",
    ],
)
def test_a_request_with_an_invalid_host_is_answered_by_400(host: bytes) -> None:
    """A value that is no host, with a port or without, is refused."""
    error = refusal(server(message(b"GET / HTTP/1.1", b"Host: " + host)))
    assert (error.code, error.error_status_hint) == (ErrorCode.BAD_HOST, 400)


@pytest.mark.rfc("9112/3.2/invalid-host-is-400")
@pytest.mark.parametrize(
    "host",
    [b"example.com", b"example.com:80", b"example.com:", b"192.0.2.1", b"[::1]:8080", b"%41"],
)
def test_a_request_with_a_valid_host_is_not(host: bytes) -> None:
    """Names, addresses, and an empty port are legal."""
    assert heard_request(server(message(b"GET / HTTP/1.1", b"Host: " + host))).headers == [
        (b"host", host)
    ]
