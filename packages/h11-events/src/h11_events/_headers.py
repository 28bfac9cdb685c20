"""Header and trailer sections: ordered, validated, with the casing that they came in.

In: pairs of a field name and a field value. Out: `Headers`, an immutable sequence of pairs with
lower-cased names (RFC 9110 section 5), in which Content-Length and Transfer-Encoding are known to
make sense.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, TypeVar, overload

from h11_events._fields import merge_content_lengths, merge_transfer_encodings
from h11_events._grammar import FIELD_NAMES, Octets, check_field_values, to_octets

FieldLine = tuple[bytes, bytes]
"""A field name and its value."""

_Default = TypeVar("_Default")

_MERGERS: Final = {
    b"content-length": merge_content_lengths,
    b"transfer-encoding": merge_transfer_encodings,
}
"""The fields that frame a message: one answer each, whatever number of lines gave it."""


class Headers(Sequence[FieldLine]):
    """A header or trailer section: an immutable sequence of `(name, value)` pairs.

    It equals the list of its pairs. Names are in lower case; `raw_items` has them as they were
    given. Several Content-Length lines that agree are merged into the first; the name of the
    transfer coding is put in lower case.

    Args:
        items: The pairs, each of text (ASCII) or bytes-like objects.

    Raises:
        LocalProtocolError: If a name or a value is illegal (RFC 9110 section 5), or if
            Content-Length or Transfer-Encoding is.
        UnicodeEncodeError: If text is not ASCII.
        TypeError: If a part is neither text nor bytes-like.
    """

    __slots__ = ("_index", "_pairs", "_raw")

    _raw: list[FieldLine]
    _pairs: list[FieldLine]
    _index: dict[bytes, bytes]

    def __init__(self, items: Iterable[tuple[Octets, Octets]] = ()) -> None:
        if isinstance(items, Headers):
            self._raw, self._pairs, self._index = items._raw, items._pairs, items._index
            return
        raw = [
            (
                name if type(name) is bytes else to_octets(name),
                value if type(value) is bytes else to_octets(value),
            )
            for name, value in items
        ]
        check_field_values([value for _, value in raw])
        self._settle(raw)

    @classmethod
    def from_field_lines(cls, lines: list[FieldLine]) -> "Headers":
        """Return headers from field lines whose values were judged already.

        For a parser, which judges all octets of a head in one pass. Names, Content-Length and
        Transfer-Encoding are still checked.

        Args:
            lines: Names and values, without white space around them. The list is kept, not copied.

        Returns:
            The headers.

        Raises:
            LocalProtocolError: If a name is illegal, or Content-Length or Transfer-Encoding is.
        """
        headers = cls.__new__(cls)
        headers._settle(lines)
        return headers

    def _settle(self, raw: list[FieldLine]) -> None:
        """Take over the field lines, and see to the fields that frame a message."""
        names = FIELD_NAMES
        self._raw = raw
        self._pairs = pairs = [(names[name], value) for name, value in raw]
        self._index = index = dict(pairs)
        if len(index) != len(pairs):
            self._index = index = dict(reversed(pairs))
        if b"content-length" in index:
            self._merge(b"content-length")
        if b"transfer-encoding" in index:
            self._merge(b"transfer-encoding")

    def _merge(self, name: bytes) -> None:
        """Leave one line with that name, the first, and give it the value that all agree on."""
        values = [value for other, value in self._pairs if other == name]
        merged = _MERGERS[name](values)
        if values == [merged]:
            return
        self._index[name] = merged
        raw, self._raw = self._raw, []
        pairs, self._pairs = self._pairs, []
        missing = True
        for line, pair in zip(raw, pairs, strict=True):
            if pair[0] != name:
                self._raw.append(line)
                self._pairs.append(pair)
            elif missing:
                self._raw.append((line[0], merged))
                self._pairs.append((name, merged))
                missing = False

    @property
    def has_repeated_names(self) -> bool:
        """Whether some name has more than one line."""
        return len(self._index) != len(self._pairs)

    def raw_items(self) -> list[FieldLine]:
        """Return the pairs with each name in the casing that it was given in.

        Returns:
            A new list.
        """
        return self._raw.copy()

    @overload
    def get(self, name: Octets) -> bytes | None: ...

    @overload
    def get(self, name: Octets, default: _Default) -> bytes | _Default: ...

    def get(self, name: Octets, default: object = None) -> object:
        """Return the value of the first field line with a name.

        Args:
            name: The field name, in any case.
            default: What to return without such a line.

        Returns:
            The value, or `default`.
        """
        return self._index.get(to_octets(name).lower(), default)

    def get_all(self, name: Octets) -> list[bytes]:
        """Return the values of all field lines with a name.

        Args:
            name: The field name, in any case.

        Returns:
            The values, in their order; an empty list without such a line.
        """
        lower = to_octets(name).lower()
        return [value for other, value in self._pairs if other == lower]

    @overload
    def __getitem__(self, index: int) -> FieldLine: ...

    @overload
    def __getitem__(self, index: slice) -> list[FieldLine]: ...

    def __getitem__(self, index: int | slice) -> FieldLine | list[FieldLine]:
        """Return a pair, or a list of pairs for a slice."""
        return self._pairs[index]

    def __iter__(self) -> Iterator[FieldLine]:
        """Return an iterator over the pairs."""
        return iter(self._pairs)

    def __len__(self) -> int:
        """Return the number of pairs."""
        return len(self._pairs)

    def __eq__(self, other: object) -> bool:
        """Return whether another sequence has the same pairs in the same order."""
        if isinstance(other, Headers):
            return self._pairs == other._pairs
        if isinstance(other, Sequence):
            return self._pairs == list(other)
        return NotImplemented

    __hash__ = None  # type: ignore[assignment]  # what equals a list cannot be hashed

    def __repr__(self) -> str:
        """Return the pairs, marked as headers."""
        return f"<Headers({self._pairs!r})>"


NO_HEADERS: Final = Headers()
"""The headers of every message part that has none."""
