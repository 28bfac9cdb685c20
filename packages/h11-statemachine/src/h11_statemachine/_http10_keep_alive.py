"""When a connection of HTTP/1.0 outlives a response: if both sides say so, and its end can be seen.

In: a request or a response. Out: whether it says so. Both have to, because nothing persists by
itself in HTTP/1.0 (RFC 9112 section 9.3 and appendix C.2.2; RFC 2068 section 19.7.1).
"""

from h11_events import Request, Response, connection_options, has_body


def asks_for_keep_alive(request: Request) -> bool:
    """Return whether a request asks for `keep-alive`, of whoever speaks HTTP/1.0.

    Args:
        request: A request of any version.

    Returns:
        True if Connection lists it, and not `close`. Never for CONNECT: what hears it is a proxy,
        which keeps no connection with a client of HTTP/1.0 (RFC 9112 section 9.3).
    """
    return request.method != b"CONNECT" and _says_keep_alive(request)


def grants_keep_alive(request_method: bytes | None, response: Response) -> bool:
    """Return whether a response lets a connection of HTTP/1.0 persist.

    Args:
        request_method: The method that it answers.
        response: A final response of any version.

    Returns:
        True if Connection lists `keep-alive`, and not `close`, and if the response has no body, or
        one of a known length.
    """
    return _says_keep_alive(response) and (
        response.headers.content_length is not None
        or not has_body(request_method, response.status_code)
    )


def _says_keep_alive(message: Request | Response) -> bool:
    """Return whether a message of HTTP/1.0 or 1.1 says so, and has no transfer coding.

    Whoever speaks HTTP/1.0 cannot know where chunks end (RFC 9112 section 6.1).
    """
    if not b"1.0" <= message.http_version < b"2" or message.headers.is_chunked:
        return False
    options = connection_options(message.headers)
    return b"keep-alive" in options and b"close" not in options
