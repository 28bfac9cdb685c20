"""The section "Message body framing" of the reference, paragraph by paragraph."""

import pytest

from h11 import (
    CLIENT,
    DONE,
    ERROR,
    MUST_CLOSE,
    SEND_BODY,
    SERVER,
    Connection,
    Data,
    EndOfMessage,
    ErrorCode,
    LocalProtocolError,
    RemoteProtocolError,
    Response,
)
from tests.h11.conversations import (
    CHUNKED,
    CLOSED_EVENT,
    END,
    GET_HEAD,
    Line,
    client,
    data_of,
    hear,
    length,
    request,
    response,
    say,
    server,
)

TRAILERS = EndOfMessage(headers=[("Digest", "abc")])

HTTP_10 = b"GET / HTTP/1.0\r\n\r\n"


def answer(to: bytes, *lines: Line, body: tuple[bytes, ...] = (b"abc", b"de")) -> bytes:
    """Return the bytes with which a server answers, given these field lines."""
    pieces = [Data(data=piece) for piece in body]
    return say(server(to), response(*lines), *pieces, END)


def test_headers_are_passed_on_and_the_body_is_encoded_to_match() -> None:
    """What the framing fields say goes to the peer, and the body is framed accordingly."""
    pieces = (Data(data=b"abc"), Data(data=b"de"), END)
    assert say(client(), request(length(5), method="PUT"), *pieces) == (
        b"PUT / HTTP/1.1\r\nHost: example.com\r\nContent-Length: 5\r\n\r\nabcde"
    )
    assert say(client(), request(CHUNKED, method="PUT"), *pieces) == (
        b"PUT / HTTP/1.1\r\nHost: example.com\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    )


@pytest.mark.parametrize(
    ("coding", "code"),
    [
        ("gzip, chunked", ErrorCode.UNSUPPORTED_CODING),
        ("identity, chunked", ErrorCode.UNSUPPORTED_CODING),
        ("gzip", ErrorCode.BAD_FRAMING),
        ("identity", ErrorCode.BAD_FRAMING),
        ("chunked, gzip", ErrorCode.BAD_FRAMING),
        ("chunked, chunked", ErrorCode.BAD_FRAMING),
        ("", ErrorCode.BAD_FRAMING),
    ],
)
def test_only_chunked_is_supported(coding: str, code: ErrorCode) -> None:
    """A message with another transfer coding can neither be sent nor received.

    The hint is 501 if the coding is unknown, and 400 if nobody could tell where the body ends.
    """
    line = ("Transfer-Encoding", coding)
    with pytest.raises(LocalProtocolError) as ours:
        request(line)
    connection = Connection(our_role=SERVER)
    connection.receive_data(GET_HEAD[:-2] + f"Transfer-Encoding: {coding}\r\n\r\n".encode())
    with pytest.raises(RemoteProtocolError) as theirs:
        connection.next_event()
    assert ours.value.code is theirs.value.code is code
    assert ours.value.error_status_hint == theirs.value.error_status_hint == code.status_hint


@pytest.mark.parametrize("coding", ["chunked", "Chunked", "CHUNKED"])
def test_chunked_is_understood_in_any_case(coding: str) -> None:
    """The name of the coding is compared without regard to case."""
    sent = say(client(), request(("Transfer-Encoding", coding)), Data(data=b"a"), END)
    assert sent.endswith(b"\r\n\r\n1\r\na\r\n0\r\n\r\n")


def test_request_without_framing_has_no_body() -> None:
    """It is the same as Content-Length: 0: the end follows at once, and data is an error."""
    assert say(client(), request(), END) == GET_HEAD
    assert hear(server(), GET_HEAD) == [request(), END]
    with pytest.raises(LocalProtocolError):
        say(client(), request(), Data(data=b"a"))
    assert say(client(), request(length(0)), END).endswith(b"Content-Length: 0\r\n\r\n")
    with pytest.raises(LocalProtocolError):
        say(client(), request(length(0)), Data(data=b"a"))


@pytest.mark.parametrize("role", [CLIENT, SERVER], ids=repr)
@pytest.mark.parametrize("sizes", [(5,), (2, 3), (1, 1, 1, 1, 1), (0, 5, 0)])
def test_exactly_the_announced_number_of_bytes_is_sent(
    role: object, sizes: tuple[int, ...]
) -> None:
    """Pieces of any size will do, as long as they come to the announced length."""
    connection = client() if role is CLIENT else server(GET_HEAD)
    say(connection, request(length(5)) if role is CLIENT else response(length(5)))
    assert say(connection, *[Data(data=b"x" * size) for size in sizes], END) == b"xxxxx"
    assert connection.our_state is DONE


@pytest.mark.parametrize("role", [CLIENT, SERVER], ids=repr)
def test_end_of_message_at_the_wrong_place_is_an_error(role: object) -> None:
    """Too few bytes before the end are an error, in requests and responses."""
    connection = client() if role is CLIENT else server(GET_HEAD)
    say(connection, request(length(5)) if role is CLIENT else response(length(5)))
    say(connection, Data(data=b"abcd"))
    with pytest.raises(LocalProtocolError, match="Too little data"):
        connection.send(END)
    assert connection.our_state is ERROR


@pytest.mark.parametrize("role", [CLIENT, SERVER], ids=repr)
def test_more_bytes_than_announced_are_an_error(role: object) -> None:
    """Too many bytes are an error as soon as they are sent."""
    connection = client() if role is CLIENT else server(GET_HEAD)
    say(connection, request(length(5)) if role is CLIENT else response(length(5)))
    say(connection, Data(data=b"abcde"))
    with pytest.raises(LocalProtocolError, match="Too much data"):
        connection.send(Data(data=b"f"))
    assert connection.our_state is ERROR


@pytest.mark.parametrize("pieces", [(), (b"a",), (b"abc", b"", b"defg" * 10)])
def test_chunked_request_has_any_number_of_bytes(pieces: tuple[bytes, ...]) -> None:
    """With chunks the length need not be known; the server gets it all, and the end."""
    connection = server()
    sent = say(client(), request(CHUNKED), *[Data(data=piece) for piece in pieces], END)
    events = hear(connection, sent)
    assert data_of(events) == b"".join(pieces)
    assert events[-1] == END


def test_client_chooses_chunked_before_it_knows_the_version() -> None:
    """The field is sent as it was given, although nothing is known of the server yet."""
    connection = client()
    assert connection.their_http_version is None
    assert b"Transfer-Encoding: chunked\r\n" in say(connection, request(CHUNKED))


@pytest.mark.parametrize("to", [GET_HEAD, HTTP_10], ids=["1.1", "1.0"])
def test_response_with_content_length(to: bytes) -> None:
    """An announced length is passed on as it is, whatever the client speaks."""
    head, _, body = answer(to, length(5)).partition(b"\r\n\r\n")
    assert b"Content-Length: 5" in head.split(b"\r\n")
    assert b"Transfer-Encoding" not in head
    assert body == b"abcde"


@pytest.mark.parametrize("lines", [(), (CHUNKED,)], ids=["neither", "chunked"])
def test_response_of_unknown_length_to_http_11_is_chunked(lines: tuple[Line, ...]) -> None:
    """Chunked or no framing field: both are sent in chunks to a client that understands them."""
    assert answer(GET_HEAD, *lines) == (
        b"HTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    )


@pytest.mark.parametrize("lines", [(), (CHUNKED,)], ids=["neither", "chunked"])
def test_response_of_unknown_length_to_http_10_ends_by_closing(lines: tuple[Line, ...]) -> None:
    """Chunked or no framing field: both are sent bare to an older client, and then closed."""
    connection = server(HTTP_10)
    assert say(connection, response(*lines), Data(data=b"abc"), END) == (
        b"HTTP/1.1 200 \r\nConnection: close\r\n\r\nabc"
    )
    assert connection.states == {CLIENT: MUST_CLOSE, SERVER: MUST_CLOSE}


def test_chunked_responses_are_compatible_with_keep_alive() -> None:
    """After a chunked response the connection can be used again; a bare one ends it."""
    connection = server(GET_HEAD)
    say(connection, response(), END)
    connection.start_next_cycle()

    connection = server(HTTP_10)
    say(connection, response(), END)
    with pytest.raises(LocalProtocolError):
        connection.start_next_cycle()


def test_chunked_responses_tell_success_from_failure() -> None:
    """A chunked body that is cut off is an error; a bare one just seems to be complete."""
    for head, body, complete in [
        (b"Transfer-Encoding: chunked\r\n", b"3\r\nabc\r\n", False),
        (b"", b"abc", True),
    ]:
        connection = client(request(), END)
        hear(connection, b"HTTP/1.1 200 OK\r\n" + head + b"\r\n" + body)
        assert connection.their_state is SEND_BODY
        connection.receive_data(b"")
        if complete:
            assert connection.next_event() == END
            assert connection.next_event() == CLOSED_EVENT
        else:
            with pytest.raises(RemoteProtocolError, match="incomplete chunked read"):
                connection.next_event()


@pytest.mark.parametrize("lines", [(), (CHUNKED,)], ids=["neither", "chunked"])
def test_both_ways_of_leaving_the_length_open_are_the_same(lines: tuple[Line, ...]) -> None:
    """Whether the field was given or left off, and in which case, makes no difference."""
    for to in (GET_HEAD, HTTP_10):
        assert answer(to, *lines) == answer(to)
        assert answer(to, ("transfer-ENCODING", "CHUNKED")) == answer(to)


@pytest.mark.parametrize("lines", [(), (CHUNKED,)], ids=["neither", "chunked"])
def test_trailers_go_with_chunks(lines: tuple[Line, ...]) -> None:
    """Where a response was sent in chunks, trailers are, too, and received again."""
    asking, answering = client(request(), END), server(GET_HEAD)
    sent = say(answering, response(*lines), TRAILERS)
    assert sent.endswith(b"\r\n\r\n0\r\nDigest: abc\r\n\r\n")
    received = hear(asking, sent)
    assert isinstance(received[0], Response)
    assert received[1:] == [TRAILERS]


@pytest.mark.parametrize("lines", [(), (CHUNKED,)], ids=["neither", "chunked"])
def test_trailers_to_http_10_are_an_error(lines: tuple[Line, ...]) -> None:
    """An older client has no place for trailers, so sending some raises."""
    connection = server(HTTP_10)
    say(connection, response(*lines))
    with pytest.raises(LocalProtocolError, match="trailers"):
        connection.send(TRAILERS)
    assert connection.our_state is ERROR


def test_trailers_with_content_length_are_an_error() -> None:
    """Trailers are only legal with chunks, in responses and in requests."""
    for connection in (client(request(length(0))), client(request())):
        with pytest.raises(LocalProtocolError, match="trailers"):
            connection.send(TRAILERS)
    connection = server(GET_HEAD)
    say(connection, response(length(0)))
    with pytest.raises(LocalProtocolError, match="trailers"):
        connection.send(TRAILERS)


@pytest.mark.parametrize(("to", "may_have_trailers"), [(GET_HEAD, True), (HTTP_10, False)])
def test_version_of_the_client_tells_if_trailers_can_be_sent(
    to: bytes, may_have_trailers: bool
) -> None:
    """Whoever checks `their_http_version` first never meets the error."""
    connection = server(to)
    version = connection.their_http_version
    assert version is not None
    assert (version >= b"1.1") is may_have_trailers
    say(connection, response(), TRAILERS if version >= b"1.1" else END)
    assert connection.our_state is (DONE if may_have_trailers else MUST_CLOSE)
