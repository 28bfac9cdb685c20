"""A stream of requests in, the messages in it out, by the ABNF alone (RFC 9112 appendix A).

This is the slow and simple reader that the fast one is compared with. It wants the whole stream at
once, knows no limits and no tolerance, and each of its patterns is a rule of RFC 9112, RFC 9110 or
RFC 3986 under the name that it has there. What the ABNF leaves to prose is in `body_length` and
`read_head`, with the section beside it.
"""

import re
from enum import Enum
from typing import Final, NamedTuple

# RFC 9110 sections 5.5 and 5.6. A stream is read as latin-1, so that a character is an octet.
HEXDIG: Final = "[0-9A-Fa-f]"
OWS: Final = "[ \t]*"
TOKEN: Final = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
QDTEXT: Final = r"[\t \x21\x23-\x5b\x5d-\x7e\x80-\xff]"
QUOTED_PAIR: Final = r"\\[\t \x21-\x7e\x80-\xff]"
QUOTED_STRING: Final = f'"(?:{QDTEXT}|{QUOTED_PAIR})*"'
FIELD_VCHAR: Final = r"[\x21-\x7e\x80-\xff]"
FIELD_VALUE: Final = rf"(?:{FIELD_VCHAR}(?:[ \t\x21-\x7e\x80-\xff]*{FIELD_VCHAR})?)?"
FIELD_LINE: Final = f"{TOKEN}:{OWS}{FIELD_VALUE}{OWS}"

# RFC 3986 appendix A.
UNRESERVED: Final = r"[A-Za-z0-9\-._~]"
PCT_ENCODED: Final = f"%{HEXDIG}{HEXDIG}"
SUB_DELIMS: Final = "[!$&'()*+,;=]"
PCHAR: Final = f"(?:{UNRESERVED}|{PCT_ENCODED}|{SUB_DELIMS}|[:@])"
SEGMENT: Final = f"{PCHAR}*"
QUERY: Final = f"(?:{PCHAR}|[/?])*"
REG_NAME: Final = f"(?:{UNRESERVED}|{PCT_ENCODED}|{SUB_DELIMS})*"
DEC_OCTET: Final = "(?:[0-9]|[1-9][0-9]|1[0-9][0-9]|2[0-4][0-9]|25[0-5])"
IPV4_ADDRESS: Final = rf"{DEC_OCTET}\.{DEC_OCTET}\.{DEC_OCTET}\.{DEC_OCTET}"
H16: Final = f"(?:{HEXDIG}{{1,4}})"
LS32: Final = f"(?:{H16}:{H16}|{IPV4_ADDRESS})"
IPV6_ADDRESS: Final = (
    f"(?:(?:{H16}:){{6}}{LS32}"
    f"|::(?:{H16}:){{5}}{LS32}"
    f"|{H16}?::(?:{H16}:){{4}}{LS32}"
    f"|(?:(?:{H16}:){{0,1}}{H16})?::(?:{H16}:){{3}}{LS32}"
    f"|(?:(?:{H16}:){{0,2}}{H16})?::(?:{H16}:){{2}}{LS32}"
    f"|(?:(?:{H16}:){{0,3}}{H16})?::{H16}:{LS32}"
    f"|(?:(?:{H16}:){{0,4}}{H16})?::{LS32}"
    f"|(?:(?:{H16}:){{0,5}}{H16})?::{H16}"
    f"|(?:(?:{H16}:){{0,6}}{H16})?::)"
)
IPVFUTURE: Final = rf"[vV]{HEXDIG}+\.(?:{UNRESERVED}|{SUB_DELIMS}|:)+"
HOST: Final = rf"(?:\[(?:{IPV6_ADDRESS}|{IPVFUTURE})\]|{REG_NAME})"
USERINFO: Final = f"(?:{UNRESERVED}|{PCT_ENCODED}|{SUB_DELIMS}|:)*"
AUTHORITY: Final = f"(?:{USERINFO}@)?{HOST}(?::[0-9]*)?"
SCHEME: Final = r"[A-Za-z][A-Za-z0-9+\-.]*"
PATH_ABEMPTY: Final = f"(?:/{SEGMENT})*"
PATH_ABSOLUTE: Final = f"/(?:{PCHAR}+{PATH_ABEMPTY})?"
PATH_ROOTLESS: Final = f"{PCHAR}+{PATH_ABEMPTY}"
HIER_PART: Final = f"(?://{AUTHORITY}{PATH_ABEMPTY}|{PATH_ABSOLUTE}|{PATH_ROOTLESS}|)"

