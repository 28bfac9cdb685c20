"""One event of each class, and what each class needs at least, for the tests of all of them."""

from collections.abc import Callable
from typing import Any, Final

import pytest

from h11_events import (
    ConnectionClosed,
    Data,
    EndOfMessage,
    Event,
    InformationalResponse,
    Request,
    Response,
)

EXAMPLES: Final[list[Event]] = [
    Request(method="GET", target="/", headers=[("Host", "example.com"), ("Accept", "*/*")]),
    InformationalResponse(status_code=103, headers=[("Link", "</a.css>")], reason="Early Hints"),
    Response(status_code=200, headers=[("Content-Length", "5")], reason="OK"),
    Data(data=b"hello", chunk_start=True),
    EndOfMessage(headers=[("Digest", "md5=1B2M2Y8AsgTpgAmY7PhCfg==")]),
    ConnectionClosed(),
]

CLASSES: Final[list[type[Event]]] = [type(event) for event in EXAMPLES]

MINIMAL: Final[list[tuple[Callable[..., Event], dict[str, Any]]]] = [
    (Request, {"method": "GET", "target": "/", "headers": [("Host", "a")]}),
    (InformationalResponse, {"status_code": 100, "headers": []}),
    (Response, {"status_code": 200, "headers": []}),
    (Data, {"data": b""}),
    (EndOfMessage, {}),
    (ConnectionClosed, {}),
]
"""Each class with the fields that have no default."""

NAMES: Final = [cls.__name__ for cls in CLASSES]

each_event = pytest.mark.parametrize("event", EXAMPLES, ids=NAMES)
each_class = pytest.mark.parametrize("cls", CLASSES, ids=NAMES)
each_minimum = pytest.mark.parametrize(("make", "required"), MINIMAL, ids=NAMES)


def fields_of(event: Event) -> dict[str, Any]:
    """Return the fields of an event by name."""
    return {name: getattr(event, name) for name in type(event).__match_args__}
