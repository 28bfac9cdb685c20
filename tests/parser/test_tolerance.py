"""The tolerances themselves: which there are, where each may be used, and what is said about them.

What each of them lets through is tested in `test_tolerances_of_requests` and
`test_tolerances_of_responses`.
"""

import ast
import copy
import inspect
import pickle
from enum import Flag
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from h11_parser import RequestParser, ResponseParser, Tolerance
from tests.parser.reading import Parser
from tests.parser.strategies import Written, mutations, written_requests, written_responses
from tests.parser.strictness import (
    FOR_REQUESTS,
    FOR_RESPONSES,
    GET,
    OK,
    REQUEST_SETS,
    RESPONSE_SETS,
    events_of,
    outcome,
    read,
    requests,
    responses,
)

NAMES: Final = [
    "BARE_LF",
    "OBS_FOLD",
    "CONTROL_OCTETS",
    "BLANK_BEFORE_COLON",
    "INVALID_FIELD_LINES",
    "TRANSFER_ENCODING_WITH_CONTENT_LENGTH",
    "TRANSFER_ENCODING_IN_HTTP_1_0",
    "REPEATED_CHUNKED",
    "BLANK_AFTER_CHUNK_SIZE",
    "NON_ASCII_TARGET",
    "UNENCODED_TARGET",
    "FORBIDDEN_TRAILERS",
]

MEMBERS: Final = [Tolerance[name] for name in NAMES]
ALL: Final = FOR_REQUESTS | FOR_RESPONSES

each_member = pytest.mark.parametrize("member", MEMBERS, ids=NAMES)


def documented() -> dict[str, str]:
    """Return what stands below the definition of each member and each set, by its name."""
    definition = ast.parse(inspect.getsource(Tolerance)).body[0]
    assert isinstance(definition, ast.ClassDef)
    texts = {}
    for statement, following in zip(definition.body, definition.body[1:], strict=False):
        match statement, following:
            case (
                ast.Assign(targets=[ast.Name(id=name)]),
                ast.Expr(value=ast.Constant(value=str(text))),
            ):
                texts[name] = " ".join(text.split())
    return texts


def test_there_are_twelve() -> None:
    """Each departure from the RFC that can be allowed has a name, and there are no others."""
    assert issubclass(Tolerance, Flag)
    assert [member.name for member in Tolerance] == NAMES


@each_member
def test_members_are_independent(member: Tolerance) -> None:
    """No member allows what another one does."""
    others = [other for other in MEMBERS if other is not member]
    assert member
    assert not any(member & other for other in others)


def test_named_sets() -> None:
    """What a server and a client start with is written down, and so is perfect strictness."""
    assert list(Tolerance.NONE) == []
    assert list(Tolerance.REQUESTS) == [Tolerance.UNENCODED_TARGET]
    assert list(Tolerance.RESPONSES) == [
        Tolerance.BARE_LF,
        Tolerance.OBS_FOLD,
        Tolerance.CONTROL_OCTETS,
        Tolerance.TRANSFER_ENCODING_WITH_CONTENT_LENGTH,
        Tolerance.TRANSFER_ENCODING_IN_HTTP_1_0,
        Tolerance.BLANK_AFTER_CHUNK_SIZE,
        Tolerance.FORBIDDEN_TRAILERS,
    ]


def test_sets_are_changed_with_operators() -> None:
    """One is added with `|`, taken away with `& ~`, and looked for with `in`."""
    more = Tolerance.RESPONSES | Tolerance.BLANK_BEFORE_COLON
    assert Tolerance.BLANK_BEFORE_COLON in more
    assert Tolerance.BARE_LF in more
    less = more & ~Tolerance.BARE_LF
    assert Tolerance.BARE_LF not in less
    assert less | Tolerance.BARE_LF == more


@each_member
def test_members_survive_copies_and_pickles(member: Tolerance) -> None:
    """A set that was part of somebody's configuration is the same one in another process."""
    for twin in (copy.deepcopy(member), pickle.loads(pickle.dumps(member))):
        assert twin is member
    both = member | Tolerance.BARE_LF
    assert pickle.loads(pickle.dumps(both)) == both


@pytest.mark.parametrize("name", NAMES)
def test_each_is_explained(name: str) -> None:
    """Below each member stands what it lets through, where the RFC speaks of it, and the risk."""
    text = documented()[name]
    assert text.endswith(".")
    assert "RFC" in text
    assert "risk" in text.lower()
    assert len(text.split(". ")) >= 3


@pytest.mark.parametrize("name", ["NONE", "REQUESTS", "RESPONSES"])
def test_each_set_is_explained(name: str) -> None:
    """Below each set stands what it is for."""
    assert len(documented()[name].split()) >= 5


