"""What the fields mean that steer a connection: Host, Connection, Upgrade, Expect."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from h11_events import (
    FORBIDDEN_IN_TRAILERS,
    ErrorCode,
    FieldLine,
    Headers,
    LocalProtocolError,
    check_trailer_names,
    closes_connection,
    connection_options,
    expects_100_continue,
    has_late_host,
    list_elements,
    proposes_upgrade,
)
from tests.strategies import TCHAR, casings, field_names, header_lists, octets, sections


@pytest.mark.parametrize(
    ("names", "late"),
    [
        pytest.param([], False, id="nothing"),
        pytest.param(["Host"], False, id="alone"),
        pytest.param(["HOST", "A"], False, id="first"),
        pytest.param(["A", "Host"], True, id="last"),
        pytest.param(["A", "B"], False, id="absent"),
        pytest.param(["Host", "A", "B", "A"], False, id="before-repeated-names"),
        pytest.param(["A", "A", "Host"], True, id="behind-repeated-names"),
        pytest.param(["A", "Host", "A"], True, id="between-repeated-names"),
    ],
)
def test_host_is_late_if_others_come_before(names: list[str], late: bool) -> None:
    """Host is good to have first (RFC 9110 section 7.2)."""
    assert has_late_host(Headers([(name, "") for name in names])) is late


@given(sections(st.just([(b"Host", b"a")])))
def test_host_is_late_anywhere_but_first(lines: list[FieldLine]) -> None:
    """Whatever the other fields are, only the place of Host counts."""
    assert has_late_host(Headers(lines)) is (lines[0] != (b"Host", b"a"))


@pytest.mark.parametrize(
    ("values", "options"),
    [
        pytest.param([], set(), id="absent"),
        pytest.param([""], set(), id="empty"),
        pytest.param(["close"], {b"close"}, id="close"),
        pytest.param(["Close"], {b"close"}, id="close-in-other-case"),
        pytest.param(["keep-alive"], {b"keep-alive"}, id="keep-alive"),
        pytest.param(["Keep-Alive"], {b"keep-alive"}, id="keep-alive-title-case"),
        pytest.param(["upgrade"], {b"upgrade"}, id="upgrade"),
        pytest.param(["Upgrade"], {b"upgrade"}, id="upgrade-title-case"),
        pytest.param(["keep-alive, Upgrade"], {b"keep-alive", b"upgrade"}, id="list"),
        pytest.param(["a,,\tB ,"], {b"a", b"b"}, id="empty-elements-and-blanks"),
        pytest.param(["keep-alive", "close"], {b"keep-alive", b"close"}, id="lines"),
        pytest.param(["not-close"], {b"not-close"}, id="longer-word"),
    ],
)
def test_connection_options(values: list[str], options: set[bytes]) -> None:
    """The options of all lines together, in lower case (RFC 9110 section 7.6.1)."""
    lines = [("Connection", value) for value in values]

    assert connection_options(Headers(lines)) == options
    assert connection_options(Headers([*lines, ("A", "1"), ("A", "2")])) == options


@pytest.mark.parametrize(
    ("values", "closes"),
    [
        pytest.param([], False, id="absent"),
        pytest.param(["close"], True, id="close"),
        pytest.param(["CLOSE"], True, id="close-in-other-case"),
        pytest.param(["keep-alive"], False, id="keep-alive"),
        pytest.param(["Upgrade"], False, id="upgrade"),
        pytest.param(["keep-alive, Close"], True, id="in-a-list"),
        pytest.param(["keep-alive", "close"], True, id="in-a-second-line"),
        pytest.param(["close", "keep-alive"], True, id="in-a-first-line"),
        pytest.param(["not-close"], False, id="longer-word"),
    ],
)
def test_connection_closes_with_the_option(values: list[str], closes: bool) -> None:
    """A message is its sender's last if Connection lists `close` (RFC 9112 section 9.6)."""
    lines = [("Connection", value) for value in values]

    assert closes_connection(Headers(lines)) is closes
    assert closes_connection(Headers([("A", "1"), *lines, ("A", "2")])) is closes


