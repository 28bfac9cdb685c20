"""The lines by httptools, which reads requests and responses, and writes neither.

In: the input of a call. Out: what its callbacks collected. What is to be sent is joined by hand and
without any check, as servers on httptools do it; a line that only sends is left out. It runs where
httptools is installed, which is not where mypy runs.
"""

from collections.abc import Callable
from functools import partial
from importlib import import_module
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
    Switched,
    Uploaded,
    WithTrailers,
)
from tests.benchmarks.traffic import Field

httptools: Any = import_module("httptools")


class Heads:
    """The callbacks that collect the head of a message, its field names in lower case."""

    target: bytes
    fields: list[Field]
    complete: bool

    def on_message_begin(self) -> None:
        """Begin with nothing."""
        self.target = b""
        self.fields = []
        self.complete = False

    def on_url(self, part: bytes) -> None:
        """Take a part of the request target."""
        self.target += part

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a field."""
        self.fields.append((name.lower(), value))

    def on_message_complete(self) -> None:
        """Note that the message has ended."""
        self.complete = True


class Pieces(Heads):
    """The callbacks that count the octets of a body too, and keep its last piece."""

    octets = 0
    last = b""

    def on_body(self, piece: bytes) -> None:
        """Take a piece of a body."""
        self.last = piece
        self.octets += len(piece)


class Served(Heads):
    """The callbacks of a server, which asks whether the connection is kept alive."""

    def __init__(self) -> None:
        """Make the parser that calls them."""
        self.parser = httptools.HttpRequestParser(self)

    def on_message_complete(self) -> None:
        """Note that the message has ended, and the connection has not."""
        self.complete = self.parser.should_keep_alive()


class Bodies(Heads):
    """The callbacks that keep a body whole, and its trailer section apart from the head."""

    body = b""
    head: list[Field]

    def on_headers_complete(self) -> None:
        """Put what comes from now on into the trailer section."""
        self.head, self.fields = self.fields, []

    def on_body(self, piece: bytes) -> None:
        """Take a piece of a body."""
        self.body += piece


class AskedFor(Bodies):
    """The callbacks of a client, which asks whether the connection is kept alive."""

    def __init__(self) -> None:
        """Make the parser that calls them."""
        self.parser = httptools.HttpResponseParser(self)

    def on_message_complete(self) -> None:
        """Note that the message has ended, and the connection has not."""
        self.complete = self.parser.should_keep_alive()


class Pipelined(Heads):
    """The callbacks that answer each request as soon as it has ended."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.requests: list[tuple[bytes, list[Field]]] = []
        self.sent: list[bytes] = []
        self.answer = traffic.answer_fields()

    def on_message_complete(self) -> None:
        """Answer the request."""
        self.requests.append((self.target, self.fields))
        self.sent.append(respond(b"HTTP/1.1 200 OK", self.answer, traffic.ANSWER))


def respond(status_line: bytes, fields: list[Field], body: bytes) -> bytes:
    """Return a response, joined by hand."""
    return b"\r\n".join([status_line, *map(b": ".join, fields), b"", body])


def parse(wire: bytes) -> Read:
    """Read the head of a request with a new parser."""
    heads = Heads()
    parser = httptools.HttpRequestParser(heads)
    parser.feed_data(wire)
    return parser.get_method(), heads.target, heads.fields


def parse_bytewise(octets: list[bytes]) -> Read:
    """Read the head of a request byte by byte with a new parser."""
    heads = Heads()
    parser = httptools.HttpRequestParser(heads)
    for octet in octets:
        parser.feed_data(octet)
    return parser.get_method(), heads.target, heads.fields


def serve(served: Served, exchange: Exchange) -> tuple[bytes, list[Field], bytes]:
    """Read a request and answer it."""
    wire, fields = exchange
    served.parser.feed_data(wire)
    if not served.complete:
        raise UnexpectedEventError(served)
    return served.target, served.fields, respond(b"HTTP/1.1 200 OK", fields, traffic.BODY)


