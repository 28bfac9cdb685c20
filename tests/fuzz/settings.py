"""What an input of a fuzzer means: octets in, settings and a stream out.

In: any octets. Out: how a reader is set up, how its stream is cut and answered, and the stream
(RFC 9112, whatever may be sent). Of each octet before the stream only the low four bits count, so
that `@ABCDEFGHIJKLMNO` stand for 0 to 15, and the files of the corpus can be read and edited.

    place  0    1          2 3 4      5       6 7     8 9 10 11  12       from 13
    means  end  tolerance  its flags  limits  pieces  plan       a break  the stream
"""

from collections.abc import Iterator
from itertools import cycle
from typing import Final, NamedTuple, Self

from h11_parser import Limits, Tolerance

PREAMBLE: Final = 13
"""How many octets there are before the stream; what is missing counts as zero."""

FLAGS: Final = tuple(Tolerance)
"""The tolerances, each a bit of the flags, the first the lowest."""

ONLY_IN_REQUESTS: Final = Tolerance.NON_ASCII_TARGET | Tolerance.UNENCODED_TARGET
"""What a client may not be told to tolerate: responses have no target."""

EVERY_TOLERANCE: Final = ~Tolerance.NONE
"""All flags."""

_STARTING, _NONE, _ALL = range(3)
"""Three values of the tolerance choice; with any other, the flags count."""

_CLOSED, _RESUMED = 1, 2
"""The bits of the choice of the end."""


class Settings(NamedTuple):
    """All that an input chooses."""

    closed: bool
    """Whether the stream ends."""

    resumed: bool
    """Whether a parser of requests goes on after each pause."""

    tolerance: Tolerance | None
    """What is tolerated, allowed or not; None for what a reader starts with."""

    limits: Limits | None
    """The limits; None for the usual ones."""

    sizes: tuple[int, int]
    """The sizes of the pieces that the stream is cut into, in turn."""

    plan: tuple[int, ...]
    """Four numbers up to 15; what they mean is up to the target."""

    stream: bytes
    """What the peer sends."""

    @classmethod
    def of(cls, octets: bytes) -> Self:
        """Return what an input means."""
        values = [octet & 15 for octet in octets[:PREAMBLE].ljust(PREAMBLE, b"@")]
        return cls(
            closed=not values[0] & _CLOSED,
            resumed=bool(values[0] & _RESUMED),
            tolerance=_tolerance(values[1], values[2:5]),
            limits=_limits(values[5]),
            sizes=(values[6] + 1, values[7] + 1),
            plan=tuple(values[8:12]),
            stream=octets[PREAMBLE:],
        )

    def tolerance_for(self, allowed: Tolerance) -> Tolerance | None:
        """Return what is tolerated where not every tolerance may be asked for."""
        return None if self.tolerance is None else self.tolerance & allowed

    def cuttings(self) -> Iterator[list[bytes]]:
        """Yield the stream whole, as the sizes have it, and octet by octet, each with its end."""
        end = [b""] * self.closed
        for sizes in ((max(1, len(self.stream)),), self.sizes, (1,)):
            yield [*pieces(self.stream, sizes), *end]


def preamble(
    *,
    closed: bool = True,
    resumed: bool = False,
    tolerance: Tolerance | None = None,
    limits: int = 0,
    sizes: tuple[int, int] = (2, 3),
    plan: tuple[int, int, int, int] = (0, 0, 0, 0),
) -> bytes:
    """Return the octets before a stream, with which `Settings.of` gives these settings.

    Args:
        closed: Whether the stream ends.
        resumed: Whether a parser of requests goes on after each pause.
        tolerance: What is tolerated; None for what a reader starts with.
        limits: Zero for the usual limits; up to 15, the more the higher.
        sizes: The sizes of the pieces, from 1 to 16.
        plan: Four numbers up to 15.
    """
    tolerated = Tolerance.NONE if tolerance is None else tolerance
    flags = sum(1 << place for place, flag in enumerate(FLAGS) if flag in tolerated)
    values = [
        (not closed) * _CLOSED + resumed * _RESUMED,
        _STARTING if tolerance is None else _ALL + 1,
        *(flags >> shift & 15 for shift in (8, 4, 0)),
        limits,
        *(size - 1 for size in sizes),
        *plan,
    ]
    return bytes(0x40 + value for value in values) + b"\n"


def pieces(stream: bytes, sizes: tuple[int, ...]) -> Iterator[bytes]:
    """Yield the stream in pieces of these sizes, which are used again and again."""
    start = 0
    for size in cycle(sizes):
        if start >= len(stream):
            return
        yield stream[start : start + size]
        start += size


def _tolerance(choice: int, flags: list[int]) -> Tolerance | None:
    """Return the tolerance that was chosen."""
    if choice == _STARTING:
        return None
    if choice == _NONE:
        return Tolerance.NONE
    if choice == _ALL:
        return EVERY_TOLERANCE
    bits = flags[0] << 8 | flags[1] << 4 | flags[2]
    result = Tolerance.NONE
    for place, flag in enumerate(FLAGS):
        if bits >> place & 1:
            result |= flag
    return result


def _limits(choice: int) -> Limits | None:
    """Return the usual limits for zero, and else such as a short stream can reach."""
    if not choice:
        return None
    return Limits(
        head_size=16 * choice,
        field_count=choice - 1,
        trailer_size=4 * choice,
        chunk_extension_size=2 * choice - 2,
    )
