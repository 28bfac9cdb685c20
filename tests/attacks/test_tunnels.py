"""What follows a CONNECT or an Upgrade, before and after the other side has agreed.

Attack: a request is put behind a CONNECT or Upgrade, so that one side reads it as HTTP and the
other as the first octets of a tunnel; or a response claims a switch that nobody has asked for.
Answer: from there on nothing is read as HTTP until the server has refused to switch; when it has
accepted, never again; and only what was proposed can be accepted (RFC 9110 sections 7.8 and 9.3.6).
"""

import pytest

from h11 import CLIENT, MIGHT_SWITCH_PROTOCOL, SERVER, SWITCHED_PROTOCOL, Connection
from h11_events import (
    Data,
    EndOfMessage,
    ErrorCode,
    InformationalResponse,
    RemoteProtocolError,
    Request,
    Response,
)
from h11_parser import NEED_DATA, PAUSED, ResponseParser
from tests.attacks.harness import (
    GET,
    GET_EVENTS,
    OK,
    OK_EVENTS,
    client_side,
    drain,
    ok,
    ok_event,
    read,
    server_side,
    taken,
    verdict,
)

CONNECT = b"CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n"
CONNECT_EVENT = Request(method="CONNECT", target="a:1", headers=[("Host", "a")])
UPGRADE = b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: b\r\nConnection: upgrade\r\n\r\n"
UPGRADE_FIELDS = [("Host", "a"), ("Upgrade", "b"), ("Connection", "upgrade")]
UPGRADE_EVENT = Request(method="GET", target="/", headers=UPGRADE_FIELDS)
SWITCHING = b"HTTP/1.1 101 OK\r\nUpgrade: b\r\n\r\n"
SWITCHING_EVENT = InformationalResponse(status_code=101, headers=[("Upgrade", "b")], reason="OK")

PROPOSALS = {"CONNECT": (CONNECT, CONNECT_EVENT), "Upgrade": (UPGRADE, UPGRADE_EVENT)}
TUNNELS = {
    "request": GET,
    "malformed": b"\x00\r\n\x16\x03",
    "line ends": b"\r\n\r\n",
    "long": b"x" * 100,
}


@pytest.mark.parametrize(("octets", "event"), PROPOSALS.values(), ids=PROPOSALS)
@pytest.mark.parametrize("rest", TUNNELS.values(), ids=TUNNELS)
def test_octets_behind_a_proposal(octets: bytes, event: Request, rest: bytes) -> None:
    """They are neither read nor judged nor changed, whatever they are."""
    expected = taken(event, EndOfMessage(), end=PAUSED, rest=rest)
    assert verdict(server_side(), octets + rest) == expected


@pytest.mark.parametrize(("octets", "event"), PROPOSALS.values(), ids=PROPOSALS)
def test_proposal_that_is_refused(octets: bytes, event: Request) -> None:
    """Once the server has refused, they are HTTP, and judged as such."""
    connection = Connection(SERVER)
    connection.receive_data(octets + GET)
    assert [connection.next_event(), connection.next_event()] == [event, EndOfMessage()]
    assert connection.next_event() is PAUSED
    assert connection.their_state is MIGHT_SWITCH_PROTOCOL
    connection.send(Response(status_code=403, headers=[]))
    connection.send(EndOfMessage())
    connection.start_next_cycle()
    assert [connection.next_event(), connection.next_event()] == GET_EVENTS


ACCEPTANCES = {
    "CONNECT": (CONNECT, Response(status_code=200, headers=[("Content-Length", "5")])),
    "Upgrade": (UPGRADE, InformationalResponse(status_code=101, headers=[("Upgrade", "b")])),
}


@pytest.mark.parametrize(("octets", "answer"), ACCEPTANCES.values(), ids=ACCEPTANCES)
def test_proposal_that_is_accepted(octets: bytes, answer: Response | InformationalResponse) -> None:
    """Once it has accepted, they are never HTTP again, and no framing goes out with the answer."""
    connection = Connection(SERVER)
    connection.receive_data(octets + GET)
    assert drain(connection, []) is PAUSED
    sent = connection.send(answer) or b""
    assert b"content-length" not in sent.lower()
    assert connection.states == {CLIENT: SWITCHED_PROTOCOL, SERVER: SWITCHED_PROTOCOL}
    connection.receive_data(GET)
    assert connection.next_event() is PAUSED
    assert connection.trailing_data == (GET + GET, False)


