"""What servers answer to requests that are wrong, late, or lead nowhere; and what is no answer."""

import pytest

import h11
from tests.integration.h11_client import Client
from tests.interop.servers.conversations import send_octets
from tests.interop.servers.features import Feature
from tests.interop.servers.servers import each_server
from tests.interop.servers.site import HELLO


@each_server(Feature.MALFORMED)
@pytest.mark.parametrize(
    "line",
    [
        pytest.param(b"Content-Length: five", id="a length that is no number"),
        pytest.param(b"Content-Length: 5\r\nContent-Length: 6", id="two lengths"),
    ],
)
def test_a_malformed_request_is_answered_with_400(client: Client, line: bytes) -> None:
    """The answer of a server that hangs up is read to its end."""
    send_octets(client, b"POST / HTTP/1.1\r\nHost: a\r\n" + line + b"\r\n\r\n")
    answer = client.read_answer()
    assert answer.status == 400
    assert client.connection.their_state is h11.MUST_CLOSE
    assert client.next_event() == h11.ConnectionClosed()


@each_server(Feature.SLOW)
def test_half_a_request_is_answered_with_408(client: Client) -> None:
    """The server does not wait for the rest for ever, and says so."""
    send_octets(client, b"GET / HTTP/1.1\r\nHost:")
    assert client.read_answer().status == 408
    assert client.next_event() == h11.ConnectionClosed()


@each_server(Feature.NO_STATUS_LINE)
def test_an_answer_of_http_0_9_is_refused(client: Client) -> None:
    """A body without a head is no response of HTTP/1.1."""
    send_octets(client, b"GET /hello.txt\r\n")
    with pytest.raises(h11.RemoteProtocolError) as caught:
        client.read_answer()
    assert caught.value.code is h11.ErrorCode.BAD_STATUS_LINE
    assert caught.value.excerpt == b"h"


@each_server(Feature.DEAD)
def test_a_server_without_its_backend_answers_itself(client: Client) -> None:
    """502, 503 or 504, with a page of the server's own."""
    answer = client.ask("GET", "/dead")
    assert answer.status in {502, 503, 504}
    assert answer.body


@each_server(Feature.REDIRECT)
def test_a_redirect_leads_to_the_file(client: Client) -> None:
    """Whatever it has for a body, the next request on the connection is in step."""
    answer = client.ask("GET", "/moved")
    location = answer.field(b"location")
    assert answer.status in {301, 302}
    assert location is not None
    target = location.decode().removeprefix(f"http://{client.host}")
    assert client.ask("GET", target).body == HELLO
