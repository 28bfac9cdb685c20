"""The grammar of heads, trailer sections and chunk headers, as states to be scanned along.

In: which deviations to let through, and limits. Out: the sections that a reader scans for (RFC
9112 sections 3, 4, 5 and 7.1). Each rule is built from its end to its beginning, because a state
has to know where it leads.
"""

from typing import Final

from h11_events import MOST_DIGITS, ErrorCode
from h11_parser._grammar import (
    BLANKS,
    CONTROLS,
    DIGITS,
    HEX_DIGITS,
    HTTP_2_PREFACE,
    MOST_SIZE_DIGITS,
    OBS_TEXT,
    QUOTED_TEXT,
    TCHAR,
    TEXT,
    UNENCODED,
    URI_OCTETS,
)
from h11_parser._limits import Limits
from h11_parser._scan_states import Mark, Place, Section, State, line_end, literally, octets_to
from h11_parser._tolerance import Tolerance

_REQUEST_LINE: Final = Place("request line", ErrorCode.BAD_REQUEST_LINE)
_STATUS_LINE: Final = Place("status line", ErrorCode.BAD_STATUS_LINE)
_FIELD_LINE: Final = Place("field line", ErrorCode.BAD_FIELD_LINE)
_LENGTH: Final = Place("Content-Length", ErrorCode.BAD_FRAMING)
_CHUNK_HEADER: Final = Place("chunk header", ErrorCode.BAD_CHUNK)
_VERSION: Final = Place("HTTP version", ErrorCode.UNSUPPORTED_VERSION)

_METHOD_ENDS: Final = "a space after the method"
_TARGET_NEXT: Final = "a request target after one space"
_COLON_NEXT: Final = "a colon after the name"
_VALUE_NEXT: Final = "visible octets, blanks or the end of the line"

_COLON: Final = ord(":")
_SPACE: Final = ord(" ")


def request_head(tolerate: Tolerance, limits: Limits) -> Section:
    """Return the head of a request (RFC 9112 section 3)."""
    fields = _field_section(tolerate, lengths=True)
    bare_lf = Tolerance.BARE_LF in tolerate
    ends = line_end(fields, _REQUEST_LINE, bare_lf=bare_lf)
    version = _version(State(_REQUEST_LINE, "the end of the line", exits=ends), _REQUEST_LINE)
    octets = URI_OCTETS
    if Tolerance.UNENCODED_TARGET in tolerate:
        octets += UNENCODED
    if Tolerance.NON_ASCII_TARGET in tolerate:
        octets += OBS_TEXT
    # The brackets of an IPv6 address are in no path, but in an authority.
    target = State(
        _REQUEST_LINE, "a space after the target", run=octets + b"[]", exits={_SPACE: version}
    )
    first = octets_to(target, bytes(set(URI_OCTETS) - set(b"?:@")) + b"[")
    start_of_target = State(_REQUEST_LINE, _TARGET_NEXT, exits=first)
    method = State(_REQUEST_LINE, _METHOD_ENDS, run=TCHAR, exits={_SPACE: start_of_target})
    preface = _http_2_preface(octets_to(method, TCHAR), method.exits, first)
    start = State(_REQUEST_LINE, "a method", exits=octets_to(method, TCHAR) | preface)
    # Empty lines before it are used up by the reader; CR without LF is none.
    start.exits |= line_end(start, _REQUEST_LINE, bare_lf=False)
    return Section(
        start,
        "request head",
        limits.head_size,
        "Limits.head_size",
        ErrorCode.HEAD_TOO_LARGE,
        limits.field_count,
        ErrorCode.REQUEST_LINE_TOO_LONG,
    )


def _http_2_preface(
    in_method: dict[int, State], after_method: dict[int, State], in_target: dict[int, State]
) -> dict[int, State]:
    """Return the exit at the start of a request that leads to `HTTP_2_PREFACE`, too.

    Args:
        in_method: The exits within any other method.
        after_method: The exits at its end.
        in_target: The exits at the start of any other target.
    """
    method, star, rest = HTTP_2_PREFACE.partition(b"*")
    end = State(_REQUEST_LINE, "nothing", mark=Mark.END)
    # An asterisk is no target of this method in HTTP/1.1, so nothing else can follow it.
    exits = in_target | {ord(star): literally(rest, end, _REQUEST_LINE)}
    exits = {_SPACE: State(_REQUEST_LINE, _TARGET_NEXT, exits=exits)}
    for letter in reversed(method.rstrip()):
        state = State(_REQUEST_LINE, _METHOD_ENDS, exits=in_method | after_method | exits)
        exits = {letter: state}
    return exits


