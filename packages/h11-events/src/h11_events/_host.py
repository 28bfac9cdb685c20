"""The host and port of an authority: what Host and some request targets name.

In: octets. Out: whether they are `uri-host [ ":" port ]` (RFC 9110 sections 4.1 and 7.2; RFC 3986
section 3.2).
"""

import re
from functools import cache
from typing import Final

_PCT_ENCODED = rb"%[0-9A-Fa-f]{2}"
_REG_NAME = rb"(?:[0-9A-Za-z.\-_~!$&'()*+,;=]++|%b)*+" % _PCT_ENCODED
"""reg-name = *( unreserved / pct-encoded / sub-delims ); an IPv4 address is one, too."""

_H16 = rb"[0-9A-Fa-f]{1,4}"
_DEC_OCTET = rb"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_LS32 = rb"(?:%b:%b|%b(?:\.%b){3})" % (_H16, _H16, _DEC_OCTET, _DEC_OCTET)
_IPV6_ADDRESS = rb"(?:%b)" % b"|".join(
    [
        rb"(?:%b:){6}%b" % (_H16, _LS32),
        rb"::(?:%b:){5}%b" % (_H16, _LS32),
        rb"(?:%b)?::(?:%b:){4}%b" % (_H16, _H16, _LS32),
        rb"(?:(?:%b:){0,1}%b)?::(?:%b:){3}%b" % (_H16, _H16, _H16, _LS32),
        rb"(?:(?:%b:){0,2}%b)?::(?:%b:){2}%b" % (_H16, _H16, _H16, _LS32),
        rb"(?:(?:%b:){0,3}%b)?::%b:%b" % (_H16, _H16, _H16, _LS32),
        rb"(?:(?:%b:){0,4}%b)?::%b" % (_H16, _H16, _LS32),
        rb"(?:(?:%b:){0,5}%b)?::%b" % (_H16, _H16, _H16),
        rb"(?:(?:%b:){0,6}%b)?::" % (_H16, _H16),
    ]
)
"""IPv6address, in the nine forms of its rule."""

_IPVFUTURE = rb"[vV][0-9A-Fa-f]++\.[0-9A-Za-z.\-_~!$&'()*+,;=:]++"
URI_HOST: Final = rb"(?:\[(?:%b|%b)\]|%b)" % (_IPV6_ADDRESS, _IPVFUTURE, _REG_NAME)
"""uri-host: an IP literal in brackets, or a name that may be empty."""

USUAL_HOST_OCTETS: Final = b"etaoinsrhldcumfpgwybvkxjqz.-0123456789ETAOINSRHLDCUMFPGWYBVKXJQZ"
"""What nearly all hosts consist of, frequent octets first: a host of these alone is legal."""


def is_host(octets: bytes) -> bool:
    """Return whether octets are `uri-host [ ":" port ]` (RFC 9110 section 7.2).

    Args:
        octets: The value of Host, or an authority.
    """
    return _host().fullmatch(octets) is not None


@cache
def _host() -> re.Pattern[bytes]:
    """Return the pattern of a host and a port; compiling it takes as long as much of an import."""
    return re.compile(rb"%b(?::[0-9]*+)?" % URI_HOST)
