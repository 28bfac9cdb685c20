"""What the three commands have in common: options and lines of a report.

In: text. Out: a number, or a line on standard output.
"""

import sys


def positive(text: str) -> int:
    """Return a number of rounds.

    Raises:
        ValueError: If it is not a whole number of at least one.
    """
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def show(text: str) -> None:
    """Write a line of the report at once, so that it can be read while the next is measured."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
