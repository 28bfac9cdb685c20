"""Intended differences in what is made of a head that arrives, and of octets between messages."""

from typing import Final

from tests.comparison.compare import Difference
from tests.comparison.conversation import Settings
from tests.comparison.examples import HEAD, answered, served, with_field_line
from tests.comparison.explanations import complains, has_another_hint
from tests.comparison.explanations_of_heads import (
    comes_after_the_last_message,
    has_empty_elements,
    has_form_feeds,
    has_many_fields,
    has_two_lengths,
    has_unwanted_upgrade,
    is_folded_otherwise,
    is_over_the_limit,
    is_refused_early,
    is_unread_after_a_fault,
    keeps_the_case_of_a_coding,
    lacks_host_in_a_later_version,
    starts_with_empty_lines,
)

MANY: Final = 10**6
"""A limit that nothing reaches here."""

IN_SOUND_HEADS: Final = (
    Difference(
        "the transfer coding in raw field lines",
        "Whoever forwards a head needs it octet by octet; what `Connection` sends is the same.",
        keeps_the_case_of_a_coding,
        served(with_field_line(b"Transfer-Encoding: Chunked")),
    ),
    Difference(
        "a head over the limit that arrives in one piece",
        "A limit that a head passes by arriving in one piece protects nobody.",
        is_over_the_limit,
        served(HEAD, limit=26),
        "everything",
        Settings(incomplete=True),
    ),
    Difference(
        "the hint for a request line over the limit",
        "RFC 9110 section 15.5.15 has 414 for a target that is too long.",
        has_another_hint("REQUEST_LINE_TOO_LONG", hint=414, upstream_hints={431}),
        served(b"GET /" + b"x" * 30, limit=25),
        remedy=Settings(incomplete=True),
    ),
    Difference(
        "octets after the last message",
        "RFC 9112 section 9.6 has it not processed; it does not make the last message wrong.",
        comes_after_the_last_message,
        served(with_field_line(b"Connection: close") + b"GET"),
        "everything",
    ),
    Difference(
        "Upgrade in HTTP/1.0",
        "RFC 9110 section 7.8 has a server ignore it there.",
        has_unwanted_upgrade,
        served(b"GET / HTTP/1.0\r\nUpgrade: a\r\n\r\n"),
        "everything",
    ),
    Difference(
        "what is unread after a fault of the peer",
        "Nothing can be made of it; ours leaves the octets it found at fault where they were.",
        is_unread_after_a_fault,
        served(b"GET\r\n\r\n", b""),
        "trailing_data",
    ),
)
"""Differences that show where both sides keep to the rules, or meet a limit."""

