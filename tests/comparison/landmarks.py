"""Where a conversation has been: states, events, errors.

In: a conversation with its observations. Out: names of what was reached, by which a test can tell
that the generated conversations go deep enough to be worth comparing.
"""

from collections.abc import Iterable, Iterator

from tests.comparison.conversation import Conversation, Observation


def landmarks(conversation: Conversation, observations: Iterable[Observation]) -> Iterator[str]:
    """Yield the names of everything that was reached, again and again."""
    for seen in observations:
        step = conversation.steps[seen.step]
        yield f"states {seen.states[0]} {seen.states[1]}"
        match seen.outcome:
            case {"error": error, "hint": hint}:
                yield f"{step.action} raises {error} {hint}"
            case {"event": kind} if step.event is None:
                yield f"{conversation.role} receives {kind}"
            case str() as marker if step.event is None:
                yield f"{step.action} gives {marker}"
            case bytes() | list() | dict() | None if step.event is not None:
                yield f"{step.action} {step.event.kind}"
            case None if step.action == "cycle":
                yield "cycle starts anew"
        if seen.they_are_waiting:
            yield "they are waiting for 100 Continue"
        if seen.trailing_data[0] and "SWITCHED_PROTOCOL" in seen.states:
            yield "octets of another protocol"
