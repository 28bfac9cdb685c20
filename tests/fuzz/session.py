"""One target fuzzed for a while in a process of its own: a name and seconds in, what happened out.

In: the target, for how long, and a folder. Out: how many inputs were tried, and which broke a
promise. What is new goes into the folder, never into the corpus of the repository.
"""

import re
import subprocess
import sys
from pathlib import Path
from typing import Final, NamedTuple

from tests.environments import REPOSITORY

CORPUS: Final = Path(__file__).parent / "corpus"
"""The inputs that every session begins with, in a folder for each target."""

DICTIONARY: Final = Path(__file__).parent / "dictionary"
"""What libFuzzer puts in."""

LONGEST: Final = 2048
"""The most octets of an input."""

SECONDS_FOR_ONE: Final = 30
"""After how long one input is taken for one that never ends."""

SECONDS_TO_END: Final = 120
"""How much longer than asked for a process may live."""

LONGEST_COMPLAINT: Final = 6000
"""How much of a log is shown."""

WORKER: Final = (sys.executable, "-m", "tests.fuzz.worker")
"""The command that fuzzes."""

_UNCAUGHT = "=== Uncaught Python exception"

_EXECUTIONS = re.compile(r"stat::number_of_executed_units: *(\d+)|^#(\d+)\t", re.MULTILINE)


class Session(NamedTuple):
    """How the fuzzing of one target went."""

    target: str
    executions: int
    findings: list[Path]
    """The inputs that broke a promise, or took too long."""

    exit_code: int
    log: str
    """What libFuzzer and the target wrote."""

    @property
    def passed(self) -> bool:
        """Whether nothing was found, and something was tried."""
        return not self.exit_code and not self.findings and self.executions > 0

    @property
    def complaint(self) -> str:
        """What the log says about the finding, or its end where it says nothing."""
        begin = self.log.find(_UNCAUGHT)
        return self.log[-LONGEST_COMPLAINT:] if begin < 0 else self.log[begin:][:LONGEST_COMPLAINT]


def fuzz(target: str, seconds: int, folder: Path) -> Session:
    """Fuzz one target, and wait for the end.

    Args:
        target: Its name.
        seconds: For how long.
        folder: Where new inputs, findings and the log go, each in what is named for the target.
    """
    found, findings = folder / "corpus" / target, folder / "findings" / target
    for each in (found, findings):
        each.mkdir(parents=True, exist_ok=True)
    before = set(findings.iterdir())
    command = [
        *WORKER,
        target,
        f"-max_total_time={seconds}",
        f"-max_len={LONGEST}",
        f"-timeout={SECONDS_FOR_ONE}",
        f"-dict={DICTIONARY}",
        f"-artifact_prefix={findings}/",
        "-print_final_stats=1",
        *(str(found), str(CORPUS / target)),
    ]
    log = folder / f"{target}.log"
    with log.open("wb") as output:
        exit_code = _run(command, output.fileno(), seconds + SECONDS_TO_END)
    text = log.read_text(encoding="utf-8", errors="backslashreplace")
    counts = [int(number) for pair in _EXECUTIONS.findall(text) for number in pair if number]
    new = sorted(set(findings.iterdir()) - before)
    return Session(target, max(counts, default=0), new, exit_code, text)


def _run(command: list[str], output: int, seconds: int) -> int:
    """Run a command in the repository, and return its exit code; one that hangs is ended."""
    with subprocess.Popen(command, cwd=REPOSITORY, stdout=output, stderr=output) as process:
        try:
            return process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()
