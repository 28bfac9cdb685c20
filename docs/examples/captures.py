"""TCP connections in a capture: packets in, what each side sent out, in its order.

In: a file that tcpdump or Wireshark has written (pcap or pcapng, of whatever link layer scapy
knows). Out: the connections that begin in it, and piece by piece the octets of both directions;
what came twice once, what came out of order in order, and nothing behind a packet that is missing.

IP fragments are not put together: what they carried counts as missing. HTTP is not known here.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Flag
from pathlib import Path
from typing import NamedTuple

from scapy.layers.inet import IP, TCP
from scapy.layers.inet6 import IPv6
from scapy.packet import NoPayload, Padding
from scapy.utils import PcapReader

from h11_statemachine import CLIENT, SERVER, Role

NUMBERS = 2**32
"""How many sequence numbers there are, before they begin anew (RFC 9293 section 3.4)."""

LONGEST = 2**20
"""Octets of a packet; without it, scapy cuts off what is longer than an IP packet can be alone."""


class Control(Flag):
    """The control bits of a segment that matter here (RFC 9293 section 3.1)."""

    FIN = 0x01
    SYN = 0x02
    RST = 0x04
    ACK = 0x10


class Endpoint(NamedTuple):
    """An address and a port."""

    host: str
    port: int

    def __str__(self) -> str:
        """Return it as it stands in a URI."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


class Segment(NamedTuple):
    """A TCP segment as it was captured: its payload may be shorter than it was."""

    time: float
    source: Endpoint
    target: Endpoint
    sequence: int
    acknowledged: int
    control: Control
    payload: bytes


