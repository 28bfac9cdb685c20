"""Which responses have a body at all, whatever their fields say.

In: the method that is answered, and the status code. Out: yes or no (RFC 9110 section 6.4.1, RFC
9112 section 6.3).
"""


def has_body(request_method: bytes | None, status_code: int) -> bool:
    """Return whether a response has a body, going by method and status alone.

    Args:
        request_method: The method that is answered; None if the request was not understood.
        status_code: The status code of the final response.

    Returns:
        False for HEAD, 204 and 304, and for a 2xx to CONNECT, after which the connection is a
        tunnel (RFC 9112 section 6.3, rules 1 and 2).
    """
    if request_method == b"HEAD" or status_code in (204, 304):
        return False
    return request_method != b"CONNECT" or status_code >= 300
