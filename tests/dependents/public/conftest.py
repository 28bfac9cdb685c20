"""What several of these tests share."""

from pathlib import Path

import pytest

from tests.dependents.public.origin import CUTS, Cut


@pytest.fixture(params=CUTS)
def cut(request: pytest.FixtureRequest) -> Cut:
    """Give a way to cut what the server sends."""
    return CUTS[request.param]


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder for the certificates of mitmproxy, which take long to make."""
    return tmp_path_factory.mktemp("mitmproxy")
