"""Tests of our server role behind nginx and HAProxy.

In: requests to the proxy, from many clients at once. Out: their answers, and the record of the
server behind it, in which each is found once, whole, in the order of its client, and on one of few
connections.
"""

import contextlib
import http.client
import json
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from wsproto.events import BytesMessage, CloseConnection, TextMessage

from tests.integration.sockets import TIMEOUT, Address, connect, read_to_end
from tests.integration.websocket_client import WebSocket
from tests.interop.clients.bodies import SIZES, Digest, digest, octets
from tests.interop.clients.proxies import Way, each_way, in_front_of
from tests.interop.clients.servers import Served, each_server
from tests.interop.programs import Running

CLIENTS = 8
REQUESTS = 25


@pytest.fixture(scope="module")
def proxies() -> Iterator[Callable[[Served, Way], Running]]:
    """A function that gives the proxy of a way to a server, the same for all tests."""
    with contextlib.ExitStack() as stack:
        started: dict[tuple[str, str], Running] = {}

        def proxy(served: Served, way: Way) -> Running:
            """Return the proxy that is running, or run it."""
            key = (served.name, way.configuration)
            if key not in started:
                started[key] = stack.enter_context(in_front_of(served, way))
            return started[key]

        yield proxy


@pytest.fixture
def proxy(served: Served, way: Way, proxies: Callable[[Served, Way], Running]) -> Address:
    """The address of the proxy."""
    return proxies(served, way).address


def send(
    connection: http.client.HTTPConnection, target: str, body: bytes, *, chunked: bool
) -> bytes:
    """Return what is answered to an upload in one of the framings."""
    pieces = [body[start : start + 100_003] for start in range(0, len(body), 100_003)]
    connection.request("POST", target, iter(pieces) if chunked else body)
    response = connection.getresponse()
    answer = response.read()
    assert response.status == 200, answer
    return answer


@each_way()
@each_server("10 MB up", "10 MB down", "chunks")
@pytest.mark.parametrize("framing", ["", "chunks"])
def test_bodies_of_all_sizes_come_through(
    served: Served, way: Way, proxy: Address, run: str, framing: str
) -> None:
    """Up and down, with a length or in chunks, or by the end of the connection."""
    with contextlib.closing(http.client.HTTPConnection(*proxy, TIMEOUT)) as connection:
        for size in SIZES:
            target = f"{way.prefix}/upload?id={run}.{size}"
            told = send(connection, target, octets(size), chunked=bool(framing))
            assert Digest(*json.loads(told)) == digest(octets(size))
            query = f"id={run}.down&size={size}&framing={framing}"
            connection.request("GET", f"{way.prefix}/download?{query}")
            assert connection.getresponse().read() == octets(size)
    received = [request for request in served.received(run) if request.method == "POST"]
    assert [request.digest for request in received] == [digest(octets(size)) for size in SIZES]
    assert {request.version for request in received} == {way.version}
    if way.streams and framing:  # What came together with its head may get a length.
        assert {request.framing for request in received[-2:]} == {"chunked"}


@each_way()
@each_server("many at once", "keep-alive")
def test_requests_of_many_clients_arrive_once_and_in_order(
    served: Served, way: Way, proxy: Address, run: str
) -> None:
    """They share the connections of the proxy, and no one gets another's answer."""

    def body(client: int, number: int) -> bytes:
        """Return a body that belongs to one request only."""
        return f"{client}/{number} ".encode() * (number * 97)

    def upload(client: int) -> None:
        """Send the requests of a client, one after the other."""
        with contextlib.closing(http.client.HTTPConnection(*proxy, TIMEOUT)) as connection:
            for number in range(REQUESTS):
                target = f"{way.prefix}/upload?id={run}.{client}.{number}"
                told = send(connection, target, body(client, number), chunked=bool(number % 2))
                assert Digest(*json.loads(told)) == digest(body(client, number))

    with ThreadPoolExecutor(CLIENTS) as clients:
        list(clients.map(upload, range(CLIENTS)))
    received = served.received(run)
    assert len(received) == CLIENTS * REQUESTS
    for client in range(CLIENTS):
        own = [request for request in received if request.id.split(".")[1] == str(client)]
        assert [request.id for request in own] == [f"{run}.{client}.{n}" for n in range(REQUESTS)]
        assert [request.digest for request in own] == [
            digest(body(client, number)) for number in range(REQUESTS)
        ]
    ports = {request.port for request in received}
    if way.version == "1.0":
        assert len(ports) == len(received)
    else:
        assert len(ports) <= 2 * CLIENTS


@each_way()
@each_server("pipelining")
def test_pipelined_requests_arrive_and_are_answered_in_order(
    served: Served, way: Way, proxy: Address, run: str
) -> None:
    """What a client sends without waiting, the proxy hands on in turn."""
    prefix = way.prefix.encode()
    requests = [
        b"POST %b/upload?id=%b.%d HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n%b"
        % (prefix, run.encode(), number, number, b"x" * number)
        for number in range(20)
    ]
    last = b"HEAD %b/download HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" % prefix
    with connect(proxy) as client:
        client.sendall(b"".join(requests) + last)
        answers = read_to_end(client)
    told = [
        Digest(*json.loads(found)) for found in re.findall(rb"^\[.+\]\r?$", answers, re.MULTILINE)
    ]
    expected = [digest(b"x" * number) for number in range(20)]
    assert told == expected
    assert [request.digest for request in served.received(run)] == expected


@each_way(lambda way: way.streams)
@each_server("101")
def test_web_socket_comes_through(proxy: Address) -> None:
    """The switch is handed on, and then whatever comes."""
    with WebSocket(proxy) as client:
        client.open("/talk")
        client.next_event()
        client.send(TextMessage(data="text"))
        assert client.next_message() == "text"
        client.send(BytesMessage(data=octets(65_535)))
        assert client.next_message() == octets(65_535)
        client.send(CloseConnection(code=1000))
        assert isinstance(client.next_event(), CloseConnection)


@each_way(lambda way: way.streams)
@each_server("upload and download at once")
def test_upload_comes_back_while_it_goes(served: Served, proxy: Address, run: str) -> None:
    """A piece is answered before the next one is sent."""
    with connect(proxy) as client:
        client.sendall(
            b"POST /echo?id=%b HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
            % run.encode()
        )
        received = b""
        for number in range(10):
            piece = b"<%d>" % number
            client.sendall(b"%x\r\n%b\r\n" % (len(piece), piece))
            while piece not in received:
                received += client.recv(65536)
        client.sendall(b"0\r\n\r\n")
        while not received.endswith(b"\r\n0\r\n\r\n"):
            received += client.recv(65536)
    assert len(served.received(run)) == 1
