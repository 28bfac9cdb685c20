"""A receive buffer that remembers the octets of a head, for whoever has to know all of them.

In: what a socket gave. Out: what every receive buffer gives, and once more what was last taken of
it in one piece (RFC 9112 section 2.1: a start line, field lines, and an empty line).
"""

from h11_parser._buffer import ReceiveBuffer


class RecordingBuffer(ReceiveBuffer):
    """A receive buffer that keeps what was last taken as a whole.

    It costs its own users one reference, and nobody else anything.

    Attributes:
        taken: The octets of the last head or trailer section, as they came.
    """

    __slots__ = ("taken",)

    taken: bytes

    def __init__(self) -> None:
        super().__init__()
        self.taken = b""

    def take(self, count: int) -> bytes:
        """Take bytes from the front, and remember them.

        Args:
            count: How many bytes, at most as many as wait.
        """
        self.taken = super().take(count)
        return self.taken

    def take_whole(self, limit: int) -> bytes | None:
        """Take everything if it ends as a head does, and remember it.

        Args:
            limit: The most bytes that a head may have.
        """
        whole = super().take_whole(limit)
        if whole is not None:
            self.taken = whole
        return whole

    def take_head(self, limit: int) -> bytes | None:
        """Take what is up to the first empty line, and remember it.

        Args:
            limit: The most bytes that a head may have.
        """
        head = super().take_head(limit)
        if head is not None:
            self.taken = head
        return head
