"""The files that the servers offer, the same for all of them.

In: a folder. Out: the files in it, with contents that a test can tell by heart.
"""

import os
from pathlib import Path

from tests.integration.payload import BODY

HELLO = b"hello"

NUMBERS = b"".join(b"%d\n" % number for number in range(50_000))
"""Text that can be compressed, and where each part differs from the others."""

BROKEN_PIECE = b"x" * 100_000
"""What Node sends of a body before it breaks off."""

FILES = {"hello.txt": HELLO, "old/hello.txt": HELLO, "numbers.txt": NUMBERS, "large.bin": BODY}

# Within the last minute, validators are weak: the file may change again within the same second.
LONG_AGO = 1_600_000_000


def build(folder: Path) -> None:
    """Write the files, unchanged for a long time, where every user may read them."""
    for name, content in FILES.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.parent.chmod(0o755)
        path.write_bytes(content)
        path.chmod(0o644)
        os.utime(path, (LONG_AGO, LONG_AGO))
