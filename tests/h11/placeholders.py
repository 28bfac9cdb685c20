"""Objects that stand for data which never passes through the program, for `sendfile` and the like.

In: how many bytes they stand for. Out: objects of which a connection may ask nothing but that.
"""

from typing import BinaryIO, NoReturn, cast

from h11 import Data


class FilePlaceholder:
    """The placeholder of the reference: a part of a file."""

    def __init__(self, file: BinaryIO, offset: int, count: int) -> None:
        """Stand for `count` bytes of a file from `offset` on."""
        self.file = file
        self.offset = offset
        self.count = count

    def __len__(self) -> int:
        """Return the number of bytes."""
        return self.count


class Untouchable:
    """An object with a length, for which it is an error to be asked anything else."""

    __slots__ = ("_length",)

    def __init__(self, length: int) -> None:
        """Stand for so many bytes."""
        object.__setattr__(self, "_length", length)

    def __len__(self) -> int:
        """Return the number of bytes."""
        length: int = object.__getattribute__(self, "_length")
        return length

    def __getattribute__(self, name: str) -> NoReturn:
        """Fail for any attribute."""
        raise AssertionError(f"the connection has asked for {name}")

    def __bool__(self) -> NoReturn:
        """Fail."""
        raise AssertionError("the connection has asked for the truth value")

    def __iter__(self) -> NoReturn:
        """Fail."""
        raise AssertionError("the connection has iterated")

    def __getitem__(self, index: object) -> NoReturn:
        """Fail."""
        raise AssertionError(f"the connection has asked for {index}")

    def __eq__(self, other: object) -> NoReturn:
        """Fail."""
        raise AssertionError("the connection has compared")

    def __hash__(self) -> NoReturn:
        """Fail."""
        raise AssertionError("the connection has asked for the hash")

    def __repr__(self) -> NoReturn:
        """Fail."""
        raise AssertionError("the connection has asked for the repr")

    def __bytes__(self) -> NoReturn:
        """Fail."""
        raise AssertionError("the connection has asked for the bytes")


class Interrupt(BaseException):
    """What comes at any time and is no error, such as `KeyboardInterrupt`."""


class Interrupted:
    """An object whose length is never told, because something comes in between."""

    def __len__(self) -> int:
        """Fail with what is not even an `Exception`."""
        raise Interrupt


def passing(placeholder: FilePlaceholder | Untouchable | Interrupted) -> Data:
    """Return an event with a placeholder in the place of its data."""
    return Data(data=cast("bytes", placeholder))
