"""The grammar of what only the wire has: start lines, unusual octets, chunk headers.

In: octets. Out: matches. RFC 9112 sections 3 (request line), 4 (status line), 5 (field lines) and
7.1 (chunks). No pattern can go back over what it has matched, so none takes more than linear
time.
"""

import re
from typing import Final

from h11_events import FIELD_VALUE_FORBIDDEN, HTTP_VERSION, REQUEST_TARGET, TOKEN

_TEXT = rb"[^%b]*+" % re.escape(FIELD_VALUE_FORBIDDEN)
"""What is taken as text from a peer, which is more than the grammar of field values has."""

REQUEST_LINE: Final = re.compile(
    rb"(%b) (%b) HTTP/(%b)" % (TOKEN, REQUEST_TARGET, HTTP_VERSION),
)
"""request-line = method SP request-target SP HTTP-version (RFC 9112 section 3).

Groups: method, target, version."""

USUAL_PROTOCOLS: Final = {b"HTTP/1.1": b"1.1", b"HTTP/1.0": b"1.0"}
"""What ends nearly every request line, with the version that it tells."""

STATUS_LINE: Final = re.compile(
    rb"HTTP/(%b) ([0-9]{3})(?: (%b))?" % (HTTP_VERSION, _TEXT),
)
"""status-line = HTTP-version SP status-code SP [ reason-phrase ] (RFC 9112 section 4).

Groups: version, status code, reason phrase. The space before an absent reason phrase may be absent,
too: real servers leave it out."""

FIELD_NAME: Final = re.compile(TOKEN)
"""field-name = token (RFC 9110 section 5.1)."""

FIELD_VALUE: Final = re.compile(_TEXT)
"""field-value with any white space around it (RFC 9110 section 5.5)."""

UNUSUAL_OCTETS: Final = bytes(range(0x20)) + b"\x7f"
"""All octets but SP, VCHAR and obs-text (RFC 9110 section 5.5): few lines of a head have any.

HTAB is legal there, but so rare that it does not pay to have it in the usual form."""

CHUNK_SIZE: Final = rb"[0-9A-Fa-f]{1,20}+"
"""chunk-size = 1*HEXDIG (RFC 9112 section 7.1), with more digits than any real size has."""

PLAIN_CHUNK_HEADER: Final = re.compile(rb"(%b)\r\n" % CHUNK_SIZE)
"""chunk-size CRLF: a chunk header without extensions."""

NEXT_PLAIN_CHUNK_HEADER: Final = re.compile(rb"\r\n(%b)\r\n" % CHUNK_SIZE)
"""The end of one chunk's data and the header of the next."""

CHUNK_HEADER: Final = re.compile(
    rb"(%b)(?:;[\t\x20-\x7e\x80-\xff]*+|[ \t]*+)\r\n" % CHUNK_SIZE,
)
"""chunk-size [ chunk-ext ] CRLF (RFC 9112 section 7.1.1); what an extension says is ignored."""