def serve_anew(exchange: Exchange) -> tuple[bytes, list[Field], bytes]:
    """Serve a request with a new parser."""
    return serve(Served(), exchange)


def keep_serving() -> Callable[[Exchange], tuple[bytes, list[Field], bytes]]:
    """Return what serves one request after the other with one parser."""
    return partial(serve, Served())


def keep_asking() -> Callable[[Question], Asked]:
    """Return what joins one request after the other, and reads the responses with one parser."""
    response = AskedFor()

    def ask(question: Question) -> Asked:
        target, fields, wire = question
        head = respond(b"GET %b HTTP/1.1" % target, fields, b"")
        response.body = b""
        response.parser.feed_data(wire)
        if not response.complete:
            raise UnexpectedEventError(response)
        return head, response.parser.get_status_code(), response.head, response.body

    return ask


def receive_upload(reads: list[bytes], head: bytes) -> Uploaded:
    """Read an upload with a new parser."""
    pieces = Pieces()
    parser = httptools.HttpRequestParser(pieces)
    parser.feed_data(head)
    for read in reads:
        parser.feed_data(read)
    if not pieces.complete:
        raise UnexpectedEventError(pieces)
    return pieces.target, pieces.octets, pieces.last


def upload(reads: Callable[[], list[bytes]]) -> Work[bytes]:
    """Return how an upload is received that comes in those reads."""
    return Work(lambda: partial(receive_upload, reads()))


def answer_pipelined(wire: bytes) -> Answered:
    """Read many requests out of one read, and answer each of them."""
    pipelined = Pipelined()
    httptools.HttpRequestParser(pipelined).feed_data(wire)
    return pipelined.requests, b"".join(pipelined.sent)


def receive_trailers(wire: bytes) -> WithTrailers:
    """Read an upload with a trailer section with a new parser."""
    message = Bodies()
    httptools.HttpRequestParser(message).feed_data(wire)
    if not message.complete:
        raise UnexpectedEventError(message)
    return message.target, message.body, message.fields


def switch(exchange: Exchange) -> Switched:
    """Read a request to upgrade with a new parser, agree to it, and give what came after it."""
    wire, fields = exchange
    heads = Heads()
    parser = httptools.HttpRequestParser(heads)
    try:
        parser.feed_data(wire)
    except httptools.HttpParserUpgrade as upgrade:
        trailing = wire[upgrade.args[0] :]
    else:
        raise UnexpectedEventError(heads)
    sent = respond(b"HTTP/1.1 101 Switching Protocols", fields, b"")
    return heads.target, heads.fields, trailing, sent


def refuse(wire: bytes) -> Refused:
    """Read what is no request with a new parser, and answer it."""
    heads = Heads()
    try:
        httptools.HttpRequestParser(heads).feed_data(wire)
    except httptools.HttpParserError:
        fields = traffic.refusal_fields()
        return 400, respond(b"HTTP/1.1 400 Bad Request", fields, traffic.REFUSAL)
    raise UnexpectedEventError(heads)


WORKS: dict[str, Work[Any]] = {
    "server_cycle": Work(lambda: serve_anew),
    "server_keepalive": Work(keep_serving),
    "client_keepalive": Work(keep_asking),
    "request_parse": Work(lambda: parse),
    "request_parse_small": Work(lambda: parse),
    "fields_100": Work(lambda: parse),
    "head_bytewise": Work(lambda: parse_bytewise),
    "pipelined": Work(lambda: answer_pipelined),
    "chunked_in": upload(bodies.chunked_reads),
    "tiny_chunks": upload(bodies.tiny_reads),
    "trailers": Work(lambda: receive_trailers),
    "content_length_in": upload(bodies.content_length_reads),
    "upgrade": Work(lambda: switch),
    "rejected": Work(lambda: refuse),
}

IMPLEMENTATION = Implementation(
    "httptools", httptools.__version__, httptools.__file__, ("httptools",), WORKS
)
