"""What figures were taken on.

In: the machine that this runs on. Out: lines of text for the head of a table.
"""

import os
import platform
from datetime import UTC, datetime
from pathlib import Path


def processor(cpuinfo: Path = Path("/proc/cpuinfo")) -> str:
    """Return the name of the processor, or its kind where the system does not tell the name."""
    if cpuinfo.exists():
        for line in cpuinfo.read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    return platform.machine()


def description() -> list[str]:
    """Return day, processor, system, interpreter, and what else goes on, a line each."""
    interpreter = f"{platform.python_implementation()} {platform.python_version()}"
    return [
        f"Day: {datetime.now(UTC):%Y-%m-%d}",
        f"Processor: {processor()}, {os.cpu_count()} cores",
        f"System: {platform.system()} {platform.release()}, {platform.machine()}",
        f"Python: {interpreter}",
        f"Load of the last quarter of an hour: {os.getloadavg()[2]:.1f}",
    ]


def page(title: str, command: str, facts: list[str], *parts: str) -> str:
    """Return a page of Markdown that a command has written.

    Args:
        title: Its heading.
        command: What writes it again.
        facts: What else was measured with, a line each.
        parts: The tables, and what is to be said about them.
    """
    made = f"Written by `{command}`; to change it, run that again."
    listed = "\n".join(f"- {fact}" for fact in [*description(), *facts])
    return "\n\n".join([f"# {title}", made, listed, *parts]) + "\n"
