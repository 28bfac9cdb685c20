"""The length of a body follows from the head of its message (RFC 9112 section 6.3)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from h11_events import FieldLine, Request, Response
from h11_parser import (
    BodyLength,
    Unbounded,
    has_body,
    request_body_length,
    response_body_length,
)
from tests.strategies import framings, requests, responses

CHUNKED: FieldLine = (b"Transfer-Encoding", b"chunked")
FIVE: FieldLine = (b"Content-Length", b"5")
ZERO: FieldLine = (b"Content-Length", b"0")


@pytest.mark.parametrize(
    ("fields", "length"),
    [
        pytest.param([], 0, id="nothing"),
        pytest.param([ZERO], 0, id="zero"),
        pytest.param([FIVE], 5, id="length"),
        pytest.param([FIVE, FIVE], 5, id="length-twice"),
        pytest.param([(b"content-length", b"18446744073709551616")], 2**64, id="huge"),
        pytest.param([CHUNKED], Unbounded.CHUNKED, id="chunked"),
        pytest.param([(b"transfer-encoding", b"CHUNKED")], Unbounded.CHUNKED, id="casing"),
        pytest.param([FIVE, CHUNKED], Unbounded.CHUNKED, id="chunked-overrides-length"),
        pytest.param([CHUNKED, FIVE], Unbounded.CHUNKED, id="length-does-not-override"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "HEAD", "CONNECT"])
def test_request(fields: list[FieldLine], length: BodyLength, method: str) -> None:
    """The fields alone decide, whatever the method; without them there is no body (rules 3-7)."""
    headers = [(b"Host", b"a"), *fields]
    for version in ("1.1", "1.0"):
        request = Request(method=method, target="/", headers=headers, http_version=version)
        assert request_body_length(request) == length


@pytest.mark.parametrize(
    ("fields", "length"),
    [
        pytest.param([], Unbounded.UNTIL_CLOSE, id="nothing"),
        pytest.param([ZERO], 0, id="zero"),
        pytest.param([FIVE], 5, id="length"),
        pytest.param([CHUNKED], Unbounded.CHUNKED, id="chunked"),
        pytest.param([FIVE, CHUNKED], Unbounded.CHUNKED, id="chunked-overrides-length"),
    ],
)
@pytest.mark.parametrize("method", [b"GET", b"POST", b"head", b"connect", None], ids=str)
def test_response(fields: list[FieldLine], length: BodyLength, method: bytes | None) -> None:
    """The fields decide; without them the end of the connection does (rules 3 to 8)."""
    for status_code in (200, 205, 299, 301, 404, 500, 999):
        response = Response(status_code=status_code, headers=fields)
        assert response_body_length(method, response) == length


@pytest.mark.parametrize(
    ("method", "status_code"),
    [
        (b"HEAD", 200),
        (b"HEAD", 404),
        (b"GET", 204),
        (b"GET", 304),
        (None, 204),
        (b"CONNECT", 200),
        (b"CONNECT", 299),
        (b"CONNECT", 304),
    ],
)
@pytest.mark.parametrize("fields", [[], [FIVE], [CHUNKED]], ids=["nothing", "length", "chunked"])
def test_response_that_never_has_a_body(
    method: bytes | None, status_code: int, fields: list[FieldLine]
) -> None:
    """After HEAD, with 204 and 304, and for a tunnel, the fields frame nothing (rules 1 and 2)."""
    assert not has_body(method, status_code)
    assert response_body_length(method, Response(status_code=status_code, headers=fields)) == 0


@pytest.mark.parametrize("status_code", [300, 400, 407, 999])
def test_refused_tunnel(status_code: int) -> None:
    """A CONNECT that is refused is answered like anything else (rule 2)."""
    assert has_body(b"CONNECT", status_code)
    response = Response(status_code=status_code, headers=[FIVE])
    assert response_body_length(b"CONNECT", response) == 5


@given(
    request=requests(framing=framings()),
    response=responses(framing=framings()),
    method=st.sampled_from([None, b"GET", b"HEAD", b"CONNECT"]),
)
def test_other_fields_do_not_matter(
    request: Request, response: Response, method: bytes | None
) -> None:
    """Among any other fields, the framing fields decide."""
    for event, no_length in ((request, 0), (response, Unbounded.UNTIL_CLOSE)):
        length = event.headers.get("content-length")
        expected: BodyLength = no_length if length is None else int(length)
        if event.headers.get("transfer-encoding"):
            expected = Unbounded.CHUNKED
        if isinstance(event, Request):
            assert request_body_length(event) == expected
        elif has_body(method, event.status_code):
            assert response_body_length(method, event) == expected
        else:
            assert response_body_length(method, event) == 0
