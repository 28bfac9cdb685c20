"""The tables of the conversation as diagrams, in the language of Graphviz.

In: the tables. Out: DOT text of the client's machine, of the server's, and of what joins the two;
no state, no arc and no word in it that is not in the tables. Not imported by the package itself.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Final, NamedTuple

from h11_statemachine._joint_state import START
from h11_statemachine._states import CLIENT, SERVER, Role, State
from h11_statemachine._transitions import JOINT_RULES, REACTIONS, TRANSITIONS, Trigger


class Arc(NamedTuple):
    """A move of a role's machine."""

    role: Role
    before: State
    after: State
    label: str
    """What causes it."""

    kind: str
    """Which table it is from; one of `STYLES`."""


STYLES: Final = {
    "event": 'color="#0072B2", fontcolor="#0072B2"',
    "reaction": 'color="#00785A", fontcolor="#00785A", style=bold',
    "rule": 'color="#C04A00", fontcolor="#C04A00", style=dashed',
}
"""How the arcs of each table are drawn: blue, green and bold, orange and dashed."""

_ATTRIBUTES: Final = (
    'graph [bgcolor="white", fontname="Helvetica", fontsize=12]',
    'node [shape=box, style="rounded,filled", fillcolor="#F4F4F4", color="#444444"]',
    'node [fontname="Helvetica", fontsize=12]',
    'edge [fontname="Helvetica", fontsize=10, arrowsize=0.7]',
)


def event_arcs(role: Role) -> Iterator[Arc]:
    """Yield how a role moves by what it says itself."""
    for before, moves in TRANSITIONS[role].items():
        for trigger, after in moves.items():
            yield Arc(role, before, after, _name(trigger), "event")


def reaction_arcs(role: Role) -> Iterator[Arc]:
    """Yield how a role moves by what the other one says; only the server does."""
    if role is SERVER:
        for trigger, moves in REACTIONS.items():
            for before, after in moves.items():
                yield Arc(role, before, after, f"{CLIENT}: {_name(trigger)}", "reaction")


def rule_arcs(role: Role) -> Iterator[Arc]:
    """Yield how a role moves by the joint rules, each with its place in their order."""
    for place, rule in enumerate(JOINT_RULES, start=1):
        if rule.role is role:
            asked = {name: value for name, value in rule._asdict().items() if value is not None}
            for name in ("role", "before", "after"):
                del asked[name]
            conditions = ", ".join(f"{name}={value}" for name, value in asked.items())
            yield Arc(role, rule.before, rule.after, f"{place}. {conditions}", "rule")


def _name(trigger: Trigger) -> str:
    """Return what is written at an arc that a trigger causes."""
    return trigger.__name__ if isinstance(trigger, type) else trigger.value


def machine_diagram(role: Role, link: str = "#") -> str:
    """Return the diagram of one role's machine: all its states, and all its moves.

    Args:
        role: Whose machine.
        link: What the links of the states begin with; the name of the state follows.

    Returns:
        DOT text. States that the tables do not lead to are drawn pale.
    """
    name = str(role).lower()
    arcs = [*event_arcs(role), *reaction_arcs(role), *rule_arcs(role)]
    reached = {START.states[role], *(arc.after for arc in arcs)}
    nodes = [
        _node(name, role, state, link, is_pale=state not in reached) for state in TRANSITIONS[role]
    ]
    return _graph(name, [*nodes, *_edges(arcs)])


def joint_diagram(link: str = "#") -> str:
    """Return the diagram of what joins the machines: the moves that no role makes on its own.

    Args:
        link: What the links of the states begin with; the name of the state follows.

    Returns:
        DOT text with the states of each role between which there are such moves.
    """
    lines: list[str] = []
    for role in TRANSITIONS:
        arcs = [*reaction_arcs(role), *rule_arcs(role)]
        concerned = {state for arc in arcs for state in (arc.before, arc.after)}
        lines += [f"subgraph cluster_{role} {{", f'label="{role}"; color="#BBBBBB"; style=rounded;']
        lines += [
            _node("joint", role, state, link) for state in TRANSITIONS[role] if state in concerned
        ]
        lines += [*_edges(arcs), "}"]
    return _graph("joint", lines)


def _node(diagram: str, role: Role, state: State, link: str, *, is_pale: bool = False) -> str:
    """Return the statement that draws a state; the first state of a cycle has a thick border."""
    attributes = {
        "id": f"{diagram}-{role}-{state}",
        "class": "state",
        "label": str(state),
        "tooltip": state.__doc__ or "",
        "URL": f"{link}{state}",
    }
    if state is START.states[role]:
        attributes["penwidth"] = "2.5"
    if is_pale:
        attributes |= {"style": "rounded,dashed", "color": "#999999", "fontcolor": "#707070"}
    listed = ", ".join(f"{name}={_quoted(value)}" for name, value in attributes.items())
    return f"{role}_{state} [{listed}];"


def _edges(arcs: Iterable[Arc]) -> Iterator[str]:
    """Yield the statements that draw arcs; those of one kind between two states are one line."""
    labels: dict[tuple[str, str], list[str]] = {}
    for arc in arcs:
        ends = f"{arc.role}_{arc.before} -> {arc.role}_{arc.after}"
        labels.setdefault((ends, arc.kind), []).append(arc.label)
    for (ends, kind), lines in labels.items():
        label = _quoted("".join(f" {line} \n" for line in lines))
        yield f'{ends} [class="{kind}", label={label}, {STYLES[kind]}];'


def _graph(name: str, statements: Iterable[str]) -> str:
    """Return a graph of these statements."""
    lines = "".join(f"  {statement}\n" for statement in (*_ATTRIBUTES, *statements))
    return f"digraph {name} {{\n{lines}}}\n"


def _quoted(text: str) -> str:
    """Return text as a string of DOT, in which each line is set to the left."""
    return '"' + text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\l") + '"'


DIAGRAMS: Final[dict[str, Callable[[], str]]] = {
    "client": lambda: machine_diagram(CLIENT),
    "server": lambda: machine_diagram(SERVER),
    "joint": joint_diagram,
}
"""What draws each diagram, by its name."""
