"""What all events have in common: they are values, and nobody can change or extend them.

In: the fields that a class of events names. Out: equality, a text, copies, and pickles of them.
"""

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from h11_events._immutable import Immutable


class Event(Immutable):
    """The base of all events.

    Events compare by value, have no hash, and cannot be changed. The six classes are final.
    """

    __slots__ = ()
    __match_args__: ClassVar[tuple[str, ...]] = ()

    _SELDOM: ClassVar[tuple[str, ...]] = ()
    """Further fields, which are not shown while they are empty."""

    _NAMES: ClassVar[tuple[str, ...]] = ()
    """All fields."""

    def __init_subclass__(cls) -> None:
        """Refuse to extend a class that is final, and note the fields of any other.

        Raises:
            TypeError: If it would be.
        """
        for base in cls.__bases__:
            if "__final__" in vars(base):
                raise TypeError(f"{base.__name__} is final and cannot be subclassed")
        cls._NAMES = cls.__match_args__ + cls._SELDOM

    def _fields(self) -> dict[str, Any]:
        """Return the fields by name."""
        return {name: getattr(self, name) for name in self._NAMES}

    def __eq__(self, other: object) -> bool:
        """Return whether the other is an event of the same class with equal fields."""
        if type(other) is not type(self):
            return NotImplemented
        return self._fields() == other._fields()

    __hash__: ClassVar[None] = None  # type: ignore[assignment]  # headers and data may be unhashable

    def __repr__(self) -> str:
        """Return the call that makes the event."""
        fields = self._fields().items()
        shown = [f"{name}={value!r}" for name, value in fields if value or name not in self._SELDOM]
        return f"{type(self).__name__}({', '.join(shown)})"

    def __reduce__(self) -> tuple[Callable[..., "Event"], tuple[type["Event"], dict[str, Any]]]:
        """Return how to make a copy, for `copy` and `pickle`."""
        return make_event, (type(self), self._fields())


AnEvent = TypeVar("AnEvent", bound=Event)


def make_event(cls: type[AnEvent], fields: dict[str, Any]) -> AnEvent:
    """Return an event with fields that were judged before."""
    event = object.__new__(cls)
    for name, value in fields.items():
        object.__setattr__(event, name, value)
    return event
