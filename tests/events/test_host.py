"""The host and port of an authority: `uri-host [ ":" port ]` (RFC 9110 section 7.2, RFC 3986, 3.2).

Addresses are judged by `ipaddress` as well, all else by a reading of the grammar without patterns.
"""

import re
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import Final

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from h11_events import URI_HOST, is_host
from tests.strategies import octets

UNRESERVED: Final = b"-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
SUB_DELIMS: Final = b"!$&'()*+,;="
HEX_DIGITS: Final = b"0123456789ABCDEFabcdef"
DIGITS: Final = b"0123456789"


def is_made_of(value: bytes, alphabet: bytes) -> bool:
    """Return whether all octets are of an alphabet."""
    return set(value) <= set(alphabet)


def is_ipv6_address(value: bytes) -> bool:
    """Return whether `ipaddress` takes it for an IPv6 address, which here has no zone."""
    try:
        IPv6Address(value.decode("ascii"))
    except (AddressValueError, UnicodeDecodeError):
        return False
    return b"%" not in value


def is_ip_future(value: bytes) -> bool:
    """Return whether it is an address of a version to come (RFC 3986 section 3.2.2)."""
    version, dot, address = value[1:].partition(b".")
    return (
        value.startswith((b"v", b"V"))
        and dot == b"."
        and version != b""
        and is_made_of(version, HEX_DIGITS)
        and address != b""
        and is_made_of(address, UNRESERVED + SUB_DELIMS + b":")
    )


def is_name(value: bytes) -> bool:
    """Return whether it is a registered name, which may be empty (RFC 3986 section 3.2.2)."""
    plain, *encoded = value.split(b"%")
    return is_made_of(plain, UNRESERVED + SUB_DELIMS) and all(
        len(part) >= 2
        and is_made_of(part[:2], HEX_DIGITS)
        and is_made_of(part[2:], UNRESERVED + SUB_DELIMS)
        for part in encoded
    )


def is_uri_host(value: bytes) -> bool:
    """Return whether it is a host without a port."""
    if value.startswith(b"["):
        literal = value[1:-1]
        return value.endswith(b"]") and (is_ipv6_address(literal) or is_ip_future(literal))
    return is_name(value)


def is_host_and_port(value: bytes) -> bool:
    """Return whether it is a host with a port of any digits, or without one."""
    host, colon, port = value.rpartition(b":")
    return is_uri_host(value) or (colon == b":" and is_uri_host(host) and is_made_of(port, DIGITS))


HOSTS: Final = {
    "nothing": b"",
    "name": b"example.com",
    "name with a dot at its end": b"example.com.",
    "capitals": b"EXAMPLE.Com",
    "one letter": b"a",
    "no name of the DNS": b"a_b~c",
    "all other octets": SUB_DELIMS,
    "encoded": b"caf%C3%a9",
    "nothing but encoded": b"%00",
    "IPv4 address": b"127.0.0.1",
    "nearly an IPv4 address": b"256.0.0.1.5",
    "IPv6 address": b"[2001:db8:0:0:8:800:200C:417A]",
    "loopback": b"[::1]",
    "unspecified": b"[::]",
    "IPv4 address in an IPv6 address": b"[::ffff:192.0.2.1]",
    "address of a version to come": b"[v1f.a:b-c]",
    "version in a capital": b"[V0.~]",
}
NO_HOSTS: Final = {
    "blank": b" ",
    "blank inside": b"a b",
    "path": b"a/b",
    "query": b"a?b",
    "fragment": b"a#b",
    "user": b"b@a",
    "URI": b"http://a",
    "backslash": b"a\\b",
    "quotes": b'"a"',
    "angle brackets": b"<a>",
    "braces": b"{a}",
    "outside ASCII": b"caf\xc3\xa9",
    "NUL": b"a\x00",
    "line end": b"a\n",
    "half an encoded octet": b"a%4",
    "no encoded octet": b"a%zz",
    "percent alone": b"%",
    "brackets around nothing": b"[]",
    "brackets around a name": b"[a.example]",
    "brackets around an IPv4 address": b"[127.0.0.1]",
    "no closing bracket": b"[::1",
    "no opening bracket": b"::1]",
    "two brackets": b"[[::1]]",
    "name after brackets": b"[::1]a",
    "name before brackets": b"a[::1]",
    "zone": b"[fe80::1%25eth0]",
    "zone, not encoded": b"[fe80::1%eth0]",
    "version without digits": b"[v.a]",
    "version without an address": b"[v1.]",
    "version without a dot": b"[v1a]",
    "digits of no version": b"[vg.a]",
}


