"""What a request names: URIs of http and https, and the one form of CONNECT (RFC 9110 section 4.2).

In: request targets, legal and not. Out: what is refused on which side, and that what is legal goes
through octet by octet (sections 7.7 and 9.3.6).
"""

import subprocess
import sys

import pytest

from h11 import ErrorCode
from h11_parser import RequestParser
from tests.h11.conversations import HOST, client, request, say, server
from tests.rfc import wire
from tests.rfc.messages_9110 import read_request

HOSTLESS = ["http:///", "http:///path", "http://:80/", "http://?query", "http://"]
WITH_USERINFO = ["http://me@example.com/", "http://me:word@example.com/", "http://@example.com/"]
BAD_PORTS = [
    "example.com",
    "example.com:",
    "example.com:http",
    "example.com:+80",
    "[::1]",
    "[::1]:",
]
IMPOSSIBLE_PORTS = ["example.com:65536", "example.com:18446744073709551616"]
AS_THEY_ARE = [
    "/",
    "/a//b/../c/./d",
    "/%7Esmith/%7esmith/~smith",
    "/path?query=a+b&c=%2F&d=/?",
    "HTTP://EXAMPLE.com:80/%7Esmith/home.html",
    "https://EXAMPLE.com:443",
]


def secure(target: str) -> str:
    """Return the same URI with the scheme https."""
    return target.replace("http:", "https:", 1)


def sent(target: str, method: str = "GET") -> bytes:
    """Return what a client sends that asks for a target."""
    return say(client(), request(method=method, target=target))


both_schemes = pytest.mark.parametrize(
    "scheme", [str, secure, str.upper], ids=["http", "https", "HTTP"]
)


@pytest.mark.rfc("9110/4.2.1/empty-host-refused", "9110/4.2.2/empty-host-refused")
@pytest.mark.parametrize("target", HOSTLESS)
@both_schemes
def test_a_uri_without_a_host_is_refused(target: str, scheme: type[str]) -> None:
    """A server refuses a request for an http or https URI that names no host."""
    start = f"GET {scheme(target)} HTTP/1.1".encode()
    error = wire.refusal(RequestParser(), wire.request(line=start))
    assert (error.code, error.error_status_hint) == (ErrorCode.BAD_REQUEST_LINE, 400)


@pytest.mark.rfc("9110/4.2.1/no-empty-host-sent", "9110/4.2.2/no-empty-host-sent")
@pytest.mark.parametrize("target", HOSTLESS)
@both_schemes
def test_a_uri_without_a_host_is_sent_to_be_refused(target: str, scheme: type[str]) -> None:
    """What a request is for is the caller's choice; a server refuses one that names no host."""
    octets = sent(scheme(target))
    assert octets.startswith(f"GET {scheme(target)} HTTP/1.1\r\n".encode())
    assert wire.refusal(RequestParser(), octets).code is ErrorCode.BAD_REQUEST_LINE


@pytest.mark.rfc("9110/4.2.4/userinfo-refused")
@pytest.mark.parametrize("target", WITH_USERINFO)
@both_schemes
def test_userinfo_is_refused(target: str, scheme: type[str]) -> None:
    """A server refuses userinfo, and even the mere delimiter, in a request target."""
    start = f"GET {scheme(target)} HTTP/1.1".encode()
    assert (
        wire.refusal(RequestParser(), wire.request(line=start)).code is ErrorCode.BAD_REQUEST_LINE
    )


@pytest.mark.rfc("9110/4.2.4/userinfo-refused")
def test_userinfo_in_a_field_value_is_left_to_the_caller() -> None:
    """A URI in a field is handed over as it came, so that whoever uses it can look for userinfo."""
    head = wire.request(b"Referer: http://me@example.com/")
    assert read_request(head).headers.get("Referer") == b"http://me@example.com/"


@pytest.mark.rfc("9110/4.2.4/no-userinfo-sent")
@pytest.mark.parametrize("target", WITH_USERINFO)
@both_schemes
def test_userinfo_is_sent_to_be_refused(target: str, scheme: type[str]) -> None:
    """To leave it out is up to the caller; a server refuses a target that has it."""
    octets = sent(scheme(target))
    assert octets.startswith(f"GET {scheme(target)} HTTP/1.1\r\n".encode())
    assert wire.refusal(RequestParser(), octets).code is ErrorCode.BAD_REQUEST_LINE


