"""The quick way to read a head gives what the slow way gives, for any head at all.

A head in the usual form is split in a handful of calls, any other is scanned and read line by line.
Here every head goes both ways: once as it is, once with the quick way closed.
"""

from itertools import product
from typing import Final, NamedTuple
from unittest.mock import patch

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from h11_events import FieldLine, InformationalResponse, LocalProtocolError, Request, Response
from h11_parser import (
    Dialect,
    Limits,
    ReceiveBuffer,
    _head_reader,
    read_request_head,
    read_response_head,
    request_dialect,
    response_dialect,
    write_request_head,
    write_response_head,
)
from tests.parser.readers import buffer_of
from tests.parser.reading import Fault, byte_by_byte, fault_of, in_two
from tests.parser.strategies import FIELD_LINES, OCTETS, START_LINES, near_miss_heads
from tests.parser.strictness import FOR_REQUESTS, FOR_RESPONSES, REQUEST_SETS, RESPONSE_SETS
from tests.strategies import informational_responses, requests, responses

Head = Request | InformationalResponse | Response

FOR_REQUEST: Final = [request_dialect(None, tolerate, None) for tolerate in REQUEST_SETS.values()]
FOR_RESPONSE: Final = [
    response_dialect(None, tolerate, None) for tolerate in RESPONSE_SETS.values()
]


class Reading(NamedTuple):
    """What came of a head."""

    head: Head | None
    raw_items: list[FieldLine]
    fault: Fault | None
    rest: bytes


def reading(octets: bytes, dialect: Dialect, *, of_request: bool) -> Reading:
    """Return what comes of octets that begin with a head."""
    buffer = buffer_of(octets)
    read = read_request_head if of_request else read_response_head
    try:
        head = read(buffer, dialect)
    except LocalProtocolError as error:
        return Reading(None, [], fault_of(error), b"")
    return Reading(head, head.headers.raw_items() if head else [], None, bytes(buffer))


def line_by_line(octets: bytes, dialect: Dialect, *, of_request: bool) -> Reading:
    """Return what comes of them if no head counts as being in the usual form."""
    with (
        patch.object(_head_reader, "_usual_request", lambda _head, _dialect: None),
        patch.object(_head_reader, "_usual_response", lambda _head, _dialect: None),
    ):
        return reading(octets, dialect, of_request=of_request)


def assert_both_ways_agree(
    octets: bytes,
    for_request: list[Dialect] = FOR_REQUEST,
    for_response: list[Dialect] = FOR_RESPONSE,
) -> None:
    """Assert that both ways lead to the same, for either kind of message, however tolerant."""
    for of_request, dialects in ((True, for_request), (False, for_response)):
        for dialect in dialects:
            quick = reading(octets, dialect, of_request=of_request)
            assert quick == line_by_line(octets, dialect, of_request=of_request), octets


@settings(max_examples=200)
@given(octets=near_miss_heads(), rest=st.sampled_from([b"", b"rest", b"X: y\r\n\r\n"]))
def test_near_miss_heads(octets: bytes, rest: bytes) -> None:
    """Heads in which a line or a line end may be wrong are read alike, or refused alike."""
    assert_both_ways_agree(octets + rest)


@settings(max_examples=200)
@given(
    start_line=st.sampled_from([b"GET / HTTP/1.1\r\n", b"HTTP/1.1 200 OK\r\n", b""]),
    fragments=st.lists(st.sampled_from([*OCTETS, b": ", b"a: b\r\n", b"\r\n "]), max_size=12),
)
@example(start_line=b"GET / HTTP/1.1\r\n", fragments=[b"Host:", b"\r\na: b"])
@example(start_line=b"GET / HTTP/1.1\r\n", fragments=[b"Host: a\n\n", b"GET /x HTTP/1.1"])
@example(start_line=b"GET / HTTP/1.1\r\n", fragments=[b"Host: a\r\n", b"no colon"])
@example(start_line=b"GET / HTTP/1.1\r\n", fragments=[b"a\r\nHost: b"])
@example(start_line=b"HTTP/1.1 200 OK\r\n", fragments=[b"a: b\rc: d\n"])
@example(start_line=b"HTTP/1.1 200 O\nK\r", fragments=[b"a: b"])
def test_any_fragments(start_line: bytes, fragments: list[bytes]) -> None:
    """Fragments put together without any sense are read alike, or refused alike."""
    assert_both_ways_agree(start_line + b"".join(fragments) + b"\r\n\r\n")


@pytest.mark.parametrize("start_line", [b"GET / HTTP/1.0", b"HTTP/1.1 200 OK"])
def test_every_short_section(start_line: bytes) -> None:
    """Every section of up to five of the octets that matter is read alike, or refused alike."""
    for length in range(6):
        for section in map(bytes, product(b"a: \t\r\n", repeat=length)):
            octets = start_line + b"\r\n" + section + b"\r\n\r\n"
            assert_both_ways_agree(octets, FOR_REQUEST[2:], FOR_RESPONSE[2:])


