"""A connection tolerates what it is told to, by its role if nothing is said, and has its limits.

What each tolerance lets through and each limit bounds is tested with the parser; here is what they
mean for a connection: whose they are, and when it can be used no more.
"""

from typing import Any, Final

import pytest

import h11
from h11 import (
    CLIENT,
    DONE,
    ERROR,
    IDLE,
    MUST_CLOSE,
    NEED_DATA,
    PAUSED,
    SEND_BODY,
    SEND_RESPONSE,
    SERVER,
    Connection,
    ConnectionClosed,
    Data,
    ErrorCode,
    Limits,
    LocalProtocolError,
    RemoteProtocolError,
    Response,
    Tolerance,
)
from h11_statemachine import Role
from tests.h11.conversations import (
    CHUNKED,
    CLOSE,
    CLOSED_EVENT,
    END,
    GET_HEAD,
    OK_HEAD,
    client,
    cuttings,
    data_of,
    hear,
    joined,
    length,
    request,
    response,
    say,
    server,
)

BOTH: Final = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"
"""The head of a response that tells its length in two ways."""

CHUNKS: Final = b"5\r\nhello\r\n0\r\n\r\n"

JUNK: Final = {
    "a request": GET_HEAD,
    "a response": OK_HEAD,
    "half a head": b"GET / HTT",
    "an empty line": b"\r\n",
    "line ends": b"\n\r\n",
    "NUL": b"\x00",
    "TLS": b"\x16\x03\x01\x00\xa5",
    "much": b"x" * 100_000,
}
"""What some peers send after the end."""

each_junk = pytest.mark.parametrize("junk", JUNK.values(), ids=JUNK)


def listening(
    role: Role, tolerate: Tolerance | None = None, limits: Limits | None = None
) -> Connection:
    """Return a connection of a role to which the first message is still to come."""
    connection = Connection(role, tolerate=tolerate, limits=limits)
    if role is CLIENT:
        say(connection, request(), END)
    return connection


def code_of(connection: Connection, octets: bytes) -> ErrorCode | None:
    """Return the code of the error that a connection meets in some octets, None if it is none."""
    try:
        hear(connection, octets)
    except RemoteProtocolError as error:
        return error.code
    return None


GET: Final = GET_HEAD[:-2]
OK: Final = OK_HEAD[:-2]

TOLERATED: Final = {
    "BARE_LF of a server": (SERVER, Tolerance.BARE_LF, GET + b"A: b\n\n"),
    "OBS_FOLD of a server": (SERVER, Tolerance.OBS_FOLD, GET + b"A: b\r\n c\r\n\r\n"),
    "UNENCODED_TARGET": (
        SERVER,
        Tolerance.UNENCODED_TARGET,
        b"GET /{ HTTP/1.1\r\nHost: a\r\n\r\n",
    ),
    "NON_ASCII_TARGET": (
        SERVER,
        Tolerance.NON_ASCII_TARGET,
        b"GET /\xff HTTP/1.1\r\nHost: a\r\n\r\n",
    ),
    "BARE_LF of a client": (CLIENT, Tolerance.BARE_LF, OK + b"A: b\n\n"),
    "BLANK_BEFORE_COLON": (CLIENT, Tolerance.BLANK_BEFORE_COLON, OK + b"A : b\r\n\r\n"),
    "INVALID_FIELD_LINES": (CLIENT, Tolerance.INVALID_FIELD_LINES, OK + b"A B\r\n\r\n"),
    "TRANSFER_ENCODING_WITH_CONTENT_LENGTH": (
        CLIENT,
        Tolerance.TRANSFER_ENCODING_WITH_CONTENT_LENGTH,
        BOTH + CHUNKS,
    ),
    "BLANK_AFTER_CHUNK_SIZE": (
        CLIENT,
        Tolerance.BLANK_AFTER_CHUNK_SIZE,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1 \r\na\r\n0\r\n\r\n",
    ),
}
"""Tolerances of either role, and what needs them."""


