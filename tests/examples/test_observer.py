"""What the observer tells of a conversation: exchanges, faults, ends; and what it keeps of bodies.

In: recorded conversations, fed whole. Out: their records, and the details of some of them.
"""

import hashlib

import pytest

from docs.examples.exchanges import Keep, Observer
from h11_events import ErrorCode, RemoteProtocolError
from h11_parser import RequestParser, ResponseParser, Tolerance
from h11_statemachine import CLIENT, SERVER
from tests.examples.observed import CHUNKED, CONVERSATIONS, OK, Conversation, answer, get, record


@pytest.mark.parametrize("conversation", CONVERSATIONS.values(), ids=CONVERSATIONS)
def test_conversation_has_its_record(conversation: Conversation) -> None:
    """Each message is paired, measured and ended as the two sides understand it."""
    observer = Observer()
    for role, octets in ((CLIENT, conversation.client), (SERVER, conversation.server)):
        if octets:
            observer.feed(role, octets)
        if role in conversation.closed:
            observer.feed(role, b"")
    observer.finish()
    assert record(observer) == conversation.record


def test_exchange_is_there_as_soon_as_it_begins() -> None:
    """Whoever watches a connection that lives sees each step of it."""
    observer = Observer()
    observer.feed(CLIENT, get("/", "Content-Length: 4", method="PUT") + b"bo")
    assert record(observer) == "PUT / 2... | -"
    observer.feed(SERVER, answer(102))
    assert record(observer) == "PUT / 2... | 102 -"
    observer.feed(CLIENT, b"dy")
    assert record(observer) == "PUT / 4 | 102 -"
    observer.feed(SERVER, OK)
    assert record(observer) == "PUT / 4 | 102 200 2"


def test_exchanges_that_were_seen_can_be_forgotten() -> None:
    """Emptying the list does not disturb what is under way."""
    observer = Observer()
    observer.feed(CLIENT, get("/1") + get("/2"))
    observer.feed(SERVER, OK + b"HTTP/1.1 200 OK\r\n")
    second = observer.exchanges.pop()
    observer.exchanges.clear()
    observer.feed(SERVER, b"Content-Length: 2\r\n\r\nok")
    assert second.response is not None
    assert (second.response.head.http_version, second.response.body.size) == (b"1.1", 2)
    observer.feed(CLIENT, get("/3"))
    assert record(observer) == "GET /3 0 | -"


def test_heads_and_trailers_are_kept_as_they_came() -> None:
    """Casing, order and repetitions of fields are those of the sender."""
    observer = Observer()
    observer.feed(CLIENT, get("/", "x-A: 1", "X-a: 2", CHUNKED, method="POST"))
    observer.feed(CLIENT, b"0\r\nZ-z: 3\r\n\r\n")
    request = observer.exchanges[0].request
    assert request is not None
    assert request.head.headers.raw_items() == [
        (b"Host", b"a"),
        (b"x-A", b"1"),
        (b"X-a", b"2"),
        (b"Transfer-Encoding", b"chunked"),
    ]
    assert request.trailers.raw_items() == [(b"Z-z", b"3")]


def test_offsets_are_those_of_the_direction() -> None:
    """Head and body, with its framing, can be cut out of the stream that was fed."""
    head = get("/2", CHUNKED, method="POST")
    body = b"1\r\na\r\n0\r\n\r\n"
    stream = get("/1") + head + body + get("/3")
    observer = Observer()
    observer.feed(CLIENT, stream)
    observer.feed(SERVER, OK + OK)
    second = observer.exchanges[1].request
    assert second is not None
    assert stream[second.start : second.body_start] == head
    assert stream[second.body_start : second.end] == body
    assert observer.understood(CLIENT) == len(stream)


@pytest.mark.parametrize(
    ("keep", "sha256", "body"),
    [
        pytest.param(Keep(), hashlib.sha256(b"ok").hexdigest(), None, id="digests"),
        pytest.param(Keep(digests=False), None, None, id="sizes"),
        pytest.param(Keep(digests=False, pieces=True), None, b"ok", id="pieces"),
    ],
)
def test_bodies_are_kept_as_asked(keep: Keep, sha256: str | None, body: bytes | None) -> None:
    """The size is always there; the digest and the octets for who wants them."""
    observer = Observer(keep)
    observer.feed(CLIENT, get("/"))
    observer.feed(SERVER, OK)
    response = observer.exchanges[0].response
    assert response is not None
    content = response.body
    assert (content.size, content.sha256) == (2, sha256)
    assert (None if content.pieces is None else b"".join(content.pieces)) == body


def test_what_comes_after_http_can_be_observed_in_turn() -> None:
    """A tunnel that carries HTTP is another connection for another observer."""
    outer, inner = Observer(Keep(pieces=True)), Observer()
    outer.feed(CLIENT, get("b:1", method="CONNECT") + get("/through"))
    outer.feed(SERVER, answer(200) + OK[:10])
    outer.feed(SERVER, OK[10:])
    for role in (CLIENT, SERVER):
        content = outer.after_http(role)
        assert content is not None
        assert content.pieces is not None
        for piece in content.pieces:
            inner.feed(role, piece)
    assert record(inner) == "GET /through 0 | 200 2"


def test_violation_can_be_read_by_a_program() -> None:
    """It has the error with its code and excerpt, its place, and the exchange that it is in."""
    observer = Observer()
    observer.feed(CLIENT, get("/1") + get("/2"))
    observer.feed(SERVER, OK + answer(200, CHUNKED) + b"1\r\na\r\n2x\r\n")
    violation = observer.violation(SERVER)
    assert violation is not None
    assert violation.error.code is ErrorCode.BAD_CHUNK
    assert violation.error.excerpt == b"2x"
    assert violation.offset == len(OK + answer(200, CHUNKED) + b"1\r\na")
    assert violation.exchange is observer.exchanges[1]
    assert observer.violation(CLIENT) is None


def test_fault_of_either_side_is_an_error_of_the_remote_kind() -> None:
    """Whether the parser or the state machine has found it: it is nobody's who watches."""
    observer = Observer()
    observer.feed(CLIENT, get("/1", "Connection: close") + get("/2"))
    observer.feed(SERVER, OK + b"HTTP/1.1 OK\r\n")
    codes = {}
    for role in (CLIENT, SERVER):
        violation = observer.violation(role)
        assert violation is not None
        assert isinstance(violation.error, RemoteProtocolError)
        codes[role] = violation.error.code
    assert codes == {CLIENT: ErrorCode.OUT_OF_TURN, SERVER: ErrorCode.BAD_STATUS_LINE}


def test_parsers_bring_their_tolerances() -> None:
    """Whoever watches lenient programs can be as lenient."""
    observer = Observer(
        requests=RequestParser(tolerate=Tolerance.BARE_LF),
        responses=ResponseParser(tolerate=Tolerance.NONE),
    )
    observer.feed(CLIENT, get("/").replace(b"\r\n", b"\n"))
    observer.feed(SERVER, OK.replace(b"\r\n", b"\n"))
    assert record(observer) == "GET / 0 | -; server BAD_STATUS_LINE at 0"


def test_octets_after_the_end_are_a_mistake_of_the_caller() -> None:
    """As with the parsers, a direction that has ended stays so."""
    observer = Observer()
    observer.feed(CLIENT, b"")
    with pytest.raises(RuntimeError, match="after the end"):
        observer.feed(CLIENT, b"x")
