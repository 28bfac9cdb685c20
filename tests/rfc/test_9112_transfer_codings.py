"""RFC 9112 section 7: the chunked coding, its extensions and trailer section, and the field TE.

In: chunked bodies, legal and not, and messages with TE. Out: the content, the trailer fields, or
the refusal.
"""

import pytest

from h11 import (
    CLIENT,
    DONE,
    Connection,
    Data,
    EndOfMessage,
    ErrorCode,
    Limits,
    Request,
    Response,
    Tolerance,
)
from tests.rfc.wire import (
    END,
    GET,
    HOST,
    MOST_FOR_REQUESTS,
    MOST_FOR_RESPONSES,
    OK,
    body,
    client,
    events,
    hear,
    heard_request,
    kinds,
    message,
    mistake,
    refusal,
    request,
    response,
    say,
    server,
)

CHUNKED = b"Transfer-Encoding: chunked"
POST = b"POST / HTTP/1.1"


def upload(chunks: bytes, tolerate: Tolerance | None = None) -> Connection:
    """Return a server that has received a request with these chunks."""
    return server(request(CHUNKED, line=POST, body=chunks), tolerate=tolerate)


def download(chunks: bytes, tolerate: Tolerance | None = None) -> Connection:
    """Return a client that has received a response with these chunks."""
    return client(response(CHUNKED, body=chunks), tolerate=tolerate)


@pytest.mark.rfc("9112/7.1/chunked-decoded")
@pytest.mark.parametrize("size", [1, 2, 7, 1000])
def test_chunks_are_decoded_however_they_arrive(size: int) -> None:
    """The content is what the chunks have together; sizes are hexadecimal in either case."""
    chunks = b"4\r\nWiki\r\nB\r\npedia\r\nin c\r\n000b\r\nhunks, no 0\r\n0\r\n\r\n"
    octets = request(CHUNKED, line=POST, body=chunks)
    pieces = [octets[start : start + size] for start in range(0, len(octets), size)]
    found = hear(server(), *pieces)
    assert kinds(found)[-1] is EndOfMessage
    assert body(found) == b"Wikipedia\r\nin chunks, no 0"


@pytest.mark.rfc("9112/7.1/chunked-decoded")
@pytest.mark.parametrize(
    "chunks",
    [
        pytest.param(b"\r\n", id="no size"),
        pytest.param(b"0x5\r\nhello\r\n", id="prefix"),
        pytest.param(b"+5\r\nhello\r\n", id="sign"),
        pytest.param(b" 5\r\nhello\r\n", id="blank before the size"),
        pytest.param(b"5_0\r\n", id="underscore"),
        pytest.param(b"five\r\n", id="no number"),
        pytest.param(b"5\nhello\r\n", id="LF after the size"),
        pytest.param(b"5\r\nhello\n", id="LF after the data"),
        pytest.param(b"5\r\nhello!\r\n", id="data longer than its size"),
        pytest.param(b"5\rhello\r\n", id="CR after the size"),
        pytest.param(b"1\r\na\r\n\r\n", id="empty line between chunks"),
    ],
)
def test_malformed_chunks_are_refused(chunks: bytes) -> None:
    """No tolerance lets through what other recipients would cut in other places."""
    for connection in (upload(chunks), upload(chunks, MOST_FOR_REQUESTS)):
        error = refusal(connection)
        assert (error.code, error.error_status_hint) == (ErrorCode.BAD_CHUNK, 400)
    for connection in (download(chunks), download(chunks, MOST_FOR_RESPONSES)):
        assert refusal(connection).code is ErrorCode.BAD_CHUNK


@pytest.mark.rfc("9112/7.1/large-chunk-size")
@pytest.mark.parametrize(
    "size", [b"20000000000001", b"8000000000000001", b"10000000000000001", b"F" * 20]
)
def test_large_sizes_do_not_overflow(size: bytes) -> None:
    """Cut to 53, 63 or 64 bits, such a size would be 1, or less than nothing."""
    found = events(upload(size + b"\r\na\r\n0\r\n\r\n"))
    assert (kinds(found), body(found)) == ([Request, Data], b"a\r\n0\r\n\r\n")


