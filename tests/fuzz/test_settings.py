"""What the octets of an input choose: the settings, the cuts, and the other way round."""

import pytest

from h11_parser import Limits, Tolerance
from tests.fuzz.settings import EVERY_TOLERANCE, Settings, pieces, preamble


@pytest.mark.parametrize("tolerance", [None, *Tolerance, Tolerance.NONE, Tolerance.RESPONSES])
def test_preamble_means_what_it_was_made_of(tolerance: Tolerance | None) -> None:
    """What the seeds choose is what the targets get."""
    octets = preamble(
        closed=False,
        resumed=True,
        tolerance=tolerance,
        limits=3,
        sizes=(1, 16),
        plan=(0, 5, 10, 15),
    )
    assert octets.isascii()
    settings = Settings.of(octets + b"abc")
    assert settings == Settings(
        closed=False,
        resumed=True,
        tolerance=tolerance,
        limits=Limits(head_size=48, field_count=2, trailer_size=12, chunk_extension_size=4),
        sizes=(1, 16),
        plan=(0, 5, 10, 15),
        stream=b"abc",
    )
    assert settings.tolerance_for(EVERY_TOLERANCE) == tolerance


def test_tolerance_in_short() -> None:
    """Two values choose none and all; any other has the flags count."""
    assert Settings.of(b"@A").tolerance is Tolerance.NONE
    assert Settings.of(b"@B").tolerance == EVERY_TOLERANCE
    assert Settings.of(b"@C@@A").tolerance is Tolerance.BARE_LF


def test_cuttings() -> None:
    """A stream is read whole, in pieces as chosen, and octet by octet, with its end if it has."""
    settings = Settings.of(preamble(sizes=(1, 2)) + b"abcd")
    assert list(settings.cuttings()) == [
        [b"abcd", b""],
        [b"a", b"bc", b"d", b""],
        [b"a", b"b", b"c", b"d", b""],
    ]
    assert list(Settings.of(preamble(closed=False)).cuttings()) == [[], [], []]
    assert list(pieces(b"", (1,))) == []
