"""Both players together, and what is allowed to come out.

In: conversations. Out: upstream's observations, or an assertion error that shows a difference that
is not intended.
"""

from collections.abc import Sequence
from typing import NamedTuple

from tests.comparison.compare import Difference, compare, describe
from tests.comparison.conversation import Conversation, Observation
from tests.comparison.differences import INTENDED
from tests.comparison.process import Player


class Judge(NamedTuple):
    """Lets two players play the same conversation at the same time."""

    ours: Player
    upstream: Player

    def hear(self, conversation: Conversation) -> tuple[list[Observation], list[Observation]]:
        """Return the observations of both."""
        self.ours.ask(conversation)
        self.upstream.ask(conversation)
        return self.ours.answer(), self.upstream.answer()

    def demand_same(
        self, conversation: Conversation, intended: Sequence[Difference] = INTENDED
    ) -> list[Observation]:
        """Return the observations that both share.

        Args:
            conversation: What to play.
            intended: What may differ.

        Raises:
            AssertionError: If they differ in what is not intended.
        """
        ours, upstream = self.hear(conversation)
        unexplained = compare(conversation, ours, upstream, intended).unexplained
        if unexplained is not None:
            raise AssertionError(describe(unexplained))
        return upstream
