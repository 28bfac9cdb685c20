"""mitmproxy reads the bodies of HTTP/1.1 messages, of both sides, with the readers of h11."""

import socket
import threading

import pytest

from tests.dependents.public.on_mitmproxy.mitm import Proxy
from tests.dependents.public.origin import (
    Cut,
    Origin,
    octets,
    read_message,
    send_pieces,
    serving,
    take_exactly,
    take_through,
    whole,
)
from tests.integration.sockets import TIMEOUT, connect, read_to_end

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

LARGE = bytes(range(256)) * 4_000


def ask(origin: Origin, line: bytes, *fields: bytes) -> bytes:
    """Return the head of a request to the server, for a proxy."""
    host = "{}:{}".format(*origin.address).encode()
    method, version = line.split()
    target = b"http://" + host + b"/"
    return b"\r\n".join(
        [b"%s %s %s" % (method, target, version), b"Host: " + host, *fields, b"", b""]
    )


REQUEST_BODIES: dict[str, tuple[list[bytes], bytes, bytes]] = {
    "length": ([b"Content-Length: 5"], b"hello", b"hello"),
    "no octets": ([b"Content-Length: 0"], b"", b""),
    "chunks": ([b"Transfer-Encoding: chunked"], b"3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n", b"hello"),
    "a chunk size with zeros": (
        [b"Transfer-Encoding: chunked"],
        b"005\r\nhello\r\n0\r\n\r\n",
        b"hello",
    ),
    "hexadecimal in both cases": (
        [b"Transfer-Encoding: chunked"],
        b"A\r\n0123456789\r\nb\r\n0123456789x\r\n0\r\n\r\n",
        b"01234567890123456789x",
    ),
    "chunk extensions": (
        [b"Transfer-Encoding: chunked"],
        b'5;name=value;other="quoted"\r\nhello\r\n0;last\r\n\r\n',
        b"hello",
    ),
    "no chunk but the last": ([b"Transfer-Encoding: chunked"], b"0\r\n\r\n", b""),
    "line ends in a chunk": (
        [b"Transfer-Encoding: chunked"],
        b"4\r\n\r\n\r\n\r\n0\r\n\r\n",
        b"\r\n\r\n",
    ),
}


@pytest.mark.parametrize("name", REQUEST_BODIES)
def test_the_body_of_a_request_is_read(proxy: Proxy, cut: Cut, name: str) -> None:
    """However it is framed and cut, the flow has the content, and the server gets it."""
    fields, sent, content = REQUEST_BODIES[name]
    with serving([whole(OK)]) as origin, connect(proxy.address) as client:
        send_pieces(client, cut(ask(origin, b"POST HTTP/1.1", *fields) + sent))
        assert read_message(client).endswith(b"\r\n\r\nok")
        flow = proxy.flow(origin.address)
    assert flow.request.content == content
    assert flow.error is None
    head, _, body = origin.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST / HTTP/1.1\r\n")
    if b"chunked" in fields[0]:
        assert (
            body == (b"%x\r\n%s\r\n" % (len(content), content) if content else b"") + b"0\r\n\r\n"
        )
    else:
        assert body == content


