"""Presents names as they are imported: from the packages, not from their private modules.

In: what autodoc finds in `docs/reference/`. Out: docstrings of what a package takes from its
modules or from another package, the version since which a name is there, links to the RFCs, and
cross-references that lead to public names.
"""

import ast
import importlib
import pkgutil
import re
import tomllib
from functools import cache
from pathlib import Path
from types import GenericAlias, UnionType
from typing import Any, Final, NewType, get_origin

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.pycode import ModuleAnalyzer
from sphinx.util.typing import ExtensionMetadata

PACKAGES: Final = ("h11_events", "h11_parser", "h11_statemachine", "h11")
"""Each after those that it takes names from."""

_SINCE: Final = Path(__file__).parents[1] / "reference" / "since.toml"

_RFC: Final = re.compile(r"\bRFC\s+(\d{4})\s+(?:section|appendix)\s+([A-Z0-9]+(?:\.[0-9]+)*)")
"""How docstrings cite; the words may be on two lines."""


@cache
def versions() -> dict[str, str]:
    """Return since when each public name is there, by its full name."""
    packages = tomllib.loads(_SINCE.read_text(encoding="utf-8"))
    return {
        f"{package}.{name}": version
        for package, by_version in packages.items()
        for version, names in by_version.items()
        for name in names
    }


@cache
def aliases() -> dict[str, NewType]:
    """Return something by the name of each public type that is only short for another."""
    found = {}
    for package in PACKAGES:
        for name, value in vars(importlib.import_module(package)).items():
            if isinstance(value, GenericAlias | UnionType) or get_origin(value) is not None:
                found[name] = NewType(name, object)
                found[name].__module__ = package
    return found


def name_aliases(module: str) -> None:
    """Annotate what a module has with the names of aliases, as its source does."""
    members = vars(importlib.import_module(module))
    names = members | aliases()
    for node in ast.parse(ModuleAnalyzer.for_module(module).code).body:
        parts = [node, *node.body] if isinstance(node, ast.ClassDef) else [node]
        owner = vars(members[node.name]) if isinstance(node, ast.ClassDef) else members
        for part in parts:
            if isinstance(part, ast.FunctionDef):
                _annotate(owner[part.name], part, names)
            elif isinstance(part, ast.AnnAssign) and isinstance(node, ast.ClassDef):
                name = ast.unparse(part.target)
                owner["__annotations__"][name] = _meaning(part.annotation, names)


def _annotate(function: object, source: ast.FunctionDef, names: dict[str, Any]) -> None:
    """Evaluate the annotations of a function once more, with other meanings of some names."""
    for wrapped in ("fget", "func", "__func__", "__wrapped__"):
        function = getattr(function, wrapped, function)
    arguments = source.args
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    annotations = {argument.arg: argument.annotation for argument in every}
    for name, annotation in {**annotations, "return": source.returns}.items():
        if annotation is not None:
            function.__annotations__[name] = _meaning(annotation, names)


def _meaning(annotation: ast.expr, names: dict[str, Any]) -> object:
    """Evaluate an annotation; it stays text if it has a name that only type checkers know."""
    text = ast.unparse(annotation)
    try:
        return eval(text, names)
    except NameError:
        return text


def make_public(_app: Sphinx) -> None:
    """Let every public object say that it is from its package, and what is known of it with it."""
    modules: list[ModuleAnalyzer] = []
    for name in PACKAGES:
        package = importlib.import_module(name)
        for module in pkgutil.iter_modules(package.__path__):
            if module.name != "__main__" and not module.ispkg:
                modules.append(ModuleAnalyzer.for_module(f"{name}.{module.name}"))
                name_aliases(f"{name}.{module.name}")
        analyzer = ModuleAnalyzer.for_module(name)
        analyzer.analyze()
        for source in modules:
            source.analyze()
            for found in ("attr_docs", "annotations", "overloads", "tagorder"):
                getattr(analyzer, found).update(getattr(source, found))
        for public in package.__all__:
            member = getattr(package, public)
            # An instance only seems to have a module, which is that of its class.
            if callable(member) and getattr(member, "__module__", "").startswith(f"{name}._"):
                member.__module__ = name


def complete_docstring(
    _app: Sphinx, what: str, name: str, _obj: object, _options: object, lines: list[str]
) -> None:
    """Link the RFCs that a docstring cites, and say since when a public name is there."""
    text = _RFC.sub(
        r"`RFC \1 section \2 <https://www.rfc-editor.org/rfc/rfc\1.html#section-\2>`__",
        "\n".join(lines),
    )
    # Napoleon takes what is before a colon in the first line for a type.
    is_value = what in {"attribute", "data", "property"}
    lines[:] = ["..", "", *text.split("\n")] if is_value else text.split("\n")
    if name in versions():
        version = versions()[name]
        since = f"Since {version}{' of h11, or before' if version == '0.16.0' else ''}."
        lines += ["", ".. container:: since", "", f"   {since}", ""]


def find_package(_app: Sphinx, page: nodes.document) -> None:
    """Let names that are of another package than the page is about refer to that package."""
    for reference in page.findall(pending_xref):
        name = reference["reftarget"]
        if reference["refdomain"] == "py" and "." not in name:
            about = reference.get("py:module")
            packages = [about, *PACKAGES] if about in PACKAGES else PACKAGES
            for package in packages:
                if f"{package}.{name}" in versions():
                    reference["reftarget"] = f"{package}.{name}"
                    break


def setup(app: Sphinx) -> ExtensionMetadata:
    """Listen to what Sphinx does."""
    app.connect("builder-inited", make_public)
    app.connect("autodoc-process-docstring", complete_docstring, priority=400)
    app.connect("doctree-read", find_package)
    return {"parallel_read_safe": True}