@pytest.mark.parametrize("host", HOSTS.values(), ids=HOSTS)
def test_hosts(host: bytes) -> None:
    """A host stands alone, or with a port of any number of digits, none among them."""
    for port in (b"", b":", b":0", b":80", b":65535", b":0080", b":" + b"9" * 50):
        assert is_host(host + port)
    assert re.fullmatch(URI_HOST, host)


@pytest.mark.parametrize("host", NO_HOSTS.values(), ids=NO_HOSTS)
def test_what_is_no_host(host: bytes) -> None:
    """Nothing else is a host, with a port or without."""
    for port in (b"", b":", b":80"):
        assert not is_host(host + port)
    assert not re.fullmatch(URI_HOST, host)


@pytest.mark.parametrize(
    "port",
    [b":a", b":-1", b":+80", b": 80", b":80 ", b":80:80", b"::", b":0x50", b":\xb2"],
    ids=repr,
)
def test_what_is_no_port(port: bytes) -> None:
    """A port is digits (RFC 3986 section 3.2.3); all octets behind a host are judged."""
    for host in HOSTS.values():
        assert not is_host(host + port)


def test_uri_host_has_no_port() -> None:
    """The pattern alone is of the host; what is done with a port is up to its user."""
    assert not re.fullmatch(URI_HOST, b"a:80")
    assert not re.fullmatch(URI_HOST, b"a:")


@pytest.mark.parametrize("tail", [b"", b"192.0.2.1", b"192.0.2.256", b"1.2.3"], ids=repr)
@pytest.mark.parametrize("after", [None, *range(9)], ids=lambda count: f"{count}-after")
@pytest.mark.parametrize("before", range(10), ids=lambda count: f"{count}-before")
def test_every_form_of_an_ipv6_address(before: int, after: int | None, tail: bytes) -> None:
    """With any number of groups before and after `::`, or without it, `ipaddress` agrees."""
    groups = [b"1", b"ab", b"0DB", b"ffff", b"0", b"00a0", b"7", b"c8", b"9"]
    address = b":".join(groups[:before])
    if after is not None:
        address += b"::" + b":".join(groups[:after])
    if tail:
        address += tail if not address or address.endswith(b":") else b":" + tail

    assert bool(is_host(b"[" + address + b"]")) is is_ipv6_address(address)


@given(address=st.ip_addresses(v=6), port=st.integers(0, 65535))
def test_any_ipv6_address(address: IPv6Address, port: int) -> None:
    """Each address is a host, as short as can be, in full, and with an IPv4 address at its end."""
    mixed = f"{address.exploded[:30]}{IPv4Address(int(address) & 0xFFFFFFFF)}"
    assert IPv6Address(mixed) == address

    for spelled in (address.compressed, address.exploded, address.compressed.upper(), mixed):
        assert is_host(b"[%b]:%d" % (spelled.encode(), port))
        assert not is_host(spelled.encode())


PARTS: Final = (
    b":|::|0|1|abcd|ABCD|01|12345|g|1.2.3.4|255.255.255.255|256.0.0.0|1.2.3|01.2.3.4|0.0.0.0|.|%25"
).split(b"|")


@given(parts=st.lists(st.sampled_from(PARTS), max_size=17))
@example(parts=[b"1", b":"] * 7 + [b"1"])
@example(parts=[b"::", *[b"1", b":"] * 6, b"1"])
@example(parts=[*[b"1", b":"] * 6, b"1", b"::"])
def test_what_looks_like_an_ipv6_address(parts: list[bytes]) -> None:
    """Whatever is put together from pieces of addresses, `ipaddress` agrees."""
    address = b"".join(parts)

    assert bool(is_host(b"[" + address + b"]")) is is_ipv6_address(address)


PIECES: Final = (
    b"a|.|-|:|80|[|]|::1|[::1]|127.0.0.1|%|%41|v1.|[v1.a]|@|/|\\| |\t|\x00|\xe9|_|,|;|=|("
).split(b"|")
NEAR_MISSES: Final = st.lists(st.sampled_from(PIECES), max_size=5).map(b"".join)


@given(value=NEAR_MISSES | octets(UNRESERVED + SUB_DELIMS + b"%:[]v") | st.binary(max_size=8))
def test_anything_else(value: bytes) -> None:
    """For any octets, the answer is that of a reading of the grammar without patterns."""
    assert bool(is_host(value)) is is_host_and_port(value)
    assert bool(re.fullmatch(URI_HOST, value)) is is_uri_host(value)