# RFC 9112 section 3.2, RFC 9110 section 4.2.
ORIGIN_FORM: Final = re.compile(rf"(?:/{SEGMENT})+(?:\?{QUERY})?")
ABSOLUTE_FORM: Final = re.compile(rf"{SCHEME}:{HIER_PART}(?:\?{QUERY})?")
HTTP_URI: Final = re.compile(
    rf"https?://({HOST})(?::[0-9]*)?{PATH_ABEMPTY}(?:\?{QUERY})?", re.IGNORECASE
)
AUTHORITY_FORM: Final = re.compile(f"({HOST}):([0-9]+)")
HIGHEST_PORT: Final = 65535
HOST_VALUE: Final = re.compile(f"{HOST}(?::[0-9]*)?")

# RFC 9112 sections 2 to 7.
EMPTY_LINES: Final = re.compile("(?:\r\n)*")
HEAD: Final = re.compile(
    rf"({TOKEN}) ([\x21-\xff]+) HTTP/([0-9]\.[0-9])\r\n((?:{FIELD_LINE}\r\n)*)\r\n"
)
TRAILER_SECTION: Final = re.compile(f"((?:{FIELD_LINE}\r\n)*)\r\n")
FIELD: Final = re.compile(f"({TOKEN}):{OWS}({FIELD_VALUE}){OWS}\r\n")
LENGTH: Final = re.compile("[0-9]{1,20}")
CHUNK_EXT: Final = f"(?:{OWS};{OWS}{TOKEN}(?:{OWS}={OWS}(?:{TOKEN}|{QUOTED_STRING}))?)*"
CHUNK_HEADER: Final = re.compile(f"({HEXDIG}{{1,20}}){CHUNK_EXT}\r\n")

Fields = list[tuple[str, str]]


class Body(Enum):
    """How the end of a body is marked if not by its length."""

    CHUNKED = "chunked"
    NOT_ANNOUNCED = "not announced"


class Message(NamedTuple):
    """A request or response, complete; names are in lower case."""

    start: tuple[str, str, str]
    """The three parts of its start line."""
    fields: Fields
    """All fields but those that frame the body."""
    body: str
    trailers: Fields


class Reading(NamedTuple):
    """What a stream holds."""

    messages: list[Message]
    """The requests up to the first octet that belongs to none."""
    accepted: bool
    """Whether there is no such octet."""
    tunnel: str | None = None
    """What follows a request that may switch protocols; None without one."""


class NotHttp(Exception):  # noqa: N818  # it is a verdict, and not an error of the program
    """What is here is no request."""


def demand(condition: object) -> None:
    """Raise `NotHttp` unless a condition holds."""
    if not condition:
        raise NotHttp


def values_of(fields: Fields, name: str) -> list[str]:
    """Return the values of all fields with a name."""
    return [value for other, value in fields if other == name]


def elements_of(values: list[str]) -> list[str]:
    """Return the elements of a list, in lower case, without empty ones (RFC 9110 section 5.6.1)."""
    return [element.strip(" \t").lower() for element in ",".join(values).split(",")]


def fields_of(lines: str) -> Fields:
    """Return the fields in some lines, each of which is a field line."""
    return [(name.lower(), value) for name, value in FIELD.findall(lines)]


def is_target(method: str, target: str) -> bool:
    """Return whether a target has a form that suits the method (RFC 9112 section 3.2)."""
    authority = AUTHORITY_FORM.fullmatch(target)
    if authority or method == "CONNECT":
        # It could be a URI whose scheme is the host, but nobody means that (section 3.2.3); a
        # server refuses an empty or invalid port (RFC 9110 section 9.3.6).
        well_formed = authority and authority[1] and int(authority[2]) <= HIGHEST_PORT
        return method == "CONNECT" and bool(well_formed)
    if target == "*":
        return method == "OPTIONS"
    if re.match("https?:", target, re.IGNORECASE):
        uri = HTTP_URI.fullmatch(target)
        return uri is not None and bool(uri[1])
    return bool(ORIGIN_FORM.fullmatch(target) or ABSOLUTE_FORM.fullmatch(target))


