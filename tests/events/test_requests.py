"""Requests: their parts become octets, and Host is there once (RFC 9112 section 3.2)."""

import array
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from h11_events import ErrorCode, Headers, LocalProtocolError, Octets, Request
from tests.events.strategies import forms, recased_forms
from tests.strategies import requests


class Subclass(bytes):
    """Bytes of somebody else's kind."""


def test_request_of_the_documentation() -> None:
    """Text and bytes-like objects are held as bytes, names in lower case."""
    request = Request(method="GET", target="/", headers=[("HOST", bytearray(b"Example.Com"))])

    assert request.method == b"GET"
    assert request.target == b"/"
    assert request.headers == [(b"host", b"Example.Com")]
    assert request.headers.raw_items() == [(b"HOST", b"Example.Com")]
    assert request.http_version == b"1.1"


@pytest.mark.parametrize(
    "method",
    [
        "PUT",
        b"PUT",
        bytearray(b"PUT"),
        memoryview(b"PUT"),
        memoryview(b"P-U-T")[::2],
        array.array("B", b"PUT"),
        Subclass(b"PUT"),
    ],
    ids=["str", "bytes", "bytearray", "memoryview", "memoryview-with-steps", "array", "subclass"],
)
def test_every_kind_of_octets_becomes_bytes(method: Any) -> None:
    """Text and every bytes-like object, also of a subclass, become plain bytes."""
    request = Request(method=method, target="/", headers=[("Host", "a")])

    assert request.method == b"PUT"
    assert type(request.method) is bytes


@given(requests(), st.data())
def test_type_and_casing_of_the_input_do_not_matter(request: Request, data: st.DataObject) -> None:
    """However the same fields are written, the request is the same, and holds plain bytes."""
    same = Request(
        method=data.draw(forms(request.method)),
        target=data.draw(forms(request.target)),
        headers=data.draw(recased_forms(list(request.headers))),
        http_version=data.draw(forms(request.http_version)),
    )

    assert same == request
    assert type(same.method) is type(same.target) is type(same.http_version) is bytes
    assert type(same.headers) is Headers


def test_later_changes_of_a_bytearray_have_no_effect() -> None:
    """A request holds copies of what can change."""
    method, target = bytearray(b"GET"), bytearray(b"/")
    request = Request(method=method, target=target, headers=[("Host", "a")])

    method[:], target[:] = b"G T", b"\r\n"

    assert (request.method, request.target) == (b"GET", b"/")


FIELDS: dict[str, Octets] = {"method": "GET", "target": "/", "http_version": "1.1"}


@pytest.mark.parametrize("field", FIELDS)
def test_text_must_be_ascii(field: str) -> None:
    """Other text has no one spelling in octets, so none is guessed."""
    fields = FIELDS | {field: "\u0661"}

    with pytest.raises(UnicodeEncodeError):
        Request(headers=[("Host", "a")], **fields)


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("value", [None, 5, 1.1, ["G"]], ids=["none", "int", "float", "list"])
def test_what_is_no_octets_is_refused(field: str, value: Any) -> None:
    """A number or a list is not taken for octets, although `bytes` would."""
    fields = FIELDS | {field: value}

    with pytest.raises(TypeError):
        Request(headers=[("Host", "a")], **fields)


def make(version: str, hosts: int, *, parsed: bool) -> Request:
    """Return a request with so many Host lines, made as a program or as a parser makes it."""
    lines = [("Host", "a"), ("Accept", "*/*"), ("HOST", "a"), ("accept", "b")]
    lines = [line for line in lines if line[0] == "Accept"] + lines[: 2 * hosts]
    if parsed:
        return Request.from_parts(b"GET", b"/", Headers(lines), version.encode())
    return Request(method="GET", target="/", headers=lines, http_version=version)


@pytest.mark.parametrize("parsed", [False, True], ids=["made", "parsed"])
@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_host_is_mandatory_from_version_1_1(version: str, parsed: bool) -> None:
    """A request of HTTP/1.1, or a later minor version, without Host is refused."""
    assert make(version, 1, parsed=parsed).headers.get("host") == b"a"
    with pytest.raises(LocalProtocolError, match="Missing mandatory Host") as caught:
        make(version, 0, parsed=parsed)
    assert caught.value.error_status_hint == 400


