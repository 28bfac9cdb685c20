"""Long conversations, legal and not, of requests and responses in any spelling.

At every moment the machine shows what the oracle says, and what must never be is not (RFC 9110
section 3.4, RFC 9112 section 9).
"""

from collections import defaultdict
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from h11_events import ConnectionClosed, EndOfMessage, LocalProtocolError, Request, Response
from h11_statemachine import (
    CLIENT,
    CLOSED,
    DONE,
    ERROR,
    IDLE,
    MIGHT_SWITCH_PROTOCOL,
    MUST_CLOSE,
    SEND_BODY,
    SEND_RESPONSE,
    SERVER,
    SWITCHED_PROTOCOL,
    ConnectionState,
    Role,
    State,
    Switch,
)
from tests.statemachine.messages import CLOSE, PIECE, Line, Turn, hear, states
from tests.statemachine.oracle import Cycle, expected, seen
from tests.statemachine.utterances import Utterance
from tests.statemachine.walks import SAYINGS, Step, next_cycle, take
from tests.strategies import (
    casings,
    header_lists,
    informational_responses,
    requests,
    responses,
    trailers,
)

OWN_STATES: Final[dict[Role, set[State]]] = {
    CLIENT: {
        IDLE,
        SEND_BODY,
        DONE,
        MUST_CLOSE,
        CLOSED,
        MIGHT_SWITCH_PROTOCOL,
        SWITCHED_PROTOCOL,
        ERROR,
    },
    SERVER: {
        IDLE,
        SEND_RESPONSE,
        SEND_BODY,
        DONE,
        MUST_CLOSE,
        CLOSED,
        SWITCHED_PROTOCOL,
        ERROR,
    },
}
"""The states that the diagram of each role shows."""

ROLES = st.sampled_from([CLIENT, SERVER])


def spelled(name: bytes, value: bytes) -> st.SearchStrategy[Line]:
    """Return a strategy of the field line in any case, its value anywhere in a list."""
    values = st.tuples(st.sampled_from([b"", b"x,", b"x, "]), casings(value)).map(b"".join)
    return st.tuples(casings(name), values)


@st.composite
def requests_said(draw: st.DrawFn) -> Utterance:
    """Draw a request that says anything about its cycle, in any spelling."""
    closes, upgrades, expects, connects, old = draw(st.tuples(*[st.booleans()] * 5))
    lines = [
        *([draw(spelled(b"connection", b"close"))] if closes else []),
        *([draw(spelled(b"upgrade", b"websocket"))] if upgrades else []),
        *([draw(spelled(b"expect", b"100-continue"))] if expects else []),
        *draw(header_lists(max_size=2)),
    ]
    proposals = {Switch.CONNECT: connects, Switch.UPGRADE: upgrades and not old}
    return Utterance(
        Request(
            method=b"CONNECT" if connects else draw(st.sampled_from([b"GET", b"HEAD", b"PUT"])),
            target=b"/",
            headers=[(b"Host", b"a"), *draw(st.permutations(lines))],
            http_version=b"1.0" if old else b"1.1",
        ),
        is_last=closes or old,
        proposals=frozenset(switch for switch, proposed in proposals.items() if proposed),
        expects_continue=expects and not old,
    )


@st.composite
def responses_said(draw: st.DrawFn) -> Utterance:
    """Draw a final response with any status code, that closes or not."""
    closes = draw(st.booleans())
    framing = spelled(b"connection", b"close").map(lambda line: [line]) if closes else st.just([])
    return Utterance(draw(responses(framing=framing)), is_last=closes)


def utterances() -> st.SearchStrategy[Utterance]:
    """Return a strategy of everything that can be said."""
    informational = informational_responses(status_code=st.just(101) | st.integers(100, 199))
    ends = trailers().map(lambda lines: EndOfMessage(headers=lines))
    others = informational | ends | st.sampled_from([PIECE, CLOSE])
    return requests_said() | responses_said() | others.map(Utterance)


