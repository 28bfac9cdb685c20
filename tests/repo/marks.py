"""Which tests serve which requirements: the marks `rfc(*keys)`, found without running anything.

In: the source of test modules. Out: for each test the keys that it is marked with, by decorators,
which may hold parameters with marks of their own, or by the `pytestmark` of its module; or
`ValueError` for a mark that stands anywhere else, or has anything but keys.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_TEST: Final = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True)
class Mark:
    """The requirements that one test serves, or all tests of one module."""

    path: str
    """The file, from the root of the repository."""

    name: str
    """The function; for the mark of a whole module, the file without its folder."""

    keys: tuple[str, ...]
    """The keys of the requirements."""

    @property
    def test(self) -> str:
        """Return the name that pytest has for it."""
        return f"{self.path}::{self.name}"


def marks_in_tests(root: Path) -> list[Mark]:
    """Return the marks of all test modules of a repository, by path and in their order there."""
    return [
        mark
        for module in sorted(root.glob("tests/**/test_*.py"))
        for mark in marks_of_module(
            module.relative_to(root).as_posix(), module.read_text(encoding="utf-8")
        )
    ]


def marks_of_module(path: str, source: str) -> list[Mark]:
    """Return the marks of one module.

    Args:
        path: Where it is.
        source: Its text.

    Raises:
        ValueError: If a mark is where it marks no test, or has no keys, or other arguments.
    """
    tree = ast.parse(source)
    marks = []
    for node in tree.body:
        name, marking = _marked(node)
        calls = [call for part in marking for call in _calls(part)]
        if calls:
            keys = tuple(key for call in calls for key in _keys(path, call))
            marks.append(Mark(path, name or Path(path).name, tuple(dict.fromkeys(keys))))
    read = {call for node in tree.body for part in _marked(node)[1] for call in _calls(part)}
    for call in _calls(tree):
        if call not in read:
            raise ValueError(f"{path}:{call.lineno}: this mark marks no test")
    return marks


def _marked(node: ast.stmt) -> tuple[str, list[ast.expr]]:
    """Return the test that a statement defines, "" for all of them, and what marks it."""
    if isinstance(node, _TEST) and node.name.startswith("test_"):
        return node.name, node.decorator_list
    if isinstance(node, ast.Assign) and [ast.unparse(t) for t in node.targets] == ["pytestmark"]:
        return "", [node.value]
    return "", []


def _calls(node: ast.AST) -> Iterator[ast.Call]:
    """Yield the marks within a part of a module."""
    for part in ast.walk(node):
        if isinstance(part, ast.Call) and ast.unparse(part.func) == "pytest.mark.rfc":
            yield part


def _keys(path: str, call: ast.Call) -> Iterator[str]:
    """Yield the keys of a mark."""
    if call.keywords or not call.args:
        raise ValueError(f"{path}:{call.lineno}: a mark has keys and nothing else")
    for argument in call.args:
        if not isinstance(argument, ast.Constant) or not isinstance(argument.value, str):
            raise ValueError(f"{path}:{call.lineno}: a key is a literal string")
        yield argument.value
