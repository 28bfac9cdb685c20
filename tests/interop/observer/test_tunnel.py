"""What the observer finds in a tunnel through a proxy: CONNECT, and what goes on behind it.

In: curl, which asks nginx through Apache httpd. Out: the tunnel as Apache logs it, and the
exchanges in it as nginx logs them.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from docs.examples.exchanges import Keep, Observer
from docs.examples.observer import observe
from h11_statemachine import CLIENT, SERVER, Switch
from tests.examples.observed import record
from tests.integration.sockets import free_port
from tests.interop.clients.programs import CURL, NGINX, output_of
from tests.interop.observer.lines import logged, observed
from tests.interop.observer.watching import TCPDUMP, Capture, Watched, capturing, wait_for
from tests.interop.programs import Program, Running, running, temporary_folder
from tests.interop.servers.world import fill_in

APACHE = Program("Apache httpd", "apache2", "apache2", "-v")

pytestmark = [
    pytest.mark.program(program, "observer") for program in (APACHE, CURL, NGINX, TCPDUMP)
]

Tunnel = tuple[Running, Capture]


@pytest.fixture
def proxy(watched: Watched) -> Iterator[Tunnel]:
    """Apache httpd, which lets tunnels through to nginx, and a capture of its side."""
    program = APACHE.path()
    port = free_port()
    with temporary_folder() as folder:
        values = {"port": port, "folder": folder, "target_port": watched.nginx.address[1]}
        template = Path(__file__).with_name("apache.conf").read_text(encoding="utf-8")
        configuration = folder / "apache.conf"
        configuration.write_text(fill_in(template, values), encoding="utf-8")
        command = [program, "-f", str(configuration), "-DFOREGROUND"]
        with running(command, port, folder) as apache, capturing(port, folder) as capture:
            yield apache, capture


def ask(watched: Watched, proxy: Running, *targets: str) -> None:
    """Let curl ask nginx through a tunnel."""
    through = ("--proxytunnel", "--proxy", "http://{}:{}".format(*proxy.address))
    urls = [f"{watched.base}{target}" for target in targets]
    discarded = ["--output", "/dev/null"] * len(urls)
    output_of(CURL, ["--silent", "--show-error", *through, *discarded, *urls])


@pytest.mark.feature("CONNECT")
def test_tunnel_and_what_is_in_it_are_observed(watched: Watched, proxy: Tunnel) -> None:
    """HTTP ends with the 200, and what comes after it is another connection."""
    apache, capture = proxy
    ask(watched, apache, "/files/hello.txt", "/files/numbers.txt", "/empty")
    capture.finish(apache.address)
    [(connection, outer), *_] = observe(capture.file, keep=Keep(pieces=True))
    target = "{}:{}".format(*watched.nginx.address)
    [exchange] = outer.exchanges
    assert exchange.switch is Switch.CONNECT
    assert record(outer).startswith(f"CONNECT {target} 0 | 200 0 = CONNECT; ")
    inner = Observer()
    for role in (CLIENT, SERVER):
        content = outer.after_http(role)
        assert content is not None
        assert content.pieces is not None
        for piece in content.pieces:
            inner.feed(role, piece)
    [(behind, _), *_] = watched.observed()
    # The connection behind the proxy, which nginx knows, carries what is in the tunnel.
    lines = [line for line in logged(watched.log()) if line.port == behind.client.port]
    assert observed([(behind, inner)]) == lines
    line = f'{connection.client.port} CONNECT "CONNECT {target} HTTP/1.1" 200\n'
    # Apache knows that a tunnel has ended only when both ends have, and other requests go on.
    wait_for(lambda: line in (apache.folder / "requests").read_text(encoding="utf-8"), capture)
