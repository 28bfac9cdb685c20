"""Messages where no message is expected: CL.0, bodies of GET, and what follows the last message.

Attack: a request is hidden in a body that another reader ignores (in a GET, or where no length is
told), behind `Connection: close`, or behind a fault. Answer: the fields say where a body ends, for
every method alike; nothing is read after the last message of a connection, nor after a fault, and
nothing before its turn (RFC 9112 sections 6.3, 9.3.2 and 9.6).
"""

import pytest

from h11 import CLIENT, DONE, ERROR, MUST_CLOSE, SERVER, Connection
from h11_events import (
    ConnectionClosed,
    Data,
    EndOfMessage,
    ErrorCode,
    InformationalResponse,
    RemoteProtocolError,
    Request,
    Response,
)
from h11_parser import NEED_DATA, PAUSED
from tests.attacks.harness import (
    GET,
    GET_EVENTS,
    OK,
    OK_EVENTS,
    Client,
    Server,
    client_side,
    cuttings,
    drain,
    ok,
    ok_event,
    post,
    post_event,
    read,
    refused,
    said,
    server_side,
    taken,
    verdict,
)

METHODS = ["GET", "HEAD", "DELETE", "OPTIONS", "TRACE", "get", "X"]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    ("field", "body"),
    [
        (("Content-Length", str(len(GET))), GET),
        (("Transfer-Encoding", "chunked"), b"%x\r\n%b\r\n0\r\n\r\n" % (len(GET), GET)),
    ],
    ids=["length", "chunked"],
)
def test_body_of_any_method(method: str, field: tuple[str, str], body: bytes) -> None:
    """A body that is announced is a body, also where it means nothing; no request is in it."""
    head = f"{method} / HTTP/1.1\r\nHost: a\r\n{field[0]}: {field[1]}\r\n\r\n".encode()
    event = Request(method=method, target="/", headers=[("Host", "a"), field])
    expected = taken(event, Data(GET), EndOfMessage(), *GET_EVENTS)
    assert verdict(server_side(), head + body + GET) == expected


@pytest.mark.parametrize("lines", [[], [b"Content-Length: 0"], [b"Content-Length: 00"]])
def test_no_body_is_announced(lines: list[bytes]) -> None:
    """Without a length there is no body, for POST either; what follows is a request, or a fault."""
    fields = [tuple(line.split(b": ")) for line in lines]
    events = [post_event(*fields), EndOfMessage()]  # type: ignore[arg-type]  # pairs they are
    assert verdict(server_side(), post(*lines, body=GET)) == taken(*events, *GET_EVENTS)
    bad = refused(ErrorCode.BAD_REQUEST_LINE, after=events)
    assert verdict(server_side(), post(*lines, body=b"a=b&c=d")) == bad


@pytest.mark.parametrize("name", [b"Content_Length", b"X-Content-Length", b"Content-Lengt"])
def test_length_by_another_name(name: bytes) -> None:
    """A field with a similar name announces nothing."""
    stream = post(name + b": %d" % len(GET), body=GET)
    event = post_event((name, b"%d" % len(GET)))
    assert verdict(server_side(), stream) == taken(event, EndOfMessage(), *GET_EVENTS)


NO_BODIES = {
    "HEAD": ("HEAD", b"200 OK"),
    "204": ("GET", b"204 OK"),
    "304": ("GET", b"304 OK"),
}


@pytest.mark.parametrize("field", [b"Content-Length: 38", b"Transfer-Encoding: chunked"])
@pytest.mark.parametrize(("method", "status"), NO_BODIES.values(), ids=NO_BODIES)
def test_response_that_has_no_body(method: str, status: bytes, field: bytes) -> None:
    """A response that cannot have a body has none, whatever it announces: the next one follows."""
    stream = ok(field, status=b"1.1 " + status) + OK
    found = verdict(client_side(method, "GET"), stream)
    assert found.events[1:] == [EndOfMessage(), *OK_EVENTS]
    assert found.end is NEED_DATA


