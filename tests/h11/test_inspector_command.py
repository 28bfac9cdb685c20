"""Tests of `python -m h11` as a program: its options, its files, its exit codes."""

import contextlib
import os
import re
import runpy
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from h11 import Tolerance
from h11.__main__ import main
from tests.h11.inspecting import command, inspect, objects_of, process
from tests.h11.test_inspector_events import KEYS

GET: Final = b"GET / HTTP/1.1\r\nHost: example.com\r\n\r\n"
OK: Final = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
WRONG: Final = b"GET / HTTP/1.1\r\nHo st: example.com\r\n\r\n"

UNREADABLE: Final = Path("/proc/self/mem")
"""A file that can be opened, but not read from its beginning; Linux has it."""


@contextlib.contextmanager
def standard_input(octets: bytes | None) -> Iterator[None]:
    """Let the standard input of this process be a pipe with some octets in it, or be closed."""
    saved = os.dup(0)
    try:
        if octets is None:
            os.close(0)
        else:
            reader, writer = os.pipe()
            os.write(writer, octets)
            os.close(writer)
            os.dup2(reader, 0)
            os.close(reader)
        yield
    finally:
        os.dup2(saved, 0)
        os.close(saved)


@pytest.mark.parametrize("arguments", [(), ("-",), ("--", "-")], ids=" ".join)
def test_standard_input_is_read_without_a_file(arguments: tuple[str, ...]) -> None:
    """The report is that of a file with the same bytes."""
    with standard_input(GET):
        assert command(*arguments) == inspect(GET)


def test_standard_input_can_be_one_of_two_directions(tmp_path: Path) -> None:
    """A dash stands for it, in either place."""
    (tmp_path / "file").write_bytes(GET)
    with standard_input(OK):
        assert command(str(tmp_path / "file"), "-") == inspect(GET, OK)


def test_a_closed_standard_input_is_told() -> None:
    """It is wrong use, not a crash."""
    with standard_input(None):
        report = command()
    assert (report.code, report.output) == (2, "")
    assert "error: cannot read -: " in report.complaint


@pytest.mark.parametrize(
    ("octets", "code"), [(b"", 0), (GET, 0), (OK, 0), (WRONG, 1)], ids=["none", "GET", "OK", "bad"]
)
def test_the_exit_code_tells_a_violation(octets: bytes, code: int) -> None:
    """As its users run it: 0 if all is in order, 1 after a violation; nothing is complained of."""
    report = process(octets=octets)
    assert (report.code, report.complaint) == (code, "")
    assert report == inspect(octets)


MISUSES: Final = [
    (["--json", "missing"], "cannot read missing: No such file or directory"),
    (["."], "cannot read .: Is a directory"),
    (["-", "-"], "standard input cannot be both directions"),
    (["-", "-", "-"], "unrecognized arguments: -"),
    (["--role", "proxy"], "argument --role: invalid choice: 'proxy'"),
    (["--role", "client", "-", "other"], "do not go together here"),
    (["--role", "client", "--method", "GET"], "do not go together here"),
    (["--switch-refused", "--method", "GET"], "do not go together here"),
    (["--method", "GET", "-", "other"], "do not go together here"),
    (["--method", "a b"], "argument --method: 'a b' is no method"),
    (["--method", "É"], "argument --method: 'É' is no method"),
    (["--tolerate", "anything"], "argument --tolerate: 'anything' is no tolerance"),
    (["--role", "client", "--tolerate", "repeated-chunked"], "be let through from a client"),
    (["--role", "server", "--tolerate", "non-ascii-target"], "be let through from a server"),
    (["--head-size", "-1"], "argument --head-size: '-1' is no number of octets or fields"),
    (["--field-count", "many"], "argument --field-count: 'many' is no number"),
    (["--js"], "unrecognized arguments: --js"),
    (["--color"], "unrecognized arguments: --color"),
]


@pytest.mark.parametrize(
    ("arguments", "complaint"), MISUSES, ids=[" ".join(arguments) for arguments, _ in MISUSES]
)
def test_wrong_use_is_told(arguments: list[str], complaint: str) -> None:
    """The exit code is 2, nothing is reported, and the complaint says what is wrong."""
    with standard_input(b""):
        report = command(*arguments)
    assert (report.code, report.output) == (2, "")
    assert report.complaint.startswith("usage: python -m h11 [-h]")
    assert complaint in report.complaint


@pytest.mark.skipif(not UNREADABLE.exists(), reason="only Linux has a file that cannot be read")
def test_a_file_that_cannot_be_read_on_is_told() -> None:
    """It is no violation."""
    report = command(str(UNREADABLE))
    assert report.code == 2
    assert report.complaint == "python -m h11: cannot read on: Input/output error\n"


def test_help_names_everything() -> None:
    """Each tolerance and each limit is an option or a name in one."""
    report = process("--help", COLUMNS="10000")
    assert report.code == 0
    for name in Tolerance.__members__:
        assert name.lower().replace("_", "-") in report.output
    for option in ("head-size", "field-count", "trailer-size", "chunk-extension-size"):
        assert f"--{option} N" in report.output


def test_what_the_bytes_begin_with_tells_the_role() -> None:
    """What begins like a status line is of a server, also if it comes octet by octet."""
    assert [one["role"] for one in objects_of(OK)] == ["server"] * 4
    assert [one["role"] for one in objects_of(b"HTT")] == ["client"]
    assert [one["role"] for one in objects_of(OK, options=("--role", "client"))] == ["client"]
    assert [one["role"] for one in objects_of(GET, options=("--role=server",))] == ["server"]
    assert [one["role"] for one in objects_of(GET, options=("--method=GET",))] == ["server"]


