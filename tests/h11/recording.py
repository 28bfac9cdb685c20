"""A conversation between the client and the server of the standard library, recorded.

In: nothing. Out: what each of the two has sent, which is HTTP/1.1 that this repository has not
written.
"""

import http.client
import http.server
import io
import socket
import threading
from typing import NamedTuple


class Recording(NamedTuple):
    """What was sent on one connection."""

    requests: bytes
    responses: bytes


class _Tee(io.BufferedIOBase):
    """A file that keeps what is read or written through it."""

    def __init__(self, file: io.BufferedIOBase, kept: bytearray) -> None:
        self._file = file
        self._kept = kept

    def read(self, size: int | None = -1) -> bytes:
        """Read, and keep it."""
        octets = self._file.read(-1 if size is None else size)
        self._kept += octets
        return octets

    def readline(self, size: int | None = -1) -> bytes:
        """Read a line, and keep it."""
        octets = self._file.readline(-1 if size is None else size)
        self._kept += octets
        return octets

    def write(self, octets: bytes) -> int:  # type: ignore[override]  # as it is called
        """Write, and keep it."""
        self._kept += octets
        return self._file.write(octets)


class _Echo(http.server.BaseHTTPRequestHandler):
    """Answers with what it got; to HEAD with a length alone, to PUT in chunks."""

    protocol_version = "HTTP/1.1"
    kept_requests: bytearray
    kept_responses: bytearray

    def setup(self) -> None:
        """Keep what goes through."""
        super().setup()
        self.rfile = _Tee(self.rfile, self.kept_requests)
        self.wfile = _Tee(self.wfile, self.kept_responses)

    def _echo(self) -> None:
        """Answer with the body of the request."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(200)
        if self.command == "PUT":
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.wfile.write(b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body))
            return
        self.send_header("Content-Length", str(len(body) or 7))
        self.end_headers()
        self.wfile.write(body)

    do_POST = _echo  # noqa: N815  # the name is looked for
    do_PUT = _echo  # noqa: N815  # this one, too
    do_HEAD = _echo  # noqa: N815  # and this one

    def log_message(self, *_: object) -> None:
        """Print nothing."""


def record() -> Recording:
    """Return what is sent for a HEAD, a POST that waits for 100, and a PUT that closes."""
    requests, responses = bytearray(), bytearray()
    handler = type("_Kept", (_Echo,), {"kept_requests": requests, "kept_responses": responses})
    ours, theirs = socket.socketpair()
    with ours, theirs:
        server = threading.Thread(target=handler, args=(theirs, ("client", 0), None))
        server.start()
        client = http.client.HTTPConnection("example.com", timeout=30)
        client.sock = ours
        for method, body, fields in [
            ("HEAD", None, {}),
            ("POST", b"hello", {"Expect": "100-continue"}),
            ("PUT", b"goodbye", {"Connection": "close"}),
        ]:
            client.request(method, "/echo", body, fields)
            client.getresponse().read()
        server.join(30)
    return Recording(bytes(requests), bytes(responses))
