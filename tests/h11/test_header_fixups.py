"""Tests of what is made right in a message about to be sent: examples first, then every case.

Servers' own tests compare these bytes, so all of them are checked to the octet.
"""

from itertools import product
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from h11 import (
    CLIENT,
    ERROR,
    MUST_CLOSE,
    SEND_BODY,
    SEND_RESPONSE,
    SERVER,
    Connection,
    EndOfMessage,
    RemoteProtocolError,
    Request,
    Response,
)
from h11_events import FieldLine
from tests.h11.conversations import (
    CHUNKED,
    CLOSE,
    END,
    GET_HEAD,
    Line,
    client,
    informational,
    length,
    request,
    response,
    say,
    server,
)
from tests.h11.model_of_heads import Asked, head_as_sent, without, without_framing
from tests.strategies import casings, header_lists

METHODS: Final = ["GET", "HEAD", "CONNECT", "POST"]
VERSIONS: Final = ["1.0", "1.1", "1.2", "1.9"]
CONNECTIONS: Final = [None, "close", "keep-alive", "keep-alive, Close", "foo"]
STATUSES: Final = [200, 201, 204, 205, 299, 300, 304, 404, 999]

HEADERS: Final[list[list[Line]]] = [
    [],
    [("X-Before", "1"), ("Host", "late"), ("x-After", "2")],
    [length(0)],
    [("cOntent-lEngth", "10"), ("A", "b")],
    [CHUNKED, ("A", "b")],
    [("tRansfer-eNcoding", "chunked"), ("A", "b")],
    [length(10), CHUNKED],
    [("Transfer-Encoding", "chunked"), ("X", "y"), ("content-length", "10")],
    [CLOSE, length(0)],
    [("cOnnection", "cLose"), ("A", "b")],
    [("Connection", "keep-alive"), length(0)],
    [("Connection", "keep-alive, foo"), ("A", "b"), ("connection", "Bar,, foo")],
    [("Connection", ""), length(0)],
    [("Connection", "Upgrade"), ("Upgrade", "websocket")],
]

BROWSER: Final = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
OLD: Final = b"GET / HTTP/1.0\r\n\r\n"
LAST: Final = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
HEAD: Final = b"HEAD / HTTP/1.1\r\nHost: a\r\n\r\n"
OLD_HEAD: Final = b"HEAD / HTTP/1.0\r\n\r\n"
TUNNEL: Final = b"CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n"

EXAMPLES: Final[dict[str, tuple[bytes, Response, bytes]]] = {
    "length stays": (BROWSER, response(("cOnTent-LENGTH", "5")), b"cOnTent-LENGTH: 5\r\n"),
    "chunked added": (BROWSER, response(), b"Transfer-Encoding: chunked\r\n"),
    "chunked moved": (
        BROWSER,
        response(("transfer-encoding", "CHUNKED"), ("A", "b")),
        b"A: b\r\nTransfer-Encoding: chunked\r\n",
    ),
    "chunked wins": (
        BROWSER,
        response(length(5), CHUNKED),
        b"Transfer-Encoding: chunked\r\n",
    ),
    "close added for 1.0": (
        OLD,
        response(length(5)),
        b"Content-Length: 5\r\nConnection: close\r\n",
    ),
    "close instead of chunked": (OLD, response(CHUNKED), b"Connection: close\r\n"),
    "close added for close": (
        LAST,
        response(),
        b"Transfer-Encoding: chunked\r\nConnection: close\r\n",
    ),
    "keep-alive taken away": (
        LAST,
        response(("connection", "Keep-Alive, Foo"), length(5)),
        b"Content-Length: 5\r\nConnection: close\r\nConnection: foo\r\n",
    ),
    "close of the user moved": (
        LAST,
        response(("cOnnection", "cLose"), length(5)),
        b"Content-Length: 5\r\nConnection: close\r\n",
    ),
    "close of the user stays": (
        BROWSER,
        response(("cOnnection", "cLose"), length(5)),
        b"cOnnection: cLose\r\nContent-Length: 5\r\n",
    ),
    "keep-alive of the user stays": (
        BROWSER,
        response(("Connection", "Keep-Alive"), length(5)),
        b"Connection: Keep-Alive\r\nContent-Length: 5\r\n",
    ),
    "HEAD is answered as GET": (HEAD, response(), b"Transfer-Encoding: chunked\r\n"),
    "HEAD of 1.0": (OLD_HEAD, response(), b"Connection: close\r\n"),
    "204 gets no framing": (BROWSER, response(status=204), b""),
    "204 loses its framing": (
        BROWSER,
        response(length(5), ("A", "b"), CHUNKED, status=204),
        b"A: b\r\n",
    ),
    "204 for 1.0 loses its framing": (
        OLD,
        response(length(0), status=204),
        b"Connection: close\r\n",
    ),
    "304 gets no framing": (BROWSER, response(status=304), b""),
    "304 keeps its length": (
        BROWSER,
        response(length(5), status=304),
        b"Content-Length: 5\r\n",
    ),
    "304 keeps its chunks": (
        BROWSER,
        response(("transfer-encoding", "CHUNKED"), status=304),
        b"transfer-encoding: chunked\r\n",
    ),
    "304 tells its length once": (
        BROWSER,
        response(length(5), CHUNKED, status=304),
        b"Transfer-Encoding: chunked\r\n",
    ),
    "304 for 1.0 loses its chunks": (
        OLD,
        response(CHUNKED, length(5), status=304),
        b"Content-Length: 5\r\nConnection: close\r\n",
    ),
    "a tunnel loses its framing": (
        TUNNEL,
        response(length(5), ("A", "b"), CHUNKED),
        b"A: b\r\n",
    ),
    "a tunnel that is refused has framing": (
        TUNNEL,
        response(status=407),
        b"Transfer-Encoding: chunked\r\n",
    ),
    "Host first": (
        BROWSER,
        response(("A", "b"), ("hoST", "c"), length(0)),
        b"hoST: c\r\nA: b\r\nContent-Length: 0\r\n",
    ),
}
"""For each rule: the request, the response as it was given, its field lines as they are sent."""


