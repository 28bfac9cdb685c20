"""Who is measured: ours, the upstream release, and two parsers in native code.

In: nothing. Out: for each, the module that has it, and the requirements of its environment.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.environments import UPSTREAM, interpreter_with


@dataclass(frozen=True)
class Contender:
    """Something that does the lines.

    Attributes:
        title: What the tables call it.
        module: The module beside this one that has it.
        requirements: What is installed in its environment; nothing for the one that runs already.
    """

    title: str
    module: str
    requirements: Sequence[str] = ()

    def interpreter(self) -> Path:
        """Return the interpreter of its environment, which is made where it is missing."""
        return interpreter_with(*self.requirements) if self.requirements else Path(sys.executable)


OURS = "ours"
"""The name of ours."""

AGAINST = "upstream"
"""The name of what all the others are compared with."""

CONTENDERS = {
    OURS: Contender("this h11", "on_h11"),
    AGAINST: Contender("h11 0.16.0", "on_h11", UPSTREAM),
    "httptools": Contender("httptools", "on_httptools", ("httptools==0.9.0",)),
    "zttp": Contender("zttp", "on_zttp", ("zttp==0.0.35",)),
}
"""All of them, in the order of the tables."""

NATIVE = ("httptools", "zttp")
"""Those that are not written in Python."""
