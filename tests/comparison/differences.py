"""Every intended difference between our `h11` and upstream 0.16.0, each with its reason.

In: a moment at which both showed something different. Out: whether that is one of the differences
listed in `INTENDED`; whatever is not listed there is a fault in one of the two.
"""

import re

from tests.comparison.compare import Difference
from tests.comparison.conversation import Conversation, Make, Step
from tests.comparison.explanations import (
    follows_a_refused_head,
    has_control_in_chunk_extension,
    has_numbers_for_octets,
    has_two_framing_faults,
    is_another_repr,
    is_another_text,
    is_final,
    is_folded_otherwise,
    is_half_a_line_end,
    is_in_fewer_pieces,
    is_over_the_limit,
    is_refused_out_of_turn,
    is_start_of_chunk,
    is_unhashable,
    is_unread_after_a_fault,
    lacks_host_in_a_later_version,
    lists_more_names,
    probed,
    refused,
)

REQUEST = Make("Request", {"method": "GET", "target": "/", "headers": [("Host", "a")]})
"""A request to be looked at."""


RESPONSE = Make("Response", {"status_code": 200, "headers": []})
"""A response to be sent."""


def with_field(name: str, value: object) -> Make:
    """Return the request with one field set to another value."""
    return REQUEST._replace(fields=REQUEST.fields | {name: value})


HEAD = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
"""A request of 27 octets."""

CHUNKED = b"PUT / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"
"""The head of a request with a body in chunks."""


def asking(*steps: Step) -> Conversation:
    """Return a conversation of a server that has got a request."""
    return Conversation("SERVER", (Step("receive", HEAD), Step("drain"), *steps))


