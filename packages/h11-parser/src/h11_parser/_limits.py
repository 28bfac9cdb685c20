"""How much a peer may send before it has said something: sizes and counts, each with its reason.

In: numbers. Out: one immutable object for all readers of a stream.
"""

from typing import TYPE_CHECKING, Final

from h11_events import Immutable


class Limits(Immutable):
    """The most that a reader takes; all hold however the bytes are cut.

    Args:
        head_size: Bytes of a head, from its start line to its empty line. 16 KiB is what servers
            give a head, which have from 8 KiB (Apache, nginx) to 64 KiB.
        field_count: Fields of one header or trailer section. Real heads have up to a hundred; 256
            leaves room, and bounds what each field costs.
        trailer_size: Bytes of a trailer section, with its empty line; as many as a head.
        chunk_extension_size: Bytes of all chunk extensions of a message together, with the blanks
            around them. 16 KiB is more than anybody uses; without a limit, any number of octets can
            surround each octet of a body.

    Raises:
        TypeError: If one of them is no integer.
        ValueError: If one of them is negative.
    """

    __match_args__ = ("head_size", "field_count", "trailer_size", "chunk_extension_size")

    if TYPE_CHECKING:
        # As properties, so that type checkers refuse to set them, too.

        @property
        def head_size(self) -> int: ...
        @property
        def field_count(self) -> int: ...
        @property
        def trailer_size(self) -> int: ...
        @property
        def chunk_extension_size(self) -> int: ...

    else:
        __slots__ = ("chunk_extension_size", "field_count", "head_size", "trailer_size")

    def __init__(
        self,
        *,
        head_size: int = 16 * 1024,
        field_count: int = 256,
        trailer_size: int = 16 * 1024,
        chunk_extension_size: int = 16 * 1024,
    ) -> None:
        values = (head_size, field_count, trailer_size, chunk_extension_size)
        for name, value in zip(self.__match_args__, values, strict=True):
            if not isinstance(value, int):
                raise TypeError(f"{name} has to be an integer, not {type(value).__name__}")
            if value < 0:
                raise ValueError(f"{name} cannot be negative, but is {value}")
            object.__setattr__(self, name, value)

    def _values(self) -> tuple[int, ...]:
        """Return the limits, in the order in which they are documented."""
        return (self.head_size, self.field_count, self.trailer_size, self.chunk_extension_size)

    def __eq__(self, other: object) -> bool:
        """Return whether the other has the same limits."""
        return self._values() == other._values() if isinstance(other, Limits) else NotImplemented

    def __hash__(self) -> int:
        """Return a hash that equal limits share."""
        return hash(self._values())

    def __repr__(self) -> str:
        """Return the call that makes the limits."""
        pairs = zip(self.__match_args__, self._values(), strict=True)
        return f"Limits({', '.join(f'{name}={value}' for name, value in pairs)})"

    def __reduce__(self) -> tuple[object, ...]:
        """Return how to make a copy, for `copy` and `pickle`."""
        return _make, self._values()


def _make(head_size: int, field_count: int, trailer_size: int, chunk_extension_size: int) -> Limits:
    """Return limits from their values in order."""
    return Limits(
        head_size=head_size,
        field_count=field_count,
        trailer_size=trailer_size,
        chunk_extension_size=chunk_extension_size,
    )


DEFAULT_LIMITS: Final = Limits()
"""What holds if nobody says otherwise."""

DEFAULT_MAX_INCOMPLETE_EVENT_SIZE: Final = DEFAULT_LIMITS.head_size
"""The most bytes that a head may have if nobody says otherwise."""
