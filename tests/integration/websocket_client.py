"""A blocking WebSocket client: wsproto over a socket.

In: an address and a target. Out: the events that wsproto, itself a user of the library, makes of
what the server sends.
"""

from types import TracebackType
from typing import Self

import wsproto
from wsproto.events import Event

from tests.integration.sockets import READ_SIZE, Address, connect


class WebSocket:
    """One connection to a server, used as a context manager."""

    def __init__(self, address: Address) -> None:
        """Connect to `address`, and say nothing yet."""
        self.socket = connect(address)
        self.protocol = wsproto.WSConnection(wsproto.ConnectionType.CLIENT)
        self.host = "{}:{}".format(*address)

    def __enter__(self) -> Self:
        """Return the client itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the socket."""
        self.socket.close()

    def send(self, event: Event) -> None:
        """Send the bytes of `event`."""
        self.socket.sendall(self.protocol.send(event))

    def open(self, target: str, subprotocols: list[str] | None = None) -> None:
        """Ask for a WebSocket at `target`, and offer `subprotocols`."""
        self.send(
            wsproto.events.Request(host=self.host, target=target, subprotocols=subprotocols or [])
        )

    def next_event(self) -> Event:
        """Return what comes next from the server, having waited for it where necessary."""
        while True:
            for event in self.protocol.events():
                return event
            self.protocol.receive_data(self.socket.recv(READ_SIZE) or None)

    def next_message(self) -> str | bytes:
        """Return the next message, put together again from its pieces."""
        text, data = "", b""
        while True:
            event = self.next_event()
            if isinstance(event, wsproto.events.TextMessage):
                text += event.data
            elif isinstance(event, wsproto.events.BytesMessage):
                data += event.data
            else:
                raise AssertionError(event)
            if event.message_finished:
                return text or data
