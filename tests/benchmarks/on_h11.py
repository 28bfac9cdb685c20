"""The lines through the public interface of `h11`: ours, or the upstream release.

In: the input of a call. Out: what this `h11` made of it. Runs under every interpreter that has an
`h11`, so it asks for nothing beyond that, the standard library and its neighbours here.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import h11
from tests.benchmarks import bodies, traffic
from tests.benchmarks.implementation import Implementation, UnexpectedEventError, Work
from tests.benchmarks.lines import (
    Answered,
    Asked,
    Exchange,
    Question,
    Read,
    Refused,
    Switched,
    WithTrailers,
)
from tests.benchmarks.traffic import Field

Sent = tuple[bytes | None, bytes | None, bytes | None]


def request_of(connection: h11.Connection) -> h11.Request:
    """Return the request that a connection has received."""
    request = connection.next_event()
    if not isinstance(request, h11.Request):
        raise UnexpectedEventError(request)
    return request


def parse(wire: bytes) -> Read:
    """Let a new connection read the head of a request."""
    connection = h11.Connection(h11.SERVER)
    connection.receive_data(wire)
    request = request_of(connection)
    return request.method, request.target, list(request.headers)


def parse_bytewise(octets: list[bytes]) -> Read:
    """Let a new connection read the head of a request byte by byte."""
    connection = h11.Connection(h11.SERVER)
    for octet in octets[:-1]:
        connection.receive_data(octet)
        event = connection.next_event()
        if event is not h11.NEED_DATA:
            raise UnexpectedEventError(event)
    connection.receive_data(octets[-1])
    request = request_of(connection)
    return request.method, request.target, list(request.headers)


def serve(connection: h11.Connection, exchange: Exchange) -> tuple[bytes, list[Field], Sent]:
    """Let a server read a request and answer it."""
    wire, fields = exchange
    connection.receive_data(wire)
    request = request_of(connection)
    pairs = list(request.headers)
    end = connection.next_event()
    if not isinstance(end, h11.EndOfMessage):
        raise UnexpectedEventError(end)
    sent = (
        connection.send(h11.Response(status_code=200, headers=fields, reason=b"OK")),
        connection.send(h11.Data(data=traffic.BODY)),
        connection.send(h11.EndOfMessage()),
    )
    return request.target, pairs, sent


def serve_anew(exchange: Exchange) -> tuple[bytes, list[Field], Sent]:
    """Serve a request on a new connection."""
    return serve(h11.Connection(h11.SERVER), exchange)


def keep_serving() -> Callable[[Exchange], tuple[bytes, list[Field], Sent]]:
    """Return what serves one request after the other on one connection."""
    connection = h11.Connection(h11.SERVER)

    def serve_next(exchange: Exchange) -> tuple[bytes, list[Field], Sent]:
        served = serve(connection, exchange)
        connection.start_next_cycle()
        return served

    return serve_next


def sent_together(result: tuple[bytes, list[Field], Sent]) -> object:
    """Return what was served with what was sent as one."""
    target, pairs, sent = result
    return target, pairs, b"".join(part or b"" for part in sent)


def keep_asking() -> Callable[[Question], Asked]:
    """Return what sends one request after the other on one connection, and reads the responses."""
    connection = h11.Connection(h11.CLIENT)

    def ask(question: Question) -> Asked:
        target, fields, wire = question
        head = connection.send(h11.Request(method=b"GET", target=target, headers=fields)) or b""
        if connection.send(h11.EndOfMessage()):
            raise UnexpectedEventError(head)
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
        return head, response.status_code, pairs, body

    return ask


def receive_upload(reads: list[bytes], head: bytes) -> tuple[bytes, int, bytes, int]:
    """Let a new connection read an upload: its target, octets, last piece, and chunks."""
    connection = h11.Connection(h11.SERVER)
    connection.receive_data(head)
    request = request_of(connection)
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
    return request.target, octets, last, chunks


def of_chunks(right: int, result: tuple[bytes, int, bytes, int]) -> object:
    """Return what an upload is, after its chunks were counted."""
    if result[3] != right:
        message = f"{result[3]} chunks are not {right}"
        raise UnexpectedEventError(message)
    return result[:3]


def upload(reads: Callable[[], list[bytes]], chunks: int) -> Work[bytes]:
    """Return how an upload is received that comes in those reads."""
    return Work(lambda: partial(receive_upload, reads()), partial(of_chunks, chunks))


def send_chunked() -> Callable[[bytes], bytes | None]:
    """Return what sends one chunk after the other of one response."""
    connection = h11.Connection(h11.SERVER)
    connection.receive_data(traffic.browser_head(0))
    request_of(connection)
    end = connection.next_event()
    if not isinstance(end, h11.EndOfMessage):
        raise UnexpectedEventError(end)
    fields = [(b"Transfer-Encoding", b"chunked")]
    connection.send(h11.Response(status_code=200, headers=fields))
    return lambda payload: connection.send(h11.Data(data=payload))


def answer_pipelined() -> Callable[[bytes], Answered]:
    """Return what reads many requests out of one read, and answers each of them."""
    connection = h11.Connection(h11.SERVER)
    fields = traffic.answer_fields()

    def answer(wire: bytes) -> Answered:
        requests = []
        sent: list[bytes] = []
        connection.receive_data(wire)
        while isinstance(request := connection.next_event(), h11.Request):
            requests.append((request.target, list(request.headers)))
            end = connection.next_event()
            if not isinstance(end, h11.EndOfMessage):
                raise UnexpectedEventError(end)
            response = h11.Response(status_code=200, headers=fields, reason=b"OK")
            sent += (
                connection.send(response) or b"",
                connection.send(h11.Data(data=traffic.ANSWER)) or b"",
                connection.send(h11.EndOfMessage()) or b"",
            )
            connection.start_next_cycle()
        return requests, b"".join(sent)

    return answer


def receive_trailers(wire: bytes) -> WithTrailers:
    """Let a new connection read an upload with a trailer section."""
    connection = h11.Connection(h11.SERVER)
    connection.receive_data(wire)
    request = request_of(connection)
    body = b""
    while isinstance(event := connection.next_event(), h11.Data):
        body += event.data
    if not isinstance(event, h11.EndOfMessage):
        raise UnexpectedEventError(event)
    return request.target, body, list(event.headers)


def switch(exchange: Exchange) -> Switched:
    """Let a new connection read a request to upgrade, agree to it, and give what came after it."""
    wire, fields = exchange
    connection = h11.Connection(h11.SERVER)
    connection.receive_data(wire)
    request = request_of(connection)
    end = connection.next_event()
    paused = connection.next_event()
    if not isinstance(end, h11.EndOfMessage) or paused is not h11.PAUSED:
        raise UnexpectedEventError(end, paused)
    response = h11.InformationalResponse(
        status_code=101, headers=fields, reason=b"Switching Protocols"
    )
    sent = connection.send(response) or b""
    return request.target, list(request.headers), connection.trailing_data[0], sent


def refuse(wire: bytes) -> Refused:
    """Let a new connection read what is no request, and answer it."""
    connection = h11.Connection(h11.SERVER)
    connection.receive_data(wire)
    try:
        event = connection.next_event()
    except h11.RemoteProtocolError as error:
        status = error.error_status_hint
    else:
        raise UnexpectedEventError(event)
    fields = traffic.refusal_fields()
    response = h11.Response(status_code=status, headers=fields, reason=b"Bad Request")
    head = connection.send(response) or b""
    body = connection.send(h11.Data(data=traffic.REFUSAL)) or b""
    return status, head + body + (connection.send(h11.EndOfMessage()) or b"")


def idle() -> h11.Connection:
    """Return a server's connection that has served a request, and waits for the next one."""
    connection = h11.Connection(h11.SERVER)
    serve(connection, (traffic.browser_head(0), traffic.response_fields(0)))
    connection.start_next_cycle()
    event = connection.next_event()
    if event is not h11.NEED_DATA:
        raise UnexpectedEventError(event)
    return connection