def response_head(tolerate: Tolerance, limits: Limits) -> Section:
    """Return the head of a response (RFC 9112 section 4)."""
    fields = _field_section(tolerate, lengths=True)
    ends = line_end(fields, _STATUS_LINE, bare_lf=Tolerance.BARE_LF in tolerate)
    reason = State(_STATUS_LINE, "the end of the line", run=TEXT, exits=ends)
    after_code = State(_STATUS_LINE, "a space after the code", exits=ends | {_SPACE: reason})
    third = State(_STATUS_LINE, "a third digit", exits=octets_to(after_code, DIGITS))
    second = State(_STATUS_LINE, "a second digit", exits=octets_to(third, DIGITS))
    code = State(_STATUS_LINE, "a digit from 1 to 9", exits=octets_to(second, DIGITS[1:]))
    after_version = State(_STATUS_LINE, "a space after the version", exits={_SPACE: code})
    start = _version(after_version, _STATUS_LINE)
    return Section(
        start,
        "response head",
        limits.head_size,
        "Limits.head_size",
        ErrorCode.HEAD_TOO_LARGE,
        limits.field_count,
    )


def trailer_section(tolerate: Tolerance, limits: Limits) -> Section:
    """Return a trailer section (RFC 9112 section 7.1.2)."""
    start = _field_section(tolerate, lengths=False)
    return Section(
        start,
        "trailer section",
        limits.trailer_size,
        "Limits.trailer_size",
        ErrorCode.TRAILERS_TOO_LARGE,
        limits.field_count,
    )


def _version(then: State, place: Place) -> State:
    """Return HTTP-version, of major version 1 (RFC 9112 section 2.3)."""
    minor = State(place, "a digit", exits=octets_to(then, DIGITS))
    dot = State(place, "a dot", exits={ord("."): minor})
    other = State(_VERSION, "major version 1", mark=Mark.REFUSED)
    major = State(place, "1", exits=octets_to(other, DIGITS) | {ord("1"): dot})
    return literally(b"HTTP/", major, place)


def _field_section(tolerate: Tolerance, *, lengths: bool) -> State:
    """Return field lines and the empty line after them (RFC 9112 section 5).

    Args:
        tolerate: What to let through.
        lengths: Whether to look into the value of Content-Length.
    """
    bare_lf = Tolerance.BARE_LF in tolerate
    first = State(_FIELD_LINE, "a field name or an empty line")
    following = State(_FIELD_LINE, "a field name or an empty line")
    ends = line_end(following, _FIELD_LINE, bare_lf=bare_lf)
    octets = TEXT + CONTROLS if Tolerance.CONTROL_OCTETS in tolerate else TEXT
    value = State(_FIELD_LINE, _VALUE_NEXT, run=octets, exits=ends)
    after_name = {_COLON: value}
    left_out: dict[int, State] = {}
    after_line: dict[int, State] = {}
    if Tolerance.INVALID_FIELD_LINES in tolerate:
        # Whatever octets a line has that is left out, its end has to be certain.
        after_line = line_end(first, _FIELD_LINE, bare_lf=bare_lf)
        invalid = State(_FIELD_LINE, _VALUE_NEXT, run=TEXT + CONTROLS, exits=after_line)
        left_out = octets_to(invalid, TEXT + CONTROLS)
        after_name = left_out | after_line | after_name
    if Tolerance.BLANK_BEFORE_COLON in tolerate:
        exits = left_out | after_line | {_COLON: value}
        after_name |= octets_to(State(_FIELD_LINE, _COLON_NEXT, run=BLANKS, exits=exits), BLANKS)
    name = State(_FIELD_LINE, _COLON_NEXT, run=TCHAR, exits=after_name)
    begun = State(_FIELD_LINE, _COLON_NEXT, run=TCHAR, exits=after_name, mark=Mark.FIELD)
    end = line_end(State(_FIELD_LINE, "nothing", mark=Mark.END), _FIELD_LINE, bare_lf=bare_lf)
    line = left_out | octets_to(begun, TCHAR) | end
    if lengths:
        line |= _content_length(after_name | octets_to(name, TCHAR), ends)
    first.exits = line
    # A line that goes on with the last one is never left out alone.
    following.exits = {octet: state for octet, state in line.items() if octet not in BLANKS}
    if Tolerance.OBS_FOLD in tolerate:
        following.exits |= octets_to(value, BLANKS)
    return first


