"""What holds for every stream, be it legal, nearly legal, or damaged blindly.

Attack: octets that nobody has thought of, in pieces that nobody has thought of. Answer: there is no
way out but an event, a marker or `RemoteProtocolError`; how the octets are cut changes nothing;
tolerance adds to what is accepted and changes none of it; and what is accepted can be written again
so that the strictest reader behind us sees the same message.
"""

from itertools import pairwise

from hypothesis import event, given, settings
from hypothesis import strategies as st

from h11 import MUST_CLOSE
from h11_events import ConnectionClosed, Event, Response
from h11_parser import Limits, Tolerance
from tests.attacks.harness import (
    ALL_FOR_REQUESTS,
    ALL_FOR_RESPONSES,
    NewReader,
    Refusal,
    Server,
    Verdict,
    client_side,
    octet_by_octet,
    read,
    server_side,
    whole,
)
from tests.attacks.mutations import RESPONSES, mutated_conversations
from tests.attacks.near_misses import request_streams, response_streams
from tests.attacks.rewriting import IN_EVENTS, whole_messages, written

METHODS = ["GET"] * 4

REQUESTS_IN = request_streams() | mutated_conversations()
RESPONSES_IN = response_streams() | mutated_conversations(RESPONSES)


def tolerances(possible: Tolerance) -> st.SearchStrategy[Tolerance]:
    """Return a strategy of sets of tolerances: any of those that are possible, none, and all."""
    some = st.sets(st.sampled_from(list(possible))).map(
        lambda members: Tolerance(sum(member.value for member in members))
    )
    return st.just(possible) | st.just(Tolerance.NONE) | some


def assert_cutting_changes_nothing(reader: NewReader, octets: bytes, places: list[int]) -> Verdict:
    """Assert that a reader makes the same of octets in one piece, in some, and one by one."""
    expected = whole(reader, octets, closed=True)
    edges = sorted({0, len(octets), *(place % (len(octets) + 1) for place in places)})
    pieces = [octets[start:end] for start, end in pairwise(edges)]
    for cutting in (pieces, octet_by_octet(octets)):
        found = read(reader(), [*cutting, b""])
        assert found == expected
        if isinstance(found.end, Refusal):
            assert found.end.tells_as(expected.end)
    return expected


PLACES = st.lists(st.integers(0, 1000), max_size=4)


@settings(max_examples=150)
@given(octets=REQUESTS_IN, tolerate=tolerances(ALL_FOR_REQUESTS), places=PLACES)
def test_requests_in_any_cutting(octets: bytes, tolerate: Tolerance, places: list[int]) -> None:
    """The outcome of a stream of requests does not depend on how it is cut."""
    parser, connection = server_side(tolerate).values()
    assert_cutting_changes_nothing(parser, octets, places)
    assert_cutting_changes_nothing(connection, octets, places)


@settings(max_examples=150)
@given(octets=RESPONSES_IN, tolerate=tolerances(ALL_FOR_RESPONSES), places=PLACES)
def test_responses_in_any_cutting(octets: bytes, tolerate: Tolerance, places: list[int]) -> None:
    """Nor does that of a stream of responses."""
    parser, connection = client_side(*METHODS, tolerate=tolerate).values()
    assert_cutting_changes_nothing(parser, octets, places)
    assert_cutting_changes_nothing(connection, octets, places)


LIMITS = st.builds(
    Limits,
    head_size=st.integers(0, 120),
    field_count=st.integers(0, 4),
    trailer_size=st.integers(0, 20),
    chunk_extension_size=st.integers(0, 8),
)


@settings(max_examples=200)
@given(octets=REQUESTS_IN, limits=LIMITS, places=PLACES)
def test_limits_in_any_cutting(octets: bytes, limits: Limits, places: list[int]) -> None:
    """Where a limit is passed, or a fault is met before it, does not depend on it either."""
    for reader in server_side(ALL_FOR_REQUESTS, limits).values():
        assert_cutting_changes_nothing(reader, octets, places)


@settings(max_examples=150)
@given(octets=REQUESTS_IN, tolerate=tolerances(ALL_FOR_REQUESTS))
def test_connection_reads_as_the_parser(octets: bytes, tolerate: Tolerance) -> None:
    """A connection sees what the parser sees, up to the message that is the last for it."""
    server = Server(tolerate)
    found = whole(lambda: server, octets)
    expected = whole(server_side(tolerate)["parser"], octets)
    if server.connection.their_state is MUST_CLOSE:
        assert expected.events[: len(found.events)] == found.events
    else:
        assert found == expected


@settings(max_examples=200)
@given(octets=REQUESTS_IN, tolerate=tolerances(ALL_FOR_REQUESTS))
def test_tolerance_changes_no_legal_request(octets: bytes, tolerate: Tolerance) -> None:
    """What is accepted where nothing is tolerated is accepted, and the same, where much is."""
    strict = whole(server_side(Tolerance.NONE)["parser"], octets, closed=True)
    event("refused" if isinstance(strict.end, Refusal) else "accepted")
    if not isinstance(strict.end, Refusal):
        assert whole(server_side(tolerate)["parser"], octets, closed=True) == strict


@settings(max_examples=200)
@given(octets=RESPONSES_IN, tolerate=tolerances(ALL_FOR_RESPONSES))
def test_tolerance_changes_no_legal_response(octets: bytes, tolerate: Tolerance) -> None:
    """So it is with responses."""
    strict = whole(client_side(*METHODS, tolerate=Tolerance.NONE)["parser"], octets, closed=True)
    event("refused" if isinstance(strict.end, Refusal) else "accepted")
    if not isinstance(strict.end, Refusal):
        readers = client_side(*METHODS, tolerate=tolerate)
        assert whole(readers["parser"], octets, closed=True) == strict


@settings(max_examples=200)
@given(octets=REQUESTS_IN, tolerate=tolerances(ALL_FOR_REQUESTS))
def test_requests_written_again(octets: bytes, tolerate: Tolerance) -> None:
    """A request that was tolerated is written as one that needs no tolerance of form."""
    found = whole(server_side(tolerate)["parser"], octets)
    events = whole_messages(found.events)
    event(f"{min(len(events), 1)} or more messages")
    reader = server_side(tolerate & IN_EVENTS)["parser"]
    again = whole(reader, written(events) + found.rest)
    assert again.events == events
    assert again.rest == found.rest


def has_doubtful_version(event_: Event) -> bool:
    """Return whether a response has chunks in HTTP/1.0; a forwarder writes another version."""
    return (
        isinstance(event_, Response) and event_.http_version == b"1.0" and event_.headers.is_chunked
    )


@settings(max_examples=200)
@given(octets=RESPONSES_IN, tolerate=tolerances(ALL_FOR_RESPONSES))
def test_responses_written_again(octets: bytes, tolerate: Tolerance) -> None:
    """So is a response: one length, one coding, one line for a field, nothing in the trailers."""
    readers = client_side(*METHODS, tolerate=tolerate)
    found = whole(readers["parser"], octets, closed=True)
    events = whole_messages(found.events)
    event(f"{min(len(events), 1)} or more messages")
    if any(has_doubtful_version(event_) for event_ in events):
        return
    readers = client_side(*METHODS, tolerate=tolerate & IN_EVENTS)
    again = whole(readers["parser"], written(events, METHODS), closed=True)
    assert [event_ for event_ in again.events if type(event_) is not ConnectionClosed] == events