def begin_body(length: int) -> Callable[[bytes], None]:
    """Return what takes the reads of a body of that length."""
    connection = h11.Connection(h11.SERVER)
    connection.receive_data(bodies.content_length_head(0, length))
    request_of(connection)

    def take(read: bytes) -> None:
        connection.receive_data(read)
        event = connection.next_event()
        if not isinstance(event, h11.Data) or event.data != read:
            raise UnexpectedEventError(event)

    return take


WORKS: dict[str, Work[Any]] = {
    "server_cycle": Work(lambda: serve_anew, sent_together),
    "server_keepalive": Work(keep_serving, sent_together),
    "client_keepalive": Work(keep_asking),
    "request_parse": Work(lambda: parse),
    "request_parse_small": Work(lambda: parse),
    "fields_100": Work(lambda: parse),
    "head_bytewise": Work(lambda: parse_bytewise),
    "pipelined": Work(answer_pipelined),
    "chunked_in": upload(bodies.chunked_reads, bodies.CHUNKS),
    "tiny_chunks": upload(bodies.tiny_reads, bodies.TINY_CHUNKS),
    "trailers": Work(lambda: receive_trailers),
    "chunked_out": Work(send_chunked),
    "content_length_in": upload(bodies.content_length_reads, 0),
    "upgrade": Work(lambda: switch),
    "rejected": Work(lambda: refuse),
}

PACKAGES = ("h11", "h11_events", "h11_parser", "h11_statemachine")
"""The packages of ours; the upstream release is only the first."""

IMPLEMENTATION = Implementation(
    "h11", h11.__version__, h11.__file__, PACKAGES, WORKS, idle=idle, body=begin_body
)