@pytest.mark.rfc("9112/7.1/large-chunk-size")
@pytest.mark.parametrize("digit", [b"0", b"F"])
def test_the_21st_digit_of_a_size_is_refused(digit: bytes) -> None:
    """At once, before the line has ended."""
    assert refusal(upload(digit * 21)).code is ErrorCode.BAD_CHUNK
    assert refusal(download(digit * 21)).code is ErrorCode.BAD_CHUNK
    assert kinds(events(upload(digit * 20))) == [Request]


@pytest.mark.rfc("9112/7.1/trailer-section")
def test_a_trailer_section_is_sent_and_received() -> None:
    """It follows the last chunk; where there are no chunks, there is no place for it."""
    end = EndOfMessage(headers=[("X-Checksum", "abc")])
    head = Request(
        method="POST",
        target="/",
        headers=[("Host", "example.com"), ("Transfer-Encoding", "chunked")],
    )
    octets = say(Connection(CLIENT), head, Data(data=b"hi"), end)
    assert octets == request(CHUNKED, line=POST, body=b"2\r\nhi\r\n0\r\nX-Checksum: abc\r\n\r\n")
    assert events(server(octets))[-1] == end
    unchunked = server(GET)
    events(unchunked)
    say(unchunked, Response(status_code=200, headers=[("Content-Length", "0")]))
    mistake(unchunked.send, end)


@pytest.mark.rfc("9112/7.1/chunked-has-no-parameters", "9112/7.2/compression-has-no-parameters")
@pytest.mark.parametrize(
    ("coding", "code"),
    [
        (b"chunked;q=1", ErrorCode.BAD_FRAMING),
        (b"chunked; a=b", ErrorCode.BAD_FRAMING),
        (b"gzip;level=9, chunked", ErrorCode.UNSUPPORTED_CODING),
        (b"x-gzip;q=1,chunked", ErrorCode.UNSUPPORTED_CODING),
        (b"deflate;a, chunked", ErrorCode.UNSUPPORTED_CODING),
        (b"compress;a=b, chunked", ErrorCode.UNSUPPORTED_CODING),
    ],
)
def test_codings_with_parameters_are_refused(coding: bytes, code: ErrorCode) -> None:
    """Chunked with one is not chunked; the others are unknown in any case."""
    field = b"Transfer-Encoding: " + coding
    assert refusal(server(request(field, line=POST))).code is code
    assert refusal(client(response(field))).code is code


@pytest.mark.rfc("9112/7.1.1/extensions-ignored")
@pytest.mark.parametrize(
    "extension",
    [
        b";name",
        b";name=value",
        b';name="quoted; \\"string\\""',
        b";a;b=c;d=e",
        b" ;name",
        b"\t; \tname = value",
        b';last-chunk="0"',
    ],
)
def test_chunk_extensions_change_nothing(extension: bytes) -> None:
    """Legal ones may be on any chunk, the last one included."""
    chunks = b"2%b\r\nhi\r\n0%b\r\n\r\n" % (extension, extension)
    for connection in (upload(chunks), download(chunks)):
        found = events(connection)
        assert (body(found), kinds(found)[-1]) == (b"hi", EndOfMessage)


@pytest.mark.rfc("9112/7.1.1/extensions-limited")
def test_the_extensions_of_one_message_are_limited_together() -> None:
    """Many short ones cost as much as a long one; the refusal comes with a status and the limit."""
    octets = request(CHUNKED, line=POST, body=b"1;abc\r\nx\r\n" * 5)
    limits = Limits(chunk_extension_size=20)
    assert body(events(server(octets, limits=limits))) == b"xxxxx"
    error = refusal(server(octets + b"1;d\r\n", limits=limits))
    assert (error.code, error.error_status_hint, error.expected) == (
        ErrorCode.CHUNK_EXTENSIONS_TOO_LARGE,
        431,
        20,
    )