IN_HEADS: Final = (
    Difference(
        "an octet that the grammar does not have",
        "The octets that are still to come cannot mend it; upstream waits for the end of the head.",
        is_refused_early,
        served(b"GET  ", b"/ HTTP/1.1\r\n\r\n"),
        "everything",
    ),
    Difference(
        "a line of a request that ends in LF alone",
        "RFC 9112 section 2.2 leaves it to the recipient; a proxy may see other lines.",
        complains("BAD_REQUEST_LINE", "BAD_FIELD_LINE", role="SERVER", excerpt=rb"(.*[^\r])?\n"),
        served(HEAD.replace(b"\r\n", b"\n")),
        "everything",
        Settings(tolerate=("BARE_LF",)),
    ),
    Difference(
        "a folded field line in a request",
        "RFC 9112 section 5.2 lets a server refuse it; a proxy may see a field of its own.",
        complains("BAD_FIELD_LINE", role="SERVER", excerpt=rb"[ \t]"),
        served(with_field_line(b"X: a\r\n b")),
        "everything",
        Settings(tolerate=("OBS_FOLD",)),
    ),
    Difference(
        "control octets in a field value of a request",
        "RFC 9110 section 5.5 has none but HTAB.",
        complains(
            "BAD_FIELD_LINE",
            role="SERVER",
            excerpt=rb"[^\s:]+:[^\x00-\x08]*[\x01-\x08\x0e-\x1f\x7f]",
        ),
        served(with_field_line(b"X: a\x1bb")),
        "everything",
        Settings(tolerate=("CONTROL_OCTETS",)),
    ),
    Difference(
        "VT and FF in a field value",
        "RFC 9110 section 5.5 makes no difference between them; upstream refuses these two alone.",
        has_form_feeds,
        answered(b"HTTP/1.1 200 OK\r\nX: a\x0bb\r\n\r\n"),
        "everything",
    ),
    Difference(
        "control octets in a reason phrase that arrives",
        "RFC 9112 section 4 has none but HTAB.",
        complains(
            "BAD_STATUS_LINE",
            role="CLIENT",
            excerpt=rb"HTTP/1\.[0-9] [1-9][0-9]{2} [^\x00-\x08]*[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]",
        ),
        answered(b"HTTP/1.1 200 a\x1bb\r\n\r\n"),
        "everything",
    ),
    Difference(
        "a request target in a form that its method may not have",
        "RFC 9112 section 3.2 has four forms, and says which method has which.",
        complains("BAD_REQUEST_LINE", role="SERVER", text="has no legal target for"),
        served(b"GET * HTTP/1.1\r\nHost: a\r\n\r\n"),
        "everything",
    ),
    Difference(
        "octets in a request target that a URI does not have",
        "RFC 9112 section 3.2 has no fragment in any form, and no form that begins in this way.",
        complains(
            "BAD_REQUEST_LINE", role="SERVER", excerpt=rb"[^ ]+ ([!-~]*#|[\"<>\\\]^`{|}?@:])"
        ),
        served(b"GET /#a HTTP/1.1\r\nHost: a\r\n\r\n"),
        "everything",
    ),
    Difference(
        "a major version other than 1",
        "RFC 9112 section 2.3 defines no other; a later one may frame its messages otherwise.",
        complains("UNSUPPORTED_VERSION", excerpt=rb"([^ ]+ [^ ]+ )?HTTP/[02-9]"),
        served(HEAD.replace(b"1.1", b"2.0")),
        "everything",
    ),
    Difference(
        "a version after HTTP/1.1 without Host",
        "RFC 9110 section 2.5 has it understood as the latest version known, that is HTTP/1.1.",
        lacks_host_in_a_later_version,
        served(b"GET / HTTP/1.2\r\n\r\n"),
        "everything",
    ),
    Difference(
        "a Host that names no host",
        "RFC 9112 section 3.2 has any other value refused; it may route the request elsewhere.",
        complains("BAD_HOST", role="SERVER", text="Host names no host"),
        served(HEAD.replace(b": a", b": a/b")),
        "everything",
    ),
    Difference(
        "empty lines before a request",
        "RFC 9112 section 2.2 wants at least one CRLF ignored.",
        starts_with_empty_lines,
        served(b"\r\n" + HEAD),
        "everything",
    ),
    Difference(
        "a request with both framings that arrives",
        "RFC 9112 section 6.3 has it as a sign of smuggling.",
        complains("BAD_FRAMING", role="SERVER", text="both Transfer-Encoding and Content-Length"),
        served(with_field_line(b"Content-Length: 1\r\nTransfer-Encoding: chunked")),
        "everything",
    ),
    Difference(
        "Content-Length beside Transfer-Encoding in a response",
        "RFC 9112 section 6.3 has Transfer-Encoding override it; nothing is to be read after it.",
        has_two_lengths,
        answered(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"),
        "everything",
    ),
    Difference(
        "Transfer-Encoding in a request of HTTP/1.0",
        "RFC 9112 section 6.1 has such a message treated as faulty; smuggling begins so.",
        complains("BAD_FRAMING", role="SERVER", text="is not part of HTTP/1.0"),
        served(b"PUT / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"),
        "everything",
    ),
    Difference(
        "the hint for a body whose end is uncertain",
        "RFC 9112 section 6.3 has 400 where chunked is not last, and forbids it more than once.",
        has_another_hint(
            "BAD_FRAMING",
            hint=400,
            upstream_hints={501},
            by="(Local|Remote)",
            text="Transfer-Encoding ",
        ),
        served(with_field_line(b"Transfer-Encoding: gzip")),
    ),
    Difference(
        "which of two framing faults is named",
        "A head with both a bad Content-Length and a bad Transfer-Encoding is refused either way.",
        has_another_hint("BAD_FRAMING", hint=400, upstream_hints={501}, text=".*Content-Length"),
        served(with_field_line(b"Transfer-Encoding: a\r\nContent-Length: a")),
    ),
    Difference(
        "which of a bad status code and a bad framing is named",
        "The status code comes first, and nothing that follows can mend it.",
        has_another_hint("BAD_STATUS_LINE", hint=400, upstream_hints={501}),
        answered(b"HTTP/1.1 099 OK\r\nTransfer-Encoding: gzip\r\n\r\n"),
    ),
    Difference(
        "empty elements of Transfer-Encoding",
        "RFC 9110 section 5.6.1 has a recipient ignore them in any list.",
        has_empty_elements,
        served(with_field_line(b"Transfer-Encoding: , chunked")),
        "everything",
    ),
    Difference(
        "blanks before a fold",
        "RFC 9112 section 5.2 has these blanks belong to the fold; upstream keeps them.",
        is_folded_otherwise,
        answered(b"HTTP/1.1 200 \r\na: b  \r\n c\r\n\r\n"),
    ),
    Difference(
        "a section of more than 256 fields",
        "Each field costs more than its octets; real heads have up to a hundred.",
        has_many_fields,
        served(with_field_line(b"X: y\r\n" * 255 + b"X: y")),
        "everything",
        Settings(limits=(("field_count", MANY),)),
    ),
)
"""Differences in heads, or in field lines, that break a rule."""
