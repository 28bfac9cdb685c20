"""Markers: constants that are instances of themselves.

In: the body of a class statement. Out: a value that is compared with `is`, prints as its own name,
and is its own type, so that `type(x)`, `isinstance(x, MARKER)` and an annotation `type[MARKER]` all
work for it.
"""

from typing import Any, NoReturn, TypeVar

_Marker = TypeVar("_Marker", bound="Sentinel")


class Sentinel(type):
    """The base and the metaclass of every marker: `class NAME(Sentinel, metaclass=Sentinel)`."""

    def __new__(
        cls: type[_Marker], name: str, bases: tuple[type, ...], namespace: dict[str, Any]
    ) -> _Marker:
        """Return the marker that a class statement describes.

        Raises:
            TypeError: If it would extend another marker; markers are final.
        """
        if bases != (Sentinel,):
            raise TypeError(f"{bases[0].__name__} is a marker and cannot be extended")
        marker = super().__new__(cls, name, bases, namespace)
        marker.__class__ = marker  # type: ignore[assignment]  # being its own type is the point
        return marker

    def __call__(cls, *_args: object, **_kwargs: object) -> NoReturn:
        """Refuse: there is only the marker, nothing to make from it.

        Raises:
            TypeError: Always.
        """
        raise TypeError(f"{cls.__name__} is a marker and cannot be called")

    def __repr__(cls) -> str:
        """Return the name."""
        return cls.__name__
