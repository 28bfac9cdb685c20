"""Tests of what `python -m h11` shows of conversations in which all is in order."""

from typing import Any, Final

import pytest

from tests.h11.inspecting import inspect, objects_of
from tests.h11.recording import Recording, record

GET: Final = b"GET / HTTP/1.1\r\nHost: example.com\r\n\r\n"
OK: Final = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
UPGRADE: Final = (
    b"GET /chat HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n"
)
SWITCH: Final = b"HTTP/1.1 101 \r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n"
CONNECT: Final = b"CONNECT a.example:443 HTTP/1.1\r\nHost: a.example\r\n\r\n"
ACCEPT: Final = b"HTTP/1.1 200 \r\nContent-Length: 5\r\n\r\n"
CHUNKED: Final = (
    b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"5\r\nhello\r\n3;a=b\r\n\x1b\xff\\\r\n0\r\nChecksum: c\r\n\r\n"
)

COMMON: Final = ["event", "role", "start", "end", "moves"]
HEAD: Final = ["http_version", "headers"]
RESPONSE: Final = ["status_code", "reason", *HEAD, "request_method", "framing"]
KEYS: Final[dict[str, list[str]]] = {
    "Request": ["method", "target", *HEAD, "framing"],
    "InformationalResponse": RESPONSE,
    "Response": RESPONSE,
    "Data": ["size", "beginning", "chunk_extension"],
    "EndOfMessage": ["body_size", "trailers", "chunk_extension"],
    "ConnectionClosed": [],
    "Rest": ["size", "reason"],
    "Violation": ["code", "message", "section", "answer", "expected", "received", "marks"],
}
"""The keys of each kind of object, in order; programs rely on them."""


def places(objects: list[dict[str, Any]]) -> list[tuple[str, str, int, int]]:
    """Return who said what, and where."""
    return [(seen["role"], seen["event"], seen["start"], seen["end"]) for seen in objects]


def names(objects: list[dict[str, Any]]) -> list[str]:
    """Return who said what."""
    return [f"{seen['role']} {seen['event']}" for seen in objects]


def moves(seen: dict[str, Any]) -> list[str]:
    """Return what was seen of states."""
    return [f"{move['role']} {move['before']} {move['after']}" for move in seen["moves"]]


@pytest.fixture(scope="module")
def recording() -> Recording:
    """Return the conversation of a client and a server that others have written."""
    return record()


def test_each_event_of_a_recorded_conversation_is_shown(recording: Recording) -> None:
    """All three cycles, with the 100 between a head and its body, up to the end of both sides."""
    seen = objects_of(*recording)
    assert names(seen) == [
        *("client Request", "client EndOfMessage"),
        *("server Response", "server EndOfMessage"),
        *("client Request", "server InformationalResponse", "client Data", "client EndOfMessage"),
        *("server Response", "server Data", "server EndOfMessage"),
        *("client Request", "client Data", "client EndOfMessage"),
        *("server Response", "server Data", "server EndOfMessage"),
        *("client ConnectionClosed", "server ConnectionClosed"),
    ]
    methods = [one["method"] for one in seen if one["event"] == "Request"]
    answered = [one["request_method"] for one in seen if one["event"] == "Response"]
    assert methods == answered == ["HEAD", "POST", "PUT"]
    sizes = [one["body_size"] for one in seen if one["event"] == "EndOfMessage"]
    assert sizes == [0, 0, 5, 5, 7, 7]
    kinds = [one["framing"]["kind"] for one in seen if "framing" in one]
    assert kinds == ["none", "none", "length", "none", "length", "length", "chunked"]


@pytest.mark.parametrize("role", ["client", "server"])
def test_the_places_of_a_recorded_conversation_are_those_of_its_octets(
    recording: Recording, role: str
) -> None:
    """Cut at the offsets shown, heads begin with their start lines, and data are the data."""
    octets = recording.requests if role == "client" else recording.responses
    before = 0
    for seen in objects_of(*recording):
        if seen["role"] != role:
            continue
        assert before <= seen["start"] <= seen["end"]
        before = seen["end"]
        shown = octets[seen["start"] : seen["end"]]
        if seen["event"] == "Request":
            assert shown.startswith(f"{seen['method']} {seen['target']} HTTP/".encode())
            assert shown.endswith(b"\r\n\r\n")
        elif seen["event"] in ("Response", "InformationalResponse"):
            assert shown.startswith(f"HTTP/1.1 {seen['status_code']} {seen['reason']}\r\n".encode())
            assert shown.endswith(b"\r\n\r\n")
        elif seen["event"] == "Data":
            assert shown == seen["beginning"].encode()
    assert before == len(octets)


