"""The grammar, octet by octet: which of the 256 may stand where (RFC 9110 section 5, RFC 9112)."""

import re
from collections.abc import Callable
from contextlib import suppress
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from h11_events import (
    FIELD_VALUE_FORBIDDEN,
    HTTP_VERSION,
    REQUEST_TARGET,
    TOKEN,
    Headers,
    LocalProtocolError,
    Octets,
    Request,
    Response,
)
from h11_events._grammar import FIELD_NAMES, FieldNames
from tests.events.strategies import on_wire
from tests.strategies import OBS_TEXT, STEERING_FIELDS, TCHAR, VCHAR, field_names, octets

ALL: Final = bytes(range(256))
BLANKS: Final = b" \t"
CONTROLS: Final = bytes(set(range(0x20)) - set(b"\t")) + b"\x7f"
LONG_NAMES: Final = octets(TCHAR, min_size=1, max_size=80).filter(
    lambda name: name.lower() not in STEERING_FIELDS
)


def request_with(**fields: Octets) -> Request:
    """Return a request that is legal but for the given fields."""
    usual: dict[str, Octets] = {"method": "GET", "target": "/"}
    return Request(headers=[("Host", "a")], **(usual | fields))


def make_method(octets: bytes) -> bytes:
    """Return a method after it went through a request."""
    return request_with(method=octets).method


def make_target(octets: bytes) -> bytes:
    """Return a target after it went through a request."""
    return request_with(target=octets).target


def make_name(octets: bytes) -> bytes:
    """Return a field name after it went through headers, which put it in lower case."""
    return Headers([(octets, b"x")]).raw_items()[0][0]


def make_value(octets: bytes) -> bytes:
    """Return a field value after it went through headers."""
    return Headers([(b"a", octets)])[0][1]


def make_reason(octets: bytes) -> bytes:
    """Return a reason phrase after it went through a response."""
    return Response(status_code=200, headers=[], reason=octets).reason


def accepted(make: Callable[[bytes], bytes], before: bytes, after: bytes) -> bytes:
    """Return the octets that are accepted unchanged between two others; all else is refused."""
    found = bytearray()
    for octet in ALL:
        part = before + bytes([octet]) + after
        with suppress(LocalProtocolError):
            assert make(part) == part
            found.append(octet)
    return bytes(found)


WITHIN: Final = [
    pytest.param(make_method, TCHAR, id="method"),
    pytest.param(make_name, TCHAR, id="field-name"),
    pytest.param(make_target, VCHAR, id="target"),
    pytest.param(make_reason, BLANKS + VCHAR + OBS_TEXT, id="reason-phrase"),
    pytest.param(make_value, BLANKS + VCHAR + OBS_TEXT, id="field-value"),
]
AT_THE_EDGES: Final = [
    *WITHIN[:-1],
    pytest.param(make_value, VCHAR + OBS_TEXT, id="field-value"),
]


@pytest.mark.parametrize(("make", "legal"), WITHIN)
def test_octets_within(make: Callable[[bytes], bytes], legal: bytes) -> None:
    """Between two letters stand exactly the octets that the grammar has there."""
    assert set(accepted(make, b"a", b"z")) == set(legal)


@pytest.mark.parametrize(("make", "legal"), AT_THE_EDGES)
@pytest.mark.parametrize(("before", "after"), [(b"", b"z"), (b"a", b""), (b"", b"")])
def test_octets_at_the_edges(
    make: Callable[[bytes], bytes], legal: bytes, before: bytes, after: bytes
) -> None:
    """At the beginning, at the end and alone, a field value has no white space, either."""
    assert set(accepted(make, before, after)) == set(legal)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        pytest.param(make_method, "Illegal method", id="method"),
        pytest.param(make_target, "Illegal target", id="target"),
        pytest.param(make_name, "Illegal header name", id="field-name"),
    ],
)
def test_what_cannot_be_empty(make: Callable[[bytes], bytes], message: str) -> None:
    """Methods, targets and field names have at least one octet."""
    with pytest.raises(LocalProtocolError, match=message):
        make(b"")


