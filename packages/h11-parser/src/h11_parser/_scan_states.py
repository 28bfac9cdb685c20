"""Scanning lines octet by octet: what may stand where, as states that lead to states.

In: sets of octets and what comes after them. Out: states, for `ReceiveBuffer` to walk along as
the octets arrive: each octet is looked at once, however they are cut, and the first one that cannot
become legal any more is known at once (RFC 9112 section 2.2).
"""

import re
from enum import Enum
from typing import Final, NamedTuple, Protocol, cast

from h11_events import ErrorCode, LocalProtocolError, last_octets

CR: Final = 0x0D
LF: Final = 0x0A


class Mark(Enum):
    """What entering a state means beyond its grammar."""

    FIELD = "a field begins"
    END = "the last line has ended"
    REFUSED = "the octet is legal in HTTP, but not for us"


class Place(NamedTuple):
    """Where a state belongs, for the error about an octet that may not stand there."""

    what: str
    """What is malformed then."""

    code: ErrorCode
    """The code of the error."""


class Matches(Protocol):
    """What `re.Match` has of use here."""

    def end(self) -> int:
        """Return where the match ends."""


class Run(Protocol):
    """What matches the octets that stay in a state: as many as there are, possibly none."""

    def __call__(self, octets: bytes | bytearray, start: int, end: int, /) -> Matches:
        """Match between two places."""


def run_of(octets: bytes) -> Run:
    """Return what matches any number of some octets."""
    # What can match nothing always matches.
    pattern = rb"[%b]*+" % re.escape(octets) if octets else b""
    return cast("Run", re.compile(pattern).match)


class State:
    """A place in the grammar.

    Args:
        place: Where it belongs.
        expected: What may stand there, for a person.
        run: The octets that stay in it.
        exits: The states that single octets lead to.
        mark: What entering it means.
    """

    __slots__ = ("exits", "expected", "mark", "place", "run", "stays")

    def __init__(
        self,
        place: Place,
        expected: str,
        *,
        run: bytes = b"",
        exits: "dict[int, State] | None" = None,
        mark: Mark | None = None,
    ) -> None:
        self.place = place
        self.expected = expected
        self.stays = frozenset(run)
        self.run = run_of(run)
        self.exits = {} if exits is None else exits
        self.mark = mark

    def refuse(self, line: bytes) -> LocalProtocolError:
        """Return what to raise for an octet that may not stand here.

        Args:
            line: The octets of its line up to that octet.
        """
        shown = last_octets(line)
        return LocalProtocolError(
            f"illegal {self.place.what}: {shown!r} goes wrong at its last octet,"
            f" expected {self.expected}",
            code=self.place.code,
            excerpt=shown,
        )


class Section(NamedTuple):
    """Lines that are scanned together: a head, a trailer section, or a chunk header."""

    start: State
    """Where a scan begins."""

    what: str
    """What it is."""

    size: int
    """The limit of its size in bytes."""

    size_name: str
    """The name of that limit."""

    code: ErrorCode
    """The code of the error where it is over the limit."""

    field_count: int = 0
    """The most fields that it may have."""

    line_code: ErrorCode | None = None
    """The code where its first line alone is over the limit, if that is another one."""

    whole: bool = True
    """Whether the limit holds for complete lines, too, and not only as long as some are missing."""

    def holding_for_incomplete_lines(self, name: str) -> "Section":
        """Return the section with a limit that complete lines may be over.

        Args:
            name: The name of the limit.
        """
        return self._replace(size_name=name, line_code=None, whole=False)

    def too_large(self, octets: bytes) -> LocalProtocolError:
        """Return what to raise for lines that have not ended within their limit.

        Args:
            octets: As many as can be within it.
        """
        what, code = self.what, self.code
        if self.line_code is not None and b"\n" not in octets:
            what, code = f"first line of a {what}", self.line_code
        return LocalProtocolError(
            f"{what} too large: over the limit of {self.size} bytes ({self.size_name})",
            code=code,
            excerpt=octets,
            expected=self.size,
        )

    def too_many_fields(self, line: bytes) -> LocalProtocolError:
        """Return what to raise for more fields than allowed.

        Args:
            line: The octets of the first line that is too much.
        """
        limit = self.field_count
        return LocalProtocolError(
            f"{self.what} has more fields than the limit of {limit} (Limits.field_count)",
            code=ErrorCode.TOO_MANY_FIELDS,
            excerpt=line,
            expected=limit,
            received=limit + 1,
        )


def octets_to(state: State, octets: bytes) -> dict[int, State]:
    """Return exits by which some octets lead to one state."""
    return dict.fromkeys(octets, state)


def line_end(then: State, place: Place, *, bare_lf: bool) -> dict[int, State]:
    """Return the exits at the end of a line.

    Args:
        then: What comes after it.
        place: Where the line belongs.
        bare_lf: Whether LF alone is a line end.
    """
    exits = {CR: State(place, "LF after CR", exits={LF: then})}
    return exits | {LF: then} if bare_lf else exits


def literally(octets: bytes, then: State, place: Place) -> State:
    """Return the state from which certain octets, and no others, lead to another one."""
    for octet in reversed(octets):
        then = State(place, repr(bytes([octet])), exits={octet: then})
    return then
