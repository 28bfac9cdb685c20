"""Bodies of all sizes that matter, the same in every process.

In: a size. Out: that many octets, and what the server tells about them.
"""

import hashlib
import random
from typing import NamedTuple

SIZES = (0, 1, 65_535, 1_000_000, 10_000_000)
"""Nothing, the least, one less than a usual buffer, and what fits into none."""

_OCTETS = random.Random(9112).randbytes(max(SIZES))


class Digest(NamedTuple):
    """What is told of a body: enough to see that it arrived whole."""

    size: int
    sha256: str


def octets(size: int) -> bytes:
    """Return a body of a size."""
    return _OCTETS[:size]


def digest(body: bytes) -> Digest:
    """Return what a server that received `body` whole tells of it."""
    return Digest(len(body), hashlib.sha256(body).hexdigest())
