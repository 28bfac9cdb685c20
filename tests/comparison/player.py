"""Plays conversations on the `h11` of its environment.

In: one conversation a line on standard input. Out: for each, one line with its observations on
standard output. Run as `python -m tests.comparison.player`; it ends with its input.
"""

import copy
import faulthandler
import operator
import pickle
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from functools import reduce
from typing import Any

import h11
from tests.comparison.conversation import (
    Blame,
    Conversation,
    Make,
    Observation,
    Placeholder,
    Step,
    read_conversation,
    write_line,
)

SECONDS_FOR_ONE_CONVERSATION = 30
"""After these the player prints where it hangs, and exits."""

FIELDS = {
    "Request": ("method", "target", "headers", "http_version"),
    "InformationalResponse": ("status_code", "headers", "http_version", "reason"),
    "Response": ("status_code", "headers", "http_version", "reason"),
    "Data": ("data", "chunk_start", "chunk_end"),
    "EndOfMessage": ("headers",),
    "ConnectionClosed": (),
}
"""The fields of each class of events that the reference documents."""

HEADERS = type(h11.EndOfMessage().headers)
"""The class of headers, which has no public name."""


class MeaninglessStepError(Exception):
    """A step lacks the event that its action is about, which is our fault and no observation."""


def make(call: Make) -> Any:
    """Call the constructor of an event."""
    return getattr(h11, call.kind)(*call.positional, **call.fields)


def show(value: object) -> object:
    """Return a value in terms that two implementations can be compared by."""
    kind = type(value).__name__
    if kind in FIELDS:
        return {"event": kind} | {name: show(getattr(value, name)) for name in FIELDS[kind]}
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value)
    if isinstance(value, HEADERS):
        return {"items": [tuple(pair) for pair in value], "raw": list(value.raw_items())}
    if isinstance(value, list | tuple):
        return [show(item) for item in value]
    if value is None or isinstance(value, int | str | Placeholder):
        return value
    return repr(value)


def show_error(error: Exception) -> dict[str, object]:
    """Return what a program can learn from an exception."""
    return {
        "error": type(error).__name__,
        "hint": getattr(error, "error_status_hint", None),
        "text": without_addresses(str(error)),
    }


def blame_of(error: Exception) -> Blame | None:
    """Return what only our errors tell."""
    code = getattr(error, "code", None)
    return None if code is None else Blame(code.name, error.excerpt)  # type: ignore[attr-defined]  # those with a code have it


def without_addresses(text: str) -> str:
    """Return the text without what differs from one process to the next."""
    return re.sub(r"at 0x[0-9a-f]+", "at 0x", text)


def probe_subclass(event: object) -> str:
    """Derive a class from the event's class."""
    return type("Derived", (type(event),), {}).__name__


def probe_rebuild(event: object) -> list[object]:
    """Make an event anew of what the event shows, with its headers themselves and their pairs."""
    kind = type(event)
    fields = {name: getattr(event, name) for name in FIELDS[kind.__name__]}
    pairs = {"headers": iter(fields["headers"])} if "headers" in fields else {}
    again, iterated = kind(**fields), kind(**fields | pairs)
    return [show(again), show(iterated), again == event, iterated == event, event != object()]


PROBES: dict[str, Callable[[Any], object]] = {
    "repr": lambda event: without_addresses(repr(event)),
    "hash": lambda event: isinstance(hash(event), int),
    "rebuild": probe_rebuild,
    "slice": lambda event: list(event.headers[:1]),
    "subclass": probe_subclass,
    "copy": copy.deepcopy,
    "pickle": lambda event: pickle.loads(pickle.dumps(event)),
    "asdict": lambda event: sorted(asdict(event)),
    "pattern": lambda event: list(event.__match_args__),
    "public names": lambda _: sorted(h11.__all__),
}


def perform(connection: h11.Connection, step: Step) -> object:
    """Make the one call of a step and return what it gives."""
    match step.action:
        case "receive":
            # The reference allows None for the end of the stream, the type b"" alone.
            given: Any = step.data
            connection.receive_data(given)
            return None
        case "cycle":
            connection.start_next_cycle()
            return None
        case "send failed":
            connection.send_failed()
            return None
        case "send":
            return connection.send(make_of(step))
        case "send pieces":
            return connection.send_with_data_passthrough(make_of(step))
        case "construct":
            return make_of(step)
        case "probe":
            return PROBES[step.probe or ""](make_of(step))
    return connection.next_event()


def make_of(step: Step) -> Any:
    """Construct the event that the step carries."""
    if step.event is None:
        raise MeaninglessStepError(step)
    return make(step.event)


def ends_draining(outcome: object) -> bool:
    """Say whether there is nothing more to be had from `next_event` for now."""
    if isinstance(outcome, dict):
        return "error" in outcome or outcome["event"] == "ConnectionClosed"
    return True


def connect(conversation: Conversation) -> h11.Connection:
    """Return the connection that a conversation is about."""
    role = getattr(h11, conversation.role)
    limit, (tolerate, limits, incomplete) = conversation.limit, conversation.settings
    if incomplete or not hasattr(h11, "Tolerance"):
        # Upstream cannot be told what it does anyway.
        return h11.Connection(role, *([] if limit is None else [limit]))
    start = h11.Tolerance.REQUESTS if role is h11.SERVER else h11.Tolerance.RESPONSES
    added = [h11.Tolerance[name] for name in tolerate]
    sizes = {} if limit is None else {"head_size": limit, "trailer_size": limit}
    return h11.Connection(
        role, tolerate=reduce(operator.or_, added, start), limits=h11.Limits(**sizes | dict(limits))
    )


def play(conversation: Conversation) -> Iterator[Observation]:
    """Yield what is observed after every call."""
    connection = connect(conversation)
    for number, step in enumerate(conversation.steps):
        while True:
            outcome: object
            blame = None
            try:
                outcome = show(perform(connection, step))
            except MeaninglessStepError:
                raise
            except Exception as error:  # noqa: BLE001  (whatever is raised is what we observe)
                outcome, blame = show_error(error), blame_of(error)
            yield observe(number, outcome, connection, blame)
            if step.action != "drain" or ends_draining(outcome):
                break


def observe(
    number: int, outcome: object, connection: h11.Connection, blame: Blame | None
) -> Observation:
    """Return the outcome of a call together with the attributes of the connection."""
    data, at_end = connection.trailing_data
    version = connection.their_http_version
    return Observation(
        number,
        outcome,
        (repr(connection.states[h11.CLIENT]), repr(connection.states[h11.SERVER])),
        None if version is None else bytes(version),
        connection.client_is_waiting_for_100_continue,
        connection.they_are_waiting_for_100_continue,
        (bytes(data), at_end),
        blame,
    )


def main() -> None:
    """Answer each line of standard input."""
    for line in sys.stdin:
        faulthandler.dump_traceback_later(SECONDS_FOR_ONE_CONVERSATION, exit=True)
        answer = write_line(list(play(read_conversation(line))))
        faulthandler.cancel_dump_traceback_later()
        sys.stdout.write(answer)
        sys.stdout.flush()


if __name__ == "__main__":
    main()
