"""The record does not depend on how a conversation reached the observer.

Each conversation is fed whole, octet by octet, with a cut at every place, in pieces of any size,
and with the two directions in any order to each other: the request first, the response first, and
whatever hypothesis thinks of. The record is the same to the last detail.
"""

import json
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docs.examples.exchanges import Keep, Observer
from docs.examples.observer import record_as_json
from h11_statemachine import CLIENT, SERVER, Role
from tests.examples.observed import CONVERSATIONS, OK, Conversation, get, record
from tests.strategies import cuts

Feeding = Iterable[tuple[Role, bytes]]

each_conversation = pytest.mark.parametrize(
    "conversation", CONVERSATIONS.values(), ids=CONVERSATIONS
)


def pieces(conversation: Conversation, role: Role, size: int) -> list[tuple[Role, bytes]]:
    """Return what a role says in pieces of a size, and its end."""
    octets = conversation.client if role is CLIENT else conversation.server
    cut = [octets[start : start + size] for start in range(0, len(octets), size)]
    return [(role, piece) for piece in [*cut, *[b""] * (role in conversation.closed)]]


def outcome(feeding: Feeding) -> tuple[str, str, bytes]:
    """Return the record in short, in full, and with all octets of bodies."""
    observer = Observer(Keep(pieces=True))
    for role, octets in feeding:
        observer.feed(role, octets)
    observer.finish()
    return record(observer), json.dumps(record_as_json(observer)), all_octets(observer)


def all_octets(observer: Observer) -> bytes:
    """Return the octets of all bodies, and of what came after HTTP."""
    messages = [
        message
        for exchange in observer.exchanges
        for message in (exchange.request, exchange.response)
        if message is not None
    ]
    contents = [message.body for message in messages]
    contents += [content for role in (CLIENT, SERVER) if (content := observer.after_http(role))]
    return b"|".join(b"".join(content.pieces or ()) for content in contents)


def whole(conversation: Conversation) -> tuple[str, str, bytes]:
    """Return what comes of a conversation in one piece for each direction."""
    found = outcome([*pieces(conversation, CLIENT, 10**6), *pieces(conversation, SERVER, 10**6)])
    assert found[0] == conversation.record
    return found


@each_conversation
@pytest.mark.parametrize("size", [1, 2, 3, 7, 10**6])
def test_either_direction_may_come_first(conversation: Conversation, size: int) -> None:
    """All responses before the first request, or all requests before the first response."""
    client, server = (pieces(conversation, role, size) for role in (CLIENT, SERVER))
    assert outcome([*client, *server]) == whole(conversation)
    assert outcome([*server, *client]) == whole(conversation)


@each_conversation
@pytest.mark.parametrize("first", [CLIENT, SERVER], ids=str)
def test_octet_by_octet_in_turn(conversation: Conversation, first: Role) -> None:
    """One octet of one side, one of the other."""
    sides = [pieces(conversation, role, 1) for role in (CLIENT, SERVER)]
    if first is SERVER:
        sides.reverse()
    longest = max(map(len, sides))
    turns = [side[place] for place in range(longest) for side in sides if place < len(side)]
    assert outcome(turns) == whole(conversation)


@each_conversation
def test_cut_at_every_place(conversation: Conversation) -> None:
    """Each direction in two pieces, with the whole other direction in between."""
    expected = whole(conversation)
    client, server = (pieces(conversation, role, 10**6) for role in (CLIENT, SERVER))
    for around, between in ((client, server), (server, client)):
        role, octets = around[0] if around else (CLIENT, b"")
        for place in range(1, len(octets)):
            halves = [(role, octets[:place]), *between, (role, octets[place:]), *around[1:]]
            assert outcome(halves) == expected, place


@settings(max_examples=200)
@given(conversation=st.sampled_from([*CONVERSATIONS.values()]), data=st.data())
def test_cut_and_interleaved_anyhow(conversation: Conversation, data: st.DataObject) -> None:
    """Any pieces, in any order that keeps that of each direction."""
    client = [*data.draw(cuts(conversation.client)), *[b""] * (CLIENT in conversation.closed)]
    server = [*data.draw(cuts(conversation.server)), *[b""] * (SERVER in conversation.closed)]
    turns = data.draw(st.permutations([CLIENT] * len(client) + [SERVER] * len(server)))
    sources = {CLIENT: iter(client), SERVER: iter(server)}
    assert outcome([(role, next(sources[role])) for role in turns]) == whole(conversation)


@st.composite
def any_conversations(draw: st.DrawFn) -> Conversation:
    """Draw two directions of which each is made of parts of any conversations."""
    parts = [*CONVERSATIONS.values()]
    client = [part.client for part in draw(st.lists(st.sampled_from(parts), max_size=4))]
    server = [part.server for part in draw(st.lists(st.sampled_from(parts), max_size=4))]
    closed: tuple[Role, ...] = (CLIENT, SERVER)
    closed = tuple(role for role in closed if draw(st.booleans()))
    return Conversation(b"".join(client), b"".join(server), "", closed)


@settings(max_examples=200)
@given(conversation=any_conversations(), data=st.data())
def test_what_does_not_fit_together(conversation: Conversation, data: st.DataObject) -> None:
    """Whatever the two sides say past each other, there is one record of it."""
    client = [*data.draw(cuts(conversation.client)), *[b""] * (CLIENT in conversation.closed)]
    server = [*data.draw(cuts(conversation.server)), *[b""] * (SERVER in conversation.closed)]
    turns = data.draw(st.permutations([CLIENT] * len(client) + [SERVER] * len(server)))
    sources = {CLIENT: iter(client), SERVER: iter(server)}
    found = outcome([(role, next(sources[role])) for role in turns])
    expected = [*pieces(conversation, CLIENT, 10**6), *pieces(conversation, SERVER, 10**6)]
    assert found == outcome(expected)


def test_long_conversation_costs_no_more_for_each_exchange() -> None:
    """A thousand requests in one piece, with all responses before them."""
    observer = Observer(Keep(digests=False))
    observer.feed(SERVER, OK * 1000)
    observer.feed(CLIENT, get("/") * 1000)
    assert record(observer) == "; ".join(["GET / 0 | 200 2"] * 1000)
