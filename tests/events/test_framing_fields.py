"""The fields that frame a message: what they mean, how lines are merged, and what is refused.

Content-Length is of RFC 9110 section 8.6, Transfer-Encoding of RFC 9112 section 6.1.
"""

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from h11_events import (
    EndOfMessage,
    ErrorCode,
    Headers,
    LocalProtocolError,
    Octets,
    Response,
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
    assert with_lengths(value).content_length == length


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
    assert with_lengths(str(first), str(first)).content_length == first
    if first != second:
        with pytest.raises(LocalProtocolError):
            with_lengths(str(first), str(second))


def test_no_content_length_is_not_a_length_of_zero() -> None:
    """Without the field there is no answer."""
    assert Headers([("Host", "a")]).content_length is None


@pytest.mark.parametrize("value", [b"chunked", b"Chunked", b"CHUNKED"])
def test_chunked_is_understood_in_any_case(value: bytes) -> None:
    """The pairs have the coding in lower case, as they have names; raw items are as given."""
    raw = (b"TRANSFER-Encoding", value)
    pair = (b"transfer-encoding", b"chunked")
    for around in ([], [(b"A", b"b")], [(b"A", b"b"), (b"A", b"c")]):
        headers = Headers([*around, raw, *around])
        lowered = [(name.lower(), octets) for name, octets in around]

        assert headers.is_chunked
        assert headers == [*lowered, pair, *lowered]
        assert headers.raw_items() == [*around, raw, *around]
        assert headers.get("transfer-encoding") == b"chunked"
        assert headers.get_all("transfer-encoding") == [b"chunked"]
        assert Headers(headers) == Headers(headers.raw_items()) == headers
        assert Headers(headers).raw_items() == headers.raw_items()
        assert headers.without((b"a",)).raw_items() == [raw]


@pytest.mark.parametrize(
    "values",
    [
        [",chunked"],
        ["chunked,"],
        [" ,\t, Chunked ,".strip()],
        ["chunked", ""],
        ["", "CHUNKED"],
        [",", "chunked", ","],
    ],
    ids=str,
)
def test_empty_elements_are_no_codings(values: list[str]) -> None:
    """Empty elements of the list are skipped (RFC 9110 section 5.6.1); one line is left."""
    headers = Headers([("Transfer-Encoding", value) for value in values])

    assert headers == [(b"transfer-encoding", b"chunked")]


@pytest.mark.parametrize(
    "values",
    [
        [""],
        [" ,\t,".strip()],
        ["identity"],
        ["gzip"],
        ["chunked, gzip"],
        ["chunked", "gzip"],
        ["chunked, identity"],
        ["chunked;q=1"],
        ["xchunked"],
        ["chunked x"],
        ["chunked, chunked"],
        ["Chunked", "chunked"],
        ["chunked, gzip, chunked"],
        ["chunked,,chunked"],
    ],
    ids=str,
)
def test_codings_that_frame_nothing(values: list[str]) -> None:
    """Where `chunked` is not last, or not alone of its kind, no end is certain (RFC 9112, 6.1)."""
    with pytest.raises(LocalProtocolError, match="Transfer-Encoding") as caught:
        Headers([("Transfer-Encoding", value) for value in values])

    assert caught.value.code is ErrorCode.BAD_FRAMING
    assert caught.value.error_status_hint == 400
    assert caught.value.excerpt == ", ".join(values).encode()


@pytest.mark.parametrize(
    "values",
    [["gzip, chunked"], ["gzip", "chunked"], ["identity,chunked"], ["a, b", "c,,CHUNKED"]],
    ids=str,
)
def test_other_codings_are_not_implemented(values: list[str]) -> None:
    """The end is certain, but what comes before it is not understood: 501 (RFC 9112, 6.1)."""
    with pytest.raises(LocalProtocolError, match="Only Transfer-Encoding: chunked") as caught:
        Headers([("transfer-encoding", value) for value in values])

    assert caught.value.code is ErrorCode.UNSUPPORTED_CODING
    assert caught.value.error_status_hint == 501
    assert caught.value.excerpt == ", ".join(values).encode()


@given(st.lists(st.sampled_from(["chunked", "Chunked", "gzip", "x", ""]), min_size=1, max_size=4))
def test_codings_on_lines_are_codings_in_a_list(values: list[str]) -> None:
    """Several lines mean what one line with all their values means."""
    outcomes: list[object] = []
    for lines in (values, [",".join(values)]):
        try:
            outcomes.append(Headers([("Transfer-Encoding", value) for value in lines]))
        except LocalProtocolError as error:
            outcomes.append(error.code)

    assert outcomes[0] == outcomes[1]
    codings = [value.lower() for value in values if value]
    assert isinstance(outcomes[0], Headers) is (codings == ["chunked"])


def test_no_transfer_encoding_means_no_chunks() -> None:
    """Neither no field nor Content-Length means chunks."""
    assert not Headers().is_chunked
    assert not with_lengths("5").is_chunked


def test_both_framing_fields_can_stand_together() -> None:
    """Which one counts is not decided by the headers; both are as they would be alone."""
    headers = Headers([("Content-Length", "5,5"), ("Transfer-Encoding", "Chunked")])

    assert headers == [(b"content-length", b"5"), (b"transfer-encoding", b"chunked")]
    assert headers.content_length == 5
    assert headers.is_chunked


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
