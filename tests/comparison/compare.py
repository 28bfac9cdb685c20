"""The comparison itself: two lists of observations, and what of their differences is intended.

In: a conversation and what each implementation showed. Out: the intended differences that were met,
and the first one that nothing explains, ready to be read.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from tests.comparison.conversation import COMPARED, Conversation, Observation, Settings, Step

DEFAULT_LIMIT = 16 * 1024
"""The `max_incomplete_event_size` of a connection that was told none."""


class Moment(NamedTuple):
    """One call that gave different observations, how both got there, and how upstream goes on."""

    conversation: Conversation
    history: Sequence[Observation]
    ours: Observation
    upstream: Observation
    later: Sequence[Observation]

    @property
    def step(self) -> Step:
        """The step that the call belongs to."""
        return self.conversation.steps[self.ours.step]

    @property
    def limit(self) -> int:
        """The limit on what a head, or a line of a chunk, may take up."""
        return self.conversation.limit or DEFAULT_LIMIT

    @property
    def unread(self) -> bytes:
        """The octets that had been received but not been used before this call."""
        return self.history[-1].trailing_data[0] if self.history else b""

    @property
    def differing(self) -> set[str]:
        """The names of the parts of the observation that differ."""
        return {
            name
            for name, ours, upstream in zip(
                COMPARED, self.ours.compared, self.upstream.compared, strict=True
            )
            if ours != upstream
        }


NONE = Settings()
"""What is told where nothing has to be."""

Part = Literal["outcome", "trailing_data", "everything"]
"""What a difference may show in; after one in everything, the connections are in other states."""


@dataclass(frozen=True)
class Difference:
    """A way in which ours is meant to behave otherwise.

    Attributes:
        name: What it is, in a few words.
        reason: Why ours does not do the same.
        explains: Says whether it is the cause of what was observed.
        example: A conversation in which it shows, and no other difference does.
        part: The part of an observation that it explains; if everything, the conversation is not
            compared any further.
        remedy: What ours can be told to behave as upstream does, if there is anything.
    """

    name: str
    reason: str
    explains: Callable[[Moment], bool]
    example: Conversation
    part: Part = "outcome"
    remedy: Settings = NONE

    def is_remedied_in(self, conversation: Conversation) -> bool:
        """Say whether our side was told to behave as upstream does."""
        told = conversation.settings
        return (
            self.remedy != NONE
            and set(self.remedy.tolerate) <= set(told.tolerate)
            and set(self.remedy.limits) <= set(told.limits)
            and self.remedy.incomplete <= told.incomplete
        )


class Verdict(NamedTuple):
    """What came out of a comparison."""

    met: list[str]
    unexplained: Moment | None


def compare(
    conversation: Conversation,
    ours: list[Observation],
    upstream: list[Observation],
    intended: Sequence[Difference],
) -> Verdict:
    """Compare two lists of observations, call by call, up to where they part ways."""
    met: list[str] = []
    intended = [cause for cause in intended if not cause.is_remedied_in(conversation)]
    for at, (left, right) in enumerate(zip(ours, upstream, strict=False)):
        if left.compared == right.compared:
            continue
        moment = Moment(conversation, ours[:at], left, right, upstream[at + 1 :])
        causes = [cause for cause in intended if cause.explains(moment)]
        small = [cause for cause in causes if cause.part != "everything"]
        if moment.differing <= {cause.part for cause in small}:
            met += [cause.name for cause in small]
            continue
        if len(small) == len(causes):
            return Verdict(met, moment)
        met += [cause.name for cause in causes if cause not in small]
        if moment.step.action != "construct":
            break
    return Verdict(met, None)


def describe(moment: Moment) -> str:
    """Return everything a reader needs to judge an unexplained difference."""
    return "\n".join(_lines(moment))


def _lines(moment: Moment) -> Iterator[str]:
    yield f"role {moment.conversation.role}, limit {moment.limit}, {moment.conversation.settings}"
    yield from (_shown(step) for step in moment.conversation.steps[: moment.ours.step])
    yield f"{_shown(moment.step)}   <- here"
    for name in COMPARED:
        if name in moment.differing:
            yield f"  {name}"
            yield f"    ours     {getattr(moment.ours, name)}"
            yield f"    upstream {getattr(moment.upstream, name)}"
    if moment.ours.blame is not None:
        yield f"  blame {moment.ours.blame}"


def _shown(step: Step) -> str:
    """Return the step in one line, without what it does not use."""
    parts: list[str] = [step.action]
    if step.action == "receive":
        parts.append(repr(step.data))
    if step.probe is not None:
        parts.append(step.probe)
    if step.event is not None:
        given = [repr(value) for value in step.event.positional]
        given += [f"{name}={value!r}" for name, value in step.event.fields.items()]
        parts.append(f"{step.event.kind}({', '.join(given)})")
    return " ".join(parts)
