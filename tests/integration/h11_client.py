"""A blocking HTTP/1.1 client over `h11.Connection`.

In: an address and the events of a request. Out: the events of its response, as an `Answer`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import h11
from tests.integration.sockets import READ_SIZE, Address, connect


@dataclass(frozen=True)
class Answer:
    """What the server said to one request, up to the end of its message."""

    interim: Sequence[h11.InformationalResponse]
    response: h11.Response
    pieces: Sequence[h11.Data]
    end: h11.EndOfMessage

    @property
    def status(self) -> int:
        """The status code of the final response."""
        return self.response.status_code

    @property
    def body(self) -> bytes:
        """The content, put together again."""
        return b"".join(piece.data for piece in self.pieces)

    def field(self, name: bytes) -> bytes | None:
        """Return the value of the first field called `name`, which is written in lower case."""
        return dict(reversed(list(self.response.headers))).get(name)


class Client:
    """One connection to a server, used as a context manager."""

    def __init__(self, address: Address) -> None:
        """Connect to `address`."""
        self.socket = connect(address)
        self.connection = h11.Connection(h11.CLIENT)
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

    def send(self, event: h11.Event) -> None:
        """Send the bytes of `event`."""
        data = self.connection.send(event)
        if data:
            self.socket.sendall(data)

    def send_head(self, method: str, target: str, headers: Iterable[tuple[str, str]] = ()) -> None:
        """Send the head of a request to this server, with `headers` after the Host field."""
        fields = [("Host", self.host), *headers]
        self.send(h11.Request(method=method, target=target, headers=fields))

    def next_event(self) -> h11.Event | type[h11.PAUSED]:
        """Return what comes next from the server, having waited for it where necessary."""
        while True:
            event = self.connection.next_event()
            if event is not h11.NEED_DATA:
                return event
            self.connection.receive_data(self.socket.recv(READ_SIZE))

    def read_answer(self) -> Answer:
        """Return the whole answer to the request that was sent last."""
        interim: list[h11.InformationalResponse] = []
        pieces: list[h11.Data] = []
        event = self.next_event()
        while isinstance(event, h11.InformationalResponse):
            interim.append(event)
            event = self.next_event()
        assert isinstance(event, h11.Response), event
        response = event
        event = self.next_event()
        while isinstance(event, h11.Data):
            pieces.append(event)
            event = self.next_event()
        assert isinstance(event, h11.EndOfMessage), event
        return Answer(interim, response, pieces, event)

    def ask(
        self,
        method: str,
        target: str,
        headers: Iterable[tuple[str, str]] = (),
        body: Iterable[bytes] = (),
        trailers: Iterable[tuple[str, str]] = (),
    ) -> Answer:
        """Send a whole request and return the whole answer, also after an earlier one.

        Args:
            method: The request method.
            target: The request target.
            headers: The fields that follow Host, and decide how the body is framed.
            body: The pieces of the body.
            trailers: The fields of the trailer section, which only a chunked body has.

        Returns:
            The answer of the server.
        """
        if self.connection.our_state is h11.DONE:
            self.connection.start_next_cycle()
        self.send_head(method, target, headers)
        for piece in body:
            self.send(h11.Data(data=piece))
        self.send(h11.EndOfMessage(headers=list(trailers)))
        return self.read_answer()
