"""httpcore2 tells what is wrong with a message, in the words of h11."""

import socket
from typing import Any

import httpcore2
import pytest

from tests.dependents.public.on_httpcore2.callers import Call, Caller
from tests.dependents.public.origin import (
    Cut,
    serving,
    take,
    take_through,
    whole,
)

GONE = "peer closed connection without sending complete message body "

REMOTE_FAULTS: dict[str, tuple[bytes, str]] = {
    "no answer": (b"", "Server disconnected without sending a response."),
    "a close in a body with length": (
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello",
        GONE + r"\(received 5 bytes, expected 100\)",
    ),
    "a close in a chunk": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
        GONE + r"\(incomplete chunked read\)",
    ),
    "a close before the last chunk": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        GONE + r"\(incomplete chunked read\)",
    ),
    "no HTTP": (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", "illegal"),
    "no status": (b"HTTP/1.1 OK\r\n\r\n", "illegal"),
    "a control octet in a value": (b"HTTP/1.1 200 OK\r\nA: \x00\r\n\r\n", "illegal"),
    "a field without colon": (b"HTTP/1.1 200 OK\r\nA\r\n\r\n", "illegal"),
    "a chunk size that is none": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        "illegal",
    ),
    "two lengths": (b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", "length"),
}


@pytest.mark.parametrize("name", REMOTE_FAULTS)
def test_a_fault_of_the_server_is_told(call: Caller, cut: Cut, name: str) -> None:
    """It is a `RemoteProtocolError`, and the texts that programs look for are the same."""
    response, text = REMOTE_FAULTS[name]
    with (
        serving([cut(response)]) as origin,
        pytest.raises(httpcore2.RemoteProtocolError, match=f"(?i){text}"),
    ):
        call(Call(origin.url))


def test_a_head_without_end_is_given_up(call: Caller) -> None:
    """A head that grows beyond what httpcore2 allows is refused, without reading for ever."""

    def flood(connected: socket.socket) -> None:
        """Send field lines as long as the client takes them."""
        take_through(connected, b"\r\n\r\n")
        connected.sendall(b"HTTP/1.1 200 OK\r\n")
        while True:
            connected.sendall(b"X: %s\r\n" % (b"y" * 1000))

    with serving(flood) as origin, pytest.raises(httpcore2.RemoteProtocolError, match="too l"):
        call(Call(origin.url))


LOCAL_FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "a NUL in a value": (
        {"headers": [("Host", "a"), ("custom", "\x00")]},
        r"Illegal header value b'\\x00'",
    ),
    "a line end in a value": ({"headers": [("Host", "a"), ("x", "a\r\nb: c")]}, "(?i)illegal"),
    "a name with a space": ({"headers": [("Host", "a"), ("a b", "c")]}, "(?i)illegal"),
    "a method with a space": ({"method": "GET IT"}, "(?i)illegal"),
}


@pytest.mark.parametrize("name", LOCAL_FAULTS)
def test_a_request_that_must_not_be_sent_is_refused(call: Caller, name: str) -> None:
    """It is a `LocalProtocolError`, and nothing is sent."""
    arguments, text = LOCAL_FAULTS[name]
    with (
        serving([whole(b"HTTP/1.1 200 OK\r\n\r\n")]) as origin,
        pytest.raises(httpcore2.LocalProtocolError, match=text),
    ):
        call(Call(origin.url, **arguments))
    assert origin.requests == []


@pytest.mark.parametrize(
    ("length", "text"), [("3", "Too much data"), ("9", "Too little data")], ids=["more", "less"]
)
def test_a_body_keeps_to_the_length_announced(call: Caller, length: str, text: str) -> None:
    """Content that is longer or shorter than its own field says is not sent as if it were."""
    headers = [("Host", "a"), ("Content-Length", length)]
    with (
        serving([whole(b"HTTP/1.1 200 OK\r\n\r\n")]) as origin,
        pytest.raises(Exception, match=f"{text} for declared Content-Length"),
    ):
        call(Call(origin.url, "POST", headers=headers, content=b"hello"))
    assert origin.requests == []


def test_a_server_that_says_nothing_times_out(call: Caller) -> None:
    """Waiting for an answer ends with the time allowed for it."""

    def wait(connected: socket.socket) -> None:
        """Read until the client goes away."""
        while True:
            take(connected, 65536)

    with serving(wait) as origin, pytest.raises(httpcore2.ReadTimeout):
        call(Call(origin.url, extensions={"timeout": {"read": 0.2}}))
