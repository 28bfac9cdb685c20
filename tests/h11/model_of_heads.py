"""A model of the response heads that are sent: what servers' own tests compare to the octet.

In: what a server knows of the request, and the field lines of its response. Out: the bytes of the
head. It follows the rules one by one, on plain text, where the library takes short cuts (RFC 9112
sections 6.1 to 6.3 and 9.6, RFC 9110 section 8.6).
"""

from typing import NamedTuple

from tests.h11.conversations import Line


class Asked(NamedTuple):
    """What a server knows of what it answers."""

    method: str | None
    """The method; None if there was no request that could be understood."""

    version: str | None
    """The HTTP version of the client, None if nothing is known of it."""

    connection: str | None = None
    """The value of Connection in the request."""

    has_failed: bool = False
    """Whether the client has sent something else than HTTP since."""

    @property
    def keeps_alive(self) -> bool:
        """Whether the request leaves the connection open for another."""
        if self.method is None:
            return True
        return self.version is not None and self.version >= "1.1" and "close" not in self.options

    @property
    def options(self) -> set[str]:
        """The options that Connection lists in the request."""
        return options_of([self.connection or ""])

    @property
    def head(self) -> bytes:
        """The head of the request."""
        target = "a:443" if self.method == "CONNECT" else "/"
        lines = [f"{self.method} {target} HTTP/{self.version}", "Host: a"]
        if self.connection is not None:
            lines.append(f"Connection: {self.connection}")
        return "\r\n".join([*lines, "", ""]).encode()


def options_of(values: list[str]) -> set[str]:
    """Return the elements of some lists, in lower case."""
    return {option.strip().lower() for option in ",".join(values).split(",")} - {""}


def head_as_sent(asked: Asked, status: int, lines: list[Line], reason: str = "") -> bytes:
    """Return the head that a server sends if its user sends a final response.

    Args:
        asked: What it answers.
        status: The status code.
        lines: The field lines that the user gave; Transfer-Encoding in lower case.
        reason: The reason phrase.
    """
    fields = [f"{name}: {value}\r\n" for name, value in lines_as_sent(asked, status, lines)]
    return "".join([f"HTTP/1.1 {status} {reason}\r\n", *fields, "\r\n"]).encode("latin-1")


def lines_as_sent(asked: Asked, status: int, lines: list[Line]) -> list[Line]:
    """Return the field lines of that head."""
    options = options_of([value for name, value in lines if name.lower() == "connection"])
    closes = not asked.keeps_alive or (asked.has_failed and "close" not in options)
    understands_chunks = asked.version is not None and asked.version >= "1.1"
    if status == 204 or accepts_tunnel(asked, status):
        lines = without_framing(lines)
    elif status == 304:
        if not understands_chunks:
            lines = without(lines, "transfer-encoding")
        elif "transfer-encoding" in {name.lower() for name, _ in lines}:
            lines = without(lines, "content-length")
    elif not has_length_only(lines):
        lines = without_framing(lines)
        if understands_chunks:
            lines = [*lines, ("Transfer-Encoding", "chunked")]
        elif asked.method != "HEAD":
            closes = True
    if closes:
        options = options - {"keep-alive"} | {"close"}
        lines = without(lines, "connection")
        lines = [*lines, *(("Connection", option) for option in sorted(options))]
    return host_first(lines)


def host_first(lines: list[Line]) -> list[Line]:
    """Return the field lines with Host before all others."""
    return [line for line in lines if line[0].lower() == "host"] + without(lines, "host")


def accepts_tunnel(asked: Asked, status: int) -> bool:
    """Return whether the response makes a tunnel of the connection (RFC 9110 section 9.3.6)."""
    return asked.method == "CONNECT" and 200 <= status < 300


def has_length_only(lines: list[Line]) -> bool:
    """Return whether the user has announced the length and nothing else."""
    names = {name.lower() for name, _ in lines}
    return "content-length" in names and "transfer-encoding" not in names


def without_framing(lines: list[Line]) -> list[Line]:
    """Return the field lines that frame no body."""
    return without(without(lines, "content-length"), "transfer-encoding")


def without(lines: list[Line], name: str) -> list[Line]:
    """Return the field lines that have another name."""
    return [line for line in lines if line[0].lower() != name]
