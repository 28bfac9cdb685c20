"""Heads and trailer sections are written as the events have them, to the octet."""

import pytest
from hypothesis import given

from h11_events import FieldLine, Headers, InformationalResponse, Request, Response
from h11_parser import write_field_lines, write_request_head, write_response_head
from tests.strategies import header_lists, requests, responses


def test_request_head() -> None:
    """Request line, fields in their order and casing, empty line (RFC 9112 section 3)."""
    request = Request(
        method="POST",
        target="/where?q=now",
        headers=[("X-First", "1"), ("hOsT", "example.com"), ("x-first", "2"), ("Empty", "")],
    )
    assert write_request_head(request) == (
        b"POST /where?q=now HTTP/1.1\r\n"
        b"X-First: 1\r\nhOsT: example.com\r\nx-first: 2\r\nEmpty: \r\n\r\n"
    )


def test_request_head_without_fields() -> None:
    """The version is that of the event, and without fields the empty line follows at once."""
    request = Request(method="GET", target="/", headers=[], http_version="1.0")
    assert write_request_head(request) == b"GET / HTTP/1.0\r\n\r\n"


@pytest.mark.parametrize(
    ("response", "octets"),
    [
        pytest.param(
            Response(status_code=200, headers=[("Server", "x")], reason="OK"),
            b"HTTP/1.1 200 OK\r\nServer: x\r\n\r\n",
            id="usual",
        ),
        pytest.param(
            Response(status_code=200, headers=[]), b"HTTP/1.1 200 \r\n\r\n", id="space-stays"
        ),
        pytest.param(
            InformationalResponse(status_code=100, headers=[], reason="Continue"),
            b"HTTP/1.1 100 Continue\r\n\r\n",
            id="informational",
        ),
        pytest.param(
            Response(status_code=999, headers=[], http_version="1.0", reason=b"d\xe9j\xe0 vu"),
            b"HTTP/1.0 999 d\xe9j\xe0 vu\r\n\r\n",
            id="any-text-as-reason",
        ),
    ],
)
def test_response_head(response: InformationalResponse | Response, octets: bytes) -> None:
    """Status line, with its space before an empty reason, fields, empty line (RFC 9112 4)."""
    assert write_response_head(response) == octets


def test_field_lines() -> None:
    """A section is a line for each field and the empty line (RFC 9112 section 5)."""
    assert write_field_lines(Headers([("A", "b"), ("C", "")])) == b"A: b\r\nC: \r\n\r\n"
    assert write_field_lines(Headers()) == b"\r\n"


@given(lines=header_lists())
def test_field_lines_one_by_one(lines: list[FieldLine]) -> None:
    """Nothing is added and nothing left out, whatever the fields are."""
    expected = b"".join(name + b": " + value + b"\r\n" for name, value in lines) + b"\r\n"
    assert write_field_lines(Headers(lines)) == expected


@given(request=requests(), response=responses())
def test_start_line_and_section_make_a_head(request: Request, response: Response) -> None:
    """What comes before the fields is the start line alone, made of the event's own octets."""
    line = b" ".join([request.method, request.target, b"HTTP/" + request.http_version])
    section = write_field_lines(request.headers)
    assert write_request_head(request) == line + b"\r\n" + section
    code = str(response.status_code).encode()
    line = b" ".join([b"HTTP/" + response.http_version, code, response.reason])
    section = write_field_lines(response.headers)
    assert write_response_head(response) == line + b"\r\n" + section
