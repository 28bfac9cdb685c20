"""What the observer's reader of captures makes of packets: streams in order, and what is missing.

In: packets made here, as segments or in files of several kinds. Out: the connections of a capture
with their octets, whatever became of the packets on the way.
"""

import itertools
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scapy.layers.inet import IP, TCP
from scapy.layers.inet6 import IPv6
from scapy.layers.l2 import CookedLinux, CookedLinuxV2, Dot1Q, Ether, Loopback
from scapy.packet import Packet, Padding
from scapy.utils import PcapNgWriter, wrpcap

from docs.examples.captures import (
    NUMBERS,
    Connection,
    Connections,
    Control,
    Endpoint,
    Segment,
    Stream,
    follow,
    read,
)
from h11_statemachine import CLIENT, SERVER, Role
from tests.examples.observed import OK, get

A = Endpoint("10.0.0.1", 40000)
B = Endpoint("10.0.0.2", 80)
SYN, FIN, RST, ACK = Control.SYN, Control.FIN, Control.RST, Control.ACK


class Dialogue:
    """Segments of a connection, with the numbers that they really have."""

    def __init__(self, client: Endpoint = A, server: Endpoint = B, first: int = 1000) -> None:
        """Begin with the numbers that follow `first`."""
        self._ends = {CLIENT: (client, server), SERVER: (server, client)}
        self._next = {CLIENT: first, SERVER: (first + 7) % NUMBERS}

    def say(self, role: Role, payload: bytes = b"", control: Control = ACK) -> Segment:
        """Return the next segment of a role."""
        source, target = self._ends[role]
        other = SERVER if role is CLIENT else CLIENT
        segment = Segment(
            0.0, source, target, self._next[role], self._next[other], control, payload
        )
        length = len(payload) + bool(control & (SYN | FIN))
        self._next[role] = (self._next[role] + length) % NUMBERS
        return segment

    def open(self) -> list[Segment]:
        """Return the three segments that open it."""
        return [
            self.say(CLIENT, control=SYN),
            self.say(SERVER, control=SYN | ACK),
            self.say(CLIENT),
        ]


Heard = dict[Role, list[bytes]]


def hear(segments: Iterable[Segment]) -> tuple[Connections, list[Heard]]:
    """Return the connections of a capture, and for each what came out of either direction."""
    connections = Connections()
    heard: dict[Connection, Heard] = {}
    for connection, role, octets in follow(segments, connections):
        sides = heard.setdefault(connection, {CLIENT: [], SERVER: []})
        sides[role].append(octets)
    return connections, [
        heard.get(opened, {CLIENT: [], SERVER: []}) for opened in connections.opened
    ]


def whole(first: int = 1000) -> list[Segment]:
    """Return a connection with two pieces each way, and both ends."""
    dialogue = Dialogue(first=first)
    return [
        *dialogue.open(),
        dialogue.say(CLIENT, b"abc"),
        dialogue.say(CLIENT, b"def"),
        dialogue.say(SERVER, b"ABC"),
        dialogue.say(SERVER),
        dialogue.say(SERVER, b"DEF"),
        dialogue.say(SERVER, control=FIN | ACK),
        dialogue.say(CLIENT, b"g", control=FIN | ACK),
    ]


def joined(heard: Heard) -> tuple[bytes, bytes]:
    """Return what came of the client and of the server, with `.` for the end."""
    client, server = (b"".join(piece or b"." for piece in heard[role]) for role in (CLIENT, SERVER))
    return client, server


def test_connection_comes_out_in_order() -> None:
    """Both directions, their ends, and who began to close."""
    connections, [heard] = hear(whole())
    assert heard == {CLIENT: [b"abc", b"def", b"g", b""], SERVER: [b"ABC", b"DEF", b""]}
    [connection] = connections.opened
    assert (connection.client, connection.server) == (A, B)
    assert [(ending.role, ending.control) for ending in connection.endings] == [
        (SERVER, FIN),
        (CLIENT, FIN),
    ]
    assert not any(stream.is_torn for stream in connection.streams.values())