def written(lines: list[FieldLine]) -> bytes:
    """Return a section of field lines as bytes, up to the empty line."""
    return b"".join(b"%b: %b\r\n" % line for line in lines) + b"\r\n"


@pytest.mark.parametrize(("asked", "given_response", "fields"), EXAMPLES.values(), ids=EXAMPLES)
def test_examples(asked: bytes, given_response: Response, fields: bytes) -> None:
    """The head has these field lines, in this order and casing, and no others."""
    status = given_response.status_code
    sent = server(asked).send(given_response)
    assert sent == b"HTTP/1.1 %d \r\n%b\r\n" % (status, fields)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("method", METHODS)
def test_every_head_is_as_the_model_has_it(method: str, version: str) -> None:
    """Over requests, status codes and header sections: the bytes are those of the model."""
    for connection, status, lines in product(CONNECTIONS, STATUSES, HEADERS):
        asked = Asked(method, version, connection)
        sent = server(asked.head).send(response(*lines, status=status))
        assert (asked, lines, sent) == (asked, lines, head_as_sent(asked, status, lines))


def test_every_head_without_a_request_is_as_the_model_has_it() -> None:
    """The same for responses to what was no request, on a connection where nothing is known."""
    for status, lines in product(STATUSES, HEADERS):
        event = response(*lines, status=status)
        expected = head_as_sent(Asked(None, None), status, lines)
        assert (lines, server().send(event)) == (lines, expected)
        expected = head_as_sent(Asked(None, None, has_failed=True), status, lines)
        assert (lines, after_garbage().send(event)) == (lines, expected)


@given(
    method=st.sampled_from(METHODS),
    version=st.sampled_from(VERSIONS),
    connection=st.sampled_from(CONNECTIONS),
    status=st.integers(200, 999),
    lines=header_lists(),
    steering=st.permutations([*EXAMPLES]).map(lambda names: EXAMPLES[names[0]][1].headers),
)
def test_any_head_is_as_the_model_has_it(
    method: str,
    version: str,
    connection: str | None,
    status: int,
    lines: list[FieldLine],
    steering: list[FieldLine],
) -> None:
    """Fields that steer nothing stay where they are, whatever stands around them."""
    raw = [*lines[::2], *Response(status_code=200, headers=steering).headers.raw_items()]
    raw += lines[1::2]
    text = [(name.decode("ascii"), value.decode("latin-1")) for name, value in raw]
    asked = Asked(method, version, connection)
    sent = server(asked.head).send(Response(status_code=status, headers=raw))
    assert sent == head_as_sent(asked, status, text)


@pytest.mark.parametrize("reason", ["", "OK", "Not Found", "  "])
def test_the_space_before_the_reason_stays(reason: str) -> None:
    """Even if the reason is empty, a space stands before it, in all responses."""
    for status in (100, 200):
        event = informational(status, reason=reason) if status < 200 else None
        sent = server(BROWSER).send(event or response(length(0), reason=reason))
        assert sent is not None
        assert sent.startswith(f"HTTP/1.1 {status} {reason}\r\n".encode())


@given(name=casings(b"host"), before=header_lists(), after=header_lists())
def test_host_comes_first_in_requests(
    name: bytes, before: list[FieldLine], after: list[FieldLine]
) -> None:
    """Host moves to the front in its own casing; all else keeps its order."""
    sent = client().send(Request(method="GET", target="/", headers=[*before, (name, b"a"), *after]))
    assert sent == b"GET / HTTP/1.1\r\n" + written([(name, b"a"), *before, *after])


