"""The example proxy on h11 0.16.0, as a program with the same arguments.

In: an environment with h11 0.16.0 and none of our packages. Out: the proxy, for which what that
release lacks is here in the smallest form that does: fields by name, what frames a body, what
forwarders leave out and add. Tolerances and limits are taken, and mean nothing.
"""

import enum
import sys
import types
from collections.abc import Collection, Iterable
from typing import Any

import h11

HOP_BY_HOP = frozenset(
    b"connection keep-alive proxy-connection te transfer-encoding upgrade "
    b"proxy-authenticate proxy-authentication-info proxy-authorization".split()
)

FieldLine = tuple[bytes, bytes]


class Fields:
    """Field lines that are about to be sent on."""

    def __init__(self, lines: list[FieldLine]) -> None:
        """Hold the lines."""
        self._lines = lines

    def raw_items(self) -> list[FieldLine]:
        """Return the lines."""
        return self._lines

    def get(self, name: bytes) -> bytes | None:
        """Return the first value with a name in lower case."""
        return next((value for other, value in self._lines if other.lower() == name), None)

    def without(self, names: Collection[bytes]) -> "Fields":
        """Return the lines with other names."""
        return Fields([line for line in self._lines if line[0].lower() not in names])


def get_all(headers: Iterable[FieldLine], name: bytes) -> list[bytes]:
    """Return the values of all lines with a name in lower case."""
    return [value for other, value in headers if other == name]


def get(headers: Iterable[FieldLine], name: bytes, default: bytes | None = None) -> bytes | None:
    """Return the first value with a name in lower case."""
    return next((value for other, value in headers if other == name), default)


def list_elements(value: bytes) -> list[bytes]:
    """Return the elements of a list, in lower case."""
    elements = (element.strip(b" \t") for element in value.lower().split(b","))
    return [element for element in elements if element]


def connection_options(headers: Iterable[FieldLine]) -> frozenset[bytes]:
    """Return the options that Connection lists."""
    return frozenset(list_elements(b",".join(get_all(headers, b"connection"))))


def closes_connection(headers: Iterable[FieldLine]) -> bool:
    """Return whether Connection lists `close`."""
    return b"close" in connection_options(headers)


def expects_100_continue(headers: Iterable[FieldLine]) -> bool:
    """Return whether Expect lists `100-continue`."""
    return b"100-continue" in list_elements(b",".join(get_all(headers, b"expect")))


def without_hop_by_hop(headers: Any, *, options: Iterable[bytes] = ()) -> Fields:
    """Return the lines that are for more than one connection."""
    names = HOP_BY_HOP.union(connection_options(headers), options)
    return Fields(headers.raw_items()).without(names)


def with_via(headers: Fields, http_version: bytes, received_by: str) -> Fields:
    """Return the lines with an entry of Via."""
    entry = b"%b %b" % (http_version, received_by.encode())
    return Fields([*headers.raw_items(), (b"Via", entry)])


def has_passed(headers: Iterable[FieldLine], received_by: str) -> bool:
    """Return whether an entry of Via has a name."""
    name = received_by.lower().encode()
    entries = list_elements(b",".join(get_all(headers, b"via")))
    return any(entry.split()[1:2] == [name] for entry in entries)


class Tolerance(enum.Flag):
    """What the proxy says that it tolerates."""

    CONTROL_OCTETS = enum.auto()
    RESPONSES = CONTROL_OCTETS


class Limits:
    """What the proxy says that it takes."""

    def __init__(self, *, head_size: int) -> None:
        """Know the size of a head, which that release has as well."""
        self.head_size = head_size


class Connection(h11.Connection):
    """A connection that is told of tolerances and limits."""

    def __init__(self, role: Any, *, limits: Limits, tolerate: Tolerance | None) -> None:
        """Begin with the limit of a head."""
        del tolerate
        super().__init__(role, max_incomplete_event_size=limits.head_size)

    @property
    def is_idle(self) -> bool:
        """Whether nothing was said or received in this cycle yet."""
        return self.our_state is h11.IDLE and self.trailing_data == (b"", False)

    @property
    def is_reusable(self) -> bool:
        """Whether another cycle may follow: a server may have the next request already."""
        if not self.our_state is self.their_state is h11.DONE:
            return False
        data, closed = self.trailing_data
        return (self.our_role is h11.SERVER) if data else not closed


def content_length(headers: Iterable[FieldLine]) -> int | None:
    """Return what Content-Length says."""
    value = get(headers, b"content-length")
    return None if value is None else int(value)


def put_in_place() -> None:
    """Give the example what it imports and asks for."""
    example = h11.Request(method="GET", target="/", headers=[("Host", "a")])
    headers: Any = type(example.headers)
    headers.get = get
    headers.get_all = get_all
    headers.content_length = property(content_length)
    headers.is_chunked = property(lambda lines: get(lines, b"transfer-encoding") is not None)
    names = {"Connection": Connection, "Limits": Limits, "Tolerance": Tolerance}
    for name, value in names.items():
        setattr(h11, name, value)
    forwarding: Any = types.ModuleType("h11_events")
    for function in (
        *(closes_connection, connection_options, expects_100_continue, has_passed),
        *(list_elements, with_via, without_hop_by_hop),
    ):
        setattr(forwarding, function.__name__, function)
    sys.modules["h11_events"] = forwarding


if __name__ == "__main__":
    put_in_place()
    from docs.examples.proxy import main

    main()
