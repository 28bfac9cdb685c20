"""Heads and trailer sections going out: events and headers in, bytes out.

What is written is what the event has, in its order and casing; nothing is added and nothing left
out (RFC 9112 sections 3 to 5).
"""

from h11_events import Headers, InformationalResponse, Request, Response


def write_request_head(request: Request) -> bytes:
    """Return the head of a request as bytes (RFC 9112 section 3).

    Args:
        request: The request.

    Returns:
        The request line, the header section, and the empty line.
    """
    return b"%b %b HTTP/%b\r\n%b" % (
        request.method,
        request.target,
        request.http_version,
        write_field_lines(request.headers),
    )


def write_response_head(response: InformationalResponse | Response) -> bytes:
    """Return the head of a response as bytes (RFC 9112 section 4).

    Args:
        response: The response, informational or final.

    Returns:
        The status line, with a space even before an empty reason phrase, the header section, and
        the empty line.
    """
    return b"HTTP/%b %d %b\r\n%b" % (
        response.http_version,
        response.status_code,
        response.reason,
        write_field_lines(response.headers),
    )


def write_field_lines(headers: Headers) -> bytes:
    """Return a header or trailer section as bytes (RFC 9112 section 5).

    Args:
        headers: The fields.

    Returns:
        A line for each field, and the empty line.
    """
    lines = b"\r\n".join(map(b": ".join, headers.raw_items()))
    return lines + b"\r\n\r\n" if lines else b"\r\n"
