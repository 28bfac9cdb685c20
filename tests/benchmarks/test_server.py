"""The command runs uvicorn on each parser, puts it under load, and judges what it serves."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.benchmarks import proxy, server, uvicorn_process
from tests.benchmarks.application import EXPECTED
from tests.benchmarks.server_table import HEADING, Turn, as_page, missed, ratios, row
from tests.benchmarks.uvicorn_process import Server, ServerError, running
from tests.benchmarks.wrk import Load, LoadError, answered_in

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="cores are chosen, and their time is read, as Linux has it"
)

REPORT = """\
Running 3s test @ http://127.0.0.1:8000/
  1 threads and 16 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     3.55ms    1.00ms  12.02ms   70.00%
    Req/Sec     4.50k   300.10     5.10k    66.67%
  13430 requests in 3.00s, 1.69MB read
Requests/sec:   4476.31
Transfer/sec:    576.22KB
"""

TURNS = {
    "ours": [Turn(2600, 4e-4), Turn(2400, 4e-4), Turn(2500, 4e-4)],
    "h11": [Turn(1000, 1e-3), Turn(1000, 1e-3), Turn(1000, 1e-3)],
    "httptools": [Turn(4000, 2e-4), Turn(4000, 2e-4), Turn(4000, 2e-4)],
}

TITLES = {"ours": "this h11", "h11": "h11 0.16.0", "httptools": "httptools 0.9.0"}

FAKE_WRK = f"""#!{sys.executable}
import http.client, sys
address = sys.argv[-1].split("/")[2]
connection = http.client.HTTPConnection(address, timeout=10)
for _ in range(3):
    connection.request("GET", "/")
    assert connection.getresponse().read()
print("  3 requests in 1.00s")
print("Requests/sec:      3.00")
"""


def install(folder: Path, name: str, source: str) -> None:
    """Put a program into a folder."""
    program = folder / name
    program.write_text(source, encoding="utf-8")
    program.chmod(0o755)


def test_requests_are_read_from_the_report() -> None:
    """The number of requests and the rate are those of the whole run."""
    assert answered_in(REPORT) == (13430, 4476.31)


@pytest.mark.parametrize(
    "report",
    [
        pytest.param("", id="nothing"),
        pytest.param(REPORT + "  Non-2xx or 3xx responses: 5\n", id="failed requests"),
        pytest.param(REPORT.replace("13430", "0"), id="no requests"),
        pytest.param(
            REPORT + "  Socket errors: connect 0, read 2, write 0, timeout 0\n", id="broken"
        ),
    ],
)
def test_a_report_of_failures_gives_no_rate(report: str) -> None:
    """A server that does not answer everything with success is not fast but wrong."""
    with pytest.raises(LoadError):
        answered_in(report)


def test_a_browser_is_what_sends() -> None:
    """The load has the fields and the target of a browser, or, on demand, nothing but Host."""
    command = Load(3, 1).command("127.0.0.1:8000")
    assert command[:4] == ["taskset", "-c", "1", "wrk"]
    assert "--header=Host: www.example.com" in command
    assert sum(argument.startswith("--header=") for argument in command) == 8
    assert command[-1].startswith("http://127.0.0.1:8000/articles/")
    bare = Load(3, 1, bare=True).command("127.0.0.1:8000")
    assert bare[4:] == [
        *("--threads", "1", "--connections", "16", "--duration", "3s", "--timeout=2s"),
        "http://127.0.0.1:8000/",
    ]


def test_ratios_are_of_the_same_round() -> None:
    """Each round gives one ratio."""
    assert ratios(TURNS, "ours", "h11") == [2.6, 2.4, 2.5]


def test_the_table_shows_rates_and_ratios() -> None:
    """A row has the median of the rates, the processor time of a request, and the ratios."""
    shown = row("hello", "this h11", TURNS, "ours")
    figures = ["2,500", "400.0", "2.50", "2.40-2.60", "1.00"]
    assert shown.split() == ["hello", "this", "h11", *figures]
    assert len(shown) == len(HEADING)
    page = as_page({"hello": TURNS}, TITLES, "uvicorn==0.54.0", bare=False)
    assert "- Server: uvicorn 0.54.0, on the event loop of asyncio\n" in page
    assert "- Requests: eight fields, as a browser sends them\n" in page
    expected = "| `hello` | httptools 0.9.0 | 4,000 | 200.0 | 4.00 | 4.00-4.00 | 0.62 |\n"
    assert expected in page
    assert "| `hello` | this h11 | 2,500 |" in page
    assert " aims at, is a ratio of 2.5 to h11 0.16.0 and 0.7 to httptools 0.9.0. " in page


def test_a_missed_target_is_told() -> None:
    """Ours reaches 2.5 times h11, but not 0.7 times httptools."""
    assert missed(TURNS) == ["httptools"]


def test_there_are_four_servers_of_one_release() -> None:
    """Ours runs here, the others in one environment of their own."""
    chosen = server.servers()
    assert {name: it.http for name, it in chosen.items()} == (
        {"ours": "h11", "h11": "h11", "httptools": "httptools", "zttp": "zttp"}
    )
    assert chosen["ours"].interpreter == Path(sys.executable)
    assert {it.interpreter for name, it in chosen.items() if name != "ours"} == (
        {chosen["h11"].interpreter}
    )


def test_the_command_serves_both_applications_on_all_four(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each server answers its load, and has a row for each application in report and page."""
    install(tmp_path, "wrk", FAKE_WRK)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    page = tmp_path / "server.md"
    assert server.main(["--rounds", "1", "--seconds", "1", "--write", str(page)]) == 0
    rows = [line.split()[:2] for line in capsys.readouterr().out.splitlines()[1:]]
    names = ["this", "h11", "httptools", "zttp"]
    assert rows == [[application, name] for application in EXPECTED for name in names]
    assert page.read_text(encoding="utf-8").count("| 3 |") == 8


