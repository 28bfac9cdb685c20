"""A network of memory: what one side writes, the other can read; nothing waits, nothing is lost.

In: bytes from two ends. Out: the same bytes at the other end, in pieces of a chosen size. Whoever
reads where nothing has come, and nothing will, is told so at once instead of waiting for ever.
"""

from collections.abc import Callable


class DeadlockError(Exception):
    """Somebody would have waited for ever."""


class MemorySocket:
    """One end of a connection in memory, with the blocking calls of a socket.

    Attributes:
        peer: The other end.
        run_peer: What lets the other side work when this one has to wait for it.
        sent: All that was sent from this end.
    """

    peer: "MemorySocket"
    run_peer: Callable[[], object]
    sent: bytes

    def __init__(self, piece: int) -> None:
        """Make an end that is its own peer until it gets another.

        Args:
            piece: The most bytes that `recv` returns at once.
        """
        self.peer = self
        self.run_peer = lambda: None
        self.sent = b""
        self._piece = piece
        self._incoming = b""
        self._ended = False

    def sendall(self, data: bytes) -> None:
        """Hand bytes to the other end."""
        self.sent += data
        self.peer._incoming += data

    def shutdown(self) -> None:
        """Tell the other end that nothing more will come."""
        self.peer._ended = True

    def recv(self) -> bytes:
        """Return some bytes from the other end, and `b""` after its last.

        Raises:
            DeadlockError: If there are none, and the other side has nothing to do either.
        """
        if not self._incoming and not self._ended:
            self.run_peer()
        if not self._incoming and not self._ended:
            raise DeadlockError
        data, self._incoming = self._incoming[: self._piece], self._incoming[self._piece :]
        return data


def socket_pair(piece: int) -> tuple[MemorySocket, MemorySocket]:
    """Return the two ends of a connection.

    Args:
        piece: The most bytes that one `recv` returns.
    """
    ends = MemorySocket(piece), MemorySocket(piece)
    ends[0].peer, ends[1].peer = ends[1], ends[0]
    return ends
