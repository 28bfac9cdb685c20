"""What objects have in common that nobody can change after they are made.

In: nothing. Out: a base class; whoever makes an object of it sets the attributes past it.
"""

from typing import Never, NoReturn


class Immutable:
    """The base of objects whose attributes cannot be set or deleted.

    Many hold the same one, or rely on what was judged when it was made.
    """

    __slots__ = ()

    def __setattr__(self, name: str, value: Never) -> NoReturn:
        """Refuse.

        Raises:
            AttributeError: Always.
        """
        raise AttributeError(f"cannot set {name!r}: {type(self).__name__} is immutable")

    def __delattr__(self, name: str) -> NoReturn:
        """Refuse.

        Raises:
            AttributeError: Always.
        """
        raise AttributeError(f"cannot delete {name!r}: {type(self).__name__} is immutable")
