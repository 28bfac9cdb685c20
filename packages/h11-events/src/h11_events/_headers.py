"""Header and trailer sections: ordered, validated, with the casing that they came in.

In: pairs of a field name and a field value. Out: `Headers`, an immutable sequence of pairs with
lower-cased names (RFC 9110 section 5), in which Content-Length and Transfer-Encoding are known to
make sense.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeVar, overload

from h11_events._fields import is_length, merge_content_lengths, merge_transfer_encodings
from h11_events._grammar import (
    FIELD_NAMES,
    Octets,
    check_field_values,
    is_clean,
    to_octets,
)

FieldLine = tuple[bytes, bytes]
"""A field name and its value."""

_Default = TypeVar("_Default")

_new = object.__new__


class Headers(Sequence[FieldLine]):
    """A header or trailer section: an immutable sequence of `(name, value)` pairs.

    It equals the list of its pairs. Names are in lower case, and so is the transfer coding;
    `raw_items` has both as they were given. Several Content-Length lines that agree are merged into
    the first, and so are those of Transfer-Encoding.

    Args:
        items: The pairs, each of text (ASCII) or bytes-like objects.

    Raises:
        LocalProtocolError: If a name or a value is illegal (RFC 9110 section 5), or if
            Content-Length or Transfer-Encoding is.
        UnicodeEncodeError: If text is not ASCII.
        TypeError: If a part is neither text nor bytes-like.

    Attributes:
        content_length: The length that Content-Length announces, in bytes; None without the field
            (RFC 9110 section 8.6).
        is_chunked: Whether there is Transfer-Encoding; the only coding known is `chunked` (RFC 9112
            section 6.1).
    """

    __slots__ = ("_content_length", "_index", "_is_chunked", "_lines", "_pairs", "_raw")

    if TYPE_CHECKING:

        @property
        def content_length(self) -> int | None: ...
        @property
        def is_chunked(self) -> bool: ...
    else:
        # Every message is asked for them; a getter in C takes half the time of one in Python.
        content_length = property(attrgetter("_content_length"))
        is_chunked = property(attrgetter("_is_chunked"))

    _content_length: int | None
    _is_chunked: bool

    _raw: list[FieldLine] | None
    """The field lines, each name as it was given; None until asked for, if there are `_lines`."""

    _lines: list[bytes]
    """The same as they were on the wire, in the usual form, each after the LF of the line before;
    only used while `_raw` is None."""

    _index: dict[bytes, bytes]
    """The first value of each name in lower case; as long as no name is repeated, all there is."""

    _pairs: list[FieldLine] | None
    """The pairs, once they are asked for, or from the beginning if a name is repeated."""

    def __init__(self, items: Iterable[tuple[Octets, Octets]] = ()) -> None:
        if type(items) is not list and isinstance(items, Headers):
            self._take(items.raw_items(), items._index)
            return
        known = FIELD_NAMES.known
        raw: list[Any] = list(items)
        index: dict[bytes, bytes] = {}
        try:
            for line in raw:
                name, value = line
                # Nothing can be stripped from `bytes` that are themselves after it.
                if type(line) is not tuple or type(name) is not bytes or value.strip() is not value:
                    break
                try:
                    index[known[name]] = value
                except KeyError:
                    index[FIELD_NAMES[name]] = value
            else:
                values = index.values() if len(index) == len(raw) else [value for _, value in raw]
                if is_clean(b"".join(values)):
                    self._take(raw, index)
                    return
        except (TypeError, AttributeError):
            pass
        raw = [(to_octets(name), to_octets(value)) for name, value in raw]
        check_field_values([value for _, value in raw])
        self._take(raw, {FIELD_NAMES[name]: value for name, value in raw})

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
        headers = _new(cls)
        headers._take(lines, {FIELD_NAMES[name]: value for name, value in lines})
        return headers

    @classmethod
    def from_usual_lines(cls, lines: list[bytes]) -> "Headers":
        """Return headers from lines as they are on the wire, whose octets were judged already.

        Also for a parser, and the fastest way. Names, Content-Length and Transfer-Encoding are
        still checked.

        Args:
            lines: Field lines, each with the LF before it and without its own CR, a space after
                each colon, and no other white space than SP. The list is kept, not copied.

        Returns:
            The headers.

        Raises:
            LocalProtocolError: If a line is in another form, a name is illegal, or Content-Length
                or Transfer-Encoding is.
        """
        known = FIELD_NAMES.known_on_wire
        index: dict[bytes, bytes] = {}
        for line in lines:
            beginning, _, value = line.partition(b" ")
            try:
                index[known[beginning]] = value.strip()
            except KeyError:
                index[FIELD_NAMES.of_line(beginning)] = value.strip()
        headers = _new(cls)
        is_chunked = b"transfer-encoding" in index
        if len(index) != len(lines) or (is_chunked and index[b"transfer-encoding"] != b"chunked"):
            split = (line.partition(b":") for line in lines)
            headers._take([(name[1:], value.strip()) for name, _, value in split], index)
            return headers
        headers._raw = None
        headers._lines = lines
        headers._index = index
        headers._pairs = None
        headers._content_length = None
        headers._is_chunked = is_chunked
        if b"content-length" in index:
            length = index[b"content-length"]
            if not is_length(length):
                length = headers._merge(b"content-length", merge_content_lengths)
            headers._content_length = int(length)
        return headers

    def _take(self, raw: list[FieldLine], index: dict[bytes, bytes]) -> None:
        """Take over the field lines, and see to the fields that frame a message."""
        self._raw = raw
        self._index = index
        self._pairs = None
        self._content_length = None
        self._is_chunked = b"transfer-encoding" in index
        repeated = len(index) != len(raw)
        if repeated:
            self._pairs = [(FIELD_NAMES[name], value) for name, value in raw]
            self._index = index = {}
            for name, value in self._pairs:
                index.setdefault(name, value)
        if b"content-length" in index:
            length = index[b"content-length"]
            if repeated or not is_length(length):
                length = self._merge(b"content-length", merge_content_lengths)
            self._content_length = int(length)
        if self._is_chunked:
            self._merge(b"transfer-encoding", merge_transfer_encodings)

    def _merge(self, name: bytes, merge: Callable[[list[bytes]], bytes]) -> bytes:
        """See that there is one line with that name, and return the value that all agree on."""
        values = self.get_all(name) if self._pairs else [self._index[name]]
        merged = merge(values)
        if len(values) > 1 or values[0].lower() != merged:
            lines: list[FieldLine] = []
            for line in self.raw_items():
                if line[0].lower() != name:
                    lines.append(line)
                elif values:
                    lines.append((line[0], merged))
                    values = []
            self._take(lines, {FIELD_NAMES[name]: value for name, value in lines})
        elif values[0] != merged:
            # Only the case of letters is another, so the line stays as it was given.
            self._index[name] = merged
            if self._pairs:
                self._pairs = [
                    (key, merged if key == name else value) for key, value in self._pairs
                ]
        return merged

    @property
    def has_repeated_names(self) -> bool:
        """Whether some name has more than one line."""
        return self._raw is not None and len(self._index) != len(self._raw)

    def _split_lines(self) -> list[FieldLine]:
        """Return the field lines that are still as they were on the wire, and keep them split."""
        # Without repeated names, the values are in the order of the lines. The lines stay, because
        # another thread may be about to split them, too.
        names = (line.partition(b":")[0][1:] for line in self._lines)
        self._raw = raw = list(zip(names, self._index.values(), strict=True))
        return raw

    def raw_items(self) -> list[FieldLine]:
        """Return the pairs with each name, and the transfer coding, in the casing it was given in.

        Returns:
            A new list.
        """
        raw = self._raw
        return (self._split_lines() if raw is None else raw).copy()

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
        if self.has_repeated_names:
            return [value for other, value in self if other == lower]
        return [self._index[lower]] if lower in self._index else []

    def without(self, names: Collection[bytes]) -> "Headers":
        """Return the headers without some fields.

        Args:
            names: The names of those fields, in lower case.

        Returns:
            Headers with the other field lines, as they were given; the same object if there is
            nothing to leave out.
        """
        if not any(name in self._index for name in names):
            return self
        lines = zip(self.raw_items(), self, strict=True)
        return Headers.from_field_lines([raw for raw, (name, _) in lines if name not in names])

    def _pair_list(self) -> list[FieldLine]:
        """Return the pairs as a list, which is made only if somebody asks."""
        if self._pairs is None:
            self._pairs = list(self._index.items())
        return self._pairs

    @overload
    def __getitem__(self, index: int) -> FieldLine: ...

    @overload
    def __getitem__(self, index: slice) -> list[FieldLine]: ...

    def __getitem__(self, index: int | slice) -> FieldLine | list[FieldLine]:
        """Return a pair, or a list of pairs for a slice."""
        return self._pair_list()[index]

    def __iter__(self) -> Iterator[FieldLine]:
        """Return an iterator over the pairs."""
        return iter(self._index.items() if self._pairs is None else self._pairs)

    def __len__(self) -> int:
        """Return the number of pairs."""
        return len(self._index if self._raw is None else self._raw)

    def __eq__(self, other: object) -> bool:
        """Return whether another sequence has the same pairs in the same order."""
        if isinstance(other, Headers):
            return self._pair_list() == other._pair_list()
        if isinstance(other, Sequence):
            return self._pair_list() == list(other)
        return NotImplemented

    __hash__: ClassVar[None] = None  # type: ignore[assignment]  # what equals a list cannot be hashed

    def __repr__(self) -> str:
        """Return the pairs, marked as headers."""
        return f"<Headers({self._pair_list()!r})>"


NO_HEADERS: Final = Headers()
"""The headers of every message part that has none."""
