"""Test that the example server on asyncio answers the same, however its input is cut.

In: one conversation, cut in two at every place, and into single octets. Out: the same octets.
"""

import time

from tests.examples.serving import exchange, without_date
from tests.integration.sockets import Address, connect, read_to_end

CONVERSATION = (
    b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"
    b"POST /hash HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"3;ext=1\r\nabc\r\n2\r\nde\r\n0\r\nSum: 2\r\n\r\n"
    b"\r\nHEAD / HTTP/1.1\r\nHost: a\r\n\r\n"
    b"GET /stream?n=2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
)

ANSWER = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n%b0\r\n\r\n"
    b"HTTP/1.1 200 OK\r\nContent-Length: 64\r\nContent-Type: text/plain\r\n\r\n"
    b"36bbe50ed96841d10443bcb670d6554f0a34b761be67ec9c4a8ad2c0c44ca42c"
    b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\nContent-Type: text/plain\r\n\r\n"
    b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n"
    b"Connection: close\r\n\r\n7\r\nline 0\n\r\n7\r\nline 1\n\r\n0\r\n\r\n"
)


def test_conversation_goes_the_same_however_it_is_cut(address: Address) -> None:
    """At every place but within the echoed body, where the cut is echoed, too."""
    start = CONVERSATION.index(b"hello")
    for cut in range(1, len(CONVERSATION)):
        head, tail = CONVERSATION[:cut], CONVERSATION[cut:]
        with connect(address) as client:
            client.sendall(head)
            time.sleep(0.002)
            client.sendall(tail)
            received = without_date(read_to_end(client))
        pieces = [b"hello"]
        if start < cut < start + len(b"hello"):
            pieces = [b"hello"[: cut - start], b"hello"[cut - start :]]
        echoes = [ANSWER % b"".join(b"%x\r\n%b\r\n" % (len(p), p) for p in pieces)]
        assert received in [*echoes, ANSWER % b"5\r\nhello\r\n"], cut


def test_conversation_goes_the_same_octet_by_octet(address: Address) -> None:
    """Nothing is decided before it can be."""
    octets = [CONVERSATION[i : i + 1] for i in range(len(CONVERSATION))]
    received = without_date(exchange(address, *octets))
    _, _, rest = ANSWER.partition(b"%b0\r\n\r\n")
    assert received.endswith(rest)
