"""Tests of the example proxy once HTTP is over: CONNECT, and another protocol after 101.

In: octets on either side, and ends of either direction. Out: the same on the other side.
"""

import asyncio
import errno
import socket
import time

import pytest

from docs.examples import asyncio_peer
from docs.examples import proxy as module
from tests.examples.proxying import (
    VIA,
    Upstream,
    assert_refused,
    exhausted,
    fields_of,
    read_exactly,
    read_head,
    send_until_blocked,
)
from tests.examples.serving import Serving
from tests.integration.sockets import (
    TIMEOUT,
    Address,
    connect,
    read_to_end,
    read_until,
    reset,
)

CONNECT = b"CONNECT %b HTTP/1.1\r\nHost: %b\r\n\r\n"
UPGRADE = b"GET /chat HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: %b\r\n\r\n"
SWITCHING = b"HTTP/1.1 101 Go\r\nConnection: Upgrade\r\nUpgrade: %b\r\nX: y\r\n\r\n"
OK = b"HTTP/1.1 200 \r\nDate: a\r\nContent-Length: 2\r\n\r\nhi"


def tunnel_through(
    forward_proxy: Address, upstream: Upstream, early: bytes = b""
) -> tuple[socket.socket, socket.socket]:
    """Return both ends of a tunnel; the client has sent something `early`."""
    client = connect(forward_proxy)
    client.sendall(CONNECT % (upstream.authority, upstream.authority) + early)
    server = upstream.accept()
    assert read_head(client) == b"HTTP/1.1 200 OK\r\n\r\n"
    return client, server


def switched(
    proxy: Address, upstream: Upstream, early: bytes = b"", soon: bytes = b""
) -> tuple[socket.socket, socket.socket]:
    """Return both ends of a connection that speaks WebSocket, as either side may soon do."""
    client = connect(proxy)
    client.sendall(UPGRADE % b"websocket" + early)
    server = upstream.accept()
    fields = fields_of(read_head(server))
    assert (fields[b"connection"], fields[b"upgrade"]) == (b"Upgrade", b"websocket")
    server.sendall(SWITCHING % b"websocket" + soon)
    expected = b"HTTP/1.1 101 Go\r\nX: y\r\n" + VIA + b"Connection: Upgrade\r\n"
    expected += b"Upgrade: websocket\r\n\r\n"
    assert read_until(client, b"\r\n\r\n" + soon) == expected + soon
    assert read_exactly(server, len(early)) == early
    return client, server


def test_octets_go_both_ways(forward_proxy: Address, upstream: Upstream) -> None:
    """Whatever they look like, and many of them."""
    client, server = tunnel_through(forward_proxy, upstream)
    with client, server:
        for octets in (b"\x16\x03\x01", b"GET / HTTP/1.1\r\n\r\n", bytes(1_000_000) + b"!"):
            for one, other in ((client, server), (server, client)):
                one.sendall(octets[:500_000])
                assert len(read_exactly(other, len(octets[:500_000]))) == len(octets[:500_000])
                one.sendall(octets[500_000:])
                read_exactly(other, len(octets[500_000:]))


def test_octets_behind_the_request_are_the_first_in_the_tunnel(
    forward_proxy: Address, upstream: Upstream
) -> None:
    """A client may not wait for the answer."""
    client, server = tunnel_through(forward_proxy, upstream, early=b"GET / early")
    with client, server:
        assert read_until(server, b"early") == b"GET / early"


def test_each_direction_ends_by_itself(forward_proxy: Address, upstream: Upstream) -> None:
    """One side says that it has finished, and the other goes on for as long as it wants."""
    client, server = tunnel_through(forward_proxy, upstream)
    with client, server:
        client.sendall(b"question")
        client.shutdown(socket.SHUT_WR)
        assert read_to_end(server) == b"question"
        assert exhausted(client)
        server.sendall(b"long")
        assert read_until(client, b"long") == b"long"
        server.sendall(b" answer")
        server.shutdown(socket.SHUT_WR)
        assert read_to_end(client) == b" answer"


def test_client_that_has_ended_already(forward_proxy: Address, upstream: Upstream) -> None:
    """All that it has to say may be there with the request."""
    with connect(forward_proxy) as client:
        client.sendall(CONNECT % (upstream.authority, upstream.authority) + b"all")
        client.shutdown(socket.SHUT_WR)
        with upstream.accept() as server:
            assert read_to_end(server) == b"all"
            server.sendall(b"answer")
        assert read_to_end(client) == b"HTTP/1.1 200 OK\r\n\r\nanswer"


@pytest.mark.parametrize("whose", ["client", "server"])
def test_reset_goes_through(forward_proxy: Address, upstream: Upstream, whose: str) -> None:
    """What was broken off does not look like an orderly end."""
    client, server = tunnel_through(forward_proxy, upstream)
    with client, server:
        broken, other = (client, server) if whose == "client" else (server, client)
        broken.sendall(b"half a")
        read_until(other, b"half a")
        reset(broken)
        with pytest.raises(ConnectionResetError):
            other.recv(1)


