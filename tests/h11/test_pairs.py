"""Properties of a client and a server that talk to each other: both always agree.

Every conversation is held in memory, its bytes cut anyhow, several events at a time or piece by
piece.
"""

from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from h11 import (
    CLIENT,
    CLOSED,
    DONE,
    IDLE,
    MUST_CLOSE,
    PAUSED,
    SERVER,
    SWITCHED_PROTOCOL,
    ConnectionClosed,
    Data,
    LocalProtocolError,
)
from h11_statemachine import Role
from tests.h11.conversations import (
    CHUNKED,
    CLOSE,
    END,
    EXPECTING,
    informational,
    length,
    request,
    response,
)
from tests.h11.pair import ConnectionPair
from tests.h11.strategies import Cycle, Proposal, conversations, proposals

EXAMPLES: Final = 30
"""How many conversations are held for each property: each is long."""

SIZES: Final = st.lists(st.integers(1, 80), min_size=1, max_size=5)
"""How long the pieces are in which bytes arrive."""


def hold(pair: ConnectionPair, conversation: list[Cycle]) -> None:
    """Let a pair hold a conversation, up to the end of its last cycle."""
    for number, cycle in enumerate(conversation):
        if number:
            pair.start_next_cycle()
        for role, events in cycle.runs:
            pair.say(role, *events)
    pair.check_all_was_heard()


@settings(max_examples=EXAMPLES)
@given(conversation=conversations(), sizes=SIZES)
def test_what_one_side_says_the_other_hears(conversation: list[Cycle], sizes: list[int]) -> None:
    """Events arrive as equal events, and at every step both see the same states.

    Afterwards both can begin another cycle, or neither can, because somebody has said close.
    """
    pair = ConnectionPair(sizes)
    hold(pair, conversation)
    if conversation[-1].is_last:
        pair.check_states(MUST_CLOSE, MUST_CLOSE)
        for end in (pair.client, pair.server):
            with pytest.raises(LocalProtocolError):
                end.start_next_cycle()
    else:
        pair.check_states(DONE, DONE)
        pair.start_next_cycle()
        pair.check_states(IDLE, IDLE)


@settings(max_examples=EXAMPLES)
@given(conversation=conversations(), sizes=SIZES, first=st.sampled_from([CLIENT, SERVER]))
def test_any_conversation_can_be_closed_cleanly(
    conversation: list[Cycle], sizes: list[int], first: Role
) -> None:
    """After any number of cycles both sides close, in either order, and know it."""
    pair = ConnectionPair(sizes)
    hold(pair, conversation)
    pair.say(first, ConnectionClosed())
    pair.say(SERVER if first is CLIENT else CLIENT, ConnectionClosed())
    pair.check_all_was_heard()
    pair.check_states(CLOSED, CLOSED)


@settings(max_examples=EXAMPLES)
@given(
    conversation=conversations().filter(lambda cycles: not cycles[-1].is_last),
    proposal=proposals(),
    sizes=SIZES,
    more=st.binary(min_size=1, max_size=100),
)
def test_any_conversation_can_be_switched(
    conversation: list[Cycle], proposal: Proposal, sizes: list[int], more: bytes
) -> None:
    """After any number of cycles both leave HTTP, and what follows passes by untouched."""
    pair = ConnectionPair(sizes)
    hold(pair, conversation)
    pair.start_next_cycle()
    pair.say(CLIENT, proposal.request, END)
    pair.say(SERVER, proposal.acceptance)
    pair.check_all_was_heard()
    pair.check_states(SWITCHED_PROTOCOL, SWITCHED_PROTOCOL)
    for end in (pair.client, pair.server):
        end.receive_data(more)
        assert end.next_event() is PAUSED
        assert end.trailing_data == (more, False)


@settings(max_examples=EXAMPLES)
@given(conversation=conversations(), proposal=proposals(), sizes=SIZES)
def test_a_refused_proposal_is_a_cycle_like_any_other(
    conversation: list[Cycle], proposal: Proposal, sizes: list[int]
) -> None:
    """After a refusal the same two ends go on with any conversation in HTTP."""
    pair = ConnectionPair(sizes)
    pair.say(CLIENT, proposal.request, END)
    pair.say(SERVER, response(length(0), status=400), END)
    pair.check_states(DONE, DONE)
    pair.start_next_cycle()
    hold(pair, conversation)


def test_an_example_step_by_step() -> None:
    """One conversation with all that there is, and the states after each step."""
    pair = ConnectionPair()
    pair.say(CLIENT, request(EXPECTING, CHUNKED, method="PUT"))
    assert pair.server.they_are_waiting_for_100_continue
    assert pair.client.client_is_waiting_for_100_continue
    pair.say(SERVER, informational(100))
    pair.say(CLIENT, Data(data=b"abc"), END)
    pair.say(SERVER, response(), Data(data=b"def"), END)
    pair.check_states(DONE, DONE)
    pair.start_next_cycle()
    pair.say(CLIENT, request(CLOSE), END)
    pair.say(SERVER, response(length(0)), END)
    pair.check_states(MUST_CLOSE, MUST_CLOSE)
    pair.say(SERVER, ConnectionClosed())
    pair.check_states(MUST_CLOSE, CLOSED)
    pair.say(CLIENT, ConnectionClosed())
    pair.check_states(CLOSED, CLOSED)


def test_a_pair_notices_what_was_not_heard() -> None:
    """The check fails if one end has sent what never came to the other."""
    pair = ConnectionPair()
    pair.client.send(request())
    with pytest.raises(AssertionError):
        pair.check_all_was_heard()
