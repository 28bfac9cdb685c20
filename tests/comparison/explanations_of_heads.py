"""What to look for in a head that arrives, or between messages, to tell what is behind a moment.

In: a moment at which both implementations showed something different. Out: true if, and only if, it
is the difference that the function is named for.
"""

import re
from typing import Final

from tests.comparison.compare import Moment
from tests.comparison.conversation import Make
from tests.comparison.explanations import (
    complains,
    error_of,
    fields_in,
    kind_of,
    text_of,
    their_state,
    without_fields,
)

MOST_FIELDS: Final = 256
"""The most fields that a section of ours has by default."""

_breaks_the_grammar = complains(
    *("BAD_REQUEST_LINE", "BAD_STATUS_LINE", "BAD_FIELD_LINE", "BAD_FRAMING", "BAD_CHUNK"),
    "UNSUPPORTED_VERSION",
)

_is_too_large = complains("HEAD_TOO_LARGE", "REQUEST_LINE_TOO_LONG", "TRAILERS_TOO_LARGE")


def is_refused_early(moment: Moment) -> bool:
    """Say whether upstream waits for more, or for the limit, only to refuse that as well."""
    read = (
        seen.outcome
        for seen in moment.later
        if moment.conversation.steps[seen.step].action in ("next", "drain")
    )
    decision = next((outcome for outcome in read if outcome != "NEED_DATA"), None)
    return _breaks_the_grammar(moment) and (
        error_of(moment.upstream.outcome) == ("RemoteProtocolError", 431)
        or (
            moment.upstream.outcome == "NEED_DATA"
            and (decision is None or error_of(decision) is not None)
        )
    )


def is_over_the_limit(moment: Moment) -> bool:
    """Say whether ours refused what arrived whole, but takes up more than the limit allows."""
    within = moment.unread[: moment.limit]
    return (
        _is_too_large(moment)
        and not re.search(rb"\n\r?\n", within)
        and error_of(moment.upstream.outcome) != ("RemoteProtocolError", 431)
    )


def comes_after_the_last_message(moment: Moment) -> bool:
    """Say whether upstream refused what came after a message that closes the connection."""
    return (
        their_state(moment) in ("MUST_CLOSE", "CLOSED")
        and moment.unread != b""
        and moment.ours.trailing_data[0] == b""
        and text_of(moment.upstream.outcome) == "Got data when expecting EOF"
    )


def has_unwanted_upgrade(moment: Moment) -> bool:
    """Say whether upstream expects, or makes, a switch of protocols that HTTP/1.0 does not have."""
    expects = (
        moment.ours.outcome == moment.upstream.outcome
        and moment.upstream.states[0] == "MIGHT_SWITCH_PROTOCOL"
        and moment.ours.states[0] == "MUST_CLOSE"
    )
    makes = (
        text_of(moment.ours.outcome).startswith("101 Switching Protocols without a request")
        and error_of(moment.upstream.outcome) is None
    )
    return (
        (expects or makes)
        and moment.conversation.role == "SERVER"
        and moment.ours.their_http_version == b"1.0"
    )


def is_unread_after_a_fault(moment: Moment) -> bool:
    """Say whether the peer was at fault, so that nothing more will be read."""
    return "trailing_data" in moment.differing and their_state(moment) == "ERROR"


def has_many_fields(moment: Moment) -> bool:
    """Say whether ours refused a section with more fields than its default limit."""
    return complains("TOO_MANY_FIELDS")(moment) and moment.unread.count(b"\n") >= MOST_FIELDS


def has_form_feeds(moment: Moment) -> bool:
    """Say whether upstream refused VT or FF in a field value, where ours takes control octets."""
    return (
        error_of(moment.ours.outcome) in (None, ("RemoteProtocolError", 501))
        and error_of(moment.upstream.outcome) == ("RemoteProtocolError", 400)
        and text_of(moment.upstream.outcome).startswith("illegal header line")
        and re.search(rb":[^\n]*[\x0b\x0c]", moment.unread) is not None
        and (
            moment.conversation.role == "CLIENT"
            or "CONTROL_OCTETS" in moment.conversation.settings.tolerate
        )
    )


