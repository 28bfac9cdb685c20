"""A program tells errors apart by their attributes, and never has to read their text.

Each code comes up in a conversation here; the text is for people, and safe to be logged as it is.
"""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from h11 import (
    CLIENT,
    ERROR,
    SERVER,
    Connection,
    Data,
    EndOfMessage,
    ErrorCode,
    Limits,
    LocalProtocolError,
    ProtocolError,
    RemoteProtocolError,
    Tolerance,
)
from h11_statemachine import Role
from tests.h11.conversations import (
    CHUNKED,
    CLOSED_EVENT,
    END,
    GET_HEAD,
    OK_HEAD,
    client,
    hear,
    length,
    request,
    response,
    say,
    server,
)

GET: Final = GET_HEAD[:-2]
"""The head of a request, up to where further field lines may stand."""

CHUNKED_PUT: Final = b"PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"

Attempt = Callable[[], object]
"""What somebody does that the protocol does not allow."""


def to_server(octets: bytes, limits: Limits | None = None) -> Attempt:
    """Return the attempt to say something to a server."""
    return lambda: hear(Connection(our_role=SERVER, limits=limits), octets)


def to_client(*pieces: bytes) -> Attempt:
    """Return the attempt to answer a client so."""
    return lambda: hear(client(request(), END), *pieces)


def after_error() -> None:
    """Say something else after an error."""
    connection = client()
    connection.send_failed()
    connection.send(request())


def after_error_of_the_peer() -> None:
    """Listen on after an error."""
    connection = server()
    connection.receive_data(b"\x16\x03\x01")
    with pytest.raises(RemoteProtocolError):
        connection.next_event()
    connection.next_event()


def raised_by_a_program() -> None:
    """Raise such an error oneself."""
    raise LocalProtocolError("we do not serve tea", 418)


LOCAL: Final = LocalProtocolError
REMOTE: Final = RemoteProtocolError

