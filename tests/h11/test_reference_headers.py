"""The section "Events" of the reference: what is normalised and checked in the same way everywhere.

Headers, versions, methods and targets, as they are given and as they are sent.
"""

from collections.abc import Callable
from typing import Any, Final

import pytest

from h11 import (
    EndOfMessage,
    InformationalResponse,
    LocalProtocolError,
    RemoteProtocolError,
    Request,
    Response,
)
from h11_events import Octets
from tests.h11.conversations import CHUNKED, END, client, hear, request, say, server

FORMS: Final[list[Callable[[str], Octets]]] = [
    str,
    str.encode,
    lambda text: bytearray(text.encode()),
    lambda text: memoryview(text.encode()),
]
"""All forms in which octets are taken."""

in_every_form = pytest.mark.parametrize(
    "convert", FORMS, ids=["text", "bytes", "bytearray", "memoryview"]
)


def with_headers(*lines: tuple[Any, Any]) -> Request:
    """Return a request of HTTP/1.0 with nothing but these field lines."""
    return Request(method="GET", target="/", headers=lines, http_version="1.0")


def test_headers_are_a_list_of_pairs_of_bytes() -> None:
    """The example of the reference: names in lower case, all of it bytes, the input left alone."""
    original_headers = [("HOST", bytearray(b"Example.Com"))]
    made = Request(method="GET", target="/", headers=original_headers)
    assert original_headers == [("HOST", bytearray(b"Example.Com"))]
    assert made.headers == [(b"host", b"Example.Com")]
    assert list(made.headers) == [(b"host", b"Example.Com")]


@pytest.mark.parametrize(
    "headers",
    [
        [("A", "b"), ("C", "d")],
        (["A", "b"], ["C", "d"]),
        {"A": "b", "C": "d"}.items(),
        iter([("A", "b"), ("C", "d")]),
        [(bytearray(b"A"), memoryview(b"b")), (b"C", "d")],
        with_headers(("A", "b"), ("C", "d")).headers,
    ],
    ids=["list", "tuple", "items", "iterator", "bytes-like", "headers"],
)
def test_any_iterable_of_pairs_is_accepted(headers: Any) -> None:
    """Headers are taken from any iterable of pairs of ASCII text and bytes-like objects."""
    made = Request(method="GET", target="/", headers=headers, http_version="1.0").headers
    assert made == [(b"a", b"b"), (b"c", b"d")]
    assert {type(part) for pair in made for part in pair} == {bytes}


@pytest.mark.parametrize("name", ["Ä", "Accept\N{SOFT HYPHEN}"])
def test_native_strings_are_ascii(name: str) -> None:
    """Text outside ASCII is no header."""
    with pytest.raises(UnicodeEncodeError):
        with_headers((name, "b"))


@pytest.mark.parametrize("name", [" A", "A ", "\tA", "A\t", "A\n", " "])
def test_white_space_around_names_is_an_error(name: str) -> None:
    """A name with white space before or after it is refused."""
    with pytest.raises(LocalProtocolError, match="Illegal header name"):
        with_headers((name, "b"))


def test_white_space_around_names_of_a_peer_is_an_error() -> None:
    """A peer that puts a blank between a name and the colon breaks the protocol."""
    connection = server()
    connection.receive_data(b"GET / HTTP/1.1\r\nHost : a\r\n\r\n")
    with pytest.raises(RemoteProtocolError, match="illegal field line"):
        connection.next_event()


@pytest.mark.parametrize("value", [" b", "b ", "\tb", "b\t"])
def test_white_space_around_values_is_an_error(value: str) -> None:
    """A value given with white space around it is refused, so no event has one."""
    with pytest.raises(LocalProtocolError, match="Illegal header value"):
        with_headers(("A", value))


def test_white_space_around_values_of_a_peer_is_left_out() -> None:
    """What a peer writes around a value is no part of it."""
    connection = server()
    (received, _) = hear(connection, b"GET / HTTP/1.1\r\nHost: \t a \t\r\nA:b\r\n\r\n")
    assert isinstance(received, Request)
    assert received.headers == [(b"host", b"a"), (b"a", b"b")]


@pytest.mark.parametrize("value", ["a\nb", "a\rb", "a\r\nb", "a\r\n b", "a\0b"])
def test_newlines_in_values_are_an_error(value: str) -> None:
    """A newline in a value is always illegal, in the headers of every event."""
    lines = [("A", value)]
    with pytest.raises(LocalProtocolError, match="Illegal header value"):
        with_headers(*lines)
    with pytest.raises(LocalProtocolError, match="Illegal header value"):
        InformationalResponse(status_code=100, headers=lines)
    with pytest.raises(LocalProtocolError, match="Illegal header value"):
        Response(status_code=200, headers=lines)
    with pytest.raises(LocalProtocolError, match="Illegal header value"):
        EndOfMessage(headers=lines)


