"""Servers made of the standard library's `http.server`, to which our client role speaks.

In: requests of the library under test. Out: what the table `PAGES` says for each target. Bodies are
framed and decoded here by hand, so that the library never reads what it has written itself.
"""

import hashlib
import http.server
import json
from http import HTTPStatus

from tests.integration.payload import BODY
from tests.integration.sockets import TIMEOUT


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers the tests over HTTP/1.1 with persistent connections."""

    protocol_version = "HTTP/1.1"
    timeout = TIMEOUT
    disable_nagle_algorithm = True

    def log_message(self, *_: object) -> None:
        """Say nothing on standard error."""

    def begin(self, status: HTTPStatus, **fields: str) -> None:
        """Send the head of a response, with `fields` whose names are written with underscores."""
        self.send_response(status)
        for name, value in fields.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def respond(self, body: bytes) -> None:
        """Answer 200 with `body` framed by its length; to HEAD without it."""
        self.begin(HTTPStatus.OK, Content_Length=str(len(body)))
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_GET(self) -> None:
        """Answer by the target."""
        PAGES[self.path](self)

    def do_HEAD(self) -> None:
        """Answer like GET; what answers leaves the body away."""
        self.do_GET()

    def do_POST(self) -> None:
        """Answer with how the body was framed, its trailers, its length and its hash."""
        trailers: list[str] = []
        if self.headers["Transfer-Encoding"] == "chunked":
            body = self.read_chunks()
            while line := self.rfile.readline().decode().rstrip("\r\n"):
                trailers.append(line)
        else:
            body = self.rfile.read(int(self.headers["Content-Length"]))
        report = {
            "framing": self.headers["Transfer-Encoding"] or self.headers["Content-Length"],
            "trailers": trailers,
            "length": len(body),
            "sha256": hashlib.sha256(body).hexdigest(),
        }
        self.respond(json.dumps(report).encode())

    def read_chunks(self) -> bytes:
        """Return the content of a chunked body, up to the trailer section."""
        body = bytearray()
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            assert self.rfile.readline() == b"\r\n"
        return bytes(body)

    def handle_expect_100(self) -> bool:
        """Refuse the body of an upload to /refused, and ask for every other."""
        if self.path == "/refused":
            self.send_error(HTTPStatus.EXPECTATION_FAILED)
            return False
        return super().handle_expect_100()


def send_hello(handler: Handler) -> None:
    """Greet."""
    handler.respond(b"hello")


def send_port(handler: Handler) -> None:
    """Tell the client's port, which is the same for as long as the connection is."""
    handler.respond(str(handler.client_address[1]).encode())


def send_large(handler: Handler) -> None:
    """Send the large body under its length."""
    handler.respond(BODY)


def send_chunks(handler: Handler) -> None:
    """Send two chunks, one with an extension, and a trailer section; to HEAD only a head."""
    handler.begin(HTTPStatus.OK, Transfer_Encoding="chunked", Trailer="Digest")
    if handler.command != "HEAD":
        handler.wfile.write(b"5;first=yes\r\nhello\r\n")
        handler.wfile.write(b"7\r\n, world\r\n")
        handler.wfile.write(b"0\r\nDigest: 12\r\n\r\n")


def send_unchanged(handler: Handler) -> None:
    """Answer 304 with the length of what was not sent."""
    handler.begin(HTTPStatus.NOT_MODIFIED, ETag='"1"', Content_Length="5")


def send_nothing(handler: Handler) -> None:
    """Answer 204, which has no body."""
    handler.begin(HTTPStatus.NO_CONTENT)


def send_early_hints(handler: Handler) -> None:
    """Send an interim response before the final one."""
    handler.send_response_only(HTTPStatus.EARLY_HINTS)
    handler.send_header("Link", "</style.css>; rel=preload")
    handler.end_headers()
    handler.respond(b"hinted")


def send_short_body(handler: Handler) -> None:
    """Close the connection after five of a hundred bytes."""
    handler.begin(HTTPStatus.OK, Content_Length="100")
    handler.wfile.write(b"short")
    handler.close_connection = True


def send_short_chunk(handler: Handler) -> None:
    """Close the connection after five of a chunk's hundred bytes."""
    handler.begin(HTTPStatus.OK, Transfer_Encoding="chunked")
    handler.wfile.write(b"64\r\nshort")
    handler.close_connection = True


def send_long_head(handler: Handler) -> None:
    """Send a head of more than 20 kB."""
    handler.begin(HTTPStatus.OK, Content_Length="0", Padding="x" * 20_000)


PAGES = {
    "/hello": send_hello,
    "/port": send_port,
    "/large": send_large,
    "/chunks": send_chunks,
    "/unchanged": send_unchanged,
    "/nothing": send_nothing,
    "/early-hints": send_early_hints,
    "/short-body": send_short_body,
    "/short-chunk": send_short_chunk,
    "/long-head": send_long_head,
}


class OldHandler(Handler):
    """Answers over HTTP/1.0, with a body that ends where the connection ends."""

    protocol_version = "HTTP/1.0"

    def do_GET(self) -> None:
        """Answer with the large body, and no field that tells its length."""
        self.begin(HTTPStatus.OK)
        self.wfile.write(BODY)


class Server(http.server.ThreadingHTTPServer):
    """A server on a free port, which waits for its sessions when it is closed."""

    daemon_threads = False

    def __init__(self, handler: type[Handler]) -> None:
        """Listen, with `handler` for every connection."""
        super().__init__(("127.0.0.1", 0), handler)
