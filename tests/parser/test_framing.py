"""The length of a body follows from the head of its message (RFC 9112 section 6.3)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from h11_events import ErrorCode, FieldLine, LocalProtocolError, Request, Response, has_body
from h11_parser import (
    BodyLength,
    Tolerance,
    Unbounded,
    judge_request_framing,
    judge_response_framing,
    request_body_length,
    response_body_length,
)
from tests.parser.readers import for_responses
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
    assert response_body_length(method, Response(status_code=status_code, headers=fields)) == 0


@pytest.mark.parametrize("status_code", [300, 400, 407, 999])
def test_refused_tunnel(status_code: int) -> None:
    """A CONNECT that is refused is answered like anything else (rule 2)."""
    response = Response(status_code=status_code, headers=[FIVE])
    assert response_body_length(b"CONNECT", response) == 5


def chunked_request(version: str, *fields: FieldLine) -> Request:
    """Return a request with a chunked body and further fields."""
    headers = [(b"Host", b"a"), CHUNKED, *fields]
    return Request(method="PUT", target="/", headers=headers, http_version=version)


@pytest.mark.parametrize(
    ("request_", "refused"),
    [
        pytest.param(chunked_request("1.1"), False, id="chunked"),
        pytest.param(chunked_request("1.2"), False, id="higher-version"),
        pytest.param(chunked_request("1.0"), True, id="lower-version"),
        pytest.param(chunked_request("1.1", FIVE), True, id="length"),
        pytest.param(chunked_request("1.1", ZERO), True, id="length-of-zero"),
        pytest.param(chunked_request("1.0", FIVE), True, id="both"),
    ],
)
def test_request_that_may_be_meant_otherwise(request_: Request, refused: bool) -> None:
    """With a length as well, or in HTTP/1.0, a chunked request is refused (RFC 9112, 6.1)."""
    if not refused:
        judge_request_framing(request_)
        return
    with pytest.raises(LocalProtocolError, match="Transfer-Encoding") as raised:
        judge_request_framing(request_)
    assert raised.value.code is ErrorCode.BAD_FRAMING
    assert raised.value.error_status_hint == 400


BOTH = Tolerance.TRANSFER_ENCODING_WITH_CONTENT_LENGTH
OLD = Tolerance.TRANSFER_ENCODING_IN_HTTP_1_0


@pytest.mark.parametrize(
    ("version", "fields", "needed"),
    [
        pytest.param("1.1", [CHUNKED], Tolerance.NONE, id="chunked"),
        pytest.param("1.9", [CHUNKED], Tolerance.NONE, id="higher-version"),
        pytest.param("1.0", [CHUNKED], OLD, id="lower-version"),
        pytest.param("1.1", [FIVE, CHUNKED], BOTH, id="length-first"),
        pytest.param("1.1", [CHUNKED, ZERO], BOTH, id="length-of-zero-last"),
        pytest.param("1.0", [CHUNKED, FIVE], BOTH | OLD, id="both"),
    ],
)
def test_response_that_may_be_meant_otherwise(
    version: str, fields: list[FieldLine], needed: Tolerance
) -> None:
    """Only if that is tolerated it is understood, by its coding (RFC 9112 section 6.3, rule 3)."""
    response = Response(status_code=200, headers=fields, http_version=version, reason="OK")
    for tolerate in (Tolerance.NONE, BOTH, OLD, BOTH | OLD, Tolerance.RESPONSES):
        if needed in tolerate:
            judged = judge_response_framing(response, for_responses(tolerate))
            assert judged == Response(
                status_code=200, headers=[CHUNKED], http_version=version, reason="OK"
            )
            assert (judged is response) is (BOTH not in needed)
        else:
            with pytest.raises(LocalProtocolError, match="Transfer-Encoding") as raised:
                judge_response_framing(response, for_responses(tolerate))
            assert raised.value.code is ErrorCode.BAD_FRAMING


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
