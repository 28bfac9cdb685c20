"""Parts of a file, and nothing where the client has it already."""

from email.message import Message
from email.parser import BytesParser

import pytest

from tests.integration.h11_client import Client
from tests.interop.servers.features import Feature
from tests.interop.servers.servers import each_server
from tests.interop.servers.site import HELLO, NUMBERS

SIZE = len(NUMBERS)


@each_server(Feature.RANGE)
@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        pytest.param("0-99", 0, 99, id="the first octets"),
        pytest.param("100000-", 100_000, SIZE - 1, id="all from an octet on"),
        pytest.param("-100", SIZE - 100, SIZE - 1, id="the last octets"),
    ],
)
def test_a_range_is_a_part_of_the_file(client: Client, asked: str, first: int, last: int) -> None:
    """206 has the octets that were asked for, and says which they are."""
    answer = client.ask("GET", "/numbers.txt", [("Range", f"bytes={asked}")])
    assert answer.status == 206
    assert answer.field(b"content-range") == b"bytes %d-%d/%d" % (first, last, SIZE)
    assert answer.body == NUMBERS[first : last + 1]
    assert client.ask("GET", "/hello.txt").body == HELLO


@each_server(Feature.RANGE)
def test_a_range_beyond_the_end_is_refused(client: Client) -> None:
    """416 has a page for a body, and the connection stays in step."""
    answer = client.ask("GET", "/numbers.txt", [("Range", f"bytes={SIZE}-")])
    assert answer.status == 416
    assert client.ask("GET", "/hello.txt").body == HELLO


def parts_of(content_type: bytes, body: bytes) -> dict[str, bytes]:
    """Return the parts of a multipart body, each under its Content-Range."""
    whole = BytesParser().parsebytes(b"Content-Type: " + content_type + b"\r\n\r\n" + body)
    parts = whole.get_payload()
    assert whole.is_multipart()
    assert isinstance(parts, list)
    found: dict[str, bytes] = {}
    for part in parts:
        assert isinstance(part, Message)
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        found[part["Content-Range"]] = content
    return found


@each_server(Feature.RANGES)
def test_several_ranges_are_the_parts_of_one_body(client: Client) -> None:
    """A multipart body has each range, and ends where its framing says."""
    answer = client.ask("GET", "/numbers.txt", [("Range", "bytes=0-99,100000-100999,-100")])
    content_type = answer.field(b"content-type")
    assert answer.status == 206
    assert content_type is not None
    assert content_type.startswith(b"multipart/byteranges")
    assert parts_of(content_type, answer.body) == {
        f"bytes 0-99/{SIZE}": NUMBERS[:100],
        f"bytes 100000-100999/{SIZE}": NUMBERS[100_000:101_000],
        f"bytes {SIZE - 100}-{SIZE - 1}/{SIZE}": NUMBERS[-100:],
    }
    assert client.ask("GET", "/hello.txt").body == HELLO


@each_server(Feature.UNCHANGED)
@pytest.mark.parametrize(
    ("validator", "condition"),
    [
        pytest.param("etag", "If-None-Match", id="by its tag"),
        pytest.param("last-modified", "If-Modified-Since", id="by its date"),
    ],
)
def test_what_is_unchanged_has_no_body(client: Client, validator: str, condition: str) -> None:
    """304 ends with its head, whatever length it names."""
    known = client.ask("GET", "/numbers.txt").field(validator.encode())
    assert known is not None
    answer = client.ask("GET", "/numbers.txt", [(condition, known.decode())])
    assert (answer.status, answer.pieces) == (304, [])
    assert client.ask("GET", "/hello.txt").body == HELLO
