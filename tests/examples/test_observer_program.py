"""The observer as a program: a capture in, exchanges out, for a person or as JSON.

In: `docs/examples/capture.pcap`, which is curl and a bare socket against nginx; and captures made
here. Out: what is printed.
"""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from scapy.utils import wrpcap

from docs.examples import observer
from docs.examples.captures import Endpoint, Segment
from h11_statemachine import CLIENT, SERVER
from tests.environments import REPOSITORY
from tests.examples.observed import CHUNKED, OK, answer, get
from tests.examples.test_observer_captures import LINKS, RST, A, B, Dialogue, packet

CAPTURE = REPOSITORY / "docs/examples/capture.pcap"
README = REPOSITORY / "packages/h11-statemachine/README.md"

EXPECTED = {
    "1.1": ("GET /files/hello.txt HTTP/1.1", "HTTP/1.1 200 OK", 0, 5),
    "1.2": ("GET /files/nothing HTTP/1.1", "HTTP/1.1 404 Not Found", 0, 153),
    "2.1": ("HEAD /files/large.bin HTTP/1.1", "HTTP/1.1 200 OK", 0, 0),
    "3.1": ("POST /upload HTTP/1.1", "HTTP/1.1 200 OK", 12, 73),
    "4.1": (
        "GET /trailed/download?size=1000&framing=chunks HTTP/1.1",
        "HTTP/1.1 200 OK",
        0,
        1000,
    ),
    "5.1": ("GET /files/hello.txt HTTP/1.1", "HTTP/1.1 200 OK", 0, 5),
    "5.2": ("(no request that was understood)", "HTTP/1.1 400 Bad Request", 0, 157),
}
"""For each exchange of the capture its start lines, and the sizes of its bodies."""


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the program as a command."""
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "docs.examples.observer", *arguments],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture(scope="module")
def printed() -> str:
    """What the program prints of the capture."""
    finished = run(CAPTURE)
    assert (finished.returncode, finished.stderr) == (0, "")
    return finished.stdout


def size_in(block: str, side: str) -> int:
    """Return the size of the body that a side has sent in an exchange."""
    found = re.search(rf"^  {side} \((\d+) octets, SHA-256 \w{{64}}\)$", block, re.MULTILINE)
    return int(found[1]) if found else 0


def test_each_exchange_has_its_block(printed: str) -> None:
    """Start lines and bodies stand in the block of their exchange, the final response last."""
    blocks = dict(re.findall(r"^exchange (\S+)\n((?:  .*\n)+)", printed, re.MULTILINE))
    assert list(blocks) == list(EXPECTED)
    for name, (request, response, up, down) in EXPECTED.items():
        block = blocks[name]
        assert block.startswith(f"  > {request}\n")
        assert f"\n  < {response}\n" in block
        assert (size_in(block, ">"), size_in(block, "<")) == (up, down)
    assert "\n  < HTTP/1.1 100 Continue\n  < HTTP/1.1 200 OK\n" in blocks["3.1"]
    assert blocks["4.1"].endswith(")\n  < X-Checked: yes\n")


def test_each_connection_says_who_did_what(printed: str) -> None:
    """Its ends are named, and who closed, in their order; and who broke the rules."""
    connections = printed.split("connection ")[1:]
    assert [text.split(":")[0] for text in connections] == ["1", "2", "3", "4", "5"]
    for text in connections:
        ends = re.findall(r"^  (client|server) closed after \d+\.\d{3} s$", text, re.MULTILINE)
        assert sorted(ends) == ["client", "server"]
        assert ends[0] == ("server" if text.startswith("5") else "client")
        assert ("broke the rules" in text) == text.startswith("5")
    assert "\n  client broke the rules at octet 52: illegal field line" in connections[4]
    assert "\n    BAD_FIELD_LINE b'no '\n" in connections[4]


def test_readme_shows_what_is_printed(printed: str) -> None:
    """The command and its output in the README are real."""
    text = README.read_text(encoding="utf-8")
    [(command, shown)] = re.findall(
        r"hatch run observe (\S+)\n```\n\n```\n(.*?)```", text, re.DOTALL
    )
    assert REPOSITORY / command == CAPTURE
    for part in shown.split("  ...\n"):
        assert part in printed


def test_json_has_a_line_for_each_connection() -> None:
    """With all that a program may want to know."""
    finished = run("--json", CAPTURE)
    connections = [json.loads(line) for line in finished.stdout.splitlines()]
    exchanges = [exchange for found in connections for exchange in found["exchanges"]]
    assert len(exchanges) == len(EXPECTED)
    upload: dict[str, Any] = connections[2]["exchanges"][0]
    assert (upload["request"]["method"], upload["request"]["target"]) == ("POST", "/upload")
    assert ["Expect", "100-continue"] in upload["request"]["headers"]
    assert [head["status"] for head in upload["informational"]] == [100]
    assert (upload["response"]["status"], upload["response"]["body"]["size"]) == (200, 73)
    assert connections[3]["exchanges"][0]["response"]["trailers"] == [["X-Checked", "yes"]]
    assert connections[4]["exchanges"][1]["request"] is None
    assert connections[4]["violations"]["client"]["code"] == "BAD_FIELD_LINE"
    assert connections[4]["closed"] == ["client", "server"]
    assert [ending["role"] for ending in connections[4]["endings"]] == ["server", "client"]


def write(file: Path, segments: list[Segment]) -> Path:
    """Write segments to a file."""
    wrpcap(str(file), [LINKS["Ethernet"]() / packet(segment) for segment in segments])
    return file


def shown(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Return what the program prints."""
    assert observer.main([*arguments]) == 0
    return capsys.readouterr().out


