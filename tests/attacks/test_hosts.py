"""A Host that two readers understand differently, or a target that contradicts it.

Attack: two Hosts, a Host with a user, a path, a comma or a blank in it, or an absolute target
beside it make a proxy route, check or cache a request for one host and the server serve another.
Answer: HTTP/1.1 has exactly one Host, which is a host with at most a port, or empty; a target has
one of four forms, and both are handed on as they came (RFC 9112 sections 3.2 and 3.3).
"""

import pytest

from h11_events import EndOfMessage, ErrorCode, Request
from h11_parser import PAUSED, Tolerance
from tests.attacks.harness import (
    ALL_FOR_REQUESTS,
    Verdict,
    refused,
    server_side,
    taken,
    verdict,
)

BAD_HOST = refused(ErrorCode.BAD_HOST)
BAD_FIELD_LINE = refused(ErrorCode.BAD_FIELD_LINE)
BAD_REQUEST_LINE = refused(ErrorCode.BAD_REQUEST_LINE)


def get(*lines: bytes, target: bytes = b"/", version: bytes = b"1.1") -> bytes:
    """Return a GET with some field lines."""
    head = b"GET %b HTTP/%b\r\n" % (target, version)
    return head + b"".join(line + b"\r\n" for line in lines) + b"\r\n"


NUMBERS = {
    "none": [],
    "none, but others": [b"A: b"],
    "two": [b"Host: a", b"Host: b"],
    "two equal": [b"Host: a", b"Host: a"],
    "two in other case": [b"Host: a", b"hOST: b"],
    "two apart": [b"Host: a", b"A: b", b"Host: b"],
    "empty and not": [b"Host:", b"Host: a"],
    "three": [b"Host: a"] * 3,
}


@pytest.mark.parametrize("lines", NUMBERS.values(), ids=NUMBERS)
def test_not_one_host(lines: list[bytes]) -> None:
    """None and two are refused, whatever they say."""
    assert verdict(server_side(ALL_FOR_REQUESTS), get(*lines)) == BAD_HOST


@pytest.mark.parametrize("target", [b"http://a/", b"http://b/"])
def test_two_hosts_beside_an_absolute_target(target: bytes) -> None:
    """An absolute target makes two Hosts no better, nor none."""
    stream = get(b"Host: a", b"Host: a", target=target)
    assert verdict(server_side(), stream) == BAD_HOST
    assert verdict(server_side(), get(target=target)) == BAD_HOST


def test_two_hosts_in_http_1_0() -> None:
    """HTTP/1.0 needs no Host, but two are no better there."""
    assert verdict(server_side(), get(b"Host: a", b"Host: b", version=b"1.0")) == BAD_HOST
    event = Request(method="GET", target="/", headers=[], http_version="1.0")
    assert verdict(server_side(), get(version=b"1.0")) == taken(event, EndOfMessage())


NO_HOSTS = {
    "user": b"a@b",
    "user and password": b"a:b@c",
    "blank inside": b"a b",
    "tab inside": b"a\tb",
    "comma and blank": b"a, b",
    "slash": b"a/b",
    "backslash": b"a\\b",
    "query": b"a?b",
    "fragment": b"a#b",
    "URI": b"http://a",
    "port that is none": b"a:b",
    "port with a sign": b"a:+80",
    "two ports": b"a:80:80",
    "colons": b"::1",
    "bracket open": b"[::1",
    "bracket closed": b"::1]",
    "behind the bracket": b"[::1]a",
    "name in brackets": b"[a]",
    "zone": b"[fe80::1%25eth0]",
    "too many groups": b"[1:2:3:4:5:6:7:8:9]",
    "two double colons": b"[1::2::3]",
    "quotes": b'"a"',
    "angle brackets": b"<a>",
    "braces": b"{a}",
    "bar": b"a|b",
    "caret": b"a^b",
    "backtick": b"`a`",
    "lone percent sign": b"a%",
    "bad percent encoding": b"a%zz",
    "Latin-1": b"\xe9",
    "UTF-8": "é".encode(),
    "no-break space": b"a\xa0",
}


@pytest.mark.parametrize("host", NO_HOSTS.values(), ids=NO_HOSTS)
def test_host_that_is_none(host: bytes) -> None:
    """What no URI could have for a host is refused, also in HTTP/1.0."""
    for version in (b"1.1", b"1.0"):
        stream = get(b"Host: " + host, version=version)
        assert verdict(server_side(ALL_FOR_REQUESTS), stream) == BAD_HOST


HOSTS = {
    "empty": b"",
    "name": b"a",
    "dots": b"a.b.",
    "underscore": b"a_b",
    "port": b"a:80",
    "empty port": b"a:",
    "port alone": b":80",
    "IPv4": b"127.0.0.1:80",
    "IPv6": b"[::1]",
    "IPv6 with a port": b"[2001:db8::1:2]:80",
    "IPv6 with IPv4": b"[::ffff:127.0.0.1]",
    "IPv6, all groups": b"[1:2:3:4:5:6:7:8]",
    "address of the future": b"[v1.a:b]",
    "address of the future in capitals": b"[VA.A:B]",
    "percent encoding": b"a%2Cb",
    "comma": b"a,b",
    "all of sub-delims": b"!$&'()*+,;=",
}


