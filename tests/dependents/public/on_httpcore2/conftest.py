"""What the tests of httpcore2 share."""

import pytest

from tests.dependents.public.on_httpcore2.callers import CALLERS, Caller


@pytest.fixture(params=CALLERS)
def call(request: pytest.FixtureRequest) -> Caller:
    """Give a way to call httpcore2."""
    return CALLERS[request.param]