def test_the_methods_are_those_of_the_requests_in_order() -> None:
    """What is not named is GET."""
    head = b"HTTP/1.1 200 \r\nContent-Length: 2\r\n\r\n"
    options = ("--method", "HEAD", "--method", "POST")
    seen = objects_of(head + head + b"ok" + head + b"ok", options=options)
    answered = [one["request_method"] for one in seen if one["event"] == "Response"]
    assert answered == ["HEAD", "POST", "GET"]


TOLERATED: Final = [
    (("--tolerate", "bare-lf"), b"GET / HTTP/1.1\nHost: a\n\n", 0),
    (("--tolerate", "BARE_LF, obs-fold"), b"GET / HTTP/1.1\nHost: a\nA: b\n c\n\n", 0),
    (("--tolerate=bare-lf", "--tolerate=none,requests"), b"GET /[ HTTP/1.1\nHost: a\n\n", 0),
    ((), b"GET /[ HTTP/1.1\r\nHost: a\r\n\r\n", 0),
    (("--tolerate", "bare-lf"), b"GET /[ HTTP/1.1\r\nHost: a\r\n\r\n", 1),
    ((), b"HTTP/1.1 204 \n\n", 0),
    (("--tolerate", "none"), b"HTTP/1.1 204 \n\n", 1),
    (("--tolerate", "responses"), b"HTTP/1.1 204 \n\n", 0),
]


@pytest.mark.parametrize(("options", "octets", "code"), TOLERATED)
def test_tolerances_take_the_place_of_the_usual(
    options: tuple[str, ...], octets: bytes, code: int
) -> None:
    """They are called by their names, in any number."""
    assert inspect(octets, options=options).code == code


def test_tolerances_of_two_directions_go_where_they_belong() -> None:
    """Each direction gets those that it can have."""
    requests, responses = GET.replace(b"/ ", b"/\xff "), OK.replace(b"\r", b"")
    options = ("--tolerate", "non-ascii-target,responses,bare-lf")
    assert inspect(requests, responses, options=options).code == 0
    assert inspect(requests, responses).code == 1
    assert inspect(requests, responses, options=("--tolerate=non-ascii-target",)).code == 1


def test_a_reader_that_leaves_early_hears_no_complaint(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The exit code is that of a process that SIGPIPE has ended."""
    (tmp_path / "file").write_bytes(GET)
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as output:
        monkeypatch.setattr(sys, "stdout", output)
        assert main([str(tmp_path / "file")]) == 141
        monkeypatch.undo()


@pytest.mark.parametrize(("name", "is_run"), [("__main__", True), ("h11.__main__", False)])
def test_the_command_runs_only_as_a_program(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    name: str,
    is_run: bool,
) -> None:
    """Whoever imports all modules of a package, as some tools do, prints nothing."""
    (tmp_path / "file").write_bytes(GET)
    monkeypatch.setattr(sys, "argv", ["h11", str(tmp_path / "file")])
    monkeypatch.delitem(sys.modules, "h11.__main__")
    with pytest.raises(SystemExit) if is_run else contextlib.nullcontext():
        runpy.run_module("h11.__main__", run_name=name)
    assert capsys.readouterr().out == (inspect(GET).output if is_run else "")


def test_nothing_of_it_is_imported_in_normal_use() -> None:
    """`import h11` costs no more than before."""
    program = "import sys, h11; print(*sys.modules)"
    completed = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, text=True, timeout=60
    )
    modules = set(completed.stdout.split())
    assert "h11._connection" in modules
    assert not {"argparse", "json", "h11.__main__"} & modules
    assert not [name for name in modules if name.startswith("h11._inspector")]


PAGE: Final = (Path(__file__).parents[2] / "docs" / "inspector.md").read_text(encoding="utf-8")
SAMPLES: Final = re.findall(
    r"^\$ printf '([^'\n]*)' \| python -m h11([^\n]*)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL
)


def test_the_page_has_nothing_but_samples_that_are_tested() -> None:
    """Each block of a terminal is a sample, and there is one for people and one for programs."""
    assert len(SAMPLES) == PAGE.count("```console\n") == 3
    assert {options for _, options, _ in SAMPLES} == {"", " --method HEAD", " --json"}


@pytest.mark.parametrize(("octets", "options", "output"), SAMPLES)
def test_the_page_shows_what_is_printed(octets: str, options: str, output: str) -> None:
    """A sample is the report of its bytes."""
    sent = octets.replace(r"\r\n", "\r\n").encode()
    assert inspect(sent, options=tuple(options.split())).output == output


def test_the_page_has_each_option() -> None:
    """What the command has, the page has, and the other way round."""
    options = set(re.findall(r"--[a-z-]+", process("--help").output))
    assert set(re.findall(r"`(--[a-z-]+)", PAGE)) | {"--help"} == options
    assert "`--help`" in PAGE


@pytest.mark.parametrize("event", KEYS)
def test_the_page_has_each_key_of_an_object(event: str) -> None:
    """The table of events has what programs rely on."""
    (keys,) = re.findall(rf"^\| `{event}` \| (.+) \|$", PAGE, re.MULTILINE)
    assert re.findall(r"`(\w+)`", keys) == KEYS[event]


def test_the_page_has_each_exit_code() -> None:
    """Those that the tests above have seen."""
    assert re.findall(r"^\| (\d+) \|", PAGE, re.MULTILINE) == ["0", "1", "2", "141"]
