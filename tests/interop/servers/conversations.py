"""What a conversation needs beyond requests in good form: bare octets, and ends before the end.

In: a client of ours. Out: octets that `h11.Connection` would not send, and what became of them.
"""

from collections.abc import Iterable

import h11
from tests.integration.h11_client import Client


def request(client: Client, target: str, fields: Iterable[tuple[str, str]] = ()) -> h11.Request:
    """Return a GET of this client's server."""
    return h11.Request(method="GET", target=target, headers=[("Host", client.host), *fields])


def start_to_ask(client: Client, target: str) -> None:
    """Send a GET, and read the head of its answer."""
    client.send(request(client, target))
    client.send(h11.EndOfMessage())
    head = client.next_event()
    assert isinstance(head, h11.Response), head
    assert head.status_code == 200


def read_at_least(client: Client, length: int) -> bytes:
    """Return the next piece or pieces of a body, until there are that many octets."""
    body = bytearray()
    while len(body) < length:
        event = client.next_event()
        assert isinstance(event, h11.Data), event
        body += event.data
    return bytes(body)


def read_until_error(client: Client) -> tuple[bytes, h11.RemoteProtocolError]:
    """Return what is still delivered of a body, and the error that comes in place of its end."""
    body = bytearray()
    try:
        while True:
            event = client.next_event()
            assert isinstance(event, h11.Data), event
            body += event.data
    except h11.RemoteProtocolError as error:
        return bytes(body), error


def send_as(
    client: Client, version: bytes, target: str, fields: Iterable[tuple[str, str]] = ()
) -> None:
    """Send a GET that claims another version than ours, and expect an answer to it."""
    head = client.connection.send(request(client, target, fields))
    assert head is not None
    client.send(h11.EndOfMessage())
    client.socket.sendall(head.replace(b"HTTP/1.1\r\n", version + b"\r\n", 1))


def send_octets(client: Client, octets: bytes) -> None:
    """Send octets in place of a GET, and expect an answer to that."""
    client.connection.send(request(client, "/"))
    client.connection.send(h11.EndOfMessage())
    client.socket.sendall(octets)
