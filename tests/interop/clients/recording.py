"""The record of what a server has received: a file with a line for each request.

In: whole requests, in the process of the server. Out: the same, in the process of the test.
"""

import json
import os
from pathlib import Path
from typing import Any, NamedTuple

from tests.integration.identity import identity, importers
from tests.interop.clients.bodies import Digest

VARIABLE = "INTEROP_RECORD"
"""The variable of the environment that names the file."""


class Received(NamedTuple):
    """A request that has come to the application with its whole body.

    Attributes:
        id: What the client calls it.
        method: Its method.
        version: The version of HTTP that it came in.
        framing: Its Transfer-Encoding or its Content-Length, or nothing.
        expect: Its Expect field, or nothing.
        digest: What its body was.
        port: The client's port, which is the same for as long as the connection is.
    """

    id: str
    method: str
    version: str
    framing: str
    expect: str
    digest: Digest
    port: int


def write(line: object) -> None:
    """Add a line to the record of this process."""
    with Path(os.environ[VARIABLE]).open("a", encoding="utf-8") as record:
        record.write(json.dumps(line) + "\n")


def keep(run: str, body: bytes) -> None:
    """Keep a body as it came, in a file beside the record that is there at once as a whole."""
    kept = Path(os.environ[VARIABLE]).with_name(run)
    unfinished = kept.with_suffix(".unfinished")
    unfinished.write_bytes(body)
    unfinished.rename(kept)


def write_identity() -> None:
    """Begin the record with which h11 this process has, and what uses it."""
    write({**identity(), "importers": importers()})


def read(record: Path) -> tuple[dict[str, Any], list[Received]]:
    """Return the identity, and all requests in the order of their arrival."""
    # The last line may be one that is being written.
    lines, _, _ = record.read_text(encoding="utf-8").rpartition("\n")
    first, *rest = [json.loads(line) for line in lines.split("\n")]
    requests = [Received(**{**line, "digest": Digest(*line["digest"])}) for line in rest]
    return first, requests
