"""What the tests of mitmproxy share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.dependents.public.on_mitmproxy.mitm import Proxy, proxying


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder for the certificates of mitmproxy, which take long to make."""
    return tmp_path_factory.mktemp("mitmproxy")


@pytest.fixture
def proxy(home: Path) -> Iterator[Proxy]:
    """Give a proxy that keeps bodies until they are whole, and trusts every server."""
    with proxying(home, ssl_insecure=True) as running:
        yield running


@pytest.fixture
def streaming(home: Path) -> Iterator[Proxy]:
    """Give a proxy that passes bodies on as they come."""
    with proxying(home, stream=True) as running:
        yield running