RESPONSES: dict[str, tuple[bytes, bytes]] = {
    "length": (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", b"hello"),
    "no octets": (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", b""),
    "chunks": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n",
        b"hello",
    ),
    "chunk extensions": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n0\r\n\r\n",
        b"hello",
    ),
    "until the close": (b"HTTP/1.1 200 OK\r\n\r\nhello", b"hello"),
    "nothing until the close": (b"HTTP/1.1 200 OK\r\n\r\n", b""),
    "version 1.0": (b"HTTP/1.0 200 OK\r\n\r\nhello", b"hello"),
    "version 1.0 with length": (b"HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello", b"hello"),
    "204": (b"HTTP/1.1 204 No Content\r\n\r\n", b""),
    "304": (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", b""),
    "an empty reason": (b"HTTP/1.1 200 \r\nContent-Length: 5\r\n\r\nhello", b"hello"),
    "bare line feeds": (b"HTTP/1.1 200 OK\nContent-Length: 5\n\nhello", b"hello"),
}


@pytest.mark.parametrize("name", RESPONSES)
def test_the_body_of_a_response_is_read(proxy: Proxy, cut: Cut, name: str) -> None:
    """However it is framed and cut, the flow has the content, and the client gets it."""
    response, content = RESPONSES[name]
    with serving([cut(response)]) as origin, connect(proxy.address) as client:
        send_pieces(client, [ask(origin, b"GET HTTP/1.1", b"Connection: close")])
        received = read_to_end(client)
        flow = proxy.flow(origin.address)
    assert flow.response.content == content
    assert flow.error is None
    body = received.partition(b"\r\n\r\n")[2]
    chunked = b"chunked" in response
    assert body == (b"%x\r\n%s\r\n0\r\n\r\n" % (len(content), content) if chunked else content)


def test_the_answer_to_head_has_no_body(proxy: Proxy) -> None:
    """The length in it tells of a body that is not there, so that the next answer is read."""
    with (
        serving([[b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"], [OK]]) as origin,
        connect(proxy.address) as client,
    ):
        send_pieces(client, [ask(origin, b"HEAD HTTP/1.1")])
        assert take_through(client, b"\r\n\r\n").startswith(b"HTTP/1.1 200 OK")
        send_pieces(client, [ask(origin, b"GET HTTP/1.1")])
        assert read_message(client).endswith(b"ok")
        assert [proxy.flow(origin.address).response.content for _ in range(2)] == [b"", b"ok"]


@pytest.mark.parametrize("framing", ["length", "chunks"])
def test_large_bodies_pass_both_ways(proxy: Proxy, framing: str) -> None:
    """Bodies of many reads are put together as they were."""
    chunks = b"".join(
        b"%x\r\n%s\r\n" % (1000, LARGE[at : at + 1000]) for at in range(0, 1_024_000, 1000)
    )
    fields, sent = {
        "length": (b"Content-Length: %d" % len(LARGE), LARGE),
        "chunks": (b"Transfer-Encoding: chunked", chunks + b"0\r\n\r\n"),
    }[framing]
    answer = b"HTTP/1.1 200 OK\r\n%s\r\n\r\n%s" % (fields, sent)
    with serving([whole(answer)]) as origin, connect(proxy.address) as client:
        send_pieces(client, [ask(origin, b"POST HTTP/1.1", fields) + sent])
        received = read_message(client)
        flow = proxy.flow(origin.address)
    assert flow.request.content == LARGE
    assert flow.response.content == LARGE
    assert len(origin.requests[0]) > len(LARGE)
    assert len(received) > len(LARGE)


def test_requests_sent_at_once_are_answered_in_turn(proxy: Proxy) -> None:
    """A client may send the next request before the answer; what is read ahead is not lost."""
    answers = [[b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n%d" % index] for index in range(3)]
    with serving(answers) as origin, connect(proxy.address) as client:
        posts = (
            ask(origin, b"POST HTTP/1.1", b"Transfer-Encoding: chunked") + b"1\r\na\r\n0\r\n\r\n"
        )
        posts += ask(origin, b"POST HTTP/1.1", b"Content-Length: 1") + b"b"
        send_pieces(client, [posts + ask(origin, b"GET HTTP/1.1")])
        bodies = [read_message(client)[-1:] for _ in range(3)]
        flows = [proxy.flow(origin.address) for _ in range(3)]
    assert bodies == [b"0", b"1", b"2"]
    assert [flow.request.content for flow in flows] == [b"a", b"b", b""]


def test_an_empty_line_before_a_request_is_left_out(proxy: Proxy) -> None:
    """A line end that some clients send after a body does not hide the next request."""
    with serving([[OK], [OK]]) as origin, connect(proxy.address) as client:
        send_pieces(client, [ask(origin, b"POST HTTP/1.1", b"Content-Length: 1") + b"a"])
        assert read_message(client).endswith(b"ok")
        client.sendall(b"\r\n")
        for piece in octets(ask(origin, b"GET HTTP/1.1")):
            client.sendall(piece)
        assert read_message(client).endswith(b"ok")
        assert [proxy.flow(origin.address).request.method for _ in range(2)] == ["POST", "GET"]


def test_bodies_are_passed_on_as_they_come(streaming: Proxy) -> None:
    """While the rest of both bodies is not sent, the first parts are at the other end."""
    arrived, sent_on = threading.Event(), threading.Event()

    def talk(connected: socket.socket) -> None:
        """Wait for half of the upload, answer with a half, and go on when the client has it."""
        take_through(connected, b"\r\n\r\n")
        assert take_exactly(connected, 9) == b"4\r\nhalf\r\n"
        arrived.set()
        connected.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nhalf")
        sent_on.wait(TIMEOUT)
        assert take_through(connected, b"0\r\n\r\n") == b"4\r\nrest\r\n0\r\n\r\n"
        connected.sendall(b"rest")

    with serving(talk) as origin, connect(streaming.address) as client:
        client.sendall(
            ask(origin, b"POST HTTP/1.1", b"Transfer-Encoding: chunked") + b"4\r\nhalf\r\n"
        )
        assert arrived.wait(TIMEOUT)
        assert take_through(client, b"half").startswith(b"HTTP/1.1 200 OK")
        sent_on.set()
        client.sendall(b"4\r\nrest\r\n0\r\n\r\n")
        assert take_exactly(client, 4) == b"rest"
        assert streaming.flow(origin.address).error is None


def test_a_client_that_waits_for_100_is_told_to_go_on(proxy: Proxy) -> None:
    """Mitmproxy answers 100 itself, and then reads the body."""
    with serving([whole(OK)]) as origin, connect(proxy.address) as client:
        client.sendall(ask(origin, b"PUT HTTP/1.1", b"Content-Length: 5", b"Expect: 100-continue"))
        assert take_through(client, b"\r\n\r\n").startswith(b"HTTP/1.1 100 ")
        client.sendall(b"hello")
        assert read_message(client).endswith(b"ok")
        assert proxy.flow(origin.address).request.content == b"hello"
