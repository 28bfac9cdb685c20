"""Markers are their own type, like `None` in all else: one object, compared with `is`.

The markers here are made as every marker is; `final` is what lets a type checker narrow by `is`.
"""

import copy
import functools
import pickle
import types
from collections.abc import Callable
from typing import final

import pytest

from h11_events import Data, Sentinel


@final
class READY(Sentinel, metaclass=Sentinel):
    """A marker."""


@final
class WAITING(Sentinel, metaclass=Sentinel):
    """Another marker."""


MARKERS = [READY, WAITING]


def next_step(answer: Data | type[READY] | type[WAITING]) -> bytes:
    """Return what to do, by `is`; `mypy --strict` sees that only `Data` is left at the end."""
    if answer is READY:
        return b"go"
    if answer is WAITING:
        return b"wait"
    return answer.data


def test_marker_is_its_own_type() -> None:
    """The type of a marker is the marker."""
    assert type(READY) is READY
    assert type(WAITING) is WAITING


def test_isinstance_takes_markers_as_classes() -> None:
    """A marker is an instance of itself, also in a tuple beside event classes."""
    assert isinstance(READY, READY)
    assert isinstance(READY, (Data, WAITING, READY))


def test_isinstance_tells_markers_apart() -> None:
    """A marker is no instance of another marker or of an event class, and no event is of it."""
    assert not isinstance(READY, (Data, WAITING))
    assert not isinstance(Data(b""), READY)


def test_every_marker_is_a_sentinel() -> None:
    """Markers can be told from everything else by their common base."""
    for marker in MARKERS:
        assert isinstance(marker, Sentinel)
        assert issubclass(marker, Sentinel)


@pytest.mark.parametrize(("marker", "name"), [(READY, "READY"), (WAITING, "WAITING")])
def test_marker_prints_as_its_name(marker: type[Sentinel], name: str) -> None:
    """The repr, the text and the type's name of a marker are its name."""
    assert repr(marker) == str(marker) == type(marker).__name__ == name


def test_markers_are_compared_with_is() -> None:
    """Narrowing by `is` tells markers and events apart."""
    assert next_step(READY) == b"go"
    assert next_step(WAITING) == b"wait"
    assert next_step(Data(b"take")) == b"take"


def test_markers_equal_only_themselves() -> None:
    """Equality is identity."""
    assert [marker == other for marker in MARKERS for other in (READY, WAITING, "READY")] == [
        *(True, False, False),
        *(False, True, False),
    ]


def test_markers_can_be_in_sets_and_dicts() -> None:
    """Markers are hashable."""
    assert {READY, WAITING, READY} == {WAITING, READY}
    assert {READY: 1, WAITING: 2}[type(WAITING)] == 2


@pytest.mark.parametrize("marker", MARKERS)
@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_pickle_gives_the_same_object(marker: type[Sentinel], protocol: int) -> None:
    """A marker that comes back from a pickle is still compared with `is`."""
    assert pickle.loads(pickle.dumps(marker, protocol)) is marker


@pytest.mark.parametrize("marker", MARKERS)
def test_copies_are_the_same_object(marker: type[Sentinel]) -> None:
    """Copying gives the marker itself, also deep inside something else."""
    assert copy.copy(marker) is marker
    assert copy.deepcopy(marker) is marker
    assert copy.deepcopy({"state": [marker]})["state"][0] is marker


@pytest.mark.parametrize("marker", MARKERS)
@pytest.mark.parametrize("arguments", [(), ("SET", (), {})], ids=["bare", "as-a-metaclass"])
def test_marker_cannot_be_called(
    marker: Callable[..., object], arguments: tuple[object, ...]
) -> None:
    """There is nothing to make from a marker, with or without arguments."""
    with pytest.raises(TypeError, match=repr(marker)):
        marker(*arguments)


@pytest.mark.parametrize("bases", [(READY,), (READY, WAITING), (Sentinel, READY)])
def test_marker_cannot_be_extended(bases: tuple[type, ...]) -> None:
    """A class statement below a marker is refused."""
    with pytest.raises(TypeError):
        Sentinel("ALMOST_READY", bases, {})


def test_a_subclass_by_class_statement_is_refused() -> None:
    """The message says which marker it is that is final."""
    with pytest.raises(TypeError, match="READY"):
        types.new_class("ALMOST_READY", (READY,))


def test_dispatch_by_type_in_a_table() -> None:
    """`type(x)` finds the handler of a marker as well as that of an event."""
    handlers = {READY: "ready", Data: "data"}

    assert handlers[type(READY)] == "ready"
    assert handlers[type(Data(b""))] == "data"


def test_dispatch_with_singledispatch() -> None:
    """`functools.singledispatch` takes markers and event classes as the types that they are."""

    @functools.singledispatch
    def handle(_answer: object) -> str:
        """Return the name of the handler."""
        return "anything"

    handle.register(READY, lambda _answer: "ready")
    handle.register(Data, lambda _answer: "data")

    assert handle(READY) == "ready"
    assert handle(WAITING) == "anything"
    assert handle(Data(b"")) == "data"
