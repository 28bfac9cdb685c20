"""The fields that frame a message: what they mean, how lines are merged, and what is refused.

Content-Length is of RFC 9110 section 8.6, Transfer-Encoding of RFC 9112 section 6.1.
"""

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from h11_events import (
    EndOfMessage,
    Headers,
    LocalProtocolError,
    Octets,
    Response,
    content_length,
    is_chunked,
)

LARGEST_64_BIT_NUMBER: Final = 2**64 - 1


def with_lengths(*values: Octets) -> Headers:
    """Return headers with one Content-Length line for each value."""
    return Headers([("Content-Length", value) for value in values])


@pytest.mark.parametrize(
    ("value", "length"),
    [
        pytest.param("0", 0, id="zero"),
        pytest.param("100", 100, id="number"),
        pytest.param(b"007", 7, id="leading-zeros"),
        pytest.param(bytearray(b"12"), 12, id="bytearray"),
        pytest.param(str(LARGEST_64_BIT_NUMBER), LARGEST_64_BIT_NUMBER, id="largest-64-bit"),
        pytest.param("9" * 20, 10**20 - 1, id="twenty-digits"),
    ],
)
def test_content_length_is_a_decimal_number(value: Octets, length: int) -> None:
    """Content-Length is digits, up to as many as the largest 64-bit number has."""
    assert content_length(with_lengths(value)) == length


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("", id="empty"),
        pytest.param("hello", id="word"),
        pytest.param("+5", id="plus"),
        pytest.param("-5", id="minus"),
        pytest.param("1_000", id="underscore"),
        pytest.param("1 000", id="blank-inside"),
        pytest.param("1.0", id="point"),
        pytest.param("1e3", id="exponent"),
        pytest.param("0x10", id="hexadecimal"),
        pytest.param("a", id="hexadecimal-digit"),
        pytest.param(b"\xb2", id="superscript-of-latin-1"),
        pytest.param("\u0661".encode(), id="arabic-digit"),
        pytest.param("9" * 21, id="absurdly-long"),
        pytest.param("0" * 21, id="absurdly-long-zero"),
        pytest.param("9" * 10_000, id="longer-than-int-reads"),
        pytest.param("+5, +5", id="list-of-signed"),
    ],
)
def test_content_length_is_nothing_else(value: Octets) -> None:
    """Whatever a number could be written like in Python or elsewhere is refused."""
    with pytest.raises(LocalProtocolError, match="bad Content-Length") as caught:
        with_lengths(value)
    assert caught.value.error_status_hint == 400


@pytest.mark.parametrize("value", [" 5", "5 ", "\t5", "5\t", "5\n", "\r\n5"])
def test_content_length_with_white_space_around_is_refused(value: str) -> None:
    """White space around a value is refused as it is in any field."""
    with pytest.raises(LocalProtocolError, match="Illegal header value"):
        with_lengths(value)


def test_equal_content_lengths_merge_into_the_first() -> None:
    """Lines that agree become one, at the place and in the casing of the first."""
    headers = Headers(
        [
            ("A", "1"),
            ("CONTENT-Length", "5"),
            ("B", "2"),
            ("content-length", "5"),
            ("a", "3"),
            ("Content-Length", "5"),
        ]
    )

    assert headers == [(b"a", b"1"), (b"content-length", b"5"), (b"b", b"2"), (b"a", b"3")]
    assert headers.raw_items() == [
        (b"A", b"1"),
        (b"CONTENT-Length", b"5"),
        (b"B", b"2"),
        (b"a", b"3"),
    ]
    assert headers.get_all("content-length") == [b"5"]
    assert headers.get_all("a") == [b"1", b"3"]


def test_merging_can_leave_no_repeated_names() -> None:
    """After the only repeated lines have become one, no name is repeated."""
    headers = Headers([("Content-Length", "5"), ("A", "1"), ("Content-Length", "5")])

    assert not headers.has_repeated_names
    assert headers == [(b"content-length", b"5"), (b"a", b"1")]


