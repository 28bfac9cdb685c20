"""Versions of HTTP/1 in messages (RFC 9110 sections 2.5 and 6.2).

In: messages of any minor version. Out: how they are read, and what is sent in turn.
"""

import pytest

from h11 import DONE, MUST_CLOSE, ErrorCode, LocalProtocolError, Response
from h11_parser import RequestParser
from tests.h11.conversations import client, informational, length, request, response, say, server
from tests.rfc import wire
from tests.rfc.messages_9110 import read_request, read_response

HIGHER = [b"1.2", b"1.5", b"1.9"]


@pytest.mark.rfc("9110/6.2/client-version")
def test_a_client_sends_its_own_version() -> None:
    """A request is of HTTP/1.1."""
    assert say(client(), request()).startswith(b"GET / HTTP/1.1\r\n")


@pytest.mark.rfc("9110/6.2/client-version", "9110/6.2/may-send-lower")
@pytest.mark.parametrize("version", ["1.0", "1.2", "2.0"])
def test_a_client_sends_no_other_version(version: str) -> None:
    """A request of a version that the library does not speak is not sent."""
    with pytest.raises(LocalProtocolError, match=r"1\.1"):
        say(client(), request(version=version))


@pytest.mark.rfc("9110/6.2/server-version")
@pytest.mark.parametrize("version", [b"1.0", b"1.1", b"1.9"])
def test_a_server_sends_its_own_version(version: bytes) -> None:
    """A response is of HTTP/1.1, whatever minor version the request was of."""
    connection = server(wire.request(line=b"GET / HTTP/" + version))
    assert say(connection, response(length(0))).startswith(b"HTTP/1.1 200 ")


@pytest.mark.rfc("9110/6.2/server-version")
@pytest.mark.parametrize("version", ["1.0", "1.2", "2.0"])
def test_a_server_sends_no_other_version(version: str) -> None:
    """A response of a version that the library does not speak is not sent."""
    with pytest.raises(LocalProtocolError, match=r"1\.1"):
        say(server(wire.GET), Response(status_code=204, headers=[], http_version=version))


@pytest.mark.rfc("9110/6.2/higher-minor")
@pytest.mark.parametrize("version", HIGHER)
def test_a_request_of_a_higher_minor_version_is_read_as_1_1(version: bytes) -> None:
    """It may be chunked, wait for 100, propose a switch; and it keeps its own version."""
    line = b"POST / HTTP/" + version
    body = b"5\r\nhello\r\n0\r\n\r\n"
    chunked = wire.request(b"Transfer-Encoding: chunked", line=line, body=body)
    assert read_request(chunked).http_version == version
    connection = wire.server(chunked)
    assert wire.body(wire.events(connection)) == b"hello"
    assert connection.their_state is DONE
    assert connection.their_http_version == version
    expecting = server(wire.request(b"Expect: 100-continue", b"Content-Length: 1", line=line))
    assert expecting.they_are_waiting_for_100_continue
    proposing = server(wire.request(b"Upgrade: x", b"Connection: upgrade", line=line))
    assert say(proposing, informational(101)).startswith(b"HTTP/1.1 101 ")


@pytest.mark.rfc("9110/6.2/higher-minor")
@pytest.mark.parametrize("version", HIGHER)
def test_a_request_of_a_higher_minor_version_needs_host(version: bytes) -> None:
    """What HTTP/1.1 demands of a request, it demands of later minor versions."""
    error = wire.refusal(RequestParser(), b"GET / HTTP/%b\r\n\r\n" % version)
    assert error.code is ErrorCode.BAD_HOST


@pytest.mark.rfc("9110/6.2/higher-minor")
@pytest.mark.parametrize("version", HIGHER)
def test_a_response_of_a_higher_minor_version_is_read_as_1_1(version: bytes) -> None:
    """It may be chunked, and the connection stays open after it."""
    line = b"HTTP/%b 200 OK" % version
    body = b"5\r\nhello\r\n0\r\n\r\n"
    octets = wire.response(b"Transfer-Encoding: chunked", line=line, body=body)
    assert read_response(octets).http_version == version
    connection = wire.client(octets)
    assert wire.body(wire.events(connection)) == b"hello"
    assert connection.their_state is DONE


@pytest.mark.rfc("9110/6.2/higher-minor")
def test_a_lower_minor_version_is_not_read_as_1_1() -> None:
    """The same request of HTTP/1.0 ends the connection."""
    assert server(wire.request(line=b"GET / HTTP/1.0")).their_state is MUST_CLOSE