def test_one_port_can_be_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Connections to other ports are passed over."""
    web, other = Dialogue(), Dialogue(server=Endpoint(B.host, 8080))
    segments = [
        *web.open(),
        *other.open(),
        web.say(CLIENT, get("/1")),
        other.say(CLIENT, get("/2")),
    ]
    file = write(tmp_path / "capture.pcap", segments)
    assert re.findall(r"GET (\S+)", shown(capsys, str(file))) == ["/1", "/2"]
    assert re.findall(r"GET (\S+)", shown(capsys, "--port", "8080", str(file))) == ["/2"]


def test_what_is_left_out_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Connections that were open before are not guessed at, but counted."""
    dialogue, late = Dialogue(), Dialogue(Endpoint(A.host, 40001))
    late.open()
    segments = [*dialogue.open(), dialogue.say(CLIENT, get("/1")), late.say(CLIENT, get("/2"))]
    assert observer.main([str(write(tmp_path / "capture.pcap", segments))]) == 0
    printed = capsys.readouterr()
    assert re.findall(r"GET (\S+)", printed.out) == ["/1"]
    assert printed.err == "left out, as they began before the capture: 1\n"


def test_what_is_not_whole_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Messages that break off, octets that are missing, answers that did not come, a reset."""
    dialogue = Dialogue()
    segments = [
        *dialogue.open(),
        dialogue.say(CLIENT, get("/1") + get("/2")),
        dialogue.say(SERVER, answer(200, "Content-Length: 9") + b"part"),
        dialogue.say(SERVER, b"lost"),
        dialogue.say(SERVER, b"!"),
        dialogue.say(CLIENT, control=RST),
    ]
    del segments[5]
    printed = shown(capsys, str(write(tmp_path / "capture.pcap", segments)))
    size = len(answer(200, "Content-Length: 9") + b"part")
    assert "  < (4 octets, SHA-256 " in printed
    assert "  < (and breaks off)\n" in printed
    assert f"  octets of the server are missing, from octet {size} on\n" in printed
    assert re.search(r"^  client reset after \d\.\d{3} s$", printed, re.MULTILINE)
    assert "exchange 1.2" not in printed


def test_end_of_http_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where the protocol was switched, and how much came after it."""
    dialogue = Dialogue()
    request = get("/", "Upgrade: chat")
    segments = [
        *dialogue.open(),
        dialogue.say(CLIENT, request + b"hello"),
        dialogue.say(SERVER, answer(101, "Upgrade: chat") + b"hi"),
    ]
    printed = shown(capsys, str(write(tmp_path / "capture.pcap", segments)))
    assert "  HTTP ends here: Upgrade accepted with 101\n" in printed
    assert f"  client after HTTP, from octet {len(request)}: 5 octets, SHA-256 " in printed
    assert "(no response)" not in printed


def test_what_is_not_read_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Behind a response with two lengths there is something, be it an answer or not."""
    dialogue = Dialogue()
    doubtful = answer(200, CHUNKED, "Content-Length: 2") + b"2\r\nok\r\n0\r\n\r\n"
    segments = [
        *dialogue.open(),
        dialogue.say(CLIENT, get("/1") + get("/2")),
        dialogue.say(SERVER, doubtful + OK),
    ]
    file = str(write(tmp_path / "capture.pcap", segments))
    printed = shown(capsys, file)
    said = f"  server from octet {len(doubtful)}: {len(OK)} octets, not read after a doubtful end\n"
    assert said in printed
    assert "broke the rules" not in printed
    found = json.loads(shown(capsys, "--json", file))
    assert found["not_read"] == {"server": {"offset": len(doubtful), "size": len(OK)}}


def test_octets_of_others_do_not_reach_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is not visible ASCII is escaped."""
    dialogue = Dialogue()
    segments = [
        *dialogue.open(),
        dialogue.say(CLIENT, get("/")),
        dialogue.say(SERVER, OK.replace(b"200 ", b"200 \xe9\x80").replace(b"ok", b"\x1b]")),
        dialogue.say(CLIENT, b"\x1b[2J\r\n\r\n"),
    ]
    printed = shown(capsys, str(write(tmp_path / "capture.pcap", segments)))
    assert printed.isascii()
    assert "\x1b" not in printed
    assert r"  < HTTP/1.1 200 \xe9\x80" in printed


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(None, id="nothing there"),
        pytest.param(b"", id="empty"),
        pytest.param(get("/") * 10, id="something else"),
    ],
)
def test_what_is_no_capture_is_refused(tmp_path: Path, content: bytes | None) -> None:
    """One line says so, and the exit code is 1."""
    file = tmp_path / "capture.pcap"
    if content is not None:
        file.write_bytes(content)
    finished = run(file)
    assert finished.returncode == 1
    assert finished.stdout == ""
    assert finished.stderr.startswith(f"cannot read {file}: ")
    assert finished.stderr.count("\n") == 1
