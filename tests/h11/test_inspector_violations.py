"""Tests of how `python -m h11` shows a violation: where it is, what it is, what follows from it."""

from typing import Any, Final, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from h11 import CLIENT, SERVER, ErrorCode, RemoteProtocolError
from h11._inspector.blame import SECTIONS, answer_to
from tests.h11.inspecting import inspect, objects_of

START: Final = b"GET / HTTP/1.1\r\n"
HEAD: Final = START + b"Host: a\r\n"
GET: Final = HEAD + b"\r\n"
CHUNKED: Final = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
CHUNK: Final = b"5\r\nhello\r\n"
OK: Final = b"HTTP/1.1 200 OK\r\n"


class Malformed(NamedTuple):
    """A stream, with what is wrong in it between what is not."""

    name: str
    before: bytes
    wrong: bytes
    after: bytes
    code: str
    section: str
    status: int
    options: tuple[str, ...] = ()

    @property
    def octets(self) -> bytes:
        """The whole stream."""
        return self.before + self.wrong + self.after


_LINE: Final = ("BAD_REQUEST_LINE", "RFC 9112 section 3", 400)
_STATUS: Final = ("BAD_STATUS_LINE", "RFC 9112 section 4", 502)
_FIELD: Final = ("BAD_FIELD_LINE", "RFC 9112 section 5", 400)
_HOST: Final = ("BAD_HOST", "RFC 9112 section 3.2", 400)
_FRAMING: Final = ("BAD_FRAMING", "RFC 9112 section 6.3", 400)
_CHUNK: Final = ("BAD_CHUNK", "RFC 9112 section 7.1", 400)
_VERSION: Final = ("UNSUPPORTED_VERSION", "RFC 9110 section 15.6.6", 505)
_SHORT: Final = ("BODY_TOO_SHORT", "RFC 9112 section 8", 400)
_EARLY: Final = ("CLOSED_EARLY", "RFC 9112 section 8", 400)

