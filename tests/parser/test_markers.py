"""The markers that stand where there is no event are what they are, and nothing else."""

import copy
import pickle

import pytest

from h11_events import Event, Sentinel
from h11_parser import NEED_DATA, PAUSED

every_marker = pytest.mark.parametrize("marker", [NEED_DATA, PAUSED], ids=str)


@every_marker
def test_marker_is_its_own_type(marker: type[Sentinel]) -> None:
    """A marker can be dispatched on by its type, and be asked for with `isinstance`."""
    assert type(marker) is marker
    assert isinstance(marker, marker)
    assert not isinstance(marker, Event)


@every_marker
def test_marker_prints_its_name(marker: type[Sentinel]) -> None:
    """The repr, the text and the name are one."""
    assert repr(marker) == str(marker) == marker.__name__
    assert marker.__name__ in {"NEED_DATA", "PAUSED"}


@every_marker
def test_marker_is_one(marker: type[Sentinel]) -> None:
    """A copy of a marker, however made, is the marker, which makes `is` safe."""
    assert copy.copy(marker) is marker
    assert copy.deepcopy(marker) is marker
    assert pickle.loads(pickle.dumps(marker)) is marker


def test_markers_differ() -> None:
    """They can be told apart, kept in a set, and asked for together."""
    assert len({NEED_DATA, PAUSED}) == 2
    assert not isinstance(NEED_DATA, PAUSED)
    assert isinstance(PAUSED, (NEED_DATA, PAUSED))


def test_markers_stand_in_annotations() -> None:
    """A union with events can be written at run time."""
    union = Event | type[NEED_DATA] | type[PAUSED]
    assert union.__args__ == (Event, type[NEED_DATA], type[PAUSED])


@every_marker
def test_marker_cannot_be_made_or_extended(marker: type[Sentinel]) -> None:
    """There is nothing to make from a marker."""
    with pytest.raises(TypeError, match="marker"):
        marker(marker.__name__, (), {})
    with pytest.raises(TypeError, match="marker"):
        type(marker.__name__, (marker,), {})
