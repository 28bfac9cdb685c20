"""What a reader takes from a peer: the grammar with its tolerances, and the limits.

In: tolerances and limits, or nothing. Out: one immutable object for all readers of a stream; the
same one for the same arguments, because its grammar is large.
"""

import sys
from collections.abc import Callable
from functools import cached_property, lru_cache
from typing import Final, TypeVar, cast

from h11_events import Immutable
from h11_parser._limits import DEFAULT_LIMITS, Limits
from h11_parser._scan_states import Section
from h11_parser._sections import chunk_header, request_head, response_head, trailer_section
from h11_parser._target import MatchLine, Target
from h11_parser._tolerance import ALLOWED_IN_REQUESTS, ALLOWED_IN_RESPONSES, Tolerance

_MOST_DIALECTS: Final = 128

_Maker = TypeVar("_Maker", bound=Callable[..., "Dialect"])

# Type checkers would forget the arguments of what the cache wraps.
_remember = cast("Callable[[_Maker], _Maker]", lru_cache(maxsize=_MOST_DIALECTS))


class Dialect(Immutable):
    """What is let through, and how much; made by `request_dialect` and `response_dialect`.

    Args:
        tolerate: What to let through.
        limits: How much to take.
        whole: Whether the limits of a head and of a trailer section hold for complete ones, too.

    Attributes:
        tolerate: As given.
        limits: As given.
        head_size: The most bytes of a complete head.
        trailer_size: The most bytes of a complete trailer section.
        usual_lines: The most pieces that a head with all fields allowed has between its CRLFs.
    """

    tolerate: Tolerance
    limits: Limits
    head_size: int
    trailer_size: int
    usual_lines: int
    _whole: bool

    def __init__(self, tolerate: Tolerance, limits: Limits, *, whole: bool = True) -> None:
        vars(self).update(
            tolerate=tolerate,
            limits=limits,
            head_size=limits.head_size if whole else sys.maxsize,
            trailer_size=limits.trailer_size if whole else sys.maxsize,
            # A start line, and what is before and after the last CRLF.
            usual_lines=limits.field_count + 3,
            _whole=whole,
        )

    @cached_property
    def _target(self) -> Target:
        """What request targets look like."""
        return Target(self.tolerate)

    @cached_property
    def _match_usual_request_line(self) -> MatchLine:
        """What matches nearly all request lines."""
        return self._target.match_usual_request_line

    @cached_property
    def _request_head(self) -> Section:
        """The head of a request."""
        return self._limited(request_head(self.tolerate, self.limits))

    @cached_property
    def _response_head(self) -> Section:
        """The head of a response."""
        return self._limited(response_head(self.tolerate, self.limits))

    @cached_property
    def _chunk_header(self) -> Section:
        """The line before a chunk's data."""
        return chunk_header(self.tolerate, self.limits)

    @cached_property
    def _trailer_section(self) -> Section:
        """A trailer section."""
        return self._limited(trailer_section(self.tolerate, self.limits))

    def _limited(self, section: Section) -> Section:
        """Return a section whose limit holds for what it shall hold for."""
        if self._whole:
            return section
        return section.holding_for_incomplete_lines("max_incomplete_event_size")


@_remember
def request_dialect(
    max_incomplete_event_size: int | None = None,
    tolerate: Tolerance | None = None,
    limits: Limits | None = None,
) -> Dialect:
    """Return what a reader of requests takes.

    Args:
        max_incomplete_event_size: The most bytes of an incomplete head or trailer section, in place
            of limits for complete ones.
        tolerate: What to let through; None for `Tolerance.REQUESTS`.
        limits: How much to take; None for the defaults.

    Raises:
        ValueError: If something cannot be let through in requests, or a size is given twice.
    """
    tolerate = Tolerance.REQUESTS if tolerate is None else tolerate
    _refuse(tolerate & ~ALLOWED_IN_REQUESTS, "requests")
    return _dialect(max_incomplete_event_size, tolerate, limits)


@_remember
def response_dialect(
    max_incomplete_event_size: int | None = None,
    tolerate: Tolerance | None = None,
    limits: Limits | None = None,
) -> Dialect:
    """Return what a reader of responses takes.

    Args:
        max_incomplete_event_size: The most bytes of an incomplete head or trailer section, in place
            of limits for complete ones.
        tolerate: What to let through; None for `Tolerance.RESPONSES`.
        limits: How much to take; None for the defaults.

    Raises:
        ValueError: If something cannot be let through in responses, or a size is given twice.
    """
    tolerate = Tolerance.RESPONSES if tolerate is None else tolerate
    _refuse(tolerate & ~ALLOWED_IN_RESPONSES, "responses")
    return _dialect(max_incomplete_event_size, tolerate, limits)


def _refuse(tolerate: Tolerance, direction: str) -> None:
    """Refuse tolerances that a direction cannot have."""
    if tolerate:
        raise ValueError(f"cannot be let through in {direction}: {tolerate!r}")


def _dialect(
    max_incomplete_event_size: int | None, tolerate: Tolerance, limits: Limits | None
) -> Dialect:
    """Return a dialect with the limits that are meant."""
    size = max_incomplete_event_size
    if size is None:
        return _the_one(tolerate, DEFAULT_LIMITS if limits is None else limits, whole=True)
    if limits is not None:
        raise ValueError("give either max_incomplete_event_size or limits")
    return _the_one(tolerate, Limits(head_size=size, trailer_size=size), whole=False)


@_remember
def _the_one(tolerate: Tolerance, limits: Limits, *, whole: bool) -> Dialect:
    """Return the same dialect to all who ask for it, in whatever words."""
    return Dialect(tolerate, limits, whole=whole)


REQUESTS: Final = request_dialect()
"""What a reader of requests takes if nobody says otherwise."""

RESPONSES: Final = response_dialect()
"""What a reader of responses takes if nobody says otherwise."""
