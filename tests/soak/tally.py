"""What the slow clients count, each for all of them.

In: what happens. Out: how many requests were asked and answered, and what went wrong.
"""

from dataclasses import dataclass, field


@dataclass
class Tally:
    """What has happened so far.

    Attributes:
        connections: How many connections were begun.
        asked: How many requests were begun that shall be answered.
        answered: How many of them were, and rightly.
        refused: How many malformed ones were refused with the status that they deserve.
        left: How often a client has left in the middle.
        errors: What went wrong, a line each.
    """

    connections: int = 0
    asked: int = 0
    answered: int = 0
    refused: int = 0
    left: int = 0
    errors: list[str] = field(default_factory=list)

    @property
    def lost(self) -> int:
        """How many requests have no right answer."""
        return self.asked - self.answered
