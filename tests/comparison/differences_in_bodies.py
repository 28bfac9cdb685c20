"""Intended differences in what is made of a body that arrives."""

from typing import Final

from tests.comparison.compare import Difference
from tests.comparison.conversation import Settings
from tests.comparison.differences_in_heads import MANY
from tests.comparison.examples import CHUNKED, CHUNKED_RESPONSE, answered, served
from tests.comparison.explanations import complains
from tests.comparison.explanations_of_bodies import (
    has_blank_before_extension,
    has_long_chunk_header,
    has_malformed_extension,
    has_trailers_left_out,
    is_half_a_line_end,
    is_start_of_chunk,
)

IN_SOUND_BODIES: Final = (
    Difference(
        "the mark on the first piece of a chunk",
        "The reference promises it for every chunk; upstream forgets it if the size came earlier.",
        is_start_of_chunk,
        served(CHUNKED + b"5\r\n", b"hello"),
    ),
    Difference(
        "half a line end after a chunk",
        "Ours takes the line end when it is whole.",
        is_half_a_line_end,
        served(CHUNKED + b"1\r\na\r"),
        "trailing_data",
    ),
    Difference(
        "the limit of a chunk header",
        "It has a limit of its own, `Limits.chunk_extension_size`.",
        has_long_chunk_header,
        served(CHUNKED, b"5;" + b"x" * 60, limit=59),
        "everything",
    ),
)
"""Differences that show where both sides keep to the rules, or meet a limit."""

IN_BODIES: Final = (
    Difference(
        "blanks between chunk size and line end in a request",
        "RFC 9112 section 7.1 does not have them.",
        complains("BAD_CHUNK", role="SERVER", excerpt=rb"[0-9A-Fa-f]+[ \t]+\r"),
        served(CHUNKED + b"5 \r\nhello\r\n0\r\n\r\n"),
        "everything",
        Settings(tolerate=("BLANK_AFTER_CHUNK_SIZE",)),
    ),
    Difference(
        "a chunk extension against its grammar",
        "RFC 9112 section 7.1.1; what one recipient takes for a line end there is one of another.",
        has_malformed_extension,
        served(CHUNKED + b"5;\x00\r\nhello\r\n0\r\n\r\n"),
        "everything",
    ),
    Difference(
        "blanks before a chunk extension",
        "RFC 9112 section 7.1.1 has them as BWS.",
        has_blank_before_extension,
        served(CHUNKED + b"5 ;a\r\nhello\r\n0\r\n\r\n"),
        "everything",
    ),
    Difference(
        "the limit of all chunk extensions of a message",
        "Without it, any number of octets can surround each octet of a body.",
        complains("CHUNK_EXTENSIONS_TOO_LARGE"),
        served(CHUNKED + (b"1;" + b"x" * 9000 + b"\r\na\r\n") * 2 + b"0\r\n\r\n"),
        "everything",
        Settings(limits=(("chunk_extension_size", MANY),)),
    ),
    Difference(
        "trailers of a request that come too late",
        "RFC 9110 section 6.5.1; whoever merges them into the header changes what was judged.",
        complains("BAD_TRAILER", role="SERVER", text="comes too late"),
        served(CHUNKED + b"0\r\nHost: b\r\n\r\n"),
        "everything",
    ),
    Difference(
        "trailers of a response that come too late",
        "RFC 9110 section 6.5.1 lets a recipient drop them.",
        has_trailers_left_out,
        answered(CHUNKED_RESPONSE + b"0\r\nHost: b\r\nX: y\r\n\r\n"),
        "everything",
    ),
)
"""Differences in bodies that break a rule."""
