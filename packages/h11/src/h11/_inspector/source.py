"""Where the bytes come from: files and standard input, a small piece at a time.

In: a binary file. Out: its bytes in pieces, as they arrive, and what it begins with.
"""

import io
from typing import Final

PIECE: Final = 4096
"""How many bytes are read at once, at most: the report is made in memory of this order."""


class Source:
    """The bytes of one direction.

    Args:
        file: Where they are.
    """

    def __init__(self, file: io.BufferedReader) -> None:
        self._file = file
        self._ahead = b""

    def begins_with(self, octets: bytes) -> bool:
        """Return whether the first bytes are these; to be asked before any are read.

        Args:
            octets: Some bytes.
        """
        while len(self._ahead) < len(octets) and octets.startswith(self._ahead):
            piece = self._file.read1(PIECE)
            if not piece:
                break
            self._ahead += piece
        return self._ahead.startswith(octets)

    def read(self) -> bytes:
        """Return the next bytes; none at the end, and from then on."""
        ahead, self._ahead = self._ahead, b""
        return ahead or self._file.read1(PIECE)
