"""Tests of the example proxy in time: what goes on before the other side has finished.

In: pieces of messages, on both sides in turn. Out: the same pieces on the other side, no later than
they can be there, and no more of them than somebody takes.
"""

import contextlib
import socket
import threading
import time

import pytest

from docs.examples import asyncio_peer
from docs.examples import proxy as module
from tests.examples.proxying import (
    VIA,
    Upstream,
    exhausted,
    fields_of,
    read_exactly,
    read_head,
    send_until_blocked,
    upstream_listening,
)
from tests.examples.serving import Serving
from tests.integration.sockets import Address, connect, read_to_end, read_until, reset

GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
OK = b"HTTP/1.1 200 \r\nDate: a\r\nContent-Length: 2\r\n\r\nhi"
UPLOAD = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
IN_CHUNKS = b"HTTP/1.1 200 \r\nDate: a\r\nTransfer-Encoding: chunked\r\n\r\n"
LENGTH = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n%b\r\n"


def exchange(client: socket.socket, server: socket.socket) -> None:
    """See that a request comes through on connections that are open."""
    client.sendall(GET)
    assert read_head(server).startswith(b"GET / ")
    server.sendall(OK)
    assert read_until(client, b"hi").startswith(b"HTTP/1.1 200 ")


# Connections.


def test_connections_are_used_again(proxy: Address, upstream: Upstream) -> None:
    """One to the upstream serves clients one after the other, with bodies of all framings."""
    with connect(proxy) as client:
        client.sendall(GET)
        server = upstream.accept()
        read_head(server)
        server.sendall(OK)
        read_until(client, b"hi")
    with server, connect(proxy) as client:
        exchange(client, server)
        client.sendall(UPLOAD + b"1\r\nx\r\n0\r\n\r\n")
        read_until(server, b"0\r\n\r\n")
        server.sendall(IN_CHUNKS + b"1\r\ny\r\n0\r\n\r\n")
        read_until(client, b"0\r\n\r\n")
        exchange(client, server)
        assert upstream.is_left_alone()


def test_each_request_under_way_has_a_connection_of_its_own(
    proxy: Address, upstream: Upstream
) -> None:
    """Nobody waits for the answer of another, and each gets its own."""
    with connect(proxy) as first, connect(proxy) as second:
        first.sendall(GET)
        with upstream.accept() as first_server:
            second.sendall(GET)
            with upstream.accept() as second_server:
                read_head(first_server)
                read_head(second_server)
                second_server.sendall(OK.replace(b"hi", b"2!"))
                assert read_until(second, b"!").endswith(b"2!")
                first_server.sendall(OK.replace(b"hi", b"1!"))
                assert read_until(first, b"!").endswith(b"1!")


@pytest.mark.parametrize(
    "response",
    [
        pytest.param(OK.replace(b"Date: a", b"Connection: close"), id="close"),
        pytest.param(OK.replace(b"1.1", b"1.0"), id="HTTP/1.0"),
        pytest.param(OK + OK, id="a response too much"),
        pytest.param(OK + b"\r\n", id="an empty line too much"),
        pytest.param(
            IN_CHUNKS.replace(b"Date: a", b"Content-Length: 2") + b"2\r\nhi\r\n0\r\n\r\n",
            id="two lengths",
        ),
    ],
)
def test_connection_that_cannot_be_trusted_is_not_used_again(
    proxy: Address, upstream: Upstream, response: bytes
) -> None:
    """The client's own goes on: what is for one hop ends there."""
    with connect(proxy) as client:
        client.sendall(GET)
        with upstream.accept() as server:
            read_head(server)
            server.sendall(response)
            while b"hi" not in client.recv(65536):
                continue
            assert server.recv(1) == b""
        client.sendall(GET)
        with upstream.accept() as server:
            read_head(server)
            server.sendall(OK)
            received = read_until(client, b"hi")
            assert received.removeprefix(b"\r\n").removeprefix(b"0\r\n\r\n").startswith(b"HTTP/")