@pytest.mark.parametrize(("role", "tolerance", "octets"), TOLERATED.values(), ids=TOLERATED)
def test_a_connection_tolerates_what_it_is_told_to(
    role: Role, tolerance: Tolerance, octets: bytes
) -> None:
    """What is given is tolerated, and nothing else; without anything, the set of the role is."""
    usual = Tolerance.REQUESTS if role is SERVER else Tolerance.RESPONSES
    assert code_of(listening(role, tolerance), octets) is None
    assert code_of(listening(role, usual | tolerance), octets) is None
    assert code_of(listening(role, Tolerance.NONE), octets) is not None
    assert code_of(listening(role, usual & ~tolerance), octets) is not None
    assert (code_of(listening(role), octets) is None) is (tolerance in usual)


@pytest.mark.parametrize(
    ("role", "tolerance"),
    [
        (SERVER, Tolerance.RESPONSES),
        (SERVER, Tolerance.TRANSFER_ENCODING_WITH_CONTENT_LENGTH),
        (SERVER, Tolerance.REQUESTS | Tolerance.INVALID_FIELD_LINES),
        (SERVER, Tolerance.REPEATED_CHUNKED),
        (CLIENT, Tolerance.REQUESTS),
        (CLIENT, Tolerance.RESPONSES | Tolerance.NON_ASCII_TARGET),
    ],
    ids=str,
)
def test_a_role_does_not_have_every_tolerance(role: Role, tolerance: Tolerance) -> None:
    """What would let a request be smuggled, or makes no sense for a role, is a `ValueError`."""
    with pytest.raises(ValueError, match="Tolerance"):
        Connection(role, tolerate=tolerance)


def test_tolerances_and_limits_are_given_by_name() -> None:
    """The positions after the second one stay free."""
    anyhow: Any = Connection
    with pytest.raises(TypeError):
        anyhow(SERVER, None, Tolerance.NONE)
    assert Connection(our_role=SERVER, max_incomplete_event_size=None, limits=Limits())


LIMITED: Final = {
    "head_size": (Limits(head_size=50), b"A: " + b"b" * 50, ErrorCode.HEAD_TOO_LARGE),
    "field_count": (Limits(field_count=3), b"A:\r\n" * 3, ErrorCode.TOO_MANY_FIELDS),
}


@pytest.mark.parametrize(("limits", "octets", "code"), LIMITED.values(), ids=LIMITED)
@pytest.mark.parametrize("role", [CLIENT, SERVER], ids=str)
def test_a_connection_has_its_limits(
    role: Role, limits: Limits, octets: bytes, code: ErrorCode
) -> None:
    """They hold for what the peer says, in both roles."""
    head = (GET if role is SERVER else OK) + octets + b"\r\n\r\n"
    for pieces in cuttings(head):
        connection = listening(role, limits=limits)
        with pytest.raises(RemoteProtocolError) as raised:
            hear(connection, *pieces)
        assert raised.value.code is code
        assert raised.value.error_status_hint == 431
        assert connection.their_state is ERROR


@pytest.mark.parametrize(
    ("limits", "octets", "code"),
    [
        (Limits(trailer_size=20), b"0\r\nA: " + b"b" * 20, ErrorCode.TRAILERS_TOO_LARGE),
        (Limits(chunk_extension_size=5), b"1;abcde\r\n", ErrorCode.CHUNK_EXTENSIONS_TOO_LARGE),
    ],
    ids=["trailer_size", "chunk_extension_size"],
)
def test_a_connection_has_limits_of_bodies(limits: Limits, octets: bytes, code: ErrorCode) -> None:
    """So do those of what comes between and after the chunks of a body."""
    head = b"PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert code_of(listening(SERVER, limits=limits), head + octets) is code
    assert code_of(listening(SERVER), head + octets) is None


