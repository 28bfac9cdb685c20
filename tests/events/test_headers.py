"""`Headers` is an immutable sequence that equals the list of its pairs, with look-up by name."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import pytest

from h11_events import FieldLine, Headers, Octets

PAIRS: list[FieldLine] = [
    (b"host", b"example.com"),
    (b"set-cookie", b"a=1"),
    (b"x-empty", b""),
    (b"set-cookie", b"b=2"),
]
RAW: list[FieldLine] = [
    (b"Host", b"example.com"),
    (b"Set-Cookie", b"a=1"),
    (b"X-EMPTY", b""),
    (b"set-cookie", b"b=2"),
]


@pytest.fixture
def headers() -> Headers:
    """Four field lines, two of which have the same name in different casings."""
    return Headers(RAW)


def test_equals_the_list_of_its_pairs(headers: Headers) -> None:
    """Names compare in lower case, values as they are, in their order."""
    assert headers == PAIRS
    assert list(PAIRS) == headers
    assert headers == tuple(PAIRS)
    assert headers == Headers(PAIRS)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(PAIRS[:-1], id="one-less"),
        pytest.param([*PAIRS, (b"x", b"")], id="one-more"),
        pytest.param(PAIRS[::-1], id="other-order"),
        pytest.param([(b"host", b"example.org"), *PAIRS[1:]], id="other-value"),
        pytest.param(RAW, id="names-not-in-lower-case"),
        pytest.param(Headers(PAIRS[:-1]), id="other-headers"),
        pytest.param(dict(PAIRS), id="dict"),
        pytest.param(None, id="none"),
    ],
)
def test_differs_from_anything_else(headers: Headers, other: object) -> None:
    """No other list, no other headers and nothing of another kind is equal."""
    assert headers != other
    assert other != headers


def test_is_a_sequence_of_pairs(headers: Headers) -> None:
    """Length, iteration, reversal, index and count are those of the list."""
    assert isinstance(headers, Sequence)
    assert len(headers) == 4
    assert list(headers) == PAIRS
    assert list(reversed(headers)) == PAIRS[::-1]
    assert headers.index((b"set-cookie", b"b=2")) == 3
    assert headers.count((b"set-cookie", b"a=1")) == 1
    assert dict(headers) == {b"host": b"example.com", b"set-cookie": b"b=2", b"x-empty": b""}


def test_indexes_give_pairs(headers: Headers) -> None:
    """An index counts from either end; one outside is an error."""
    assert headers[0] == (b"host", b"example.com")
    assert headers[-1] == (b"set-cookie", b"b=2")
    with pytest.raises(IndexError):
        headers[4]


def test_slices_give_lists(headers: Headers) -> None:
    """A slice is the list of its pairs, which is the caller's to change."""
    assert headers[1:3] == PAIRS[1:3]
    assert headers[::-2] == PAIRS[::-2]
    assert type(headers[:]) is list

    headers[:].clear()

    assert headers == PAIRS


@pytest.mark.parametrize(
    ("item", "member"),
    [
        pytest.param((b"set-cookie", b"b=2"), True, id="pair"),
        pytest.param((b"Set-Cookie", b"a=1"), False, id="raw-pair"),
        pytest.param(b"host", False, id="name"),
    ],
)
def test_membership_is_of_pairs(headers: Headers, item: object, member: bool) -> None:
    """`in` asks for a pair, as in any sequence of pairs, not for a name."""
    assert (item in headers) is member


def test_empty_headers_are_false(headers: Headers) -> None:
    """Headers are true if they have a line, like any sequence."""
    assert headers
    assert not Headers()
    assert Headers([]) == Headers(()) == []


@pytest.mark.parametrize(
    "name", ["set-cookie", "SET-COOKIE", b"Set-Cookie", bytearray(b"set-Cookie")]
)
def test_look_up_by_name_in_any_case(headers: Headers, name: Octets) -> None:
    """`get` gives the first value of a name, `get_all` every one, in their order."""
    assert headers.get(name) == b"a=1"
    assert headers.get_all(name) == [b"a=1", b"b=2"]


def test_look_up_of_a_name_that_is_not_there(headers: Headers) -> None:
    """`get` gives None or the default, `get_all` an empty list."""
    default = object()

    assert headers.get("accept") is None
    assert headers.get("accept", b"*/*") == b"*/*"
    assert headers.get(b"accept", default=default) is default
    assert headers.get_all("accept") == []


def test_look_up_of_an_empty_value(headers: Headers) -> None:
    """A field that is there with nothing in it is not taken for one that is absent."""
    assert headers.get("x-empty", b"default") == b""
    assert headers.get_all("x-empty") == [b""]


def test_look_up_where_no_name_is_repeated() -> None:
    """`get_all` gives one value for a name with one line."""
    headers = Headers([("Host", "a"), ("Accept", "b")])

    assert not headers.has_repeated_names
    assert headers.get_all("accept") == [b"b"]
    assert headers.get_all("cookie") == []


def test_list_from_get_all_is_the_callers(headers: Headers) -> None:
    """Changing the list of values changes nothing in the headers."""
    headers.get_all("set-cookie").clear()

    assert headers.get_all("set-cookie") == [b"a=1", b"b=2"]


def test_repeated_names_are_known(headers: Headers) -> None:
    """Two lines with one name in different casings count as repeated."""
    assert headers.has_repeated_names
    assert not Headers(RAW[:3]).has_repeated_names
    assert not Headers().has_repeated_names