@pytest.mark.rfc("9112/7.1.2/trailers-kept-or-dropped")
def test_trailer_fields_are_kept_but_for_those_that_frame_or_route() -> None:
    """Requests with such are refused; from responses they are left out, or these refused."""
    good, bad = b"X-Checksum: abc\r\n", b"Content-Length: 5\r\n"
    kept = EndOfMessage(headers=[("X-Checksum", "abc")])
    assert events(upload(b"0\r\n" + good + b"\r\n"))[-1] == kept
    error = refusal(upload(b"0\r\n" + good + bad + b"\r\n", MOST_FOR_REQUESTS))
    assert (error.code, error.error_status_hint) == (ErrorCode.BAD_TRAILER, 400)
    assert events(download(b"0\r\n" + good + bad + b"\r\n"))[-1] == kept
    strict = download(b"0\r\n" + good + bad + b"\r\n", Tolerance.NONE)
    assert refusal(strict).code is ErrorCode.BAD_TRAILER


@pytest.mark.rfc("9112/7.1.2/trailers-apart")
def test_trailer_fields_stay_apart_from_header_fields() -> None:
    """A field that is in both sections is in both events, with the value that it has there."""
    octets = response(CHUNKED, b"X: head", body=b"0\r\nX: tail\r\n\r\n")
    head, end = events(client(octets))
    assert isinstance(head, Response)
    assert isinstance(end, EndOfMessage)
    assert head.headers == [(b"transfer-encoding", b"chunked"), (b"x", b"head")]
    assert end.headers == [(b"x", b"tail")]


@pytest.mark.rfc("9112/7.1.2/trailers-not-merged")
def test_no_trailer_field_acts_on_the_message_or_the_connection() -> None:
    """The connection stays open, and the next message begins where the chunks say."""
    trailers = b"Connection: close\r\nContent-Length: 5\r\nTransfer-Encoding: gzip\r\n"
    connection = download(b"0\r\n" + trailers + b"\r\n" + OK)
    assert events(connection)[-1] == END
    assert set(connection.states.values()) == {DONE}
    assert connection.trailing_data == (OK, False)


@pytest.mark.rfc("9112/7.4/no-chunked-in-te")
@pytest.mark.parametrize("codings", [None, "", "trailers"])
def test_chunked_is_acceptable_without_being_listed(codings: str | None) -> None:
    """No TE is sent unasked, and responses in chunks are read whatever it says."""
    lines = [] if codings is None else [("TE", codings), ("Connection", "TE")]
    connection = Connection(CLIENT)
    get = Request(method="GET", target="/", headers=[("Host", "example.com"), *lines])
    assert (b"TE:" in say(connection, get, END)) == bool(lines)
    assert body(hear(connection, response(CHUNKED, body=b"2\r\nok\r\n0\r\n\r\n"))) == b"ok"


@pytest.mark.rfc("9112/7.4/codings-ranked", "9112/7.4/te-is-a-connection-option")
def test_te_and_its_connection_option_are_sent_and_received_as_they_are() -> None:
    """The ranks get to the server; the option TE does not close the connection."""
    ranks = "trailers, deflate;q=0.5"
    lines = [("Host", "example.com"), ("TE", ranks), ("Connection", "TE")]
    sender = Connection(CLIENT)
    octets = say(sender, Request(method="GET", target="/", headers=lines), END)
    assert octets == message(
        b"GET / HTTP/1.1", HOST, b"TE: " + ranks.encode("ascii"), b"Connection: TE"
    )
    assert sender.our_state is DONE
    assert (b"te", ranks.encode("ascii")) in heard_request(server(octets)).headers