@pytest.mark.parametrize("parsed", [False, True], ids=["made", "parsed"])
@pytest.mark.parametrize("version", ["0.9", "1.0", "2.0"])
def test_host_is_optional_before(version: str, parsed: bool) -> None:
    """A request of HTTP/1.0 may have Host or not; so may what HTTP/2 begins with."""
    assert make(version, 0, parsed=parsed).headers.get("host") is None
    assert make(version, 1, parsed=parsed).headers.get("host") == b"a"


@pytest.mark.parametrize("parsed", [False, True], ids=["made", "parsed"])
@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2"])
def test_host_is_never_there_twice(version: str, parsed: bool) -> None:
    """Two Host lines are refused in any version, also if they agree and differ in casing."""
    with pytest.raises(LocalProtocolError, match="multiple Host") as caught:
        make(version, 2, parsed=parsed)
    assert caught.value.error_status_hint == 400


def with_host(host: bytes, *, version: str, parsed: bool) -> Request:
    """Return a request to a host, made as a program or as a parser makes it."""
    lines = [(b"A", b"1"), (b"Host", host)]
    if parsed:
        return Request.from_parts(b"GET", b"/", Headers(lines), version.encode())
    return Request(method="GET", target="/", headers=lines, http_version=version)


@pytest.mark.parametrize("parsed", [False, True], ids=["made", "parsed"])
@pytest.mark.parametrize("version", ["1.0", "1.1"])
@pytest.mark.parametrize("host", [b"", b"a", b"example.com:80", b"[::1]:8080", b"a:"], ids=repr)
def test_host_names_a_host(host: bytes, version: str, parsed: bool) -> None:
    """A host goes with a port or without; a target without authority has an empty Host."""
    assert with_host(host, version=version, parsed=parsed).headers.get("host") == host


@pytest.mark.parametrize("version", ["1.0", "1.1"])
@pytest.mark.parametrize("host", [b"a/b", b"u@a", b"a b", b"::1", b"a:b", b"\xe9"], ids=repr)
def test_host_that_names_no_host(host: bytes, version: str) -> None:
    """It could mean another host to whoever comes next (RFC 9112 section 3.2).

    A recipient refuses it; what a sender names is the business of whoever makes the request.
    """
    with pytest.raises(LocalProtocolError, match="Host names no host") as caught:
        with_host(host, version=version, parsed=True)

    assert caught.value.code is ErrorCode.BAD_HOST
    assert caught.value.excerpt == host
    assert with_host(host, version=version, parsed=False).headers.get("host") == host


def test_host_is_judged_among_repeated_fields() -> None:
    """That other names are repeated makes no difference, nor does a second Host hide the first."""
    repeated = [(b"A", b"1"), (b"A", b"2")]

    assert Request(method="GET", target="/", headers=[*repeated, ("Host", "a")])
    with pytest.raises(LocalProtocolError, match="no host: b'a b'"):
        Request.from_parts(b"GET", b"/", Headers([*repeated, (b"Host", b"a b")]), b"1.1")
    for hosts in (["a", "a b"], ["a b", "a"], ["a b", "a b"]):
        with pytest.raises(LocalProtocolError, match="multiple Host") as caught:
            Request(method="GET", target="/", headers=[("Host", host) for host in hosts])
        assert caught.value.excerpt == ", ".join(hosts).encode()


def test_a_refused_request_can_be_tried_again() -> None:
    """An error while an event is made has no consequences."""
    headers = [("Accept", "*/*")]
    with pytest.raises(LocalProtocolError):
        Request(method="GET", target="/", headers=headers)

    headers.append(("Host", "a"))

    assert Request(method="GET", target="/", headers=headers).headers.get("host") == b"a"


@given(requests())
def test_request_from_parts_is_the_same_request(request: Request) -> None:
    """What a parser makes from parts that it judged equals what a program makes."""
    parsed = Request.from_parts(
        request.method, request.target, request.headers, request.http_version
    )

    assert type(parsed) is Request
    assert parsed == request
