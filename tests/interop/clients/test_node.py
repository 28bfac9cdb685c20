"""Tests of our server role with both of Node's clients: `fetch`, and `http` with its agent.

In: the acts of `node.mjs`. Out: what it prints of the answers, and what the server's record has of
the requests.
"""

from pathlib import Path

import pytest

from tests.interop.clients.bodies import SIZES, Digest, digest, octets
from tests.interop.clients.programs import AGENT, FETCH, client, output_of
from tests.interop.clients.servers import Served, digests, each_server

SCRIPT = Path(__file__).parent / "node.mjs"
DIGESTS = [digest(octets(size)) for size in SIZES]


def play(act: str, served: Served, run: str, *arguments: object) -> str:
    """Return what Node prints in an act."""
    return output_of(FETCH, [SCRIPT, served.base, run, act, *map(str, arguments)])


def numbers(served: Served, run: str) -> list[int]:
    """Return the numbers of the requests of a run, in the order of their arrival."""
    return [int(request.id.split(".")[1]) for request in served.received(run)]


@client(FETCH)
@each_server("10 MB up", "chunks", "keep-alive")
@pytest.mark.parametrize("framing", ["with_length", "in_chunks"])
def test_fetch_sends_uploads_of_all_sizes(
    served: Served, files: dict[int, Path], run: str, framing: str
) -> None:
    """They arrive whole, in order, and once."""
    told = play(f"fetch_{framing}", served, run, *files.values())
    assert digests(told) == DIGESTS
    received = served.received(run)
    assert [request.digest for request in received] == DIGESTS
    # Of an empty stream, fetch knows the length.
    expected = ["0", *["chunked"] * 4] if framing == "in_chunks" else list(map(str, SIZES))
    assert [request.framing for request in received] == expected


@client(FETCH)
@each_server("many at once")
def test_fetch_sends_many_at_once(served: Served, run: str) -> None:
    """Each arrives once, and each gets the answer that belongs to it."""
    expected = [digest(f"{number}".encode() * number * 100) for number in range(60)]
    assert digests(play("fetch_at_once", served, run)) == expected
    assert sorted(numbers(served, run)) == list(range(60))


@client(FETCH)
@each_server("10 MB down", "chunks")
def test_fetch_gets_downloads_of_all_sizes(served: Served, run: str) -> None:
    """With a length, and in chunks."""
    assert digests(play("fetch_down", served, run, *SIZES)) == DIGESTS * 2


@client(FETCH)
@each_server("given up")
def test_fetch_that_is_given_up_leaves_the_server_in_order(served: Served, run: str) -> None:
    """Half an upload is never taken for a whole one, and the next one arrives."""
    given_up, answer = play("fetch_given_up", served, run).splitlines()
    assert given_up == '"AbortError"'
    assert digests(answer) == [digest(b"b")]
    assert numbers(served, run) == [1]


@client(AGENT)
@each_server("keep-alive", "chunks")
def test_agent_keeps_a_connection_alive(served: Served, run: str) -> None:
    """Fifty requests in both framings arrive on it in order."""
    expected = [digest(bytes([number]) * number * 1000) for number in range(50)]
    assert digests(play("agent_in_turn", served, run)) == expected
    received = served.received(run)
    assert [request.digest for request in received] == expected
    assert numbers(served, run) == list(range(50))
    assert len({request.port for request in received}) == 1


@client(AGENT)
@each_server("100-continue", "10 MB up")
def test_agent_waits_for_leave(served: Served, files: dict[int, Path], run: str) -> None:
    """Nothing would be sent without an answer 100."""
    paths = [files[size] for size in SIZES if size]
    assert digests(play("agent_waits_for_100", served, run, *paths)) == DIGESTS[1:]
    assert {request.expect for request in served.received(run)} == {"100-continue"}


@client(AGENT)
@each_server("trailers")
def test_agent_sends_trailers(served: Served, run: str) -> None:
    """A trailer section ends a request, and the next one follows it."""
    assert digests(play("agent_sends_trailers", served, run)) == [digest(b"abc")] * 3
    assert len({request.port for request in served.received(run)}) == 1


@client(AGENT)
@each_server("upload and download at once")
def test_agent_sends_and_receives_at_once(served: Served, files: dict[int, Path], run: str) -> None:
    """An upload comes back while it goes."""
    expected: list[Digest] = DIGESTS
    assert digests(play("agent_both_ways", served, run, *files.values())) == expected
