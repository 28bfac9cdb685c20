"""Every intended difference between our `h11` and upstream 0.16.0, each with its reason.

In: a moment at which both showed something different. Out: whether that is one of the differences
listed in `INTENDED`; whatever is not listed there is a fault in one of the two.
"""

from typing import Final

from tests.comparison.compare import Difference
from tests.comparison.conversation import Settings
from tests.comparison.differences_in_bodies import IN_BODIES, IN_SOUND_BODIES
from tests.comparison.differences_in_events import IN_ERRORS, IN_EVENTS
from tests.comparison.differences_in_heads import IN_HEADS, IN_SOUND_HEADS
from tests.comparison.differences_in_sending import IN_SENDING

AMONG_THE_WELL_MEANING: Final[tuple[Difference, ...]] = (
    *IN_SOUND_HEADS,
    *IN_SOUND_BODIES,
    *IN_SENDING,
    *IN_ERRORS,
)
"""What can show where both sides keep to the rules."""

INTENDED: Final[tuple[Difference, ...]] = (
    *AMONG_THE_WELL_MEANING,
    *IN_HEADS,
    *IN_BODIES,
    *IN_EVENTS,
)
"""All differences."""

REMEDIES: Final = Settings(
    tuple(name for difference in INTENDED for name in difference.remedy.tolerate),
    tuple(limit for difference in INTENDED for limit in difference.remedy.limits),
)
"""What a server can be told to do as upstream does, as far as it can be told at all."""
