"""What a server may do for a client: the subjects of the tests, in the words of the table.

In: nothing. Out: `Feature`.
"""

from enum import Enum


class Feature(Enum):
    """What a test is about."""

    FILES = "files"
    FIELDS = "repeated fields and octets beyond ASCII"
    LARGE = "10 MB down"
    HEAD = "HEAD"
    RANGE = "a range"
    RANGES = "several ranges"
    UNCHANGED = "304"
    CHUNKS = "chunks"
    GZIP = "gzip in chunks"
    TO_THE_END = "bodies that end with the connection"
    OLD = "responses of HTTP/1.0"
    NO_STATUS_LINE = "HTTP/0.9 refused"
    KEEP_ALIVE = "100 requests on a connection"
    PIPELINE = "pipelining"
    CLOSE = "Connection: close"
    TRAILERS = "trailers"
    TRAILERS_UP = "trailers up"
    HINTS = "103"
    SWITCH = "101"
    TUNNEL = "CONNECT"
    NO_CONTENT = "204"
    REDIRECT = "redirects"
    CONTINUE = "100-continue"
    REFUSED = "100-continue refused"
    UPLOAD = "10 MB up"
    STORED = "PUT"
    KILLED = "killed in mid-body"
    BROKEN = "its backend breaks in mid-body"
    DEAD = "its backend is away"
    MALFORMED = "400"
    SLOW = "408"
