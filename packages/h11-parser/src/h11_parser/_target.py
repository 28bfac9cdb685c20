"""The request target in its four forms, and which form a method may have.

In: a method and a target. Out: whether they go together (RFC 9112 section 3.2).
"""

import re
from collections.abc import Callable
from functools import cache
from typing import Final

from h11_events import URI_HOST, ErrorCode, LocalProtocolError, first_octets, is_host
from h11_parser._grammar import OBS_TEXT, UNENCODED, URI_OCTETS
from h11_parser._tolerance import Tolerance

_PCT_ENCODED: Final = rb"%[0-9A-Fa-f]{2}"

_USERINFO: Final = rb"(?:[0-9A-Za-z.\-_~!$&'()*+,;=:]++|%b)*+" % _PCT_ENCODED

_HIGHEST_PORT: Final = b"65535"

_HTTP_SCHEMES: Final = (b"http", b"https")


@cache
def _absolute_form() -> re.Pattern[bytes]:
    """Return scheme ":" [ "//" authority ] and what follows it (RFC 3986 section 4.3).

    Groups: scheme, authority, path and query.
    """
    return re.compile(rb"([A-Za-z][0-9A-Za-z+.\-]*+):(?://([^/?]*+))?+(.*+)", re.DOTALL)


@cache
def _authority_form() -> re.Pattern[bytes]:
    """Return uri-host ":" port (RFC 9112 section 3.2.3).

    A CONNECT without a port leads nowhere (RFC 9110 section 9.3.6). Groups: host, port without
    leading zeros.
    """
    return re.compile(rb"(%b):0*+([0-9]*+)(?<!:)" % URI_HOST)


@cache
def _authority() -> re.Pattern[bytes]:
    """Return [ userinfo "@" ] host [ ":" port ] (RFC 3986 section 3.2)."""
    return re.compile(rb"(?:%b@)?+(%b(?::[0-9]*+)?)" % (_USERINFO, URI_HOST))


MatchLine = Callable[[bytes], "re.Match[bytes] | None"]
"""What matches a whole line, or returns None."""


class Target:
    """What request targets look like under some tolerances.

    Args:
        tolerate: What to let through.

    Attributes:
        match_usual_request_line: What matches the request line of nearly all requests: a method in
            capitals, a target in origin-form, and a version. Groups: method, target, version.
    """

    __slots__ = ("_is_origin_form", "_path_and_query", "match_usual_request_line")

    def __init__(self, tolerate: Tolerance) -> None:
        octets = URI_OCTETS
        if Tolerance.UNENCODED_TARGET in tolerate:
            octets += UNENCODED
            any_octets = rb"[%b]*+" % re.escape(octets + _obs_text(tolerate))
        else:
            octets = octets.replace(b"%", b"") + _obs_text(tolerate)
            any_octets = rb"(?:[%b]++|%b)*+" % (re.escape(octets), _PCT_ENCODED)
        self._path_and_query = re.compile(any_octets)
        self._is_origin_form = re.compile(b"/" + any_octets).fullmatch
        self.match_usual_request_line = re.compile(
            rb"(?!CONNECT )([A-Z]++) (/%b) HTTP/(1\.[01])" % any_octets
        ).fullmatch

    def is_valid(self, method: bytes, target: bytes) -> bool:
        """Return whether a target has a form that its method may have.

        Args:
            method: The method.
            target: The target, all of octets that some target may have.
        """
        if method != b"CONNECT" and self._is_origin_form(target):
            return True
        authority_form = _authority_form().fullmatch(target)
        if authority_form is not None or method == b"CONNECT":
            return (
                authority_form is not None
                and method == b"CONNECT"
                and authority_form[1] != b""
                and len(authority_form[2]) <= len(_HIGHEST_PORT)
                and authority_form[2].rjust(len(_HIGHEST_PORT), b"0") <= _HIGHEST_PORT
            )
        if target == b"*":
            return method == b"OPTIONS"
        return self._is_absolute_form(target)

    def check(self, method: bytes, target: bytes) -> None:
        """Refuse a target in a form that its method may not have.

        Args:
            method: The method.
            target: The target, all of octets that some target may have.

        Raises:
            LocalProtocolError: If they do not go together.
        """
        if not self.is_valid(method, target):
            # Both in one excerpt, so that the text is short however long each of them is.
            shown = first_octets(method + b" " + target)
            raise LocalProtocolError(
                f"illegal request line: {shown!r} has no legal target for its method",
                code=ErrorCode.BAD_REQUEST_LINE,
                excerpt=target,
            )

    def _is_absolute_form(self, target: bytes) -> bool:
        """Return whether a target is an absolute URI (RFC 9112 section 3.2.2)."""
        match = _absolute_form().fullmatch(target)
        if match is None or not self._path_and_query.fullmatch(match[3]):
            return False
        authority = match[2]
        if match[1].lower() in _HTTP_SCHEMES:
            # A host is mandatory, and userinfo an error (RFC 9110 sections 4.2.1 and 4.2.4).
            return bool(authority) and not authority.startswith(b":") and is_host(authority)
        return authority is None or _authority().fullmatch(authority) is not None


def _obs_text(tolerate: Tolerance) -> bytes:
    """Return the octets beyond ASCII that a target may have."""
    return OBS_TEXT if Tolerance.NON_ASCII_TARGET in tolerate else b""