@pytest.mark.parametrize("field", [b"Content-Length: 38", b"Transfer-Encoding: chunked"])
def test_informational_response_has_no_body(field: bytes) -> None:
    """Nor has an informational response."""
    stream = ok(field, status=b"1.1 103 OK") + OK
    found = verdict(client_side(), stream)
    assert isinstance(found.events[0], InformationalResponse)
    assert found.events[1:] == OK_EVENTS


LAST_REQUESTS = {
    "close": b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    "capitals": b"GET / HTTP/1.1\r\nHost: a\r\nConnection: CLOSE\r\n\r\n",
    "in a list": b"GET / HTTP/1.1\r\nHost: a\r\nConnection: TE ,\tclose , a\r\n\r\n",
    "in a second line": b"GET / HTTP/1.1\r\nHost: a\r\nConnection: a\r\nConnection: close\r\n\r\n",
    "keep-alive, too": b"GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, close\r\n\r\n",
    "HTTP/1.0": b"GET / HTTP/1.0\r\n\r\n",
    "HTTP/1.0, keep-alive": b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
}


@pytest.mark.parametrize("last", LAST_REQUESTS.values(), ids=LAST_REQUESTS)
@pytest.mark.parametrize("rest", [GET, GET * 100, b"\x00garbage", b"\r\n"])
def test_after_the_last_request(last: bytes, rest: bytes) -> None:
    """What follows the last request of a connection is dropped: no event, no fault, no memory."""
    for pieces in cuttings(last + rest[:100]):
        server = Server()
        found = read(server, [*pieces, rest[100:] or b"x"])
        assert [type(event) for event in found.events] == [Request, EndOfMessage]
        assert found.end is NEED_DATA
        assert server.connection.states == {CLIENT: MUST_CLOSE, SERVER: MUST_CLOSE}
        assert server.trailing_data == (b"", False)
    server.receive_data(b"")
    assert server.next_event() == ConnectionClosed()


@pytest.mark.parametrize("option", [b"x-close", b"closed", b"clo se", b'"close"', b"close;a"])
def test_option_that_is_not_close(option: bytes) -> None:
    """A word that is not `close` does not end the connection."""
    first = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: " + option + b"\r\n\r\n"
    found = verdict(server_side(), first + GET)
    assert found.events[2:] == GET_EVENTS


@pytest.mark.parametrize("field", [b"Connection: close", b"Connection: a, Close"])
def test_after_the_last_response(field: bytes) -> None:
    """So it is for a client: a second response behind the last is never seen."""
    client = Client(["GET", "GET"])
    found = read(client, [ok(field, b"Content-Length: 0") + OK, OK])
    assert [type(event) for event in found.events] == [Response, EndOfMessage]
    assert found.end is NEED_DATA
    assert client.connection.states == {CLIENT: MUST_CLOSE, SERVER: MUST_CLOSE}
    client.receive_data(b"")
    assert client.next_event() == ConnectionClosed()


def test_response_behind_the_response() -> None:
    """A response that nobody has asked for waits, and who looks before the next request sees it."""
    for pieces in ([OK + OK], *cuttings(OK + OK)):
        client = Client(["GET"])
        assert read(client, pieces) == taken(*OK_EVENTS, end=PAUSED, rest=OK)
        assert client.trailing_data == (OK, False)


def test_request_before_its_turn() -> None:
    """A pipelined request waits, and nothing of it is judged, until the one before is answered."""
    connection = Connection(SERVER)
    connection.receive_data(GET + b"\x00garbage")
    events = [connection.next_event(), connection.next_event()]
    assert events == GET_EVENTS
    assert connection.next_event() is PAUSED
    assert connection.trailing_data == (b"\x00garbage", False)
    assert connection.their_state is DONE


