"""Limits are values: made by name, compared, copied, and given to a parser in one of two ways.

What each of them bounds is tested in `test_limits_of_messages`.
"""

import copy
import pickle
from typing import Any, Final

import pytest

from h11_events import ErrorCode
from h11_parser import DEFAULT_MAX_INCOMPLETE_EVENT_SIZE, Limits, RequestParser, ResponseParser
from tests.parser.strictness import CHUNKED_POST, GET, body_in, padded, read, requests

NAMES: Final = ("head_size", "field_count", "trailer_size", "chunk_extension_size")

each_parser = pytest.mark.parametrize(
    "new_parser", [RequestParser, ResponseParser], ids=lambda cls: cls.__name__
)


def test_limits_are_values() -> None:
    """Equal limits are equal and have equal hashes; others are not, whichever one differs."""
    assert Limits() == Limits(head_size=16_384, field_count=256)
    assert hash(Limits(field_count=3)) == hash(Limits(field_count=3))
    different = {Limits(), *(Limits(**{name: 5}) for name in NAMES), Limits(head_size=6)}
    assert len(different) == 6
    assert Limits() != (16_384, 256, 16_384, 16_384)
    assert Limits() != None  # noqa: E711  # the comparison is what is tested


@pytest.mark.parametrize("name", NAMES)
def test_limits_cannot_be_changed(name: str) -> None:
    """What several connections share, none of them can change."""
    limits: Any = Limits()
    with pytest.raises(AttributeError):
        setattr(limits, name, 5)
    with pytest.raises(AttributeError):
        delattr(limits, name)
    with pytest.raises((AttributeError, TypeError)):
        limits.other = 5
    assert limits == Limits()


def test_limits_are_given_by_name() -> None:
    """Nobody can mix them up by their order."""
    anyhow: Any = Limits
    with pytest.raises(TypeError):
        anyhow(5)
    with pytest.raises(TypeError):
        anyhow(body_size=5)


@pytest.mark.parametrize("name", NAMES)
def test_no_limit_is_negative(name: str) -> None:
    """Nothing may be 0; less than nothing is a mistake, and the error says where."""
    assert getattr(Limits(**{name: 0}), name) == 0
    for value in (-1, -(10**30)):
        with pytest.raises(ValueError, match=name):
            Limits(**{name: value})


def test_limits_survive_copies_and_pickles() -> None:
    """They are the same in another process, and their `repr` makes them anew."""
    limits = Limits(head_size=1, field_count=2, trailer_size=3, chunk_extension_size=4)
    twins = [copy.copy(limits), copy.deepcopy(limits), pickle.loads(pickle.dumps(limits))]
    assert twins == [limits] * 3
    assert eval(repr(limits), {"Limits": Limits}) == limits


def test_the_limits_to_start_with() -> None:
    """16 KiB for each size, and 256 fields: room for all that is real, and not for more."""
    limits = Limits()
    values = [getattr(limits, name) for name in NAMES]
    assert values == [16_384, 256, 16_384, 16_384]
    assert limits.head_size == DEFAULT_MAX_INCOMPLETE_EVENT_SIZE


@pytest.mark.parametrize("name", NAMES)
def test_a_limit_may_be_as_large_as_one_likes(name: str) -> None:
    """A limit that nothing can reach is as good as none."""
    octets = CHUNKED_POST + b"2;a\r\nhi\r\n0\r\nA: b\r\n\r\n"
    for value in (2**31, 2**63, 2**64, 10**30):
        assert body_in(requests(limits=Limits(**{name: value})), octets) == b"hi"


@each_parser
def test_the_short_way(new_parser: type[RequestParser] | type[ResponseParser]) -> None:
    """One number is for heads and trailer sections that are not complete, as in h11 0.16.0."""
    start = GET if new_parser is RequestParser else b"HTTP/1.1 200 OK\r\n"
    head = padded(start + b"Transfer-Encoding: chunked\r\nA: ", b"\r\n\r\n", 80)
    trailers = padded(b"C: ", b"\r\n\r\n", 80)
    octets = head + b"2;" + b"d" * 200 + b"\r\nhi\r\n0\r\n" + trailers
    for size, stream, code in (
        (79, octets, None),
        (78, octets, ErrorCode.HEAD_TOO_LARGE),
        (79, octets.replace(b"C: ", b"CC: "), ErrorCode.TRAILERS_TOO_LARGE),
    ):
        bytewise = read(
            new_parser(max_incomplete_event_size=size), [bytes([octet]) for octet in stream]
        )
        assert (bytewise.refusal and bytewise.refusal.code) is code
        whole = read(new_parser(max_incomplete_event_size=size), [stream])
        assert whole.refusal is None


@each_parser
def test_one_way_at_a_time(new_parser: type[RequestParser] | type[ResponseParser]) -> None:
    """Whoever gives limits in both ways might mean either, even if they agree."""
    with pytest.raises(ValueError, match="max_incomplete_event_size"):
        new_parser(max_incomplete_event_size=16_384, limits=Limits())
