"""`ReceiveBuffer` gives back whole heads, and what is before them (RFC 9112 section 2.2).

How it scans is tested in `test_scan_states`.
"""

import re
from collections.abc import Callable
from typing import Final

import pytest

from h11_parser import ReceiveBuffer
from tests.parser.readers import buffer_of, for_requests


@pytest.mark.parametrize(
    ("octets", "rest", "rest_with_bare_lf"),
    [
        (b"", b"", b""),
        (b"GET", b"GET", b"GET"),
        (b"\r\nGET", b"GET", b"GET"),
        (b"\r\n\r\n\r\n", b"", b""),
        (b"\r\n\r", b"\r", b"\r"),
        (b"\r\r\n", b"\r\r\n", b"\r\r\n"),
        (b"\nGET", b"\nGET", b"GET"),
        (b"\r\n\n\r\nGET\r\n", b"\n\r\nGET\r\n", b"GET\r\n"),
        (b" \r\n", b" \r\n", b" \r\n"),
    ],
    ids=repr,
)
def test_empty_lines_are_taken_from_the_front(
    octets: bytes, rest: bytes, rest_with_bare_lf: bytes
) -> None:
    """Empty lines are used up to the first octet that is of none; LF alone counts if wanted."""
    for bare_lf, expected in ((False, rest), (True, rest_with_bare_lf)):
        for buffer in (buffer_of(octets), buffer_of(octets[:3], octets[3:])):
            buffer.take_empty_lines(bare_lf=bare_lf)
            assert bytes(buffer) == expected


@pytest.mark.parametrize(
    ("octets", "head"),
    [
        (b"", None),
        (b"GET", None),
        (b"GET\r\n\r", None),
        (b"GET\r\n\r\n", b"GET\r\n\r\n"),
        (b"GET\r\n\r\nrest\r\n\r\n", b"GET\r\n\r\n"),
        (b"GET\r\nA: b\r\n\r\nrest", b"GET\r\nA: b\r\n\r\n"),
        (b"\r\n\r\nGET", b"\r\n\r\n"),
        (b"GET\n\nrest", None),
        (b"GET\n\r\n\r\nrest", b"GET\n\r\n\r\n"),
    ],
    ids=repr,
)
def test_head_ends_with_an_empty_line(octets: bytes, head: bytes | None) -> None:
    """A head in its usual form goes up to the first CRLF CRLF; it may be put back."""
    for buffer in (buffer_of(octets), buffer_of(octets[:5], octets[5:])):
        for _ in range(3):
            assert buffer.take_head(100) == head
            if head is None:
                break
            assert type(head) is bytes
            assert bytes(buffer) == octets.removeprefix(head)
            buffer.put_back(head, in_vain=False)
            assert bytes(buffer) == octets
        buffer.append(b"!")
        assert bytes(buffer) == octets + b"!"


def test_head_may_be_the_object_that_came_in() -> None:
    """A head that came alone is handed on without a copy."""
    head = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
    buffer = buffer_of(head)
    assert buffer.take_head(100) is head
    buffer += head
    assert buffer.take_head(100) is head


def test_heads_come_one_after_the_other() -> None:
    """What waits behind a head is the next one, wherever the pieces were cut."""
    octets = b"A\r\n\r\nBC\r\n\r\n\r\n\r\n"
    for place in range(len(octets)):
        buffer = buffer_of(octets[:place], octets[place:])
        assert [buffer.take_head(10) for _ in range(4)] == [
            b"A\r\n\r\n",
            b"BC\r\n\r\n",
            b"\r\n\r\n",
            None,
        ]
        assert not buffer


@pytest.mark.parametrize("octets", [b"A\n\nB\n\nC\r\n\r\n", b"A\n\nB\n\nC\r\n\r"], ids=repr)
@pytest.mark.parametrize("before", [b"", b"before"], ids=["first", "later"])
def test_octets_that_were_tried_in_vain_are_not_tried_again(octets: bytes, before: bytes) -> None:
    """Only when they are used up, a head is looked for anew."""
    buffer = buffer_of(before + octets + b"D\r\n\r\n")
    buffer.advance(len(before))
    head = buffer.take_head(len(octets))
    if head is not None:
        buffer.put_back(head)
    for count in (3, 3, len(octets) - 7):
        assert buffer.take_head(100) is None
        assert buffer.take_whole(100) is None
        buffer.advance(count)
    assert buffer.take_head(100) is None
    buffer.advance(1)
    assert buffer.take_head(100) == b"D\r\n\r\n"


