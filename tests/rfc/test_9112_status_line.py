"""RFC 9112 section 4: the status line.

In: status lines, legal and not, received and to be sent. Out: status codes and reason phrases as
they were on the wire, or the refusal.
"""

import pytest

from h11 import ErrorCode, InformationalResponse, Response, Tolerance
from tests.rfc.wire import (
    END,
    GET,
    MOST_FOR_RESPONSES,
    client,
    events,
    heard_response,
    kinds,
    message,
    refusal,
    response,
    say,
    server,
)


@pytest.mark.rfc("9112/4/whitespace-delimited-status-line")
@pytest.mark.parametrize(
    "line",
    [
        pytest.param(b"HTTP/1.1  200 OK", id="two spaces"),
        pytest.param(b"HTTP/1.1\t200 OK", id="HTAB"),
        pytest.param(b"HTTP/1.1 200\tOK", id="HTAB after the code"),
        pytest.param(b"HTTP/1.1\x0b200 OK", id="VT"),
        pytest.param(b"HTTP/1.1\x0c200 OK", id="FF"),
        pytest.param(b"HTTP/1.1\r200 OK", id="CR"),
        pytest.param(b" HTTP/1.1 200 OK", id="before"),
    ],
)
def test_one_space_separates_the_parts(line: bytes) -> None:
    """What another recipient might read differently is refused, under any tolerance."""
    for tolerate in (None, MOST_FOR_RESPONSES):
        error = refusal(client(response(line=line), tolerate=tolerate))
        assert error.code is ErrorCode.BAD_STATUS_LINE


@pytest.mark.rfc("9112/4/whitespace-delimited-status-line")
@pytest.mark.parametrize("tolerate", [None, Tolerance.NONE], ids=["by default", "strict"])
def test_the_space_before_an_absent_reason_phrase_may_be_absent(
    tolerate: Tolerance | None,
) -> None:
    """Real servers leave it out, and nothing else can be meant."""
    without = client(response(line=b"HTTP/1.1 200"), tolerate=tolerate)
    with_space = client(response(line=b"HTTP/1.1 200 "), tolerate=tolerate)
    assert heard_response(without) == heard_response(with_space)


@pytest.mark.rfc("9112/4/reason-ignored")
@pytest.mark.parametrize("reason", [b"", b"Not Found", b"100 Continue", b"\xe4\t\xf6", b" spaced "])
def test_a_reason_phrase_decides_nothing(reason: bytes) -> None:
    """Whatever it says, the status code counts; the caller has it as octets."""
    line = b"HTTP/1.1 200 " + reason
    octets = response(b"Content-Length: 2", line=line, body=b"ok")
    usual = response(b"Content-Length: 2", body=b"ok")
    connection = client(octets)
    found = events(connection)
    assert type(found[0]) is Response
    assert (found[0].status_code, found[0].reason) == (200, reason)
    assert kinds(found) == kinds(events(client(usual)))


@pytest.mark.rfc("9112/4/space-before-reason-sent")
def test_the_space_is_sent_without_a_reason_phrase() -> None:
    """The status line of every response ends with a space then."""
    connection = server(GET)
    events(connection)
    assert connection.send(InformationalResponse(status_code=103, headers=[])) == message(
        b"HTTP/1.1 103 "
    )
    final = Response(status_code=200, headers=[("Content-Length", "0")])
    assert say(connection, final, END) == message(b"HTTP/1.1 200 ", b"Content-Length: 0")
