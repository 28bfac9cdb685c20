"""What the observer finds between Chromium and nginx is what nginx logs.

In: a visit of the page that tries everything a browser can. Out: the observed exchanges as lines of
a log, and that log; and the WebSocket.
"""

import dataclasses
import uuid
from collections.abc import Iterator

import pytest

from docs.examples.captures import Connection
from docs.examples.exchanges import Exchange, Observer
from h11_statemachine import CLIENT, SERVER, Switch
from tests.interop.clients.bodies import SIZES
from tests.interop.clients.browser import visit
from tests.interop.clients.programs import CHROMIUM, NGINX
from tests.interop.clients.servers import Served
from tests.interop.observer.lines import Line, logged, observed
from tests.interop.observer.watching import TCPDUMP, Observed, watching

pytestmark = [pytest.mark.program(program, "observer") for program in (CHROMIUM, NGINX, TCPDUMP)]

Seen = tuple[Observed, list[Line]]


@pytest.fixture(scope="module")
def seen(application: Served) -> Iterator[Seen]:
    """What was observed of a visit, and what was logged."""
    with watching(application) as watched:
        # The page comes through nginx; the verdict is where the application keeps it.
        running = dataclasses.replace(application.running, address=watched.nginx.address)
        # The verdict is there before its own answer is, and the log comes last.
        verdict = visit(
            Served("nginx", running),
            uuid.uuid4().hex,
            is_over=lambda: any("/verdict" in line for line in watched.log()),
        )
        assert "failed" not in str(verdict)
        yield watched.observed(), logged(watched.log())


def exchanges(seen: Seen) -> list[tuple[Connection, Observer, Exchange]]:
    """Return all exchanges of all connections."""
    return [
        (connection, observer, exchange)
        for connection, observer in seen[0]
        for exchange in observer.exchanges
    ]


@pytest.mark.feature("a page that tries everything")
def test_visit_is_observed_as_it_is_logged(seen: Seen) -> None:
    """Every request of every connection; of what was given up, no more than nginx has sent."""
    found, lines = observed(seen[0]), seen[1]
    given_up = {line.id for line in lines if ".given-up&" in line.request}
    assert len(given_up) == 1
    whole = [line for line in lines if line.id not in given_up]
    assert [line for line in found if line.id not in given_up] == whole
    assert len(whole) > 4 * len(SIZES) + 40
    broken = {line.id: line for line in found if line.id in given_up}
    for line in lines:
        if line.id in given_up:
            assert broken[line.id].sent <= line.sent
            assert broken[line.id]._replace(sent=0, body=0) == line._replace(sent=0, body=0)


def test_nobody_broke_the_rules(seen: Seen) -> None:
    """Not even who gave up a download."""
    for connection, observer in seen[0]:
        assert observer.violation(CLIENT) is None, connection
        # To nginx a client that gives up has gone, by a reset or an orderly end.
        gave_up = connection.is_reset or connection.endings[0].role is CLIENT
        assert observer.violation(SERVER) is None or gave_up, connection


@pytest.mark.feature("101")
def test_web_socket_is_observed_where_it_begins(seen: Seen) -> None:
    """From 101 on, the octets of both sides are not HTTP."""
    [(observer, exchange)] = [
        (observer, exchange) for _, observer, exchange in exchanges(seen) if exchange.switch
    ]
    assert exchange.switch is Switch.UPGRADE
    assert exchange is observer.exchanges[-1]
    [head] = exchange.informational
    assert head.headers.get("upgrade") == b"websocket"
    for role in (CLIENT, SERVER):
        content = observer.after_http(role)
        assert content is not None
        assert content.size > sum(SIZES[:4])
