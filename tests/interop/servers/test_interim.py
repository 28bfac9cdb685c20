"""What comes before an answer, 103, and what ends HTTP on a connection: 101 and CONNECT."""

import h11
from tests.integration.h11_client import Client
from tests.integration.sockets import read_until
from tests.interop.servers.features import Feature
from tests.interop.servers.servers import each_server
from tests.interop.servers.site import HELLO
from tests.interop.servers.world import World

STYLE = b"</style.css>; rel=preload"


@each_server(Feature.HINTS)
def test_hints_come_before_the_answer(client: Client) -> None:
    """102 and 103 are told apart from the answer, and the connection stays in step."""
    answer = client.ask("GET", "/node/hinted")
    *before, processing, hints = answer.interim
    assert processing.status_code == 102
    assert (hints.status_code, list(hints.headers)) == (103, [(b"link", STYLE)])
    # HAProxy adds one of its own.
    assert {interim.status_code for interim in before} <= {103}
    assert (answer.status, answer.body) == (200, HELLO)
    assert client.ask("GET", "/hello.txt").body == HELLO


@each_server(Feature.SWITCH)
def test_a_switch_of_protocols_ends_http(client: Client) -> None:
    """101 hands the connection over, with whatever has arrived after it."""
    fields = [("Connection", "Upgrade"), ("Upgrade", "shout")]
    client.send_head("GET", "/node/shout", fields)
    client.send(h11.EndOfMessage())
    answer = client.next_event()
    assert isinstance(answer, h11.InformationalResponse)
    assert answer.status_code == 101
    assert client.connection.states == {
        h11.CLIENT: h11.SWITCHED_PROTOCOL,
        h11.SERVER: h11.SWITCHED_PROTOCOL,
    }
    assert client.next_event() is h11.PAUSED
    assert client.connection.trailing_data == (b"", False)
    client.socket.sendall(b"not http")
    assert read_until(client.socket, b"HTTP") == b"NOT HTTP"


@each_server(Feature.TUNNEL)
def test_a_tunnel_leads_to_another_server(client: Client, world: World) -> None:
    """200 to CONNECT hands the connection over, and behind it is Node itself."""
    node = "{}:{}".format(*world.server("node").address)
    client.send(h11.Request(method="CONNECT", target=node, headers=[("Host", node)]))
    client.send(h11.EndOfMessage())
    answer = client.next_event()
    assert isinstance(answer, h11.Response)
    assert answer.status_code == 200
    assert client.next_event() is h11.PAUSED
    assert client.connection.their_state is h11.SWITCHED_PROTOCOL
    client.connection = h11.Connection(h11.CLIENT)
    hello = client.ask("GET", "/hello.txt")
    assert (hello.body, hello.field(b"via"), hello.field(b"server")) == (HELLO, None, None)