@pytest.mark.parametrize("role", ["client", "server"])
def test_one_direction_of_a_recorded_conversation_is_enough(
    recording: Recording, role: str
) -> None:
    """A direction alone shows the same events and its own states, if HEAD is known."""
    alone = (
        objects_of(recording.requests)
        if role == "client"
        else objects_of(recording.responses, options=("--method", "HEAD"))
    )
    both = [seen for seen in objects_of(*recording) if seen["role"] == role]
    assert places(alone) == places(both)
    assert {move["role"] for seen in alone for move in seen["moves"]} == {role}
    last_states = [seen["moves"][-1]["after"] for seen in alone if seen["moves"]]
    assert last_states[:2] == ["SEND_BODY", "DONE"]
    assert last_states[-1] == "CLOSED"


def test_chunks_and_trailers_are_shown_with_their_places() -> None:
    """A chunk is one event, at the place of its data; no octet of it is lost."""
    seen = objects_of(CHUNKED)
    head = CHUNKED.index(b"5\r\n")
    assert places(seen) == [
        ("client", "Request", 0, head),
        ("client", "Data", head + 3, head + 8),
        ("client", "Data", head + 17, head + 20),
        ("client", "EndOfMessage", head + 20, len(CHUNKED)),
        ("client", "ConnectionClosed", len(CHUNKED), len(CHUNKED)),
    ]
    assert [seen[1]["beginning"], seen[2]["beginning"]] == ["hello", "\x1b\xff\\"]
    assert [one["chunk_extension"] for one in seen[1:4]] == ["", ";a=b", ""]
    assert seen[3]["trailers"] == [["Checksum", "c"]]
    assert seen[3]["body_size"] == 8


def test_empty_lines_before_a_request_are_not_part_of_it() -> None:
    """The offset is that of the method."""
    assert places(objects_of(b"\r\n\r\n" + GET))[0] == ("client", "Request", 4, 4 + len(GET))


@pytest.mark.parametrize("piece", [1, 2, 3, 7, 100])
def test_the_report_does_not_depend_on_how_the_bytes_come(
    monkeypatch: pytest.MonkeyPatch, recording: Recording, piece: int
) -> None:
    """Read in pieces of any size, the output is the same to the octet."""
    streams = [(*recording,), (CHUNKED + GET,), (UPGRADE + GET, OK + OK), (SWITCH + b"more",)]
    whole = [inspect(*stream) for stream in streams]
    monkeypatch.setattr("h11._inspector.source.PIECE", piece)
    assert [inspect(*stream) for stream in streams] == whole


