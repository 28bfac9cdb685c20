"""The lines of the table that are timed: what goes in and what must come out, for whoever does it.

In: the index of a call. Out: its input, made before the clock starts, and its right result, made
after the clock has stopped. Field names come out in lower case (RFC 9110, section 5.1).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic

from tests.benchmarks import bodies, traffic
from tests.benchmarks.implementation import Case
from tests.benchmarks.traffic import Field, lowered


@dataclass(frozen=True)
class Line(Generic[Case]):
    """A line of the table.

    Attributes:
        make: Gives the input of the call with that index.
        expect: Gives what the call with that index must return.
    """

    make: Callable[[int], Case]
    expect: Callable[[int], object]


Read = tuple[bytes, bytes, list[Field]]
"""What is read of a request: method, target, and fields."""

Exchange = tuple[bytes, list[Field]]
"""A request on the wire, and the fields to answer it with."""

Question = tuple[bytes, list[Field], bytes]
"""Target and fields of a request, and its response on the wire."""

Asked = tuple[bytes, int, list[Field], bytes]
"""What a client has sent, then status, fields and body of the response."""

Uploaded = tuple[bytes, int, bytes]
"""The target of an upload, the octets of its body, and the last piece of it."""

Answered = tuple[list[tuple[bytes, list[Field]]], bytes]
"""The targets and fields of pipelined requests, and what was sent for them."""

WithTrailers = tuple[bytes, bytes, list[Field]]
"""The target of an upload, its body, and the fields of its trailer section."""

Switched = tuple[bytes, list[Field], bytes, bytes]
"""Target and fields of a request to upgrade, the octets after it, and what was sent."""

Refused = tuple[int, bytes]
"""The status that a malformed request is answered with, and what was sent."""


def browser_request(index: int) -> Read:
    """Return what must be read of the request of a browser."""
    return b"GET", traffic.browser_target(index), lowered(traffic.browser_fields(index))


def small_request(index: int) -> Read:
    """Return what must be read of a health check."""
    return b"GET", traffic.small_target(index), lowered(traffic.small_fields(index))


def long_request(index: int) -> Read:
    """Return what must be read of a head of many fields."""
    return b"GET", traffic.small_target(index), lowered(traffic.many_fields(index))


def octets_of(index: int) -> list[bytes]:
    """Return the head that a browser sends, byte by byte."""
    wire = traffic.browser_head(index)
    return [wire[position : position + 1] for position in range(len(wire))]


def exchange(index: int) -> Exchange:
    """Return the request of a browser, and what to answer."""
    return traffic.browser_head(index), traffic.response_fields(index)


def served(index: int) -> tuple[bytes, list[Field], bytes]:
    """Return what a server must read of the request of a browser, and what it must send."""
    _, target, pairs = browser_request(index)
    return target, pairs, traffic.response_head(index) + traffic.BODY


def question(index: int) -> Question:
    """Return what to ask a service for, and its response in one read."""
    wire = traffic.response_head(index) + traffic.BODY
    return traffic.client_target(index), traffic.client_fields(index), wire


def asked(index: int) -> Asked:
    """Return what a client must send, and must read of the response."""
    pairs = lowered(traffic.response_fields(index))
    return traffic.client_head(index), 200, pairs, traffic.BODY


def chunked_upload(index: int) -> Uploaded:
    """Return what must be read of an upload in chunks of 1 KiB."""
    last = bodies.payload(bodies.CHUNKS - 1)
    return (
        bodies.upload_target(index),
        sum(map(len, map(bodies.payload, range(bodies.CHUNKS)))),
        last,
    )


def tiny_upload(index: int) -> Uploaded:
    """Return what must be read of an upload in tiny chunks."""
    contents = [bodies.tiny_payload(number) for number in range(bodies.TINY_CHUNKS)]
    return bodies.upload_target(index), sum(map(len, contents)), contents[-1]


def content_length_upload(index: int) -> Uploaded:
    """Return what must be read of an upload with a Content-Length."""
    return bodies.upload_target(index), bodies.UPLOAD_LENGTH, bodies.content_length_reads()[-1]


def answered(index: int) -> Answered:
    """Return what a server must read of pipelined requests, and what it must send."""
    first = index * traffic.PIPELINED
    requests = [small_request(number)[1:] for number in range(first, first + traffic.PIPELINED)]
    return requests, traffic.answer() * traffic.PIPELINED


def with_trailers(index: int) -> WithTrailers:
    """Return what must be read of an upload with a trailer section."""
    pairs = lowered(bodies.trailer_fields(index))
    return bodies.upload_target(index), bodies.payload(index), pairs


def switched(index: int) -> Switched:
    """Return what a server must read of a request to upgrade, and what it must send."""
    pairs = lowered(traffic.upgrade_fields(index))
    return traffic.small_target(index), pairs, traffic.FRAME, traffic.switching_head(index)


def refused(_: int) -> Refused:
    """Return how a server must answer a malformed request."""
    return 400, traffic.refusal()


LINES: dict[str, Line[Any]] = {
    "server_cycle": Line(exchange, served),
    "server_keepalive": Line(exchange, served),
    "client_keepalive": Line(question, asked),
    "request_parse": Line(traffic.browser_head, browser_request),
    "request_parse_small": Line(traffic.small_head, small_request),
    "fields_100": Line(traffic.long_head, long_request),
    "head_bytewise": Line(octets_of, browser_request),
    "pipelined": Line(traffic.pipelined_wire, answered),
    "chunked_in": Line(bodies.chunked_head, chunked_upload),
    "tiny_chunks": Line(bodies.chunked_head, tiny_upload),
    "trailers": Line(bodies.trailers_wire, with_trailers),
    "chunked_out": Line(bodies.payload, lambda index: bodies.chunk(bodies.payload(index))),
    "content_length_in": Line(bodies.content_length_head, content_length_upload),
    "upgrade": Line(
        lambda index: (traffic.upgrade_wire(index), traffic.switching_fields(index)), switched
    ),
    "rejected": Line(traffic.malformed_head, refused),
}
"""The lines that are timed, by their names."""