@pytest.mark.rfc("9110/4.2.4/userinfo-refused", "9110/4.2.4/no-userinfo-sent")
def test_an_at_sign_after_the_authority_is_no_userinfo() -> None:
    """An at sign in path or query has nothing to do with userinfo."""
    target = "http://example.com/@me?to=you@example.com"
    assert read_request(sent(target)).target == target.encode()


@pytest.mark.rfc("9110/4.2.2/secured")
def test_no_connection_is_opened() -> None:
    """The library loads nothing that could open a connection: securing one is the caller's."""
    program = "import sys, h11; print({'asyncio', 'select', 'socket', 'ssl'} & sys.modules.keys())"
    result = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    assert result.stdout.strip() == "set()"


@pytest.mark.rfc("9110/4.2.2/secured")
def test_the_scheme_of_the_target_can_be_seen() -> None:
    """The scheme of an absolute target is handed over, to be compared with the connection."""
    head = wire.request(line=b"GET https://example.com/ HTTP/1.1")
    assert read_request(head).target.startswith(b"https:")


@pytest.mark.rfc("9110/4.2.3/may-normalize", "9110/7.7/path-kept")
@pytest.mark.parametrize("target", AS_THEY_ARE)
def test_a_target_goes_through_as_it_is(target: str) -> None:
    """No part of a target is normalized, decoded or changed, neither on the way in nor out."""
    octets = target.encode()
    received = read_request(wire.request(line=b"GET %b HTTP/1.1" % octets))
    assert received.target == octets
    assert say(client(), received).startswith(b"GET %b HTTP/1.1\r\n" % octets)


@pytest.mark.rfc("9110/7.7/host-kept")
@pytest.mark.parametrize(
    "host", ["www.example.com", "WWW", "example.com.", "10.0.0.1:8080", "[::1]"]
)
def test_a_host_goes_through_as_it_is(host: str) -> None:
    """A host name, fully qualified or not, is handed over and written octet by octet."""
    octets = b"GET http://%b/ HTTP/1.1\r\nHost: %b\r\n\r\n" % (host.encode(), host.encode())
    received = read_request(octets)
    assert received.headers.get("Host") == host.encode()
    assert say(client(), received) == octets


@pytest.mark.rfc("9110/9.3.6/bad-port-refused")
@pytest.mark.parametrize("target", BAD_PORTS + IMPOSSIBLE_PORTS)
def test_connect_without_a_valid_port_is_refused(target: str) -> None:
    """A server refuses a CONNECT whose port is missing, empty, or no number of a port."""
    start = f"CONNECT {target} HTTP/1.1".encode()
    error = wire.refusal(RequestParser(), wire.request(line=start))
    assert (error.code, error.error_status_hint) == (ErrorCode.BAD_REQUEST_LINE, 400)


@pytest.mark.rfc("9110/9.3.6/port-sent")
@pytest.mark.parametrize("target", [*BAD_PORTS, "/", "*", "http://example.com:80/"])
def test_connect_without_a_port_is_sent_to_be_refused(target: str) -> None:
    """Where a tunnel leads is the caller's choice; a server refuses what is no host and port."""
    octets = sent(target, "CONNECT")
    assert octets.startswith(f"CONNECT {target} HTTP/1.1\r\n".encode())
    assert wire.refusal(RequestParser(), octets).code is ErrorCode.BAD_REQUEST_LINE


@pytest.mark.rfc("9110/9.3.6/port-sent", "9110/9.3.6/bad-port-refused")
@pytest.mark.parametrize("target", ["example.com:443", "10.0.0.1:80", "[2001:db8::1]:65535"])
def test_connect_with_a_port_goes_through(target: str) -> None:
    """A host and a port are what CONNECT names."""
    connect = request(method="CONNECT", target=target)
    octets = sent(target, "CONNECT")
    assert octets.startswith(b"CONNECT %b HTTP/1.1\r\n" % target.encode())
    assert wire.hear(server(), octets)[0] == connect
    assert connect.headers == [(HOST[0].lower().encode(), HOST[1].encode())]
