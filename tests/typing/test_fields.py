"""The signatures of `Headers`, and of what tells the meaning of fields: more of `h11_events`."""

import re
from collections.abc import Iterator, Sequence
from typing import assert_type

from h11_events import (
    FIELD_VALUE_FORBIDDEN,
    FORBIDDEN_IN_TRAILERS,
    HOP_BY_HOP,
    HTTP_VERSION,
    MOST_DIGITS,
    PROXY_AUTHENTICATION,
    REQUEST_TARGET,
    TOKEN,
    URI_HOST,
    Headers,
    check_trailer_names,
    closes_connection,
    connection_options,
    expects_100_continue,
    has_body,
    has_late_host,
    has_passed,
    is_host,
    list_elements,
    proposes_upgrade,
    steers_cycle,
    to_octets,
    with_via,
    without_hop_by_hop,
)

LINE = (b"host", b"a")


def test_headers_are_a_sequence_of_pairs() -> None:
    """An index gives a pair, a slice a list, and all that a sequence has is there."""
    headers = Headers([("Host", b"a")])
    sequence: Sequence[tuple[bytes, bytes]] = headers
    assert sequence is headers
    assert assert_type(headers[0], tuple[bytes, bytes]) == LINE
    assert assert_type(headers[:1], list[tuple[bytes, bytes]]) == [LINE]
    for iterator in (iter(headers), reversed(headers)):
        assert_type(iterator, Iterator[tuple[bytes, bytes]])
        assert list(iterator) == [LINE]
    assert [(assert_type(name, bytes), assert_type(value, bytes)) for name, value in headers]
    assert assert_type(len(headers), int) == 1
    assert assert_type(LINE in headers, bool) is True
    assert assert_type(headers.index(LINE), int) == 0
    assert assert_type(headers.count(LINE), int) == 1
    assert (headers == [LINE]) is True


def test_headers_are_asked_by_name() -> None:
    """What is missing is None, or the default, whose type counts then."""
    headers = Headers([("Host", b"a")])
    assert assert_type(headers.get("host"), bytes | None) == b"a"
    assert assert_type(headers.get(b"HOST", b""), bytes) == b"a"
    assert assert_type(headers.get("x", None), bytes | None) is None
    assert assert_type(headers.get("x", 0), bytes | int) == 0
    assert assert_type(headers.get_all("host"), list[bytes]) == [b"a"]
    assert assert_type(headers.raw_items(), list[tuple[bytes, bytes]]) == [(b"Host", b"a")]
    assert assert_type(headers.has_repeated_names, bool) is False
    assert assert_type(headers.without([b"host"]), Headers) == []


def test_headers_for_parsers() -> None:
    """Lines that were judged already are taken as pairs, or as they were on the wire."""
    assert assert_type(Headers.from_field_lines([(b"Host", b"a")]), Headers) == [LINE]
    assert assert_type(Headers.from_usual_lines([b"\nHost: a"]), Headers) == [LINE]


def test_meaning_of_fields() -> None:
    """Each question has one type of answer."""
    headers = Headers([("Host", "a"), ("Content-Length", "3"), ("Connection", "Close")])
    assert assert_type(headers.content_length, int | None) == 3
    assert assert_type(connection_options(headers), frozenset[bytes]) == {b"close"}
    assert assert_type(closes_connection(headers), bool) is True
    assert assert_type(steers_cycle(headers), bool) is True
    assert assert_type(headers.is_chunked, bool) is False
    assert assert_type(has_late_host(headers), bool) is False
    assert assert_type(expects_100_continue(headers), bool) is False
    assert assert_type(proposes_upgrade(headers), bool) is False
    assert assert_type(list_elements(b"a, B"), list[bytes]) == [b"a", b"b"]
    assert assert_type(is_host(b"a:80"), bool) is True
    assert assert_type(to_octets(memoryview(b"a")), bytes) == b"a"
    check_trailer_names(name for name, _ in Headers([("a", "b")]))


def test_what_forwarders_do_to_headers() -> None:
    """Names and options may be of any type of octets, or of any number; what comes is `Headers`."""
    headers = Headers([("Host", "a"), ("X", "b")])
    assert assert_type(without_hop_by_hop(headers), Headers) is headers
    kept = without_hop_by_hop(headers, options=iter([b"x"]), keep_proxy_authentication=True)
    assert assert_type(kept, Headers) == [LINE]
    for version, name in (("1.1", b"me"), (bytearray(b"1.1"), memoryview(b"me"))):
        onward = assert_type(with_via(headers, version, name), Headers)
        assert assert_type(has_passed(onward, name), bool) is True
    names: list[frozenset[bytes]] = [HOP_BY_HOP, PROXY_AUTHENTICATION]
    assert b"te" in names[0]


def test_grammar() -> None:
    """The rules are sources of patterns, the sets are sets, for whoever needs the same."""
    rules: dict[bytes, bytes] = {
        TOKEN: b"GET",
        REQUEST_TARGET: b"/",
        HTTP_VERSION: b"1.1",
        URI_HOST: b"a",
    }
    assert all(re.fullmatch(rule, example) for rule, example in rules.items())
    assert [byte for byte in FIELD_VALUE_FORBIDDEN if byte == 0] == [0]
    assert b"host" in assert_type(FORBIDDEN_IN_TRAILERS, frozenset[bytes])
    digits: int = MOST_DIGITS
    assert digits == 20


def test_a_method_may_be_unknown() -> None:
    """What answers a request that was not understood is asked about with None."""
    assert assert_type(has_body(b"GET", 204), bool) is False
    assert assert_type(has_body(None, 400), bool) is True
