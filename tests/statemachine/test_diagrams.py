"""The diagrams show the tables: each state and each move once, and not a word of anything else.

In: the DOT text, and what `dot` of Graphviz makes of it. Out: its nodes, arcs and words, to be
compared with the tables.
"""

import os
import re
import runpy
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from h11_statemachine import (
    CLIENT,
    CLOSED,
    DONE,
    JOINT_RULES,
    MUST_CLOSE,
    REACTIONS,
    SERVER,
    TRANSITIONS,
    JointRule,
    Role,
    Switch,
    Trigger,
    _diagrams,
)
from h11_statemachine._diagrams import DIAGRAMS, joint_diagram, machine_diagram

NODE: Final = re.compile(r"^  (\w+) \[(.*)\];$", re.MULTILINE)
ARC: Final = re.compile(r"^  (\w+) -> (\w+) \[(.*)\];$", re.MULTILINE)
ATTRIBUTE: Final = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')

each_role = pytest.mark.parametrize("role", [CLIENT, SERVER], ids=str)
each_diagram = pytest.mark.parametrize("name", DIAGRAMS)


class Move(NamedTuple):
    """A move of a machine, as a reader of a diagram sees it."""

    before: str
    after: str
    kind: str
    label: str


def name_of(trigger: Trigger) -> str:
    """Return what a trigger is called in the tables."""
    return trigger.value if isinstance(trigger, Switch) else trigger.__name__


def own_moves(role: Role) -> Iterator[Move]:
    """Yield what the table of a role says."""
    for before, moves in TRANSITIONS[role].items():
        for trigger, after in moves.items():
            yield Move(f"{role}_{before}", f"{role}_{after}", "event", name_of(trigger))


def reactions() -> Iterator[Move]:
    """Yield what the table of reactions says."""
    for trigger, moves in REACTIONS.items():
        for before, after in moves.items():
            label = f"CLIENT: {name_of(trigger)}"
            yield Move(f"SERVER_{before}", f"SERVER_{after}", "reaction", label)


def ruled_moves(role: Role) -> Iterator[Move]:
    """Yield what the joint rules say about a role, each with its place and its conditions."""
    for place, rule in enumerate(JOINT_RULES, start=1):
        if rule.role is role:
            conditions = [
                *([f"peer={rule.peer}"] if rule.peer is not None else []),
                *([f"keep_alive={rule.keep_alive}"] if rule.keep_alive is not None else []),
                *(
                    [f"switch_proposed={rule.switch_proposed}"]
                    if rule.switch_proposed is not None
                    else []
                ),
            ]
            label = f"{place}. {', '.join(conditions)}"
            yield Move(f"{role}_{rule.before}", f"{role}_{rule.after}", "rule", label)


def moves_of(diagram: str) -> Counter[Move]:
    """Return the moves that a diagram shows; an arc has a line of text for each."""
    found: Counter[Move] = Counter()
    for arc in ARC.finditer(diagram):
        attributes = dict(ATTRIBUTE.findall(arc[3]))
        for line in attributes["label"].removesuffix(r"\l").split(r"\l"):
            found[Move(arc[1], arc[2], attributes["class"], line.strip())] += 1
    return found


def nodes_of(diagram: str) -> dict[str, dict[str, str]]:
    """Return the nodes of a diagram with their attributes."""
    nodes = [(name, dict(ATTRIBUTE.findall(rest))) for name, rest in NODE.findall(diagram)]
    assert len(dict(nodes)) == len(nodes), "a node is there twice"
    return dict(nodes)


@each_role
def test_a_machine_has_every_state_once(role: Role) -> None:
    """Each row of the table is a node, and nothing else is."""
    nodes = nodes_of(machine_diagram(role))
    assert list(nodes) == [f"{role}_{state}" for state in TRANSITIONS[role]]
    assert [node["label"] for node in nodes.values()] == [str(state) for state in TRANSITIONS[role]]


@each_role
def test_a_machine_has_every_move_once(role: Role) -> None:
    """Each entry of each table that moves the role is a line at an arc, and nothing else is."""
    expected = [*own_moves(role), *ruled_moves(role), *(reactions() if role is SERVER else [])]
    assert len(expected) > 10
    assert moves_of(machine_diagram(role)) == Counter(expected)


