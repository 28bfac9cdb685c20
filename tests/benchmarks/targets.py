"""The lines of the table in their order: what each is called, its unit, promise and target.

In: nothing. Out: the data that the tables are made by, and verdicts judged by.
"""

from dataclasses import dataclass
from enum import Enum


class Unit(Enum):
    """What a line is measured in: the name of the unit, and how many make a second or a byte."""

    MICROSECONDS = "µs", 1e6
    MILLISECONDS = "ms", 1e3
    BYTES = "B", 1.0

    @property
    def timed(self) -> bool:
        """Whether calls are repeated until they fill a sample."""
        return self is not Unit.BYTES


@dataclass(frozen=True)
class Row:
    """A line of the table.

    Attributes:
        title: What is done once.
        promise: How many times as good as upstream it is at least, by what the README says.
        target: How many times as good it shall be.
        unit: What it is measured in.
    """

    title: str
    promise: float
    target: float
    unit: Unit = Unit.MICROSECONDS


ROWS = {
    "server_cycle": Row("server cycle, new connection", 4.0, 6.0),
    "server_keepalive": Row("server cycle, kept alive", 4.0, 6.0),
    "client_keepalive": Row("client cycle, kept alive", 4.0, 5.0),
    "request_parse": Row("parse a browser-like head (8 fields, 530 bytes)", 4.0, 6.0),
    "request_parse_small": Row("parse a small head (2 fields)", 1.0, 6.0),
    "fields_100": Row("parse a head of 100 fields", 1.0, 1.0),
    "head_bytewise": Row("parse a browser-like head, fed byte by byte", 1.0, 2.0),
    "pipelined": Row("1,000 pipelined requests in one read, answered", 1.0, 1.0, Unit.MILLISECONDS),
    "chunked_in": Row("chunked body in, 1,024 chunks of 1 KiB", 1.0, 3.0),
    "tiny_chunks": Row("chunked body in, 4,096 chunks of 1 to 8 octets", 1.0, 1.0),
    "trailers": Row("upload of one chunk with 4 trailer fields", 1.0, 1.0),
    "chunked_out": Row("chunked body out, a chunk of 1 KiB", 1.0, 2.5),
    "content_length_in": Row(
        "Content-Length body in, 100 MB in pieces of 256 KiB (no copy)", 1.0, 50.0
    ),
    "upgrade": Row("upgrade to WebSocket, with octets after the request", 1.0, 1.0),
    "rejected": Row("a malformed request, answered with 400", 1.0, 1.0),
    "idle_memory": Row("memory of an idle connection of a server", 1.0, 1.3, Unit.BYTES),
    "body_copied": Row(
        "allocated to take a read of 256 KiB of a Content-Length body", 1.0, 50.0, Unit.BYTES
    ),
    "import_time": Row("import in a fresh interpreter", 0.5, 1.5, Unit.MILLISECONDS),
}
"""All lines by their names; those without a target of their own shall be no worse than upstream."""

SERVER_TARGETS = {"h11": 2.5, "httptools": 0.7}
"""How many times as many requests a second uvicorn on ours shall serve as on each of them."""

GREATEST_EXPONENT = 1.1
"""The exponent that no cost may grow with; 1 is linear."""
