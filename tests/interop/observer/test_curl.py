"""What the observer finds between curl and nginx, in a capture of tcpdump, is what nginx logs.

In: transfers of all kinds, all in one capture. Out: the observed exchanges as lines of a log, and
that log.
"""

import hashlib
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from docs.examples.exchanges import Exchange
from h11_statemachine import CLIENT, SERVER
from tests.integration.payload import BODY
from tests.interop.clients.programs import CURL, NGINX, output_of
from tests.interop.clients.servers import Served
from tests.interop.observer.lines import logged, observed
from tests.interop.observer.watching import TCPDUMP, Observed, Watched, has_ipv6, watching

pytestmark = [pytest.mark.program(program, "observer") for program in (CURL, NGINX, TCPDUMP)]

QUIET = ("--silent", "--show-error", "--globoff")

LARGE = bytes(range(256)) * 20_000

HELLO = "{base}/files/hello.txt"
NUMBERED = "{base}/files/numbers.txt"
EXPECT = ("--header", "Expect: 100-continue", "--expect100-timeout", "20")
EXPECT_NOT = ("--header", "Expect:")
SINCE = ("--header", "If-Modified-Since: Thu, 01 Jan 2026 00:00:00 GMT")
CHUNKED = ("--header", "Transfer-Encoding: chunked")


class Transfer(NamedTuple):
    """What curl is to do, and the status codes that it gets; all on one connection."""

    statuses: tuple[int, ...]
    arguments: tuple[str, ...]


TRANSFERS = {
    "a file": Transfer((200,), (HELLO,)),
    "10 MB": Transfer((200,), ("{base}/files/large.bin",)),
    "keep-alive": Transfer((200, 204, 200, 200), (HELLO, "{base}/empty", NUMBERED, HELLO)),
    "HEAD": Transfer((200, 200), ("--head", "{base}/files/large.bin", HELLO)),
    "304": Transfer((304, 304), (*SINCE, HELLO, "{base}/files/large.bin")),
    "a range": Transfer((206, 206), ("--range", "100-199", NUMBERED, "{base}/files/large.bin")),
    "several ranges": Transfer((206, 206), ("--range", "0-9,20-29", NUMBERED, NUMBERED)),
    "a range beyond the end": Transfer((416, 416), ("--range", "99999999-", HELLO, NUMBERED)),
    "404": Transfer((404, 200), ("{base}/files/nothing", HELLO)),
    "a redirect": Transfer((301, 200), ("--location", "{base}/moved")),
    "gzip in chunks": Transfer((200, 200), ("--compressed", NUMBERED, HELLO)),
    "chunks of a backend": Transfer((200, 200), ("{base}/download?size=99999&framing=1", HELLO)),
    "trailers": Transfer((200, 200), ("{base}/trailed/download?size=1000&framing=1", HELLO)),
    "HTTP/1.0": Transfer((200,), ("--http1.0", HELLO)),
    "an end by closing": Transfer((200,), ("--http1.0", "{base}/download?size=1000000&framing=1")),
    "an absolute target": Transfer((200,), ("--request-target", "http://a/files/hello.txt", HELLO)),
    "POST of nothing": Transfer((200, 200), ("--data", "", "{base}/upload", "{base}/upload")),
    "POST": Transfer((200, 200), ("--data", "a small body", "{base}/upload", "{base}/upload")),
    "POST of 5 MB": Transfer((200,), (*EXPECT_NOT, "--data-binary", "@{large}", "{base}/upload")),
    "100-continue": Transfer(
        (200, 200), (*EXPECT, "--data-binary", "@{large}", "{base}/upload", "{base}/upload")
    ),
    "100-continue refused": Transfer(
        (413,), (*EXPECT, "--data-binary", "@{large}", "{base}/small/upload")
    ),
    "PUT in chunks": Transfer((200,), (*CHUNKED, "--upload-file", "{large}", "{base}/upload")),
    "a form": Transfer((200,), (*EXPECT_NOT, "--form", "file=@{large}", "{base}/form")),
}