def test_the_joint_diagram_has_what_no_role_does_alone() -> None:
    """Each reaction and each rule is there once, with the states that they lead from and to."""
    expected = [*ruled_moves(CLIENT), *ruled_moves(SERVER), *reactions()]
    assert len(expected) == len(JOINT_RULES) + sum(map(len, REACTIONS.values()))
    diagram = joint_diagram()
    assert moves_of(diagram) == Counter(expected)
    ends = {end for move in expected for end in (move.before, move.after)}
    assert set(nodes_of(diagram)) == ends


def test_the_joint_diagram_keeps_the_roles_apart() -> None:
    """Each role has a frame of its own, with its name on it and its states in it."""
    frames = joint_diagram().split("subgraph cluster_")[1:]
    assert [frame.split(" ")[0] for frame in frames] == ["CLIENT", "SERVER"]
    for frame in frames:
        role = frame.split(" ")[0]
        assert f'label="{role}"' in frame
        assert {name.startswith(f"{role}_") for name in nodes_of(frame)} == {True}


@each_diagram
def test_a_state_can_be_linked_and_explained(name: str) -> None:
    """A node has an identity of its own, a link made of its name, and the state's docstring."""
    docstrings = {str(state): state.__doc__ for state in TRANSITIONS[CLIENT]}
    nodes = nodes_of(DIAGRAMS[name]())
    for node, attributes in nodes.items():
        role, _, state = node.partition("_")
        assert attributes["id"] == f"{name}-{role}-{state}"
        assert attributes["URL"] == f"#{state}"
        assert attributes["tooltip"] == docstrings[state]
    linked = joint_diagram(link="reference#h11.") + machine_diagram(CLIENT, link="reference#h11.")
    assert linked.count('URL="reference#h11.DONE"') == 3


@each_role
def test_states_that_no_table_leads_to_are_pale(role: Role) -> None:
    """A reader sees which rows are not of this role; and IDLE, where it begins, stands out."""
    nodes = nodes_of(machine_diagram(role))
    reached = {move.after for move in [*own_moves(role), *ruled_moves(role)]}
    reached |= {move.after for move in reactions()} | {f"{role}_IDLE"}
    assert {name for name, node in nodes.items() if "style" not in node} == set(nodes) & reached
    assert [name for name, node in nodes.items() if "penwidth" in node] == [f"{role}_IDLE"]


@each_diagram
def test_a_diagram_has_no_other_statements(name: str) -> None:
    """Beside nodes, arcs and frames there is only how they look."""
    head, *lines, end = DIAGRAMS[name]().splitlines()
    assert (head, end) == (f"digraph {name} {{", "}")
    rest = [line for line in lines if not NODE.match(line) and not ARC.match(line)]
    looks = [line for line in rest if re.match(r"  (graph|node|edge) \[", line)]
    frames = [line for line in rest if re.match(r"  (subgraph|label=|\})", line)]
    assert looks + frames == rest
    assert len(frames) == (6 if name == "joint" else 0)


def test_what_a_table_gets_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """The text is made from the tables: another rule is another line, with all its conditions."""
    before = moves_of(joint_diagram())
    rule = JointRule(SERVER, DONE, MUST_CLOSE, peer=CLOSED, keep_alive=True, switch_proposed=False)
    monkeypatch.setattr(_diagrams, "JOINT_RULES", (*JOINT_RULES, rule))
    label = "12. peer=CLOSED, keep_alive=True, switch_proposed=False"
    added = Counter([Move("SERVER_DONE", "SERVER_MUST_CLOSE", "rule", label)])
    assert moves_of(joint_diagram()) - before == added
    assert added <= moves_of(machine_diagram(SERVER))
    assert not added <= moves_of(machine_diagram(CLIENT))


