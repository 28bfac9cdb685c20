"""A player in a process of its own, asked over pipes.

In: conversations. Out: the observations that the player's implementation of `h11` makes.
"""

import subprocess
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.comparison.conversation import (
    Conversation,
    Observation,
    read_observations,
    write_line,
)
from tests.environments import REPOSITORY, clean_environment


class Player:
    """A running player, to be used as a context manager."""

    def __init__(self, interpreter: Path) -> None:
        """Start a player in the environment of `interpreter`."""
        self._process = subprocess.Popen(
            [interpreter, "-m", "tests.comparison.player"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=REPOSITORY,
            env=clean_environment(),
        )

    def ask(self, conversation: Conversation) -> None:
        """Hand over a conversation without waiting for its end."""
        if self._process.stdin is None:
            raise BrokenPipeError
        self._process.stdin.write(write_line(conversation))
        self._process.stdin.flush()

    def answer(self) -> list[Observation]:
        """Return the observations of the conversation handed over first.

        Raises:
            EOFError: If the player has ended; what it said last is on standard error.
        """
        if self._process.stdout is None:
            raise BrokenPipeError
        line = self._process.stdout.readline()
        if not line:
            message = f"the player ended with {self._process.wait()}"
            raise EOFError(message)
        return read_observations(line)

    def play(self, conversation: Conversation) -> list[Observation]:
        """Return what is observed when `conversation` is played."""
        self.ask(conversation)
        return self.answer()

    def __enter__(self) -> Self:
        """Return the player itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close its input, which ends it, and wait until it has ended."""
        self._process.communicate(timeout=60)