class Conversation(RuleBasedStateMachine):
    """Both roles say what comes to their mind, in turn and out of turn."""

    def __init__(self) -> None:
        """Begin with nothing said."""
        super().__init__()
        self.machine = ConnectionState()
        self.cycle = Cycle()
        self.failed: set[Role] = set()
        self.calm = 0

    @initialize(calm=st.integers(0, 50))
    def decide_how_long_all_goes_well(self, calm: int) -> None:
        """For so many steps nobody ends the conversation, so that it comes to something."""
        self.calm = calm

    def try_step(self, step: Step) -> None:
        """Let a step happen, which may be out of turn."""
        self.calm -= 1
        following = next_cycle(self.cycle, step)
        if following is None:
            with pytest.raises(LocalProtocolError):
                take(self.machine, step)
        elif self.calm <= 0 or not self.ends_the_conversation(step):
            take(self.machine, step)
            self.cycle = following

    def ends_the_conversation(self, step: Step) -> bool:
        """Return whether no cycle can be completed after this step."""
        if step.said is None or isinstance(step.said.event, ConnectionClosed):
            return True
        return isinstance(step.said.event, Response) and self.cycle.server_state is IDLE

    @rule(role=ROLES, said=utterances())
    def say_anything(self, role: Role, said: Utterance) -> None:
        """A role says something, whether it is its turn or not."""
        self.try_step(Step(role, said))

    @precondition(lambda self: self.allowed())
    @rule(data=st.data())
    def say_something_allowed(self, data: st.DataObject) -> None:
        """A role says something that it may say, each class of events being as likely."""
        by_class = self.allowed()
        steps = by_class[data.draw(st.sampled_from(sorted(by_class)))]
        self.try_step(data.draw(st.sampled_from(steps)))

    def allowed(self) -> dict[tuple[str, str], list[Step]]:
        """Return what may be said next, by the role and the class of the event."""
        by_class = defaultdict(list)
        for step in SAYINGS:
            if step.said is not None and self.cycle.may_say(step.role, step.said):
                by_class[str(step.role), type(step.said.event).__name__].append(step)
        return by_class

    @rule(role=ROLES)
    def fail(self, role: Role) -> None:
        """A role breaks the protocol."""
        self.try_step(Step(role, None))
        if self.cycle.state(role) is ERROR:
            self.failed.add(role)

    @precondition(lambda self: self.calm <= 0)
    @rule()
    def rule_out_keep_alive(self) -> None:
        """Somebody knows that nothing can follow."""
        self.machine.rule_out_keep_alive()
        self.cycle = self.cycle.as_the_last()

    @rule()
    def start_next_cycle(self) -> None:
        """Somebody wants to use the connection again."""
        if (self.cycle.client_state, self.cycle.server_state) == (DONE, DONE):
            self.machine.start_next_cycle()
            self.cycle = Cycle()
        else:
            with pytest.raises(LocalProtocolError):
                self.machine.start_next_cycle()

    @invariant()
    def machine_shows_what_was_said(self) -> None:
        """The machine and the oracle agree about everything."""
        assert seen(self.machine) == expected(self.cycle)

    @invariant()
    def states_are_the_roles_own(self) -> None:
        """No role is ever in a state that its diagram does not show."""
        for role, state in self.machine.states.items():
            assert state in OWN_STATES[role]

    @invariant()
    def error_stays(self) -> None:
        """Who has failed once is in ERROR for good."""
        assert {self.machine.states[role] for role in self.failed} <= {ERROR}

    @invariant()
    def done_means_that_another_cycle_may_follow(self) -> None:
        """Nobody is DONE on a connection that will not persist, or with a peer that is gone."""
        client, server = states(self.machine)
        for state, peer in [(client, server), (server, client)]:
            assert state is not DONE or (self.machine.keep_alive and peer not in (CLOSED, ERROR))

    @invariant()
    def must_close_means_that_none_can_follow(self) -> None:
        """Nobody has to close without a reason."""
        client, server = states(self.machine)
        for state, peer in [(client, server), (server, client)]:
            assert state is not MUST_CLOSE or not self.machine.keep_alive or peer in (CLOSED, ERROR)

    @invariant()
    def only_who_has_proposed_switches(self) -> None:
        """A switch of protocols is proposed, and made by both."""
        client, server = states(self.machine)
        if MIGHT_SWITCH_PROTOCOL is client or SWITCHED_PROTOCOL in (client, server):
            assert self.machine.switch_proposals
        if client is SWITCHED_PROTOCOL:
            assert server in (SWITCHED_PROTOCOL, ERROR)

    @invariant()
    def a_response_is_owed_to_a_request(self) -> None:
        """The server owes nothing before the client has asked."""
        client, server = states(self.machine)
        if server is SEND_RESPONSE:
            assert client is not IDLE
            assert self.machine.request_method is not None
        if client is IDLE:
            assert self.machine.request_method is None

    @invariant()
    def only_a_client_in_front_of_its_body_waits(self) -> None:
        """Nobody waits for leave to send what was sent."""
        if self.machine.client_is_waiting_for_100_continue:
            assert states(self.machine)[0] in (SEND_BODY, ERROR)
            assert states(self.machine)[1] in (SEND_RESPONSE, ERROR)


TestConversation = Conversation.TestCase


@st.composite
def exchanges(draw: st.DrawFn) -> list[Turn]:
    """Draw a whole cycle of two well-behaved sides, which speak at the same time."""
    asked = [*draw(st.lists(st.just(PIECE))), draw(trailers().map(_end))]
    answered = [
        *draw(st.lists(informational_responses(), max_size=2)),
        draw(responses()),
        *draw(st.lists(st.just(PIECE))),
        draw(trailers().map(_end)),
    ]
    order = draw(st.permutations([CLIENT] * len(asked) + [SERVER] * len(answered)))
    coming = {CLIENT: iter(asked), SERVER: iter(answered)}
    return [(CLIENT, draw(requests())), *[(role, next(coming[role])) for role in order]]


def _end(lines: list[Line]) -> EndOfMessage:
    """Return the end of a message with this trailer section."""
    return EndOfMessage(headers=lines)


@settings(deadline=None)
@given(st.lists(exchanges(), max_size=2))
def test_two_that_behave_are_never_interrupted(conversation: list[list[Turn]]) -> None:
    """However their turns interleave, each cycle ends with both done, and another can follow."""
    machine = ConnectionState()
    for turns in conversation:
        hear(machine, *turns)
        assert states(machine) == (DONE, DONE)
        machine.start_next_cycle()
    assert states(machine) == (IDLE, IDLE)