MALFORMED: Final = [
    Malformed("TLS", b"", b"\x16", b"\x03\x01\x02\x00", *_LINE),
    Malformed("two spaces", b"GET ", b" ", b"/ HTTP/1.1\r\n\r\n", *_LINE),
    Malformed("tab in a target", b"GET /a", b"\t", b"b HTTP/1.1\r\n\r\n", *_LINE),
    Malformed("HTTP/0.9", b"GET /", b"\r", b"\n", *_LINE),
    Malformed("bare LF", b"GET / HTTP/1.1", b"\n", b"Host: a\n\n", *_LINE),
    Malformed("second request", GET + b"GET / HT", b"P", b"P/1.1\r\n\r\n", *_LINE),
    Malformed("after empty lines", b"\r\n\r\n" + GET + b"\r\nG", b"@", b"T /", *_LINE),
    Malformed("target of GET", b"\r\nGET ", b"*", b" HTTP/1.1\r\nHost: *\r\n\r\n", *_LINE),
    Malformed("target like HTTP", b"OPTIONS ", b"P", b" HTTP/1.1\r\nHost: P\r\n\r\n", *_LINE),
    Malformed("target of CONNECT", b"CONNECT ", b"/a", b" HTTP/1.1\r\nHost: /a\r\n\r\n", *_LINE),
    Malformed("HTTP/2", b"GET / HTTP/", b"2", b".0\r\n\r\n", *_VERSION),
    Malformed("blank before colon", START + b"Host", b" ", b": a\r\n\r\n", *_FIELD),
    Malformed("blank first", START, b" ", b"Host: a\r\n\r\n", *_FIELD),
    Malformed("fold", HEAD, b" ", b"b\r\n\r\n", *_FIELD),
    Malformed("NUL", HEAD + b"A: b", b"\0", b"c\r\n\r\n", *_FIELD),
    Malformed("bare CR", HEAD + b"A: b\r", b"c", b"\r\n\r\n", *_FIELD),
    Malformed("ESC", HEAD + b"A: ", b"\x1b", b"[31m\r\n\r\n", *_FIELD),
    Malformed("no Host", b"", START[:-2], b"\r\nA: b\r\n\r\n", *_HOST),
    Malformed("bad Host", START + b"A: b\r\nHost: ", b"a/b", b"\r\nC: d\r\n\r\n", *_HOST),
    Malformed("two Hosts", HEAD[:-9], b"Host: a\r\nHost: b", b"\r\nA: b\r\n\r\n", *_HOST),
    Malformed(
        "two codings",
        HEAD + b"Transfer-Encoding: ",
        b"chunked, identity",
        b"\r\n\r\n",
        *_FRAMING,
    ),
    Malformed(
        "unknown coding",
        HEAD + b"Transfer-Encoding: ",
        b"gzip, chunked",
        b"\r\n\r\n",
        *("UNSUPPORTED_CODING", "RFC 9112 section 6.1", 501),
    ),
    Malformed(
        "two lengths",
        HEAD,
        b"Content-Length: 5\r\ncontent-length: 6",
        b"\r\n\r\nhello!",
        *_FRAMING,
    ),
    Malformed(
        "length and coding",
        HEAD,
        b"Content-Length: 5\r\nTransfer-Encoding: chunked",
        b"\r\nA: b\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n",
        *_FRAMING,
    ),
    Malformed("length with a sign", HEAD + b"Content-Length: ", b"+", b"5\r\n\r\n", *_FRAMING),
    Malformed("length too long", HEAD + b"Content-Length: " + b"9" * 20, b"9", b"\r\n", *_FRAMING),
    Malformed("no chunk size", CHUNKED, b"\r", b"\nhello\r\n", *_CHUNK),
    Malformed("hexadecimal prefix", CHUNKED + CHUNK + b"0", b"x", b"5\r\nhello\r\n", *_CHUNK),
    Malformed("LF in an extension", CHUNKED + b"5;a", b"\n", b"hello\r\n", *_CHUNK),
    Malformed("chunk too long", CHUNKED + b"5\r\nhello", b"!", b"\r\n0\r\n\r\n", *_CHUNK),
    Malformed("CR after a chunk", CHUNKED + b"5\r\nhello\r", b"!", b"\n0\r\n\r\n", *_CHUNK),
    Malformed(
        "trailer",
        CHUNKED + CHUNK + b"0\r\nA: Host\r\n",
        b"Host",
        b": Host\r\n\r\n",
        *("BAD_TRAILER", "RFC 9110 section 6.5.1", 400),
    ),
    Malformed("blank in a trailer", CHUNKED + CHUNK + b"0\r\nA", b" ", b": b\r\n\r\n", *_FIELD),
    Malformed("end in a head", HEAD + b"A: b", b"", b"", *_EARLY),
    Malformed("end before a head ends", HEAD, b"", b"", *_EARLY),
    Malformed("end in a body", HEAD + b"Content-Length: 5\r\n\r\nhell", b"", b"", *_SHORT),
    Malformed("end in a chunk", CHUNKED + b"5\r\nhell", b"", b"", *_SHORT),
    Malformed("end before the last chunk", CHUNKED + CHUNK, b"", b"", *_SHORT),
    Malformed(
        "head too large",
        HEAD + b"A: " + b"b" * 73,
        b"b",
        b"bbb\r\n\r\n",
        *("HEAD_TOO_LARGE", "RFC 6585 section 5", 431),
        ("--head-size", str(len(HEAD) + 76)),
    ),
    Malformed(
        "request line too long",
        b"GET /" + b"a" * 11,
        b"a",
        b" HTTP/1.1\r\n",
        *("REQUEST_LINE_TOO_LONG", "RFC 9110 section 15.5.15", 414),
        ("--head-size=16",),
    ),
    Malformed(
        "too many fields",
        HEAD + b"A: b\r\n",
        b"C",
        b": d\r\n\r\n",
        *("TOO_MANY_FIELDS", "RFC 6585 section 5", 431),
        ("--field-count=2",),
    ),
    Malformed(
        "trailers too large",
        CHUNKED + b"0\r\nA: b\r\n",
        b"\r",
        b"\n",
        *("TRAILERS_TOO_LARGE", "RFC 6585 section 5", 431),
        ("--trailer-size=6",),
    ),
    Malformed(
        "extensions too large",
        CHUNKED + b"5;a=b\r\nhello\r\n3;c",
        b"=",
        b"d\r\n",
        *("CHUNK_EXTENSIONS_TOO_LARGE", "RFC 9112 section 7.1.1", 431),
        ("--chunk-extension-size=4",),
    ),
    Malformed("status code", b"HTTP/1.1 2", b"x", b"0 OK\r\n\r\n", *_STATUS),
    Malformed("status 0", b"HTTP/1.1 ", b"0", b"99 \r\n\r\n", *_STATUS),
    Malformed("version of a response", b"HTTP/1", b" ", b"200 OK\r\n\r\n", *_STATUS),
    Malformed(
        "space in a response's field",
        OK + b"A",
        b" ",
        b": b\r\n\r\n",
        *("BAD_FIELD_LINE", "RFC 9112 section 5", 502),
    ),
    Malformed(
        "no final response",
        b"HTTP/1.1 103 \r\n\r\n",
        b"",
        b"",
        *("CLOSED_EARLY", "RFC 9112 section 8", 502),
    ),
    Malformed(
        "strict responses",
        b"HTTP/1.1 200 OK",
        b"\n",
        b"\n",
        *("BAD_STATUS_LINE", "RFC 9112 section 4", 502),
        ("--tolerate=none",),
    ),
]


