"""Fields: names, lines, order, limits and values (RFC 9110 sections 5.1 to 5.5).

In: field lines from a peer or a user. Out: which of them are refused, and what the others become.
"""

import pytest

from h11 import (
    NEED_DATA,
    SERVER,
    Connection,
    EndOfMessage,
    ErrorCode,
    Limits,
    Request,
    Tolerance,
)
from h11_events import Headers
from h11_parser import RequestParser, ResponseParser
from tests.h11.conversations import HOST, client, length, request, response, say, server
from tests.rfc import wire
from tests.rfc.messages_9110 import (
    FOR_REQUESTS,
    FOR_RESPONSES,
    field_lines,
    forwarded,
    names_sent,
    read_request,
    read_response,
)

CHUNKED_POST = wire.request(b"Transfer-Encoding: chunked", line=b"POST / HTTP/1.1")
UNKNOWN = [b"Frobnicate: close, chunked, 100-continue", b"x-length: 5", b"Closed: yes"]


@pytest.mark.rfc("9110/5.1/ignore-unknown")
def test_unknown_header_fields_change_nothing() -> None:
    """A request with unknown fields leads to the same states as one without."""
    known, unknown = server(wire.request()), server(wire.request(*UNKNOWN))
    assert unknown.states == known.states
    assert not unknown.they_are_waiting_for_100_continue
    assert unknown.trailing_data == known.trailing_data == (b"", False)


@pytest.mark.rfc("9110/5.1/ignore-unknown")
def test_unknown_trailer_fields_change_nothing() -> None:
    """A request with unknown trailers is complete like any other."""
    plain = server(CHUNKED_POST + b"0\r\n\r\n")
    with_trailers = server(CHUNKED_POST + b"0\r\n" + b"\r\n".join(UNKNOWN) + b"\r\n\r\n")
    assert with_trailers.states == plain.states
    assert with_trailers.trailing_data == (b"", False)


@pytest.mark.rfc("9110/5.1/forward-unknown")
def test_unknown_fields_can_be_forwarded() -> None:
    """A proxy has all fields, with the casing of their names, and sends them on as they came."""
    received = read_request(wire.request(*UNKNOWN))
    onward = Request(method="GET", target="/", headers=forwarded(received.headers))
    assert field_lines(say(client(), onward)) == [b"Host: example.com", *UNKNOWN]


@pytest.mark.rfc("9110/5.3/may-combine")
def test_lines_with_one_name_can_be_combined() -> None:
    """The values of a name are kept apart, in order, and joining them is up to the caller."""
    headers = read_request(wire.request(b"Tag: one, two", b"Other: x", b"TAG: three")).headers
    assert headers.get_all("tag") == [b"one, two", b"three"]
    assert b", ".join(headers.get_all("tag")) == b"one, two, three"


@pytest.mark.rfc("9110/5.3/keep-order")
def test_the_order_of_lines_is_kept() -> None:
    """Lines keep their order in an event and when it is sent, and only Host moves."""
    lines = [b"Via: 1.1 a", b"Tag: 1", b"via: 1.1 b", b"Tag: 2", b"VIA: 1.1 c"]
    head = b"\r\n".join([b"GET / HTTP/1.1", *lines, b"Host: example.com", b"", b""])
    received = read_request(head)
    assert received.headers.get_all("Via") == [b"1.1 a", b"1.1 b", b"1.1 c"]
    assert field_lines(say(client(), received)) == [b"Host: example.com", *lines]


@pytest.mark.rfc("9110/5.3/no-repeats")
def test_host_is_not_sent_twice() -> None:
    """A request with two Host lines cannot be made, not even if they agree."""
    assert wire.mistake(request, HOST).code is ErrorCode.BAD_HOST


@pytest.mark.rfc("9110/5.3/no-repeats")
def test_content_length_is_not_sent_twice() -> None:
    """Of several Content-Length lines that agree, one is written."""
    sent = say(server(wire.request()), response(length(5), ("X", "y"), length(5)))
    assert field_lines(sent) == [b"Content-Length: 5", b"X: y"]


@pytest.mark.rfc("9110/5.3/whole-section-first")
def test_there_is_no_request_before_its_head_is_complete() -> None:
    """Nothing is told about a request until the empty line after its last field is there."""
    head = wire.request(b"Content-Length: 0", b"If-Match: *")
    connection = Connection(SERVER)
    for octet in head[:-1]:
        connection.receive_data(bytes([octet]))
        assert connection.next_event() is NEED_DATA
    assert isinstance(wire.hear(connection, head[-1:])[0], Request)


too_large = pytest.mark.parametrize(
    ("limits", "octets", "code", "hint"),
    [
        pytest.param(
            Limits(head_size=100),
            wire.request(b"X: " + b"y" * 100),
            ErrorCode.HEAD_TOO_LARGE,
            431,
            id="field line",
        ),
        pytest.param(
            Limits(head_size=100),
            wire.request(*[b"X: y"] * 20),
            ErrorCode.HEAD_TOO_LARGE,
            431,
            id="section",
        ),
        pytest.param(
            Limits(field_count=3),
            wire.request(*[b"X: y"] * 3),
            ErrorCode.TOO_MANY_FIELDS,
            431,
            id="number of fields",
        ),
        pytest.param(
            Limits(head_size=100),
            b"GET /" + b"y" * 100,
            ErrorCode.REQUEST_LINE_TOO_LONG,
            414,
            id="request line",
        ),
        pytest.param(
            Limits(trailer_size=100),
            CHUNKED_POST + b"0\r\nX: " + b"y" * 100,
            ErrorCode.TRAILERS_TOO_LARGE,
            431,
            id="trailer section",
        ),
    ],
)


