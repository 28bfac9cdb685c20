"""Tests of `http10_keep_alive`: connections that outlive a response with HTTP/1.0 on one side.

In: requests and responses of either version, with any options and framing, at the server's end and
at the client's. Out: the head that is sent, the states, and the cycles that follow (RFC 9112
section 9.3 and appendix C.2.2).
"""

from itertools import product
from typing import Final

import pytest

from h11 import (
    CLIENT,
    DONE,
    MUST_CLOSE,
    SERVER,
    Connection,
    ConnectionClosed,
    Data,
)
from tests.h11.conversations import (
    CHUNKED,
    CLOSE,
    END,
    KEEP_ALIVE,
    Line,
    data_of,
    hear,
    keeping,
    length,
    request,
    response,
    say,
)
from tests.h11.model_of_heads import (
    Asked,
    has_length_only,
    head_as_sent,
    options_of,
    without,
    without_framing,
)

ASKED: Final = [None, "close", "keep-alive", "KEEP-Alive , te", "keep-alive, close", "te"]
SAID: Final[list[list[Line]]] = [
    [],
    [CLOSE],
    [("connection", "Keep-Alive")],
    [("Connection", "te"), ("X", "y"), KEEP_ALIVE],
    [("Connection", "keep-alive, Close")],
    [("Connection", "te")],
    [("Proxy-Connection", "keep-alive"), ("Keep-Alive", "timeout=5")],
]
FRAMED: Final[list[list[Line]]] = [[], [length(5)], [CHUNKED], [length(5), CHUNKED]]
ANSWERS: Final = [
    ("GET", 200),
    ("POST", 404),
    ("HEAD", 200),
    ("GET", 204),
    ("GET", 304),
    ("CONNECT", 407),
]


def options(lines: list[Line]) -> set[str]:
    """Return the options of Connection among these field lines."""
    return options_of([value for name, value in lines if name.lower() == "connection"])


def has_body(method: str, status: int) -> bool:
    """Return whether there is a body whose end has to be known."""
    return method != "HEAD" and status not in (204, 304)


def is_granted(asked: Asked, status: int, lines: list[Line]) -> bool:
    """Return whether a response leaves the connection open to a client of HTTP/1.0."""
    return (
        asked.method != "CONNECT"
        and "keep-alive" in asked.options
        and "close" not in asked.options | options(lines)
        and (has_length_only(lines) or not has_body(asked.method or "", status))
    )


def granted_head(status: int, lines: list[Line]) -> bytes:
    """Return the head that tells a client of HTTP/1.0 that the connection persists."""
    if status == 304:
        lines = without(lines, "transfer-encoding")
    elif status == 204 or not has_length_only(lines):
        lines = without_framing(lines)
    if "keep-alive" not in options(lines):
        lines = [*lines, KEEP_ALIVE]
    fields = "".join(f"{name}: {value}\r\n" for name, value in lines)
    return f"HTTP/1.1 {status} \r\n{fields}\r\n".encode()


@pytest.mark.parametrize("connection", ASKED, ids=str)
@pytest.mark.parametrize(("method", "status"), ANSWERS)
def test_server_answers_http_1_0_in_every_combination(
    method: str, status: int, connection: str | None
) -> None:
    """Where the connection persists, it says so; where not, it says what it says by default."""
    asked = Asked(method, "1.0", connection)
    outcomes = set()
    for said, framing in product(SAID, FRAMED):
        lines = [*said, *framing]
        end = keeping(SERVER)
        hear(end, asked.head)
        sent = end.send(response(*lines, status=status))
        persists = is_granted(asked, status, lines)
        model = granted_head(status, lines) if persists else head_as_sent(asked, status, lines)
        assert sent == model
        assert end.their_state is (DONE if persists else MUST_CLOSE)
        if has_length_only(lines) and has_body(method, status):
            say(end, Data(data=b"12345"))
        say(end, END)
        assert end.states == dict.fromkeys((CLIENT, SERVER), DONE if persists else MUST_CLOSE)
        outcomes.add(persists)
    may_persist = method != "CONNECT" and asked.options - {"te"} == {"keep-alive"}
    assert outcomes == ({True, False} if may_persist else {False})


@pytest.mark.parametrize("connection", ASKED, ids=str)
@pytest.mark.parametrize(("method", "status"), ANSWERS)
def test_server_answers_http_1_1_as_it_does_by_default(
    method: str, status: int, connection: str | None
) -> None:
    """Not an octet is different, nor a state, for clients that speak HTTP/1.1."""
    head = Asked(method, "1.1", connection).head
    for lines, framing in product(SAID, FRAMED):
        reply = response(*lines, *framing, status=status)
        ends = [keeping(SERVER), Connection(our_role=SERVER)]
        sent = []
        for end in ends:
            hear(end, head)
            sent.append(end.send(reply))
        assert sent[0] == sent[1]
        assert ends[0].states == ends[1].states


@pytest.mark.parametrize("version", ["1.0", "1.1"])
@pytest.mark.parametrize("connection", ASKED, ids=str)
@pytest.mark.parametrize(("method", "status"), ANSWERS)
def test_client_goes_on_in_every_combination(
    method: str, status: int, connection: str | None, version: str
) -> None:
    """With a server of HTTP/1.0, both have to have said keep-alive, and the length be known."""
    asked = Asked(method, version, connection)
    lines = [("Connection", connection)] if connection else []
    for answered, framing in product(SAID, FRAMED):
        end = keeping(CLIENT)
        say(end, request(*lines, method=method, target="a:443" if method == "CONNECT" else "/"))
        say(end, END)
        body = b""
        if has_body(method, status):
            body = b"5\r\nhello\r\n0\r\n\r\n" if CHUNKED in framing else b"hello"
        fields = "".join(f"{name}: {value}\r\n" for name, value in [*answered, *framing])
        events = hear(end, f"HTTP/{version} {status} So\r\n{fields}\r\n".encode() + body)
        if body and not framing:
            events += hear(end, b"")
            assert events[-1] == ConnectionClosed()
        assert data_of(events) == (b"hello" if body else b"")
        if version == "1.0":
            persists = (
                is_granted(asked, status, [*answered, *framing])
                and "keep-alive" in options(answered)
                and CHUNKED not in framing
            )
        else:
            # With both framings the next response could be forged (RFC 9112 section 6.3).
            persists = "close" not in asked.options | options(answered) and len(framing) < 2
        persists = persists and ConnectionClosed() not in events
        assert end.our_state is (DONE if persists else MUST_CLOSE)
        assert (end.their_state is DONE) is persists
