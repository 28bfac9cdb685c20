"""Whole conversations: sensible ones for both roles, and ones in which something goes wrong.

In: nothing. Out: hypothesis strategies of conversations, of which each step is legal or nearly so.
"""

from hypothesis import strategies as st

from tests.comparison import calls, mistaken_calls, near_misses, wire
from tests.comparison.conversation import Conversation, Make, Probe, Settings, Step
from tests.comparison.differences import REMEDIES
from tests.comparison.wire import Wire

DRAIN = Step("drain")
CYCLE = Step("cycle")

LIMITS = st.sampled_from([None] * 17 + [40, 80, 160])
TIGHT_LIMITS = st.sampled_from([None, None, 25, 50, 80])


def sends(events: list[Make]) -> list[Step]:
    """Return the steps that send these events; a placeholder only goes through in pieces."""
    return [
        Step("send pieces" if has_placeholder(event) else "send", event=event) for event in events
    ]


def has_placeholder(event: Make) -> bool:
    """Say whether the data of the event is an object that only knows its length."""
    return hasattr(event.fields.get("data"), "length")


def switches(response: list[Make]) -> bool:
    """Say whether this response is the last thing said in HTTP."""
    return response[-1].kind != "EndOfMessage"


@st.composite
def arriving(draw: st.DrawFn, octets: bytes) -> list[Step]:
    """Return the steps in which octets arrive in pieces, and are asked for sooner or later."""
    is_eager = draw(st.booleans())
    steps: list[Step] = []
    for piece in draw(wire.cut(octets)):
        steps.append(Step("receive", piece))
        if is_eager:
            steps.append(DRAIN)
    return [*steps, DRAIN]


@st.composite
def received(draw: st.DrawFn, message: Wire) -> list[Step]:
    """Return the steps in which a message arrives, and the end of the stream if that ends it."""
    steps = draw(arriving(message.octets))
    return [*steps, Step("receive", b""), DRAIN] if message.must_end else steps


@st.composite
def overlapping(draw: st.DrawFn, first: list[Step], second: list[Step]) -> list[Step]:
    """Return both lists, each in its order: one after the other, or in turns."""
    if draw(st.sampled_from([True, True, False])):
        return first + second
    turns = draw(st.permutations([True] * len(first) + [False] * len(second)))
    ours, theirs = iter(first), iter(second)
    return [next(ours if turn else theirs) for turn in turns]


@st.composite
def farewell(draw: st.DrawFn) -> list[Step]:
    """Return how a connection ends: closed by one side or both, switched, or left alone."""
    close = Step("send", event=Make("ConnectionClosed", {}))
    end = Step("receive", draw(st.sampled_from([b"", None])))
    choices = [
        [],
        [DRAIN],
        [end, DRAIN, close],
        [close, end, DRAIN],
        [close],
        [CYCLE, close],
        [end, end, DRAIN],
    ]
    return draw(st.sampled_from(choices))


@st.composite
def server_conversations(draw: st.DrawFn) -> Conversation:
    """Return a conversation in which we answer requests, sometimes pipelined ones."""
    exchanges: list[tuple[Wire, list[Make]]] = []
    for request in draw(st.lists(wire.requests(), min_size=1, max_size=3)):
        response = draw(calls.responses(request.method, may_switch=request.may_switch))
        exchanges.append((request, response))
        if request.is_last:
            break
    steps: list[Step] = []
    if draw(st.sampled_from([False, False, True])):
        steps += draw(received(Wire(b"".join(request.octets for request, _ in exchanges))))
        if draw(st.booleans()):
            steps += [Step("receive", b"")]
        for _, response in exchanges:
            steps += [DRAIN, *sends(response), CYCLE]
    else:
        for request, response in exchanges:
            head, separator, body = request.octets.partition(b"\r\n\r\n")
            steps += draw(arriving(head + separator))
            steps += draw(overlapping(draw(arriving(body)), sends(response)))
            if switches(response):
                steps += draw(arriving(b"\x81\x00"))
                break
            steps.append(CYCLE)
    return Conversation("SERVER", tuple(steps + draw(farewell())), draw(LIMITS))


@st.composite
def client_conversations(draw: st.DrawFn) -> Conversation:
    """Return a conversation in which we ask, and a server answers."""
    steps: list[Step] = []
    for asked in draw(st.lists(calls.requests(), min_size=1, max_size=3)):
        answer = draw(wire.responses(asked.method, may_switch=asked.may_switch))
        question = sends(asked.events)
        steps += question[:1]
        steps += draw(overlapping(question[1:], draw(received(answer))))
        if answer.is_last or asked.method == b"CONNECT" or b" 101 " in answer.octets:
            break
        steps.append(CYCLE)
    return Conversation("CLIENT", tuple(steps + draw(farewell())), draw(LIMITS))