@pytest.mark.parametrize("main", [server.main, proxy.main], ids=["server", "proxy"])
@pytest.mark.parametrize("program", ["wrk", "taskset"])
def test_a_missing_program_is_told_loudly(
    program: str,
    main: Callable[[list[str]], int],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Without a program to make the load with, nothing is measured, and the exit code is 2."""
    for other in {"wrk", "taskset"} - {program}:
        install(tmp_path, other, "#!/bin/sh\n")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main([]) == 2
    assert f"!!! {program} is missing" in capsys.readouterr().out


@pytest.mark.parametrize(("options", "code"), [([], 0), (["--targets"], 1)])
def test_the_exit_code_tells_of_missed_targets(
    options: list[str], code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With `--targets` alone they count."""
    monkeypatch.setattr("shutil.which", lambda name: name)
    monkeypatch.setattr(server, "servers", dict)
    monkeypatch.setattr(server, "measure", lambda *_: TURNS)
    assert server.main(["hello", *options]) == code


@pytest.mark.parametrize("arguments", [["nothing"], ["--seconds", "0"]])
def test_mistaken_options_are_refused(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """An unknown application and no seconds at all end with the usage."""
    with pytest.raises(SystemExit, match="2"):
        server.main(arguments)
    assert "usage: bench-server" in capsys.readouterr().err


def test_a_server_that_does_not_start_is_told() -> None:
    """What it has logged is in the error."""
    broken = Server("broken", Path(sys.executable), "no_such_module:Protocol")
    core = server.cores().server
    with pytest.raises(ServerError, match="no_such_module"), running(broken, "hello", core):
        pass


def test_a_server_that_answers_something_else_is_not_measured() -> None:
    """The answer is compared with what the application says."""
    ours = Server("ours", Path(sys.executable), "h11")
    with running(ours, "hello", server.cores().server) as it:
        uvicorn_process.check(it.address, "hello")
        with pytest.raises(ServerError):
            uvicorn_process.check(it.address, "ten_fields")


def test_the_load_is_on_another_core() -> None:
    """Where there are two cores, server and load have one each."""
    where = server.cores()
    assert (where.server != where.load) == (len(os.sched_getaffinity(0)) > 1)