FRAMINGS: Final[list[tuple[str, bytes, tuple[str, ...], tuple[str, int | None, int]]]] = [
    ("no field", GET, (), ("none", 0, 7)),
    ("length", OK, (), ("length", 2, 6)),
    ("empty", b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", (), ("length", 0, 6)),
    ("chunked", CHUNKED, (), ("chunked", None, 4)),
    (
        "both",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 9\r\n\r\n0\r\n\r\n",
        (),
        ("chunked", None, 3),
    ),
    ("no length", b"HTTP/1.1 200 OK\r\n\r\nall of it", (), ("until close", None, 8)),
    ("no content", b"HTTP/1.1 204 \r\n\r\n", (), ("none", 0, 1)),
    ("HEAD", b"HTTP/1.1 200 \r\nContent-Length: 5\r\n\r\n", ("--method=HEAD",), ("none", 0, 1)),
    ("CONNECT", ACCEPT, ("--method=CONNECT",), ("tunnel", None, 2)),
    ("CONNECT refused", OK.replace(b"200", b"403"), ("--method=CONNECT",), ("length", 2, 6)),
]
"""For each decision: a name, a message, options; the kind, the length and the rule."""


@pytest.mark.parametrize(
    ("octets", "options", "decision"),
    [case[1:] for case in FRAMINGS],
    ids=[case[0] for case in FRAMINGS],
)
def test_the_framing_decision_is_shown_with_its_rule(
    octets: bytes, options: tuple[str, ...], decision: tuple[str, int | None, int]
) -> None:
    """Each way in which a body is framed is named, with its rule of RFC 9112 section 6.3."""
    kind, length, rule = decision
    framing = objects_of(octets, options=options)[0]["framing"]
    assert (framing["kind"], framing["length"]) == (kind, length)
    assert framing["section"] == f"RFC 9112 section 6.3, rule {rule}"
    text = inspect(octets, options=options).output
    assert f"framing: {framing['reason']} ({framing['section']})" in text


def test_nothing_is_read_after_a_response_with_two_lengths() -> None:
    """Transfer-Encoding counts, and the connection cannot be used again (RFC 9112 section 6.3)."""
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 9\r\n\r\n0\r\n\r\n"
    seen = objects_of(head + OK)
    assert names(seen)[1:] == ["server EndOfMessage", "server Rest", "server ConnectionClosed"]
    assert (seen[2]["size"], seen[2]["reason"]) == (len(OK), "ignored")
    bare = head.removesuffix(b"0\r\n\r\n")
    asked = b"HEAD / HTTP/1.1\r\nHost: a\r\n\r\n"
    seen = objects_of(asked + asked, bare + bare)
    assert names(seen)[2:] == [
        *("server Response", "server EndOfMessage"),
        *("client Rest", "client ConnectionClosed", "server Rest", "server ConnectionClosed"),
    ]


def test_what_comes_after_the_last_message_is_ignored() -> None:
    """Its size is shown, and that the connection was to be closed."""
    last = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    seen = objects_of(last + GET)
    assert names(seen)[2:] == ["client Rest", "client ConnectionClosed"]
    assert places(seen)[2][2:] == (len(last), len(last + GET))
    assert seen[2]["reason"] == "ignored"


@pytest.mark.parametrize(
    ("request_head", "response_head"),
    [(UPGRADE, SWITCH), (CONNECT, ACCEPT)],
    ids=["Upgrade", "CONNECT"],
)
def test_octets_of_another_protocol_are_counted(request_head: bytes, response_head: bytes) -> None:
    """After a switch, what follows in either direction is left alone."""
    seen = objects_of(request_head + b"\x00\x01", response_head + b"\xff")
    assert names(seen) == [
        *("client Request", "client EndOfMessage"),
        "server InformationalResponse" if response_head is SWITCH else "server Response",
        *("client Rest", "server Rest"),
    ]
    assert moves(seen[1]) == ["client SEND_BODY MIGHT_SWITCH_PROTOCOL"]
    assert moves(seen[2])[-1] == "server SEND_RESPONSE SWITCHED_PROTOCOL"
    assert [(one["size"], one["reason"]) for one in seen[-2:]] == [
        (2, "another protocol"),
        (1, "another protocol"),
    ]


@pytest.mark.parametrize(
    ("octets", "options"),
    [(SWITCH, ()), (ACCEPT, ("--method", "CONNECT"))],
    ids=["Upgrade", "CONNECT"],
)
def test_a_switch_is_seen_in_responses_alone(octets: bytes, options: tuple[str, ...]) -> None:
    """What follows is left alone."""
    seen = objects_of(octets + b"\xff", options=options)
    assert moves(seen[0]) == ["server SEND_RESPONSE SWITCHED_PROTOCOL"]
    assert (seen[1]["event"], seen[1]["reason"]) == ("Rest", "another protocol")
    assert len(seen) == 2


def test_a_refused_switch_lets_the_client_go_on() -> None:
    """After the answer, the next request is read as HTTP."""
    seen = objects_of(UPGRADE + GET, OK + OK)
    assert names(seen).count("client Request") == 2
    assert "client MIGHT_SWITCH_PROTOCOL DONE" in moves(seen[2])


@pytest.mark.parametrize("proposal", [UPGRADE, CONNECT], ids=["Upgrade", "CONNECT"])
def test_requests_alone_do_not_tell_whether_a_switch_was_accepted(proposal: bytes) -> None:
    """Reading stops at a proposal, unless the command line says that the server refused."""
    seen = objects_of(proposal + GET)
    assert names(seen) == ["client Request", "client EndOfMessage", "client Rest"]
    assert seen[2]["reason"] == "another protocol if the server accepts"
    refused = objects_of(proposal + GET, options=("--switch-refused",))
    assert names(refused)[2:] == [
        *("client Request", "client EndOfMessage", "client ConnectionClosed")
    ]


def test_the_preface_of_http_2_is_no_violation() -> None:
    """It is a request of its own kind, after which another protocol follows."""
    seen = objects_of(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04")
    assert names(seen)[:3] == ["client Request", "client EndOfMessage", "client Rest"]
    assert (seen[2]["size"], seen[2]["reason"]) == (10, "another protocol")


def test_a_client_alone_is_taken_to_get_its_100() -> None:
    """Without the responses, the body is read on."""
    head = b"PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"
    seen = objects_of(head + b"ok" + GET)
    assert names(seen)[1:4] == ["client Data", "client EndOfMessage", "client Request"]


def test_a_response_that_nobody_asked_for_is_shown() -> None:
    """It answers no method, and comes before the end of the client."""
    seen = objects_of(GET, OK + OK)
    assert [one["request_method"] for one in seen if one["event"] == "Response"] == ["GET", None]
    assert names(seen)[-2:] == ["client ConnectionClosed", "server ConnectionClosed"]


def test_requests_need_no_answers_in_the_other_file() -> None:
    """A server that closed without a word breaks its promise, and the client goes on."""
    seen = objects_of(GET + GET, b"")
    assert names(seen) == [
        *("client Request", "client EndOfMessage"),
        *("server Violation", "client Rest", "client ConnectionClosed"),
    ]


def test_each_kind_of_object_has_its_keys() -> None:
    """The keys, and their order, are always the same."""
    streams = [
        objects_of(CHUNKED + UPGRADE + b"x"),
        objects_of(b"HTTP/1.1 103 \r\n\r\n" + OK),
        objects_of(b"wrong\r\n"),
    ]
    seen = [one for stream in streams for one in stream]
    assert {one["event"] for one in seen} == set(KEYS)
    for one in seen:
        assert list(one) == COMMON + KEYS[one["event"]]
        for move in one["moves"]:
            assert list(move) == ["role", "before", "after"]
        if "framing" in one:
            assert list(one["framing"]) == ["kind", "length", "reason", "section"]
    violation = seen[-1]
    assert list(violation["answer"]) == ["status_code", "reason"]
    assert [list(mark) for mark in violation["marks"]] == [["start", "end", "octets"]]


def test_a_report_for_people_reads_so() -> None:
    """The whole of it, for one cycle."""
    assert inspect(CHUNKED, OK).output.splitlines() == [
        "client 0-56 Request",
        "    POST / HTTP/1.1",
        "    Host: a",
        "    Transfer-Encoding: chunked",
        "    framing: chunked, by Transfer-Encoding (RFC 9112 section 6.3, rule 4)",
        "    CLIENT: IDLE -> SEND_BODY",
        "    SERVER: IDLE -> SEND_RESPONSE",
        "client 59-64 Data: 5 octets: hello",
        r"client 73-76 Data: 3 octets: \x1b\xff\\",
        "    chunk extension: ;a=b",
        "client 76-96 EndOfMessage: 8 octets of body",
        "    Checksum: c",
        "    CLIENT: SEND_BODY -> DONE",
        "server 0-38 Response",
        "    HTTP/1.1 200 OK",
        "    Content-Length: 2",
        "    framing: 2 octets, by Content-Length (RFC 9112 section 6.3, rule 6)",
        "    SERVER: SEND_RESPONSE -> SEND_BODY",
        "server 38-40 Data: 2 octets: ok",
        "server 40-40 EndOfMessage: 2 octets of body",
        "    SERVER: SEND_BODY -> DONE",
        "client 96-96 ConnectionClosed",
        "    CLIENT: IDLE -> CLOSED",
        "    SERVER: IDLE -> MUST_CLOSE",
        "server 40-40 ConnectionClosed",
        "    SERVER: MUST_CLOSE -> CLOSED",
    ]
