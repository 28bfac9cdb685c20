"""mitmproxy tells what is wrong with a message, in the words of h11 where it is about a body."""

import socket
from pathlib import Path

import pytest

from tests.dependents.public.on_mitmproxy.mitm import Proxy, proxying
from tests.dependents.public.origin import (
    Cut,
    Origin,
    read_message,
    send_pieces,
    serving,
    take_through,
    whole,
)
from tests.integration.sockets import Address, connect, read_to_end, reset

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

GONE = "peer closed connection without sending complete message body "


def head(server: Address, method: bytes, *fields: bytes) -> bytes:
    """Return the head of a request to a server, for a proxy."""
    host = "{}:{}".format(*server).encode()
    line = b"%s http://%s/ HTTP/1.1" % (method, host)
    return b"\r\n".join([line, b"Host: " + host, *fields, b"", b""])


FAULTS_OF_BODIES: dict[str, tuple[bytes, bytes, str]] = {
    "a close in a body with length": (
        b"Content-Length: 100",
        b"hello",
        GONE + "(received 5 bytes, expected 100)",
    ),
    "a close before a body with length": (
        b"Content-Length: 100",
        b"",
        GONE + "(received 0 bytes, expected 100)",
    ),
    "a close in a chunk": (
        b"Transfer-Encoding: chunked",
        b"5\r\nhel",
        GONE + "(incomplete chunked read)",
    ),
    "a close in the size of a chunk": (
        b"Transfer-Encoding: chunked",
        b"5",
        GONE + "(incomplete chunked read)",
    ),
    "a close before the last chunk": (
        b"Transfer-Encoding: chunked",
        b"5\r\nhello\r\n",
        GONE + "(incomplete chunked read)",
    ),
    "a close in the last chunk": (
        b"Transfer-Encoding: chunked",
        b"5\r\nhello\r\n0\r\n",
        GONE + "(incomplete chunked read)",
    ),
}


@pytest.mark.parametrize("name", FAULTS_OF_BODIES)
def test_a_server_that_closes_in_a_body_is_told(proxy: Proxy, cut: Cut, name: str) -> None:
    """The client gets 502, and it and the flow get the text that tells how much was missing."""
    field, body, text = FAULTS_OF_BODIES[name]
    response = b"HTTP/1.1 200 OK\r\n" + field + b"\r\n\r\n" + body
    with serving([cut(response)]) as origin, connect(proxy.address) as client:
        client.sendall(head(origin.address, b"GET"))
        received = read_to_end(client)
        flow = proxy.flow(origin.address)
    assert received.startswith(b"HTTP/1.1 502 ")
    assert text in flow.error.msg
    assert text.split("(")[0].strip().encode() in received


@pytest.mark.parametrize("name", FAULTS_OF_BODIES)
def test_a_client_that_closes_in_a_body_is_told(proxy: Proxy, cut: Cut, name: str) -> None:
    """The flow fails with the same text, and the server never sees the request."""
    field, body, text = FAULTS_OF_BODIES[name]
    with serving([whole(OK)]) as origin:
        with connect(proxy.address) as client:
            send_pieces(client, cut(head(origin.address, b"POST", field) + body))
            client.shutdown(socket.SHUT_WR)
            read_to_end(client)
        flow = proxy.flow(origin.address)
    assert text in flow.error.msg
    assert origin.requests == []


def test_a_server_that_closes_in_a_streamed_body_is_told(streaming: Proxy) -> None:
    """What came is passed on, and then the connection of the client is closed as well."""
    response = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello"
    with serving([whole(response)]) as origin, connect(streaming.address) as client:
        client.sendall(head(origin.address, b"GET"))
        received = read_to_end(client)
        flow = streaming.flow(origin.address)
    assert received.endswith(b"\r\n\r\nhello")
    assert "received 5 bytes, expected 100" in flow.error.msg


NO_CHUNKS: dict[str, bytes] = {
    "a size that is none": b"xyz\r\nhello\r\n0\r\n\r\n",
    "no size": b"\r\nhello\r\n0\r\n\r\n",
    "a negative size": b"-5\r\nhello\r\n0\r\n\r\n",
    "a size of 30 digits": b"0" * 30 + b"5\r\nhello\r\n0\r\n\r\n",
    "something after the data": b"5\r\nhelloXX\r\n0\r\n\r\n",
    "data beyond the size": b"5\r\nhello world\r\n0\r\n\r\n",
}


@pytest.mark.parametrize("name", NO_CHUNKS)
def test_chunks_of_a_server_that_are_none_are_refused(proxy: Proxy, cut: Cut, name: str) -> None:
    """The client gets 502, and the flow an error of the protocol."""
    response = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + NO_CHUNKS[name]
    with serving([cut(response)]) as origin, connect(proxy.address) as client:
        client.sendall(head(origin.address, b"GET"))
        received = read_to_end(client)
        flow = proxy.flow(origin.address)
    assert received.startswith(b"HTTP/1.1 502 ")
    assert "HTTP/1 protocol error: " in flow.error.msg


