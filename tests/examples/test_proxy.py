"""Tests of the example proxy: what reaches the other side of it, and how.

In: messages on the sockets of a client and of an upstream. Out: the messages on the other one, with
what is for one hop replaced.
"""

import socket

import pytest

from tests.examples.proxying import (
    VIA,
    Upstream,
    exhausted,
    fields_of,
    read_head,
    without,
)
from tests.integration.sockets import TIMEOUT, Address, connect, read_to_end, read_until

GET = b"GET /path?query HTTP/1.1\r\nHost: www.example.com\r\n\r\n"
OK = b"HTTP/1.1 200 Fine\r\nDate: today\r\nContent-Length: 2\r\n\r\nhi"


def test_request_and_response_come_through(proxy: Address, upstream: Upstream) -> None:
    """Both are the same on the other side but for Via; reason phrase and casing stay."""
    with connect(proxy) as client:
        client.sendall(GET.replace(b"\r\n\r\n", b"\r\naCCept: b\r\n\r\n"))
        with upstream.accept() as server:
            expected = GET.replace(b"\r\n\r\n", b"\r\naCCept: b\r\n" + VIA + b"\r\n")
            assert read_head(server) == expected
            server.sendall(OK)
            received = read_until(client, b"hi")
    assert received == OK.replace(b"\r\n\r\n", b"\r\n" + VIA + b"\r\n")