def lacks_host_in_a_later_version(moment: Moment) -> bool:
    """Say whether ours missed the Host of a request in a version after HTTP/1.1."""
    version = re.match(rb"(?:\r\n)*[^\r\n]* HTTP/1\.([0-9])\r?\n", moment.unread)
    return (
        complains("BAD_HOST", text="^Missing mandatory Host")(moment)
        and version is not None
        and version[1] > b"1"
    )


def starts_with_empty_lines(moment: Moment) -> bool:
    """Say whether upstream refused an empty line, in which ours saw no fault."""
    return (
        moment.conversation.role == "SERVER"
        and error_of(moment.upstream.outcome) == ("RemoteProtocolError", 400)
        and text_of(moment.upstream.outcome) in ("no request line received", "illegal request line")
        and moment.unread.startswith((b"\r", b"\n"))
        and (error_of(moment.ours.outcome) is None or "trailing_data" in moment.differing)
    )


def values_in(event: Make, name: bytes) -> list[bytes]:
    """Return the values of a field among the pairs, right or wrong, that an event is made of."""
    pairs = event.fields.get("headers")
    found = [pair for pair in pairs if isinstance(pair, tuple)] if isinstance(pairs, list) else []
    octets = [[p.encode() if isinstance(p, str) else p for p in pair] for pair in found]
    good = [pair for pair in octets if [type(part) for part in pair] == [bytes, bytes]]
    return [value for key, value in good if key.lower() == name]


def has_empty_elements(moment: Moment) -> bool:
    """Say whether upstream refused `chunked` because of empty elements of the list around it."""
    value = b",".join(fields_in(moment.unread, b"transfer-encoding")).lower()
    if moment.step.event is not None:
        value = b",".join(values_in(moment.step.event, b"transfer-encoding")).lower()
    elements = [element.strip(b" \t") for element in value.split(b",")]
    upstream = error_of(moment.upstream.outcome)
    return (
        error_of(moment.ours.outcome) is None
        and upstream is not None
        and upstream[1] == 501
        and b"" in elements
        and [element for element in elements if element] == [b"chunked"]
    )


def has_two_lengths(moment: Moment) -> bool:
    """Say whether ours left Content-Length out of a response with Transfer-Encoding."""
    return (
        moment.conversation.role == "CLIENT"
        and kind_of(moment.ours.outcome) == "Response"
        and without_fields(moment.upstream.outcome, b"content-length".__eq__)
        == with_lower_coding(moment.ours.outcome)
        and bool(fields_in(moment.unread, b"transfer-encoding"))
    )


def is_folded_otherwise(moment: Moment) -> bool:
    """Say whether only the blanks differ that stand where a field line was folded."""
    return (
        re.search(rb"[ \t]\r?\n[ \t]", moment.unread) is not None
        and moment.ours.outcome != moment.upstream.outcome
        and with_single_blanks(moment.ours.outcome) == with_single_blanks(moment.upstream.outcome)
    )


def with_single_blanks(value: object) -> object:
    """Return the value with each run of blanks in its octets as one space."""
    if isinstance(value, dict):
        return {name: with_single_blanks(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [with_single_blanks(part) for part in value]
    return re.sub(rb"[ \t]+", b" ", value) if isinstance(value, bytes) else value


CODING = re.compile(r"(\(b'transfer-encoding', b')(chunked')", re.IGNORECASE)
"""A transfer coding in the repr of a list of pairs."""


def with_lower_coding(value: object) -> object:
    """Return the value with the transfer codings of all pairs in it in lower case."""
    match value:
        case bytes(name), bytes(coding) if name.lower() == b"transfer-encoding":
            return (name, coding.lower())
        case dict():
            return {name: with_lower_coding(part) for name, part in value.items()}
        case list():
            return [with_lower_coding(part) for part in value]
        case str():
            return CODING.sub(lambda found: found[1] + found[2].lower(), value)
    return value


def keeps_the_case_of_a_coding(moment: Moment) -> bool:
    """Say whether ours has a transfer coding in the raw field lines as it was given."""
    ours, upstream = moment.ours.outcome, moment.upstream.outcome
    return ours != upstream and with_lower_coding(ours) == upstream
