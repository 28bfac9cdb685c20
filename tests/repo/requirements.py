"""The map of the RFCs: requirements as data, the tests that serve each, and the page of both.

In: `docs/requirements.toml`, and the marks `rfc(*keys)` on the tests. Out: the same as objects, the
faults in them, and the text of `docs/requirements.md`, which `python -m tests.repo.requirements`
writes (RFC 9110 and RFC 9112).
"""

import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

from tests.environments import REPOSITORY
from tests.repo.marks import Mark, marks_in_tests

MAP: Final = REPOSITORY / "docs" / "requirements.toml"

PAGE: Final = REPOSITORY / "docs" / "requirements.md"

COMMAND: Final = "hatch run requirements"
"""What writes the page."""

STRENGTHS: Final = ("MUST", "MUST NOT", "SHOULD", "SHOULD NOT", "MAY")
"""The key words of BCP 14, each for those that it means the same as."""

ROLES: Final = {
    "application": "the duty falls on whoever builds on the library, which gives the means",
    "client": "a client, user agents among them",
    "proxy": "an intermediary of any kind",
    "recipient": "whoever receives a message",
    "sender": "whoever sends a message",
    "server": "a server, origin servers among them",
}
"""Whom a requirement binds, in the words of RFC 9110 section 3, and what each word stands for."""

_KEY: Final = re.compile(r"(9110|9112)/([1-9][0-9]*(?:\.[1-9][0-9]*)*)/[a-z0-9]+(?:-[a-z0-9]+)*")
"""RFC, section, slug."""

_INTRODUCTION: Final = f"""\
<!-- Written by `{COMMAND}` from docs/requirements.toml and the marks of the tests. -->

# What the RFCs require, and where it is tested

Each row is one requirement of [RFC 9110](https://www.rfc-editor.org/rfc/rfc9110.html) or [RFC
9112](https://www.rfc-editor.org/rfc/rfc9112.html) in our own words; the RFC has the last word. A
test says which requirements it shows by `@pytest.mark.rfc("<RFC>/<section>/<name>")`.

"""


@dataclass(frozen=True, kw_only=True)
class Requirement:
    """One requirement of an RFC, and what the library does about it."""

    key: str
    """RFC, section and a short name, with slashes between them."""

    strength: str
    """One of `STRENGTHS`."""

    roles: tuple[str, ...]
    """Whom it binds: some of `ROLES`."""

    requirement: str
    """What is required, in our own words."""

    ours: str
    """What the library does, or gives to whoever builds on it."""

    @property
    def rfc(self) -> str:
        """Return the number of the RFC."""
        return self.key.split("/")[0]

    @property
    def section(self) -> str:
        """Return the number of the section."""
        return self.key.split("/")[1]

    @property
    def name(self) -> str:
        """Return the part of the key that names it within its section."""
        return self.key.split("/")[2]

    @property
    def place(self) -> tuple[int, ...]:
        """Return what sorts requirements as their RFCs have them."""
        return (int(self.rfc), *(int(part) for part in self.section.split(".")))


def read_map(text: str) -> list[Requirement]:
    """Return the requirements of a map, in its order.

    Args:
        text: The map, in TOML.

    Raises:
        ValueError: If it has anything but requirements, or one has not just the five fields of the
            right types.
    """
    tables = tomllib.loads(text)
    if set(tables) != {"requirement"}:
        raise ValueError(f"a map has tables named requirement, not {sorted(tables)}")
    return [_requirement_of(table) for table in tables["requirement"]]


def _requirement_of(table: dict[str, Any]) -> Requirement:
    """Return the requirement that one table of the map describes."""
    names = {field.name for field in fields(Requirement)}
    if set(table) != names:
        raise ValueError(f"{table.get('key')}: fields are {sorted(table)}, not {sorted(names)}")
    roles = table["roles"]
    texts = [table[name] for name in sorted(names - {"roles"})]
    if not isinstance(roles, list) or not all(isinstance(text, str) for text in [*roles, *texts]):
        raise ValueError(f"{table['key']}: roles is a list of strings, any other field a string")
    return Requirement(**table | {"roles": tuple(roles)})


