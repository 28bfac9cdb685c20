"""A dialect is what readers take: tolerances and limits, made once for each combination.

What tolerances and limits do is tested in `test_tolerances_of_requests`,
`test_tolerances_of_responses` and `test_limits_of_messages`.
"""

import sys
from collections.abc import Callable
from typing import Any, Final

import pytest

from h11_events import LocalProtocolError
from h11_parser import Dialect, Limits, Tolerance, request_dialect, response_dialect
from h11_parser._dialect import REQUESTS, RESPONSES
from h11_parser._scan_states import Section
from tests.parser.readers import buffer_of

Make = Callable[[int | None, Tolerance | None, Limits | None], Dialect]

MAKERS: Final[list[Make]] = [request_dialect, response_dialect]
FOR_REQUESTS_ALONE: Final = Tolerance.UNENCODED_TARGET | Tolerance.NON_ASCII_TARGET
FOR_RESPONSES_ALONE: Final = (
    Tolerance.BLANK_BEFORE_COLON
    | Tolerance.INVALID_FIELD_LINES
    | Tolerance.TRANSFER_ENCODING_WITH_CONTENT_LENGTH
    | Tolerance.TRANSFER_ENCODING_IN_HTTP_1_0
    | Tolerance.REPEATED_CHUNKED
    | Tolerance.FORBIDDEN_TRAILERS
)
FOR_BOTH: Final = (
    Tolerance.BARE_LF
    | Tolerance.OBS_FOLD
    | Tolerance.CONTROL_OCTETS
    | Tolerance.BLANK_AFTER_CHUNK_SIZE
)

each_maker = pytest.mark.parametrize("make", MAKERS, ids=["requests", "responses"])


def test_what_nobody_has_said() -> None:
    """Without arguments, a dialect is what readers of that direction start with."""
    for made, usual in ((request_dialect(), REQUESTS), (response_dialect(), RESPONSES)):
        assert (made.tolerate, made.limits) == (usual.tolerate, usual.limits)
    assert REQUESTS.tolerate is Tolerance.REQUESTS
    assert RESPONSES.tolerate is Tolerance.RESPONSES
    assert REQUESTS.limits == RESPONSES.limits == Limits()


@each_maker
def test_what_was_said(make: Make) -> None:
    """The tolerances and the limits are those that were given."""
    limits = Limits(head_size=1, field_count=2, trailer_size=3, chunk_extension_size=4)
    dialect = make(None, Tolerance.BARE_LF, limits)
    assert dialect.tolerate is Tolerance.BARE_LF
    assert dialect.limits == limits
    assert dialect.head_size == 1
    assert make(None, Tolerance.NONE, None).tolerate is Tolerance.NONE


@each_maker
@pytest.mark.parametrize("size", [0, 1, 100, 10**30])
def test_one_size_for_heads_and_trailers(make: Make, size: int) -> None:
    """One number is for incomplete ones alone; all other limits are the default."""
    dialect = make(size, None, None)
    assert dialect.limits == Limits(head_size=size, trailer_size=size)
    assert dialect.head_size == sys.maxsize
    for section in (dialect._request_head, dialect._response_head, dialect._trailer_section):
        assert (section.size, section.whole) == (size, False)
        assert section.size_name == "max_incomplete_event_size"
    assert dialect._chunk_header.whole


@each_maker
def test_one_size_or_limits(make: Make) -> None:
    """Both at once would be two opinions, even where they agree."""
    with pytest.raises(ValueError, match="either max_incomplete_event_size or limits"):
        make(16_384, None, Limits())
    with pytest.raises(ValueError, match="negative"):
        make(-1, None, None)
    anyhow: Any = make
    with pytest.raises(TypeError, match="head_size has to be an integer, not str"):
        anyhow("16384", None, None)


@each_maker
@pytest.mark.parametrize("name", ["limits", "head_size", "_request_head", "other"])
def test_nobody_can_change_what_all_share(make: Make, name: str) -> None:
    """Connections with the same settings have the same dialect."""
    dialect = make(None, None, None)
    with pytest.raises(AttributeError, match="immutable"):
        setattr(dialect, name, 1)
    with pytest.raises(AttributeError, match="immutable"):
        delattr(dialect, name)
    assert make(None, None, None).limits == Limits()


@each_maker
def test_same_arguments_give_the_same_dialect(make: Make) -> None:
    """The grammar of a dialect is large, so equal arguments do not make another one."""
    first = make(None, Tolerance.OBS_FOLD, Limits(head_size=5))
    assert make(None, Tolerance.OBS_FOLD, Limits(head_size=5)) is first
    for other in (
        make(None, Tolerance.BARE_LF, Limits(head_size=5)),
        make(None, Tolerance.OBS_FOLD, Limits(head_size=6)),
        make(5, Tolerance.OBS_FOLD, None),
        make(None, None, Limits(head_size=5)),
    ):
        assert other is not first