class Stream:
    """One direction of a connection: segments in, octets in their order out.

    Of octets that came twice, those that came first count; so it is with octets and an end at the
    same place.

    Args:
        sequence: The sequence number of the first octet.
    """

    def __init__(self, sequence: int) -> None:
        """Begin before the first octet."""
        self.position = 0
        """How many octets have come out."""
        self.end: int | None = None
        """How many octets there are, once the last of them is known."""
        self._first = sequence
        # In their order, without those that have come out, and no place twice.
        self._held: list[tuple[int, bytes]] = []
        self._has_ended = False

    @property
    def is_torn(self) -> bool:
        """Whether octets are missing before others that are there."""
        return bool(self._held) or (self.end is not None and not self._has_ended)

    def take(self, sequence: int, payload: bytes, *, is_last: bool) -> Iterator[bytes]:
        """Take a segment, and give the octets that it makes complete; `b""` for the end."""
        ahead = (sequence - self._first - self.position + NUMBERS // 2) % NUMBERS - NUMBERS // 2
        start = self.position + ahead
        end = start + len(payload)
        if self.end is None:
            self._hold(start, payload)
            if is_last and end >= self._furthest():
                self.end = end
        else:
            self._hold(start, payload[: max(self.end - start, 0)])
        count = 0
        reached = self.position
        while count < len(self._held) and self._held[count][0] == reached:
            reached = end_of(self._held[count])
            count += 1
        complete = self._held[:count]
        del self._held[:count]
        for _, octets in complete:
            self.position += len(octets)
            yield octets
        if self.position == self.end and not self._has_ended:
            self._has_ended = True
            yield b""

    def _furthest(self) -> int:
        """Return behind how many octets the last one is that has come."""
        return end_of(self._held[-1]) if self._held else self.position

    def _hold(self, start: int, payload: bytes) -> None:
        """Hold those octets of a segment at whose places nothing has come before."""
        end = start + len(payload)
        free = max(start, self.position)
        index = bisect_left(self._held, (free,))
        if index:
            free = max(free, end_of(self._held[index - 1]))
        while free < end:
            following = self._held[index] if index < len(self._held) else (end, b"")
            until = min(end, following[0])
            if free < until:
                self._held.insert(index, (free, payload[free - start : until - start]))
                index += 1
            free = end_of(following)
            index += 1


def end_of(piece: tuple[int, bytes]) -> int:
    """Return the place behind a piece."""
    start, octets = piece
    return start + len(octets)


class Ending(NamedTuple):
    """How a side has ended its part: with FIN, in order; or with RST, at once for both sides."""

    role: Role
    control: Control
    time: float


@dataclass(eq=False)
class Connection:
    """A connection that begins in the capture.

    Attributes:
        client: Who has opened it.
        server: Who has accepted it.
        time: When, in seconds since 1970.
        number: The sequence number of the client's SYN.
        streams: What each side sends.
        endings: How they ended, in the order in which they did.
    """

    client: Endpoint
    server: Endpoint
    time: float
    number: int
    streams: dict[Role, Stream] = field(default_factory=dict)
    endings: list[Ending] = field(default_factory=list)

    @property
    def is_reset(self) -> bool:
        """Whether nothing more can come of either side."""
        return any(Control.RST in ending.control for ending in self.endings)

    def take(self, role: Role, segment: Segment) -> Iterator[bytes]:
        """Take a segment of a side, and give the octets that it makes complete."""
        if self.is_reset:
            return
        is_last = Control.FIN in segment.control
        if Control.RST in segment.control:
            self.endings.append(Ending(role, Control.RST, segment.time))
            return
        if is_last and role not in {ending.role for ending in self.endings}:
            self.endings.append(Ending(role, Control.FIN, segment.time))
        # SYN takes a number of its own; where it is not in the capture, the first segment counts.
        sequence = segment.sequence + (Control.SYN in segment.control)
        stream = self.streams.setdefault(role, Stream(sequence))
        yield from stream.take(sequence, segment.payload, is_last=is_last)


class Connections:
    """All connections of a capture, in the order in which they were opened.

    Attributes:
        opened: Those whose beginning is in the capture.
        joined_late: Between whom there are others, of which nothing can be told.
    """

    def __init__(self) -> None:
        """Begin with none."""
        self.opened: list[Connection] = []
        self.joined_late: set[frozenset[Endpoint]] = set()
        self._present: dict[tuple[Endpoint, Endpoint], Connection] = {}

    def take(self, segment: Segment) -> Iterator[tuple[Connection, Role, bytes]]:
        """Take a segment, and give what it makes complete of whom; `b""` for the end."""
        if Control.SYN in segment.control:
            self._open(segment)
        for role, key in (
            (CLIENT, (segment.source, segment.target)),
            (SERVER, (segment.target, segment.source)),
        ):
            if connection := self._present.get(key):
                for octets in connection.take(role, segment):
                    yield connection, role, octets
                return
        self.joined_late.add(frozenset({segment.source, segment.target}))

    def _open(self, segment: Segment) -> None:
        """Open a connection, unless the segment belongs to one that is open."""
        if Control.ACK in segment.control:
            client, server = segment.target, segment.source
            number = (segment.acknowledged - 1) % NUMBERS
        else:
            client, server = segment.source, segment.target
            number = segment.sequence
        present = self._present.get((client, server))
        if present is None or present.number != number:
            connection = Connection(client, server, segment.time, number)
            self._present[client, server] = connection
            self.opened.append(connection)


def read(path: Path) -> Iterator[Segment]:
    """Give the TCP segments of a capture, in the order in which they were captured."""
    # Given a path, it would not close the file on an error.
    with path.open("rb") as file, PcapReader(file) as packets:  # type: ignore[arg-type]  # taken, too
        while True:
            try:
                packet = packets.read_packet(LONGEST)
            except EOFError:
                return
            if TCP not in packet:
                continue
            tcp = packet[TCP]
            internet = packet[IPv6] if IPv6 in packet else packet[IP]
            payload = tcp.payload
            yield Segment(
                float(packet.time),
                Endpoint(internet.src, tcp.sport),
                Endpoint(internet.dst, tcp.dport),
                tcp.seq,
                tcp.ack,
                Control(int(tcp.flags) & sum(control.value for control in Control)),
                b"" if isinstance(payload, NoPayload | Padding) else payload.original,
            )


def follow(
    segments: Iterable[Segment], connections: Connections
) -> Iterator[tuple[Connection, Role, bytes]]:
    """Give what each side of each connection has sent, piece by piece."""
    for segment in segments:
        yield from connections.take(segment)