def violation_of(*directions: bytes, options: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return the only violation, after which its direction is not read any further."""
    seen = objects_of(*directions, options=options)
    (violation,) = (one for one in seen if one["event"] == "Violation")
    assert [one for one in seen if one["role"] == violation["role"]][-1] is violation
    return violation


each_malformed = pytest.mark.parametrize("malformed", MALFORMED, ids=lambda case: case.name)


@each_malformed
def test_the_offending_octets_are_marked(malformed: Malformed) -> None:
    """The offsets are those of the octets that are wrong, or of the end that came too early."""
    violation = violation_of(malformed.octets, options=malformed.options)
    start = len(malformed.before)
    assert (violation["start"], violation["end"]) == (start, start + len(malformed.wrong))
    marks = violation["marks"]
    assert "\r\n".join(mark["octets"] for mark in marks).encode("latin-1") == malformed.wrong
    assert (marks[0]["start"], marks[-1]["end"]) == (violation["start"], violation["end"])
    for mark in marks:
        marked = malformed.octets[mark["start"] : mark["end"]]
        assert marked.decode("latin-1") == mark["octets"]


@each_malformed
def test_the_code_the_section_and_the_answer_are_told(malformed: Malformed) -> None:
    """A program finds what it needs, and the exit code tells that there is a violation."""
    violation = violation_of(malformed.octets, options=malformed.options)
    assert violation["code"] == malformed.code
    assert violation["section"] == malformed.section
    assert violation["answer"]["status_code"] == malformed.status
    assert violation["moves"][-1]["after"] == "ERROR"
    report = inspect(malformed.octets, options=malformed.options)
    assert report.code == 1
    lines = [line.strip() for line in report.output.splitlines()]
    assert f"see {malformed.section}" in lines
    assert f"{malformed.code}: {violation['message']}" in lines
    answer = f"{malformed.status} {violation['answer']['reason']}, and closes this connection"
    assert len([line for line in lines if line.endswith(answer)]) == 1


@each_malformed
def test_the_octets_are_pointed_at(malformed: Malformed) -> None:
    """Under the line that is wrong stand as many carets as the wrong octets take, in ASCII."""
    violation = violation_of(malformed.octets, options=malformed.options)
    text = inspect(malformed.octets, options=malformed.options).output
    assert text.isascii()
    assert set(text) - {"\n"} == {one for one in text if one.isprintable()}
    lines = text.splitlines()
    for mark in violation["marks"]:
        (place,) = (i for i, line in enumerate(lines) if line.startswith(f"    at {mark['start']}"))
        shown, pointer = lines[place : place + 2]
        assert pointer.strip("^ ") == ""
        width = pointer.count("^")
        begin = pointer.index("^")
        octets = mark["octets"].encode("latin-1")
        assert shown[begin : begin + width] == repr(b'"' + octets)[3:-1]
        assert width == max(1, len(repr(b'"' + octets)[3:-1]))


@each_malformed
def test_the_place_does_not_depend_on_how_the_bytes_come(
    monkeypatch: pytest.MonkeyPatch, malformed: Malformed
) -> None:
    """Read in pieces of any size, the violation is the same."""
    whole = objects_of(malformed.octets, options=malformed.options)
    for piece in (1, 2, 3, 5, 11):
        monkeypatch.setattr("h11._inspector.source.PIECE", piece)
        assert objects_of(malformed.octets, options=malformed.options) == whole


@settings(max_examples=50)
@given(st.data())
def test_any_two_directions_are_reported_to_their_ends(data: st.DataObject) -> None:
    """Whatever they hold, the report goes in order, and does not depend on how they are cut."""
    whole = [GET, GET[:-2] + b"Upgrade: b\r\n\r\n", CHUNKED + CHUNK + b"0\r\n\r\n"]
    whole += [b"HTTP/1.1 101 \r\n\r\n", OK + b"Content-Length: 2\r\n\r\nok", OK + b"\r\n"]
    parts = st.sampled_from(whole + [malformed.octets for malformed in MALFORMED])
    streams = data.draw(st.tuples(st.lists(parts).map(b"".join), st.lists(parts).map(b"".join)))
    seen = objects_of(*streams)
    places = {"client": 0, "server": 0}
    for one in seen:
        assert places[one["role"]] <= one["start"] <= one["end"]
        places[one["role"]] = one["end"]
    guilty = [one["role"] for one in seen if one["event"] == "Violation"]
    assert len(guilty) == len(set(guilty))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("h11._inspector.source.PIECE", data.draw(st.integers(1, 20)))
        assert objects_of(*streams) == seen


@pytest.mark.parametrize("head", [b"HTTP/1.1 101 \r\n\r\n", b"HTTP/1.1 103 \r\n\r\n"])
def test_what_is_out_of_turn_is_a_violation(head: bytes) -> None:
    """An answer that changes what was not asked for is marked at its status line."""
    first = b"HTTP/1.1 204 \r\n\r\n"
    requests = GET + GET if b"101" in head else GET
    violation = violation_of(requests, first + head)
    assert violation["code"] == "OUT_OF_TURN"
    assert violation["section"] == "RFC 9110 section 3.4"
    assert violation["start"] == len(first)
    assert violation["marks"][0]["octets"] == head.decode()[:-4]


def test_a_client_that_is_wrong_still_gets_its_answer() -> None:
    """The other direction is read on: a server answers what it cannot understand."""
    seen = objects_of(b"GET /\r\n", b"HTTP/1.1 400 \r\nContent-Length: 0\r\n\r\n")
    assert [(one["role"], one["event"]) for one in seen] == [
        ("client", "Violation"),
        ("server", "Response"),
        ("server", "EndOfMessage"),
        ("server", "ConnectionClosed"),
    ]


def test_a_server_that_is_wrong_does_not_stop_the_client() -> None:
    """The rest of a request is shown, and its violation, too."""
    head = HEAD + b"Content-Length: 5\r\nExpect: 100-continue\r\n\r\n"
    seen = objects_of(head + b"hell", b"HTTP/1.1 x")
    assert [(one["role"], one["event"]) for one in seen] == [
        ("client", "Request"),
        ("server", "Violation"),
        ("client", "Data"),
        ("client", "Violation"),
    ]


def test_a_proposal_that_nobody_answers_is_left_open() -> None:
    """What comes after it is not read, as the server has broken off."""
    upgrade = HEAD + b"Upgrade: b\r\nConnection: upgrade\r\n\r\n"
    seen = objects_of(upgrade + GET, b"")
    assert [one["event"] for one in seen] == ["Request", "EndOfMessage", "Violation", "Rest"]
    assert seen[-1]["reason"] == "another protocol if the server accepts"


def test_long_lines_are_cut_around_the_wrong_octet() -> None:
    """Only what is near to it is shown."""
    stream = HEAD + b"A: " + b"b" * 500 + b"\0" + b"c" * 500 + b"\r\n\r\n"
    place = stream.index(b"\0")
    (shown,) = (
        line for line in inspect(stream).output.splitlines() if line.startswith(f"    at {place}")
    )
    assert shown == f"    at {place}: {'b' * 40}\\x00{'c' * 20}"


def test_long_marks_are_cut() -> None:
    """As many octets of a value are shown as fit in a line; programs get a few more."""
    stream = HEAD + b"Transfer-Encoding: " + b"a" * 500 + b"\r\n\r\n"
    lines = inspect(stream).output.splitlines()
    assert max(line.count("^") for line in lines) == 60
    mark = violation_of(stream)["marks"][0]
    assert mark["end"] - mark["start"] == len("Transfer-Encoding: ") + 500
    assert len(mark["octets"]) == 100


@pytest.mark.parametrize("code", ErrorCode, ids=lambda code: code.name)
def test_each_code_has_a_section_and_an_answer(code: ErrorCode) -> None:
    """Whatever the library may say of a peer has a place in an RFC, and a reason phrase."""
    internal = code in (ErrorCode.AFTER_ERROR, ErrorCode.OTHER)
    assert SECTIONS[code].startswith("no" if internal else "RFC ")
    error = RemoteProtocolError("wrong", code=code)
    status_code, reason = answer_to(CLIENT, error)
    assert status_code == code.status_hint
    assert reason.replace(" ", "").isalpha()
    assert answer_to(SERVER, error) == (502, "Bad Gateway")
