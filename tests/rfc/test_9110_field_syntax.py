"""Lists, white space, quoted strings: what field values are made of (RFC 9110 section 5.6).

In: values with blanks, empty elements and backslashes in all places. Out: what they mean where the
library reads them, and that they are not touched where it does not.
"""

import pytest

from h11 import DONE, MUST_CLOSE, Data, ErrorCode, Tolerance
from h11_events import Headers, connection_options, list_elements, proposes_upgrade
from h11_parser import RequestParser
from tests.h11.conversations import END, client, request, response, say, server
from tests.rfc import wire
from tests.rfc.messages_9110 import field_lines, read_request

CHUNKED_POST = wire.request(b"Transfer-Encoding: chunked", line=b"POST / HTTP/1.1")


@pytest.mark.rfc("9110/5.6.1/no-empty-elements-sent")
def test_lists_that_are_sent_have_no_empty_elements() -> None:
    """Where the library writes a list itself, empty elements of the caller's are gone."""
    connection = server(wire.request(b"Connection: close"))
    sent = say(connection, response(("Connection", ", keep-alive, ,x-hop,"), status=204))
    assert field_lines(sent) == [b"Connection: close", b"Connection: x-hop"]


@pytest.mark.rfc("9110/5.6.1/no-empty-elements-sent")
def test_a_list_of_codings_that_is_sent_has_no_empty_elements() -> None:
    """Transfer-Encoding is written as the one coding that there is."""
    sent = say(server(wire.GET), response(("Transfer-Encoding", ", chunked ,")))
    assert field_lines(sent) == [b"Transfer-Encoding: chunked"]


@pytest.mark.rfc("9110/5.6.1/empty-elements-ignored")
@pytest.mark.parametrize(
    "value", [b", close", b"close,", b" ,\t, close , ,x", b"," * 5000 + b"close"]
)
def test_empty_connection_options_are_skipped(value: bytes) -> None:
    """Connection means the same with and without empty elements, even with many of them."""
    connection = server(wire.request(b"Connection: " + value))
    assert connection.their_state is MUST_CLOSE


@pytest.mark.rfc("9110/5.6.1/empty-elements-ignored")
@pytest.mark.parametrize("value", [b", chunked", b"chunked,", b" ,\t, chunked , ,"])
def test_empty_transfer_codings_are_skipped(value: bytes) -> None:
    """Transfer-Encoding means the same with and without empty elements."""
    head = wire.request(b"Transfer-Encoding: " + value, line=b"POST / HTTP/1.1")
    assert wire.body(wire.hear(wire.server(), head + b"5\r\nhello\r\n0\r\n\r\n")) == b"hello"


@pytest.mark.rfc("9110/5.6.1/empty-elements-ignored")
@pytest.mark.parametrize("value", [b", 100-continue", b"100-continue,", b" ,\t, 100-continue , ,"])
def test_empty_expectations_are_skipped(value: bytes) -> None:
    """Expect means the same with and without empty elements."""
    head = wire.request(b"Expect: " + value, b"Content-Length: 5", line=b"PUT / HTTP/1.1")
    assert server(head).they_are_waiting_for_100_continue


@pytest.mark.rfc("9110/5.6.1/empty-elements-ignored")
@pytest.mark.parametrize("value", [b"", b",", b", \t ,,"])
def test_empty_elements_count_for_nothing(value: bytes) -> None:
    """A list of nothing but empty elements has no elements."""
    names = (b"Connection", b"Upgrade", b"Expect")
    connection = server(wire.request(*[name + b": " + value for name in names]))
    assert connection.their_state is DONE
    assert not connection.they_are_waiting_for_100_continue


@pytest.mark.rfc("9110/5.6.1/list-syntax")
@pytest.mark.parametrize(
    ("value", "elements"),
    [
        (b"one,two", [b"one", b"two"]),
        (b"one ,two,", [b"one", b"two"]),
        (b"one , ,two,three", [b"one", b"two", b"three"]),
        (b",one\t,\t \t,two", [b"one", b"two"]),
        (b"one", [b"one"]),
        (b"", []),
        (b" ,\t,", []),
    ],
)
def test_lists_are_read_with_blanks_and_empty_elements(value: bytes, elements: list[bytes]) -> None:
    """Blanks around a comma and empty elements mean nothing."""
    assert list_elements(value) == elements
    headers = Headers([(b"Connection", value.strip()), (b"Upgrade", value.strip())])
    assert connection_options(headers) == frozenset(elements)
    assert proposes_upgrade(headers) == bool(elements)


@pytest.mark.rfc("9110/5.6.3/ows-single-sp")
def test_a_field_line_has_one_space_after_the_colon() -> None:
    """Field lines are written with one SP before the value, and no other optional white space."""
    sent = say(client(), request(("X", "y"), ("Empty", "")))
    assert field_lines(sent) == [b"Host: example.com", b"X: y", b"Empty: "]


