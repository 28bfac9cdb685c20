"""Tests of the example proxy as the way to smuggle something in.

Attack: octets that the proxy and the server behind it read differently, so that the server sees a
request that the proxy has not seen. Answer: what arrives at a server that goes by nothing but the
grammar is, in order, what the client has said by the same grammar, up to where the proxy refuses;
nothing arrives that is no request, and each response belongs to one that arrived. So it is with
what a server says to a client.
"""

import contextlib
import re
import socket
from collections.abc import Iterator

import pytest
from hypothesis import assume, event, given, settings

from h11_events import RemoteProtocolError
from h11_parser import NEED_DATA, RequestParser, Tolerance
from tests.attacks import (
    test_chunk_ends,
    test_chunk_extensions,
    test_chunk_sizes,
    test_hosts,
    test_obscured_coding,
    test_smuggled_messages,
    test_trailers,
    test_two_lengths,
    test_versions,
    test_white_space,
)
from tests.attacks.harness import GET, post
from tests.attacks.mutations import RESPONSES, mutated_conversations
from tests.attacks.near_misses import request_streams, response_streams
from tests.attacks.reference import Message
from tests.attacks.reference_of_responses import read_responses
from tests.examples.proxying import Upstream, proxy_running, read_head, upstream_listening
from tests.examples.recording import FORBIDDEN, Recorder, recording, requests_in
from tests.integration.sockets import Address, connect

CHUNKED = b"Transfer-Encoding: chunked"
SMUGGLED = b"GET /admin HTTP/1.1\r\nHost: a\r\n\r\n"
HOP_BY_HOP = ("connection", "te", "upgrade", "keep-alive", "proxy-connection")


def read_to_any_end(client: socket.socket) -> bytes:
    """Return all that comes, be the end a reset or not."""
    received = bytearray()
    with contextlib.suppress(ConnectionResetError):
        while piece := client.recv(65536):
            received += piece
    return bytes(received)


def meaning(message: Message, authority: str) -> tuple[object, ...]:
    """Return what a request means to the server with that authority, whatever hops it has taken."""
    method, target, _ = message.start
    fields = message.fields
    host = next((value for name, value in fields if name == "host"), "")
    if found := re.fullmatch("(?i)http://([^/?]*)(.*)", target):
        host, target = found[1], found[2]
        if not target.startswith("/"):
            target = "*" if method == "OPTIONS" and not target else f"/{target}"
    options = {
        option.strip().lower()
        for name, value in fields
        if name == "connection"
        for option in value.split(",")
    }
    left = {*options, *HOP_BY_HOP, "host", "via", "content-length", "max-forwards"}
    kept = [(name, value) for name, value in fields if name not in left]
    trailers = [(name, value) for name, value in message.trailers if name not in left]
    return method, target, host or authority, kept, message.body, trailers


def send(proxy: Address, stream: bytes) -> bytes:
    """Return what the proxy answers to all that a client has to say."""
    with connect(proxy) as client:
        with contextlib.suppress(ConnectionError):
            client.sendall(stream)
            client.shutdown(socket.SHUT_WR)
        return read_to_any_end(client)


def assert_nothing_is_smuggled(recorder: Recorder, proxy: Address, stream: bytes) -> int:
    """Send a stream; assert that what arrives is what was said, and return how much that is."""
    answers = send(proxy, stream)
    authority = "{}:{}".format(*recorder.server_address)
    arrived = [meaning(message, authority) for message in recorder.take()]
    said = [meaning(message, authority) for message in requests_in(stream)[0]]
    assert arrived == said[: len(arrived)]
    told = re.findall(rb"<(\S+) (\S+)>", answers)
    assert told == [
        (str(method).encode("latin-1"), str(target).encode("latin-1"))
        for method, target, *_ in arrived
        if method != "HEAD"
    ]
    assert answers.count(b"HTTP/1.1 200 OK\r\n") == len(arrived)
    return len(arrived)


