"""Conversations worth observing: what either side sends, and what an observer has to tell of it.

In: nothing. Out: for each conversation its octets in both directions, and the record in short: a
line for each exchange, as in `POST /b 2 | 100 200 3` (sizes of the bodies; `...` marks a message
that breaks off), then who broke the rules and where, what came after HTTP, and who closed.
"""

from typing import Final, NamedTuple

from docs.examples.exchanges import Exchange, Message, Observer
from h11_events import Request
from h11_statemachine import CLIENT, SERVER, Role

NAMES: Final[dict[Role, str]] = {CLIENT: "client", SERVER: "server"}


class Conversation(NamedTuple):
    """What either side sends, with or without an end."""

    client: bytes
    server: bytes
    record: str
    closed: tuple[Role, ...] = (CLIENT, SERVER)


def get(target: str, *fields: str, method: str = "GET", version: str = "1.1") -> bytes:
    """Return the head of a request."""
    lines = [f"{method} {target} HTTP/{version}", "Host: a", *fields, "", ""]
    return "\r\n".join(lines).encode()


def answer(status: int, *fields: str, body: bytes = b"") -> bytes:
    """Return a response, with a length if it has a body."""
    lines = [f"HTTP/1.1 {status} ", *fields, *[f"Content-Length: {len(body)}"] * bool(body)]
    return "\r\n".join([*lines, "", ""]).encode() + body


OK: Final = answer(200, body=b"ok")
CHUNKED: Final = "Transfer-Encoding: chunked"
EMPTY: Final = answer(200, "Content-Length: 0")

