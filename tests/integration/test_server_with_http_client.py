"""The standard library's `http.client` asks our server role."""

import http.client
import json
from collections.abc import Iterator

import pytest

import h11
from tests.integration.h11_server import Server
from tests.integration.payload import BODY, DIGEST, body_in_pieces
from tests.integration.sockets import TIMEOUT, Address


@pytest.fixture
def client(address: Address) -> Iterator[http.client.HTTPConnection]:
    """A client of the server over our server role."""
    connection = http.client.HTTPConnection(*address, timeout=TIMEOUT)
    yield connection
    connection.close()


def test_get_is_answered(client: http.client.HTTPConnection, server: Server) -> None:
    """Status, fields and body arrive, and the connection ends where the client ends it."""
    client.request("GET", "/hello")
    response = client.getresponse()
    assert (response.version, response.status, response.reason) == (11, 200, "OK")
    assert response.getheaders() == [("Content-Length", "5")]
    assert response.read() == b"hello"
    client.close()
    report = server.next_report()
    assert [type(event) for event in report.events] == [
        h11.Request,
        h11.EndOfMessage,
        h11.ConnectionClosed,
    ]
    assert (report.client_state, report.server_state) == (h11.CLOSED, h11.MUST_CLOSE)


def test_head_is_answered_without_a_body(client: http.client.HTTPConnection) -> None:
    """The length is told and no body follows, so that the next response is in step."""
    client.request("HEAD", "/hello")
    response = client.getresponse()
    assert response.getheader("Content-Length") == "5"
    assert response.read() == b""
    client.request("GET", "/hello")
    assert client.getresponse().read() == b"hello"


def test_head_is_answered_with_the_framing_of_get(client: http.client.HTTPConnection) -> None:
    """A response of unknown length is announced as chunked to HEAD, too, and has no body."""
    client.request("HEAD", "/parts")
    response = client.getresponse()
    assert response.getheader("Transfer-Encoding") == "chunked"
    assert response.read() == b""
    client.request("GET", "/hello")
    assert client.getresponse().read() == b"hello"


def test_upload_by_length_arrives_whole(client: http.client.HTTPConnection) -> None:
    """The large body arrives under the length that was announced."""
    client.request("POST", "/digest", BODY)
    assert json.load(client.getresponse()) == {
        "framing": str(len(BODY)),
        "trailers": [],
        "length": len(BODY),
        "sha256": DIGEST,
    }


def test_chunked_upload_arrives_whole(client: http.client.HTTPConnection) -> None:
    """The large body arrives in the chunks that the client makes of an iterator's pieces."""
    client.request(
        "POST",
        "/digest",
        body_in_pieces(),
        {"Transfer-Encoding": "chunked"},
        encode_chunked=True,
    )
    assert json.load(client.getresponse()) == {
        "framing": "chunked",
        "trailers": [],
        "length": len(BODY),
        "sha256": DIGEST,
    }


def test_chunked_download_is_decoded(client: http.client.HTTPConnection) -> None:
    """A body of unknown length goes out in chunks, and its trailer section harms nobody."""
    client.request("GET", "/parts")
    response = client.getresponse()
    assert response.chunked
    assert response.read() == b"one, two, three"
    client.request("GET", "/hello")
    assert client.getresponse().read() == b"hello"


def test_large_download_arrives_whole(client: http.client.HTTPConnection) -> None:
    """The large body is the same at the client."""
    client.request("GET", "/large")
    assert client.getresponse().read() == BODY


def test_one_connection_carries_a_hundred_requests(
    client: http.client.HTTPConnection, server: Server
) -> None:
    """A hundred cycles of GET, HEAD and POST leave one report, of one connection."""
    ports = set()
    for _ in range(25):
        client.request("GET", "/port")
        ports.add(client.getresponse().read())
        client.request("HEAD", "/hello")
        assert client.getresponse().read() == b""
        client.request("POST", "/digest", b"data")
        assert json.load(client.getresponse())["length"] == 4
        client.request("POST", "/digest", iter([b"da", b"ta"]), encode_chunked=True)
        assert json.load(client.getresponse())["length"] == 4
    assert len(ports) == 1
    client.close()
    events = server.next_report().events
    assert sum(isinstance(event, h11.Request) for event in events) == 100
    assert server.reports.empty()


def test_no_content_has_neither_body_nor_length(client: http.client.HTTPConnection) -> None:
    """A 204 is sent without framing fields, and the connection goes on."""
    client.request("GET", "/nothing")
    response = client.getresponse()
    assert (response.status, response.getheaders(), response.read()) == (204, [], b"")
    client.request("GET", "/hello")
    assert client.getresponse().read() == b"hello"


def test_client_that_asks_for_close_is_told_so(
    client: http.client.HTTPConnection, server: Server
) -> None:
    """The response to `Connection: close` says the same, without the server having asked for it."""
    client.request("GET", "/hello", headers={"Connection": "close"})
    response = client.getresponse()
    assert response.getheader("Connection") == "close"
    assert response.read() == b"hello"
    report = server.next_report()
    assert (report.client_state, report.server_state) == (h11.MUST_CLOSE, h11.MUST_CLOSE)


def test_server_that_announces_close_is_not_asked_again(
    client: http.client.HTTPConnection, server: Server
) -> None:
    """After a last response the client opens a new connection for its next request."""
    for _ in range(2):
        client.request("GET", "/last")
        assert client.getresponse().read() == b"goodbye"
    reports = [server.next_report(), server.next_report()]
    assert {report.server_state for report in reports} == {h11.MUST_CLOSE}


def test_continue_is_passed_over_by_a_client_that_did_not_wait(
    client: http.client.HTTPConnection,
) -> None:
    """`http.client` announces an expectation, sends the body at once, and skips a 100."""
    client.request("POST", "/digest", b"data", {"Expect": "100-continue"})
    response = client.getresponse()
    assert response.status == 200
    assert json.load(response)["length"] == 4


def test_tunnel_carries_http_of_its_own(client: http.client.HTTPConnection, server: Server) -> None:
    """After an accepted CONNECT the same socket begins a new connection inside the tunnel."""
    client.set_tunnel("inside.test", 80)
    for _ in range(2):
        client.request("GET", "/hello")
        assert client.getresponse().read() == b"hello"
    client.close()
    events = server.next_report().events
    requests = [event for event in events if isinstance(event, h11.Request)]
    assert [request.method for request in requests] == [b"CONNECT", b"GET", b"GET"]
    assert [request.target for request in requests] == [b"inside.test:80", b"/hello", b"/hello"]


def test_refused_tunnel_is_an_error_of_the_client(
    client: http.client.HTTPConnection, server: Server
) -> None:
    """A CONNECT that is answered with 404 stays a request like any other."""
    client.set_tunnel("elsewhere.test", 80)
    with pytest.raises(OSError, match="404"):
        client.request("GET", "/hello")
    (request, *_) = server.next_report().events
    assert isinstance(request, h11.Request)
    assert request.method == b"CONNECT"
