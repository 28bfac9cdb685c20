"""Tests of our server role with Chromium, which visits a page that tries everything it can.

In: `page.html`, as each server sends it. Out: the verdict of the page, and what the server's record
has of the requests.
"""

from typing import Any

import pytest

from tests.interop.clients.bodies import SIZES, Digest, digest, octets
from tests.interop.clients.browser import visit
from tests.interop.clients.programs import CHROMIUM, client
from tests.interop.clients.recording import Received
from tests.interop.clients.servers import Served, each_server

pytestmark = client(CHROMIUM)

DIGESTS = [digest(octets(size)) for size in SIZES]

Visit = tuple[dict[str, Any], dict[str, Received]]


@pytest.fixture(scope="module")
def visits() -> dict[str, Visit]:
    """What has been seen of each server so far."""
    return {}


@pytest.fixture
def visited(served: Served, visits: dict[str, Visit], run: str) -> Visit:
    """The verdict on a server, and its record by id; the browser comes to each server once."""
    if served.name not in visits:
        verdict = visit(served, run)
        received = served.received(run)
        ids = [request.id.split(".")[1] for request in received]
        assert len(ids) == len(set(ids))
        visits[served.name] = verdict, dict(zip(ids, received, strict=True))
    return visits[served.name]


def told(digests: object) -> list[Digest]:
    """Return what the page was told, of a list of bodies."""
    assert isinstance(digests, list), digests
    return [Digest(*found) for found in digests]


@each_server("10 MB up", "10 MB down", "chunks")
@pytest.mark.parametrize("act", ["fetch", "chunks", "xhr"])
def test_scripts_get_and_send_bodies_of_all_sizes(visited: Visit, act: str) -> None:
    """They come back as they were sent, with a length or in chunks."""
    verdict, received = visited
    assert told(verdict[act]) == DIGESTS
    assert [received[f"{act}-{size}"].digest for size in SIZES] == DIGESTS


@each_server("many at once")
def test_many_requests_at_once_get_each_its_own_answer(visited: Visit) -> None:
    """The browser spreads them over its connections, and each carries several in order."""
    verdict, received = visited
    expected = [digest(f"{number}".encode() * number * 100) for number in range(40)]
    assert told(verdict["at_once"]) == expected
    ports = {received[f"at-once-{number}"].port for number in range(40)}
    assert 1 < len(ports) < 40


@each_server("multipart")
def test_form_data_arrive_part_by_part(visited: Visit) -> None:
    """Each file is a part, and whole."""
    verdict, _ = visited
    expected = {str(size): list(digest(octets(size))) for size in SIZES}
    assert verdict["multipart"] == expected


@each_server("submitted form")
def test_submitted_form_arrives(visited: Visit) -> None:
    """A real form with a file in it, whose answer is the next page."""
    verdict, _ = visited
    assert verdict["form"] == {
        "text": list(digest("text with ümlauts".encode())),
        "file": list(digest(octets(1_000_000))),
    }


@each_server("given up")
def test_download_that_is_given_up_leaves_the_server_in_order(visited: Visit) -> None:
    """The browser leaves in the middle of a response, and the next request is answered."""
    verdict, _ = visited
    assert Digest(*verdict["given_up"]) == digest(b"after")


@each_server("101")
def test_web_socket_carries_messages_of_all_sizes(visited: Visit) -> None:
    """The connection is handed over, messages come back, and the closing handshake is clean."""
    verdict, _ = visited
    found = verdict["web_socket"]
    assert found["texts"] == [True] * 3, found
    assert told(found["blobs"]) == DIGESTS[:4]
    assert (found["code"], found["wasClean"]) == (1000, True)


@each_server("beacon")
def test_beacon_arrives(visited: Visit) -> None:
    """A request whose answer nobody waits for is the first that the page sends."""
    verdict, received = visited
    assert verdict["beacon"] is True
    assert received["beacon"].digest == digest(b"beacon")
