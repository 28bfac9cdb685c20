"""Bodies that go up: large ones in either framing, with leave asked for, and with leave refused."""

import json
import uuid

import pytest

import h11
from tests.integration.h11_client import Client
from tests.integration.payload import BODY, DIGEST, body_in_pieces
from tests.interop.servers.features import Feature
from tests.interop.servers.servers import each_server
from tests.interop.servers.site import HELLO

LENGTH = ("Content-Length", str(len(BODY)))
CHUNKED = ("Transfer-Encoding", "chunked")

each_framing = pytest.mark.parametrize(
    "framing", [pytest.param(LENGTH, id="by its length"), pytest.param(CHUNKED, id="in chunks")]
)


@each_server(Feature.UPLOAD)
@each_framing
def test_a_large_upload_reaches_a_program(client: Client, framing: tuple[str, str]) -> None:
    """10 MB are hashed by Node, in or behind the server, to what they are here."""
    answer = client.ask("POST", "/node/digest", [framing], body_in_pieces())
    seen = json.loads(answer.body)
    assert (seen["length"], seen["sha256"]) == (len(BODY), DIGEST)
    assert client.ask("GET", "/hello.txt").body == HELLO


@each_server(Feature.TRAILERS_UP)
def test_trailers_of_an_upload_arrive(client: Client) -> None:
    """What is known only at the end, such as a hash, follows the last chunk."""
    fields = [CHUNKED, ("Trailer", "X-Digest")]
    trailers = [("X-Digest", DIGEST)]
    answer = client.ask("POST", "/node/digest", fields, body_in_pieces(), trailers)
    assert json.loads(answer.body)["trailers"] == {"x-digest": DIGEST}
    assert client.ask("GET", "/hello.txt").body == HELLO


@each_server(Feature.STORED)
@each_framing
def test_a_large_upload_is_stored_and_comes_back(client: Client, framing: tuple[str, str]) -> None:
    """201 the first time, 204 without a body the second, and the file is what was sent."""
    target = f"/uploads/{uuid.uuid4().hex}.bin"
    assert client.ask("PUT", target, [framing], body_in_pieces()).status == 201
    again = client.ask("PUT", target, [framing], body_in_pieces())
    assert (again.status, again.pieces) == (204, [])
    assert client.ask("GET", target).body == BODY


@each_server(Feature.CONTINUE)
@each_framing
def test_leave_to_go_on_comes_before_the_body(client: Client, framing: tuple[str, str]) -> None:
    """100 ends the waiting; the answer is that to the body."""
    fields = [framing, ("Expect", "100-continue")]
    client.send_head("POST", "/node/digest", fields)
    assert client.connection.client_is_waiting_for_100_continue
    leave = client.next_event()
    assert isinstance(leave, h11.InformationalResponse)
    assert leave.status_code == 100
    assert not client.connection.client_is_waiting_for_100_continue
    for piece in body_in_pieces():
        client.send(h11.Data(data=piece))
    client.send(h11.EndOfMessage())
    assert json.loads(client.read_answer().body)["sha256"] == DIGEST
    assert client.ask("GET", "/hello.txt").body == HELLO


@each_server(Feature.REFUSED)
def test_leave_refused_spares_the_body(client: Client) -> None:
    """413 instead of 100 is the final answer, and the body was never sent."""
    fields = [LENGTH, ("Expect", "100-continue")]
    client.send_head("PUT", "/small-uploads/file.bin", fields)
    answer = client.read_answer()
    assert (answer.interim, answer.status) == ([], 413)
    assert not client.connection.client_is_waiting_for_100_continue
    assert client.connection.our_state is h11.SEND_BODY