def _content_length(in_name: dict[int, State], ends: dict[int, State]) -> dict[int, State]:
    """Return the exits at the start of a line that lead to Content-Length and a bearable value.

    The value is not judged but for its octets and the digits in a row (RFC 9110 section 8.6).

    Args:
        in_name: The exits within any other name.
        ends: The exits at the end of the line.
    """
    between = State(_LENGTH, "a digit", run=BLANKS + b",")
    after_digit = octets_to(between, BLANKS + b",") | ends
    then = State(_LENGTH, f"at most {MOST_DIGITS} digits", exits=after_digit)
    for _ in range(MOST_DIGITS - 1):
        then = State(_LENGTH, "a digit", exits=after_digit | octets_to(then, DIGITS))
    between.exits = octets_to(then, DIGITS) | ends
    exits = in_name | {_COLON: between}
    for letter in reversed(b"content-length"[1:]):
        after = State(_FIELD_LINE, _COLON_NEXT, exits=exits)
        exits = in_name | octets_to(after, bytes([letter]) + bytes([letter]).upper())
    return octets_to(State(_FIELD_LINE, _COLON_NEXT, exits=exits, mark=Mark.FIELD), b"cC")


def chunk_header(tolerate: Tolerance, limits: Limits) -> Section:
    """Return the line before a chunk's data (RFC 9112 sections 7.1 and 7.1.1)."""
    end = State(_CHUNK_HEADER, "nothing", mark=Mark.END)
    ends = line_end(end, _CHUNK_HEADER, bare_lf=False)
    semicolon = ord(";")
    extension = State(_CHUNK_HEADER, "the name of an extension", run=BLANKS)
    next_extension = {semicolon: extension}
    blanks = State(_CHUNK_HEADER, "a semicolon", run=BLANKS, exits=next_extension)
    after_value = ends | next_extension | octets_to(blanks, BLANKS)
    token = State(_CHUNK_HEADER, "the end of the value", run=TCHAR, exits=after_value)
    quoted_end = State(_CHUNK_HEADER, "the end of the value", exits=after_value)
    quoted = State(_CHUNK_HEADER, "a closing quote", run=QUOTED_TEXT)
    escaped = State(_CHUNK_HEADER, "an escaped octet", exits=octets_to(quoted, TEXT))
    quoted.exits = {ord('"'): quoted_end, ord("\\"): escaped}
    exits = octets_to(token, TCHAR) | {ord('"'): quoted}
    value = State(_CHUNK_HEADER, "the value of an extension", run=BLANKS, exits=exits)
    value_next = next_extension | {ord("="): value}
    after_name = State(_CHUNK_HEADER, "a semicolon or =", run=BLANKS, exits=value_next)
    exits = ends | value_next | octets_to(after_name, BLANKS)
    name = State(_CHUNK_HEADER, "the end of the name", run=TCHAR, exits=exits)
    extension.exits = octets_to(name, TCHAR)
    if Tolerance.BLANK_AFTER_CHUNK_SIZE in tolerate:
        exits = ends | next_extension
        blanks = State(_CHUNK_HEADER, "a semicolon or the end", run=BLANKS, exits=exits)
    after_size = ends | next_extension | octets_to(blanks, BLANKS)
    size = State(_CHUNK_HEADER, f"at most {MOST_SIZE_DIGITS} digits", exits=after_size)
    for _ in range(MOST_SIZE_DIGITS - 1):
        exits = after_size | octets_to(size, HEX_DIGITS)
        size = State(_CHUNK_HEADER, "a hexadecimal digit or the end", exits=exits)
    start = State(_CHUNK_HEADER, "a hexadecimal digit", exits=octets_to(size, HEX_DIGITS))
    return Section(
        start,
        "chunk extensions",
        limits.chunk_extension_size,
        "Limits.chunk_extension_size",
        ErrorCode.CHUNK_EXTENSIONS_TOO_LARGE,
    )
