"""mitmproxy hands connections over to other protocols, with what h11's buffer holds already."""

import base64
import hashlib
import socket
import ssl
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
import trustme

from tests.dependents.public.on_mitmproxy.mitm import Proxy, proxying
from tests.dependents.public.origin import (
    Conversation,
    read_message,
    send_pieces,
    serving,
    take_exactly,
    take_through,
)
from tests.integration.sockets import TIMEOUT, Address, connect, read_to_end

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def place(server: Address) -> bytes:
    """Return the authority of a server."""
    return "{}:{}".format(*server).encode()


def connect_line(server: Address) -> bytes:
    """Return a request for a tunnel to a server."""
    return b"CONNECT %s HTTP/1.1\r\nHost: %s\r\n\r\n" % (place(server), place(server))


def request_in_tunnel(server: Address, line: bytes = b"GET / HTTP/1.1", body: bytes = b"") -> bytes:
    """Return a request as it is sent to the server itself."""
    length = b"Content-Length: %d\r\n" % len(body) if body else b""
    return b"%s\r\nHost: %s\r\n%s\r\n%s" % (line, place(server), length, body)


def answer_once(connected: socket.socket) -> None:
    """Answer one request."""
    read_message(connected)
    connected.sendall(OK)


def trusting(home: Path) -> ssl.SSLContext:
    """Return settings of TLS that trust the proxy's own authority."""
    return ssl.create_default_context(cafile=str(home / "mitmproxy-ca-cert.pem"))


def over_tls(conversation: Conversation) -> Conversation:
    """Return a conversation that is held over TLS."""
    settings = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(settings)

    def talk(connected: socket.socket) -> None:
        """Agree on keys, and then talk."""
        with settings.wrap_socket(connected, server_side=True) as wrapped:
            wrapped.settimeout(TIMEOUT)
            conversation(wrapped)

    return talk


@pytest.mark.parametrize("extra", [b"", b"\r\n"], ids=["as it is", "with a line end too many"])
def test_a_tunnel_with_tls_is_looked_into(proxy: Proxy, home: Path, extra: bytes) -> None:
    """In the tunnel mitmproxy speaks TLS with both, and reads the messages in it."""
    with serving(over_tls(answer_once)) as origin, connect(proxy.address) as client:
        client.sendall(connect_line(origin.address) + extra)
        assert take_through(client, b"\r\n\r\n").startswith(b"HTTP/1.1 200 ")
        with trusting(home).wrap_socket(client, server_hostname="127.0.0.1") as wrapped:
            wrapped.sendall(request_in_tunnel(origin.address, b"POST / HTTP/1.1", b"hello"))
            assert read_message(wrapped).endswith(b"ok")
        flow = proxy.flow(origin.address)
    assert flow.request.scheme == "https"
    assert (flow.request.content, flow.response.content) == (b"hello", b"ok")


@pytest.mark.parametrize("extra", [b"", b"\r\n"], ids=["as it is", "after a line end too many"])
def test_what_is_sent_behind_connect_is_not_lost(proxy: Proxy, extra: bytes) -> None:
    """A request in the same piece as CONNECT is read from the tunnel."""
    with serving(answer_once) as origin, connect(proxy.address) as client:
        client.sendall(connect_line(origin.address) + extra + request_in_tunnel(origin.address))
        assert take_through(client, b"\r\n\r\n").startswith(b"HTTP/1.1 200 ")
        assert read_message(client).endswith(b"ok")
        assert proxy.flow(origin.address).request.method == "GET"


def test_a_tunnel_with_something_else_passes_it_on(proxy: Proxy) -> None:
    """What is no HTTP and no TLS goes through as it is, both ways."""

    def capitals(connected: socket.socket) -> None:
        """Greet, and then send back four octets in capitals."""
        connected.sendall(b"greeting")
        connected.sendall(take_exactly(connected, 4).upper())

    with serving(capitals) as origin, connect(proxy.address) as client:
        client.sendall(connect_line(origin.address) + b"\x01abc")
        assert take_through(client, b"\r\n\r\n").startswith(b"HTTP/1.1 200 ")
        assert take_exactly(client, 12) == b"greeting\x01ABC"
        assert read_to_end(client) == b""


