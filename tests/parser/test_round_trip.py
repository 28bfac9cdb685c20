"""What the writers wrote, the parsers read back as the same events, however it is cut.

The events of whole conversations are drawn, with bodies of every framing and with trailers; pieces
of a body count as one where no chunk keeps them apart.
"""

from hypothesis import given, settings
from hypothesis import strategies as st

from h11_events import (
    ConnectionClosed,
    Data,
    EndOfMessage,
    Event,
    InformationalResponse,
    Request,
    Response,
)
from h11_parser import (
    NEED_DATA,
    BodyWriter,
    body_writer,
    request_body_length,
    response_body_length,
    write_request_head,
    write_response_head,
)
from tests.parser.reading import (
    Outcome,
    byte_by_byte,
    joined,
    read,
    request_parser,
    response_parser,
)
from tests.parser.strategies import Written, written_requests, written_responses
from tests.strategies import cuts


def together(messages: list[Written]) -> Written:
    """Return messages as one stream."""
    events = [event for message in messages for event in message.events]
    return Written(joined(events), b"".join(message.octets for message in messages))


def written_again(events: list[Event], methods: list[bytes]) -> bytes:
    """Return what the writers make of events.

    Args:
        events: What was read.
        methods: The methods that the responses among them answer.
    """
    octets = b""
    write: BodyWriter = body_writer(0)
    answered = iter(methods)
    for event in events:
        if isinstance(event, Request):
            octets += write_request_head(event)
            write = body_writer(request_body_length(event))
        elif isinstance(event, Response):
            octets += write_response_head(event)
            write = body_writer(response_body_length(next(answered), event))
        elif isinstance(event, InformationalResponse):
            octets += write_response_head(event)
        else:
            assert isinstance(event, Data | EndOfMessage)
            octets += b"".join(write(event))
    return octets


@st.composite
def conversations(draw: st.DrawFn) -> tuple[list[bytes], Written]:
    """Draw the methods of some requests, and the responses to them as one stream."""
    methods = draw(st.lists(st.sampled_from([b"GET", b"HEAD", b"POST"]), min_size=1, max_size=2))
    messages = [
        draw(written_responses(method, last=place == len(methods)))
        for place, method in enumerate(methods, 1)
    ]
    return methods, together(messages)


@settings(max_examples=40)
@given(messages=st.lists(written_requests(), min_size=1, max_size=2), data=st.data())
def test_requests(messages: list[Written], data: st.DataObject) -> None:
    """Requests, pipelined or not, come back as they were."""
    stream = together(messages)
    expected = Outcome(stream.events, NEED_DATA, b"")
    pieces = data.draw(cuts(stream.octets))
    for cutting in ([stream.octets], pieces, byte_by_byte(stream.octets)):
        assert read(request_parser(), cutting) == expected


@settings(max_examples=40)
@given(conversation=conversations(), data=st.data())
def test_responses(conversation: tuple[list[bytes], Written], data: st.DataObject) -> None:
    """Responses to requests told in advance come back as they were, up to the end of the stream."""
    methods, stream = conversation
    expected = Outcome([*stream.events, ConnectionClosed()], None, b"")
    pieces = data.draw(cuts(stream.octets))
    for cutting in ([stream.octets], pieces, byte_by_byte(stream.octets)):
        assert read(response_parser(methods), [*cutting, b""]) == expected


@settings(max_examples=40)
@given(messages=st.lists(written_requests(), min_size=1, max_size=2))
def test_requests_are_written_again_as_the_same_octets(messages: list[Written]) -> None:
    """Nothing that was on the wire is lost in the events, neither order nor casing."""
    octets = together(messages).octets
    assert written_again(read(request_parser(), [octets]).events, []) == octets


@settings(max_examples=40)
@given(conversation=conversations())
def test_responses_are_written_again_as_the_same_octets(
    conversation: tuple[list[bytes], Written],
) -> None:
    """Nothing that was on the wire is lost in the events, neither reason nor chunks."""
    methods, stream = conversation
    events = read(response_parser(methods), [stream.octets, b""]).events
    assert written_again(events[:-1], methods) == stream.octets
