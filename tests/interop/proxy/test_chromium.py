"""Tests of the proxy with Chromium: the page that tries everything, through both kinds of proxy.

In: `page.html`, as the server sends it. Out: the verdict of the page, and what the record of the
server behind the proxy has of the requests.
"""

from typing import Any

import pytest

from tests.interop.clients.bodies import SIZES, Digest, digest, octets
from tests.interop.clients.browser import visit
from tests.interop.clients.programs import CHROMIUM
from tests.interop.clients.servers import Served
from tests.interop.programs import Running

pytestmark = pytest.mark.program(CHROMIUM, "both")

DIGESTS = [digest(octets(size)) for size in SIZES]


def assert_all_came_through(verdict: dict[str, Any], served: Served, run: str) -> None:
    """Assert that the page has nothing to complain about, and each request arrived once."""
    received = {request.id.split(".")[1]: request for request in served.received(run)}
    assert len(received) == len(served.received(run))
    for act in ("fetch", "chunks", "xhr"):
        assert [Digest(*found) for found in verdict[act]] == DIGESTS, act
        assert [received[f"{act}-{size}"].digest for size in SIZES] == DIGESTS
    at_once = [digest(f"{number}".encode() * number * 100) for number in range(40)]
    assert [Digest(*found) for found in verdict["at_once"]] == at_once
    assert verdict["multipart"] == {str(size): list(digest(octets(size))) for size in SIZES}
    assert verdict["form"]["file"] == list(digest(octets(1_000_000)))
    assert Digest(*verdict["given_up"]) == digest(b"after")
    assert verdict["web_socket"]["texts"] == [True] * 3
    assert [Digest(*found) for found in verdict["web_socket"]["blobs"]] == DIGESTS[:4]
    assert (verdict["web_socket"]["code"], verdict["web_socket"]["wasClean"]) == (1000, True)
    assert received["beacon"].digest == digest(b"beacon")


@pytest.mark.feature("a whole page, with WebSocket")
def test_page_behind_a_reverse_proxy(reverse: Served, run: str) -> None:
    """Bodies of all sizes, many requests at once, forms, what is given up, and a WebSocket."""
    assert_all_came_through(visit(reverse, run), reverse, run)


@pytest.mark.feature("a whole page, with WebSocket in a tunnel")
def test_page_through_the_proxy_that_it_asks(forward: Running, recorder: Served, run: str) -> None:
    """The same with targets in absolute-form, and CONNECT for the WebSocket."""
    proxy = "http://{}:{}".format(*forward.address)
    options = (f"--proxy-server={proxy}", "--proxy-bypass-list=<-loopback>")
    assert_all_came_through(visit(recorder, run, options), recorder, run)
