"""What was said in a capture: a file that tcpdump has written in, its HTTP/1.1 exchanges out.

In: a pcap or pcapng file, such as `tcpdump -i lo -w capture.pcap tcp port 8000` writes. Out: each
connection that begins in it, and below it its exchanges, a block each, on standard output; with
`--json` a JSON object for each connection, a line each.

Run it with `hatch run observe CAPTURE`, or in a clone with `python -m docs.examples.observer
CAPTURE` where the packages and scapy are installed. `captures.py` beside it makes streams of
packets, `exchanges.py` makes exchanges of streams; what is here joins and prints them.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scapy.error import Scapy_Exception

from docs.examples.captures import Connection, Connections, Control, follow, read
from docs.examples.exchanges import (
    SIZES_AND_DIGESTS,
    Content,
    Exchange,
    Keep,
    Message,
    Observer,
)
from h11_events import Headers, InformationalResponse, Request, Response
from h11_parser import Limits, RequestParser, ResponseParser
from h11_statemachine import CLIENT, SERVER, Role

if TYPE_CHECKING:
    from collections.abc import Iterator

Head = Request | InformationalResponse | Response

ROLES: dict[Role, str] = {CLIENT: "client", SERVER: "server"}

LIMITS = Limits(head_size=2**20, field_count=10_000, trailer_size=2**20)
"""More than any server takes: what it has taken is to be seen."""


def observe(
    capture: Path,
    port: int | None = None,
    keep: Keep = SIZES_AND_DIGESTS,
    connections: Connections | None = None,
) -> list[tuple[Connection, Observer]]:
    """Return the connections of a capture, if asked for to one port only, and what is in them."""
    connections = Connections() if connections is None else connections
    observers: dict[Connection, Observer] = {}
    for connection, role, octets in follow(read(capture), connections):
        if port in {None, connection.server.port}:
            if connection not in observers:
                observers[connection] = Observer(
                    keep,
                    requests=RequestParser(limits=LIMITS),
                    responses=ResponseParser(limits=LIMITS),
                )
            observers[connection].feed(role, octets)
    for observer in observers.values():
        observer.finish()
    return [(opened, observers[opened]) for opened in connections.opened if opened in observers]


# As JSON. Octets are told as ISO 8859-1, which has a character for each.


def connection_as_json(connection: Connection, observer: Observer) -> dict[str, Any]:
    """Return all that is known of a connection."""
    return {
        "client": str(connection.client),
        "server": str(connection.server),
        "time": connection.time,
        "endings": [
            {"role": ROLES[ending.role], "by": ending.control.name, "time": ending.time}
            for ending in connection.endings
        ],
        "torn": [ROLES[role] for role, stream in connection.streams.items() if stream.is_torn],
        **record_as_json(observer),
    }


def record_as_json(observer: Observer) -> dict[str, Any]:
    """Return what an observer has found."""
    return {
        "exchanges": [exchange_as_json(exchange) for exchange in observer.exchanges],
        "closed": [name for role, name in ROLES.items() if observer.closed(role)],
        "violations": {
            name: {
                "code": violation.error.code.name,
                "message": str(violation.error),
                "excerpt": text(violation.error.excerpt),
                "offset": violation.offset,
            }
            for role, name in ROLES.items()
            if (violation := observer.violation(role))
        },
        "not_read": {
            name: {"offset": observer.understood(role), "size": size}
            for role, name in ROLES.items()
            if (size := observer.not_read(role))
        },
        "after_http": {
            name: {"offset": observer.understood(role), **content_as_json(content)}
            for role, name in ROLES.items()
            if (content := observer.after_http(role))
        },
    }


def exchange_as_json(exchange: Exchange) -> dict[str, Any]:
    """Return an exchange."""
    return {
        "request": message_as_json(exchange.request),
        "informational": [head_as_json(head) for head in exchange.informational],
        "response": message_as_json(exchange.response),
        "switch": exchange.switch.name if exchange.switch else None,
    }


def message_as_json(message: Message | None) -> dict[str, Any] | None:
    """Return a message."""
    if message is None:
        return None
    return {
        **head_as_json(message.head),
        "body": content_as_json(message.body),
        "trailers": fields_as_json(message.trailers),
        "offsets": [message.start, message.body_start, message.end],
    }


def head_as_json(head: Head) -> dict[str, Any]:
    """Return a head."""
    line = (
        {"method": text(head.method), "target": text(head.target)}
        if isinstance(head, Request)
        else {"status": head.status_code, "reason": text(head.reason)}
    )
    version = text(head.http_version)
    return {**line, "version": version, "headers": fields_as_json(head.headers)}


def content_as_json(content: Content) -> dict[str, Any]:
    """Return what is known of octets."""
    return {"size": content.size, "sha256": content.sha256}


def fields_as_json(headers: Headers) -> list[list[str]]:
    """Return the fields of a section as they came, in their order."""
    return [[text(name), text(value)] for name, value in headers.raw_items()]


def text(octets: bytes) -> str:
    """Return octets as text, one character each."""
    return octets.decode("iso-8859-1")


# For a person.


def connection_as_lines(number: int, connection: Connection, observer: Observer) -> Iterator[str]:
    """Give a connection with all of its exchanges, a block each."""
    yield f"connection {number}: {connection.client} to {connection.server}"
    for index, exchange in enumerate(observer.exchanges, start=1):
        yield ""
        yield f"exchange {number}.{index}"
        yield from exchange_as_lines(exchange)
    yield ""
    for role, name in ROLES.items():
        if violation := observer.violation(role):
            yield f"  {name} broke the rules at octet {violation.offset}: {violation.error}"
            yield f"    {violation.error.code.name} {violation.error.excerpt!r}"
        if size := observer.not_read(role):
            offset = observer.understood(role)
            yield f"  {name} from octet {offset}: {size} octets, not read after a doubtful end"
        if content := observer.after_http(role):
            yield f"  {name} after HTTP, from octet {observer.understood(role)}: {summary(content)}"
    for role, stream in connection.streams.items():
        if stream.is_torn:
            yield f"  octets of the {ROLES[role]} are missing, from octet {stream.position} on"
    for ending in connection.endings:
        how = "closed" if ending.control is Control.FIN else "reset"
        yield f"  {ROLES[ending.role]} {how} after {ending.time - connection.time:.3f} s"


def exchange_as_lines(exchange: Exchange) -> Iterator[str]:
    """Give an exchange, what the client said marked `>` and what the server said `<`."""
    if exchange.request is None:
        yield "  > (no request that was understood)"
    else:
        yield from (f"  > {line}" for line in message_as_lines(exchange.request))
    for head in exchange.informational:
        yield from (f"  < {line}" for line in head_as_lines(head))
    if exchange.response is not None:
        yield from (f"  < {line}" for line in message_as_lines(exchange.response))
    elif exchange.switch is None:
        yield "  < (no response)"
    if exchange.switch is not None:
        yield f"  HTTP ends here: {exchange.switch.value}"


def message_as_lines(message: Message) -> Iterator[str]:
    """Give a message: its head, what its body was, its trailers."""
    yield from head_as_lines(message.head)
    if message.body.size:
        yield f"({summary(message.body)})"
    yield from field_lines(message.trailers)
    if message.end is None:
        yield "(and breaks off)"


def head_as_lines(head: Head) -> Iterator[str]:
    """Give a start line and the field lines."""
    version = f"HTTP/{printable(head.http_version)}"
    if isinstance(head, Request):
        yield f"{printable(head.method)} {printable(head.target)} {version}"
    else:
        yield f"{version} {head.status_code} {printable(head.reason)}".rstrip()
    yield from field_lines(head.headers)


def field_lines(headers: Headers) -> Iterator[str]:
    """Give the field lines of a section."""
    for name, value in headers.raw_items():
        yield f"{printable(name)}: {printable(value)}"


def summary(content: Content) -> str:
    """Return how much there was, and its digest."""
    return f"{content.size} octets, SHA-256 {content.sha256}"


def printable(octets: bytes) -> str:
    """Return octets as a terminal may have them: what is not visible ASCII is escaped."""
    return octets.decode("iso-8859-1").encode("unicode_escape").decode("ascii")


def main(arguments: list[str] | None = None) -> int:
    """Print what is in a capture; return the exit code."""
    parser = argparse.ArgumentParser(description="Print the HTTP/1.1 exchanges in a capture.")
    parser.add_argument("capture", type=Path, help="what tcpdump has written")
    parser.add_argument("--port", type=int, help="only connections to this port")
    parser.add_argument("--json", action="store_true", help="a JSON object for each connection")
    options = parser.parse_args(arguments)
    connections = Connections()
    try:
        observed = observe(options.capture, options.port, connections=connections)
    except (OSError, Scapy_Exception) as error:
        print(f"cannot read {options.capture}: {error}", file=sys.stderr)
        return 1
    if connections.joined_late:
        late = len(connections.joined_late)
        print(f"left out, as they began before the capture: {late}", file=sys.stderr)
    for number, (connection, observer) in enumerate(observed, start=1):
        if options.json:
            print(json.dumps(connection_as_json(connection, observer)))
        else:
            print("\n".join(connection_as_lines(number, connection, observer)), end="\n\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
