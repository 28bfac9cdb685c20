"""Programs that are not ours: finding them, running them on loopback, and ending them.

In: what a program is called, where it comes from, and the command that starts it. Out: its path and
version; an address that answers while it runs, and its log when something goes wrong.
"""

import contextlib
import functools
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.environments import clean_environment
from tests.integration.sockets import LOOPBACK, Address

SECONDS_TO_START = 20.0
SECONDS_TO_END = 5.0
SECONDS_BETWEEN_TRIALS = 0.02

# Debian keeps servers where an ordinary user's path does not lead.
SEARCH_PATH = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"])

VERSION = re.compile(r"\d+(?:\.\d+)+")


class ProgramError(Exception):
    """A program did not start or ended on its own; the message has its log."""


@dataclass(frozen=True)
class Program:
    """A program that has to be installed.

    Attributes:
        name: What the table calls it.
        executable: What it is started by.
        package: The Debian package that brings it.
        version_option: What makes it print its version.
    """

    name: str
    executable: str
    package: str
    version_option: str = "--version"

    def path(self) -> str:
        """Return where it is; without it the test is skipped, and where `CI` is set it fails."""
        found = shutil.which(self.executable, path=SEARCH_PATH)
        if found is None:
            reason = f"{self.name} is not here: install Debian's package {self.package}"
            if os.environ.get("CI"):
                pytest.fail(reason, pytrace=False)
            pytest.skip(reason)
        return found

    def version(self) -> str:
        """Return the version that it tells.

        Raises:
            ProgramError: If what it prints has no version in it.
        """
        return _version_told_by(self.path(), self.version_option)


@functools.cache
def _version_told_by(path: str, option: str) -> str:
    """Return the first version in what a program prints on either stream."""
    finished = subprocess.run(
        [path, option],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
        timeout=SECONDS_TO_START,
        check=False,
    )
    found = VERSION.search(finished.stdout)
    if found is None:
        raise ProgramError(f"{path} {option} tells no version: {finished.stdout!r}")
    return found[0]


@dataclass(frozen=True)
class Running:
    """A program that is running.

    Attributes:
        address: Where it listens.
        process: Its first process, the leader of its group.
        folder: Its temporary directory.
    """

    address: Address
    process: subprocess.Popen[bytes]
    folder: Path

    def log(self) -> str:
        """Return what it has written on its standard streams so far."""
        return (self.folder / "log").read_text(encoding="utf-8", errors="backslashreplace")

    def kill(self) -> None:
        """End it at once, with all of its processes, in the middle of whatever it does."""
        _signal(self.process, signal.SIGKILL)
        self.process.wait()


@contextlib.contextmanager
def temporary_folder() -> Iterator[Path]:
    """Make a directory that servers may read which give up the rights of root.

    Yields:
        Its path; it is removed at the end.
    """
    # A process of a group that was killed may still make a file while they are removed.
    with tempfile.TemporaryDirectory(prefix="interop-", ignore_cleanup_errors=True) as name:
        folder = Path(name).resolve()
        folder.chmod(0o755)
        yield folder


@contextlib.contextmanager
def running(
    command: Sequence[str | Path],
    port: int,
    folder: Path,
    environment: Mapping[str, str] | None = None,
) -> Iterator[Running]:
    """Run a program that listens on a port, from when it answers to the end of the block.

    Args:
        command: What starts it, in the foreground.
        port: The loopback port that it has been told to listen on.
        folder: The directory to run it in, and to keep its log in.
        environment: Variables on top of those of this process.

    Yields:
        What is known of it.

    Raises:
        ProgramError: If it does not answer in time, or has ended on its own.
    """
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**clean_environment(), **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    program = Running((LOOPBACK, port), process, folder)
    killed = -signal.SIGKILL
    try:
        _wait_until_it_answers(program)
        yield program
        if process.poll() not in {None, killed}:
            raise ProgramError(_account_of("ended on its own", program))
    except BaseException as error:
        if not isinstance(error, ProgramError):
            error.add_note(f"log of {process.args!r}:\n{program.log()}")
        raise
    finally:
        stop(process)


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a process and its group: asked first, forced after a while."""
    _signal(process, signal.SIGTERM)
    try:
        process.wait(SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        pass
    finally:
        # Also what has outlived its leader.
        _signal(process, signal.SIGKILL)
        process.wait()


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """Send a signal to the group of a process, if anything of it is left."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def _wait_until_it_answers(program: Running) -> None:
    """Return as soon as a connection is accepted.

    Raises:
        ProgramError: If the program ends instead, or takes too long.
    """
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        if program.process.poll() is not None:
            raise ProgramError(_account_of("ended at once", program))
        try:
            socket.create_connection(program.address, SECONDS_TO_START).close()
        except ConnectionRefusedError:
            time.sleep(SECONDS_BETWEEN_TRIALS)
        else:
            return
    raise ProgramError(_account_of("does not answer", program))


def _account_of(fault: str, program: Running) -> str:
    """Return a message that names a command, its fault and its log."""
    status = program.process.poll()
    return f"{program.process.args!r} {fault} (status {status}):\n{program.log()}"