def test_several_hosts_come_first_in_their_order() -> None:
    """A response may have Host several times, for what it is worth."""
    event = informational(103, ("A", "b"), ("Host", "1"), ("C", "d"), ("host", "2"))
    assert server(BROWSER).send(event) == (
        b"HTTP/1.1 103 \r\nHost: 1\r\nhost: 2\r\nA: b\r\nC: d\r\n\r\n"
    )


@pytest.mark.parametrize("lines", HEADERS, ids=range(len(HEADERS)))
def test_informational_responses_go_as_they_were_given_but_for_framing(lines: list[Line]) -> None:
    """Nothing is added before the final response; there is no body to be framed."""
    for asked in (BROWSER, LAST):
        sent = server(asked).send(informational(103, *lines))
        in_order = sorted(without_framing(lines), key=lambda line: line[0] != "Host")
        fields = "".join(f"{name}: {value}\r\n" for name, value in in_order)
        assert sent == f"HTTP/1.1 103 \r\n{fields}\r\n".encode()


@pytest.mark.parametrize("status", [100, 103, 199])
def test_informational_responses_are_not_sent_to_http_1_0(status: int) -> None:
    """Such a client takes the first response for the final one (RFC 9110 section 15.2)."""
    connection = server(OLD)
    assert connection.send(informational(status, ("A", "b"))) == b""
    assert connection.states == {CLIENT: MUST_CLOSE, SERVER: SEND_RESPONSE}
    sent = say(connection, response(length(0)), END)
    assert sent == b"HTTP/1.1 200 \r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


@pytest.mark.parametrize("lines", HEADERS, ids=range(len(HEADERS)))
def test_requests_go_as_they_were_given_but_for_a_second_length(lines: list[Line]) -> None:
    """Nothing is added to a request; Content-Length is taken away beside Transfer-Encoding."""
    lines = [line for line in lines if line[0] != "Host"]
    if "transfer-encoding" in [name.lower() for name, _ in lines]:
        lines = without(lines, "content-length")
    fields = "".join(f"{name}: {value}\r\n" for name, value in lines)
    assert client().send(request(*lines)) == (
        f"GET / HTTP/1.1\r\nHost: example.com\r\n{fields}\r\n".encode()
    )


def test_trailers_are_written_as_they_were_given() -> None:
    """The trailer section follows the last chunk, casing and empty values included."""
    connection = server(BROWSER)
    say(connection, response())
    end = EndOfMessage(headers=[("B-b", "2"), ("aA", ""), ("B-b", "1")])
    assert connection.send(end) == b"0\r\nB-b: 2\r\naA: \r\nB-b: 1\r\n\r\n"


def after_garbage(*pieces: bytes) -> Connection:
    """Return the connection of a server that has received something else than HTTP at last."""
    connection = server(*pieces)
    if pieces:
        say(connection, response(length(0)), END)
        connection.start_next_cycle()
    connection.receive_data(b"garbage\r\n\r\n")
    with pytest.raises(RemoteProtocolError):
        connection.next_event()
    return connection


def test_garbage_adds_a_close() -> None:
    """Nothing else is read from that client, and it is told so (RFC 9112 section 9.6)."""
    connection = after_garbage()
    sent = say(connection, response(length(0), ("Connection", "Keep-Alive, a"), status=400))
    assert sent == (
        b"HTTP/1.1 400 \r\nContent-Length: 0\r\nConnection: a\r\nConnection: close\r\n\r\n"
    )
    assert connection.states == {CLIENT: ERROR, SERVER: SEND_BODY}
    say(connection, END)
    assert connection.states == {CLIENT: ERROR, SERVER: MUST_CLOSE}


def test_garbage_leaves_the_close_of_the_user() -> None:
    """What the user has said already is not said again, nor moved."""
    sent = say(after_garbage(), response(("cOnnection", "cLose"), length(0), status=400))
    assert sent == b"HTTP/1.1 400 \r\ncOnnection: cLose\r\nContent-Length: 0\r\n\r\n"


def test_garbage_after_a_cycle_is_answered_in_the_version_that_is_known() -> None:
    """The version outlives the cycle, so an answer of unknown length is chunked."""
    sent = say(after_garbage(GET_HEAD), response(status=400), END)
    assert sent == (
        b"HTTP/1.1 400 \r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n"
    )


def test_a_client_that_has_closed_its_half_adds_no_close() -> None:
    """The half-closed connection is over after the response, without a word about it."""
    connection = server(BROWSER, b"")
    sent = say(connection, response(length(0)), END)
    assert sent == b"HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n"
    assert connection.our_state is MUST_CLOSE
