"""What to look for in a body that arrives, to tell what is behind a moment.

In: a moment at which both implementations showed something different. Out: true if, and only if, it
is the difference that the function is named for.
"""

import re
from typing import Final

from tests.comparison.compare import Moment
from tests.comparison.explanations import (
    FRAMING,
    complains,
    error_of,
    fields_in,
    kind_of,
    text_of,
    their_state,
    without_fields,
)

FORBIDDEN: Final = frozenset(
    b"content-length transfer-encoding trailer host connection keep-alive proxy-connection te"
    b" upgrade expect cookie content-type".split()
)
"""Fields that come too late in a trailer section, as far as they are played here."""

_TOKEN: Final = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
_QUOTED: Final = rb'"(?:[\t !#-\[\]-~\x80-\xff]|\\[\t -~\x80-\xff])*"'
_VALUE: Final = rb"[ \t]*=[ \t]*(?:%b|%b)" % (_TOKEN, _QUOTED)
EXTENDED_SIZE: Final = re.compile(rb"[0-9A-Fa-f]+(?:[ \t]*;[ \t]*%b(?:%b)?)*" % (_TOKEN, _VALUE))
"""A chunk size with its extensions (RFC 9112 section 7.1.1)."""

_refuses_an_extension = complains("BAD_CHUNK", excerpt=rb"[0-9A-Fa-f]+[ \t]*;.*")


def is_start_of_chunk(moment: Moment) -> bool:
    """Say whether all that upstream lacks is the mark on the first piece of a chunk."""
    ours, upstream = moment.ours.outcome, moment.upstream.outcome
    before = [seen.outcome for seen in moment.history if isinstance(seen.outcome, dict)]
    return (
        isinstance(ours, dict)
        and ours.get("chunk_start") is True
        and ours | {"chunk_start": False} == upstream
        and before[-1].get("chunk_end", True)
    )


def is_half_a_line_end(moment: Moment) -> bool:
    """Say whether upstream has taken the first octet of a line end that ours waited for."""
    ours, upstream = moment.ours.trailing_data[0], moment.upstream.trailing_data[0]
    return their_state(moment) == "SEND_BODY" and ours == b"\r" + upstream


def has_malformed_extension(moment: Moment) -> bool:
    """Say whether ours refused a chunk extension that does not follow its grammar."""
    line, end, _ = moment.unread.removeprefix(b"\r\n").partition(b"\r\n")
    return _refuses_an_extension(moment) and not (end and EXTENDED_SIZE.fullmatch(line))


def has_long_chunk_header(moment: Moment) -> bool:
    """Say whether upstream took a chunk header for too long that is under our limit for those."""
    line = moment.unread.removeprefix(b"\r\n").partition(b"\n")[0]
    return (
        their_state(moment) == "SEND_BODY"
        and error_of(moment.ours.outcome) is None
        and error_of(moment.upstream.outcome) == ("RemoteProtocolError", 431)
        and re.match(rb"[0-9A-Fa-f]+[ \t]*;", line) is not None
        and len(line) > moment.limit - 2
    )


def has_blank_before_extension(moment: Moment) -> bool:
    """Say whether upstream refused the blank before a chunk extension."""
    return (
        error_of(moment.ours.outcome) is None
        and error_of(moment.upstream.outcome) == ("RemoteProtocolError", 400)
        and text_of(moment.upstream.outcome).startswith("illegal chunk header")
        and re.match(rb"(?:\r\n)?[0-9A-Fa-f]+[ \t]+;", moment.unread) is not None
    )


def has_trailers_left_out(moment: Moment) -> bool:
    """Say whether ours left fields out of a trailer section, for which upstream may refuse it."""
    ours, upstream = moment.ours.outcome, moment.upstream.outcome
    if moment.conversation.role != "CLIENT" or kind_of(ours) != "EndOfMessage":
        return False
    if error_of(upstream) is not None:
        return any(fields_in(moment.unread, name) for name in FRAMING)
    return ours != upstream and without_fields(upstream, FORBIDDEN.__contains__) == ours