@pytest.fixture(scope="module")
def seen(
    application: Served, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Observed, list[str]]]:
    """What was observed of all transfers, and what was logged; each names itself as the agent."""
    large = tmp_path_factory.mktemp("files") / "large"
    large.write_bytes(LARGE)
    with watching(application) as watched:
        for name, (_, arguments) in TRANSFERS.items():
            filled = [argument.format(base=watched.base, large=large) for argument in arguments]
            discarded = ["--output", "/dev/null"] * len(filled)
            output_of(CURL, [*QUIET, "--user-agent", name, *discarded, *filled])
        yield watched.observed(), watched.log()


def transferred(seen: tuple[Observed, list[str]], name: str) -> list[Exchange]:
    """Return the exchanges of a transfer, which all were on one connection."""
    [observer] = [
        observer
        for _, observer in seen[0]
        if (request := observer.exchanges[0].request) is not None
        and request.head.headers.get("user-agent") == name.encode()
    ]
    assert observer.violation(CLIENT) is None
    assert observer.violation(SERVER) is None
    assert observer.closed(CLIENT)
    assert observer.closed(SERVER)
    return observer.exchanges


@pytest.mark.parametrize(
    "name", [pytest.param(name, id=name, marks=pytest.mark.feature(name)) for name in TRANSFERS]
)
def test_transfer_is_observed_as_it_is_logged(seen: tuple[Observed, list[str]], name: str) -> None:
    """Every request with its response, on its connection, to the octet."""
    lines = [line for line in logged(seen[1]) if line.agent == name]
    assert [line.status for line in lines] == list(TRANSFERS[name].statuses)
    assert [line for line in observed(seen[0]) if line.agent == name] == lines
    assert len(transferred(seen, name)) == len(lines)


def test_nothing_else_is_observed(seen: tuple[Observed, list[str]]) -> None:
    """The whole capture is the whole log."""
    assert observed(seen[0]) == logged(seen[1])


def test_bodies_are_those_of_the_files(seen: tuple[Observed, list[str]]) -> None:
    """What was taken out of its framing has the digest of what was sent."""
    expected = {
        "10 MB": (BODY, None),
        "POST of 5 MB": (None, LARGE),
        "PUT in chunks": (None, LARGE),
    }
    for name, (downloaded, uploaded) in expected.items():
        [exchange] = transferred(seen, name)
        for message, body in ((exchange.response, downloaded), (exchange.request, uploaded)):
            if body is not None:
                assert message is not None
                assert message.body.sha256 == hashlib.sha256(body).hexdigest()


def test_trailers_are_observed(seen: tuple[Observed, list[str]]) -> None:
    """They are the fields after the last chunk."""
    response = transferred(seen, "trailers")[0].response
    assert response is not None
    assert list(response.trailers) == [(b"x-checked", b"yes")]


@pytest.mark.parametrize(
    ("name", "before", "sent"),
    [("100-continue", [100], len(LARGE)), ("100-continue refused", [], 0)],
)
def test_leave_to_send_is_observed(
    seen: tuple[Observed, list[str]], name: str, before: list[int], sent: int
) -> None:
    """Leave, and then the body; or no leave, no body, and nobody to blame for it."""
    exchange = transferred(seen, name)[0]
    assert exchange.request is not None
    assert [head.status_code for head in exchange.informational] == before
    assert exchange.request.body.size == sent
    assert exchange.is_refused_before_its_body == (not before)


@pytest.mark.feature("every interface")
@pytest.mark.parametrize(
    "link",
    [("-i", "any"), ("-i", "any", "-y", "LINUX_SLL")],
    ids=["every interface", "every interface, the older way"],
)
def test_packets_of_every_interface_are_read(application: Served, link: tuple[str, ...]) -> None:
    """Such a capture has another link layer, and has each packet of loopback twice."""
    with watching(application, *link) as watched:
        output_of(CURL, [*QUIET, "--output", "/dev/null", HELLO.format(base=watched.base)])
        found = watched.observed()
        assert len(logged(watched.log())) == 2
        assert observed(found) == logged(watched.log())


@pytest.mark.feature("IPv6")
@pytest.mark.skipif(not has_ipv6(), reason="there is no IPv6 on loopback here")
def test_ipv6_is_read(watched: Watched) -> None:
    """A capture may hold both versions."""
    port = watched.nginx.address[1]
    output_of(CURL, [*QUIET, "--output", "/dev/null", f"http://[::1]:{port}/files/hello.txt"])
    found = watched.observed()
    assert observed(found) == logged(watched.log())
    assert str(found[0][0].server) == f"[::1]:{port}"
