"""Tests of what the READMEs and the pages of `docs/` say: their examples run, their links exist.

In: the README of the repository, those of the packages, and the pages. Out: every Python block of a
README run in a process of its own, those of a page in order in one, their output compared with the
comments beside it.
"""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.environments import REPOSITORY, clean_environment

PACKAGES = sorted(path.parent for path in REPOSITORY.glob("packages/*/pyproject.toml"))
READMES = [REPOSITORY / "README.md", *(package / "README.md" for package in PACKAGES)]
PAGES = sorted(REPOSITORY.glob("docs/**/*.md"))
DOCUMENTS = sorted({*READMES, *REPOSITORY.glob("*.md"), *PAGES})


class Example(NamedTuple):
    """A Python block of a README, or all those of a page, in their lines."""

    readme: Path
    line: int
    code: str

    @property
    def name(self) -> str:
        """Return where the block stands."""
        return f"{self.readme.relative_to(REPOSITORY)}:{self.line}"

    @property
    def promised_output(self) -> list[str]:
        """Return the lines that the block says it prints.

        They stand in comments: at the end of a line that prints, or on lines of their own.
        """
        return re.findall(r"^(?:.*\bprint\(.*  )?# (.+)$", self.code, re.MULTILINE)


def examples() -> list[Example]:
    """Return the Python blocks of all READMEs."""
    found = []
    for readme in READMES:
        text = readme.read_text(encoding="utf-8")
        for block in re.finditer(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
            line = text.count("\n", 0, block.start(1)) + 1
            found.append(Example(readme, line, block[1]))
    return found


def pages_with_code() -> list[Example]:
    """Return each page that has Python blocks as one program, with empty lines for its text."""
    found = []
    for page in PAGES:
        program = [""]
        inside = False
        for line in page.read_text(encoding="utf-8").splitlines():
            inside = line == "```python" or (inside and line != "```")
            program.append(line if inside and line != "```python" else "")
        if any(program):
            found.append(Example(page, 1, "\n".join(program[1:])))
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_python_in_a_page_is_found(page: Path) -> None:
    """There is no block under another name or indented, which would never be run."""
    for line in page.read_text(encoding="utf-8").splitlines():
        if re.match(r"\s*[`~]{3,} *(\{[\w-]+\} *)?(py|py3|i?python3?|pycon)( |$)", line):
            assert line == "```python"


@pytest.mark.parametrize("readme", READMES, ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_readme_has_an_example(readme: Path) -> None:
    """Every README shows how the thing is used."""
    assert readme in {example.readme for example in examples()}


@pytest.mark.parametrize(
    "example", [*examples(), *pages_with_code()], ids=lambda example: example.name
)
def test_example_runs_and_prints_what_it_promises(example: Example, tmp_path: Path) -> None:
    """A block, pasted into a file, runs without a warning and prints its comments."""
    program = tmp_path / "example.py"
    program.write_text(example.code, encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-W", "error", str(program)],
        cwd=tmp_path,
        env=clean_environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.splitlines() == example.promised_output
    assert example.promised_output, "an example that shows nothing teaches nothing"


@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: path.name)
def test_example_of_a_package_needs_only_what_the_package_declares(package: Path) -> None:
    """Whoever installs one package alone can run its example."""
    project = tomllib.loads((package / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {re.split(r"[^\w-]", requirement)[0] for requirement in project["dependencies"]}
    allowed = {name.replace("-", "_") for name in {project["name"], *declared}}
    for example in examples():
        if example.readme.parent == package:
            assert imported_roots(example.code) <= allowed | sys.stdlib_module_names, example.name


def imported_roots(code: str) -> set[str]:
    """Return the top-level names of the modules that a program imports."""
    roots = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            roots |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            roots.add(node.module.split(".")[0])
    return roots


def test_quick_start_has_ten_lines_of_code() -> None:
    """The first example is one that can be read at a glance."""
    quick_start = examples()[0]
    assert quick_start.readme == READMES[0]
    assert len([line for line in quick_start.code.splitlines() if line]) == 10


def test_readme_has_the_two_commands_for_a_fresh_machine() -> None:
    """The demo and the tests are one line each, from nothing but Python and pip."""
    text = READMES[0].read_text(encoding="utf-8")
    for script in ("demo", "test"):
        assert f"```sh\npython -m pip install hatch && hatch run {script}\n```" in text


def test_the_package_of_all_is_introduced_as_the_repository_is() -> None:
    """The first paragraph is the same; the first page of the site includes it."""
    readme, package = (
        path.read_text(encoding="utf-8").split("\n\n")[1]
        for path in (READMES[0], REPOSITORY / "packages" / "h11" / "README.md")
    )
    assert readme == package


@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: path.name)
def test_a_package_is_installed_with_what_it_needs(package: Path) -> None:
    """Its README has the line, and so has that of the repository: it names what is declared."""
    project = tomllib.loads((package / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = [requirement.partition("==")[0] for requirement in project["dependencies"]]
    folders = " ".join(f"./packages/{name}" for name in [*names, project["name"]])
    line = f"python -m pip install {folders}\n"
    for readme in (package / "README.md", READMES[0]):
        assert line in readme.read_text(encoding="utf-8")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_commands_in_documents_exist(document: Path) -> None:
    """Every `hatch run` that a document names is a script of `hatch.toml`."""
    environments = tomllib.loads((REPOSITORY / "hatch.toml").read_text(encoding="utf-8"))["envs"]
    for command in re.findall(r"\bhatch run ([\w:-]+)", document.read_text(encoding="utf-8")):
        environment, _, script = command.rpartition(":")
        assert script in environments[environment or "default"]["scripts"], command


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_links_in_documents_lead_somewhere(document: Path) -> None:
    """Every relative link names a file or folder of the repository."""
    for target in re.findall(r"\]\(([^)]+)\)", document.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (document.parent / target.partition("#")[0]).exists(), target
