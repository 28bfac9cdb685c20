"""What the tests with other programs stand on: programs are found, run, watched and ended."""

import socket
import sys
from pathlib import Path

import pytest

from tests.integration.sockets import LOOPBACK, free_port
from tests.interop.programs import (
    Program,
    ProgramError,
    running,
    temporary_folder,
)

PYTHON = Program("Python", sys.executable, "python3")
MISSING = Program("Nothing", "no-such-program", "nothing-of-debian")

LISTEN = """
import socket, sys, time
listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(("127.0.0.1", int(sys.argv[1])))
print("I listen", flush=True)
listener.listen()
while True:
    listener.accept()[0].close()
"""


def test_a_program_is_found_with_its_version() -> None:
    """The path is what can be run, and the version is what it prints itself."""
    assert PYTHON.path() == sys.executable
    assert PYTHON.version() == ".".join(map(str, sys.version_info[:3]))


def test_a_missing_program_skips_the_test(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reason names the package that brings it."""
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="Debian's package nothing-of-debian"):
        MISSING.path()


def test_a_missing_program_fails_where_a_change_is_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    """With `CI` set, nothing goes untested in silence."""
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="Debian's package nothing-of-debian"):
        MISSING.path()


def test_a_program_runs_until_the_block_ends() -> None:
    """It answers within the block, can be read, and is gone afterwards."""
    port = free_port()
    with temporary_folder() as folder:
        with running([sys.executable, "-c", LISTEN, str(port)], port, folder) as program:
            socket.create_connection(program.address).close()
            assert program.log() == "I listen\n"
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(program.address)


def test_a_program_that_does_not_start_shows_its_log(tmp_path: Path) -> None:
    """Instead of an address there is what it had to say, and its status."""
    command = [sys.executable, "-c", "raise SystemExit('no such setting')"]
    with (
        pytest.raises(ProgramError, match=r"ended at once \(status 1\):\nno such setting"),
        running(command, free_port(), tmp_path),
    ):
        pass


def test_a_program_that_ends_on_its_own_is_noticed(tmp_path: Path) -> None:
    """Whatever the tests have seen of it, a crash is no success."""
    port = free_port()
    with (
        pytest.raises(ProgramError, match=r"ended on its own"),
        running([sys.executable, "-c", LISTEN + "    break", str(port)], port, tmp_path) as program,
    ):
        program.process.wait(10)


def test_a_failing_test_shows_the_log(tmp_path: Path) -> None:
    """What went wrong within the block carries what the program wrote."""
    port = free_port()
    with (
        pytest.raises(KeyError) as caught,
        running([sys.executable, "-c", LISTEN, str(port)], port, tmp_path),
    ):
        raise KeyError(LOOPBACK)
    assert "I listen" in "".join(caught.value.__notes__)