@pytest.mark.rfc("9110/5.6.3/ows-single-sp")
@pytest.mark.parametrize("value", [b" y", b"y ", b"\ty", b"y\t"])
def test_a_value_with_white_space_at_an_end_is_not_sent(value: bytes) -> None:
    """Headers with more optional white space cannot be made."""
    assert wire.mistake(Headers, [(b"X", value)]).code is ErrorCode.BAD_FIELD_LINE


@pytest.mark.rfc("9110/5.6.3/rws-single-sp")
def test_start_lines_have_single_spaces() -> None:
    """The parts of a start line are separated by one SP each."""
    assert say(client(), request()).startswith(b"GET / HTTP/1.1\r\n")
    assert say(server(wire.GET), response(reason="OK")).startswith(b"HTTP/1.1 200 OK\r\n")


@pytest.mark.rfc("9110/5.6.3/may-collapse")
def test_white_space_inside_a_value_stays() -> None:
    """Blanks inside a value are handed over as they came; only a folded line becomes one space."""
    assert read_request(wire.request(b"X: a \t b")).headers.get("X") == b"a \t b"
    folded = wire.request(b"X: a \t\r\n \t b")
    assert read_request(folded, tolerate=Tolerance.OBS_FOLD).headers.get("X") == b"a b"


@pytest.mark.rfc("9110/5.6.3/no-bws-sent")
def test_chunk_headers_are_sent_without_bad_white_space() -> None:
    """A chunk header without an extension is nothing but the size in hexadecimal digits."""
    connection = server(wire.GET)
    say(connection, response())
    sent = say(connection, Data(data=b"x" * 26), END)
    assert sent == b"1a\r\n" + b"x" * 26 + b"\r\n0\r\n\r\n"


@pytest.mark.rfc("9110/5.6.3/no-bws-sent")
def test_a_chunk_extension_is_sent_as_it_is_given() -> None:
    """Its blanks are the caller's, who may have received them."""
    connection = server(wire.GET)
    say(connection, response())
    assert say(connection, Data(data=b"x", chunk_extension=b" ; a")) == b"1 ; a\r\nx\r\n"


@pytest.mark.rfc("9110/5.6.3/bws-removed")
@pytest.mark.parametrize(
    "extension",
    [b";a=b", b" ;a=b", b"\t ; \ta=b", b";a =b", b";a= b", b' ; a\t=\t"b" ; c', b" ;a;b"],
)
def test_bad_white_space_is_read_over(extension: bytes) -> None:
    """Blanks around the semicolon and the equals sign of a chunk extension mean nothing."""
    found = wire.hear(wire.server(), CHUNKED_POST + b"5%b\r\nhello\r\n0\r\n\r\n" % extension)
    assert wire.body(found) == b"hello"
    assert found[-1] == END


@pytest.mark.rfc("9110/5.6.4/quoted-pair")
@pytest.mark.parametrize(
    "quoted",
    [rb'"plain"', rb'"one \" two"', rb'"\\"', rb'"\\\""', rb'"\x;y=\"z"', b'"\\\t\\ \\\xff"'],
    ids=["none", "quotation mark", "backslash", "both", "letters", "blanks"],
)
def test_a_quoted_pair_does_not_end_a_string(quoted: bytes) -> None:
    """In a quoted chunk extension, a backslash takes the meaning from the octet after it."""
    found = wire.hear(wire.server(), CHUNKED_POST + b"5;a=%b\r\nhello\r\n0\r\n\r\n" % quoted)
    assert wire.body(found) == b"hello"
    assert found[-1] == END


@pytest.mark.rfc("9110/5.6.4/quoted-pair")
@pytest.mark.parametrize("quoted", [rb'"', rb'"\"', rb'"\\\"', rb'"a"b'])
def test_a_string_without_its_end_is_refused(quoted: bytes) -> None:
    """An escaped quotation mark is none, and nothing follows one that is."""
    error = wire.refusal(RequestParser(), CHUNKED_POST + b"5;a=%b\r\nhello\r\n" % quoted)
    assert error.code is ErrorCode.BAD_CHUNK


@pytest.mark.rfc("9110/5.6.4/quoted-pair", "9110/5.6.4/few-quoted-pairs")
@pytest.mark.parametrize("value", [r'"a \" \\ b"', r'"\a"', r"product (a comment \) here)"])
def test_quoted_strings_in_values_are_not_rewritten(value: str) -> None:
    """In field values, no backslash is added or taken away, neither on the way in nor out."""
    sent = say(client(), request(("X", value)))
    assert field_lines(sent)[-1] == f"X: {value}".encode()
    assert read_request(sent).headers.get("X") == value.encode()


@pytest.mark.rfc("9110/5.6.4/few-quoted-pairs", "9110/5.6.3/no-bws-sent")
def test_what_the_library_adds_has_no_quoted_strings() -> None:
    """The field lines that the library writes by itself consist of tokens."""
    sent = say(server(wire.request(b"Connection: close")), response())
    assert sorted(field_lines(sent)) == [b"Connection: close", b"Transfer-Encoding: chunked"]
