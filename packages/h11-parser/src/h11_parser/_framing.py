"""How long is the body: from the head of a message to the length of its body.

In: a request or response, and for a response the method that it answers. Out: a length in bytes, or
how the end is marked (RFC 9112 section 6.3); or that the head cannot be trusted to say it.
"""

from enum import Enum

from h11_events import (
    ErrorCode,
    LocalProtocolError,
    Request,
    Response,
    has_body,
    with_headers,
)
from h11_parser._dialect import Dialect
from h11_parser._tolerance import Tolerance


class Unbounded(Enum):
    """How the end of a body is found whose length is not known beforehand."""

    CHUNKED = "chunked"
    """The last chunk ends it (RFC 9112 section 7.1)."""

    UNTIL_CLOSE = "until close"
    """The end of the connection ends it (RFC 9112 section 6.3, rule 8)."""


BodyLength = int | Unbounded
"""The length of a body in bytes, or how its end is found."""


def request_body_length(request: Request) -> BodyLength:
    """Return how long the body of a request is.

    Args:
        request: The request.

    Returns:
        Chunked, or the length in bytes; without framing fields there is no body (RFC 9112 section
        6.3, rules 4, 6 and 7).
    """
    headers = request.headers
    return Unbounded.CHUNKED if headers.is_chunked else headers.content_length or 0


def response_body_length(request_method: bytes | None, response: Response) -> BodyLength:
    """Return how long the body of a final response is.

    Args:
        request_method: The method that it answers; None if the request was not understood.
        response: The response.

    Returns:
        Chunked, the length in bytes, or up to the end of the connection (RFC 9112 section 6.3).
    """
    if not has_body(request_method, response.status_code):
        return 0
    headers = response.headers
    if headers.is_chunked:
        return Unbounded.CHUNKED
    length = headers.content_length
    return Unbounded.UNTIL_CLOSE if length is None else length


def judge_request_framing(request: Request) -> None:
    """Refuse a request that was received with Transfer-Encoding and may be meant otherwise.

    Args:
        request: What was received; to be called if its body is chunked.

    Raises:
        LocalProtocolError: If it has Content-Length, too, or is of a version that does not have
            Transfer-Encoding (RFC 9112 section 6.1); requests have been smuggled with both.
    """
    if request.headers.content_length is not None:
        raise _both_framings()
    if request.http_version < b"1.1":
        raise _coding_in_1_0()


def judge_response_framing(response: Response, dialect: Dialect) -> Response:
    """Return a response that was received with Transfer-Encoding as it is to be understood.

    Args:
        response: What was received; to be called if it has Transfer-Encoding.
        dialect: What to let through.

    Returns:
        The response itself; or one without Content-Length, if it had that, too. In the latter case
        no other message may be read from the connection (RFC 9112 section 6.3, rule 3).

    Raises:
        LocalProtocolError: If it has Content-Length, too, or is of a version that does not have
            Transfer-Encoding, and this is not tolerated.
    """
    tolerate = dialect.tolerate
    if response.http_version < b"1.1" and Tolerance.TRANSFER_ENCODING_IN_HTTP_1_0 not in tolerate:
        raise _coding_in_1_0()
    if response.headers.content_length is None:
        return response
    if Tolerance.TRANSFER_ENCODING_WITH_CONTENT_LENGTH not in tolerate:
        raise _both_framings()
    return with_headers(response, response.headers.without((b"content-length",)))


def _both_framings() -> LocalProtocolError:
    """Return what to raise for a message whose length is told twice."""
    return LocalProtocolError(
        "a message with both Transfer-Encoding and Content-Length has no certain end",
        code=ErrorCode.BAD_FRAMING,
    )


def _coding_in_1_0() -> LocalProtocolError:
    """Return what to raise for a message whose version does not have its framing."""
    return LocalProtocolError(
        "Transfer-Encoding is not part of HTTP/1.0", code=ErrorCode.BAD_FRAMING
    )