@pytest.mark.parametrize(
    ("octets", "limit"),
    [
        (b"", 100),
        (b"A\r\n\r", 100),
        (b"A\r\n\r\nrest", 100),
        (b"A\r\n\r\n", 4),
    ],
    ids=repr,
)
def test_what_is_no_head_is_not_taken_whole(octets: bytes, limit: int) -> None:
    """What ends otherwise, or is over the limit, stays where it is."""
    buffer = buffer_of(octets)
    assert buffer.take_whole(limit) is None
    assert bytes(buffer) == octets


@pytest.mark.parametrize("octets", [b"A\r\n\r\n", b"A\r\n\r\nB\r\n\r\n"], ids=repr)
def test_what_ends_like_a_head_is_taken_whole(octets: bytes) -> None:
    """Whoever takes it sees whether it is one head, and puts it back otherwise."""
    buffer = buffer_of(octets)
    assert buffer.take_whole(len(octets)) is octets
    assert not buffer
    buffer.put_back(octets, in_vain=False)
    assert buffer.take_head(len(octets)) == b"A\r\n\r\n"


def test_only_what_came_in_one_piece_is_taken_whole() -> None:
    """Where octets were used up, or came in pieces, its end is looked for."""
    for buffer in (buffer_of(b"A\r\n", b"\r\n"), buffer_of(b"beforeA\r\n\r\n")):
        buffer.advance(len(buffer) - 5)
        assert buffer.take_whole(100) is None
        assert buffer.take_head(100) == b"A\r\n\r\n"


@pytest.mark.parametrize("before", [b"", b"before"], ids=["first", "later"])
def test_head_has_to_be_within_the_limit(before: bytes) -> None:
    """A head of as many octets as the limit is taken, one octet more is left where it is."""
    head = b"abcd\r\n\r\n"
    for limit, expected in ((8, head), (7, None), (0, None), (10**30, head)):
        buffer = buffer_of(before + head + b"rest")
        buffer.advance(len(before))
        assert buffer.take_head(limit) == expected
        assert len(buffer) == 4 + (0 if expected else len(head))


def test_head_that_was_scanned_is_taken() -> None:
    """What has begun to be scanned goes on being scanned, and can be taken at its end."""
    buffer = buffer_of(b"GET / HT")
    section = for_requests()._request_head
    assert buffer.take_head(100) is None
    assert buffer._scan(section) is None
    assert buffer.is_scanning
    buffer += b"TP/1.0\r\n\r\nrest"
    count = buffer._scan(section)
    assert count == len(b"GET / HTTP/1.0\r\n\r\n")
    assert not buffer.is_scanning
    assert buffer.take(count) == b"GET / HTTP/1.0\r\n\r\n"
    assert bytes(buffer) == b"rest"


ENDS_OF_A_SCAN: Final[dict[str, Callable[[ReceiveBuffer], object]]] = {
    "advance": lambda buffer: buffer.advance(5),
    "take": lambda buffer: buffer.take(5),
    "take some": lambda buffer: buffer.maybe_extract_at_most(5),
    "take all": lambda buffer: buffer.maybe_extract_at_most(100),
    "match": lambda buffer: buffer.take_match(re.compile(rb"GET /")),
    "clear": lambda buffer: buffer.clear(),
}


@pytest.mark.parametrize("use_up", ENDS_OF_A_SCAN.values(), ids=ENDS_OF_A_SCAN)
def test_using_up_ends_a_scan(use_up: Callable[[ReceiveBuffer], object]) -> None:
    """Once octets are gone that were scanned, the next scan begins anew."""
    buffer = buffer_of(b"GET / HT")
    assert buffer._scan(for_requests()._request_head) is None
    use_up(buffer)
    assert not buffer.is_scanning
    buffer.clear()
    buffer += b"GET / HTTP/1.0\r\n\r\n"
    assert buffer._scan(for_requests()._request_head) == len(buffer)