@pytest.fixture(scope="module")
def backend() -> Iterator[tuple[Recorder, Address]]:
    """What records, and the address of a proxy in front of it."""
    with recording() as (recorder, address), proxy_running(address) as serving:
        yield recorder, serving.address.result()


FAMILIES: dict[str, list[bytes]] = {
    "two framings": [
        post(*lines, body=test_two_lengths.SMUGGLED)
        for lines in test_two_lengths.TWO_FRAMINGS.values()
    ],
    "lengths that are none": [
        post(b"Content-Length: " + value, body=SMUGGLED)
        for value in test_two_lengths.LENGTHS_THAT_ARE_NONE.values()
    ],
    "lengths that differ": [
        post(*lines, body=SMUGGLED) for lines in test_two_lengths.DIFFERENT_LENGTHS.values()
    ],
    "obscured coding": [
        post(*(b"Transfer-Encoding: " + value for value in values), body=b"0\r\n\r\n" + SMUGGLED)
        for values in test_obscured_coding.NOT_CHUNKED.values()
    ],
    "line that hides the coding": [
        post(line, b"Content-Length: 5", body=b"0\r\n\r\n" + SMUGGLED)
        for line in test_obscured_coding.BAD_LINES.values()
    ],
    "folded coding": [
        post(lines, body=b"0\r\n\r\n" + SMUGGLED)
        for lines, _ in test_obscured_coding.FOLDS.values()
    ],
    "chunk ends": [
        post(CHUNKED, body=b"5\r\nhello%b0\r\n\r\n" % end + SMUGGLED)
        for end in test_chunk_ends.NO_CHUNK_ENDS.values()
    ],
    "chunk sizes": [
        post(CHUNKED, body=size + b"\r\nhello\r\n0\r\n\r\n" + SMUGGLED)
        for size in test_chunk_sizes.NO_SIZES.values()
    ],
    "huge chunks": [
        post(CHUNKED, body=size + b"\r\nhello\r\n0\r\n\r\n" + SMUGGLED)
        for size in test_chunk_sizes.HUGE.values()
    ],
    "chunk extensions": [
        post(CHUNKED, body=b"5%b\r\nhello\r\n0\r\n\r\n" % extension + SMUGGLED)
        for extension in test_chunk_extensions.ILLEGAL.values()
    ],
    "trailers": [
        post(CHUNKED, body=b"0\r\n%b\r\n\r\n" % line + SMUGGLED)
        for line in test_trailers.LINES.values()
    ],
    "hosts": [
        b"GET / HTTP/1.1\r\nHost: %b\r\n\r\n" % host + SMUGGLED
        for host in test_hosts.NO_HOSTS.values()
    ],
    "several hosts": [
        b"GET / HTTP/1.1\r\n" + b"".join(line + b"\r\n" for line in lines) + b"\r\n" + SMUGGLED
        for lines in test_hosts.NUMBERS.values()
    ],
    "targets": [
        b"GET %b HTTP/1.1\r\nHost: a\r\n\r\n" % target + SMUGGLED
        for target in test_hosts.NO_TARGETS.values()
    ],
    "request lines": [
        line + b"\r\nHost: a\r\n\r\n" + SMUGGLED for line in test_white_space.REQUEST_LINES.values()
    ],
    "field lines": [
        b"GET / HTTP/1.1\r\nHost: a\r\n" + line + b"\r\n\r\n" + SMUGGLED
        for line in test_white_space.FIELD_LINES.values()
    ],
    "versions": [
        b"GET / %b\r\nHost: a\r\n\r\n" % version + SMUGGLED
        for version in test_versions.NO_VERSIONS.values()
    ],
    "simple requests": [request + SMUGGLED for request in test_versions.SIMPLE_REQUESTS.values()],
    "faults": [fault + SMUGGLED for fault in test_smuggled_messages.FAULTS.values()],
}
"""Requests of which one reader or another sees `SMUGGLED` where it does not belong."""


@pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES)
def test_known_attacks_go_nowhere(backend: tuple[Recorder, Address], family: list[bytes]) -> None:
    """No request of theirs arrives, nor anything behind it; one before it does."""
    for stream in family:
        assert assert_nothing_is_smuggled(*backend, stream) == 0, stream
        assert assert_nothing_is_smuggled(*backend, GET + stream) == 1, stream


@pytest.mark.parametrize(
    ("stream", "count"),
    [
        pytest.param(post(b"Content-Length: %d" % len(SMUGGLED), body=SMUGGLED), 1, id="length"),
        pytest.param(
            post(CHUNKED, body=b"%x\r\n%b\r\n0\r\n\r\n" % (len(SMUGGLED), SMUGGLED)), 1, id="chunks"
        ),
        pytest.param(
            GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n") + SMUGGLED, 1, id="last"
        ),
        pytest.param(GET.replace(b"1.1", b"1.0") + SMUGGLED, 1, id="HTTP/1.0"),
        pytest.param(post(b"Content_Length: 5") + SMUGGLED, 2, id="other name"),
        pytest.param(
            post(b"Connection: Content-Length", b"Content-Length: 31", body=SMUGGLED),
            1,
            id="named length",
        ),
        pytest.param(
            post(b"Connection: Transfer-Encoding", CHUNKED, body=b"0\r\n\r\n") + SMUGGLED,
            2,
            id="named coding",
        ),
        pytest.param(
            GET.replace(b"\r\n\r\n", b"\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n") + SMUGGLED,
            2,
            id="other protocol",
        ),
        pytest.param(b"CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n" + SMUGGLED, 0, id="tunnel"),
    ],
)
def test_what_is_no_request_to_the_client_is_none_to_the_server(
    backend: tuple[Recorder, Address], stream: bytes, count: int
) -> None:
    """Requests in bodies stay there, those behind the last are dropped, and all others arrive."""
    assert assert_nothing_is_smuggled(*backend, stream) == count


def is_plain(stream: bytes) -> bool:
    """Return whether a stream means the same where unencoded targets are not tolerated."""
    ends = []
    for tolerate in (Tolerance.NONE, Tolerance.REQUESTS):
        parser = RequestParser(tolerate=tolerate)
        parser.receive_data(stream)
        count = 0
        with contextlib.suppress(RemoteProtocolError):
            while parser.next_event() is not NEED_DATA and count < 100:
                count += 1
        ends.append(count)
    return ends[0] == ends[1]


@settings(max_examples=250)
@given(stream=request_streams() | mutated_conversations())
def test_streams_that_are_legal_or_nearly(backend: tuple[Recorder, Address], stream: bytes) -> None:
    """Whatever nobody has thought of does not get through either."""
    assume(is_plain(stream))
    event(f"{assert_nothing_is_smuggled(*backend, stream)} arrived")


# The other direction.


@pytest.fixture(scope="module")
def scripted() -> Iterator[tuple[Upstream, Address]]:
    """An upstream, and the address of a proxy in front of it."""
    with upstream_listening() as upstream, proxy_running(upstream.address) as serving:
        yield upstream, serving.address.result()


@settings(max_examples=150)
@given(octets=response_streams() | mutated_conversations(RESPONSES))
def test_responses_that_are_legal_or_nearly(
    scripted: tuple[Upstream, Address], octets: bytes
) -> None:
    """A client gets one response that the grammar has, or half of it, and nothing behind it."""
    upstream, proxy = scripted
    with connect(proxy) as client:
        client.sendall(GET)
        client.shutdown(socket.SHUT_WR)
        with upstream.accept() as server:
            read_head(server)
            server.sendall(octets)
        received = read_to_any_end(client)
    reading = read_responses(received, ["GET"], FORBIDDEN)
    final = [message for message in reading.messages if not message.start[1].startswith("1")]
    event("whole" if reading.accepted else "broken off")
    assert len(final) == (1 if reading.accepted else 0)
