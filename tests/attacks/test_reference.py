"""The strict parser against the reference: the same messages from every stream of octets.

Attack: any difference between two readers of the same octets is one; those that have names were all
found by looking for differences. Answer: where nothing is tolerated, a message is what the grammar
of RFC 9112 says it is, no more and no less, and a reader made of nothing but that grammar sees
exactly the messages that the parser sees.
"""

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from h11_events import (
    FORBIDDEN_IN_TRAILERS,
    Data,
    EndOfMessage,
    Event,
    Headers,
    InformationalResponse,
    Request,
    Response,
)
from h11_parser import PAUSED, RequestParser, Tolerance
from tests.attacks.harness import GET, NewReader, client_side, post, whole
from tests.attacks.mutations import RESPONSES, mutated_conversations
from tests.attacks.near_misses import (
    CRLF,
    REPLACEMENTS,
    SP,
    Field,
    Piece,
    field_pieces,
    replaced,
    request_streams,
    response_streams,
)
from tests.attacks.reference import (
    Fields,
    Message,
    Reading,
    read_requests,
    without_framing,
)
from tests.attacks.reference_of_responses import read_responses

Head = Request | InformationalResponse | Response
FORBIDDEN = frozenset(name.decode() for name in FORBIDDEN_IN_TRAILERS)


def fields_of(headers: Headers) -> Fields:
    """Return the fields that do not frame a body, as the reference has them."""
    return without_framing([(name.decode(), value.decode("latin-1")) for name, value in headers])


def start_of(head: Head) -> tuple[str, str, str]:
    """Return the parts of a start line, as the reference has them."""
    version = head.http_version.decode()
    if isinstance(head, Request):
        return head.method.decode(), head.target.decode(), version
    return version, str(head.status_code), head.reason.decode("latin-1")


def messages_of(events: list[Event]) -> list[Message]:
    """Return the messages that are complete, as the reference has them."""
    messages: list[Message] = []
    waiting: Message | None = None
    for event_ in events:
        if isinstance(event_, Data):
            assert waiting is not None
            waiting = waiting._replace(body=waiting.body + event_.data.decode("latin-1"))
        elif isinstance(event_, EndOfMessage):
            assert waiting is not None
            messages.append(waiting._replace(trailers=fields_of(event_.headers)))
        elif isinstance(event_, Head):
            waiting = Message(start_of(event_), fields_of(event_.headers), "", [])
            if isinstance(event_, InformationalResponse):
                messages.append(waiting)
    return messages


def our_reading(reader: NewReader, octets: bytes) -> Reading:
    """Return what a reader sees in a stream."""
    events, end, rest = whole(reader, octets, closed=True)
    if end is PAUSED and isinstance(events[-1], Response):
        events = [*events, EndOfMessage()]  # It has opened a tunnel, and has no other end.
    tunnel = rest.decode("latin-1") if end is PAUSED else None
    return Reading(messages_of(events), end is None or end is PAUSED, tunnel)


def request_parser() -> RequestParser:
    """Return a parser that tolerates nothing."""
    return RequestParser(tolerate=Tolerance.NONE)


def assert_same_reading(octets: bytes) -> Reading:
    """Assert that the parser and the reference see the same messages in a stream; return them."""
    expected = read_requests(octets, FORBIDDEN)
    assert our_reading(request_parser, octets) == expected
    return expected


def count(reading: Reading) -> None:
    """Have hypothesis count how often streams are accepted, and how many messages they hold."""
    event("accepted" if reading.accepted else "refused")
    event(f"{len(reading.messages)} messages")


@settings(max_examples=600)
@given(octets=request_streams())
def test_near_misses(octets: bytes) -> None:
    """They see the same in streams that are legal but for a mutation or two."""
    count(assert_same_reading(octets))


@settings(max_examples=300)
@given(octets=mutated_conversations())
def test_mutated_conversations(octets: bytes) -> None:
    """They see the same in streams in which octets were changed blindly."""
    count(assert_same_reading(octets))


METHODS = st.lists(st.sampled_from(["GET", "GET", "GET", "HEAD", "CONNECT"]), max_size=3)


@settings(max_examples=300)
@given(octets=response_streams() | mutated_conversations(RESPONSES), methods=METHODS)
def test_responses(octets: bytes, methods: list[str]) -> None:
    """They see the same in streams of responses, whichever methods are answered."""
    expected = read_responses(octets, methods, FORBIDDEN)
    count(expected)
    asked = methods or ["GET"]
    reader = client_side(*asked, tolerate=Tolerance.NONE)["parser"]
    assert our_reading(reader, octets) == expected


RICH = [
    *[Piece("before", b""), Piece("method", b"GET"), SP, Piece("target", b"/a"), SP],
    *[Piece("version", b"HTTP/1.1"), CRLF],
]
FIELDS_OF_RICH: list[Field] = [(b"Host", "host", b"a"), (b"A", "value", b"b")]
SECTIONS = {
    "length": [
        *field_pieces([*FIELDS_OF_RICH, (b"Content-Length", "length", b"5")]),
        Piece("data", b"hello"),
    ],
    "chunked": [
        *field_pieces([*FIELDS_OF_RICH, (b"Transfer-Encoding", "coding", b"chunked")]),
        *[Piece("size", b"5"), Piece("extension", b";a=b"), CRLF, Piece("data", b"hello"), CRLF],
        *[Piece("size", b"0"), Piece("extension", b""), CRLF],
        *field_pieces([(b"A", "value", b"b")]),
    ],
}


@pytest.mark.parametrize("section", SECTIONS.values(), ids=SECTIONS)
@pytest.mark.parametrize("method", [b"GET", b"OPTIONS", b"CONNECT"], ids=lambda m: m.decode())
def test_every_replacement(section: list[Piece], method: bytes) -> None:
    """They see the same for each replacement in each place of a message, another behind it."""
    message = [piece._replace(octets=method) if piece.kind == "method" else piece for piece in RICH]
    message += section
    for place, piece in enumerate(message):
        for by in REPLACEMENTS[piece.kind]:
            pieces = [*message[:place], replaced(piece, by), *message[place + 1 :]]
            assert_same_reading(b"".join(octets for _, octets in pieces) + GET)


EXAMPLES = {
    "one": (GET, 1, True),
    "two": (GET + GET, 2, True),
    "none": (b"", 0, True),
    "empty lines": (b"\r\n" + GET + b"\r\n", 1, True),
    "cut off": (GET + GET[:-1], 1, False),
    "malformed": (GET + b"GET  / HTTP/1.1\r\n\r\n", 1, False),
    "chunked": (
        post(b"Transfer-Encoding: chunked", body=b"1;a\r\nx\r\n0\r\nA: b\r\n\r\n"),
        1,
        True,
    ),
    "chunked, bad end": (
        post(b"Transfer-Encoding: chunked", body=b"1\r\nxx\r\n0\r\n\r\n"),
        0,
        False,
    ),
    "two lengths": (post(b"Content-Length: 1", b"Content-Length: 2", body=b"ab"), 0, False),
    "no Host": (b"GET / HTTP/1.1\r\n\r\n", 0, False),
    "no Host in HTTP/1.0": (b"GET / HTTP/1.0\r\n\r\n", 1, True),
    "tunnel": (b"CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n\x00", 1, True),
}


@pytest.mark.parametrize(("octets", "number", "accepted"), EXAMPLES.values(), ids=EXAMPLES)
def test_reference(octets: bytes, number: int, accepted: bool) -> None:
    """The reference itself reads what it should, and so does the parser."""
    found = assert_same_reading(octets)
    assert (len(found.messages), found.accepted) == (number, accepted)
