"""Programs that stand for others in these tests.

In: what a program does, in the language of the shell. Out: the program.
"""

from pathlib import Path


def script(path: Path, text: str) -> Path:
    """Write a program that can be run, and return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)
    return path