@pytest.mark.parametrize("whose", ["client", "server"])
def test_who_does_not_read_holds_the_other_up(
    forward_proxy: Address, upstream: Upstream, whose: str
) -> None:
    """The tunnel holds no more than some buffers."""
    client, server = tunnel_through(forward_proxy, upstream)
    with client, server:
        sender, sink = (server, client) if whose == "client" else (client, server)
        sent = send_until_blocked(sender)
        read_exactly(sink, sent)
        sink.sendall(b"done")
        assert read_until(sender, b"done") == b"done"


@pytest.mark.usefixtures("small_buffers")
def test_who_has_sent_much_before_the_tunnel_is_held_up(
    forward_proxy: Address, upstream: Upstream
) -> None:
    """What came with the request may be more already than the other end takes."""
    early = bytes(300_000)
    client, server = tunnel_through(forward_proxy, upstream, early)
    with client, server:
        sent = send_until_blocked(client)
        read_exactly(server, len(early) + sent)
        client.sendall(b"more")
        assert read_until(server, b"more") == b"more"


@pytest.mark.usefixtures("small_buffers")
def test_end_of_who_does_not_read_is_not_waited_for(
    upstream: Upstream, forward_proxy: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both have said all, and one does not take it: the tunnel is given up after a while."""
    monkeypatch.setattr(asyncio_peer, "WRITE_SECONDS", 0.3)
    monkeypatch.setattr(module, "SLOTS", asyncio.Semaphore(1))
    client, server = tunnel_through(forward_proxy, upstream)
    with client, server:
        server.shutdown(socket.SHUT_WR)
        assert read_to_end(client) == b""
        client.sendall(bytes(50_000))
        client.shutdown(socket.SHUT_WR)
        assert is_served(forward_proxy)
        with pytest.raises(ConnectionResetError):
            read_to_end(server)


@pytest.mark.usefixtures("small_buffers")
def test_end_comes_behind_all_that_is_under_way(forward_proxy: Address, upstream: Upstream) -> None:
    """However late it is taken, and nothing of it is missing; the other way goes on."""
    client, server = tunnel_through(forward_proxy, upstream)
    with client, server:
        client.sendall(bytes(50_000))
        client.shutdown(socket.SHUT_WR)
        assert exhausted(client)
        assert read_to_end(server) == bytes(50_000)
        server.sendall(b"answer")
        server.shutdown(socket.SHUT_WR)
        assert read_to_end(client) == b"answer"


@pytest.mark.parametrize("early", [True, False], ids=["with the request", "in the tunnel"])
def test_end_for_who_is_gone_is_a_reset_for_both(
    forward_proxy: Address,
    upstream: Upstream,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    early: bool,
) -> None:
    """The system may know of a reset before asyncio says so, and then takes no end any more."""

    def is_gone(_transport: asyncio.Transport) -> None:
        raise OSError(errno.ENOTCONN, "not connected")

    monkeypatch.setattr("asyncio.selector_events._SelectorSocketTransport.write_eof", is_gone)
    with connect(forward_proxy) as client:
        client.sendall(CONNECT % (upstream.authority, upstream.authority))
        if early:
            client.shutdown(socket.SHUT_WR)
        with upstream.accept() as server:
            if not early:
                read_head(client)
                client.shutdown(socket.SHUT_WR)
            for end in (client, server):
                with pytest.raises(ConnectionResetError):
                    read_to_end(end)
    assert not caplog.records


def test_tunnel_in_which_nothing_goes_is_given_up(forward: Serving, upstream: Upstream) -> None:
    """Somebody who is gone without a word does not keep a place for ever."""
    client, server = tunnel_through(forward.address.result(), upstream)
    with client, server:
        for sender, receiver in ((client, server), (server, client)) * 2:
            forward.advance(0.7 * asyncio_peer.TUNNEL_SECONDS)
            sender.sendall(b"here")
            assert read_until(receiver, b"here") == b"here"
        forward.advance(1.1 * asyncio_peer.TUNNEL_SECONDS)
        for end in (client, server):
            with pytest.raises(ConnectionResetError):
                end.recv(1)


def is_served(forward_proxy: Address) -> bool:
    """Return whether there is a place for another client before long."""
    deadline = time.monotonic() + TIMEOUT / 2
    while time.monotonic() < deadline:
        with connect(forward_proxy) as client:
            client.sendall(b"nonsense\r\n\r\n")
            if read_to_end(client).startswith(b"HTTP/1.1 400 "):
                return True
    return False


def test_tunnel_to_nobody(forward_proxy: Address, upstream: Upstream) -> None:
    """There is none, and the connection says so in HTTP."""
    upstream.listening.close()
    with connect(forward_proxy) as client:
        client.sendall(CONNECT % (upstream.authority, upstream.authority))
        received = read_to_end(client)
    assert received.startswith(b"HTTP/1.1 502 Bad Gateway\r\n")
    assert received.endswith(b"\r\n\r\nThe upstream cannot be reached: Connection refused\n")


# Another protocol.


def test_connection_is_handed_over(proxy: Address, upstream: Upstream) -> None:
    """What both sides have said in the new protocol before the switch was through comes first."""
    client, server = switched(proxy, upstream, early=b"\x81\x01a", soon=b"\x81\x01b")
    with client, server:
        client.sendall(b"GET / HTTP/1.1\r\n\r\n")
        assert read_head(server) == b"GET / HTTP/1.1\r\n\r\n"
        server.sendall(OK)
        assert read_until(client, b"hi") == OK
        server.close()
        assert read_to_end(client) == b""


def test_switch_is_refused(proxy: Address, upstream: Upstream) -> None:
    """Then HTTP goes on, on both connections."""
    with connect(proxy) as client:
        client.sendall(UPGRADE % b"websocket")
        with upstream.accept() as server:
            assert b"upgrade" in fields_of(read_head(server))
            server.sendall(OK)
            assert read_until(client, b"hi").startswith(b"HTTP/1.1 200 ")
            client.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            assert b"upgrade" not in fields_of(read_head(server))
            server.sendall(OK)
            assert read_until(client, b"hi").startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize("protocol", [b"h2c", b"TLS/1.0", b"websocket/13", b"a, b"])
def test_other_protocols_are_not_proposed(
    proxy: Address, upstream: Upstream, protocol: bytes
) -> None:
    """Behind them there could be requests that the proxy does not see."""
    with connect(proxy) as client:
        client.sendall(UPGRADE % protocol)
        with upstream.accept() as server:
            fields = fields_of(read_head(server))
            assert not fields.keys() & {b"upgrade", b"connection"}
            server.sendall(SWITCHING % protocol)
            assert read_to_end(client).startswith(b"HTTP/1.1 502 ")


@pytest.mark.parametrize("protocol", [b"h2c", b"websocket, h2c", b""])
def test_switch_to_what_was_not_proposed_is_a_fault(
    proxy: Address, upstream: Upstream, protocol: bytes
) -> None:
    """The upstream cannot choose what the proxy has left out."""
    with connect(proxy) as client:
        client.sendall(UPGRADE % b"h2c, websocket")
        with upstream.accept() as server:
            assert fields_of(read_head(server))[b"upgrade"] == b"websocket"
            server.sendall(SWITCHING % protocol)
            assert read_to_end(client).startswith(b"HTTP/1.1 502 ")


def test_http_1_0_cannot_switch(proxy: Address, upstream: Upstream) -> None:
    """It does not have Upgrade (RFC 9110 section 7.8)."""
    with connect(proxy) as client:
        client.sendall((UPGRADE % b"websocket").replace(b"1.1", b"1.0"))
        with upstream.accept() as server:
            assert b"upgrade" not in fields_of(read_head(server))
            server.sendall(OK)
            assert read_to_end(client).endswith(b"hi")


@pytest.mark.parametrize("octets", [b"", b"x"], ids=["ends", "stalls"])
def test_switch_without_the_whole_body_is_none(
    reverse: Serving, upstream: Upstream, octets: bytes
) -> None:
    """The client is told what is wrong, in HTTP."""
    upgrade = (UPGRADE % b"websocket").replace(b"\r\n\r\n", b"\r\nContent-Length: 4\r\n\r\n")
    with connect(reverse.address.result()) as client:
        client.sendall(upgrade + b"bo")
        with upstream.accept() as server:
            read_until(server, b"bo")
            server.sendall(SWITCHING % b"websocket")
            client.sendall(octets)
            if octets:
                reverse.advance(1.1 * module.BODY_SECONDS)
            else:
                client.shutdown(socket.SHUT_WR)
            assert_refused(client, 408 if octets else 400)


def test_body_comes_before_the_switch(proxy: Address, upstream: Upstream) -> None:
    """The client has to finish its request before it can say anything else."""
    upgrade = (UPGRADE % b"websocket").replace(b"\r\n\r\n", b"\r\nContent-Length: 4\r\n\r\n")
    with connect(proxy) as client:
        client.sendall(upgrade + b"bo")
        with upstream.accept() as server:
            read_until(server, b"bo")
            server.sendall(SWITCHING % b"websocket")
            assert exhausted(client)
            client.sendall(b"dy\x81\x01a")
            assert read_until(server, b"a") == b"dy\x81\x01a"
            assert read_head(client).startswith(b"HTTP/1.1 101 ")
