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
    re.compile(r"peer closed connection without sending complete message body.*"),
)
"""Texts of errors that the tests of dependents assert."""


FRAMING = (b"content-length", b"transfer-encoding")
"""The fields that frame a body."""

ADDED_NAMES = (
    *("MIGHT_SWITCH_PROTOCOL", "PRODUCT_ID", "__version__"),
    *("AnyEvent", "ErrorCode", "Headers", "Limits", "Role", "State", "Tolerance"),
)
"""The names that upstream does not list; those in the second line are of ours alone."""


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


def their_state(moment: Moment) -> str:
    """Return the state of the peer, as ours sees it."""
    return moment.ours.states[0 if moment.conversation.role == "SERVER" else 1]


def kind_of(outcome: object) -> object:
    """Return the class of the event that an outcome is, if it is any."""
    return outcome.get("event") if isinstance(outcome, dict) else None


def fields_in(unread: bytes, name: bytes) -> list[bytes]:
    """Return the values of a field in the lines of octets that were not read yet."""
    return re.findall(rb"(?im)^%b:[ \t]*([^\r\n]*)" % name, unread)


def without_fields(outcome: object, is_left_out: Callable[[bytes], bool]) -> object:
    """Return an event without the fields whose name in lower case a function picks out."""
    if not isinstance(outcome, dict) or "headers" not in outcome:
        return outcome
    return outcome | {
        "headers": {
            form: [pair for pair in pairs if not is_left_out(pair[0].lower())]
            for form, pairs in outcome["headers"].items()
        }
    }


def is_another_text(moment: Moment) -> bool:
    """Say whether both raise the same error, and ours says what matters in upstream's text."""
    ours, upstream = outcomes(moment)
    text = text_of(moment.upstream.outcome)
    matter = [found[0] for message in MESSAGES_THAT_MATTER for found in message.finditer(text)]
    says_the_same = all(part in text_of(moment.ours.outcome) for part in matter)
    return error_of(ours) is not None and ours == upstream and says_the_same


def complains(
    *codes: str,
    by: str = "Remote",
    role: str | None = None,
    excerpt: bytes = b".*",
    text: str = "",
) -> Callable[[Moment], bool]:
    """Return a test of whether ours refused something, for a reason that it tells.

    Args:
        codes: One of these is the code of the error.
        by: Who is at fault.
        role: Our role; None for either.
        excerpt: A pattern for the octets at fault.
        text: A pattern for a part of the text.
    """
    shown = re.compile(excerpt, re.DOTALL)

    def explains(moment: Moment) -> bool:
        error, blame = error_of(moment.ours.outcome), moment.ours.blame
        return (
            error is not None
            and blame is not None
            and blame.code in codes
            and re.fullmatch(f"{by}ProtocolError", error[0]) is not None
            and role in (None, moment.conversation.role)
            and shown.fullmatch(blame.excerpt) is not None
            and re.search(text, text_of(moment.ours.outcome)) is not None
        )

    return explains


def has_another_hint(
    *codes: str, hint: int, upstream_hints: set[int], by: str = "Remote", text: str = ""
) -> Callable[[Moment], bool]:
    """Return a test of whether both refused the same, and only the status hints differ.

    Args:
        codes: One of these is the code of our error.
        hint: The hint of our error.
        upstream_hints: One of these is the hint of upstream's.
        by: Who is at fault.
        text: A pattern for the beginning of our text.
    """
    is_refused = complains(*codes, by=by, text=f"^{text}")

    def explains(moment: Moment) -> bool:
        ours, upstream = error_of(moment.ours.outcome), error_of(moment.upstream.outcome)
        return (
            is_refused(moment)
            and ours is not None
            and upstream is not None
            and ours[0] == upstream[0]
            and ours[1] == hint
            and upstream[1] in upstream_hints
        )

    return explains


def refused(field: str, grammar: re.Pattern[bytes], code: str) -> Callable[[Moment], bool]:
    """Return a test of whether ours refused a field of an event that violates the grammar."""
    is_refused = complains(code, by="Local")

    def explains(moment: Moment) -> bool:
        if not is_refused(moment):
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


def is_no_dataclass(moment: Moment) -> bool:
    """Say whether ours refused to be taken for an instance of a dataclass."""
    refused_with = error_of(moment.ours.outcome)
    return moment.step.probe == "asdict" and refused_with == ("TypeError", None)


def has_another_pattern(moment: Moment) -> bool:
    """Say whether both have the same fields in a class pattern, in another order."""
    ours, upstream = moment.ours.outcome, moment.upstream.outcome
    return (
        probed("pattern")(moment)
        and isinstance(ours, list)
        and isinstance(upstream, list)
        and sorted(ours) == sorted(upstream)
    )


def lists_more_names(moment: Moment) -> bool:
    """Say whether ours lists what upstream has but does not list, and what only ours has."""
    ours, upstream = moment.ours.outcome, moment.upstream.outcome
    return (
        probed("public names")(moment)
        and isinstance(ours, list)
        and isinstance(upstream, list)
        and ours == sorted([*upstream, *ADDED_NAMES])
    )
