"""A large body that every process makes for itself, so that hashes of it can be compared."""

import hashlib
import random
from collections.abc import Iterator

BODY = random.Random(9112).randbytes(10 * 1024 * 1024)

DIGEST = hashlib.sha256(BODY).hexdigest()


def body_in_pieces(size: int = 100_003) -> Iterator[bytes]:
    """Yield the large body in pieces of `size` bytes and a shorter last one."""
    for start in range(0, len(BODY), size):
        yield BODY[start : start + size]