@pytest.mark.rfc("9110/5.4/too-large-4xx")
@too_large
def test_what_is_too_large_can_be_answered_with_4xx(
    limits: Limits, octets: bytes, code: ErrorCode, hint: int
) -> None:
    """The error says which status code fits, and the server can still send it."""
    connection = wire.server(limits=limits)
    error = wire.refusal(connection, octets)
    assert (error.code, error.error_status_hint) == (code, hint)
    sent = say(connection, response(length(0), status=error.error_status_hint), EndOfMessage())
    assert sent.startswith(b"HTTP/1.1 %d " % hint)


@pytest.mark.rfc("9110/5.4/client-may-discard")
def test_a_client_drops_no_large_field() -> None:
    """A response above a limit is refused as a whole, and one at the limit is complete."""
    head = wire.response(b"X: " + b"y" * 100, b"Content-Length: 0")
    parser = ResponseParser(limits=Limits(head_size=len(head)))
    assert wire.hear(parser, head) == [read_response(head), EndOfMessage()]
    parser = ResponseParser(limits=Limits(head_size=len(head) - 1))
    assert wire.refusal(parser, head).code is ErrorCode.HEAD_TOO_LARGE


@pytest.mark.rfc("9110/5.5/exclude-whitespace")
@pytest.mark.parametrize(
    ("received", "value"),
    [
        (b"X:value", b"value"),
        (b"X: value", b"value"),
        (b"X: \t  value\t \t", b"value"),
        (b"X: one \t two ", b"one \t two"),
        (b"X:", b""),
        (b"X: \t ", b""),
    ],
)
def test_white_space_around_a_value_is_no_part_of_it(received: bytes, value: bytes) -> None:
    """SP and HTAB around a value are taken away; what is inside stays."""
    assert read_request(wire.request(received)).headers.get("X") == value
    assert read_response(wire.response(received)).headers.get("X") == value


@pytest.mark.rfc("9110/5.5/exclude-whitespace")
def test_white_space_around_a_value_is_taken_away_before_it_counts() -> None:
    """A length with blanks around it frames the body like any other."""
    head = wire.request(b"Content-Length: \t5\t ", line=b"POST / HTTP/1.1")
    assert isinstance(wire.hear(server(), head + b"hello")[-1], EndOfMessage)


@pytest.mark.rfc("9110/5.5/obs-text-opaque")
def test_octets_above_ascii_are_opaque() -> None:
    """Each octet from 0x80 to 0xFF goes through untouched, whatever encoding it may be."""
    octets = bytes(range(0x80, 0x100))
    received = read_request(wire.request(b"X: " + octets))
    assert received.headers.get("X") == octets
    assert b"X: " + octets in field_lines(say(client(), received))


@pytest.mark.rfc("9110/5.5/cr-lf-nul")
@pytest.mark.parametrize("octet", [b"\r", b"\0"], ids=["CR", "NUL"])
@pytest.mark.parametrize("place", [b"X: a%bb", b"X: %bb", b"X: a%b"])
@pytest.mark.parametrize("tolerance", ["none", "default", "all"])
def test_cr_and_nul_are_refused(octet: bytes, place: bytes, tolerance: str) -> None:
    """CR and NUL in a value are refused on both sides, whatever is tolerated."""
    line = place % octet
    error = wire.refusal(RequestParser(tolerate=FOR_REQUESTS[tolerance]), wire.request(line))
    assert error.code is ErrorCode.BAD_FIELD_LINE
    error = wire.refusal(ResponseParser(tolerate=FOR_RESPONSES[tolerance]), wire.response(line))
    assert error.code is ErrorCode.BAD_FIELD_LINE


@pytest.mark.rfc("9110/5.5/cr-lf-nul")
def test_lf_is_refused() -> None:
    """LF in a value is refused; where it passes for the end of a line, it is no part of a value."""
    line = b"X: a\nY: b"
    assert wire.refusal(RequestParser(), wire.request(line)).code is ErrorCode.BAD_FIELD_LINE
    headers = read_request(wire.request(line), tolerate=Tolerance.BARE_LF).headers
    assert (headers.get("X"), headers.get("Y")) == (b"a", b"b")


CONTROLS = [*range(1, 9), 11, 12, *range(14, 32), 127]


@pytest.mark.rfc("9110/5.5/other-controls")
@pytest.mark.parametrize("octet", CONTROLS, ids=hex)
def test_other_control_octets_are_tolerated_by_name(octet: int) -> None:
    """Other controls are refused in requests and kept in responses, unless the caller decides."""
    line = b"X: a%cb" % octet
    tolerant, strict = Tolerance.CONTROL_OCTETS, Tolerance.NONE
    assert wire.refusal(RequestParser(), wire.request(line)).code is ErrorCode.BAD_FIELD_LINE
    assert read_request(wire.request(line), tolerate=tolerant).headers.get("X") == line[3:]
    assert read_response(wire.response(line)).headers.get("X") == line[3:]
    error = wire.refusal(ResponseParser(tolerate=strict), wire.response(line))
    assert error.code is ErrorCode.BAD_FIELD_LINE


@pytest.mark.rfc("9110/5.5/other-controls", "9110/5.5/cr-lf-nul")
@pytest.mark.parametrize("octet", [0, 10, 13, *CONTROLS], ids=hex)
def test_control_octets_are_not_sent(octet: int) -> None:
    """No headers can be made with a control octet in a value, other than HTAB."""
    assert wire.mistake(Headers, [(b"X", b"a%cb" % octet)]).code is ErrorCode.BAD_FIELD_LINE
    sent = say(client(), request(("X", "a\tb")))
    assert names_sent(sent) == [b"host", b"x"]
