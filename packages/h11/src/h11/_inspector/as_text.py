"""A report for people: what was seen, with its fields, what follows from it, and what is wrong.

In: what was seen, and whether to use colour. Out: lines of text, all in ASCII: whatever a peer has
sent can do no harm to a terminal.
"""

from collections.abc import Iterator
from typing import Final

from h11._inspector.blame import SECTIONS, Mark, Violation, answer_to
from h11._inspector.conversation import Rest, Seen
from h11._inspector.reading import Body
from h11_events import (
    EndOfMessage,
    Headers,
    InformationalResponse,
    Request,
    Response,
)
from h11_statemachine import CLIENT, Role

_BOLD: Final = "\x1b[1m"
_DIM: Final = "\x1b[2m"
_ALARM: Final = "\x1b[1;31m"
_PLAIN: Final = "\x1b[0m"

_INDENT: Final = "    "

_ESCAPES: Final = {
    **{octet: f"\\x{octet:02x}" for octet in range(256) if not 0x20 <= octet < 0x7F},
    **str.maketrans({"\\": r"\\", "\t": r"\t", "\r": r"\r", "\n": r"\n"}),
}
"""How octets are shown that are not themselves, with which a text stays unambiguous."""

_BEFORE: Final = 40
"""How many octets of its line are shown before a mark."""

_MARKED: Final = 60
"""How many octets of a mark are shown."""

_AFTER: Final = 20
"""How many octets of its line are shown after a mark."""


def visible(octets: bytes) -> str:
    r"""Return octets as printable ASCII, the others as escapes such as `\r` and `\x00`.

    Args:
        octets: Any octets.
    """
    return octets.decode("iso-8859-1").translate(_ESCAPES)


class TextReport:
    """Writes what was seen as text.

    Args:
        colour: Whether to use the colours of a terminal.
    """

    def __init__(self, *, colour: bool) -> None:
        self._colour = colour

    def lines(self, seen: Seen) -> str:
        """Return the lines about one thing, with their ends.

        Args:
            seen: What was seen.
        """
        role = str(seen.role).lower()
        name = self._in(_ALARM if isinstance(seen.what, Violation) else _BOLD, seen.name)
        lines = [f"{role} {seen.start}-{seen.end} {name}{_summary(seen)}"]
        lines += [_INDENT + line for line in self._details(seen)]
        for move in seen.moves:
            lines.append(_INDENT + self._in(_DIM, f"{move.role}: {move.before} -> {move.after}"))
        return "\n".join(lines) + "\n"

    def _details(self, seen: Seen) -> Iterator[str]:
        """Yield the fields of what was seen, or what is wrong with it."""
        match seen.what:
            case Request(method, target, headers, version):
                yield f"{visible(method)} {visible(target)} HTTP/{visible(version)}"
                yield from _fields(headers)
            case InformationalResponse(code, headers, version, reason) | Response(
                code, headers, version, reason
            ):
                yield f"HTTP/{visible(version)} {code} {visible(reason)}".rstrip()
                yield from _fields(headers)
            case EndOfMessage(headers) as end:
                yield from _extension(end.chunk_extension)
                yield from _fields(headers)
            case Body() as body:
                yield from _extension(body.chunk_extension)
            case Violation() as violation:
                yield from self._violation(seen.role, violation)
        if seen.framing is not None:
            rule = f"RFC 9112 section 6.3, rule {seen.framing.rule}"
            yield self._in(_DIM, f"framing: {seen.framing.reason} ({rule})")

    def _violation(self, role: Role, violation: Violation) -> Iterator[str]:
        """Yield what there is to know about a violation."""
        error = violation.error
        yield f"{error.code.name}: {error}"
        for mark in violation.marks:
            yield from self._marked(violation, mark)
        yield f"see {SECTIONS[error.code]}"
        status_code, reason = answer_to(role, error)
        who = "a server answers" if role is CLIENT else "a gateway answers its client"
        yield f"{who} {status_code} {reason}, and closes this connection"

    def _marked(self, violation: Violation, mark: Mark) -> Iterator[str]:
        """Yield the line with offending octets, and under it a line that points at them."""
        context = violation.context
        start, end = mark.start - violation.context_start, mark.end - violation.context_start
        # Where the end came too early, the last line is shown, also if it is complete.
        line_start = context.rfind(b"\n", 0, start if start < end else max(start - 1, 0)) + 1
        before = visible(context[max(line_start, start - _BEFORE) : start])
        shown = visible(context[start : min(end, start + _MARKED)])
        after, line_end, _ = context[end : end + _AFTER].partition(b"\n")
        place = f"at {mark.start}: "
        yield f"{place}{before}{self._in(_ALARM, shown)}{visible(after + line_end)}"
        yield " " * len(place + before) + self._in(_ALARM, "^" * max(1, len(shown)))

    def _in(self, colour: str, text: str) -> str:
        """Return text in a colour, if there are any."""
        return f"{colour}{text}{_PLAIN}" if self._colour and text else text


def _summary(seen: Seen) -> str:
    """Return what is said about sizes beside the name of an event."""
    match seen.what:
        case Body(size, beginning, _):
            more = "..." if size > len(beginning) else ""
            return f": {_octets(size)}: {visible(beginning)}{more}"
        case EndOfMessage():
            return f": {_octets(seen.body_size)} of body"
        case Rest() as rest:
            return f": {_octets(seen.end - seen.start)}, {rest.value}"
        case _:
            return ""


def _octets(count: int) -> str:
    """Return a number of octets in words."""
    return f"{count} octet{'' if count == 1 else 's'}"


def _extension(extension: bytes) -> Iterator[str]:
    """Yield the extension of a chunk, if it has one."""
    if extension:
        yield f"chunk extension: {visible(extension)}"


def _fields(headers: Headers) -> Iterator[str]:
    """Yield field lines."""
    for name, value in headers.raw_items():
        yield f"{visible(name)}: {visible(value)}"
