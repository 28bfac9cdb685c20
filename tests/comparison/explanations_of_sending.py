"""What to look for in what is sent, to tell what is behind a moment.

In: a moment at which both implementations showed something different. Out: true if, and only if, it
is the difference that the function is named for.
"""

from tests.comparison.compare import Moment
from tests.comparison.explanations import FRAMING, complains, error_of, fields_in, text_of


def is_refused_out_of_turn(moment: Moment) -> bool:
    """Say whether upstream failed while it put together the text of a protocol error."""
    ours, upstream = error_of(moment.ours.outcome), error_of(moment.upstream.outcome)
    text = text_of(moment.upstream.outcome)
    return (
        ours in {("LocalProtocolError", 400), ("RemoteProtocolError", 400)}
        and upstream == ("AttributeError", None)
        and text == "'tuple' object has no attribute '__name__'"
    )


def is_of_a_version_that_cannot_be_sent(moment: Moment) -> bool:
    """Say whether both refuse the version of a head, and upstream has moved the machine before."""
    return (
        complains("UNSUPPORTED_VERSION", by="Local", text="^I only send")(moment)
        and error_of(moment.upstream.outcome) == ("LocalProtocolError", 400)
        and "states" in moment.differing
    )


def cannot_be_joined(moment: Moment) -> bool:
    """Say whether both fail to join what was to be sent, and only ours takes that for an error."""
    errors = {error_of(moment.ours.outcome), error_of(moment.upstream.outcome)}
    return (
        moment.step.action == "send"
        and errors == {("TypeError", None)}
        and "ERROR" in moment.ours.states
        and "ERROR" not in moment.upstream.states
    )


def follows_a_refused_head(moment: Moment) -> bool:
    """Say whether the program had tried to send a request or a response out of turn."""
    steps = moment.conversation.steps
    return any(
        error_of(seen.outcome) in {("LocalProtocolError", 400), ("AttributeError", None)}
        and event.kind in ("Request", "Response")
        for seen in moment.history
        if (event := steps[seen.step].event) and steps[seen.step].action != "construct"
    )


def is_in_fewer_pieces(moment: Moment) -> bool:
    """Say whether a list of octets is the same but for where it is cut."""
    ours, upstream = moment.ours.outcome, moment.upstream.outcome
    return (
        isinstance(ours, list)
        and isinstance(upstream, list)
        and all(isinstance(piece, bytes) for piece in ours + upstream)
        and b"".join(ours) == b"".join(upstream)
    )


def lines_of(outcome: object) -> list[bytes] | None:
    """Return the lines of octets to be sent, or of a list of pieces of them."""
    pieces: list[object] = outcome if isinstance(outcome, list) else [outcome]
    octets = [piece for piece in pieces if isinstance(piece, bytes)]
    return b"".join(octets).split(b"\r\n") if len(octets) == len(pieces) else None


def without_lines(lines: list[bytes], *names: bytes) -> list[bytes]:
    """Return the lines less those of some fields."""
    return [line for line in lines if line.partition(b":")[0].lower() not in names]


def misplaced_framing(moment: Moment) -> tuple[bytes, ...]:
    """Return the fields that ours leaves out of what is sent."""
    event = moment.step.event
    if event is None or moment.step.action not in ("send", "send pieces"):
        return ()
    status = event.fields.get("status_code")
    if event.kind == "Request":
        return (b"content-length",)
    if event.kind == "InformationalResponse" or "SWITCHED_PROTOCOL" in moment.ours.states:
        return FRAMING
    # 304 has the length that a body would have, or its coding.
    return FRAMING if status in (204, 304) else ()


def changes_in_head(moment: Moment) -> set[bytes]:
    """Return the names of the fields of a head to be sent that ours changes, if that is all."""
    ours, upstream = lines_of(moment.ours.outcome), lines_of(moment.upstream.outcome)
    if ours is None or upstream is None:
        return set()
    names = misplaced_framing(moment)
    if "ERROR" in moment.ours.states:
        names = (*names, b"connection")
    if without_lines(ours, *names) != without_lines(upstream, *names):
        return set()
    return {
        name
        for name in names
        if fields_in(b"\n".join(ours), name) != fields_in(b"\n".join(upstream), name)
    }


def leaves_out_framing(moment: Moment) -> bool:
    """Say whether ours left the fields that frame a body out of a response without one."""
    is_request = moment.step.event is not None and moment.step.event.kind == "Request"
    return not is_request and not changes_in_head(moment).isdisjoint(FRAMING)


def leaves_out_the_length(moment: Moment) -> bool:
    """Say whether ours left Content-Length out of a request with Transfer-Encoding."""
    is_request = moment.step.event is not None and moment.step.event.kind == "Request"
    return is_request and changes_in_head(moment) == {b"content-length"}


def says_that_it_closes(moment: Moment) -> bool:
    """Say whether ours told a peer that was at fault that its response is the last."""
    said = fields_in(b"\n".join(lines_of(moment.ours.outcome) or []), b"connection")
    return b"connection" in changes_in_head(moment) and b"close" in said


def is_not_for_http_1_0(moment: Moment) -> bool:
    """Say whether ours wrote nothing where upstream sends an informational response to HTTP/1.0."""
    event = moment.step.event
    version = moment.ours.their_http_version
    return (
        event is not None
        and event.kind == "InformationalResponse"
        and moment.ours.outcome in (b"", [])
        and version is not None
        and version < b"1.1"
        and lines_of(moment.upstream.outcome) is not None
    )