def test_the_short_way_and_limits_exclude_each_other() -> None:
    """A size that is given twice is a `ValueError`, whatever the sizes are."""
    with pytest.raises(ValueError, match="max_incomplete_event_size"):
        Connection(SERVER, 16_384, limits=Limits())
    with pytest.raises(ValueError, match="max_incomplete_event_size"):
        Connection(our_role=CLIENT, max_incomplete_event_size=5, limits=Limits(head_size=5))


def test_the_short_way_is_for_heads_and_trailers() -> None:
    """The second argument is what it always was."""
    head = b"PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    connection = Connection(SERVER, 60)
    assert code_of(connection, head + b"0\r\nA: " + b"b" * 60) is ErrorCode.TRAILERS_TOO_LARGE
    assert code_of(Connection(SERVER, 5), head[:-1]) is ErrorCode.HEAD_TOO_LARGE


def test_a_length_that_was_told_twice_ends_the_connection() -> None:
    """Chunks count, the length is gone, and nothing else is read after it (RFC 9112, 6.3)."""
    expected = [response(CHUNKED, reason="OK"), Data(data=b"hello"), END]
    for pieces in cuttings(BOTH + CHUNKS + OK_HEAD):
        connection = client(request(), END)
        assert joined(hear(connection, *pieces)) == expected
        assert connection.states == {CLIENT: MUST_CLOSE, SERVER: MUST_CLOSE}
        assert connection.next_event() is NEED_DATA
        with pytest.raises(LocalProtocolError):
            connection.start_next_cycle()
        assert hear(connection, b"") == [CLOSED_EVENT]


def test_a_length_that_was_told_twice_without_a_body() -> None:
    """The same holds for an answer to HEAD, which has no body that could be misread."""
    connection = client(request(method="HEAD"), END)
    assert hear(connection, BOTH) == [response(CHUNKED, reason="OK"), END]
    assert connection.states == {CLIENT: MUST_CLOSE, SERVER: MUST_CLOSE}


def test_chunks_in_http_1_0_end_the_connection() -> None:
    """Even if the server would like to keep it open (RFC 9112 section 6.1)."""
    connection = client(request(), END)
    head = b"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\n"
    assert data_of(hear(connection, head + CHUNKS + OK_HEAD)) == b"hello"
    assert connection.states == {CLIENT: MUST_CLOSE, SERVER: MUST_CLOSE}
    assert connection.next_event() is NEED_DATA


def test_chunks_alone_do_not_end_the_connection() -> None:
    """A usual response in chunks leaves it open."""
    connection = client(request(), END)
    hear(connection, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNKS)
    assert connection.states == {CLIENT: DONE, SERVER: DONE}
    connection.start_next_cycle()


def test_a_strict_client_refuses_a_length_that_was_told_twice() -> None:
    """Who does not tolerate it gets an error in its place."""
    connection = listening(CLIENT, Tolerance.NONE)
    assert code_of(connection, BOTH + CHUNKS) is ErrorCode.BAD_FRAMING
    assert connection.states == {CLIENT: MUST_CLOSE, SERVER: ERROR}


@each_junk
@pytest.mark.parametrize(
    "last",
    [GET + b"Connection: close\r\n\r\n", b"GET / HTTP/1.0\r\n\r\n"],
    ids=["close", "HTTP/1.0"],
)
def test_what_follows_the_last_request_is_ignored(last: bytes, junk: bytes) -> None:
    """It is not read, and does not get in the way of the response (RFC 9112 section 9.6)."""
    pieces = [[last + junk], [last, junk], [last, *([junk] * 3)]]
    for together in pieces:
        connection = server(*together)
        assert connection.states == {CLIENT: MUST_CLOSE, SERVER: SEND_RESPONSE}
        assert connection.next_event() is NEED_DATA
        assert connection.trailing_data == (b"", False)
        say(connection, response(length(2)))
        assert hear(connection, junk) == []
        say(connection, Data(data=b"hi"), END)
        assert connection.states == {CLIENT: MUST_CLOSE, SERVER: MUST_CLOSE}
        assert hear(connection, junk, b"") == [CLOSED_EVENT]
        assert connection.send(ConnectionClosed()) is None