CASES: Final[list[tuple[ErrorCode, int, type[ProtocolError], Attempt]]] = [
    (ErrorCode.BAD_REQUEST_LINE, 400, REMOTE, to_server(b"hello\r\n")),
    (ErrorCode.BAD_REQUEST_LINE, 400, LOCAL, lambda: request(method="G T")),
    (ErrorCode.BAD_STATUS_LINE, 400, REMOTE, to_client(b"ICY 200 OK\r\n")),
    (ErrorCode.BAD_STATUS_LINE, 400, LOCAL, lambda: response(status=1000)),
    (ErrorCode.BAD_FIELD_LINE, 400, REMOTE, to_server(GET + b"A : b\r\n\r\n")),
    (ErrorCode.BAD_FIELD_LINE, 400, REMOTE, to_client(OK_HEAD[:-2] + b"A\x00")),
    (ErrorCode.BAD_FIELD_LINE, 400, LOCAL, lambda: request(("A", "b\r\nC: d"))),
    (ErrorCode.BAD_HOST, 400, REMOTE, to_server(b"GET / HTTP/1.1\r\n\r\n")),
    (ErrorCode.BAD_HOST, 400, LOCAL, lambda: request(("Host", "a"))),
    (ErrorCode.BAD_FRAMING, 400, REMOTE, to_server(GET + b"Content-Length: -1\r\n\r\n")),
    (ErrorCode.BAD_FRAMING, 400, LOCAL, lambda: response(length(1), length(2))),
    (ErrorCode.BAD_CHUNK, 400, REMOTE, to_server(CHUNKED_PUT + b"0x5\r\n")),
    (ErrorCode.BAD_TRAILER, 400, REMOTE, to_server(CHUNKED_PUT + b"0\r\nHost: a\r\n\r\n")),
    (ErrorCode.BAD_TRAILER, 400, LOCAL, lambda: EndOfMessage(headers=[length(0)])),
    (ErrorCode.UNSUPPORTED_VERSION, 505, REMOTE, to_server(b"GET / HTTP/2.0\r\n")),
    (ErrorCode.UNSUPPORTED_VERSION, 505, REMOTE, to_client(b"HTTP/0.9 200 OK\r\n")),
    (ErrorCode.UNSUPPORTED_VERSION, 505, LOCAL, lambda: client(request(version="1.0"))),
    (
        ErrorCode.UNSUPPORTED_CODING,
        501,
        REMOTE,
        to_server(GET + b"Transfer-Encoding: gzip, chunked\r\n\r\n"),
    ),
    (
        ErrorCode.UNSUPPORTED_CODING,
        501,
        LOCAL,
        lambda: response(("Transfer-Encoding", "br, chunked")),
    ),
    (ErrorCode.HEAD_TOO_LARGE, 431, REMOTE, to_server(GET + b"A: " + b"b" * 20_000)),
    (ErrorCode.HEAD_TOO_LARGE, 431, REMOTE, to_client(b"HTTP/1.1 200 " + b"b" * 20_000)),
    (ErrorCode.REQUEST_LINE_TOO_LONG, 414, REMOTE, to_server(b"GET /" + b"a" * 20_000)),
    (ErrorCode.TOO_MANY_FIELDS, 431, REMOTE, to_server(GET + b"A:\r\n" * 256)),
    (
        ErrorCode.TRAILERS_TOO_LARGE,
        431,
        REMOTE,
        to_server(CHUNKED_PUT + b"0\r\nA: " + b"b" * 20_000),
    ),
    (
        ErrorCode.CHUNK_EXTENSIONS_TOO_LARGE,
        431,
        REMOTE,
        to_server(CHUNKED_PUT + b"1;" + b"a" * 20_000),
    ),
    (
        ErrorCode.BODY_TOO_SHORT,
        400,
        REMOTE,
        to_client(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", b""),
    ),
    (ErrorCode.BODY_TOO_SHORT, 400, LOCAL, lambda: client(request(length(5)), END)),
    (
        ErrorCode.BODY_TOO_LONG,
        400,
        LOCAL,
        lambda: client(request(length(5)), Data(data=b"too much")),
    ),
    (ErrorCode.CLOSED_EARLY, 400, REMOTE, to_client(b"")),
    (ErrorCode.CLOSED_EARLY, 400, REMOTE, to_client(b"HTTP/1.1 2", b"")),
    (ErrorCode.OUT_OF_TURN, 400, LOCAL, lambda: client(END)),
    (ErrorCode.OUT_OF_TURN, 400, LOCAL, lambda: client().start_next_cycle()),
    (ErrorCode.OUT_OF_TURN, 400, REMOTE, to_client(b"HTTP/1.1 101 \r\n\r\n")),
    (ErrorCode.AFTER_ERROR, 400, LOCAL, after_error),
    (ErrorCode.AFTER_ERROR, 400, REMOTE, after_error_of_the_peer),
    (ErrorCode.OTHER, 418, LOCAL, raised_by_a_program),
]
"""For each code: the hint, whose fault it is, and how it comes about."""

each_case = pytest.mark.parametrize(
    ("code", "hint", "side", "attempt"),
    CASES,
    ids=[f"{code.name}-{'ours' if side is LOCAL else 'theirs'}" for code, _, side, _ in CASES],
)


def error_of(attempt: Attempt) -> ProtocolError:
    """Return the error that an attempt leads to."""
    with pytest.raises(ProtocolError) as raised:
        attempt()
    return raised.value


def assert_fit_for_a_log(error: ProtocolError) -> None:
    """Assert that the text is one printable line of bearable length, and the excerpt short."""
    text = str(error)
    assert text
    assert text.isascii()
    assert text.isprintable()
    assert len(text) < 600
    assert len(error.excerpt) <= 100


@each_case
def test_each_code_comes_up(
    code: ErrorCode, hint: int, side: type[ProtocolError], attempt: Attempt
) -> None:
    """The code, the hint and the class say what happened, what to answer, and whose fault it is."""
    error = error_of(attempt)
    assert (error.code, error.error_status_hint, type(error)) == (code, hint, side)
    assert_fit_for_a_log(error)


def test_no_code_is_left_out() -> None:
    """There is no code that never comes up."""
    assert {code for code, *_ in CASES} == set(ErrorCode)


def test_the_four_cases_that_programs_ask_for() -> None:
    """Closed without an answer, cut short, said too much, said out of turn: four codes."""
    attempts: list[Attempt] = [
        to_client(b""),
        to_client(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello", b""),
        lambda: client(request(length(3)), Data(data=b"abcd")),
        lambda: client(Data(data=b"a")),
    ]
    errors = [error_of(attempt) for attempt in attempts]
    assert [error.code for error in errors] == [
        ErrorCode.CLOSED_EARLY,
        ErrorCode.BODY_TOO_SHORT,
        ErrorCode.BODY_TOO_LONG,
        ErrorCode.OUT_OF_TURN,
    ]
    counts = [(error.expected, error.received) for error in errors]
    assert counts == [(None, None), (100, 5), (3, 4), (None, None)]


@pytest.mark.parametrize(
    "pieces",
    [[b""], [b"HTTP/1.1 100 \r\n\r\n", b""], [b"HTTP/1.1 103 \r\nLink: a\r\n\r\n", b""]],
    ids=["nothing", "100", "103"],
)
@pytest.mark.parametrize("sent", [1, 2, 3], ids=["head", "body", "end"])
def test_closed_without_an_answer(sent: int, pieces: list[bytes]) -> None:
    """A server that closes before its final response owes it, however much was asked."""
    connection = client(*[request(length(1)), Data(data=b"a"), END][:sent])
    error = error_of(lambda: hear(connection, *pieces))
    assert error.code is ErrorCode.CLOSED_EARLY
    assert str(error).startswith("server closed the connection without answering")
    assert error.excerpt == b""
    assert connection.their_state is ERROR


@pytest.mark.parametrize("octets", [b"H", b"HTTP/1.1 200 OK\r\n", OK_HEAD[:-1]], ids=repr)
def test_closed_within_the_head_of_an_answer(octets: bytes) -> None:
    """Half an answer is none; the excerpt shows what there is of it."""
    error = error_of(to_client(octets, b""))
    assert error.code is ErrorCode.CLOSED_EARLY
    assert error.excerpt == octets


def test_closed_within_the_head_of_a_request() -> None:
    """The same holds for half a request; a client that closes between requests owes nothing."""
    error = error_of(lambda: server(GET, b""))
    assert (error.code, error.excerpt) == (ErrorCode.CLOSED_EARLY, GET)
    assert hear(server(), b"") == [CLOSED_EVENT]


@pytest.mark.parametrize("sent", [0, 1, 5, 99])
def test_cut_short(sent: int) -> None:
    """Of a body with a length, one gets to know how much came, and how much should have."""
    fields = b"Content-Length: 100\r\n\r\n"
    text = "peer closed connection without sending complete message body"
    connections = {
        client(request(), END): b"HTTP/1.1 200 OK\r\n" + fields,
        server(): b"PUT / HTTP/1.1\r\nHost: a\r\n" + fields,
    }
    for connection, head in connections.items():
        hear(connection, head + b"x" * sent)
        error = error_of(partial(hear, connection, b""))
        assert error.code is ErrorCode.BODY_TOO_SHORT
        assert (error.expected, error.received) == (100, sent)
        assert str(error) == f"{text} (received {sent} bytes, expected 100)"


@pytest.mark.parametrize("chunks", [b"", b"5", b"5\r\nhel", b"5\r\nhello", b"0\r\n", b"0\r\nA:"])
def test_cut_short_in_chunks(chunks: bytes) -> None:
    """A body in chunks is cut short, too, wherever it ends; how long it is, nobody knows."""
    error = error_of(lambda: server(CHUNKED_PUT + chunks, b""))
    assert error.code is ErrorCode.BODY_TOO_SHORT
    assert error.expected is None
    assert str(error).endswith("(incomplete chunked read)")


@pytest.mark.parametrize(
    ("pieces", "received"), [([4], 4), ([3, 1], 4), ([1, 1, 10], 12)], ids=["one", "two", "three"]
)
def test_said_too_much(pieces: list[int], received: int) -> None:
    """Of all that was said, the sum counts, beside what was announced."""
    data = [Data(data=b"x" * size) for size in pieces]
    for connection, head in (
        (client(), request(length(3))),
        (server(GET_HEAD), response(length(3))),
    ):
        error = error_of(partial(say, connection, head, *data))
        assert error.code is ErrorCode.BODY_TOO_LONG
        assert (error.expected, error.received) == (3, received)
        assert connection.our_state is ERROR


def test_said_too_little() -> None:
    """The end before all was said tells the same counts."""
    error = error_of(lambda: client(request(length(3)), Data(data=b"a"), END))
    assert error.code is ErrorCode.BODY_TOO_SHORT
    assert (error.expected, error.received) == (3, 1)


OUT_OF_TURN: Final[dict[str, tuple[Attempt, list[str]]]] = {
    "data of an idle client": (lambda: client(Data(data=b"a")), ["CLIENT", "IDLE", "Data"]),
    "second request": (
        lambda: client(request(), END, request()),
        ["CLIENT", "DONE", "Request"],
    ),
    "response of a client": (lambda: client(response()), ["CLIENT", "IDLE", "Response"]),
    "end of an idle server": (
        lambda: say(server(GET_HEAD), END),
        ["SERVER", "SEND_RESPONSE", "EndOfMessage"],
    ),
    "second response": (
        lambda: say(server(GET_HEAD), response(length(0)), response(length(0))),
        ["SERVER", "SEND_BODY", "Response"],
    ),
}
"""What is said at the wrong time, and the words by which a person understands it."""


@pytest.mark.parametrize(("attempt", "words"), OUT_OF_TURN.values(), ids=OUT_OF_TURN)
def test_said_out_of_turn(attempt: Attempt, words: list[str]) -> None:
    """The code is enough for a program; a person is told the role, its state and the event."""
    error = error_of(attempt)
    assert type(error) is LocalProtocolError
    assert error.code is ErrorCode.OUT_OF_TURN
    for word in words:
        assert word in str(error)


def test_after_an_error() -> None:
    """Both directions have a code of their own for it, which never is the one of the error."""
    connection = server(GET_HEAD)
    assert error_of(lambda: connection.send(END)).code is ErrorCode.OUT_OF_TURN
    for event in (response(), END, CLOSED_EVENT):
        error = error_of(partial(connection.send, event))
        assert error.code is ErrorCode.AFTER_ERROR
    connection = server()
    assert error_of(lambda: hear(connection, b"\x00")).code is ErrorCode.BAD_REQUEST_LINE
    for _ in range(3):
        assert error_of(connection.next_event).code is ErrorCode.AFTER_ERROR


def test_what_was_found_locally_stays_the_cause() -> None:
    """The error of the peer has the attributes of its cause, and is another object."""
    error = error_of(to_server(GET + b"Content-Length: 1, 2\r\n\r\n"))
    cause = error.__cause__
    assert type(cause) is LocalProtocolError
    assert (cause.code, cause.excerpt) == (error.code, error.excerpt)
    assert (cause.expected, cause.received) == (error.expected, error.received)


NASTY: Final = b"\r\nA\x1b[31m\x7f\x9b\xe2\x80\xa8\x08" * 50
"""What would disturb a terminal, or begin another line in a log."""


@pytest.mark.parametrize(
    "octets",
    [
        NASTY,
        b"GET " + NASTY,
        b"GET / HTTP/1." + NASTY,
        GET + b"A\x1b[31m",
        GET + b"A: " + NASTY,
        GET + b"Content-Length: \xff" + NASTY,
        GET + b"Transfer-Encoding: \xe2\x80\xa8\xff" * 20 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: \xe2\x80\xa8\x9b\r\n\r\n",
        CHUNKED_PUT + NASTY,
        CHUNKED_PUT + b"5;" + NASTY,
        CHUNKED_PUT + b"1\r\na" + NASTY,
        CHUNKED_PUT + b"0\r\nA: " + NASTY,
        b"HTTP/1.1 200 " + NASTY,
    ],
    ids=lambda octets: repr(octets[-40:])[:20],
)
def test_what_a_peer_sends_cannot_disturb_a_log(octets: bytes) -> None:
    """Whatever is quoted is quoted as a bytes literal, shortened."""
    for attempt in (to_server(octets), to_client(octets)):
        assert_fit_for_a_log(error_of(attempt))


FRAGMENTS: Final = [GET, GET_HEAD, OK_HEAD, OK_HEAD[:-2], CHUNKED_PUT, b"\r\n", b"A: ", b"5"]


@given(
    octets=st.lists(st.binary(max_size=5) | st.sampled_from(FRAGMENTS)).map(b"".join),
    role=st.sampled_from([CLIENT, SERVER]),
    strict=st.booleans(),
)
def test_any_error_of_a_peer_can_be_logged(octets: bytes, role: Role, strict: bool) -> None:
    """Whatever the fault, the text is short and printable, and the code is not `OTHER`."""
    connection = Connection(role, tolerate=Tolerance.NONE if strict else None)
    if role is CLIENT:
        say(connection, request(CHUNKED), END)
    for error in errors_of(connection, [octets, b""] if octets else [b""]):
        assert error.code not in (ErrorCode.OTHER, ErrorCode.AFTER_ERROR)
        assert_fit_for_a_log(error)


def errors_of(connection: Connection, pieces: Iterable[bytes]) -> list[RemoteProtocolError]:
    """Return the error that a connection meets in some pieces, or nothing."""
    try:
        hear(connection, *pieces)
    except RemoteProtocolError as error:
        return [error]
    return []


@pytest.mark.parametrize(
    "attempt",
    [
        lambda: request(method="G\n" * 500),
        lambda: request(target="/\x1b" * 500),
        lambda: request(version="\n" * 500),
        lambda: request(("A\n" * 500, "b")),
        lambda: request(("A", "\r\n" * 500)),
        lambda: response(reason="\x1b\n" * 500),
        lambda: response(("Content-Length", "+" * 500)),
        lambda: client().send(anything("\r\n" * 500)),
        lambda: response(status=anything("\r\n")),
    ],
    ids=["method", "target", "version", "name", "value", "reason", "length", "event", "status"],
)
def test_what_we_do_wrong_cannot_disturb_a_log_either(attempt: Attempt) -> None:
    """What a program was made to say by somebody else is quoted in the same way."""
    error = error_of(attempt)
    assert type(error) is LocalProtocolError
    assert_fit_for_a_log(error)


def anything(value: object) -> Any:
    """Return an object that may be passed where its type does not fit."""
    return value
