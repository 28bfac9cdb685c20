"""What a wrong call gets: an error of the type checker in its line, and mostly one at run time."""

from collections import defaultdict

import pytest

from tests.typing.checking import Complaint, complaints
from tests.typing.wrong_calls import SETTING, WRONG_CALLS, WrongCall

each_call = pytest.mark.parametrize("call", WRONG_CALLS, ids=lambda call: call.code)

FIRST_LINE = SETTING.count("\n") + 2
"""Where the first wrong call stands: after the head of its function."""


@pytest.fixture(scope="module")
def complaints_by_call() -> dict[str, list[Complaint]]:
    """Return what mypy says to each wrong call, each in a function of its own."""
    functions = [f"def wrong_{i}() -> None:\n    {c.code}\n" for i, c in enumerate(WRONG_CALLS)]
    found = defaultdict(list)
    for complaint in complaints("-c", SETTING + "".join(functions)):
        index, rest = divmod(complaint.line - FIRST_LINE, 2)
        assert index >= 0, complaint
        assert rest == 0, complaint
        found[WRONG_CALLS[index].code].append(complaint)
    return found


def test_wrong_calls_are_told_apart() -> None:
    """No call is there twice."""
    assert len({call.code for call in WRONG_CALLS}) == len(WRONG_CALLS)


@each_call
def test_a_type_checker_refuses(
    complaints_by_call: dict[str, list[Complaint]], call: WrongCall
) -> None:
    """There is an error in that very line, and its code says what is wrong."""
    said = complaints_by_call[call.code]
    assert {complaint.code for complaint in said} == {call.error}, said


@each_call
def test_it_is_refused_at_run_time(call: WrongCall) -> None:
    """The same statement raises, unless nothing looks at what was given, or not yet."""
    names: dict[str, object] = {}
    exec(SETTING, names)
    if call.raises is None:
        exec(call.code, names)
    else:
        with pytest.raises(call.raises):
            exec(call.code, names)
