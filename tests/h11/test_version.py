"""Tests of the version and of what the metadata of the four distributions say about it.

Only the metadata that is installed is asked, so that the tests hold for wheels as well as for a
source tree.
"""

import re
from importlib.metadata import metadata, requires, version
from typing import Final

import pytest

import h11

DISTRIBUTIONS: Final = ["h11", "h11-events", "h11-parser", "h11-statemachine"]


@pytest.mark.parametrize("distribution", DISTRIBUTIONS)
def test_all_distributions_have_the_version_of_the_library(distribution: str) -> None:
    """The four distributions carry one version, which `h11.__version__` tells."""
    assert version(distribution) == h11.__version__


@pytest.mark.parametrize("distribution", DISTRIBUTIONS)
def test_distributions_need_each_other_in_exactly_this_version(distribution: str) -> None:
    """No distribution needs anything but the others, each pinned to the same version."""
    pins = {f"{name}=={h11.__version__}" for name in DISTRIBUTIONS if name != distribution}
    assert set(requires(distribution) or []) <= pins


def test_h11_needs_the_three_parts() -> None:
    """Whoever installs `h11` gets the parts that it is made of."""
    assert set(requires("h11") or []) == {
        f"{name}=={h11.__version__}" for name in DISTRIBUTIONS if name != "h11"
    }


@pytest.mark.parametrize("distribution", DISTRIBUTIONS)
def test_distributions_ask_for_the_same_python(distribution: str) -> None:
    """Python 3.11 is enough for all of them."""
    assert metadata(distribution)["Requires-Python"] == ">=3.11"


def test_version_is_one_that_dependents_accept() -> None:
    """Dependents ask for `h11>=0.16`: a plain release number, of at least that."""
    release = re.fullmatch(r"(\d+)\.(\d+)\.(\d+)", h11.__version__)
    assert release is not None
    assert tuple(map(int, release.groups())) >= (0, 16, 0)


def test_product_id_names_the_version() -> None:
    """The product is the one that programs know, followed by the version."""
    assert f"python-h11/{h11.__version__}" == h11.PRODUCT_ID