@given(data=st.data(), first=st.sampled_from([1000, 0, NUMBERS - 1, NUMBERS - 4, NUMBERS - 12]))
def test_order_and_repetitions_do_not_matter(data: st.DataObject, first: int) -> None:
    """Behind the handshake, packets may come in any order and any number of times."""
    opening, rest = whole(first)[:3], whole(first)[3:]
    again = data.draw(st.lists(st.sampled_from([*opening, *rest]), max_size=5))
    connections, [heard] = hear([*opening, *data.draw(st.permutations([*rest, *again]))])
    assert joined(heard) == (b"abcdefg.", b"ABCDEF.")
    assert not any(stream.is_torn for stream in connections.opened[0].streams.values())


@given(data=st.data())
def test_segments_may_be_cut_anew_when_they_are_sent_again(data: st.DataObject) -> None:
    """Pieces that overlap make the stream that they are pieces of."""
    stream = bytes(range(50))
    dialogue = Dialogue()
    opening = dialogue.open()
    start = dialogue.say(CLIENT)
    places = st.tuples(st.integers(0, 49), st.integers(1, 50)).map(sorted)
    spans = [*data.draw(st.lists(places, max_size=10)), (0, 20), (10, 40), (40, 50)]
    pieces = [
        start._replace(sequence=start.sequence + begin, payload=stream[begin:end])
        for begin, end in data.draw(st.permutations(spans))
    ]
    _, [heard] = hear([*opening, *pieces])
    assert b"".join(heard[CLIENT]) == stream


Piece = tuple[int, bytes]


def streamed(pieces: Iterable[Piece]) -> tuple[bytes, Stream]:
    """Return what comes of pieces at their places; `.` is for the end, on both sides of it."""
    stream, out = Stream(0), b""
    for start, payload in pieces:
        is_last = payload.endswith(b".")
        taken = stream.take(start, payload.removesuffix(b"."), is_last=is_last)
        out += b"".join(octets or b"." for octets in taken)
    return out, stream


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        ([(5, b"FIRST"), (5, b"AFTER"), (0, b"01234")], b"01234FIRST"),
        ([(5, b"FIRST"), (3, b"34late2"), (0, b"012")], b"01234FIRST"),
        ([(2, b"AA"), (5, b"BB"), (1, b"xxxxxxxx"), (0, b"0")], b"0xAAxBBxx"),
    ],
)
def test_of_octets_that_come_twice_the_first_count(pieces: list[Piece], expected: bytes) -> None:
    """Whoever sends others later at the same place does not change what was said."""
    assert streamed(pieces)[0] == expected


PAYLOADS = st.text("abc", max_size=10).map(str.encode)


@given(pieces=st.lists(st.tuples(st.integers(0, 15), PAYLOADS), max_size=12))
def test_each_octet_is_the_first_that_came_at_its_place(pieces: list[Piece]) -> None:
    """However pieces overlap, and whatever is in them."""
    first: dict[int, int] = {}
    for start, payload in pieces:
        for place, octet in enumerate(payload, start=start):
            first.setdefault(place, octet)
    whole = itertools.takewhile(lambda place: place in first, itertools.count())
    out, stream = streamed(pieces)
    assert out == bytes(first[place] for place in whole)
    assert stream.is_torn == (len(out) < len(first))


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        pytest.param([(0, b"abc."), (3, b"def")], b"abc.", id="behind it"),
        pytest.param([(0, b"abc."), (1, b"bcdef")], b"abc.", id="across it"),
        pytest.param([(3, b"."), (1, b"bcdef"), (0, b"a")], b"abc.", id="across it, early"),
        pytest.param([(0, b"abc"), (1, b"."), (3, b"d.")], b"abcd.", id="an end too early"),
        pytest.param([(3, b"d"), (0, b"."), (0, b"abc")], b"abcd", id="an end before others"),
        pytest.param([(0, b"abc."), (3, b"d."), (4, b".")], b"abc.", id="another end"),
    ],
)
def test_nothing_comes_behind_the_end(pieces: list[Piece], expected: bytes) -> None:
    """Of octets and an end at the same place, what came first counts, too."""
    assert streamed(pieces)[0] == expected