@pytest.mark.parametrize("make", [make_value, make_reason], ids=["field-value", "reason-phrase"])
def test_what_can_be_empty(make: Callable[[bytes], bytes]) -> None:
    """Field values and reason phrases may have no octets at all."""
    assert make(b"") == b""


@pytest.mark.parametrize(
    ("make", "part", "message"),
    [
        pytest.param(make_value, b"\x00", r"Illegal header value b'\x00'", id="nul-alone"),
        pytest.param(make_value, b"a\nb", r"Illegal header value b'a\nb'", id="line-feed"),
        pytest.param(make_value, b"a\x1bb", r"Illegal header value b'a\x1bb'", id="escape"),
        pytest.param(make_value, b" a", "Illegal header value b' a'", id="space-before-value"),
        pytest.param(make_value, b"a\t", r"Illegal header value b'a\t'", id="tab-after-value"),
        pytest.param(make_name, b"a ", "Illegal header name b'a '", id="space-after-name"),
        pytest.param(make_name, b"a:", "Illegal header name b'a:'", id="colon"),
        pytest.param(make_method, b"GET /", "Illegal method characters in b'GET /'", id="method"),
        pytest.param(make_target, b"/ b", "Illegal target characters in b'/ b'", id="target"),
        pytest.param(make_reason, b"a\rb", r"Illegal reason phrase b'a\rb'", id="reason-phrase"),
    ],
)
def test_error_shows_what_is_illegal(
    make: Callable[[bytes], bytes], part: bytes, message: str
) -> None:
    """The message names the part of the message and shows its octets."""
    with pytest.raises(LocalProtocolError) as caught:
        make(part)

    assert str(caught.value) == message
    assert caught.value.error_status_hint == 400


def test_error_about_a_long_value_is_short() -> None:
    """A value of a million octets does not make a message of a million characters."""
    with pytest.raises(LocalProtocolError) as caught:
        make_value(b"a" * 1_000_000 + b"\n")

    assert len(str(caught.value)) < 200


@pytest.mark.parametrize("position", range(3))
@pytest.mark.parametrize(
    "name", [b"c", b"b", b"B"], ids=["new", "repeated", "repeated-in-capitals"]
)
@pytest.mark.parametrize("value", [b"x\r\ny", b"x\0", b" x"], ids=["line-end", "nul", "blank"])
def test_one_illegal_value_among_legal_ones(position: int, name: bytes, value: bytes) -> None:
    """A value is refused wherever in the section it stands, and it is the one that is shown."""
    lines = [(b"a", b"1"), (b"b", b"2")]
    lines.insert(position, (name, value))

    with pytest.raises(LocalProtocolError) as caught:
        Headers(lines)

    assert str(caught.value) == f"Illegal header value {value!r}"


@pytest.mark.parametrize("version", [b"0.9", b"1.0", b"1.1", b"1.2", b"2.0", b"9.9"])
def test_http_version_is_two_digits_with_a_dot(version: bytes) -> None:
    """Any two digits with a dot between them are a version (RFC 9112 section 2.3)."""
    assert request_with(http_version=version).http_version == version
    response = Response(status_code=200, headers=[], http_version=version)
    assert response.http_version == version


@pytest.mark.parametrize(
    "version",
    ["", "1", "1.", ".1", "11", "1.10", "10.1", "1,1", "1.1\n", " 1.1", "a.b", "HTTP/1.1"],
)
def test_other_http_versions_are_refused(version: str) -> None:
    """Nothing else is, so that versions can be compared as octets."""
    with pytest.raises(LocalProtocolError, match="Illegal HTTP version"):
        request_with(http_version=version)
    with pytest.raises(LocalProtocolError, match="Illegal HTTP version"):
        Response(status_code=200, headers=[], http_version=version)