@pytest.mark.parametrize("most", [asyncio_peer.MAX_UNREAD, 1], ids=["read on", "held up"])
@pytest.mark.parametrize("octets", [b"", OK, b"HTTP/1.1 408 \r\nConnection: close\r\n\r\n"])
def test_idle_connection_on_which_something_happens_is_dropped(
    proxy: Address, upstream: Upstream, monkeypatch: pytest.MonkeyPatch, octets: bytes, most: int
) -> None:
    """It has ended, or what comes is no response to the next request.

    So it is after a response that was more at once than is read ahead.
    """
    monkeypatch.setattr(asyncio_peer, "MAX_UNREAD", most)
    with connect(proxy) as client:
        client.sendall(GET)
        with upstream.accept() as server:
            read_head(server)
            server.sendall(OK)
            read_until(client, b"hi")
            server.sendall(octets)
            server.shutdown(socket.SHUT_WR)
            time.sleep(0.3)
            client.sendall(GET)
            with upstream.accept() as another:
                read_head(another)
                another.sendall(OK)
                assert read_until(client, b"hi") == OK.replace(b"\r\n\r\n", b"\r\n" + VIA + b"\r\n")


def test_nothing_is_kept_of_addresses_to_which_there_is_no_connection(
    pool: module.Pool, forward_proxy: Address, upstream: Upstream
) -> None:
    """A client can ask for any number of them."""
    with connect(forward_proxy) as client:
        client.sendall(GET.replace(b"/ ", b"http://%b/ " % upstream.authority))
        with upstream.accept() as server:
            read_head(server)
            server.sendall(OK)
            read_until(client, b"hi")
            client.sendall(GET.replace(b"/ ", b"http://%b/ " % upstream.authority))
            read_head(server)
            assert not pool._idle
    for _ in range(2):
        with socket.create_server(("127.0.0.1", 0)) as closed, connect(forward_proxy) as client:
            target = "http://{}:{}/ ".format(*closed.getsockname()).encode()
            closed.close()
            client.sendall(GET.replace(b"/ ", target))
            assert read_to_end(client).startswith(b"HTTP/1.1 502 ")
    assert not pool._idle