def test_octets_that_are_missing_are_told() -> None:
    """What comes behind a gap does not come out, nor does the end."""
    segments = whole()
    del segments[4]
    connections, [heard] = hear(segments)
    assert joined(heard) == (b"abc", b"ABCDEF.")
    streams = connections.opened[0].streams
    assert (streams[CLIENT].is_torn, streams[SERVER].is_torn) == (True, False)
    assert streams[CLIENT].position == 3


def test_end_without_what_comes_before_it_is_a_gap() -> None:
    """An end that is known, and not reached, means that octets are missing."""
    segments = whole()
    del segments[7]
    connections, [heard] = hear(segments)
    assert joined(heard) == (b"abcdefg.", b"ABC")
    assert connections.opened[0].streams[SERVER].is_torn


def test_payload_that_was_cut_short_is_a_gap() -> None:
    """A capture may hold only the beginning of each packet."""
    segments = whole()
    segments[3] = segments[3]._replace(payload=b"a")
    _, [heard] = hear(segments)
    assert joined(heard) == (b"a", b"ABCDEF.")


def test_reset_ends_both_directions_at_once() -> None:
    """Nothing comes after it, and no end either: neither side has said that it is done."""
    dialogue = Dialogue()
    segments = [
        *dialogue.open(),
        dialogue.say(CLIENT, b"abc"),
        dialogue.say(CLIENT, control=RST),
        dialogue.say(SERVER, b"ABC"),
    ]
    connections, [heard] = hear(segments)
    assert heard == {CLIENT: [b"abc"], SERVER: []}
    [ending] = connections.opened[0].endings
    assert (ending.role, ending.control) == (CLIENT, RST)


def test_port_that_is_used_again_begins_another_connection() -> None:
    """Another SYN with another number is another connection, one with the same number is not."""
    first, second = Dialogue(first=1), Dialogue(first=5000)
    opening = first.open()
    connections, heard = hear(
        [*opening, opening[0], first.say(CLIENT, b"1"), *second.open(), second.say(CLIENT, b"2")]
    )
    assert [sides[CLIENT] for sides in heard] == [[b"1"], [b"2"]]
    assert len(connections.opened) == 2


def test_connections_are_told_apart() -> None:
    """Two at once, and one between the same hosts in the other direction."""
    one, two = Dialogue(), Dialogue(Endpoint(A.host, 40001))
    back = Dialogue(Endpoint(B.host, 40000), Endpoint(A.host, 80))
    segments = [*one.open(), *two.open(), *back.open()]
    segments += [two.say(CLIENT, b"2"), one.say(CLIENT, b"1"), back.say(CLIENT, b"3")]
    _, heard = hear([*segments, one.say(SERVER, b"I")])
    assert [joined(sides) for sides in heard] == [(b"1", b"I"), (b"2", b""), (b"3", b"")]


def test_connection_from_before_the_capture_is_not_guessed_at() -> None:
    """Nobody knows where in a message it is; that it is there can be told."""
    connections, heard = hear(whole()[3:])
    assert (connections.opened, heard) == ([], [])
    assert connections.joined_late == {frozenset({A, B})}


def test_answer_to_an_unseen_syn_opens_a_connection() -> None:
    """The second packet of the handshake says as much as the first."""
    connections, [heard] = hear(whole()[1:])
    assert joined(heard) == (b"abcdefg.", b"ABCDEF.")
    assert (connections.opened[0].client, connections.joined_late) == (A, set())


# In files.

LINKS: dict[str, Callable[[], Packet]] = {
    "Ethernet": lambda: Ether(src="00:00:00:00:00:00", dst="00:00:00:00:00:00"),
    "VLAN": lambda: Ether(src="00:00:00:00:00:00", dst="00:00:00:00:00:00") / Dot1Q(vlan=5),
    "Linux cooked": CookedLinux,
    "Linux cooked v2": CookedLinuxV2,
    "BSD loopback": Loopback,
}