CONVERSATIONS: Final = {
    "nothing": Conversation(b"", b"", "client closed, server closed"),
    "one exchange": Conversation(get("/"), OK, "GET / 0 | 200 2; client closed, server closed"),
    "one exchange, still open": Conversation(get("/"), OK, "GET / 0 | 200 2", ()),
    "only the server closes": Conversation(
        get("/"), OK, "GET / 0 | 200 2; server closed", (SERVER,)
    ),
    "half-close before the answer": Conversation(
        get("/"), OK, "GET / 0 | 200 2; client closed", (CLIENT,)
    ),
    "keep-alive and pipelining": Conversation(
        get("/1") + get("/2") + get("/3"),
        OK + EMPTY + OK,
        "GET /1 0 | 200 2; GET /2 0 | 200 0; GET /3 0 | 200 2; client closed, server closed",
    ),
    "HEAD between others": Conversation(
        get("/1") + get("/2", method="HEAD") + get("/3"),
        OK + answer(200, "Content-Length: 1000") + OK,
        "GET /1 0 | 200 2; HEAD /2 0 | 200 0; GET /3 0 | 200 2; client closed, server closed",
    ),
    "responses without a body": Conversation(
        get("/1") + get("/2") + get("/3"),
        answer(204) + answer(304, "Content-Length: 1000") + OK,
        "GET /1 0 | 204 0; GET /2 0 | 304 0; GET /3 0 | 200 2; client closed, server closed",
    ),
    "informational responses": Conversation(
        get("/1") + get("/2"),
        answer(102) + answer(103, "Link: </a>") + OK + answer(103) + OK,
        "GET /1 0 | 102 103 200 2; GET /2 0 | 103 200 2; client closed, server closed",
    ),
    "chunks and trailers in both directions": Conversation(
        get("/1", CHUNKED, method="POST") + b"3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nA: b\r\n\r\n",
        answer(200, CHUNKED) + b"1\r\na\r\n0\r\nC: d\r\nE: f\r\n\r\n",
        "POST /1 5 +1 | 200 1 +2; client closed, server closed",
    ),
    "a body up to the end": Conversation(
        get("/"), answer(200) + b"up to the end", "GET / 0 | 200 13; client closed, server closed"
    ),
    "a body up to an end that does not come": Conversation(
        get("/"), answer(200) + b"up to", "GET / 0 | 200 5...; client closed", (CLIENT,)
    ),
    "100-continue": Conversation(
        get("/", "Expect: 100-continue", "Content-Length: 4", method="PUT") + b"body",
        answer(100) + answer(201, "Content-Length: 0"),
        "PUT / 4 | 100 201 0; client closed, server closed",
    ),
    "100-continue refused, and the body not sent": Conversation(
        get("/", "Expect: 100-continue", "Content-Length: 4", method="PUT"),
        answer(417, "Content-Length: 0"),
        "PUT / 0... | 417 0; client closed, server closed",
    ),
    "100-continue refused, and the body sent": Conversation(
        get("/", "Expect: 100-continue", "Content-Length: 4", method="PUT") + b"body" + get("/2"),
        answer(417, "Content-Length: 0") + OK,
        "PUT / 4 | 417 0; GET /2 0 | 200 2; client closed, server closed",
    ),
    "an upload given up after an early answer": Conversation(
        get("/", "Content-Length: 9", method="PUT") + b"part",
        answer(413, "Connection: close", body=b"large"),
        "PUT / 4... | 413 5; client BODY_TOO_SHORT at 50; client closed, server closed",
    ),
    "Upgrade accepted": Conversation(
        get("/1") + get("/2", "Connection: Upgrade", "Upgrade: chat") + b"\x00\x01client",
        OK + answer(101, "Upgrade: chat") + b"\x02server",
        "GET /1 0 | 200 2; GET /2 0 | 101 = UPGRADE;"
        " client 8 after HTTP at 92; server 7 after HTTP at 70; client closed, server closed",
    ),
    "Upgrade with a body, accepted early": Conversation(
        get("/", "Upgrade: chat", "Content-Length: 4", method="PUT") + b"bodyraw",
        answer(101, "Upgrade: chat") + b"raw",
        "PUT / 4 | 101 = UPGRADE;"
        " client 3 after HTTP at 65; server 3 after HTTP at 32; client closed, server closed",
    ),
    "Upgrade refused": Conversation(
        get("/1", "Upgrade: chat") + get("/2"),
        OK + EMPTY,
        "GET /1 0 | 200 2; GET /2 0 | 200 0; client closed, server closed",
    ),
    "Upgrade refused with the last answer": Conversation(
        get("/1", "Upgrade: chat") + get("/2"),
        answer(403, "Connection: close", "Content-Length: 0"),
        "GET /1 0 | 403 0; GET /2 0 | -; client closed, server closed",
    ),
    "Upgrade in HTTP/1.0 means nothing": Conversation(
        get("/1", "Upgrade: chat", version="1.0"),
        OK,
        "GET /1 0 | 200 2; client closed, server closed",
    ),
    "CONNECT accepted": Conversation(
        get("b:1", method="CONNECT") + b"\x16\x03",
        answer(200, "Content-Length: 7") + b"\x16\x03\x01",
        "CONNECT b:1 0 | 200 0 = CONNECT;"
        " client 2 after HTTP at 33; server 3 after HTTP at 36; client closed, server closed",
    ),
    "CONNECT refused": Conversation(
        get("b:1", method="CONNECT") + get("/2"),
        answer(407, body=b"who?") + OK,
        "CONNECT b:1 0 | 407 4; GET /2 0 | 200 2; client closed, server closed",
    ),
    "CONNECT never answered": Conversation(
        get("b:1", method="CONNECT") + get("/2"),
        b"",
        "CONNECT b:1 0 | -; server CLOSED_EARLY at 0; client closed, server closed",
    ),
    "the client's last request": Conversation(
        get("/1") + get("/2", "Connection: close"),
        OK + OK,
        "GET /1 0 | 200 2; GET /2 0 | 200 2; client closed, server closed",
    ),
    "the server's last response, to the first of three requests": Conversation(
        get("/1") + get("/2") + get("/3", method="HEAD"),
        answer(200, "Connection: close", body=b"ok"),
        "GET /1 0 | 200 2; GET /2 0 | -; HEAD /3 0 | -; client closed, server closed",
    ),
    "408 to nobody": Conversation(
        b"",
        answer(408, "Connection: close", body=b"late"),
        "- | 408 4; client closed, server closed",
    ),
    "408 after an exchange": Conversation(
        get("/"),
        OK + answer(408, "Connection: close", body=b"late"),
        "GET / 0 | 200 2; - | 408 4; client closed, server closed",
    ),
    "408 to nobody, and no end": Conversation(b"", answer(408, body=b"late"), "- | 408 4", ()),
    "half a head, and 408": Conversation(
        b"GET / HT",
        answer(408, "Connection: close", body=b"late"),
        "- | 408 4; client CLOSED_EARLY at 0; client closed, server closed",
    ),
    # Whoever breaks the rules does not hide what the other says.
    "a malformed request, and 400": Conversation(
        get("/1") + b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
        OK + answer(400, "Connection: close", body=b"bad"),
        "GET /1 0 | 200 2; - | 400 3; client BAD_FIELD_LINE at 28; client closed, server closed",
    ),
    "a malformed request that the server takes": Conversation(
        b"GET /1 HTTP/1.1\nHost: a\n\n" + get("/2"),
        answer(100) + OK + EMPTY,
        "- | 100 200 2; - | 200 0; client BAD_REQUEST_LINE at 0; client closed, server closed",
    ),
    "a malformed chunk, and the answer": Conversation(
        get("/1", CHUNKED, method="POST") + b"3\r\nabc\r\nx\r\n" + get("/2"),
        OK + EMPTY + EMPTY,
        "POST /1 3... | 200 2; - | 200 0; - | 200 0;"
        " client BAD_CHUNK at 63; client closed, server closed",
    ),
    "a malformed trailer section": Conversation(
        get("/1", CHUNKED, method="POST") + b"3\r\nabc\r\n0\r\nA b\r\n\r\n",
        OK,
        "POST /1 3... | 200 2; client BAD_FIELD_LINE at 63; client closed, server closed",
    ),
    "an upload that breaks off": Conversation(
        get("/1", "Content-Length: 9", method="POST") + b"abc",
        OK,
        "POST /1 3... | 200 2; client BODY_TOO_SHORT at 51; client closed, server closed",
    ),
    "a malformed response": Conversation(
        get("/1") + get("/2", "Content-Length: 2", method="POST") + b"hi" + get("/3"),
        OK + b"HTTP/1.1 OK\r\n\r\n" + OK,
        "GET /1 0 | 200 2; POST /2 2 | -; GET /3 0 | -;"
        " server BAD_STATUS_LINE at 38; client closed, server closed",
    ),
    "a malformed chunk of a response": Conversation(
        get("/1") + get("/2"),
        answer(200, CHUNKED) + b"2\r\nabc\r\n",
        "GET /1 0 | 200 2...; GET /2 0 | -; server BAD_CHUNK at 50; client closed, server closed",
    ),
    "a response that breaks off": Conversation(
        get("/1") + get("/2"),
        answer(200, "Content-Length: 9") + b"abc",
        "GET /1 0 | 200 3...; GET /2 0 | -;"
        " server BODY_TOO_SHORT at 39; client closed, server closed",
    ),
    "both sides break the rules": Conversation(
        get("/1", CHUNKED, method="POST") + b"x",
        answer(200, CHUNKED) + b"x",
        "POST /1 0... | 200 0...; client BAD_CHUNK at 57; server BAD_CHUNK at 45;"
        " client closed, server closed",
    ),
    "no answer": Conversation(
        get("/1") + get("/2") + get("/3"),
        OK,
        "GET /1 0 | 200 2; GET /2 0 | -; GET /3 0 | -;"
        " server CLOSED_EARLY at 38; client closed, server closed",
    ),
    "a request after the last one": Conversation(
        get("/1", "Connection: close") + get("/2"),
        OK,
        "GET /1 0 | 200 2; client OUT_OF_TURN at 47; client closed, server closed",
    ),
    "a response that nobody has asked for": Conversation(
        get("/1"),
        OK + answer(100) + OK,
        "GET /1 0 | 200 2; server OUT_OF_TURN at 38; client closed, server closed",
    ),
    "101 that nobody has asked for": Conversation(
        get("/1") + get("/2"),
        answer(101) + b"raw",
        "GET /1 0 | -; GET /2 0 | -; server OUT_OF_TURN at 0; client closed, server closed",
    ),
    "a second last response": Conversation(
        get("/1", "Connection: close"),
        OK + OK,
        "GET /1 0 | 200 2; server OUT_OF_TURN at 38; client closed, server closed",
    ),
    "two framings of a response, and more behind it": Conversation(
        get("/1") + get("/2"),
        answer(200, CHUNKED, "Content-Length: 3") + b"1\r\na\r\n0\r\n\r\n" + OK,
        "GET /1 0 | 200 1; GET /2 0 | -; server 38 not read at 75; client closed, server closed",
    ),
    "two framings of a response to HEAD, and more behind it": Conversation(
        get("/1", method="HEAD") + get("/2"),
        answer(200, CHUNKED, "Content-Length: 3") + OK,
        "HEAD /1 0 | 200 0; GET /2 0 | -; server 38 not read at 64; client closed, server closed",
    ),
    "two framings of the last response": Conversation(
        get("/1"),
        answer(200, CHUNKED, "Content-Length: 3") + b"1\r\na\r\n0\r\n\r\n",
        "GET /1 0 | 200 1; client closed, server closed",
    ),
    "two framings of a response that breaks off": Conversation(
        get("/1") + get("/2"),
        answer(200, CHUNKED, "Content-Length: 3") + b"3\r\na",
        "GET /1 0 | 200 1...; GET /2 0 | -;"
        " server BODY_TOO_SHORT at 68; client closed, server closed",
    ),
    "chunks in HTTP/1.0, and more behind them": Conversation(
        get("/1") + get("/2"),
        answer(200, CHUNKED).replace(b"1.1", b"1.0") + b"1\r\na\r\n0\r\n\r\n" + OK,
        "GET /1 0 | 200 1; GET /2 0 | -; server 38 not read at 56; client closed, server closed",
    ),
    "HTTP/2 from the beginning": Conversation(
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04",
        b"\x00\x00\x00\x04",
        "PRI * 0 | -; server BAD_STATUS_LINE at 0; client closed, server closed",
    ),
    "HTTP/2 from the beginning, refused": Conversation(
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        answer(400, "Connection: close", body=b"bad"),
        "PRI * 0 | 400 3; client BAD_REQUEST_LINE at 18; client closed, server closed",
    ),
    "no HTTP at all": Conversation(
        b"\x16\x03\x01",
        b"\x15\x03\x01",
        "client BAD_REQUEST_LINE at 0; server BAD_STATUS_LINE at 0; client closed, server closed",
    ),
}