def announced_length(fields: Fields) -> int | None:
    """Return what Content-Length says; None without one (RFC 9110 section 8.6)."""
    values = values_of(fields, "content-length")
    if not values:
        return None
    same = set(elements_of(values))
    demand(len(same) == 1)
    demand(LENGTH.fullmatch(length := same.pop()))
    return int(length)


def announces_chunks(fields: Fields) -> bool:
    """Return whether Transfer-Encoding is there, which can only be `chunked` (section 6.1)."""
    values = values_of(fields, "transfer-encoding")
    demand(not values or [word for word in elements_of(values) if word] == ["chunked"])
    return bool(values)


def body_length(version: str, fields: Fields) -> int | Body:
    """Return the length of a body, or how its end is marked (RFC 9112 section 6.3)."""
    length = announced_length(fields)
    if announces_chunks(fields):
        demand(version != "1.0" and length is None)
        return Body.CHUNKED
    return Body.NOT_ANNOUNCED if length is None else length


def without_framing(fields: Fields) -> Fields:
    """Return the fields that do not frame a body."""
    return [field for field in fields if field[0] not in ("content-length", "transfer-encoding")]


def read_head(stream: str, at: int) -> tuple[Message, int | Body, int]:
    """Return a request without its body, the length of that, and where it begins."""
    demand(match := HEAD.match(stream, at))
    assert match is not None
    method, target, version, lines = match.groups()
    fields = fields_of(lines)
    demand(version[0] == "1" and is_target(method, target))
    hosts = values_of(fields, "host")
    demand(len(hosts) == 1 or (version == "1.0" and not hosts))  # Section 3.2.
    demand(not hosts or HOST_VALUE.fullmatch(hosts[0]))
    length = body_length(version, fields)
    message = Message((method, target, version), without_framing(fields), "", [])
    return message, 0 if length is Body.NOT_ANNOUNCED else length, match.end()


def read_chunked(stream: str, at: int, forbidden: frozenset[str]) -> tuple[str, Fields, int]:
    """Return the content of a chunked body, its trailers, and where it ends (section 7.1)."""
    content = ""
    while True:
        demand(header := CHUNK_HEADER.match(stream, at))
        assert header is not None
        at, size = header.end(), int(header[1], 16)
        if not size:
            break
        content += stream[at : at + size]
        at += size
        demand(stream[at : at + 2] == "\r\n")
        at += 2
    demand(section := TRAILER_SECTION.match(stream, at))
    assert section is not None
    trailers = fields_of(section[1])
    demand(forbidden.isdisjoint(name for name, _ in trailers))  # RFC 9110 section 6.5.1.
    return content, trailers, section.end()


def read_body(
    stream: str, at: int, length: int | Body, forbidden: frozenset[str]
) -> tuple[str, Fields, int]:
    """Return the content of a body, its trailers, and where it ends (section 6.3)."""
    if length is Body.CHUNKED:
        return read_chunked(stream, at, forbidden)
    if length is Body.NOT_ANNOUNCED:
        return stream[at:], [], len(stream)
    demand(len(stream) - at >= length)
    return stream[at : at + length], [], at + length


def may_switch(request: Message) -> bool:
    """Return whether another protocol may follow a request (RFC 9110 sections 7.8 and 9.3.6)."""
    method, _, version = request.start
    upgrade = any(elements_of(values_of(request.fields, "upgrade")))
    return method == "CONNECT" or (upgrade and version != "1.0")


def read_requests(octets: bytes, forbidden: frozenset[str]) -> Reading:
    """Return the requests that a stream holds.

    Args:
        octets: The stream, up to its end.
        forbidden: The names, in lower case, that no trailer section may have.
    """
    stream = octets.decode("latin-1")
    messages: list[Message] = []
    at = 0
    while True:
        at = EMPTY_LINES.match(stream, at).end()  # type: ignore[union-attr]  # it always matches
        if at == len(stream):
            return Reading(messages, accepted=True)
        try:
            message, length, at = read_head(stream, at)
            body, trailers, at = read_body(stream, at, length, forbidden)
        except NotHttp:
            return Reading(messages, accepted=False)
        messages.append(message._replace(body=body, trailers=trailers))
        if may_switch(message):
            return Reading(messages, accepted=True, tunnel=stream[at:])
