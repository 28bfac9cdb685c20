"""The command puts the example proxy under load, on ours and on h11 0.16.0, and its backend."""

import http.client
import sys
from pathlib import Path

import pytest

from tests.benchmarks import proxy
from tests.benchmarks.application import EXPECTED
from tests.benchmarks.proxy_backend import Answering, response_of
from tests.benchmarks.server_table import Turn
from tests.benchmarks.test_server import FAKE_WRK, install

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="cores are chosen, and their time is read, as Linux has it"
)

TURNS = {
    "direct": [Turn(30000, 1e-5), Turn(33000, 1e-5)],
    "ours": [Turn(3000, 3e-4), Turn(3300, 3e-4)],
    "h11": [Turn(1500, 6e-4), Turn(1500, 6e-4)],
}


def test_a_row_tells_how_far_each_gets() -> None:
    """Rate, processor time, ratio to h11 0.16.0 with its spread, and ours to it."""
    shown = proxy.row("hello", TURNS, "ours")
    assert shown.split() == [
        *("hello", "the", "proxy", "on", "this", "h11"),
        *("3,150", "300.0", "2.10", "2.00-2.20", "1.00"),
    ]
    assert len(shown) == len(proxy.HEADING)
    page = proxy.as_page({"hello": TURNS}, bare=True)
    assert "- Requests: no field but Host\n" in page
    assert "| application | under load | requests/s | processor µs | to h11 0.16.0 |" in page
    assert "| `hello` | the backend directly | 31,500 | 10.0 | 21.00 | 20.00-22.00 | 0.10 |" in page


def test_the_command_measures_all_three_ways(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each answers its load, and has a row for each application in report and page."""
    install(tmp_path, "wrk", FAKE_WRK)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    page = tmp_path / "proxy.md"
    assert proxy.main(["--rounds", "1", "--seconds", "1", "--write", str(page)]) == 0
    rows = capsys.readouterr().out.splitlines()[1:]
    assert len(rows) == len(EXPECTED) * len(proxy.TITLES)
    assert page.read_text(encoding="utf-8").count("| 3 |") == len(rows)


def test_both_proxies_are_what_they_are_called() -> None:
    """One says so in Via of its response, and the other does as well, on its own h11."""
    with proxy.all_running("hello") as started:
        for name in ("ours", "h11"):
            connection = http.client.HTTPConnection(started[name].address)
            connection.request("GET", "/")
            response = connection.getresponse()
            assert response.read() == EXPECTED["hello"][1]
            assert (response.getheader("Via") or "").startswith("1.1 h11-")
            connection.close()
            modules = Path(f"/proc/{started[name].process}/cmdline").read_bytes()
            assert (b"proxy_on_upstream" in modules) == (name == "h11")


def test_backend_answers_each_head_however_it_is_cut() -> None:
    """Two heads in three pieces get two responses."""
    sent: list[bytes] = []

    class Transport:
        """What keeps what is written."""

        write = sent.append

    answering = Answering(b"response ")
    answering.transport = Transport()  # type: ignore[assignment]  # it writes, and that is all
    for piece in (b"GET / HTTP/1.1\r", b"\n\r\nGET / HTTP/1.1\r\n\r\nG", b"ET"):
        answering.data_received(piece)
    assert b"".join(sent) == b"response response "
    assert response_of("hello").endswith(b"\r\n\r\nHello, world!")
