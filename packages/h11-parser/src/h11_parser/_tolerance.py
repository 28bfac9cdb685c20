"""The deviations from the grammar that can be let through, each by its name.

In: nothing. Out: a flag for each deviation, and the sets that readers of requests and of responses
start with. What has no name here is never let through.
"""

from enum import Flag, auto
from typing import Final


class Tolerance(Flag):
    """What to let through although RFC 9112 does not have it; members are combined with `|`."""

    NONE = 0
    """Only what the grammar allows."""

    BARE_LF = auto()
    """LF alone as a line end in a head or trailer section.

    Some servers and scripts write it, and RFC 9112 section 2.2 lets recipients take it. The risk:
    whoever sits in front and does not may see other lines than we do.
    """

    OBS_FOLD = auto()
    """A field line that goes on in the next line, after a blank; the fold becomes one space.

    Old servers write long values so, and RFC 9112 section 5.2 has user agents take it. The risk:
    whoever sits in front may see the second line as a field of its own.
    """

    CONTROL_OCTETS = auto()
    """Control octets other than NUL, CR and LF in a field value.

    Some servers put raw data into fields, and RFC 9110 section 5.5 lets recipients keep it. The
    risk: whoever logs or forwards the value must cope with them; VT and FF pass for line ends in
    some readers.
    """

    BLANK_BEFORE_COLON = auto()
    """White space between a field name and its colon, which is dropped; in responses only.

    Some servers write it, and RFC 9112 section 5.1 has proxies remove it from responses. The risk:
    whoever sits in front may take it for another name, and frame the message otherwise.
    """

    INVALID_FIELD_LINES = auto()
    """A line that is no field line, which is left out; in responses only.

    Browsers do so, hence servers with broken fields exist (RFC 9112 section 2.2 allows it before
    the first field). The risk: the line may have been meant to frame the message.
    """

    TRANSFER_ENCODING_WITH_CONTENT_LENGTH = auto()
    """Content-Length beside Transfer-Encoding, where the former is left out; in responses only.

    Some servers and their filters add both, and RFC 9112 section 6.3 says which one counts. The
    risk: whoever sits in front may have counted the other; no other message is read after it.
    """

    TRANSFER_ENCODING_IN_HTTP_1_0 = auto()
    """Transfer-Encoding in an HTTP/1.0 message, which is read as chunked; in responses only.

    Some servers of that version send it. The risk: a cache or proxy that does not know it sees
    another body (RFC 9112 section 6.1); no other message is read after it.
    """

    REPEATED_CHUNKED = auto()
    """The transfer coding `chunked` more than once, which counts once; in responses only.

    An application and its server may each add it. The risk: the body may really be coded twice, and
    RFC 9112 section 6.1 forbids it.
    """

    BLANK_AFTER_CHUNK_SIZE = auto()
    """White space between a chunk size and its line end.

    Some servers pad the size to a fixed width. The risk: RFC 9112 section 7.1 does not have it, and
    whoever sits in front may read another size.
    """

    NON_ASCII_TARGET = auto()
    """Octets over 0x7F in a request target; in requests only.

    Some clients do not encode what they take from a person. The risk: what the octets mean is
    anybody's guess, and RFC 9112 section 3.2 does not have them.
    """

    UNENCODED_TARGET = auto()
    r"""The visible octets ``" < > [ ] \ ^ ` { | }`` and a lone ``%`` in a target; in requests only.

    Browsers send them as they are, though RFC 3986 section 3.3 wants them encoded. The risk:
    whoever turns the target into a path must not give them a meaning.
    """

    FORBIDDEN_TRAILERS = auto()
    """Fields in a trailer section that come too late there and are left out; in responses only.

    RFC 9110 section 6.5.1 lets recipients drop them. The risk: none, as nobody gets to see them.
    """

    REQUESTS = UNENCODED_TARGET
    """What a server starts with: what browsers send every day, and nothing else."""

    RESPONSES = (
        BARE_LF
        | OBS_FOLD
        | CONTROL_OCTETS
        | TRANSFER_ENCODING_WITH_CONTENT_LENGTH
        | TRANSFER_ENCODING_IN_HTTP_1_0
        | BLANK_AFTER_CHUNK_SIZE
        | FORBIDDEN_TRAILERS
    )
    """What a client starts with: what the RFC has or lets it take, and what servers need."""


ALLOWED_IN_REQUESTS: Final = (
    Tolerance.BARE_LF
    | Tolerance.OBS_FOLD
    | Tolerance.CONTROL_OCTETS
    | Tolerance.BLANK_AFTER_CHUNK_SIZE
    | Tolerance.NON_ASCII_TARGET
    | Tolerance.UNENCODED_TARGET
)
"""What can be let through in requests at all: nothing with which a request has been smuggled."""

ALLOWED_IN_RESPONSES: Final = ~(Tolerance.NON_ASCII_TARGET | Tolerance.UNENCODED_TARGET)
"""What can be let through in responses: they have no target."""
