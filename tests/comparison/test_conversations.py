"""Both implementations play generated conversations, and differ in what is intended alone."""

import os
from collections.abc import Sequence

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.comparison import strategies
from tests.comparison.compare import Difference
from tests.comparison.conversation import Conversation
from tests.comparison.differences import AMONG_THE_WELL_MEANING, INTENDED
from tests.comparison.judge import Judge
from tests.comparison.landmarks import landmarks

MORE = int(os.environ.get("H11_COMPARISON_EXAMPLES", "0"))
"""How many random conversations of a kind to play in place of the few that are always the same."""


def landmarks_of(
    judge: Judge,
    conversations: st.SearchStrategy[Conversation],
    number: int,
    intended: Sequence[Difference] = INTENDED,
) -> set[str]:
    """Compare what both make of many conversations, and return the landmarks that they passed."""
    passed: set[str] = set()

    @settings(
        max_examples=MORE or number,
        derandomize=not MORE,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(conversations)
    def check(conversation: Conversation) -> None:
        passed.update(landmarks(conversation, judge.demand_same(conversation, intended)))

    check()
    return passed


def test_sensible_conversations_are_the_same(judge: Judge) -> None:
    """Whatever legal exchange both play, they give the same events, octets and states.

    The differences that strictness makes are not among those that may show here.
    """
    passed = landmarks_of(judge, strategies.sensible(), 300, AMONG_THE_WELL_MEANING)
    assert passed >= {
        *("SERVER receives Request", "SERVER receives Data", "SERVER receives EndOfMessage"),
        *("SERVER receives ConnectionClosed", "CLIENT receives InformationalResponse"),
        *("CLIENT receives Response", "CLIENT receives Data", "CLIENT receives EndOfMessage"),
        *("CLIENT receives ConnectionClosed", "drain gives NEED_DATA", "drain gives PAUSED"),
        *("send Request", "send InformationalResponse", "send Response", "send Data"),
        *("send pieces Data", "send EndOfMessage", "send ConnectionClosed", "cycle starts anew"),
        *("they are waiting for 100 Continue", "octets of another protocol"),
        *("states SWITCHED_PROTOCOL SWITCHED_PROTOCOL", "states SEND_BODY SEND_BODY"),
        *("states MIGHT_SWITCH_PROTOCOL SEND_RESPONSE", "states DONE DONE", "states IDLE IDLE"),
        *("states SEND_BODY DONE", "states MUST_CLOSE MUST_CLOSE", "states CLOSED SEND_BODY"),
        *("states CLOSED CLOSED", "states CLOSED MUST_CLOSE", "states MUST_CLOSE CLOSED"),
    }


def test_broken_conversations_are_the_same(judge: Judge) -> None:
    """Whatever mistake one side makes, both notice it at the same call and go on alike."""
    assert landmarks_of(judge, strategies.broken(), 400) >= {
        *("drain raises RemoteProtocolError 400", "send raises LocalProtocolError 400"),
        *("send pieces raises LocalProtocolError 400", "cycle raises LocalProtocolError 400"),
        *("receive raises RuntimeError None", "states ERROR ERROR", "states ERROR MUST_CLOSE"),
        *("states ERROR IDLE", "states ERROR SEND_BODY", "states DONE SEND_BODY"),
    }


def test_events_are_constructed_the_same(judge: Judge) -> None:
    """Whatever an event is made of, both refuse it, or give it the same fields."""
    assert landmarks_of(judge, strategies.constructions(), 250) >= {
        *("construct Request", "construct InformationalResponse", "construct Response"),
        *("construct Data", "construct EndOfMessage", "construct raises LocalProtocolError 400"),
        *("construct raises LocalProtocolError 501", "construct raises TypeError None"),
        "construct raises UnicodeEncodeError None",
    }