@pytest.mark.parametrize(
    ("pattern", "legal", "illegal"),
    [
        pytest.param(TOKEN, [b"GET", b"!#$%&'*+-.^_`|~09azAZ"], [b"", b"a b", b"a:"], id="token"),
        pytest.param(REQUEST_TARGET, [b"*", b"/a?b#c", b"a:1"], [b"", b"/ ", b"\xff"], id="target"),
        pytest.param(HTTP_VERSION, [b"1.1", b"0.9"], [b"1", b"1x1", b"1.1.1"], id="version"),
    ],
)
def test_exported_patterns(pattern: bytes, legal: list[bytes], illegal: list[bytes]) -> None:
    """The patterns for those who read octets say the same as the events do."""
    compiled = re.compile(pattern)

    assert all(compiled.fullmatch(part) for part in legal)
    assert not any(compiled.fullmatch(part) for part in illegal)


def test_exported_set_of_forbidden_octets() -> None:
    """The octets that no field value has are all control octets but HTAB (RFC 9110, 5.5)."""
    assert sorted(FIELD_VALUE_FORBIDDEN) == sorted(CONTROLS)


@given(st.lists(LONG_NAMES, max_size=20))
def test_any_token_is_a_field_name(names: list[bytes]) -> None:
    """A token of any length is accepted, and read in lower case."""
    headers = Headers([(name, b"") for name in names])

    assert [name for name, _ in headers] == [name.lower() for name in names]


def test_table_of_field_names_is_bounded() -> None:
    """A peer that sends ever new names costs time, not memory, and every answer stays right."""
    long_name = b"X" * (FieldNames.LONGEST_NAME + 1)

    for number in range(3 * FieldNames.MOST_NAMES):
        name = b"X-Number-%d" % number
        expected = [(name.lower(), b""), ((long_name + name).lower(), b"")]
        assert list(Headers([(name, b""), (long_name + name, b"")])) == expected
        lines = on_wire([(name, b""), (long_name + name, b"")])
        assert list(Headers.from_usual_lines(lines)) == expected
        assert len(FIELD_NAMES.known) <= FieldNames.MOST_NAMES
        assert len(FIELD_NAMES.known_on_wire) <= FieldNames.MOST_NAMES

    assert max(map(len, FIELD_NAMES.known)) <= FieldNames.LONGEST_NAME
    assert max(map(len, FIELD_NAMES.known_on_wire)) <= FieldNames.LONGEST_NAME + len(b"\n:")


def test_table_of_field_names_keeps_what_is_asked_again() -> None:
    """A name that was judged once is looked up afterwards; one too long or illegal is not kept."""
    names = FieldNames()
    longest = b"X" * FieldNames.LONGEST_NAME

    assert [names[name] for name in (b"X-Id", longest, longest + b"X")] == [
        b"x-id",
        longest.lower(),
        longest.lower() + b"x",
    ]
    with pytest.raises(LocalProtocolError):
        names[b"X Id"]
    assert names.known == {b"X-Id": b"x-id", longest: longest.lower()}
    assert names.known_on_wire == {}


def test_table_of_field_names_knows_how_lines_begin() -> None:
    """The same holds for a name with the LF before and the colon after it."""
    names = FieldNames()
    longest = b"X" * FieldNames.LONGEST_NAME

    for name in (b"X-Id", longest, longest + b"X"):
        assert names.of_line(b"\n" + name + b":") == name.lower()
    for beginning in (b"", b"\n", b":", b"\n:", b"X-Id", b"\nX-Id", b"X-Id:", b"\nX Id:"):
        with pytest.raises(LocalProtocolError):
            names.of_line(beginning)
    assert names.known_on_wire == {b"\nX-Id:": b"x-id", b"\n" + longest + b":": longest.lower()}


@given(st.lists(field_names(), max_size=10))
def test_table_of_field_names_never_changes_an_answer(names: list[bytes]) -> None:
    """Asked once or twice, new or known, in either way, a name has the same lower-case form."""
    table = FieldNames()

    for name in [*names, *names]:
        assert table[name] == table.of_line(b"\n" + name + b":") == name.lower()