@pytest.mark.parametrize("head", [b"GET / HTTP/1.0\r\nA: b\r\nC:d", b"HTTP/1.1 200 OK\r\nA: b"])
def test_every_octet_everywhere(head: bytes) -> None:
    """Any octet, in place of any one of a head or put between, is read or refused alike."""
    for place in range(len(head)):
        for after in (place, place + 1):
            for octet in range(256):
                octets = head[:place] + bytes([octet]) + head[after:] + b"\r\n\r\n"
                assert_both_ways_agree(octets, FOR_REQUEST[1:2], FOR_RESPONSE[1:2])


@pytest.mark.parametrize("line", FIELD_LINES, ids=repr)
def test_every_pair_of_lines(line: bytes) -> None:
    """A good or bad line spoils or saves no line beside it."""
    for start_line in (b"GET / HTTP/1.0", b"HTTP/1.1 200 OK"):
        for other in (b"A: b", b"A:b", b"A:", b"A:  b ", b" A", b"A"):
            for lines in ([line, other], [other, line], [other, line, other]):
                assert_both_ways_agree(b"\r\n".join([start_line, *lines, b"", b""]))


@pytest.mark.parametrize("start_line", START_LINES, ids=repr)
def test_every_start_line(start_line: bytes) -> None:
    """A start line is judged alike on either way."""
    for section in (b"", b"Host: a\r\n", b"Host:a \r\n", b"Host\r\n"):
        assert_both_ways_agree(start_line + b"\r\n" + section + b"\r\n")


@pytest.mark.parametrize("count", range(5))
def test_fields_are_counted_on_either_way(count: int) -> None:
    """A head with one field more than allowed is refused alike, and one with as many is read."""
    limits = Limits(field_count=2)
    fields = b"".join(b"A%d: b\r\n" % number for number in range(count)) + b"\r\n"
    for octets, of_request, dialect in (
        (b"GET / HTTP/1.0\r\n" + fields, True, request_dialect(None, FOR_REQUESTS, limits)),
        (b"HTTP/1.1 200 OK\r\n" + fields, False, response_dialect(None, FOR_RESPONSES, limits)),
    ):
        quick = reading(octets, dialect, of_request=of_request)
        assert quick == line_by_line(octets, dialect, of_request=of_request)
        assert (quick.head is not None) is (count <= 2)


@given(head=requests() | responses() | informational_responses())
def test_what_is_written_is_read_either_way(head: Head) -> None:
    """Line by line, a head that we wrote is read as the same event."""
    of_request = isinstance(head, Request)
    dialect = FOR_REQUEST[1] if of_request else FOR_RESPONSE[1]
    octets = write_request_head(head) if isinstance(head, Request) else write_response_head(head)
    assert line_by_line(octets, dialect, of_request=of_request).head == head
    assert reading(octets, dialect, of_request=of_request).head == head


@pytest.mark.parametrize(
    "section",
    [
        b"",
        b"Host: example.com\r\nAccept: */*\r\nX-Id: 7\r\n",
        b"Host: example.com\r\nCookie: a=b; c=d\r\nCookie: \xe9\r\n",
        b"Content-Length: 5\r\n",
        b"Transfer-Encoding: chunked\r\n",
        b"A: \r\n",
    ],
    ids=["none", "usual", "repeated", "length", "chunked", "empty"],
)
@pytest.mark.parametrize(
    "start_line",
    [
        *(b"GET / HTTP/1.0", b"PUT /a?b={} HTTP/1.0", b"PROPFIND /%20 HTTP/1.0"),
        *(b"HTTP/1.1 200 OK", b"HTTP/1.1 304 Not Modified", b"HTTP/1.1 100 Continue"),
    ],
    ids=repr,
)
def test_usual_heads_go_the_quick_way(start_line: bytes, section: bytes) -> None:
    """What browsers and servers send is read without looking at single lines, however cut."""
    octets = start_line + b"\r\n" + section + b"\r\n"
    read_head = read_response_head if start_line.startswith(b"HTTP") else read_request_head
    with (
        patch.object(_head_reader, "_unusual_request", side_effect=AssertionError),
        patch.object(_head_reader, "_unusual_response", side_effect=AssertionError),
    ):
        for pieces in ([octets], byte_by_byte(octets), *in_two(octets)):
            buffer = ReceiveBuffer()
            results = []
            for piece in pieces:
                buffer += piece
                results.append(read_head(buffer))
            assert results[-1] is not None
            assert not any(results[:-1])
        with patch.object(ReceiveBuffer, "_scan", side_effect=AssertionError):
            assert read_head(buffer_of(octets + octets)) == results[-1]