def record(observer: Observer) -> str:
    """Return what an observer has to tell, in short."""
    parts = [exchange_in_short(exchange) for exchange in observer.exchanges]
    for role, name in NAMES.items():
        if violation := observer.violation(role):
            parts.append(f"{name} {violation.error.code.name} at {violation.offset}")
    for role, name in NAMES.items():
        if size := observer.not_read(role):
            parts.append(f"{name} {size} not read at {observer.understood(role)}")
    for role, name in NAMES.items():
        if content := observer.after_http(role):
            parts.append(f"{name} {content.size} after HTTP at {observer.understood(role)}")
    if closed := [f"{name} closed" for role, name in NAMES.items() if observer.closed(role)]:
        parts.append(", ".join(closed))
    return "; ".join(parts)


def exchange_in_short(exchange: Exchange) -> str:
    """Return an exchange in one line."""
    request = message_in_short(exchange.request)
    informational = [str(head.status_code) for head in exchange.informational]
    response = [message_in_short(exchange.response)] * bool(
        exchange.response or not exchange.switch
    )
    switch = [f"= {exchange.switch.name}"] * bool(exchange.switch) if exchange.switch else []
    return " ".join([request, "|", *informational, *response, *switch])


def message_in_short(message: Message | None) -> str:
    """Return what it asks for or its status, the size of its body, how many trailers it has."""
    if message is None:
        return "-"
    head = message.head
    if isinstance(head, Request):
        line = f"{head.method.decode()} {head.target.decode()}"
    else:
        line = f"{head.status_code}"
    trailers = f" +{len(message.trailers)}" if message.trailers else ""
    return f"{line} {message.body.size}{trailers}{'...' if message.end is None else ''}"
