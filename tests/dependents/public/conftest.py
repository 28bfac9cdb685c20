"""What several of these tests share."""

import pytest

from tests.dependents.public.origin import CUTS, Cut


@pytest.fixture(params=CUTS)
def cut(request: pytest.FixtureRequest) -> Cut:
    """Give a way to cut what the server sends."""
    return CUTS[request.param]
