"""Intended differences in events, in what can be asked of them, and in the names of the package."""

import re
from typing import Final

from tests.comparison.compare import Difference
from tests.comparison.conversation import Conversation, Make, Step
from tests.comparison.examples import (
    END,
    REQUEST,
    RESPONSE,
    asking,
    constructing,
    receiving,
    sending,
    with_field,
)
from tests.comparison.explanations import (
    complains,
    has_another_hint,
    has_another_pattern,
    has_numbers_for_octets,
    is_another_repr,
    is_another_text,
    is_final,
    is_no_dataclass,
    is_unhashable,
    lists_more_names,
    probed,
    refused,
)

IN_ERRORS: Final = (
    Difference(
        "the text of an error",
        "Ours says what was expected; the texts that dependents assert are kept.",
        is_another_text,
        Conversation("SERVER", receiving(b"GET\r\n\r\n")),
    ),
)
"""What shows in any error."""

IN_EVENTS: Final = (
    Difference(
        "a reason phrase against its grammar",
        "RFC 9112 section 4 allows HTAB, SP, VCHAR and obs-text; a line end would forge a head.",
        refused("reason", re.compile(rb"[\t \x21-\x7e\x80-\xff]*"), "BAD_STATUS_LINE"),
        asking(*sending(with_field("reason", "\n", RESPONSE))),
        "everything",
    ),
    Difference(
        "an HTTP version against its grammar",
        "RFC 9112 section 2.3 defines it as a digit, a dot and a digit.",
        refused("http_version", re.compile(rb"[0-9]\.[0-9]"), "UNSUPPORTED_VERSION"),
        constructing(with_field("http_version", "11")),
        "everything",
    ),
    Difference(
        "the hint for a version that cannot be sent",
        "RFC 9110 section 15.6.6 has 505 for a version that is not supported.",
        has_another_hint("UNSUPPORTED_VERSION", hint=505, upstream_hints={400}, by="Local"),
        asking(*sending(with_field("http_version", "1.0", RESPONSE))),
    ),
    Difference(
        "control octets in field values to be sent",
        "RFC 9110 section 5.5 has no control octets but HTAB in a value.",
        complains("BAD_FIELD_LINE", by="Local", excerpt=rb".*[\x01-\x08\x0e-\x1f\x7f].*"),
        constructing(with_field("headers", [("Host", "a"), ("X", "\x7f")])),
        "everything",
    ),
    Difference(
        "trailers to be sent that come too late",
        "RFC 9110 section 6.5.1 forbids to send fields that frame, route or modify a message.",
        complains("BAD_TRAILER", by="Local", text="comes too late"),
        constructing(with_field("headers", [("Content-Type", "a")], END)),
        "everything",
    ),
    Difference(
        "a sequence of numbers in the place of text",
        "The reference names str and bytes-like objects; upstream takes whatever `bytes` takes.",
        has_numbers_for_octets,
        constructing(with_field("method", [71, 69, 84])),
        "everything",
    ),
    Difference(
        "a slice of headers",
        "They are documented as a sequence; upstream fails on a slice.",
        probed("slice", upstream_raises="ValueError"),
        Conversation("CLIENT", (Step("probe", event=REQUEST, probe="slice"),)),
    ),
    Difference(
        "a class derived from that of an event",
        "The reference calls events final; upstream refuses the derived event when it is sent.",
        is_final,
        Conversation("CLIENT", (Step("probe", event=REQUEST, probe="subclass"),)),
    ),
    Difference(
        "the hash of an event",
        "Upstream makes an exception for ConnectionClosed, which nothing needs.",
        is_unhashable,
        Conversation("CLIENT", (Step("probe", event=Make("ConnectionClosed", {}), probe="hash"),)),
    ),
    Difference(
        "a copy or a pickle of an event",
        "They are values; upstream trips over its own protection against assignment.",
        probed("copy", "pickle", upstream_raises="FrozenInstanceError"),
        Conversation("CLIENT", (Step("probe", event=REQUEST, probe="pickle"),)),
    ),
    Difference(
        "an event as a dataclass",
        "The reference calls events immutable objects with attributes, and nothing more.",
        is_no_dataclass,
        Conversation("CLIENT", (Step("probe", event=REQUEST, probe="asdict"),)),
    ),
    Difference(
        "the order of fields in a class pattern",
        "The reference names no order; ours is that of the constructor.",
        has_another_pattern,
        Conversation("CLIENT", (Step("probe", event=RESPONSE, probe="pattern"),)),
    ),
    Difference(
        "the repr of an event",
        "It is for people to read; no dependent was found to rely on it.",
        is_another_repr,
        Conversation("CLIENT", (Step("probe", event=REQUEST, probe="repr"),)),
    ),
    Difference(
        "the list of public names",
        "Ours lists everything documented; upstream has the other names, but does not list them.",
        lists_more_names,
        Conversation("CLIENT", (Step("probe", event=REQUEST, probe="public names"),)),
    ),
)
"""Differences that need no octets from a peer."""
