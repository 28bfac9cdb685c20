"""What to look for in a moment, to tell whether an intended difference is behind it.

In: a moment at which both implementations showed something different. Out: true if, and only if, it
is the difference that the function is named for.
"""

import re
from collections.abc import Callable

from tests.comparison.compare import Moment
from tests.comparison.conversation import Probe

MESSAGES_THAT_MATTER = (
    re.compile(r"Illegal header value .*"),
    re.compile(r"peer closed connection.*"),
)
"""Texts of errors that the tests of dependents assert."""


def outcomes(moment: Moment) -> tuple[object, object]:
    """Return both outcomes, an error without its text."""
    return without_text(moment.ours.outcome), without_text(moment.upstream.outcome)


def without_text(outcome: object) -> object:
    """Return the outcome without the text of an error."""
    if isinstance(outcome, dict):
        return {name: value for name, value in outcome.items() if name != "text"}
    return outcome


def error_of(outcome: object) -> tuple[str, int | None] | None:
    """Return the class and the status hint of an error, None for any other outcome."""
    if isinstance(outcome, dict) and "error" in outcome:
        return outcome["error"], outcome["hint"]
    return None


def text_of(outcome: object) -> str:
    """Return the text of an error."""
    return str(outcome["text"]) if isinstance(outcome, dict) and "text" in outcome else ""


def is_another_text(moment: Moment) -> bool:
    """Say whether both raise the same error, and its text agrees as far as it matters."""
    ours, upstream = outcomes(moment)
    texts = text_of(moment.ours.outcome), text_of(moment.upstream.outcome)
    matching = all(
        [found.group() for found in message.finditer(texts[0])]
        == [found.group() for found in message.finditer(texts[1])]
        for message in MESSAGES_THAT_MATTER
    )
    return error_of(ours) is not None and ours == upstream and matching


def is_over_the_limit(moment: Moment) -> bool:
    """Say whether ours refused what arrived whole, but takes up more than the limit allows."""
    if error_of(moment.ours.outcome) != ("RemoteProtocolError", 431):
        return False
    if moment.history and "SEND_BODY" in moment.history[-1].states:
        line = moment.unread.removeprefix(b"\r\n")[: moment.limit]
        if b"\r\n" not in line:
            return True
    return not re.search(rb"\n\r?\n", moment.unread[: moment.limit])


def is_start_of_chunk(moment: Moment) -> bool:
    """Say whether all that upstream lacks is the mark on the first piece of a chunk."""
    ours, upstream = moment.ours.outcome, moment.upstream.outcome
    before = [seen.outcome for seen in moment.history if isinstance(seen.outcome, dict)]
    return (
        isinstance(ours, dict)
        and ours.get("chunk_start") is True
        and ours | {"chunk_start": False} == upstream
        and before[-1].get("chunk_end", True)
    )


def refused(field: str, grammar: re.Pattern[bytes]) -> Callable[[Moment], bool]:
    """Return a test of whether ours refused a field of an event that violates the grammar."""

    def explains(moment: Moment) -> bool:
        if error_of(moment.ours.outcome) != ("LocalProtocolError", 400):
            return False
        value = moment.step.event.fields.get(field) if moment.step.event else None
        octets = value.encode() if isinstance(value, str) else value
        if not isinstance(octets, bytes | bytearray | memoryview):
            return False
        return not grammar.fullmatch(octets)

    return explains


def has_numbers_for_octets(moment: Moment) -> bool:
    """Say whether ours refused a sequence of numbers in the place of text."""
    event = moment.step.event
    if event is None or error_of(moment.ours.outcome) != ("TypeError", None):
        return False
    fields = dict(event.fields)
    headers = fields.pop("headers", ())
    pairs = headers if isinstance(headers, list) else []
    texts = [text for pair in pairs if isinstance(pair, tuple) for text in pair]
    return any(isinstance(value, list | tuple) for value in [*fields.values(), *texts])


def is_refused_out_of_turn(moment: Moment) -> bool:
    """Say whether upstream failed while it put together the text of a protocol error."""
    ours, upstream = error_of(moment.ours.outcome), error_of(moment.upstream.outcome)
    text = text_of(moment.upstream.outcome)
    return (
        ours in {("LocalProtocolError", 400), ("RemoteProtocolError", 400)}
        and upstream == ("AttributeError", None)
        and text == "'tuple' object has no attribute '__name__'"
    )


def lacks_host_in_a_later_version(moment: Moment) -> bool:
    """Say whether ours missed the Host of a request in a version after HTTP/1.1."""
    version = re.match(rb"[^\r\n]* HTTP/([0-9]\.[0-9])\r?\n", moment.unread)
    return (
        error_of(moment.ours.outcome) == ("RemoteProtocolError", 400)
        and text_of(moment.ours.outcome).startswith("Missing mandatory Host")
        and version is not None
        and version[1] > b"1.1"
    )


