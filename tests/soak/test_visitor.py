"""A visitor gets the right answers from the example server, and notices each that is not."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from random import Random
from types import SimpleNamespace

import pytest

from docs.examples import asyncio_server
from tests.soak import behaviours, exchange
from tests.soak.behaviours import BEHAVIOURS, MALFORMED, is_malformed
from tests.soak.crowd import MOST_ERRORS, crowd, visit
from tests.soak.exchange import Address, Pace, Question
from tests.soak.questions import digest, echo, hello, lines
from tests.soak.tally import Tally
from tests.soak.visitor import Visitor

BRISK = Pace(octets=4000, taken=4000, pause=0)

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n"

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@pytest.fixture(autouse=True)
def brisk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody be slow in these tests, nor wait long."""
    for name in ("DRIP", "PIECES", "FLOOD"):
        monkeypatch.setattr(behaviours, name, BRISK)
    monkeypatch.setattr(exchange, "SECONDS_TO_ANSWER", 60)


@asynccontextmanager
async def serving(serve: Serve) -> AsyncIterator[Address]:
    """Serve on a free port of this process."""
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    try:
        yield host, port
    finally:
        server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        await asyncio.wait_for(asyncio.gather(*others, return_exceptions=True), 20)


def visited(serve: Serve, *behaviours: Callable[[Visitor], Awaitable[None]]) -> Tally:
    """Return what one visitor counts who does some things, one after the other."""
    tally = Tally()

    async def visit_once() -> None:
        async with serving(serve) as address:
            visitor = Visitor(address, "the visitor", Random(1), tally)
            for behaviour in behaviours:
                await visit(visitor, behaviour)

    asyncio.run(visit_once())
    return tally


def saying(octets: bytes) -> Serve:
    """Return a server that says the same to everybody, and closes."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1000)
        writer.write(octets)
        writer.write_eof()
        await reader.read()
        writer.close()

    return serve


def asks(*questions: Question) -> Callable[[Visitor], Awaitable[None]]:
    """Return the behaviour of asking some questions."""

    async def ask(visitor: Visitor) -> None:
        async with visitor.connection(BRISK) as connection:
            await visitor.ask(connection, *questions)

    return ask


@pytest.mark.parametrize("behaviour", BEHAVIOURS)
def test_each_behaviour_goes_well_with_the_example(
    behaviour: Callable[[Visitor], Awaitable[None]],
) -> None:
    """Whatever chance decides, three times in a row, nothing goes wrong and something happens."""
    tally = visited(asyncio_server.on_connection, behaviour, behaviour, behaviour)
    assert tally.errors == []
    assert tally.lost == 0
    assert tally.connections == 3
    assert tally.answered + tally.refused + tally.left >= 3


@pytest.mark.parametrize(("octets", "status"), MALFORMED)
def test_the_example_refuses_what_is_malformed(
    monkeypatch: pytest.MonkeyPatch, octets: bytes, status: int
) -> None:
    """Each with the status that it deserves."""
    monkeypatch.setattr(behaviours, "MALFORMED", [(octets, status)])
    tally = visited(asyncio_server.on_connection, is_malformed)
    assert (tally.errors, tally.refused) == ([], 1)


@pytest.mark.parametrize(
    ("octets", "error"),
    [
        pytest.param(OK + b"Hallo\n", "WrongAnswer", id="another body"),
        pytest.param(b"HTTP/1.1 500 \r\nContent-Length: 6\r\n\r\nHello\n", "500", id="a failure"),
        pytest.param(OK + b"Hel", "Lost", id="a part"),
        pytest.param(b"", "Lost", id="nothing"),
        pytest.param(b"Hello\n", "Lost", id="no HTTP"),
    ],
)
def test_a_wrong_answer_is_an_error(octets: bytes, error: str) -> None:
    """It is told who did not get which answer; the request counts as lost."""
    tally = visited(saying(octets), asks(hello()))
    (line,) = tally.errors
    assert line.startswith("the visitor ask: ")
    assert error in line
    assert tally.lost == 1


def test_each_request_of_a_pipeline_has_to_be_answered() -> None:
    """One answer to two questions leaves one of them lost."""
    tally = visited(saying(OK + b"Hello\n"), asks(hello(), hello()))
    assert (tally.asked, tally.answered, tally.lost) == (2, 1, 1)
    assert len(tally.errors) == 1


def test_answers_in_the_wrong_order_are_errors() -> None:
    """An answer that is right for another request is wrong for this one."""
    answers = b"".join(
        b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(it.expected), it.expected)
        for it in (lines(3), hello())
    )
    tally = visited(saying(answers), asks(hello(), lines(3)))
    assert "WrongAnswer" in tally.errors[0]


def test_a_server_that_is_silent_is_not_waited_for_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """After some time the answer is lost."""
    monkeypatch.setattr(exchange, "SECONDS_TO_ANSWER", 0.1)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    tally = visited(serve, asks(hello()), asks(digest("a", Random(1), expect=True)))
    assert tally.lost == 2
    assert len(tally.errors) == 2
    assert all("TimeoutError" in error for error in tally.errors)


@pytest.mark.parametrize(
    "octets",
    [
        pytest.param(OK + b"Hello\n", id="taken for a request"),
        pytest.param(
            b"HTTP/1.1 400 \r\nConnection: close\r\nContent-Length: 0\r\n\r\n" + OK,
            id="and answered",
        ),
    ],
)
def test_what_is_malformed_has_to_be_refused_and_nothing_else(octets: bytes) -> None:
    """Another status is an error, and so is anything behind it."""
    tally = visited(saying(octets), is_malformed)
    assert tally.refused == 0
    assert len(tally.errors) == 1


def test_a_body_is_sent_when_the_server_wants_it_and_not_before() -> None:
    """An answer in the place of 100 is not what was to come."""
    tally = visited(saying(OK + b"Hello\n"), asks(digest("a", Random(1), expect=True)))
    assert "in the place of 100" in tally.errors[0]


def test_bodies_tell_each_other_apart() -> None:
    """No two requests have the same body, even if chance is the same."""
    first, second = (echo(identity, Random(1)) for identity in ("first", "second"))
    assert first.expected.startswith(b"first")
    assert second.expected.startswith(b"second")
    assert digest("first", Random(1)).expected != digest("second", Random(1)).expected


def test_a_crowd_comes_again_until_the_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody comes, more than once, and nobody is cut off in the end."""
    clock = itertools.count()
    monkeypatch.setattr("tests.soak.crowd.time", SimpleNamespace(monotonic=lambda: next(clock)))

    async def come() -> Tally:
        tally = Tally()
        async with serving(asyncio_server.on_connection) as address:
            await crowd(address, 5, 20, tally, [asks(hello())])
        return tally

    tally = asyncio.run(come())
    assert tally.errors == []
    assert tally.connections > 10
    assert tally.answered == tally.asked == tally.connections


def test_a_crowd_gives_up_a_server_that_is_broken() -> None:
    """It does not collect errors for ever."""

    async def come() -> Tally:
        tally = Tally()
        await crowd(("127.0.0.1", 1), 3, 60, tally, [asks(hello())])
        return tally

    tally = asyncio.run(come())
    assert MOST_ERRORS <= len(tally.errors) < MOST_ERRORS + 3
    assert all("ConnectionRefusedError" in error for error in tally.errors)
