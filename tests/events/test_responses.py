"""Responses, informational and final: their status codes (RFC 9110 section 15) and their parts."""

import enum
import http
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from h11_events import Headers, InformationalResponse, LocalProtocolError, Response
from tests.events.strategies import forms, recased_forms
from tests.strategies import informational_responses, responses

Kind = type[InformationalResponse] | type[Response]

KINDS: list[Kind] = [InformationalResponse, Response]
LOWEST: dict[Kind, int] = {InformationalResponse: 100, Response: 200}

each_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
each_range = pytest.mark.parametrize(
    ("kind", "codes"), [(InformationalResponse, range(100, 200)), (Response, range(200, 1000))]
)


@each_range
def test_status_codes_of_each_kind(kind: Kind, codes: range) -> None:
    """Every code of the range makes a response that holds it, alike for program and parser."""
    for code in codes:
        made = kind(status_code=code, headers=[])
        parsed = kind.from_parts(code, Headers(), b"1.1", b"")

        assert made.status_code == parsed.status_code == code


@each_range
def test_status_codes_out_of_range(kind: Kind, codes: range) -> None:
    """Every other code is refused, and the message says what the range is."""
    shown = rf"{kind.__name__} status_code should be in range \[{codes.start}, {codes.stop}\)"

    for code in {*range(-1, 1101), -200, 10**6} - set(codes):
        with pytest.raises(LocalProtocolError, match=shown):
            kind(status_code=code, headers=[])
        with pytest.raises(LocalProtocolError, match=shown):
            kind.from_parts(code, Headers(), b"1.1", b"")


@each_kind
@pytest.mark.parametrize("code", ["200", b"200", 200.0, None, [200]])
def test_status_codes_are_integers(kind: Kind, code: Any) -> None:
    """What is no integer is refused, also if it could be read as one."""
    with pytest.raises(LocalProtocolError, match="status code must be integer"):
        kind(status_code=code, headers=[])


@each_kind
@pytest.mark.parametrize("code", [False, True])
def test_a_truth_value_is_no_status_code(kind: Kind, code: bool) -> None:
    """A truth value is an integer in Python, but one out of range."""
    with pytest.raises(LocalProtocolError):
        kind(status_code=code, headers=[])


class Teapot(enum.IntEnum):
    """Status codes of a program's own."""

    WARMING = 199
    SHORT = 418


@pytest.mark.parametrize(
    ("kind", "code", "number"),
    [
        (Response, http.HTTPStatus.OK, 200),
        (Response, Teapot.SHORT, 418),
        (InformationalResponse, http.HTTPStatus.CONTINUE, 100),
        (InformationalResponse, Teapot.WARMING, 199),
    ],
)
def test_members_of_enumerations_are_held_as_plain_integers(
    kind: Kind, code: int, number: int
) -> None:
    """An IntEnum member is taken, and does not show in the repr or on the wire."""
    response = kind(status_code=code, headers=[])

    assert type(response.status_code) is int
    assert response.status_code == number
    assert repr(response).startswith(f"{kind.__name__}(status_code={number}, ")


@given(informational_responses() | responses(), st.data())
def test_type_and_casing_of_the_input_do_not_matter(
    response: InformationalResponse | Response, data: st.DataObject
) -> None:
    """However the same fields are written, the response is the same, and holds plain bytes."""
    same = type(response)(
        status_code=response.status_code,
        headers=data.draw(recased_forms(list(response.headers))),
        http_version=data.draw(forms(response.http_version)),
        reason=data.draw(forms(response.reason)),
    )

    assert same == response
    assert type(same.reason) is type(same.http_version) is bytes
    assert type(same.headers) is Headers


@each_kind
@pytest.mark.parametrize("field", ["reason", "http_version"])
def test_text_must_be_ascii(kind: Kind, field: str) -> None:
    """Other text has no one spelling in octets, so none is guessed."""
    fields: dict[str, Any] = {field: "\u0661"}

    with pytest.raises(UnicodeEncodeError):
        kind(status_code=LOWEST[kind], headers=[], **fields)


@each_kind
@pytest.mark.parametrize("field", ["reason", "http_version"])
@pytest.mark.parametrize("value", [None, 5, 1.1], ids=["none", "int", "float"])
def test_what_is_no_octets_is_refused(kind: Kind, field: str, value: Any) -> None:
    """A number is not taken for octets, although `bytes` would."""
    with pytest.raises(TypeError):
        kind(status_code=LOWEST[kind], headers=[], **{field: value})


@each_kind
def test_responses_need_no_host(kind: Kind) -> None:
    """Host is a matter of requests; in a response it may stand as often as it likes."""
    headers = [("Host", "a"), ("Host", "b")]

    assert len(kind(status_code=LOWEST[kind], headers=headers).headers) == 2


@each_kind
def test_reason_phrases_may_be_of_octets_beyond_ascii(kind: Kind) -> None:
    """What an old server writes in its own language is kept octet by octet, blanks too."""
    response = kind(status_code=LOWEST[kind], headers=[], reason=b" \xc9t\xe9\t")

    assert response.reason == b" \xc9t\xe9\t"


@given(informational_responses() | responses())
def test_response_from_parts_is_the_same_response(
    response: InformationalResponse | Response,
) -> None:
    """What a parser makes from parts that it judged equals what a program makes."""
    parsed = type(response).from_parts(
        response.status_code, response.headers, response.http_version, response.reason
    )

    assert type(parsed) is type(response)
    assert parsed == response
