"""Whether the memory of a server is flat.

In: what it says of its memory. Out: by which part that has grown.

A process that has just begun grows: modules, caches, room for as many clients as there ever are at
once. So it is warmed up, with more clients than come later, who all leave again. Then memory is
judged in two ways:

- Resident memory, sampled each half second under load. It goes up for a while whenever many clients
  want much at once, and comes down again, so that the height of a peak says nothing; but what leaks
  never comes back, and raises the lowest that there is between the peaks. Growth is how far the
  lowest of the last quarter of the time is above that of the quarter before; as the beginnings of
  these two are half of the last half apart, it is twice that for the last half.
- The blocks of memory that objects have, once after the warming up and once at the end, when all
  clients have gone and all garbage has been collected. Resident memory moves by whole pages and for
  the sake of fragments, and what leaks slowly can hide in the room that the warming up has made; of
  these blocks there must be as many as before, for whoever has gone shall have left nothing.
"""

import asyncio
from collections.abc import Callable, Sequence

INTERVAL = 0.5
"""Seconds between two samples."""

FEWEST = 2
"""Fewer samples in a quarter say nothing."""


class TooFewSamplesError(Exception):
    """The time was too short to say anything about memory."""


async def sampled(measure: Callable[[], int], seconds: float) -> list[int]:
    """Return what is measured for some seconds."""
    samples = []
    for _ in range(int(seconds / INTERVAL)):
        samples.append(measure())
        await asyncio.sleep(INTERVAL)
    return samples


def growth(samples: Sequence[float]) -> float:
    """Return by which part memory has grown over the last half of some samples.

    Args:
        samples: The memory at times of equal distance.

    Raises:
        TooFewSamplesError: If there are too few of them.
    """
    quarter = len(samples) // 4
    if quarter < FEWEST:
        message = f"{len(samples)} samples of memory are too few"
        raise TooFewSamplesError(message)
    before = min(samples[-2 * quarter : -quarter])
    after = min(samples[-quarter:])
    return 2 * (after - before) / before