@pytest.mark.parametrize(
    "values",
    [("5, 5",), ("5,5", "5"), ("5 ,\t5",), ("5", "5, 5,5")],
    ids=["list", "list-and-line", "blanks", "line-and-list"],
)
def test_equal_content_lengths_in_lists_merge_too(values: tuple[str, ...]) -> None:
    """A recipient may have joined lines into a list (RFC 9110 section 8.6)."""
    assert with_lengths(*values) == [(b"content-length", b"5")]


@pytest.mark.parametrize(
    "values",
    [("5", "6"), ("5, 6",), ("5", "5", "6"), ("5", ""), ("5,",), (",5",), ("5", "05"), ("5", "+5")],
    ids=[
        "lines",
        "list",
        "third-line",
        "empty-line",
        "empty-at-end",
        "empty-at-start",
        "same-number-other-digits",
        "signed",
    ],
)
def test_differing_content_lengths_are_refused(values: tuple[str, ...]) -> None:
    """Two opinions about the length of a body are how requests are smuggled."""
    with pytest.raises(LocalProtocolError, match="conflicting Content-Length") as caught:
        with_lengths(*values)
    assert caught.value.error_status_hint == 400


@given(st.integers(0, LARGEST_64_BIT_NUMBER), st.integers(0, LARGEST_64_BIT_NUMBER))
def test_content_lengths_merge_only_if_equal(first: int, second: int) -> None:
    """Any two lengths are one length if they are equal, and an error if they are not."""
    assert content_length(with_lengths(str(first), str(first))) == first
    if first != second:
        with pytest.raises(LocalProtocolError):
            with_lengths(str(first), str(second))


def test_no_content_length_is_not_a_length_of_zero() -> None:
    """Without the field there is no answer."""
    assert content_length(Headers([("Host", "a")])) is None


@pytest.mark.parametrize("value", ["chunked", b"Chunked", "CHUNKED"])
def test_chunked_is_understood_in_any_case(value: Octets) -> None:
    """The name of the coding is put in lower case, the field name keeps its casing."""
    headers = Headers([("TRANSFER-Encoding", value)])

    assert is_chunked(headers)
    assert headers == [(b"transfer-encoding", b"chunked")]
    assert headers.raw_items() == [(b"TRANSFER-Encoding", b"chunked")]


@pytest.mark.parametrize(
    "value",
    ["", "identity", "gzip", "gzip, chunked", "chunked, gzip", "chunked, chunked", "chunked;q=1"],
)
def test_other_transfer_codings_are_not_implemented(value: str) -> None:
    """The status hint is 501, as RFC 9112 section 6.1 asks of a server."""
    with pytest.raises(LocalProtocolError, match="Transfer-Encoding") as caught:
        Headers([("Transfer-Encoding", value)])
    assert caught.value.error_status_hint == 501


@pytest.mark.parametrize("second", ["chunked", "gzip", ""])
def test_several_transfer_encodings_are_not_implemented(second: str) -> None:
    """Lines add up to a list of codings, of which only one is understood; the hint is 501."""
    with pytest.raises(LocalProtocolError, match="Transfer-Encoding") as caught:
        Headers([("Transfer-Encoding", "chunked"), ("transfer-encoding", second)])
    assert caught.value.error_status_hint == 501


def test_no_transfer_encoding_means_no_chunks() -> None:
    """Neither no field nor Content-Length means chunks."""
    assert not is_chunked(Headers())
    assert not is_chunked(with_lengths("5"))


def test_both_framing_fields_can_stand_together() -> None:
    """Which one counts is not decided by the headers; both are as they would be alone."""
    headers = Headers([("Content-Length", "5,5"), ("Transfer-Encoding", "Chunked")])

    assert headers == [(b"content-length", b"5"), (b"transfer-encoding", b"chunked")]
    assert content_length(headers) == 5
    assert is_chunked(headers)


@pytest.mark.parametrize(
    "lines",
    [[("Content-Length", "hello")], [("Transfer-Encoding", "gzip")]],
    ids=["content-length", "transfer-encoding"],
)
def test_framing_fields_are_judged_on_every_event(lines: list[tuple[str, str]]) -> None:
    """A response or a trailer section with nonsense in these fields cannot be made, either."""
    with pytest.raises(LocalProtocolError):
        Response(status_code=200, headers=lines)
    with pytest.raises(LocalProtocolError):
        EndOfMessage(headers=lines)
