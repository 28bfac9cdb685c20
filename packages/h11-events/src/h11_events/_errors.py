"""The errors of the protocol, and whose fault each is.

In: a message for a person, and the status code that a server might answer with. Out: exceptions
that say who broke the rules: we (`LocalProtocolError`) or the peer (`RemoteProtocolError`).
"""

from typing import Final

EXCERPT_LENGTH: Final = 100
"""How many octets of somebody else's input an error message shows at most."""


class ProtocolError(Exception):
    """A violation of HTTP/1.1; always one of its two subclasses, which say whose.

    Args:
        msg: What went wrong, for a person.
        error_status_hint: The status code that suits an answer to it (RFC 9110 section 15.5).

    Raises:
        TypeError: If it is instantiated itself.

    Attributes:
        error_status_hint: As given; 400 if the request was simply wrong.
    """

    error_status_hint: int

    def __init__(self, msg: str, error_status_hint: int = 400) -> None:
        if type(self) is ProtocolError:
            raise TypeError("ProtocolError says not whose fault it is: raise one of its subclasses")
        super().__init__(msg)
        self.error_status_hint = error_status_hint


class LocalProtocolError(ProtocolError):
    """We tried to do what the protocol does not allow."""


class RemoteProtocolError(ProtocolError):
    """The peer did what the protocol does not allow, and cannot be understood any further."""

    @classmethod
    def from_local(cls, error: LocalProtocolError) -> "RemoteProtocolError":
        """Return the same complaint with the blame on the peer.

        What judges a message cannot know who wrote it, and blames the local side; whoever reads
        from a peer turns the complaint round.

        Args:
            error: What was raised while the peer's octets were judged.

        Returns:
            A new error with the same message and status hint.
        """
        return cls(str(error), error.error_status_hint)


def excerpt(octets: bytes | bytearray) -> str:
    """Return offending octets as text that is safe in a log line, and never long.

    Args:
        octets: What a message complains about.

    Returns:
        Their `repr`, of at most `EXCERPT_LENGTH` octets; an ellipsis says that there were more.
    """
    shown = repr(bytes(octets[:EXCERPT_LENGTH]))
    return shown if len(octets) <= EXCERPT_LENGTH else f"{shown}..."
