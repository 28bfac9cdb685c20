"""Intended differences in the octets that are sent, and in what is said out of turn."""

from typing import Final

from tests.comparison.compare import Difference
from tests.comparison.conversation import Conversation, Make, Step
from tests.comparison.examples import (
    END,
    HEAD,
    INFORMATION,
    REQUEST,
    RESPONSE,
    asking,
    framed_both_ways,
    receiving,
    sending,
    with_field,
)
from tests.comparison.explanations_of_sending import (
    cannot_be_joined,
    follows_a_refused_head,
    is_in_fewer_pieces,
    is_not_for_http_1_0,
    is_of_a_version_that_cannot_be_sent,
    is_refused_out_of_turn,
    leaves_out_framing,
    leaves_out_the_length,
    says_that_it_closes,
)

TEXT: Final = Make("Data", {"data": "a"})
"""Data that is no octets, which shows only when it is to be joined with others."""

IN_SENDING: Final = (
    Difference(
        "fields that frame a body where there is none",
        "RFC 9110 section 8.6 and RFC 9112 section 6.1 forbid it in 1xx, 204 and 2xx to CONNECT,"
        " and Transfer-Encoding in what an HTTP/1.0 client gets.",
        leaves_out_framing,
        asking(*sending(with_field("status_code", 204, framed_both_ways(RESPONSE)))),
    ),
    Difference(
        "a response after an error of the peer",
        "Nothing more is read from that peer, and RFC 9112 section 9.6 wants it to be told.",
        says_that_it_closes,
        asking(*sending(with_field("headers", [("Content-Length", "0")], RESPONSE)), head=b"\0"),
    ),
    Difference(
        "an informational response to HTTP/1.0",
        "RFC 9110 section 15.2 forbids to send it; ours writes nothing.",
        is_not_for_http_1_0,
        asking(*sending(INFORMATION), head=b"GET / HTTP/1.0\r\n\r\n"),
    ),
    Difference(
        "a request with both framings to be sent",
        "RFC 9112 section 6.2 forbids Content-Length beside Transfer-Encoding.",
        leaves_out_the_length,
        Conversation("CLIENT", sending(framed_both_ways(REQUEST))),
    ),
    Difference(
        "an event out of turn",
        "Upstream cannot name a request or response at a wrong time, and raises AttributeError.",
        is_refused_out_of_turn,
        Conversation("SERVER", (*sending(RESPONSE), Step("receive", HEAD), Step("next"))),
    ),
    Difference(
        "the pieces of a head",
        "The reference promises octets in order; upstream makes each line a piece.",
        is_in_fewer_pieces,
        asking(Step("send pieces", event=RESPONSE)),
    ),
    Difference(
        "a head of a version that cannot be sent",
        "Upstream moves the machine before it looks at the version, though nothing is sent.",
        is_of_a_version_that_cannot_be_sent,
        Conversation("CLIENT", sending(with_field("http_version", "1.0"))),
        "everything",
    ),
    Difference(
        "data that cannot be joined",
        "A role that failed to send is in ERROR; what was counted never reaches the wire.",
        cannot_be_joined,
        asking(*sending(with_field("headers", [("Content-Length", "1")], RESPONSE), TEXT)),
        "everything",
    ),
    Difference(
        "an event that is refused",
        "Upstream notes what a head proposes before it finds that the head comes out of turn.",
        follows_a_refused_head,
        Conversation(
            "CLIENT",
            (
                *sending(with_field("headers", [("Host", "a"), ("Upgrade", "b")]), END, RESPONSE),
                *receiving(b"HTTP/1.1 101 \r\n\r\n"),
            ),
        ),
        "everything",
    ),
)
"""Differences in what is sent, or refused to be sent."""