def packet(segment: Segment) -> Packet:
    """Return a segment as a packet of IPv4 or IPv6."""
    version = IPv6 if ":" in segment.source.host else IP
    tcp = TCP(
        sport=segment.source.port,
        dport=segment.target.port,
        seq=segment.sequence,
        ack=segment.acknowledged,
        flags=segment.control.value,
    )
    return version(src=segment.source.host, dst=segment.target.host) / tcp / segment.payload


def conversation(client: Endpoint, server: Endpoint) -> list[Segment]:
    """Return a request and a response."""
    dialogue = Dialogue(client, server)
    return [*dialogue.open(), dialogue.say(CLIENT, get("/")), dialogue.say(SERVER, OK)]


@pytest.mark.parametrize("link", LINKS)
@pytest.mark.parametrize(
    ("client", "server"),
    [
        pytest.param(A, B, id="IPv4"),
        pytest.param(Endpoint("2001:db8::1", 40000), Endpoint("2001:db8::2", 80), id="IPv6"),
    ],
)
def test_file_of_any_link_is_read(
    tmp_path: Path, link: str, client: Endpoint, server: Endpoint
) -> None:
    """Whatever the packets were captured on, they carry the same."""
    file = tmp_path / "capture.pcap"
    wrpcap(str(file), [LINKS[link]() / packet(part) for part in conversation(client, server)])
    connections, [heard] = hear(read(file))
    assert joined(heard) == (get("/"), OK)
    assert (connections.opened[0].client, connections.opened[0].server) == (client, server)


def test_file_of_the_newer_kind_is_read(tmp_path: Path) -> None:
    """Wireshark writes pcapng."""
    file = tmp_path / "capture.pcapng"
    with PcapNgWriter(str(file)) as writer:
        for segment in conversation(A, B):
            writer.write(LINKS["Ethernet"]() / packet(segment))
    _, [heard] = hear(read(file))
    assert joined(heard) == (get("/"), OK)


def test_what_only_fills_a_frame_is_no_payload(tmp_path: Path) -> None:
    """Ethernet pads short packets."""
    file = tmp_path / "capture.pcap"
    segments = conversation(A, B)
    frames = [LINKS["Ethernet"]() / packet(part) / Padding(b"\x00" * 6) for part in segments]
    wrpcap(str(file), frames)
    _, [heard] = hear(read(file))
    assert joined(heard) == (get("/"), OK)


def test_longest_packets_are_read_whole(tmp_path: Path) -> None:
    """On loopback a packet is as long as IP allows, and the link layer comes on top of it."""
    file = tmp_path / "capture.pcap"
    dialogue = Dialogue()
    pieces = [b"a" * 65495, b"b" * 65495]
    segments = [*dialogue.open(), *(dialogue.say(CLIENT, piece) for piece in pieces)]
    wrpcap(str(file), [LINKS["Ethernet"]() / packet(part) for part in segments])
    _, [heard] = hear(read(file))
    assert heard[CLIENT] == pieces


def test_packets_of_other_protocols_are_passed_over(tmp_path: Path) -> None:
    """A capture holds more than TCP."""
    file = tmp_path / "capture.pcap"
    others = [LINKS["Ethernet"]() / IP(src=A.host, dst=B.host, proto=17) / b"12345678"]
    frames = [LINKS["Ethernet"]() / packet(part) for part in conversation(A, B)]
    wrpcap(str(file), [*others, *frames, *others])
    _, [heard] = hear(read(file))
    assert joined(heard) == (get("/"), OK)


def test_endpoints_are_written_as_in_a_uri() -> None:
    """An IPv6 address stands in brackets."""
    assert str(A) == "10.0.0.1:40000"
    assert str(Endpoint("::1", 80)) == "[::1]:80"
