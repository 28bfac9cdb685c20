"""The servers: how each is started, and what each cannot do for a client, with the reason.

In: a feature. Out: the decorator that runs a test with every server that has it; what is not under
`cannot` is tested.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pytest

from tests.interop.programs import Program
from tests.interop.servers.features import Feature

Test = Callable[..., None]
Decorator = Callable[[Test], Test]


@dataclass(frozen=True)
class Server:
    """A server of the world.

    Attributes:
        program: What has to be installed.
        configuration: Its file in `configurations`, where `@...@` stand for what a run decides.
        arguments: What it is started with; `@configuration@` is that file, filled in.
        behind: The names of the servers that it stands in front of.
        cannot: The features that it does not have, each with the reason.
    """

    program: Program
    configuration: str
    arguments: tuple[str, ...]
    behind: tuple[str, ...] = ("node",)
    cannot: Mapping[Feature, str] = field(default_factory=dict)


ALWAYS_1_1 = "answers with HTTP/1.1 in any case"
HANGS_UP = "hangs up without an answer"
NOT_0_9 = "answers with a status line in any case"
DROPS_TRAILERS = "does not pass trailers on"
NO_TUNNEL = "is no proxy that clients choose"
NO_FILES = "serves no files by itself"

SERVERS = {
    "nginx": Server(
        Program("nginx", "nginx", "nginx-light", "-v"),
        "nginx.conf",
        ("-c", "@configuration@", "-e", "stderr"),
        cannot={
            Feature.OLD: ALWAYS_1_1,
            Feature.TUNNEL: NO_TUNNEL,
            Feature.TRAILERS_UP: DROPS_TRAILERS,
            Feature.HINTS: "takes an interim response of its backend for a final one",
            Feature.SLOW: HANGS_UP,
        },
    ),
    "apache": Server(
        Program("Apache httpd", "apache2", "apache2", "-v"),
        "apache.conf",
        ("-f", "@configuration@", "-DFOREGROUND"),
        cannot={Feature.TRAILERS: DROPS_TRAILERS, Feature.TRAILERS_UP: DROPS_TRAILERS},
    ),
    "lighttpd": Server(
        Program("lighttpd", "lighttpd", "lighttpd", "-v"),
        "lighttpd.conf",
        ("-D", "-f", "@configuration@"),
        cannot={
            Feature.GZIP: "compresses all of a file before it sends it, and so knows its length",
            Feature.TRAILERS: "moves trailers into the header, ended by CR CR LF, which is refused",
            Feature.TRAILERS_UP: DROPS_TRAILERS,
            Feature.TUNNEL: NO_TUNNEL,
            Feature.BROKEN: "may end the chunks of a broken backend as if they were whole",
            Feature.SLOW: HANGS_UP,
            Feature.NO_STATUS_LINE: "waits for the version",
        },
    ),
    "haproxy": Server(
        Program("HAProxy", "haproxy", "haproxy", "-v"),
        "haproxy.cfg",
        ("-db", "-f", "@configuration@"),
        behind=("node", "nginx"),
        cannot={
            Feature.OLD: ALWAYS_1_1,
            Feature.NO_STATUS_LINE: NOT_0_9,
            Feature.TUNNEL: NO_TUNNEL,
        },
    ),
    "node": Server(
        Program("Node.js http", "node", "nodejs"),
        "node.js",
        ("@configuration@", "@port@", "@site@"),
        behind=(),
        cannot={
            Feature.RANGE: NO_FILES,
            Feature.RANGES: NO_FILES,
            Feature.UNCHANGED: NO_FILES,
            Feature.STORED: NO_FILES,
            Feature.OLD: ALWAYS_1_1,
            Feature.NO_STATUS_LINE: NOT_0_9,
            Feature.TUNNEL: NO_TUNNEL,
            Feature.DEAD: "has no backend",
        },
    ),
}


def each_server(feature: Feature, role: str = "client") -> Decorator:
    """Return what makes of a test one for every server that has a feature.

    Args:
        feature: What the test is about.
        role: Ours, as the table names it.

    Returns:
        A decorator for a test with the argument `name`, or a fixture with it.
    """
    able = [
        pytest.param(name, id=name, marks=pytest.mark.program(server.program, role))
        for name, server in SERVERS.items()
        if feature not in server.cannot
    ]
    marks = [
        pytest.mark.parametrize("name", able),
        pytest.mark.feature(feature.value),
        *(
            pytest.mark.left_out(server.program, server.cannot[feature])
            for server in SERVERS.values()
            if feature in server.cannot
        ),
    ]

    def decorate(test: Test) -> Test:
        """Mark the test, and give it the servers."""
        for mark in marks:
            test = mark(test)
        return test

    return decorate
