"""The octets and patterns of what only the wire has: start lines, field lines, chunk headers.

In: octets. Out: matches, or sets for a scan. RFC 9112 sections 3 (request line), 4 (status line),
5 (field lines) and 7.1 (chunks). No pattern can go back over what it has matched, so none takes
more than linear time.
"""

import re
from typing import Final

from h11_events import TOKEN

DIGITS: Final = b"0123456789"
HEX_DIGITS: Final = b"0123456789ABCDEFabcdef"
ALPHA: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
BLANKS: Final = b" \t"
"""The octets of OWS and BWS (RFC 9110 section 5.6.3)."""

TCHAR: Final = b"!#$%&'*+-.^_`|~" + DIGITS + ALPHA
"""The octets of a token (RFC 9110 section 5.6.2)."""

OBS_TEXT: Final = bytes(range(0x80, 0x100))
TEXT: Final = b"\t" + bytes(range(0x20, 0x7F)) + OBS_TEXT
"""The octets of a field value or a reason phrase (RFC 9110 section 5.5, RFC 9112 section 4)."""

CONTROLS: Final = bytes(set(range(0x20)) - set(b"\x00\t\n\r")) + b"\x7f"
"""The control octets that can be let through in a field value: not NUL, CR and LF."""

URI_OCTETS: Final = b"-._~!$&'()*+,;=:@%/?" + DIGITS + ALPHA
"""The octets of a path and a query (RFC 3986 sections 3.3 and 3.4)."""

UNENCODED: Final = b'"<>[\\]^`{|}'
"""The visible octets that a URI has encoded, but browsers send as they are, save `#`."""

QUOTED_TEXT: Final = bytes(set(TEXT) - set(b'"\\'))
"""The octets of a quoted string that need no backslash (RFC 9110 section 5.6.4)."""

HTTP_2_PREFACE: Final = b"PRI * HTTP/2.0\r\n\r\n"
"""What a client that speaks HTTP/2 sends first: it is like a request (RFC 9113 section 3.4)."""

STATUS_LINE: Final = re.compile(rb"HTTP/(1\.[0-9]) ([1-9][0-9]{2})(?: (.*+))?", re.DOTALL)
"""status-line = HTTP-version SP status-code SP [ reason-phrase ] (RFC 9112 section 4).

Groups: version, status code, reason phrase. The space before an absent reason phrase may be absent,
too: real servers leave it out. To be matched where all octets were judged already."""

FIELD_NAME: Final = re.compile(TOKEN)
"""field-name = token (RFC 9110 section 5.1)."""

USUAL_END: Final = b"\r\n\r\n"
"""What ends nearly all heads: an empty line between CRLFs (RFC 9112 section 2.1)."""

UNUSUAL_OCTETS: Final = bytes(range(0x20)) + b"\x7f"
"""All octets but SP, VCHAR and obs-text (RFC 9110 section 5.5): few lines of a head have any.

HTAB is legal there, but so rare that it does not pay to have it in the usual form."""

MOST_SIZE_DIGITS: Final = 20
"""How many digits a chunk size may have (RFC 9112 section 7.1): more than any real size has."""

CHUNK_SIZE: Final = re.compile(rb"[0-9A-Fa-f]{1,%d}+" % MOST_SIZE_DIGITS)
"""chunk-size = 1*HEXDIG (RFC 9112 section 7.1)."""

PLAIN_CHUNK_HEADER: Final = re.compile(rb"(%b)\r\n" % CHUNK_SIZE.pattern)
"""chunk-size CRLF: a chunk header without extensions."""

NEXT_PLAIN_CHUNK_HEADER: Final = re.compile(rb"\r\n(%b)\r\n" % CHUNK_SIZE.pattern)
"""The end of one chunk's data and the header of the next."""