def test_connections_are_kept_up_to_a_limit(
    forward_proxy: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is one limit for all upstreams together, of which there may be any number."""
    monkeypatch.setattr(module, "MAX_IDLE", 1)
    with contextlib.ExitStack() as stack:
        for is_kept in (True, False):
            upstream = stack.enter_context(upstream_listening())
            client = stack.enter_context(connect(forward_proxy))
            client.sendall(GET.replace(b"/ ", b"http://%b/ " % upstream.authority))
            server = stack.enter_context(upstream.accept())
            read_head(server)
            server.sendall(OK)
            read_until(client, b"hi")
            assert exhausted(server) if is_kept else server.recv(1) == b""


def test_pipelined_requests_are_answered_in_order(proxy: Address, upstream: Upstream) -> None:
    """Each is sent on when the one before it is over."""
    with connect(proxy) as client:
        client.sendall(b"".join(GET.replace(b"/ ", b"/%d " % number) for number in range(5)))
        with upstream.accept() as server:
            for number in range(5):
                assert read_head(server).startswith(b"GET /%d " % number)
                assert number or exhausted(server)
                server.sendall(OK.replace(b"hi", b"%d!" % number))
                assert read_until(client, b"!").endswith(b"%d!" % number)


@pytest.mark.parametrize("end", ["half-closed", "last"])
def test_client_that_says_no_more_is_answered(proxy: Address, upstream: Upstream, end: str) -> None:
    """Its half of the connection may be closed before the response comes."""
    with connect(proxy) as client:
        client.sendall(GET if end == "half-closed" else GET[:-2] + b"Connection: close\r\n\r\n")
        if end == "half-closed":
            client.shutdown(socket.SHUT_WR)
        with upstream.accept() as server:
            assert b"connection" not in fields_of(read_head(server))
            server.sendall(OK)
            assert read_to_end(client).endswith(b"hi")


# Interim responses.


def test_interim_responses_come_through(proxy: Address, upstream: Upstream) -> None:
    """All of them, each when it comes; HTTP/1.0 is spared them."""
    hint = b"HTTP/1.1 103 Hints\r\nLink: <a>\r\nConnection: x\r\nX: y\r\n\r\n"
    with connect(proxy) as client:
        client.sendall(GET)
        with upstream.accept() as server:
            read_head(server)
            server.sendall(hint)
            expected = b"HTTP/1.1 103 Hints\r\nLink: <a>\r\n" + VIA + b"\r\n"
            assert read_head(client) == expected
            server.sendall(hint + OK)
            assert read_until(client, b"hi").startswith(expected)
            client.sendall(GET.replace(b"1.1", b"1.0"))
            read_head(server)
            server.sendall(hint + OK)
            assert read_until(client, b"hi").startswith(b"HTTP/1.1 200 ")


def test_leave_to_send_a_body_is_asked_of_the_upstream(proxy: Address, upstream: Upstream) -> None:
    """The proxy neither gives it nor keeps it to itself."""
    with connect(proxy) as client:
        client.sendall(LENGTH % b"Expect: 100-continue\r\n")
        with upstream.accept() as server:
            assert fields_of(read_head(server))[b"expect"] == b"100-continue"
            assert exhausted(client)
            server.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
            assert read_head(client).startswith(b"HTTP/1.1 100 Continue\r\n")
            client.sendall(b"0123456789")
            assert read_until(server, b"9") == b"0123456789"
            server.sendall(OK)
            read_until(client, b"hi")
            exchange(client, server)


def test_time_to_send_a_body_begins_with_the_leave_to_do_so(
    reverse: Serving, upstream: Upstream
) -> None:
    """A client need not send anything before (RFC 9110 section 10.1.1); afterwards it has to."""
    with connect(reverse.address.result()) as client:
        client.sendall(LENGTH % b"Expect: 100-continue\r\n")
        with upstream.accept() as server:
            read_head(server)
            for interim in (b"103 Hints", b"100 Continue"):
                reverse.advance(1.5 * module.BODY_SECONDS)
                server.sendall(b"HTTP/1.1 %b\r\n\r\n" % interim)
                assert read_head(client).startswith(b"HTTP/1.1 %b\r\n" % interim)
            reverse.advance(1.1 * module.BODY_SECONDS)
            assert read_to_end(client).startswith(b"HTTP/1.1 408 ")


def test_upstream_that_gives_no_leave_is_at_fault(
    proxy: Address, upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has to answer a client that waits for it."""
    monkeypatch.setattr(module, "RESPONSE_SECONDS", 0.3)
    with connect(proxy) as client:
        client.sendall(LENGTH % b"Expect: 100-continue\r\n")
        with upstream.accept() as server:
            read_head(server)
            assert read_to_end(client).startswith(b"HTTP/1.1 504 ")


def test_body_may_come_without_leave(reverse: Serving, upstream: Upstream) -> None:
    """From then on it is the client that has to go on, and the upstream need not answer yet."""
    with connect(reverse.address.result()) as client:
        client.sendall(LENGTH % b"Expect: 100-continue\r\n")
        with upstream.accept() as server:
            read_head(server)
            for octet in b"0123456789":
                reverse.advance(0.8 * module.BODY_SECONDS)
                client.sendall(bytes([octet]))
                assert server.recv(1) == bytes([octet])
            server.sendall(OK)
            read_until(client, b"hi")
            exchange(client, server)


def test_client_that_expects_leave_and_is_gone_frees_the_upstream(
    proxy: Address, upstream: Upstream
) -> None:
    """Nobody waits for a body from it."""
    client = connect(proxy)
    client.sendall(LENGTH % b"Expect: 100-continue\r\n")
    with upstream.accept() as server:
        read_head(server)
        reset(client)
        assert server.recv(1) == b""


@pytest.mark.parametrize("interim", [b"", b"HTTP/1.1 103 Hints\r\n\r\n"])
def test_leave_that_is_refused_ends_the_connection(
    proxy: Address, upstream: Upstream, interim: bytes
) -> None:
    """The body may come or not, so nothing can come after it; the proxy says so."""
    with connect(proxy) as client:
        client.sendall(LENGTH % b"Expect: 100-continue\r\n")
        with upstream.accept() as server:
            read_head(server)
            server.sendall(interim)
            if interim:
                read_head(client)
            server.sendall(b"HTTP/1.1 417 No\r\nContent-Length: 2\r\n\r\nno")
            received = read_to_end(client)
            assert received.startswith(b"HTTP/1.1 417 No\r\n")
            assert b"\r\nConnection: close\r\n" in received
            assert received.endswith(b"no")
            assert server.recv(1) == b""


# While the request is still being sent.


def test_body_comes_back_while_it_goes(proxy: Address, upstream: Upstream) -> None:
    """Each piece goes on in both directions before the next one is there."""
    with connect(proxy) as client:
        client.sendall(UPLOAD)
        with upstream.accept() as server:
            read_head(server)
            server.sendall(IN_CHUNKS)
            read_head(client)
            for number in range(10):
                client.sendall(b"1\r\n%d\r\n" % number)
                assert read_until(server, b"%d\r\n" % number) == b"1\r\n%d\r\n" % number
                server.sendall(b"2\r\n%d!\r\n" % number)
                assert read_until(client, b"!\r\n") == b"2\r\n%d!\r\n" % number
            server.sendall(b"0\r\n\r\n")
            assert read_until(client, b"0\r\n\r\n") == b"0\r\n\r\n"
            client.sendall(b"0\r\n\r\n")
            assert read_until(server, b"0\r\n\r\n") == b"0\r\n\r\n"
            exchange(client, server)


@pytest.mark.parametrize("status", [200, 413])
def test_early_response_and_the_rest_of_the_request(
    proxy: Address, upstream: Upstream, status: int
) -> None:
    """Whoever answers early and reads on gets all of it; both connections serve on."""
    with connect(proxy) as client:
        client.sendall(LENGTH % b"" + b"01234")
        with upstream.accept() as server:
            read_until(server, b"4")
            server.sendall(OK.replace(b"200", b"%d" % status))
            received = read_until(client, b"hi")
            assert received.startswith(b"HTTP/1.1 %d " % status)
            assert b"Connection" not in received
            client.sendall(b"56789")
            assert read_until(server, b"9") == b"56789"
            exchange(client, server)


@pytest.mark.parametrize("body", [b"", b"x" * 5_000_000], ids=["waits", "sends on"])
def test_early_response_of_who_reads_no_further(
    proxy: Address, upstream: Upstream, body: bytes
) -> None:
    """It arrives whole, also at a client that sends everything before it reads."""
    with connect(proxy) as client:
        client.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5000000\r\n\r\n")
        server = upstream.accept()
        read_head(server)
        server.sendall(b"HTTP/1.1 413 \r\nConnection: close\r\nContent-Length: 2\r\n\r\nno")
        server.close()
        client.sendall(body)
        received = read_to_end(client)
        assert received.startswith(b"HTTP/1.1 413 \r\n")
        assert b"\r\nConnection: close\r\n" in received
        assert received.endswith(b"\r\n\r\nno")


# How much at once.


def test_upstream_that_does_not_read_holds_the_client_up(
    proxy: Address, upstream: Upstream
) -> None:
    """What is on its way is no more than some buffers hold, and nothing of it is lost."""
    with connect(proxy) as client:
        client.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 999999999\r\n\r\n")
        with upstream.accept() as server:
            read_head(server)
            read_exactly(server, send_until_blocked(client))
            client.sendall(b"more")
            assert read_until(server, b"more") == b"more"


def test_client_that_does_not_read_holds_the_upstream_up(
    proxy: Address, upstream: Upstream
) -> None:
    """So it is in the other direction."""
    with connect(proxy) as client:
        client.sendall(GET)
        with upstream.accept() as server:
            read_head(server)
            server.sendall(b"HTTP/1.1 200 \r\nContent-Length: 999999999\r\n\r\n")
            read_head(client)
            read_exactly(client, send_until_blocked(server))
            server.sendall(b"more")
            assert read_until(client, b"more") == b"more"


def test_others_are_served_while_one_sends_as_fast_as_it_can(
    proxy: Address, upstream: Upstream
) -> None:
    """A body of tiny chunks is much work, and nobody waits for its end."""
    with connect(proxy) as busy, connect(proxy) as other:
        busy.sendall(UPLOAD)
        with upstream.accept() as sink:
            read_head(sink)
            stop = threading.Event()
            sending = threading.Thread(target=send_chunks, args=(busy, stop))
            reading = threading.Thread(target=read_to_end, args=(sink,))
            sending.start()
            read_exactly(sink, 100_000)
            reading.start()
            try:
                other.sendall(GET)
                with upstream.accept() as server:
                    read_head(server)
                    server.sendall(OK)
                    read_until(other, b"hi")
                    # Not by the clock: others may have the processor meanwhile.
                    started = time.process_time()
                    for _ in range(5):
                        exchange(other, server)
                    assert time.process_time() - started < 2
            finally:
                stop.set()
                sending.join()
                reset(busy)
                reading.join()


def send_chunks(client: socket.socket, stop: threading.Event) -> None:
    """Send tiny chunks until told to stop."""
    while not stop.is_set():
        client.sendall(b"1\r\nx\r\n" * 1000)