@pytest.mark.parametrize("value", ["hello", "-1", "+1", "1.0", "0x1", "", "1,2", "1 2"])
def test_content_length_is_a_number(value: str) -> None:
    """A Content-Length that is no number is an error."""
    with pytest.raises(LocalProtocolError, match="Content-Length"):
        with_headers(("Content-Length", value))


def test_only_chunked_is_supported_as_transfer_encoding() -> None:
    """Any other transfer coding is an error, which a server that could read it answers with 501."""
    for coding, hint in [("gzip, chunked", 501), ("gzip", 400)]:
        with pytest.raises(LocalProtocolError, match="Transfer-Encoding") as caught:
            with_headers(("Transfer-Encoding", coding))
        assert caught.value.error_status_hint == hint


def test_casing_is_kept_on_the_wire() -> None:
    """Field lines are sent in the casing that they were given in, trailers as well."""
    connection = client()
    sent = say(
        connection,
        Request(method="PUT", target="/", headers=[("hOsT", "a"), ("X-yZ", "Q"), CHUNKED]),
        EndOfMessage(headers=[("dIgEsT", "Abc")]),
    )
    assert sent == (
        b"PUT / HTTP/1.1\r\nhOsT: a\r\nX-yZ: Q\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"0\r\ndIgEsT: Abc\r\n\r\n"
    )


def test_raw_items_have_the_original_casing() -> None:
    """The example of the reference: pairs whose names are as they were given."""
    made = Request(method="GET", target="/", headers=[("Host", "example.com")])
    assert made.headers.raw_items() == [(b"Host", b"example.com")]


def test_raw_items_of_a_peer_have_the_casing_of_the_peer() -> None:
    """What was received can be shown as the peer wrote it."""
    (received, _) = hear(server(), b"GET / HTTP/1.1\r\nhOST: Example.com\r\n\r\n")
    assert isinstance(received, Request)
    assert received.headers == [(b"host", b"Example.com")]
    assert received.headers.raw_items() == [(b"hOST", b"Example.com")]


@in_every_form
def test_method_target_and_version_are_converted(convert: Callable[[str], Octets]) -> None:
    """Method, target and version are taken in all forms in which headers are."""
    made = Request(
        method=convert("GET"), target=convert("/a"), headers=[], http_version=convert("1.0")
    )
    parts = (made.method, made.target, made.http_version)
    assert parts == (b"GET", b"/a", b"1.0")
    assert {type(part) for part in parts} == {bytes}


@in_every_form
def test_version_of_responses_is_converted(convert: Callable[[str], Octets]) -> None:
    """The version of responses is bytes as well, whatever form it was given in."""
    version = convert("1.0")
    for event in (
        InformationalResponse(status_code=100, headers=[], http_version=version),
        Response(status_code=200, headers=[], http_version=version),
    ):
        assert event.http_version == b"1.0"
        assert type(event.http_version) is bytes


@pytest.mark.parametrize("version", ["1", "11", "1.10", "10.1", "1.x", "", "1.1 ", "HTTP/1.1"])
def test_versions_are_two_digits_with_a_dot(version: str) -> None:
    """No event has a version in another form."""
    with pytest.raises(LocalProtocolError, match="version"):
        Request(method="GET", target="/", headers=[("Host", "a")], http_version=version)
    with pytest.raises(LocalProtocolError, match="version"):
        Response(status_code=200, headers=[], http_version=version)


@pytest.mark.parametrize("version", [b"1", b"11", b"1.10", b"10.1", b"1.x", b""])
def test_a_peer_with_another_form_of_version_is_not_understood(version: bytes) -> None:
    """So versions that were received can be compared, too."""
    connection = server()
    connection.receive_data(b"GET / HTTP/%b\r\nHost: a\r\n\r\n" % version)
    with pytest.raises(RemoteProtocolError):
        connection.next_event()


def test_versions_can_be_compared() -> None:
    """As bytes, versions are ordered as they are as numbers."""
    versions = ["0.9", "1.0", "1.1", "1.2", "2.0", "3.0"]
    made = [request(version=version).http_version for version in versions]
    assert made == sorted(made)
    assert request(version="1.0").http_version < b"1.1"
    assert not request(version="1.1").http_version < b"1.1"


def test_send_leaves_the_event_alone() -> None:
    """Sending changes nothing in the event, which can be sent again elsewhere."""
    event = Response(status_code=200, headers=[("Connection", "Keep-Alive"), ("A", "b")])
    for _ in range(2):
        connection = server(b"GET / HTTP/1.0\r\n\r\n")
        assert say(connection, event, END) == (
            b"HTTP/1.1 200 \r\nA: b\r\nConnection: close\r\n\r\n"
        )
    assert event.headers.raw_items() == [(b"Connection", b"Keep-Alive"), (b"A", b"b")]