@each_junk
def test_the_end_after_ignored_octets_is_heard(junk: bytes) -> None:
    """The peer may also close before the response; that is heard, and the response goes out."""
    connection = server(GET + b"Connection: close\r\n\r\n" + junk)
    assert hear(connection, junk, b"") == [CLOSED_EVENT]
    assert connection.states == {CLIENT: h11.CLOSED, SERVER: SEND_RESPONSE}
    assert say(connection, response(length(0)), END).startswith(b"HTTP/1.1 200 ")


def test_the_body_of_the_last_request_is_not_ignored() -> None:
    """Only what comes after it is."""
    octets = GET + b"Connection: close\r\nContent-Length: 5\r\n\r\nhelloworld" + GET_HEAD
    for pieces in cuttings(octets):
        connection = Connection(our_role=SERVER)
        events = hear(connection, *pieces)
        assert data_of(events) == b"hello"
        assert events[-1] == END
        assert connection.next_event() is NEED_DATA


@each_junk
def test_what_follows_the_last_response_is_ignored(junk: bytes) -> None:
    """A client reads nothing more after the last response either."""
    last = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi"
    for pieces in ([last + junk], [last, junk, junk]):
        connection = client(request(), END)
        first, *data, end = hear(connection, *pieces)
        assert isinstance(first, Response)
        assert data_of(data) == b"hi"
        assert end == END
        assert connection.next_event() is NEED_DATA
        assert connection.trailing_data == (b"", False)
        assert connection.states == {CLIENT: MUST_CLOSE, SERVER: MUST_CLOSE}
        assert hear(connection, b"") == [CLOSED_EVENT]


@each_junk
def test_a_client_can_finish_its_request_meanwhile(junk: bytes) -> None:
    """What follows a response that came early does not stop the request."""
    connection = client(request(length(5)), Data(data=b"he"))
    hear(connection, OK + b"Connection: close\r\n\r\n" + junk)
    assert connection.states == {CLIENT: SEND_BODY, SERVER: MUST_CLOSE}
    assert say(connection, Data(data=b"llo"), END) == b"llo"
    assert hear(connection, junk) == []
    assert connection.states == {CLIENT: MUST_CLOSE, SERVER: MUST_CLOSE}


def test_the_next_request_waits_for_the_decision() -> None:
    """Of a client that would like to go on, it is read in the next cycle, if there is one."""
    connection = server(GET_HEAD + GET_HEAD)
    assert connection.next_event() is PAUSED
    assert connection.trailing_data == (GET_HEAD, False)
    say(connection, response(length(0)), END)
    assert connection.next_event() is PAUSED
    connection.start_next_cycle()
    assert connection.states == {CLIENT: IDLE, SERVER: IDLE}
    assert connection.next_event() == request()


def test_the_next_request_is_ignored_if_the_server_closes() -> None:
    """If the server says that its response is the last, no other request is read."""
    connection = server(GET_HEAD + GET_HEAD)
    say(connection, response(CLOSE, length(0)), END)
    assert connection.states == {CLIENT: MUST_CLOSE, SERVER: MUST_CLOSE}
    assert connection.next_event() is NEED_DATA
    assert connection.trailing_data == (b"", False)
    assert hear(connection, GET_HEAD, b"") == [CLOSED_EVENT]


def test_a_body_up_to_the_close_is_all_that_follows() -> None:
    """Where the end of the connection ends a body, nothing after it is ignored."""
    connection = client(request(), END)
    events = hear(connection, b"HTTP/1.1 200 OK\r\n\r\n", GET_HEAD, OK_HEAD, b"")
    assert data_of(events) == GET_HEAD + OK_HEAD
    assert events[-2:] == [END, CLOSED_EVENT]
