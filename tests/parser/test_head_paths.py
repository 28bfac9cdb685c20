"""The quick way to read a head gives what the slow way gives, for any head at all.

A head in the usual form is split in a handful of calls, any other line by line. Here every head
goes both ways: once as it is, once with the quick way closed.
"""

from itertools import product
from typing import NamedTuple
from unittest.mock import patch

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from h11_events import FieldLine, InformationalResponse, LocalProtocolError, Request, Response
from h11_parser import (
    ReceiveBuffer,
    _head_reader,
    read_request_head,
    read_response_head,
    write_request_head,
    write_response_head,
)
from tests.parser.reading import byte_by_byte, in_two
from tests.parser.strategies import FIELD_LINES, OCTETS, START_LINES, near_miss_heads
from tests.strategies import informational_responses, requests, responses

Head = Request | InformationalResponse | Response


class Reading(NamedTuple):
    """What came of a head."""

    head: Head | None
    raw_items: list[FieldLine]
    fault: tuple[str, int] | None
    rest: bytes


def reading(octets: bytes, *, of_request: bool) -> Reading:
    """Return what comes of octets that begin with a head."""
    buffer = ReceiveBuffer(len(octets) + 1)
    buffer += octets
    head: Head | None
    try:
        head = read_request_head(buffer) if of_request else read_response_head(buffer)
    except LocalProtocolError as error:
        return Reading(None, [], (str(error), error.error_status_hint), b"")
    return Reading(head, head.headers.raw_items() if head else [], None, bytes(buffer))


def line_by_line(heads: list[bytes], *, of_request: bool) -> list[Reading]:
    """Return what comes of each if no head counts as being in the usual form."""
    with patch.object(_head_reader, "_parse_usual_fields", lambda _head, _start: None):
        return [reading(octets, of_request=of_request) for octets in heads]


def assert_both_ways_agree(*heads: bytes) -> None:
    """Assert that both ways lead to the same, for either kind of message."""
    for of_request in (True, False):
        quick = [reading(octets, of_request=of_request) for octets in heads]
        slow = line_by_line([*heads], of_request=of_request)
        for octets, one, other in zip(heads, quick, slow, strict=True):
            assert one == other, octets


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
def test_any_fragments(start_line: bytes, fragments: list[bytes]) -> None:
    """Fragments put together without any sense are read alike, or refused alike."""
    assert_both_ways_agree(start_line + b"".join(fragments) + b"\r\n\r\n")


@pytest.mark.parametrize("start_line", [b"GET / HTTP/1.0", b"HTTP/1.1 200 OK"])
def test_every_short_section(start_line: bytes) -> None:
    """Every section of up to five of the octets that matter is read alike, or refused alike."""
    for length in range(6):
        sections = map(bytes, product(b"a: \t\r\n", repeat=length))
        assert_both_ways_agree(
            *(start_line + b"\r\n" + section + b"\r\n\r\n" for section in sections)
        )


@pytest.mark.parametrize("head", [b"GET / HTTP/1.0\r\nA: b\r\nC:d", b"HTTP/1.1 200 OK\r\nA: b"])
def test_every_octet_everywhere(head: bytes) -> None:
    """Any octet, in place of any one of a head or put between, is read or refused alike."""
    for place in range(len(head)):
        for after in (place, place + 1):
            assert_both_ways_agree(
                *(
                    head[:place] + bytes([octet]) + head[after:] + b"\r\n\r\n"
                    for octet in range(256)
                )
            )


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


@given(head=requests() | responses() | informational_responses())
def test_what_is_written_is_read_either_way(head: Head) -> None:
    """Line by line, a head that we wrote is read as the same event."""
    of_request = isinstance(head, Request)
    octets = write_request_head(head) if isinstance(head, Request) else write_response_head(head)
    assert line_by_line([octets], of_request=of_request)[0].head == head
    assert reading(octets, of_request=of_request).head == head


@pytest.mark.parametrize(
    "section",
    [
        b"",
        b"Host: example.com\r\nAccept: */*\r\nX-Id: 7\r\n",
        b"Host:example.com\r\nCookie: a=b; c=d\r\nCookie: \xe9\r\n",
        b"Content-Length: 5\r\n",
        b"Transfer-Encoding: chunked\r\n",
    ],
    ids=["none", "usual", "no-space-and-repeated", "length", "chunked"],
)
def test_usual_heads_go_the_quick_way(section: bytes) -> None:
    """What browsers and servers send is read without looking at single lines, however cut."""
    heads = {
        b"GET / HTTP/1.0\r\n" + section + b"\r\n": read_request_head,
        b"HTTP/1.1 200 OK\r\n" + section + b"\r\n": read_response_head,
    }
    with patch.object(_head_reader, "read_field_lines", side_effect=AssertionError):
        for octets, read_head in heads.items():
            for pieces in ([octets], byte_by_byte(octets), *in_two(octets)):
                buffer = ReceiveBuffer()
                results = []
                for piece in pieces:
                    buffer += piece
                    results.append(read_head(buffer))
                assert results[-1] is not None
                assert not any(results[:-1])
