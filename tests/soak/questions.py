"""What the slow clients ask.

In: chance, and an identity. Out: a request to one of the handlers of the example server, and what
has to be answered. The identity is in the body of each upload, so that the answer to one of them is
no answer to any other; downloads tell each other by their length.
"""

import hashlib
from random import Random

from tests.soak.exchange import Question


def hello() -> Question:
    """Return what is answered in one piece."""
    return Question("/", b"Hello\n")


def lines(count: int) -> Question:
    """Return what is answered with some lines, a chunk each."""
    expected = b"".join(b"line %d\n" % number for number in range(count))
    return Question(f"/stream?n={count}", expected)


def upload(identity: str, chance: Random, size: int) -> tuple[bytes, ...]:
    """Return the pieces of a body that no other request has; as many octets as `size` at most."""
    pieces = chance.randrange(1, 9)
    sizes = [chance.randrange(1, size // pieces) for _ in range(pieces)]
    return (identity.encode(), *map(chance.randbytes, sizes))


def echo(identity: str, chance: Random, size: int = 1000) -> Question:
    """Return what is answered with its own body, while that still arrives."""
    body = upload(identity, chance, size)
    return Question("/echo", b"".join(body), body, chunked=chance.random() < 0.5)


def digest(identity: str, chance: Random, *, expect: bool = False) -> Question:
    """Return what is answered with the digest of its body."""
    body = upload(identity, chance, 1000)
    expected = hashlib.sha256(b"".join(body)).hexdigest().encode()
    return Question("/hash", expected, body, chance.random() < 0.5, expect)


def any_question(identity: str, chance: Random) -> Question:
    """Return a question of any kind."""
    kind = chance.randrange(4)
    if kind == 0:
        return hello()
    if kind == 1:
        return lines(chance.randrange(200))
    return echo(identity, chance) if kind == 2 else digest(identity, chance)
