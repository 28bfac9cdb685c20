"""What is timed: one call of each line through the public interface of `h11`, with its result.

In: a message of `traffic`, made before the clock starts. Out: what the implementation made of it,
to be compared with what is right after the clock has stopped. Runs under every interpreter that
has an `h11`, so it asks for nothing beyond that, the standard library and its neighbours here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar

import h11
from tests.benchmarks import traffic
from tests.benchmarks.traffic import Field

Case = TypeVar("Case")


@dataclass(frozen=True)
class Workload(Generic[Case]):
    """A line of the table.

    Attributes:
        make: Gives the input of the call with that index.
        begin: Gives a function that does the work of one call, on a state of its own.
        expect: Gives what the call with that index must return.
    """

    make: Callable[[int], Case]
    begin: Callable[[], Callable[[Case], object]]
    expect: Callable[[int], object]


class UnexpectedEventError(Exception):
    """Another event came than the one that the bytes stand for."""


def parse(wire: bytes) -> tuple[bytes, bytes, list[Field]]:
    """Let a new connection read the head of a request."""
    connection = h11.Connection(h11.SERVER)
    connection.receive_data(wire)
    request = connection.next_event()
    if not isinstance(request, h11.Request):
        raise UnexpectedEventError(request)
    return request.method, request.target, list(request.headers)


def parse_bytewise(octets: list[bytes]) -> tuple[bytes, bytes, list[Field]]:
    """Let a new connection read the head of a request byte by byte."""
    connection = h11.Connection(h11.SERVER)
    for octet in octets[:-1]:
        connection.receive_data(octet)
        event = connection.next_event()
        if event is not h11.NEED_DATA:
            raise UnexpectedEventError(event)
    connection.receive_data(octets[-1])
    request = connection.next_event()
    if not isinstance(request, h11.Request):
        raise UnexpectedEventError(request)
    return request.method, request.target, list(request.headers)


def octets_of(index: int) -> list[bytes]:
    """Return the head that a browser sends, byte by byte."""
    wire = traffic.browser_head(index)
    return [wire[position : position + 1] for position in range(len(wire))]


def browser_request(index: int) -> tuple[bytes, bytes, list[Field]]:
    """Return what a server must see of the request of a browser."""
    fields = traffic.lowered(traffic.browser_fields(index))
    return b"GET", traffic.browser_target(index), fields


def small_request(index: int) -> tuple[bytes, bytes, list[Field]]:
    """Return what a server must see of a health check."""
    return b"GET", traffic.small_target(index), traffic.lowered(traffic.small_fields(index))


Served = tuple[bytes, list[Field], bytes | None, bytes | None, bytes | None]


def serve(connection: h11.Connection, wire: bytes, fields: list[Field]) -> Served:
    """Let a server read a request and answer it."""
    connection.receive_data(wire)
    request = connection.next_event()
    if not isinstance(request, h11.Request):
        raise UnexpectedEventError(request)
    pairs = list(request.headers)
    end = connection.next_event()
    if not isinstance(end, h11.EndOfMessage):
        raise UnexpectedEventError(end)
    return (
        request.target,
        pairs,
        connection.send(h11.Response(status_code=200, headers=fields, reason=b"OK")),
        connection.send(h11.Data(data=traffic.BODY)),
        connection.send(h11.EndOfMessage()),
    )


Exchange = tuple[bytes, list[Field]]
"""The request on the wire, and the fields to answer it with."""


def serve_anew(exchange: Exchange) -> Served:
    """Serve a request on a new connection."""
    return serve(h11.Connection(h11.SERVER), *exchange)


def keep_serving() -> Callable[[Exchange], Served]:
    """Return what serves one request after the other on one connection."""
    connection = h11.Connection(h11.SERVER)

    def serve_next(exchange: Exchange) -> Served:
        served = serve(connection, *exchange)
        connection.start_next_cycle()
        return served

    return serve_next


def exchange_to_serve(index: int) -> Exchange:
    """Return the request of a browser, and what to answer."""
    return traffic.browser_head(index), traffic.response_fields(index)


def served(index: int) -> Served:
    """Return what a server must see of the request of a browser, and what it must send."""
    _, target, pairs = browser_request(index)
    return target, pairs, traffic.response_head(index), traffic.BODY, b""


Asked = tuple[bytes | None, bytes | None, int, list[Field], bytes]


def keep_asking() -> Callable[[tuple[bytes, list[Field], bytes]], Asked]:
    """Return what sends one request after the other on one connection, and reads the responses."""
    connection = h11.Connection(h11.CLIENT)

    def ask(question: tuple[bytes, list[Field], bytes]) -> Asked:
        target, fields, wire = question
        head = connection.send(h11.Request(method=b"GET", target=target, headers=fields))
        end = connection.send(h11.EndOfMessage())
        connection.receive_data(wire)
        response = connection.next_event()
        if not isinstance(response, h11.Response):
            raise UnexpectedEventError(response)
        pairs = list(response.headers)
        body = b""
        while isinstance(event := connection.next_event(), h11.Data):
            body += event.data
        if not isinstance(event, h11.EndOfMessage):
            raise UnexpectedEventError(event)
        connection.start_next_cycle()
        return head, end, response.status_code, pairs, body

    return ask


def question(index: int) -> tuple[bytes, list[Field], bytes]:
    """Return target and fields of a request, and its response in one read."""
    wire = traffic.response_head(index) + traffic.BODY
    return traffic.client_target(index), traffic.client_fields(index), wire


def asked(index: int) -> Asked:
    """Return what a client must send, and must see of the response."""
    pairs = traffic.lowered(traffic.response_fields(index))
    return traffic.client_head(index), b"", 200, pairs, traffic.BODY


Uploaded = tuple[bytes, int, int, bytes]


def receive_upload(reads: list[bytes], head: bytes) -> Uploaded:
    """Let a new connection read an upload, and return what it was: target, length, chunks, end."""
    connection = h11.Connection(h11.SERVER)
    connection.receive_data(head)
    request = connection.next_event()
    if not isinstance(request, h11.Request):
        raise UnexpectedEventError(request)
    octets = chunks = 0
    last = b""
    for read in reads:
        connection.receive_data(read)
        while isinstance(event := connection.next_event(), h11.Data):
            last = event.data
            octets += len(last)
            chunks += event.chunk_end
    if not isinstance(event, h11.EndOfMessage):
        raise UnexpectedEventError(event)
    return request.target, octets, chunks, last


def receive_chunked() -> Callable[[bytes], Uploaded]:
    """Return what reads chunked uploads."""
    return partial(receive_upload, traffic.chunked_reads())


def chunked_head(index: int) -> bytes:
    """Return the head of a chunked upload."""
    return traffic.upload_head(index, (b"Transfer-Encoding", b"chunked"))


def chunked_upload(index: int) -> Uploaded:
    """Return what a chunked upload is."""
    last = traffic.PAYLOADS[(traffic.CHUNKS - 1) % len(traffic.PAYLOADS)]
    return traffic.upload_target(index), traffic.CHUNKS * len(last), traffic.CHUNKS, last


def receive_content_length() -> Callable[[bytes], Uploaded]:
    """Return what reads uploads with a Content-Length."""
    return partial(receive_upload, traffic.content_length_reads())


def content_length_head(index: int) -> bytes:
    """Return the head of an upload with a Content-Length."""
    return traffic.upload_head(index, (b"Content-Length", b"%d" % traffic.UPLOAD_LENGTH))


def content_length_upload(index: int) -> Uploaded:
    """Return what an upload with a Content-Length is."""
    last = traffic.content_length_reads()[-1]
    return traffic.upload_target(index), traffic.UPLOAD_LENGTH, 0, last


def send_chunked() -> Callable[[bytes], bytes | None]:
    """Return what sends one chunk after the other of one response."""
    connection = h11.Connection(h11.SERVER)
    connection.receive_data(traffic.browser_head(0))
    received = [connection.next_event(), connection.next_event()]
    if not isinstance(received[-1], h11.EndOfMessage):
        raise UnexpectedEventError(*received)
    fields = [(b"Transfer-Encoding", b"chunked")]
    connection.send(h11.Response(status_code=200, headers=fields))
    return lambda payload: connection.send(h11.Data(data=payload))


def payload(index: int) -> bytes:
    """Return what a chunk holds."""
    return traffic.PAYLOADS[index % len(traffic.PAYLOADS)]


def chunk(index: int) -> bytes:
    """Return what must be sent for a chunk."""
    return traffic.chunk(payload(index))


WORKLOADS: dict[str, Workload[Any]] = {
    "server_cycle": Workload(exchange_to_serve, lambda: serve_anew, served),
    "server_keepalive": Workload(exchange_to_serve, keep_serving, served),
    "client_keepalive": Workload(question, keep_asking, asked),
    "request_parse": Workload(traffic.browser_head, lambda: parse, browser_request),
    "request_parse_small": Workload(traffic.small_head, lambda: parse, small_request),
    "chunked_in": Workload(chunked_head, receive_chunked, chunked_upload),
    "chunked_out": Workload(payload, send_chunked, chunk),
    "content_length_in": Workload(
        content_length_head, receive_content_length, content_length_upload
    ),
    "head_bytewise": Workload(octets_of, lambda: parse_bytewise, browser_request),
}
"""The lines of the table by their names."""