@st.composite
def with_mutated_octets(draw: st.DrawFn) -> Conversation:
    """Return a conversation in which some of the octets received are not as they were sent."""
    found = draw(server_conversations() | client_conversations())
    places = [at for at, step in enumerate(found.steps) if step.data]
    steps = list(found.steps)
    for at in draw(st.lists(st.sampled_from(places), max_size=2)):
        steps[at] = Step("receive", draw(near_misses.mutated(steps[at].data or b"")))
    return found._replace(steps=tuple(steps))


@st.composite
def with_mutated_steps(draw: st.DrawFn) -> Conversation:
    """Return a conversation in which steps are missing, come twice, too early, or unasked for."""
    found = draw(server_conversations() | client_conversations())
    steps = list(found.steps)
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(steps) - 1))
        match draw(st.sampled_from(["drop", "repeat", "swap", "rotate", "put in", "put in"])):
            case "drop" if len(steps) > 1:
                del steps[at]
            case "repeat":
                steps.insert(at, steps[at])
            case "rotate":
                steps = steps[at:] + steps[:at]
            case "swap":
                steps[at], steps[at - 1] = steps[at - 1], steps[at]
            case _:
                steps.insert(at, draw(single_steps()))
    return found._replace(steps=tuple(steps))


@st.composite
def single_steps(draw: st.DrawFn) -> Step:
    """Return a step out of any order."""
    events = calls.single() | mistaken_calls.calls() | st.just(Make("ConnectionClosed", {}))
    return draw(
        events.map(lambda event: Step("send", event=event))
        | events.map(lambda event: Step("send pieces", event=event))
        | wire.BODIES.map(lambda octets: Step("receive", octets))
        | st.sampled_from([CYCLE, DRAIN, Step("next"), Step("send failed")])
    )


@st.composite
def broken_requests(draw: st.DrawFn) -> Conversation:
    """Return a conversation in which a head or a body that may be wrong meets a server."""
    head = draw(near_misses.heads(near_misses.REQUEST_LINES))
    if draw(st.booleans()):
        start = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        head = start + draw(near_misses.chunked_bodies())
    answer = sends(draw(calls.responses()))
    steps = [*draw(received(Wire(head))), *answer, CYCLE, Step("receive", b""), DRAIN]
    return Conversation("SERVER", tuple(steps), draw(TIGHT_LIMITS))


@st.composite
def broken_responses(draw: st.DrawFn) -> Conversation:
    """Return a conversation in which a client gets an answer that may be wrong."""
    head = draw(near_misses.heads(near_misses.STATUS_LINES))
    if draw(st.booleans()):
        start = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        head = start + draw(near_misses.chunked_bodies())
    question = sends(draw(calls.requests()).events)
    steps = [*question, *draw(received(Wire(head))), Step("receive", b""), DRAIN, CYCLE]
    return Conversation("CLIENT", tuple(steps), draw(TIGHT_LIMITS))


@st.composite
def constructions(draw: st.DrawFn) -> Conversation:
    """Return constructor calls, right and wrong ones, with what else can be asked of an event."""
    steps = [
        Step("construct", event=call) for call in draw(st.lists(mistaken_calls.calls(), min_size=1))
    ]
    closed = st.just(Make("ConnectionClosed", {}))
    good = draw(st.lists(calls.single() | closed, max_size=3))
    probes: list[Probe] = ["repr", "hash", "rebuild", "slice", "subclass", "copy", "pickle"]
    probes += ["asdict", "pattern"]
    steps += [Step("probe", event=event, probe=draw(st.sampled_from(probes))) for event in good]
    return Conversation("CLIENT", tuple(steps))


def sensible() -> st.SearchStrategy[Conversation]:
    """Return the strategy of conversations that mostly go well."""
    return server_conversations() | client_conversations()


def told(conversation: Conversation, settings: Settings) -> Conversation:
    """Return the conversation in which our server is told to behave in some other way."""
    return (
        conversation._replace(settings=settings) if conversation.role == "SERVER" else conversation
    )


def broken() -> st.SearchStrategy[Conversation]:
    """Return the strategy of conversations in which one side makes mistakes."""
    found = broken_requests() | broken_responses() | with_mutated_octets() | with_mutated_steps()
    return st.builds(told, found, st.sampled_from([Settings(), REMEDIES]))
