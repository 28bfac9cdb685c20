"""The lines by zttp, whose core is written in Zig.

In: the input of a call. Out: what its events were. It does not tell the octets that came after a
request to upgrade, so that line is left out. It runs where zttp is installed, which is not where
mypy runs.
"""

from collections.abc import Callable
from functools import partial
from importlib import import_module
from importlib.metadata import version
from typing import Any

from tests.benchmarks import bodies, traffic
from tests.benchmarks.implementation import Implementation, UnexpectedEventError, Work
from tests.benchmarks.lines import (
    Answered,
    Asked,
    Exchange,
    Question,
    Read,
    Refused,
    Uploaded,
    WithTrailers,
)
from tests.benchmarks.traffic import Field

zttp: Any = import_module("zttp")


def pairs_of(headers: Any) -> list[Field]:
    """Return the fields of a head with their names in lower case."""
    pairs: list[Field] = headers.to_list(lowercase_names=True)
    return pairs


def parse(wire: bytes) -> Read:
    """Let a new connection read the head of a request."""
    request = zttp.Connection(zttp.SERVER).receive_event(wire)
    if not isinstance(request, zttp.Request):
        raise UnexpectedEventError(request)
    return request.method, request.target, pairs_of(request.headers)


def parse_bytewise(octets: list[bytes]) -> Read:
    """Let a new connection read the head of a request byte by byte."""
    connection = zttp.Connection(zttp.SERVER)
    for octet in octets[:-1]:
        event = connection.receive_event(octet)
        if event is not zttp.NEED_DATA:
            raise UnexpectedEventError(event)
    request = connection.receive_event(octets[-1])
    if not isinstance(request, zttp.Request):
        raise UnexpectedEventError(request)
    return request.method, request.target, pairs_of(request.headers)


def send(connection: Any, status: int, fields: list[Field], body: bytes) -> bytes:
    """Return a response; zttp gives the reason phrase."""
    connection.send_response(status, fields)
    connection.send_data(body)
    connection.end_message()
    sent: bytes = connection.data_to_send()
    return sent


def serve(connection: Any, exchange: Exchange) -> tuple[bytes, list[Field], bytes]:
    """Let a server read a request and answer it."""
    wire, fields = exchange
    request = connection.receive_event(wire)
    if not isinstance(request, zttp.Request) or not request.end_stream:
        raise UnexpectedEventError(request)
    pairs = pairs_of(request.headers)
    return request.target, pairs, send(connection, 200, fields, traffic.BODY)


def serve_anew(exchange: Exchange) -> tuple[bytes, list[Field], bytes]:
    """Serve a request on a new connection."""
    return serve(zttp.Connection(zttp.SERVER), exchange)


def keep_serving() -> Callable[[Exchange], tuple[bytes, list[Field], bytes]]:
    """Return what serves one request after the other on one connection."""
    connection = zttp.Connection(zttp.SERVER)

    def serve_next(exchange: Exchange) -> tuple[bytes, list[Field], bytes]:
        served = serve(connection, exchange)
        if connection.should_close():
            raise UnexpectedEventError(served)
        connection.start_next_cycle()
        return served

    return serve_next


def keep_asking() -> Callable[[Question], Asked]:
    """Return what sends one request after the other on one connection, and reads the responses."""
    connection = zttp.Connection(zttp.CLIENT)

    def ask(question: Question) -> Asked:
        target, fields, wire = question
        connection.send_request(b"GET", target, b"1.1", fields)
        connection.end_message()
        head = connection.data_to_send()
        response = connection.receive_event(wire)
        if not isinstance(response, zttp.Response):
            raise UnexpectedEventError(response)
        pairs = pairs_of(response.headers)
        body = b""
        while isinstance(event := connection.next_event(), zttp.Data):
            body += event.data
        if not isinstance(event, zttp.EndOfMessage) or connection.should_close():
            raise UnexpectedEventError(event)
        connection.start_next_cycle()
        return head, response.status_code, pairs, body

    return ask