def test_the_same_in_other_words_is_the_same_dialect() -> None:
    """What is left out is what would be said, and the direction shows in the tolerances alone."""
    limits = Limits(head_size=12_345)
    made = request_dialect(None, None, limits)
    assert request_dialect(limits=limits) is made
    assert request_dialect(tolerate=Tolerance.REQUESTS, limits=Limits(head_size=12_345)) is made
    strict = request_dialect(None, Tolerance.NONE, limits)
    assert response_dialect(tolerate=Tolerance.NONE, limits=limits) is strict is not made


@pytest.mark.parametrize("member", [*FOR_RESPONSES_ALONE], ids=lambda member: member.name)
def test_what_cannot_be_let_through_in_requests(member: Tolerance) -> None:
    """The error names what is too much, and nothing else."""
    assert response_dialect(None, member, None).tolerate is member
    for given in (member, member | Tolerance.REQUESTS, member | Tolerance.BARE_LF):
        with pytest.raises(ValueError, match=f"in requests: <Tolerance.{member.name}: [0-9]+>$"):
            request_dialect(None, given, None)


@pytest.mark.parametrize("member", [*FOR_REQUESTS_ALONE], ids=lambda member: member.name)
def test_what_cannot_be_let_through_in_responses(member: Tolerance) -> None:
    """The same for responses."""
    assert request_dialect(None, member, None).tolerate is member
    for given in (member, member | Tolerance.RESPONSES):
        with pytest.raises(ValueError, match=f"in responses: <Tolerance.{member.name}: [0-9]+>$"):
            response_dialect(None, given, None)


@each_maker
def test_what_can_be_let_through_in_both(make: Make) -> None:
    """What is about lines and chunks in general is for both, each alone and all together."""
    assert FOR_BOTH == ~(FOR_REQUESTS_ALONE | FOR_RESPONSES_ALONE)
    for given in (*FOR_BOTH, FOR_BOTH):
        assert make(None, given, None).tolerate is given


SECTIONS: Final[dict[str, Callable[[Dialect], Section]]] = {
    "request head": lambda dialect: dialect._request_head,
    "response head": lambda dialect: dialect._response_head,
    "chunk header": lambda dialect: dialect._chunk_header,
    "trailer section": lambda dialect: dialect._trailer_section,
}


@pytest.mark.parametrize(
    ("name", "size"),
    [("request head", 11), ("response head", 11), ("trailer section", 12), ("chunk header", 13)],
)
def test_sections_are_made_once(name: str, size: int) -> None:
    """Each section is made when it is asked for, with the limits of the dialect, and kept."""
    section = SECTIONS[name]
    limits = Limits(head_size=11, trailer_size=12, chunk_extension_size=13)
    dialect = response_dialect(None, None, limits)
    assert section(dialect).size == size
    assert section(dialect) is section(dialect)
    assert section(dialect).start is not section(response_dialect()).start


@pytest.mark.parametrize(
    ("section", "octets"),
    [
        pytest.param(SECTIONS["request head"], b"GET / HTTP/1.1\n\n", id="request-head"),
        pytest.param(SECTIONS["response head"], b"HTTP/1.1 200 OK\n\n", id="response-head"),
        pytest.param(SECTIONS["trailer section"], b"A: b\n\n", id="trailer-section"),
        pytest.param(SECTIONS["chunk header"], b"5 \r\n", id="chunk-header"),
    ],
)
@each_maker
def test_sections_are_as_tolerant_as_the_dialect(
    make: Make, section: Callable[[Dialect], Section], octets: bytes
) -> None:
    """What the dialect lets through, each of its sections does, and no more."""
    tolerant = make(None, Tolerance.BARE_LF | Tolerance.BLANK_AFTER_CHUNK_SIZE, None)
    assert buffer_of(octets)._scan(section(tolerant)) == len(octets)
    with pytest.raises(LocalProtocolError):
        buffer_of(octets)._scan(section(make(None, Tolerance.NONE, None)))


def test_targets_are_as_tolerant_as_the_dialect() -> None:
    """So are request targets, on the quick way as well."""
    usual, strict = REQUESTS, request_dialect(None, Tolerance.NONE, None)
    assert usual._target.is_valid(b"GET", b"/{a}")
    assert usual._match_usual_request_line(b"GET /{a} HTTP/1.1")
    assert not strict._target.is_valid(b"GET", b"/{a}")
    assert not strict._match_usual_request_line(b"GET /{a} HTTP/1.1")
