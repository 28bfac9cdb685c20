"""What a forwarder takes out of a message and adds to it (RFC 9110 sections 7.6.1, 7.6.3, 11.7)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from h11_events import (
    HOP_BY_HOP,
    PROXY_AUTHENTICATION,
    ErrorCode,
    FieldLine,
    Headers,
    LocalProtocolError,
    Octets,
    connection_options,
    has_passed,
    with_via,
    without_hop_by_hop,
)
from tests.events.strategies import forms
from tests.strategies import TCHAR, casings, field_values, header_lists, octets, sections


def named(names: frozenset[bytes]) -> st.SearchStrategy[list[FieldLine]]:
    """Return a strategy of field lines with some of these names, in any case."""
    values = st.just(b"chunked")
    lines = st.tuples(st.sampled_from(sorted(names)).flatmap(casings), values)
    return st.lists(lines, max_size=3, unique_by=lambda line: line[0].lower())


@pytest.mark.parametrize(
    "line",
    [
        ("Connection", "close"),
        ("Keep-Alive", "timeout=5"),
        ("Proxy-Connection", "keep-alive"),
        ("TE", "trailers"),
        ("Transfer-Encoding", "chunked"),
        ("UPGRADE", "websocket"),
        ("Proxy-Authenticate", "Basic"),
        ("Proxy-Authorization", "Basic YTpi"),
        ("Proxy-Authentication-Info", "nextnonce=x"),
    ],
    ids=lambda line: line[0],
)
def test_fields_for_one_connection_go(line: tuple[str, str]) -> None:
    """They go whether Connection lists them or not, and nothing else does."""
    headers = Headers([("A", "1"), ("Via", "1.1 a"), line, ("Trailer", "ETag")])

    assert without_hop_by_hop(headers).raw_items() == [
        (b"A", b"1"),
        (b"Via", b"1.1 a"),
        (b"Trailer", b"ETag"),
    ]


def test_what_connection_lists_goes() -> None:
    """Every listed field goes, in any case, whatever it is and whichever line lists it."""
    headers = Headers(
        [
            ("X-HOP", "1"),
            ("Connection", "x-hop, Close"),
            ("Host", "a"),
            ("x-hop", "2"),
            ("CONNECTION", "host ,\t, CONTENT-length"),
            ("Content-Length", "5"),
            ("Close", "3"),
            ("hop", "4"),
        ]
    )

    assert without_hop_by_hop(headers) == [(b"hop", b"4")]


def test_trailers_go_by_the_options_of_the_header_section() -> None:
    """Connection is not in a trailer section, but what it lists may be."""
    options = connection_options(Headers([("Connection", "X-Hop")]))
    trailers = Headers([("x-hop", "1"), ("ETag", '"x"')])

    assert without_hop_by_hop(trailers, options=options).raw_items() == [(b"ETag", b'"x"')]
    assert without_hop_by_hop(trailers) is trailers


def test_credentials_can_be_relayed() -> None:
    """Proxies that authenticate together keep what they tell each other, unless it is listed."""
    lines = [(b"Proxy-Authorization", b"Basic YTpi"), (b"Proxy-Authenticate", b"Basic")]
    headers = Headers(lines)
    assert without_hop_by_hop(headers, keep_proxy_authentication=True) is headers

    listed = Headers([*lines, (b"Connection", b"proxy-authorization")])
    kept = without_hop_by_hop(listed, keep_proxy_authentication=True)
    assert kept.raw_items() == lines[1:]


@given(
    data=st.data(),
    others=header_lists(),
    options=st.lists(octets(TCHAR, min_size=1), max_size=3),
    keep=st.booleans(),
)
def test_all_other_fields_stay_as_they_are(
    data: st.DataObject, others: list[FieldLine], options: list[bytes], keep: bool
) -> None:
    """What is left are the other lines, to the octet and in their order; once is enough."""
    gone = {option.lower() for option in options} | HOP_BY_HOP
    gone |= set() if keep else PROXY_AUTHENTICATION
    listed = [(name, b"x") for name in options if name.lower() not in HOP_BY_HOP]
    connection = (data.draw(casings(b"connection")), b" ,".join(options))
    lines = data.draw(
        sections(
            st.just([*listed, connection]),
            named(HOP_BY_HOP - {b"connection"}),
            named(PROXY_AUTHENTICATION),
            st.just(others),
        )
    )
    left = without_hop_by_hop(Headers(lines), keep_proxy_authentication=keep)

    assert left.raw_items() == [line for line in lines if line[0].lower() not in gone]
    assert without_hop_by_hop(left, keep_proxy_authentication=keep) is left
    assert left.content_length is None
    assert not left.is_chunked


@pytest.mark.parametrize(
    ("version", "name", "entry"),
    [
        pytest.param("1.1", "proxy.example", b"1.1 proxy.example", id="usual"),
        pytest.param(b"1.0", b"fred:8080", b"1.0 fred:8080", id="with-a-port"),
        pytest.param("1.1", "fred:", b"1.1 fred:", id="empty-port"),
        pytest.param("HTTPS/1.3", "_a~", b"HTTPS/1.3 _a~", id="other-protocol"),
    ],
)
def test_an_entry_of_via(version: Octets, name: Octets, entry: bytes) -> None:
    """The entry comes last, in a line of its own; all others stay as they are."""
    lines = [(b"VIA", b"1.0 ricky, 1.1 ethel"), (b"Host", b"a"), (b"via", b"1.1 lucy (a, b)")]

    assert with_via(Headers(), version, name).raw_items() == [(b"Via", entry)]
    assert with_via(Headers(lines), version, name).raw_items() == [*lines, (b"Via", entry)]


@pytest.mark.parametrize(
    ("version", "name"),
    [
        *[("", "a"), ("1.1 ", "a"), ("HTTP/", "a"), ("/1.1", "a"), ("A/B/1", "a"), ("1.1,1", "a")],
        *[("1.1", ""), ("1.1", "a b"), ("1.1", "a, 1.1 b"), ("1.1", "a:b"), ("1.1", ":80")],
        *[("1.1", "a\r\nX: y"), ("1.1", "[::1]:80"), ("1.1", "a (b)"), ("1.1", "a\n")],
    ],
    ids=repr,
)
def test_no_entry_of_via(version: str, name: str) -> None:
    """What would be another entry, another line, or none at all is refused."""
    with pytest.raises(LocalProtocolError, match="Illegal entry of Via") as caught:
        with_via(Headers(), version, name)

    assert caught.value.code is ErrorCode.BAD_FIELD_LINE
    assert caught.value.excerpt == f"{version} {name}".encode()


@pytest.mark.parametrize(
    ("values", "passed"),
    [
        pytest.param([], False, id="absent"),
        pytest.param([""], False, id="empty"),
        pytest.param(["1.1 me"], True, id="alone"),
        pytest.param(["HTTP/1.0\tME"], True, id="other-case"),
        pytest.param(["1.0 a, 1.1 me (b, c), 1.1 d"], True, id="with-a-comment"),
        pytest.param(["1.1 a (b, c)", "1.1 me"], True, id="second-line"),
        pytest.param(["1.1 a (b, 1.1 me c)"], False, id="in-a-comment"),
        pytest.param([r"1.1 a (b \), (c), 1.1 me \\), 1.1 d"], False, id="in-nested-comments"),
        pytest.param(["1.1 a (b), 1.1 me"], True, id="after-a-comment"),
        pytest.param(["1.1 a (b, 1.1 me", "1.1 c )"], True, id="after-what-is-no-comment"),
        pytest.param(["1.1 a ), 1.1 me"], True, id="after-the-end-of-no-comment"),
        pytest.param(["1.1 me:80"], False, id="other-port"),
        pytest.param(["1.1 not-me, 1.1 me.example, me, 1.1 a me"], False, id="other-names"),
    ],
)
def test_who_has_forwarded_a_message(values: list[str], passed: bool) -> None:
    """Whoever has an entry in Via has had the message before, in whatever version."""
    assert has_passed(Headers([("Via", value) for value in values]), "Me") is passed


@given(data=st.data(), values=st.lists(field_values(), max_size=3))
def test_whoever_adds_an_entry_finds_it(data: st.DataObject, values: list[bytes]) -> None:
    """However many others forward it, and whatever they write, a message shows where it was."""
    name = data.draw(octets(TCHAR, min_size=1))
    headers = with_via(Headers([("Via", value) for value in values]), "1.1", name)
    for _ in range(data.draw(st.integers(0, 2))):
        other = data.draw(octets(TCHAR, min_size=1))
        headers = with_via(headers, "1.0", data.draw(forms(other)))

    assert has_passed(headers, data.draw(casings(name).flatmap(forms)))
    assert headers.get_all("via")[: len(values)] == values