@given(st.lists(st.just(b"close") | octets(TCHAR, min_size=1), max_size=6), st.data())
def test_connection_options_survive_any_spelling(options: list[bytes], data: st.DataObject) -> None:
    """However options are spread over lines, cased and blanked, the set of them is the same."""
    lines: list[FieldLine] = []
    for option in options:
        spelled = data.draw(casings(option))
        blank = data.draw(st.sampled_from([b"", b" ", b"\t ", b",", b" , "]))
        joined = data.draw(st.booleans())
        if lines and joined:
            lines[-1] = (b"connection", lines[-1][1] + b"," + blank + spelled)
        else:
            lines.append((b"Connection", spelled))

    headers = Headers(data.draw(sections(st.just(lines))))

    assert connection_options(headers) == {option.lower() for option in options}
    assert closes_connection(headers) is (b"close" in connection_options(headers))


@pytest.mark.parametrize(
    ("value", "elements"),
    [
        (b"", []),
        (b" , ,\t,", []),
        (b"a", [b"a"]),
        (b"B, a ,\tC,b", [b"b", b"a", b"c", b"b"]),
        (b"two words", [b"two words"]),
    ],
    ids=["nothing", "only-separators", "one", "several", "blank-inside"],
)
def test_list_elements(value: bytes, elements: list[bytes]) -> None:
    """Elements come in lower case, in their order, without blanks; empty ones are left out."""
    assert list_elements(value) == elements


@pytest.mark.parametrize(
    ("lines", "proposes"),
    [
        ([], False),
        ([("Connection", "upgrade")], False),
        ([("Upgrade", "websocket")], True),
        ([("upgrade", "h2c"), ("Upgrade", "websocket")], True),
        ([("Upgrade", ""), ("Upgrade", "websocket")], True),
        ([("Upgrade", "")], False),
        ([("Upgrade", ",")], False),
    ],
    ids=["nothing", "only-connection", "one", "several", "second-line", "empty", "empty-list"],
)
def test_upgrade_proposes_another_protocol(lines: list[tuple[str, str]], proposes: bool) -> None:
    """A protocol that Upgrade lists is the proposal (RFC 9110 section 7.8); no list is none."""
    assert proposes_upgrade(Headers(lines)) is proposes


@pytest.mark.parametrize(
    ("values", "expects"),
    [
        pytest.param([], False, id="absent"),
        pytest.param([""], False, id="empty"),
        pytest.param(["100-continue"], True, id="as-written"),
        pytest.param(["100-Continue"], True, id="other-case"),
        pytest.param(["a, 100-continue"], True, id="in-a-list"),
        pytest.param(["a", "100-continue"], True, id="in-a-second-line"),
        pytest.param(["100-continue-not"], False, id="longer-word"),
        pytest.param(["200-ok"], False, id="something-else"),
    ],
)
def test_expect_100_continue(values: list[str], expects: bool) -> None:
    """Expect is a list, in any case (RFC 9110 section 10.1.1)."""
    assert expects_100_continue(Headers([("Expect", value) for value in values])) is expects


def test_fields_that_come_too_late_in_a_trailer_section() -> None:
    """The first of them is refused, in any case, and shown as it was (RFC 9110 section 6.5.1)."""
    check_trailer_names([])
    check_trailer_names(iter([b"A", b"Expires-At", b"X-Content-Length", b"Hos"]))
    with pytest.raises(LocalProtocolError) as caught:
        check_trailer_names(iter([b"A", b"Content-LENGTH", b"Host"]))

    assert str(caught.value) == "Content-LENGTH comes too late in a trailer section"
    assert caught.value.code is ErrorCode.BAD_TRAILER
    assert caught.value.excerpt == b"Content-LENGTH"


@given(st.lists(field_names() | st.sampled_from(sorted(FORBIDDEN_IN_TRAILERS)).flatmap(casings)))
def test_names_of_a_trailer_section(names: list[bytes]) -> None:
    """Names are refused if and only if one of them is in the set."""
    late = {name.lower() for name in names} & FORBIDDEN_IN_TRAILERS
    if late:
        with pytest.raises(LocalProtocolError):
            check_trailer_names(names)
    else:
        check_trailer_names(names)


@given(header_lists())
def test_other_fields_steer_nothing(lines: list[FieldLine]) -> None:
    """Headers with none of these fields have no opinion on framing or the connection."""
    headers = Headers(lines)

    assert headers.content_length is None
    assert not has_late_host(headers)
    assert not closes_connection(headers)
    assert connection_options(headers) == frozenset()
    assert not headers.is_chunked
    assert not proposes_upgrade(headers)
    assert not expects_100_continue(headers)