def test_body_before_the_tunnel() -> None:
    """A body that was announced comes before the pause; the tunnel begins behind it."""
    stream = b"CONNECT a:1 HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello" + GET
    headers = [("Host", "a"), ("Content-Length", "5")]
    event = Request(method="CONNECT", target="a:1", headers=headers)
    expected = taken(event, Data(b"hello"), EndOfMessage(), end=PAUSED, rest=GET)
    assert verdict(server_side(), stream) == expected


NO_PROPOSALS = {
    "HTTP/1.0": b"GET / HTTP/1.0\r\nUpgrade: b\r\nConnection: keep-alive\r\n\r\n",
    "empty": b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade:\r\n\r\n",
    "commas": b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: ,, ,\r\n\r\n",
    "small letters": b"connect / HTTP/1.1\r\nHost: a\r\n\r\n",
}


@pytest.mark.parametrize("octets", NO_PROPOSALS.values(), ids=NO_PROPOSALS)
def test_no_proposal(octets: bytes) -> None:
    """What proposes nothing stops nothing: the parser reads on."""
    parser = {"parser": server_side()["parser"]}
    found = verdict(parser, octets + GET)
    assert found.end is NEED_DATA
    assert found.events[2:] == GET_EVENTS


TWO_HUNDREDS = {
    "plain": [],
    "length": [b"Content-Length: 5"],
    "chunked": [b"Transfer-Encoding: chunked"],
    "both": [b"Content-Length: 5", b"Transfer-Encoding: chunked"],
}


@pytest.mark.parametrize("lines", TWO_HUNDREDS.values(), ids=TWO_HUNDREDS)
def test_accepted_connect(lines: list[bytes]) -> None:
    """A 2xx to CONNECT has no body, whatever it says: all behind it is the tunnel."""
    for reader in client_side("CONNECT").values():
        found = read(reader(), [ok(*lines) + b"5\r\n" + OK])
        assert len(found.events) == 1
        assert found.end is PAUSED
        assert found.rest == b"5\r\n" + OK


def test_refused_connect() -> None:
    """Any other answer to CONNECT has a body as usual, and HTTP goes on behind it."""
    stream = ok(b"Content-Length: 2", status=b"1.1 403 OK", body=b"hi") + OK
    event = Response(status_code=403, headers=[("Content-Length", "2")], reason="OK")
    expected = taken(event, Data(b"hi"), EndOfMessage(), *OK_EVENTS)
    assert verdict(client_side("CONNECT", "GET"), stream) == expected


@pytest.mark.parametrize("field", [b"Content-Length: 5", b"Transfer-Encoding: chunked"])
def test_switch_with_framing(field: bytes) -> None:
    """Nor does a 101 have a body; the parser has to be told nothing to know it."""
    stream = ok(b"Upgrade: b", field, status=b"1.1 101 OK") + b"5\r\nhello"
    parser = ResponseParser()
    found = read(parser, [stream])
    assert len(found.events) == 1
    assert found.end is PAUSED
    assert found.rest == b"5\r\nhello"


@pytest.mark.parametrize("method", ["GET", "CONNECT"])
def test_switch_that_nobody_has_proposed(method: str) -> None:
    """A 101 out of nothing is refused by whoever knows the request."""
    reader = client_side(method)["connection"]()
    reader.receive_data(SWITCHING + OK)
    with pytest.raises(RemoteProtocolError) as caught:
        reader.next_event()
    assert caught.value.code is ErrorCode.OUT_OF_TURN


def test_switch_that_was_proposed() -> None:
    """One that was proposed is taken, and nothing behind it is HTTP."""
    connection = Connection(CLIENT)
    connection.send(UPGRADE_EVENT)
    connection.send(EndOfMessage())
    connection.receive_data(SWITCHING + OK)
    assert connection.next_event() == SWITCHING_EVENT
    assert connection.next_event() is PAUSED
    assert connection.trailing_data == (OK, False)


def test_success_of_get_is_no_tunnel() -> None:
    """A 2xx opens a tunnel for CONNECT alone; a body of any other response is a body."""
    stream = ok(b"Content-Length: 2", body=b"hi")
    expected = taken(ok_event(("Content-Length", "2")), Data(b"hi"), EndOfMessage())
    assert verdict(client_side("GET"), stream) == expected
