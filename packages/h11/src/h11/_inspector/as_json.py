"""A report for programs: each thing that was seen as an object in a line of its own.

In: what was seen. Out: JSON. Octets are text in which each character stands for one octet (ISO
8859-1), so that none is lost.
"""

import json

from h11._inspector.blame import SECTIONS, Violation, answer_to
from h11._inspector.conversation import Rest, Seen
from h11._inspector.decisions import Framing
from h11._inspector.reading import Body
from h11_events import (
    EndOfMessage,
    Headers,
    InformationalResponse,
    Request,
    Response,
    first_octets,
)
from h11_statemachine import Role

Json = dict[str, object]
"""What becomes an object."""


def json_line(seen: Seen) -> str:
    """Return an object, and the end of its line.

    Args:
        seen: What was seen.
    """
    common: Json = {
        "event": seen.name,
        "role": _role(seen.role),
        "start": seen.start,
        "end": seen.end,
        "moves": [
            {"role": _role(move.role), "before": str(move.before), "after": str(move.after)}
            for move in seen.moves
        ],
    }
    framing = {} if seen.framing is None else {"framing": _framing(seen.framing)}
    return json.dumps(common | _particulars(seen) | framing) + "\n"


def _particulars(seen: Seen) -> Json:
    """Return what only things of this kind have."""
    match seen.what:
        case Request(method, target, headers, version):
            return {
                "method": _text(method),
                "target": _text(target),
                "http_version": _text(version),
                "headers": _fields(headers),
            }
        case InformationalResponse(code, headers, version, reason) | Response(
            code, headers, version, reason
        ):
            answered = seen.request_method
            return {
                "status_code": code,
                "reason": _text(reason),
                "http_version": _text(version),
                "headers": _fields(headers),
                "request_method": None if answered is None else _text(answered),
            }
        case Body(size, beginning, extension):
            return {
                "size": size,
                "beginning": _text(beginning),
                "chunk_extension": _text(extension),
            }
        case EndOfMessage(headers) as end:
            return {
                "body_size": seen.body_size,
                "trailers": _fields(headers),
                "chunk_extension": _text(end.chunk_extension),
            }
        case Rest() as rest:
            return {"size": seen.end - seen.start, "reason": rest.value}
        case Violation() as violation:
            return _violation(seen.role, violation)
    return {}


def _violation(role: Role, violation: Violation) -> Json:
    """Return what there is to know about a violation."""
    error = violation.error
    status_code, reason = answer_to(role, error)
    return {
        "code": error.code.name,
        "message": str(error),
        "section": SECTIONS[error.code],
        "answer": {"status_code": status_code, "reason": reason},
        "expected": error.expected,
        "received": error.received,
        "marks": [
            {
                "start": mark.start,
                "end": mark.end,
                "octets": _text(first_octets(violation.octets(mark))),
            }
            for mark in violation.marks
        ],
    }


def _framing(framing: Framing) -> Json:
    """Return how a body is framed."""
    return {
        "kind": framing.kind.value,
        "length": framing.length,
        "reason": framing.reason,
        "section": f"RFC 9112 section 6.3, rule {framing.rule}",
    }


def _fields(headers: Headers) -> list[list[str]]:
    """Return names, as they came, and values."""
    return [[_text(name), _text(value)] for name, value in headers.raw_items()]


def _role(role: Role) -> str:
    """Return what a role is called."""
    return str(role).lower()


def _text(octets: bytes) -> str:
    """Return octets as text, one character each."""
    return octets.decode("iso-8859-1")
