"""The applications that uvicorn serves: hello world, and a response with ten fields.

In: ASGI, version 3. Out: the same response to every request. They are run in environments without
our packages, so they ask for nothing.
"""

from collections.abc import Awaitable, Callable
from typing import Any

Send = Callable[[dict[str, Any]], Awaitable[None]]
Application = Callable[[dict[str, Any], object, Send], Awaitable[None]]

HELLO = b"Hello, world!"

RECORD = b'{"id": 17, "name": "Ada", "tags": ["first", "last"], "active": true}'

HELLO_FIELDS = [(b"content-type", b"text/plain"), (b"content-length", b"%d" % len(HELLO))]

TEN_FIELDS = [
    (b"content-type", b"application/json"),
    (b"content-length", b"%d" % len(RECORD)),
    (b"cache-control", b"private, max-age=60"),
    (b"etag", b'"5f2b8a90c1d24e37"'),
    (b"vary", b"Accept-Encoding, Cookie"),
    (b"x-request-id", b"0f6f5ad1c9a84b7e9d0e3b1a2c4d5e6f"),
    (b"x-frame-options", b"DENY"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"set-cookie", b"visit=8d1f0c37; Path=/; HttpOnly; SameSite=Lax"),
]


def answering(fields: list[tuple[bytes, bytes]], body: bytes) -> Application:
    """Return an application that answers everything alike."""
    start = {"type": "http.response.start", "status": 200, "headers": fields}
    rest = {"type": "http.response.body", "body": body}

    async def application(scope: dict[str, Any], receive: object, send: Send) -> None:
        """Answer a request."""
        del scope, receive
        await send(start)
        await send(rest)

    return application


hello = answering(HELLO_FIELDS, HELLO)
ten_fields = answering(TEN_FIELDS, RECORD)

EXPECTED = {"hello": (HELLO_FIELDS, HELLO), "ten_fields": (TEN_FIELDS, RECORD)}
"""The fields and the body of each response."""