@each_member
def test_members_of_requests(member: Tolerance) -> None:
    """A server can be told to tolerate some of them; the others are refused by their names."""
    if member in FOR_REQUESTS:
        RequestParser(tolerate=member)
        RequestParser(tolerate=Tolerance.REQUESTS | member)
        return
    for together in (member, Tolerance.REQUESTS | member, ALL):
        with pytest.raises(ValueError, match=member.name):
            RequestParser(tolerate=together)


@each_member
def test_members_of_responses(member: Tolerance) -> None:
    """A client can be told to tolerate some of them; the others are refused by their names."""
    if member in FOR_RESPONSES:
        ResponseParser(tolerate=member)
        ResponseParser(tolerate=Tolerance.RESPONSES | member)
        return
    for together in (member, Tolerance.RESPONSES | member, ALL):
        with pytest.raises(ValueError, match=member.name):
            ResponseParser(tolerate=together)


def test_the_sets_are_for_one_direction_each() -> None:
    """The set of one direction has no place in the other."""
    RequestParser(tolerate=Tolerance.REQUESTS)
    ResponseParser(tolerate=Tolerance.RESPONSES)
    with pytest.raises(ValueError, match="TRANSFER_ENCODING_WITH_CONTENT_LENGTH"):
        RequestParser(tolerate=Tolerance.RESPONSES)
    with pytest.raises(ValueError, match="UNENCODED_TARGET"):
        ResponseParser(tolerate=Tolerance.REQUESTS)


def test_nothing_said_is_the_set_to_start_with() -> None:
    """Without the argument, and with None, a parser has the set of its direction."""
    browser = b"GET /{a} HTTP/1.1\r\nHost: a\r\n\r\n"
    old = b"HTTP/1.1 204 No Content\nA: b\n c\n\n"
    expected = events_of(requests(Tolerance.REQUESTS), browser)
    assert events_of(RequestParser, browser) == events_of(requests(), browser) == expected
    answer = events_of(responses(Tolerance.RESPONSES), old)
    assert events_of(ResponseParser, old) == events_of(responses(), old) == answer
    for sloppy in (GET + b"A: b\n\r\n", GET + b"A: b\r\n c\r\n\r\n", GET + b"A: \x01\r\n\r\n"):
        assert outcome(RequestParser, sloppy) == outcome(requests(Tolerance.REQUESTS), sloppy)
        assert outcome(RequestParser, sloppy).refusal is not None


def test_what_is_said_replaces_the_set_to_start_with() -> None:
    """Whoever names one tolerance alone has that one alone."""
    browser = b"GET /{a} HTTP/1.1\r\nHost: a\r\n\r\n"
    assert outcome(requests(Tolerance.BARE_LF), browser).refusal is not None
    assert outcome(requests(Tolerance.BARE_LF | Tolerance.REQUESTS), browser).refusal is None
    folded = OK + b"A: b\r\n c\r\nContent-Length: 0\r\n\r\n"
    assert outcome(responses(Tolerance.BARE_LF), folded).refusal is not None
    assert outcome(responses(Tolerance.BARE_LF | Tolerance.RESPONSES), folded).refusal is None


def nearly(written: st.SearchStrategy[Written]) -> st.SearchStrategy[bytes]:
    """Return a strategy of streams that were written by the rules, or changed in a few places."""
    octets = written.map(lambda message: message.octets)
    return octets | octets.flatmap(mutations)


def assert_tolerance_only_adds(strict: Parser, tolerant: Parser, octets: bytes) -> None:
    """Assert that what a strict parser reads without an error, a tolerant one reads as well."""
    outcome_of_strict = read(strict, [octets])
    if outcome_of_strict.refusal is None:
        assert read(tolerant, [octets]) == outcome_of_strict


@given(octets=nearly(written_requests()), tolerate=st.sampled_from([*REQUEST_SETS.values()]))
def test_a_tolerance_of_a_server_only_adds(octets: bytes, tolerate: Tolerance) -> None:
    """A request that needs no tolerance is the same request with each."""
    assert_tolerance_only_adds(
        RequestParser(tolerate=Tolerance.NONE), RequestParser(tolerate=tolerate), octets
    )


@given(
    octets=nearly(written_responses(b"GET")), tolerate=st.sampled_from([*RESPONSE_SETS.values()])
)
def test_a_tolerance_of_a_client_only_adds(octets: bytes, tolerate: Tolerance) -> None:
    """A response that needs no tolerance is the same response with each."""
    assert_tolerance_only_adds(
        ResponseParser(tolerate=Tolerance.NONE), ResponseParser(tolerate=tolerate), octets
    )