def test_a_tunnel_to_nowhere_is_refused(proxy: Proxy) -> None:
    """Where nobody listens the client gets 502."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        with connect(proxy.address) as client:
            client.sendall(connect_line(silent.getsockname()))
            assert read_message(client).startswith(b"HTTP/1.1 502 ")


KEY = b"dGhlIHNhbXBsZSBub25jZQ=="

ACCEPTED = base64.b64encode(hashlib.sha1(KEY + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest())

WEBSOCKET = (
    b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: %s\r\n" % KEY
)


@pytest.mark.parametrize("together", [False, True], ids=["apart", "in one piece with the head"])
def test_a_websocket_is_followed(proxy: Proxy, together: bool) -> None:
    """After 101 both sides speak in frames, also when the first is there already."""

    def talk(connected: socket.socket) -> None:
        """Switch, greet, and read a masked message."""
        take_through(connected, b"\r\n\r\n")
        head = (
            b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            b"Sec-WebSocket-Accept: %s\r\n\r\n" % ACCEPTED
        )
        send_pieces(connected, [head + b"\x81\x05hello"] if together else [head, b"\x81\x05hello"])
        frame = take_exactly(connected, 2 + 4 + 4)
        assert frame[:2] == b"\x81\x84"
        assert bytes(octet ^ frame[2 + at % 4] for at, octet in enumerate(frame[6:])) == b"ping"
        connected.sendall(b"\x88\x02\x03\xe8")

    with serving(talk) as origin, connect(proxy.address) as client:
        host = place(origin.address)
        client.sendall(b"GET http://%s/ HTTP/1.1\r\nHost: %s\r\n%s\r\n" % (host, host, WEBSOCKET))
        assert take_through(client, b"\r\n\r\n").startswith(b"HTTP/1.1 101 ")
        assert take_exactly(client, 7) == b"\x81\x05hello"
        client.sendall(b"\x81\x84\x00\x00\x00\x00ping")
        assert proxy.message() == (False, b"hello")
        assert proxy.message() == (True, b"ping")
        assert take_exactly(client, 4) == b"\x88\x02\x03\xe8"


def other_proxy(answer: bytes, then: Callable[[socket.socket], None]) -> Conversation:
    """Return a conversation of a proxy that answers CONNECT, and goes on."""

    def talk(connected: socket.socket) -> None:
        """Answer CONNECT."""
        assert take_through(connected, b"\r\n\r\n").startswith(
            b"CONNECT far.example:80 HTTP/1.1\r\n"
        )
        send_pieces(connected, [answer])
        then(connected)

    return talk


def nothing(_: socket.socket) -> None:
    """Say nothing more."""


@pytest.mark.parametrize("pieces", [1, 7], ids=["one piece", "seven pieces"])
def test_a_tunnel_through_another_proxy(home: Path, pieces: int) -> None:
    """In upstream mode the answer to CONNECT is read, and then the tunnel is used."""
    agreed = b"HTTP/1.1 200 Connection established\r\nX: y\r\n\r\n"

    def talk(connected: socket.socket) -> None:
        """Agree to the tunnel in pieces, and answer in it."""
        take_through(connected, b"\r\n\r\n")
        size = -(-len(agreed) // pieces)
        send_pieces(connected, [agreed[at : at + size] for at in range(0, len(agreed), size)])
        answer_once(connected)

    with serving(talk) as second, upstream_of(second.url, home) as proxy:
        received = through(
            proxy, b"GET / HTTP/1.1\r\nHost: far.example\r\nConnection: close\r\n\r\n"
        )
    assert received.endswith(b"ok")


def test_what_comes_behind_the_answer_to_connect_is_not_lost(home: Path) -> None:
    """A greeting in the same piece as the answer of the other proxy arrives in the tunnel."""
    talk = other_proxy(b"HTTP/1.1 200 OK\r\n\r\ngreeting", lambda it: it.close())
    with serving(talk) as second, upstream_of(second.url, home) as proxy:
        assert through(proxy, b"\x01abc").endswith(b"greeting")


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (b"HTTP/1.1 407 Who Are You\r\nContent-Length: 0\r\n\r\n", b"407 Who Are You"),
        (b"no HTTP at all\r\n\r\n", b"Error connecting to "),
    ],
    ids=["refused", "not understood"],
)
def test_another_proxy_that_does_not_agree_is_told(home: Path, answer: bytes, text: bytes) -> None:
    """The client gets 502 with what the other proxy said."""
    with (
        serving(other_proxy(answer, nothing)) as second,
        upstream_of(second.url, home) as proxy,
    ):
        received = through(proxy, b"GET / HTTP/1.1\r\nHost: far.example\r\n\r\n")
    assert b"HTTP/1.1 502 " in received
    assert text in received


def upstream_of(url: str, home: Path) -> AbstractContextManager[Proxy]:
    """Return a proxy that asks another one for tunnels."""
    return proxying(home, mode=[f"upstream:{url.rstrip('/')}"])


def through(proxy: Proxy, sent: bytes) -> bytes:
    """Return all that comes back through a tunnel to a far server."""
    with connect(proxy.address) as client:
        client.sendall(connect_line(("far.example", 80)) + sent)
        return read_to_end(client)


def test_a_server_behind_the_proxy(home: Path) -> None:
    """In reverse mode requests have the form for servers, and the connection is kept."""

    def talk(connected: socket.socket) -> None:
        """Answer two requests on one connection."""
        answer_once(connected)
        answer_once(connected)

    with (
        serving(talk) as origin,
        proxying(home, mode=[f"reverse:{origin.url}"]) as proxy,
        connect(proxy.address) as client,
    ):
        for method in (b"GET", b"POST"):
            client.sendall(request_in_tunnel(origin.address, method + b" /p HTTP/1.1"))
            assert read_message(client).endswith(b"ok")
    assert origin.connections == 1
