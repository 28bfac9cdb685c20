"""Header and trailer sections coming in: lines in, headers out (RFC 9112 section 5).

In: the octets of a section that was scanned, so that each line is legal or tolerated; or of one
that may be in the usual form, which needs no scan. Out: `Headers`, after what is tolerated was made
into what is legal.
"""

from h11_events import (
    FORBIDDEN_IN_TRAILERS,
    FieldLine,
    Headers,
    LocalProtocolError,
    check_trailer_names,
    list_elements,
)
from h11_parser._dialect import Dialect
from h11_parser._grammar import BLANKS, FIELD_NAME, UNUSUAL_OCTETS
from h11_parser._tolerance import Tolerance


def read_header_section(lines: list[bytes], dialect: Dialect) -> Headers:
    """Return the headers that scanned lines make up.

    Args:
        lines: The lines after a start line.
        dialect: What they were scanned for.

    Returns:
        The headers; a value that was folded over several lines has one space for each fold (RFC
        9112 section 5.2).

    Raises:
        LocalProtocolError: If Content-Length or Transfer-Encoding makes no sense.
    """
    fields = _field_lines(lines, dialect.tolerate)
    if Tolerance.REPEATED_CHUNKED in dialect.tolerate:
        fields = _merge_repeated_chunked(fields)
    return Headers.from_field_lines(fields)


def read_usual_trailer_section(octets: bytes, dialect: Dialect) -> Headers | None:
    """Return the headers that octets make up, if they are a trailer section in the usual form.

    Args:
        octets: What ends with an empty line between CRLFs, and may be anything before that.
        dialect: What to take.

    Returns:
        The headers; None if the octets have to be scanned.
    """
    lines = (b"\n" + octets).split(b"\r")
    count = len(lines)
    # As in a head, but for the LF of the line before the first one.
    if len(octets) - len(octets.translate(None, UNUSUAL_OCTETS)) != 2 * count - 2:
        return None
    del lines[-2:]
    if len(lines) > dialect.limits.field_count:
        return None
    try:
        headers = Headers.from_usual_lines(lines)
    except LocalProtocolError:
        return None
    is_in_time = FORBIDDEN_IN_TRAILERS.isdisjoint(name for name, _ in headers)
    return headers if is_in_time else None


def read_trailer_section(lines: list[bytes], dialect: Dialect) -> Headers:
    """Return the headers that the scanned lines of a trailer section make up.

    Args:
        lines: Its lines.
        dialect: What they were scanned for.

    Returns:
        The headers, without those that come too late, if that is tolerated (RFC 9110 section
        6.5.1).

    Raises:
        LocalProtocolError: If one comes too late, and this is not tolerated.
    """
    fields = _field_lines(lines, dialect.tolerate)
    if Tolerance.FORBIDDEN_TRAILERS in dialect.tolerate:
        fields = [field for field in fields if field[0].lower() not in FORBIDDEN_IN_TRAILERS]
    check_trailer_names(name for name, _ in fields)
    return Headers.from_field_lines(fields)


def _field_lines(lines: list[bytes], tolerate: Tolerance) -> list[FieldLine]:
    """Return names and values; what the scan let pass without being a field line is left out."""
    blanks = BLANKS if Tolerance.BLANK_BEFORE_COLON in tolerate else b""
    # The values of a field are several where it is folded (obs-fold, RFC 9112 section 5.2).
    fields: list[tuple[bytes, list[bytes]]] = []
    pieces: list[bytes] | None = None
    for line in lines:
        if not line.startswith((b" ", b"\t")):
            name, colon, value = line.partition(b":")
            name = name.rstrip(blanks)
            pieces = [value.strip(BLANKS)] if colon and FIELD_NAME.fullmatch(name) else None
            if pieces is not None:
                fields.append((name, pieces))
        elif pieces is not None:
            pieces.append(line.strip(BLANKS))
    return [(name, b" ".join(pieces).strip(BLANKS)) for name, pieces in fields]


def _merge_repeated_chunked(fields: list[FieldLine]) -> list[FieldLine]:
    """Return fields in which Transfer-Encoding is `chunked` once, if it is nothing else."""
    is_coding = [name.lower() == b"transfer-encoding" for name, _ in fields]
    values = [value for (_, value), coding in zip(fields, is_coding, strict=True) if coding]
    codings = list_elements(b",".join(values))
    if len(codings) < 2 or set(codings) != {b"chunked"}:
        return fields
    first = is_coding.index(True)
    kept = [field for field, coding in zip(fields, is_coding, strict=True) if not coding]
    # The fields before the first are kept, so it comes back to its place.
    kept.insert(first, (fields[first][0], b"chunked"))
    return kept
