"""Shows what the library sees in raw HTTP/1.1 bytes: `python -m h11 [FILE]`.

In: the bytes of one direction of a connection, or of both. Out: a report of each event, for people
or for programs, and an exit code: 0 if all is in order, 1 after a violation, 2 for wrong use.
"""

import contextlib
import os
import sys
from collections.abc import Sequence

from h11._inspector.arguments import task_of
from h11._inspector.as_json import json_line
from h11._inspector.as_text import TextReport
from h11._inspector.blame import Violation

_BROKEN_PIPE = 141
"""The exit code of a process that SIGPIPE has ended, as shells show it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the report that a command line asks for.

    Args:
        arguments: The arguments; None for those of the process.

    Returns:
        The exit code.
    """
    violated = False
    try:
        with contextlib.ExitStack() as files:
            task = task_of(arguments, files)
            line_of = json_line if task.as_json else TextReport(colour=_wants_colour()).lines
            for seen in task.conversation.seen():
                violated |= isinstance(seen.what, Violation)
                sys.stdout.write(line_of(seen))
        sys.stdout.flush()
    except BrokenPipeError:
        # Nobody reads any more; the interpreter would complain when it flushes once more.
        with open(os.devnull, "wb") as nothing:
            os.dup2(nothing.fileno(), sys.stdout.fileno())
        return _BROKEN_PIPE
    except OSError as error:
        sys.stderr.write(f"python -m h11: cannot read on: {error.strerror}\n")
        return 2
    return 1 if violated else 0


def _wants_colour() -> bool:
    """Return whether colours are in place: on a terminal that has them, unless NO_COLOR is set."""
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return sys.stdout.isatty() and not plain


if __name__ == "__main__":
    sys.exit(main())
