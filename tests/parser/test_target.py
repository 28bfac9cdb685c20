"""The request target: its four forms, and which of them a method may have (RFC 9112 section 3.2).

Here a method and a target stand alone, as a scan lets them through; whole requests are read in
`test_must_accept` and `test_never`.
"""

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from h11_events import ErrorCode, LocalProtocolError, is_host
from h11_parser import Tolerance
from h11_parser._target import Target
from tests.strategies import octets

STRICT: Final = Target(Tolerance.NONE)
USUAL: Final = Target(Tolerance.REQUESTS)
NON_ASCII: Final = Target(Tolerance.NON_ASCII_TARGET)
TOLERANT: Final = Target(Tolerance.UNENCODED_TARGET | Tolerance.NON_ASCII_TARGET)
TARGETS: Final = [STRICT, USUAL, NON_ASCII, TOLERANT]

PATH: Final = b"/-._~!$&'()*+,;=:@?0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
"""The octets of a path and a query that stand for themselves (RFC 3986 sections 3.3 and 3.4)."""

UNENCODED: Final = b'"<>[\\]^`{|}%'
NON_URI: Final = bytes(range(0x21)) + b"#\x7f"
"""What is in no target, whoever sends it."""

METHODS: Final = [b"GET", b"HEAD", b"POST", b"OPTIONS", b"TRACE", b"X", b"options", b"connect"]
"""Methods that are no CONNECT."""

ORIGIN_FORM: Final = {
    "root": b"/",
    "path": b"/where/to",
    "query": b"/where?q=now&r=%20",
    "empty query": b"/?",
    "no segment": b"//",
    "an authority to some": b"//a/b",
    "colons": b"/a:80",
    "encoded": b"/%C3%a9",
    "dots": b"/../.",
    "all octets": b"/" + PATH,
}
ABSOLUTE_FORM: Final = {
    "host": b"http://example.com",
    "host and path": b"http://example.com/a/b?c",
    "host and query": b"http://example.com?a/b",
    "port": b"https://example.com:8443/",
    "empty port": b"http://a:/",
    "IPv6 address": b"http://[::1]:80/",
    "encoded host": b"http://a%20b/",
    "other casing": b"HtTpS://EXAMPLE.com/",
    "other scheme": b"ftp://example.com/a",
    "user": b"ftp://user@example.com/a",
    "user and password": b"ftp://user:word@example.com:21/a",
    "encoded user": b"ftp://us%40er@[::1]/",
    "empty user": b"ws://@a/",
    "no authority": b"urn:isbn:0-395-36341-1",
    "empty authority": b"file:///etc/hosts",
    "letters, digits and signs": b"a+b-c.1:d",
    "nothing behind the scheme": b"about:",
}
AUTHORITY_FORM: Final = {
    "host": b"example.com:443",
    "IPv4 address": b"127.0.0.1:1",
    "IPv6 address": b"[2001:db8::1]:65535",
    "zeros": b"a:00080",
    "many zeros": b"a:" + b"0" * 100 + b"65535",
    "port zero": b"a:0",
    "encoded": b"a%20b:80",
}
NO_TARGET: Final = {
    "nothing": b"",
    "two stars": b"**",
    "star in a path": b"*/",
    "path without a slash": b"where/to",
    "query alone": b"?a",
    "host alone": b"example.com",
    "address alone": b"[::1]",
    "two slashes short": b"http:/a",
    "no host": b"http://",
    "no host, but a path": b"http:///a",
    "no host, but a port": b"http://:80/",
    "no authority": b"http:a",
    "user": b"http://user@example.com/",
    "nobody as user": b"https://@example.com/",
    "no host in the authority": b"http://a:b/",
    "bad address": b"http://[::g]/",
    "unclosed address": b"http://[::1/",
    "bad host of another scheme": b"ftp://a:b/",
    "bad user of another scheme": b"ftp://us[er@a/",
    "bad encoding of a user": b"ftp://us%4@a/",
    "two users": b"ftp://u@v@a/",
    "scheme of digits": b"1://a/",
    "scheme of nothing": b"://a/",
    "no octet of a scheme": b"a_b://c/",
}

each_target = pytest.mark.parametrize(
    "target", TARGETS, ids=["none", "usual", "non-ascii", "tolerant"]
)