def has_control_in_chunk_extension(moment: Moment) -> bool:
    """Say whether ours refused a chunk extension with a control octet in it."""
    line = re.match(rb"(?:\r\n)?[0-9A-Fa-f]+[ \t]*;(.*?)\r\n", moment.unread, re.DOTALL)
    return (
        error_of(moment.ours.outcome) == ("RemoteProtocolError", 400)
        and error_of(moment.upstream.outcome) is None
        and line is not None
        and re.search(rb"[\x00-\x08\x0a-\x1f\x7f]", line[1]) is not None
    )


def their_state(moment: Moment) -> str:
    """Return the state of the peer, as ours sees it."""
    return moment.ours.states[0 if moment.conversation.role == "SERVER" else 1]


def is_unread_after_a_fault(moment: Moment) -> bool:
    """Say whether the peer was at fault, so that nothing more will be read."""
    return "trailing_data" in moment.differing and their_state(moment) == "ERROR"


def is_half_a_line_end(moment: Moment) -> bool:
    """Say whether upstream has taken the first octet of a line end that ours waited for."""
    ours, upstream = moment.ours.trailing_data[0], moment.upstream.trailing_data[0]
    return their_state(moment) == "SEND_BODY" and ours == b"\r" + upstream


def follows_a_refused_head(moment: Moment) -> bool:
    """Say whether the program had tried to send a request or a response out of turn."""
    steps = moment.conversation.steps
    return any(
        error_of(seen.outcome) in {("LocalProtocolError", 400), ("AttributeError", None)}
        and event.kind in ("Request", "Response")
        for seen in moment.history
        if (event := steps[seen.step].event) and steps[seen.step].action != "construct"
    )


def has_two_framing_faults(moment: Moment) -> bool:
    """Say whether both refuse a head, one for its Content-Length, one for its Transfer-Encoding."""
    errors = {error_of(moment.ours.outcome), error_of(moment.upstream.outcome)}
    names = (b"content-length:", b"transfer-encoding:")
    return errors == {("RemoteProtocolError", 400), ("RemoteProtocolError", 501)} and all(
        name in moment.unread.lower() for name in names
    )


def is_folded_otherwise(moment: Moment) -> bool:
    """Say whether only the blanks differ that stand where a field line was folded."""
    return (
        re.search(rb"[ \t]\r?\n[ \t]", moment.unread) is not None
        and moment.ours.outcome != moment.upstream.outcome
        and with_single_blanks(moment.ours.outcome) == with_single_blanks(moment.upstream.outcome)
    )


def with_single_blanks(value: object) -> object:
    """Return the value with each run of blanks in its octets as one space."""
    if isinstance(value, dict):
        return {name: with_single_blanks(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [with_single_blanks(part) for part in value]
    return re.sub(rb"[ \t]+", b" ", value) if isinstance(value, bytes) else value


def is_in_fewer_pieces(moment: Moment) -> bool:
    """Say whether a list of octets is the same but for where it is cut."""
    ours, upstream = moment.ours.outcome, moment.upstream.outcome
    return (
        isinstance(ours, list)
        and isinstance(upstream, list)
        and all(isinstance(piece, bytes) for piece in ours + upstream)
        and b"".join(ours) == b"".join(upstream)
    )


def probed(*probes: Probe, upstream_raises: str | None = None) -> Callable[[Moment], bool]:
    """Return a test of whether ours answered one of these probes, on which upstream may fail."""

    def explains(moment: Moment) -> bool:
        failed = error_of(moment.upstream.outcome)
        return (
            moment.step.probe in probes
            and error_of(moment.ours.outcome) is None
            and failed == (None if upstream_raises is None else (upstream_raises, None))
        )

    return explains


def is_another_repr(moment: Moment) -> bool:
    """Say whether the repr of an event that has fields was asked for."""
    return probed("repr")(moment) and moment.ours.outcome != "ConnectionClosed()"


def is_unhashable(moment: Moment) -> bool:
    """Say whether ours refused to hash the one event that upstream can hash."""
    event = moment.step.event
    return (
        moment.step.probe == "hash"
        and event is not None
        and event.kind == "ConnectionClosed"
        and error_of(moment.ours.outcome) == ("TypeError", None)
    )


def is_final(moment: Moment) -> bool:
    """Say whether ours refused a derived class of events."""
    refused_with = error_of(moment.ours.outcome)
    return moment.step.probe == "subclass" and refused_with == ("TypeError", None)


def lists_more_names(moment: Moment) -> bool:
    """Say whether ours lists the three names that upstream has, but left out of its list."""
    ours, upstream = moment.ours.outcome, moment.upstream.outcome
    return (
        probed("public names")(moment)
        and isinstance(ours, list)
        and isinstance(upstream, list)
        and ours == sorted([*upstream, "MIGHT_SWITCH_PROTOCOL", "PRODUCT_ID", "__version__"])
    )