def test_raw_items_keep_the_casing(headers: Headers) -> None:
    """`raw_items` is a list of plain pairs of bytes, each name as it was given."""
    assert headers.raw_items() == RAW
    assert repr(headers.raw_items()) == repr(RAW)


def test_raw_items_are_a_new_list_each_time(headers: Headers) -> None:
    """Changing the list changes nothing in the headers."""
    headers.raw_items().clear()

    assert headers.raw_items() == RAW
    assert headers.raw_items() is not headers.raw_items()


def test_without_some_fields(headers: Headers) -> None:
    """All lines of those names are left out; the others stay as they were given."""
    rest = headers.without([b"set-cookie", b"absent"])

    assert rest == [(b"host", b"example.com"), (b"x-empty", b"")]
    assert rest.raw_items() == [(b"Host", b"example.com"), (b"X-EMPTY", b"")]
    assert rest.get_all("set-cookie") == []
    assert not rest.has_repeated_names
    assert headers == PAIRS
    assert headers.without({b"host", b"set-cookie", b"x-empty"}) == []


def test_without_nothing_is_the_same_object(headers: Headers) -> None:
    """Where there is nothing to leave out, nothing is copied."""
    assert headers.without([b"absent"]) is headers
    assert headers.without([]) is headers


def test_without_a_length_there_is_none() -> None:
    """The fields that frame a message are judged again."""
    headers = Headers([("Content-Length", "5"), ("Transfer-Encoding", "Chunked"), ("A", "b")])

    assert headers.without([b"content-length"]).content_length is None
    assert headers.without([b"content-length"]).is_chunked
    assert headers.without([b"transfer-encoding"]).content_length == 5
    assert not headers.without([b"transfer-encoding"]).is_chunked


def test_repr_shows_the_pairs() -> None:
    """The repr has the pairs, and says what holds them."""
    assert repr(Headers([("Host", "a")])) == "<Headers([(b'host', b'a')])>"
    assert repr(Headers()) == "<Headers([])>"


def test_no_hash(headers: Headers) -> None:
    """What equals a list has no hash."""
    with pytest.raises(TypeError, match="unhashable"):
        hash(headers)


def assign_item(headers: Any) -> None:
    """Try to replace a line."""
    headers[0] = (b"host", b"b")


def delete_item(headers: Any) -> None:
    """Try to take a line away."""
    del headers[0]


def assign_length(headers: Any) -> None:
    """Try to change how long the body is, which is told by the lines."""
    headers.content_length = 7


def assign_coding(headers: Any) -> None:
    """Try to change whether the body is chunked."""
    headers.is_chunked = True


def assign_attribute(headers: Any) -> None:
    """Try to add an attribute."""
    headers.note = "mine"


@pytest.mark.parametrize(
    "change", [assign_item, delete_item, assign_length, assign_coding, assign_attribute]
)
def test_nothing_can_be_changed(headers: Headers, change: Callable[[Headers], None]) -> None:
    """Lines cannot be set or deleted, and there is no room for other attributes."""
    with pytest.raises((TypeError, AttributeError)):
        change(headers)
    assert headers == PAIRS


@pytest.mark.parametrize("method", ["append", "extend", "insert", "pop", "remove", "clear", "sort"])
def test_no_methods_that_change_lists(headers: Headers, method: str) -> None:
    """What changes a list is not there."""
    assert not hasattr(headers, method)


def test_later_changes_of_the_input_have_no_effect() -> None:
    """Headers hold copies: neither the list nor a bytearray that was given matters any more."""
    value = bytearray(b"a")
    lines: list[tuple[Octets, Octets]] = [("Host", value)]
    headers = Headers(lines)

    value[:] = b"b\n"
    lines.clear()

    assert headers == [(b"host", b"a")]


def one_by_one(lines: list[FieldLine]) -> Iterator[FieldLine]:
    """Yield the lines from a generator."""
    yield from lines


@pytest.mark.parametrize(
    "container",
    [list, tuple, iter, one_by_one, Headers, lambda lines: [list(line) for line in lines]],
    ids=["list", "tuple", "iterator", "generator", "headers", "list-of-lists"],
)
def test_any_iterable_of_pairs_is_taken(
    container: Callable[[list[FieldLine]], Iterable[tuple[Octets, Octets]]],
) -> None:
    """What the pairs come in does not matter, also if it can be read only once."""
    headers = Headers(container(RAW))

    assert headers == PAIRS
    assert headers.raw_items() == RAW


@pytest.mark.parametrize("line", [("a",), ("a", "b", "c")], ids=["one", "three"])
def test_what_is_no_pair_is_refused(line: Any) -> None:
    """A line has a name and a value, neither less nor more."""
    with pytest.raises(ValueError, match="unpack"):
        Headers([line])


@pytest.mark.parametrize("part", [None, 5, 1.5, ["a"]], ids=["none", "int", "float", "list"])
def test_what_is_no_octets_is_refused(part: Any) -> None:
    """A number is no value: whoever means its digits has to say so."""
    with pytest.raises(TypeError):
        Headers([("Content-Length", part)])
    with pytest.raises(TypeError):
        Headers([(part, "5")])


def test_text_must_be_ascii() -> None:
    """Text with other characters would have several spellings in octets, so none is guessed."""
    with pytest.raises(UnicodeEncodeError):
        Headers([("X-Name", "Ren\u00e9")])
    with pytest.raises(UnicodeEncodeError):
        Headers([("Se\u00f1or", "x")])
    assert Headers([("X-Name", b"Ren\xe9")]).get("x-name") == b"Ren\xe9"