FAULTS = {
    "request line": b"GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
    "field line": b"GET / HTTP/1.1\r\nHost: a\r\nA : b\r\n\r\n",
    "framing": post(b"Content-Length: 1", b"Transfer-Encoding: chunked"),
    "chunk": post(b"Transfer-Encoding: chunked", body=b"x\r\n"),
    "coding": post(b"Transfer-Encoding: gzip, chunked"),
    "version": b"GET / HTTP/2.0\r\nHost: a\r\n\r\n",
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_after_a_fault(fault: bytes) -> None:
    """Requests before the fault count, those after it never do, however they arrive."""
    found = verdict(server_side(), GET + fault + GET)
    assert found.events[:2] == GET_EVENTS
    assert len(found.events) <= 3
    for reader in server_side().values():
        assert read(reader(), [GET, fault, GET, GET]) == found


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_answer_to_a_fault(fault: bytes) -> None:
    """The fault can be answered, with the hint, and that is the end of the connection."""
    connection = Connection(SERVER)
    connection.receive_data(fault + GET)
    with pytest.raises(RemoteProtocolError) as caught:
        drain(connection, [])
    assert connection.their_state is ERROR
    answer = Response(status_code=caught.value.error_status_hint, headers=[])
    sent = said(connection, answer, EndOfMessage())
    assert sent.startswith(b"HTTP/1.1 %d " % caught.value.error_status_hint)
    assert connection.our_state is MUST_CLOSE


def test_response_to_nothing() -> None:
    """A client that has not asked reads a response, as a 408 may come, but no informational one."""
    connection = Connection(CLIENT)
    connection.receive_data(b"HTTP/1.1 103 OK\r\n\r\n")
    with pytest.raises(RemoteProtocolError) as caught:
        connection.next_event()
    assert caught.value.code is ErrorCode.OUT_OF_TURN


EARLY = {
    "in the request line": (GET[:10], ErrorCode.CLOSED_EARLY),
    "in a field line": (GET[:20], ErrorCode.CLOSED_EARLY),
    "before the empty line": (GET[:-2], ErrorCode.CLOSED_EARLY),
    "in the empty line": (GET[:-1], ErrorCode.CLOSED_EARLY),
}


@pytest.mark.parametrize(("stream", "code"), EARLY.values(), ids=EARLY)
def test_head_that_is_cut_off(stream: bytes, code: ErrorCode) -> None:
    """A head is not made up where the stream ends within it."""
    assert verdict(server_side(), stream, closed=True) == refused(code)
    found = verdict(server_side(), GET + stream, closed=True)
    assert found == refused(code, after=GET_EVENTS)


CUT_BODIES = {
    "length": ((b"Content-Length", b"5"), b"hell", 5),
    "chunk": ((b"Transfer-Encoding", b"chunked"), b"5\r\nhell", None),
    "chunk end": ((b"Transfer-Encoding", b"chunked"), b"4\r\nhell\r", None),
    "chunk size": ((b"Transfer-Encoding", b"chunked"), b"4\r\nhell\r\n5", None),
    "chunk header": ((b"Transfer-Encoding", b"chunked"), b"4\r\nhell\r\n0;a\r", None),
    "last chunk": ((b"Transfer-Encoding", b"chunked"), b"4\r\nhell\r\n", None),
    "trailer section": ((b"Transfer-Encoding", b"chunked"), b"4\r\nhell\r\n0\r\n", None),
    "trailer": ((b"Transfer-Encoding", b"chunked"), b"4\r\nhell\r\n0\r\nA: b\r\n", None),
}


@pytest.mark.parametrize(("field", "body", "expected"), CUT_BODIES.values(), ids=CUT_BODIES)
def test_body_that_is_cut_off(
    field: tuple[bytes, bytes], body: bytes, expected: int | None
) -> None:
    """A body that is not complete is no message, from either side."""
    line = b": ".join(field)
    code = ErrorCode.BODY_TOO_SHORT
    found = verdict(server_side(), post(line, body=body), closed=True)
    assert found == refused(code, after=[post_event(field), Data(b"hell")])
    found = verdict(client_side(), ok(line, body=body), closed=True)
    assert found == refused(code, after=[ok_event(field), Data(b"hell")])
    assert getattr(found.end, "expected", None) == expected
