"""The language of the comparison: what is played on a connection, and what is observed of it.

In: conversations and observations as values. Out: the same as one line of JSON, and back. Only the
standard library is used, so that the player can speak this language in any environment.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, cast

Action = Literal[
    "receive", "next", "drain", "send", "send pieces", "send failed", "cycle", "construct", "probe"
]
"""What a step does; `drain` asks for events until there is a reason to stop."""

Probe = Literal[
    "repr",
    "hash",
    "rebuild",
    "slice",
    "subclass",
    "copy",
    "pickle",
    "asdict",
    "pattern",
    "public names",
]
"""What can be asked of an event, or of the package, without any connection."""


@dataclass(frozen=True)
class Placeholder:
    """An object in the place of body data, of which nothing but its length is known."""

    length: int

    def __len__(self) -> int:
        """Return the length that the connection has to account for."""
        return self.length


class Make(NamedTuple):
    """A call of an event's constructor, which may fail."""

    kind: str
    fields: dict[str, object]
    positional: tuple[object, ...] = ()


class Step(NamedTuple):
    """One call on the connection, or several calls of `next_event` in a row."""

    action: Action
    data: bytes | None = None
    event: Make | None = None
    probe: Probe | None = None


class Settings(NamedTuple):
    """What only our `Connection` can be told, by which it behaves as upstream does."""

    tolerate: tuple[str, ...] = ()
    """The members of `Tolerance` to add to what the role starts with."""

    limits: tuple[tuple[str, int], ...] = ()
    """The arguments of `Limits` that are not the default."""

    incomplete: bool = False
    """Whether the limit is that of incomplete events alone, in place of `Limits`."""


class Conversation(NamedTuple):
    """Everything that happens to one connection, from its construction on."""

    role: Literal["CLIENT", "SERVER"]
    steps: tuple[Step, ...]
    limit: int | None = None
    settings: Settings = Settings()


class Blame(NamedTuple):
    """What only our errors tell: the name of their code, and the octets at fault."""

    code: str
    excerpt: bytes


class Observation(NamedTuple):
    """What a call gave, and all that the connection then shows of itself.

    `outcome` is None, bytes, a list of pieces, the name of a marker as a str, or a dict: with the
    key `event` for an event, with the key `error` for an exception. `blame` is not compared.
    """

    step: int
    outcome: object
    states: tuple[str, str]
    their_http_version: bytes | None
    client_is_waiting: bool
    they_are_waiting: bool
    trailing_data: tuple[bytes, bool]
    blame: Blame | None = None

    @property
    def compared(self) -> tuple[object, ...]:
        """What both implementations can show."""
        return self[:-1]


COMPARED = Observation._fields[:-1]
"""The names of the parts of an observation that are compared."""


class Text(NamedTuple):
    """How one type of value is written in JSON, which knows no octets and no tuples."""

    tag: str
    write: Callable[[Any], object]
    read: Callable[[Any], object]


def _latin(value: bytes | bytearray | memoryview) -> str:
    return bytes(value).decode("latin-1")


_CODECS: dict[type, Text] = {
    bytes: Text("bytes", _latin, lambda text: text.encode("latin-1")),
    bytearray: Text("bytearray", _latin, lambda text: bytearray(text.encode("latin-1"))),
    memoryview: Text("memoryview", _latin, lambda text: memoryview(text.encode("latin-1"))),
    tuple: Text("tuple", lambda value: [_pack(item) for item in value], tuple),
    list: Text("list", lambda value: [_pack(item) for item in value], list),
    dict: Text("dict", lambda value: {key: _pack(item) for key, item in value.items()}, dict),
    Placeholder: Text("placeholder", len, Placeholder),
}

_BY_TAG = {codec.tag: codec for codec in _CODECS.values()}


def _pack(value: object) -> object:
    """Return `value` in terms of what JSON has, each other type as its tag and its text."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    kind: type = tuple if isinstance(value, tuple) else type(value)
    codec = _CODECS[kind]
    return [codec.tag, codec.write(value)]


def _unpack(packed: object) -> object:
    """Return the value that `_pack` was given; a named tuple comes back as a bare one."""
    if not isinstance(packed, list):
        return packed
    tag, text = packed
    if tag in ("tuple", "list"):
        text = [_unpack(item) for item in text]
    elif tag == "dict":
        text = {key: _unpack(item) for key, item in text.items()}
    return _BY_TAG[tag].read(text)


def write_line(value: Conversation | list[Observation]) -> str:
    """Return `value` as one line of JSON with its line end."""
    return json.dumps(_pack(value)) + "\n"


def read_conversation(line: str) -> Conversation:
    """Return the conversation that `write_line` wrote."""
    role, steps, limit, settings = cast("tuple[Any, Any, Any, Any]", _unpack(json.loads(line)))
    return Conversation(
        role,
        tuple(
            Step(action, data, None if event is None else Make(*event), probe)
            for action, data, event, probe in steps
        ),
        limit,
        Settings(*settings),
    )


def read_observations(line: str) -> list[Observation]:
    """Return the observations that `write_line` wrote."""
    return [
        Observation(*compared)._replace(blame=None if blame is None else Blame(*blame))
        for *compared, blame in cast("list[Any]", _unpack(json.loads(line)))
    ]