@each_target
@pytest.mark.parametrize("octets", ORIGIN_FORM.values(), ids=ORIGIN_FORM)
def test_origin_form(target: Target, octets: bytes) -> None:
    """A path and a query are for all methods but CONNECT (RFC 9112 section 3.2.1)."""
    assert all(target.is_valid(method, octets) for method in METHODS)
    assert not target.is_valid(b"CONNECT", octets)


@each_target
@pytest.mark.parametrize("octets", ABSOLUTE_FORM.values(), ids=ABSOLUTE_FORM)
def test_absolute_form(target: Target, octets: bytes) -> None:
    """So is a whole URI, as it is sent to proxies (RFC 9112 section 3.2.2)."""
    assert all(target.is_valid(method, octets) for method in METHODS)
    assert not target.is_valid(b"CONNECT", octets)


@each_target
@pytest.mark.parametrize("octets", AUTHORITY_FORM.values(), ids=AUTHORITY_FORM)
def test_authority_form(target: Target, octets: bytes) -> None:
    """A host and a port are for CONNECT, and for nothing else (RFC 9112 section 3.2.3)."""
    assert target.is_valid(b"CONNECT", octets)
    assert not any(target.is_valid(method, octets) for method in METHODS)


@pytest.mark.parametrize(
    "octets",
    [
        *(b":80", b"a", b"a:", b"a:b", b"a:-1", b"a:65536", b"a:99999", b"u@a:80"),
        *(b"a:0065536", b"a:100000", b"a:" + b"9" * 5000),
        *(b"a:80/", b"[::1]", b"::1:80", b"[::g]:80", b"*", b"/", b"http://a:80", b""),
    ],
    ids=repr,
)
def test_no_authority_form(octets: bytes) -> None:
    """A tunnel leads to a host, and to a port that there can be (RFC 9110 section 9.3.6)."""
    assert not any(target.is_valid(b"CONNECT", octets) for target in TARGETS)


@each_target
def test_asterisk_form(target: Target) -> None:
    """The server as a whole is for OPTIONS, and for nothing else (RFC 9112 section 3.2.4)."""
    assert target.is_valid(b"OPTIONS", b"*")
    assert not any(target.is_valid(method, b"*") for method in METHODS if method != b"OPTIONS")


@each_target
@pytest.mark.parametrize("octets", NO_TARGET.values(), ids=NO_TARGET)
def test_no_form(target: Target, octets: bytes) -> None:
    """Anything else is no target, with any method and any tolerance."""
    assert not any(target.is_valid(method, octets) for method in [*METHODS, b"CONNECT"])


@pytest.mark.parametrize("before", [b"/", b"/a?", b"http://a/", b"urn:"], ids=repr)
def test_octets_of_a_path(before: bytes) -> None:
    """Which octets a path and a query have, is up to the tolerances; `#` is in none."""
    for octet in range(0x21, 0x100):
        one = bytes([octet])
        for target, others in (
            (STRICT, b""),
            (USUAL, UNENCODED),
            (NON_ASCII, bytes(range(0x80, 0x100))),
            (TOLERANT, UNENCODED + bytes(range(0x80, 0x100))),
        ):
            assert target.is_valid(b"GET", before + one + b"b") is (one in PATH + others)


@pytest.mark.parametrize("octets", [b"/%", b"/%4", b"/%zz", b"/%%41", b"/a%4?b", b"http://a/%x"])
def test_percent_has_two_digits_behind_it(octets: bytes) -> None:
    """What is encoded has two digits, unless what browsers do not encode is let through."""
    assert not STRICT.is_valid(b"GET", octets)
    assert not NON_ASCII.is_valid(b"GET", octets)
    assert USUAL.is_valid(b"GET", octets)
    assert TOLERANT.is_valid(b"GET", octets)


@pytest.mark.parametrize("octets", [b"http://a{b/", b"http://\xe9/", b"{a}:80"], ids=repr)
def test_hosts_are_never_tolerated_otherwise(octets: bytes) -> None:
    """What is let through in a path is let through nowhere else."""
    assert not any(TOLERANT.is_valid(method, octets) for method in [*METHODS, b"CONNECT"])


