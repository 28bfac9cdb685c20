"""What is few enough to be compared case by case: fix-ups of responses, and each near miss."""

from collections.abc import Iterator
from itertools import product

import pytest

from tests.comparison import near_misses
from tests.comparison.conversation import Conversation, Make, Step
from tests.comparison.differences import REMEDIES
from tests.comparison.examples import CHUNKED, CHUNKED_RESPONSE, END, REQUEST
from tests.comparison.judge import Judge

ASKED = [None, b"Connection: close", b"Connection: keep-alive", b"Connection: a, CLOSE"]
STATUSES = [100, 103, 200, 204, 304, 404]
ANSWERED: list[list[tuple[str, str]]] = [
    [],
    [("cOntent-length", "10")],
    [("tRansfer-encoding", "Chunked")],
    [("Content-Length", "10"), ("Transfer-Encoding", "chunked")],
    [("Transfer-Encoding", "chunked"), ("content-length", "10")],
    [("a", "1"), ("cOnnection", "keep-alive"), ("b", "2")],
    [("a", "1"), ("cOnnection", "cLose"), ("b", "2")],
    [("Connection", "keep-alive, foo")],
    [("connection", "foo, Close")],
    [("cOnnection", "Zoo"), ("a", "1"), ("coNnection", "Keep-Alive, bar ,, zoo")],
    [("a", "1"), ("hOst", "b"), ("Content-Length", "10, 10"), ("b", "2")],
]

DRAIN = Step("drain")
END_STEP = Step("send", event=END)


def asked(method: bytes, version: bytes, connection: bytes | None) -> list[Step]:
    """Return the steps in which a request arrives."""
    target = b"a:1" if method == b"CONNECT" else b"/"
    lines = [method + b" " + target + b" HTTP/" + version, b"Host: a"]
    lines += [] if connection is None else [connection]
    return [Step("receive", b"\r\n".join([*lines, b"", b""])), DRAIN]


def answered(status: int, headers: list[tuple[str, str]]) -> list[Step]:
    """Return the steps in which an answer without a body is sent."""
    kind = "Response" if status >= 200 else "InformationalResponse"
    event = Make(kind, {"status_code": status, "headers": headers, "reason": "x"})
    return [Step("send", event=event), END_STEP, Step("cycle")]


@pytest.mark.parametrize("version", [b"1.0", b"1.1", b"1.2"])
@pytest.mark.parametrize("method", [b"GET", b"HEAD", b"CONNECT"])
def test_a_response_is_completed_the_same(judge: Judge, method: bytes, version: bytes) -> None:
    """Whatever was asked and is answered, both write the same head and are in the same states."""
    for connection, status, headers in product(ASKED, STATUSES, ANSWERED):
        steps = asked(method, version, connection) + answered(status, headers)
        judge.demand_same(Conversation("SERVER", tuple(steps)))


@pytest.mark.parametrize("before", [b"", b"GARBAGE\r\n\r\n", b"GET / HTTP/1.1\r\n"])
def test_a_response_without_a_request_is_completed_the_same(judge: Judge, before: bytes) -> None:
    """Where no request was understood, both write the same head."""
    for status, headers in product(STATUSES, ANSWERED):
        steps = [Step("receive", before), DRAIN] if before else []
        judge.demand_same(Conversation("SERVER", (*steps, *answered(status, headers))))


def request_heads() -> Iterator[bytes]:
    """Yield request heads with one line that may be wrong."""
    for line in near_misses.REQUEST_LINES:
        yield line + b"\r\nHost: a\r\n\r\n"
    for version in (b"0.9", b"1.0", b"1.1"):
        for hosts in (b"", b"Host: a\r\n", b"Host: a\r\nhost: a\r\n", b"Host:\r\n"):
            yield b"GET / HTTP/" + version + b"\r\n" + hosts + b"X: y\r\n\r\n"
    for line in near_misses.FIELD_LINES:
        yield b"PUT / HTTP/1.1\r\nHost: a\r\n" + line + b"\r\n\r\n12345\r\n0\r\n\r\n"
        yield b"PUT / HTTP/1.0\r\n" + line + b"\r\nX: y\r\n\r\n"
    for line in near_misses.CHUNK_LINES:
        yield CHUNKED + line + b"\r\nhello\r\n0\r\n\r\n"
        yield CHUNKED + b"5\r\nhello\r\n" + line.replace(b"5", b"0") + b"\r\n\r\n"
    for line in near_misses.FIELD_LINES:
        yield CHUNKED + b"0\r\n" + line + b"\r\n\r\n"


def response_heads() -> Iterator[bytes]:
    """Yield response heads with one line that may be wrong."""
    for line in near_misses.STATUS_LINES:
        yield line + b"\r\n\r\nhello"
    for line in near_misses.FIELD_LINES:
        yield b"HTTP/1.1 200 OK\r\n" + line + b"\r\n\r\nhello"
        yield CHUNKED_RESPONSE + b"0\r\n" + line + b"\r\n\r\n"
    for line in near_misses.CHUNK_LINES:
        yield CHUNKED_RESPONSE + line + b"\r\nhello\r\n0\r\n\r\n"


def in_both_ways(octets: bytes) -> list[list[Step]]:
    """Return the steps in which octets arrive at once, or one by one."""
    single = [Step("receive", octets[at : at + 1]) for at in range(len(octets))]
    return [[Step("receive", octets), DRAIN], [step for one in single for step in (one, DRAIN)]]


def test_each_near_miss_is_judged_the_same_by_a_server(judge: Judge) -> None:
    """Both refuse the same requests, and read the same from the others."""
    for head in request_heads():
        for steps in in_both_ways(head):
            ending = [Step("receive", b""), DRAIN]
            judge.demand_same(Conversation("SERVER", (*steps, *ending)))


def test_each_near_miss_is_judged_the_same_by_a_tolerant_server(judge: Judge) -> None:
    """The same holds for a server that was told to let through what can be let through."""
    for head in request_heads():
        steps = (Step("receive", head), DRAIN, Step("receive", b""), DRAIN)
        judge.demand_same(Conversation("SERVER", steps, settings=REMEDIES))


def test_each_near_miss_is_judged_the_same_by_a_client(judge: Judge) -> None:
    """Both refuse the same responses, and read the same from the others."""
    for head in response_heads():
        for steps in in_both_ways(head):
            asking = [Step("send", event=REQUEST), END_STEP]
            ending = [Step("receive", b""), DRAIN]
            judge.demand_same(Conversation("CLIENT", (*asking, *steps, *ending)))


@pytest.mark.parametrize(
    ("before", "limited"),
    [
        (b"", b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
        (b"", b"GET /" + b"x" * 60),
        (CHUNKED + b"0\r\n", b"a:" + b"x" * 60 + b"\r\n\r\n"),
    ],
    ids=["head", "request line", "trailer section"],
)
def test_a_limit_is_met_at_the_same_octet(judge: Judge, before: bytes, limited: bytes) -> None:
    """What arrives octet by octet is refused by both as soon as it is over the limit."""
    arriving = [Step("receive", before), DRAIN] if before else []
    arriving += [
        step
        for at in range(len(limited))
        for step in (Step("receive", limited[at : at + 1]), DRAIN)
    ]
    for limit in range(len(limited) - 3, len(limited) + 3):
        judge.demand_same(Conversation("SERVER", tuple(arriving), limit))