@pytest.mark.parametrize("host", HOSTS.values(), ids=HOSTS)
def test_host(host: bytes) -> None:
    """What a URI could have for a host is taken as it is."""
    event = Request(method="GET", target="/", headers=[("Host", host)])
    expected = taken(event, EndOfMessage())
    assert verdict(server_side(Tolerance.NONE), get(b"Host:" + host)) == expected


LINES = {
    "blank before the colon": (b"Host : a", BAD_FIELD_LINE),
    "blank before the name": (b" Host: a", BAD_FIELD_LINE),
    "NUL in the name": (b"Ho\x00st: a", BAD_FIELD_LINE),
    "NUL in the value": (b"Host: a\x00", BAD_FIELD_LINE),
    "CR in the value": (b"Host: a\rHost: b", BAD_FIELD_LINE),
    "control octet": (b"Host: a\x0b", BAD_HOST),
    "folded into the second line": (b"Host: a\r\n b", BAD_HOST),
    "another Host, folded": (b"Host: a\r\n Host: b", BAD_HOST),
    "underscore for nothing": (b"H_ost: a", BAD_HOST),
}


@pytest.mark.parametrize(("line", "expected"), LINES.values(), ids=LINES)
def test_line_that_obscures_the_host(line: bytes, expected: Verdict) -> None:
    """Where it is tolerated how a line is written, still what it says must be one host."""
    assert verdict(server_side(ALL_FOR_REQUESTS), get(line)) == expected


@pytest.mark.parametrize("target", [b"http://b/c?d", b"HTTPS://b:1/", b"http://b", b"urn:b:c"])
def test_absolute_target_beside_host(target: bytes) -> None:
    """Both are handed on as they came; the target is what counts (RFC 9112 section 3.2.2)."""
    event = Request(method="GET", target=target, headers=[("Host", "a")])
    expected = taken(event, EndOfMessage())
    assert verdict(server_side(Tolerance.NONE), get(b"Host: a", target=target)) == expected


NO_TARGETS = {
    "user": b"http://a@b/",
    "user, no name": b"http://@b/",
    "user and password": b"https://a:b@c/",
    "no host": b"http:///a",
    "no host, but a port": b"http://:80/",
    "no host, nor path": b"http://",
    "no slashes": b"http:a",
    "one slash": b"http:/a",
    "bracket open": b"http://[::1/",
    "name in brackets": b"http://[a]/",
    "port that is none": b"http://a:b/",
    "backslash": b"http://a\\@b/",
    "host alone": b"a",
    "relative": b"a/b",
    "query alone": b"?a",
    "star": b"*",
    "star and slash": b"/*\r\n",
    "fragment": b"/#a",
    "fragment of a URI": b"http://a/#b",
    "colon": b":",
    "scheme with a digit first": b"1http://a/",
    "two users of another scheme": b"x://a@b@c/",
    "bracket in the user of another scheme": b"x://[@b/",
    "host and port": b"a:1",
    "host and many digits": b"a:123456",
}


@pytest.mark.parametrize("target", NO_TARGETS.values(), ids=NO_TARGETS)
def test_target_that_is_none(target: bytes) -> None:
    """What is none of the four forms is refused, whatever octets are tolerated."""
    stream = get(b"Host: a", target=target)
    assert verdict(server_side(ALL_FOR_REQUESTS), stream) == BAD_REQUEST_LINE


CONNECT_TARGETS = {
    "origin form": b"/",
    "star": b"*",
    "URI": b"http://a:1/",
    "no port": b"a",
    "empty port": b"a:",
    "no host": b":1",
    "port that is none": b"a:b",
    "port that is too high": b"a:65536",
    "user": b"a@b:1",
    "path": b"a:1/",
    "query": b"a:1?",
    "IPv6 without brackets": b"::1:1",
    "two ports": b"a:1:1",
}


@pytest.mark.parametrize("target", CONNECT_TARGETS.values(), ids=CONNECT_TARGETS)
def test_target_of_connect(target: bytes) -> None:
    """CONNECT has a host and a port for its target, and nothing else."""
    stream = b"CONNECT %b HTTP/1.1\r\nHost: a\r\n\r\n" % target
    assert verdict(server_side(ALL_FOR_REQUESTS), stream) == BAD_REQUEST_LINE


@pytest.mark.parametrize("target", [b"a:1", b"[::1]:1", b"127.0.0.1:443", b"a:0000443"])
def test_authority_is_only_for_connect(target: bytes) -> None:
    """A host and a port are the target of a CONNECT."""
    stream = b"CONNECT %b HTTP/1.1\r\nHost: a\r\n\r\n" % target
    event = Request(method="CONNECT", target=target, headers=[("Host", "a")])
    expected = taken(event, EndOfMessage(), end=PAUSED)
    assert verdict(server_side(Tolerance.NONE), stream) == expected


def test_star_is_only_for_options() -> None:
    """The star is the target of OPTIONS."""
    event = Request(method="OPTIONS", target="*", headers=[("Host", "a")])
    stream = b"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n"
    assert verdict(server_side(Tolerance.NONE), stream) == taken(event, EndOfMessage())
