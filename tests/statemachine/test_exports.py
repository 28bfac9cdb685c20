"""What the package offers, and what it needs: names, types, and `h11_events` alone."""

import subprocess
import sys
from importlib.metadata import requires, version
from importlib.resources import files
from types import ModuleType

import h11_statemachine

NAMES = {
    "CLIENT",
    "CLOSED",
    "DONE",
    "ERROR",
    "IDLE",
    "JOINT_RULES",
    "MIGHT_SWITCH_PROTOCOL",
    "MUST_CLOSE",
    "REACTIONS",
    "SEND_BODY",
    "SEND_RESPONSE",
    "SERVER",
    "SWITCHED_PROTOCOL",
    "TRANSITIONS",
    "ConnectionState",
    "JointRule",
    "JointState",
    "Role",
    "State",
    "Switch",
    "Trigger",
}


def test_all_lists_the_documented_names() -> None:
    """Every documented name is exported, once, and none beside them."""
    assert set(h11_statemachine.__all__) == NAMES
    assert len(h11_statemachine.__all__) == len(NAMES)


def test_all_is_sorted() -> None:
    """Constants come before classes, each in alphabetical order."""
    names = h11_statemachine.__all__
    assert names == sorted(names, key=lambda name: (not name.isupper(), name))


def test_nothing_public_is_missing_from_all() -> None:
    """What the package has under a public name is in `__all__`."""
    public = {
        name
        for name, value in vars(h11_statemachine).items()
        if not name.startswith("_") and not isinstance(value, ModuleType)
    }
    assert public == NAMES


def test_package_is_typed() -> None:
    """Type checkers read the annotations of an installed package that has this mark."""
    assert files(h11_statemachine).joinpath("py.typed").is_file()


def test_package_needs_the_events_of_its_own_version_alone() -> None:
    """The packages are released together, and each takes the others at the same version."""
    assert requires("h11-statemachine") == [f"h11-events=={version('h11-statemachine')}"]


def test_package_imports_nothing_but_the_events() -> None:
    """The rules know no bytes: neither the parser nor `h11` comes in with them."""
    program = "import sys, h11_statemachine; print(*sys.modules)"
    completed = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=30
    )
    modules = {name.partition(".")[0] for name in completed.stdout.split()}
    assert {name for name in modules if name.startswith("h11")} == {
        "h11_events",
        "h11_statemachine",
    }
    assert not modules & {"socket", "ssl", "asyncio", "select"}