def faults_of_map(requirements: Iterable[Requirement]) -> list[str]:
    """Return what is wrong with a map: its keys, their order, and the closed sets."""
    requirements = list(requirements)
    faults = []
    for key, times in Counter(one.key for one in requirements).items():
        if not _KEY.fullmatch(key):
            faults.append(f"{key} is no key: RFC/section/lower-case-words")
        if times > 1:
            faults.append(f"{key} is there {times} times")
    for one in requirements:
        if one.strength not in STRENGTHS:
            faults.append(f"{one.key}: {one.strength} is no strength")
        faults += [f"{one.key}: {role} is no role" for role in one.roles if role not in ROLES]
        if not set(one.roles) - {"application"}:
            faults.append(f"{one.key} binds nobody whom the RFC knows")
        faults += [
            f"{one.key}: {name} is empty"
            for name in ("requirement", "ours")
            if not getattr(one, name).strip()
        ]
    return faults


def faults_of_marks(requirements: Iterable[Requirement], marks: Iterable[Mark]) -> list[str]:
    """Return what does not fit between a map and the marks: either has what the other has not."""
    marks = list(marks)
    keys = [one.key for one in requirements]
    marked = {key for mark in marks for key in mark.keys}
    faults = [f"{key} has no test" for key in keys if key not in marked]
    for mark in marks:
        faults += [f"{mark.test}: {key} is not on the map" for key in mark.keys if key not in keys]
    return faults


def render(requirements: Sequence[Requirement], marks: Iterable[Mark]) -> str:
    """Return the page: for each section a table of its requirements.

    Args:
        requirements: The map.
        marks: The marks of the tests, in the order in which they are to be listed.

    Returns:
        The text of the page, in Markdown.
    """
    tests: defaultdict[str, list[str]] = defaultdict(list)
    for mark in marks:
        for key in mark.keys:
            tests[key].append(f"[{mark.name}](../{mark.path})")
    lines = [*_summary(requirements), "", "The roles:", ""]
    lines += [f"- {role}: {meaning}" for role, meaning in ROLES.items()]
    above: tuple[int, ...] = ()
    for one in sorted(requirements, key=lambda one: one.place):
        if one.place != above:
            lines += _headings(one, new_rfc=one.place[:1] != above[:1])
            above = one.place
        cells = [one.name, one.strength, ", ".join(one.roles), one.requirement, one.ours]
        lines.append(_row([*map(_cell, cells), "<br>".join(tests[one.key])]))
    return _INTRODUCTION + "\n".join(lines) + "\n"


def _summary(requirements: Iterable[Requirement]) -> Iterator[str]:
    """Yield a table of how many requirements there are, by RFC and strength."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for one in requirements:
        counts[one.rfc][one.strength] += 1
    yield _row(["RFC", *STRENGTHS, "all"])
    yield _row(["---"] * (len(STRENGTHS) + 2))
    for rfc, by_strength in sorted(counts.items()):
        numbers = [str(by_strength[strength]) for strength in STRENGTHS]
        yield _row([rfc, *numbers, str(by_strength.total())])


def _headings(one: Requirement, *, new_rfc: bool) -> Iterator[str]:
    """Yield what stands above the first requirement of a section."""
    if new_rfc:
        yield from ("", f"## RFC {one.rfc}")
    link = f"https://www.rfc-editor.org/rfc/rfc{one.rfc}.html#section-{one.section}"
    yield from ("", f"### [RFC {one.rfc}, section {one.section}]({link})", "")
    yield _row(["name", "strength", "roles", "requirement", "what the library does", "tests"])
    yield _row(["---"] * 6)


def _row(cells: Iterable[str]) -> str:
    """Return one line of a table."""
    return f"| {' | '.join(cells)} |"


def _cell(text: str) -> str:
    """Return a text on one line, such that it stays within its cell."""
    return " ".join(text.split()).replace("|", "\\|")


def current_page() -> str:
    """Return the page that belongs to the map and the tests as they are."""
    return render(read_map(MAP.read_text(encoding="utf-8")), marks_in_tests(REPOSITORY))


def main(page: Path = PAGE) -> None:
    """Write the page.

    Args:
        page: Where to.
    """
    page.write_text(current_page(), encoding="utf-8")


if __name__ == "__main__":
    main()