@pytest.mark.parametrize("name", NO_CHUNKS)
def test_chunks_of_a_client_that_are_none_are_refused(proxy: Proxy, name: str) -> None:
    """The connection is closed, the flow fails, and the server never sees the request."""
    request = b"Transfer-Encoding: chunked"
    with serving([whole(OK)]) as origin:
        with connect(proxy.address) as client:
            client.sendall(head(origin.address, b"POST", request) + NO_CHUNKS[name])
            assert not read_to_end(client).startswith(b"HTTP/1.1 2")
        flow = proxy.flow(origin.address)
    assert "HTTP/1 protocol error: " in flow.error.msg
    assert origin.requests == []


def test_trailers_end_the_connection(proxy: Proxy) -> None:
    """Mitmproxy has not implemented them: it sees them, and does not pass the body on."""
    trailing = (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nSum: 1\r\n\r\n"
    )
    with serving([whole(trailing)]) as origin, connect(proxy.address) as client:
        client.sendall(head(origin.address, b"GET"))
        received = read_to_end(client)
    assert b"hello" not in received
    assert not received.startswith(b"HTTP/1.1 200")


def test_more_than_a_body_is_allowed_to_have_is_refused(home: Path) -> None:
    """Beyond the limit set for bodies the client gets 413 for its own, 502 for the server's."""
    with (
        proxying(home, body_size_limit="4k") as proxy,
        serving(
            [whole(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + b"x" * 5000)]
        ) as origin,
    ):
        with connect(proxy.address) as client:
            client.sendall(head(origin.address, b"GET"))
            assert read_to_end(client).startswith(b"HTTP/1.1 502 ")
        chunks = b"1000\r\n" + b"x" * 4096 + b"\r\n" + b"400\r\n" + b"x" * 1024 + b"\r\n0\r\n\r\n"
        with connect(proxy.address) as client:
            client.sendall(head(origin.address, b"POST", b"Transfer-Encoding: chunked") + chunks)
            assert read_to_end(client).startswith(b"HTTP/1.1 413 ")


HEADS_OF_SERVERS: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "server closed connection"),
    "half a head": (
        b"HTTP/1.1 200 OK\r\nContent-Le",
        "unexpected server response: b'HTTP/1.1 200 OK",
    ),
    "no HTTP": (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", "Cannot parse HTTP response"),
    "a length that is none": (
        b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        "Cannot parse HTTP response",
    ),
}


@pytest.mark.parametrize("name", HEADS_OF_SERVERS)
def test_a_head_of_a_server_that_is_none_is_told(proxy: Proxy, cut: Cut, name: str) -> None:
    """What the buffer held when the server closed is in the error of the flow."""
    response, text = HEADS_OF_SERVERS[name]
    with serving([cut(response)]) as origin, connect(proxy.address) as client:
        client.sendall(head(origin.address, b"GET"))
        received = read_to_end(client)
        flow = proxy.flow(origin.address)
    assert received.startswith(b"HTTP/1.1 502 ")
    assert text in flow.error.msg


@pytest.mark.parametrize(
    "sent",
    [b"GET\r\n\r\n", b"GET http://a/ HTTP/9.9.9\r\n\r\n", b"GET http://a/ HTTP/1.1\r\nA\r\n\r\n"],
    ids=["no target", "no version", "no colon"],
)
def test_a_head_of_a_client_that_is_none_is_refused(proxy: Proxy, cut: Cut, sent: bytes) -> None:
    """The client gets 400, and its connection is closed."""
    with connect(proxy.address) as client:
        send_pieces(client, cut(sent))
        assert read_to_end(client).startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize("part", [b"", b"GET http://a/ HTT"], ids=["nothing", "half a line"])
def test_a_client_that_goes_away_harms_nobody(proxy: Proxy, part: bytes) -> None:
    """After connections that were closed or reset before a request, others are served."""
    with connect(proxy.address) as closed:
        closed.sendall(part)
    gone = connect(proxy.address)
    gone.sendall(part)
    reset(gone)
    served_as_ever(proxy)


def served_as_ever(proxy: Proxy) -> None:
    """Check that a request is answered."""

    def answer(connected: socket.socket) -> None:
        """Answer one request."""
        take_through(connected, b"\r\n\r\n")
        connected.sendall(OK)

    origin: Origin
    with serving(answer) as origin, connect(proxy.address) as client:
        client.sendall(head(origin.address, b"GET"))
        assert read_message(client).endswith(b"ok")
