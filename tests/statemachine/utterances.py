"""One event of every sort that can matter to a cycle, with what it means stated beside it.

In: nothing. Out: `UTTERANCES`, from which whole conversations are put together. The meaning is
written down here by hand, so that whoever judges the machine by it reads no field (RFC 9110
sections 7.8, 9.3.6 and 10.1.1, RFC 9112 section 9.3).
"""

from itertools import product
from typing import Final, NamedTuple

from h11_events import Event
from h11_statemachine import Switch
from tests.statemachine.messages import (
    CLOSE,
    CLOSING,
    END,
    EXPECTING,
    PIECE,
    UPGRADING,
    Line,
    informational,
    request,
    response,
)


class Utterance(NamedTuple):
    """An event, and what it means for the cycle."""

    event: Event
    """What is said."""

    is_last: bool = False
    """Whether no other cycle may follow the one of this message."""

    proposals: frozenset[Switch] = frozenset()
    """How the client would leave HTTP."""

    expects_continue: bool = False
    """Whether the client waits for leave to send its body."""


def _requests() -> list[Utterance]:
    """Return requests with every mixture of what a request can say about the cycle."""
    utterances = []
    for method, version, closes, upgrades, expects in product(
        [b"GET", b"CONNECT"], [b"1.1", b"1.0"], _MAYBE, _MAYBE, _MAYBE
    ):
        lines: list[Line] = []
        lines += [CLOSING] if closes else []
        lines += [UPGRADING] if upgrades else []
        lines += [EXPECTING] if expects else []
        proposals = {Switch.CONNECT} if method == b"CONNECT" else set()
        # In HTTP/1.0 the field means nothing.
        proposals |= {Switch.UPGRADE} if upgrades and version == b"1.1" else set()
        utterances.append(
            Utterance(
                request(*lines, method=method, version=version),
                is_last=closes or version == b"1.0",
                proposals=frozenset(proposals),
                expects_continue=expects and version == b"1.1",
            )
        )
    return utterances


def _responses() -> list[Utterance]:
    """Return informational and final responses that persist or not, accept or not."""
    informational_ones = [
        Utterance(informational(status, *lines)) for status in (100, 101, 103) for lines in _ENDINGS
    ]
    final_ones = [
        Utterance(
            response(*lines, status=status, version=version),
            is_last=bool(lines or version == b"1.0"),
        )
        for status, version, lines in product([200, 299, 300, 404], [b"1.1", b"1.0"], _ENDINGS)
    ]
    return informational_ones + final_ones


_MAYBE: Final = (False, True)
_ENDINGS: Final[tuple[list[Line], list[Line]]] = ([], [CLOSING])

UTTERANCES: Final = (
    *_requests(),
    *_responses(),
    Utterance(PIECE),
    Utterance(END),
    Utterance(CLOSE),
)
"""At least one event of every class; either role may try to say each."""