def receive_upload(reads: list[bytes], head: bytes) -> Uploaded:
    """Let a new connection read an upload."""
    connection = zttp.Connection(zttp.SERVER)
    request = connection.receive_event(head)
    if not isinstance(request, zttp.Request):
        raise UnexpectedEventError(request)
    octets = 0
    last = b""
    for read in reads:
        event = connection.receive_event(read)
        while isinstance(event, zttp.Data):
            last = event.data
            octets += len(last)
            event = connection.next_event()
    if not isinstance(event, zttp.EndOfMessage):
        raise UnexpectedEventError(event)
    return request.target, octets, last


def upload(reads: Callable[[], list[bytes]]) -> Work[bytes]:
    """Return how an upload is received that comes in those reads."""
    return Work(lambda: partial(receive_upload, reads()))


def send_chunked() -> Callable[[bytes], bytes]:
    """Return what sends one chunk after the other of one response."""
    connection = zttp.Connection(zttp.SERVER)
    request = connection.receive_event(traffic.browser_head(0))
    if not isinstance(request, zttp.Request):
        raise UnexpectedEventError(request)
    connection.send_response(200, [(b"Transfer-Encoding", b"chunked")])
    connection.data_to_send()

    def send_next(payload: bytes) -> bytes:
        connection.send_data(payload)
        sent: bytes = connection.data_to_send()
        return sent

    return send_next


def answer_pipelined() -> Callable[[bytes], Answered]:
    """Return what reads many requests out of one read, and answers each of them."""
    connection = zttp.Connection(zttp.SERVER)
    fields = traffic.answer_fields()

    def answer(wire: bytes) -> Answered:
        requests = []
        sent = []
        request = connection.receive_event(wire)
        while isinstance(request, zttp.Request) and request.end_stream:
            requests.append((request.target, pairs_of(request.headers)))
            sent.append(send(connection, 200, fields, traffic.ANSWER))
            connection.start_next_cycle()
            request = connection.next_event()
        return requests, b"".join(sent)

    return answer


def receive_trailers(wire: bytes) -> WithTrailers:
    """Let a new connection read an upload with a trailer section."""
    connection = zttp.Connection(zttp.SERVER)
    request = connection.receive_event(wire)
    if not isinstance(request, zttp.Request):
        raise UnexpectedEventError(request)
    body = b""
    while isinstance(event := connection.next_event(), zttp.Data):
        body += event.data
    if not isinstance(event, zttp.EndOfMessage):
        raise UnexpectedEventError(event)
    return request.target, body, traffic.lowered(event.trailers)


def refuse(wire: bytes) -> Refused:
    """Let a new connection read what is no request, and answer it."""
    connection = zttp.Connection(zttp.SERVER)
    try:
        event = connection.receive_event(wire)
    except zttp.RemoteProtocolError:
        return 400, send(connection, 400, traffic.refusal_fields(), traffic.REFUSAL)
    raise UnexpectedEventError(event)


WORKS: dict[str, Work[Any]] = {
    "server_cycle": Work(lambda: serve_anew),
    "server_keepalive": Work(keep_serving),
    "client_keepalive": Work(keep_asking),
    "request_parse": Work(lambda: parse),
    "request_parse_small": Work(lambda: parse),
    "fields_100": Work(lambda: parse),
    "head_bytewise": Work(lambda: parse_bytewise),
    "pipelined": Work(answer_pipelined),
    "chunked_in": upload(bodies.chunked_reads),
    "tiny_chunks": upload(bodies.tiny_reads),
    "trailers": Work(lambda: receive_trailers),
    "chunked_out": Work(send_chunked),
    "content_length_in": upload(bodies.content_length_reads),
    "rejected": Work(lambda: refuse),
}

IMPLEMENTATION = Implementation(
    "zttp", version("zttp"), zttp.__file__, ("zttp", "typing_extensions"), WORKS
)
