"""What comes of a stream does not depend on where it was cut, be it legal or not.

Each stream is read whole, byte by byte, in two pieces with the cut at every place, with one or two
octets apart at every place, and at random places; once as it is and once as one that ends; with
what its direction starts with, with no tolerance and with all. An error is the same in its code,
its text, its excerpt and its counts.
"""

from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from h11_parser import RequestParser, ResponseParser, Tolerance
from tests.parser.reading import (
    assert_same_however_cut,
    byte_by_byte,
    read,
    request_parser,
    response_parser,
)
from tests.parser.strategies import near_miss_streams, written_requests, written_responses
from tests.parser.streams import REQUESTS, RESPONSES
from tests.parser.strictness import REQUEST_SETS, RESPONSE_SETS
from tests.strategies import cuts

each_ending = pytest.mark.parametrize("closed", [False, True], ids=["open", "closed"])
each_request_set = pytest.mark.parametrize("tolerate", REQUEST_SETS.values(), ids=REQUEST_SETS)
each_response_set = pytest.mark.parametrize("tolerate", RESPONSE_SETS.values(), ids=RESPONSE_SETS)


@each_request_set
@pytest.mark.parametrize("octets", REQUESTS.values(), ids=REQUESTS)
def test_requests(octets: bytes, tolerate: Tolerance) -> None:
    """A stream of requests has one outcome."""
    for closed, resume in ((False, False), (True, True)):
        new_parser = partial(request_parser, None, tolerate)
        assert_same_however_cut(new_parser, octets, closed=closed, resume=resume)


@each_response_set
@pytest.mark.parametrize("octets", RESPONSES.values(), ids=RESPONSES)
def test_responses(octets: bytes, tolerate: Tolerance) -> None:
    """A stream of responses has one outcome, whatever it answers."""
    for methods, closed in (([], True), ([b"HEAD", b"GET"], False), ([b"CONNECT"], True)):
        new_parser = partial(response_parser, methods, None, tolerate)
        assert_same_however_cut(new_parser, octets, closed=closed)


@each_ending
@pytest.mark.parametrize("octets", REQUESTS.values(), ids=REQUESTS)
def test_requests_with_little_room(octets: bytes, closed: bool) -> None:
    """Nor does it depend on the cuts which streams are over the limit."""
    for tolerate in (None, REQUEST_SETS["all"]):
        for limit in range(0, len(octets) + 2, 7):
            expected = read(request_parser(limit, tolerate), [octets, *[b""] * closed])
            for size in (1, 2, 3, 11):
                pieces = [octets[start : start + size] for start in range(0, len(octets), size)]
                outcome = read(request_parser(limit, tolerate), [*pieces, *[b""] * closed])
                assert outcome == expected


@each_ending
@pytest.mark.parametrize("octets", REQUESTS.values(), ids=REQUESTS)
def test_stream_that_breaks_off(octets: bytes, closed: bool) -> None:
    """However much of a stream has come, it has one outcome."""
    for length in range(1, len(octets)):
        part = octets[:length]
        expected = read(RequestParser(), [part, *[b""] * closed])
        assert read(RequestParser(), [*byte_by_byte(part), *[b""] * closed]) == expected


@settings(max_examples=200)
@given(octets=near_miss_streams(), limit=st.none() | st.integers(0, 100), data=st.data())
def test_any_stream(octets: bytes, limit: int | None, data: st.DataObject) -> None:
    """Streams that go wrong anywhere, with any limit, have one outcome for each kind of parser."""
    pieces = data.draw(cuts(octets))
    end = [b""] * data.draw(st.integers(0, 1))
    method = data.draw(st.sampled_from([b"GET", b"HEAD", b"CONNECT"]))
    requests = partial(request_parser, limit, data.draw(st.sampled_from([*REQUEST_SETS.values()])))
    responses = partial(
        response_parser, [method], limit, data.draw(st.sampled_from([*RESPONSE_SETS.values()]))
    )
    for cutting in (pieces, byte_by_byte(octets)):
        assert read(requests(), cutting + end, resume=True) == read(
            requests(), [octets, *end], resume=True
        )
        assert read(responses(), cutting + end) == read(responses(), [octets, *end])


@settings(max_examples=15)
@given(request=written_requests().map(lambda written: written.octets))
def test_written_requests(request: bytes) -> None:
    """Requests that we wrote ourselves have one outcome, with a cut at every place."""
    assert_same_however_cut(RequestParser, request)


@settings(max_examples=15)
@given(response=written_responses(b"GET").map(lambda written: written.octets))
def test_written_responses(response: bytes) -> None:
    """Responses that we wrote ourselves have one outcome, with a cut at every place."""
    assert_same_however_cut(ResponseParser, response, closed=True)