INTENDED = (
    Difference(
        "the limit holds however the octets arrive",
        "A limit that a head passes by arriving in one piece protects nobody.",
        is_over_the_limit,
        Conversation("SERVER", (Step("receive", HEAD), Step("next")), limit=26),
        "everything",
    ),
    Difference(
        "the first piece of a chunk is marked",
        "The reference promises it for every chunk; upstream forgets it if the size came earlier.",
        is_start_of_chunk,
        Conversation(
            "SERVER",
            (
                Step("receive", CHUNKED + b"5\r\n"),
                Step("drain"),
                Step("receive", b"hello"),
                Step("next"),
            ),
        ),
    ),
    Difference(
        "a reason phrase follows its grammar",
        "RFC 9112 section 4 allows HTAB, SP, VCHAR and obs-text; a line end would forge a head.",
        refused("reason", re.compile(rb"[\t \x21-\x7e\x80-\xff]*")),
        asking(
            Step(
                "send", event=Make("Response", {"status_code": 200, "headers": [], "reason": "\n"})
            )
        ),
        "everything",
    ),
    Difference(
        "an HTTP version follows its grammar",
        "RFC 9112 section 2.3 defines it as a digit, a dot and a digit.",
        refused("http_version", re.compile(rb"[0-9]\.[0-9]")),
        Conversation(
            "CLIENT",
            (Step("construct", event=with_field("http_version", "11")),),
        ),
        "everything",
    ),
    Difference(
        "a sequence of numbers is no text",
        "The reference names str and bytes-like objects; upstream takes whatever `bytes` takes.",
        has_numbers_for_octets,
        Conversation("CLIENT", (Step("construct", event=with_field("method", [71, 69, 84])),)),
        "everything",
    ),
    Difference(
        "what comes out of turn is a protocol error",
        "Upstream cannot name a request or response at a wrong time, and raises AttributeError.",
        is_refused_out_of_turn,
        Conversation("SERVER", (Step("send", event=RESPONSE), Step("receive", HEAD), Step("next"))),
    ),
    Difference(
        "a version after HTTP/1.1 needs a Host as well",
        "RFC 9110 section 2.5 has it understood as the latest version known, that is HTTP/1.1.",
        lacks_host_in_a_later_version,
        Conversation("SERVER", (Step("receive", b"GET / HTTP/1.2\r\n\r\n"), Step("next"))),
        "everything",
    ),
    Difference(
        "a chunk extension holds no control octets",
        "RFC 9112 section 7.1.1 allows HTAB alone; a lone CR there has smuggled requests.",
        has_control_in_chunk_extension,
        Conversation("SERVER", (Step("receive", CHUNKED + b"5;\x00\r\nhello\r\n"), Step("drain"))),
        "everything",
    ),
    Difference(
        "what is unread after a fault of the peer",
        "Nothing can be made of it; ours leaves the octets it found at fault where they were.",
        is_unread_after_a_fault,
        Conversation("SERVER", (Step("receive", b"\r\n\r\n"), Step("next"), Step("receive", b""))),
        "trailing_data",
    ),
    Difference(
        "half a line end after a chunk is still unread",
        "Ours takes the line end when it is whole.",
        is_half_a_line_end,
        Conversation("SERVER", (Step("receive", CHUNKED + b"1\r\na\r"), Step("drain"))),
        "trailing_data",
    ),
    Difference(
        "which of two framing faults is named",
        "A head with both a bad Content-Length and a bad Transfer-Encoding is refused either way.",
        has_two_framing_faults,
        Conversation(
            "SERVER",
            (
                Step("receive", HEAD[:-2] + b"Transfer-Encoding: a\r\nContent-Length: a\r\n\r\n"),
                Step("next"),
            ),
        ),
    ),
    Difference(
        "a fold counts as one space with the blanks before it",
        "RFC 9112 section 5.2 has these blanks belong to the fold; upstream keeps them.",
        is_folded_otherwise,
        Conversation(
            "CLIENT",
            (
                Step("send", event=REQUEST),
                Step("receive", b"HTTP/1.1 200 \r\na: b  \r\n c\r\n\r\n"),
                Step("next"),
            ),
        ),
    ),
    Difference(
        "a head is one piece",
        "The reference promises octets in order; upstream makes each line a piece.",
        is_in_fewer_pieces,
        asking(Step("send pieces", event=RESPONSE)),
    ),
    Difference(
        "an event that is refused leaves no trace",
        "Upstream notes what a head proposes before it finds that the head comes out of turn.",
        follows_a_refused_head,
        Conversation(
            "CLIENT",
            (
                Step("send", event=with_field("headers", [("Host", "a"), ("Upgrade", "b")])),
                Step("send", event=Make("EndOfMessage", {})),
                Step("send", event=RESPONSE),
                Step("receive", b"HTTP/1.1 101 \r\n\r\n"),
                Step("next"),
            ),
        ),
        "everything",
    ),
    Difference(
        "headers can be sliced",
        "They are documented as a sequence; upstream fails on a slice.",
        probed("slice", upstream_raises="ValueError"),
        Conversation("CLIENT", (Step("probe", event=REQUEST, probe="slice"),)),
    ),
    Difference(
        "an event class cannot be derived from",
        "The reference calls events final; upstream refuses the derived event when it is sent.",
        is_final,
        Conversation("CLIENT", (Step("probe", event=REQUEST, probe="subclass"),)),
    ),
    Difference(
        "no event can be hashed",
        "Upstream makes an exception for ConnectionClosed, which nothing needs.",
        is_unhashable,
        Conversation("CLIENT", (Step("probe", event=Make("ConnectionClosed", {}), probe="hash"),)),
    ),
    Difference(
        "events can be copied and pickled",
        "They are values; upstream trips over its own protection against assignment.",
        probed("copy", "pickle", upstream_raises="FrozenInstanceError"),
        Conversation("CLIENT", (Step("probe", event=REQUEST, probe="pickle"),)),
    ),
    Difference(
        "the repr of an event",
        "It is for people to read; no dependent was found to rely on it.",
        is_another_repr,
        Conversation("CLIENT", (Step("probe", event=REQUEST, probe="repr"),)),
    ),
    Difference(
        "the text of an error",
        "Ours says what was expected; the texts that dependents assert are kept.",
        is_another_text,
        Conversation("SERVER", (Step("receive", b"GET\r\n\r\n"), Step("next"))),
    ),
    Difference(
        "the list of public names",
        "Ours lists everything documented; upstream has the other names, but does not list them.",
        lists_more_names,
        Conversation("CLIENT", (Step("probe", event=REQUEST, probe="public names"),)),
    ),
)