HOSTS: Final = st.sampled_from([b"", b"a", b"a.b", b"[::1]", b"[::g]", b"a b", b"\xe9", b"a@b"])
PORTS: Final = st.sampled_from([b"", b":", b":80", b":65536", b":x"])
SCHEMES: Final = st.sampled_from([b"http", b"HTTPS", b"ws", b"1", b""])
PATHS: Final = octets(PATH, max_size=10).map(b"/".__add__) | st.just(b"")


@given(scheme=SCHEMES, host=HOSTS, port=PORTS, path=PATHS, method=st.sampled_from(METHODS))
def test_uris_from_their_parts(
    scheme: bytes, host: bytes, port: bytes, path: bytes, method: bytes
) -> None:
    """A URI is a target if all of its parts are what they should be."""
    of_http = scheme.lower() in (b"http", b"https")
    authority = host.rpartition(b"@")[2] if scheme == b"ws" else host
    expected = (
        scheme not in (b"", b"1")
        and bool(is_host(authority + port))
        and not (of_http and host == b"")
    )
    for target in TARGETS:
        assert target.is_valid(method, scheme + b"://" + host + port + path) is expected


ANY: Final = octets(PATH + UNENCODED + b"\x80\xff") | st.lists(
    st.sampled_from([*ORIGIN_FORM.values(), *ABSOLUTE_FORM.values(), *NO_TARGET.values(), b"*"]),
    max_size=2,
).map(b"".join)


@given(method=st.sampled_from([*METHODS, b"CONNECT"]), value=ANY)
def test_more_tolerance_takes_more(method: bytes, value: bytes) -> None:
    """What is taken without a tolerance is taken with it."""
    strict, usual, non_ascii, tolerant = (target.is_valid(method, value) for target in TARGETS)
    assert strict <= usual <= tolerant
    assert strict <= non_ascii <= tolerant


@given(method=st.sampled_from([*METHODS, b"CONNECT"]), value=ANY)
def test_usual_request_lines_are_request_lines(method: bytes, value: bytes) -> None:
    """The quick way takes what has a path and a usual version, and nothing that is not valid."""
    for target in TARGETS:
        for version in (b"1.1", b"1.0", b"1.2", b"2.0"):
            match = target.match_usual_request_line(b"%b %b HTTP/%b" % (method, value, version))
            expected = (
                value.startswith(b"/")
                and target.is_valid(method, value)
                and method.isupper()
                and version in (b"1.1", b"1.0")
            )
            assert bool(match) is expected
            if match:
                assert match.groups() == (method, value, version)


@pytest.mark.parametrize(
    "line",
    [
        *(b"GET / HTTP/1.1 ", b"GET  / HTTP/1.1", b"GET /", b"GET / http/1.1", b"GET / HTTP/1.10"),
        *(b"GET / HTTP/1.1\n", b"GET /a b HTTP/1.1", b"G(T / HTTP/1.1", b" / HTTP/1.1", b""),
        *(b"GET /" + bytes([octet]) + b" HTTP/1.1" for octet in NON_URI),
    ],
    ids=repr,
)
def test_no_usual_request_lines(line: bytes) -> None:
    """What a scan would refuse is not taken on the quick way, either."""
    assert not any(target.match_usual_request_line(line) for target in TARGETS)


def test_refusal() -> None:
    """The error shows the method and the target, both together at most 100 octets."""
    STRICT.check(b"GET", b"/")
    with pytest.raises(LocalProtocolError) as raised:
        STRICT.check(b"CONNECT", b"/")
    assert raised.value.code is ErrorCode.BAD_REQUEST_LINE
    assert raised.value.excerpt == b"/"
    says = "illegal request line: {!r} has no legal target for its method"
    assert str(raised.value) == says.format(b"CONNECT /")
    with pytest.raises(LocalProtocolError) as raised:
        STRICT.check(b"x" * 1000, b"y" * 1000)
    assert raised.value.excerpt == b"y" * 97 + b"..."
    assert str(raised.value) == says.format(b"x" * 97 + b"...")
    with pytest.raises(LocalProtocolError) as raised:
        STRICT.check(b"OPTIONS", b"y" * 1000)
    assert str(raised.value) == says.format(b"OPTIONS " + b"y" * 89 + b"...")
