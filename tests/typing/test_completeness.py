"""Nothing public is without a pin: every name and every member is used in these tests."""

import ast
import enum
from pathlib import Path
from types import ModuleType
from typing import Final

import pytest

import h11
import h11_events
import h11_parser
import h11_statemachine

PACKAGES: Final = (h11_events, h11_parser, h11_statemachine, h11)


def used_names() -> set[str]:
    """Return all names and attributes that the modules of this folder mention."""
    found = set()
    for module in Path(__file__).parent.glob("test_*.py"):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            match node:
                case ast.Name(id=name) | ast.Attribute(attr=name) | ast.keyword(arg=str(name)):
                    found.add(name)
    return found


USED: Final = used_names()


def members(cls: type) -> set[str]:
    """Return the public members that our packages give a class; those of enumerations are data."""
    ours = [base for base in cls.__mro__ if base.__module__.split(".")[0].startswith("h11")]
    names = {
        name
        for base in ours
        for name in [*vars(base), *vars(base).get("__annotations__", {})]
        if not name.startswith("_")
    }
    return names - set(cls.__members__) if issubclass(cls, enum.Enum) else names


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.__name__)
def test_every_public_name_is_pinned(package: ModuleType) -> None:
    """What a package exports is used in some typed code here."""
    assert set(package.__all__) <= USED


@pytest.mark.parametrize(
    "cls",
    [cls for package in PACKAGES for cls in vars(package).values() if isinstance(cls, type)],
    ids=lambda cls: f"{cls.__module__.split('.')[0]}.{cls.__name__}",
)
def test_every_public_member_is_pinned(cls: type) -> None:
    """What a public class offers is used in some typed code here."""
    assert members(cls) <= USED


def test_members_are_those_of_the_bases_too() -> None:
    """Fields, methods and annotated attributes count; what Python itself gives does not."""
    assert {"method", "from_parts"} <= members(h11.Request)
    assert {"their_http_version", "send_failed"} <= members(h11.Connection)
    assert "from_local" in members(h11.RemoteProtocolError)
    assert "with_traceback" not in members(h11.RemoteProtocolError)