def test_text_with_quotes_stays_in_its_string(monkeypatch: pytest.MonkeyPatch) -> None:
    """What DOT would take for the end of a string is escaped."""
    monkeypatch.setattr(DONE, "__doc__", 'As "done"\\ as\nit gets.')
    assert nodes_of(joint_diagram())["CLIENT_DONE"]["tooltip"] == r"As \"done\"\\ as\lit gets."


def words_of_the_tables() -> set[str]:
    """Return all words in the tables: roles, states, triggers, and the names of conditions."""
    names = [str(role) for role in TRANSITIONS]
    for table in TRANSITIONS.values():
        names += [str(state) for state in table]
        names += [name_of(trigger) for moves in table.values() for trigger in moves]
    names += [*JointRule._fields, str(True), str(False)]
    names += [str(place) for place in range(1, len(JOINT_RULES) + 1)]
    return {word for name in names for word in name.split()}


@each_diagram
def test_graphviz_draws_it(name: str, tmp_path: Path) -> None:
    """`dot` takes the text, and writes an image with each state in it and no foreign word."""
    dot = shutil.which("dot")
    if dot is None:
        pytest.skip("DIAGRAMS NOT DRAWN: Graphviz is missing; apt-get install graphviz")
    source = tmp_path / f"{name}.dot"
    source.write_text(DIAGRAMS[name](), encoding="utf-8")
    drawn = subprocess.run(
        [dot, "-Tsvg", str(source)], capture_output=True, check=True, timeout=60, text=True
    )
    assert drawn.stderr == ""
    svg = ET.fromstring(drawn.stdout)
    texts = [element.text or "" for element in svg.iter("{http://www.w3.org/2000/svg}text")]
    states = [node["label"] for node in nodes_of(DIAGRAMS[name]()).values()]
    assert Counter(states) <= Counter(texts)
    words = {word for text in texts for word in re.findall(r"\w+", text)}
    assert words <= words_of_the_tables()
    ids = [element.get("id") for element in svg.iter() if element.get("id")]
    assert len(set(ids)) == len(ids)


def run(*arguments: str, seed: str = "0") -> "subprocess.CompletedProcess[str]":
    """Run the command as its users do."""
    return subprocess.run(
        [sys.executable, "-m", "h11_statemachine", *arguments],
        capture_output=True,
        check=False,
        env=os.environ | {"PYTHONHASHSEED": seed},
        text=True,
        timeout=60,
    )


@each_diagram
def test_the_command_prints_the_same_text_every_time(name: str) -> None:
    """The order is that of the tables, whatever the hashes; nothing else is printed."""
    results = [run(name, seed=seed) for seed in ("1", "2")]
    assert {result.stdout for result in results} == {DIAGRAMS[name]()}
    assert [(result.returncode, result.stderr) for result in results] == [(0, "")] * 2


@pytest.mark.parametrize(
    "arguments", [[], ["both"], ["CLIENT"], ["client", "server"], ["--dot", "client"]], ids=" ".join
)
def test_wrong_use_is_told(arguments: list[str]) -> None:
    """The exit code is 2, and the usage names the three diagrams."""
    result = run(*arguments)
    assert result.returncode == 2
    assert result.stdout == ""
    usage = "usage: python -m h11_statemachine [-h] {client,server,joint}"
    assert result.stderr.startswith(usage)


@pytest.mark.parametrize(
    ("name", "is_run"), [("__main__", True), ("h11_statemachine.__main__", False)]
)
def test_the_command_runs_only_as_a_program(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, is_run: bool
) -> None:
    """Whoever imports all modules of a package, as some tools do, prints nothing."""
    monkeypatch.setattr(sys, "argv", ["h11_statemachine", "client"])
    runpy.run_module("h11_statemachine.__main__", run_name=name)
    assert capsys.readouterr().out == (DIAGRAMS["client"]() if is_run else "")


def test_diagrams_cost_nothing_unless_they_are_drawn() -> None:
    """The package does not import what draws them."""
    program = "import sys, h11_statemachine; print(*sys.modules)"
    completed = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, text=True, timeout=60
    )
    modules = completed.stdout.split()
    assert "h11_statemachine._transitions" in modules
    assert not {"h11_statemachine._diagrams", "h11_statemachine.__main__", "argparse"} & {*modules}
